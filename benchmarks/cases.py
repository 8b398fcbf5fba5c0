"""What is timed: each loss, one way of calling it, inputs of every size, and its rivals."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import lossfns
from benchmarks import plain


@dataclass(frozen=True)
class Case:
    """A loss called in one way; ``name`` is also that of its plain lines."""

    name: str
    draw: Callable
    loss: str
    title: str
    columns: int | None = None
    from_logits: bool = False

    def shape(self, n):
        """For n elements in all."""
        return (n,) if self.columns is None else (n // self.columns, self.columns)

    def inputs(self, n, dtype):
        """Return valid random inputs of n elements in all."""
        arrays = self.draw(np.random.default_rng(0), self.shape(n))
        return [a if a.dtype.kind == "i" else a.astype(dtype) for a in arrays]

    def ours(self):
        """Value and gradient, as `lossfns` computes them."""
        loss = lossfns.LOSSES[self.loss]
        options = {"from_logits": True} if self.from_logits else {}
        return (lambda y, p: loss(y, p, **options)), (lambda y, p: loss.grad(y, p, **options))

    def plain(self):
        """Value and gradient, in a line of NumPy each."""
        return getattr(plain, self.name), getattr(plain, f"{self.name}_grad")


def _real(rng, shape):
    return rng.normal(size=shape), rng.normal(size=shape)


def _signs(rng, shape):
    return rng.choice([-1.0, 1.0], size=shape), rng.normal(size=shape)


def _chances(rng, shape):
    return rng.integers(2, size=shape).astype(float), rng.uniform(0.01, 0.99, size=shape)


def _chances_logits(rng, shape):
    return rng.integers(2, size=shape).astype(float), 2 * rng.normal(size=shape)


def _rows(rng, shape):
    rows = rng.uniform(0.05, 1, size=shape)
    return rows / rows.sum(axis=-1, keepdims=True)


def _two_rows(rng, shape):
    return _rows(rng, shape), _rows(rng, shape)


def _rows_logits(rng, shape):
    return _rows(rng, shape), 2 * rng.normal(size=shape)


def _labels_logits(rng, shape):
    return rng.integers(shape[-1], size=shape[0]), 2 * rng.normal(size=shape)


def _of_rows(name, draw, loss, title, *, from_logits=False):
    return [
        Case(f"{name}", draw, loss, f"{title}, rows of {columns}", columns, from_logits)
        for columns in (100, 10)
    ]


CASES = [
    Case("mean_squared_error", _real, "mean_squared_error", "squared error"),
    Case("mean_absolute_error", _real, "mean_absolute_error", "absolute error"),
    Case("huber", _real, "huber", "Huber"),
    Case("hinge", _signs, "hinge", "hinge"),
    Case("binary_cross_entropy", _chances, "binary_cross_entropy", "binary cross-entropy"),
    Case(
        "binary_cross_entropy_logits",
        _chances_logits,
        "binary_cross_entropy",
        "binary cross-entropy, logits",
        from_logits=True,
    ),
    *_of_rows(
        "cross_entropy_labels_logits",
        _labels_logits,
        "cross_entropy",
        "cross-entropy, labels and logits",
        from_logits=True,
    ),
    *_of_rows(
        "cross_entropy_logits",
        _rows_logits,
        "cross_entropy",
        "cross-entropy, soft labels and logits",
        from_logits=True,
    ),
    *_of_rows("cross_entropy", _two_rows, "cross_entropy", "cross-entropy, probabilities"),
    *_of_rows("kl_divergence", _two_rows, "kl_divergence", "KL divergence"),
    *_of_rows(
        "kl_divergence_logits",
        _rows_logits,
        "kl_divergence",
        "KL divergence, logits",
        from_logits=True,
    ),
    *_of_rows("cosine_similarity_loss", _real, "cosine_similarity_loss", "cosine similarity loss"),
]
