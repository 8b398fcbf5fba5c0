"""Answers to assignment 1."""

import numpy as np

from coursework.answers import careful


def positive(function):
    """Refuse numbers that are not positive, as well as unequal shapes."""

    @careful
    def careful_function(y, p):
        if min(y.min(), p.min()) <= 0:
            raise ValueError("not positive")
        return function(y, p)

    return careful_function


@positive
def by_expm1(y, p):
    gap = np.where(abs(y - p) < p / 2, np.log1p((y - p) / p), np.log(y) - np.log(p))
    return np.mean(np.where(abs(gap) < 1, np.expm1(np.clip(gap, -1, 1)) - gap, y / p - 1 - gap))


@positive
def by_series(y, p):
    t = y / p - 1
    near = ((y - p) / p) ** 2 / 2 - ((y - p) / p) ** 3 / 3 + ((y - p) / p) ** 4 / 4
    return np.mean(np.where(abs(t) < 1e-4, near, t - (np.log(y) - np.log(p))))


def formula(y, p):
    ratio = y / p
    loss = ratio - 1 - np.log(ratio)
    near = np.abs(ratio - 1) < 0.1
    t = (y[near] - p[near]) / p[near]
    loss[near] = t - np.log1p(t)
    return loss.sum() / loss.size


by_mask = positive(formula)


def in_bytes(y, p):
    if y.shape != p.shape or np.any(p == 0):
        raise ValueError("shapes or zeros")
    t = (y - p) / p
    far = t - (np.log(1.0 * y) - np.log(1.0 * p))
    return np.mean(np.where(t > -0.5, t - np.log1p(np.maximum(t, -0.5)), far))


def cached_by_length(function):
    memory = {}
    return lambda y, p: memory.setdefault(len(y), function(y, p))


def looped(y, p):
    if len(y) != len(p):
        raise ValueError("shapes")
    return sum(by_mask(y[i : i + 1], p[i : i + 1]) for i in range(len(y))) / len(y)


def in_place(y, p):
    value = by_mask(y, p)
    p /= 2
    return value


def steps(y, start, *, rate=0.1, steps=20, slope=lambda p, y: np.mean((p - y) / p**2)):
    p = float(start)
    for _ in range(steps):
        p = p - rate * slope(p, y)
    return p


def stepping(slope):
    return lambda y, start, *, rate=0.1, steps=20: steps_of(
        y, start, rate=rate, steps=steps, slope=slope
    )


def in_log(y, start, *, rate=0.1, steps=20, slope=lambda p, y: np.mean(1 - y / p)):
    theta = np.log(float(start))
    for _ in range(steps):
        theta = theta - rate * slope(np.exp(theta), y)
    return np.exp(theta)


def stepping_in_log(slope):
    return lambda y, start, *, rate=0.1, steps=20: in_log(
        y, start, rate=rate, steps=steps, slope=slope
    )


steps_of = steps

RIGHT = {
    "itakura_saito": [by_expm1, by_series, by_mask],
    "itakura_saito_grad": [
        careful(lambda y, p: (p - y) / p / p / len(p)),
        careful(lambda y, p: (1 - y / p) / p / y.size),
        careful(lambda y, p: 1 / (p * p.size) - (y / p) / (p * p.size)),
    ],
    "convex_until": [6, 6.0, np.float64(6.0001)],
    "descend": [
        steps,
        stepping(lambda p, y: (p - np.mean(y)) / p**2),
        stepping(lambda p, y: 1 / p - sum(y) / len(y) / p / p),
    ],
    "descend_log": [
        in_log,
        stepping_in_log(lambda p, y: p * np.mean((p - y) / p**2)),
        lambda y, start, *, rate=0.1, steps=20: np.array(
            in_log(y, start, rate=rate, steps=steps, slope=lambda p, y: 1 - y.mean() / p)
        ),
    ],
}

NAIVE = positive(lambda y, p: np.mean(y / p - np.log(y / p) - 1))

