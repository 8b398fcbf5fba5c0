"""Assignment 8, after the cosine similarity loss: InfoNCE."""

import numpy as np

from coursework import checking
from coursework.checking import Number, Question, Task
from losslab.checks.answer import Wrong


def unit(rows):
    """Divide each row by its length; rows may be very long or very short."""
    scaled = rows / np.max(np.abs(rows), axis=1, keepdims=True)
    return scaled / np.sqrt(np.sum(scaled**2, axis=1, keepdims=True))


def cosines(y_true, y_pred):
    """Return the cosine of each prediction, a row, with each truth, a column."""
    return unit(y_pred.astype(float)) @ unit(y_true.astype(float)).T


def softmax(z):
    """Return the shares of each row."""
    z = np.exp(z - np.max(z, axis=1, keepdims=True))
    return z / np.sum(z, axis=1, keepdims=True)


def info_nce(y_true, y_pred, *, temperature=0.5):
    """Return the mean of log(1 + the sum over strangers), with all its digits near 0."""
    c = cosines(y_true, y_pred)
    ahead = (c - np.diag(c)[:, None]) / temperature
    np.fill_diagonal(ahead, -np.inf)
    return np.mean(np.logaddexp(0, np.logaddexp.reduce(ahead, axis=1)))


def info_nce_grad(y_true, y_pred, *, temperature=0.5):
    """Return the gradient of the mean; the weight of the pull is that of all pushes together."""
    u, v = unit(y_true.astype(float)), unit(y_pred.astype(float))
    weight = softmax(v @ u.T / temperature)
    np.fill_diagonal(weight, 0)
    push = weight @ u - np.sum(weight, axis=1, keepdims=True) * u
    across = push - np.sum(push * v, axis=1, keepdims=True) * v
    largest = np.max(np.abs(y_pred.astype(float)), axis=1, keepdims=True)
    norm = largest * np.sqrt(np.sum((y_pred / largest) ** 2, axis=1, keepdims=True))
    return across / norm / (temperature * len(v))


def push_shares(y_true, y_pred, *, temperature=0.5):
    """Return the share of each stranger in the push on each prediction."""
    z = cosines(y_true, y_pred) / temperature
    np.fill_diagonal(z, -np.inf)
    return softmax(z)


def train(inputs, keys, start, *, temperature=0.5, rate=1.0, steps=20):
    """Return the matrix after some steps of gradient descent."""
    W = np.array(start, dtype=float)
    for _ in range(steps):
        W -= rate * inputs.T @ info_nce_grad(keys, inputs @ W, temperature=temperature)
    return W


def train_by(call, inputs, keys, start, *, temperature, rate, steps):
    """Train with the student's own gradient."""
    W = start
    for _ in range(steps):
        slope = call("info_nce_grad", keys, inputs @ W, temperature=temperature)
        W = W - rate * inputs.T @ slope
    return W


# --- Ordinary inputs ----------------------------------------------------------------------------


def pairs(noise):
    """Make a sampler of rows of four, and of predictions more or less far from their partners."""

    def sample(rng, n, *_):
        y_true = rng.normal(size=(n, 4)) * rng.uniform(0.5, 3, (n, 1))
        y_pred = (unit(y_true) + noise * rng.normal(size=(n, 4))) * rng.uniform(0.5, 3, (n, 1))
        return y_true, y_pred

    return sample


def network(rng, n, *_):
    """Draw inputs of three numbers, keys of four, and a first matrix."""
    return rng.normal(size=(n, 3)), rng.normal(size=(n, 4)), rng.normal(size=(3, 4))


def turned(degrees):
    """Return directions in the plane."""
    angle = np.radians(degrees)
    return np.column_stack([np.cos(angle), np.sin(angle)])


