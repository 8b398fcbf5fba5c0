"""The network: its gradients, what it learns, and what the reduction does to its steps."""

import numpy as np
import pytest

from lossfns import (
    LOSSES,
    binary_cross_entropy,
    cosine_similarity_loss,
    cross_entropy,
    hinge,
    huber,
    kl_divergence,
    mean_absolute_error,
    mean_squared_error,
)
from losslab.network import Network

LOGITS = {"from_logits": True}


def signs_of_quadrants(n=200):
    """Draw points in four clouds; each has the sign of its quadrant, as in XOR."""
    rng = np.random.default_rng(0)
    centres = rng.choice([-1.0, 1.0], (n, 2))
    return centres + rng.normal(0, 0.3, (n, 2)), centres.prod(axis=1)


X, SIGN = signs_of_quadrants()
YES = (SIGN + 1) / 2
LABEL = YES.astype(int)
ONE_HOT = np.eye(2)[LABEL]

SETTINGS = [
    (mean_squared_error, SIGN, 1, {}),
    (mean_absolute_error, SIGN, 1, {}),
    (huber, SIGN, 1, {"delta": 0.5}),
    (hinge, SIGN, 1, {}),
    (binary_cross_entropy, YES, 1, LOGITS),
    (cross_entropy, LABEL, 2, LOGITS),
    (cross_entropy, ONE_HOT, 2, LOGITS),
    (kl_divergence, ONE_HOT, 2, LOGITS),
    (cosine_similarity_loss, ONE_HOT, 2, {}),
]
every_setting = pytest.mark.parametrize(
    ("loss", "y", "outputs", "options"),
    SETTINGS,
    ids=[f"{s[0].__name__}-{s[1].ndim}d" for s in SETTINGS],
)


def correct(network, y):
    """Return the share of examples on the right side."""
    prediction = network.predict(X)
    if prediction.ndim == 2:
        return np.mean(prediction.argmax(axis=1) == LABEL)
    return np.mean((prediction > 0) == (y > 0))


def slopes_by_differences(network, X, y, loss, h=1e-5, **options):
    slopes = []
    for parameter in network.parameters:
        slope = np.empty_like(parameter)
        for i in np.ndindex(parameter.shape):
            value = parameter[i]
            parameter[i] = value + h
            ahead = loss(y, network.predict(X), **options)
            parameter[i] = value - h
            slope[i] = (ahead - loss(y, network.predict(X), **options)) / (2 * h)
            parameter[i] = value
        slopes.append(slope)
    return slopes


def test_settings_cover_every_loss():
    assert {loss.__name__ for loss, *_ in SETTINGS} == set(LOSSES)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@every_setting
def test_gradients_agree_with_central_differences(loss, y, outputs, options, reduction):
    network, few, options = (
        Network(2, 3, outputs, seed=1),
        slice(0, 7),
        options | {"reduction": reduction},
    )
    gradients = network.gradients(X[few], y[few], loss.grad, **options)
    numeric = slopes_by_differences(network, X[few], y[few], loss, **options)
    for parameter, gradient, slope in zip(network.parameters, gradients, numeric, strict=True):
        assert gradient.shape == parameter.shape
        np.testing.assert_allclose(gradient, slope, rtol=1e-6, atol=1e-8)


@every_setting
def test_learns_what_no_straight_line_can_separate(loss, y, outputs, options):
    network = Network(2, 8, outputs)
    losses = network.fit(X, y, loss, step=0.1, epochs=100, **options)
    assert losses[-1] < losses[0] / 2
    assert correct(network, y) > 0.95


def test_a_straight_line_does_not_separate_it():
    design = np.column_stack([np.ones(len(X)), X])
    line = design @ np.linalg.lstsq(design, SIGN, rcond=None)[0]
    assert np.mean((line > 0) == (SIGN > 0)) < 0.8


