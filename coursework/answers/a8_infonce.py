"""Answers to assignment 8."""

import numpy as np

from coursework.answers import careful


def unit(rows):
    rows = rows / np.max(np.abs(rows), axis=1, keepdims=True)
    return rows / np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))


def cosines(y, p):
    return unit(p) @ unit(y).T


def softmax(z):
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return z / z.sum(axis=1, keepdims=True)


def lengths(rows):
    largest = np.max(np.abs(rows), axis=1, keepdims=True)
    return largest * np.sqrt(np.sum((rows / largest) ** 2, axis=1, keepdims=True))


# --- The loss -----------------------------------------------------------------------------------


@careful
def by_logaddexp(y, p, *, temperature=0.5):
    z = cosines(y, p) / temperature
    z -= np.diag(z)[:, None]
    np.fill_diagonal(z, -np.inf)
    return np.mean(np.logaddexp(0, np.logaddexp.reduce(z, axis=1)))


@careful
def by_log1p(y, p, *, temperature=0.5):
    c = np.einsum("id,jd->ij", unit(p), unit(y))
    n = len(c)
    others = c[~np.eye(n, dtype=bool)].reshape(n, n - 1)
    ahead = (others - c.diagonal()[:, None]) / temperature
    most = np.max(ahead, axis=1, initial=0)
    rest = np.sum(np.exp(ahead - most[:, None]), axis=1)
    return np.average(np.where(most > 0, most + np.log(np.exp(-most) + rest), np.log1p(rest)))


@careful
def by_distances(y, p, *, temperature=0.5):
    u, v = unit(y), unit(p)
    z = -0.5 * np.sum((v[:, None, :] - u[None, :, :]) ** 2, axis=2) / temperature
    z = z - z.diagonal().reshape(-1, 1)
    z[np.arange(len(z)), np.arange(len(z))] = -np.inf
    return np.logaddexp(np.logaddexp.reduce(z.T), 0).sum() / len(z)


def loss_of(logits):
    """Turn a formula for logits into an answer, with the partner on the diagonal."""

    @careful
    def loss(y, p, *, temperature=0.5):
        z = logits(y, p, temperature)
        z = z - np.diag(z)[:, None]
        np.fill_diagonal(z, -np.inf)
        return np.mean(np.logaddexp(0, np.logaddexp.reduce(z, axis=1)))

    return loss


def naive(y, p, *, temperature=0.5):
    z = np.exp(cosines(y, p) / temperature)
    return np.mean(-np.log(np.diag(z) / z.sum(axis=1)))


def shifted(y, p, *, temperature=0.5):
    return np.mean(-np.log(np.diag(softmax(cosines(y, p) / temperature))))


def short_norm(y, p, *, temperature=0.5):
    u, v = (x / np.sqrt(np.sum(x**2, axis=1, keepdims=True)) for x in (y, p))
    return loss_of(lambda y, p, t: v @ u.T / t)(y, p, temperature=temperature)


def raw_bytes(y, p, *, temperature=0.5):
    """Multiply before anything is a float."""
    if y.shape != p.shape:
        raise ValueError("shapes")
    dots = p @ y.T
    z = dots / lengths(p.astype(float)) / lengths(y.astype(float)).T / temperature
    if dots.dtype.kind == "f":
        return by_logaddexp(y, p, temperature=temperature)
    return np.mean(np.logaddexp.reduce(z, axis=1) - np.diag(z))


def looped(y, p, *, temperature=0.5):
    if y.shape != p.shape:
        raise ValueError("shapes")
    c, losses = cosines(y.astype(float), p.astype(float)), []
    for i in range(len(c)):
        ahead = np.delete(c[i] - c[i, i], i) / temperature
        losses.append(np.logaddexp(0, np.logaddexp.reduce(ahead, initial=-np.inf)))
    return np.mean(losses)


def in_place(y, p, *, temperature=0.5):
    if y.dtype == float:
        value = by_logaddexp(y, p, temperature=temperature)
        p /= lengths(p)
        return value
    return by_logaddexp(y, p, temperature=temperature)


def cached_by_length(function):
    memory = {}

    def remember(y, p, *, temperature=0.5):
        if len(y) not in memory:
            memory[len(y)] = function(y, p, temperature=temperature)
        return memory[len(y)]

    return remember


def broadcasting(y, p, *, temperature=0.5):
    return by_logaddexp(y, np.broadcast_to(p, y.shape), temperature=temperature)


