"""The sixteen exercises: what is to be written, and ordinary inputs of every kind for it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

import lossfns


@dataclass(frozen=True)
class Exercise:
    """What to write, and on which kinds of input to try it.

    Attributes
    ----------
    loss : str
        Name of the loss in `lossfns`.
    rows : bool
        Whether one example is a row (the last axis) rather than an element.
    kinds : dict
        Kind of input, in words, to a sampler ``(rng, n) -> (y_true, y_pred)``; the last kind mixes
        the others.
    options : tuple of str
        The keyword arguments that this loss has and others lack.
    gradient : bool
        Whether the gradient with respect to `y_pred` is wanted instead of the loss.
    """

    loss: str
    rows: bool
    kinds: dict[str, Callable]
    options: tuple[str, ...] = ()
    gradient: bool = False

    @property
    def name(self):
        """The exercise's name, which is the name of its reference in `lossfns`."""
        return self.loss + "_grad" * self.gradient

    def reference(self, y_true, y_pred, **options):
        """Return what `lossfns` returns for these arguments."""
        return np.asarray(getattr(lossfns, self.name)(y_true, y_pred, **options))

    def sample(self, rng, n):
        """Draw n ordinary examples of the mixed kind."""
        return list(self.kinds.values())[-1](rng, n)

    def count(self, y_pred):
        """Count the examples, and the entries of one example."""
        width = np.shape(y_pred)[-1] if self.rows else 1
        return np.size(y_pred) // width, width


# --- Ordinary inputs ----------------------------------------------------------------------------


def residuals(draw):
    """Make a sampler of real targets and predictions whose residuals are `draw(rng, n)`."""

    def sample(rng, n):
        y_true = rng.normal(0.0, 2.0, n)
        return y_true, y_true + draw(rng, n)

    return sample


def signs(rng, n):
    """Draw n signs, both of them as soon as n > 1."""
    return rng.permutation(np.resize([-1.0, 1.0], n))


def labels_and_probabilities(label):
    """Make a sampler of 0/1 labels (`label`, or both) and probabilities."""

    def sample(rng, n):
        y_true = (signs(rng, n) + 1) / 2 if label is None else np.full(n, float(label))
        return y_true, rng.uniform(0.05, 0.95, n)

    return sample


def margins(draw):
    """Make a sampler of labels -1, +1 and scores whose margins y·score are `draw(rng, n)`."""

    def sample(rng, n):
        y_true = signs(rng, n)
        return y_true, y_true * draw(rng, n)

    return sample


def distributions(rng, n, k=3, spread=1.0):
    """Draw n rows of k probabilities; a small `spread` keeps them near uniform."""
    weights = np.exp(spread * rng.normal(size=(n, k)))
    return weights / weights.sum(axis=1, keepdims=True)


def one_hot_rows(likely):
    """Make a sampler of one-hot rows and probabilities; the right class is `likely` or not."""

    def sample(rng, n):
        y_pred = distributions(rng, n)
        if likely is None:
            label = rng.integers(0, 3, n)
        else:
            label = y_pred.argmax(axis=1) if likely else y_pred.argmin(axis=1)
        return np.eye(3)[label], y_pred

    return sample


def distribution_pairs(k, spread):
    """Make a sampler of pairs of distributions over k outcomes."""
    return lambda rng, n: (distributions(rng, n, k, spread), distributions(rng, n, k, spread))


def vector_pairs(side, lengths):
    """Make a sampler of pairs of vectors with a cosine of sign `side` and spread-out `lengths`."""

    def sample(rng, n, k=3):
        y_true, y_pred = rng.normal(size=(2, n, k))
        if side:
            y_pred *= side * np.sign(np.sum(y_true * y_pred, axis=1, keepdims=True))
        length = np.exp(lengths * rng.normal(size=(n, 1)))
        return y_true, y_pred * length

    return sample


# --- The exercises ------------------------------------------------------------------------------

TOO_HIGH_OR_LOW = {
    "predictions that are too high": residuals(lambda rng, n: rng.uniform(0.2, 3, n)),
    "predictions that are too low": residuals(lambda rng, n: -rng.uniform(0.2, 3, n)),
    "both together": residuals(lambda rng, n: signs(rng, n) * rng.uniform(0.2, 3, n)),
}


def small_and_large(rng, n):
    """Draw residuals of both signs on both sides of the threshold 1."""
    return signs(rng, n) * np.resize([0.5, 2.5, 0.8], n) * rng.uniform(0.9, 1.1, n)


LOSSES = (
    Exercise("mean_squared_error", rows=False, kinds=TOO_HIGH_OR_LOW),
    Exercise("mean_absolute_error", rows=False, kinds=TOO_HIGH_OR_LOW),
    Exercise(
        "cross_entropy",
        rows=True,
        kinds={
            "rows whose true class is thought likely": one_hot_rows(likely=True),
            "rows whose true class is thought unlikely": one_hot_rows(likely=False),
            "both together": one_hot_rows(likely=None),
        },
        options=("from_logits",),
    ),
    Exercise(
        "binary_cross_entropy",
        rows=False,
        kinds={
            "label 1": labels_and_probabilities(1),
            "label 0": labels_and_probabilities(0),
            "both labels together": labels_and_probabilities(None),
        },
        options=("from_logits",),
    ),
    Exercise(
        "hinge",
        rows=False,
        kinds={
            "scores on the right side, inside the margin": margins(
                lambda rng, n: rng.uniform(0.1, 0.9, n)
            ),
            "scores on the wrong side": margins(lambda rng, n: -rng.uniform(0.1, 3, n)),
            "some of them beyond the margin": margins(
                lambda rng, n: np.resize([0.5, 1.8, -0.7, 2.5], n) * rng.uniform(0.9, 1.1, n)
            ),
        },
    ),
    Exercise(
        "huber",
        rows=False,
        kinds={
            "small residuals (inside δ)": residuals(
                lambda rng, n: signs(rng, n) * rng.uniform(0.1, 0.9, n)
            ),
            "large positive residuals (beyond δ)": residuals(lambda rng, n: rng.uniform(1.2, 4, n)),
            "large negative residuals (beyond δ)": residuals(
                lambda rng, n: -rng.uniform(1.2, 4, n)
            ),
            "small and large together": residuals(small_and_large),
        },
        options=("delta",),
    ),
    Exercise(
        "kl_divergence",
        rows=True,
        kinds={
            "distributions that differ little": distribution_pairs(3, 0.2),
            "distributions that differ much": distribution_pairs(3, 2.0),
            "five outcomes instead of three": distribution_pairs(5, 1.0),
        },
        options=("from_logits",),
    ),
    Exercise(
        "cosine_similarity_loss",
        rows=True,
        kinds={
            "vectors at acute angles": vector_pairs(+1, 0.2),
            "vectors at obtuse angles": vector_pairs(-1, 0.2),
            "long and short vectors": vector_pairs(0, 1.0),
        },
    ),
)

EXERCISES = {
    exercise.name: exercise for loss in LOSSES for exercise in (loss, replace(loss, gradient=True))
}
