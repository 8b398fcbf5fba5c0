"""What every loss promises about values, gradients, reductions, weights and shapes."""

import numpy as np
import pytest
from losses import (
    CASES,
    REDUCTIONS,
    central_difference,
    draw_weights,
    element_cases,
    every_case,
    every_reduction,
    row_cases,
)

every_shape = pytest.mark.parametrize("shape", [(), (6,), (2, 3), (2, 1, 2, 2)], ids=str)


@every_case
@every_shape
@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
def test_value_and_gradient_are_the_exact_ones(case, shape, weighted):
    y_true, y_pred = case.draw(shape)
    for reduction in REDUCTIONS:
        options = {
            "reduction": reduction,
            "sample_weight": draw_weights(shape) if weighted else None,
        }
        value, gradient = case.exact(y_true, y_pred, **options)
        np.testing.assert_allclose(
            case.value(y_true, y_pred, **options), value, rtol=1e-14, atol=1e-15
        )
        np.testing.assert_allclose(
            case.gradient(y_true, y_pred, **options), gradient, rtol=1e-14, atol=1e-15
        )


@every_case
@every_reduction
@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
def test_gradient_agrees_with_central_differences(case, reduction, weighted):
    y_true, y_pred = case.draw((3, 2), classes=3, seed=3)
    weights = draw_weights((3, 2)) if weighted else None

    def value(prediction):
        return case.value(y_true, prediction, reduction=reduction, sample_weight=weights)

    gradient = case.gradient(y_true, y_pred, reduction=reduction, sample_weight=weights)
    np.testing.assert_allclose(gradient, central_difference(value, y_pred), rtol=1e-6, atol=1e-8)


@every_case
def test_mean_is_sum_over_examples_and_is_the_default(case):
    y_true, y_pred = case.draw((5,))
    each = case.value(y_true, y_pred, reduction="none")
    slopes = case.gradient(y_true, y_pred, reduction="none")
    assert case.value(y_true, y_pred, reduction="sum") == pytest.approx(
        each.sum(), rel=1e-14, abs=0
    )
    assert case.value(y_true, y_pred, reduction="mean") == pytest.approx(
        each.mean(), rel=1e-14, abs=0
    )
    assert case.value(y_true, y_pred) == case.value(y_true, y_pred, reduction="mean")
    np.testing.assert_array_equal(case.gradient(y_true, y_pred, reduction="sum"), slopes)
    np.testing.assert_allclose(case.gradient(y_true, y_pred), slopes / 5, rtol=1e-15)


@every_case
@every_reduction
def test_weights_equal_repetition(case, reduction):
    y_true, y_pred = case.draw((4,), seed=4)
    times = np.array([3, 0, 1, 2])
    repeated = np.repeat(y_true, times, axis=0), np.repeat(y_pred, times, axis=0)
    value = case.value(y_true, y_pred, reduction=reduction, sample_weight=times)
    gradient = case.gradient(y_true, y_pred, reduction=reduction, sample_weight=times)
    again = case.value(*repeated, reduction=reduction)
    slopes = case.gradient(*repeated, reduction=reduction)
    owner = np.repeat(np.arange(4), times)
    summed = np.zeros_like(y_pred)
    np.add.at(summed, owner, slopes)
    np.testing.assert_allclose(gradient, summed, rtol=1e-14)
    if reduction == "none":
        again = np.bincount(owner, weights=again)
    np.testing.assert_allclose(value, again, rtol=1e-14)


@every_case
@every_reduction
def test_weights_of_one_change_nothing(case, reduction):
    y_true, y_pred = case.draw((2, 3))
    ones = np.ones((2, 3))
    for function in (case.value, case.gradient):
        plain = function(y_true, y_pred, reduction=reduction)
        weighted = function(y_true, y_pred, reduction=reduction, sample_weight=ones)
        np.testing.assert_allclose(weighted, plain, rtol=1e-15)


@every_case
def test_mean_does_not_depend_on_the_scale_of_the_weights(case):
    y_true, y_pred = case.draw((4,))
    weights = np.array([1.0, 3, 2, 4])
    for factor in (2.0**-1074, 1e-300, 1e-3, 4e307):
        for function in (case.value, case.gradient):
            np.testing.assert_allclose(
                function(y_true, y_pred, sample_weight=factor * weights),
                function(y_true, y_pred, sample_weight=weights),
                rtol=1e-14,
            )


