"""Answers to assignment 6."""

import math

import numpy as np

from coursework.answers import careful

# --- log-cosh -----------------------------------------------------------------------------------


@careful
def by_logaddexp(y, p):
    r = np.abs(p - y)
    far = np.logaddexp(r, -r) - np.log(2)
    return np.mean(np.where(r > 0.01, far, r**2 / 2 - r**4 / 12 + r**6 / 45))


@careful
def by_softplus(y, p):
    r = np.abs(p - y)
    far = r - np.log(2) + np.logaddexp(0, -2 * r)
    near = np.log1p(2 * np.sinh(np.clip(r, 0, 1) / 2) ** 2)
    return np.average(np.where(r < 1, near, far))


@careful
def by_tanh(y, p):
    t = np.abs(np.tanh(p - y))
    r = np.abs(p - y)
    with np.errstate(divide="ignore"):
        near = -0.5 * np.log1p(-(t**2))
    return np.mean(np.where(r < 5, near, r + np.log1p(np.exp(-2 * r)) - np.log(2)))


def cached_by_length(function):
    memory = {}

    def remember(y, p):
        if len(y) not in memory:
            memory[len(y)] = function(y, p)
        return memory[len(y)]

    return remember


def in_place(y, p):
    p -= y
    return by_logaddexp(np.zeros(len(p)), p)


def looped(y, p):
    if len(y) != len(p):
        raise ValueError("shapes")
    return sum(by_softplus(a, b) for a, b in zip(y, p, strict=True)) / len(y)


# --- Tukey --------------------------------------------------------------------------------------


@careful
def tukey_by_clip(y, p, *, c=4.685):
    u = np.clip((p - y) / c, -1, 1) ** 2
    return np.mean(c**2 / 6 * (1 - (1 - u) ** 3))


@careful
def tukey_by_mask(y, p, *, c=4.685):
    r = np.abs(p - y)
    loss = np.full(r.shape, c * c / 6)
    near = r <= c
    loss[near] *= 1 - (1 - (r[near] / c) ** 2) ** 3
    return loss.mean()


@careful
def tukey_by_polynomial(y, p, *, c=4.685):
    r = np.minimum(np.abs(p - y), c)
    return np.mean(r**2 / 2 - r**4 / (2 * c**2) + r**6 / (6 * c**4))


def tukey_of(formula):
    """Turn a formula of the residual and c into an answer."""
    return careful(lambda y, p, *, c=4.685: np.mean(formula(p - y, c)))


def slope_of(formula):
    """Turn a formula of the residual and c into a gradient."""
    return careful(lambda y, p, *, c=4.685: formula(p - y, c) / p.size)


def weight(r, c):
    return np.clip(1 - (r / c) ** 2, 0, None) ** 2


# --- The location -------------------------------------------------------------------------------


def location(y, start, *, c=4.685, steps=50, power=2, first=None):
    m = float(start if first is None else first(y))
    for _ in range(steps):
        w = np.clip(1 - ((y - m) / c) ** 2, 0, None) ** power
        if w.sum() == 0:
            return m
        m = np.average(y, weights=w)
    return m


def location_by_mask(y, start, *, c=4.685):
    m = float(start)
    for _ in range(50):
        near = y[np.abs(y - m) < c]
        if near.size == 0:
            break
        w = (1 - ((near - m) / c) ** 2) ** 2
        m = w @ near / w.sum()
    return np.float64(m)


def location_far_weights(y, start, *, c=4.685):
    m = float(start)
    for _ in range(50):
        w = (1 - ((y - m) / c) ** 2) ** 2
        m = np.sum(w * y) / np.sum(w)
    return m


def location_hard(y, start, *, c=4.685):
    m = float(start)
    for _ in range(50):
        near = np.abs(y - m) < c
        m = y[near].mean() if near.any() else m
    return m


RIGHT = {
    "log_cosh": [by_logaddexp, by_softplus, by_tanh],
    "log_cosh_grad": [
        careful(lambda y, p: np.tanh(p - y) / len(y)),
        careful(lambda y, p: (1 - 2 / (np.exp(2 * np.clip(p - y, -300, 300)) + 1)) / y.size),
        careful(lambda y, p: -np.tanh(y - p) * np.ones(p.shape) / np.prod(p.shape)),
    ],
    "overflow_at": [711, 711.0, np.float64(711), np.array(711)],
    "tukey": [tukey_by_clip, tukey_by_mask, tukey_by_polynomial],
    "tukey_grad": [
        slope_of(lambda r, c: r * weight(r, c)),
        slope_of(lambda r, c: np.where(abs(r) > c, 0, r * ((1 - r / c) * (1 + r / c)) ** 2)),
        slope_of(lambda r, c: (abs(r) < c) * (r - 2 * r**3 / c**2 + r**5 / c**4)),
    ],
    "fit_location": [
        location,
        location_by_mask,
        lambda y, start, *, c=4.685: np.array(location(y, start, c=c)),
    ],
}

