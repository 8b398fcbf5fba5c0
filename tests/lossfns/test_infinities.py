"""NaN and ±inf in, the right ones out, without a warning."""

import numpy as np
import pytest
from losses import BY_NAME, CASES, bounded_arguments

NAN, INF = np.nan, np.inf


def both(name, y_true, y_pred, **kwargs):
    """Value and gradient of one example, element or row."""
    case = BY_NAME[name]
    return (
        case.value(y_true, y_pred, reduction="none", **kwargs),
        case.gradient(y_true, y_pred, reduction="none", **kwargs),
    )


@pytest.mark.parametrize(
    ("case", "argument"),
    [(c, a) for c in CASES for a in ("y_true", "y_pred") if a == "y_pred" or not c.has_labels],
    ids=str,
)
def test_nan_makes_its_example_nan_and_no_other(case, argument):
    for dtype, n, place in ((np.float64, 6, 2), (np.float32, 6, 0), (np.float64, 40_000, 35_001)):
        y_true, y_pred = case.draw((n,), classes=3, dtype=dtype)
        values, slopes = (
            case.value(y_true, y_pred, reduction="none"),
            case.gradient(y_true, y_pred, reduction="none"),
        )
        for coordinate in range(3 if case.rows else 1):
            changed = {"y_true": y_true, "y_pred": y_pred}
            changed[argument] = changed[argument].copy()
            changed[argument][(place, coordinate) if case.rows else place] = NAN
            values[place] = slopes[place] = NAN
            np.testing.assert_array_equal(case.value(**changed, reduction="none"), values)
            np.testing.assert_array_equal(case.gradient(**changed, reduction="none"), slopes)
            assert np.isnan(case.value(**changed)) and np.isnan(
                case.value(**changed, reduction="sum")
            )
            np.testing.assert_allclose(case.gradient(**changed), slopes / n, rtol=1e-6)


NAN_ON_A_FLAT_SIDE = [
    ("hinge", NAN, 5.0),
    ("hinge", 1.0, NAN),
    ("huber", 0.0, NAN),
    ("mean_absolute_error", NAN, 0.0),
    ("binary_cross_entropy", 0.0, NAN),
    ("binary_cross_entropy", NAN, 0.0),
    ("binary_cross_entropy", NAN, 1.0),
    ("binary_cross_entropy-logits", NAN, INF),
    ("binary_cross_entropy-logits", 0.0, NAN),
    ("cross_entropy", [1.0, 0.0], [1.0, NAN]),
    ("cross_entropy", [NAN, 1.0], [0.0, 1.0]),
    ("cross_entropy-labels", 0, [1.0, NAN]),
    ("cross_entropy-logits", [1.0, 0.0], [INF, NAN]),
    ("cross_entropy-logits", [NAN, 1.0], [-INF, 0.0]),
    ("cross_entropy-labels-logits", 0, [INF, NAN]),
    ("cross_entropy-labels-logits", 0, [0.0, NAN]),
    ("kl_divergence", [1.0, 0.0], [1.0, NAN]),
    ("kl_divergence", [NAN, 1.0], [0.0, 1.0]),
    ("kl_divergence-logits", [0.0, 1.0], [NAN, INF]),
    ("kl_divergence-logits", [NAN, 1.0], [-INF, 0.0]),
    ("cosine_similarity_loss", [0.0, 0.0], [NAN, 1.0]),
    ("cosine_similarity_loss", [0.0, NAN], [0.0, 0.0]),
    ("cosine_similarity_loss", [1.0, 0.0], [1.0, NAN]),
]


@pytest.mark.parametrize(("name", "y_true", "y_pred"), NAN_ON_A_FLAT_SIDE, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=lambda t: t.__name__)
def test_nan_comes_out_even_where_the_loss_is_flat(name, y_true, y_pred, dtype):
    if not BY_NAME[name].has_labels:
        y_true = np.asarray(y_true, dtype)
    value, gradient = both(name, y_true, np.asarray(y_pred, dtype))
    assert np.isnan(value) and np.isnan(gradient).all()


@bounded_arguments
def test_nan_does_not_hide_a_value_outside_the_domain(case, argument, domain):
    arguments = dict(zip(["y_true", "y_pred"], case.draw((3,)), strict=True))
    if argument == "y_pred" or not case.has_labels:
        arguments[argument].flat[0] = NAN
    arguments[argument].flat[1] = domain.outside[0]
    for function in (case.value, case.gradient):
        with pytest.raises(ValueError, match=argument):
            function(**arguments)