ANY = pairs(0.6)
CERTAIN = turned([0, 120, 240]), 2 * turned([5, 118, 246])
SIDES = np.array([[3.0, 1, 0, 1], [-1, 2, 1, 0], [0, 1, -2, 2], [1, 1, 1, -1]])
LONG = (
    SIDES * [[1e200], [1.0], [1e-200], [1e180]],
    SIDES[[1, 0, 3, 2]]
    * [
        [1e-200],
        [1e200],
        [1.0],
        [1e190],
    ],
)
BYTES = (
    np.array([[200, 3], [9, 180], [100, 120]], np.uint8),
    np.array([[150, 40], [90, 220], [30, 20]], np.uint8),
)

# --- Slips --------------------------------------------------------------------------------------

mean, log, exp = np.mean, np.log, np.exp
total, own = np.sum, np.diag


def length(rows):
    """Return the lengths, as a column."""
    return np.sqrt(total(rows**2, axis=1, keepdims=True))


def entropy(z):
    """Return the mean cross-entropy of rows of logits whose right class is on the diagonal."""
    return mean(np.logaddexp.reduce(z, axis=1) - own(z))


def strangers(z):
    """Return the sum of exponentials over each row, without the diagonal."""
    return total(exp(z), axis=1) - exp(own(z))


COMPETE = (
    "the wrong ones compete: for each prediction, all the truths are candidates, and not "
    "for each truth all the predictions"
)
UNUSED = "the temperature makes no difference"
LOSS_SLIPS = (
    (lambda y, p, temperature=0.5: entropy(cosines(y, p).T / temperature), COMPETE),
    (
        lambda y, p, temperature=0.5: (
            (entropy(cosines(y, p) / temperature) + entropy(cosines(y, p).T / temperature)) / 2
        ),
        "both directions are averaged: here predictions look for truths, and not the other way",
    ),
    (lambda y, p, temperature=0.5: entropy(cosines(y, p)), UNUSED),
    (lambda y, p, temperature=0.5: info_nce(y, p), UNUSED),
    (
        lambda y, p, temperature=0.5: entropy(cosines(y, p) * temperature),
        "the temperature multiplies where it should divide",
    ),
    (
        lambda y, p, temperature=0.5: entropy(p @ y.T / temperature),
        "these are dot products: the lengths still count",
    ),
    (
        lambda y, p, temperature=0.5: entropy(p @ unit(y).T / temperature),
        "the lengths of the predictions still count",
    ),
    (
        lambda y, p, temperature=0.5: entropy(unit(p) @ y.T / temperature),
        "the lengths of the truths still count",
    ),
    (
        lambda y, p, temperature=0.5: entropy(unit(p.T).T @ unit(y.T) / temperature),
        "lengths are taken over the columns: one vector is a row",
    ),
    (
        lambda y, p, temperature=0.5: mean(
            log(strangers(cosines(y, p) / temperature)) - own(cosines(y, p)) / temperature
        ),
        "the own partner is missing from the sum below",
    ),
    (
        lambda y, p, temperature=0.5: -log(mean(own(softmax(cosines(y, p) / temperature)))),
        "the mean is taken before the logarithm",
    ),
    (
        lambda y, p, temperature=0.5: mean(1 - own(softmax(cosines(y, p) / temperature))),
        "a logarithm is missing",
    ),
    (
        lambda y, p, temperature=0.5: mean(own(softmax(cosines(y, p) / temperature))),
        "a logarithm is missing",
    ),
    (
        lambda y, p, temperature=0.5: mean(1 - own(cosines(y, p))),
        "the strangers are missing: this is the cosine similarity loss",
    ),
    (
        lambda y, p, temperature=0.5: mean(own(cosines(y, p))) / temperature,
        "the strangers are missing",
    ),
    (
        lambda y, p, temperature=0.5: mean(
            log(total(exp(cosines(y, p) / temperature))) - own(cosines(y, p)) / temperature
        ),
        "the sum below runs over all pairs: it should run over the candidates of one prediction",
    ),
    (
        lambda y, p, temperature=0.5: mean(
            np.logaddexp.reduce(cosines(y, p) / temperature, axis=1)
            - own(cosines(y, p)) / temperature
            - log(len(y))
        ),
        "off by a constant: below there is a sum, not a mean",
    ),
    (
        lambda y, p, temperature=0.5: mean(-log(softmax(cosines(y, p) / temperature))),
        "every candidate is taken for the right one: row i of y_true belongs to row i of y_pred",
    ),
    (
        lambda y, p, temperature=0.5: entropy(
            -total((p[:, None] - y) ** 2, axis=2) / temperature / 2
        ),
        "these are distances between the vectors: lengths still count",
    ),
)


