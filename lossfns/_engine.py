"""The engine around every loss: validation, blocks, weights and reduction, in one place.

A loss file holds formulas for many independent examples at once. An *element* loss maps two arrays
of shape (n,) to n losses. A *row* loss gets blocks of shape (C, n), one example a column, so that
sums over classes or coordinates run along the first axis and per-example values broadcast.
"""

import functools
import inspect
import math
from dataclasses import dataclass, field, replace

import numpy as np

from lossfns._domains import REAL, Domain, class_labels, positive, truth_value

BLOCK = 16_384  # elements handed to a formula at once: all of its temporaries stay in the cache
FEW_CLASSES = 64  # rows up to this length are transposed in memory: sums over short rows are slow
REDUCTIONS = ("mean", "sum", "none")
NUMBERS = frozenset("?bBhHiIlLqQefd")  # booleans, integers and floats up to 64 bits
SHRINK = 2.0**-70  # exact, and enough for a sum of 2**63 values to stay finite


@dataclass(frozen=True)
class Spec:
    """What the engine must know about a loss besides its formula."""

    rows: bool = False
    labels: bool = False
    y_true: Domain = REAL
    y_pred: Domain = REAL
    distance_to_kink: object = None
    parameters: dict = field(default_factory=dict)
    gradient: bool = False


def loss(formula=None, **spec):
    """Turn the formula of a loss into the public function.

    Parameters
    ----------
    rows : bool
        The last axis of the inputs belongs to one example (classes, coordinates).
    labels : bool
        ``y_true`` may also hold class labels, with one axis less than ``y_pred``.
    y_true, y_pred : Domain
        Where the inputs must lie. Logits (``from_logits=True``) may be any real numbers.
    distance_to_kink : callable, optional
        How far ``y_pred`` is from the nearest point without a derivative.
    """
    if formula is None:
        return functools.partial(loss, **spec)
    return _public(formula, Spec(**spec, parameters=_keyword_checks(formula)))


def gradient_of(value):
    """Turn a formula for d loss / d y_pred into the public gradient of the loss ``value``."""

    def decorate(formula):
        value.grad = _public(formula, replace(value.spec, gradient=True))
        return value.grad

    return decorate


def _keyword_checks(formula):
    known = {"delta": positive, "from_logits": truth_value}
    return {name: known[name] for name in inspect.signature(formula).parameters if name in known}


def _public(formula, spec):
    @functools.wraps(formula)
    def function(y_true, y_pred, *, reduction="mean", sample_weight=None, **parameters):
        with np.errstate(all="ignore"):
            return _evaluate(formula, spec, y_true, y_pred, reduction, sample_weight, parameters)

    signature = inspect.signature(formula)
    keywords = [
        inspect.Parameter("reduction", inspect.Parameter.KEYWORD_ONLY, default="mean"),
        inspect.Parameter("sample_weight", inspect.Parameter.KEYWORD_ONLY, default=None),
    ]
    function.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *keywords])
    function.spec = spec
    return function


def _evaluate(formula, spec, y_true, y_pred, reduction, sample_weight, parameters):
    y_true, y_pred = as_numbers("y_true", y_true), as_numbers("y_pred", y_pred)
    if not isinstance(reduction, str) or reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {REDUCTIONS}, found {reduction!r}")
    for name in parameters.keys() & spec.parameters.keys():
        parameters[name] = spec.parameters[name](name, parameters[name])
    if parameters.get("from_logits"):
        spec = replace(spec, y_pred=REAL)
    labels = _check_shapes(spec, y_true, y_pred)
    shape = y_pred.shape[:-1] if spec.rows else y_pred.shape
    weights = None if sample_weight is None else _Weights(sample_weight, shape, reduction)
    single = y_pred.dtype.char == "f" and (labels or y_true.dtype.char == "f")
    dtype = np.float32 if single else np.float64
    divisor = 1.0 if reduction != "mean" else weights.total if weights else float(math.prod(shape))

    blocks = functools.partial(_blocks, formula, spec, labels, y_true, y_pred, weights, parameters)
    if not spec.gradient and reduction != "none":
        value = _total(blocks) / divisor
        if np.isinf(value) and reduction == "mean":
            value = _total(blocks, SHRINK) / divisor / SHRINK  # the sum overflowed, the mean may not
        return dtype(value)
    out = np.empty(y_pred.shape if spec.gradient else shape, dtype)
    flat = out.reshape(-1, y_pred.shape[-1]) if spec.gradient and spec.rows else out.reshape(-1)
    for block, values in blocks():
        flat[block] = (values if divisor == 1 else values / divisor).T
    return out[()]


