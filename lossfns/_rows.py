"""Sums and maps over the first axis of a block of rows, and the softmax family built on them.

Blocks have shape (C, n): classes or coordinates down, examples across; in memory each example lies
in one piece. A row too long for the cache comes alone and is taken a slice at a time, so that no
temporary is as long as the row.
"""

import numpy as np

LONG = 16_384  # a row with more elements is a long one
FLOATS = frozenset(np.dtype(t) for t in (np.float64, np.float32, np.longdouble))
FEW = 256  # up to here einsum sums fast and without loss; beyond, NumPy's sum adds pairwise


def _slices(*arrays):
    """Slices of long rows along the first axis, as floats."""
    length = len(arrays[-1])
    step = LONG if arrays[-1].shape[1] == 1 else length
    for start in range(0, length, step):
        part = slice(start, start + step)
        yield part, [a[part] if a.dtype in FLOATS else a[part].astype(np.float64) for a in arrays]


def _is_long(x):
    return x.shape[1] == 1 and len(x) > LONG


def add_up(x):
    """Σ_c x_c: one sum per example."""
    return np.einsum("cn->n", x) if len(x) <= FEW else np.add.reduce(x, axis=0)


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
    """Whether there is a NaN: the maximum is one then, and is found faster than a mask."""
    largest = np.maximum.reduce(x, axis=None)
    return largest != largest  # noqa: PLR0124 - as NaN alone does


def times(weight, value):
    """Weight · value with 0 · ∞ = 0."""
    product = weight * value
    if has_nan(product):
        product[(weight == 0) & np.isinf(value)] = 0
    return product


def ratio(a, b):
    """A / b with 0/0 = 0."""
    quotient = a / b
    if has_nan(quotient):
        quotient[(a == 0) & (b == 0)] = 0
    return quotient


def weighted_sum(weight, value):
    """Σ_c weight_c · value_c with 0 · ∞ = 0."""
    sums = dot(weight, value)
    return add_up(times(weight, value)) if has_nan(sums) else sums


def expectation(y_true, value, x):
    """Σ_c y_c value(x_c), or value(x_label) where ``y_true`` holds class labels."""
    if y_true.ndim == 1:
        return value(pick(x, y_true))
    return total(lambda y, x: weighted_sum(y, value(x)), y_true, x)


def softmax_surprisal(z):
    """The function z_c ↦ -log softmax(z)_c = (max z - z_c) + log(1 + rest), a sum of terms ≥ 0."""
    _, top, _, rest = _exponentials(z)
    log_sum = np.log1p(rest)

    def surprisal(z):
        gap = top - z
        if has_nan(gap):
            gap[z == top] = 0  # ∞ - ∞ at the one certain class
        gap += log_sum
        return gap

    return surprisal


def softmax_minus_target(z, y_true):
    """S · softmax(z) - y with s = Σ y.

    The entry of the largest logit follows from the others, since all add up to 0: so it keeps its
    digits where softmax rounds to 1.
    """
    largest, _, g, rest = _exponentials(z)
    examples = np.arange(z.shape[1])
    if y_true.ndim == 1:
        share = 1 / (1 + rest)
        g *= share
        g[y_true, examples] -= 1
        g[largest, examples] = (y_true != largest) - rest * share
    else:
        s = total(add_up, y_true)
        share = s / (1 + rest)
        g *= share
        g -= y_true
        g[largest, examples] = (s - pick(y_true, largest)) - rest * share
    return g


def _exponentials(z):
    """e_c = exp(z_c - max z), 0 for the largest; where that stands, its logit, rest = Σ e_c."""
    examples = np.arange(z.shape[1])
    largest = z.argmax(axis=0)
    top = pick(z, largest)
    e = each(lambda z: np.exp(z - top), z)
    e[largest, examples] = 0
    rest = total(add_up, e)
    if len(z) == 1:  # in longer rows, a NaN or -∞ at the top made the others NaN
        rest = np.where(top > -np.inf, rest, np.nan)
    return largest, top, e, rest


def minus_ratio(y_true, p):
    """-y/p with 0/0 = 0."""
    if y_true.ndim == 1:
        picked = pick(p, y_true)
        g = np.zeros_like(p, picked.dtype)
        g[y_true, np.arange(p.shape[1])] = -1 / picked
        return g
    return each(lambda y, p: ratio(y, -p), y_true, p)
