"""Wrong formulas that students write, each with a word that the feedback must contain.

These are first attempts, so they know neither weights nor reductions; what is asked is that the
first level says what is wrong.
"""

import numpy as np
from answers.three_liners import (
    cosine_similarity_loss,
    cross_entropy,
    hinge,
    huber,
    kl_divergence,
)


def length(v):
    return np.sqrt(np.sum(v**2, axis=1, keepdims=True))


def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cosines(y, p):
    return np.sum(y * p, axis=1, keepdims=True) / length(y) / length(p)


def huber_pieces(inside, outside):
    def answer(y, p, delta=1.0):
        r = p - y
        return np.mean(np.where(abs(r) <= delta, inside(r, delta), outside(r, delta)))

    return answer


def huber_slopes(inside, outside):
    def answer(y, p, delta=1.0):
        r = p - y
        return np.where(abs(r) <= delta, inside(r, delta), outside(r, delta)) / len(r)

    return answer


MISTAKES = {
    "mean_squared_error": [
        (lambda y, p: np.sum((y - p) ** 2), "factor n"),
        (lambda y, p: np.mean((y - p) ** 2) / 2, "half as large"),
        (lambda y, p: -np.mean((y - p) ** 2), "sign is opposite"),
        (lambda y, p: np.sqrt(np.mean((y - p) ** 2)), "RMSE"),
        (lambda y, p: np.mean(abs(y - p)), "mean absolute error"),
        (lambda y, p: np.mean(y - p), "cancel"),
        (lambda y, p: np.mean(y - p) ** 2, "before they are squared"),
        (lambda y, p: np.mean(y**2 - p**2), "before the subtraction"),
        (lambda y, p: np.sum((y - p) ** 2) / (len(y) - 1), "divided by n - 1"),
        (lambda y, p: (y - p) ** 2, "one number is wanted"),
        (lambda y, p: np.mean((y[:, None] - p[None, :]) ** 2), "no simple factor"),
        (lambda y, p: np.mean((y - p) ^ 2), "raises"),
        (lambda y, p: np.mean(np.maximum(p - y, 0) ** 2), "predictions that are too low"),
        (lambda y, p: np.mean((y - p) ** 2) / len(y), "too small by the factor n"),
        (lambda y, p: np.median((y - p) ** 2), "no simple factor"),
    ],
    "mean_squared_error_grad": [
        (lambda y, p: 2 * (p - y), "gradient of the sum"),
        (lambda y, p: (p - y) / len(y), "half as large"),
        (lambda y, p: 2 * (y - p) / len(y), "sign is opposite"),
        (lambda y, p: (y - p) / len(y), "sign is opposite; and half"),
        (lambda y, p: np.mean(2 * (p - y)), "one entry for every entry"),
        (lambda y, p: 2 * np.sign(p - y) / len(y), "only the sign"),
        (lambda y, p: np.sign(p - y) / len(y), "only the sign"),
        (lambda y, p: 2 * abs(p - y) / len(y), "every sign is the same"),
        (lambda y, p: (p - y) ** 2 / len(y), "this is the loss again"),
        (lambda y, p: 2 * (p - y) / len(y) ** 2, "divided twice"),
        (lambda y, p: 2 * p / len(y), "wrong"),
        (lambda y, p: 2 * (p - y)[:, None] / len(y), "has shape"),
    ],
    "mean_absolute_error": [
        (lambda y, p: np.sum(abs(y - p)), "factor n"),
        (lambda y, p: abs(np.sum(y - p)), "both together"),
        (lambda y, p: -np.mean(abs(y - p)), "sign is opposite"),
        (lambda y, p: np.mean(p - y), "cancel"),
        (lambda y, p: np.mean(y - p), "cancel"),
        (lambda y, p: abs(np.mean(y - p)), "cancel"),
        (lambda y, p: np.mean((y - p) ** 2), "mean squared error"),
        (lambda y, p: np.sqrt(np.mean((y - p) ** 2)), "RMSE"),
        (lambda y, p: np.median(abs(y - p)), "median"),
        (lambda y, p: np.max(abs(y - p)), "largest"),
        (lambda y, p: np.mean(abs(y) - abs(p)), "too"),
        (lambda y, p: abs(y - p), "one number is wanted"),
        (lambda y, p: np.mean(abs(y - p)) / 2, "half as large"),
        (lambda y, p: np.mean(np.maximum(y - p, 0)), "predictions that are too high"),
    ],
    "mean_absolute_error_grad": [
        (lambda y, p: np.sign(p - y), "gradient of the sum"),
        (lambda y, p: np.sign(y - p) / len(y), "sign is opposite"),
        (lambda y, p: (p - y) / len(y), "grows with its residual"),
        (lambda y, p: 2 * (p - y) / len(y), "mean squared error"),
        (lambda y, p: np.ones_like(y) / len(y), "every sign is the same"),
        (lambda y, p: np.mean(np.sign(p - y)), "one entry for every entry"),
        (lambda y, p: abs(p - y) / len(y), "loss again"),
        (lambda y, p: np.where(p > y, 1, 0) / len(y), "zero comes out"),
        (lambda y, p: 2 * np.sign(p - y) / len(y), "twice"),
        (lambda y, p: np.sign(p - y) / len(y) ** 2, "divided twice"),
        (lambda y, p: np.sign(y) / len(y), "the sign is opposite in"),
        (lambda y, p: np.sign(p - y) / 7, "fixed in the function"),
    ],
    "cross_entropy": [
        (lambda y, p: -np.sum(y * np.log(p)), "factor n"),
        (lambda y, p: -np.mean(y * np.log(p)), "mean is over the rows"),
        (lambda y, p: np.mean(np.sum(y * np.log(p), axis=1)), "sign is opposite"),
        (lambda y, p: -np.mean(np.sum(p * np.log(y), axis=1)), "infinity"),
        (lambda y, p: -np.mean(np.sum(y * np.log2(p), axis=1)), "base 2"),
        (lambda y, p: -np.mean(np.sum(y * np.log10(p), axis=1)), "base 10"),
        (lambda y, p: -np.mean(np.sum(y * p, axis=1)), "logarithm is missing"),
        (lambda y, p: -np.log(np.mean(np.sum(y * p, axis=1))), "before the logarithm"),
        (
            lambda y, p: -np.mean(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p), axis=1)),
            "binary",
        ),
        (lambda y, p: cross_entropy(y, softmax(p)), "softmax"),
        (lambda y, p: -np.mean(np.log(p.max(axis=1))), "likeliest class"),
        (lambda y, p: -np.sum(y * np.log(p), axis=1), "one number is wanted"),
        (lambda y, p: -np.sum(y * np.log(p), axis=0).mean(), "Rows and columns are mixed up"),
        (lambda y, p: -np.mean(np.sum(y * np.log(p + 1e-4), axis=1)), "digits"),
    ],
    "cross_entropy_grad": [
        (lambda y, p: -y / p, "gradient of the sum"),
        (lambda y, p: y / p / len(y), "sign is opposite"),
        (lambda y, p: (p - y) / len(y), "logits"),
        (lambda y, p: p - y, "logits"),
        (lambda y, p: -y / p / y.size, "mean is over the rows"),
        (lambda y, p: -1 / p / len(y), "not the true one"),
        (lambda y, p: (p - y) / (p * (1 - p)) / len(y), "not the true one"),
        (lambda y, p: -y * np.log(p) / len(y), "loss again"),
        (lambda y, p: -y * p / len(y), "multiplies"),
        (lambda y, p: -p / y / len(y), "infinity"),
        (lambda y, p: np.sum(-y / p, axis=1) / len(y), "has shape"),
        (lambda y, p: (softmax(p) - y) / len(y), "softmax"),
        (lambda y, p: -y / (p + 1e-4) / len(y), "digits"),
    ],
    "binary_cross_entropy": [
        (lambda y, p: -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)), "factor n"),
        (lambda y, p: np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), "sign is opposite"),
        (lambda y, p: -np.mean(y * np.log(p)), "label 0 cost nothing"),
        (lambda y, p: -np.mean((1 - y) * np.log(1 - p)), "label 1 cost nothing"),
        (lambda y, p: -np.mean((1 - y) * np.log(p) + y * np.log(1 - p)), "exchanged"),
        (lambda y, p: -np.mean(y * np.log(p) - (1 - y) * np.log(1 - p)), "opposite sign"),
        (lambda y, p: -np.mean(p * np.log(y) + (1 - p) * np.log(1 - y)), "infinity"),
        (lambda y, p: np.mean((p - y) ** 2), "Brier"),
        (lambda y, p: -np.mean(y * np.log2(p) + (1 - y) * np.log2(1 - p)), "base 2"),
        (lambda y, p: -np.mean(y * p + (1 - y) * (1 - p)), "logarithm is missing"),
        (
            lambda y, p: -np.mean(y * np.log(sigmoid(p)) + (1 - y) * np.log(1 - sigmoid(p))),
            "sigmoid",
        ),
        (lambda y, p: -np.log(np.mean(y * p + (1 - y) * (1 - p))), "before the logarithm"),
        (lambda y, p: -(y * np.log(p) + (1 - y) * np.log(1 - p)), "one number is wanted"),
        (lambda y, p: np.mean(np.where(y == p.round(), 0, 1)), "no simple factor"),
        (lambda y, p: -np.mean(y * np.log(p + 1e-4) + (1 - y) * np.log(1 - p + 1e-4)), "digits"),
    ],
    "binary_cross_entropy_grad": [
        (lambda y, p: (p - y) / (p * (1 - p)), "gradient of the sum"),
        (lambda y, p: (y - p) / (p * (1 - p)) / len(y), "sign is opposite"),
        (lambda y, p: (p - y) / len(y), "logits"),
        (lambda y, p: -y / p / len(y), "label 0 get no slope"),
        (lambda y, p: (1 - y) / (1 - p) / len(y), "label 1 get no slope"),
        (lambda y, p: (-y / p - (1 - y) / (1 - p)) / len(y), "opposite sign"),
        (lambda y, p: (-y / (1 - p) + (1 - y) / p) / len(y), "exchanged"),
        (lambda y, p: 2 * (p - y) / len(y), "squared error"),
        (lambda y, p: (sigmoid(p) - y) / len(y), "sigmoid"),
        (lambda y, p: np.mean((p - y) / (p * (1 - p))), "one entry for every entry"),
        (lambda y, p: (p - y) / (p * (1 - p)) / len(y) ** 2, "divided twice"),
        (lambda y, p: (p - y) / (p * (1 - p) + 1e-4) / len(y), "digits"),
        (lambda y, p: (p - y) / (y * (1 - y)) / len(y), "infinity"),
    ],
    "hinge": [
        (lambda y, p: np.sum(np.maximum(0, 1 - y * p)), "factor n"),
        (lambda y, p: np.mean(1 - y * p), "negative"),
        (lambda y, p: np.mean(np.maximum(0, -y * p)), "where is the margin"),
        (lambda y, p: np.mean(np.maximum(0, 1 + y * p)), "exchanged"),
        (lambda y, p: np.mean(np.maximum(0, 1 - y * p) ** 2), "squared hinge"),
        (lambda y, p: np.mean(abs(1 - y * p)), "cost something"),
        (lambda y, p: np.mean(np.log1p(np.exp(-y * p))), "logistic"),
        (lambda y, p: np.mean(np.maximum(0, 1 - p)), "labels play no part"),
        (lambda y, p: hinge(2 * y - 1, p), "taken as 0 and 1"),
        (lambda y, p: np.mean(y * p < 0), "counted, not measured"),
        (lambda y, p: np.maximum(0, 1 - y * p), "one number is wanted"),
        (lambda y, p: np.maximum(0, np.mean(1 - y * p)), "beyond the margin"),
        (lambda y, p: np.mean(np.minimum(0, 1 - y * p)), "zero comes out"),
        (lambda y, p: -hinge(y, p), "sign is opposite"),
        (lambda y, p: np.mean(max(0, 1 - y * p)), "raises ValueError"),
    ],
    "hinge_grad": [
        (lambda y, p: np.where(y * p < 1, -y, 0), "gradient of the sum"),
        (lambda y, p: np.where(y * p < 1, y, 0) / len(y), "sign is opposite"),
        (lambda y, p: -y / len(y), "beyond the margin have a slope"),
        (lambda y, p: np.where(y * p < 0, -y, 0) / len(y), "where is the margin"),
        (lambda y, p: np.where(y * p > 1, -y, 0) / len(y), "exchanged"),
        (lambda y, p: np.where(y * p < 1, -1, 0) / len(y), "label plays no part"),
        (lambda y, p: np.where(y * p < 1, -p, 0) / len(y), "respect to y_true"),
        (lambda y, p: -2 * y * np.maximum(0, 1 - y * p) / len(y), "squared hinge"),
        (lambda y, p: -y * np.maximum(0, 1 - y * p) / len(y), "grows with the distance"),
        (lambda y, p: -y / (1 + np.exp(y * p)) / len(y), "logistic"),
        (lambda y, p: np.mean(np.where(y * p < 1, -y, 0)), "one entry for every entry"),
        (lambda y, p: np.maximum(0, 1 - y * p) / len(y), "loss again"),
        (lambda y, p: np.where(p < 1, -y, 0) / len(y), "labels play no part"),
        (lambda y, p: -y if np.all(y * p < 1) else 0 * y, "factor n"),
    ],
    "huber": [
        (lambda y, p, delta=1.0: np.mean((y - p) ** 2) / 2, "by their square"),
        (lambda y, p, delta=1.0: np.mean(abs(y - p)), "mean absolute error"),
        (lambda y, p, delta=1.0: huber(y, p), "delta makes no difference"),
        (lambda y, p, delta=1.0: huber(y, p, delta) / delta, "δ = 1 only"),
        (lambda y, p, delta=1.0: len(y) * huber(y, p, delta), "factor n"),
        (huber_pieces(lambda r, d: r**2, lambda r, d: d * (abs(r) - d / 2)), "quadratic piece"),
        (huber_pieces(lambda r, d: r**2 / 2, lambda r, d: d * abs(r)), "do not meet"),
        (huber_pieces(lambda r, d: r**2 / 2, lambda r, d: abs(r) - d / 2), "δ = 1 only"),
        (huber_pieces(lambda r, d: r**2 / 2, lambda r, d: abs(r) - 0.5), "δ = 1 only"),
        (huber_pieces(lambda r, d: r**2 / 2, lambda r, d: d * (abs(r) - 0.5)), "δ = 1 only"),
        (huber_pieces(lambda r, d: r**2 / 2, lambda r, d: d * (r - d / 2)), "negative residuals"),
        (huber_pieces(lambda r, d: d * (abs(r) - d / 2), lambda r, d: r**2 / 2), "exchanged"),
        (
            lambda y, p, delta=1.0: np.mean(delta**2 * (np.sqrt(1 + ((y - p) / delta) ** 2) - 1)),
            "pseudo-Huber",
        ),
        (lambda y, p: 1.0 * huber(y, p), "no parameter `delta`"),
        (
            lambda y, p, delta=1.0: np.mean(
                np.where(y - p <= delta, (y - p) ** 2 / 2, delta * (abs(y - p) - delta / 2))
            ),
            "large positive residuals",
        ),
        (
            lambda y, p, delta=1.0: np.where(
                abs(y - p) <= delta, (y - p) ** 2 / 2, delta * (abs(y - p) - delta / 2)
            ),
            "one number is wanted",
        ),
    ],
    "huber_grad": [
        (lambda y, p, delta=1.0: np.clip(p - y, -delta, delta), "gradient of the sum"),
        (lambda y, p, delta=1.0: np.clip(y - p, -delta, delta) / len(y), "sign is opposite"),
        (lambda y, p, delta=1.0: np.clip(p - y, -1, 1) / len(y), "delta makes no difference"),
        (lambda y, p, delta=1.0: np.clip((p - y) / delta, -1, 1) / len(y), "δ = 1 only"),
        (lambda y, p, delta=1.0: (p - y) / len(y), "full size"),
        (lambda y, p, delta=1.0: 2 * (p - y) / len(y), "mean squared error"),
        (lambda y, p, delta=1.0: delta * np.sign(p - y) / len(y), "as hard as large ones"),
        (huber_slopes(lambda r, d: r, lambda r, d: np.sign(r)), "δ = 1 only"),
        (huber_slopes(lambda r, d: r, lambda r, d: d), "negative residuals"),
        (huber_slopes(lambda r, d: d * np.sign(r), lambda r, d: r), "exchanged"),
        (huber_slopes(lambda r, d: 2 * r, lambda r, d: d * np.sign(r)), "twice too large"),
        (huber_slopes(lambda r, d: r, lambda r, d: 0), "do not pull"),
        (huber_slopes(lambda r, d: r**2 / 2, lambda r, d: d * (abs(r) - d / 2)), "loss again"),
        (
            lambda y, p, delta=1.0: np.mean(np.clip(p - y, -delta, delta)),
            "one entry for every entry",
        ),
    ],
    "kl_divergence": [
        (lambda y, p: np.sum(y * np.log(y / p)), "factor n"),
        (lambda y, p: np.mean(y * np.log(y / p)), "mean is over the rows"),
        (lambda y, p: np.mean(np.sum(p * np.log(p / y), axis=1)), "other direction"),
        (lambda y, p: np.mean(np.sum(y * np.log(p / y), axis=1)), "sign is opposite"),
        (lambda y, p: -np.mean(np.sum(y * np.log(p), axis=1)), "cross-entropy"),
        (lambda y, p: np.mean(np.sum(y * np.log2(y / p), axis=1)), "base 2"),
        (lambda y, p: np.mean(np.sum(np.log(y / p), axis=1)), "alike"),
        (lambda y, p: np.mean(np.sum(p * np.log(y / p), axis=1)), "wrong distribution"),
        (lambda y, p: np.mean(np.sum(abs(y * np.log(y / p)), axis=1)), "made positive"),
        (lambda y, p: np.mean(np.sum((y - p) * np.log(y / p), axis=1)), "added together"),
        (
            lambda y, p: (kl_divergence(y, (y + p) / 2) + kl_divergence(p, (y + p) / 2)) / 2,
            "Jensen",
        ),
        (lambda y, p: np.mean(np.sum((y - p) ** 2, axis=1)), "squared differences"),
        (lambda y, p: np.sum(y * np.log(y / p), axis=1), "one number is wanted"),
        (lambda y, p: np.mean(np.sum(y * np.log(y) / np.log(p), axis=1)), "quotient"),
        (lambda y, p: np.mean(np.sum(y * np.log(y), axis=1)), "y_pred plays no part"),
    ],
    "kl_divergence_grad": [
        (lambda y, p: -y / p, "gradient of the sum"),
        (lambda y, p: y / p / len(y), "sign is opposite"),
        (lambda y, p: -p / y / len(y), "exchanged"),
        (lambda y, p: (p - y) / len(y), "logits"),
        (lambda y, p: (np.log(y / p) + 1) / len(y), "respect to y_true"),
        (lambda y, p: np.log(y / p) / len(y), "not a logarithm"),
        (lambda y, p: y * np.log(y / p) / len(y), "loss again"),
        (lambda y, p: (np.log(p / y) + 1) / len(y), "other direction"),
        (lambda y, p: -1 / p / len(y), "alike"),
        (lambda y, p: -y * p / len(y), "multiplies"),
        (lambda y, p: (1 - y / p) / len(y), "same constant"),
        (lambda y, p: np.sum(-y / p, axis=1) / len(y), "has shape"),
        (lambda y, p: -y / p / y.size, "mean is over the rows"),
    ],
    "cosine_similarity_loss": [
        (lambda y, p: len(y) * cosine_similarity_loss(y, p), "factor n"),
        (lambda y, p: np.mean(cosines(y, p)), "similarity"),
        (lambda y, p: -np.mean(cosines(y, p)), "off by a constant"),
        (lambda y, p: np.mean(1 + cosines(y, p)), "opposite ones"),
        (lambda y, p: 1 - np.mean(np.sum(y * p, axis=1)), "lengths"),
        (lambda y, p: np.mean(1 - cosines(y, p) / length(y) / length(p)), "square root"),
        (lambda y, p: np.mean(1 - cosines(y, p) * length(y)), "length of y_true"),
        (lambda y, p: np.mean(1 - cosines(y, p) * length(p)), "length of y_pred"),
        (lambda y, p: np.mean(np.arccos(cosines(y, p))), "angle"),
        (lambda y, p: np.mean(1 - abs(cosines(y, p))), "point apart"),
        (lambda y, p: np.mean((1 - cosines(y, p)) / 2), "half as large"),
        (
            lambda y, p: 1 - np.sum(y * p) / np.linalg.norm(y) / np.linalg.norm(p),
            "one long vector",
        ),
        (
            lambda y, p: np.mean(
                1 - np.sum(y * p, 0) / np.linalg.norm(y, axis=0) / np.linalg.norm(p, axis=0)
            ),
            "columns",
        ),
        (
            lambda y, p: 1 - np.dot(y, p) / np.sqrt(np.dot(y, y) * np.dot(p, p)),
            "one row alone",
        ),
        (lambda y, p: np.mean(np.sum((y - p) ** 2, axis=1)), "squared distances"),
        (
            lambda y, p: np.mean(
                1 - np.sum(y / np.linalg.norm(y, axis=1) * (p / length(p)), axis=1)
            ),
            "raises ValueError",
        ),
    ],
    "cosine_similarity_loss_grad": [
        (
            lambda y, p: (cosines(y, p) * p / length(p) - y / length(y)) / length(p),
            "gradient of the sum",
        ),
        (
            lambda y, p: (y / length(y) - cosines(y, p) * p / length(p)) / length(p) / len(y),
            "sign is opposite",
        ),
        (lambda y, p: -y / length(y) / length(p) / len(y), "part along y_pred"),
        (lambda y, p: -y / length(y) / len(y), "part along y_pred"),
        (lambda y, p: -y / len(y), "dot product"),
        (
            lambda y, p: (cosines(y, p) * p / length(p) - y / length(y)) / len(y),
            "length 1 only",
        ),
        (
            lambda y, p: (cosines(y, p) * y / length(y) - p / length(p)) / length(y) / len(y),
            "respect to y_true",
        ),
        (
            lambda y, p: -(cosines(y, p) * p / length(p) + y / length(y)) / length(p) / len(y),
            "added where",
        ),
        (lambda y, p: cosines(y, p) * p / length(p) ** 2 / len(y), "only the part along"),
        (lambda y, p: (p / length(p) - y / length(y)) / len(y), "difference of the directions"),
        (
            lambda y, p: np.mean(
                (cosines(y, p) * p / length(p) - y / length(y)) / length(p), axis=0
            ),
            "has shape",
        ),
        (
            lambda y, p: (cosines(y, p) * p / length(p) - y / length(y)) / length(p) / y.size,
            "mean is over the rows",
        ),
        (lambda y, p: 1 - cosines(y, p), "has shape"),
    ],
}
