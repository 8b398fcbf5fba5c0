"""Every error says which argument, what was found, where, and what was expected."""

import inspect

import numpy as np
import pytest
from losses import (
    BY_NAME,
    CASES,
    REDUCTIONS,
    bounded_arguments,
    every_case,
    every_loss,
    label_cases,
    numbers_in,
    row_cases,
)

import lossfns


def functions(case):
    return case.value, case.gradient


def assert_raises(error, function, *args, says, **kwargs):
    """`function` raises `error`, and its message says each of the words and numbers."""
    with pytest.raises(error) as caught:
        function(*args, **kwargs)
    assert type(caught.value) is error
    message = str(caught.value)
    for fragment in says:
        if isinstance(fragment, int | float):
            found = numbers_in(message)
            assert any(np.array_equal(fragment, number, equal_nan=True) for number in found), (
                message
            )
        else:
            assert str(fragment) in message
    return message


def place(index):
    """How a message writes an index: 3 or (1, 2)."""
    return index[0] if len(index) == 1 else ", ".join(map(str, index))


# Shapes.


@every_case
def test_unequal_shapes_name_both(case):
    for other in [(), (1,), (5,), (4, 1), (1, 4), (2, 2)]:
        y_true, y_pred = case.draw((4,), classes=3)[0], case.draw(other, classes=3)[1]
        for function in functions(case):
            assert_raises(
                ValueError,
                function,
                y_true,
                y_pred,
                says=["y_true", "y_pred", y_true.shape, y_pred.shape],
            )


@pytest.mark.parametrize("case", [c for c in CASES if c.rows and not c.has_labels], ids=str)
def test_unequal_classes_name_both_shapes(case):
    y_true, y_pred = case.draw((4,), classes=3)[0], case.draw((4,), classes=2)[1]
    for function in functions(case):
        assert_raises(ValueError, function, y_true, y_pred, says=[(4, 3), (4, 2)])


@every_case
def test_class_labels_are_suggested_only_where_they_exist(case):
    for function in functions(case):
        message = assert_raises(ValueError, function, np.ones(3), np.ones(2), says=["y_true"])
        assert ("label" in message) == (case.loss is lossfns.cross_entropy)


@row_cases
def test_rows_need_an_axis(case):
    y_true = 1 if case.has_labels else 1.0
    for function in functions(case):
        assert_raises(ValueError, function, y_true, 1.0, says=["y_pred", "axis"])


@every_case
def test_empty_input(case):
    for shape in [(0,), (0, 3), (3, 0)]:
        y_true, y_pred = case.draw(shape)
        for function in functions(case):
            for reduction in REDUCTIONS:
                assert_raises(
                    ValueError,
                    function,
                    y_true,
                    y_pred,
                    reduction=reduction,
                    says=["empty", y_pred.shape],
                )


@row_cases
def test_rows_without_classes(case):
    y_true = np.zeros(3, int) if case.has_labels else np.zeros((3, 0))
    for function in functions(case):
        assert_raises(ValueError, function, y_true, np.zeros((3, 0)), says=[(3, 0)])


def test_ragged_lists():
    for function in functions(BY_NAME["mean_squared_error"]):
        assert_raises(ValueError, function, [[1.0], [2.0, 3.0]], [1.0, 2.0], says=["y_true"])
        assert_raises(ValueError, function, [1.0, 2.0], [[1.0], [2.0, 3.0]], says=["y_pred"])


# Types.

WRONG_TYPES = {
    "complex": lambda a: a.astype(complex),
    "complex64": lambda a: a.astype(np.complex64),
    "object": lambda a: a.astype(object),
    "string": lambda a: a.astype(str),
    "bytes": lambda a: a.astype(bytes),
    "long double": lambda a: a.astype(np.longdouble),
    "datetime": lambda a: np.zeros(a.shape, "datetime64[s]"),
    "timedelta": lambda a: np.zeros(a.shape, "timedelta64[s]"),
    "record": lambda a: np.zeros(a.shape, [("x", float)]),
}
every_wrong_type = pytest.mark.parametrize("convert", WRONG_TYPES.values(), ids=WRONG_TYPES)


@every_case
@every_wrong_type
def test_wrong_types_name_the_argument_and_the_type(case, convert):
    y_true, y_pred = case.draw((3,))
    for function in functions(case):
        bad = convert(y_true)
        assert_raises(TypeError, function, bad, y_pred, says=["y_true", bad.dtype])
        bad = convert(y_pred)
        assert_raises(TypeError, function, y_true, bad, says=["y_pred", bad.dtype])
        bad = convert(np.ones(3))
        assert_raises(
            TypeError,
            function,
            y_true,
            y_pred,
            sample_weight=bad,
            says=["sample_weight", bad.dtype],
        )


