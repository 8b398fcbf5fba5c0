"""Right answers written differently, each with the later questions that it gets right too.

The same formula has many faces; none of them may cost a mark.
"""

import math

import numpy as np

SPEED = "400,000 numbers"


def mse_einsum(y_true, y_pred):
    r = y_true - y_pred
    return np.einsum("i,i->", r, r) / r.size


def mse_dot(y, y_hat):
    return (y - y_hat) @ (y - y_hat) / len(y)


def mse_norm(y_true, y_pred):
    return np.linalg.norm(y_true - y_pred) ** 2 / np.size(y_true)


def mse_moments(y_true, y_pred):
    r = y_true - y_pred
    return np.var(r) + np.mean(r) ** 2


def mse_loop(y_true, y_pred):
    total = 0.0
    for y, p in zip(y_true, y_pred, strict=True):
        total += (y - p) ** 2
    return total / len(y_true)


def mse_grad_product(y_true, y_pred):
    return np.multiply(2 / y_pred.size, np.subtract(y_pred, y_true))


def mse_grad_in_place(y_true, y_pred):
    g = y_pred.copy()
    g -= y_true
    g *= 2
    g /= g.size
    return g


def mse_grad_central(y_true, y_pred):
    return ((y_pred + 1 - y_true) ** 2 - (y_pred - 1 - y_true) ** 2) / 2 / y_true.size


def mae_maximum(y_true, y_pred):
    return np.maximum(y_true - y_pred, y_pred - y_true).mean()


def mae_root(y_true, y_pred):
    return np.sqrt((y_true - y_pred) ** 2).mean()


def mae_sign(y_true, y_pred):
    r = y_pred - y_true
    return np.sign(r) @ r / r.size


def mae_grad_compare(y_true, y_pred):
    return ((y_pred > y_true) * 1.0 - (y_pred < y_true)) / y_true.size


def mae_grad_where(y_true, y_pred):
    r = y_pred - y_true
    return np.where(r > 0, 1, np.where(r < 0, -1, 0)) / r.size


def mae_grad_ratio(y_true, y_pred):
    r = y_pred - y_true
    return r / np.where(r == 0, 1, np.abs(r)) / r.size


def ce_einsum(y_true, y_pred):
    return -np.einsum("ij,ij->", y_true, np.log(y_pred)) / len(y_true)


def ce_columns(y_true, y_pred):
    total = 0.0
    for c in range(y_true.shape[1]):
        total = total - y_true[:, c] * np.log(y_pred[:, c])
    return np.mean(total)


def ce_picked(y_true, y_pred):
    labels = y_true.argmax(axis=1)
    return np.mean(-np.log(y_pred[np.arange(len(labels)), labels]))


def ce_logits(y_true, y_pred, *, from_logits=False):
    log_p = (
        y_pred - np.logaddexp.reduce(y_pred, axis=-1, keepdims=True)
        if from_logits
        else np.log(y_pred)
    )
    return -np.mean(np.sum(y_true * log_p, axis=-1))


def ce_grad_where(y_true, y_pred):
    gradient = np.zeros_like(y_pred)
    np.divide(-y_true, y_pred, out=gradient, where=y_true > 0)
    return gradient / len(y_true)


def ce_grad_columns(y_true, y_pred):
    columns = [-y_true[:, c] / y_pred[:, c] for c in range(y_true.shape[1])]
    return np.stack(columns, axis=1) / y_true.shape[0]


def ce_grad_exp(y_true, y_pred):
    return -y_true * np.exp(-np.log(y_pred)) / y_true.shape[0]


def bce_where(y_true, y_pred):
    return np.mean(
        np.where(y_true == 1, -np.log(np.where(y_true == 1, y_pred, 1)), 0)
        + np.where(y_true == 0, -np.log(np.where(y_true == 0, 1 - y_pred, 1)), 0)
    )


