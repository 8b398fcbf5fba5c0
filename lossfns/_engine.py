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
from lossfns._inputs import BLOCK, Flat, Rows, Weights, as_numbers, check_shapes

FEW_CLASSES = 64  # rows up to this length are transposed in memory: NumPy is slow to sum short rows
REDUCTIONS = ("mean", "sum", "none")
PARAMETERS = {"delta": positive, "from_logits": truth_value}
SHRINK = 2.0**-70  # exact, and enough for a sum of 2**63 values to stay finite


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
        for name in parameters.keys() & PARAMETERS.keys():
            parameters[name] = PARAMETERS[name](name, parameters[name])
        call = functools.partial(formula, **parameters) if parameters else formula
        of_logits = parameters.get("from_logits", False)
        with np.errstate(all="ignore"):
            return _evaluate(
                call,
                spec_of_logits if of_logits else spec,
                y_true,
                y_pred,
                reduction,
                sample_weight,
            )

    signature = inspect.signature(formula)
    keyword = functools.partial(inspect.Parameter, kind=inspect.Parameter.KEYWORD_ONLY)
    added = [keyword("reduction", default="mean"), keyword("sample_weight", default=None)]
    function.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *added])
    function.spec = spec
    return function


def _evaluate(formula, spec, y_true, y_pred, reduction, sample_weight):
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

    blocks = functools.partial(_blocks, formula, spec, y_true, y_pred, weights)
    if not spec.gradient and reduction != "none":
        value = _total(blocks(retry=False)) / divisor
        if math.isinf(value):  # a square or the sum overflowed; the mean may not
            value = _total(blocks(retry=True), SHRINK) / divisor / SHRINK
        return dtype(value)
    out = np.empty(y_pred.shape if spec.gradient else shape, dtype)
    flat = out.reshape(-1, y_pred.shape[-1]) if spec.gradient and spec.rows else out.reshape(-1)
    for block, values in blocks(retry=True):
        if divisor != 1:
            values /= divisor
        flat[block] = values.T
        del values  # a long row should be gone before the next one comes
    return out[()]


def _total(blocks, shrink=None):
    sums = [(values if shrink is None else values * shrink).sum() for _, values in blocks]
    return sums[0] if len(sums) == 1 else np.add.reduce(sums)


def _blocks(formula, spec, y_true, y_pred, weights, *, retry):
    """Yield slices of the examples and their weighted values (gradients: one example a column)."""
    width = y_pred.shape[-1] if spec.rows else 1
    examples = y_pred.size // width
    labels = y_true.ndim < y_pred.ndim
    targets = Rows(y_true) if spec.rows and not labels else Flat(y_true)
    predictions = Rows(y_pred) if spec.rows else Flat(y_pred)
    copies = targets.copied + predictions.copied + (weights is not None) + spec.rows
    step = max(1, BLOCK // (1 + copies) // width)
    for start in range(0, examples, step):
        block = slice(start, min(start + step, examples))
        t = targets[block].astype(np.intp) if labels else _columns(targets[block])
        p = _columns(predictions[block])
        missing = [None if labels else spec.y_true.check("y_true", t, start, y_true.shape)]
        missing += [spec.y_pred.check("y_pred", p, start, y_pred.shape)]
        values = formula(t, p)
        if retry and p.size <= BLOCK and not np.isfinite(values.sum()):
            wide = formula(t if labels else t.astype(np.longdouble), p.astype(np.longdouble))
            values = np.where(
                np.isinf(values), wide, values
            )  # infinite only if still so with more exponent
        for examples_with_nan in missing:
            if examples_with_nan is not None:
                values[..., examples_with_nan] = np.nan
        if weights is not None:
            weights.weigh(values, block)
        yield block, values
        del values


def _columns(block):
    """A block as float64, one example a column; longer rows are converted by the slice."""
    if block.ndim == 1:
        return block.astype(np.float64, copy=False)
    if block.size > BLOCK:
        return block.T
    return block.T.astype(
        np.float64, order="C" if block.shape[1] <= FEW_CLASSES else "K", copy=False
    )