@every_case
def test_not_even_an_array(case):
    y_true, y_pred = case.draw((3,))
    for nothing in (None, "text", {"a": 1}, object(), 1j, [None, 1.0, 2.0], 10**400):
        for function in functions(case):
            assert_raises(TypeError, function, nothing, y_pred, says=["y_true"])
            assert_raises(TypeError, function, y_true, nothing, says=["y_pred"])
            if nothing is not None:
                assert_raises(
                    TypeError,
                    function,
                    y_true,
                    y_pred,
                    sample_weight=nothing,
                    says=["sample_weight"],
                )


@label_cases
@pytest.mark.parametrize("dtype", [float, np.float32, bool], ids=lambda t: t.__name__)
def test_class_labels_need_an_integer_dtype(case, dtype):
    y_true, y_pred = case.draw((3,))
    for function in functions(case):
        assert_raises(
            TypeError,
            function,
            y_true.astype(dtype),
            y_pred,
            says=["y_true", "integer", np.dtype(dtype)],
        )


@every_case
def test_masked_arrays_are_refused(case):
    """Their mask would be lost: weights of 0 say the same."""
    y_true, y_pred = case.draw((3,))
    for function in functions(case):
        assert_raises(
            TypeError, function, np.ma.masked_array(y_true), y_pred, says=["y_true", "mask"]
        )
        assert_raises(
            TypeError, function, y_true, np.ma.masked_array(y_pred), says=["y_pred", "mask"]
        )
        weights = np.ma.ones(3)
        assert_raises(
            TypeError, function, y_true, y_pred, sample_weight=weights, says=["sample_weight"]
        )


# Domains.

PLACES = [
    ((5,), (0,)),
    ((5,), (4,)),
    ((2, 3, 4), (1, 0, 2)),
    ((40_000,), (35_000,)),
    ((200, 300), (150, 299)),
]


class Unreadable:
    """Like a tensor that still records a gradient."""

    def __init__(self, error):
        self.error = error

    def __array__(self, dtype=None, copy=None):
        raise self.error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RuntimeError("call detach first"), TypeError),
        (KeyError("call detach first"), TypeError),
        (TypeError("call detach first"), TypeError),
        (ValueError("call detach first"), ValueError),
    ],
    ids=repr,
)
@every_case
def test_what_cannot_be_read_is_named_and_says_why(case, error, kind):
    y_true, y_pred = case.draw((3,))
    bad = Unreadable(error)
    for function in functions(case):
        assert_raises(kind, function, bad, y_pred, says=["y_true", "call detach first"])
        assert_raises(kind, function, y_true, bad, says=["y_pred", "call detach first"])
        assert_raises(
            kind, function, y_true, y_pred, sample_weight=bad, says=["sample_weight", "detach"]
        )


def test_want_of_memory_is_not_called_a_bad_argument():
    with pytest.raises(MemoryError):
        lossfns.mean_squared_error(Unreadable(MemoryError()), 1.0)


@pytest.mark.parametrize(
    "masked",
    [
        [np.ma.masked, 1.0],
        (1.0, np.ma.masked),
        [np.ma.array([1.0, 99.0], mask=[False, True])],
        [[1.0, 2.0], (3.0, np.ma.masked)],
    ],
    ids=["first", "last of a tuple", "array in a list", "deep"],
)
def test_masks_in_lists_are_refused_too(masked):
    for function in (lossfns.mean_squared_error, lossfns.mean_squared_error_grad):
        assert_raises(TypeError, function, masked, 1.0, says=["y_true", "masked array"])
        assert_raises(TypeError, function, 1.0, masked, says=["y_pred", "masked array"])


def test_a_list_that_holds_itself_is_refused():
    endless = [1.0]
    endless.append(endless)
    for function in (lossfns.mean_squared_error, lossfns.mean_squared_error_grad):
        with pytest.raises((TypeError, ValueError), match="y_true"):
            function(endless, 1.0)


@bounded_arguments
def test_values_outside_the_domain_are_named_with_their_place(case, argument, domain):
    for shape, example in PLACES:
        arguments = dict(zip(["y_true", "y_pred"], case.draw(shape, classes=3), strict=True))
        index = (*example, 1) if domain.name == "distribution" else example
        for bad, order in zip(domain.outside, "CFCFCFC", strict=False):
            values = np.array(arguments[argument], order=order)
            values[index] = bad
            for function in functions(case):
                assert_raises(
                    ValueError,
                    function,
                    **arguments | {argument: values},
                    says=[argument, bad, place(index)],
                )


