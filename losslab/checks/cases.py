"""Awkward inputs that an answer should get right, and forbidden ones that it should refuse."""

from dataclasses import dataclass, field

import numpy as np

INF, NAN = np.inf, np.nan


@dataclass(frozen=True)
class Case:
    """One awkward input.

    Attributes
    ----------
    level : int
        3 (numerics) or 4 (the full contract).
    title : str
        The kind of input, in words.
    y_true, y_pred : array_like
        The input.
    hint : str
        What to think about when it goes wrong.
    options : dict
        Keyword arguments of the call.
    only : {"value", "gradient", None}
        The kind of exercise the input is for, if not both.
    rtol : float
        Relative tolerance.
    """

    level: int
    title: str
    y_true: object
    y_pred: object
    hint: str = ""
    options: dict = field(default_factory=dict)
    only: str | None = None
    rtol: float = 1e-9


@dataclass(frozen=True)
class Refusal:
    """An input to refuse with a ValueError or TypeError whose message names the argument."""

    title: str
    names: str
    y_true: object
    y_pred: object
    options: dict = field(default_factory=dict)
    error: type = ValueError


def array(*values):
    """Shorthand for a float64 array."""
    return np.array(values, dtype=np.float64)


def float32(*values):
    """Shorthand for a float32 array."""
    return np.array(values, dtype=np.float32)


# --- Elements: targets and predictions ----------------------------------------------------------

NAN_HINT = "a NaN must come out, but only for its own example"
KINK_HINT = "the loss has a corner there: the course's convention is a slope of 0"

