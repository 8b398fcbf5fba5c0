"""Cosine similarity loss: 1 - cos of the angle between two vectors, which asks for a direction."""

import numpy as np

from lossfns._engine import gradient_of, loss
from lossfns._rows import dot, each, total

SAFE = 2.0**-40  # between this length and its inverse, squares keep their digits in float32 too


def _sum_of_squares(x):
    return dot(x, x)


def _unit(x):
    """The function x ↦ x/‖x‖, with 0 for the zero vector; and which vectors are zero."""
    norm = np.sqrt(total(_sum_of_squares, x))
    safe = (norm >= SAFE) & (norm <= 1 / SAFE)
    if safe.all():
        inverse = 1 / norm
        return lambda x: x * inverse, False
    # Scale the others by a power of two, so that no square overflows or vanishes.
    _, exponent = np.frexp(np.maximum(x.max(axis=0), -x.min(axis=0)).astype(norm.dtype))
    exponent = np.where(safe, 0, np.minimum(-exponent, np.finfo(norm.dtype).maxexp - 4))
    scale = np.ldexp(norm.dtype.type(1), exponent)
    norm = np.sqrt(total(lambda x: _sum_of_squares(x * scale), x))
    inverse = 1 / np.where(norm == 0, np.inf, norm)
    return lambda x: x * scale * inverse, norm == 0


def _distance_to_kink(_, y_pred, **_parameters):
    return np.linalg.norm(y_pred, axis=-1)


@loss(rows=True, distance_to_kink=_distance_to_kink)
def cosine_similarity_loss(y_true, y_pred):
    """One minus the cosine of the angle between vectors, averaged over the rows.

    ``1 - a·b/(‖a‖‖b‖)`` for each row, computed as ``½‖a/‖a‖ - b/‖b‖‖²``, which keeps its digits for
    nearly parallel vectors. Between 0 (same direction) and 2 (opposite); lengths do not matter.
    A zero vector has no direction: its loss is 1, by convention, as if it were orthogonal to all.

    Parameters
    ----------
    y_true, y_pred : array_like of real numbers, same shape (..., d)
        Vectors along the last axis.
    reduction : {"mean", "sum", "none"}
        Average over the rows, their sum, or one loss a row.
    sample_weight : array_like, shape (...), optional
        Finite weights ≥ 0, one a row; "mean" divides by their sum. Weight 0 removes a row.

    Returns
    -------
    float or ndarray
        float32 if both inputs are float32, else float64.

    Raises
    ------
    ValueError
        For unequal or empty shapes, an unknown reduction, bad weights.
    TypeError
        For anything but real numbers of at most 64 bits.

    References
    ----------
    Mardia, K. V. and Jupp, P. E. (2000). *Directional Statistics*. Wiley. Chapter 9.

    Examples
    --------
    >>> from lossfns import cosine_similarity_loss
    >>> cosine_similarity_loss([[1, 0], [1, 0]], [[5, 0], [0, 2]], reduction="none").tolist()
    [0.0, 1.0]
    """
    (a, a_is_zero), (b, b_is_zero) = _unit(y_true), _unit(y_pred)
    value = total(lambda x, y: _sum_of_squares(a(x) - b(y)), y_true, y_pred) / 2
    value = np.minimum(value, 2)
    return np.where(a_is_zero | b_is_zero, 1 + 0 * value, value)  # NaN stays NaN


@gradient_of(cosine_similarity_loss)
def cosine_similarity_loss_grad(y_true, y_pred):
    """Gradient of `cosine_similarity_loss` with respect to ``y_pred`` = b.

    ``(cos θ · b/‖b‖ - a/‖a‖)/‖b‖``: at right angles to b, of length sin θ/‖b‖. For a zero vector,
    which has no direction, it is 0 by convention.

    Parameters, errors and dtype are those of `cosine_similarity_loss`; the result has the shape of
    ``y_pred`` and belongs to the reduced loss, so that "mean" divides by the number of rows.

    Examples
    --------
    >>> from lossfns import cosine_similarity_loss_grad
    >>> cosine_similarity_loss_grad([1.0, 0.0], [0.0, 2.0]).tolist()
    [-0.5, 0.0]
    """
    (a, _), (b, _) = _unit(y_true), _unit(y_pred)
    cosine = total(lambda x, y: dot(a(x), b(y)), y_true, y_pred)
    return each(lambda x, y: b(cosine * b(y) - a(x)), y_true, y_pred)
