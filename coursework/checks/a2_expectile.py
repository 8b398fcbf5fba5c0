"""Assignment 2, after the mean absolute error: expectiles."""

import numpy as np

from coursework import checking
from coursework.checking import Number, Task


def expectile_loss(y_true, y_pred, *, tau=0.7):
    """Return the mean of the tilted squares."""
    r = y_pred.astype(float) - y_true.astype(float)
    return np.mean(np.where(r > 0, 1 - tau, tau) * r**2)


def expectile_loss_grad(y_true, y_pred, *, tau=0.7):
    """Return the gradient of the mean."""
    r = y_pred.astype(float) - y_true.astype(float)
    return np.where(r > 0, 1 - tau, tau) * r * (2 / r.size)


def expectile(y, *, tau=0.7):
    """Return the expectile: of all splits into low and high, the one whose balance fits."""
    y = np.sort(y.astype(float))
    total, low = np.sum(y), np.cumsum(y)
    count = np.arange(1, y.size + 1)
    weighted = tau * (total - low) + (1 - tau) * low
    balance = weighted / (tau * (y.size - count) + (1 - tau) * count)
    return balance[np.argmax(balance <= np.append(y[1:], np.inf))]


def level_of(y, m):
    """Return the level of which m is the expectile."""
    return np.sum(np.maximum(m - y, 0)) / np.sum(np.abs(y - m))


# --- Ordinary inputs ----------------------------------------------------------------------------


def residuals(low, high, side=None):
    """Make a sampler of targets, and predictions off by `low` to `high`, on one side or both."""

    def sample(rng, n, *_):
        sign = np.resize([-1.0, 1.0, 1.0], n) if side is None else side
        y_true = rng.normal(0, 2, n)
        return y_true, y_true + sign * rng.uniform(low, high, n)

    return sample


def skewed(rng, n, *_):
    """Draw positive numbers, some of them large, in no order."""
    return (np.exp(rng.normal(1, 0.8, n)),)


def between(rng, n):
    """Draw numbers and one among them that is none of them."""
    y = rng.normal(0, 2, n)
    return y, np.array(y.mean() + rng.uniform(0.2, 0.5) * y.std() + 0.01)


ZEROS = np.zeros(3)
ANY = residuals(0.2, 3)

# --- Slips --------------------------------------------------------------------------------------

mean, high = np.mean, np.maximum


def r(y, p):
    """Return the residuals."""
    return p - y


def w(y, p, tau=0.7):
    """Return the weights."""
    return np.where(p > y, 1 - tau, tau)