REGRESSION = (
    Case(3, "integers", np.array([3, -2, 5]), np.array([1, 4, 6])),
    Case(
        3,
        "unsigned bytes (uint8)",
        np.array([0, 255, 7], np.uint8),
        np.array([255, 0, 4], np.uint8),
        "what is 0 - 255 in uint8?",
    ),
    Case(3, "float32", float32(0.1, -2.7, 3.3), float32(0.4, 1.9, 3.1), rtol=1e-5),
    Case(
        3,
        "large numbers close together",
        array(1e8 + 0.5, 1e8 - 3, 1e8 + 2),
        array(1e8, 1e8, 1e8),
        "subtract before anything is squared",
    ),
    Case(4, "a NaN among numbers", array(1, NAN, 3), array(1.5, 2, 2), NAN_HINT),
    Case(4, "infinite minus infinite", array(1, INF, 3), array(1.5, INF, 2), NAN_HINT),
)
MEAN_SQUARED_ERROR = (
    *REGRESSION,
    Case(3, "residuals of 1e150", array(1e150, 0, 1), array(-1e150, 2, 2)),
)
MEAN_ABSOLUTE_ERROR = (
    *REGRESSION,
    Case(3, "residuals of 1e200", array(1e200, 0, 1), array(-1e200, 2, 2)),
    Case(
        3,
        "residuals of exactly 0",
        array(1, 2, 3),
        array(1, 2.5, 2),
        KINK_HINT,
        only="gradient",
    ),
    Case(
        4,
        "a mean that is finite though the sum is not",
        array(1.5e308, -1.5e308, 1.5e308),
        array(0, 0, 0),
        "can the division come earlier?",
        only="value",
    ),
)
HUBER = (
    *REGRESSION,
    Case(
        3,
        "residuals of exactly δ",
        array(1, 2, 3),
        array(3.5, -0.5, 3.25),
        "do the two pieces meet there?",
        {"delta": 2.5},
    ),
    Case(
        3,
        "residuals of 1e200",
        array(1e200, 0, 1),
        array(-1e200, 2, 1.5),
        "is a huge residual squared on the way?",
    ),
)
HINGE = (
    Case(
        3,
        "scores and labels that are integers",
        np.array([1, -1, -1]),
        np.array([0, 2, -3]),
    ),
    Case(
        3,
        "labels in one byte (int8)",
        np.array([1, -1, 1], np.int8),
        array(0.25, 0.5, 3),
    ),
    Case(3, "float32", float32(1, -1, 1), float32(0.1, 0.7, -2.3), rtol=1e-5),
    Case(
        3,
        "scores exactly on the margin",
        array(1, -1, 1),
        array(1, -1, 0.5),
        KINK_HINT,
        only="gradient",
    ),
    Case(3, "scores of 1e200", array(1, -1, 1), array(1e200, 1e200, 0.5)),
    Case(4, "a NaN among the scores", array(1, -1, 1), array(0.5, NAN, 2), NAN_HINT),
    Case(
        4,
        "infinite scores",
        array(1, -1, 1),
        array(INF, -INF, 0.5),
        "what does a score of ∞ on the right side cost?",
    ),
)
LOGITS = {"from_logits": True}
BINARY_CROSS_ENTROPY = (
    Case(
        3,
        "probabilities of exactly 0 and 1 that are right",
        array(0, 1, 1),
        array(0, 1, 0.5),
        "0 times log 0: what is the limit of t·log t?",
        only="value",
    ),
    Case(
        3,
        "probabilities of exactly 0 and 1 that are right",
        array(0, 1, 1),
        array(0, 1, 0.5),
        "a quotient 0/0 counts as 0 here",
        only="gradient",
    ),
    Case(
        3,
        "certain and wrong",
        array(0, 1, 1),
        array(1, 0.5, 0.5),
        "the course reports infinity instead of hiding it behind an ε",
    ),
    Case(
        3,
        "tiny probabilities",
        array(1, 0, 1),
        array(1e-300, 0.5, 0.25),
        "nothing may be clipped or added",
    ),
    Case(
        3,
        "tiny probabilities for label 0",
        array(0, 0, 0),
        array(1e-18, 2e-17, 3e-18),
        "1 - p rounds to 1: NumPy has a function for the logarithm near 1",
        only="value",
    ),
    Case(
        3,
        "integer labels",
        np.array([0, 1, 1]),
        array(0.25, 0.5, 0.125),
    ),
    Case(3, "float32", float32(0, 1, 1), float32(0.1, 0.7, 0.35), rtol=1e-5),
    Case(3, "logits", array(0, 1, 0.25), array(0.5, -1.5, 2), options=LOGITS),
    Case(
        3,
        "logits of ±1000 and ±10000",
        array(0, 1, 1, 0),
        array(1000, -1000, 1e4, -1e4),
        "does exp overflow, or the probability round to 0 or 1?",
        LOGITS,
    ),
    Case(
        3,
        "logits that are nearly perfect",
        array(1, 0, 1),
        array(40, -40, 45),
        "the tiny rest must not be rounded away",
        LOGITS,
        rtol=1e-6,
    ),
    Case(4, "a NaN among the probabilities", array(1, 0, 1), array(0.5, NAN, 0.25), NAN_HINT),
    Case(
        4,
        "infinite logits",
        array(1, 0, 1),
        array(INF, -INF, 0.5),
        "they mean certainty: probability 1 and 0",
        LOGITS,
    ),
)

# --- Rows: classes and coordinates --------------------------------------------------------------


def rows(*values):
    """Shorthand for a float64 matrix."""
    return np.array(values, dtype=np.float64)


ONE_HOT = rows([1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0])
THIRDS = rows([0.25, 0.5, 0.25], [0.5, 0.25, 0.25], [0.125, 0.375, 0.5], [0.25, 0.25, 0.5])
SOFT = rows([0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5], [0.6, 0.3, 0.1])

