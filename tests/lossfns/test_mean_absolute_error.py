"""Mean absolute error: |y - ŷ|, whose minimiser is the median."""

import numpy as np
import pytest
from losses import minimise
from sklearn import metrics

from lossfns import mean_absolute_error, mean_absolute_error_grad

Y_TRUE, Y_PRED = np.array([3.0, -0.5, 2.0, 7.0]), np.array([2.5, 0.0, 2.0, 8.0])


def test_values_worked_by_hand():
    assert mean_absolute_error([1, 2, 3], [1, 2, 5]) == pytest.approx(2 / 3)
    assert mean_absolute_error(Y_TRUE, Y_PRED) == 0.5
    assert mean_absolute_error(Y_TRUE, Y_PRED, reduction="sum") == 2
    np.testing.assert_array_equal(
        mean_absolute_error(Y_TRUE, Y_PRED, reduction="none"), [0.5, 0.5, 0, 1]
    )
    assert mean_absolute_error(Y_TRUE, Y_PRED, sample_weight=[1, 1, 0, 2]) == 3 / 4


def test_gradient_is_the_sign_of_the_residual():
    np.testing.assert_array_equal(
        mean_absolute_error_grad(Y_TRUE, Y_PRED, reduction="none"), [-1, 1, 0, 1]
    )
    np.testing.assert_array_equal(mean_absolute_error_grad(Y_TRUE, Y_PRED), [-0.25, 0.25, 0, 0.25])


@pytest.mark.parametrize("y", [0.0, -0.0, 1e-320, 5.0, -1e300])
def test_subgradient_at_the_kink_is_zero(y):
    for dtype in (np.float64, np.float32):
        if np.isfinite(np.float64(y)) and abs(y) < 1e38:
            assert mean_absolute_error_grad(dtype(y), dtype(y)) == 0
    assert mean_absolute_error_grad(0.0, -0.0) == 0


@pytest.mark.parametrize("r", [5e-324, 1e-300, 1e-20])
def test_gradient_is_one_however_small_the_residual(r):
    np.testing.assert_array_equal(
        mean_absolute_error_grad([0.0, r], [r, 0.0], reduction="none"), [1, -1]
    )


def test_constant_minimiser_is_the_median():
    y = np.random.default_rng(0).exponential(size=101)
    best = minimise(lambda c: mean_absolute_error(y, np.full_like(y, c)), y.min(), y.max())
    assert best == pytest.approx(np.median(y), abs=1e-6)
    slopes = mean_absolute_error_grad(y, np.full_like(y, np.median(y)))
    assert slopes.sum() == pytest.approx(0, abs=1e-15)


def test_constant_minimiser_is_the_weighted_median():
    y, weights = np.array([1.0, 2.0, 10.0]), [1, 1, 5]
    best = minimise(
        lambda c: mean_absolute_error(y, np.full_like(y, c), sample_weight=weights), 0, 12
    )
    assert best == pytest.approx(10, abs=1e-6)


def test_even_samples_are_flat_between_the_two_middles():
    y = np.array([1.0, 2.0, 4.0, 9.0])
    values = [mean_absolute_error(y, np.full_like(y, c)) for c in (1.9, 2.0, 3.0, 4.0, 4.1)]
    assert values[1] == values[2] == values[3] < min(values[0], values[4])


def test_swapping_the_arguments_turns_only_the_gradient():
    assert mean_absolute_error(Y_TRUE, Y_PRED) == mean_absolute_error(Y_PRED, Y_TRUE)
    np.testing.assert_array_equal(
        mean_absolute_error_grad(Y_TRUE, Y_PRED), -mean_absolute_error_grad(Y_PRED, Y_TRUE)
    )


def test_units_are_those_of_the_data():
    assert mean_absolute_error(60 * Y_TRUE, 60 * Y_PRED) == 60 * mean_absolute_error(Y_TRUE, Y_PRED)


def test_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    y_true, y_pred, weights = rng.normal(size=100), rng.normal(size=100), rng.uniform(size=100)
    for w in (None, weights):
        assert mean_absolute_error(y_true, y_pred, sample_weight=w) == pytest.approx(
            metrics.mean_absolute_error(y_true, y_pred, sample_weight=w), rel=1e-14, abs=0
        )
