"""Straight-line and linear fits under other losses than the squared one.

A design matrix has one example in each row. For a line with an intercept it is
``line_design(x)``, and the weights are then intercept and slope, in this order.
"""

import numpy as np

__all__ = [
    "least_absolute_line",
    "least_absolute_lines",
    "least_squares",
    "line_design",
    "reweighted_least_squares",
]


def line_design(x):
    """Return the design matrix of a straight line: a column of ones, then x.

    Parameters
    ----------
    x : array_like, shape (n,)

    Returns
    -------
    ndarray, shape (n, 2)

    Examples
    --------
    >>> line_design([2.0, 5.0]).tolist()
    [[1.0, 2.0], [1.0, 5.0]]
    """
    x = _vector("x", x)
    return np.column_stack([np.ones_like(x), x])


def least_squares(X, y, weight=None):
    """Return the w that minimises ``Σ weight_i (x_i · w - y_i)²``.

    Parameters
    ----------
    X : array_like, shape (n, features)
    y : array_like, shape (n,)
    weight : array_like, shape (n,), optional
        One weight ≥ 0 for each example; 1 by default.

    Returns
    -------
    ndarray, shape (features,)
        The shortest such w if there are several.

    Raises
    ------
    ValueError
        For unequal numbers of examples, NaN or infinite entries, or negative weights.

    Examples
    --------
    >>> w = least_squares(line_design([0.0, 1.0, 2.0]), [1.0, 3.0, 8.0])
    >>> print("intercept {:.2f}, slope {:.2f}".format(*w))
    intercept 0.50, slope 3.50
    """
    X, y = _examples(X, y)
    if weight is None:
        return np.linalg.lstsq(X, y)[0]
    weight = _vector("weight", weight)
    if weight.shape != y.shape:
        raise ValueError(
            f"weight must have one entry for each of the {len(y)} examples, found {len(weight)}"
        )
    if (weight < 0).any():
        raise ValueError(f"weights must not be negative, found {weight.min():g}")
    root = np.sqrt(weight)
    return np.linalg.lstsq(root[:, np.newaxis] * X, root * y)[0]


def reweighted_least_squares(X, y, weight, *, start=None, tolerance=1e-10, max_steps=1000):
    """Minimise ``Σ ρ(r_i)`` over linear models, by iteratively reweighted least squares (IRLS).

    Each step is a weighted least-squares fit, with weights from the residuals of the step
    before. Where it settles, ``Σ weight(r_i) r_i x_i = 0``, which is ``Σ ρ'(r_i) x_i = 0`` for
    ``weight(r) = ρ'(r) / r``. If ρ is convex and the weight falls as the residual grows, no step
    increases the sum [1]_.

    Parameters
    ----------
    X : array_like, shape (n, features)
    y : array_like, shape (n,)
    weight : callable
        Takes the residuals ``r = X w - y``, shape (n,), and returns weights ≥ 0 of that shape:
        ``δ / max(|r|, δ)`` for Huber's loss, and for a δ far below the residuals that matter,
        in the unit of y, nearly the absolute value.
    start : array_like, shape (features,), optional
        Where to start; by default at the least-squares fit.
    tolerance : float
        Stop when no prediction moves by more than this times the largest ``|y_i|``.
    max_steps : int
        Give up after so many fits.

    Returns
    -------
    ndarray, shape (features,)

    Raises
    ------
    RuntimeError
        If the fits have not settled after `max_steps`.
    ValueError
        As `least_squares`.

    References
    ----------
    .. [1] P. J. Huber and E. M. Ronchetti, *Robust Statistics*, 2nd ed., Wiley, 2009,
           section 7.8, doi:10.1002/9780470434697.

    Examples
    --------
    The centre of four numbers under Huber's loss with δ = 1:

    >>> def weight(r):
    ...     return 1 / np.maximum(np.abs(r), 1)
    >>> w = reweighted_least_squares(np.ones((4, 1)), [0.0, 0.0, 0.0, 50.0], weight)
    >>> f"{w[0]:.4f}"
    '0.3333'
    """
    X, y = _examples(X, y)
    w = least_squares(X, y) if start is None else _vector("start", start)
    enough = tolerance * np.abs(y).max()
    for _ in range(max_steps):
        before, w = w, least_squares(X, y, weight(X @ w - y))
        moved = np.abs(X @ (w - before)).max()
        if moved <= enough:
            return w
    raise RuntimeError(
        f"the fits have not settled after {max_steps} steps: the last one moved a prediction by "
        f"{moved:.2g}, more than tolerance · max|y| = {enough:.2g}"
    )


