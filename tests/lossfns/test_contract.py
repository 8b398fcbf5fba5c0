"""What every loss promises about values, gradients, reductions, weights and shapes."""

import numpy as np
import pytest
from losses import CASES, central_difference, draw_weights, element_cases, every_case, every_reduction, row_cases

SHAPES = [(), (1,), (6,), (2, 3), (2, 1, 3), (2, 1, 2, 2)]
every_shape = pytest.mark.parametrize("shape", SHAPES, ids=str)


@every_case
@every_shape
@every_reduction
def test_value_and_gradient_are_the_exact_ones(case, shape, reduction):
    y_true, y_pred = case.draw(shape)
    value, gradient = case.exact(y_true, y_pred, reduction=reduction)
    np.testing.assert_allclose(case.value(y_true, y_pred, reduction=reduction), value, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(
        case.gradient(y_true, y_pred, reduction=reduction), gradient, rtol=1e-14, atol=1e-15
    )


@every_case
@every_shape
@every_reduction
def test_weighted_value_and_gradient_are_the_exact_ones(case, shape, reduction):
    y_true, y_pred = case.draw(shape, seed=2)
    options = {"reduction": reduction, "sample_weight": draw_weights(shape)}
    value, gradient = case.exact(y_true, y_pred, **options)
    np.testing.assert_allclose(case.value(y_true, y_pred, **options), value, rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(case.gradient(y_true, y_pred, **options), gradient, rtol=1e-14, atol=1e-15)


@every_case
@every_reduction
@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
def test_gradient_agrees_with_central_differences(case, reduction, weighted):
    y_true, y_pred = case.draw((3, 2), seed=3)
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
    assert case.value(y_true, y_pred, reduction="sum") == pytest.approx(each.sum(), rel=1e-14)
    assert case.value(y_true, y_pred, reduction="mean") == pytest.approx(each.mean(), rel=1e-14)
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
@pytest.mark.parametrize("factor", [1e-300, 1e-3, 1e300, 2.0**-1074], ids=str)
def test_mean_does_not_depend_on_the_scale_of_the_weights(case, factor):
    y_true, y_pred = case.draw((4,))
    weights = np.array([1.0, 3, 2, 4])
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
    value, gradient = case.value(y_true, y_pred, **options), case.gradient(y_true, y_pred, **options)
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
    assert value == pytest.approx(case.value(y_true[present], y_pred[present]), rel=1e-14)
    assert not np.isnan(case.gradient(y_true, y_pred, sample_weight=weights)).any()


@every_case
@every_shape
def test_shapes_of_results(case, shape):
    y_true, y_pred = case.draw(shape)
    assert np.shape(case.value(y_true, y_pred, reduction="none")) == shape
    for reduction in ("mean", "sum", "none"):
        assert np.shape(case.gradient(y_true, y_pred, reduction=reduction)) == y_pred.shape
    assert np.ndim(case.value(y_true, y_pred)) == np.ndim(case.value(y_true, y_pred, reduction="sum")) == 0


@element_cases
def test_python_scalars_are_one_example(case):
    y_true, y_pred = (array.item() for array in case.draw(()))
    value, gradient = case.exact(y_true, y_pred)
    for reduction in ("mean", "sum", "none"):
        assert case.value(y_true, y_pred, reduction=reduction) == pytest.approx(value, rel=1e-14)
        assert case.gradient(y_true, y_pred, reduction=reduction) == pytest.approx(gradient, rel=1e-14)
        assert case.value(y_true, y_pred, reduction=reduction, sample_weight=3.0) >= 0


@row_cases
@pytest.mark.parametrize("classes", [1, 2, 3, 10, 129, 1000])
def test_rows_of_any_length(case, classes):
    y_true, y_pred = case.draw((3,), classes=classes)
    value, gradient = case.exact(y_true, y_pred)
    assert case.value(y_true, y_pred) == pytest.approx(value, rel=1e-13, abs=1e-14)
    np.testing.assert_allclose(case.gradient(y_true, y_pred), gradient, rtol=1e-12, atol=1e-15)


LENGTHS = [1, 2, 32_767, 32_768, 32_769, 65_536, 65_537, 100_003]
ROW_LENGTHS = [(1, 32_767), (2, 32_768), (2, 32_769), (3, 70_001), (9000, 4), (8192, 4), (8193, 4), (331, 100)]


def repeat_a_few(case, shape, classes):
    """A large input whose examples are a few, repeated; and which is which."""
    few = 7
    y_true, y_pred = case.draw((few,), classes=classes, seed=7)
    which = np.random.default_rng(8).integers(few, size=shape)
    return y_true, y_pred, which


@pytest.mark.parametrize(
    ("case", "n", "classes"),
    [(case, n, 4) for case in CASES if not case.rows for n in LENGTHS]
    + [(case, n, classes) for case in CASES if case.rows for n, classes in ROW_LENGTHS],
    ids=str,
)
@pytest.mark.parametrize("weighted", [False, True], ids=["", "weighted"])
def test_blocks_join_without_a_seam(case, n, classes, weighted):
    y_true, y_pred, which = repeat_a_few(case, (n,), classes)
    weights = np.random.default_rng(9).uniform(size=n) if weighted else None
    counts = np.bincount(which, weights=weights, minlength=7)
    each = case.value(y_true, y_pred, reduction="none")
    slopes = case.gradient(y_true, y_pred, reduction="none")
    y_true, y_pred = y_true[which], y_pred[which]
    value = case.value(y_true, y_pred, sample_weight=weights)
    assert value == pytest.approx(each @ counts / counts.sum(), rel=1e-12)
    total = counts.sum()
    scale = (np.ones(n) if weights is None else weights) / total
    gradient = case.gradient(y_true, y_pred, sample_weight=weights)
    np.testing.assert_allclose(
        gradient, slopes[which] * (scale[:, None] if case.rows else scale), rtol=1e-11, atol=1e-18
    )
    none = case.value(y_true, y_pred, sample_weight=weights, reduction="none")
    np.testing.assert_allclose(none, each[which] * scale * total, rtol=1e-11, atol=1e-16)


@every_case
def test_a_million_examples(case):
    y_true, y_pred, which = repeat_a_few(case, (1_000_000,), 4)
    each = case.value(y_true, y_pred, reduction="none")
    counts = np.bincount(which, minlength=7)
    assert case.value(y_true[which], y_pred[which]) == pytest.approx(each @ counts / 1e6, rel=1e-13)


LAYOUTS = {
    "Fortran": np.asfortranarray,
    "transposed": lambda a: np.ascontiguousarray(a.T).T,
    "reversed": lambda a: np.ascontiguousarray(a[::-1])[::-1],
    "reversed last axis": lambda a: np.ascontiguousarray(a[..., ::-1])[..., ::-1],
    "every third": lambda a: np.repeat(a, 3, axis=-1)[..., ::3],
    "swapped bytes": lambda a: a.astype(a.dtype.newbyteorder()),
    "unaligned": lambda a: unaligned(a),
    "broadcast": lambda a: np.broadcast_to(a[:1], a.shape),
}


def unaligned(array):
    memory = np.zeros(array.nbytes + 1, np.uint8)[1:]
    copy = memory.view(array.dtype).reshape(array.shape)
    copy[...] = array
    assert array.size == 0 or not copy.flags.aligned
    return copy


@every_case
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("shape", [(5, 4), (200, 3, 70)], ids=str)
def test_memory_layout_does_not_matter(case, layout, shape):
    y_true, y_pred = case.draw(shape)
    y_true, y_pred = layout(y_true), layout(y_pred)
    weights = layout(draw_weights(shape))
    plain = (np.array(y_true, y_true.dtype.newbyteorder("=")), np.array(y_pred, float), np.array(weights, float))
    for reduction in ("mean", "none"):
        for function in (case.value, case.gradient):
            np.testing.assert_allclose(
                function(y_true, y_pred, sample_weight=weights, reduction=reduction),
                function(plain[0], plain[1], sample_weight=plain[2], reduction=reduction),
                rtol=1e-13,
                atol=1e-17,
            )


@every_case
def test_layouts_may_differ_between_arguments(case):
    y_true, y_pred = case.draw((30, 50))
    weights = draw_weights((30, 50))
    for function in (case.value, case.gradient):
        np.testing.assert_allclose(
            function(np.asfortranarray(y_true), LAYOUTS["reversed"](y_pred), sample_weight=np.asfortranarray(weights)),
            function(y_true, y_pred, sample_weight=weights),
            rtol=1e-13,
            atol=1e-17,
        )


@every_case
@pytest.mark.parametrize("n", [6, 40_000])
def test_inputs_stay_unchanged_and_may_be_read_only(case, n):
    arguments = [*case.draw((n,)), draw_weights((n,))]
    before = [array.copy() for array in arguments]
    for array in arguments:
        array.setflags(write=False)
    for function in (case.value, case.gradient):
        for reduction in ("mean", "sum", "none"):
            function(*arguments[:2], reduction=reduction, sample_weight=arguments[2])
            function(*arguments[:2], reduction=reduction)
    for array, original in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(array, original)


@every_case
def test_writable_inputs_stay_unchanged(case):
    arguments = [*case.draw((40_000,)), draw_weights((40_000,))]
    before = [array.copy() for array in arguments]
    for function in (case.value, case.gradient):
        for reduction in ("mean", "sum", "none"):
            function(*arguments[:2], reduction=reduction, sample_weight=arguments[2])
            function(*arguments[:2], reduction=reduction)
    for array, original in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(array, original)


@every_case
def test_one_array_may_be_both_arguments(case):
    if case.has_labels or case.name == "hinge":
        pytest.skip("the two arguments have different domains")
    _, both = case.draw((5,)) if case.pred.outside else reversed(case.draw((5,)))
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