INFINITIES = [  # loss, y_true, y_pred, value, gradient
    ("mean_squared_error", 0.0, INF, INF, INF),
    ("mean_squared_error", 0.0, -INF, INF, -INF),
    ("mean_squared_error", INF, 0.0, INF, -INF),
    ("mean_squared_error", INF, INF, NAN, NAN),
    ("mean_squared_error", -INF, INF, INF, INF),
    ("mean_absolute_error", 0.0, INF, INF, 1),
    ("mean_absolute_error", INF, 0.0, INF, -1),
    ("mean_absolute_error", -INF, -INF, NAN, NAN),
    ("huber", 0.0, INF, INF, 1),
    ("huber", INF, 0.0, INF, -1),
    ("huber", INF, INF, NAN, NAN),
    ("huber-delta", 0.0, -INF, INF, -2.5),
    ("hinge", 1.0, INF, 0, 0),
    ("hinge", 1.0, -INF, INF, -1),
    ("hinge", -1.0, INF, INF, 1),
    ("hinge", -1.0, -INF, 0, 0),
    ("binary_cross_entropy", 0.0, 0.0, 0, 1),
    ("binary_cross_entropy", 1.0, 1.0, 0, -1),
    ("binary_cross_entropy", 1.0, 0.0, INF, -INF),
    ("binary_cross_entropy", 0.0, 1.0, INF, INF),
    ("binary_cross_entropy", 0.5, 0.0, INF, -INF),
    ("binary_cross_entropy", 0.5, 1.0, INF, INF),
    ("binary_cross_entropy-logits", 0.0, -INF, 0, 0),
    ("binary_cross_entropy-logits", 1.0, INF, 0, 0),
    ("binary_cross_entropy-logits", 1.0, -INF, INF, -1),
    ("binary_cross_entropy-logits", 0.0, INF, INF, 1),
    ("binary_cross_entropy-logits", 0.25, -INF, INF, -0.25),
    ("binary_cross_entropy-logits", 0.25, INF, INF, 0.75),
    ("cross_entropy", [1, 0, 0], [0, 0.5, 0.5], INF, [-INF, 0, 0]),
    ("cross_entropy", [1, 0, 0], [1, 0, 0], 0, [-1, 0, 0]),
    ("cross_entropy", [0.5, 0.5, 0], [1, 0, 0], INF, [-0.5, -INF, 0]),
    ("cross_entropy-labels", 1, [1, 0, 0], INF, [0, -INF, 0]),
    ("cross_entropy-labels", 0, [1, 0, 0], 0, [-1, 0, 0]),
    ("cross_entropy-logits", [1, 0], [0.0, -INF], 0, [0, 0]),
    ("cross_entropy-logits", [0, 1], [0.0, -INF], INF, [1, -1]),
    ("cross_entropy-logits", [0.25, 0.75], [0.0, -INF], INF, [0.75, -0.75]),
    ("cross_entropy-logits", [1, 0, 0], [0.0, 0.0, -INF], np.log(2), [-0.5, 0.5, 0]),
    ("cross_entropy-logits", [1, 0], [INF, 0.0], 0, [0, 0]),
    ("cross_entropy-logits", [0, 1], [INF, 0.0], INF, [1, -1]),
    ("cross_entropy-logits", [1, 0, 0], [INF, -INF, 0.0], 0, [0, 0, 0]),
    ("cross_entropy-logits", [0, 1, 0], [INF, -INF, 0.0], INF, [1, -1, 0]),
    ("cross_entropy-logits", [1, 0], [INF, INF], NAN, [NAN, NAN]),
    ("cross_entropy-logits", [0, 0, 1], [INF, INF, 0.0], NAN, [NAN, NAN, NAN]),
    ("cross_entropy-logits", [1, 0], [-INF, -INF], NAN, [NAN, NAN]),
    ("cross_entropy-labels-logits", 0, [0.0, -INF], 0, [0, 0]),
    ("cross_entropy-labels-logits", 1, [0.0, -INF], INF, [1, -1]),
    ("cross_entropy-labels-logits", 0, [INF, 0.0], 0, [0, 0]),
    ("cross_entropy-labels-logits", 1, [INF, 0.0], INF, [1, -1]),
    ("cross_entropy-labels-logits", 0, [INF, INF], NAN, [NAN, NAN]),
    ("cross_entropy-labels-logits", 2, [INF, INF, 0.0], NAN, [NAN, NAN, NAN]),
    ("cross_entropy-labels-logits", 0, [-INF, -INF], NAN, [NAN, NAN]),
    ("cross_entropy-labels-logits", 0, [-INF], NAN, [NAN]),
    ("cross_entropy-labels-logits", 0, [INF], 0, [0]),
    ("kl_divergence", [1, 0], [1, 0], 0, [-1, 0]),
    ("kl_divergence", [0.5, 0.5], [1, 0], INF, [-0.5, -INF]),
    ("kl_divergence", [0, 1], [0.5, 0.5], np.log(2), [0, -2]),
    ("kl_divergence-logits", [1, 0], [0.0, -INF], 0, [0, 0]),
    ("kl_divergence-logits", [0.5, 0.5], [0.0, -INF], INF, [0.5, -0.5]),
    ("kl_divergence-logits", [0.5, 0.5], [INF, 0.0], INF, [0.5, -0.5]),
    ("kl_divergence-logits", [1, 0], [INF, 0.0], 0, [0, 0]),
    ("kl_divergence-logits", [0.5, 0.5], [INF, INF], NAN, [NAN, NAN]),
    ("kl_divergence-logits", [0.5, 0.5], [-INF, -INF], NAN, [NAN, NAN]),
]


