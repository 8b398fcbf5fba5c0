"""Sums and maps over the first axis of a block of rows, and the softmax family built on them.

Blocks have shape (C, n): classes or coordinates down, examples across; in memory each example lies
in one piece. A row too long for the cache comes alone and is taken a slice at a time, so that no
temporary is as long as the row.
"""

import contextvars
import functools

import numpy as np

LONG = 16_384  # a row with more elements is a long one
NARROW = 32  # rows up to here are turned where sums and maxima over them can run across examples
FLOATS = frozenset(np.dtype(t) for t in (np.float64, np.float32, np.longdouble))
FEW = 256  # up to here einsum sums fast and without loss; beyond, NumPy's sum adds pairwise


def _slices(*arrays):
    """Slices of a long row along the first axis, as floats."""
    for start in range(0, len(arrays[-1]), LONG):
        part = slice(start, start + LONG)
        yield part, [a[part] if a.dtype in FLOATS else a[part].astype(np.float64) for a in arrays]


def _is_long(x):
    return len(x) > LONG


def add_up(x):
    """Σ_c x_c: one sum per example."""
    return np.einsum("cn->n", x) if len(x) <= FEW else np.add.reduce(x, axis=0)


def add_up_roughly(x):
    """Σ_c x_c by BLAS, whose order of adding depends on the machine: to be checked, not shown."""
    return np.dot(_ones(len(x), x.dtype), x) if len(x) <= FEW else total(add_up, x)


@functools.lru_cache(FEW)
def _ones(length, dtype):
    return np.ones(length, dtype)


def dot(x, y):
    """Σ_c x_c y_c: one sum per example."""
    return np.einsum("cn,cn->n", x, y) if len(x) <= FEW else np.add.reduce(x * y, axis=0)


def total(sums, *arrays):
    """Sums per example, of rows of any length: ``sums(arrays[0], …)``, slice by slice."""
    if not _is_long(arrays[-1]):
        return sums(*arrays)
    return np.add.reduce([sums(*parts) for _, parts in _slices(*arrays)], axis=0, dtype=np.float64)


def each(term, *arrays):
    """term(arrays[0][c], …) for every class c: a new block."""
    if not _is_long(arrays[-1]):
        return term(*arrays)
    out = None
    for part, parts in _slices(*arrays):
        values = term(*parts)
        out = np.empty(arrays[-1].shape, values.dtype) if out is None else out
        out[part] = values
    return out


def pick(x, index):
    """The entry x[index[i], i] of each example."""
    picked = x[index, np.arange(x.shape[1])]
    return picked if picked.dtype in FLOATS else picked.astype(np.float64)


def has_nan(x):
    """Whether there is a NaN: a maximum or a sum of squares is one then, sooner than a mask."""
    summary = np.dot(x, x) if x.ndim == 1 else np.maximum.reduce(x, axis=None)
    return summary != summary  # noqa: PLR0124 - as NaN alone does


def times(weight, value):
    """Weight · value with 0 · ∞ = 0."""
    product = weight * value
    if SEARCHING.get() and has_nan(product):
        product[(weight == 0) & np.isinf(value)] = 0
    return product


def ratio(a, b):
    """A / b with 0/0 = 0."""
    quotient = a / b
    if SEARCHING.get() and has_nan(quotient):
        quotient[(a == 0) & (b == 0)] = 0
    return quotient


def is_noted(kind, compute):
    """Whether the processor tells of an "over"flow or "invalid" operation in this."""
    try:
        with np.errstate(all="ignore", **{kind: "raise"}):
            compute()
    except FloatingPointError:
        return True
    return False


# Not in a browser; elsewhere the engine is told of an overflow, 0 · ∞, 0/0 or ∞ - ∞ by an error.
NOTED = is_noted("over", lambda: np.full(9, 1e300) ** 2) and is_noted(
    "invalid", lambda: np.zeros(9) / np.zeros(9)
)
SEARCHING = contextvars.ContextVar("searching", default=True)  # for what was not told