def bce_xlogy(y_true, y_pred):
    def xlogy(x, y):
        return np.where(x == 0, 0, x * np.log(np.where(x == 0, 1, y)))

    return -(xlogy(y_true, y_pred) + xlogy(1 - y_true, 1 - y_pred)).mean()


def bce_logit(y_true, y_pred):
    z = np.log(y_pred) - np.log1p(-y_pred)
    return np.mean(np.logaddexp(0, z) - y_true * z)


def bce_logits(y_true, y_pred, from_logits=False):
    if from_logits:
        return np.mean(np.maximum(y_pred, 0) - y_true * y_pred + np.log1p(np.exp(-abs(y_pred))))
    return -np.mean(y_true * np.log(y_pred) + (1 - y_true) * np.log1p(-y_pred))


def bce_likelihood(y_true, y_pred):
    return -np.log(y_true * y_pred + (1 - y_true) * (1 - y_pred)).mean()


def bce_grad_fraction(y_true, y_pred):
    return (y_pred - y_true) / (y_pred * (1 - y_pred)) / y_true.size


def bce_grad_labels(y_true, y_pred):
    return np.where(y_true == 1, -1 / y_pred, 1 / (1 - y_pred)) / y_true.size


def bce_grad_sign(y_true, y_pred):
    return -1 / (y_pred - (1 - y_true)) / y_true.size


def hinge_clip(y_true, y_pred):
    return np.clip(1 - y_true * y_pred, 0, None).mean()


def hinge_mask(y_true, y_pred):
    m = 1 - y_true * y_pred
    return (m * (m > 0)).sum() / m.size


def hinge_abs(y_true, y_pred):
    m = 1 - y_true * y_pred
    return np.mean(m + abs(m)) / 2


def hinge_grad_mask(y_true, y_pred):
    return -y_true * (y_true * y_pred < 1) / y_true.size


def hinge_grad_index(y_true, y_pred):
    g = np.zeros(y_true.shape)
    inside = y_true * y_pred < 1
    g[inside] = -y_true[inside]
    return g / g.size


def hinge_grad_heaviside(y_true, y_pred):
    return -y_true * np.heaviside(1 - y_true * y_pred, 0) / y_true.size


def huber_clip(y_true, y_pred, delta=1.0):
    r = y_pred - y_true
    c = np.clip(r, -delta, delta)
    return np.mean(c * (r - c / 2))


def huber_minimum(y_true, y_pred, delta=1.0):
    r = np.abs(y_pred - y_true)
    inside = np.minimum(r, delta)
    return np.mean(inside**2 / 2 + delta * (r - inside))


def huber_piecewise(y_true, y_pred, delta=1.0):
    r = abs(y_pred - y_true)
    pieces = [lambda r: 0.5 * r * r, lambda r: delta * r - 0.5 * delta * delta]
    return np.piecewise(r, [r <= delta, r > delta], pieces).mean()


def huber_strict(y_true, y_pred, delta=1.0):
    r = y_true - y_pred
    small = np.abs(r) < delta
    return (0.5 * r**2 * small + delta * (np.abs(r) - 0.5 * delta) * ~small).mean()


def huber_grad_where(y_true, y_pred, delta=1.0):
    r = y_pred - y_true
    return np.where(abs(r) <= delta, r, delta * np.sign(r)) / r.size


def huber_grad_weights(y_true, y_pred, delta=1.0):
    r = y_pred - y_true
    return r * np.minimum(1, delta / np.maximum(np.abs(r), 1e-300)) / r.size


def huber_grad_max_min(y_true, y_pred, delta=1.0):
    return np.maximum(-delta, np.minimum(delta, y_pred - y_true)) / y_pred.size


def kl_difference(y_true, y_pred):
    return np.sum(y_true * (np.log(y_true) - np.log(y_pred)), axis=-1).mean()


def kl_entropies(y_true, y_pred):
    cross, own = -y_true * np.log(y_pred), -y_true * np.log(y_true)
    return cross.sum(axis=1).mean() - own.sum(axis=1).mean()


