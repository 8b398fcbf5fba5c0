"""Hypothesis looks for inputs that break a promise: wide floats, odd shapes, strides and types."""

import re

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from losses import CASES, REDUCTIONS, every_case, row_cases

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, max_side=4)
SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)
LIMIT = {"mean_squared_error": 1e150, "mean_absolute_error": 1e200, "huber": 1e200, "hinge": 1e200}


def floats(low, high, dtype, **options):
    width = 8 * dtype.itemsize
    low, high = (
        float(dtype.type(np.clip(x, -1e30, 1e30))) if dtype == SINGLE else x for x in (low, high)
    )
    return st.floats(low, high, width=width, **options)


@st.composite
def distributions(draw, shape, dtype):
    counts = draw(
        hnp.arrays(np.int64, shape, elements=st.one_of(st.integers(0, 3), st.integers(0, 10**9)))
    )
    counts[..., -1] += counts.sum(axis=-1) == 0
    return (counts / counts.sum(axis=-1, keepdims=True)).astype(dtype)


def arguments(domain, shape, dtype, limit, wild):
    """Arrays from a domain; wild ones also hold NaN, and infinities where these are numbers."""
    if domain.name == "class":
        return hnp.arrays(np.int64, shape[:-1], elements=st.integers(0, shape[-1] - 1))
    if domain.name == "distribution":
        return distributions(shape, dtype)
    if domain.name == "sign":
        elements = st.sampled_from([-1.0, 1.0, np.nan] if wild else [-1.0, 1.0])
    elif domain.name == "probability":
        elements = floats(0, 1, dtype) | (st.just(np.nan) if wild else st.nothing())
    elif wild:
        elements = st.floats(width=8 * dtype.itemsize)
    else:
        elements = floats(-limit, limit, dtype) | st.integers(-3, 3).map(float)
    return hnp.arrays(dtype, shape, elements=elements)


@st.composite
def inputs(draw, case, *, wild=False, limit=None, dtypes=(SINGLE, DOUBLE), shapes=SHAPES):
    shape = draw(shapes)
    full = (*shape, draw(st.integers(1, 5))) if case.rows else shape
    limit = limit or LIMIT.get(case.loss.__name__, 1e4)
    dtype = draw(st.sampled_from(dtypes))
    y_true, y_pred = (
        draw(arguments(domain, full, dtype, limit, wild)) for domain in (case.true, case.pred)
    )
    return y_true, y_pred


@st.composite
def sample_weights(draw, shape):
    """None, or weights of any type from tiny to large, and the same numbers in any layout."""
    weights = draw(
        hnp.arrays(
            np.float64, shape, elements=st.sampled_from([0, 0.25, 1, 3]) | st.floats(1e-3, 1e3)
        )
    )
    dtype = draw(st.sampled_from("dddfeBb?"))
    scale = {"f": 2.0**-135, "e": 2.0**-14}.get(dtype, 1)  # subnormals of both
    weights = np.minimum(weights * draw(st.sampled_from([1, scale])), 100).astype(dtype)
    assume(np.all(weights >= 0) and weights.any())
    return draw(st.sampled_from([None, weights]) | strided(weights))


def examples_shape(case, y_pred):
    return y_pred.shape[:-1] if case.rows else y_pred.shape


def assert_close(case, y_pred, found, expected, rtol, atol=0):
    """Agree, but for what the last bit of terms that cancel can change."""
    size = np.abs(y_pred[np.isfinite(y_pred)]).max(initial=1) if case.kwargs else 1
    if "divergence" in case.name and found.shape != y_pred.shape:
        atol = rtol * size
    if case.name == "cosine_similarity_loss":
        atol = rtol
        if found.shape == y_pred.shape:  # slopes have the unit of 1/‖ŷ‖
            with np.errstate(all="ignore"):
                unit = np.abs(y_pred).max(axis=-1, keepdims=True).astype(float)
                found, expected = found * unit, expected * unit
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=atol)