def slope(y, p, *, temperature=0.5, strength=softmax, project=True, short=True, pull=1, push=1):
    """Return the gradient, with parts of it changed."""
    u, v, c = unit(y), unit(p), cosines(y, p)
    toward = push * strength(c / temperature) @ u - pull * u
    if project:
        toward -= total(toward * v, axis=1, keepdims=True) * v
    return toward / (length(p) if short else 1) / (temperature * len(p))


GRAD_SLIPS = (
    (
        lambda y, p, **o: slope(y, p, project=False, **o),
        "the part along the prediction is still there: stretching does not turn",
    ),
    (
        lambda y, p, **o: slope(y, p, project=False, short=False, **o),
        "this is the slope by the direction of the prediction: how does that follow the vector?",
    ),
    (
        lambda y, p, **o: slope(y, p, short=False, **o),
        "the length of the prediction plays no part: is a long arrow as easy to turn?",
    ),
    (
        lambda y, p, temperature=0.5: temperature * slope(y, p, temperature=temperature),
        "1/τ is missing",
    ),
    (
        lambda y, p, temperature=0.5: slope(y, p, temperature=temperature) / temperature,
        "one factor 1/τ too many",
    ),
    (lambda y, p, temperature=0.5: slope(y, p), UNUSED),
    (lambda y, p, temperature=0.5: slope(y, p, temperature=1.0), UNUSED),
    (
        lambda y, p, **o: slope(y, p, strength=lambda z: softmax(z.T).T, **o),
        "the shares add up to 1 over the wrong axis: which candidates compete?",
    ),
    (lambda y, p, **o: slope(y, p, push=0, **o), "the strangers do not push"),
    (lambda y, p, **o: slope(y, p, pull=0, **o), "the own partner does not pull"),
    (lambda y, p, **o: slope(y, p, pull=-1, **o), "the own partner pushes"),
    (
        lambda y, p, **o: slope(y, p, strength=lambda z: np.full(z.shape, 1 / len(z)), **o),
        "all strangers push alike: the nearer ones should push harder",
    ),
    (
        lambda y, p, **o: slope(y, p, strength=lambda z: push_shares(y, p, **o), **o),
        "the shares leave out the own partner: it stands in the sum, too",
    ),
    (
        lambda y, p, **o: slope(
            y, p, strength=lambda z: softmax(z) - np.diag(own(softmax(z))), **o
        ),
        "the own partner pulls with weight 1: it should tire as its share grows",
    ),
    (
        lambda y, p, temperature=0.5: (
            (softmax(cosines(y, p) / temperature) - np.eye(len(y))).T
            @ unit(p)
            / (temperature * len(y))
        ),
        "this belongs to the truths: the gradient is by y_pred",
    ),
)
SHARE_SLIPS = (
    (
        lambda y, p, temperature=0.5: softmax(cosines(y, p) / temperature),
        "the own partner has a share: it pulls, and does not push",
    ),
    (
        lambda y, p, temperature=0.5: (1 - np.eye(len(y))) * softmax(cosines(y, p) / temperature),
        "the rows do not add up to 1: these are shares of everything, not of the push",
    ),
    (
        lambda y, p, temperature=0.5: push_shares(p, y, temperature=temperature),
        "prediction and truth are exchanged",
    ),
    (
        lambda y, p, temperature=0.5: push_shares(p, y, temperature=temperature).T,
        "the columns add up to 1, not the rows",
    ),
    (
        lambda y, p, temperature=0.5: push_shares(y, p, temperature=temperature).T,
        "rows and columns are exchanged: one row for each prediction",
    ),
    (lambda y, p, temperature=0.5: push_shares(y, p), UNUSED),
    (lambda y, p, temperature=0.5: push_shares(y, p, temperature=1.0), UNUSED),
    (
        lambda y, p, temperature=0.5: push_shares(y, p, temperature=1 / temperature),
        "the temperature multiplies where it should divide",
    ),
    (
        lambda y, p, temperature=0.5: (1 - np.eye(len(y))) / (len(y) - 1),
        "all strangers have the same share: the nearer ones should have more",
    ),
    (
        lambda y, p, temperature=0.5: softmax(
            (p @ y.T - np.diag(np.full(len(y), np.inf))) / temperature
        ),
        "these are dot products: the lengths still count",
    ),
    (
        lambda y, p, temperature=0.5: push_shares(y, -p, temperature=temperature),
        "the far ones push hardest: is the sign right?",
    ),
    (
        lambda y, p, temperature=0.5: softmax(
            np.where(np.eye(len(y)) == 1, 0.0, cosines(y, p) / temperature)
        ),
        "a logit of 0 is not a share of 0: what must stand there, so that its exponential is 0?",
    ),
)