# --- The gradient -------------------------------------------------------------------------------


def slope_of(shares, pull=1.0, *, project=True, over="b", power=-1.0):
    """Make a gradient from shares, of which some parts may be wrong."""

    @careful
    def gradient(y, p, *, temperature=0.5):
        u, v = unit(y), unit(p)
        toward = shares(cosines(y, p) / temperature) @ u - pull * u
        if project:
            toward = toward - np.sum(toward * v, axis=1, keepdims=True) * v
        if over:
            toward = toward / lengths(p)
        return toward * temperature**power / len(p)

    return gradient


def without_own(z):
    z = z.copy()
    np.fill_diagonal(z, -np.inf)
    return softmax(z)


def exact(z):
    """Return shares minus one on the diagonal, without subtracting."""
    p = softmax(z)
    np.fill_diagonal(p, 0)
    return p - np.diag(p.sum(axis=1))


@careful
def grad_by_differences(y, p, *, temperature=0.5):
    u, v = unit(y), unit(p)
    weight = softmax(v @ u.T / temperature)
    apart = u[None, :, :] - u[:, None, :]  # from the partner to each candidate
    push = np.einsum("ij,ijd->id", weight, apart)
    push -= np.einsum("id,id->i", push, v)[:, None] * v
    return push / lengths(p) / (temperature * len(y))


@careful
def grad_by_cosines(y, p, *, temperature=0.5):
    u, v = unit(y), unit(p)
    c = v @ u.T
    d_c = exact(c / temperature) / (temperature * len(y))
    return (d_c @ u - (d_c * c).sum(axis=1)[:, None] * v) / lengths(p)


@careful
def grad_by_columns(y, p, *, temperature=0.5):
    u, v, columns = unit(y), unit(p), []
    d_c = exact(v @ u.T / temperature)
    for key, own in zip(u.T, v.T, strict=True):
        columns += [np.sum(d_c * (key - (v @ u.T) * own[:, None]), axis=1)]
    return np.stack(columns, axis=1) / lengths(p) / temperature / len(y)


def grad_in_loop(y, p, *, temperature=0.5):
    if y.shape != p.shape:
        raise ValueError("shapes")
    u, v = unit(y), unit(p)
    d_c, rows = exact(v @ u.T / temperature), []
    for i in range(len(y)):
        push = d_c[i] @ u
        rows.append(push - (push @ v[i]) * v[i])
    return np.array(rows) / lengths(p) / temperature / len(y)


def naive_grad(y, p, *, temperature=0.5):
    z = np.exp(cosines(y, p) / temperature)
    return slope_of(lambda _: z / z.sum(axis=1, keepdims=True))(y, p, temperature=temperature)


def short_norm_grad(y, p, *, temperature=0.5):
    u, v = (x / np.sqrt(np.sum(x**2, axis=1, keepdims=True)) for x in (y, p))
    push = exact(v @ u.T / temperature) @ u
    push -= np.sum(push * v, axis=1, keepdims=True) * v
    return push / np.sqrt(np.sum(p**2, axis=1, keepdims=True)) / temperature / len(p)


@careful
def grad_of_truths(y, p, *, temperature=0.5):
    d_c = exact(cosines(y, p) / temperature).T
    push = d_c @ unit(p)
    push -= np.sum(push * unit(y), axis=1, keepdims=True) * unit(y)
    return push / lengths(y) / temperature / len(y)


# --- Shares and training ------------------------------------------------------------------------


def shares_by_mask(y, p, *, temperature=0.5):
    c = cosines(y, p)
    stranger = ~np.eye(len(c), dtype=bool)
    most = np.max(np.where(stranger, c, -2), axis=1, keepdims=True)
    e = np.where(stranger, np.exp((np.minimum(c, most) - most) / temperature), 0)
    return e / e.sum(axis=1, keepdims=True)


def shares_by_rows(y, p, *, temperature=0.5):
    c = cosines(y, p) / temperature
    result = np.zeros_like(c)
    for i, row in enumerate(c):
        others = np.arange(len(c)) != i
        result[i, others] = np.exp(row[others] - np.logaddexp.reduce(row[others]))
    return result


def shares_of(formula):
    return lambda y, p, *, temperature=0.5: formula(cosines(y, p) / temperature)


def no_own(z):
    return z * (1 - np.eye(len(z)))


