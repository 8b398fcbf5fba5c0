"""KL divergence: Σ p log(p / q), with P = y_true and Q = y_pred."""

import numpy as np
import pytest
import scipy.special
import scipy.stats
from losses import minimise

from lossfns import cross_entropy, cross_entropy_grad, kl_divergence, kl_divergence_grad

LOG2 = np.log(2)


def random_rows(seed=0, n=50, classes=5):
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(classes), size=n), rng.dirichlet(np.ones(classes), size=n)


def test_values_worked_by_hand():
    p, q = [[0.5, 0.5], [0.5, 0.5], [1, 0]], [[0.25, 0.75], [0.5, 0.5], [0.5, 0.5]]
    expected = [LOG2 - 0.5 * np.log(3), 0, LOG2]
    np.testing.assert_allclose(kl_divergence(p, q, reduction="none"), expected, rtol=1e-14)


def test_gradient_worked_by_hand():
    gradient = kl_divergence_grad([[0.5, 0.5, 0]], [[0.25, 0.25, 0.5]])
    np.testing.assert_array_equal(gradient, [[-2, -2, 0]])


def test_logits_worked_by_hand():
    z = np.log([[1.0, 3]])
    assert kl_divergence([[0.5, 0.5]], z, from_logits=True) == pytest.approx(
        LOG2 - 0.5 * np.log(3), rel=1e-14, abs=0
    )
    np.testing.assert_allclose(
        kl_divergence_grad([[0.5, 0.5]], z, from_logits=True), [[-0.25, 0.25]], rtol=1e-15
    )


def test_zero_terms_vanish():
    assert kl_divergence([[0, 1]], [[0, 1]]) == 0
    assert kl_divergence([[0, 1]], [[0.5, 0.5]]) == pytest.approx(LOG2, rel=1e-15, abs=0)
    np.testing.assert_array_equal(kl_divergence_grad([[0, 1]], [[0, 1]]), [[0, -1]])


def test_is_infinite_where_q_excludes_what_p_holds():
    assert kl_divergence([[0.5, 0.5]], [[0, 1]]) == np.inf
    np.testing.assert_array_equal(kl_divergence_grad([[0.5, 0.5]], [[0, 1]]), [[-np.inf, -0.5]])


def test_is_cross_entropy_less_entropy():
    p, q = random_rows()
    expected = cross_entropy(p, q, reduction="none") - cross_entropy(p, p, reduction="none")
    np.testing.assert_allclose(kl_divergence(p, q, reduction="none"), expected, rtol=1e-12)
    np.testing.assert_array_equal(kl_divergence_grad(p, q), cross_entropy_grad(p, q))
    z = np.log(q) + 3
    np.testing.assert_allclose(
        kl_divergence(p, z, from_logits=True, reduction="none"), expected, rtol=1e-12
    )
    np.testing.assert_allclose(
        kl_divergence_grad(p, z, from_logits=True),
        cross_entropy_grad(p, z, from_logits=True),
        rtol=1e-13,
        atol=1e-17,
    )


def test_is_not_symmetric():
    p, q = [[0.5, 0.5]], [[0.25, 0.75]]
    assert kl_divergence(p, q) != pytest.approx(kl_divergence(q, p), rel=1e-3, abs=0)


def test_is_zero_for_equal_rows_and_positive_for_others():
    p, q = random_rows()
    assert (kl_divergence(p, p, reduction="none") == 0).all()
    assert (kl_divergence(p, q, reduction="none") > 0).all()


def test_shifting_the_logits_changes_nothing():
    p, _ = random_rows()
    z = np.round(np.random.default_rng(1).normal(size=p.shape) * 64) / 64
    for shift in (1.0, -100.0, 2.0**20):
        for function in (kl_divergence, kl_divergence_grad):
            np.testing.assert_allclose(
                function(p, z + shift, from_logits=True),
                function(p, z, from_logits=True),
                rtol=1e-12,
                atol=1e-16,
            )


def test_logits_of_the_target_itself_have_next_to_no_loss():
    p, _ = random_rows()
    values = kl_divergence(p, np.log(p), from_logits=True, reduction="none")
    np.testing.assert_allclose(values, 0, atol=1e-15)


def test_constant_minimiser_is_the_mean_of_the_rows():
    p, _ = random_rows(classes=3)
    mean = p.mean(axis=0)
    for direction in np.array([[1, -1, 0], [0, 1, -1], [1, 1, -2]]) * 0.1:
        best = minimise(
            lambda t, along=direction: kl_divergence(p, np.tile(mean + t * along, (50, 1))), -1, 1
        )
        assert best == pytest.approx(0, abs=1e-6)
    z = np.zeros(3)
    for _ in range(300):
        z -= 2 * kl_divergence_grad(p, np.tile(z, (50, 1)), from_logits=True).sum(axis=0)
    np.testing.assert_allclose(scipy.special.softmax(z), mean, atol=1e-9)


def test_agrees_with_scipy():
    p, q = random_rows()
    np.testing.assert_allclose(
        kl_divergence(p, q, reduction="none"), scipy.special.rel_entr(p, q).sum(axis=-1), rtol=1e-12
    )
    np.testing.assert_allclose(
        kl_divergence(p, q, reduction="none"), scipy.stats.entropy(p, q, axis=-1), rtol=1e-12
    )
