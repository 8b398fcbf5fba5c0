"""Answers to assignment 7."""

import numpy as np

from coursework.answers import careful

# --- The divergence -----------------------------------------------------------------------------


def log_ratio(p, q):
    """Return log p/q where p is positive, and 0 elsewhere."""
    with np.errstate(all="ignore"):
        return np.where(p > 0, np.log(p) - np.log(q), 0.0)


def order_one(p, q):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p * log_ratio(p, q), 0.0).sum(axis=1)


def order_infinity(p, q):
    return np.where(p > 0, log_ratio(p, q), -np.inf).max(axis=1)


def far_from_one(p, q, alpha):
    """Return each row, by taking the largest term out of the sum."""
    with np.errstate(all="ignore"):
        terms = np.where(p > 0, np.log(p) + (alpha - 1) * log_ratio(p, q), -np.inf)
        top = terms.max(axis=1, keepdims=True)
        top = np.where(np.isfinite(top), top, 0.0)
        return (top[:, 0] + np.log(np.exp(terms - top).sum(axis=1))) / (alpha - 1)


def by_threshold(p, q, alpha):
    """Return each row; close to 1, the limit is close enough."""
    if abs(alpha - 1) < 1e-8:
        return order_one(p, q)
    return order_infinity(p, q) if alpha == np.inf else far_from_one(p, q, alpha)


def by_logaddexp(p, q, alpha):
    """Return each row; close to 1, by the slope of the divergence there."""
    if np.isinf(alpha):
        return order_infinity(p, q)
    if abs(alpha - 1) < 1e-5:
        first, ratio = order_one(p, q), log_ratio(p, q)
        with np.errstate(all="ignore"):
            spread = np.where(p > 0, p * ratio**2, 0.0).sum(axis=1) - first**2
        return np.where(np.isfinite(first), first + (alpha - 1) / 2 * spread, first)
    with np.errstate(all="ignore"):
        terms = np.where(p > 0, alpha * np.log(p) - (alpha - 1) * np.log(q), -np.inf)
        return np.logaddexp.reduce(terms, axis=1) / (alpha - 1)


def by_expm1(p, q, alpha):
    """Return each row; close to 1, without adding to 1."""
    if alpha in (1, np.inf) or abs(alpha - 1) > 1e-3:
        return by_threshold(p, q, alpha)
    with np.errstate(all="ignore"):
        power = np.expm1((alpha - 1) * log_ratio(p, q))
        return np.log1p(np.einsum("nk,nk->n", p, power)) / (alpha - 1)


def of(formula):
    """Turn a formula for the rows into an answer."""
    return careful(lambda p, q, *, alpha=2.0: np.mean(formula(p, q, alpha)))


def guarded(formula):
    """Let a formula be wrong about ordinary orders only."""

    def rows(p, q, alpha):
        if alpha in (1, np.inf) or abs(alpha - 1) < 1e-8:
            return by_threshold(p, q, alpha)
        with np.errstate(all="ignore"):
            return formula(p, q, alpha)

    return of(rows)


def inner(p, q, alpha):
    return np.sum(p**alpha * q ** (1 - alpha), axis=1)


def naive(p, q, alpha):
    return np.log(inner(p, q, alpha)) / (alpha - 1)


def with_limits(p, q, alpha):
    if alpha == 1:
        return order_one(p, q)
    return order_infinity(p, q) if alpha == np.inf else naive(p, q, alpha)


def nan_at_zeros(p, q, alpha):
    if np.all(p + q > 0):
        return by_threshold(p, q, alpha)
    return naive(p, q, alpha)


def padded(p, q, alpha):
    return by_threshold(p, np.maximum(q, 1e-12), alpha)


def finite(p, q, alpha):
    with np.errstate(all="ignore"):
        return np.where(np.any((q == 0) & (p > 0), axis=1), np.inf, by_threshold(p, q, alpha))


def looped(p, q, *, alpha=2.0):
    if p.shape != q.shape:
        raise ValueError("shapes")
    return sum(by_threshold(p[[i]], q[[i]], alpha)[0] for i in range(len(p))) / len(p)


def in_place(p, q, *, alpha=2.0):
    if p.shape != q.shape:
        raise ValueError("shapes")
    value = by_threshold(p.copy(), q.copy(), alpha).mean()
    q += 1e-3
    return value


