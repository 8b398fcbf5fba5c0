"""Hinge loss: max(0, 1 - yŷ), which asks for the right side of the boundary, with a margin."""

import numpy as np

from lossfns._domains import SIGN
from lossfns._engine import gradient_of, loss


def _distance_to_kink(y_true, y_pred, **_parameters):
    return np.abs(1 - y_true * y_pred)


@loss(y_true=SIGN, distance_to_kink=_distance_to_kink)
def hinge(y_true, y_pred):
    """Hinge loss, averaged over the elements.

    ``max(0, 1 - yŷ)`` for each element: zero once the score is on the right side by a margin of 1.
    Its expectation is least at the sign of the likelier class, so scores are not probabilities.

    Parameters
    ----------
    y_true : array_like of -1 and +1
        Classes. Labels 0 and 1 are refused: a 0 would silently carry no gradient.
    y_pred : array_like of real numbers, same shape
        Raw scores, before any sigmoid.
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
        For labels other than -1 and +1, unequal or empty shapes, an unknown reduction, bad weights.
    TypeError
        For anything but real numbers of at most 64 bits.

    References
    ----------
    Cortes, C. and Vapnik, V. (1995). Support-vector networks. *Machine Learning* 20(3), 273-297.

    Examples
    --------
    >>> from lossfns import hinge
    >>> hinge([1, 1, -1], [2.0, 0.5, 0.5], reduction="none").tolist()
    [0.0, 0.5, 1.5]
    """
    return np.maximum(0, 1 - y_true * y_pred)


@gradient_of(hinge)
def hinge_grad(y_true, y_pred):
    """Gradient of `hinge` with respect to ``y_pred``: ``-y`` where ``yŷ < 1``, else 0.

    At the kink yŷ = 1 every number between -y and 0 is a subgradient; 0 is taken, by convention.

    Parameters, errors and dtype are those of `hinge`; the result has the shape of ``y_pred`` and
    belongs to the reduced loss, so that "mean" divides by the number of elements.

    Examples
    --------
    >>> from lossfns import hinge_grad
    >>> hinge_grad([1, 1, -1], [2.0, 0.5, 0.5], reduction="sum").tolist()
    [0.0, -1.0, 1.0]
    """
    # 1 inside the margin, 0 beyond, NaN for NaN
    inside = np.minimum(1, np.ceil(np.maximum(0, 1 - y_true * y_pred)))
    return 0 - y_true * inside
