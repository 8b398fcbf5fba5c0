"""Cross-entropy: the surprise at the true class, which asks for class probabilities."""

import numpy as np

from lossfns._domains import DISTRIBUTION
from lossfns._engine import gradient_of, loss
from lossfns._rows import expectation, minus_ratio, softmax_cross_entropy, softmax_minus_target


@loss(rows=True, labels=True, y_true=DISTRIBUTION, y_pred=DISTRIBUTION)
def cross_entropy(y_true, y_pred, *, from_logits=False):
    """Categorical cross-entropy in nats, averaged over the rows.

    ``-Σ_c y_c log p_c`` for each row, with ``0 log 0 = 0`` and ``-log 0 = inf``. It is the negative
    log-likelihood of a categorical outcome; its expectation is least at the class probabilities.

    Parameters
    ----------
    y_true : array_like, shape (..., C) or (...)
        Rows of class probabilities, one-hot or soft; or integer class labels in [0, C).
    y_pred : array_like, shape (..., C)
        Rows of predicted probabilities; with ``from_logits`` rows of logits, any real numbers.
        Rows of probabilities must sum to 1 within 1e-3 and are used as they are.
    from_logits : bool
        Say what ``y_pred`` holds. From logits, p = softmax(z), and tiny losses keep their digits.
    reduction : {"mean", "sum", "none"}
        Average over the rows, their sum, or one loss a row.
    sample_weight : array_like, shape (...), optional
        Finite weights ≥ 0, one a row; "mean" divides by their sum. Weight 0 removes a row.

    Returns
    -------
    float or ndarray
        float32 if ``y_pred`` is float32 and ``y_true`` is float32 or labels, else float64.

    Raises
    ------
    ValueError
        For labels or probabilities out of range, rows that do not sum to 1, unequal or empty
        shapes, an unknown reduction, bad weights.
    TypeError
        For labels without an integer dtype; for anything but real numbers of at most 64 bits.

    References
    ----------
    Good, I. J. (1952). Rational decisions. *Journal of the Royal Statistical Society B* 14(1),
    107-114.

    Examples
    --------
    >>> from lossfns import cross_entropy
    >>> print(f"{cross_entropy([0, 1], [[0.5, 0.5], [0.75, 0.25]]):.4f}")
    1.0397
    """
    if from_logits:
        return softmax_cross_entropy(y_pred, y_true)
    return 0 - expectation(y_true, np.log, y_pred)


@gradient_of(cross_entropy)
def cross_entropy_grad(y_true, y_pred, *, from_logits=False):
    """Gradient of `cross_entropy` with respect to ``y_pred``, every coordinate free.

    ``-y/p`` with ``0/0 = 0``, or ``s softmax(z) - y`` from logits, where s = Σ_c y_c.

    Parameters, errors and dtype are those of `cross_entropy`; the result has the shape of
    ``y_pred`` and belongs to the reduced loss, so that "mean" divides by the number of rows.

    Examples
    --------
    >>> from lossfns import cross_entropy_grad
    >>> cross_entropy_grad([1], [[0.0, 0.0]], from_logits=True).tolist()
    [[0.5, -0.5]]
    """
    if from_logits:
        return softmax_minus_target(y_pred, y_true)
    return minus_ratio(y_true, y_pred)
