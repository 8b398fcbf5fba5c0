"""Assignment 1, after the mean squared error: the Itakura–Saito loss, which sees ratios."""

import numpy as np

from coursework import checking
from coursework.checking import Number, Task


def itakura_saito(y_true, y_pred):
    """Return the mean of y/p - log(y/p) - 1, with all its digits near and far from y = p."""
    y, p = y_true.astype(float), y_pred.astype(float)
    t = (y - p) / p
    near = np.clip(t, -0.5, 0.5)
    return np.mean(np.where(near == t, near - np.log1p(near), t - (np.log(y) - np.log(p))))


def itakura_saito_grad(y_true, y_pred):
    """Return the gradient of the mean, without a square that could overflow."""
    y, p = y_true.astype(float), y_pred.astype(float)
    return (p - y) / p / p / p.size


def descend(y, start, *, rate=0.1, steps=20):
    """Return a constant prediction after so many steps of gradient descent."""
    p = float(start)
    for _ in range(steps):
        p = p - rate * np.mean((p - y) / p**2)
    return p


def descend_log(y, start, *, rate=0.1, steps=20):
    """Return the same after steps in the logarithm of the prediction."""
    theta = np.log(float(start))
    for _ in range(steps):
        theta = theta - rate * np.mean(1 - y / np.exp(theta))
    return np.exp(theta)


# --- Ordinary inputs ----------------------------------------------------------------------------


def ratios(low, high):
    """Make a sampler of positive targets, and predictions `low` to `high` times as large."""

    def sample(rng, n):
        y_true = np.exp(rng.normal(0, 1, n))
        return y_true, y_true * np.exp(rng.uniform(np.log(low), np.log(high), n))

    return sample


def constant(low, high):
    """Make a sampler of positive numbers, and a start `low` to `high` times their mean."""

    def sample(rng, n, *_):
        y = np.exp(rng.normal(0.5, 0.5, n))
        return y, np.array(y.mean() * rng.uniform(low, high))

    return sample


ONES = np.ones(3)
ANY = ratios(0.3, 4)

# --- Slips --------------------------------------------------------------------------------------

mean, log = np.mean, np.log

LOSS_SLIPS = (
    (lambda y, p: mean(p / y - log(p / y) - 1), "y_true and y_pred are exchanged"),
    (lambda y, p: mean(y / p - log(y / p)), "off by a constant: a right guess should cost nothing"),
    (lambda y, p: mean(y / p + log(p)), "off by what depends on y alone: a right guess costs 0"),
    (lambda y, p: mean(y / p - 1), "the logarithm is missing"),
    (lambda y, p: mean(y / p + log(y / p) - 1), "the logarithm has the wrong sign"),
    (lambda y, p: mean(log(y / p) ** 2), "this is the squared difference of logarithms"),
    (lambda y, p: mean((y / p - 1) ** 2), "this is the squared relative error"),
    (lambda y, p: mean((y - p) ** 2), "this is the squared error: differences, not ratios"),
    (lambda y, p: mean((p / y - 1) ** 2), "this is the squared relative error"),
    (lambda y, p: mean(y * log(y / p) - y + p), "this belongs to another generating function"),
    (
        lambda y, p: mean(y) / mean(p) - log(mean(y) / mean(p)) - 1,
        "the numbers are averaged before they are compared",
    ),
    (lambda y, p: mean(y / p) - log(mean(y / p)) - 1, "the mean is taken before the logarithm"),
    (lambda y, p: mean(abs(log(y / p))), "this is the absolute difference of logarithms"),
)
GRAD_SLIPS = (
    (lambda y, p: (p - y) / p / len(p), "this is the slope by the logarithm of y_pred"),
    (lambda y, p: (p - y) / y**2 / len(p), "the square belongs to the other of the two"),
    (
        lambda y, p: (p - y) / (y * p) / len(p),
        "this is the slope with respect to y_true, but for the sign",
    ),
    (lambda y, p: -y / p**2 / len(p), "the slope of the logarithm is missing"),
    (lambda y, p: 1 / p / len(p), "only the slope of the logarithm is there"),
    (lambda y, p: (1 / p - y / p) / len(p), "a quotient's slope has the square below"),
    (lambda y, p: 2 * (p - y) / len(p), "this is the gradient of the squared error"),
    (lambda y, p: abs(p - y) / p**2 / len(p), "every sign is the same"),
    (lambda y, p: (y / p - log(y / p) - 1) / len(p), "this is the loss again, not its slope"),
    (lambda y, p: (2 * y - p) / p**3 / len(p), "this is the second derivative"),
    (lambda y, p: (p - y) / p**3 / len(p), "one factor too many below"),
)
STEPS = (
    (lambda y, p, **options: mean(y), "this is the minimum itself, not where the steps lead"),
    (lambda y, p, **options: p, "this is the start: nothing has moved"),
    (lambda y, p, **options: descend(y, p), "rate or steps make no difference"),
)

