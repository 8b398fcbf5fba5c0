"""Answers to assignment 4."""

import numpy as np

from coursework.answers import careful

# --- The loss -----------------------------------------------------------------------------------


def labelled(function):
    """Refuse unequal shapes, as `careful` does, and labels outside [0, 1]."""

    @careful
    def labelled_function(y, z, *, alpha=0.1, beta=1.0, lowest=-4.0):
        if np.any((y < 0) | (y > 1)):
            raise ValueError("labels")
        return function(y, z, alpha, beta, lowest)

    return labelled_function


def free(function):
    """Refuse unequal shapes only."""
    return careful(
        lambda y, z, *, alpha=0.1, beta=1.0, lowest=-4.0: function(y, z, alpha, beta, lowest)
    )


def sigmoid(z):
    with np.errstate(over="ignore"):
        return np.where(z < 0, np.exp(z) / (1 + np.exp(z)), 1 / (1 + np.exp(-z)))


def stable(z):
    return np.exp(-np.logaddexp(0, -z))


def cut(t, low):
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(t), low)


def entropy(y, z):
    return np.maximum(z, 0) - y * z + np.log1p(np.exp(-abs(z)))


def exact(y, z):
    return y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)


def reversed_(y, z, low):
    return -stable(z) * cut(y, low) - stable(-z) * cut(1 - y, low)


def right(y, z, a=0.1, b=1.0, low=-4.0):
    return np.mean(a * exact(y, z) + b * reversed_(y, z, low))


def by_margin(y, z, a, b, low):
    forward = np.logaddexp(0, np.stack([z, -z])) * np.stack([1 - y, y])
    odds = np.exp(-np.logaddexp(0, np.stack([-z, z])))
    logs = np.log(np.clip(np.stack([y, 1 - y]), np.exp(low), None))
    return np.sum(a * forward - b * odds * logs) / len(y)


def by_softplus(y, z, a, b, low):
    soft = np.log1p(np.exp(-abs(z)))
    forward = y * (np.maximum(-z, 0) + soft) + (1 - y) * (np.maximum(z, 0) + soft)
    small = np.exp(-abs(z)) / (1 + np.exp(-abs(z)))
    p, q = np.where(z > 0, 1 / (1 + np.exp(-abs(z))), small), None
    q = np.where(z > 0, small, 1 / (1 + np.exp(-abs(z))))
    return np.average(a * forward - b * (p * cut(y, low) + q * cut(1 - y, low)))


def naive(y, z, a, b, low):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-z))
        forward = -y * np.log(p) - (1 - y) * np.log(1 - p)
        return np.mean(a * forward - b * (p * cut(y, low) + (1 - p) * cut(1 - y, low)))


def one_minus(y, z, a, b, low):
    p = stable(z)
    return np.mean(a * entropy(y, z) - b * (p * cut(y, low) + (1 - p) * cut(1 - y, low)))


def of_probabilities(y, p, a, b, low):
    with np.errstate(all="ignore"):
        forward = -y * np.log(p) - (1 - y) * np.log(1 - p)
    return np.mean(a * forward - b * (p * cut(y, low) + (1 - p) * cut(1 - y, low)))


def shifted(y, z, a, b, low):
    tiny = np.exp(low)
    p = stable(z)
    logs = p * np.log(y + tiny) + stable(-z) * np.log(1 - y + tiny)
    return np.mean(a * exact(y, z) - b * logs)


def any_shape(y, z, *, alpha=0.1, beta=1.0, lowest=-4.0):
    if np.any((y < 0) | (y > 1)):
        raise ValueError("labels")
    return right(1.0 * y, z, alpha, beta, lowest)


def looped(y, z, a, b, low):
    return sum(right(y[i : i + 1], z[i : i + 1], a, b, low) for i in range(len(y))) / len(y)


def averaged(formula):
    return labelled(lambda y, z, a, b, low: np.mean(formula(y, z, a, b, low)))


# --- Its gradient -------------------------------------------------------------------------------


def forward_slope(y, z):
    return (1 - y) * stable(z) - y * stable(-z)


def step(y, low):
    return cut(1 - y, low) - cut(y, low)


def slope(y, z, a=0.1, b=1.0, low=-4.0):
    return (a * forward_slope(y, z) + b * stable(z) * stable(-z) * step(y, low)) / z.size


def slope_by_tails(y, z, a, b, low):
    tail = np.exp(-abs(z)) / (1 + np.exp(-abs(z)))
    p = np.where(z > 0, 1 - tail, tail)
    q = np.where(z > 0, tail, 1 - tail)
    return (a * (p * (1 - y) - q * y) + b * tail * (1 - tail) * step(y, low)) / len(z)


def slope_by_cosh(y, z, a, b, low):
    with np.errstate(over="ignore"):
        bump = 1 / (2 + 2 * np.cosh(z))
    return np.divide(a * forward_slope(y, z) + b * bump * step(y, low), y.size)


