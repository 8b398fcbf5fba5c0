"""Assignment 7, after the Kullback–Leibler divergence: the Rényi divergence, of which it is one."""

import numpy as np

from coursework import checking
from coursework.checking import LOOP, Number, Question, Task, Wrong


def renyi(y_true, y_pred, *, alpha=2.0):
    """Return the mean over the rows, with all its digits for every alpha and for zeros."""
    p, q = y_true.astype(float), y_pred.astype(float)
    with np.errstate(all="ignore"):
        ratio = np.where(p > 0, np.log(p) - np.log(q), 0.0)
        if alpha == 1:
            return np.mean(np.sum(np.where(p > 0, p * ratio, 0.0), axis=-1))
        if np.isinf(alpha):
            return np.mean(np.max(np.where(p > 0, ratio, -np.inf), axis=-1))
        power = (alpha - 1) * ratio
        near = np.log1p(np.sum(np.where(p > 0, p * np.expm1(power), 0.0), axis=-1))
        rows = np.where(np.max(abs(power), axis=-1) < 0.5, near, log_sum(np.log(p) + power))
        return np.mean(rows) / (alpha - 1)


def log_sum(terms):
    """Return the logarithm of the sum of exponentials in each row."""
    top = np.max(terms, axis=-1)
    return np.where(
        np.isinf(top), top, top + np.log(np.sum(np.exp(terms - top[..., None]), axis=-1))
    )


def log_softmax(z):
    """Return the logarithms of the softmax of each row."""
    return z - log_sum(z)[..., None]


def renyi_grad(y_true, logits, *, alpha=2.0):
    """Return the gradient of the mean by the logits."""
    log_q = log_softmax(logits.astype(float))
    with np.errstate(divide="ignore"):
        log_t = log_softmax(alpha * np.log(y_true.astype(float)) + (1 - alpha) * log_q)
    return (np.exp(log_q) - np.exp(log_t)) / len(log_q)


def descend(p, start, *, alpha=1.0, rate=1.0, steps=20):
    """Return a distribution after so many steps of gradient descent on its logits."""
    z = np.log(start)
    for _ in range(steps):
        z = z - rate * renyi_grad(p[None], z[None], alpha=alpha)[0]
    return np.exp(log_softmax(z))


# --- Ordinary inputs ----------------------------------------------------------------------------

K = 4


def rows(rng, n, *_):
    """Draw two distributions in each of n rows."""
    y_true, y_pred = np.exp(log_softmax(rng.normal(0, 1, (2, n, K))))
    return y_true, y_pred


def with_logits(rng, n, *_):
    """Draw distributions, and logits that are no logarithms of probabilities."""
    return np.exp(log_softmax(rng.normal(0, 1, (n, K)))), rng.normal(0.5, 1, (n, K))


def two(rng, n, *_):
    """Draw two distributions over n outcomes."""
    p, start = np.exp(log_softmax(rng.normal(0, 0.7, (2, n))))
    return p, start


# --- Slips --------------------------------------------------------------------------------------

mean, log, total = np.mean, np.log, lambda terms: np.sum(terms, axis=-1)


def inner(p, q, a):
    """Return the sum inside the logarithm, for each row."""
    return total(p**a * q ** (1 - a))


def slip(formula):
    """Make a slip for the divergence from a formula for rows, their models and alpha."""
    return lambda p, q, alpha=2.0: mean(formula(p, q, 2.0 if alpha == 1 else alpha))


LOSS_SLIPS = (
    (lambda p, q, alpha=2.0: renyi(q, p, alpha=alpha), "y_true and y_pred are exchanged"),
    (lambda p, q, alpha=2.0: renyi(p, q, alpha=1), "this is the limit of order 1 at every order"),
    (lambda p, q, alpha=2.0: renyi(q, p, alpha=1), "this is a limit of order 1, and exchanged"),
    (lambda p, q, alpha=2.0: renyi(p, q), "alpha makes no difference"),
    (slip(lambda p, q, a: log(inner(p, q, a))), "the factor in front of the logarithm is missing"),
    (slip(lambda p, q, a: log(inner(p, q, a)) / a), "the factor in front is not the right one"),
    (
        slip(lambda p, q, a: log(inner(p, q, a)) / (1 - a)),
        "the factor in front has the wrong sign: no divergence is negative",
    ),
    (slip(lambda p, q, a: (inner(p, q, a) - 1) / (a - 1)), "a logarithm is missing"),
    (slip(inner), "only the sum is there: the logarithm is missing"),
    (
        lambda p, q, alpha=2.0: log(mean(inner(p, q, alpha))) / (alpha - 1),
        "the mean is taken before the logarithm",
    ),
    (
        slip(lambda p, q, a: log(total(p**a)) / (1 - a)),
        "y_pred makes no difference: this is an entropy",
    ),
    (slip(lambda p, q, a: log(total(p**a * q ** (a - 1))) / (a - 1)), "look at both exponents"),
    (slip(lambda p, q, a: log(total(p**a / q**a)) / (a - 1)), "look at both exponents"),
    (slip(lambda p, q, a: log(total((p / q) ** (a - 1))) / (a - 1)), "look at both exponents"),
    (
        slip(lambda p, q, a: total(log(p**a * q ** (1 - a))) / (a - 1)),
        "the logarithm is taken before the sum",
    ),
    (
        lambda p, q, alpha=2.0: log(np.sum(p**alpha * q ** (1 - alpha))) / (alpha - 1),
        "the sum runs over all rows together",
    ),
    (slip(lambda p, q, a: log(np.max(p / q, axis=-1))), "this is the limit of order ∞"),
    (slip(lambda p, q, a: total((p - q) ** 2)), "these are squared differences"),
)