# --- The tasks ----------------------------------------------------------------------------------

TASKS = checking.tasks(
    Task(
        reference=itakura_saito,
        sample=ANY,
        slips=LOSS_SLIPS,
        questions=(
            checking.formula(1, "predictions that are too low", ratios(0.3, 0.9)),
            checking.formula(1, "predictions that are too high", ratios(1.1, 5)),
            checking.lengths(1),
            checking.case(
                1,
                "predictions a millionth too high or too low",
                ONES,
                np.array([1 + 1e-6, 1 - 2e-6, 1 + 3e-6]),
                hint="the ratio is nearly 1, and its logarithm nearly 0: log1p can tell",
                rtol=1e-6,
            ),
            checking.case(
                0.5,
                "predictions 1e20 times too high",
                np.array([1e-20, 1.0, 2.0]),
                np.array([1.0, 2.0, 2e20]),
                hint="what is left of a tiny number after adding 1?",
            ),
            checking.case(
                0.5,
                "unsigned bytes (uint8)",
                np.array([1, 255, 7], np.uint8),
                np.array([2, 250, 4], np.uint8),
                hint="what is 1 - 2 in uint8?",
            ),
            checking.unequal_shapes(0.5),
            checking.refusal(0.5, "refusing a prediction of 0", ONES, np.array([1.0, 0.0, 2.0])),
            checking.whole_arrays(0.5),
            checking.inputs_unchanged(0.5),
        ),
    ),
    Task(
        reference=itakura_saito_grad,
        sample=ANY,
        slips=GRAD_SLIPS,
        gradient=True,
        questions=(
            checking.formula(1, "predictions that are too low", ratios(0.3, 0.9)),
            checking.formula(1, "predictions that are too high", ratios(1.1, 5)),
            checking.lengths(1),
            checking.case(
                1,
                "numbers of 1e200",
                np.array([1e200, 2e200, 3e200]),
                np.array([2e200, 1e200, 1e200]),
                hint="is something huge squared on the way?",
            ),
            checking.unequal_shapes(0.5),
            checking.whole_arrays(0.5),
        ),
    ),
    Number(
        "convex_until",
        6.0,
        1,
        rtol=1e-3,
        hint="look for the sign of the second derivative",
    ),
    Task(
        reference=descend,
        sample=constant(0.8, 3),
        slips=STEPS,
        questions=(
            checking.formula(1.5, "starts above the minimum", constant(1.5, 4)),
            checking.formula(0.5, "starts below the minimum", constant(0.6, 0.9)),
            checking.option(
                1,
                "other rates and numbers of steps",
                constant(0.8, 2),
                rate=(0.02, 0.3),
                steps=(1, 7),
            ),
        ),
    ),
    Task(
        reference=descend_log,
        sample=constant(0.5, 3),
        slips=(
            *STEPS[:2],
            (descend, "these are steps in the prediction, not in its logarithm"),
            (lambda y, p, **options: log(descend_log(y, p, **options)), "this is the logarithm"),
        ),
        questions=(
            checking.formula(1, "starts above and below", constant(0.4, 4)),
            checking.option(
                1,
                "other rates and numbers of steps",
                constant(0.5, 2),
                rate=(0.02, 0.3),
                steps=(1, 7),
            ),
        ),
    ),
)
