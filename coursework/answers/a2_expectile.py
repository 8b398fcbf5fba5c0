"""Answers to assignment 2."""

import numpy as np

from coursework.answers import careful


def tilted(function):
    """Refuse unequal shapes, as `careful` does, and levels that make no sense."""

    @careful
    def tilted_function(y, p, *, tau=0.7):
        if not 0 < tau < 1:
            raise ValueError("tau")
        return function(y, p, tau)

    return tilted_function


def weight(y, p, tau):
    return np.where(p > y, 1 - tau, tau)


def loss(y, p, tau=0.7):
    return np.mean(weight(y, p, tau) * (p - y) ** 2)


def slope(y, p, tau=0.7):
    return 2 * weight(y, p, tau) * (p - y) / p.size


def by_sides(y, p, tau):
    low, high = np.maximum(y - p, 0), np.maximum(p - y, 0)
    return (tau * low @ low + (1 - tau) * high @ high) / len(y)


def by_masks(y, p, tau):
    r = p - y
    return (tau * np.sum(r[r < 0] ** 2) + (1 - tau) * np.sum(r[r >= 0] ** 2)) / r.size


def in_bytes(y, p, *, tau=0.7):
    if y.shape != p.shape or not 0 < tau < 1:
        raise ValueError("shapes or tau")
    return loss(y, p, tau)


def any_tau(y, p, *, tau=0.7):
    if np.shape(y) != np.shape(p):
        raise ValueError("shapes")
    return loss(1.0 * y, 1.0 * p, tau)


def any_shape(y, p, *, tau=0.7):
    if not 0 < tau < 1:
        raise ValueError("tau")
    return loss(1.0 * y, 1.0 * p, tau)


def cached_by_length(function):
    memory = {}
    return lambda y, p, tau: memory.setdefault((len(y), tau), function(y, p, tau))


def looped(y, p, tau):
    return sum(loss(y[i : i + 1], p[i : i + 1], tau) for i in range(len(y))) / len(y)


def in_place(y, p, *, tau=0.7):
    if y.shape != p.shape or not 0 < tau < 1:
        raise ValueError("shapes or tau")
    value = loss(1.0 * y, 1.0 * p, tau)
    p -= y
    return value


# --- The expectile ------------------------------------------------------------------------------


def reweighted(y, *, tau=0.7, rounds=20, first=np.mean):
    m = first(y)
    for _ in range(rounds):
        m = np.average(y, weights=np.where(y > m, tau, 1 - tau))
    return m


def bisected(y, *, tau=0.7):
    low, high = y.min(), y.max()
    for _ in range(60):
        m = (low + high) / 2
        if tau * np.maximum(y - m, 0).sum() > (1 - tau) * np.maximum(m - y, 0).sum():
            low = m
        else:
            high = m
    return m


def newton(y, *, tau=0.7):
    m = np.max(y)
    for _ in range(40):
        above = y > m
        slope = tau * np.sum(above) + (1 - tau) * np.sum(~above)
        m += (tau * np.sum((y - m)[above]) + (1 - tau) * np.sum((y - m)[~above])) / slope
    return m


def descended(y, *, tau=0.7, rate=0.1, steps=100):
    m = np.mean(y)
    for _ in range(steps):
        m = m - rate * np.mean(np.where(y > m, tau, 1 - tau) * (m - y)) * 2
    return m


def on_grid(y, *, tau=0.7):
    grid = np.linspace(y.min(), y.max(), 101)
    costs = [loss(y, np.full(y.size, m), tau) for m in grid]
    return grid[int(np.argmin(costs))]


def over_data(y, *, tau=0.7):
    return min(y, key=lambda m: loss(y, np.full(y.size, m), tau))


def scaled(y, *, tau=0.7):
    z = (y - y.mean()) / y.std()
    return y.mean() + y.std() * reweighted(z, tau=tau)


def one_by_one(y, *, tau=0.7):
    m = sum(y) / len(y)
    for _ in range(50):
        top = bottom = 0.0
        for value in y:
            w = tau if value > m else 1 - tau
            top, bottom = top + w * value, bottom + w
        m = top / bottom
    return m


def level(y, m):
    below, above = np.sum((m - y)[y < m]), np.sum((y - m)[y > m])
    return below / (below + above)