@pytest.mark.parametrize("name", ["binary_cross_entropy", "hinge"])
def test_scalars_outside_the_domain_need_no_place(name):
    expected = {"binary_cross_entropy": [0, 1], "hinge": [-1, 1]}[name]
    for function in functions(BY_NAME[name]):
        message = assert_raises(ValueError, function, 3.0, 0.5, says=[*expected, "y_true = 3"])
        assert "[]" not in message


@bounded_arguments
def test_the_first_value_outside_is_named(case, argument, domain):
    arguments = dict(zip(["y_true", "y_pred"], case.draw((7,), classes=3), strict=True))
    arguments[argument][[3, 5]] = domain.outside[0]
    index = (3, 0) if domain.name == "distribution" else (3,)
    for function in functions(case):
        assert_raises(ValueError, function, **arguments, says=[argument, place(index)])


@pytest.mark.parametrize(
    ("label", "n"), [(3, 3), (-1, 3), (1, 1), (100, 10), (2**62, 5), (-(2**62), 5)]
)
@pytest.mark.parametrize("name", ["cross_entropy-labels", "cross_entropy-labels-logits"])
def test_class_labels_outside_say_how_many_classes_there_are(name, label, n):
    case = BY_NAME[name]
    y_true, y_pred = case.draw((4,), classes=n)
    y_true[2] = label
    for function in functions(case):
        assert_raises(ValueError, function, y_true, y_pred, says=["y_true", label, 0, n - 1, 2])


def test_labels_beyond_int64_do_not_wrap():
    labels = np.array([0, 2**64 - 1], np.uint64)
    for function in functions(BY_NAME["cross_entropy-labels"]):
        assert_raises(ValueError, function, labels, np.full((2, 4), 0.25), says=["y_true", 1])


distributions = pytest.mark.parametrize(
    ("case", "argument"),
    [
        (c, a)
        for c in CASES
        for a, d in (("y_true", c.true), ("y_pred", c.pred))
        if d.name == "distribution"
    ],
    ids=str,
)


@distributions
@pytest.mark.parametrize("shape", [(5,), (2, 4), (20_000,)], ids=str)
def test_rows_of_probabilities_sum_to_one(case, argument, shape):
    for scale in [0, 0.5, 0.9985, 1.0015, 3]:
        arguments = dict(zip(["y_true", "y_pred"], case.draw(shape, classes=5), strict=True))
        index = tuple(n - 1 for n in shape)
        arguments[argument][index] = scale / 5
        for function in functions(case):
            message = assert_raises(
                ValueError, function, **arguments, says=[argument, place(index), "sum"]
            )
            assert any(abs(number - scale) < 1e-4 for number in numbers_in(message)), message


@distributions
@pytest.mark.parametrize("scale", [0.9995, 1.0005])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rows_of_probabilities_may_be_a_little_off_and_are_not_renormalised(
    case, argument, scale, dtype
):
    arguments = dict(zip(["y_true", "y_pred"], case.draw((5,), dtype=dtype), strict=True))
    arguments[argument] *= dtype(scale)
    value, gradient = case.exact(**arguments)
    tolerance = 1e-13 if dtype == np.float64 else 1e-6
    assert case.value(**arguments) == pytest.approx(value, rel=tolerance, abs=tolerance / 10)
    np.testing.assert_allclose(
        case.gradient(**arguments), gradient, rtol=tolerance, atol=tolerance / 10
    )


@distributions
def test_long_float32_rows_of_probabilities_are_summed_in_float64(case, argument):
    n = 2_000_000
    row = np.zeros((1, n), np.float32)
    row[:, 0], row[:, 1:] = 0.5, 0.5 / n
    arguments = {
        "y_true": np.array([0]) if case.has_labels else row,
        "y_pred": np.zeros((1, n), np.float32),
    }
    arguments["y_pred"][0, 0] = 1
    arguments[argument] = row
    for function in functions(case):
        function(**arguments)
    arguments[argument] = row * np.float32(1.002)
    for function in functions(case):
        assert_raises(ValueError, function, **arguments, says=[argument, "with sum 1.002"])


@distributions
@pytest.mark.parametrize("bad", [-0.5, 1.5])
def test_long_rows_of_another_type_are_held_to_their_domain_too(case, argument, bad):
    row = np.zeros((1, 20_000), np.float16)
    row[0, 0] = 1
    arguments = {"y_true": np.array([0]) if case.has_labels else row, "y_pred": row}
    arguments[argument] = row.copy()
    arguments[argument][0, 7] = bad
    for function in functions(case):
        assert_raises(ValueError, function, **arguments, says=[argument, bad, place((0, 7))])


