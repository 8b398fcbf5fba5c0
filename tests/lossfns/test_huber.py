"""Huber: ½r² inside ±δ, δ(|r| - ½δ) outside."""

import numpy as np
import pytest
import scipy.special
from losses import minimise

from lossfns import (
    huber,
    huber_grad,
    mean_absolute_error,
    mean_squared_error,
    mean_squared_error_grad,
)

RESIDUALS = np.array([0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0])
ZEROS = np.zeros_like(RESIDUALS)


def test_values_worked_by_hand():
    np.testing.assert_array_equal(
        huber(ZEROS, RESIDUALS, reduction="none"), [0, 0.125, 0.125, 0.5, 0.5, 2.5, 2.5]
    )
    assert huber(0, 3, delta=2) == 4
    assert huber(ZEROS, RESIDUALS, reduction="sum") == 6.25
    assert huber([0, 0], [0.5, 3], sample_weight=[4, 1]) == 3 / 5


def test_gradient_is_the_clipped_residual():
    np.testing.assert_array_equal(
        huber_grad(ZEROS, RESIDUALS, reduction="none"), [0, 0.5, -0.5, 1, -1, 1, -1]
    )
    np.testing.assert_array_equal(
        huber_grad(ZEROS, RESIDUALS, delta=2, reduction="sum"), [0, 0.5, -0.5, 1, -1, 2, -2]
    )


@pytest.mark.parametrize("delta", [0.1, 1.0, 7.5, 1e100])
def test_value_and_slope_join_at_delta(delta):
    around = delta * np.array([1 - 1e-12, 1, 1 + 1e-12])
    for r in (around, -around):
        np.testing.assert_allclose(
            huber(np.zeros(3), r, delta=delta, reduction="none"), delta / 2 * delta, rtol=1e-11
        )
        np.testing.assert_allclose(
            huber_grad(np.zeros(3), r, delta=delta, reduction="none"),
            np.sign(r) * delta,
            rtol=1e-11,
        )


@pytest.mark.parametrize("delta", [0.3, 1.345])
def test_constant_minimiser_solves_the_estimating_equation(delta):
    """Huber's M-estimate: Σ ψ(y - c) = 0 with ψ the residual clipped to ±δ."""
    y = np.random.default_rng(0).standard_t(2, size=101)
    best = minimise(lambda c: huber(y, np.full_like(y, c), delta=delta), -5, 5)
    assert np.clip(y - best, -delta, delta).sum() == pytest.approx(0, abs=1e-4)
    assert huber_grad(
        y, np.full_like(y, best), delta=delta, reduction="sum"
    ).sum() == pytest.approx(0, abs=1e-4)


def test_is_half_the_squared_error_for_large_delta():
    y_true, y_pred = np.random.default_rng(0).normal(size=(2, 50))
    assert huber(y_true, y_pred, delta=100) == pytest.approx(
        mean_squared_error(y_true, y_pred) / 2, rel=1e-14, abs=0
    )
    np.testing.assert_allclose(
        huber_grad(y_true, y_pred, delta=100),
        mean_squared_error_grad(y_true, y_pred) / 2,
        rtol=1e-14,
    )


def test_is_delta_times_the_absolute_error_for_small_delta():
    y_true, y_pred = np.random.default_rng(0).normal(size=(2, 50))
    assert huber(y_true, y_pred, delta=1e-9) / 1e-9 == pytest.approx(
        mean_absolute_error(y_true, y_pred), rel=1e-8, abs=0
    )


def test_scales_with_the_units():
    """In other units, with delta converted too, the loss is that of squared units."""
    y_true, y_pred = np.random.default_rng(0).normal(size=(2, 50))
    assert huber(60 * y_true, 60 * y_pred, delta=60) == pytest.approx(
        3600 * huber(y_true, y_pred), rel=1e-14, abs=0
    )


def test_agrees_with_scipy():
    y_true, y_pred = np.random.default_rng(0).normal(size=(2, 100), scale=3)
    for delta in (0.1, 1.0, 4.0):
        np.testing.assert_allclose(
            huber(y_true, y_pred, delta=delta, reduction="none"),
            scipy.special.huber(delta, y_pred - y_true),
            rtol=1e-13,
        )
