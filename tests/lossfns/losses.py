"""The one list of losses behind the shared tests, with their domains as data.

A `Case` is a loss together with one way of calling it. It draws valid random
inputs, off the kinks, and knows the mathematics of one example to 400 digits,
written down here without a look at the implementation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

import lossfns

mp.dps = 400  # 1 - softmax([700, 0]) must not vanish

# What an argument may hold.


@dataclass(frozen=True)
class Domain:
    """Valid values of one argument, and some that are not."""

    draw: Callable[[np.random.Generator, tuple], np.ndarray]
    outside: tuple = ()
    name: str = ""

    def __repr__(self):
        return self.name


def draw_probability_rows(rng, shape):
    rows = rng.uniform(0.05, 1, size=shape)
    return rows / rows.sum(axis=-1, keepdims=True)


REAL = Domain(lambda rng, shape: rng.normal(scale=2, size=shape), name="real")
PROBABILITY = Domain(
    lambda rng, shape: rng.uniform(0.05, 0.95, size=shape),
    outside=(-0.25, 1.5, np.inf, -np.inf, -1e-300, np.nextafter(1, 2)),
    name="probability",
)
SIGN = Domain(
    lambda rng, shape: rng.choice([-1.0, 1.0], size=shape),
    outside=(0.0, 2.0, -3.0, 0.5, np.inf, -np.inf, np.nextafter(1, 0)),
    name="sign",
)
DISTRIBUTION = Domain(
    draw_probability_rows,
    outside=(-0.25, 1.5, np.inf, -np.inf),
    name="distribution",
)
CLASS = Domain(
    lambda rng, shape: rng.integers(shape[-1], size=shape[:-1]),
    outside=(-1, 100),
    name="class",
)

# The mathematics of one example: its value, and its gradient in the prediction.


def xlogy(x, y):
    """x log y with 0 log 0 = 0."""
    return mpf(0) if x == 0 else x * (mp.log(y) if y else -mp.inf)


def ratio(x, y):
    """x / y with 0 / 0 = 0."""
    if y:
        return x / y
    return mp.inf if x else mpf(0)


def softmax(z):
    exponentials = [mp.exp(value) for value in z]
    total = mp.fsum(exponentials)
    return [value / total for value in exponentials]


def one_hot(label, n_classes):
    return [mpf(int(c == label)) for c in range(n_classes)]


def squared_error(y, p):
    return (p - y) ** 2, 2 * (p - y)


def absolute_error(y, p):
    return abs(p - y), mp.sign(p - y)


def huber(y, p, delta=1.0):
    r, delta = p - y, mpf(delta)
    if abs(r) <= delta:
        return r**2 / 2, r
    return delta * (abs(r) - delta / 2), delta * mp.sign(r)


def hinge(y, p):
    margin = y * p
    return (1 - margin, -y) if margin < 1 else (mpf(0), mpf(0))


def binary_cross_entropy(y, p, from_logits=False):
    if from_logits:
        z = p
        p = 1 / (1 + mp.exp(-z))
        return y * mp.log1p(mp.exp(-z)) + (1 - y) * mp.log1p(mp.exp(z)), p - y
    value = -xlogy(y, p) - xlogy(1 - y, 1 - p)
    return value, -ratio(y, p) + ratio(1 - y, 1 - p)


def cross_entropy(y, p, from_logits=False):
    if not isinstance(y, list):
        y = one_hot(y, len(p))
    if from_logits:
        p, total = softmax(p), mp.fsum(y)
        gradient = [total * p_c - y_c for y_c, p_c in zip(y, p, strict=True)]
    else:
        gradient = [-ratio(y_c, p_c) for y_c, p_c in zip(y, p, strict=True)]
    return -mp.fsum(map(xlogy, y, p)), gradient


def kl_divergence(y, p, from_logits=False):
    cross, gradient = cross_entropy(y, p, from_logits)
    return cross + mp.fsum(map(xlogy, y, y)), gradient


def cosine_similarity_loss(y, p):
    y_norm, p_norm = mp.sqrt(mp.fdot(y, y)), mp.sqrt(mp.fdot(p, p))
    if y_norm == 0 or p_norm == 0:
        return mpf(1), [mpf(0)] * len(p)
    cosine = mp.fdot(y, p) / (y_norm * p_norm)
    gradient = [
        (cosine * p_c / p_norm - y_c / y_norm) / p_norm for y_c, p_c in zip(y, p, strict=True)
    ]
    return 1 - cosine, gradient


# The list.


@dataclass(frozen=True)
class Case:
    """A loss, one way of calling it, the domains of its arguments, its mathematics."""

    name: str
    loss: Callable
    true: Domain
    pred: Domain
    exact_example: Callable
    kwargs: dict[str, Any] = field(default_factory=dict)
    rows: bool = False

    def __str__(self):
        return self.name

    @property
    def has_labels(self):
        return self.true is CLASS

    def value(self, y_true, y_pred, **kwargs):
        with np.errstate(all="raise"):
            return self.loss(y_true, y_pred, **self.kwargs, **kwargs)

    def gradient(self, y_true, y_pred, **kwargs):
        with np.errstate(all="raise"):
            return self.loss.grad(y_true, y_pred, **self.kwargs, **kwargs)

    def draw(self, shape=(6,), *, classes=4, seed=0, dtype=np.float64):
        """Valid inputs for `shape` examples: (y_true, y_pred)."""
        rng = np.random.default_rng(seed)
        full = (*shape, classes) if self.rows else shape
        y_true, y_pred = self.true.draw(rng, full), self.pred.draw(rng, full)
        if not self.has_labels:
            y_true = np.asarray(y_true, dtype)
        return y_true, np.asarray(y_pred, dtype)

    def examples(self, y_true, y_pred):
        """Each example's (y, p) as 400-digit numbers, in C order."""
        y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
        if not self.rows:
            pairs = zip(y_true.ravel().tolist(), y_pred.ravel().tolist(), strict=True)
            return [(mpf(y), mpf(p)) for y, p in pairs]
        p_rows = y_pred.reshape(-1, y_pred.shape[-1]).tolist()
        y_rows = y_true.reshape(len(p_rows), -1).tolist()
        return [
            (y[0] if self.has_labels else [mpf(v) for v in y], [mpf(v) for v in p])
            for y, p in zip(y_rows, p_rows, strict=True)
        ]

    def exact(self, y_true, y_pred, *, reduction="mean", sample_weight=None):
        """Value and gradient as float64, each rounded once from 400 digits."""
        pairs = self.examples(y_true, y_pred)
        results = [self.exact_example(y, p, **self.kwargs) for y, p in pairs]
        values = [value for value, _ in results]
        slopes = [slope if self.rows else [slope] for _, slope in results]
        weights = [mpf(1)] * len(pairs)
        if sample_weight is not None:
            weights = [mpf(w) for w in np.asarray(sample_weight, float).ravel().tolist()]
        scale = 1 / mp.fsum(weights) if reduction == "mean" else mpf(1)
        terms = [scale * w * v if w else mpf(0) for w, v in zip(weights, values, strict=True)]
        gradient = [
            float(scale * w * s) if w else 0.0
            for w, slope in zip(weights, slopes, strict=True)
            for s in slope
        ]
        shape = np.shape(y_pred)
        if reduction == "none":
            value = np.array([float(t) for t in terms]).reshape(shape[:-1] if self.rows else shape)
        else:
            value = float(mp.fsum(terms))
        return value, np.array(gradient).reshape(shape)