@every_case
@every_reduction
@pytest.mark.parametrize("bad", [np.nan, np.inf], ids=str)
def test_weight_zero_is_absence_even_of_nan_and_infinity(case, reduction, bad):
    y_true, y_pred = case.draw((4,), seed=5)
    if not (case.pred.outside and bad == np.inf):
        y_pred[1] = bad  # logits [inf, inf, ...], vectors, residuals: inf or NaN
    else:
        y_true[1], y_pred[1] = np.zeros_like(y_true[1]), np.ones_like(y_pred[1])
        if case.rows:
            y_pred[1] = [0, 0, 0, 1]  # -log 0
            if not case.has_labels:
                y_true[1] = [1, 0, 0, 0]
    present = np.array([True, False, True, True])
    weights = np.array([0.5, 0, 2, 1])
    kept = {"reduction": reduction, "sample_weight": weights[present]}
    options = {"reduction": reduction, "sample_weight": weights}
    value, gradient = (
        case.value(y_true, y_pred, **options),
        case.gradient(y_true, y_pred, **options),
    )
    alone = case.value(y_true[present], y_pred[present], **kept)
    slopes = case.gradient(y_true[present], y_pred[present], **kept)
    assert not np.isfinite(case.value(y_true, y_pred)) or case.name == "hinge"
    np.testing.assert_allclose(value[present] if reduction == "none" else value, alone, rtol=1e-15)
    np.testing.assert_allclose(gradient[present], slopes, rtol=1e-15)
    np.testing.assert_array_equal(gradient[1], 0 * slopes[0])
    if reduction == "none":
        assert value[1] == 0


@every_case
def test_weight_zero_is_absence_across_blocks(case):
    y_true, y_pred = case.draw((40_000,), seed=6)
    y_pred[35_000] = np.nan
    weights = np.ones(40_000)
    weights[35_000] = 0
    value = case.value(y_true, y_pred, sample_weight=weights)
    present = weights > 0
    assert value == pytest.approx(case.value(y_true[present], y_pred[present]), rel=1e-14, abs=0)
    assert not np.isnan(case.gradient(y_true, y_pred, sample_weight=weights)).any()


@every_case
@every_shape
def test_shapes_of_results(case, shape):
    y_true, y_pred = case.draw(shape)
    assert np.shape(case.value(y_true, y_pred, reduction="none")) == shape
    for reduction in REDUCTIONS:
        assert np.shape(case.gradient(y_true, y_pred, reduction=reduction)) == y_pred.shape
    assert (
        np.ndim(case.value(y_true, y_pred))
        == np.ndim(case.value(y_true, y_pred, reduction="sum"))
        == 0
    )


@element_cases
def test_python_scalars_are_one_example(case):
    y_true, y_pred = (array.item() for array in case.draw(()))
    value, gradient = case.exact(y_true, y_pred)
    for reduction in REDUCTIONS:
        assert case.value(y_true, y_pred, reduction=reduction) == pytest.approx(
            value, rel=1e-14, abs=0
        )
        assert case.gradient(y_true, y_pred, reduction=reduction) == pytest.approx(
            gradient, rel=1e-14, abs=0
        )
        assert case.value(y_true, y_pred, reduction=reduction, sample_weight=3.0) >= 0


@row_cases
@pytest.mark.parametrize("classes", [1, 2, 3, 10, 64, 65, 300])
def test_rows_of_any_length(case, classes):
    y_true, y_pred = case.draw((2,), classes=classes)
    value, gradient = case.exact(y_true, y_pred)
    assert case.value(y_true, y_pred) == pytest.approx(value, rel=1e-13, abs=1e-14)
    np.testing.assert_allclose(case.gradient(y_true, y_pred), gradient, rtol=1e-12, atol=1e-15)


ELEMENTS = [
    (1, 1),
    (16_383, 1),
    (16_384, 1),
    (16_385, 1),
    (32_767, 1),
    (32_768, 1),
    (32_769, 1),
    (100_003, 1),
]
ROWS = [
    (1, 32_767),
    (2, 32_768),
    (2, 32_769),
    (3, 70_001),
    (4095, 4),
    (4097, 4),
    (8192, 4),
    (8193, 4),
    (331, 100),
]


def draw_repeated(case, n, classes):
    """A large input made of 7 examples, repeated; also those 7, and which is which."""
    few = case.draw((7,), classes=classes, seed=7)
    which = np.random.default_rng(8).integers(7, size=n)
    return few, which, (few[0][which], few[1][which])