def softmax(z):
    """Return the softmax of each row."""
    return np.exp(log_softmax(z))


def tilted(p, q, a):
    """Return p**a q**(1-a), scaled to sum 1 in each row."""
    return softmax(a * log(p) + (1 - a) * log(q))


def grad_slip(formula):
    """Make a slip for the gradient from a formula for p, q and alpha."""
    return lambda p, z, alpha=2.0: formula(p, softmax(z), alpha) / len(z)


GRAD_SLIPS = (
    (grad_slip(lambda p, q, a: q - p), "this is the gradient of order 1 at every order"),
    (grad_slip(lambda p, q, a: a * (q - p)), "this is right close to the truth only"),
    (grad_slip(lambda p, q, a: q - tilted(p, q, 2.0)), "alpha makes no difference"),
    (grad_slip(lambda p, q, a: q - tilted(q, p, a)), "the two exponents are exchanged"),
    (
        grad_slip(lambda p, q, a: q - p**a * q ** (1 - a)),
        "what is subtracted does not sum to 1 in each row",
    ),
    (
        lambda p, z, alpha=2.0: (
            (
                softmax(z)
                - p**alpha
                * softmax(z) ** (1 - alpha)
                / np.sum(p**alpha * softmax(z) ** (1 - alpha))
            )
            / len(z)
        ),
        "each row has a sum of its own",
    ),
    (
        grad_slip(lambda p, q, a: -tilted(p, q, a)),
        "the part that comes from the softmax is missing",
    ),
    (grad_slip(lambda p, q, a: q), "only the softmax is there: where is the truth?"),
    (
        grad_slip(lambda p, q, a: -tilted(p, q, a) / q),
        "this is the derivative by the probabilities, not by the logits",
    ),
    (
        grad_slip(lambda p, q, a: q * (q - tilted(p, q, a))),
        "the softmax is differentiated twice",
    ),
    (
        grad_slip(lambda p, q, a: (q - tilted(p, q, a)) / (a - 1)),
        "does the factor in front of the logarithm not cancel?",
    ),
    (grad_slip(lambda p, q, a: a * (q - tilted(p, q, a))), "one factor alpha too many"),
    (grad_slip(lambda p, q, a: tilted(p, q, a) - p), "what is subtracted from what?"),
    (
        lambda p, z, alpha=2.0: (z - tilted(p, softmax(z), alpha)) / len(z),
        "the logits themselves are not probabilities",
    ),
)
STEPS = (
    (lambda p, s, **options: s, "this is the start: nothing has moved"),
    (lambda p, s, **options: p, "this is the minimum itself, not where the steps lead"),
    (lambda p, s, **options: descend(s, p, **options), "the two distributions are exchanged"),
    (
        lambda p, s, alpha=1.0, **options: descend(p, s, **options),
        "alpha makes no difference",
    ),
    (lambda p, s, alpha=1.0, **options: descend(p, s, alpha=alpha), "rate or steps are ignored"),
    (
        lambda p, s, alpha=1.0, rate=1.0, steps=20: descend(
            p, s, alpha=alpha, rate=-rate, steps=steps
        ),
        "the steps go uphill",
    ),
    (
        lambda p, s, alpha=1.0, rate=1.0, steps=20: descend(
            p, softmax(s), alpha=alpha, rate=rate, steps=steps
        ),
        "the start is a distribution: which logits have it as their softmax?",
    ),
    (
        lambda p, s, **options: log(descend(p, s, **options)),
        "these are logits: a distribution is wanted",
    ),
)