def steps_of(gradient):
    """Return a training that takes another gradient."""

    def training(inputs, keys, start, temperature=0.5, rate=1.0, steps=20):
        W = start.astype(float)
        for _ in range(steps):
            W = W - rate * inputs.T @ gradient(keys, inputs @ W, temperature=temperature)
        return W

    return training


TRAIN_SLIPS = (
    (lambda x, k, s, **o: s, "this is the start: nothing has moved"),
    (
        steps_of(lambda *a, **o: -info_nce_grad(*a, **o)),
        "it climbs: a step goes against the gradient",
    ),
    (
        steps_of(lambda *a, **o: len(a[0]) * info_nce_grad(*a, **o)),
        "the steps are n times too long: the gradient is that of the mean",
    ),
    (
        steps_of(lambda *a, **o: info_nce_grad(*a, **o) / len(a[0])),
        "the steps are n times too short: the gradient of the mean is divided by n once more",
    ),
    (lambda x, k, s, **o: train(x, k, s, **{**o, "steps": 1}), "this is where one step leads"),
    (lambda x, k, s, **o: train(x, k, s, **{**o, "temperature": 0.5}), UNUSED),
    (lambda x, k, s, **o: train(x, k, s), "whatever the rate and the steps, it does the same"),
    (lambda x, k, s, **o: train(x, k, s, **{**o, "rate": 1.0}), "the rate makes no difference"),
    (
        lambda x, k, s, **o: train(x, k, s, **{**o, "steps": o.get("steps", 20) - 1}),
        "one step is missing",
    ),
    (
        lambda x, k, s, **o: train(x, k, s, **{**o, "steps": o.get("steps", 20) + 1}),
        "one step too many",
    ),
    (
        steps_of(lambda k, b, temperature: slope(k, b, temperature=temperature, push=0)),
        "the strangers do not push",
    ),
)

# --- The tasks ----------------------------------------------------------------------------------


def alone(points):
    """Ask for one pair alone: nothing can be mistaken for anything, so all is zero."""

    def asking(probe):
        y_true, y_pred = probe.task.sample(probe.rng("alone"), 1)
        got = probe.call(y_true, y_pred)
        if got.shape != () or not np.max(np.abs(got)) < 1e-12:
            raise Wrong("one pair has no strangers: how probable is its partner then?")

    return Question("one pair alone", points, asking)


def right_by_own(question):
    """Forgive a wrong gradient, which has cost its points already."""
    return checking.following(question, train_by, temperature=0.7, rate=0.2, steps=3)


