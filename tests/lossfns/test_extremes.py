"""Exact values where naive formulas overflow, cancel or vanish, against 400 digits."""

import mpmath
import numpy as np
import pytest
from losses import BY_NAME

from lossfns import _engine, _rows

EPS = np.finfo(float).eps
needs_more_exponent = pytest.mark.skipif(
    np.finfo(np.longdouble).maxexp == np.finfo(float).maxexp,
    reason="long double has no more exponent than float64 on this platform",
)


def assert_exact(name, y_true, y_pred, *, rtol=4 * EPS, atol=0.0, **kwargs):
    """Value and gradient of each example are the exact ones."""
    case = BY_NAME[name]
    value, gradient = case.exact(y_true, y_pred, reduction="none", **kwargs)
    found = case.value(y_true, y_pred, reduction="none", **kwargs)
    slope = case.gradient(y_true, y_pred, reduction="none", **kwargs)
    tiny = np.finfo(float).smallest_subnormal
    np.testing.assert_allclose(found, value, rtol=rtol, atol=max(atol, tiny))
    np.testing.assert_allclose(slope, gradient, rtol=rtol, atol=max(atol, tiny))


RESIDUALS = [1e-308, 1e-200, 1e-20, 1e-8, 0.1, 1.0, 2.5, 3.0, 1e8, 1e16, 1e100, 1e153]


@pytest.mark.parametrize(
    "name", ["mean_squared_error", "mean_absolute_error", "huber", "huber-delta"]
)
@pytest.mark.parametrize("size", RESIDUALS)
def test_residuals_of_every_size(name, size):
    assert_exact(name, np.array([0.0, 0.0, size, -size]), np.array([size, -size, 0.0, size]))


@pytest.mark.parametrize("name", ["mean_absolute_error", "huber", "huber-delta"])
@pytest.mark.parametrize("size", [1e155, 1e200, 8e307])
def test_robust_losses_never_square_a_huge_residual(name, size):
    assert_exact(name, np.array([0.0, 0.0, size]), np.array([size, -size, -size]))


@pytest.mark.parametrize("delta", [5e-324, 1e-300, 1e-8, 1e8, 1e150, 1e300, 1.7e308])
def test_huber_of_every_delta(delta):
    residuals = np.array([0.0, 1e-300, 1e-8, 0.5, 1.0, -3.0, 1e8, -1e150, 1e200])
    case = BY_NAME["huber"]
    for r in residuals[
        np.minimum(np.log10(delta), np.log10(np.abs(residuals) + 1))
        + np.log10(np.abs(residuals) + 1)
        < 308
    ]:
        value, slope = case.exact_example(mpmath.mpf(0), mpmath.mpf(float(r)), delta)
        found = case.value([0.0], [r], delta=delta), case.gradient([0.0], [r], delta=delta)
        tiny = 5e-324
        np.testing.assert_allclose(found[0], float(value), rtol=4 * EPS, atol=tiny)
        np.testing.assert_allclose(found[1], [float(slope)], rtol=4 * EPS, atol=tiny)


@pytest.mark.parametrize("score", [1e-300, 1 - EPS / 2, 1 + EPS, 1 - 1e-9, 1e8, 1e200, 1.7e308])
@pytest.mark.parametrize("sign", [-1, 1])
def test_hinge_of_every_score(score, sign):
    assert_exact("hinge", np.array([1.0, -1.0]), np.array([sign * score, sign * score]))


LOGITS = [0.0, 1e-300, 1e-9, 0.5, 3, 36, 37, 38, 40, 100, 500, 700, 709, 710, 740, 745, 800, 1e4]


@pytest.mark.parametrize("logit", LOGITS)
@pytest.mark.parametrize("label", [0.0, 1.0])
def test_binary_logits_keep_their_tails(logit, label):
    assert_exact(
        "binary_cross_entropy-logits",
        np.array([label, label]),
        np.array([logit, -logit]),
        rtol=8 * EPS,
    )


