"""Assignment 6, after Huber's loss: log-cosh and Tukey's biweight."""

import numpy as np

from coursework import checking
from coursework.checking import Number, Task


def log_cosh(y_true, y_pred):
    """Return the mean of log cosh r, with all its digits for tiny and for huge residuals."""
    r = np.abs(y_pred.astype(float) - y_true.astype(float))
    return np.mean(np.where(r < 1, np.log1p(2 * np.sinh(np.minimum(r, 1) / 2) ** 2), tail(r)))


def tail(r):
    """Return log cosh r for r that are not tiny."""
    return r + np.log1p(np.exp(-2 * r)) - np.log(2)


def log_cosh_grad(y_true, y_pred):
    """Return the gradient of the mean."""
    return np.tanh(y_pred.astype(float) - y_true.astype(float)) / y_pred.size


def tukey(y_true, y_pred, *, c=4.685):
    """Return the mean of Tukey's biweight loss."""
    u = np.minimum(np.abs(y_pred.astype(float) - y_true.astype(float)) / c, 1) ** 2
    return np.mean(c**2 / 6 * u * (3 - 3 * u + u**2))


def tukey_grad(y_true, y_pred, *, c=4.685):
    """Return the gradient of the mean."""
    r = y_pred.astype(float) - y_true.astype(float)
    return np.where(np.abs(r) < c, r * (1 - (r / c) ** 2) ** 2, 0) / r.size


def fit_location(y, start, *, c=4.685):
    """Return the estimate after fifty reweighted means."""
    m = float(start)
    for _ in range(50):
        weight = np.maximum(1 - ((y - m) / c) ** 2, 0) ** 2
        if not weight.any():
            break
        m = np.sum(weight * y) / np.sum(weight)
    return m


# --- Ordinary inputs ----------------------------------------------------------------------------


def residuals(low, high, sign=None):
    """Make a sampler of targets, and predictions off by `low` to `high` times `scale`."""

    def sample(rng, n, scale=1.0):
        side = np.resize([-1.0, 1.0], n) if sign is None else sign
        y_true = rng.normal(0, 2, n)
        return y_true, y_true + scale * side * rng.uniform(low, high, n)

    return sample