def test_with_one_hidden_unit_of_tiny_weights_it_is_the_formula_by_hand():
    network = Network(1, 1)
    for parameter, value in zip(
        network.parameters, ([[0.5]], [-1.0], [[3.0]], [0.25]), strict=True
    ):
        parameter[:] = value
    np.testing.assert_allclose(
        network.predict(np.array([[4.0]])), [3 * np.tanh(1) + 0.25], rtol=1e-15
    )


def test_one_step_on_everything_is_one_step_of_gradient_descent():
    network, stepped = Network(2, 4), Network(2, 4)
    stepped.fit(X, SIGN, mean_squared_error, step=0.1, epochs=1, batch=len(X))
    for before, slope, after in zip(
        network.parameters,
        network.gradients(X, SIGN, mean_squared_error.grad),
        stepped.parameters,
        strict=True,
    ):
        np.testing.assert_allclose(after, before - 0.1 * slope, rtol=1e-12, atol=1e-15)


def test_training_is_reproducible_and_depends_on_the_seeds():
    def trained(start=0, order=0):
        network = Network(2, 4, seed=start)
        return network.fit(X, SIGN, huber, epochs=3, seed=order), network.predict(X)

    for once, again in zip(trained(), trained(), strict=True):
        np.testing.assert_array_equal(once, again)
    assert not np.array_equal(trained()[1], trained(order=1)[1])
    assert not np.array_equal(trained()[1], trained(start=1)[1])


def test_a_sum_needs_a_step_smaller_by_the_size_of_the_batch():
    def trained(step, reduction):
        network = Network(2, 4)
        network.fit(X, SIGN, mean_squared_error, step=step, epochs=5, batch=25, reduction=reduction)
        return network.predict(X)

    np.testing.assert_allclose(trained(0.1 / 25, "sum"), trained(0.1, "mean"), rtol=1e-9)
    assert not np.allclose(trained(0.1, "sum"), trained(0.1, "mean"))


def test_history_holds_the_loss_of_all_examples_before_and_after_each_epoch():
    network = Network(2, 4)
    at_first = binary_cross_entropy(YES, network.predict(X), **LOGITS)
    losses = network.fit(X, YES, binary_cross_entropy, epochs=3, **LOGITS)
    assert losses.shape == (4,)
    assert losses[0] == at_first
    assert losses[-1] == binary_cross_entropy(YES, network.predict(X), **LOGITS)


def test_the_last_batch_may_be_smaller():
    assert np.isfinite(Network(2, 4).fit(X[:33], SIGN[:33], hinge, epochs=2, batch=32)).all()


def test_takes_a_loss_of_your_own_with_its_gradient():
    def quartic(y_true, y_pred):
        return np.mean((y_pred - y_true) ** 4)

    def quartic_grad(y_true, y_pred):
        return 4 * (y_pred - y_true) ** 3 / len(y_true)

    losses = Network(2, 8).fit(X, SIGN, quartic, quartic_grad, step=0.02, epochs=50)
    assert losses[-1] < losses[0] / 4


def test_divergence_shows_in_the_history_without_warnings():
    losses = Network(2, 8).fit(X, SIGN, mean_squared_error, step=5, epochs=200)
    assert np.isfinite(losses[0])
    assert not np.isfinite(losses[-1])


def test_shape_of_predictions():
    assert Network(2, 3).predict(X).shape == (len(X),)
    assert Network(2, 3, 4).predict(X).shape == (len(X), 4)


@pytest.mark.parametrize("wrong", [X[0], X[:, :1], X[None]])
def test_input_of_the_wrong_shape_is_refused(wrong):
    with pytest.raises(ValueError, match=r"X must have shape \(n, 2\), one example a row; found"):
        Network(2, 3).predict(wrong)


def test_targets_of_the_wrong_shape_are_refused_before_training():
    network = Network(2, 3)
    before = network.W1.copy()
    with pytest.raises(ValueError, match=r"found \(200, 1\) and \(200,\)"):
        network.fit(X, SIGN[:, None], mean_squared_error)
    np.testing.assert_array_equal(network.W1, before)