@pytest.mark.parametrize("logit", LOGITS)
@pytest.mark.parametrize("target", [1e-300, 1e-12, 0.25, 0.5, 1 - 1e-12])
def test_binary_logits_against_soft_targets(logit, target):
    y_true, y_pred = np.array([target, target]), np.array([logit, -logit])
    case = BY_NAME["binary_cross_entropy-logits"]
    value, gradient = case.exact(y_true, y_pred, reduction="none")
    np.testing.assert_allclose(case.value(y_true, y_pred, reduction="none"), value, rtol=8 * EPS)
    np.testing.assert_allclose(
        case.gradient(y_true, y_pred, reduction="none"), gradient, rtol=8 * EPS, atol=2 * EPS
    )


PROBABILITIES = [
    5e-324,
    1e-310,
    1e-300,
    1e-17,
    1e-9,
    0.25,
    0.5,
    0.75,
    1 - 1e-9,
    1 - EPS,
    1 - EPS / 2,
]


@pytest.mark.parametrize("p", PROBABILITIES)
@pytest.mark.parametrize("y", [0.0, 1.0, 1e-300, 1e-9, 0.5, 0.9])
def test_binary_probabilities_near_zero_and_one(p, y):
    if abs(p - y) > 1e-3:
        assert_exact("binary_cross_entropy", np.array([y]), np.array([p]), rtol=8 * EPS)
    else:  # -y/p + (1-y)/(1-p) cancels
        assert_exact(
            "binary_cross_entropy", np.array([y]), np.array([p]), rtol=8 * EPS, atol=4 * EPS
        )


@pytest.mark.parametrize("p", [5e-324, 1e-310, 1e-300, 1e-17, 1e-9, 0.25, 0.5])
def test_probabilities_near_zero(p):
    for row in ([p, 1 - p], [1 - p, p]):
        y_pred = np.array([row, row, row])
        assert_exact("cross_entropy-labels", np.array([0, 1, 1]), y_pred)
        assert_exact("cross_entropy", np.array([[1.0, 0], [0, 1], [0.5, 0.5]]), y_pred)
        assert_exact(
            "kl_divergence", np.array([[1.0, 0], [0, 1], [0.25, 0.75]]), y_pred, rtol=1e-14
        )


ROWS = [
    [40.0, 0, 0],
    [36.0, 0, -3],
    [700.0, 0, 0],
    [745.0, 0, 1],
    [800.0, 0, 0],
    [1e4, -1e4, 0],
    [1e4, 1e4, 1e4],
    [1e4, 1e4 - 1, 1e4 - 40],
    [-1e4, -1e4 - 1, -1e4 - 40],
    [-1e4, -1e4, 1e4],
    [1e-300, 0, -1e-300],
    [50.0, 50.0, 0],
    [9999.5, 9999.0, -9999.0],
]


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("n_more", [0, 1, 60])
def test_logits_of_rows_keep_their_tails(row, n_more):
    """Near-perfect rows keep both their tiny loss and their tiny gradient."""
    row = np.array(row + [min(row) - 5] * n_more)
    classes = len(row)
    spread = min(np.ptp(row), 800)  # conditioning: exp(z) magnifies z's last bit by |z|
    for c in range(3):
        hot = np.eye(classes)[[c]]
        for options in ("cross_entropy-logits", "kl_divergence-logits"):
            assert_exact(options, hot, row[None], rtol=(8 + spread) * EPS)
        assert_exact(
            "cross_entropy-labels-logits", np.array([c]), row[None], rtol=(8 + spread) * EPS
        )


@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("scale", [1, 1.0009, 0.9991])
def test_logits_against_soft_rows(row, scale):
    y_true = np.array([[0.5, 0.25, 0.25], [0.0, 0.125, 0.875], [1e-12, 0.99, 0.01 - 1e-12]]) * scale
    y_pred = np.array([row] * 3)
    for name in ("cross_entropy-logits", "kl_divergence-logits"):
        assert_exact(name, y_true, y_pred, rtol=32 * EPS, atol=8 * EPS)