def cached_by_length(function):
    memory = {}

    def remember(p, q, *, alpha=2.0):
        if (len(p), alpha) not in memory:
            memory[len(p), alpha] = function(p, q, alpha=alpha)
        return memory[len(p), alpha]

    return careful(remember)


# --- The gradient -------------------------------------------------------------------------------


def log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def softmax(z):
    return np.exp(log_softmax(z))


def target(p, z, alpha):
    with np.errstate(divide="ignore"):
        return softmax(alpha * np.log(p) + (1 - alpha) * log_softmax(z))


def target_from_logits(p, z, alpha):
    """Return the target; what the softmax subtracts is the same in a row and falls out."""
    with np.errstate(divide="ignore"):
        terms = alpha * np.log(p) + (1 - alpha) * z
    terms = np.exp(terms - terms.max(axis=1)[:, None])
    return terms / terms.sum(axis=1)[:, None]


def target_by_ratio(p, z, alpha):
    log_q = log_softmax(z)
    ratio = np.full(p.shape, -np.inf)
    ratio[p > 0] = log_q[p > 0] + alpha * (np.log(p[p > 0]) - log_q[p > 0])
    return np.exp(ratio - np.logaddexp.reduce(ratio, axis=1, keepdims=True))


def slope_of(formula):
    """Turn a formula for p, logits and alpha into a gradient."""
    return careful(lambda p, z, *, alpha=2.0: formula(p, z, alpha) / len(p))