@every_case
@given(data=st.data())
def test_values_and_gradients_are_exact(case, data):
    y_true, y_pred = data.draw(
        inputs(case, dtypes=[DOUBLE], shapes=hnp.array_shapes(min_dims=0, max_dims=2, max_side=2))
    )
    value, gradient = case.exact(y_true, y_pred, reduction="none")
    # What the last bit of the inputs can change: of large logits, and where terms cancel.
    size = np.abs(y_pred).max() if case.kwargs.get("from_logits") else 1
    rounding = 16 * np.finfo(float).eps * max(size, 1)
    found = case.value(y_true, y_pred, reduction="none")
    np.testing.assert_allclose(
        found,
        value,
        rtol=min(rounding, 1e-12),
        atol=rounding if "divergence" in case.name else 1e-15,
    )
    slopes = case.gradient(y_true, y_pred, reduction="none")
    if case.name == "cosine_similarity_loss":  # slopes have the unit of 1/‖ŷ‖
        unit = np.abs(y_pred).max(axis=-1, keepdims=True)
        assume(np.all((unit == 0) | (unit > 1e-290)))
        np.testing.assert_allclose(slopes * unit, gradient * unit, atol=1e-14)
    else:
        np.testing.assert_allclose(slopes, gradient, rtol=1e-12, atol=1e-15)


@every_case
@given(data=st.data())
def test_reductions_agree(case, data):
    y_true, y_pred = data.draw(inputs(case, wild=True, dtypes=[DOUBLE]))
    weights = data.draw(sample_weights(examples_shape(case, y_pred)))
    results = {
        r: case.value(y_true, y_pred, reduction=r, sample_weight=weights) for r in REDUCTIONS
    }
    slopes = {
        r: case.gradient(y_true, y_pred, reduction=r, sample_weight=weights) for r in REDUCTIONS
    }
    total = results["none"].size if weights is None else weights.sum(dtype=float)
    tiny = max(1e-300, 1e-300 / total)  # below, products with weights lose digits
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(results["sum"], results["none"].sum(), rtol=1e-13, atol=tiny)
        np.testing.assert_array_equal(slopes["sum"], slopes["none"])
        for mean, summed in ((results["mean"], results["sum"]), (slopes["mean"], slopes["sum"])):
            np.testing.assert_array_equal(np.isnan(mean), np.isnan(summed))
            finite = np.isfinite(summed)
            np.testing.assert_allclose(mean[finite], summed[finite] / total, rtol=1e-13, atol=tiny)


@every_case
@given(data=st.data())
def test_losses_stay_above_their_bound(case, data):
    y_true, y_pred = data.draw(inputs(case, wild=True))
    values = case.value(y_true, y_pred, reduction="none")
    slack = 1e-6 if y_pred.dtype == SINGLE else 1e-14
    bound = (
        -slack * max(1, np.abs(y_pred[np.isfinite(y_pred)]).max(initial=0))
        if "divergence" in case.name
        else 0
    )
    assert np.all(np.isnan(values) | (values >= bound))
    if case.name == "cosine_similarity_loss":
        assert np.all(np.isnan(values) | (values <= 2 + slack))


CONVEX = [case for case in CASES if case.name != "cosine_similarity_loss"]


@pytest.mark.parametrize("case", CONVEX, ids=str)
@given(data=st.data())
def test_tangents_lie_below_convex_losses(case, data):
    """ℓ(q) ≥ ℓ(p) + ∇ℓ(p)·(q - p): the gradient is one, everywhere, kinks and edges included."""
    shapes = st.just((3,))
    y_true, p = data.draw(inputs(case, limit=100, dtypes=[DOUBLE], shapes=shapes))
    assume(case.rows is False or p.shape[-1] > 1)
    q = data.draw(arguments(case.pred, p.shape, DOUBLE, 100, wild=False))
    at_p, at_q = (case.value(y_true, x, reduction="none") for x in (p, q))
    slope = case.gradient(y_true, p, reduction="none")
    with np.errstate(all="ignore"):
        rise = np.where(q == p, 0, slope * (q - p))
        rise = rise.sum(axis=-1) if case.rows else rise
        scale = 1 + np.abs(at_p) + np.abs(rise) + np.abs(at_q)
        below = at_q >= at_p + rise - 1e-12 * scale
    assert np.all(below | np.isinf(at_p) | ~np.isfinite(rise))  # a slope may be beyond any float