def location(rng, n, c=4.685):
    """Draw a clump of n numbers with a few far away, and a start."""
    near, far = rng.normal(0, c / 5, n), rng.normal(3 * c, c / 5, n // 3)
    return np.concatenate([near, far]), np.array(rng.uniform(-c / 4, c / 4))


ZEROS = np.zeros(3)
ANY = residuals(0.1, 3)

# --- Slips --------------------------------------------------------------------------------------

r = lambda y, p: p - y
mean, log, cosh = np.mean, np.log, np.cosh

LOG_COSH_SLIPS = (
    (lambda y, p: log(cosh(mean(r(y, p)))), "the residuals are averaged before anything else"),
    (lambda y, p: log(mean(cosh(r(y, p)))), "the mean is taken before the logarithm"),
    (lambda y, p: mean(cosh(r(y, p))), "a logarithm is missing"),
    (lambda y, p: mean(cosh(r(y, p)) - 1), "a logarithm is missing"),
    (lambda y, p: mean(np.log1p(cosh(r(y, p)))), "log1p adds a 1 that does not belong here"),
    (lambda y, p: mean(log(np.cos(r(y, p)))), "this is the circular cosine, not the hyperbolic"),
    (lambda y, p: mean(log(np.exp(r(y, p)) + np.exp(-r(y, p)))), "off by a constant: cosh is half"),
    (lambda y, p: mean(abs(r(y, p)) - log(2)), "right for large residuals only"),
    (lambda y, p: mean(r(y, p) ** 2) / 2, "right for small residuals only"),
    (lambda y, p: mean(abs(r(y, p))), "these are absolute errors"),
    (lambda y, p: mean(np.sqrt(1 + r(y, p) ** 2) - 1), "this is the pseudo-Huber loss"),
    (lambda y, p: mean(np.tanh(r(y, p))), "this is the slope, not the loss"),
)
LOG_COSH_GRAD_SLIPS = (
    (lambda y, p: r(y, p) / len(p), "large residuals pull by their full size"),
    (lambda y, p: np.sign(r(y, p)) / len(p), "small residuals pull as hard as large ones"),
    (lambda y, p: np.tan(r(y, p)) / len(p), "this is the circular tangent"),
    (lambda y, p: np.sinh(r(y, p)) / len(p), "the chain rule: what does the logarithm add?"),
    (lambda y, p: np.sinh(r(y, p)) * cosh(r(y, p)) / len(p), "the logarithm's slope divides"),
    (lambda y, p: 1 / cosh(r(y, p)) / len(p), "only the outer derivative is there"),
    (lambda y, p: np.arctan(r(y, p)) / len(p), "this is the inverse tangent"),
    (lambda y, p: 1 / cosh(r(y, p)) ** 2 / len(p), "this is the second derivative"),
    (lambda y, p: np.tanh(abs(r(y, p))) / len(p), "every sign is the same"),
    (lambda y, p: log(cosh(r(y, p))) / len(p), "this is the loss again, not its slope"),
)


def inner(u):
    """Return the biweight for u = (r/c)², without its factor."""
    return 1 - (1 - u) ** 3


TUKEY_SLIPS = (
    (
        lambda y, p, c=4.685: mean(c**2 / 6 * inner((r(y, p) / c) ** 2)),
        "beyond c the polynomial goes on: should the loss not stay level there?",
    ),
    (
        lambda y, p, c=4.685: mean(
            np.where(abs(r(y, p)) <= c, c**2 / 6 * inner((r(y, p) / c) ** 2), 0)
        ),
        "residuals beyond c cost nothing: it is the slope that is 0 there",
    ),
    (lambda y, p, c=4.685: tukey(y, p), "c makes no difference"),
    (lambda y, p, c=4.685: tukey(y, p, c=c) / c**2, "the factor c² is missing"),
    (lambda y, p, c=4.685: tukey(y, p, c=c) / c, "one factor c is missing"),
    (lambda y, p, c=4.685: mean(np.minimum(r(y, p) ** 2, c**2) / 2), "this is the cut-off square"),
    (lambda y, p, c=4.685: mean(r(y, p) ** 2) / 2, "large residuals still count by their square"),
    (
        lambda y, p, c=4.685: mean(c**2 / 6 * (1 - np.maximum(1 - (r(y, p) / c) ** 2, 0) ** 2)),
        "the power inside is not the right one",
    ),
    (
        lambda y, p, c=4.685: mean(c**2 / 6 * np.maximum(1 - (r(y, p) / c) ** 2, 0) ** 3),
        "it falls where it should rise: an exact prediction should cost nothing",
    ),
)
TUKEY_GRAD_SLIPS = (
    (
        lambda y, p, c=4.685: r(y, p) * (1 - (r(y, p) / c) ** 2) ** 2 / len(p),
        "residuals beyond c still pull",
    ),
    (
        lambda y, p, c=4.685: r(y, p) * np.maximum(1 - (r(y, p) / c) ** 2, 0) / len(p),
        "a square is missing",
    ),
    (
        lambda y, p, c=4.685: np.maximum(1 - (r(y, p) / c) ** 2, 0) ** 2 / len(p),
        "these are the weights: what do they multiply?",
    ),
    (lambda y, p, c=4.685: tukey_grad(y, p), "c makes no difference"),
    (lambda y, p, c=4.685: tukey_grad(y, p, c=c) / c**2, "a factor c² is missing"),
    (lambda y, p, c=4.685: np.clip(r(y, p), -c, c) / len(p), "this is the slope of Huber's loss"),
    (
        lambda y, p, c=4.685: np.where(abs(r(y, p)) <= c, r(y, p), 0) / len(p),
        "inside c it pulls like the squared error",
    ),
    (lambda y, p, c=4.685: abs(tukey_grad(y, p, c=c)), "every sign is the same"),
)
START = "where does the answer begin, and is it a mean at every step?"
LOCATION_SLIPS = (
    (lambda y, m, c=4.685: mean(y), "this is the plain mean: no point has lost its weight"),
    (lambda y, m, c=4.685: np.median(y), "this is the median"),
    (lambda y, m, c=4.685: m, "this is the start: nothing has moved"),
    (lambda y, m, c=4.685: fit_location(y, np.median(y), c=c), f"the start is ignored: {START}"),
    (lambda y, m, c=4.685: fit_location(y, m), "c makes no difference"),
)

# --- The tasks ----------------------------------------------------------------------------------

TASKS = checking.tasks(
    Task(
        reference=log_cosh,
        sample=ANY,
        slips=LOG_COSH_SLIPS,
        questions=(
            checking.formula(1, "small residuals", residuals(0.05, 0.5)),
            checking.formula(1, "large residuals of both signs", residuals(2, 6)),
            checking.lengths(1),
            checking.case(
                1,
                "residuals of 1000",
                ZEROS,
                np.array([1000.0, -1500.0, 2.0]),
                hint="what does cosh do there, and what is its logarithm close to?",
            ),
            checking.case(
                1,
                "residuals of a millionth",
                ZEROS,
                np.array([1e-6, -3e-6, 2e-6]),
                hint="1 and a tiny number cannot be told apart: log1p can",
                rtol=1e-6,
            ),
            checking.case(
                0.5,
                "unsigned bytes (uint8)",
                np.array([0, 255, 7], np.uint8),
                np.array([2, 250, 4], np.uint8),
                hint="what is 0 - 2 in uint8?",
            ),
            checking.unequal_shapes(0.5),
            checking.whole_arrays(0.5),
            checking.inputs_unchanged(0.5),
        ),
    ),
    Task(
        reference=log_cosh_grad,
        sample=ANY,
        slips=LOG_COSH_GRAD_SLIPS,
        gradient=True,
        questions=(
            checking.formula(1, "small residuals", residuals(0.05, 0.5)),
            checking.formula(0.5, "large residuals of both signs", residuals(2, 6)),
            checking.lengths(1),
            checking.case(
                0.5,
                "residuals of 1000",
                ZEROS,
                np.array([1000.0, -1500.0, 2.0]),
                hint="is something huge divided by something huge?",
            ),
            checking.unequal_shapes(0.5),
            checking.whole_arrays(0.5),
        ),
    ),
    Task(
        reference=tukey,
        sample=residuals(0.5, 9),
        slips=TUKEY_SLIPS,
        questions=(
            checking.formula(1, "residuals inside c", residuals(0.2, 4)),
            checking.formula(0.5, "residuals beyond c", residuals(5, 12)),
            checking.formula(0.5, "both together", residuals(0.5, 9)),
            checking.lengths(1),
            checking.option(1, "values of c other than 4.685", residuals(0.1, 2), c=(0.5, 3.0)),
            checking.case(
                0.5,
                "a residual of 1e200",
                ZEROS,
                np.array([1e200, -1.0, 2.0]),
                hint="is a huge residual raised to a power on the way?",
            ),
            checking.unequal_shapes(0.5),
        ),
    ),
    Task(
        reference=tukey_grad,
        sample=residuals(0.5, 9),
        slips=TUKEY_GRAD_SLIPS,
        gradient=True,
        questions=(
            checking.formula(1, "residuals inside c", residuals(0.2, 4)),
            checking.formula(0.5, "residuals beyond c", residuals(5, 12)),
            checking.formula(0.5, "both together", residuals(0.5, 9)),
            checking.lengths(1),
            checking.option(1, "values of c other than 4.685", residuals(0.1, 2), c=(0.5, 3.0)),
        ),
    ),
    Task(
        reference=fit_location,
        sample=location,
        slips=LOCATION_SLIPS,
        questions=(
            checking.formula(1.5, "a clump and a few numbers far away", location),
            checking.formula(
                0.5, "a start among the few", lambda rng, n: (location(rng, n)[0], np.array(14.0))
            ),
            checking.option(1, "values of c other than 4.685", location, c=(0.5, 3.0)),
        ),
    ),
    Number(
        "overflow_at",
        711,
        1,
        rtol=0,
        hint="try whole residuals one after the other: when is the naive loss first infinite?",
    ),
)