# --- The tasks ----------------------------------------------------------------------------------


def no_loop(points):
    """Ask for a few thousand rows, without a loop over them."""

    def asking(probe):
        rng, task = probe.rng("many"), probe.task
        steps = [probe.functions.steps(task.name, *task.sample(rng, size)) for size in (100, 200)]
        if steps[1] - steps[0] >= LOOP:
            raise Wrong("a Python loop runs over the rows: let NumPy work on whole arrays")
        probe.expect(*task.sample(rng, 5000), slips=False)

    return Question("5,000 rows", points, asking)


def orders(points, title, *alphas, hint, slips):
    """Ask for orders at which the plain formula breaks."""

    def asking(probe):
        rng = probe.rng(title)
        for alpha in alphas:
            probe.expect(*rows(rng, 7), rtol=1e-6, hint=hint, slips=slips, alpha=alpha)

    return Question(title, points, asking)


SURE = np.array([[0.5, 0.5, 0.0], [0.2, 0.8, 0.0]])
LACKING = np.array([[0.25, 0.75, 0.0], [0.6, 0.4, 0.0]])

TASKS = checking.tasks(
    Task(
        reference=renyi,
        sample=rows,
        slips=LOSS_SLIPS,
        rows=True,
        questions=(
            checking.formula(1, "order 2", rows),
            checking.option(1, "orders 0.3 and 5", rows, alpha=(0.3, 5.0)),
            checking.lengths(1),
            orders(1, "order 1", 1.0, hint="the formula is 0/0 there: see 1a", slips=True),
            orders(
                1,
                "orders that differ from 1 by 1e-12",
                1 + 1e-12,
                1 - 1e-12,
                hint="the logarithm of nearly 1 is divided by nearly 0: how many digits are left?",
                slips=False,
            ),
            orders(
                1,
                "orders 300 and 1000",
                300.0,
                1000.0,
                hint="which power overflows, which underflows, and what could be taken out?",
                slips=False,
            ),
            orders(0.5, "order ∞", np.inf, hint="see 1b", slips=True),
            checking.case(
                0.5,
                "outcomes that neither has",
                SURE,
                LACKING,
                hint="an outcome with p = 0 adds nothing: is 0 multiplied by ∞?",
            ),
            checking.case(
                0.5,
                "outcomes that the model lacks, order 0.5",
                np.array([[0.5, 0.3, 0.2], [0.2, 0.8, 0.0]]),
                LACKING,
                alpha=0.5,
                hint="is the divergence finite there?",
            ),
            checking.case(
                0.5,
                "outcomes that the model lacks, order 2",
                np.array([[0.5, 0.3, 0.2], [0.2, 0.8, 0.0]]),
                LACKING,
                hint="the truth has something that the model calls impossible",
            ),
            checking.unequal_shapes(0.5),
            no_loop(0.25),
            checking.inputs_unchanged(0.25),
        ),
    ),
    Task(
        reference=renyi_grad,
        sample=with_logits,
        slips=GRAD_SLIPS,
        gradient=True,
        rows=True,
        questions=(
            checking.formula(1.5, "order 2", with_logits),
            checking.option(1, "orders 0.3 and 5", with_logits, alpha=(0.3, 5.0)),
            checking.option(0.5, "order 1", with_logits, alpha=(1.0,)),
            checking.lengths(1),
            checking.case(
                0.5,
                "logits of 1000",
                np.array([[0.5, 0.3, 0.2], [0.2, 0.7, 0.1]]),
                np.array([[1000.0, 998.0, 999.0], [-1000.0, 3.0, 0.0]]),
                hint="can softmax and powers be computed from logarithms?",
            ),
            checking.case(
                0.5,
                "outcomes that never happen",
                SURE,
                np.array([[0.3, -1.0, 2.0], [1.0, 0.0, 0.5]]),
                hint="what is the power of a p of 0?",
            ),
            checking.option(0.5, "order 1000", with_logits, alpha=(1000.0,)),
            checking.unequal_shapes(0.5),
        ),
    ),
    Task(
        reference=descend,
        sample=two,
        slips=STEPS,
        questions=(
            checking.formula(1, "order 1", two),
            checking.option(1, "orders 0.3 and 4", two, alpha=(0.3, 4.0)),
            checking.option(
                1, "other rates and numbers of steps", two, rate=(0.3, 2.0), steps=(1, 7)
            ),
        ),
    ),
    Number(
        "rate_limit",
        2.375610,
        1,
        rtol=5e-3,
        hint="by how much is the error multiplied in each direction, and when does that flip its "
        "sign without shrinking it?",
    ),
)