@pytest.mark.parametrize(
    "delta",
    [0, -1, -1e-300, np.inf, -np.inf, np.nan, 0.0, 10**400, -(10**400)],
    ids=lambda d: str(d)[:8],
)
def test_delta_is_positive_and_finite(delta):
    for function in (lossfns.huber, lossfns.huber_grad):
        assert_raises(
            ValueError, function, [0.0], [1.0], delta=delta, says=["delta", str(delta)[:15]]
        )


@pytest.mark.parametrize("delta", ["1", None, 1j, [1.0, 2.0], np.ones(1), {}])
def test_delta_is_a_number(delta):
    for function in (lossfns.huber, lossfns.huber_grad):
        with pytest.raises((TypeError, ValueError)) as caught:
            function([0.0], [1.0], delta=delta)
        assert "delta" in str(caught.value)


@pytest.mark.parametrize("delta", [1, np.float32(1), np.int8(1), np.float64(1), True])
def test_delta_may_be_any_real_number(delta):
    for function in (lossfns.huber, lossfns.huber_grad):
        assert function([0.0], [3.0], delta=delta) == function([0.0], [3.0], delta=1.0)
        assert (
            function(np.float32([0]), np.float32([3]), delta=delta).dtype.itemsize == 4
            or function is lossfns.huber_grad
        )


@every_loss
def test_from_logits_is_true_or_false(loss):
    if "from_logits" in inspect.signature(loss).parameters:
        for function in (loss, loss.grad):
            for switch in ("yes", 1, None, np.array([True])):
                with pytest.raises(TypeError, match="from_logits"):
                    function([1.0], [1.0], from_logits=switch)
            assert function([1.0], [1.0], from_logits=np.True_) == function(
                [1.0], [1.0], from_logits=True
            )


# Options.


@every_loss
def test_unknown_reductions_list_the_known(loss):
    arguments = BY_NAME[loss.__name__].draw()
    for reduction in ("average", "Mean", "", None, 0, ["mean"], np.array([1, 2]), "none "):
        for function in (loss, loss.grad):
            with pytest.raises(ValueError, match=r"reduction.*mean.*sum.*none") as caught:
                function(*arguments, reduction=reduction)
            assert repr(reduction) in str(caught.value)


@every_case
def test_weights_have_the_shape_of_the_examples(case):
    for shape in [(), (1,), (4,), (6, 1), (1, 6), (3, 2), (6, 4), (0,)]:
        for function in functions(case):
            options = {"sample_weight": np.ones(shape), "says": ["sample_weight", shape, (6,)]}
            assert_raises(ValueError, function, *case.draw((6,)), **options)


@every_case
@pytest.mark.parametrize("bad", [-1.0, -1e-300, np.nan, np.inf, -np.inf], ids=str)
def test_weights_are_finite_and_not_negative(case, bad):
    for shape, index in [((), ()), *PLACES]:
        y_true, y_pred = case.draw(shape)
        weights = np.full(shape, 0.5, order="F")
        weights[(0,) * len(shape)] = 0
        weights[index] = bad
        for function in functions(case):
            for reduction in REDUCTIONS:
                says = ["sample_weight", bad, *([place(index)] if index else [])]
                assert_raises(
                    ValueError,
                    function,
                    y_true,
                    y_pred,
                    sample_weight=weights,
                    reduction=reduction,
                    says=says,
                )


@every_case
@pytest.mark.parametrize("shape", [(), (3,), (20_000,)], ids=str)
def test_weights_are_not_all_zero(case, shape):
    for function in functions(case):
        for reduction in REDUCTIONS:
            with pytest.raises(ValueError, match=r"sample_weight.*zero"):
                function(*case.draw(shape), sample_weight=np.zeros(shape), reduction=reduction)


@every_case
def test_errors_come_before_any_result_is_written(case):
    """A call that fails leaves nothing behind that changes the next one."""
    y_true, y_pred = case.draw((40_000,))
    before = case.value(y_true, y_pred), case.gradient(y_true, y_pred)
    with pytest.raises(ValueError, match="sample_weight"):
        case.gradient(y_true, y_pred, sample_weight=np.full(40_000, -1.0))
    assert before[0] == case.value(y_true, y_pred)
    np.testing.assert_array_equal(case.gradient(y_true, y_pred), before[1])