FROM_LOGITS = (
    Case(3, "logits", SOFT, 4 * THIRDS, options=LOGITS),
    Case(
        3,
        "logits of ±1000 and ±10000",
        ONE_HOT,
        rows([1000, 0, -1000], [0, 500, 1000], [1e4, -1e4, 0], [3, 1, 2]),
        "does exp overflow? Adding a constant to a row of logits changes nothing",
        LOGITS,
    ),
    Case(
        4,
        "logits of -∞",
        ONE_HOT,
        rows([0, 1, -INF], [-INF, 2, 0], [0, 1, 2], [0, 0, -INF]),
        "a logit of -∞ is a probability of 0",
        LOGITS,
    ),
    Case(
        4,
        "one logit of +∞ in a row",
        ONE_HOT,
        rows([INF, 1, 0], [0, 1, 2], [0, 1, INF], [0, 0, 1]),
        "one logit of +∞ is a probability of 1",
        LOGITS,
    ),
)
CERTAIN = rows([1, 0, 0], [0, 1, 0], [0.25, 0.25, 0.5], [0.25, 0.5, 0.25])
CROSS_ENTROPY = (
    Case(2, "soft labels", SOFT, THIRDS, "labels may be any probabilities, not only 0 and 1"),
    Case(
        2,
        "class numbers instead of one-hot rows",
        np.array([2, 0, 1, 1]),
        THIRDS,
        "labels may be whole numbers, one class for each row of y_pred",
    ),
    Case(
        3,
        "probabilities of exactly 0 and 1 that are right",
        ONE_HOT,
        CERTAIN,
        "0 times log 0: what is the limit of t·log t?",
        only="value",
    ),
    Case(
        3,
        "probabilities of exactly 0 and 1 that are right",
        ONE_HOT,
        CERTAIN,
        "a quotient 0/0 counts as 0 here",
        only="gradient",
    ),
    Case(
        3,
        "certain and wrong",
        ONE_HOT,
        CERTAIN[:, ::-1],
        "the course reports infinity instead of hiding it behind an ε",
    ),
    Case(
        3,
        "tiny probabilities",
        ONE_HOT,
        rows([1e-300, 0.5, 0.5], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5], [0.5, 0.25, 0.25]),
        "nothing may be clipped or added",
    ),
    Case(3, "integer one-hot rows", ONE_HOT.astype(int), THIRDS),
    Case(3, "float32", ONE_HOT.astype(np.float32), THIRDS.astype(np.float32), rtol=1e-5),
    *FROM_LOGITS,
    Case(
        3,
        "logits that are nearly perfect",
        ONE_HOT,
        rows([40, 0, 0], [0, 41, -1], [0, 1, 45], [0, 42, 0]),
        "the tiny rest must not be rounded away",
        LOGITS,
        rtol=1e-6,
    ),
    Case(
        4,
        "a NaN among the probabilities",
        ONE_HOT,
        rows([0.25, NAN, 0.25], [0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0.25, 0.5, 0.25]),
        "the NaN belongs to the whole row, and to no other",
    ),
)
KL_DIVERGENCE = (
    Case(
        3,
        "an outcome that neither distribution has",
        CERTAIN,
        rows([0.5, 0.5, 0], [0.5, 0.5, 0], [0.5, 0.25, 0.25], [0.25, 0.25, 0.5]),
        "0 times log(0/0): what is the limit of t·log t?",
    ),
    Case(
        3,
        "an outcome that y_pred rules out but y_true has",
        THIRDS,
        CERTAIN,
        "the course reports infinity instead of hiding it behind an ε",
    ),
    Case(
        3,
        "tiny probabilities",
        SOFT,
        rows([1e-300, 0.5, 0.5], [0.25, 0.5, 0.25], [0.25, 0.25, 0.5], [0.5, 0.25, 0.25]),
        "nothing may be clipped or added",
    ),
    Case(3, "integer one-hot rows", ONE_HOT.astype(int), THIRDS),
    Case(3, "float32", SOFT.astype(np.float32), THIRDS.astype(np.float32), rtol=1e-5),
    *FROM_LOGITS,
    Case(
        4,
        "a NaN among the probabilities",
        THIRDS,
        rows([0.25, NAN, 0.25], [0.5, 0.25, 0.25], [0.5, 0.25, 0.25], [0.25, 0.5, 0.25]),
        "the NaN belongs to the whole row, and to no other",
    ),
)
VECTORS = rows([3, -1, 2], [0.5, 2, -1], [1, 1, 4], [-2, 0.5, 1])
OTHERS = rows([1, 2, 0.5], [2, 1, 1], [-1, 3, 1], [0.25, -4, 1])
ZERO_ROW = OTHERS * [[1], [0], [1], [1]]
COSINE_SIMILARITY_LOSS = (
    Case(
        3,
        "a zero vector in y_pred",
        VECTORS,
        ZERO_ROW,
        "it has no direction: by convention its similarity and its slope are 0",
    ),
    Case(
        3,
        "a zero vector in y_true",
        ZERO_ROW,
        VECTORS,
        "it has no direction: by convention its similarity and its slope are 0",
    ),
    Case(
        3,
        "vectors of length 1e200",
        VECTORS * 1e200,
        OTHERS * 1e200,
        "do the squares overflow? A vector may be rescaled before its length is taken",
    ),
    Case(
        3,
        "vectors of length 1e-200",
        VECTORS * 1e-200,
        OTHERS * 1e-200,
        "do the squares vanish? A vector may be rescaled before its length is taken",
        only="value",
    ),
    Case(
        3,
        "vectors that are nearly parallel",
        VECTORS,
        VECTORS + 1e-7 * OTHERS,
        "two numbers near 1 cancel: is there a form without that subtraction?",
        rtol=1e-5,
    ),
    Case(3, "integers", VECTORS.astype(int), (4 * OTHERS).astype(int)),
    Case(
        3,
        "unsigned bytes (uint8)",
        np.array([[200, 17, 3], [90, 250, 31]], np.uint8),
        np.array([[100, 217, 80], [250, 9, 77]], np.uint8),
        "what is 200 times 200 in uint8?",
    ),
    Case(3, "float32", VECTORS.astype(np.float32), OTHERS.astype(np.float32), rtol=1e-5),
    Case(
        4,
        "a NaN among the coordinates",
        VECTORS,
        np.where(OTHERS == 2, NAN, OTHERS),
        "the NaN belongs to the whole row, and to no other",
    ),
)

