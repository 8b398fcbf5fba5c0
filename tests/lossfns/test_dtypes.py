"""Which precision goes in, and which comes out."""

import numpy as np
import pytest
from losses import (
    BY_NAME,
    CASES,
    REDUCTIONS,
    draw_weights,
    every_case,
    every_reduction,
    label_cases,
    row_cases,
)

FLOATS = HALF, SINGLE, DOUBLE = [np.dtype(code) for code in "efd"]


def results(case, y_true, y_pred, **kwargs):
    for reduction in REDUCTIONS:
        for function in (case.value, case.gradient):
            result = function(y_true, y_pred, reduction=reduction, **kwargs)
            assert isinstance(result, np.ndarray | np.generic)
            yield result


@every_case
@pytest.mark.parametrize("shape", [(), (6,), (20_000,)], ids=str)
def test_float32_if_and_only_if_both_are(case, shape):
    y_true, y_pred = case.draw(shape)
    for true in [y_true.dtype] if case.has_labels else FLOATS:
        for pred in FLOATS:
            single = pred == SINGLE and (case.has_labels or true == SINGLE)
            for result in results(case, y_true.astype(true), y_pred.astype(pred)):
                assert result.dtype == (SINGLE if single else DOUBLE)


@every_case
@pytest.mark.parametrize("shape", [(), (6,)], ids=str)
def test_weights_never_promote(case, shape):
    for weight in (np.float16, np.float32, np.float64, np.int64, np.uint8, bool):
        for dtype in (SINGLE, DOUBLE):
            for result in results(
                case, *case.draw(shape, dtype=dtype), sample_weight=np.ones(shape, weight)
            ):
                assert result.dtype == dtype


@every_case
def test_weights_keep_their_own_precision(case):
    """A float32 loss is rounded once, after weighting in float64."""
    y_true, y_pred = case.draw((2,), dtype=SINGLE)
    weights = np.array([1e60, 3e60])  # beyond float32
    value, gradient = case.exact(y_true, y_pred, sample_weight=weights)
    assert case.value(y_true, y_pred, sample_weight=weights) == pytest.approx(
        value, rel=5e-7, abs=1e-7
    )
    np.testing.assert_allclose(
        case.gradient(y_true, y_pred, sample_weight=weights), gradient, rtol=1e-6, atol=1e-7
    )


@every_case
@pytest.mark.parametrize(("dtype", "tiny"), [("e", 1e-7), ("f", 1e-44)])
@pytest.mark.parametrize("n", [6, 40_000])
def test_weights_are_added_up_in_float64(case, dtype, tiny, n):
    """The smallest of a type, and many small ones beside a large one."""
    y_true, y_pred = case.draw((n,))
    smallest = np.full(n, tiny, dtype)
    mixed = np.full(n, 0.37, dtype)
    mixed[0] = 60_000
    for weights in (smallest, mixed):
        found = results(case, y_true, y_pred, sample_weight=weights)
        exact = results(case, y_true, y_pred, sample_weight=weights.astype(float))
        for one, other in zip(found, exact, strict=True):
            np.testing.assert_array_equal(one, other)


@every_case
@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", ">f8"])
def test_byte_order_is_not_precision(case, dtype):
    y_true, y_pred = case.draw((6,))
    y_pred = y_pred.astype(dtype)
    if not case.has_labels:
        y_true = y_true.astype(dtype)
    for result in results(case, y_true, y_pred):
        assert result.dtype == dtype[1:] and result.dtype.isnative


@label_cases
@pytest.mark.parametrize("code", [*"bBhHiIlLqQ", ">i4"])
def test_class_labels_may_be_any_integer(case, code):
    y_true, y_pred = case.draw((6,))
    single = y_pred.astype(SINGLE)
    for function in (case.value, case.gradient):
        assert np.array_equal(function(y_true.astype(code), y_pred), function(y_true, y_pred))
        assert function(y_true.astype(code), single).dtype == SINGLE


INTEGERS = {  # valid for the domain, and small enough for every integer type
    "real": [0, 1, 1, 0],
    "probability": [0, 1, 1, 0],
    "sign": [1, 1, 1, 1],
    "distribution": [[0, 1, 0], [1, 0, 0]],
    "class": [1, 0],
}