EXCHANGED = "the two sides have exchanged their weights: r is y_pred - y_true"
LOSS_SLIPS = (
    (lambda y, p, tau=0.7: expectile_loss(y, p, tau=1 - tau), EXCHANGED),
    (lambda y, p, tau=0.7: mean(r(y, p) ** 2), "both sides cost the same"),
    (lambda y, p, tau=0.7: tau * mean(r(y, p) ** 2), "both sides have the weight tau"),
    (lambda y, p, tau=0.7: mean(w(y, p, tau) * abs(r(y, p))), "this is the pinball loss"),
    (lambda y, p, tau=0.7: mean((w(y, p, tau) * r(y, p)) ** 2), "the weight is squared too"),
    (
        lambda y, p, tau=0.7: tau * mean(high(-r(y, p), 0) ** 2),
        "predictions that are too high cost nothing",
    ),
    (
        lambda y, p, tau=0.7: (1 - tau) * mean(high(r(y, p), 0) ** 2),
        "predictions that are too low cost nothing",
    ),
    (
        lambda y, p, tau=0.7: mean(np.where(p > y, 1, tau) * r(y, p) ** 2),
        "only predictions that are too low have their weight",
    ),
    (
        lambda y, p, tau=0.7: mean(np.where(p > y, 1 - tau, 1) * r(y, p) ** 2),
        "only predictions that are too high have their weight",
    ),
    (
        lambda y, p, tau=0.7: np.average(r(y, p) ** 2, weights=w(y, p, tau)),
        "divided by the sum of the weights, where the mean divides by n",
    ),
    (
        lambda y, p, tau=0.7: expectile_loss(mean(y), mean(p), tau=tau),
        "the residuals are averaged before anything else",
    ),
    (lambda y, p, tau=0.7: expectile_loss(y, p), "tau makes no difference"),
    (lambda y, p, tau=0.7: mean(2 * w(y, p, tau) * r(y, p)), "this is the slope, not the loss"),
    (
        lambda y, p, tau=0.7: mean(w(y, p, tau) * np.sign(r(y, p)) * r(y, p) ** 2),
        "one side earns a reward: no error should",
    ),
)
GRAD_SLIPS = (
    (lambda y, p, tau=0.7: expectile_loss_grad(y, p, tau=1 - tau), EXCHANGED),
    (lambda y, p, tau=0.7: 2 * r(y, p) / len(p), "both sides pull alike"),
    (lambda y, p, tau=0.7: 2 * tau * r(y, p) / len(p), "both sides have the weight tau"),
    (
        lambda y, p, tau=0.7: np.where(p > y, 1 - tau, -tau) / len(p),
        "this is the slope of the pinball loss: the pull should grow with the residual",
    ),
    (lambda y, p, tau=0.7: abs(expectile_loss_grad(y, p, tau=tau)), "every sign is the same"),
    (
        lambda y, p, tau=0.7: 2 * w(y, p, tau) ** 2 * r(y, p) / len(p),
        "the weight is squared too",
    ),
    (
        lambda y, p, tau=0.7: w(y, p, tau) * r(y, p) ** 2 / len(p),
        "this is the loss again, not its slope",
    ),
    (lambda y, p, tau=0.7: 2 * w(y, p, tau) / len(p), "this is the second derivative"),
    (
        lambda y, p, tau=0.7: 2 * w(y, p, tau) * r(y, p) / sum(w(y, p, tau)),
        "divided by the sum of the weights, where the mean divides by n",
    ),
    (
        lambda y, p, tau=0.7: 2 * tau * np.minimum(r(y, p), 0) / len(p),
        "predictions that are too high do not pull",
    ),
    (lambda y, p, tau=0.7: expectile_loss_grad(y, p), "tau makes no difference"),
)


def after(rounds, y, tau):
    """Return what so many weighted means make of the mean."""
    m = mean(y)
    for _ in range(rounds):
        m = np.average(y, weights=np.where(y > m, tau, 1 - tau))
    return m


EXPECTILE_SLIPS = (
    (lambda y, tau=0.7: mean(y), "this is the plain mean: nothing is tilted"),
    (lambda y, tau=0.7: np.median(y), "this is the median"),
    (lambda y, tau=0.7: np.quantile(y, tau), "this is the quantile: sums of distances balance"),
    (
        lambda y, tau=0.7: np.quantile(y, tau, method="inverted_cdf"),
        "this is the quantile: sums of distances balance",
    ),
    (lambda y, tau=0.7: expectile(y, tau=1 - tau), "above and below have exchanged weights"),
    (lambda y, tau=0.7: after(1, y, tau), "one weighted mean is not enough: repeat until it stays"),
    (lambda y, tau=0.7: after(2, y, tau), "two weighted means are not enough: repeat"),
    (lambda y, tau=0.7: after(3, y, tau), "three weighted means are not enough: repeat"),
    (lambda y, tau=0.7: tau * mean(y), "the weighted mean is not divided by the sum of weights"),
    (
        lambda y, tau=0.7: tau * np.max(y) + (1 - tau) * np.min(y),
        "only the smallest and the largest number count",
    ),
    (lambda y, tau=0.7: expectile(y), "tau makes no difference"),
)
LEVEL_SLIPS = (
    (lambda y, m: 1 - level_of(y, m), "above and below are exchanged"),
    (lambda y, m: mean(y < m), "this counts numbers: it is the level of a quantile"),
    (lambda y, m: mean(y > m), "this counts numbers: sums of distances balance"),
    (
        lambda y, m: np.sum(high(m - y, 0)) / np.sum(high(y - m, 0)),
        "this is the ratio of the two sides, which is not yet the level",
    ),
    (
        lambda y, m: np.sum(high(y - m, 0)) / np.sum(high(m - y, 0)),
        "this is the ratio of the two sides, which is not yet the level",
    ),
    (
        lambda y, m: np.sum(high(m - y, 0) ** 2) / np.sum((y - m) ** 2),
        "squares belong to the loss: the balance has plain distances",
    ),
    (
        lambda y, m: 1 / (1 + np.sum(y < m) / np.sum(y > m) * (1 / level_of(y, m) - 1)),
        "each side is averaged over its own numbers: sums balance",
    ),
)