LOGITS = {"from_logits": True}
CASES = [
    Case("mean_squared_error", lossfns.mean_squared_error, REAL, REAL, squared_error),
    Case("mean_absolute_error", lossfns.mean_absolute_error, REAL, REAL, absolute_error),
    Case(
        "cross_entropy", lossfns.cross_entropy, DISTRIBUTION, DISTRIBUTION, cross_entropy, rows=True
    ),
    Case(
        "cross_entropy-logits",
        lossfns.cross_entropy,
        DISTRIBUTION,
        REAL,
        cross_entropy,
        LOGITS,
        rows=True,
    ),
    Case(
        "cross_entropy-labels", lossfns.cross_entropy, CLASS, DISTRIBUTION, cross_entropy, rows=True
    ),
    Case(
        "cross_entropy-labels-logits",
        lossfns.cross_entropy,
        CLASS,
        REAL,
        cross_entropy,
        LOGITS,
        rows=True,
    ),
    Case(
        "binary_cross_entropy",
        lossfns.binary_cross_entropy,
        PROBABILITY,
        PROBABILITY,
        binary_cross_entropy,
    ),
    Case(
        "binary_cross_entropy-logits",
        lossfns.binary_cross_entropy,
        PROBABILITY,
        REAL,
        binary_cross_entropy,
        LOGITS,
    ),
    Case("hinge", lossfns.hinge, SIGN, REAL, hinge),
    Case("huber", lossfns.huber, REAL, REAL, huber),
    Case("huber-delta", lossfns.huber, REAL, REAL, huber, {"delta": 2.5}),
    Case(
        "kl_divergence", lossfns.kl_divergence, DISTRIBUTION, DISTRIBUTION, kl_divergence, rows=True
    ),
    Case(
        "kl_divergence-logits",
        lossfns.kl_divergence,
        DISTRIBUTION,
        REAL,
        kl_divergence,
        LOGITS,
        rows=True,
    ),
    Case(
        "cosine_similarity_loss",
        lossfns.cosine_similarity_loss,
        REAL,
        REAL,
        cosine_similarity_loss,
        rows=True,
    ),
]
BY_NAME = {case.name: case for case in CASES}

