"""The engine around every formula: blocks, domains, weights, reduction and dtype, in one place.

A loss file holds formulas for many independent examples at once. An *element* loss maps two arrays
of shape (n,) to n losses. A *row* loss gets blocks of shape (C, n), one example a column, so that
sums over classes or coordinates run along the first axis and values per example broadcast.
"""

import functools
import inspect
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lossfns._domains import REAL, Domain, positive, truth_value
from lossfns._inputs import Flat, Rows, Weights, as_numbers, check_shapes
from lossfns._rows import LONG, NARROW, NOTED, SEARCHING

MEMORY = 2**20 - 2**16  # bytes for a block's temporaries, so that they stay in the cache
TEMPORARIES = 5  # arrays of a block's size that a formula holds at its worst moment
SMALL = 4096  # elements that are always one block
WIDEST = np.longdouble  # with more exponent than float64, except on Windows and Apple silicon
REDUCTIONS = ("mean", "sum", "none")
# Freeing a large piece once makes the C library of Linux keep what is freed later. Without it, the
# pages of every temporary come anew from the system, and cost more than the arithmetic on them.
np.empty(4 * MEMORY, np.uint8)
PARAMETERS = {"delta": positive, "from_logits": truth_value}
SHRINK = 2.0**-70  # exact, and enough for a sum of 2**63 values to stay finite
TINY = 2.0**-100  # below, float32 has begun to lose digits, or whole values, of what was added up


@dataclass(frozen=True)
class Spec:
    """What the engine must know about a loss besides its formula."""

    rows: bool = False
    labels: bool = False
    y_true: Domain = REAL
    y_pred: Domain = REAL
    distance_to_kink: Callable | None = None
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
    return _public(formula, Spec(**spec))


def gradient_of(value):
    """Turn a formula for d loss / d y_pred into the public gradient of the loss ``value``."""

    def decorate(formula):
        value.grad = _public(formula, replace(value.spec, gradient=True))
        return value.grad

    return decorate


def _public(formula, spec):
    spec_of_logits = replace(spec, y_pred=REAL)

    @functools.wraps(formula)
    def function(y_true, y_pred, *, reduction="mean", sample_weight=None, **parameters):
        for name, given in parameters.items():
            if name in PARAMETERS:
                parameters[name] = PARAMETERS[name](name, given)
        call = functools.partial(formula, **parameters) if parameters else formula
        domains = spec_of_logits if parameters.get("from_logits") else spec
        arguments = (call, domains, y_true, y_pred, reduction, sample_weight)
        if NOTED:
            searching = SEARCHING.set(False)
            try:
                with np.errstate(over="raise", invalid="raise", divide="ignore", under="ignore"):
                    return _evaluate(*arguments)
            except FloatingPointError:
                pass
            finally:
                SEARCHING.reset(searching)
        with np.errstate(all="ignore"):
            return _evaluate(*arguments, careful=True)

    signature = inspect.signature(formula)
    keyword = functools.partial(inspect.Parameter, kind=inspect.Parameter.KEYWORD_ONLY)
    added = [keyword("reduction", default="mean"), keyword("sample_weight", default=None)]
    function.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *added])
    function.spec = spec
    return function


