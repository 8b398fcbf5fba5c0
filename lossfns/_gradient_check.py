"""Compare a gradient with central differences."""

import numpy as np

from lossfns._domains import DISTRIBUTION, PROBABILITY
from lossfns._inputs import as_numbers

STEP = 1e-5  # near eps**(1/3), where truncation (h²) and rounding (eps/h) balance
SMALL = 1e-4  # the step, as a share of the distance to where the loss ends
TOLERANCE = 1e-6
ROWS_SHOWN = 10


def check_gradient(loss, y_true, y_pred, *, gradient=None, **kwargs):
    """Compare the gradient of a loss with central differences, in float64.

    Each entry x of ``y_pred`` moves by ``h = 1e-5 max(1, |x|)`` to either side, less where the loss
    bends on a smaller scale (close to probability 0 or 1, short vectors), and the slope
    ``(loss(x + h) - loss(x - h))/(2h)`` is held against the gradient.

    Parameters
    ----------
    loss : callable
        ``loss(y_true, y_pred, **kwargs)``, one of `lossfns` or your own.
    y_true, y_pred : array_like
        Where to compare. Few entries are enough; the loss is evaluated twice for each.
    gradient : callable, optional
        The gradient to test, called like the loss; by default ``loss.grad``.
    **kwargs
        Passed to both, such as ``delta`` or ``reduction``.

    Returns
    -------
    float
        The worst relative error ``|a - n| / max(|a|, |n|)`` between analytic and numeric values,
        where values too small for a difference of this loss to resolve count as equal.

    Raises
    ------
    AssertionError
        If the worst relative error exceeds 1e-6; the message holds both values side by side.
    ValueError
        Where a central difference means nothing: at a corner of the loss or of its gradient, at a
        probability of 0 or 1, for a zero vector.

    Examples
    --------
    >>> from lossfns import check_gradient, huber
    >>> check_gradient(huber, [0.0, 0.0], [0.3, 4.0], delta=2.0) < 1e-6
    True
    """
    gradient = gradient or getattr(loss, "grad", None)
    if gradient is None:
        name = getattr(loss, "__name__", repr(loss))
        raise ValueError(
            f"{name} has no attribute grad, so the gradient to test must be given as gradient=…"
        )
    y_true = np.array(as_numbers("y_true", y_true))
    y_pred = np.array(as_numbers("y_pred", y_pred), dtype=np.float64)
    step = _steps(getattr(loss, "spec", None), y_true, y_pred, kwargs)

    values, divisor = _own_losses(loss, y_true, y_pred, kwargs)

    analytic = np.array(gradient(y_true, y_pred.copy(), **kwargs), dtype=np.float64)
    if analytic.shape != y_pred.shape:
        raise AssertionError(
            f"the gradient must have the shape of y_pred, {y_pred.shape}, found {analytic.shape}"
        )
    numeric = np.empty_like(y_pred)
    for i in np.ndindex(y_pred.shape):
        ahead, behind = y_pred.copy(), y_pred.copy()
        ahead[i] += step[i]
        behind[i] -= step[i]
        difference = values(ahead)[i] - values(behind)[i]
        numeric[i] = difference / (ahead[i] - behind[i]) / divisor

    # What rounding of the loss leaves undecided, once it is divided by h.
    rounding = 10 * np.finfo(float).eps * np.maximum(1, np.abs(values(y_pred)))
    resolution = rounding / step / divisor
    with np.errstate(all="ignore"):
        size = np.maximum(np.maximum(np.abs(analytic), np.abs(numeric)), resolution / TOLERANCE)
        error = np.asarray(np.abs(analytic - numeric) / size)
    if not (error <= TOLERANCE).all():
        raise AssertionError(_table(analytic, numeric, error))
    return float(error.max())


def _own_losses(loss, y_true, y_pred, kwargs):
    """What each entry of ``y_pred`` contributes to, and what the reduction divides it by.

    That is the loss of its own example: in the sum over all, a large one would drown the changes of
    a small one. Of a function that is not from `lossfns` only the whole value is known.
    """
    spec = getattr(loss, "spec", None)
    if spec is None:

        def whole(y_pred):
            value = np.sum(loss(y_true, y_pred, **kwargs), dtype=np.float64)
            return np.broadcast_to(value, y_pred.shape)

        return whole, 1

    def own(y_pred):
        each = np.asarray(loss(y_true, y_pred, **{**kwargs, "reduction": "none"}))
        return np.broadcast_to(each[..., np.newaxis], y_pred.shape) if spec.rows else each

    if kwargs.get("reduction", "mean") != "mean":
        return own, 1
    weights = kwargs.get("sample_weight")
    if weights is None:
        weights = np.ones(y_pred.shape[:-1] if spec.rows else y_pred.shape)
    return own, np.sum(weights, dtype=np.float64)


def _steps(spec, y_true, y_pred, kwargs):
    """The step for each entry, or an error where a central difference means nothing."""
    step = np.asarray(STEP * np.maximum(1, np.abs(y_pred)))
    if spec is None:
        return step
    if spec.y_pred in (PROBABILITY, DISTRIBUTION) and not kwargs.get("from_logits"):
        step = np.minimum(step, SMALL * np.minimum(y_pred, 1 - y_pred))
        _refuse(step <= 0, y_pred, "is at the edge of [0, 1]")
    if spec.distance_to_kink:
        distance = spec.distance_to_kink(y_true, y_pred, **kwargs)
        if spec.rows:
            distance = np.broadcast_to(distance[..., None], y_pred.shape)
            step = np.minimum(step, SMALL * distance)
        _refuse(distance <= 2 * step, y_pred, "is at a corner of the loss or of its gradient")
    return step


def _refuse(bad, y_pred, why):
    if bad.any():
        i = tuple(int(k) for k in np.unravel_index(bad.argmax(), y_pred.shape))
        entry = f"y_pred{list(i)}" if i else "y_pred"
        raise ValueError(
            f"{entry} = {y_pred[i]} {why}, where central differences mean nothing: "
            "compare elsewhere"
        )


def _table(analytic, numeric, error):
    worst = np.argsort(-np.nan_to_num(error, nan=np.inf), axis=None)[:ROWS_SHOWN]
    lines = [f"{'entry':>12} {'analytic':>16} {'numeric':>16} {'relative error':>15}"]
    for flat in worst:
        i = np.unravel_index(flat, error.shape)
        entry = ", ".join(str(k) for k in i)
        lines.append(f"{entry:>12} {analytic[i]:16.8g} {numeric[i]:16.8g} {error[i]:15.2g}")
    wrong = int((~(error <= TOLERANCE)).sum())
    return (
        f"{wrong} of {error.size} entries of the gradient differ from central differences\n"
        + "\n".join(lines)
    )
