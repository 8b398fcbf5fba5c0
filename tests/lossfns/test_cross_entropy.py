"""Cross-entropy: -Σ y log p over the classes, from rows or labels, probabilities or logits."""

import numpy as np
import pytest
from losses import minimise
from scipy.special import log_softmax, softmax
from sklearn import metrics

from lossfns import cross_entropy, cross_entropy_grad

LOG2, LOG4 = np.log(2), np.log(4)
P = np.array([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]])


def test_values_worked_by_hand():
    np.testing.assert_allclose(cross_entropy([0, 0], P, reduction="none"), [LOG2, LOG4], rtol=1e-15)
    np.testing.assert_allclose(
        cross_entropy([[1, 0, 0], [0, 0.5, 0.5]], P, reduction="none"),
        [LOG2, 1.5 * LOG2],
        rtol=1e-15,
    )
    assert cross_entropy([0, 0], P) == pytest.approx(1.5 * LOG2, rel=1e-15, abs=0)
    assert cross_entropy([0, 0], P, sample_weight=[3, 1]) == pytest.approx(
        1.25 * LOG2, rel=1e-15, abs=0
    )
    assert cross_entropy(0, P[0]) == pytest.approx(LOG2, rel=1e-15, abs=0)


def test_gradient_worked_by_hand():
    np.testing.assert_array_equal(
        cross_entropy_grad([0, 2], P, reduction="none"), [[-2, 0, 0], [0, 0, -4]]
    )
    np.testing.assert_array_equal(cross_entropy_grad([0, 2], P), [[-1, 0, 0], [0, 0, -2]])
    np.testing.assert_array_equal(cross_entropy_grad([[0.5, 0.5, 0]], P[:1]), [[-1, -2, 0]])


def test_logits_worked_by_hand():
    z = np.log([[2.0, 1, 1]])  # p = 1/2, 1/4, 1/4
    assert cross_entropy([1], z, from_logits=True) == pytest.approx(LOG4, rel=1e-15, abs=0)
    np.testing.assert_allclose(
        cross_entropy_grad([1], z, from_logits=True), [[0.5, -0.75, 0.25]], rtol=1e-15
    )
    np.testing.assert_allclose(
        cross_entropy_grad([[0.5, 0.25, 0.25]], z, from_logits=True), np.zeros((1, 3)), atol=1e-16
    )


def random_rows(seed=0, n=50, classes=5):
    rng = np.random.default_rng(seed)
    return (
        rng.dirichlet(np.ones(classes), size=n),
        rng.normal(size=(n, classes)),
        rng.integers(classes, size=n),
    )


def test_labels_are_one_hot_rows():
    _, z, labels = random_rows()
    hot = np.eye(5)[labels]
    for y_pred, from_logits in ((softmax(z, axis=-1), False), (z, True)):
        for function in (cross_entropy, cross_entropy_grad):
            np.testing.assert_allclose(
                function(labels, y_pred, from_logits=from_logits),
                function(hot, y_pred, from_logits=from_logits),
                rtol=1e-13,
            )


def test_logits_and_probabilities_agree():
    y, z, _ = random_rows()
    p = softmax(z, axis=-1)
    np.testing.assert_allclose(
        cross_entropy(y, z, from_logits=True, reduction="none"),
        cross_entropy(y, p, reduction="none"),
        rtol=1e-13,
    )
    slopes = cross_entropy_grad(y, p, reduction="none")
    chain = p * (slopes - (p * slopes).sum(axis=-1, keepdims=True))
    np.testing.assert_allclose(
        cross_entropy_grad(y, z, from_logits=True, reduction="none"), chain, rtol=1e-11, atol=1e-15
    )


def test_shifting_the_logits_changes_nothing():
    y, z, labels = random_rows()
    z = np.round(z * 64) / 64  # so that the shift is exact
    for y_true in (y, labels):
        for function in (cross_entropy, cross_entropy_grad):
            expected = function(y_true, z, from_logits=True)
            for shift in (1.0, -100.0, 2.0**20):
                np.testing.assert_allclose(
                    function(y_true, z + shift, from_logits=True), expected, rtol=1e-13
                )


def test_gradient_in_the_logits_sums_to_zero():
    y, z, labels = random_rows()
    for y_true in (y, labels):
        np.testing.assert_allclose(
            cross_entropy_grad(y_true, z, from_logits=True).sum(axis=-1), 0, atol=1e-16
        )


