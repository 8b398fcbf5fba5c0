"""Assignment 5, after hinge loss: the modified Huber loss, for any knee."""

import numpy as np

from coursework import checking
from coursework.checking import Number, Task


def modified_huber(y_true, y_pred, *, knee=1.0):
    """Return the mean of the squared hinge that is straight for margins below -knee."""
    m = y_true.astype(float) * y_pred.astype(float)
    return np.mean(np.where(m < -knee, line(m, knee), np.clip(1 - m, 0, 1 + knee) ** 2))


def line(m, knee):
    """Return the tangent of (1 - m)² at m = -knee."""
    return (1 + knee) * (1 - knee - 2 * m)


def modified_huber_grad(y_true, y_pred, *, knee=1.0):
    """Return the gradient of the mean."""
    y = y_true.astype(float)
    return -2 * y * np.clip(1 - y * y_pred.astype(float), 0, 1 + knee) / y.size


def probability(score, *, knee=1.0):
    """Return the probability of y = 1 for which each score is the best one."""
    s = np.clip(score.astype(float), -1, 1)
    far = (1 + knee) / (2 + knee - np.abs(s))
    return np.where(np.abs(s) <= knee, (1 + s) / 2, np.where(s > 0, far, 1 - far))


# --- Ordinary inputs ----------------------------------------------------------------------------


def margins(low, high):
    """Make a sampler of labels, and scores with margins between `low` and `high`."""

    def sample(rng, n, *_):
        y_true = rng.permutation(np.resize([-1.0, 1.0], n))
        return y_true, y_true * rng.uniform(low, high, n)

    return sample


def around(rng, n, knee):
    """Draw margins on both sides of the knee, and beyond 1."""
    y_true = rng.permutation(np.resize([-1.0, 1.0], n))
    return y_true, y_true * np.linspace(-knee - 2, 1.5, n)


def scores(low, high):
    """Make a sampler of scores of both signs, with sizes between `low` and `high`."""
    return lambda rng, n, *_: (np.resize([1.0, -1.0], n) * rng.uniform(low, high, n),)


ANY = margins(-4, 2)

# --- Slips --------------------------------------------------------------------------------------

mean, top, where = np.mean, np.maximum, np.where


def of_margin(formula):
    """Make a slip for the loss from a formula of the margin and the knee."""
    return lambda y, s, knee=1.0: mean(formula(y * s, knee))


def of_slope(formula):
    """Make a slip for the gradient from a formula of the margin and the knee."""
    return lambda y, s, knee=1.0: y * formula(y * s, knee) / len(y)


