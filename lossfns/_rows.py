"""Sums and maps over the first axis of a block of rows, and the softmax family built on them.

Blocks have shape (C, n): classes or coordinates down, examples across. Rows too long for the cache
are taken a slice at a time, so that no temporary is as long as the row.
"""

import numpy as np

SLICE = 16_384


def _slices(*arrays):
    """Slices along the first axis as float64; one slice is the rule."""
    length, examples = arrays[-1].shape
    step = max(1, SLICE // examples)
    for start in range(0, length, step):
        part = slice(start, start + step)
        yield part, [a[part].astype(np.float64, copy=False) for a in arrays]


def total(term, *arrays):
    """Σ_c term(arrays[0][c], …): one sum per example."""
    return sum(term(*parts).sum(axis=0) for _, parts in _slices(*arrays))


def each(term, *arrays):
    """term(arrays[0][c], …) for every class c: a new block."""
    out = np.empty(arrays[-1].shape)
    for part, parts in _slices(*arrays):
        out[part] = term(*parts)
    return out


def largest(x):
    return x.max(axis=0).astype(np.float64)


def pick(x, index):
    """The entry x[index[i], i] of each example."""
    return x[index, np.arange(x.shape[1])].astype(np.float64)


def times(weight, value):
    """weight · value with 0 · ∞ = 0."""
    product = weight * value
    product[(weight == 0) & np.isinf(value)] = 0
    return product


def ratio(a, b):
    """a / b with 0/0 = 0."""
    quotient = a / b
    quotient[(a == 0) & (b == 0)] = 0
    return quotient


def expectation(y_true, value, x):
    """Σ_c y_c value(x_c), or value(x_label) where ``y_true`` holds class labels."""
    if y_true.ndim == 1:
        return value(pick(x, y_true))
    return total(lambda y, x: times(y, value(x)), y_true, x)


def softmax_surprisal(z):
    """The function z_c ↦ -log softmax(z)_c = (max z - z_c) + log(1 + rest), a sum of terms ≥ 0."""
    top, rest = _softmax_parts(z)
    return lambda z: np.where(z == top, 0, top - z) + np.log1p(rest)


def softmax_minus_target(z, y_true):
    """s · softmax(z) - y with s = Σ y. The coordinates sum to 0, which gives the largest its full precision."""
    top, rest = _softmax_parts(z)
    where, examples = z.argmax(axis=0), np.arange(z.shape[1])
    if y_true.ndim == 1:
        s, y_top = 1, y_true == where
        g = each(lambda z: np.exp(z - top) / (1 + rest), z)
        g[y_true, examples] -= 1
    else:
        s, y_top = total(lambda y: y, y_true), pick(y_true, where)
        g = each(lambda y, z: s * np.exp(z - top) / (1 + rest) - y, y_true, z)
    g[where, examples] = (s - y_top) - s * rest / (1 + rest)
    return g


def _softmax_parts(z):
    """top = max z and rest = Σ exp(z_c - top) over all c but one at the top; NaN where softmax has no value."""
    top = largest(z)
    ties = total(lambda z: z == top, z)
    rest = total(lambda z: np.where(z < top, np.exp(z - top), 0), z) + (ties - 1)
    certain = (top == np.inf) & (ties == 1)
    return top, np.where(np.isfinite(top) | certain, rest, np.nan)


def minus_ratio(y_true, p):
    """-y/p with 0/0 = 0."""
    if y_true.ndim == 1:
        g = np.zeros(p.shape)
        g[y_true, np.arange(p.shape[1])] = -1 / pick(p, y_true)
        return g
    return each(lambda y, p: -ratio(y, p), y_true, p)