TASKS = checking.tasks(
    Task(
        reference=info_nce,
        sample=ANY,
        slips=LOSS_SLIPS,
        rows=True,
        questions=(
            checking.formula(1, "predictions near their partners", pairs(0.2)),
            checking.formula(0.5, "predictions anywhere", pairs(5.0)),
            checking.lengths(0.5, (2, 7, 3, 12)),
            checking.option(1, "other temperatures", ANY, temperature=(0.1, 2.0)),
            alone(0.5),
            checking.case(
                0.5,
                "a temperature of 0.001",
                *pairs(1.0)(np.random.default_rng(1), 5),
                temperature=0.001,
                hint="what is the exponential of a thousand, and what can be taken out first?",
            ),
            checking.case(
                0.5,
                "a loss below 1e-15",
                *CERTAIN,
                temperature=0.04,
                hint="1 and a tiny number cannot be told apart: log1p and logaddexp can",
            ),
            checking.case(
                0.5,
                "rows of length 1e200 and 1e-200",
                *LONG,
                hint="is something huge or tiny squared on the way to its length?",
            ),
            checking.case(
                0.5,
                "unsigned bytes (uint8)",
                *BYTES,
                hint="what is 100 times 100 in uint8?",
            ),
            checking.unequal_shapes(0.5),
            checking.whole_arrays(0.5, 200, "rows"),
            checking.inputs_unchanged(0.5),
        ),
    ),
    Task(
        reference=info_nce_grad,
        sample=ANY,
        slips=GRAD_SLIPS,
        gradient=True,
        rows=True,
        questions=(
            checking.formula(1, "predictions near their partners", pairs(0.2)),
            checking.formula(0.5, "predictions anywhere", pairs(5.0)),
            checking.lengths(1, (2, 7, 3, 12)),
            checking.option(1, "other temperatures", ANY, temperature=(0.1, 2.0)),
            checking.case(
                0.5,
                "a temperature of 0.001",
                *pairs(1.0)(np.random.default_rng(1), 5),
                temperature=0.001,
                hint="what is the exponential of a thousand, and what can be taken out first?",
            ),
            checking.case(
                0.5,
                "a loss below 1e-15",
                *CERTAIN,
                temperature=0.04,
                hint="a share of nearly 1, minus 1: which sum of tiny shares is it, too?",
            ),
            checking.case(
                0.5,
                "rows of length 1e200 and 1e-200",
                *LONG,
                hint="is something huge or tiny squared on the way to its length?",
            ),
            checking.unequal_shapes(0.5),
            checking.whole_arrays(0.5, 200, "rows"),
        ),
    ),
    Number(
        "hottest",
        512 / 511 / np.log(511 / np.expm1(0.1)),
        1,
        rtol=1e-3,
        hint="put n = 512 into the floor for all examples together, and solve for the temperature",
    ),
    Task(
        reference=push_shares,
        sample=ANY,
        slips=SHARE_SLIPS,
        rows=True,
        questions=(
            checking.formula(1.5, "predictions near their partners", pairs(0.2)),
            checking.lengths(1, (2, 7, 3, 12)),
            checking.option(1, "other temperatures", ANY, temperature=(0.1, 2.0)),
            checking.case(
                0.5,
                "a temperature of 0.001",
                *pairs(0.2)(np.random.default_rng(1), 5),
                temperature=0.001,
                hint="all strangers together have a share of 0 in float64 then: leave the partner "
                "out before the exponential",
            ),
        ),
    ),
    Task(
        reference=train,
        sample=network,
        slips=TRAIN_SLIPS,
        questions=(
            right_by_own(checking.formula(1.5, "twenty steps", network)),
            right_by_own(
                checking.option(
                    1,
                    "other rates and numbers of steps",
                    network,
                    rate=(0.1, 2.0),
                    steps=(1, 7),
                )
            ),
            right_by_own(checking.option(1, "other temperatures", network, temperature=(0.2, 2.0))),
            checking.inputs_unchanged(0.5),
        ),
    ),
)
