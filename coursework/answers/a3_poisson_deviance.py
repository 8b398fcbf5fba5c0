"""Answers to assignment 3."""

import math

import numpy as np

from coursework.answers import careful

# --- The deviance -------------------------------------------------------------------------------


def counting(function):
    """Refuse unequal shapes, as `careful` does, and negative counts."""

    @careful
    def counting_function(y, p, *, from_log=False):
        if np.any(y < 0):
            raise ValueError("negative")
        return function(y, p, from_log)

    return counting_function


def deviances(y, eta, rate):
    """Return the deviance of each example, from the logarithm of its rate and the rate."""
    came = y > 0
    gap = np.zeros(y.shape)
    gap[came] = y[came] * (np.log(y[came]) - eta[came])
    return 2 * (gap - y + rate)


def right(y, p, from_log):
    with np.errstate(divide="ignore"):
        return np.mean(deviances(y, p if from_log else np.log(p), np.exp(p) if from_log else p))


def by_where(y, p, from_log):
    with np.errstate(divide="ignore", invalid="ignore"):
        eta, rate = (p, np.exp(p)) if from_log else (np.log(p), p)
        loss = y * np.log(y) - y * eta - y + rate
    return 2 * np.average(np.where(y == 0, rate, loss))


def by_sums(y, p, from_log):
    came = y > 0
    with np.errstate(divide="ignore"):
        rate = np.exp(p) if from_log else p
        log_rate = p[came] if from_log else np.log(p[came])
    total = np.sum(rate) - np.sum(y) + y[came] @ np.log(y[came]) - y[came] @ log_rate
    return 2 * total / len(y)


def by_expm1(y, p, from_log):
    with np.errstate(divide="ignore"):
        u = (p if from_log else np.log(p)) - np.log(np.maximum(y, 1e-300))
    u = np.where(y > 0, u, 0)
    return 2 * np.mean(np.where(y > 0, y * (np.expm1(u) - u), np.exp(p) if from_log else p))


def of_rates(formula):
    """Turn a formula of counts and rates into an answer that is right about everything else."""
    return counting(lambda y, p, from_log: formula(y, np.exp(p) if from_log else p))


def ylog(y, ratio):
    return y * np.log(np.where(y > 0, ratio, 1))


def with_tiny(y, p, from_log):
    rate = (np.exp(p) if from_log else p) + 1e-12
    return 2 * np.mean(ylog(y, y / rate) - y + rate)


def naive(y, p, from_log):
    rate = np.exp(p) if from_log else p
    with np.errstate(all="ignore"):
        return 2 * np.mean(y * np.log(y / rate) - y + rate)


def no_count(y, p, from_log):
    rate = np.exp(p) if from_log else p
    with np.errstate(all="ignore"):
        return 2 * np.mean(np.nan_to_num(y * np.log(y / rate)) - y + rate)


def in_bytes(y, p, *, from_log=False):
    if y.shape != p.shape or np.any(y < 0):
        raise ValueError("shapes or counts")
    with np.errstate(divide="ignore"):
        eta, rate = (p, np.exp(p)) if from_log else (np.log(p), p)
        own = np.log(y)
    return 2 * np.mean(np.where(y > 0, y * (np.where(y > 0, own, 0) - eta), 0) - 1.0 * y + rate)


def any_shape(y, p, *, from_log=False):
    if np.any(y < 0):
        raise ValueError("negative")
    y, p = np.broadcast_arrays(1.0 * y, 1.0 * p)
    return right(y, p, from_log)


def looped(y, p, from_log):
    return sum(right(y[i : i + 1], p[i : i + 1], from_log) for i in range(len(y))) / len(y)


# --- Its gradient -------------------------------------------------------------------------------


def slope(y, p, from_log=False):
    if from_log:
        return 2 * (np.exp(p) - y) / y.size
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2 * (1 - np.where(y > 0, y / p, 0)) / y.size


def slope_by_mask(y, p, *, from_log=False):
    result = np.full(y.shape, 2 / y.size)
    if from_log:
        return result * (np.exp(p) - y)
    came = y > 0
    result[came] *= (p[came] - y[came]) / p[came]
    return result


def slope_by_chain(y, p, *, from_log=False):
    by_eta = 2 / y.size * ((np.exp(p) if from_log else p) - y)
    return by_eta if from_log else np.where(y > 0, by_eta / np.where(p > 0, p, 1), 2 / y.size)


def sloping(formula):
    """Turn a formula of counts and rates into the slope by either."""
    return careful(
        lambda y, p, *, from_log=False: formula(y, np.exp(p) if from_log else p) / y.size
    )