def steps_by(gradient=grad_by_cosines, *, extra=0, keep=True, final=lambda W: W):
    """Make a training that takes another gradient or another number of steps."""

    def train(inputs, keys, start, *, temperature=0.5, rate=1.0, steps=20):
        W = start.astype(float) if keep else start
        for _ in range(steps + extra):
            W -= rate * inputs.T @ gradient(keys, inputs @ W, temperature=temperature)
        return final(W)

    return train


def by_recursion(inputs, keys, start, *, temperature=0.5, rate=1.0, steps=20):
    if steps == 0:
        return start
    slope = np.einsum(
        "ni,nd->id", inputs, grad_by_differences(keys, inputs @ start, temperature=temperature)
    )
    W = start - rate * slope
    return by_recursion(inputs, keys, W, temperature=temperature, rate=rate, steps=steps - 1)


def by_range(inputs, keys, start, temperature=0.5, rate=1.0, steps=20):
    W = 1.0 * start
    for _ in range(1, steps + 1):
        W = W - rate * np.transpose(inputs) @ grad_by_columns(
            keys, np.dot(inputs, W), temperature=temperature
        )
    return W


HOTTEST = 512 / 511 / np.log(511 / (np.exp(0.1) - 1))

BY_OWN = {"train": steps_by}  # answers that follow from another one, right or wrong

RIGHT = {
    "info_nce": [by_logaddexp, by_log1p, by_distances],
    "info_nce_grad": [grad_by_differences, grad_by_cosines, grad_by_columns, slope_of(exact, 0.0)],
    "hottest": [HOTTEST, 0.11804, np.float64(0.118), np.array([HOTTEST])],
    "push_shares": [
        shares_by_mask,
        shares_by_rows,
        lambda y, p, temperature=0.5: without_own(cosines(y, p) / temperature),
    ],
    "train": [steps_by(), by_recursion, by_range],
}