WRONG = {
    "log_cosh": [
        (careful(lambda y, p: np.sum(np.log(np.cosh(p - y)))), "factor n"),
        (careful(lambda y, p: np.mean(np.log(np.cosh(p - y)))), "What does cosh do there"),
        (careful(lambda y, p: np.log(np.cosh(p - y))), "one number is wanted"),
        (careful(lambda y, p: -by_logaddexp(y, p)), "sign is opposite"),
        (careful(lambda y, p: by_logaddexp(y, p) / 2), "half as large"),
        (careful(lambda y, p: by_logaddexp(y, p) / np.log(2)), "base 2"),
        (careful(lambda y, p: np.mean(np.cosh(p - y) - 1)), "a logarithm is missing"),
        (careful(lambda y, p: np.log(np.mean(np.cosh(p - y)))), "before the logarithm"),
        (careful(lambda y, p: np.log(np.cosh(np.mean(p - y)))), "averaged before"),
        (careful(lambda y, p: np.mean(np.logaddexp(p - y, y - p))), "cosh is half"),
        (careful(lambda y, p: np.mean(np.abs(p - y)) - np.log(2)), "large residuals only"),
        (careful(lambda y, p: np.mean((p - y) ** 2) / 2), "small residuals only"),
        (careful(lambda y, p: np.mean(np.abs(p - y))), "absolute errors"),
        (careful(lambda y, p: np.mean(np.logaddexp(p - y, y - p) - np.log(2))), "millionth"),
        (careful(lambda y, p: by_logaddexp(np.float32(y), np.float32(p + 1e-4))), "digits only"),
        (careful(lambda y, p: np.mean(np.tanh(p - y))), "the slope, not the loss"),
        (lambda y, p: by_logaddexp(y, np.broadcast_to(p, y.shape)), "refusing unequal shapes"),
        (careful(cached_by_length(by_logaddexp)), "too"),
        (lambda y, p: np.mean(np.log1p(np.cosh(p - y) - 1)), "uint8"),
        (looped, "Python loop"),
        (in_place, "an argument is changed"),
        (careful(lambda y, p: math.log(math.cosh(p[0] - y[0]))), "right for n = 1"),
        (careful(lambda y, p: None), "is the `return` missing"),
        (lambda y, p: by_logaddexp(y), "raises TypeError"),
        (careful(lambda y, p: np.nan_to_num(np.mean(np.log(np.cosh(p - y))), posinf=9)), "1000"),
    ],
    "log_cosh_grad": [
        (careful(lambda y, p: np.tanh(p - y)), "gradient of the sum"),
        (careful(lambda y, p: np.tanh(y - p) / len(y)), "sign is opposite"),
        (careful(lambda y, p: np.mean(np.tanh(p - y))), "one entry for every entry"),
        (careful(lambda y, p: 2 * np.tanh(p - y) / len(y)), "twice too large"),
        (careful(lambda y, p: (p - y) / len(y)), "pull by their full size"),
        (careful(lambda y, p: np.sign(p - y) / len(y)), "pull as hard"),
        (careful(lambda y, p: np.tan(p - y) / len(y)), "circular tangent"),
        (careful(lambda y, p: np.sinh(p - y) / len(y)), "chain rule"),
        (careful(lambda y, p: np.sinh(p - y) * np.cosh(p - y) / len(y)), "slope divides"),
        (careful(lambda y, p: np.sinh(p - y) / np.cosh(p - y) / len(y)), "1000"),
        (careful(lambda y, p: np.tanh(np.abs(p - y)) / len(y)), "every sign is the same"),
        (careful(lambda y, p: (1 - np.tanh(p - y) ** 2) / len(y)), "second derivative"),
        (careful(lambda y, p: np.clip(p - y, -2, 2) / len(y)), "full size"),
        (careful(lambda y, p: np.log(np.cosh(p - y)) / len(y)), "this is the loss again"),
        (careful(lambda y, p: np.tanh(p - y)[:, None] / len(y)), "has shape"),
        (careful(lambda y, p: np.tanh(p - y) / 7), "number of examples fixed"),
        (lambda y, p: np.tanh(p - y) / y.size, "refusing unequal shapes"),
    ],
    "overflow_at": [
        (value, "overflow_at")
        for value in (0, 709, 710, 712, 1000, -711, 711.5, 1e308, np.nan, np.inf, "711", None)
    ]
    + [([711, 712], "not the number"), (np.cosh, "overflow_at")],
    "tukey": [
        (tukey_of(lambda r, c: c**2 / 6 * (1 - (1 - (r / c) ** 2) ** 3)), "polynomial goes on"),
        (
            tukey_of(
                lambda r, c: np.where(abs(r) <= c, c**2 / 6 * (1 - (1 - (r / c) ** 2) ** 3), 0)
            ),
            "it is the slope that is 0",
        ),
        (careful(lambda y, p, *, c=4.685: tukey_by_clip(y, p)), "c makes no difference"),
        (careful(lambda y, p: tukey_by_clip(y, p)), "unexpected keyword argument"),
        (careful(lambda y, p, *, c=4.685: tukey_by_clip(y, p, c=c) / c**2), "c² is missing"),
        (careful(lambda y, p, *, c=4.685: tukey_by_clip(y, p, c=c) / c), "one factor c"),
        (careful(lambda y, p, *, c=4.685: 6 * tukey_by_clip(y, p, c=c)), "too large"),
        (careful(lambda y, p, *, c=4.685: tukey_by_clip(y, p, c=c) * y.size), "factor n"),
        (careful(lambda y, p, *, c=4.685: -tukey_by_clip(y, p, c=c)), "sign is opposite"),
        (tukey_of(lambda r, c: np.minimum(r**2, c**2) / 2), "cut-off square"),
        (tukey_of(lambda r, c: r**2 / 2), "by their square"),
        (tukey_of(lambda r, c: c**2 / 6 * (1 - weight(r, c))), "power inside"),
        (
            tukey_of(lambda r, c: c**2 / 6 * np.clip(1 - (r / c) ** 2, 0, None) ** 3),
            "exact prediction should cost nothing",
        ),
        (
            tukey_of(
                lambda r, c: np.where(r <= c, c**2 / 6 * (1 - (1 - (r / c) ** 2) ** 3), c**2 / 6)
            ),
            "residuals beyond c",
        ),
        (
            careful(
                lambda y, p, *, c=4.685: (
                    c**2 / 6 * (1 - np.maximum(1 - (np.mean(p - y) / c) ** 2, 0) ** 3)
                )
            ),
            "too small",
        ),
        (
            lambda y, p, *, c=4.685: np.mean(
                c**2 / 6 * (1 - (1 - np.clip((p - y) / c, -1, 1) ** 2) ** 3)
            ),
            "refusing unequal shapes",
        ),
    ],
    "tukey_grad": [
        (slope_of(lambda r, c: r * (1 - (r / c) ** 2) ** 2), "still pull"),
        (slope_of(lambda r, c: r * np.clip(1 - (r / c) ** 2, 0, None)), "a square is missing"),
        (slope_of(weight), "what do they multiply"),
        (
            careful(lambda y, p, *, c=4.685: (p - y) * weight(p - y, 4.685) / y.size),
            "no difference",
        ),
        (careful(lambda y, p: (p - y) * weight(p - y, 4.685) / y.size), "unexpected keyword"),
        (careful(lambda y, p, *, c=4.685: (p - y) * weight(p - y, c)), "gradient of the sum"),
        (slope_of(lambda r, c: -r * weight(r, c)), "sign is opposite"),
        (slope_of(lambda r, c: r * weight(r, c) / c**2), "c² is missing"),
        (slope_of(lambda r, c: np.clip(r, -c, c)), "Huber"),
        (slope_of(lambda r, c: np.where(abs(r) <= c, r, 0)), "like the squared error"),
        (slope_of(lambda r, c: abs(r) * weight(r, c)), "every sign is the same"),
        (slope_of(lambda r, c: 6 * r * weight(r, c)), "too large"),
        (careful(lambda y, p, *, c=4.685: np.mean((p - y) * weight(p - y, c))), "one entry for"),
        (slope_of(lambda r, c: np.where(r < c, r * (1 - (r / c) ** 2) ** 2, 0)), "beyond c"),
        (slope_of(lambda r, c: np.where(abs(r) < c, r * weight(r, c), np.sign(r))), "beyond c"),
        (slope_of(lambda r, c: np.tanh(r)), "wrong"),
    ],
    "fit_location": [
        (lambda y, start, *, c=4.685: np.mean(y), "plain mean"),
        (lambda y, start, *, c=4.685: np.median(y), "median"),
        (lambda y, start, *, c=4.685: float(start), "nothing has moved"),
        (lambda y, start, *, c=4.685: location(y, start), "c makes no difference"),
        (lambda y, start: location(y, start), "unexpected keyword"),
        (lambda y, start, *, c=4.685: location(y, start, c=c, steps=1), "too"),
        (lambda y, start, *, c=4.685: location(y, start, c=c, steps=3), "digits only"),
        (lambda y, start, *, c=4.685: location(y, start, c=c, power=1), "too"),
        (lambda y, start, *, c=4.685: location(y, start, c=c, power=4), "too"),
        (lambda y, start, *, c=4.685: location(y, start, c=c, first=np.median), "start"),
        (lambda y, start, *, c=4.685: location(y, start, c=c, first=np.max), "wrong"),
        (lambda y, start, *, c=4.685: location(y, start, c=2 * c), "too"),
        (location_far_weights, "no simple factor"),
        (location_hard, "too"),
        (
            lambda y, start, *, c=4.685: location(y, start, c=c, first=lambda y: 0.0),
            "start is ignored",
        ),
        (lambda y, start, *, c=4.685: -location(y, start, c=c), "sign is opposite"),
    ],
}
