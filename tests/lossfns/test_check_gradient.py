"""The gradient check: right gradients pass, wrong ones are shown next to the numeric values."""

import contextlib
import inspect

import numpy as np
import pytest
from losses import BY_NAME, REDUCTIONS, draw_weights, every_case, numbers_in

from lossfns import (
    binary_cross_entropy,
    check_gradient,
    cosine_similarity_loss,
    cross_entropy,
    hinge,
    hinge_grad,
    huber,
    huber_grad,
    kl_divergence,
    mean_absolute_error,
    mean_squared_error,
    mean_squared_error_grad,
)

Y_TRUE, Y_PRED = np.array([1.0, -2.0, 0.5]), np.array([2.0, 1.0, 0.25])


def half_squared(y_true, y_pred):
    """A student's loss."""
    return np.sum((np.asarray(y_pred) - y_true) ** 2) / 2


@every_case
def test_right_gradients_pass(case):
    for shape in ((), (4,), (2, 3)):
        y_true, y_pred = case.draw(shape, seed=1)
        for reduction in REDUCTIONS:
            worst = check_gradient(case.loss, y_true, y_pred, reduction=reduction, **case.kwargs)
            assert isinstance(worst, float) and 0 <= worst <= 1e-6
        weights = draw_weights(shape)
        assert (
            check_gradient(case.loss, y_true, y_pred, sample_weight=weights, **case.kwargs) <= 1e-6
        )


WRONG = {
    "sign": lambda g, y, p: -g,
    "factor": lambda g, y, p: g / 2,
    "offset": lambda g, y, p: g + 1e-3,
    "one entry": lambda g, y, p: g + np.eye(1, g.size, 1).reshape(g.shape) * 1e-2,
    "nan": lambda g, y, p: g * np.nan,
    "infinite": lambda g, y, p: np.full_like(g, np.inf),
    "zero": lambda g, y, p: 0 * g,
}


@every_case
@pytest.mark.parametrize("spoil", WRONG.values(), ids=WRONG)
def test_wrong_gradients_are_refused(case, spoil):
    y_true, y_pred = case.draw((4,), seed=2)
    if case.name == "hinge":
        y_pred = 0.5 * y_true  # inside the margin
    options = {**case.kwargs, "reduction": "sum"}
    gradient = case.loss.grad(y_true, y_pred, **options)
    with pytest.raises(AssertionError):
        check_gradient(
            case.loss, y_true, y_pred, gradient=lambda y, p, **_: spoil(gradient, y, p), **options
        )


def test_failure_shows_analytic_and_numeric_values_side_by_side():
    with pytest.raises(AssertionError) as caught:
        check_gradient(
            mean_squared_error,
            Y_TRUE,
            Y_PRED,
            reduction="sum",
            gradient=lambda y, p, **_: np.array([2.0, 7.0, -0.5]),
        )
    message = str(caught.value)
    assert "analytic" in message and "numeric" in message
    row = next(line for line in message.splitlines() if 7 in numbers_in(line))
    assert 1 in numbers_in(row) and any(abs(number - 6) < 1e-5 for number in numbers_in(row))


@pytest.mark.parametrize("factor", [1 / 4, 4])
@pytest.mark.parametrize("sign", [1, -1])
def test_failure_counts_the_wrong_entries_and_measures_by_the_larger_value(sign, factor):
    y_pred = sign * np.array([1.0, 2.0, 3.0])
    gradient = 2 * y_pred
    gradient[1] *= factor
    with pytest.raises(AssertionError, match="1 of 3") as caught:
        check_gradient(
            mean_squared_error,
            np.zeros(3),
            y_pred,
            gradient=lambda y, p, **_: gradient,
            reduction="sum",
        )
    row = next(
        line
        for line in str(caught.value).splitlines()
        if sign * 4 * factor in numbers_in(line)[1:2]
    )
    assert any(abs(number - 0.75) < 1e-5 for number in numbers_in(row))


