"""Mean absolute error: |y - ŷ|, which asks for the conditional median."""

import numpy as np

from lossfns._engine import gradient_of, loss


def _distance_to_kink(y_true, y_pred, **_parameters):
    return np.abs(y_pred - y_true)


@loss(distance_to_kink=_distance_to_kink)
def mean_absolute_error(y_true, y_pred):
    """Absolute error, averaged over the elements.

    ``|y - ŷ|`` for each element. It is the negative log-likelihood of Laplace noise, up to
    constants, and its expectation is least at any conditional median of y.

    Parameters
    ----------
    y_true, y_pred : array_like of real numbers, same shape
        Observed and predicted values, in the same unit, which is also the unit of the loss.
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
        For unequal or empty shapes, an unknown reduction, bad weights.
    TypeError
        For anything but real numbers of at most 64 bits.

    References
    ----------
    Laplace, P. S. (1774). Mémoire sur la probabilité des causes par les évènements.

    Examples
    --------
    >>> from lossfns import mean_absolute_error
    >>> float(mean_absolute_error([1.0, 2.0, 4.0], [1.0, 3.0, 2.0]))
    1.0
    """
    return np.abs(y_pred - y_true)


@gradient_of(mean_absolute_error)
def mean_absolute_error_grad(y_true, y_pred):
    """Gradient of `mean_absolute_error` with respect to ``y_pred``: ``sign(ŷ - y)`` an element.

    At ŷ = y every number in [-1, 1] is a subgradient; 0 is taken, by convention.

    Parameters, errors and dtype are those of `mean_absolute_error`; the result has the shape of
    ``y_pred`` and belongs to the reduced loss, so that "mean" divides by the number of elements.

    Examples
    --------
    >>> from lossfns import mean_absolute_error_grad
    >>> mean_absolute_error_grad([1.0, 2.0, 4.0], [1.0, 3.0, 2.0], reduction="sum").tolist()
    [0.0, 1.0, -1.0]
    """
    return np.sign(y_pred - y_true)
