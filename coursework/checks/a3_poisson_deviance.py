"""Assignment 3, after categorical cross-entropy: the Poisson deviance, and what it expects."""

import numpy as np

from coursework import checking
from coursework.checking import Number, Task

HITS = np.repeat([0, 1, 2, 3, 4, 7], [229, 211, 93, 35, 7, 1])


def poisson_deviance(y_true, y_pred, *, from_log=False):
    """Return the mean of 2 (y log(y/μ) - y + μ), exact also near and far from y = μ."""
    y, p = y_true.astype(float), y_pred.astype(float)
    eta = p if from_log else np.log(p)
    rate = np.exp(p) if from_log else p
    gap = eta - np.log(np.where(y > 0, y, 1))
    return np.mean(2 * np.where(y > 0, y * (np.expm1(gap) - gap), rate))


def poisson_deviance_grad(y_true, y_pred, *, from_log=False):
    """Return the gradient of the mean."""
    y, p = y_true.astype(float), y_pred.astype(float)
    if from_log:
        return 2 * (np.exp(p) - y) / p.size
    return 2 * np.where(y > 0, (p - y) / p, 1) / p.size


def expected_deviance(rate):
    """Return the expected deviance of a Poisson count when its rate is known."""
    rate = float(rate)
    y = np.arange(int(rate + 15 * np.sqrt(rate)) + 40)
    log_factorial = np.append(0, np.cumsum(np.log(y[1:])))
    chance = np.exp(y * np.log(rate) - rate - log_factorial)
    return np.sum(chance * [poisson_deviance(np.array([k]), np.array([rate])) for k in y])


# --- Ordinary inputs ----------------------------------------------------------------------------


def counts(low, high, zeros=False):
    """Make a sampler of counts, and rates `low` to `high` times as large, or their logarithms."""

    def sample(rng, n, from_log=False):
        y = 1 + rng.poisson(3, n)
        rate = y * np.exp(rng.uniform(np.log(low), np.log(high), n))
        if zeros:
            y[:: 2 if n > 1 else 1] = 0
        return y, np.log(rate) if from_log else rate

    return sample


def one_rate(low, high):
    """Make a sampler of a single rate."""
    return lambda rng, n: (np.array(np.exp(rng.uniform(np.log(low), np.log(high)))),)


ANY = counts(0.3, 4)
FAR_LOW = np.array([-800.0, 1.0, -750.0])

# --- Slips --------------------------------------------------------------------------------------

mean, log = np.mean, np.log


def of_rates(formula):
    """Let a formula of counts and rates take logarithms, too."""
    return lambda y, p, from_log=False: formula(y, np.exp(p) if from_log else p)


def ylog(y, ratio):
    """Return y log(ratio), 0 where y is 0."""
    return y * log(np.where(y > 0, ratio, 1))


LOSS_SLIPS = (
    (of_rates(lambda y, p: 2 * mean(p - ylog(y, p))), "off by what depends on y alone"),
    (of_rates(lambda y, p: mean(p - ylog(y, p))), "this is the likelihood without its constant"),
    (
        lambda y, p, from_log=False: poisson_deviance(np.exp(p) if from_log else p, y),
        "y_true and y_pred are exchanged",
    ),
    (of_rates(lambda y, p: 2 * mean(ylog(y, y / p))), "the terms without a logarithm are missing"),
    (of_rates(lambda y, p: 2 * mean(ylog(y, y / p) + y - p)), "the last two terms: wrong signs"),
    (of_rates(lambda y, p: 2 * mean(ylog(y, p / y) - y + p)), "the logarithm has the wrong sign"),
    (of_rates(lambda y, p: mean((y - p) ** 2 / p)), "this is Pearson's approximation"),
    (of_rates(lambda y, p: mean((y - p) ** 2)), "this is the squared error"),
    (
        of_rates(lambda y, p: mean((np.log1p(y) - np.log1p(p)) ** 2)),
        "this is the squared error of logarithms",
    ),
    (
        of_rates(lambda y, p: 2 * np.sum((ylog(y, y / p) - y + p)[y > 0]) / len(y)),
        "examples with no count cost nothing: they should cost 2 times the rate",
    ),
    (
        of_rates(lambda y, p: 2 * mean((ylog(y, y / p) - y + p)[y > 0])),
        "examples with no count are left out",
    ),
    (
        of_rates(lambda y, p: 2 * mean((y + 1) * log((y + 1) / (p + 1)) - y + p)),
        "a 1 is added before the logarithm",
    ),
    (
        of_rates(lambda y, p: poisson_deviance(np.array([mean(y)]), np.array([mean(p)]))),
        "the numbers are averaged before they are compared",
    ),
    (lambda y, p, from_log=False: poisson_deviance(y, p), "from_log makes no difference"),
    (
        lambda y, p, from_log=False: poisson_deviance(y, np.log(p) if from_log else p),
        "a logarithm is taken of what is one already",
    ),
)
GRAD_SLIPS = (
    (
        lambda y, p, from_log=False: poisson_deviance_grad(y, np.exp(p) if from_log else p),
        "with from_log this is still the slope by the rate: the chain rule",
    ),
    (
        lambda y, p, from_log=False: poisson_deviance_grad(y, p),
        "from_log makes no difference",
    ),
    (of_rates(lambda y, p: 2 * (p - y) / len(p)), "this is the slope by the logarithm of the rate"),
    (
        lambda y, p, from_log=False: poisson_deviance_grad(y, p, from_log=from_log) * np.exp(p),
        "multiplied by the rate once too often",
    ),
    (of_rates(lambda y, p: -2 * y / p / len(p)), "the slope of the rate itself is missing"),
    (of_rates(lambda y, p: 2 * (1 - p / np.maximum(y, 1)) / len(p)), "the ratio is upside down"),
    (of_rates(lambda y, p: 2 * log(p / np.maximum(y, 1)) / len(p)), "this is the slope by y_true"),
    (of_rates(lambda y, p: 2 * abs(1 - y / p) / len(p)), "every sign is the same"),
    (of_rates(lambda y, p: 2 * y / p**2 / len(p)), "this is the second derivative"),
    (
        of_rates(lambda y, p: 2 * (ylog(y, y / p) - y + p) / len(p)),
        "this is the loss again, not its slope",
    ),
)


