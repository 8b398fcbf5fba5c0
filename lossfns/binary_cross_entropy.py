"""Binary cross-entropy: the surprise at a yes-or-no outcome, which asks for its probability."""

import numpy as np

from lossfns._domains import PROBABILITY
from lossfns._engine import gradient_of, loss
from lossfns._rows import ratio, sigmoid_minus_target, times


@loss(y_true=PROBABILITY, y_pred=PROBABILITY)
def binary_cross_entropy(y_true, y_pred, *, from_logits=False):
    """Binary cross-entropy in nats, averaged over the elements.

    ``-(y log p + (1 - y) log(1 - p))`` for each element, with ``0 log 0 = 0`` and ``-log 0 = inf``.
    It is the negative log-likelihood of a Bernoulli outcome; its expectation is least at p = E[y].

    Parameters
    ----------
    y_true : array_like in [0, 1]
        Outcomes, or probabilities of the outcome 1.
    y_pred : array_like, same shape
        Predicted probabilities in [0, 1]; with ``from_logits`` logits log(p/(1 - p)), any real.
    from_logits : bool
        Say what ``y_pred`` holds. Logits keep their precision where probabilities round to 0 or 1.
    reduction : {"mean", "sum", "none"}
        Average over the elements, their sum, or one loss an element.
    sample_weight : array_like, same shape, optional
        Finite weights ≥ 0; "mean" divides by their sum. Weight 0 removes an element.

    Returns
    -------
    float or ndarray
        float32 if both inputs are float32, else float64.

    Raises
    ------
    ValueError
        For values outside [0, 1], unequal or empty shapes, an unknown reduction, bad weights.
    TypeError
        For anything but real numbers of at most 64 bits.

    References
    ----------
    Good, I. J. (1952). Rational decisions. *Journal of the Royal Statistical Society B* 14(1),
    107-114.

    Examples
    --------
    >>> from lossfns import binary_cross_entropy
    >>> print(f"{binary_cross_entropy([1, 0], [0.5, 0.5]):.4f}")
    0.6931
    """
    if from_logits:
        z = y_pred
        miss = (z > 0) - y_true  # how far the likelier side is from the outcome
        return np.log1p(np.exp(-np.abs(z))) + times(miss, z)
    return 0 - times(y_true, np.log(y_pred)) - times(1 - y_true, np.log1p(-y_pred))


@gradient_of(binary_cross_entropy)
def binary_cross_entropy_grad(y_true, y_pred, *, from_logits=False):
    """Gradient of `binary_cross_entropy` with respect to ``y_pred``.

    ``(1 - y)/(1 - p) - y/p`` with ``0/0 = 0``, or ``σ(z) - y`` from logits.

    Parameters, errors and dtype are those of `binary_cross_entropy`; the result has the shape of
    ``y_pred`` and belongs to the reduced loss, so that "mean" divides by the number of elements.

    Examples
    --------
    >>> from lossfns import binary_cross_entropy_grad
    >>> binary_cross_entropy_grad([1, 0], [0.0, 0.0], from_logits=True, reduction="sum").tolist()
    [-0.5, 0.5]
    """
    if from_logits:
        # with e = exp(-z): ((1 - y) - y e)/(1 + e)
        return sigmoid_minus_target(y_pred, y_true)
    return ratio(1 - y_true, 1 - y_pred) - ratio(y_true, y_pred)
