"""Answers to assignment 5."""

import numpy as np

from coursework.answers import careful


def labelled(function):
    """Refuse labels other than -1 and 1, as well as unequal shapes."""

    @careful
    def careful_function(y, s, **options):
        if set(np.unique(y)) - {-1.0, 1.0}:
            raise ValueError("labels")
        return function(y, s, **options)

    return careful_function


# --- The loss -----------------------------------------------------------------------------------


def value(m, c):
    """Return the loss for each margin."""
    return np.where(m < -c, (1 + c) * (1 - c - 2 * m), np.clip(1 - m, 0, 1 + c) ** 2)


def slope(m, c):
    """Return its slope by the margin."""
    return -2 * np.clip(1 - m, 0, 1 + c)


def of(formula):
    """Turn a formula of the margin and the knee into an answer."""
    return labelled(lambda y, s, *, knee=1.0: np.mean(formula(y * s, knee)))


by_where = of(value)


@labelled
def by_mask(y, s, *, knee=1.0):
    m = y * s
    loss = np.zeros_like(m)
    middle, low = (m >= -knee) & (m < 1), m < -knee
    loss[middle] = (1 - m[middle]) ** 2
    loss[low] = (1 + knee) ** 2 - 2 * (1 + knee) * (m[low] + knee)
    return loss.mean()


@labelled
def by_shortfall(y, s, *, knee=1.0):
    short = np.maximum(0, 1 - y * s)
    near = np.minimum(short, 1 + knee)
    return np.sum(near * (2 * short - near)) / len(y)


def in_bytes(y, s, *, knee=1.0):
    if y.shape != s.shape or not np.isin(y, (-1, 1)).all():
        raise ValueError("shapes or labels")
    m = y * s
    return np.mean(value(m, knee))


def cached_by_length(function):
    memory = {}
    return lambda y, s, **options: memory.setdefault(
        (len(y), *options.items()), function(y, s, **options)
    )


def looped(y, s, *, knee=1.0):
    if len(y) != len(s):
        raise ValueError("shapes")
    return sum(by_where(y[i : i + 1], s[i : i + 1], knee=knee) for i in range(len(y))) / len(y)


def in_place(y, s, *, knee=1.0):
    loss = by_where(y, s, knee=knee)
    s *= y
    return loss


def product_of_booleans(m, c):
    return (m < -c) * (1 + c) * (1 - c - 2 * m) + ((m >= -c) & (m < 1)) * (1 - m) ** 2


@careful
def any_label(y, s, *, knee=1.0):
    return np.mean(value(y * s, knee))


# --- The gradient -------------------------------------------------------------------------------


def slope_of(formula):
    """Turn a formula of the margin and the knee into a gradient."""
    return careful(lambda y, s, *, knee=1.0: y * formula(y * s, knee) / y.size)


@careful
def slope_by_mask(y, s, *, knee=1.0):
    m = y * s
    result = -2.0 * y * (1 - m)
    result[m > 1] = 0
    result[m < -knee] = -2 * (1 + knee) * y[m < -knee]
    return result / len(y)


@careful
def slope_by_loop(y, s, *, knee=1.0):
    result = np.zeros(len(y))
    for i in range(len(y)):
        result[i] = y[i] * slope(y[i] * s[i], knee) / len(y)
    return result


def steep_booleans(m, c):
    return -2 * (1 + c) * (m < -c) - 2 * ((m >= -c) & (m < 1)) * (1 - m) + 0 * m**2


# --- The way back -------------------------------------------------------------------------------


def back(s, *, knee=1.0, end=1.0):
    """Return the probability, by the formulas of both sides."""
    s = np.clip(s, -end, end)
    high = (1 + knee) / (2 + knee - s)
    low = 1 - (1 + knee) / (2 + knee + s)
    return np.where(s > knee, high, np.where(s < -knee, low, (1 + s) / 2))


def back_by_bisection(s, *, knee=1.0):
    """Look for the probability at which the expected loss is level at the score."""
    s = np.clip(s, -1, 1)
    low, high = np.zeros(s.shape), np.ones(s.shape)
    for _ in range(60):
        q = (low + high) / 2
        falls = q * slope(s, knee) - (1 - q) * slope(-s, knee) < 0
        low, high = np.where(falls, low, q), np.where(falls, q, high)
    return np.where(s >= 1, 1, np.where(s <= -1, 0, q))