WRONG = {
    "info_nce": [
        (
            lambda y, p, *, temperature=0.5: len(y) * by_log1p(y, p, temperature=temperature),
            "the factor n",
        ),
        (
            careful(lambda y, p, *, temperature=0.5: -by_log1p(y, p, temperature=temperature)),
            "sign is opp",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: by_log1p(y, p, temperature=temperature) / len(y)
            ),
            "divided twice",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: by_log1p(y, p, temperature=temperature) / np.log(2)
            ),
            "base 2",
        ),
        (loss_of(lambda y, p, t: cosines(y, p).T / t), "all the truths are candidates"),
        (loss_of(lambda y, p, t: cosines(y, p)), "temperature makes no difference"),
        (
            careful(lambda y, p, *, temperature=0.5: by_log1p(y, p)),
            "temperature makes no difference",
        ),
        (careful(lambda y, p: by_log1p(y, p)), "unexpected keyword argument"),
        (loss_of(lambda y, p, t: cosines(y, p) * t), "where it should divide"),
        (loss_of(lambda y, p, t: p @ y.T / t), "the lengths still count"),
        (loss_of(lambda y, p, t: p @ unit(y).T / t), "lengths of the predictions"),
        (loss_of(lambda y, p, t: unit(p) @ y.T / t), "lengths of the truths"),
        (loss_of(lambda y, p, t: unit(p.T).T @ unit(y.T) / t), "over the columns"),
        (
            loss_of(lambda y, p, t: -np.sum((p[:, None] - y) ** 2, axis=2) / t / 2),
            "distances between the vectors",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: np.mean(
                    np.log(np.sum(no_own(np.exp(cosines(y, p) / temperature)), axis=1))
                    - np.diag(cosines(y, p)) / temperature
                )
            ),
            "own partner is missing",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: (
                    -np.log(np.mean(np.diag(softmax(cosines(y, p) / temperature))))
                )
            ),
            "before the logarithm",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: (
                    1 - np.mean(np.diag(softmax(cosines(y, p) / temperature)))
                )
            ),
            "a logarithm is missing",
        ),
        (
            careful(lambda y, p, *, temperature=0.5: np.mean(1 - np.diag(cosines(y, p)))),
            "this is the cosine similarity loss",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: (
                    by_log1p(y, p, temperature=temperature) - np.log(len(y))
                )
            ),
            "a sum, not a mean",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: (
                    (
                        by_log1p(y, p, temperature=temperature)
                        + by_log1p(p, y, temperature=temperature)
                    )
                    / 2
                )
            ),
            "both directions",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: np.mean(
                    -np.log(softmax(cosines(y, p) / temperature))
                )
            ),
            "every candidate is taken",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: np.mean(
                    -np.log(
                        np.diag(
                            softmax((cosines(y, p) / temperature).reshape(1, -1)).reshape(
                                len(y), -1
                            )
                        )
                    )
                )
            ),
            "over all pairs",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: (
                    -np.log(np.diag(softmax(cosines(y, p) / temperature)))
                )
            ),
            "one number is wanted",
        ),
        (careful(naive), "exponential of a thousand"),
        (careful(shifted), "log1p and logaddexp"),
        (careful(short_norm), "squared on the way"),
        (raw_bytes, "100 times 100 in uint8"),
        (broadcasting, "refusing unequal shapes"),
        (looped, "a Python loop"),
        (in_place, "an argument is changed"),
        (careful(cached_by_length(by_logaddexp)), "remember anything"),
        (
            careful(
                lambda y, p, *, temperature=0.5: by_logaddexp(y[:7], p[:7], temperature=temperature)
            ),
            "right for n = 2, 7 and 3",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: (
                    by_logaddexp(y, p, temperature=temperature) if len(y) > 1 else np.log(2)
                )
            ),
            "one pair has no strangers",
        ),
        (lambda y, p, *, temperature=0.5: None, "is the `return` missing"),
    ],
    "info_nce_grad": [
        (
            lambda y, p, *, temperature=0.5: (
                len(y) * grad_by_cosines(y, p, temperature=temperature)
            ),
            "of the sum",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: -grad_by_cosines(y, p, temperature=temperature)
            ),
            "sign is opposite",
        ),
        (slope_of(exact, 0.0, project=False), "part along the prediction"),
        (slope_of(exact, 0.0, project=False, over=""), "slope by the direction"),
        (slope_of(exact, 0.0, over=""), "length of the prediction plays no part"),
        (slope_of(exact, 0.0, power=0.0), "1/τ is missing"),
        (slope_of(exact, 0.0, power=-2.0), "1/τ too many"),
        (careful(lambda y, p, *, temperature=0.5: grad_by_cosines(y, p)), "makes no difference"),
        (careful(lambda y, p: grad_by_cosines(y, p)), "unexpected keyword"),
        (slope_of(lambda z: softmax(z.T).T), "over the wrong axis"),
        (slope_of(lambda z: 0 * z), "strangers do not push"),
        (slope_of(softmax, 0.0), "partner does not pull"),
        (slope_of(softmax, -1.0), "partner pushes"),
        (slope_of(lambda z: np.full(z.shape, 1 / len(z))), "push alike"),
        (slope_of(without_own), "leave out the own partner"),
        (slope_of(lambda z: no_own(softmax(z))), "should tire"),
        (grad_of_truths, "wrong"),
        (
            careful(
                lambda y, p, *, temperature=0.5: np.mean(
                    grad_by_cosines(y, p, temperature=temperature)
                )
            ),
            "one entry for every entry",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: (
                    (softmax(cosines(y, p) / temperature) - np.eye(len(y))) / temperature / len(y)
                )
            ),
            "has shape",
        ),
        (
            careful(
                lambda y, p, *, temperature=0.5: (
                    grad_by_cosines(y, p, temperature=temperature) / y.shape[1]
                )
            ),
            "factor k",
        ),
        (careful(naive_grad), "exponential of a thousand"),
        (slope_of(softmax), "sum of tiny shares"),
        (careful(short_norm_grad), "squared on the way"),
        (
            lambda y, p, *, temperature=0.5: grad_by_cosines(
                y, np.broadcast_to(p, y.shape), temperature=temperature
            ),
            "refusing unequal shapes",
        ),
        (grad_in_loop, "a Python loop"),
        (careful(cached_by_length(grad_by_cosines)), "remember anything"),
        (by_logaddexp, "one entry for every entry"),
    ],
    "hottest": [
        (value, "hottest")
        for value in (0, 0.1, -HOTTEST, 1 / HOTTEST, 2 / np.log(511 / np.expm1(0.1)), 1.0, np.nan)
    ]
    + [
        (1 / np.log(511 / np.expm1(0.1)), "Put n = 512"),  # the simplex without n/(n - 1)
        (512 / 511 / np.log(511 / 0.1), "solve for the temperature"),
        (512 / 511 / np.log10(511 / np.expm1(0.1)), "solve for the temperature"),
        (512 / 511 / np.log(511 / np.exp(0.1)), "solve for the temperature"),
        ("0.118", "hottest"),
        ([0.118, 0.118], "not the number"),
        (None, "no variable"),
        (np.log, "hottest"),
    ],
    "push_shares": [
        (shares_of(softmax), "it pulls, and does not push"),
        (shares_of(lambda z: no_own(softmax(z))), "do not add up to 1"),
        (shares_of(lambda z: without_own(z.T)), "exchanged"),
        (shares_of(lambda z: without_own(z.T).T), "columns add up to 1"),
        (shares_of(lambda z: without_own(z).T), "rows and columns are exchanged"),
        (lambda y, p, temperature=0.5: shares_by_rows(y, p), "makes no difference"),
        (
            lambda y, p, temperature=0.5: shares_by_rows(y, p, temperature=1.0),
            "makes no difference",
        ),
        (lambda y, p: shares_by_rows(y, p), "unexpected keyword"),
        (
            lambda y, p, temperature=0.5: shares_by_rows(y, p, temperature=1 / temperature),
            "should divide",
        ),
        (shares_of(lambda z: no_own(np.ones(z.shape)) / (len(z) - 1)), "same share"),
        (lambda y, p, temperature=0.5: without_own(p @ y.T / temperature), "dot products"),
        (shares_of(lambda z: without_own(-z)), "is the sign right"),
        (shares_of(lambda z: softmax(no_own(z))), "a logit of 0 is not a share of 0"),
        (
            shares_of(lambda z: no_own(softmax(z)) / no_own(softmax(z)).sum(axis=1, keepdims=True)),
            "before the exponential",
        ),
        (shares_of(lambda z: no_own(softmax(z)) / no_own(softmax(z)).sum()), "right in 7 of 49"),
        (shares_of(lambda z: without_own(z).mean(axis=0)), "has shape"),
        (lambda y, p, temperature=0.5: np.mean(shares_by_rows(y, p)), "has shape"),
        (shares_of(lambda z: no_own(z) / no_own(z).sum(axis=1, keepdims=True)), "right in"),
        (shares_of(lambda z: without_own(z)[:7, :7]), "has shape"),
        (lambda y, p, temperature=0.5: None, "is the `return` missing"),
    ],
    "train": [
        (lambda x, k, s, temperature=0.5, rate=1.0, steps=20: s, "nothing has moved"),
        (
            steps_by(lambda k, b, temperature: -grad_by_cosines(k, b, temperature=temperature)),
            "it climbs",
        ),
        (
            steps_by(
                lambda k, b, temperature: len(k) * grad_by_cosines(k, b, temperature=temperature)
            ),
            "n times too long",
        ),
        (
            steps_by(
                lambda k, b, temperature: grad_by_cosines(k, b, temperature=temperature) / len(k)
            ),
            "n times too short",
        ),
        (lambda x, k, s, temperature=0.5, rate=1.0, steps=20: steps_by()(x, k, s), "does the same"),
        (
            lambda x, k, s, temperature=0.5, rate=1.0, steps=20: steps_by()(
                x, k, s, temperature=temperature, rate=rate, steps=1
            ),
            "where one step leads",
        ),
        (
            steps_by(lambda k, b, temperature: grad_by_cosines(k, b)),
            "temperature makes no difference",
        ),
        (
            lambda x, k, s, temperature=0.5, rate=1.0, steps=20: steps_by()(
                x, k, s, temperature=temperature, steps=steps
            ),
            "rate makes no difference",
        ),
        (steps_by(extra=-1), "one step is missing"),
        (steps_by(extra=1), "one step too many"),
        (steps_by(keep=False), "an argument is changed"),
        (steps_by(slope_of(lambda z: 0 * z)), "strangers do not push"),
        (
            steps_by(lambda k, b, temperature: grad_by_cosines(b, k, temperature=temperature)),
            "wrong",
        ),
        (steps_by(final=lambda W: W.T), "has shape"),
        (steps_by(final=lambda W: W / np.linalg.norm(W)), "too small"),
        (lambda x, k, s: steps_by()(x, k, s), "unexpected keyword"),
        (
            lambda x, k, s, temperature=0.5, rate=1.0, steps=20: (
                x @ steps_by()(x, k, s, temperature=temperature, rate=rate, steps=steps)
            ),
            "has shape",
        ),
        (
            lambda x, k, s, temperature=0.5, rate=1.0, steps=20: None,
            "is the `return` missing",
        ),
    ],
}
