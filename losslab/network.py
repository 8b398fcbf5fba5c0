"""A neural network small enough to read, which trains on any loss."""

import numpy as np


class Network:
    """One hidden layer of tanh units: ``ŷ = tanh(X W₁ + b₁) W₂ + b₂``.

    Parameters
    ----------
    inputs, hidden, outputs : int
        How many numbers go in, how many units are in between, how many numbers come out.
    seed : int
        Seed of the initial weights: Gaussian with variance 1 / (inputs of the layer).
    """

    def __init__(self, inputs, hidden, outputs=1, *, seed=0):
        rng = np.random.default_rng(seed)
        self.W1 = rng.normal(0, inputs**-0.5, (inputs, hidden))
        self.b1 = np.zeros(hidden)
        self.W2 = rng.normal(0, hidden**-0.5, (hidden, outputs))
        self.b2 = np.zeros(outputs)

    @property
    def parameters(self):
        """The four arrays that training changes in place, W₁, b₁, W₂ and b₂."""
        return self.W1, self.b1, self.W2, self.b2

    def predict(self, X):
        """Return one prediction a row of X: a number if there is one output, else a row."""
        return self._forward(X)[1]

    def _forward(self, X):
        if np.ndim(X) != 2 or np.shape(X)[1] != len(self.W1):
            raise ValueError(
                f"X must have shape (n, {len(self.W1)}), one example a row; found {np.shape(X)}"
            )
        hidden = np.tanh(X @ self.W1 + self.b1)
        output = hidden @ self.W2 + self.b2
        return hidden, output[:, 0] if output.shape[1] == 1 else output

    def gradients(self, X, y, gradient, **options):
        """Return d loss / d parameter for each of `parameters`, by the chain rule.

        ``gradient(y, y_pred, **options)`` is d loss / d y_pred, such as ``huber.grad``.
        """
        hidden, y_pred = self._forward(X)
        d_output = gradient(y, y_pred, **options).reshape(len(X), -1)
        d_hidden = d_output @ self.W2.T * (1 - hidden**2)  # tanh' = 1 - tanh²
        return X.T @ d_hidden, d_hidden.sum(axis=0), hidden.T @ d_output, d_output.sum(axis=0)

    @np.errstate(over="ignore", invalid="ignore")
    def fit(self, X, y, loss, gradient=None, *, step=0.1, epochs=100, batch=32, seed=0, **options):
        """Train by gradient descent on mini-batches; return the loss before and after each epoch.

        Parameters
        ----------
        X : ndarray, shape (n, inputs)
        y : ndarray, shape (n, ...)
            Targets, one row an example, in the shape and domain that the loss asks for.
        loss, gradient : callable
            ``loss(y_true, y_pred, **options)``, one of `lossfns` or your own, and its gradient
            with respect to ``y_pred``, called likewise; by default ``loss.grad``.
        step : float
            Step size η.
        epochs, batch : int
            Passes through the data, and examples in each step.
        seed : int
            Seed of the order in which the examples are visited.
        **options
            Passed to both, such as ``reduction``, ``delta`` or ``from_logits``.

        Returns
        -------
        ndarray, shape (epochs + 1,)
            The loss of all examples. If training diverges, its end is inf or NaN.
        """
        rng = np.random.default_rng(seed)
        losses = [loss(y, self.predict(X), **options)]
        for _ in range(epochs):
            order = rng.permutation(len(X))
            for rows in np.split(order, range(batch, len(X), batch)):
                slopes = self.gradients(X[rows], y[rows], gradient or loss.grad, **options)
                for parameter, slope in zip(self.parameters, slopes, strict=True):
                    parameter[:] -= step * slope
            losses.append(loss(y, self.predict(X), **options))
        return np.array(losses)