CASES = {
    "mean_squared_error": MEAN_SQUARED_ERROR,
    "mean_absolute_error": MEAN_ABSOLUTE_ERROR,
    "cross_entropy": CROSS_ENTROPY,
    "binary_cross_entropy": BINARY_CROSS_ENTROPY,
    "hinge": HINGE,
    "huber": HUBER,
    "kl_divergence": KL_DIVERGENCE,
    "cosine_similarity_loss": COSINE_SIMILARITY_LOSS,
}

# --- Forbidden inputs ---------------------------------------------------------------------------

HALVES = array(0.5, 0.25, 0.75)
TOO_MUCH = rows([0.5, 0.5, 0.5], *THIRDS[1:])
NEGATIVE = rows([-0.5, 1, 0.5], *THIRDS[1:])

REFUSALS = {
    "mean_squared_error": (),
    "mean_absolute_error": (),
    "cross_entropy": (
        Refusal("probabilities outside [0, 1]", "y_pred", ONE_HOT, NEGATIVE),
        Refusal("rows whose sum is far from 1", "y_pred", ONE_HOT, TOO_MUCH),
        Refusal("class numbers that are too large", "y_true", np.array([0, 1, 3, 2]), THIRDS),
        Refusal("negative class numbers", "y_true", np.array([0, 1, -1, 2]), THIRDS),
    ),
    "binary_cross_entropy": (
        Refusal("probabilities outside [0, 1]", "y_pred", array(0, 1, 1), array(0.5, 1.5, 0.5)),
        Refusal("labels outside [0, 1]", "y_true", array(-1, 1, 1), HALVES),
    ),
    "hinge": (
        Refusal("labels 0 and 1", "y_true", array(0, 1, 1), HALVES),
        Refusal("labels that are not ±1", "y_true", array(-1, 1, 2), HALVES),
    ),
    "huber": (
        Refusal("δ = 0", "delta", HALVES, HALVES[::-1], {"delta": 0.0}),
        Refusal("negative δ", "delta", HALVES, HALVES[::-1], {"delta": -1.0}),
        Refusal("infinite δ", "delta", HALVES, HALVES[::-1], {"delta": INF}),
    ),
    "kl_divergence": (
        Refusal("probabilities outside [0, 1]", "y_pred", SOFT, NEGATIVE),
        Refusal("rows of y_pred whose sum is far from 1", "y_pred", SOFT, TOO_MUCH),
        Refusal("rows of y_true whose sum is far from 1", "y_true", TOO_MUCH, SOFT),
    ),
    "cosine_similarity_loss": (),
}
