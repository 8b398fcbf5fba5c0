"""Honest short answers: the formula as a student first writes it, for all sixteen exercises."""

import numpy as np


def mean_squared_error(y_true, y_pred):
    return np.mean((y_pred - y_true) ** 2)


def mean_squared_error_grad(y_true, y_pred):
    return 2 * (y_pred - y_true) / len(y_true)


def mean_absolute_error(y_true, y_pred):
    return np.mean(np.abs(y_pred - y_true))


def mean_absolute_error_grad(y_true, y_pred):
    return np.sign(y_pred - y_true) / len(y_true)


def cross_entropy(y_true, y_pred):
    return -np.mean(np.sum(y_true * np.log(y_pred), axis=1))


def cross_entropy_grad(y_true, y_pred):
    return -y_true / y_pred / len(y_true)


def binary_cross_entropy(y_true, y_pred):
    return -np.mean(y_true * np.log(y_pred) + (1 - y_true) * np.log(1 - y_pred))


def binary_cross_entropy_grad(y_true, y_pred):
    return ((1 - y_true) / (1 - y_pred) - y_true / y_pred) / len(y_true)


def hinge(y_true, y_pred):
    return np.mean(np.maximum(0, 1 - y_true * y_pred))


def hinge_grad(y_true, y_pred):
    return np.where(y_true * y_pred < 1, -y_true, 0) / len(y_true)


def huber(y_true, y_pred, delta=1.0):
    r = np.abs(y_pred - y_true)
    return np.mean(np.where(r <= delta, r**2 / 2, delta * (r - delta / 2)))


def huber_grad(y_true, y_pred, delta=1.0):
    return np.clip(y_pred - y_true, -delta, delta) / len(y_true)


def kl_divergence(y_true, y_pred):
    return np.mean(np.sum(y_true * np.log(y_true / y_pred), axis=1))


def kl_divergence_grad(y_true, y_pred):
    return -y_true / y_pred / len(y_true)


def cosine_similarity_loss(y_true, y_pred):
    lengths = np.linalg.norm(y_true, axis=1) * np.linalg.norm(y_pred, axis=1)
    return np.mean(1 - np.sum(y_true * y_pred, axis=1) / lengths)


def cosine_similarity_loss_grad(y_true, y_pred):
    a = y_true / np.linalg.norm(y_true, axis=1, keepdims=True)
    length = np.linalg.norm(y_pred, axis=1, keepdims=True)
    b = y_pred / length
    return (np.sum(a * b, axis=1, keepdims=True) * b - a) / length / len(y_true)