def near_equal_pairs(seed, size, exactly_normalised):
    rng = np.random.default_rng(seed)
    p = rng.uniform(0.1, 1, size=10)
    d = size * rng.uniform(-1, 1, size=10)
    if exactly_normalised:  # multiples of 2**-50: every sum is exact
        p = np.round(p / p.sum() * 2**50) / 2**50
        p[0] -= p.sum() - 1
        d = np.round(d * 2**50) / 2**50
        d[1] -= d.sum()
        return p, p + d
    return p / p.sum(), (p + d) / (p + d).sum()


@pytest.mark.parametrize("exactly_normalised", [True, False])
@pytest.mark.parametrize("size", [0, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2])
@pytest.mark.parametrize("seed", range(5))
def test_kl_near_equality_loses_no_digit_of_the_differences(seed, size, exactly_normalised):
    p, q = near_equal_pairs(seed, size, exactly_normalised)
    case = BY_NAME["kl_divergence"]
    value, _ = case.exact(p, q)
    assert abs(case.value(p, q) - value) <= 16 * EPS * np.abs(p - q).sum()
    if exactly_normalised:
        assert case.value(p, q) >= 0


@pytest.mark.parametrize("angle", [1e-1, 1e-3, 1e-5, 1e-7, 1e-9, 1e-12])
@pytest.mark.parametrize("scale", [1.0, 1e-200, 1e200])
@pytest.mark.parametrize("n", [2, 5, 300])
def test_near_parallel_vectors_keep_their_cosine_loss(angle, scale, n):
    rng = np.random.default_rng(0)
    a, b = np.linalg.qr(rng.normal(size=(n, 2)))[0].T
    y_true, y_pred = 3 * a[None], (np.cos(angle) * a + np.sin(angle) * b)[None] * scale
    case = BY_NAME["cosine_similarity_loss"]
    value, gradient = case.exact(y_true, y_pred)
    assert case.value(y_true, y_pred) == pytest.approx(value, rel=2e-15 / angle, abs=0)
    error = case.gradient(y_true, y_pred) * scale - gradient * scale
    assert np.abs(error).max() <= 4 * EPS


@pytest.mark.parametrize("angle", [0.0, 1e-9, 1e-5])
def test_opposite_vectors_have_cosine_loss_two(angle):
    y_true, y_pred = np.array([np.cos(angle), np.sin(angle)]), np.array([-1.0, 0])
    assert_exact("cosine_similarity_loss", y_true, y_pred, atol=4 * EPS)


def test_equal_and_scaled_vectors_have_no_cosine_loss():
    rng = np.random.default_rng(0)
    y_true = rng.normal(size=(50, 7))
    for factor in (1.0, 2.0, 0.3, 1e200, 1e-200, 1e-300):
        value = BY_NAME["cosine_similarity_loss"].value(y_true, factor * y_true, reduction="none")
        assert (value >= 0).all() and (value <= EPS).all()


@pytest.mark.parametrize(
    "scales", [(1e200, 1.0), (1e-200, 1.0), (1e200, 1e200), (1e-200, 1e-200), (1e200, 1e-200)]
)
def test_vectors_of_every_scale(scales):
    rng = np.random.default_rng(1)
    y_true, y_pred = rng.normal(size=(2, 20, 5)) * np.reshape(scales, (2, 1, 1))
    case = BY_NAME["cosine_similarity_loss"]
    value, gradient = case.exact(y_true, y_pred, reduction="none")
    np.testing.assert_allclose(
        case.value(y_true, y_pred, reduction="none"), value, rtol=8 * EPS, atol=4 * EPS
    )
    np.testing.assert_allclose(
        case.gradient(y_true, y_pred, reduction="none"),
        gradient,
        rtol=16 * EPS,
        atol=4 * EPS / scales[1],
    )


