"""Binary cross-entropy: -y log p - (1 - y) log(1 - p)."""

import numpy as np
import pytest
from losses import minimise
from scipy.special import expit, logit
from sklearn import metrics

from lossfns import (
    binary_cross_entropy,
    binary_cross_entropy_grad,
    cross_entropy,
    cross_entropy_grad,
)

LOG2, LOG4 = np.log(2), np.log(4)


def test_values_worked_by_hand():
    y_true, p = [1, 0, 1, 0.5], [0.5, 0.5, 0.25, 0.25]
    expected = [LOG2, LOG2, LOG4, 0.5 * LOG4 - 0.5 * np.log(0.75)]
    np.testing.assert_allclose(
        binary_cross_entropy(y_true, p, reduction="none"), expected, rtol=1e-15
    )
    assert binary_cross_entropy([1, 1], [0.5, 0.25]) == pytest.approx(1.5 * LOG2, rel=1e-15, abs=0)
    assert binary_cross_entropy([1, 1], [0.5, 0.25], sample_weight=[3, 1]) == pytest.approx(
        1.25 * LOG2, rel=1e-15, abs=0
    )


def test_gradient_worked_by_hand():
    np.testing.assert_allclose(
        binary_cross_entropy_grad([1, 0, 0.5, 0.25], [0.5, 0.75, 0.5, 0.5], reduction="none"),
        [-2, 4, 0, 1],
        rtol=1e-15,
    )


def test_logits_worked_by_hand():
    z = np.log([1, 3, 1 / 3])  # p = 1/2, 3/4, 1/4
    expected = [LOG2, -np.log(0.75), LOG4]
    np.testing.assert_allclose(
        binary_cross_entropy([1, 1, 1], z, from_logits=True, reduction="none"), expected, rtol=1e-14
    )
    gradient = binary_cross_entropy_grad([1, 0, 0.25], z, from_logits=True, reduction="none")
    np.testing.assert_allclose(gradient, [-0.5, 0.75, 0], atol=1e-15)


def test_logits_and_probabilities_agree():
    rng = np.random.default_rng(0)
    y, z = rng.uniform(size=50), rng.normal(size=50)
    p = expit(z)
    np.testing.assert_allclose(
        binary_cross_entropy(y, z, from_logits=True, reduction="none"),
        binary_cross_entropy(y, p, reduction="none"),
        rtol=1e-13,
    )
    chain = binary_cross_entropy_grad(y, p, reduction="none") * p * (1 - p)
    gradient = binary_cross_entropy_grad(y, z, from_logits=True, reduction="none")
    np.testing.assert_allclose(gradient, chain, rtol=1e-12, atol=1e-15)


def test_constant_minimiser_is_the_frequency():
    y = np.repeat([1.0, 0.0], [3, 7])
    best = minimise(lambda p: binary_cross_entropy(y, np.full_like(y, p)), 1e-9, 1 - 1e-9)
    assert best == pytest.approx(0.3, abs=1e-6)
    best = minimise(lambda z: binary_cross_entropy(y, np.full_like(y, z), from_logits=True), -9, 9)
    assert best == pytest.approx(logit(0.3), abs=1e-6)
    assert binary_cross_entropy_grad(y, np.full_like(y, 0.3)).sum() == pytest.approx(0, abs=1e-14)


def test_constant_minimiser_is_the_mean_of_soft_targets():
    y = np.random.default_rng(0).uniform(size=50)
    best = minimise(lambda p: binary_cross_entropy(y, np.full_like(y, p)), 1e-9, 1 - 1e-9)
    assert best == pytest.approx(y.mean(), abs=1e-6)


def test_exchanging_the_classes_changes_nothing():
    """p ↔ 1 - p with y ↔ 1 - y, here in multiples of 1/64, so that 1 - p is exact."""
    y, p = np.random.default_rng(0).integers(1, 64, size=(2, 50)) / 64
    np.testing.assert_allclose(
        binary_cross_entropy(y, p, reduction="none"),
        binary_cross_entropy(1 - y, 1 - p, reduction="none"),
        rtol=1e-14,
    )
    np.testing.assert_allclose(
        binary_cross_entropy_grad(y, p), -binary_cross_entropy_grad(1 - y, 1 - p), rtol=1e-13
    )


def test_is_cross_entropy_of_two_classes():
    y, p = np.random.default_rng(0).integers(1, 64, size=(2, 50)) / 64
    rows = np.stack([1 - y, y], axis=-1), np.stack([1 - p, p], axis=-1)
    np.testing.assert_allclose(
        binary_cross_entropy(y, p, reduction="none"),
        cross_entropy(*rows, reduction="none"),
        rtol=1e-14,
    )
    slopes = cross_entropy_grad(*rows, reduction="none")
    np.testing.assert_allclose(
        binary_cross_entropy_grad(y, p, reduction="none"),
        slopes[:, 1] - slopes[:, 0],
        rtol=1e-13,
        atol=1e-14,
    )


def test_conventions_at_zero_and_one():
    np.testing.assert_array_equal(binary_cross_entropy([0, 1], [0, 1], reduction="none"), [0, 0])
    np.testing.assert_array_equal(
        binary_cross_entropy_grad([0, 1], [0, 1], reduction="none"), [1, -1]
    )
    np.testing.assert_array_equal(
        binary_cross_entropy([1, 0], [0, 1], reduction="none"), [np.inf, np.inf]
    )
    np.testing.assert_array_equal(
        binary_cross_entropy_grad([1, 0], [0, 1], reduction="none"), [-np.inf, np.inf]
    )


def test_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    y, p, weights = rng.integers(2, size=100), rng.uniform(size=100), rng.uniform(size=100)
    for w in (None, weights):
        expected = metrics.log_loss(y, p, sample_weight=w)
        assert binary_cross_entropy(y, p, sample_weight=w) == pytest.approx(
            expected, rel=1e-13, abs=0
        )
