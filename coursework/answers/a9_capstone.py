"""Answers to assignment 9."""

import math

import numpy as np

from coursework.answers import careful
from losslab import datasets

# --- The bill -----------------------------------------------------------------------------------


def bill(late, early=np.negative):
    """Make a cost from one formula for late buses and another for early ones."""

    @careful
    def cost(y, p, *, miss=60.0):
        r = p - y
        return np.mean(np.where(r > 0, late(r, miss), early(r)))

    return cost


@careful
def by_mask(y, p, *, miss=60.0):
    late = p > y
    return (miss * late.sum() + (y - p)[~late].sum()) / y.size


@careful
def by_parts(y, p, *, miss=60.0):
    return miss * np.mean(np.heaviside(p - y, 0)) + np.average(np.maximum(y - p, 0))


def by_loop(y, p, *, miss=60.0):
    if np.shape(y) != np.shape(p):
        raise ValueError("shapes")
    return math.fsum(miss if b > a else float(a) - float(b) for a, b in zip(y, p)) / len(y)  # noqa: B905


def cached_by_length(function):
    memory = {}

    def remember(y, p, **options):
        if len(y) not in memory:
            memory[len(y)] = function(y, p, **options)
        return memory[len(y)]

    return remember


# --- The best time ------------------------------------------------------------------------------


def costs_of(times, y, miss):
    late = times[:, None] > y
    return np.mean(np.where(late, miss, y - times[:, None]), axis=1)


def time_among(choose, function=costs_of, pick=np.argmin):
    """Make a search among some times."""

    def search(y, *, miss=60.0):
        times = np.asarray(choose(y), float)
        return times[pick(function(times, y, miss))]

    return search


def time_by_sums(y, *, miss=60.0):
    y = np.sort(y)
    n, k = y.size, np.arange(y.size)
    waited = np.cumsum(y[::-1])[::-1] - (n - k) * y
    return y[np.argmin(waited + miss * k)]


def time_by_loop(y, *, miss=60.0):
    best, least = None, math.inf
    for a in np.unique(y):
        cost = sum(miss if b < a else b - a for b in y)
        if cost < least:
            best, least = a, cost
    return best


def time_downhill(y, *, miss=60.0):
    """Go on from the mean as long as the next wait is better."""
    y = np.sort(y)
    cost = costs_of(y, y, miss)
    k = np.searchsorted(y, y.mean())
    while k > 0 and cost[k - 1] < cost[k]:
        k -= 1
    return y[k]


def time_of(cost):
    """Make a search with a cost of its own."""

    def search(y, *, miss=60.0):
        return min(y, key=lambda a: cost(y, np.full(y.size, a), miss=miss))

    return search


def late_at_zero(times, y, miss):
    return np.mean(np.where(times[:, None] >= y, miss, y - times[:, None]), axis=1)


# --- The rounded cost ---------------------------------------------------------------------------


def rounded(formula):
    """Turn a formula of r, miss and width into an answer."""
    return careful(lambda y, p, *, miss=60.0, width=2.0: np.mean(formula(p - y, miss, width)))


def slope_of(formula):
    """Turn a formula of r, miss and width into a gradient."""
    return careful(lambda y, p, *, miss=60.0, width=2.0: formula(p - y, miss, width) / p.size)


def sigmoid(t):
    """Return the sigmoid, with all digits on both sides."""
    e = np.exp(-np.abs(t))
    return np.where(t > 0, 1, e) / (1 + e)


def soft(t):
    """Return log(1 + exp(t)) without overflow."""
    return np.maximum(t, 0) + np.log1p(np.exp(-np.abs(t)))


def exact(r, miss, width):
    return miss * sigmoid(r / width) + width * soft(-r / width)


def by_tanh(r, miss, width):
    return miss * (1 + np.tanh(r / width / 2)) / 2 + width * np.logaddexp(0, -r / width)


def by_cases(r, miss, width):
    t = r / width
    e = np.exp(-np.abs(t))
    early = miss * e / (1 + e) - r + width * np.log1p(e)
    return np.where(t < 0, early, miss / (1 + e) + width * np.log1p(e))


def exact_slope(r, miss, width):
    t = r / width
    return sigmoid(-t) * (miss * sigmoid(t) / width - 1)


def slope_by_parts(r, miss, width):
    e = np.exp(-np.abs(r) / width)
    return miss / width * e / (1 + e) ** 2 - np.where(r > 0, e, 1) / (1 + e)