@pytest.mark.parametrize(("name", "y_true", "y_pred", "value", "gradient"), INFINITIES, ids=str)
@pytest.mark.parametrize("dtype", [np.float64, np.float32], ids=lambda t: t.__name__)
def test_infinities_and_zeros(name, y_true, y_pred, value, gradient, dtype):
    if not BY_NAME[name].has_labels:
        y_true = np.asarray(y_true, dtype)
    found, slope = both(name, y_true, np.asarray(y_pred, dtype))
    np.testing.assert_allclose(found, value, rtol=1e-6 if dtype == np.float32 else 1e-15)
    np.testing.assert_allclose(slope, gradient, rtol=1e-6 if dtype == np.float32 else 1e-15)


@pytest.mark.parametrize(("name", "y_true", "y_pred", "value", "gradient"), INFINITIES, ids=str)
def test_an_infinite_example_does_not_touch_its_neighbours(name, y_true, y_pred, value, gradient):
    case = BY_NAME[name]
    few = case.draw((4,), classes=np.size(y_pred))
    y_trues, y_preds = few[0].copy(), few[1].copy()
    y_trues[2], y_preds[2] = y_true, y_pred
    for function in (case.value, case.gradient):
        found = function(y_trues, y_preds, reduction="none")
        expected = function(*few, reduction="none")
        kept = [0, 1, 3]
        np.testing.assert_allclose(found[kept], expected[kept], rtol=1e-15)
    found = case.value(y_trues, y_preds)
    assert np.isnan(found) if np.isnan(value) else np.isinf(found) == np.isinf(value)


@pytest.mark.parametrize("row", [[INF, 1.0], [-INF, 1.0], [INF, INF], [0.0, -INF]], ids=str)
def test_a_vector_with_an_infinite_coordinate_has_no_direction(row):
    for y_true, y_pred in ((row, [1.0, 2.0]), ([1.0, 2.0], row)):
        value, gradient = both("cosine_similarity_loss", y_true, y_pred)
        assert np.isnan(value) and np.isnan(gradient).all()


@pytest.mark.parametrize("weights", [(1e-300, 1), (1, 1), (1e300, 1), (1e-20, 1e308)], ids=str)
def test_infinity_outlives_its_weight(weights):
    for reduction in ("mean", "sum"):
        assert (
            BY_NAME["hinge"].value(
                [1.0, 1.0], [-INF, 2.0], sample_weight=weights, reduction=reduction
            )
            == INF
        )


def test_sums_beyond_the_largest_float_are_infinite():
    n = 100_000  # several blocks, each beyond it already
    y_true, y_pred = np.zeros(n), np.full(n, 1.2e154)
    assert BY_NAME["mean_squared_error"].value(y_true, y_pred, reduction="sum") == INF
    assert BY_NAME["mean_absolute_error"].value(y_true, np.full(n, 1e305), reduction="sum") == INF
    assert BY_NAME["mean_squared_error"].value(y_true, np.full(n, 1e200)) == INF
    single = np.zeros(3, np.float32), np.full(3, 3e38, np.float32)
    assert BY_NAME["mean_absolute_error"].value(*single, reduction="sum") == INF
    assert BY_NAME["mean_squared_error"].value(*single) == INF