@pytest.mark.parametrize(
    ("y_true", "y_pred"),
    [
        ([1e200, 1e-200], [1.0, 1.0]),
        ([-1e200, 1.0], [1.0, 1.0]),
        ([1.0, 1.0], [1e-10, -1e200]),
        ([3e-160, 4e-160], [1e-200, 2e-200]),
    ],
    ids=str,
)
def test_vectors_whose_coordinates_differ_in_scale(y_true, y_pred):
    case = BY_NAME["cosine_similarity_loss"]
    value, gradient = case.exact(y_true, y_pred)
    assert case.value(y_true, y_pred) == pytest.approx(value, rel=4 * EPS, abs=0)
    np.testing.assert_allclose(case.gradient(y_true, y_pred), gradient, rtol=32 * EPS)


def test_float32_vectors_of_every_scale():
    y_true = np.array([[3e30, 4e30], [3e-30, 4e-30], [3e-40, 4e-40]], np.float32)
    y_pred = np.array([[4e30, 3e30], [4e-30, 3e-30], [4, 3]], np.float32)
    found = BY_NAME["cosine_similarity_loss"].value(y_true, y_pred, reduction="none")
    np.testing.assert_allclose(found, 0.04, rtol=1e-5)


# Intermediates that would overflow though the result does not.

N_LARGE = [2, 10, 40_000]


@pytest.mark.parametrize("n", N_LARGE)
def test_mean_of_values_whose_sum_overflows(n):
    case = BY_NAME["mean_squared_error"]
    y_true, y_pred = np.zeros(n), np.full(n, 1.2e154)
    assert case.value(y_true, y_pred) == pytest.approx(1.44e308, rel=1e-14, abs=0)
    weights = np.full(n, 3.0)
    assert case.value(y_true, y_pred, sample_weight=weights) == pytest.approx(
        1.44e308, rel=1e-14, abs=0
    )
    y_pred = np.full(n, 1.6e308)
    assert BY_NAME["mean_absolute_error"].value(y_true, y_pred) == pytest.approx(
        1.6e308, rel=1e-14, abs=0
    )
    assert BY_NAME["hinge"].value(np.ones(n), -y_pred) == pytest.approx(1.6e308, rel=1e-14, abs=0)


def test_mean_of_two_huge_values_is_rounded_once():
    for one, other in np.random.default_rng(7).uniform(1e308, 1.7e308, (20, 2)):
        value = BY_NAME["mean_absolute_error"].value(np.zeros(2), [one, other])
        assert value == one / 2 + other / 2


def test_mean_where_only_the_sum_of_the_blocks_overflows():
    y_true, y_pred = np.zeros(60_000), np.zeros(60_000)
    y_pred[[0, 30_000, 59_999]] = 1.2e154
    value = BY_NAME["mean_squared_error"].value(y_true, y_pred)
    assert value == pytest.approx(3 * (1.44e308 / 60_000), rel=1e-14, abs=0)