@every_case
@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
def test_blocks_join_without_a_seam(case, weighted):
    for n, classes in ROWS if case.rows else ELEMENTS:
        few, which, many = draw_repeated(case, n, classes)
        weights = np.random.default_rng(9).uniform(size=n) if weighted else None
        counts = np.bincount(which, weights=weights, minlength=7)
        scale = (np.ones(n) if weights is None else weights) / counts.sum()
        each, slopes = case.value(*few, reduction="none"), case.gradient(*few, reduction="none")
        options = {"sample_weight": weights}
        assert case.value(*many, **options) == pytest.approx(
            each @ counts / counts.sum(), rel=1e-12, abs=0
        )
        np.testing.assert_allclose(
            case.value(*many, **options, reduction="none"),
            each[which] * scale * counts.sum(),
            rtol=1e-11,
        )
        gradient = case.gradient(*many, **options)
        scale = scale[:, np.newaxis] if case.rows else scale
        np.testing.assert_allclose(gradient, slopes[which] * scale, rtol=1e-11, atol=1e-18)


@every_case
def test_a_million_examples(case):
    few, which, many = draw_repeated(case, 1_000_000, 2)
    expected = case.value(*few, reduction="none") @ np.bincount(which) / 1e6
    assert case.value(*many) == pytest.approx(expected, rel=1e-13, abs=0)


def unaligned(array):
    memory = np.zeros(array.nbytes + 1, np.uint8)[1:]
    copy = memory.view(array.dtype).reshape(array.shape)
    copy[...] = array
    assert array.size == 0 or not copy.flags.aligned
    return copy


LAYOUTS = {
    "Fortran": np.asfortranarray,
    "transposed": lambda a: np.ascontiguousarray(a.T).T,
    "reversed": lambda a: np.ascontiguousarray(a[::-1])[::-1],
    "reversed last axis": lambda a: np.ascontiguousarray(a[..., ::-1])[..., ::-1],
    "every third": lambda a: np.repeat(a, 3, axis=-1)[..., ::3],
    "swapped bytes": lambda a: a.astype(a.dtype.newbyteorder()),
    "unaligned": unaligned,
    "broadcast": lambda a: np.broadcast_to(a[:1], a.shape),
}


@every_case
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_memory_layout_does_not_matter(case, layout):
    for shape in ((5, 4), (80, 3, 70) if case.rows else (200, 3, 70)):
        inputs = [layout(array) for array in (*case.draw(shape), draw_weights(shape))]
        plain = [np.array(a, a.dtype.newbyteorder("="), order="C") for a in inputs]
        for function in (case.value, case.gradient):
            np.testing.assert_allclose(
                function(*inputs[:2], sample_weight=inputs[2]),
                function(*plain[:2], sample_weight=plain[2]),
                rtol=1e-13,
                atol=1e-17,
            )
        np.testing.assert_allclose(
            case.value(*inputs[:2], reduction="none"),
            case.value(*plain[:2], reduction="none"),
            rtol=1e-13,
            atol=1e-17,
        )


@every_case
def test_layouts_may_differ_between_arguments(case):
    y_true, y_pred = case.draw((30, 50))
    weights = draw_weights((30, 50))
    for function in (case.value, case.gradient):
        np.testing.assert_allclose(
            function(
                np.asfortranarray(y_true),
                LAYOUTS["reversed"](y_pred),
                sample_weight=np.asfortranarray(weights),
            ),
            function(y_true, y_pred, sample_weight=weights),
            rtol=1e-13,
            atol=1e-17,
        )


@every_case
@pytest.mark.parametrize("writable", [False, True], ids=["read-only", "writable"])
def test_inputs_stay_unchanged_and_may_be_read_only(case, writable):
    for n in (6, 20_000):
        arguments = [*case.draw((n,)), draw_weights((n,))]
        before = [array.copy() for array in arguments]
        for array in arguments:
            array.setflags(write=writable)
        for function in (case.value, case.gradient):
            for reduction in REDUCTIONS:
                function(*arguments[:2], reduction=reduction, sample_weight=arguments[2])
                function(*arguments[:2], reduction=reduction)
        for array, original in zip(arguments, before, strict=True):
            np.testing.assert_array_equal(array, original)


@pytest.mark.parametrize("case", [c for c in CASES if c.true is c.pred], ids=str)
def test_one_array_may_be_both_arguments(case):
    both, _ = case.draw((5,))
    for function in (case.value, case.gradient):
        np.testing.assert_array_equal(function(both, both), function(both, both.copy()))


@every_case
def test_results_belong_to_the_caller(case):
    first, second = case.draw((6,), seed=1), case.draw((6,), seed=2)
    for function in (case.value, case.gradient):
        result = function(*first, reduction="none")
        copy = result.copy()
        function(*second, reduction="none")
        np.testing.assert_array_equal(result, copy)
        assert not any(np.shares_memory(result, array) for array in first)
        result += 1  # writable
        np.testing.assert_array_equal(function(*first, reduction="none"), copy)