every_case = pytest.mark.parametrize("case", CASES, ids=str)
element_cases = pytest.mark.parametrize("case", [c for c in CASES if not c.rows], ids=str)
label_cases = pytest.mark.parametrize("case", [c for c in CASES if c.has_labels], ids=str)
row_cases = pytest.mark.parametrize("case", [c for c in CASES if c.rows], ids=str)
bounded_arguments = pytest.mark.parametrize(  # those with values to refuse
    ("case", "argument", "domain"),
    [(c, a, d) for c in CASES for a, d in (("y_true", c.true), ("y_pred", c.pred)) if d.outside],
    ids=str,
)
every_loss = pytest.mark.parametrize("loss", lossfns.LOSSES.values(), ids=lossfns.LOSSES)
REDUCTIONS = ("mean", "sum", "none")
every_reduction = pytest.mark.parametrize("reduction", REDUCTIONS)


def draw_weights(shape, seed=1):
    """Positive weights, with a zero among them where there is room."""
    weights = np.random.default_rng(seed).uniform(0.5, 2, size=shape)
    if weights.size > 1:
        weights.flat[0] = 0
    return weights


def central_difference(function, x, h=1e-6):
    """d function / dx for a scalar or, elementwise or row by row, an array value."""
    slope = np.empty_like(x)
    for index in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[index] = h
        difference = (function(x + step) - function(x - step)) / (2 * h)
        slope[index] = np.sum(difference)  # all other examples' differences are 0
    return slope


def minimise(function, low, high):
    """The minimiser of a unimodal function of one number, by golden section."""
    golden = (np.sqrt(5) - 1) / 2
    while high - low > 1e-9:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if function(left) < function(right):
            high = right
        else:
            low = left
    return (low + high) / 2


NUMBER = r"(?<![\w.])[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)(?!\w)"


def numbers_in(text):
    return [float(number) for number in re.findall(NUMBER, text)]