def slope_by_cosh(r, miss, width):
    t = np.clip(r / width, -700, 700)
    return miss / width / (2 + 2 * np.cosh(t)) - 1 / (1 + np.exp(t))


def naive(r, miss, width):
    return miss / (1 + np.exp(-r / width)) + width * np.log(1 + np.exp(-r / width))


def naive_slope(r, miss, width):
    e = np.exp(r / width)
    return miss / width * e / (1 + e) ** 2 - 1 / (1 + e)


def subtracting_slope(r, miss, width):
    s = sigmoid(r / width)
    return (1 - s) * (miss * s / width - 1)


def raw_bytes(y, p, *, miss=60.0, width=2.0):
    if y.shape != p.shape:
        raise ValueError("shapes")
    return np.mean(exact(p - y, miss, width))


def looped(y, p, *, miss=60.0, width=2.0):
    if np.shape(y) != np.shape(p):
        raise ValueError("shapes")
    return sum(exact(float(b) - float(a), miss, width) for a, b in zip(y, p, strict=True)) / len(y)


def broadcasting(y, p, *, miss=60.0, width=2.0):
    return np.mean(exact(np.subtract(p, y, dtype=float), miss, width))


# --- The line -----------------------------------------------------------------------------------


def line_by(slope=exact_slope, *, centre=3.5, sign=-1.0, extra=0, copy=True, final=lambda w: w):
    """Make a fit of which parts may be changed."""

    def fit(x, y, start, *, miss=60.0, width=2.0, rate=0.3, steps=300):
        w = start.astype(float) if copy else start
        design = np.column_stack([np.ones(x.size), x - centre])
        for _ in range(steps + extra):
            w += sign * rate * design.T @ (slope(design @ w - y, miss, width) / y.size)
        return final(w)

    return fit


def line_in_two_numbers(x, y, start, *, miss=60.0, width=2.0, rate=0.3, steps=300):
    a, b = start
    for _ in range(steps):
        pull = slope_by_parts(a + b * (x - 3.5) - y, miss, width)
        a, b = a - rate * np.mean(pull), b - rate * np.mean(pull * (x - 3.5))
    return np.array([a, b])


def line_by_recursion(x, y, start, miss=60.0, width=2.0, rate=0.3, steps=300):
    w = np.array(start)
    left = steps
    while left:
        pull = exact_slope(w[0] + w[1] * (x - 3.5) - y, miss, width) / len(x)
        w = w - rate * np.einsum("i,ij->j", pull, np.stack([x**0, x - 3.5], axis=1))
        left -= 1
    return w


def with_options(**fixed):
    """Make a fit that does not listen to some of its options."""

    def fit(x, y, start, *, miss=60.0, width=2.0, rate=0.3, steps=300):
        asked = {"miss": miss, "width": width, "rate": rate, "steps": steps}
        return line_by()(x, y, start, **{**asked, **fixed})

    return fit


def steps_by(gradient):
    """Make a fit with a gradient of the loss's own form."""

    def fit(x, y, start, *, miss=60.0, width=2.0, rate=0.3, steps=300):
        w = start.astype(float)
        for _ in range(steps):
            pull = gradient(y, w[0] + w[1] * (x - 3.5), miss=miss, width=width)
            w = w - rate * np.array([pull.sum(), np.sum(pull * (x - 3.5))])
        return w

    return fit


# --- The board ----------------------------------------------------------------------------------

DURATION, WAITING = (column[:136] for column in datasets.old_faithful())
SQUARED = np.polyfit(DURATION - 3.5, WAITING, 1)[::-1]


def board_of(intercept, slope):
    return lambda duration: intercept + slope * (duration - 3.5)


def two_times(duration):
    kinds = [WAITING[DURATION < 3], WAITING[DURATION >= 3]]
    short, long = (time_by_sums(kind) for kind in kinds)
    return np.where(duration < 3, short, long)


def earlier_by(minutes):
    return board_of(SQUARED[0] - minutes, SQUARED[1])


def with_margin(duration):
    """Least squares, minus what is cheapest on the first half."""
    line = board_of(*SQUARED)
    tried = [
        (np.mean(np.where(line(DURATION) - m > WAITING, 60, WAITING - line(DURATION) + m)), m)
        for m in range(20)
    ]
    return line(duration) - min(tried)[1]