def weighted_sum(weight, value):
    """Σ_c weight_c · value_c with 0 · ∞ = 0."""
    sums = dot(weight, value)
    return add_up(times(weight, value)) if has_nan(sums) else sums


def expectation(y_true, value, x):
    """Σ_c y_c value(x_c), or value(x_label) where ``y_true`` holds class labels."""
    if y_true.ndim == 1:
        return value(pick(x, y_true))
    return total(lambda y, x: weighted_sum(y, value(x)), y_true, x)


def softmax_cross_entropy(z, y_true):
    """-Σ_c y_c log softmax(z)_c, where -log softmax(z)_c = (max z - z_c) + log(1 + rest) ≥ 0."""
    below, largest = _below_largest(z)
    if _is_long(z):  # a slice at a time; an infinity in every row would be slow
        below[largest] -= np.inf
        rest = total(lambda below: add_up(np.exp(below)), below)
        below[largest] = 0
    else:
        rest = add_up(_exponentials(below, largest))
    log_sum = np.log1p(rest)
    if y_true.ndim == 1:
        return log_sum - pick(below, y_true)
    return total(add_up, y_true) * log_sum - total(weighted_sum, y_true, below)


def sigmoid_minus_target(z, y_true):
    """σ(z) - y = ((1 - y) - y e)/(1 + e) with e = exp(-z): the digits of both tails are kept."""
    with np.errstate(over="ignore"):
        e = np.exp(-z)
    g = (1 - y_true) - y_true * e
    g /= 1 + e
    if not np.maximum.reduce(e) < np.inf:
        far = e == np.inf  # so far on the left that σ(z) = exp(z)
        g[far] = np.exp(z[far]) - y_true[far]
    return g


def softmax_minus_target(z, y_true):
    """S · softmax(z) - y with s = Σ y.

    Where softmax has rounded to 1, its difference from 1 is the sum of the other entries.
    """
    below, largest = _below_largest(z)
    g = _exponentials(below, largest, out=below)
    rest = total(add_up, g)
    if y_true.ndim == 1:
        share = 1 / (1 + rest)
        classes, examples = largest
        g *= share
        g[y_true, examples] -= 1
        g[largest] = np.where(y_true == classes, -rest * share, share)
    else:
        share = total(add_up, y_true) / (1 + rest)
        g *= share
        g -= y_true
        g[largest] = 0
        # All entries add up to 0.
        g[largest] = np.where(rest < 1, 0 - total(add_up, g), share - y_true[largest])
    return g


def _below_largest(z):
    """z_c - max z, and where the largest stands, whose difference is 0."""
    classes, top = _argmax(z)
    largest = classes, np.arange(len(classes))
    below = each(lambda z: z - top, z)
    # In longer rows, a NaN or -∞ at the top makes the others NaN.
    below[largest] = 0 if len(z) > 1 else np.where(top > -np.inf, 0, np.nan)
    return below, largest


def _exponentials(below, largest, out=None):
    """Exp, but 0 for the largest: the rest beside it keeps its digits in a sum."""
    e = np.exp(below, out=out)
    e[largest] = 0 if len(e) > 1 else e[largest] - 1
    return e


def _argmax(z):
    """The class of the largest entry of each example, and that entry."""
    if len(z) <= NARROW:  # NumPy's argmax would take four times as long
        top = np.maximum.reduce(z, axis=0)
        is_top = z == top
        if np.count_nonzero(is_top) == len(top) and not has_nan(top):  # no ties
            classes = np.dot(np.arange(len(z), dtype=np.float32), is_top.astype(np.float32))
            return classes.astype(np.intp), top
    classes = z.argmax(axis=0)
    return classes, pick(z, classes)


def minus_ratio(y_true, p):
    """-y/p with 0/0 = 0."""
    if y_true.ndim == 1:
        picked = pick(p, y_true)
        g = np.zeros_like(p, picked.dtype)
        g[y_true, np.arange(p.shape[1])] = -1 / picked
        return g
    return each(lambda y, p: ratio(y, -p), y_true, p)