def summed(rate, term, first=0, last=None):
    """Add up chance times term(k) over some of the counts."""
    rate = float(rate)
    y = np.arange(first, last or int(rate + 15 * np.sqrt(rate)) + 40)
    log_factorial = np.array([np.sum(log(np.arange(1, k + 1))) for k in y])
    return np.sum(np.exp(y * log(rate) - rate - log_factorial) * term(y, rate))


def term(y, rate):
    """Return the deviance of each count."""
    return 2 * (ylog(y, y / rate) - y + rate)


EXPECTED_SLIPS = (
    (lambda rate: 1 + 0 * rate, "this is the rule of thumb"),
    (lambda rate: 1 + 1 / (6 * rate), "this is an approximation for large rates"),
    (lambda rate: -2 * rate * log(rate), "this is the approximation for small rates"),
    (
        lambda rate: summed(rate, term, first=1),
        "the count 0 is left out, although it costs 2 times the rate",
    ),
    (lambda rate: summed(rate, term, last=2), "the counts 0 and 1 are not enough"),
    (
        lambda rate: summed(rate, lambda y, m: 2 * ylog(y, y / m) + 2 * m),
        "the term with y alone is missing",
    ),
    (
        lambda rate: summed(rate, lambda y, m: 2 * (m - ylog(y, m))),
        "off by what depends on y alone",
    ),
    (
        lambda rate: float(poisson_deviance(np.array([np.round(rate)]), np.array([rate]))),
        "this is the deviance of the expected count, not the expected deviance",
    ),
)

# --- The tasks ----------------------------------------------------------------------------------

TASKS = checking.tasks(
    Task(
        reference=poisson_deviance,
        sample=ANY,
        slips=LOSS_SLIPS,
        questions=(
            checking.formula(1, "rates that are too low", counts(0.3, 0.9)),
            checking.formula(1, "rates that are too high", counts(1.1, 4)),
            checking.formula(1, "counts of 0 among others", counts(0.3, 4, zeros=True)),
            checking.lengths(1),
            checking.option(
                1.5,
                "logarithms of rates (from_log=True)",
                counts(0.3, 4),
                from_log=(True,),
            ),
            checking.case(
                0.5,
                "logarithms of -800 and -750",
                np.array([3, 2, 1]),
                FAR_LOW,
                from_log=True,
                hint="is the logarithm of an exponential taken?",
            ),
            checking.case(
                0.5,
                "a rate of 0 where nothing came",
                np.array([0, 1, 3]),
                np.array([0.0, 2.0, 1.5]),
                hint="what is 0 times the logarithm of 0 to be?",
            ),
            checking.case(
                0.5,
                "a rate of 0 where something came",
                np.array([2, 1, 3]),
                np.array([0.0, 2.0, 1.5]),
                hint="the model called it impossible",
            ),
            checking.case(
                0.5,
                "counts stored as bytes (uint8)",
                np.array([200, 7, 3], np.uint8),
                np.array([5.0, 2.0, 0.5]),
                from_log=True,
                hint="in which precision does NumPy take the logarithm of a uint8?",
            ),
            checking.unequal_shapes(0.5),
            checking.refusal(
                0.5, "refusing a negative count", np.array([1, -1, 2]), np.array([1.0, 1.0, 2.0])
            ),
            checking.whole_arrays(0.5),
        ),
    ),
    Task(
        reference=poisson_deviance_grad,
        sample=ANY,
        slips=GRAD_SLIPS,
        gradient=True,
        questions=(
            checking.formula(1, "rates that are too low", counts(0.3, 0.9)),
            checking.formula(1, "rates that are too high", counts(1.1, 4)),
            checking.lengths(1),
            checking.option(
                1.5,
                "logarithms of rates (from_log=True)",
                counts(0.3, 4),
                from_log=(True,),
            ),
            checking.case(
                0.5,
                "a rate of 0 where nothing came",
                np.array([0, 1, 3]),
                np.array([0.0, 2.0, 1.5]),
                hint="without a count the loss is a straight line: what is its slope?",
            ),
            checking.case(
                0.5,
                "logarithms of -800 and -750",
                np.array([3, 2, 1]),
                FAR_LOW,
                from_log=True,
                hint="is something divided by a rate that has become 0?",
            ),
            checking.unequal_shapes(0.5),
        ),
    ),
    Number(
        "share_lost",
        1 - np.expm1(np.mean(np.log1p(HITS))) / HITS.mean(),
        1,
        rtol=1e-3,
        hint="the constant is the mean of the logarithms of 1 + y, undone; compare it with what?",
    ),
    Task(
        reference=expected_deviance,
        sample=one_rate(0.5, 3),
        slips=EXPECTED_SLIPS,
        questions=(
            checking.formula(1.5, "a rate near 1", one_rate(0.6, 2)),
            checking.formula(1.5, "a rate near 10", one_rate(7, 15)),
            checking.case(
                1,
                "a rate of a thousandth",
                np.array(0.001),
                rtol=1e-7,
                hint="which counts occur there, and what does each cost?",
            ),
            checking.case(
                1,
                "a rate of 100",
                np.array(100.0),
                rtol=1e-7,
                hint="do enough counts take part? Logarithms of huge numbers can be added",
            ),
        ),
    ),
)