# --- The tasks ----------------------------------------------------------------------------------

TASKS = checking.tasks(
    Task(
        reference=expectile_loss,
        sample=ANY,
        slips=LOSS_SLIPS,
        questions=(
            checking.formula(1, "predictions that are too low", residuals(0.2, 3, -1.0)),
            checking.formula(1, "predictions that are too high", residuals(0.2, 3, 1.0)),
            checking.lengths(1),
            checking.option(1.5, "levels other than 0.7", ANY, tau=(0.1, 0.5, 0.95)),
            checking.case(
                0.5,
                "unsigned bytes (uint8)",
                np.array([0, 255, 7], np.uint8),
                np.array([2, 250, 40], np.uint8),
                hint="what is 250 - 255 in uint8, and what 33 squared?",
            ),
            checking.unequal_shapes(0.5),
            checking.refusal(0.5, "refusing tau = 1", ZEROS, ZEROS + 1, tau=1.0),
            checking.whole_arrays(0.5),
            checking.inputs_unchanged(0.5),
        ),
    ),
    Task(
        reference=expectile_loss_grad,
        sample=ANY,
        slips=GRAD_SLIPS,
        gradient=True,
        questions=(
            checking.formula(1, "predictions that are too low", residuals(0.2, 3, -1.0)),
            checking.formula(1, "predictions that are too high", residuals(0.2, 3, 1.0)),
            checking.lengths(1),
            checking.option(1, "levels other than 0.7", ANY, tau=(0.1, 0.5, 0.95)),
            checking.case(
                0.5,
                "residuals of 0 and of 1e200",
                ZEROS,
                np.array([1e200, -2e200, 0.0]),
                hint="is something squared, or divided by the residual, on the way?",
            ),
            checking.unequal_shapes(0.5),
        ),
    ),
    Task(
        reference=expectile,
        sample=skewed,
        slips=EXPECTILE_SLIPS,
        questions=(
            checking.formula(2, "seven numbers", skewed),
            checking.lengths(1),
            checking.option(1.5, "levels other than 0.7", skewed, tau=(0.02, 0.5, 0.97)),
            checking.case(
                0.5,
                "one number far from all others",
                np.append(np.arange(50.0), 1e6),
                hint="is it repeated often enough, and in steps that are large enough?",
            ),
            checking.case(
                0.5,
                "equal numbers",
                np.full(4, 3.0),
                hint="is something divided by the spread of the numbers?",
            ),
            checking.whole_arrays(0.5),
        ),
    ),
    Task(
        reference=level_of,
        sample=between,
        slips=LEVEL_SLIPS,
        questions=(
            checking.formula(1.5, "a number among the others", between),
            checking.lengths(1),
            checking.case(
                0.25,
                "below all of them",
                np.array([1.0, 2.0, 5.0]),
                np.array(0.5),
                hint="no number is smaller",
            ),
            checking.case(
                0.25,
                "above all of them",
                np.array([1.0, 2.0, 5.0]),
                np.array(7.0),
                hint="no number is larger",
            ),
        ),
    ),
    Number(
        "safe_up_to",
        1 - np.sqrt(0.95),
        1,
        rtol=1e-3,
        hint="with which probability does neither of the two fail?",
    ),
)