def kl_columns(y_true, y_pred):
    terms = [p * np.log(p / q) for p, q in zip(y_true.T, y_pred.T, strict=True)]
    return np.mean(np.sum(terms, axis=0))


def kl_bregman(y_true, y_pred):
    terms = y_true * np.log(y_true / y_pred) - y_true + y_pred
    return terms.sum() / y_true.shape[0]


def kl_grad_columns(y_true, y_pred):
    return np.stack([-p / q for p, q in zip(y_true.T, y_pred.T, strict=True)], axis=1) / len(y_true)


def kl_grad_safe(y_true, y_pred):
    safe = np.where(y_true > 0, y_pred, 1)
    return -(y_true / safe) / len(y_true)


def kl_grad_exp(y_true, y_pred):
    return -np.exp(np.log(y_true) - np.log(y_pred)) / len(y_true)


def cosine_sphere(y_true, y_pred):
    a = y_true / np.sqrt((y_true**2).sum(axis=-1, keepdims=True))
    b = y_pred / np.sqrt((y_pred**2).sum(axis=-1, keepdims=True))
    return np.mean(np.sum((a - b) ** 2, axis=-1)) / 2


def cosine_einsum(y_true, y_pred):
    dot = np.einsum("ij,ij->i", y_true, y_pred)
    squares = np.einsum("ij,ij->i", y_true, y_true) * np.einsum("ij,ij->i", y_pred, y_pred)
    return 1 - np.mean(dot / np.sqrt(squares))


def cosine_columns(y_true, y_pred):
    dot = sum(y_true[:, j] * y_pred[:, j] for j in range(y_true.shape[1]))
    a = sum(y_true[:, j] ** 2 for j in range(y_true.shape[1])) ** 0.5
    b = sum(y_pred[:, j] ** 2 for j in range(y_true.shape[1])) ** 0.5
    return np.mean(1 - dot / a / b)


def cosine_angle(y_true, y_pred):
    dot = np.sum(y_true * y_pred, axis=-1)
    lengths = np.linalg.norm(y_true, axis=-1) * np.linalg.norm(y_pred, axis=-1)
    return np.mean(2 * np.sin(np.arccos(np.clip(dot / lengths, -1, 1)) / 2) ** 2)


def cosine_rows(y_true, y_pred):
    total = 0.0
    for a, b in zip(y_true, y_pred, strict=True):
        total += 1 - (a @ b) / math.sqrt((a @ a) * (b @ b))
    return total / len(y_true)


def cosine_grad_quotient(y_true, y_pred):
    dot = (y_true * y_pred).sum(axis=1, keepdims=True)
    a = np.sqrt((y_true**2).sum(axis=1, keepdims=True))
    b = np.sqrt((y_pred**2).sum(axis=1, keepdims=True))
    return (dot * y_pred / (a * b**3) - y_true / (a * b)) / y_true.shape[0]


def cosine_grad_projection(y_true, y_pred):
    length = np.linalg.norm(y_pred, axis=1)
    a = y_true / np.linalg.norm(y_true, axis=1)[:, None]
    b = y_pred / length[:, None]
    across = np.eye(y_true.shape[1]) - np.einsum("ni,nj->nij", b, b)
    return -np.einsum("nij,nj->ni", across, a) / length[:, None] / len(a)


def cosine_grad_columns(y_true, y_pred):
    columns = range(y_true.shape[1])
    a = sum(y_true[:, j] ** 2 for j in columns) ** 0.5
    b = sum(y_pred[:, j] ** 2 for j in columns) ** 0.5
    cosine = sum(y_true[:, j] * y_pred[:, j] for j in columns) / (a * b)
    gradient = np.empty_like(y_pred)
    for j in columns:
        gradient[:, j] = (cosine * y_pred[:, j] / b - y_true[:, j] / a) / b
    return gradient / len(gradient)


LARGE = "logits of ±1000 and ±10000"
ZERO_LOG_ZERO = "probabilities of exactly 0 and 1 that are right"