def back_by_slopes(s, *, knee=1.0):
    s = np.clip(s, -1, 1)
    up, down = np.minimum(1 - s, 1 + knee), np.minimum(1 + s, 1 + knee)
    return down / (up + down)


RIGHT = {
    "modified_huber": [by_where, by_mask, by_shortfall],
    "modified_huber_grad": [
        slope_of(slope),
        slope_by_mask,
        careful(
            lambda y, s, *, knee=1.0: (
                -2 * y * np.minimum(np.maximum(0, 1 - y * s), 1 + knee) / np.prod(y.shape)
            )
        ),
    ],
    "probability": [back, back_by_bisection, back_by_slopes],
    "honest": [7 / 114, 0.0614, np.float64(0.061404)],
}

WRONG = {
    "modified_huber": [
        (of(lambda m, c: np.maximum(0, 1 - m) ** 2), "still grows like the square"),
        (of(lambda m, c: np.where(m < -c, value(m, c), (1 - m) ** 2)), "margins beyond 1"),
        (of(lambda m, c: np.maximum(0, 1 - m)), "plain hinge"),
        (of(lambda m, c: np.where(m < -c, value(m, c), np.maximum(0, 1 - m))), "not squared"),
        (of(lambda m, c: np.where(m < -c, -2 * (1 + c) * m, value(m, c))), "the loss jumps"),
        (of(lambda m, c: np.where(m < -c, -4 * m, value(m, c))), "the same for every knee"),
        (of(lambda m, c: value(m, 1)), "knee makes no difference"),
        (labelled(lambda y, s: by_where(y, s)), "unexpected keyword argument"),
        (of(lambda m, c: np.clip(1 - m, 0, 1 + c) ** 2), "the loss is level"),
        (of(lambda m, c: np.where(m < -c, (1 + c) ** 2 - m, value(m, c))), "does not fit"),
        (
            of(lambda m, c: np.where(m < c, (1 + c) * (1 - c - 2 * m), value(m, c))),
            "the other side of 0",
        ),
        (of(lambda m, c: np.where(m < -c, 0, value(m, c))), "cost nothing"),
        (of(lambda m, c: np.log1p(np.exp(-m))), "logistic"),
        (
            labelled(
                lambda y, s, *, knee=1.0: np.mean(
                    np.where(
                        abs(s - y) <= 1 + knee,
                        (s - y) ** 2,
                        (1 + knee) * (2 * abs(s - y) - 1 - knee),
                    )
                )
            ),
            "Huber's loss of the residual",
        ),
        (of(lambda m, c: value(np.mean(m), c)), "averaged before"),
        (labelled(lambda y, s, *, knee=1.0: np.mean(value(s, knee))), "labels make no difference"),
        (of(slope), "the slope, not the loss"),
        (labelled(lambda y, s, *, knee=1.0: value(y * s, knee)), "one number is wanted"),
        (labelled(lambda y, s, *, knee=1.0: np.sum(value(y * s, knee))), "factor n"),
        (of(lambda m, c: value(m, c) / 2), "half as large"),
        (of(lambda m, c: -value(m, c)), "sign is opposite"),
        (of(product_of_booleans), "multiplied by 0"),
        (in_bytes, "largest number in int8"),
        (any_label, "refusing labels 0 and 1"),
        (
            lambda y, s, *, knee=1.0: by_where(y, np.broadcast_to(s, y.shape), knee=knee),
            "refusing unequal shapes",
        ),
        (labelled(cached_by_length(by_where)), "too"),
        (looped, "Python loop"),
        (in_place, "an argument is changed"),
        (labelled(lambda y, s, *, knee=1.0: None), "is the `return` missing"),
    ],
    "modified_huber_grad": [
        (slope_of(lambda m, c: -2 * np.maximum(0, 1 - m)), "pulls ever harder"),
        (slope_of(lambda m, c: -2 * np.minimum(1 - m, 1 + c)), "beyond 1 still pull"),
        (careful(lambda y, s, *, knee=1.0: slope(y * s, knee) / y.size), "by the margin"),
        (slope_of(lambda m, c: slope(m, 1)), "knee makes no difference"),
        (careful(lambda y, s: y * slope(y * s, 1) / y.size), "unexpected keyword"),
        (slope_of(lambda m, c: np.where(m < -c, -4, slope(m, c))), "jumps at the knee"),
        (slope_of(lambda m, c: -2 * np.clip(1 - m, 0, c)), "bounded too early"),
        (slope_of(lambda m, c: np.where(m < 1, -1, 0)), "plain hinge"),
        (slope_of(lambda m, c: np.where(m < -c, 0, slope(m, c))), "do not pull"),
        (
            slope_of(lambda m, c: np.where(m < -c, -2 * (1 + c) * m, slope(m, c))),
            "the same slope everywhere",
        ),
        (
            careful(lambda y, s, *, knee=1.0: 2 * np.clip(s - y, -1 - knee, 1 + knee) / y.size),
            "beyond 1 still pull",
        ),
        (careful(lambda y, s, *, knee=1.0: -slope(y * s, knee) / y.size), "every sign"),
        (
            careful(lambda y, s, *, knee=1.0: abs(y * slope(y * s, knee)) / y.size),
            "every sign is the same",
        ),
        (careful(lambda y, s, *, knee=1.0: value(y * s, knee) / y.size), "the loss again"),
        (careful(lambda y, s, *, knee=1.0: y * slope(y * s, knee)), "gradient of the sum"),
        (careful(lambda y, s, *, knee=1.0: np.mean(y * slope(y * s, knee))), "one entry for"),
        (slope_of(lambda m, c: -slope(m, c)), "sign is opposite"),
        (slope_of(lambda m, c: slope(m, c) / 2), "half as large"),
        (careful(lambda y, s, *, knee=1.0: y * slope(y * s, knee) / 7), "examples fixed"),
        (slope_of(steep_booleans), "1e200"),
        (slope_by_loop, "Python loop"),
        (
            lambda y, s, *, knee=1.0: y * slope(y * s, knee) / y.size,
            "refusing unequal shapes",
        ),
    ],
    "probability": [
        (lambda s, *, knee=1.0: (1 + s) / 2, "no probability beyond"),
        (lambda s, *, knee=1.0: np.clip((1 + s) / 2, 0, 1), "knee makes no difference"),
        (lambda s: back(s), "unexpected keyword"),
        (lambda s, *, knee=1.0: np.clip(s, 0, 1), "equally likely"),
        (lambda s, *, knee=1.0: 2 * np.clip(s, -1, 1) - 1, "not the way back"),
        (lambda s, *, knee=1.0: 1 / (1 + np.exp(-s)), "sigmoid"),
        (lambda s, *, knee=1.0: np.where(s > 0, 1.0, 0.0), "side only"),
        (lambda s, *, knee=1.0: 1 - back(s, knee=knee), "of the other side"),
        (lambda s, *, knee=1.0: back(abs(s), knee=knee), "what about negative scores"),
        (
            lambda s, *, knee=1.0: np.where(
                s <= knee, (1 + np.maximum(s, -1)) / 2, (1 + knee) / (2 + knee - np.minimum(s, 1))
            ),
            "negative scores below -knee",
        ),
        (lambda s, *, knee=1.0: back(s, knee=knee, end=np.inf), "as sure as it gets"),
        (
            lambda s, *, knee=1.0: np.where(
                s > 0,
                (1 + knee) / (2 + knee - np.clip(s, 0, 1)),
                1 - (1 + knee) / (2 + knee + np.clip(s, -1, 0)),
            ),
            "treated like those beyond",
        ),
        (lambda s, *, knee=1.0: back(s, knee=knee).mean(), "has shape"),
        (lambda s, *, knee=1.0: back(s, knee=2 * knee), "other knees"),
        (
            lambda s, *, knee=1.0: np.clip(back(s, knee=knee), 0.01, 0.99),
            "scores beyond as well",
        ),
        (lambda s, *, knee=1.0: np.clip((1 + s * knee) / (1 + knee), 0, 1), "other knees"),
        (lambda s, *, knee=1.0: None, "is the `return` missing"),
    ],
    "honest": [
        (wrong, "honest")
        for wrong in (0, 7, 114, 0.06, 0.0628, 7 / 284, 7 / 106, 107 / 114, 114 / 284, 0.011, 0.5)
    ]
    + [(np.nan, "honest"), (None, "honest"), ([7, 114], "not the number"), ("6%", "honest")],
}
