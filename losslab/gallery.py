"""All eight losses as curves: value and slope of one example, for the pages that show them all."""

from typing import NamedTuple

import numpy as np

import lossfns

__all__ = ["Curve", "curves"]

_EACH = {"reduction": "none"}


class Curve(NamedTuple):
    """One loss against what it looks at."""

    name: str
    title: str
    axis: str
    x: np.ndarray
    value: np.ndarray
    slope: np.ndarray


def curves():
    """Return the `Curve` of each loss, in the order of the course.

    Examples
    --------
    >>> for curve in curves()[:2]:
    ...     print(f"{curve.title}: {curve.value.max():.0f} at most")
    squared: 9 at most
    absolute: 3 at most
    """
    residual, logit = np.linspace(-3, 3, 241), np.linspace(-4, 4, 241)
    zero, one = np.zeros(241), np.ones(241)
    return [
        _curve("mean_squared_error", "squared", "residual r", zero, residual),
        _curve("mean_absolute_error", "absolute", "residual r", zero, residual),
        _of_probability("cross_entropy", "cross-entropy", "p of the true class", (1.0, 0.0)),
        _curve(
            "binary_cross_entropy",
            "binary cross-entropy",
            "logit z, y = 1",
            one,
            logit,
            from_logits=True,
        ),
        _curve("hinge", "hinge", "margin y z", one, logit),
        _curve("huber", "Huber, δ = 1", "residual r", zero, residual),
        _of_probability("kl_divergence", "KL, p = (0.3, 0.7)", "q of the first", (0.3, 0.7)),
        _cosine(),
    ]


def _curve(name, title, axis, y_true, x, **options):
    loss = getattr(lossfns, name)
    value, slope = (f(y_true, x, **options, **_EACH) for f in (loss, loss.grad))
    return Curve(name, title, axis, x, value, slope)


def _of_probability(name, title, axis, truth):
    """Two classes: the slope is that of moving probability from the second to the first."""
    loss, x = getattr(lossfns, name), np.linspace(0.005, 0.995, 241)
    y_true, rows = np.tile(truth, (241, 1)), np.column_stack([x, 1 - x])
    value, gradient = (f(y_true, rows, **_EACH) for f in (loss, loss.grad))
    return Curve(name, title, axis, x, value, gradient @ [1, -1])


def _cosine():
    """Against the angle between two vectors of length 1; the slope is the gradient's length."""
    loss, x = lossfns.cosine_similarity_loss, np.linspace(0.01, np.pi - 0.01, 241)
    east = np.tile([1.0, 0.0], (241, 1))
    arrow = np.column_stack([np.cos(x), np.sin(x)])
    value, gradient = (f(east, arrow, **_EACH) for f in (loss, loss.grad))
    slope = np.linalg.norm(gradient, axis=1)
    return Curve("cosine_similarity_loss", "cosine", "angle (degrees)", np.degrees(x), value, slope)
