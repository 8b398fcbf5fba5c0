"""Edge cases in which well-known libraries are wrong or differ: ours are the exact values."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.metrics.pairwise import paired_cosine_distances

import lossfns
from lossfns import (
    binary_cross_entropy,
    binary_cross_entropy_grad,
    cosine_similarity_loss,
    cross_entropy,
    cross_entropy_grad,
    hinge,
    huber,
    kl_divergence,
    mean_absolute_error_grad,
    mean_squared_error,
)


def test_cosine_of_a_zero_vector_is_one():
    """SciPy and optax give NaN, scikit-learn's paired distance 0.5."""
    assert cosine_similarity_loss([[0.0, 0.0]], [[1.0, 2.0]]) == 1
    assert paired_cosine_distances([[0.0, 0.0]], [[1.0, 2.0]]) != 1


def test_cosine_of_huge_vectors_keeps_its_value():
    """0.29…, where PyTorch, Keras, optax and SciPy give 1 and scikit-learn 0.5."""
    y_true, y_pred = [[1e200, 0.0]], [[1e200, 1e200]]
    assert cosine_similarity_loss(y_true, y_pred) == pytest.approx(
        1 - 1 / np.sqrt(2), rel=1e-15, abs=0
    )
    with np.errstate(all="ignore"):
        assert paired_cosine_distances(y_true, y_pred) != pytest.approx(0.29, abs=0.01)


def test_certain_and_wrong_costs_infinitely_much():
    """scikit-learn gives 36.04, PyTorch 100, Keras 16.12."""
    assert binary_cross_entropy([1.0], [0.0]) == np.inf
    assert metrics.log_loss([1], [0.0], labels=[0, 1]) == pytest.approx(36.04, abs=0.01)


def test_a_probability_of_one_and_a_half_is_refused():
    """Keras clips it silently."""
    with pytest.raises(ValueError, match=r"1\.5"):
        binary_cross_entropy([1.0], [1.5])


def test_rows_that_do_not_sum_to_one_are_refused():
    """PyTorch is silent, scikit-learn warns, Keras renormalises."""
    with pytest.raises(ValueError, match="sum"):
        cross_entropy([0], [[0.5, 0.1]])


def test_kl_is_infinite_where_only_q_is_zero_and_defined_where_both_are():
    """PyTorch and optax give NaN for the latter, Keras 7.71 for the former."""
    assert kl_divergence([[1.0, 0.0]], [[0.0, 1.0]]) == np.inf
    assert kl_divergence([[1.0, 0.0]], [[1.0, 0.0]]) == 0


def test_hinge_refuses_labels_zero_and_one():
    """Keras maps them; optax is silently wrong; scikit-learn is wrong for a batch of one class."""
    with pytest.raises(ValueError, match="y_true"):
        hinge([0, 1], [0.3, 0.4])
    assert hinge([1, 1], [0.3, 0.4]) == pytest.approx(0.65)


@pytest.mark.parametrize("name", [n for n, f in lossfns.LOSSES.items() if n != "cross_entropy"])
def test_a_column_is_never_broadcast_against_a_row(name):
    """Others return an (n, n) loss, warn or squeeze."""
    loss = lossfns.LOSSES[name]
    with pytest.raises(ValueError, match=r"\(3,\).*\(3, 1\)"):
        loss(np.ones(3), np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"\(3, 1\).*\(3,\)"):
        loss(np.ones((3, 1)), np.ones(3))


def test_unsigned_bytes_do_not_wrap():
    """Keras and SciPy give 1."""
    assert mean_squared_error(np.array([0], np.uint8), np.array([255], np.uint8)) == 65025


@pytest.mark.parametrize("delta", [0, -1])
def test_huber_refuses_a_delta_that_is_no_threshold(delta):
    """scikit-learn, Keras and optax return 0 and a negative loss; SciPy returns 0 and inf."""
    with pytest.raises(ValueError, match="delta"):
        huber([0.0], [3.0], delta=delta)


def test_slope_of_the_absolute_error_at_zero_is_zero():
    """scikit-learn takes -1, optax +1."""
    assert mean_absolute_error_grad([2.0], [2.0]) == 0


@pytest.mark.parametrize("label", [3, -1])
@pytest.mark.parametrize("from_logits", [False, True])
def test_class_labels_outside_are_refused(label, from_logits):
    """optax gives NaN or wraps around; Keras may give 0."""
    for function in (cross_entropy, cross_entropy_grad):
        with pytest.raises(ValueError, match=str(label)):
            function([label], [[0.5, 0.25, 0.25]], from_logits=from_logits)


def test_binary_tail_gradient_survives_a_logit_of_forty():
    """PyTorch gives 0."""
    gradient = binary_cross_entropy_grad([1.0], [40.0], from_logits=True)
    assert gradient == pytest.approx(-np.exp(-40), rel=1e-15, abs=0)


def test_near_perfect_logits_keep_their_loss_and_gradient():
    """PyTorch, Keras and optax give 0."""
    value = cross_entropy([0], [[40.0, 0, 0]], from_logits=True)
    assert value == pytest.approx(2 * np.exp(-40), rel=1e-14, abs=0)
    gradient = cross_entropy_grad([0], [[40.0, 0, 0]], from_logits=True)
    np.testing.assert_allclose(gradient, np.exp(-40) * np.array([[-2, 1, 1]]), rtol=1e-14)


def test_weighted_mean_divides_by_the_weights():
    """Keras divides by the number of examples."""
    assert mean_squared_error([0.0, 0.0], [1.0, 3.0], sample_weight=[3, 1]) == 3
