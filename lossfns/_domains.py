"""Where inputs must lie, and the messages when they do not."""

import math
import numbers
from dataclasses import dataclass

import numpy as np

from lossfns._rows import add_up_roughly

ROW_SUM_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Domain:
    """A set of numbers. Only what compares as outside is refused: NaN passes and comes out."""

    description: str

    def check(self, name, x, start, shape):
        """Refuse what lies outside.

        The block ``x`` begins with example ``start`` of an array ``name`` of this shape.

        Returns the examples of a row loss that hold a NaN, or None.
        """
        if not self.all_inside(x) and (bad := self.outside(x)).any():
            position = tuple(int(i[0]) for i in np.nonzero(bad))
            where = place(name, shape, position, start)
            raise ValueError(f"{name} {self.description}, found {where} = {x[position]}")


# The bits of floats ≥ 0, read as integers, are in the same order; with a sign, and as NaN, they are
# larger than those of 1. So one maximum answers whether all lie in [0, 1].
BITS_OF_ONE = {
    np.dtype(single): (np.dtype(integer), int(single(1).view(integer)))
    for single, integer in ((np.float64, np.uint64), (np.float32, np.uint32))
}


class _Probability(Domain):
    def all_inside(self, x):
        integer, one = BITS_OF_ONE.get(x.dtype, (None, 1))
        if integer is None:  # a long row as it was given
            return np.minimum.reduce(x, axis=None) >= 0 and np.maximum.reduce(x, axis=None) <= 1
        return np.maximum.reduce(x.view(integer), axis=None) <= one

    def outside(self, x):
        return (x < 0) | (x > 1)


class _Distribution(_Probability):
    def check(self, name, x, start, shape):
        super().check(name, x, start, shape)
        sums = add_up_roughly(x)
        off = sums - 1
        if np.dot(off, off) <= ROW_SUM_TOLERANCE**2:  # then each is small enough
            return None
        if (bad := np.abs(off) > ROW_SUM_TOLERANCE).any():
            example = int(bad.argmax())
            where = place(name, shape[:-1], (example,), start)
            raise ValueError(
                f"{name} must hold rows of probabilities that sum to 1 within {ROW_SUM_TOLERANCE}, "
                f"found {where} with sum {sums[example]:.6g}"
            )
        return np.isnan(sums)


class _Sign(Domain):
    def all_inside(self, x):
        return np.logical_and.reduce(np.abs(x) == 1, axis=None)

    def outside(self, x):
        return (np.abs(x) != 1) & ~np.isnan(x)


REAL = Domain("may be any real number")
PROBABILITY = _Probability("must lie in [0, 1]")
DISTRIBUTION = _Distribution("must lie in [0, 1]")
SIGN = _Sign("must be -1 or +1")


def class_labels(name, labels, classes):
    """Refuse labels that are not integers in [0, classes)."""
    if labels.dtype.kind not in "iu":
        raise TypeError(
            f"{name} has one axis less than y_pred, so it must hold class labels of an "
            f"integer dtype, found {labels.dtype}"
        )
    if labels.min() < 0 or labels.max() >= classes:
        flat = labels.reshape(-1)
        example = int(((flat < 0) | (flat >= classes)).argmax())
        where = place(name, labels.shape, (example,))
        raise ValueError(
            f"{name} must hold class labels from 0 to {classes - 1}, "
            f"found {where} = {flat[example]}"
        )


def place(name, shape, position, start=0):
    """How one writes an entry of an array, as in ``y_pred[2, 0]``, from its place in a block."""
    *column, example = position
    index = [
        int(i) for i in np.unravel_index(start + example, shape[: len(shape) - len(column)])
    ] + column
    return f"{name}{index}" if index else name


def positive(name, x):
    """Refuse a parameter that is not a finite number above 0."""
    if not isinstance(x, numbers.Real):
        raise TypeError(f"{name} must be a number, found {type(x).__name__}")
    try:
        value = float(x)
    except OverflowError:
        value = math.inf
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be positive and finite, found {x!s:.20}")
    return value


def truth_value(name, x):
    """Refuse a switch that is neither True nor False."""
    if not isinstance(x, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, found {x!r}")
    return bool(x)