def plain_softmax(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def plain_target(p, z, alpha):
    with np.errstate(all="ignore"):
        terms = p**alpha * softmax(z) ** (1 - alpha)
        return terms / terms.sum(axis=1, keepdims=True)


def nothing_for_zeros(p, z, alpha):
    return target(np.maximum(p, 1e-3), z, alpha)


# --- The descent --------------------------------------------------------------------------------


def steps_of(gradient):
    """Turn a gradient by the logits of one distribution into an answer."""

    def answer(p, start, *, alpha=1.0, rate=1.0, steps=20):
        z = np.log(start)
        for _ in range(steps):
            z = z - rate * gradient(p, z, alpha)
        return softmax(z[None])[0]

    return answer


def one(p, z, alpha):
    return softmax(z[None])[0] - target(p[None], z[None], alpha)[0]


descent = steps_of(one)


def descent_of_probabilities(p, start, *, alpha=1.0, rate=1.0, steps=20):
    """Multiply the probabilities, without ever writing down a logit."""
    q = start
    for _ in range(steps):
        tilted = p**alpha * q ** (1 - alpha)
        q = q * np.exp(rate * (tilted / tilted.sum() - q))
        q = q / q.sum()
    return q


def descent_in_probabilities(p, start, *, alpha=1.0, rate=1.0, steps=20):
    q = start
    for _ in range(steps):
        q = q - rate * one(p, np.log(q), alpha)
        q = np.clip(q, 1e-9, None)
        q = q / q.sum()
    return q


def descent_by_mean(p, z, alpha):
    return one(p, z, alpha) / len(p)


RIGHT = {
    "renyi": [of(by_threshold), of(by_logaddexp), of(by_expm1)],
    "renyi_grad": [
        slope_of(lambda p, z, a: softmax(z) - target(p, z, a)),
        slope_of(lambda p, z, a: softmax(z) - target_from_logits(p, z, a)),
        slope_of(lambda p, z, a: softmax(z) - target_by_ratio(p, z, a)),
    ],
    "descend": [
        descent,
        descent_of_probabilities,
        steps_of(lambda p, z, a: softmax(z[None])[0] - target_by_ratio(p[None], z[None], a)[0]),
    ],
    "rate_limit": [2.37561, 2.375, np.float64(2.38)],
}

WRONG = {
    "renyi": [
        (of(naive), "what could be taken out"),
        (of(with_limits), "how many digits are left"),
        (of(far_from_one), "order ∞"),
        (guarded(lambda p, q, a: by_threshold(q, p, a)), "exchanged"),
        (of(lambda p, q, a: order_one(p, q)), "the limit of order 1"),
        (of(lambda p, q, a: order_one(q, p)), "and exchanged"),
        (of(lambda p, q, a: by_threshold(p, q, 2.0)), "alpha makes no difference"),
        (careful(lambda p, q: np.mean(by_threshold(p, q, 2.0))), "unexpected keyword"),
        (guarded(lambda p, q, a: np.log(inner(p, q, a))), "factor in front"),
        (guarded(lambda p, q, a: np.log(inner(p, q, a)) / a), "not the right one"),
        (guarded(lambda p, q, a: np.log(inner(p, q, a)) / (1 - a)), "sign"),
        (guarded(lambda p, q, a: (inner(p, q, a) - 1) / (a - 1)), "a logarithm is missing"),
        (guarded(inner), "only the sum is there"),
        (
            careful(lambda p, q, *, alpha=2.0: np.log(inner(p, q, alpha).mean()) / (alpha - 1)),
            "before the logarithm",
        ),
        (guarded(lambda p, q, a: np.log(np.sum(p**a, axis=1)) / (1 - a)), "an entropy"),
        (
            guarded(lambda p, q, a: np.log(np.sum(p**a * q ** (a - 1), axis=1)) / (a - 1)),
            "both exponents",
        ),
        (
            guarded(lambda p, q, a: np.log(np.sum((p / q) ** a, axis=1)) / (a - 1)),
            "both exponents",
        ),
        (
            guarded(lambda p, q, a: np.sum(np.log(p**a * q ** (1 - a)), axis=1) / (a - 1)),
            "before the sum",
        ),
        (
            guarded(lambda p, q, a: np.log(np.sum(p**a * q ** (1 - a))) / (a - 1)),
            "all rows together",
        ),
        (of(lambda p, q, a: order_infinity(p, q)), "limit of order ∞"),
        (of(lambda p, q, a: by_threshold(p, q, a) / np.log(2)), "base 2"),
        (of(lambda p, q, a: by_threshold(p, q, a) / p.shape[1]), "number of columns"),
        (careful(lambda p, q, *, alpha=2.0: by_threshold(p, q, alpha).sum()), "factor n"),
        (careful(lambda p, q, *, alpha=2.0: by_threshold(p, q, alpha)), "one number is wanted"),
        (of(nan_at_zeros), "is 0 multiplied by ∞"),
        (of(padded), "the model calls impossible"),
        (of(finite), "Is the divergence finite there"),
        (
            lambda p, q, *, alpha=2.0: of(by_threshold)(
                p, np.broadcast_to(q, p.shape), alpha=alpha
            ),
            "refusing unequal shapes",
        ),
        (looped, "Python loop"),
        (in_place, "an argument is changed"),
        (cached_by_length(of(by_threshold)), "too"),
        (careful(lambda p, q, *, alpha=2.0: None), "is the `return` missing"),
        (careful(lambda p, q, *, alpha=2.0: renyi_by_name(p, q, alpha)), "raises NameError"),  # noqa: F821
    ],
    "renyi_grad": [
        (slope_of(lambda p, z, a: softmax(z) - p), "of order 1 at every order"),
        (slope_of(lambda p, z, a: a * (softmax(z) - p)), "close to the truth only"),
        (slope_of(lambda p, z, a: softmax(z) - target(p, z, 2.0)), "alpha makes no difference"),
        (
            careful(lambda p, z: (softmax(z) - target(p, z, 2.0)) / len(p)),
            "unexpected keyword",
        ),
        (slope_of(lambda p, z, a: softmax(z) - target(p, z, 1 - a)), "exponents are exchanged"),
        (
            slope_of(lambda p, z, a: softmax(z) - p**a * softmax(z) ** (1 - a)),
            "does not sum to 1",
        ),
        (
            slope_of(
                lambda p, z, a: (
                    softmax(z) - p**a * softmax(z) ** (1 - a) / np.sum(p**a * softmax(z) ** (1 - a))
                )
            ),
            "a sum of its own",
        ),
        (slope_of(lambda p, z, a: -target(p, z, a)), "from the softmax is missing"),
        (slope_of(lambda p, z, a: softmax(z)), "where is the truth"),
        (slope_of(lambda p, z, a: -target(p, z, a) / softmax(z)), "by the probabilities"),
        (
            slope_of(lambda p, z, a: softmax(z) * (softmax(z) - target(p, z, a))),
            "differentiated twice",
        ),
        (
            slope_of(lambda p, z, a: (softmax(z) - target(p, z, a)) / (a - 1 if a != 1 else 1)),
            "not cancel",
        ),
        (slope_of(lambda p, z, a: a * (softmax(z) - target(p, z, a))), "twice too large"),
        (slope_of(lambda p, z, a: target(p, z, a) - softmax(z)), "sign is opposite"),
        (slope_of(lambda p, z, a: target(p, z, a) - p), "what is subtracted"),
        (slope_of(lambda p, z, a: z - target(p, z, a)), "are not probabilities"),
        (
            careful(lambda p, z, *, alpha=2.0: softmax(z) - target(p, z, alpha)),
            "gradient of the sum",
        ),
        (
            careful(lambda p, z, *, alpha=2.0: (softmax(z) - target(p, z, alpha)) / p.size),
            "number of columns",
        ),
        (
            careful(lambda p, z, *, alpha=2.0: np.mean(softmax(z) - target(p, z, alpha), axis=0)),
            "has shape",
        ),
        (slope_of(lambda p, z, a: plain_softmax(z) - target(p, z, a)), "computed from logarithms"),
        (slope_of(lambda p, z, a: softmax(z) - plain_target(p, z, a)), "order 1000"),
        (
            slope_of(lambda p, z, a: softmax(z) - nothing_for_zeros(p, z, a)),
            "the power of a p of 0",
        ),
        (
            lambda p, z, *, alpha=2.0: (softmax(z) - target(p, z, alpha)) / len(p),
            "refusing unequal shapes",
        ),
        (
            careful(lambda p, z, *, alpha=2.0: (softmax(z) - target(p, z, alpha)) / 7),
            "number of examples fixed",
        ),
    ],
    "descend": [
        (lambda p, start, *, alpha=1.0, rate=1.0, steps=20: start, "nothing has moved"),
        (lambda p, start, *, alpha=1.0, rate=1.0, steps=20: p, "the minimum itself"),
        (
            lambda p, s, *, alpha=1.0, rate=1.0, steps=20: descent(p, s, rate=rate, steps=steps),
            "alpha makes no difference",
        ),
        (lambda p, s, *, alpha=1.0, rate=1.0, steps=20: descent(p, s, alpha=alpha), "are ignored"),
        (lambda p, start: descent(p, start), "unexpected keyword"),
        (
            lambda p, s, *, alpha=1.0, rate=1.0, steps=20: descent(
                p, s, alpha=alpha, rate=-rate, steps=steps
            ),
            "uphill",
        ),
        (
            lambda p, s, *, alpha=1.0, rate=1.0, steps=20: descent(
                p, softmax(s[None])[0], alpha=alpha, rate=rate, steps=steps
            ),
            "which logits have it",
        ),
        (lambda p, s, **options: np.log(descent(p, s, **options)), "these are logits"),
        (
            lambda p, s, *, alpha=1.0, rate=1.0, steps=20: descent(
                p, s, alpha=alpha, rate=rate, steps=steps + 1
            ),
            "wrong",
        ),
        (
            lambda p, s, *, alpha=1.0, rate=1.0, steps=20: descent(
                p, s, alpha=alpha, rate=rate, steps=steps - 1
            ),
            "wrong",
        ),
        (steps_of(descent_by_mean), "wrong"),
        (steps_of(lambda p, z, a: one(p, z, 1 / a)), "orders 0.3 and 4"),
        (descent_in_probabilities, "the minimum itself"),
        (lambda p, s, **options: descent(s, p, **options), "exchanged"),
        (lambda p, s, **options: descent(p, s, **options)[None], "has shape"),
        (lambda p, s, **options: descent(p, s, **options).max(), "has shape"),
        (lambda p, s, **options: None, "is the `return` missing"),
    ],
    "rate_limit": [
        (value, "rate_limit")
        for value in (0, 2, 2.3, 2.45, 3, 5, 19.005, 1.1878, 0.2969, 0.105, 0.842, -2.3756)
    ]
    + [
        (np.nan, "rate_limit"),
        (np.inf, "rate_limit"),
        (None, "rate_limit"),
        ("2.38", "rate_limit"),
    ],
}
