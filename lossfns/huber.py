"""Huber loss: squared error near the target, absolute error far from it."""

import numpy as np

from lossfns._engine import gradient_of, loss


def _distance_to_kink(y_true, y_pred, *, delta=1.0, **_parameters):
    return np.abs(np.abs(y_pred - y_true) - delta)  # where the curvature jumps


@loss(distance_to_kink=_distance_to_kink)
def huber(y_true, y_pred, *, delta=1.0):
    """Huber loss, averaged over the elements.

    With ``r = ŷ - y``: ``½r²`` where ``|r| ≤ δ``, and ``δ(|r| - ½δ)`` beyond. It is the negative
    log-likelihood of a density with a Gaussian middle and Laplace tails, up to constants.

    Parameters
    ----------
    y_true, y_pred : array_like of real numbers, same shape
        Observed and predicted values, in the same unit; the loss has that unit squared.
    delta : float
        Where the parabola gives way to straight lines: positive, finite, in the unit of y.
    reduction : {"mean", "sum", "none"}
        Average over the elements, their sum, or one loss an element.
    sample_weight : array_like, same shape, optional
        Finite weights ≥ 0; "mean" divides by their sum. Weight 0 removes an element.

    Returns
    -------
    float or ndarray
        float32 if both inputs are float32, else float64.

    Raises
    ------
    ValueError
        For ``delta`` ≤ 0 or not finite, unequal or empty shapes, an unknown reduction, bad weights.
    TypeError
        For anything but real numbers of at most 64 bits.

    References
    ----------
    Huber, P. J. (1964). Robust estimation of a location parameter.
    *Annals of Mathematical Statistics* 35(1), 73-101.

    Examples
    --------
    >>> from lossfns import huber
    >>> huber([0.0, 0.0], [0.5, 3.0], reduction="none").tolist()
    [0.125, 2.5]
    """
    r = y_pred - y_true
    clipped = np.clip(r, -delta, delta)
    # ½r² inside, ±δ(r ∓ ½δ) outside: a huge r is never squared
    return clipped * (r - 0.5 * clipped)


@gradient_of(huber)
def huber_grad(y_true, y_pred, *, delta=1.0):
    """Gradient of `huber` with respect to ``y_pred``: ``clip(ŷ - y, -δ, δ)`` for each element.

    Parameters, errors and dtype are those of `huber`; the result has the shape of ``y_pred`` and
    belongs to the reduced loss, so that "mean" divides by the number of elements.

    Examples
    --------
    >>> from lossfns import huber_grad
    >>> huber_grad([0.0, 0.0], [0.5, 3.0], reduction="sum").tolist()
    [0.5, 1.0]
    """
    return np.clip(y_pred - y_true, -delta, delta)