RIGHT = {
    "expectile_loss": [
        tilted(by_sides),
        tilted(by_masks),
        tilted(lambda y, p, tau: np.average(abs(tau - (p > y)) * (p - y) ** 2)),
    ],
    "expectile_loss_grad": [
        careful(lambda y, p, *, tau=0.7: -2 * abs(tau - (p > y)) * (y - p) / len(y)),
        careful(
            lambda y, p, *, tau=0.7: (
                2 * ((1 - tau) * np.maximum(p - y, 0) - tau * np.maximum(y - p, 0)) / y.size
            )
        ),
        careful(lambda y, p, *, tau=0.7: np.where(p < y, tau, 1 - tau) * (p - y) / (y.size / 2)),
    ],
    "expectile": [reweighted, bisected, newton],
    "level_of": [
        level,
        lambda y, m: 0.5 + 0.5 * np.sum(m - y) / np.sum(abs(m - y)),
        lambda y, m: np.mean((y < m) * (m - y)) / np.mean(abs(y - m)),
    ],
    "safe_up_to": [1 - 0.95**0.5, np.float64(0.02532), np.array(0.0253206)],
}

WRONG = {
    "expectile_loss": [
        (tilted(lambda y, p, tau: y.size * loss(y, p, tau)), "factor n"),
        (tilted(lambda y, p, tau: loss(y, p, tau) / 2), "half as large"),
        (tilted(lambda y, p, tau: 2 * loss(y, p, tau)), "twice too large"),
        (tilted(lambda y, p, tau: -loss(y, p, tau)), "sign is opposite"),
        (tilted(lambda y, p, tau: weight(y, p, tau) * (p - y) ** 2), "one number is wanted"),
        (tilted(lambda y, p, tau: loss(p, y, tau)), "exchanged their weights"),
        (tilted(lambda y, p, tau: np.mean((p - y) ** 2)), "both sides cost the same"),
        (tilted(lambda y, p, tau: tau * np.mean((p - y) ** 2)), "both sides have the weight tau"),
        (tilted(lambda y, p, tau: np.mean(weight(y, p, tau) * abs(p - y))), "pinball"),
        (tilted(lambda y, p, tau: np.mean((weight(y, p, tau) * (p - y)) ** 2)), "squared too"),
        (
            tilted(lambda y, p, tau: np.mean(tau * np.maximum(y - p, 0) ** 2)),
            "too high cost nothing",
        ),
        (
            tilted(lambda y, p, tau: np.mean((1 - tau) * np.maximum(p - y, 0) ** 2)),
            "too low cost nothing",
        ),
        (
            tilted(lambda y, p, tau: np.mean(np.where(p > y, 1, tau) * (p - y) ** 2)),
            "only predictions that are too low",
        ),
        (
            tilted(lambda y, p, tau: np.mean(np.where(p > y, 1 - tau, 1) * (p - y) ** 2)),
            "only predictions that are too high",
        ),
        (
            tilted(lambda y, p, tau: np.average((p - y) ** 2, weights=weight(y, p, tau))),
            "sum of the weights",
        ),
        (tilted(lambda y, p, tau: loss(np.mean(y), np.mean(p), tau)), "averaged before"),
        (tilted(lambda y, p, tau: loss(y, p)), "tau makes no difference"),
        (careful(lambda y, p: loss(y, p)), "unexpected keyword"),
        (tilted(lambda y, p, tau: np.mean(2 * weight(y, p, tau) * (p - y))), "this is the slope"),
        (
            tilted(lambda y, p, tau: np.mean(np.where(p > y, 1 - tau, -tau) * (p - y) ** 2)),
            "reward",
        ),
        (tilted(lambda y, p, tau: np.sqrt(loss(y, p, tau))), "no simple factor"),
        (tilted(lambda y, p, tau: np.sum(weight(y, p, tau) * (p - y) ** 2) / 7), "fixed"),
        (in_bytes, "uint8"),
        (any_tau, "refusing tau = 1"),
        (any_shape, "refusing unequal shapes"),
        (tilted(cached_by_length(loss)), "right for n = 1, 3 and 12, but for n = 7"),
        (tilted(looped), "Python loop"),
        (in_place, "an argument is changed"),
        (tilted(lambda y, p, tau: None), "is the `return` missing"),
    ],
    "expectile_loss_grad": [
        (careful(lambda y, p, *, tau=0.7: y.size * slope(y, p, tau)), "gradient of the sum"),
        (careful(lambda y, p, *, tau=0.7: -slope(y, p, tau)), "sign is opposite"),
        (careful(lambda y, p, *, tau=0.7: slope(y, p, tau) / 2), "half as large"),
        (careful(lambda y, p, *, tau=0.7: np.mean(slope(y, p, tau))), "one entry for every entry"),
        (careful(lambda y, p, *, tau=0.7: slope(y, p, 1 - tau)), "exchanged their weights"),
        (careful(lambda y, p, *, tau=0.7: 2 * (p - y) / y.size), "both sides pull alike"),
        (careful(lambda y, p, *, tau=0.7: 2 * tau * (p - y) / y.size), "the weight tau"),
        (careful(lambda y, p, *, tau=0.7: np.where(p > y, 1 - tau, -tau) / y.size), "pinball"),
        (careful(lambda y, p, *, tau=0.7: abs(slope(y, p, tau))), "every sign is the same"),
        (
            careful(lambda y, p, *, tau=0.7: 2 * weight(y, p, tau) ** 2 * (p - y) / y.size),
            "squared too",
        ),
        (
            careful(lambda y, p, *, tau=0.7: weight(y, p, tau) * (p - y) ** 2 / y.size),
            "the loss again",
        ),
        (careful(lambda y, p, *, tau=0.7: 2 * weight(y, p, tau) / y.size), "second derivative"),
        (
            careful(
                lambda y, p, *, tau=0.7: 2 * tau * np.minimum(p - y, 0) / y.size,
            ),
            "too high do not pull",
        ),
        (careful(lambda y, p, *, tau=0.7: slope(y, p)), "tau makes no difference"),
        (careful(lambda y, p: slope(y, p)), "unexpected keyword"),
        (careful(lambda y, p, *, tau=0.7: slope(y, p, tau) * y.size / 7), "fixed"),
        (
            careful(
                lambda y, p, *, tau=0.7: 2 * weight(y, p, tau) * (p - y) ** 2 / (p - y) / y.size
            ),
            "divided by the residual",
        ),
        (lambda y, p, *, tau=0.7: slope(y, p, tau), "refusing unequal shapes"),
    ],
    "expectile": [
        (lambda y, *, tau=0.7: np.mean(y), "plain mean"),
        (lambda y, *, tau=0.7: np.median(y), "median"),
        (lambda y, *, tau=0.7: np.quantile(y, tau), "this is the quantile"),
        (lambda y, *, tau=0.7: np.sort(y)[int(np.ceil(tau * len(y))) - 1], "this is the quantile"),
        (lambda y, *, tau=0.7: reweighted(y, tau=1 - tau), "exchanged weights"),
        (lambda y, *, tau=0.7: reweighted(y, tau=tau, rounds=1), "repeat until it stays"),
        (lambda y, *, tau=0.7: reweighted(y, tau=tau, rounds=2), "not enough: repeat"),
        (
            lambda y, *, tau=0.7: np.mean(np.where(y > np.mean(y), tau, 1 - tau) * y),
            "no simple factor",
        ),
        (lambda y, *, tau=0.7: tau * y.max() + (1 - tau) * y.min(), "smallest and the largest"),
        (lambda y, *, tau=0.7: reweighted(y), "tau makes no difference"),
        (lambda y: reweighted(y), "unexpected keyword"),
        (lambda y, *, tau=0.7: -reweighted(y, tau=tau), "sign is opposite"),
        (descended, "digits only"),
        (on_grid, "too"),
        (over_data, "sums of distances balance"),
        (scaled, "equal numbers"),
        (one_by_one, "Python loop"),
        (lambda y, *, tau=0.7: np.full(y.size, reweighted(y, tau=tau)), "one number is wanted"),
        (lambda y, *, tau=0.7: tau, "too"),
    ],
    "level_of": [
        (lambda y, m: 1 - level(y, m), "above and below are exchanged"),
        (lambda y, m: np.mean(y < m), "level of a quantile"),
        (lambda y, m: np.mean(y > m), "counts numbers"),
        (lambda y, m: level(y, m) / (1 - level(y, m)), "not yet the level"),
        (lambda y, m: (1 - level(y, m)) / level(y, m), "not yet the level"),
        (lambda y, m: np.sum((m - y)[y < m] ** 2) / np.sum((m - y) ** 2), "plain distances"),
        (
            lambda y, m: (
                np.mean((m - y)[y < m]) / (np.mean((m - y)[y < m]) + np.mean((y - m)[y > m]))
            ),
            "over its own numbers",
        ),
        (lambda y, m: np.sum(m - y) / np.sum(abs(m - y)), "too"),
        (lambda y, m: np.sum((m - y)[y < m]), "too"),
        (lambda y, m: np.sum((m - y)[y < m]) / len(y), "too"),
        (lambda y, m: 100 * level(y, m), "too large"),
        (lambda y, m: -level(y, m), "sign is opposite"),
        (lambda y, m: 0.5, "too"),
        (lambda y, m: level(y, m) if y.min() < m < y.max() else 0.5, "all of them"),
        (lambda y, m: np.maximum(m - y, 0) / np.abs(m - y), "one number is wanted"),
        (lambda y, m: np.sum(np.maximum(m - y, 0)) / np.sum(np.abs(y - np.mean(y))), "too"),
    ],
    "safe_up_to": [
        (value, "safe_up_to")
        for value in (0.05, 0.025, 0.0253 / 2, 2.532, 0.95, 0.9747, 0.2236, 0.0975, 0.04, 0, None)
    ]
    + [(np.nan, "not the number"), (-0.02532, "not the number"), ("0.0253", "safe_up_to")],
}
