"""Hinge: max(0, 1 - yŷ), whose minimiser is the sign of the majority."""

import numpy as np
import pytest
from losses import minimise
from sklearn import metrics

from lossfns import hinge, hinge_grad

Y_TRUE, SCORES = np.array([1, 1, 1, -1, -1, -1]), np.array([2.0, 0.5, -1.0, 2.0, 0.5, -1.0])


def test_values_worked_by_hand():
    np.testing.assert_array_equal(hinge(Y_TRUE, SCORES, reduction="none"), [0, 0.5, 2, 3, 1.5, 0])
    assert hinge(Y_TRUE, SCORES) == 7 / 6
    assert hinge(Y_TRUE, SCORES, reduction="sum") == 7
    assert hinge([1, -1], [0.5, 0.5], sample_weight=[3, 1]) == 3 / 4


def test_gradient_is_minus_the_label_inside_the_margin():
    np.testing.assert_array_equal(
        hinge_grad(Y_TRUE, SCORES, reduction="none"), [0, -1, -1, 1, 1, 0]
    )
    np.testing.assert_array_equal(hinge_grad(Y_TRUE, SCORES, reduction="sum"), [0, -1, -1, 1, 1, 0])


def test_subgradient_at_margin_one_is_zero():
    np.testing.assert_array_equal(hinge_grad([1, -1], [1.0, -1.0]), [0, 0])
    assert hinge([1, -1], [1.0, -1.0]) == 0


def test_sides_of_the_kink():
    inside, outside = np.nextafter(1, 0), np.nextafter(1, 2)
    np.testing.assert_array_equal(hinge_grad([1, 1], [inside, outside], reduction="none"), [-1, 0])
    np.testing.assert_array_equal(
        hinge([1, -1], [inside, -outside], reduction="none"), [1 - inside, 0]
    )


@pytest.mark.parametrize(("positive", "best"), [(7, 1), (3, -1)])
def test_constant_minimiser_is_the_sign_of_the_majority(positive, best):
    y = np.repeat([1.0, -1.0], [positive, 10 - positive])
    assert minimise(lambda c: hinge(y, np.full_like(y, c)), -3, 3) == pytest.approx(best, abs=1e-6)


def test_weights_can_turn_the_majority():
    y, weights = np.array([1.0, 1.0, -1.0]), [1, 1, 3]
    best = minimise(lambda c: hinge(y, np.full_like(y, c), sample_weight=weights), -3, 3)
    assert best == pytest.approx(-1, abs=1e-6)


def test_turning_labels_and_scores_together_changes_nothing():
    y, scores = np.sign(SCORES), np.random.default_rng(0).normal(size=6)
    assert hinge(y, scores) == hinge(-y, -scores)
    np.testing.assert_array_equal(hinge_grad(y, scores), -hinge_grad(-y, -scores))


def test_bounds_the_error_rate_from_above():
    rng = np.random.default_rng(0)
    y, scores = rng.choice([-1, 1], size=100), rng.normal(size=100)
    assert (hinge(y, scores, reduction="none") >= (np.sign(scores) != y)).all()


def test_agrees_with_scikit_learn():
    rng = np.random.default_rng(0)
    y, scores, weights = rng.choice([-1, 1], size=100), rng.normal(size=100), rng.uniform(size=100)
    for w in (None, weights):
        expected = metrics.hinge_loss(y, scores, sample_weight=w)
        assert hinge(y, scores, sample_weight=w) == pytest.approx(expected, rel=1e-14, abs=0)