@pytest.mark.parametrize("n", N_LARGE)
def test_mean_with_weights_whose_sum_overflows(n):
    y_true, y_pred = np.zeros(n), np.tile([1.0, 3.0], n // 2)
    weights = np.full(n, 1.5e308)
    case = BY_NAME["mean_squared_error"]
    assert case.value(y_true, y_pred, sample_weight=weights) == pytest.approx(5, rel=1e-14, abs=0)
    np.testing.assert_allclose(
        case.gradient(y_true, y_pred, sample_weight=weights), 2 * y_pred / n, rtol=1e-14
    )


@needs_more_exponent
def test_mean_where_one_square_overflows():
    """One square is beyond the largest float; the mean of all is not."""
    case = BY_NAME["mean_squared_error"]
    y_true, y_pred = np.zeros(100), np.zeros(100)
    y_pred[3] = 2e154
    assert case.value(y_true, y_pred) == pytest.approx(4e306, rel=1e-14, abs=0)


def test_mean_where_one_float32_square_overflows_or_vanishes():
    case = BY_NAME["mean_squared_error"]
    y_true, y_pred = np.zeros((2, 100), np.float32)
    y_pred[3] = 3e19
    assert case.value(y_true, y_pred) == pytest.approx(9e36, rel=1e-6, abs=0)
    y_pred[:] = 3e-22  # a square would keep two digits, and half of them must not be lost
    assert case.value(y_true, y_pred, reduction="sum") == pytest.approx(9e-42, rel=2e-4, abs=0)


@pytest.fixture(params=[True, False])
def noted(request, monkeypatch):
    """With and without the help of the processor, which a browser does not give."""
    monkeypatch.setattr(_engine, "NOTED", request.param)


def test_overflows_are_found(noted):
    y_true, y_pred = np.zeros(10, np.float32), np.full(10, 2e38, np.float32)
    gradient = BY_NAME["mean_squared_error"].gradient(y_true, y_pred)
    np.testing.assert_allclose(gradient, 4e37, rtol=1e-6)
    assert BY_NAME["mean_squared_error"].gradient([0.0], [np.inf]) == [np.inf]  # no overflow


def test_what_is_undefined_is_found(noted):
    case = BY_NAME["binary_cross_entropy"]
    assert case.value([0.0, 1.0], [0.0, 1.0], reduction="none").tolist() == [0, 0]  # 0 · ∞
    assert case.gradient([0.0, 1.0], [0.0, 1.0], reduction="sum").tolist() == [1, -1]  # 0 / 0


def test_what_the_processor_notes_is_found_by_trying():
    over = _rows.is_noted("over", lambda: np.full(9, 1e300) ** 2)
    invalid = _rows.is_noted("invalid", lambda: np.zeros(9) / 0)
    assert (over and invalid) == _rows.NOTED
    assert not _rows.is_noted("over", lambda: np.full(9, 1e100) ** 2)
    assert not _rows.is_noted("invalid", lambda: np.full(9, np.nan) / 0)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_weights_of_a_long_float32_row_keep_their_precision(reduction):
    case = BY_NAME["cosine_similarity_loss"]
    y_true, y_pred = np.zeros((2, 1, 20_000), np.float32)
    y_true[0, 0], y_pred[0, 1] = 1, 2
    options = {"reduction": reduction, "sample_weight": [1e-60]}
    expected = 1 if reduction == "mean" else 1e-60
    assert case.value(y_true, y_pred, **options) == np.float32(expected)
    expected = -0.5 if reduction == "mean" else -0.5e-60
    assert case.gradient(y_true, y_pred, **options)[0, 0] == np.float32(expected)
    case = BY_NAME["cross_entropy"]
    uniform, label = np.full((1, 20_000), 1 / 20_000, np.float32), np.array([7])
    expected = np.log(20_000) * (1 if reduction == "mean" else 1e-60)
    value = case.value(label, uniform, **options)
    np.testing.assert_allclose(value, np.float32(expected), rtol=1e-6)
    expected = -20_000 * (1 if reduction == "mean" else 1e-60)
    slope = case.gradient(label, uniform, **options)[0, 7]
    np.testing.assert_allclose(slope, np.float32(expected), rtol=1e-6)


def test_large_weight_times_float32_square_that_would_vanish():
    y_true, y_pred = np.zeros(1, np.float32), np.full(1, 1e-25, np.float32)
    value = BY_NAME["mean_squared_error"].value(
        y_true, y_pred, sample_weight=[1e40], reduction="sum"
    )
    assert value == pytest.approx(1e-10, rel=1e-6, abs=0)


@needs_more_exponent
def test_small_weight_times_large_square():
    case = BY_NAME["mean_squared_error"]
    options = {"sample_weight": [1e-300], "reduction": "sum"}
    assert case.value([0.0], [1e200], **options) == pytest.approx(1e100, rel=1e-14, abs=0)


@needs_more_exponent
@pytest.mark.parametrize(
    "y_pred", [[1.5e308] * 4, [1.5e308, -1.5e308, 0, 1], [1.5e308, np.nan, 0, 1]], ids=str
)
def test_gradient_where_twice_the_residual_overflows(y_pred):
    gradient = BY_NAME["mean_squared_error"].gradient(np.zeros(4), np.array(y_pred))
    np.testing.assert_allclose(gradient, np.array(y_pred) / 2, rtol=1e-14)


@needs_more_exponent
def test_an_absent_nan_does_not_hide_an_overflow():
    case = BY_NAME["mean_squared_error"]
    value = case.value(np.zeros(3), [2e154, np.nan, 0], sample_weight=[1, 0, 9])
    assert value == pytest.approx(4e307, rel=1e-14, abs=0)


@needs_more_exponent
@pytest.mark.parametrize(
    "name", ["cross_entropy", "cross_entropy-labels", "kl_divergence", "binary_cross_entropy"]
)
def test_gradient_where_one_over_p_overflows(name):
    case = BY_NAME[name]
    y_true, y_pred = np.ones(100), np.full(100, 1e-309)
    if case.rows:
        y_true, y_pred = np.tile([1.0, 0.0], (100, 1)), np.tile([1e-309, 1.0], (100, 1))
    if case.has_labels:
        y_true = np.zeros(100, int)
    assert case.gradient(y_true, y_pred).min() == pytest.approx(-1e307, rel=1e-13, abs=0)


@needs_more_exponent
def test_gradient_of_wide_rows_where_one_over_p_overflows():
    labels, y_pred = np.zeros(100, int), np.full((100, 5000), 1 / 4999)
    y_pred[:, 0] = 1e-309
    gradient = BY_NAME["cross_entropy-labels"].gradient(labels, y_pred)
    np.testing.assert_allclose(gradient[:, 0], -1e307, rtol=1e-13)


@pytest.mark.parametrize("dtype", [pytest.param(np.float64, marks=needs_more_exponent), np.float32])
def test_mean_where_one_residual_overflows(dtype):
    """y - ŷ is beyond the largest float; the mean of all is not."""
    huge = dtype(0.9) * np.finfo(dtype).max
    y_true, y_pred = np.zeros(10, dtype), np.zeros(10, dtype)
    y_true[4], y_pred[4] = huge, -huge
    found = BY_NAME["mean_absolute_error"].value(y_true, y_pred)
    assert found == pytest.approx(float(huge) / 5, rel=1e-6, abs=0)


def test_float32_logits_as_large_as_they_get():
    case = BY_NAME["cross_entropy-labels-logits"]
    y_pred = np.array([[3e38, -3e38, 0]] * 4, np.float32)
    assert case.value(np.array([0, 0, 0, 0]), y_pred) == 0
    assert case.value(np.array([1, 0, 0, 0]), y_pred) == pytest.approx(1.5e38, rel=1e-6, abs=0)


def test_logits_as_large_as_they_get():
    y_pred = np.array([[1.5e308, -1.5e308, 0]])
    assert BY_NAME["cross_entropy-labels-logits"].value([0], y_pred) == 0
    assert BY_NAME["cross_entropy-labels-logits"].value([1], y_pred) == np.inf
    assert BY_NAME["binary_cross_entropy-logits"].value([1.0, 0.0], [1.5e308, -1.5e308]) == 0
    assert BY_NAME["binary_cross_entropy-logits"].value([0.0], [1.5e308]) == 1.5e308


# float32 keeps its tails too.


@pytest.mark.parametrize("logit", [0, 5, 16, 17, 20, 40, 80, 88, 89, 100, 104, 1e4])
def test_float32_logits_keep_their_tails(logit):
    tiny = 2e-45
    for sign in (1, -1):
        z = np.array([sign * logit], np.float32)
        for name, y_true, y_pred in (
            ("binary_cross_entropy-logits", np.ones(1, np.float32), z),
            ("cross_entropy-labels-logits", np.array([0]), np.array([[z[0], 0, 0]], np.float32)),
            (
                "cross_entropy-logits",
                np.eye(3, dtype=np.float32)[:1],
                np.array([[z[0], 0, 0]], np.float32),
            ),
        ):
            case = BY_NAME[name]
            value, gradient = case.exact(y_true, y_pred)
            rtol = (8 + min(logit, 110)) * np.finfo(np.float32).eps
            np.testing.assert_allclose(case.value(y_true, y_pred), value, rtol=rtol, atol=tiny)
            np.testing.assert_allclose(
                case.gradient(y_true, y_pred), gradient, rtol=rtol, atol=tiny
            )