BY_OWN = {  # answers that follow from another one, right or wrong
    "fit_line": steps_by,
    "best_time": time_of,
}

RIGHT = {
    "visit_cost": [by_mask, by_parts, by_loop],
    "best_time": [time_by_sums, time_by_loop, time_among(np.sort), time_among(np.unique)],
    "smooth_cost": [rounded(exact), rounded(by_tanh), rounded(by_cases)],
    "smooth_cost_grad": [
        slope_of(exact_slope),
        slope_of(slope_by_parts),
        slope_of(slope_by_cosh),
    ],
    "fit_line": [line_by(), line_in_two_numbers, line_by_recursion],
    "board": [
        earlier_by(10),
        with_margin,
        two_times,
        lambda duration: [60 + 10 * (minutes - 3.5) for minutes in duration],
    ],
}

WRONG = {
    "visit_cost": [
        (careful(lambda y, p, *, miss=60.0: len(y) * by_mask(y, p, miss=miss)), "factor n"),
        (careful(lambda y, p, *, miss=60.0: -by_mask(y, p, miss=miss)), "sign is opposite"),
        (careful(lambda y, p, *, miss=60.0: by_mask(p, y, miss=miss)), "exchanged"),
        (careful(lambda y, p, *, miss=60.0: by_mask(y, p)), "miss makes no difference"),
        (careful(lambda y, p: by_mask(y, p)), "unexpected keyword"),
        (bill(lambda r, miss: miss * r), "however late"),
        (bill(lambda r, miss: miss + r), "however late"),
        (bill(lambda r, miss: miss - r), "however late"),
        (bill(lambda r, miss: miss, np.zeros_like), "an early bus costs nothing"),
        (bill(lambda r, miss: miss, lambda r: r), "become a gain"),
        (bill(lambda r, miss: 0 * r), "a late bus costs nothing"),
        (bill(lambda r, miss: miss, np.square), "are squared"),
        (bill(lambda r, miss: 1 + 0 * r), "costs `miss` minutes"),
        (careful(lambda y, p, *, miss=60.0: np.mean(np.abs(p - y))), "absolute errors"),
        (
            careful(lambda y, p, *, miss=60.0: np.mean(np.where(p >= y, miss, y - p))),
            "With r = 0 the visitors",
        ),
        (careful(lambda y, p, *, miss=60.0: np.where(p > y, miss, y - p)), "one number is wanted"),
        (
            careful(
                lambda y, p, *, miss=60.0: miss if p.mean() > y.mean() else y.mean() - p.mean()
            ),
            "averaged before",
        ),
        (careful(cached_by_length(by_mask)), "remember anything"),
        (lambda y, p, *, miss=60.0: np.mean(np.where(p > y, miss, y - p)), "unequal shapes"),
        (careful(lambda y, p, *, miss=60.0: None), "is the `return` missing"),
    ],
    "best_time": [
        (lambda y, *, miss=60.0: time_by_sums(y), "miss makes no difference"),
        (lambda y: time_by_sums(y), "unexpected keyword"),
        (lambda y, *, miss=60.0: np.mean(y), "this is the mean"),
        (lambda y, *, miss=60.0: np.median(y), "this is the median"),
        (lambda y, *, miss=60.0: np.min(y), "is it the cheapest"),
        (lambda y, *, miss=60.0: np.quantile(y, 1 / (1 + miss)), "this is a quantile"),
        (lambda y, *, miss=60.0: np.min(costs_of(y, y, miss)), "not the time"),
        (lambda y, *, miss=60.0: np.argmin(costs_of(y, y, miss)), "where the time stands"),
        (
            lambda y, *, miss=60.0: np.argmin(costs_of(np.sort(y), y, miss)),
            "where the time stands",
        ),
        (time_among(lambda y: np.arange(0, 200.0)), "only whole minutes"),
        (time_among(lambda y: np.linspace(y.min(), y.max(), 500)), "digits only"),
        (time_among(np.sort, pick=np.argmax), "dearest"),
        (time_among(np.sort, late_at_zero), "At the very minute"),
        (time_among(lambda y: np.sort(y)[: y.size // 2]), "only the earlier waits"),
        (time_downhill, "too large"),
        (lambda y, *, miss=60.0: y, "one number is wanted"),
        (lambda y, *, miss=60.0: -time_by_sums(y, miss=miss), "sign is opposite"),
        (lambda y, *, miss=60.0: None, "is the `return` missing"),
    ],
    "smooth_cost": [
        (
            careful(lambda y, p, *, miss=60.0, width=2.0: np.sum(exact(p - y, miss, width))),
            "factor n",
        ),
        (rounded(lambda r, miss, width: -exact(r, miss, width)), "sign is opposite"),
        (rounded(lambda r, miss, width: exact(r, miss, width) / 2), "half as large"),
        (rounded(lambda r, miss, width: exact(-r, miss, width)), "exchanged"),
        (rounded(lambda r, miss, width: exact(r, 60.0, width)), "miss makes no difference"),
        (rounded(lambda r, miss, width: exact(r, miss, 2.0)), "width makes no difference"),
        (rounded(lambda r, miss, width: exact(r, miss, 1.0)), "width makes no difference"),
        (rounded(lambda r, miss, width: exact(r, miss, 1 / width)), "where it should divide"),
        (careful(lambda y, p: np.mean(exact(p - y, 60.0, 2.0))), "unexpected keyword"),
        (
            rounded(lambda r, miss, width: miss * sigmoid(r / width) + soft(-r / width)),
            "before the logarithm",
        ),
        (
            rounded(lambda r, miss, width: width * (miss * sigmoid(r / width) + soft(-r / width))),
            "stands before the step",
        ),
        (rounded(lambda r, miss, width: width * soft(-r / width)), "the step is missing"),
        (rounded(lambda r, miss, width: miss * sigmoid(r / width)), "waiting is missing"),
        (
            rounded(lambda r, miss, width: miss * sigmoid(r / width) + width * soft(r / width)),
            "who waits?",
        ),
        (
            rounded(lambda r, miss, width: miss * sigmoid(-r / width) + width * soft(-r / width)),
            "should rise with r",
        ),
        (
            rounded(lambda r, miss, width: miss * sigmoid(r / width) + width * soft(-r)),
            "missing inside the logarithm",
        ),
        (rounded(lambda r, miss, width: np.where(r > 0, miss, -r)), "nothing is rounded"),
        (rounded(exact_slope), "this is the slope"),
        (
            careful(lambda y, p, *, miss=60.0, width=2.0: exact(p.mean() - y.mean(), miss, width)),
            "averaged before",
        ),
        (
            careful(lambda y, p, *, miss=60.0, width=2.0: exact(p - y, miss, width)),
            "one number is wanted",
        ),
        (rounded(naive), "logaddexp never computes it"),
        (
            careful(
                lambda y, p, *, miss=60.0, width=2.0: np.float32(np.mean(exact(p - y, miss, width)))
            ),
            "digits only",
        ),
        (raw_bytes, "50 - 54 in uint8"),
        (broadcasting, "refusing unequal shapes"),
        (looped, "a Python loop"),
        (careful(cached_by_length(rounded(exact))), "remember anything"),
        (careful(lambda y, p, *, miss=60.0, width=2.0: None), "is the `return` missing"),
    ],
    "smooth_cost_grad": [
        (
            careful(lambda y, p, *, miss=60.0, width=2.0: exact_slope(p - y, miss, width)),
            "of the sum",
        ),
        (slope_of(lambda r, miss, width: -exact_slope(r, miss, width)), "sign is opposite"),
        (slope_of(lambda r, miss, width: exact_slope(-r, miss, width)), "exchanged"),
        (slope_of(lambda r, miss, width: exact_slope(r, 60.0, width)), "miss makes no"),
        (slope_of(lambda r, miss, width: exact_slope(r, miss, 2.0)), "width makes no"),
        (careful(lambda y, p: exact_slope(p - y, 60.0, 2.0) / p.size), "unexpected keyword"),
        (
            slope_of(lambda r, miss, w: sigmoid(-r / w) * (miss * sigmoid(r / w) - 1)),
            "width do to the slope of the step",
        ),
        (
            slope_of(lambda r, miss, w: sigmoid(-r / w) * (miss * sigmoid(r / w) - 1) / w),
            "before the logarithm",
        ),
        (
            slope_of(lambda r, miss, w: sigmoid(-r / w) * (miss * sigmoid(r / w) / w - w)),
            "inside the logarithm",
        ),
        (
            slope_of(
                lambda r, miss, w: miss * sigmoid(r / w) * sigmoid(-r / w) / w - sigmoid(r / w)
            ),
            "exchanged",
        ),
        (
            slope_of(lambda r, miss, w: sigmoid(-r / w) * (miss * sigmoid(r / w) / w + 1)),
            "pulls the wrong way",
        ),
        (
            slope_of(lambda r, miss, w: miss * sigmoid(r / w) * sigmoid(-r / w) / w),
            "only the slope of the step",
        ),
        (slope_of(lambda r, miss, w: -sigmoid(-r / w)), "only the slope of the waiting"),
        (
            slope_of(lambda r, miss, w: miss * sigmoid(r / w) / w - sigmoid(-r / w)),
            "has two factors",
        ),
        (slope_of(lambda r, miss, w: np.where(r > 0, 0.0, -1.0)), "does not see"),
        (slope_of(exact), "this is the loss again"),
        (
            careful(lambda y, p, *, miss=60.0, width=2.0: np.mean(exact_slope(p - y, miss, width))),
            "one entry for every entry",
        ),
        (slope_of(naive_slope), "something huge divided"),
        (slope_of(subtracting_slope), "without subtracting"),
        (careful(cached_by_length(slope_of(exact_slope))), "remember anything"),
        (
            careful(lambda y, p, *, miss=60.0, width=2.0: exact_slope(p - y, miss, width) / 7),
            "number of examples fixed",
        ),
        (careful(lambda y, p, *, miss=60.0, width=2.0: None), "is the `return` missing"),
    ],
    "fit_line": [
        (lambda x, y, w, *, miss=60.0, width=2.0, rate=0.3, steps=300: w, "nothing has moved"),
        (line_by(sign=1.0), "it climbs"),
        (line_by(centre=0.0), "where are the 3.5"),
        (with_options(steps=1), "where one step leads"),
        (line_by(extra=-1), "one step is missing"),
        (line_by(extra=1), "one step too many"),
        (with_options(rate=0.3), "the rate makes no difference"),
        (with_options(steps=300), "steps makes no difference"),
        (with_options(miss=60.0), "cost of a miss makes no difference"),
        (with_options(width=2.0), "the width makes no difference"),
        (lambda x, y, w: line_by()(x, y, w), "unexpected keyword"),
        (line_by(lambda r, miss, width: exact_slope(r, miss, width) / r.size), "once more"),
        (line_by(lambda r, miss, width: exact_slope(r, miss, width) * r.size), "of the sum"),
        (
            lambda x, y, w, *, miss=60.0, width=2.0, rate=0.3, steps=300: np.polyfit(x - 3.5, y, 1)[
                ::-1
            ],
            "least-squares line",
        ),
        (line_by(copy=False), "an argument is changed"),
        (line_by(final=lambda w: w[::-1]), "wrong"),
        (line_by(final=lambda w: w[0]), "has shape"),
        (line_by(lambda r, miss, width: np.where(r > 0, 0.0, -1.0)), "the cost with its step"),
        (
            lambda x, y, w, *, miss=60.0, width=2.0, rate=0.3, steps=300: None,
            "is the `return` missing",
        ),
    ],
    "board": [
        (board_of(*SQUARED), "come some minutes earlier"),
        (earlier_by(3), "come some minutes earlier"),
        (earlier_by(-10), "come some minutes earlier"),
        (earlier_by(20), "come a little later"),
        (earlier_by(14), "come a little later"),
        (lambda duration: np.full(duration.size, 47.0), "how long the eruption was"),
        (lambda duration: np.full(duration.size, np.mean(WAITING)), "how long the eruption was"),
        (lambda duration: 0 * duration, "how long the eruption was"),
        (lambda duration: 60.0, "one time for each"),
        (lambda duration: earlier_by(10)(duration)[:, None], "one time for each"),
        (lambda duration: earlier_by(10)(duration) / 60, "come a little later"),
        (board_of(SQUARED[1], SQUARED[0]), "minutes are lost"),
        (lambda duration: SQUARED[0] - 10 + SQUARED[1] * duration, "are missed"),
        (lambda duration: earlier_by(10)(duration) * np.nan, "no bus can come then"),
        (
            lambda duration: (
                np.mean(earlier_by(10)(duration)) + 10.3 * (duration - duration.mean())
            ),
            "depends on which others",
        ),
        (lambda duration: np.sort(earlier_by(10)(duration)), "minutes are lost"),
        (lambda duration: None, "is the `return` missing"),
    ],
}