def test_the_worst_relative_error_is_returned():
    gradient = np.array([2.0, 4.0 * (1 + 5e-7), 6.0])
    worst = check_gradient(
        mean_squared_error,
        np.zeros(3),
        [1.0, 2.0, 3.0],
        gradient=lambda y, p, **_: gradient,
        reduction="sum",
    )
    assert worst == pytest.approx(5e-7, rel=1e-2, abs=0)


@every_case
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_a_large_example_does_not_hide_an_error_in_a_small_one(case, reduction):
    """Of 1e12 in all, a difference resolves no change of a small loss; of its own it does."""
    y_true, y_pred = case.draw((4,), seed=2)
    if case.name == "hinge":
        y_pred = 0.5 * y_true
    options = {**case.kwargs, "reduction": reduction, "sample_weight": [1e12, 1, 1, 1]}
    assert check_gradient(case.loss, y_true, y_pred, **options) <= 1e-6
    gradient = case.loss.grad(y_true, y_pred, **options)
    gradient[2] *= 1.001
    with pytest.raises(AssertionError, match=f"{np.count_nonzero(gradient[2])} of"):
        check_gradient(case.loss, y_true, y_pred, gradient=lambda y, p, **_: gradient, **options)


def test_table_names_entries_of_rows_by_both_indices():
    y_true, y_pred = BY_NAME["cosine_similarity_loss"].draw((3,))
    gradient = cosine_similarity_loss.grad(y_true, y_pred)
    gradient[2, 1] += 5
    with pytest.raises(AssertionError, match="2, 1"):
        check_gradient(cosine_similarity_loss, y_true, y_pred, gradient=lambda y, p: gradient)


def test_a_long_table_stays_short_and_holds_the_worst():
    n = 200
    y_pred = np.linspace(1, 2, n)
    gradient = 2 * y_pred
    gradient[150] = -1000
    gradient[:100] += 0.1
    with pytest.raises(AssertionError) as caught:
        check_gradient(
            mean_squared_error,
            np.zeros(n),
            y_pred,
            reduction="sum",
            gradient=lambda y, p, **_: gradient,
        )
    message = str(caught.value)
    assert len(message.splitlines()) == 12  # how many are wrong, a heading, the ten worst
    assert -1000 in numbers_in(message)


@pytest.mark.parametrize("shape", [(), (2,), (3, 1), (1, 3)], ids=str)
def test_gradients_of_another_shape_are_refused(shape):
    with pytest.raises((AssertionError, ValueError)) as caught:
        check_gradient(mean_squared_error, Y_TRUE, Y_PRED, gradient=lambda y, p: np.ones(shape))
    assert str(shape) in str(caught.value) and "(3,)" in str(caught.value)


def test_signature():
    parameters = inspect.signature(check_gradient).parameters
    assert list(parameters) == ["loss", "y_true", "y_pred", "gradient", "kwargs"]
    assert parameters["gradient"].kind is inspect.Parameter.KEYWORD_ONLY


# Your own loss and gradient.


def test_students_may_test_their_own():
    assert check_gradient(half_squared, Y_TRUE, Y_PRED, gradient=lambda y, p: p - y) <= 1e-6
    with pytest.raises(AssertionError):
        check_gradient(half_squared, Y_TRUE, Y_PRED, gradient=lambda y, p: y - p)
    mine = lambda y, p, delta: np.clip(p - y, -delta, delta) / 3  # noqa: E731
    assert check_gradient(huber, Y_TRUE, Y_PRED, gradient=mine, delta=0.75) <= 1e-6


def test_a_loss_without_gradient_asks_for_one():
    with pytest.raises((TypeError, ValueError), match=r"^half_squared\b.*gradient"):
        check_gradient(half_squared, Y_TRUE, Y_PRED)