# --- What it expects ----------------------------------------------------------------------------


def term(k, rate):
    return 2 * ((k * math.log(k / rate) if k else 0) - k + rate)


def expected(rate, *, most=400, first=0, term=term):
    rate = float(rate)
    return sum(
        math.exp(k * math.log(rate) - rate - math.lgamma(k + 1)) * term(k, rate)
        for k in range(first, most)
    )


def expected_by_products(rate):
    rate, chance = float(rate), math.exp(-float(rate))
    total = chance * term(0, rate)
    for k in range(1, 400):
        chance *= rate / k
        total += chance * term(k, rate)
    return total


def expected_by_arrays(rate):
    k = np.arange(1.0, 500.0)
    chance = np.exp(np.cumsum(np.log(rate / k)) - rate)
    return chance @ (2 * k * np.log(k / rate) - 2 * k + 2 * rate) + 2 * rate * np.exp(-rate)


def expected_by_factorials(rate):
    rate = float(rate)
    return sum(rate**k / math.factorial(k) * math.exp(-rate) * term(k, rate) for k in range(150))


def expected_by_floats(rate):
    k = np.arange(171.0)
    with np.errstate(all="ignore"):
        chance = rate**k / np.append(1, np.cumprod(k[1:])) * np.exp(-rate)
        return np.sum(chance * 2 * (np.where(k > 0, k * np.log(k / rate), 0) - k + rate))


def expected_by_drawing(rate):
    y = np.random.default_rng(0).poisson(rate, 10_000)
    return right(y.astype(float), np.full(y.size, float(rate)), from_log=False)


def squared(k, rate):
    return (k - rate) ** 2 / rate


RIGHT = {
    "poisson_deviance": [
        counting(right),
        counting(by_where),
        counting(by_sums),
        counting(by_expm1),
    ],
    "poisson_deviance_grad": [
        careful(lambda y, p, *, from_log=False: slope(y, p, from_log)),
        careful(slope_by_mask),
        careful(slope_by_chain),
    ],
    "share_lost": [0.23438516, np.float64(0.2344), np.array(0.234385)],
    "expected_deviance": [expected, expected_by_products, expected_by_arrays],
}