def slope_naive(y, z, a, b, low):
    with np.errstate(all="ignore"):
        p = np.exp(z) / (1 + np.exp(z))
        return (a * (p - y) + b * p * (1 - p) * step(y, low)) / z.size


def slope_rounded(y, z, a, b, low):
    p = stable(z)
    return (a * (p - y) + b * p * (1 - p) * step(y, low)) / z.size


def sloping(formula):
    return free(lambda y, z, a, b, low: formula(y, z, a, b, low) / z.size)


# --- The suspects -------------------------------------------------------------------------------


def ranked(score):
    return lambda y, z, k: np.argsort(-score(y, z), kind="stable")[: int(k)]


believed = ranked(lambda y, z: (1 - 2 * y) * z)


def by_mask(y, z, k):
    against = np.array(z, float)
    against[y == 1] *= -1
    return np.argsort(against)[::-1][:k]


def by_partition(y, z, k):
    loss = np.where(y == 1, -z, z)
    top = np.argpartition(-loss, int(k) - 1)[: int(k)]
    return top[np.argsort(-loss[top])]


def sorted_(y, z, k):
    return sorted(range(len(y)), key=lambda i: (2 * y[i] - 1) * z[i])[: int(k)]


def masked(y, z, k):
    mask = np.zeros(len(y))
    mask[believed(y, z, k)] = 1
    return mask


RIGHT = {
    "symmetric_cross_entropy": [labelled(right), labelled(by_margin), labelled(by_softplus)],
    "symmetric_cross_entropy_grad": [free(slope), free(slope_by_tails), free(slope_by_cosh)],
    "hardest_at": [0.5125, 41 / 80, np.float64(0.5125)],
    "clipped_lowest": [np.log(1e-7), -16.118, -7 * np.log(10)],
    "suspects": [by_mask, by_partition, lambda y, z, k: np.lexsort([z * (2 * y - 1)])[:k]],
}