def test_keyword_arguments_reach_both_functions():
    seen = []

    def loss(y_true, y_pred, *, factor):
        seen.append(("loss", factor))
        return factor * half_squared(y_true, y_pred)

    def gradient(y_true, y_pred, *, factor):
        seen.append(("gradient", factor))
        return factor * (y_pred - y_true)

    assert check_gradient(loss, Y_TRUE, Y_PRED, gradient=gradient, factor=3) <= 1e-6
    assert set(seen) == {("loss", 3), ("gradient", 3)}


def test_bad_input_is_refused_as_the_loss_refuses_it():
    with pytest.raises(ValueError, match="delta"):
        check_gradient(huber, Y_TRUE, Y_PRED, delta=-1)
    with pytest.raises(ValueError, match=r"\(2,\)"):
        check_gradient(huber, Y_TRUE[:2], Y_PRED)
    with pytest.raises(TypeError, match=r"\by_pred\b"):
        check_gradient(huber, Y_TRUE, Y_PRED.astype(complex))
    with pytest.raises(TypeError, match=r"\by_true\b"):
        check_gradient(huber, Y_TRUE.astype(complex), Y_PRED)


# Precision.


def test_everything_is_computed_in_float64():
    dtypes = set()

    def loss(y_true, y_pred):
        dtypes.add(y_pred.dtype)
        return half_squared(y_true, y_pred)

    single = Y_TRUE.astype(np.float32), Y_PRED.astype(np.float32)
    assert check_gradient(loss, *single, gradient=lambda y, p: p - y) <= 1e-8
    assert dtypes == {np.dtype(np.float64)}
    assert check_gradient(mean_squared_error, *single) <= 1e-8
    assert check_gradient(mean_squared_error, [1, 2], [3, 5]) <= 1e-8


def test_inputs_stay_unchanged():
    before = Y_TRUE.copy(), Y_PRED.copy()

    def vandal(y_true, y_pred):
        result = y_pred - y_true
        y_pred[...] = 0
        return result

    check_gradient(mean_squared_error, Y_TRUE, Y_PRED)
    assert check_gradient(half_squared, Y_TRUE, Y_PRED, gradient=vandal) <= 1e-6
    np.testing.assert_array_equal((Y_TRUE, Y_PRED), before)


@pytest.mark.parametrize("scale", [1e-6, 1e-2, 1e3, 1e8, 1e20])
def test_steps_grow_with_the_prediction(scale):
    """h = 1e-5 max(1, |x|): a fixed step would be lost beside a prediction of 1e20."""
    assert check_gradient(mean_squared_error, scale * Y_TRUE, scale * Y_PRED) <= 1e-6


@pytest.mark.parametrize("x", [0.3, 50.0])
def test_step_is_the_promised_one(x):
    seen = set()

    def loss(y_true, y_pred):
        seen.update(np.abs(y_pred - x).tolist())
        return half_squared(y_true, y_pred)

    check_gradient(loss, [0.0], [x], gradient=lambda y, p: p - y)
    assert max(seen) == pytest.approx(1e-5 * max(1, x), rel=1e-4, abs=0)


@pytest.mark.parametrize("p", [0.3, 5e-3, 1e-3, 1e-6, 1e-9, 1 - 1e-3, 1 - 1e-6])
def test_steps_shrink_near_zero_and_one(p):
    """1/p is so steep there that a step of 1e-5 would call a right gradient wrong."""
    assert check_gradient(binary_cross_entropy, [1.0, 0.0, 0.5], [p, p, p]) <= 1e-6
    for loss in (cross_entropy, kl_divergence):
        assert check_gradient(loss, [[0.5, 0.5], [1.0, 0.0]], [[p, 1 - p]] * 2) <= 1e-6


@pytest.mark.parametrize("length", [1e-2, 1e-3, 1e-4])
def test_steps_shrink_with_short_vectors(length):
    y_pred = length * np.array([[0.8, 0.6]])
    assert check_gradient(cosine_similarity_loss, [[1.0, 2.0]], y_pred) <= 1e-6


