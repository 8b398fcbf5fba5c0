"""Mean squared error: (y - ŷ)², which asks for the conditional mean."""

from lossfns._engine import gradient_of, loss


@loss
def mean_squared_error(y_true, y_pred):
    """Squared error, averaged over the elements.

    ``(y - ŷ)²`` for each element. It is the negative log-likelihood of Gaussian noise, up to
    constants, and its expectation is least at the conditional mean of y.

    Parameters
    ----------
    y_true, y_pred : array_like of real numbers, same shape
        Observed and predicted values, in the same unit; the loss has that unit squared.
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
    Gauss, C. F. (1809). *Theoria motus corporum coelestium*. Book II, section 3.

    Examples
    --------
    >>> from lossfns import mean_squared_error
    >>> float(mean_squared_error([1.0, 2.0, 4.0], [1.0, 3.0, 2.0], reduction="sum"))
    5.0
    """
    return (y_pred - y_true) ** 2


@gradient_of(mean_squared_error)
def mean_squared_error_grad(y_true, y_pred):
    """Gradient of `mean_squared_error` with respect to ``y_pred``: ``2(ŷ - y)`` for each element.

    Parameters, errors and dtype are those of `mean_squared_error`; the result has the shape of
    ``y_pred`` and belongs to the reduced loss, so that "mean" divides by the number of elements.

    Examples
    --------
    >>> from lossfns import mean_squared_error_grad
    >>> mean_squared_error_grad([1.0, 2.0], [1.0, 3.0]).tolist()
    [0.0, 1.0]
    """
    return 2 * (y_pred - y_true)
