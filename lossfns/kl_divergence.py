"""Kullback-Leibler divergence: the extra surprise of believing Q when P is true."""

import math

import numpy as np

from lossfns._domains import DISTRIBUTION
from lossfns._engine import gradient_of, loss
from lossfns._rows import (
    dot,
    expectation,
    minus_ratio,
    softmax_cross_entropy,
    softmax_minus_target,
    total,
    weighted_sum,
)


@loss(rows=True, y_true=DISTRIBUTION, y_pred=DISTRIBUTION)
def kl_divergence(y_true, y_pred, *, from_logits=False):
    """Kullback-Leibler divergence KL(P‖Q) in nats, averaged over the rows.

    ``Σ_c p_c log(p_c/q_c)`` for each row, P = ``y_true`` and Q = ``y_pred``, with ``0 log 0 = 0``
    and +inf where p > 0 = q. For rows that sum to exactly 1 it is ≥ 0, and 0 only where P = Q.

    Parameters
    ----------
    y_true : array_like, shape (..., C)
        Rows of probabilities P, the reference; they must sum to 1 within 1e-3.
    y_pred : array_like, shape (..., C)
        Rows of probabilities Q; with ``from_logits`` rows of logits z, where Q = softmax(z).
    from_logits : bool
        Say what ``y_pred`` holds.
    reduction : {"mean", "sum", "none"}
        Average over the rows, their sum, or one loss a row.
    sample_weight : array_like, shape (...), optional
        Finite weights ≥ 0, one a row; "mean" divides by their sum. Weight 0 removes a row.

    Returns
    -------
    float or ndarray
        float32 if both inputs are float32, else float64.

    Raises
    ------
    ValueError
        For probabilities out of range, rows that do not sum to 1, unequal or empty shapes, an
        unknown reduction, bad weights.
    TypeError
        For anything but real numbers of at most 64 bits.

    References
    ----------
    Kullback, S. and Leibler, R. A. (1951). On information and sufficiency.
    *Annals of Mathematical Statistics* 22(1), 79-86.

    Examples
    --------
    >>> from lossfns import kl_divergence
    >>> print(f"{kl_divergence([0.5, 0.5], [0.25, 0.75]):.4f}")
    0.1438
    """
    if from_logits:  # cross-entropy minus entropy
        return softmax_cross_entropy(y_pred, y_true) + expectation(y_true, np.log, y_true)
    return total(_sum_of_log_ratios, y_true, y_pred)


def _sum_of_log_ratios(p, q):
    """Σ p log(p/q) through p - q, which loses no digit where p and q are close."""
    log_ratio = np.log1p((p - q) / q)
    sums = dot(p, log_ratio)
    if math.isfinite(sums.sum()):
        return sums
    far = np.isinf(log_ratio) & (p > 0) & (q > 0)  # so far that one swallowed the other
    log_ratio[far] = np.log(p[far]) - np.log(q[far])
    log_ratio[(p == 0) & (q == 0)] = 0
    return weighted_sum(p, log_ratio)


@gradient_of(kl_divergence)
def kl_divergence_grad(y_true, y_pred, *, from_logits=False):
    """Gradient of `kl_divergence` with respect to ``y_pred``, every coordinate free.

    ``-p/q`` with ``0/0 = 0``, or ``s softmax(z) - p`` from logits, where s = Σ_c p_c: the same as
    that of cross-entropy, since the entropy of P does not depend on Q.

    Parameters, errors and dtype are those of `kl_divergence`; the result has the shape of
    ``y_pred`` and belongs to the reduced loss, so that "mean" divides by the number of rows.

    Examples
    --------
    >>> from lossfns import kl_divergence_grad
    >>> kl_divergence_grad([0.5, 0.5], [0.25, 0.75], reduction="sum").round(4).tolist()
    [-2.0, -0.6667]
    """
    if from_logits:
        return softmax_minus_target(y_pred, y_true)
    return minus_ratio(y_true, y_pred)