# Kinks and edges.

KINKS = [
    (mean_absolute_error, [1.0, 2.0], [3.0, 2.0], {}),
    (mean_absolute_error, [1.0, 2.0], [3.0, 2.0 + 1e-9], {}),
    (mean_absolute_error, [1e6], [1e6 + 1], {}),
    (hinge, [1, 1], [0.0, 1.0], {}),
    (hinge, [-1, 1], [-1.0, 0.0], {}),
    (hinge, [1.0], [1 + 1e-8], {}),
    (binary_cross_entropy, [1.0, 0.0], [0.5, 0.0], {}),
    (binary_cross_entropy, [1.0, 0.0], [1.0, 0.5], {}),
    (cross_entropy, [0], [[1.0, 0.0]], {}),
    (cross_entropy, [[0.5, 0.5]], [[0.0, 1.0]], {}),
    (kl_divergence, [[0.5, 0.5]], [[1.0, 0.0]], {}),
    (cosine_similarity_loss, [[1.0, 2.0]], [[0.0, 0.0]], {}),
]


def name(value):
    """The same in every process, where a function's repr is not."""
    return getattr(value, "__name__", str(value))


@pytest.mark.parametrize(("loss", "y_true", "y_pred", "options"), KINKS, ids=name)
def test_kinks_and_edges_are_refused(loss, y_true, y_pred, options):
    with pytest.raises(ValueError, match="y_pred"):
        check_gradient(loss, y_true, y_pred, **options)


def test_a_corner_is_near_within_two_steps():
    """A central difference reaches one step to either side."""
    with pytest.raises(ValueError, match="corner"):
        check_gradient(mean_absolute_error, [0.0], [1.5e-5])
    assert check_gradient(mean_absolute_error, [0.0], [2.5e-5]) <= 1e-6


def test_the_place_of_the_kink_is_named():
    with pytest.raises(ValueError, match=r"y_pred\[1\] = 2"):
        check_gradient(mean_absolute_error, [1.0, 2.0, 4.0], [3.0, 2.0, 5.0])
    with pytest.raises(ValueError, match=r"y_pred = 2"):
        check_gradient(mean_absolute_error, 2.0, 2.0)
    with pytest.raises(ValueError, match="y_pred") as caught:
        check_gradient(cosine_similarity_loss, np.ones((3, 2)), [[1, 2.0], [0, 0], [3, 4]])
    assert 1 in numbers_in(str(caught.value))


def test_kinks_of_one_loss_are_no_kinks_of_another():
    assert check_gradient(mean_squared_error, Y_TRUE, Y_TRUE) <= 1e-6
    assert check_gradient(huber, Y_TRUE, Y_TRUE) <= 1e-6
    assert check_gradient(binary_cross_entropy, [0.0, 1.0], [0.0, 1.0], from_logits=True) <= 1e-6
    assert check_gradient(cross_entropy, [0], [[0.0, 1.0]], from_logits=True) <= 1e-6
    assert check_gradient(hinge, [1, -1], [-1.0, 1.0]) <= 1e-6


def test_the_right_gradient_is_not_called_wrong_where_the_curvature_jumps():
    """At |r| = δ a central difference is off by h/4."""
    with contextlib.suppress(ValueError):
        assert check_gradient(huber, [0.0, 0.0], [1.0, -1.0]) <= 1e-5


def test_gradients_may_be_passed_by_name():
    assert check_gradient(hinge, [1, 1], [0.0, 3.0], gradient=hinge_grad) <= 1e-6
    assert (
        check_gradient(mean_squared_error, Y_TRUE, Y_PRED, gradient=mean_squared_error_grad) <= 1e-6
    )
    with pytest.raises(AssertionError):
        check_gradient(mean_squared_error, Y_TRUE, Y_PRED, gradient=huber_grad)
