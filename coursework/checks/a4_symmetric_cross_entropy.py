"""Assignment 4, after binary cross-entropy: symmetric cross-entropy, against wrong labels."""

import numpy as np

from coursework import checking
from coursework.checking import Number, Task


def sigmoid(z):
    """Return the probability, with all its digits near 0."""
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def softplus(z):
    """Return log(1 + exp(z)) without overflow."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def cut_log(t, lowest):
    """Return the logarithm, or `lowest` where it is lower."""
    return np.log(np.maximum(t, np.exp(lowest)))


def forward(y, z):
    """Return each example's cross-entropy."""
    return y * softplus(-z) + (1 - y) * softplus(z)


def reverse(y, z, lowest=-4.0):
    """Return each example's reverse cross-entropy."""
    return -sigmoid(z) * cut_log(y, lowest) - sigmoid(-z) * cut_log(1 - y, lowest)


def forward_slope(y, z):
    """Return the slope of `forward` by the logit, without cancellation."""
    return (1 - y) * sigmoid(z) - y * sigmoid(-z)


def reverse_slope(y, z, lowest=-4.0):
    """Return the slope of `reverse` by the logit."""
    return sigmoid(z) * sigmoid(-z) * (cut_log(1 - y, lowest) - cut_log(y, lowest))


def symmetric_cross_entropy(y_true, y_pred, *, alpha=0.1, beta=1.0, lowest=-4.0):
    """Return the mean of both cross-entropies, weighted, from logits."""
    y, z = y_true.astype(float), y_pred.astype(float)
    return np.mean(alpha * forward(y, z) + beta * reverse(y, z, lowest))


def symmetric_cross_entropy_grad(y_true, y_pred, *, alpha=0.1, beta=1.0, lowest=-4.0):
    """Return the gradient of the mean by each logit."""
    y, z = y_true.astype(float), y_pred.astype(float)
    return (alpha * forward_slope(y, z) + beta * reverse_slope(y, z, lowest)) / z.size


def suspects(y_true, y_pred, k):
    """Return the indices of the k least believed labels."""
    return np.argsort((2 * y_true - 1) * y_pred, kind="stable")[: int(k)]


# --- Ordinary inputs ----------------------------------------------------------------------------


def labelled(label=None, spread=2.0):
    """Make a sampler of labels, all alike or of both kinds, and logits."""

    def sample(rng, n, *_):
        y = rng.permutation(np.resize([1, 0, 1], n)) if label is None else np.full(n, label)
        return y, rng.normal(0.3, spread, n)

    return sample


def soft(rng, n, *_):
    """Draw labels between 0 and 1, some of them beyond the cut, and logits."""
    return rng.permutation(np.resize([0.3, 0.001, 0.9, 0.999, 0.5], n)), rng.normal(0.3, 2, n)