EQUIVALENTS = {
    "mean_squared_error": {
        mse_einsum: (SPEED, "integers", "float32"),
        mse_dot: (SPEED,),
        mse_norm: (SPEED, "arrays with one more axis"),
        mse_moments: (SPEED,),
        mse_loop: ("integers",),
    },
    "mean_squared_error_grad": {
        mse_grad_product: (SPEED, "arrays with one more axis"),
        mse_grad_in_place: (SPEED, "inputs stay as they are"),
        mse_grad_central: (SPEED,),
    },
    "mean_absolute_error": {
        mae_maximum: (SPEED, "residuals of 1e200"),
        mae_root: (SPEED,),
        mae_sign: (SPEED,),
    },
    "mean_absolute_error_grad": {
        mae_grad_compare: (SPEED, "residuals of exactly 0", "unsigned bytes (uint8)"),
        mae_grad_where: (SPEED, "residuals of exactly 0"),
        mae_grad_ratio: (SPEED, "residuals of exactly 0"),
    },
    "cross_entropy": {
        ce_einsum: (SPEED, "soft labels"),
        ce_columns: (SPEED, "soft labels"),
        ce_picked: (SPEED,),
        ce_logits: (SPEED, LARGE, "logits", "arrays with one more axis"),
    },
    "cross_entropy_grad": {
        ce_grad_where: (SPEED, ZERO_LOG_ZERO),
        ce_grad_columns: (SPEED,),
        ce_grad_exp: (SPEED,),
    },
    "binary_cross_entropy": {
        bce_where: (SPEED, ZERO_LOG_ZERO),
        bce_xlogy: (SPEED, ZERO_LOG_ZERO),
        bce_logit: (SPEED,),
        bce_logits: (SPEED, LARGE, "logits that are nearly perfect"),
        bce_likelihood: (SPEED,),
    },
    "binary_cross_entropy_grad": {
        bce_grad_fraction: (SPEED,),
        bce_grad_labels: (SPEED,),
        bce_grad_sign: (SPEED,),
    },
    "hinge": {
        hinge_clip: (SPEED, "arrays with one more axis"),
        hinge_mask: (SPEED,),
        hinge_abs: (SPEED,),
    },
    "hinge_grad": {
        hinge_grad_mask: (SPEED, "scores exactly on the margin"),
        hinge_grad_index: (SPEED, "arrays with one more axis"),
        hinge_grad_heaviside: (SPEED, "scores exactly on the margin"),
    },
    "huber": {
        huber_clip: (SPEED, "residuals of 1e200"),
        huber_minimum: (SPEED, "residuals of exactly δ"),
        huber_piecewise: (SPEED,),
        huber_strict: (SPEED, "residuals of exactly δ"),
    },
    "huber_grad": {
        huber_grad_where: (SPEED, "residuals of exactly δ"),
        huber_grad_weights: (SPEED, "residuals of 1e200"),
        huber_grad_max_min: (SPEED, "residuals of exactly δ"),
    },
    "kl_divergence": {
        kl_difference: (SPEED, "arrays with one more axis"),
        kl_entropies: (SPEED,),
        kl_columns: (SPEED,),
        kl_bregman: (SPEED,),
    },
    "kl_divergence_grad": {
        kl_grad_columns: (SPEED,),
        kl_grad_safe: (SPEED, "an outcome that neither distribution has"),
        kl_grad_exp: (SPEED,),
    },
    "cosine_similarity_loss": {
        cosine_sphere: (SPEED, "vectors that are nearly parallel", "arrays with one more axis"),
        cosine_einsum: (SPEED,),
        cosine_columns: (SPEED,),
        cosine_angle: (SPEED,),
        cosine_rows: (),
    },
    "cosine_similarity_loss_grad": {
        cosine_grad_quotient: (SPEED,),
        cosine_grad_projection: (SPEED,),
        cosine_grad_columns: (SPEED,),
    },
}