def _evaluate(formula, spec, y_true, y_pred, reduction, sample_weight, *, careful=False):
    """What the public function returns; or, unless ``careful``, an error where that needs care."""
    y_true, y_pred = as_numbers("y_true", y_true), as_numbers("y_pred", y_pred)
    if not isinstance(reduction, str) or reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be one of {REDUCTIONS}, found {reduction!r}")
    mean = reduction == "mean"
    labels = check_shapes(y_true, y_pred, rows=spec.rows, labels=spec.labels)
    shape = y_pred.shape[:-1] if spec.rows else y_pred.shape
    weights = None if sample_weight is None else Weights(sample_weight, shape, mean=mean)
    divisor = 1 if not mean else weights.total if weights else math.prod(shape)
    single = y_pred.dtype.char == "f" and (labels or y_true.dtype.char == "f")
    dtype = np.float32 if single else np.float64
    precision = np.float64 if weights else dtype

    blocks = functools.partial(_blocks, formula, spec, y_true, y_pred, weights)
    if not spec.gradient and reduction != "none":
        if not careful:
            value = _total(blocks(precision)) / divisor
            too_little_left = single and 0 < abs(value) < TINY
            if not (math.isinf(value) or too_little_left):
                return dtype(value)
        # A square or the sum may have overflowed, the mean need not.
        return dtype(_total(blocks(np.float64, careful=True), SHRINK) / divisor / SHRINK)
    out = np.empty(y_pred.shape if spec.gradient else shape, dtype)
    flat = out.reshape(-1, y_pred.shape[-1]) if spec.gradient and spec.rows else out.reshape(-1)
    for block, values in blocks(precision, careful=careful):
        if out.size <= SMALL:
            np.divide(values.T, divisor, out=flat[block])
        else:  # faster than dividing, and as exact but for the last digit
            np.multiply(values.T, 1 / divisor, out=flat[block])
        del values  # a long row should be gone before the next one comes
    return out[()]


def _total(blocks, shrink=None):
    """Add up in float64; a power of two as ``shrink`` keeps the sum finite."""
    sums = [
        np.add.reduce(values if shrink is None else values * shrink, axis=None, dtype=np.float64)
        for _, values in blocks
    ]
    return sums[0] if len(sums) == 1 else np.add.reduce(sums)


def _blocks(formula, spec, y_true, y_pred, weights, precision, *, careful=False):
    """Yield slices of the examples and their weighted values (gradients: one example a column)."""
    width = y_pred.shape[-1] if spec.rows else 1
    examples = y_pred.size // width
    labels = y_true.ndim < y_pred.ndim
    turned = spec.rows and width <= NARROW and spec.y_pred is REAL
    targets = Rows(y_true, turned=turned) if spec.rows and not labels else Flat(y_true)
    predictions = Rows(y_pred, turned=turned) if spec.rows else Flat(y_pred)
    step = examples
    if y_pred.size > SMALL:
        copies = TEMPORARIES + (weights is not None)
        for x, read in ((y_true, targets), (y_pred, predictions)):
            copies += (x.dtype != precision or turned) + (not read.contiguous)
        step = max(1, MEMORY // copies // np.dtype(precision).itemsize // width)
        step = 1 if width > LONG else step
    for start in range(0, examples, step):
        block = slice(start, min(start + step, examples))
        t = targets.read(block, np.intp if labels else precision)
        p = predictions.read(block, precision)
        missing = also_missing = None
        if not (labels or spec.y_true is REAL):
            missing = spec.y_true.check("y_true", t, start, y_true.shape)
        if spec.y_pred is not REAL:
            also_missing = spec.y_pred.check("y_pred", p, start, y_pred.shape)
        values = formula(t, p)
        if careful and width <= LONG:
            values = _mended(values, formula, t, p)
        for examples_with_nan in (missing, also_missing):
            if examples_with_nan is not None:
                values[..., examples_with_nan] = np.nan
        if weights is not None:
            values = weights.weigh(values, block)
        yield block, values
        del values


def _mended(values, formula, t, p):
    """Values of the formula, infinite only if still so with more exponent."""
    infinite = np.isinf(values)
    examples = np.flatnonzero(infinite if values.ndim == 1 else infinite.any(axis=0))
    if not examples.size:
        return values
    wider = np.float64 if values.dtype == np.float32 else WIDEST
    values = values.astype(wider)
    step = max(1, SMALL // (p.size // p.shape[-1]))
    for few in (examples[i : i + step] for i in range(0, examples.size, step)):
        wide = formula(
            t[..., few] if t.dtype == np.intp else t[..., few].astype(wider),
            p[..., few].astype(wider),
        )
        values[..., few] = np.where(np.isinf(values[..., few]), wide, values[..., few])
    return values
