"""Cosine similarity loss: 1 - cos of the angle between the rows."""

import numpy as np
import pytest
import scipy.spatial.distance
from sklearn.metrics.pairwise import paired_cosine_distances

from lossfns import cosine_similarity_loss, cosine_similarity_loss_grad


def random_rows(seed=0, n=50, coordinates=5):
    return np.random.default_rng(seed).normal(size=(2, n, coordinates))


def test_values_worked_by_hand():
    y_true = [[1, 0], [1, 0], [1, 0], [3, 4]]
    y_pred = [[2, 0], [0, 5], [-1, 0], [4, 3]]
    np.testing.assert_allclose(
        cosine_similarity_loss(y_true, y_pred, reduction="none"), [0, 1, 2, 0.04], rtol=1e-14
    )
    assert cosine_similarity_loss(y_true, y_pred) == pytest.approx(0.76, rel=1e-15, abs=0)
    assert cosine_similarity_loss(y_true, y_pred, sample_weight=[1, 0, 1, 0]) == pytest.approx(
        1, rel=1e-15, abs=0
    )


def test_gradient_worked_by_hand():
    y_true, y_pred = [[1, 0], [1, 0], [3, 4]], [[0, 2], [5, 0], [4, 3]]
    expected = [[-0.5, 0], [0, 0], [(0.96 * 0.8 - 0.6) / 5, (0.96 * 0.6 - 0.8) / 5]]
    np.testing.assert_allclose(
        cosine_similarity_loss_grad(y_true, y_pred, reduction="none"),
        expected,
        rtol=1e-14,
        atol=1e-16,
    )


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_zero_vector_has_loss_one_and_no_gradient(dtype):
    y_true = np.array([[0, 0], [1, 2], [0, 0], [-0.0, 0]], dtype)
    y_pred = np.array([[1, 2], [0, 0], [0, 0], [-1, 0]], dtype)
    np.testing.assert_array_equal(cosine_similarity_loss(y_true, y_pred, reduction="none"), 1)
    np.testing.assert_array_equal(cosine_similarity_loss_grad(y_true, y_pred, reduction="none"), 0)


def test_lengths_do_not_matter():
    y_true, y_pred = random_rows()
    expected = cosine_similarity_loss(y_true, y_pred, reduction="none")
    for a, b in ((2.0, 1.0), (1.0, 0.125), (2.0**600, 2.0**-600)):
        found = cosine_similarity_loss(a * y_true, b * y_pred, reduction="none")
        np.testing.assert_allclose(found, expected, rtol=1e-14)
        slopes = cosine_similarity_loss_grad(y_true, y_pred, reduction="none")
        found = cosine_similarity_loss_grad(a * y_true, b * y_pred, reduction="none")
        np.testing.assert_allclose(b * found, slopes, rtol=1e-13, atol=1e-16)


def test_is_symmetric():
    y_true, y_pred = random_rows()
    np.testing.assert_allclose(
        cosine_similarity_loss(y_true, y_pred, reduction="none"),
        cosine_similarity_loss(y_pred, y_true, reduction="none"),
        rtol=1e-14,
    )


def test_turning_one_vector_round_mirrors_the_loss():
    y_true, y_pred = random_rows()
    np.testing.assert_allclose(
        cosine_similarity_loss(y_true, -y_pred, reduction="none"),
        2 - cosine_similarity_loss(y_true, y_pred, reduction="none"),
        rtol=1e-13,
    )


def test_a_common_rotation_changes_nothing():
    y_true, y_pred = random_rows()
    rotation = np.linalg.qr(np.random.default_rng(1).normal(size=(5, 5)))[0]
    np.testing.assert_allclose(
        cosine_similarity_loss(y_true @ rotation, y_pred @ rotation),
        cosine_similarity_loss(y_true, y_pred),
        rtol=1e-14,
    )


def test_gradient_is_at_right_angles_to_the_prediction():
    y_true, y_pred = random_rows()
    gradient = cosine_similarity_loss_grad(y_true, y_pred, reduction="none")
    np.testing.assert_allclose((gradient * y_pred).sum(axis=-1), 0, atol=1e-15)


def test_constant_minimiser_is_the_mean_direction():
    """Gradient descent on one vector finds the mean of the unit vectors, up to its length."""
    rng = np.random.default_rng(0)
    y = rng.normal(loc=[1, 0.5, -1], size=(20, 3)) * rng.uniform(0.1, 10, size=(20, 1))
    mean = (y / np.linalg.norm(y, axis=-1, keepdims=True)).mean(axis=0)
    c = np.array([1.0, 1.0, 1.0])
    for _ in range(500):
        c -= cosine_similarity_loss_grad(y, np.tile(c, (20, 1))).sum(axis=0)
    np.testing.assert_allclose(c / np.linalg.norm(c), mean / np.linalg.norm(mean), atol=1e-9)


def test_stays_between_zero_and_two():
    y_true, y_pred = random_rows(n=20_000, coordinates=7)  # a few would be rounded beyond 2
    for a, b in ((y_true, y_pred), (y_true, y_true), (y_true, -3 * y_true), (y_true, 3 * y_true)):
        values = cosine_similarity_loss(a, b, reduction="none")
        assert values.min() >= 0 and values.max() <= 2


def test_agrees_with_scikit_learn_and_scipy():
    y_true, y_pred = random_rows()
    values = cosine_similarity_loss(y_true, y_pred, reduction="none")
    np.testing.assert_allclose(values, paired_cosine_distances(y_true, y_pred), rtol=1e-13)
    expected = [scipy.spatial.distance.cosine(a, b) for a, b in zip(y_true, y_pred, strict=True)]
    np.testing.assert_allclose(values, expected, rtol=1e-13)


@pytest.mark.parametrize("dtype", [np.int8, np.float16])
def test_long_rows_of_narrow_numbers_are_summed_as_floats(dtype):
    rng = np.random.default_rng(9)
    y_true, y_pred = rng.choice([-100, 100], (2, 1, 20_000)).astype(dtype)  # 100² is no int8
    for function in (cosine_similarity_loss, cosine_similarity_loss_grad):
        expected = function(y_true.astype(float), y_pred.astype(float))
        np.testing.assert_allclose(function(y_true, y_pred), expected, rtol=1e-12)