def least_absolute_lines(x, y):
    """Return all lines through two of the points that have the smallest sum of absolute errors.

    Some best line always passes through two points with different x, so trying every pair
    finds the exact minimum. If several lines are best, the lines between them are best too.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        At least two different x. All pairs are tried, n² / 2 lines of n errors each: meant for
        some hundreds of points.

    Returns
    -------
    ndarray, shape (lines, 2)
        Intercept and slope in each row, by increasing slope.

    Raises
    ------
    ValueError
        If x and y differ in length, hold NaN or infinity, or all x are equal.

    Examples
    --------
    >>> least_absolute_lines([0, 1, 2, 3, 4], [0, 1, 99, 3, 4]).tolist()
    [[0.0, 1.0]]
    """
    x, y = _examples(_vector("x", x), y)
    if (x == x[0]).all():
        raise ValueError(f"a line needs two different x, found only x = {x[0]:g}")
    lines, errors = [], []
    for i in range(len(x) - 1):
        j = i + 1 + np.flatnonzero(x[i + 1 :] != x[i])
        slope = (y[j] - y[i]) / (x[j] - x[i])
        intercept = y[i] - slope * x[i]
        lines.append(np.column_stack([intercept, slope]))
        errors.append(np.abs(intercept[:, np.newaxis] + np.outer(slope, x) - y).sum(axis=1))
    lines, errors = np.concatenate(lines), np.concatenate(errors)
    rounding = 1e-12 * (errors.min() + np.abs(y).sum())
    best = lines[errors <= errors.min() + rounding]
    best = best[np.argsort(best[:, 1], kind="stable")]
    new = np.ones(len(best), dtype=bool)  # three points in a row give the same line thrice
    new[1:] = ~np.isclose(best[1:], best[:-1], rtol=1e-9, atol=1e-12).all(axis=1)
    return best[new]


def least_absolute_line(x, y):
    """Return intercept and slope of a line with the smallest sum of absolute errors.

    Where many lines are best, this is the average of those in `least_absolute_lines`, which is
    best as well; for a median of an even number of values, NumPy makes the same kind of choice.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        As for `least_absolute_lines`.

    Returns
    -------
    ndarray, shape (2,)

    Raises
    ------
    ValueError
        As `least_absolute_lines`.

    Examples
    --------
    >>> w = least_absolute_line([0, 1, 2, 3, 4], [1, 3, -40, 7, 9])
    >>> print("intercept {:.2f}, slope {:.2f}".format(*w))
    intercept 1.00, slope 2.00
    """
    return least_absolute_lines(x, y).mean(axis=0)


def _vector(name, values):
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or not values.size:
        raise ValueError(f"{name} must have shape (n,), found {values.shape}")
    if not np.isfinite(values).all():
        at = np.flatnonzero(~np.isfinite(values))[0]
        raise ValueError(f"{name} must be finite, found {name}[{at}] = {values[at]}")
    return values


def _examples(X, y):
    X, y = np.asarray(X, dtype=np.float64), _vector("y", y)
    if X.ndim not in (1, 2) or len(X) != len(y):
        raise ValueError(f"one row or entry for each of the {len(y)} y is needed, found {X.shape}")
    if not np.isfinite(X).all():
        raise ValueError("X must be finite, found NaN or infinity")
    return X, y