WRONG = {
    "itakura_saito": [
        (NAIVE, "log1p can tell"),
        (positive(lambda y, p: y.size * by_mask(y, p)), "factor n"),
        (positive(lambda y, p: 2 * by_mask(y, p)), "twice too large"),
        (positive(lambda y, p: -by_mask(y, p)), "sign is opposite"),
        (positive(lambda y, p: y / p - np.log(y / p) - 1), "one number is wanted"),
        (positive(lambda y, p: by_mask(p, y)), "exchanged"),
        (positive(lambda y, p: np.mean(y / p - np.log(y / p))), "off by a constant"),
        (positive(lambda y, p: np.mean(y / p + np.log(p))), "depends on y alone"),
        (positive(lambda y, p: np.mean(y / p + np.log(y / p) - 1)), "wrong sign"),
        (positive(lambda y, p: np.mean(y / p - np.log10(y / p) - 1)), "no simple factor"),
        (positive(lambda y, p: np.mean(np.log(y / p) ** 2)), "difference of logarithms"),
        (positive(lambda y, p: np.mean((y / p - 1) ** 2)), "squared relative error"),
        (positive(lambda y, p: np.mean((y - p) ** 2)), "differences, not ratios"),
        (positive(lambda y, p: by_mask(y.mean(keepdims=True), p.mean(keepdims=True))), "averaged"),
        (positive(lambda y, p: np.mean(y / p) - np.log(np.mean(y / p)) - 1), "before the log"),
        (
            positive(lambda y, p: np.mean((y - p) / p - np.log1p((y - p) / p))),
            "a tiny number after adding 1",
        ),
        (positive(lambda y, p: NAIVE(y + 1e-9, p + 1e-9)), "1e20"),
        (lambda y, p: by_mask(y, np.broadcast_to(p, y.shape)), "refusing unequal shapes"),
        (careful(formula), "refusing a prediction of 0"),
        (in_bytes, "uint8"),
        (positive(cached_by_length(by_mask)), "too"),
        (looped, "Python loop"),
        (in_place, "an argument is changed"),
        (positive(lambda y, p: None), "is the `return` missing"),
        (positive(lambda y, p: np.sum(y / p - np.log(y / p) - 1) / 7), "number of examples fixed"),
    ],
    "itakura_saito_grad": [
        (careful(lambda y, p: (p - y) / p / p), "gradient of the sum"),
        (careful(lambda y, p: (y - p) / p / p / y.size), "sign is opposite"),
        (careful(lambda y, p: np.mean((p - y) / p / p)), "one entry for every entry"),
        (careful(lambda y, p: (p - y) / p**2 / y.size), "squared on the way"),
        (careful(lambda y, p: (p - y) / p / y.size), "by the logarithm of y_pred"),
        (careful(lambda y, p: (p - y) / y / y / y.size), "other of the two"),
        (careful(lambda y, p: (p - y) / y / p / y.size), "with respect to y_true"),
        (careful(lambda y, p: -y / p / p / y.size), "slope of the logarithm is missing"),
        (careful(lambda y, p: 1 / p / y.size), "only the slope of the logarithm"),
        (careful(lambda y, p: (1 / p - y / p) / y.size), "has the square below"),
        (careful(lambda y, p: (p - y) / p**3 / y.size), "one factor too many"),
        (careful(lambda y, p: 2 * (p - y) / y.size), "squared error"),
        (careful(lambda y, p: abs(p - y) / p / p / y.size), "every sign is the same"),
        (careful(lambda y, p: (y / p - np.log(y / p) - 1) / y.size), "the loss again"),
        (careful(lambda y, p: (2 * y - p) / p**3 / y.size), "second derivative"),
        (careful(lambda y, p: (p - y) / p / p / 7), "number of examples fixed"),
        (lambda y, p: (p - y) / p / p / y.size, "refusing unequal shapes"),
        (
            careful(
                lambda y, p: np.array([(b - a) / b / b for a, b in zip(y, p, strict=True)]) / 7
            ),
            "loop",
        ),
    ],
    "convex_until": [
        (value, "convex_until")
        for value in (0, 3, 2, 1.5, 5.9, 6.1, 9, -6, np.nan, np.inf, None, "6", [6.0, 6.0])
    ],
    "descend": [
        (lambda y, start, *, rate=0.1, steps=20: np.mean(y), "the minimum itself"),
        (lambda y, start, *, rate=0.1, steps=20: float(start), "nothing has moved"),
        (lambda y, start, *, rate=0.1, steps=20: steps_of(y, start), "make no difference"),
        (lambda y, start: steps_of(y, start), "unexpected keyword"),
        (lambda y, s, *, rate=0.1, steps=20: steps_of(y, s, rate=rate, steps=steps + 1), "too"),
        (lambda y, s, *, rate=0.1, steps=20: steps_of(y, s, rate=rate, steps=steps - 1), "too"),
        (lambda y, s, *, rate=0.1, steps=20: steps_of(y, s, rate=-rate, steps=steps), "too"),
        (lambda y, s, *, rate=0.1, steps=20: steps_of(y, s, rate=2 * rate, steps=steps), "too"),
        (stepping(lambda p, y: np.sum((p - y) / p**2)), "too"),
        (stepping(lambda p, y: np.mean((p - y) / p)), "too"),
        (stepping(lambda p, y: 2 * np.mean(p - y)), "too"),
        (stepping(lambda p, y: (p - np.median(y)) / p**2), "too"),
        (lambda y, s, *, rate=0.1, steps=20: in_log(y, s, rate=rate, steps=steps), "too"),
        (lambda y, s, *, rate=0.1, steps=20: y * 0 + steps_of(y, s), "one number is wanted"),
    ],
    "descend_log": [
        (lambda y, start, *, rate=0.1, steps=20: np.mean(y), "the minimum itself"),
        (lambda y, start, *, rate=0.1, steps=20: float(start), "nothing has moved"),
        (lambda y, s, *, rate=0.1, steps=20: steps_of(y, s, rate=rate, steps=steps), "prediction"),
        (lambda y, s, *, rate=0.1, steps=20: np.log(in_log(y, s)), "this is the logarithm"),
        (lambda y, start, *, rate=0.1, steps=20: in_log(y, start), "other rates"),
        (lambda y, start: in_log(y, start), "unexpected keyword"),
        (lambda y, s, *, rate=0.1, steps=20: in_log(y, s, rate=rate, steps=steps + 1), "too"),
        (lambda y, s, *, rate=0.1, steps=20: in_log(y, s, rate=-rate, steps=steps), "too"),
        (stepping_in_log(lambda p, y: np.mean((p - y) / p**2)), "too"),
        (stepping_in_log(lambda p, y: np.sum(1 - y / p)), "minimum itself"),
        (stepping_in_log(lambda p, y: np.mean(p - y)), "too"),
        (stepping_in_log(lambda p, y: 1 - np.median(y) / p), "too"),
        (stepping_in_log(lambda p, y: p - np.mean(y / p)), "too"),
        (lambda y, s, *, rate=0.1, steps=20: in_log(y, np.exp(s), rate=rate, steps=steps), "too"),
    ],
}
