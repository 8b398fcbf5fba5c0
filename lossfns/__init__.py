"""Eight loss functions and their gradients in NumPy.

Every loss is called as ``loss(y_true, y_pred, *, reduction="mean", sample_weight=None)``, some with
a parameter more; its gradient with respect to ``y_pred`` is ``loss.grad``, or ``…_grad`` by name.
"""

from lossfns._gradient_check import check_gradient
from lossfns.binary_cross_entropy import binary_cross_entropy, binary_cross_entropy_grad
from lossfns.cosine_similarity_loss import cosine_similarity_loss, cosine_similarity_loss_grad
from lossfns.cross_entropy import cross_entropy, cross_entropy_grad
from lossfns.hinge import hinge, hinge_grad
from lossfns.huber import huber, huber_grad
from lossfns.kl_divergence import kl_divergence, kl_divergence_grad
from lossfns.mean_absolute_error import mean_absolute_error, mean_absolute_error_grad
from lossfns.mean_squared_error import mean_squared_error, mean_squared_error_grad

LOSSES = {
    loss.__name__: loss
    for loss in (
        mean_squared_error,
        mean_absolute_error,
        cross_entropy,
        binary_cross_entropy,
        hinge,
        huber,
        kl_divergence,
        cosine_similarity_loss,
    )
}
"""The eight losses by name, in the order of the course."""

__all__ = [
    "LOSSES",
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "check_gradient",
    "cosine_similarity_loss",
    "cosine_similarity_loss_grad",
    "cross_entropy",
    "cross_entropy_grad",
    "hinge",
    "hinge_grad",
    "huber",
    "huber_grad",
    "kl_divergence",
    "kl_divergence_grad",
    "mean_absolute_error",
    "mean_absolute_error_grad",
    "mean_squared_error",
    "mean_squared_error_grad",
]
