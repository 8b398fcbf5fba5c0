"""The same losses in the libraries people use, each as it is called there.

A function here takes the inputs of a case and returns two calls without arguments, for the value
and for the gradient, or None where the library has no such thing. Conversions are not timed.
"""

import numpy as np


def torch(case, y, p):
    """PyTorch; a gradient needs the forward pass as well."""
    import torch
    from torch.nn import functional as F  # noqa: N812

    y, p = torch.from_numpy(y), torch.from_numpy(p)
    value = {
        "mean_squared_error": lambda p: F.mse_loss(p, y),
        "mean_absolute_error": lambda p: F.l1_loss(p, y),
        "huber": lambda p: F.huber_loss(p, y),
        "hinge": lambda p: torch.clamp(1 - y * p, min=0).mean(),
        "binary_cross_entropy": lambda p: F.binary_cross_entropy(p, y),
        "binary_cross_entropy_logits": lambda p: F.binary_cross_entropy_with_logits(p, y),
        "cross_entropy_labels_logits": lambda p: F.cross_entropy(p, y),
        "cross_entropy_logits": lambda p: F.cross_entropy(p, y),
        "cross_entropy": lambda p: -(y * p.log()).sum(-1).mean(),
        "kl_divergence": lambda p: F.kl_div(p.log(), y, reduction="batchmean"),
        "kl_divergence_logits": lambda p: F.kl_div(F.log_softmax(p, -1), y, reduction="batchmean"),
        "cosine_similarity_loss": lambda p: (1 - F.cosine_similarity(p, y, dim=-1)).mean(),
    }[case.name]
    leaf = p.clone().requires_grad_()

    def gradient():
        return torch.autograd.grad(value(leaf), leaf)[0]

    def without_gradient():
        with torch.no_grad():
            return value(p)

    return without_gradient, gradient


def optax(case, y, p):
    """Optax, compiled by JAX before the clock starts."""
    import jax
    import jax.numpy as jnp
    import optax

    jax.config.update("jax_enable_x64", val=True)
    formula = {
        "mean_squared_error": lambda p, y: optax.squared_error(p, y).mean(),
        "mean_absolute_error": lambda p, y: jnp.abs(p - y).mean(),
        "huber": lambda p, y: optax.huber_loss(p, y).mean(),
        "hinge": lambda p, y: optax.hinge_loss(p, y).mean(),
        "binary_cross_entropy_logits": lambda p, y: optax.sigmoid_binary_cross_entropy(p, y).mean(),
        "cross_entropy_labels_logits": lambda p, y: optax.softmax_cross_entropy_with_integer_labels(
            p, y
        ).mean(),
        "cross_entropy_logits": lambda p, y: optax.softmax_cross_entropy(p, y).mean(),
        "kl_divergence": lambda p, y: optax.kl_divergence(jnp.log(p), y).mean(),
        "kl_divergence_logits": lambda p, y: optax.kl_divergence(jax.nn.log_softmax(p), y).mean(),
        "cosine_similarity_loss": lambda p, y: optax.cosine_distance(p, y).mean(),
    }.get(case.name)
    if formula is None:
        return None, None
    y, p = jnp.asarray(y), jnp.asarray(p)
    value, gradient = jax.jit(formula), jax.jit(jax.grad(formula))
    return (lambda: value(p, y).block_until_ready()), (lambda: gradient(p, y).block_until_ready())


def sklearn(case, y, p):
    """scikit-learn's metrics, and SciPy's functions where it has none; they know no gradients."""
    from scipy import special
    from sklearn import metrics
    from sklearn.metrics.pairwise import paired_cosine_distances

    value = {
        "mean_squared_error": lambda: metrics.mean_squared_error(y, p),
        "mean_absolute_error": lambda: metrics.mean_absolute_error(y, p),
        "huber": lambda: special.huber(1, p - y).mean(),
        "hinge": lambda: metrics.hinge_loss(y, p),
        "binary_cross_entropy": lambda: metrics.log_loss(y, p),
        "kl_divergence": lambda: special.rel_entr(y, p).sum(axis=-1).mean(),
        "cosine_similarity_loss": lambda: np.mean(paired_cosine_distances(y, p)),
    }.get(case.name)
    return value, None
