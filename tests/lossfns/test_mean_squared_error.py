"""Mean squared error: (y - ŷ)², whose minimiser is the mean."""

import numpy as np
import pytest
from losses import minimise
from sklearn import metrics

from lossfns import mean_squared_error, mean_squared_error_grad

Y_TRUE, Y_PRED = np.array([3.0, -0.5, 2.0, 7.0]), np.array([2.5, 0.0, 2.0, 8.0])


def test_values_worked_by_hand():
    assert mean_squared_error([1, 2, 3], [1, 2, 5]) == pytest.approx(4 / 3)
    assert mean_squared_error(Y_TRUE, Y_PRED) == 0.375
    assert mean_squared_error(Y_TRUE, Y_PRED, reduction="sum") == 1.5
    np.testing.assert_array_equal(
        mean_squared_error(Y_TRUE, Y_PRED, reduction="none"), [0.25, 0.25, 0, 1]
    )
    assert mean_squared_error(Y_TRUE, Y_PRED, sample_weight=[1, 1, 0, 2]) == 2.5 / 4


def test_gradient_worked_by_hand():
    np.testing.assert_array_equal(
        mean_squared_error_grad(Y_TRUE, Y_PRED, reduction="sum"), [-1, 1, 0, 2]
    )
    np.testing.assert_array_equal(mean_squared_error_grad(Y_TRUE, Y_PRED), [-0.25, 0.25, 0, 0.5])
    np.testing.assert_array_equal(
        mean_squared_error_grad(Y_TRUE, Y_PRED, sample_weight=[1, 1, 0, 2]), [-0.25, 0.25, 0, 1]
    )


def test_constant_minimiser_is_the_mean():
    y = np.random.default_rng(0).exponential(size=101)
    weights = np.random.default_rng(1).uniform(size=101)
    best = minimise(lambda c: mean_squared_error(y, np.full_like(y, c)), y.min(), y.max())
    assert best == pytest.approx(y.mean(), abs=1e-6)
    best = minimise(
        lambda c: mean_squared_error(y, np.full_like(y, c), sample_weight=weights), y.min(), y.max()
    )
    assert best == pytest.approx(np.average(y, weights=weights), abs=1e-6)
    slopes = mean_squared_error_grad(y, np.full_like(y, y.mean()))
    assert slopes.sum() == pytest.approx(0, abs=1e-14)


def test_swapping_the_arguments_turns_only_the_gradient():
    assert mean_squared_error(Y_TRUE, Y_PRED) == mean_squared_error(Y_PRED, Y_TRUE)
    np.testing.assert_array_equal(
        mean_squared_error_grad(Y_TRUE, Y_PRED), -mean_squared_error_grad(Y_PRED, Y_TRUE)
    )


def test_a_perfect_prediction_has_no_loss_and_no_gradient():
    assert mean_squared_error(Y_TRUE, Y_TRUE) == 0
    assert not mean_squared_error_grad(Y_TRUE, Y_TRUE).any()


def test_units_are_squared():
    assert mean_squared_error(60 * Y_TRUE, 60 * Y_PRED) == pytest.approx(
        3600 * mean_squared_error(Y_TRUE, Y_PRED)
    )


def test_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    y_true, y_pred, weights = rng.normal(size=100), rng.normal(size=100), rng.uniform(size=100)
    for w in (None, weights):
        assert mean_squared_error(y_true, y_pred, sample_weight=w) == pytest.approx(
            metrics.mean_squared_error(y_true, y_pred, sample_weight=w), rel=1e-14, abs=0
        )


def test_gradient_of_a_few_elements_is_the_formula_to_the_last_digit():
    r = np.random.default_rng(8).normal(size=49)
    np.testing.assert_array_equal(mean_squared_error_grad(np.zeros(49), r), 2 * r / 49)