@every_case
@pytest.mark.parametrize(
    "dtype", [bool, np.uint8, np.int8, np.uint64, np.int64, np.float16], ids=lambda t: t.__name__
)
def test_integers_booleans_and_float16_become_float64(case, dtype):
    y_true, y_pred = np.array(INTEGERS[case.true.name]), np.array(INTEGERS[case.pred.name])
    if case.rows and case.pred.name == "real":
        y_pred = np.array(INTEGERS["distribution"])
    if case.rows and case.true.name == "real":
        y_true = np.array(INTEGERS["distribution"])
    narrow = y_true if case.has_labels else y_true.astype(dtype), y_pred.astype(dtype)
    wide = y_true if case.has_labels else y_true.astype(float), y_pred.astype(float)
    for found, expected in zip(results(case, *narrow), results(case, *wide), strict=True):
        assert found.dtype == DOUBLE
        np.testing.assert_array_equal(found, expected)
    mixed = narrow[0], y_pred.astype(SINGLE)
    for found in results(case, *mixed):
        assert found.dtype == (SINGLE if case.has_labels else DOUBLE)


@every_case
@every_reduction
def test_lists_are_arrays(case, reduction):
    y_true, y_pred = case.draw((2, 3))
    weights = draw_weights((2, 3))
    for function in (case.value, case.gradient):
        found = function(
            y_true.tolist(), y_pred.tolist(), reduction=reduction, sample_weight=weights.tolist()
        )
        expected = function(y_true, y_pred, reduction=reduction, sample_weight=weights)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["mean_squared_error", "mean_absolute_error", "huber", "hinge"])
def test_unsigned_integers_do_not_wrap(name):
    case = BY_NAME[name]
    y_true, y_pred = np.array([1], np.uint8), np.array([255], np.uint8)
    for function in (case.value, case.gradient):
        assert function(y_true, y_pred) == function(y_true.astype(float), y_pred.astype(float))
    if name != "hinge":
        low, high = np.array([-128], np.int8), np.array([127], np.int8)
        assert case.value(low, high) == case.value([-128.0], [127.0])


@pytest.mark.parametrize("case", CASES, ids=str)
def test_float32_values_are_rounded_to_float32_precision(case):
    y_true, y_pred = case.draw((20,), dtype=SINGLE, seed=3)
    for reduction in ("mean", "none"):
        value, gradient = case.exact(y_true, y_pred, reduction=reduction)
        np.testing.assert_allclose(
            case.value(y_true, y_pred, reduction=reduction), value, rtol=2e-6, atol=2e-7
        )
        np.testing.assert_allclose(
            case.gradient(y_true, y_pred, reduction=reduction), gradient, rtol=2e-6, atol=5e-7
        )


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
def test_float32_sums_accumulate_in_float64(reduction, weighted):
    """2**24 + 0.5 + 0.5 + … is lost in float32, halfway through a block already."""
    n = 20_001
    y_true, y_pred = np.zeros(n, SINGLE), np.full(n, 0.5, SINGLE)
    y_pred[0] = 2**24
    weights = np.ones(n, SINGLE) if weighted else None
    value = BY_NAME["mean_absolute_error"].value(
        y_true, y_pred, reduction=reduction, sample_weight=weights
    )
    total = 2.0**24 + 10_000
    assert value == SINGLE.type(total if reduction == "sum" else total / n)


@every_case
def test_float32_mean_of_a_million_is_as_good_as_of_ten(case):
    y_true, y_pred = case.draw((10,), dtype=SINGLE)
    few = case.value(y_true, y_pred)
    many = case.value(
        np.tile(y_true, (100_000,) + (1,) * (y_true.ndim - 1)),
        np.tile(y_pred, (100_000,) + (1,) * (y_pred.ndim - 1)),
    )
    assert many == pytest.approx(few, rel=2e-7, abs=0)


@row_cases
@pytest.mark.parametrize("width", [300, 16_384, 16_385])
def test_wide_float32_rows_keep_their_digits_in_any_order_of_memory(case, width):
    y_true, y_pred = case.draw((9,), classes=width, dtype=SINGLE)
    double = [a if case.has_labels and a is y_true else a.astype(float) for a in (y_true, y_pred)]
    exact = case.value(*double, reduction="none")
    for order in "CF":
        laid = [np.asarray(a, order=order) for a in (y_true, y_pred)]
        found = case.value(*laid, reduction="none")
        np.testing.assert_allclose(found, exact, rtol=1e-6, atol=2e-6 * ("logits" in case.name))