def _total(blocks, shrink=1.0):
    return np.sum([np.sum(values if shrink == 1 else values * shrink) for _, values in blocks()])


def _blocks(formula, spec, labels, y_true, y_pred, weights, parameters):
    """Yield slices of the examples and their weighted values (gradients: one example a column)."""
    width = y_pred.shape[-1] if spec.rows else 1
    examples = y_pred.size // width
    targets = _flat(y_true) if labels or not spec.rows else _table(y_true, width)
    predictions = _table(y_pred, width) if spec.rows else _flat(y_pred)
    step = max(1, BLOCK // width)
    for start in range(0, examples, step):
        block = slice(start, min(start + step, examples))
        t = targets[block].astype(np.intp) if labels else _columns(targets[block])
        p = _columns(predictions[block])
        missing = None if labels else spec.y_true.check("y_true", t, start, y_true.shape)
        missing = _either(missing, spec.y_pred.check("y_pred", p, start, y_pred.shape))
        values = formula(t, p, **parameters)
        if missing is not None:
            values[..., missing] = np.nan
        yield block, values if weights is None else weights.times(values, block)


def _columns(block):
    """A block as float64, one example a column; rows too long for a block are converted later."""
    if block.ndim == 1:
        return block.astype(np.float64, copy=False)
    if block.shape[1] > BLOCK:
        return block.T
    order = "C" if block.shape[1] <= FEW_CLASSES else "K"
    return block.T.astype(np.float64, order=order, copy=False)


def _either(a, b):
    return b if a is None else a if b is None else a | b


def _flat(x):
    """The elements in C order, ready to be sliced without a copy of the whole."""
    return x.reshape(-1) if x.flags.c_contiguous else x.flat


class _table:
    """The rows of an array with any leading axes, ready to be sliced without a copy of the whole."""

    def __init__(self, x, width):
        self.width = width
        try:
            self.rows, self.flat = x.reshape(-1, width, copy=False), None
        except ValueError:
            self.rows, self.flat = None, x.flat

    def __getitem__(self, block):
        if self.rows is not None:
            return self.rows[block]
        return self.flat[block.start * self.width : block.stop * self.width].reshape(-1, self.width)


def as_numbers(name, x):
    """An array of real numbers of at most 64 bits, or an error that names the argument."""
    try:
        x = np.asarray(x)
    except ValueError:
        raise ValueError(f"{name} must be a rectangular array, found rows of unequal length") from None
    if x.dtype.char not in NUMBERS:
        raise TypeError(f"{name} must hold real numbers of at most 64 bits, found dtype {x.dtype}")
    return x


def _check_shapes(spec, y_true, y_pred):
    """Refuse unequal or empty shapes; say whether ``y_true`` holds class labels."""
    labels = spec.labels and y_true.ndim + 1 == y_pred.ndim
    if spec.rows and y_pred.ndim == 0:
        raise ValueError("y_pred must have at least one axis, the last being one example's row; found a scalar")
    if y_true.shape != (y_pred.shape[:-1] if labels else y_pred.shape):
        hint = " (or labels with one axis less)" if spec.labels else ""
        raise ValueError(
            f"y_true and y_pred must have the same shape{hint}, found {y_true.shape} and {y_pred.shape}"
        )
    if y_pred.size == 0:
        raise ValueError(f"y_true and y_pred must not be empty, found shape {y_pred.shape}")
    if labels:
        class_labels("y_true", y_true, y_pred.shape[-1])
    return labels


class _Weights:
    """Sample weights: checked once, then applied block by block."""

    def __init__(self, sample_weight, shape, reduction):
        w = as_numbers("sample_weight", sample_weight)
        if w.shape != shape:
            raise ValueError(f"sample_weight must have one weight an example, shape {shape}, found {w.shape}")
        low, high = float(w.min()), float(w.max())
        if not (low >= 0 and high < np.inf):
            raise ValueError(f"sample_weight must be finite and not negative, found {low if low < 0 else high}")
        if high == 0:
            raise ValueError("sample_weight must not be all zero")
        self.flat = _flat(w)
        # A mean does not change when all weights are scaled; near 1, their sum cannot overflow.
        self.scale = 2.0 ** min(-math.frexp(high)[1], 1023) if reduction == "mean" else 1.0
        blocks = (slice(i, i + BLOCK) for i in range(0, w.size, BLOCK))
        self.total = np.sum([np.sum(self[block]) for block in blocks]) if reduction == "mean" else 1.0

    def __getitem__(self, block):
        return self.flat[block].astype(np.float64, copy=False) * self.scale

    def times(self, values, block):
        """Weighted values; a weight of 0 removes its example, were it inf or NaN."""
        w = self[block]
        values = values * w
        values[..., w == 0] = 0
        return values