LOSS_SLIPS = (
    (of_margin(lambda m, c: top(0, 1 - m) ** 2), "below the knee it still grows like the square"),
    (
        of_margin(lambda m, c: where(m < -c, line(m, c), (1 - m) ** 2)),
        "margins beyond 1 are charged for: what should they cost?",
    ),
    (of_margin(lambda m, c: top(0, 1 - m)), "this is the plain hinge"),
    (
        of_margin(lambda m, c: where(m < -c, line(m, c), top(0, 1 - m))),
        "between the knee and 1 it is not squared",
    ),
    (
        of_margin(lambda m, c: where(m < -c, -2 * (1 + c) * m, top(0, 1 - m) ** 2)),
        "at the knee the loss jumps: is the line right for a knee of 1 only?",
    ),
    (
        of_margin(lambda m, c: where(m < -c, -4 * m, top(0, 1 - m) ** 2)),
        "the line is the same for every knee",
    ),
    (of_margin(lambda m, c: where(m < -1, -4 * m, top(0, 1 - m) ** 2)), "knee makes no difference"),
    (
        of_margin(lambda m, c: np.clip(1 - m, 0, 1 + c) ** 2),
        "below the knee the loss is level: nothing would pull a bad mistake back",
    ),
    (
        of_margin(lambda m, c: where(m < -c, (1 + c) ** 2 - m, top(0, 1 - m) ** 2)),
        "the slope of the line does not fit the square's at the knee",
    ),
    (
        of_margin(lambda m, c: where(m < c, line(m, c), top(0, 1 - m) ** 2)),
        "the knee is on the other side of 0",
    ),
    (
        of_margin(lambda m, c: where(m < -c, 0, top(0, 1 - m) ** 2)),
        "margins below the knee cost nothing",
    ),
    (
        lambda y, s, knee=1.0: mean(
            where(abs(s - y) <= 1 + knee, (s - y) ** 2, (1 + knee) * (2 * abs(s - y) - 1 - knee))
        ),
        "this is Huber's loss of the residual: a score far on the right side should cost nothing",
    ),
    (of_margin(lambda m, c: np.log1p(np.exp(-m))), "this is the logistic loss"),
    (
        lambda y, s, knee=1.0: modified_huber(mean(y * s, keepdims=True), np.ones(1), knee=knee),
        "the margins are averaged before anything else",
    ),
    (
        lambda y, s, knee=1.0: modified_huber(np.ones(len(s)), s, knee=knee),
        "the labels make no difference",
    ),
    (
        of_margin(lambda m, c: -2 * np.clip(1 - m, 0, 1 + c)),
        "this is the slope, not the loss",
    ),
)
GRAD_SLIPS = (
    (of_slope(lambda m, c: -2 * top(0, 1 - m)), "below the knee it still pulls ever harder"),
    (
        of_slope(lambda m, c: -2 * np.minimum(1 - m, 1 + c)),
        "margins beyond 1 still pull",
    ),
    (
        lambda y, s, knee=1.0: -2 * np.clip(1 - y * s, 0, 1 + knee) / len(y),
        "this is the slope by the margin: the score is one step of the chain rule further",
    ),
    (of_slope(lambda m, c: -2 * np.clip(1 - m, 0, 2)), "knee makes no difference"),
    (
        of_slope(lambda m, c: where(m < -c, -4, -2 * top(0, 1 - m))),
        "the slope jumps at the knee: is it the same for every knee?",
    ),
    (of_slope(lambda m, c: -2 * np.clip(1 - m, 0, c)), "the pull is bounded too early"),
    (of_slope(lambda m, c: where(m < 1, -1, 0)), "this is the slope of the plain hinge"),
    (
        of_slope(lambda m, c: where(m < -c, 0, -2 * top(0, 1 - m))),
        "margins below the knee do not pull",
    ),
    (
        of_slope(lambda m, c: where(m < -c, -2 * (1 + c) * m, -2 * top(0, 1 - m))),
        "a straight line has the same slope everywhere",
    ),
    (
        lambda y, s, knee=1.0: 2 * np.clip(s - y, -1 - knee, 1 + knee) / len(y),
        "margins beyond 1 still pull: this is Huber's loss of the residual",
    ),
    (
        lambda y, s, knee=1.0: abs(modified_huber_grad(y, s, knee=knee)),
        "every sign is the same",
    ),
    (
        lambda y, s, knee=1.0: (
            where(y * s < -knee, line(y * s, knee), np.clip(1 - y * s, 0, 1 + knee) ** 2) / len(y)
        ),
        "this is the loss again, not its slope",
    ),
)


def mirrored(size, score):
    """Give a probability of the likelier side the side of the score."""
    return where(score > 0, size, 1 - size)