WRONG = {
    "poisson_deviance": [
        (counting(naive), "0 times the logarithm of 0"),
        (counting(lambda y, p, log: y.size * right(y, p, log)), "factor n"),
        (counting(lambda y, p, log: right(y, p, log) / 2), "half as large"),
        (counting(lambda y, p, log: -right(y, p, log)), "sign is opposite"),
        (of_rates(lambda y, p: 2 * (ylog(y, y / p) - y + p)), "one number is wanted"),
        (of_rates(lambda y, p: 2 * np.mean(p - ylog(y, p))), "what depends on y alone"),
        (of_rates(lambda y, p: np.mean(p - ylog(y, p))), "without its constant"),
        (of_rates(lambda y, p: right(p, np.maximum(y, 1e-9), from_log=False)), "exchanged"),
        (of_rates(lambda y, p: 2 * np.mean(ylog(y, y / p))), "without a logarithm are missing"),
        (of_rates(lambda y, p: 2 * np.mean(ylog(y, y / p) + y - p)), "wrong signs"),
        (of_rates(lambda y, p: 2 * np.mean(ylog(y, p / y) - y + p)), "the wrong sign"),
        (of_rates(lambda y, p: np.mean((y - p) ** 2 / p)), "Pearson"),
        (of_rates(lambda y, p: np.mean((y - p) ** 2)), "this is the squared error"),
        (
            of_rates(lambda y, p: np.mean((np.log1p(y) - np.log1p(p)) ** 2)),
            "squared error of logarithms",
        ),
        (
            of_rates(lambda y, p: 2 * np.sum((ylog(y, y / p) - y + p)[y > 0]) / y.size),
            "no count cost nothing",
        ),
        (of_rates(lambda y, p: 2 * np.mean((ylog(y, y / p) - y + p)[y > 0])), "are left out"),
        (
            of_rates(lambda y, p: 2 * np.mean((y + 1) * np.log((y + 1) / (p + 1)) - y + p)),
            "a 1 is added",
        ),
        (counting(with_tiny), "is something clipped"),
        (of_rates(lambda y, p: 2 * np.mean(ylog(y, y / p) - y + p)), "exponential taken"),
        (counting(no_count), "called it impossible"),
        (counting(lambda y, p, log: right(y, p, from_log=False)), "logarithm"),
        (careful(lambda y, p: right(y, p, from_log=False)), "unexpected keyword"),
        (in_bytes, "logarithm of a uint8"),
        (any_shape, "refusing unequal shapes"),
        (
            careful(lambda y, p, *, from_log=False: right(y, p, from_log)),
            "refusing a negative count",
        ),
        (counting(looped), "Python loop"),
        (counting(lambda y, p, log: right(y, p, log) * y.size / 7), "fixed in the function"),
        (counting(lambda y, p, log: None), "is the `return` missing"),
    ],
    "poisson_deviance_grad": [
        (careful(lambda y, p, *, from_log=False: slope(y, p, from_log) * y.size), "of the sum"),
        (careful(lambda y, p, *, from_log=False: -slope(y, p, from_log)), "sign is opposite"),
        (careful(lambda y, p, *, from_log=False: slope(y, p, from_log) / 2), "half as large"),
        (
            careful(lambda y, p, *, from_log=False: np.mean(slope(y, p, from_log))),
            "one entry for every entry",
        ),
        (
            careful(
                lambda y, p, *, from_log=False: slope(y, np.exp(p) if from_log else p),
            ),
            "the chain rule",
        ),
        (careful(lambda y, p, *, from_log=False: slope(y, p)), "from_log makes no difference"),
        (careful(lambda y, p: slope(y, p)), "unexpected keyword"),
        (sloping(lambda y, p: 2 * (p - y)), "slope by the logarithm of the rate"),
        (
            careful(
                lambda y, p, *, from_log=False: (
                    slope(y, p, from_log) * (np.exp(p) if from_log else 1)
                )
            ),
            "once too often",
        ),
        (sloping(lambda y, p: -2 * y / p), "slope of the rate itself"),
        (sloping(lambda y, p: 2 * (1 - p / np.maximum(y, 1))), "upside down"),
        (sloping(lambda y, p: 2 * np.log(p / np.maximum(y, 1))), "slope by y_true"),
        (sloping(lambda y, p: 2 * abs(1 - y / p)), "every sign is the same"),
        (sloping(lambda y, p: 2 * y / p**2), "second derivative"),
        (sloping(lambda y, p: 2 * (ylog(y, y / p) - y + p)), "the loss again"),
        (careful(lambda y, p, *, from_log=False: 2 * (p - y) / y.size), "of the rate"),
        (
            careful(
                lambda y, p, *, from_log=False: (
                    slope(y, p, from_log) if from_log else 2 * (1 - y / p) / y.size
                )
            ),
            "what is its slope",
        ),
        (
            careful(
                lambda y, p, *, from_log=False: (
                    2 * (1 - y / np.exp(p)) * np.exp(p) / y.size if from_log else slope(y, p)
                )
            ),
            "a rate that has become 0",
        ),
        (
            careful(lambda y, p, *, from_log=False: slope(y, p, from_log) * y.size / 7),
            "fixed in the function",
        ),
        (lambda y, p, *, from_log=False: slope(y, p, from_log), "refusing unequal shapes"),
    ],
    "share_lost": [
        (value, "share_lost")
        for value in (0, 0.7138, 0.7656, 0.4222, 0.5388, 0.25, -0.2344, 23.44, 126, 411, 0.3062)
    ]
    + [(np.nan, "not the number"), (None, "no variable"), ("23 %", "share_lost")],
    "expected_deviance": [
        (lambda rate: 1.0, "rule of thumb"),
        (lambda rate: 1 + 1 / (6 * rate), "for large rates"),
        (lambda rate: -2 * rate * np.log(rate), "for small rates"),
        (lambda rate: expected(rate, first=1), "the count 0 is left out"),
        (lambda rate: expected(rate, most=2), "not enough"),
        (lambda rate: expected(rate, most=11), "a rate near 10"),
        (lambda rate: expected(rate, most=100), "Do enough counts take part"),
        (
            lambda rate: expected(rate, term=lambda k, m: 2 * (m - k * math.log(m))),
            "what depends on y alone",
        ),
        (
            lambda rate: expected(rate, term=lambda k, m: term(k, m) + 2 * k),
            "the term with y alone",
        ),
        (lambda rate: expected(rate) / 2, "half as large"),
        (lambda rate: -expected(rate), "sign is opposite"),
        (lambda rate: expected(rate, term=squared), "rule of thumb"),
        (expected_by_floats, "Logarithms of huge numbers"),
        (expected_by_factorials, "digits only"),
        (expected_by_drawing, "too"),
        (lambda rate: term(round(float(rate)), float(rate)), "of the expected count"),
        (lambda rate: np.array([expected(rate)] * 2), "one number is wanted"),
        (lambda rate: math.exp(-rate) * expected(rate), "too small"),
    ],
}