@every_case
@given(data=st.data())
def test_examples_do_not_see_each_other(case, data):
    """The results of a part are the part of the results."""
    y_true, y_pred = data.draw(
        inputs(case, wild=True, shapes=hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    )
    order = data.draw(st.permutations(range(len(y_pred))))
    part = order[: data.draw(st.integers(1, len(order)))]
    rtol = 1e-14 if y_pred.dtype == DOUBLE else 1e-6
    for function in (case.value, case.gradient):
        whole = function(y_true, y_pred, reduction="none")
        found = function(y_true[part], y_pred[part], reduction="none")
        assert_close(case, y_pred[part], found, whole[part], rtol)


@st.composite
def strided(draw, array):
    """The same numbers in another memory layout."""
    for axis in range(array.ndim):
        step = draw(st.sampled_from([1, 1, 2, -1, -3]))
        wide = np.repeat(array, abs(step), axis=axis)
        if step < 0:
            wide = np.flip(wide, axis)
        array = wide[(slice(None),) * axis + (slice(None, None, step),)]
    if array.ndim > 1 and draw(st.booleans()):
        array = np.moveaxis(np.moveaxis(array, 0, -1).copy(), -1, 0)
    if draw(st.booleans()):
        array = array.astype(array.dtype.newbyteorder())
    array.setflags(write=False)
    return array


@every_case
@given(data=st.data())
def test_strides_byte_order_and_repetition_do_not_matter(case, data):
    y_true, y_pred = data.draw(inputs(case, wild=True))
    other = data.draw(strided(y_true)), data.draw(strided(y_pred))
    weights = data.draw(sample_weights(examples_shape(case, y_pred)))
    rtol = 1e-13 if y_pred.dtype == DOUBLE else 1e-6
    for function in (case.value, case.gradient):
        for reduction in REDUCTIONS:
            options = {"reduction": reduction, "sample_weight": weights}
            expected = function(y_true, y_pred, **options)
            assert expected.tobytes() == function(y_true, y_pred, **options).tobytes()
            found = function(*other, **options)
            assert found.dtype == expected.dtype and found.shape == expected.shape
            np.testing.assert_allclose(found, expected, rtol=rtol)


NUMBERS = hnp.arrays(
    hnp.boolean_dtypes()
    | hnp.integer_dtypes()
    | hnp.floating_dtypes()
    | hnp.complex_number_dtypes()
    | hnp.unicode_string_dtypes(),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)


@every_case
@given(data=st.data())
def test_nothing_but_a_result_or_a_kind_error_comes_out(case, data):
    y_true, y_pred = data.draw(NUMBERS), data.draw(NUMBERS)
    weights = data.draw(st.none() | NUMBERS)
    if data.draw(st.booleans()):  # give equal shapes a chance
        y_true = np.resize(y_true, y_pred.shape[:-1] if case.has_labels else y_pred.shape)
        weights = None if weights is None else np.resize(weights, examples_shape(case, y_pred))
    before = [None if a is None else a.tobytes() for a in (y_true, y_pred, weights)]
    messages = []
    for function in (case.value, case.gradient):
        for reduction in REDUCTIONS:
            try:
                result = function(y_true, y_pred, reduction=reduction, sample_weight=weights)
            except (ValueError, TypeError) as error:
                messages.append(str(error))
            else:
                shape = y_pred.shape if function == case.gradient else examples_shape(case, y_pred)
                assert result.shape == (
                    () if function == case.value and reduction != "none" else shape
                )
                assert result.dtype in (SINGLE, DOUBLE)
    assert before == [None if a is None else a.tobytes() for a in (y_true, y_pred, weights)]
    assert all(re.search("y_true|y_pred|sample_weight", message) for message in messages)


LAYOUTS = st.sampled_from(["C", "F", "reversed", "gaps", "swapped bytes", "unaligned"])


def laid_out(array, layout):
    """The same numbers, read-only, in a layout for its first axis."""
    if layout == "reversed":
        array = array[::-1].copy()[::-1]
    elif layout == "gaps":
        array = np.repeat(array, 2, axis=0)[::2]
    elif layout == "swapped bytes":
        array = array.astype(array.dtype.newbyteorder())
    elif layout == "unaligned":
        record = np.empty(array.shape, np.dtype([("byte", "b"), ("number", array.dtype)]))
        record["number"] = array
        array = record["number"]
    else:
        array = np.array(array, order=layout)
    array.setflags(write=False)
    return array


@every_case
@given(data=st.data())
def test_any_number_of_examples_in_any_layout(case, data):
    """A few examples over and over, thousands of them: each result is that of the few."""
    few = data.draw(inputs(case, wild=True, shapes=st.just((3,))))
    width = few[1].shape[-1] if case.rows else 1
    n = data.draw(st.integers(1, 300) | st.integers(1, 150_000 // width))
    many = [np.resize(a, (n, *a.shape[1:])) for a in few]
    layout = data.draw(LAYOUTS)
    laid = [laid_out(a, layout) for a in many]
    rtol = 1e-13 if few[1].dtype == DOUBLE else 1e-6
    for function in (case.value, case.gradient):
        found = function(*laid, reduction="none")
        assert found.tobytes() == function(*laid, reduction="none").tobytes()
        expected = function(*few, reduction="none")
        expected = np.resize(expected, (n, *expected.shape[1:]))
        assert_close(case, many[1], found, expected, rtol)


# Where the ways of adding up change, and far beyond.
WIDTHS = st.integers(1, 40) | st.integers(250, 260) | st.integers(16_380, 16_390)


@row_cases
@given(data=st.data())
def test_rows_of_any_width_in_any_layout(case, data):
    """Each row's result is that of the row alone, and close to that in float64."""
    width = data.draw(WIDTHS | st.integers(1, 60_000))
    n = data.draw(st.integers(1, max(1, 100_000 // width)))
    dtype = data.draw(st.sampled_from([SINGLE, DOUBLE]))
    arrays = case.draw((n,), classes=width, seed=data.draw(st.integers(0, 2**32)), dtype=dtype)
    laid = [laid_out(a, data.draw(LAYOUTS)) for a in arrays]
    few = sorted({0, n // 2, n - 1})
    double = [a[few] if a.dtype.kind == "i" else a[few].astype(float) for a in arrays]
    eps = np.finfo(dtype).eps
    for function in (case.value, case.gradient):
        found = function(*laid, reduction="none")
        assert found.tobytes() == function(*laid, reduction="none").tobytes()
        exact = function(*double, reduction="none")
        atol = 32 * eps * np.abs(exact).max() if function == case.gradient else 0
        assert_close(case, double[1], found[few], exact, 32 * eps, atol)
        for i in few:
            alone = function(*(a[i] for a in arrays), reduction="none")
            assert_close(case, arrays[1][i], found[i], alone, 32 * eps, atol)


SPECIAL = st.sampled_from([0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-308, 1.7e308])


@every_case
@given(data=st.data())
def test_special_numbers_never_warn_or_crash(case, data):
    """Any numbers at all: a result, or a `ValueError` that names the argument."""
    shape = data.draw(SHAPES)
    full = (*shape, data.draw(st.integers(1, 4))) if case.rows else shape
    y_pred = data.draw(hnp.arrays(DOUBLE, full, elements=SPECIAL | st.floats(width=64)))
    y_true = (
        y_pred
        if data.draw(st.booleans())
        else data.draw(arguments(case.true, full, DOUBLE, 1e308, wild=True))
    )
    if case.has_labels:
        y_true = np.zeros(shape, np.int64)
    messages = []
    for function in (case.value, case.gradient):
        for reduction in REDUCTIONS:
            try:
                result = function(y_true, y_pred, reduction=reduction)
            except ValueError as error:
                messages.append(str(error))
            else:
                assert result.shape == (
                    y_pred.shape
                    if function == case.gradient
                    else shape
                    if reduction == "none"
                    else ()
                )
    assert all(re.search("y_true|y_pred", message) for message in messages)