WRONG = {
    "symmetric_cross_entropy": [
        (labelled(naive), "What does an exponential do there"),
        (labelled(one_minus), "What is 1 - σ(40)"),
        (labelled(lambda y, z, *options: right(y, z, *options) * y.size), "factor n"),
        (labelled(lambda y, z, *options: -right(y, z, *options)), "sign is opposite"),
        (labelled(lambda y, z, *options: right(y, z, *options) / np.log(2)), "base 2"),
        (
            labelled(lambda y, z, a, b, low: a * exact(y, z) + b * reversed_(y, z, low)),
            "one number is wanted",
        ),
        (labelled(of_probabilities), "logarithm of a negative number"),
        (averaged(lambda y, z, a, b, low: a * exact(y, z)), "the reverse part is missing"),
        (averaged(lambda y, z, a, b, low: b * reversed_(y, z, low)), "the forward part is missing"),
        (averaged(lambda y, z, a, b, low: b * exact(y, z) + a * reversed_(y, z, low)), "exchanged"),
        (averaged(lambda y, z, a, b, low: (a + b) * exact(y, z)), "inside the logarithm"),
        (
            averaged(lambda y, z, a, b, low: a * exact(y, z) - b * reversed_(y, z, low)),
            "the reverse part has the wrong sign",
        ),
        (
            averaged(lambda y, z, a, b, low: a * exact(y, z) - b * stable(z) * cut(y, low)),
            "that of 1 - p",
        ),
        (
            averaged(lambda y, z, a, b, low: a * exact(y, z) - b * stable(-z) * cut(1 - y, low)),
            "that of p",
        ),
        (
            averaged(
                lambda y, z, a, b, low: a * y * np.logaddexp(0, -z) + b * reversed_(y, z, low)
            ),
            "that of 1 - y",
        ),
        (
            averaged(lambda y, z, a, b, low: a * exact(y, z) + b * abs(y - stable(z))),
            "`lowest` brings is missing",
        ),
        (
            averaged(
                lambda y, z, a, b, low: (
                    a * exact(y, z) - b * low * (y * stable(-z) + (1 - y) * stable(z))
                )
            ),
            "right for labels of 0 and 1 only",
        ),
        (labelled(lambda y, z, *options: right(1 - y, z, *options)), "0 and 1 are exchanged"),
        (labelled(lambda y, z, *options: right(y, z)), "the options make no difference"),
        (labelled(lambda y, z, a, b, low: right(y, z, a, b)), "lowest makes no difference"),
        (careful(lambda y, z: right(y, z)), "unexpected keyword"),
        (labelled(shifted), "is added to every label"),
        (
            labelled(
                lambda y, z, *options: right(np.array([y.mean()]), np.array([z.mean()]), *options)
            ),
            "averaged before",
        ),
        (
            labelled(lambda y, z, *options: y.size * np.mean(slope(y, z, *options))),
            "this is the slope",
        ),
        (any_shape, "refusing unequal shapes"),
        (free(right), "refusing a label of -1"),
        (labelled(looped), "Python loop"),
        (labelled(lambda y, z, *options: right(y, z, *options) * y.size / 7), "fixed in the"),
        (labelled(lambda y, z, *options: None), "is the `return` missing"),
    ],
    "symmetric_cross_entropy_grad": [
        (free(slope_naive), "What does an exponential do there"),
        (free(slope_rounded), "What is 1 - σ(40)"),
        (free(lambda y, z, *options: slope(y, z, *options) * y.size), "gradient of the sum"),
        (free(lambda y, z, *options: -slope(y, z, *options)), "sign is opposite"),
        (free(lambda y, z, *options: np.mean(slope(y, z, *options))), "one entry for every"),
        (sloping(lambda y, z, a, b, low: a * forward_slope(y, z)), "the reverse part is missing"),
        (
            sloping(lambda y, z, a, b, low: b * stable(z) * stable(-z) * step(y, low)),
            "the forward part is missing",
        ),
        (free(lambda y, z, a, b, low: slope(y, z, b, a, low)), "alpha and beta are exchanged"),
        (free(lambda y, z, a, b, low: slope(y, z, a, -b, low)), "part has the wrong sign"),
        (
            sloping(lambda y, z, a, b, low: a * forward_slope(y, z) + b * step(y, low)),
            "differentiated by the probability",
        ),
        (
            sloping(
                lambda y, z, a, b, low: (
                    a * forward_slope(y, z) / (stable(z) * stable(-z)) + b * step(y, low)
                )
            ),
            "not by the logit",
        ),
        (
            sloping(
                lambda y, z, a, b, low: (
                    (a * forward_slope(y, z) + b * step(y, low)) * stable(z) * stable(-z)
                )
            ),
            "once too often",
        ),
        (
            sloping(lambda y, z, a, b, low: a * forward_slope(y, z) + b * stable(z) * step(y, low)),
            "has two factors",
        ),
        (free(lambda y, z, a, b, low: slope(y, z, a, b, -1.0)), "`lowest` brings"),
        (
            sloping(
                lambda y, z, a, b, low: (
                    a * forward_slope(y, z) - b * low * stable(z) * stable(-z) * (1 - 2 * y)
                )
            ),
            "labels of 0 and 1 only",
        ),
        (
            sloping(lambda y, z, a, b, low: a * exact(y, z) + b * reversed_(y, z, low)),
            "the loss again",
        ),
        (free(lambda y, z, *options: abs(slope(y, z, *options))), "every sign is the same"),
        (free(lambda y, z, *options: slope(y, z)), "the options make no difference"),
        (free(lambda y, z, a, b, low: slope(y, z, a, b)), "lowest makes no difference"),
        (careful(lambda y, z: slope(y, z)), "unexpected keyword"),
        (free(lambda y, z, *options: slope(y, z, *options) * y.size / 7), "fixed in the"),
        (
            lambda y, z, *, alpha=0.1, beta=1.0, lowest=-4.0: slope(y, z, alpha, beta, lowest),
            "refusing unequal shapes",
        ),
    ],
    "hardest_at": [
        (value, "hardest_at")
        for value in (0.5, 1, 0, 0.4875, 0.05, 0.1, 0.525, 0.51, 4.1, 51.25, -0.5125, np.nan)
    ]
    + [(None, "no variable"), ([0.5125, 0.5], "not the number")],
    "clipped_lowest": [
        (value, "clipped_lowest")
        for value in (1e-7, -7, -4, 16.118, -1e-7, 0, -0.0625, -np.inf, -23.25, -16, -2.303, np.nan)
    ]
    + [(None, "no variable"), ("log(1e-7)", "clipped_lowest")],
    "suspects": [
        (ranked(lambda y, z: (2 * y - 1) * z), "most believed"),
        (ranked(lambda y, z: -abs(z)), "the least sure examples"),
        (ranked(lambda y, z: abs(z)), "the surest examples"),
        (ranked(lambda y, z: z), "the highest logits"),
        (ranked(lambda y, z: -z), "the lowest logits"),
        (ranked(lambda y, z: abs(y - z)), "they differ in kind"),
        (ranked(lambda y, z: abs(y - sigmoid(z))), "what is there to rank by"),
        (lambda y, z, k: believed(y, z, k)[::-1], "comes first"),
        (lambda y, z, k: np.sort(believed(y, z, k)), "in the order of the examples"),
        (lambda y, z, k: believed(y, z, k) + 1, "indices begin at 0"),
        (lambda y, z, k: believed(y, z, k + 1)[1:], "the very first one"),
        (lambda y, z, k: believed(y, z, len(y)), "has shape"),
        (lambda y, z, k: believed(y, z, 1), "has shape"),
        (lambda y, z, k: np.sort((1 - 2 * y) * z)[::-1][: int(k)], "indices are wanted"),
        (masked, "has shape"),
        (sorted_, "Python loop"),
        (lambda y, z, k: believed(y, z, 3), "right for n = 1 and 7"),
        (lambda y, z, k: [int(i) for i in believed(y, z, k)] if len(y) < 9 else [0] * int(k), "12"),
    ],
}
