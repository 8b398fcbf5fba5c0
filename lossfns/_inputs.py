"""What every call brings along: arrays of numbers, their shapes, and sample weights."""

import math

import numpy as np
from numpy.ma import MaskedArray  # np.ma would be loaded by the first call

from lossfns._domains import class_labels, place
from lossfns._rows import LONG

PLAIN = frozenset((bool, int, float))
NUMBERS = frozenset("?bBhHiIlLqQefd")  # booleans, integers and floats up to 64 bits


def as_numbers(name, x):
    """An array of real numbers of at most 64 bits, or an error that names the argument."""
    try:
        masked = _is_masked(x)
        x = x if masked else np.asarray(x)  # which would warn of a masked element
    except MemoryError:
        raise
    except Exception as error:
        if "inhomogeneous" in str(error):
            raise ValueError(
                f"{name} must be a rectangular array, found rows of unequal length"
            ) from None
        kind = ValueError if isinstance(error, ValueError) else TypeError
        raise kind(f"{name} cannot be read as an array of numbers: {error}") from error
    if masked:
        raise TypeError(
            f"{name} must not be a masked array: give its data, "
            "and sample_weight 0 where it is masked"
        )
    if x.dtype.char not in NUMBERS:
        raise TypeError(f"{name} must hold real numbers of at most 64 bits, found dtype {x.dtype}")
    return x


def _is_masked(x):
    """Whether this is a masked array, or a list that holds one."""
    if isinstance(x, list | tuple):
        return not set(map(type, x)) <= PLAIN and any(map(_is_masked, x))
    return isinstance(x, MaskedArray)


def check_shapes(y_true, y_pred, *, rows, labels):
    """Refuse unequal or empty shapes; say whether ``y_true`` holds class labels."""
    is_labels = labels and y_true.ndim + 1 == y_pred.ndim
    if rows and y_pred.ndim == 0:
        raise ValueError(
            "y_pred must have at least one axis, the last for an example's row, found a scalar"
        )
    if y_true.shape != (y_pred.shape[:-1] if is_labels else y_pred.shape):
        hint = ", or y_true one axis less for class labels" if labels else ""
        raise ValueError(
            f"y_true and y_pred must have the same shape{hint}, "
            f"found {y_true.shape} and {y_pred.shape}"
        )
    if y_pred.size == 0:
        raise ValueError(f"y_true and y_pred must not be empty, found shape {y_pred.shape}")
    if is_labels:
        class_labels("y_true", y_true, y_pred.shape[-1])
    return is_labels


class Flat:
    """The elements of an array in C order, to be read without a copy of the whole."""

    def __init__(self, x):
        self.contiguous = x.flags.c_contiguous
        self.elements = x.flat if not self.contiguous else x if x.ndim == 1 else x.reshape(-1)

    def read(self, block, dtype):
        """These elements as numbers of this type."""
        return self.elements[block].astype(dtype, copy=False)


class Rows:
    """The rows of an array with any leading axes, to be read without a copy of the whole."""

    def __init__(self, x, *, turned):
        self.width = x.shape[-1]
        # In memory each example lies in one piece: over one that crosses, NumPy's sum would add one
        # by one, and lose digits in long rows.
        self.order = "C" if turned else "F"
        is_view = x.flags.c_contiguous or x.ndim <= 2  # no other layout is sure to need no copy
        self.rows = x.reshape(-1, self.width) if is_view else None
        self.elements = None if is_view else x.flat
        self.contiguous = x.flags.c_contiguous

    def read(self, block, dtype):
        """These rows as numbers of this type, one a column; a long row keeps its own type."""
        if self.rows is not None:
            rows = self.rows[block]
        else:
            elements = self.elements[block.start * self.width : block.stop * self.width]
            rows = elements.reshape(-1, self.width)
        if self.width > LONG:
            return rows.T
        return rows.T.astype(dtype, order=self.order, copy=False)


class Weights(Flat):
    """Sample weights: checked once, then applied block by block."""

    def __init__(self, sample_weight, shape, *, mean):
        w = as_numbers("sample_weight", sample_weight)
        if w.shape != shape:
            raise ValueError(
                f"sample_weight must have one weight an example, shape {shape}, "
                f"found shape {w.shape}"
            )
        super().__init__(w)
        blocks = [slice(i, i + LONG) for i in range(0, w.size, LONG)]
        if not (w.min() >= 0 and w.max() < np.inf):
            bad = next(
                b.start + i
                for b in blocks
                for i, x in enumerate(self.elements[b])
                if not 0 <= x < np.inf
            )
            where = place("sample_weight", shape, (bad,))
            raise ValueError(
                f"sample_weight must be finite and at least 0, found {where} = {w.flat[bad]}"
            )
        if w.max() == 0:
            raise ValueError("sample_weight must not be all zero, found nothing else")
        # Scaling all weights changes no mean; with the largest near 1, their sum cannot overflow.
        self.scale = 2.0 ** min(-math.frexp(w.max())[1], 1023) if mean else 1.0
        self.total = (
            np.sum([np.sum(self.read(b, np.float64) * self.scale) for b in blocks]) if mean else 1
        )

    def weigh(self, values, block):
        """Weigh values, in float64 at least; weight 0 removes its example, were it inf or NaN."""
        w = self.read(block, np.float64)
        values = values.astype(np.promote_types(values.dtype, np.float64), copy=False)
        values *= np.maximum(w * self.scale, np.nextafter(0, 1))
        values[..., w == 0] = 0
        return values