def believed(rng, n):
    """Draw labels, logits and how many suspects are wanted."""
    return *labelled(spread=3.0)(rng, n), np.array(1 + n // 3)


ANY = labelled()
LABELS = np.array([1, 0, 1, 0])
FAR = np.array([-1000.0, 1000.0, 3.0, 1.0])
SURE = np.array([40.0, -41.0, 42.0, -40.5])

# --- Slips --------------------------------------------------------------------------------------

mean = np.mean


def loss_slip(formula, hint):
    """Make a slip of a formula of y, z, alpha, beta and lowest for one example."""
    return (
        lambda y, z, alpha=0.1, beta=1.0, lowest=-4.0: mean(formula(y, z, alpha, beta, lowest)),
        hint,
    )


def grad_slip(formula, hint):
    """Make a slip of such a formula of a slope."""
    return (
        lambda y, z, alpha=0.1, beta=1.0, lowest=-4.0: formula(y, z, alpha, beta, lowest) / len(z),
        hint,
    )


EXCHANGED = "alpha and beta are exchanged"
LOSS_SLIPS = (
    loss_slip(lambda y, z, a, b, low: a * forward(y, z), "the reverse part is missing"),
    loss_slip(lambda y, z, a, b, low: b * reverse(y, z, low), "the forward part is missing"),
    loss_slip(lambda y, z, a, b, low: b * forward(y, z) + a * reverse(y, z, low), EXCHANGED),
    loss_slip(
        lambda y, z, a, b, low: (a + b) * forward(y, z),
        "both parts are the ordinary cross-entropy: which one is inside the logarithm?",
    ),
    loss_slip(
        lambda y, z, a, b, low: a * forward(y, z) - b * reverse(y, z, low),
        "the reverse part has the wrong sign",
    ),
    loss_slip(
        lambda y, z, a, b, low: a * forward(y, z) - b * sigmoid(z) * cut_log(y, low),
        "half of the reverse part is missing: that of 1 - p",
    ),
    loss_slip(
        lambda y, z, a, b, low: a * forward(y, z) - b * sigmoid(-z) * cut_log(1 - y, low),
        "half of the reverse part is missing: that of p",
    ),
    loss_slip(
        lambda y, z, a, b, low: a * y * softplus(-z) + b * reverse(y, z, low),
        "half of the forward part is missing: that of 1 - y",
    ),
    loss_slip(
        lambda y, z, a, b, low: a * forward(y, z) + b * abs(y - sigmoid(z)),
        "the weight that `lowest` brings is missing",
    ),
    loss_slip(
        lambda y, z, a, b, low: a * forward(y, z) + b * abs(low) * abs(y - sigmoid(z)),
        "right for labels of 0 and 1 only",
    ),
    loss_slip(
        lambda y, z, a, b, low: (
            a * forward(y, z) + b * abs(low) * (y * sigmoid(-z) + (1 - y) * sigmoid(z))
        ),
        "right for labels of 0 and 1 only",
    ),
    loss_slip(
        lambda y, z, a, b, low: (
            a * forward(y, z)
            - b * sigmoid(z) * np.log(y + np.exp(low))
            - b * sigmoid(-z) * np.log(1 - y + np.exp(low))
        ),
        "a small number is added to every label, where only low logarithms are to be cut off",
    ),
    loss_slip(
        lambda y, z, a, b, low: a * forward(1 - y, z) + b * reverse(1 - y, z, low),
        "labels 0 and 1 are exchanged",
    ),
    (lambda y, z, **options: symmetric_cross_entropy(y, z), "the options make no difference"),
    (
        lambda y, z, alpha=0.1, beta=1.0, lowest=-4.0: symmetric_cross_entropy(
            y, z, alpha=alpha, beta=beta
        ),
        "lowest makes no difference",
    ),
    (
        lambda y, z, **options: symmetric_cross_entropy(
            np.array([mean(y)]), np.array([mean(z)]), **options
        ),
        "the examples are averaged before anything else",
    ),
    (
        lambda y, z, **options: mean(len(z) * symmetric_cross_entropy_grad(y, z, **options)),
        "this is the slope, not the loss",
    ),
)
GRAD_SLIPS = (
    grad_slip(lambda y, z, a, b, low: a * forward_slope(y, z), "the reverse part is missing"),
    grad_slip(lambda y, z, a, b, low: b * reverse_slope(y, z, low), "the forward part is missing"),
    grad_slip(
        lambda y, z, a, b, low: b * forward_slope(y, z) + a * reverse_slope(y, z, low), EXCHANGED
    ),
    grad_slip(
        lambda y, z, a, b, low: a * forward_slope(y, z) - b * reverse_slope(y, z, low),
        "the reverse part has the wrong sign",
    ),
    grad_slip(
        lambda y, z, a, b, low: (
            a * forward_slope(y, z) + b * (cut_log(1 - y, low) - cut_log(y, low))
        ),
        "the reverse part is differentiated by the probability: the chain rule",
    ),
    grad_slip(
        lambda y, z, a, b, low: (
            a * forward_slope(y, z) / (sigmoid(z) * sigmoid(-z))
            + b * (cut_log(1 - y, low) - cut_log(y, low))
        ),
        "this is the slope by the probability, not by the logit",
    ),
    grad_slip(
        lambda y, z, a, b, low: (
            a * forward_slope(y, z) * sigmoid(z) * sigmoid(-z) + b * reverse_slope(y, z, low)
        ),
        "the forward part carries the chain rule's factor once too often",
    ),
    grad_slip(
        lambda y, z, a, b, low: (
            a * forward_slope(y, z) + b * sigmoid(z) * (cut_log(1 - y, low) - cut_log(y, low))
        ),
        "the slope of the sigmoid has two factors",
    ),
    grad_slip(
        lambda y, z, a, b, low: a * forward_slope(y, z) + b * reverse_slope(y, z, -1.0),
        "the weight that `lowest` brings is missing",
    ),
    grad_slip(
        lambda y, z, a, b, low: (
            a * forward_slope(y, z) + b * sigmoid(z) * sigmoid(-z) * abs(low) * (1 - 2 * y)
        ),
        "right for labels of 0 and 1 only",
    ),
    grad_slip(
        lambda y, z, a, b, low: a * forward(y, z) + b * reverse(y, z, low),
        "this is the loss again, not its slope",
    ),
    (
        lambda y, z, **options: abs(symmetric_cross_entropy_grad(y, z, **options)),
        "every sign is the same",
    ),
    (lambda y, z, **options: symmetric_cross_entropy_grad(y, z), "the options make no difference"),
    (
        lambda y, z, alpha=0.1, beta=1.0, lowest=-4.0: symmetric_cross_entropy_grad(
            y, z, alpha=alpha, beta=beta
        ),
        "lowest makes no difference",
    ),
)


def ranked(score):
    """Turn a score into a ranking, the highest first."""
    return lambda y, z, k: np.argsort(-score(y, z), kind="stable")[: int(k)]


SUSPECT_SLIPS = (
    (ranked(lambda y, z: (2 * y - 1) * z), "these are the most believed labels"),
    (ranked(lambda y, z: -abs(z)), "these are the least sure examples, whatever the label"),
    (ranked(lambda y, z: abs(z)), "these are the surest examples, whatever the label"),
    (ranked(lambda y, z: z), "the label is ignored: these are the highest logits"),
    (ranked(lambda y, z: -z), "the label is ignored: these are the lowest logits"),
    (ranked(lambda y, z: abs(y - z)), "a label and a logit are compared: they differ in kind"),
    (lambda y, z, k: suspects(y, z, k)[::-1], "right, but the least believed one comes first"),
    (lambda y, z, k: np.sort(suspects(y, z, k)), "right, but in the order of the examples"),
    (lambda y, z, k: suspects(y, z, k) + 1, "counted from 1: indices begin at 0"),
    (lambda y, z, k: suspects(y, z, k + 1)[1:], "the very first one is left out"),
    (
        lambda y, z, k: np.sort((1 - 2 * y) * z)[::-1][: int(k)],
        "these are logits: indices are wanted",
    ),
)

# --- The tasks ----------------------------------------------------------------------------------

WEIGHTS = {"alpha": (0.5, 2.0), "beta": (0.3,)}
FAR_HINT = "what does an exponential do there?"
SURE_HINT = "what is 1 - σ(40), and what σ(-40)?"

TASKS = checking.tasks(
    Task(
        reference=symmetric_cross_entropy,
        sample=ANY,
        slips=LOSS_SLIPS,
        questions=(
            checking.formula(1, "labels of 1", labelled(1)),
            checking.formula(1, "labels of 0", labelled(0)),
            checking.lengths(1),
            checking.option(1, "other values of alpha and beta", ANY, **WEIGHTS),
            checking.option(1, "values of lowest other than -4", ANY, lowest=(-1.5, -9.0)),
            checking.formula(0.5, "labels between 0 and 1", soft),
            checking.case(0.5, "logits of 1000 on the wrong side", LABELS, FAR, hint=FAR_HINT),
            checking.case(
                0.5, "logits of 40 on the right side", LABELS, SURE, hint=SURE_HINT, rtol=1e-6
            ),
            checking.unequal_shapes(0.5),
            checking.refusal(0.5, "refusing a label of -1", np.array([1, -1, 1]), FAR[1:]),
            checking.whole_arrays(0.5),
        ),
    ),
    Task(
        reference=symmetric_cross_entropy_grad,
        sample=ANY,
        slips=GRAD_SLIPS,
        gradient=True,
        questions=(
            checking.formula(1, "labels of 1", labelled(1)),
            checking.formula(1, "labels of 0", labelled(0)),
            checking.lengths(1),
            checking.option(
                1, "other values of alpha, beta and lowest", ANY, **WEIGHTS, lowest=(-1.5,)
            ),
            checking.formula(0.5, "labels between 0 and 1", soft),
            checking.case(0.5, "logits of 1000 on the wrong side", LABELS, FAR, hint=FAR_HINT),
            checking.case(
                0.5, "logits of 40 on the right side", LABELS, SURE, hint=SURE_HINT, rtol=1e-6
            ),
            checking.unequal_shapes(0.5),
        ),
    ),
    Number(
        "hardest_at",
        0.5125,
        1,
        rtol=1e-3,
        hint="write the pull as a function of p, and look for its largest value",
    ),
    Number(
        "clipped_lowest",
        np.log(1e-7),
        1,
        rtol=1e-3,
        hint="which number does the program's logarithm return instead of that of 0?",
    ),
    Task(
        reference=suspects,
        sample=believed,
        slips=SUSPECT_SLIPS,
        questions=(
            checking.formula(2, "three of seven", believed),
            checking.lengths(0.5),
            checking.case(
                1,
                "logits of 45, 50 and 60",
                np.array([0, 0, 1, 0, 1]),
                np.array([50.0, 60.0, -45.0, -3.0, 2.0]),
                np.array(3),
                hint="their probabilities are equal: what is there to rank by, before those?",
            ),
            checking.whole_arrays(0.5),
        ),
    ),
)
