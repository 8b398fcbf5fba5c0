"""Each loss and its gradient as one writes them in a line of NumPy, to be timed against.

Nothing is checked, nothing is done in blocks, and where the obvious line overflows or loses its
digits the usual stable line stands instead, as in any tutorial.
"""

import numpy as np


def mean_squared_error(y, p):
    return np.mean((p - y) ** 2)


def mean_squared_error_grad(y, p):
    return 2 * (p - y) / len(p)


def mean_absolute_error(y, p):
    return np.mean(np.abs(p - y))


def mean_absolute_error_grad(y, p):
    return np.sign(p - y) / len(p)


def huber(y, p):
    return np.mean(np.where(np.abs(p - y) <= 1, (p - y) ** 2 / 2, np.abs(p - y) - 0.5))


def huber_grad(y, p):
    return np.where(np.abs(p - y) <= 1, p - y, np.sign(p - y)) / len(p)


def hinge(y, p):
    return np.mean(np.maximum(0, 1 - y * p))


def hinge_grad(y, p):
    return np.where(y * p < 1, -y, 0) / len(p)


def binary_cross_entropy(y, p):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def binary_cross_entropy_grad(y, p):
    return ((1 - y) / (1 - p) - y / p) / len(p)


def binary_cross_entropy_logits(y, z):
    return np.mean(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))


def binary_cross_entropy_logits_grad(y, z):
    return (1 / (1 + np.exp(-z)) - y) / len(z)


def cross_entropy(y, p):
    return -np.mean(np.sum(y * np.log(p), axis=-1))


def cross_entropy_grad(y, p):
    return -y / p / len(p)


def _log_softmax(z):
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def cross_entropy_logits(y, z):
    return -np.mean(np.sum(y * _log_softmax(z), axis=-1))


def cross_entropy_logits_grad(y, z):
    return (_softmax(z) - y) / len(z)


def cross_entropy_labels_logits(y, z):
    return -np.mean(_log_softmax(z)[np.arange(len(z)), y])


def cross_entropy_labels_logits_grad(y, z):
    return (_softmax(z) - np.eye(z.shape[-1], dtype=z.dtype)[y]) / len(z)


def kl_divergence(p, q):
    return np.mean(np.sum(p * np.log(p / q), axis=-1))


def kl_divergence_grad(p, q):
    return -p / q / len(p)


def kl_divergence_logits(p, z):
    return np.mean(np.sum(p * (np.log(p) - _log_softmax(z)), axis=-1))


def kl_divergence_logits_grad(p, z):
    return (_softmax(z) - p) / len(z)


def cosine_similarity_loss(a, b):
    return np.mean(
        1 - np.sum(a * b, axis=-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))
    )


def cosine_similarity_loss_grad(a, b):
    norm_a, norm_b = (np.linalg.norm(x, axis=-1, keepdims=True) for x in (a, b))
    cosine = np.sum(a * b, axis=-1, keepdims=True) / (norm_a * norm_b)
    return (cosine * b / norm_b - a / norm_a) / norm_b / len(b)
