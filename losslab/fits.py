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
    "logistic_regression",
    "reweighted_least_squares",
    "soft_margin",
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


def logistic_regression(X, y, ridge=0.0, *, tolerance=1e-10, max_steps=50):
    """Return the w that minimises the mean binary cross-entropy plus ``ridge/2 |slopes|²``.

    Newton's method from zero.

    Parameters
    ----------
    X : array_like, shape (n, features)
        A design matrix; its first column, the ones, carries the intercept, which is not penalised.
    y : array_like, shape (n,)
        Classes 0 and 1, or probabilities between them.
    ridge : float
        Strength of the penalty, not negative. Without it separable classes have no minimum.
    tolerance : float
        Stop when no logit moves by more than this times one plus the largest.
    max_steps : int
        Give up after so many steps.

    Returns
    -------
    ndarray, shape (features,)
        The logits of the examples are ``X @ w``.

    Raises
    ------
    ValueError
        For y outside [0, 1], a negative ridge, no column of ones, unequal numbers of examples,
        NaN or infinite entries.
    RuntimeError
        If the steps have not settled after `max_steps`, or have no next one: for separable classes
        or dependent columns without a ridge.

    Examples
    --------
    At 0 one example in four is a yes, at 1 it is three in four, so the slope is 2 log 3:

    >>> w = logistic_regression(line_design([0, 0, 0, 0, 1, 1, 1, 1]), [1, 0, 0, 0, 1, 1, 1, 0])
    >>> print("{:.4f} {:.4f}".format(*w))
    -1.0986 2.1972
    """
    X, y = _design(X, y)
    if y.min() < 0 or y.max() > 1:
        raise ValueError(f"y must lie in [0, 1], found {y.min():g} to {y.max():g}")
    if not (np.isfinite(ridge) and ridge >= 0):
        raise ValueError(f"ridge must be finite and not negative, found {ridge}")
    penalty = ridge * (np.arange(X.shape[1]) > 0)
    w = np.zeros(X.shape[1])
    for _ in range(max_steps):
        logits = X @ w
        p = np.exp(np.minimum(logits, 0)) / (1 + np.exp(-np.abs(logits)))
        hessian = (X.T * (p * (1 - p))) @ X / len(y) + np.diag(penalty)
        try:
            w = w - np.linalg.solve(hessian, X.T @ (p - y) / len(y) + penalty * w)
        except np.linalg.LinAlgError:
            break
        if np.abs(X @ w - logits).max() <= tolerance * (1 + np.abs(logits).max()):
            return w
    raise RuntimeError(
        f"Newton's method has not settled within {max_steps} steps; classes that can be separated, "
        "or columns that depend on each other, need a ridge above 0"
    )


def soft_margin(X, y, C=1.0, *, tolerance=1e-9, max_steps=100):
    """Return the w that minimises ``½ |slopes|² + C Σ max(0, 1 - y_i x_i·w)``, and each pull.

    A primal-dual interior-point method: Newton's method on the conditions for a minimum, with
    each product that must be zero held at a small positive number, which is lowered from step to
    step [1]_. All steps together cost some tens of solutions of a system as large as w.

    Parameters
    ----------
    X : array_like, shape (n, features)
        A design matrix; its first column, the ones, carries the intercept, which is not penalised.
    y : array_like of -1 and +1, shape (n,)
        Both classes must occur.
    C : float
        Price of a unit of hinge loss, positive. With the mean loss and a penalty ``λ/2 |slopes|²``
        the minimum is the same for ``C = 1 / (λ n)``.
    tolerance : float
        Stop when the minimum is known to this, relative to one plus itself.
    max_steps : int
        Give up after so many steps.

    Returns
    -------
    w : ndarray, shape (features,)
        Intercept and slopes. The slopes are ``Σ pull_i y_i x_i``.
    pull : ndarray, shape (n,)
        Between 0 and C: practically 0 beyond the margin, C inside it, anything on it. The
        examples with a pull above 0 are the support vectors.

    Raises
    ------
    ValueError
        For other labels than -1 and +1, a single class, no column of ones, a bad C, unequal
        numbers of examples, NaN or infinite entries.
    RuntimeError
        If the minimum has not been found after `max_steps`.

    References
    ----------
    .. [1] M. C. Ferris and T. S. Munson, "Interior-point methods for massive support vector
           machines", *SIAM Journal on Optimization* 13 (2002), 783-804,
           doi:10.1137/S1052623400374379.

    Examples
    --------
    The street between 0 and 4 has its middle at 2, and the third point has no say:

    >>> w, pull = soft_margin(line_design([0.0, 4.0, 9.0]), [-1, 1, 1], C=10)
    >>> print("middle {:.3f}, half width {:.3f}".format(-w[0] / w[1], 1 / w[1]))
    middle 2.000, half width 2.000
    >>> print(pull.round(3))
    [0.125 0.125 0.   ]
    """
    X, y = _design(X, y)
    if not (np.abs(y) == 1).all() or (y == y[0]).all():
        raise ValueError(f"y must hold both -1 and +1 and nothing else, found {np.unique(y)}")
    if not (np.isfinite(C) and C > 0):
        raise ValueError(f"C must be finite and positive, found {C}")
    signed = y[:, np.newaxis] * X
    penalty = np.diag(np.arange(X.shape[1]) > 0).astype(float)
    w, pull = np.zeros(X.shape[1]), np.full(len(y), C / 2)
    beyond, inside = np.ones(len(y)), np.ones(len(y))  # margin - 1 = beyond - inside, both ≥ 0
    for _ in range(max_steps):
        margin_off = 1 - signed @ w + beyond - inside
        slope_off = signed.T @ pull - penalty @ w
        gap = pull @ beyond + (C - pull) @ inside
        scale = 1 + w @ penalty @ w / 2 + C * inside.sum()
        if gap <= tolerance * scale and np.abs(margin_off).max() <= tolerance:
            return w, pull
        target = 0.1 * gap / (2 * len(y))
        stiffness = beyond / pull + inside / (C - pull)
        push = margin_off + target / pull - beyond - target / (C - pull) + inside
        d_w = np.linalg.solve(
            penalty + (signed.T / stiffness) @ signed, slope_off + signed.T @ (push / stiffness)
        )
        d_pull = (push - signed @ d_w) / stiffness
        d_beyond = (target - beyond * d_pull) / pull - beyond
        d_inside = (target + inside * d_pull) / (C - pull) - inside
        positive = np.concatenate([pull, C - pull, beyond, inside])
        change = np.concatenate([d_pull, -d_pull, d_beyond, d_inside])
        step = min(1, 0.99 / np.max(-change / positive, initial=1e-9))
        w, pull = w + step * d_w, pull + step * d_pull
        beyond, inside = beyond + step * d_beyond, inside + step * d_inside
    raise RuntimeError(f"the minimum has not been found after {max_steps} steps")


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


def _design(X, y):
    X, y = _examples(X, y)
    if X.ndim != 2 or not (X[:, 0] == 1).all():
        raise ValueError("the first column of X must be all ones, as line_design makes it")
    return X, y