def test_reordering_the_classes_changes_nothing():
    y, z, labels = random_rows()
    order = np.array([3, 1, 4, 0, 2])
    expected = cross_entropy(y, z, from_logits=True)
    assert cross_entropy(y[:, order], z[:, order], from_logits=True) == pytest.approx(
        expected, rel=1e-14, abs=0
    )
    expected = cross_entropy(labels, z, from_logits=True)
    assert cross_entropy(np.argsort(order)[labels], z[:, order], from_logits=True) == pytest.approx(
        expected, rel=1e-14, abs=0
    )


FREQUENCIES = np.array([0.2, 0.5, 0.3])
LABELS = np.repeat([0, 1, 2], [2, 5, 3])


def test_constant_minimiser_is_the_class_frequencies():
    """Gradient descent on one row of logits, shared by all examples."""
    z = np.array([2.0, -1.0, 0.5])
    for _ in range(300):
        z -= 2 * cross_entropy_grad(LABELS, np.tile(z, (10, 1)), from_logits=True).sum(axis=0)
    np.testing.assert_allclose(softmax(z), FREQUENCIES, atol=1e-9)


def test_constant_minimiser_over_probabilities():
    """Along every direction inside the simplex the minimum is at the frequencies."""
    for direction in np.array([[1, -1, 0], [0, 1, -1], [1, 1, -2]]) * 0.09:
        best = minimise(
            lambda t, along=direction: cross_entropy(
                LABELS, np.tile(FREQUENCIES + t * along, (10, 1))
            ),
            -1,
            1,
        )
        assert best == pytest.approx(0, abs=1e-6)
    slope = cross_entropy_grad(LABELS, np.tile(FREQUENCIES, (10, 1))).sum(axis=0)
    np.testing.assert_allclose(slope, slope[0], rtol=1e-14)  # normal to the simplex


def test_is_at_least_the_entropy_of_the_target():
    y, z, _ = random_rows()
    entropy = cross_entropy(y, y, reduction="none")
    assert (cross_entropy(y, z, from_logits=True, reduction="none") > entropy).all()


def test_more_than_two_axes_put_the_classes_last():
    _, z, labels = random_rows(n=24)
    flat = cross_entropy(labels, z, from_logits=True, reduction="none")
    found = cross_entropy(
        labels.reshape(2, 3, 4), z.reshape(2, 3, 4, 5), from_logits=True, reduction="none"
    )
    np.testing.assert_array_equal(found, flat.reshape(2, 3, 4))


def test_agrees_with_scikit_learn_and_scipy():
    _, z, labels = random_rows(n=100)
    weights = np.random.default_rng(1).uniform(size=100)
    p = softmax(z, axis=-1)
    for w in (None, weights):
        expected = metrics.log_loss(labels, p, sample_weight=w)
        assert cross_entropy(labels, p, sample_weight=w) == pytest.approx(
            expected, rel=1e-13, abs=0
        )
    expected = -np.take_along_axis(log_softmax(z, axis=-1), labels[:, None], axis=-1).mean()
    assert cross_entropy(labels, z, from_logits=True) == pytest.approx(expected, rel=1e-13, abs=0)


@pytest.mark.parametrize("rare", [1e-9, 1e-18])
def test_gradient_of_the_largest_logit_keeps_the_digits_of_rare_classes(rare):
    """σ(60) - (1 - rare) = rare - e⁻⁶⁰, however close to 1 both are."""
    _, slope = cross_entropy_grad([rare, 1 - rare], [0.0, 60.0], from_logits=True)
    assert slope == pytest.approx(rare - np.exp(-60), rel=1e-15, abs=0)


@pytest.mark.parametrize("soft", [False, True])
def test_gradient_among_many_equal_logits_is_one_part_each(soft):
    n = 999
    y_true = np.eye(n)[7] if soft else 7
    gradient = cross_entropy_grad(y_true, np.zeros(n), from_logits=True)
    np.testing.assert_allclose(np.delete(gradient, 7), 1 / n, rtol=4e-16)
    assert gradient[7] == pytest.approx(1 / n - 1, rel=4e-16, abs=0)


def test_a_long_row_of_logits_whose_label_has_the_largest():
    z = np.zeros((2, 20_000))
    z[0, 7] = z[1, 9] = 3
    expected = np.log1p(19_999 * np.exp(-3))
    one_hot = np.eye(1, 20_000, 9)
    for labels, logits in (([7, 9], z), (one_hot, z[1:])):
        found = cross_entropy(labels, logits, from_logits=True, reduction="none")
        np.testing.assert_allclose(found, expected, rtol=1e-14)
