"""Sums and maps over the first axis of a block of rows, and the softmax family built on them.

Blocks have shape (C, n): classes or coordinates down, examples across. Rows too long for the cache
are taken a slice at a time, so that no temporary is as long as the row.
"""

import numpy as np

SLICE = 4_096


def _slices(*arrays):
    """Slices along the first axis as floats; one slice is the rule."""
    length, examples = arrays[-1].shape
    step = max(1, SLICE // examples)
    for start in range(0, length, step):
        part = slice(start, start + step)
        yield part, [_as_floats(a[part]) for a in arrays]


def _as_floats(x):
    return x.astype(np.promote_types(x.dtype, np.float64), copy=False)


def total(term, *arrays):
    """Σ_c term(arrays[0][c], …): one sum per example."""
    return sum(term(*parts).sum(axis=0) for _, parts in _slices(*arrays))


def each(term, *arrays):
    """term(arrays[0][c], …) for every class c: a new block."""
    out = np.empty(arrays[-1].shape, np.result_type(*arrays, np.float64))
    for part, parts in _slices(*arrays):
        out[part] = term(*parts)
    return out


def pick(x, index):
    """The entry x[index[i], i] of each example."""
    return _as_floats(x[index, np.arange(x.shape[1])])


def times(weight, value):
    """Weight · value with 0 · ∞ = 0."""
    product = weight * value
    if np.isnan(product.sum()):
        product[(weight == 0) & np.isinf(value)] = 0
    return product


def ratio(a, b):
    """A / b with 0/0 = 0."""
    quotient = a / b
    if np.isnan(quotient.sum()):
        quotient[(a == 0) & (b == 0)] = 0
    return quotient


def expectation(y_true, value, x):
    """Σ_c y_c value(x_c), or value(x_label) where ``y_true`` holds class labels."""
    if y_true.ndim == 1:
        return value(pick(x, y_true))
    return total(lambda y, x: times(y, value(x)), y_true, x)


def softmax_surprisal(z):
    """The function z_c ↦ -log softmax(z)_c = (max z - z_c) + log(1 + rest), a sum of terms ≥ 0."""
    _, top, _, rest = _exponentials(z)
    return lambda z: np.where(z == top, 0, top - z) + np.log1p(rest)


def softmax_minus_target(z, y_true):
    """S · softmax(z) - y with s = Σ y.

    The entry of the largest logit follows from the others, since all add up to 0: so it keeps its
    digits where softmax rounds to 1.
    """
    largest, _, g, rest = _exponentials(z)
    examples = np.arange(z.shape[1])
    if y_true.ndim == 1:
        g /= 1 + rest
        g[y_true, examples] -= 1
        g[largest, examples] = (y_true != largest) - rest / (1 + rest)
    else:
        s = total(lambda y: y, y_true)
        g *= s / (1 + rest)
        g -= y_true
        g[largest, examples] = (s - pick(y_true, largest)) - s * rest / (1 + rest)
    return g


def _exponentials(z):
    """e_c = exp(z_c - max z), 0 for the largest; where that stands, its logit, rest = Σ e_c."""
    examples = np.arange(z.shape[1])
    candidates = np.stack([part.start + x.argmax(axis=0) for part, (x,) in _slices(z)])
    largest = candidates[z[candidates, examples].argmax(axis=0), examples]
    top = pick(z, largest)
    e = each(lambda z: np.exp(z - top), z)
    e[largest, examples] = 0
    return largest, top, e, np.where(top > -np.inf, e.sum(axis=0), np.nan)


def minus_ratio(y_true, p):
    """-y/p with 0/0 = 0."""
    if y_true.ndim == 1:
        g = np.zeros(p.shape, np.result_type(p, np.float64))
        g[y_true, np.arange(p.shape[1])] = -1 / pick(p, y_true)
        return g
    return each(lambda y, p: -ratio(y, p), y_true, p)