PROBABILITY_SLIPS = (
    (lambda s, knee=1.0: (1 + s) / 2, "that is no probability beyond ±1"),
    (lambda s, knee=1.0: np.clip((1 + s) / 2, 0, 1), "knee makes no difference"),
    (lambda s, knee=1.0: np.clip(s, 0, 1), "a score of 0 leaves both sides equally likely"),
    (lambda s, knee=1.0: 2 * np.clip(s, -1, 1) - 1, "this is the best score, not the way back"),
    (lambda s, knee=1.0: 1 / (1 + np.exp(-s)), "this is the sigmoid: it belongs to another loss"),
    (lambda s, knee=1.0: (s > 0) * 1.0, "this is the side only"),
    (
        lambda s, knee=1.0: 1 - probability(s, knee=knee),
        "this is the probability of the other side",
    ),
    (
        lambda s, knee=1.0: probability(abs(s), knee=knee),
        "this is the probability of the likelier side: what about negative scores?",
    ),
    (
        lambda s, knee=1.0: np.clip(
            where(s <= knee, (1 + s) / 2, (1 + knee) / (2 + knee - s)), 0, 1
        ),
        "negative scores below -knee are treated like those in the middle",
    ),
    (
        lambda s, knee=1.0: mirrored(
            where(abs(s) <= knee, (1 + abs(s)) / 2, (1 + knee) / (2 + knee - abs(s))), s
        ),
        "far scores are not probability 0 or 1",
    ),
    (
        lambda s, knee=1.0: mirrored((1 + knee) / (2 + knee - np.minimum(abs(s), 1)), s),
        "scores between -knee and knee are treated like those beyond",
    ),
)

# --- The tasks ----------------------------------------------------------------------------------

LABELS = np.array([1.0, -1.0, 1.0])

TASKS = checking.tasks(
    Task(
        reference=modified_huber,
        sample=ANY,
        slips=LOSS_SLIPS,
        questions=(
            checking.formula(1, "margins between -1 and 1", margins(-0.9, 0.9)),
            checking.formula(1, "margins up to 4", margins(0.2, 4)),
            checking.formula(1, "margins below -1", margins(-6, -1.2)),
            checking.lengths(1),
            checking.option(1, "knees other than 1", around, knee=(0.0, 0.5, 3.0)),
            checking.case(
                0.5,
                "scores of 1e200",
                LABELS,
                np.array([1e200, -0.5, -1e200]),
                hint="is something infinite multiplied by 0, or a huge number squared?",
            ),
            checking.case(
                0.5,
                "bytes (int8)",
                np.array([1, -1, 1], np.int8),
                np.array([-100, 127, -128], np.int8),
                hint="what is the largest number in int8?",
            ),
            checking.unequal_shapes(0.5),
            checking.refusal(0.5, "refusing labels 0 and 1", np.array([0.0, 1, 1]), LABELS / 2),
            checking.whole_arrays(0.5),
            checking.inputs_unchanged(0.5),
        ),
    ),
    Task(
        reference=modified_huber_grad,
        sample=ANY,
        slips=GRAD_SLIPS,
        gradient=True,
        questions=(
            checking.formula(1, "margins between -1 and 3", margins(-0.9, 3)),
            checking.formula(1, "margins below -1", margins(-6, -1.2)),
            checking.lengths(0.5),
            checking.option(1, "knees other than 1", around, knee=(0.0, 0.5, 3.0)),
            checking.case(
                0.5,
                "scores of 1e200",
                LABELS,
                np.array([1e200, -0.5, -1e200]),
                hint="is something infinite multiplied by 0?",
            ),
            checking.unequal_shapes(0.5),
            checking.whole_arrays(0.5),
        ),
    ),
    Task(
        reference=probability,
        sample=scores(0.05, 2),
        slips=PROBABILITY_SLIPS,
        questions=(
            checking.formula(1, "scores between -1 and 1", scores(0.05, 0.95)),
            checking.formula(1, "scores beyond as well", scores(0.5, 3)),
            checking.option(
                0.5,
                "other knees, scores between -knee and knee",
                lambda rng, n, knee: scores(0.1 * knee, 0.9 * knee)(rng, n),
                knee=(0.25, 0.6),
            ),
            checking.option(
                1.5,
                "other knees, scores between the knee and 1",
                lambda rng, n, knee: scores(knee + 0.05, 0.95)(rng, n),
                knee=(0.25, 0.6),
            ),
            checking.case(
                1,
                "scores far beyond 1, with knee 0.5",
                np.array([2.5, -2.5, 1.7, -4.0]),
                knee=0.5,
                hint="a score of 1 is as sure as it gets, whatever comes beyond",
            ),
        ),
    ),
    Number(
        "honest",
        7 / 114,
        1,
        rtol=1e-3,
        hint="among the tumours with forecast 0: how many were malignant, and how many are there?",
    ),
)
