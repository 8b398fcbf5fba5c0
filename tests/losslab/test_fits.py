"""Fits against other ways of finding the same minimum."""

import numpy as np
import pytest
from scipy.optimize import linprog, minimize
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from lossfns import hinge, huber, huber_grad, mean_absolute_error
from losslab import datasets
from losslab.fits import (
    least_absolute_line,
    least_absolute_lines,
    least_squares,
    line_design,
    logistic_regression,
    reweighted_least_squares,
    soft_margin,
)


def absolute_error(w, x, y):
    return np.abs(line_design(x) @ w - y).sum()


def smallest_absolute_error(X, y):
    """The linear programme: minimise Σ t with -t ≤ X w - y ≤ t."""
    n, features = X.shape
    solution = linprog(
        np.r_[np.zeros(features), np.ones(n)],
        A_ub=np.block([[X, -np.eye(n)], [-X, -np.eye(n)]]),
        b_ub=np.r_[y, -y],
        bounds=[(None, None)] * features + [(0, None)] * n,
    )
    return solution.fun


@pytest.fixture(params=range(12))
def cloud(request):
    """Random points; some clouds lie on a coarse grid, so that points and errors coincide."""
    rng = np.random.default_rng(request.param)
    n = rng.integers(4, 25)
    x, y = rng.normal(size=n), rng.standard_t(1, size=n)
    return (np.round(x), np.round(y)) if request.param % 2 else (x, y)


def test_line_is_as_good_as_the_linear_programme(cloud):
    x, y = cloud
    best = smallest_absolute_error(line_design(x), y)
    np.testing.assert_allclose(absolute_error(least_absolute_line(x, y), x, y), best, atol=1e-9)
    for w in least_absolute_lines(x, y):
        np.testing.assert_allclose(absolute_error(w, x, y), best, atol=1e-9)


def test_best_lines_are_different_and_sorted(cloud):
    lines = least_absolute_lines(*cloud)
    assert (np.diff(lines[:, 1]) >= 0).all()
    gaps = np.abs(lines[:, None] - lines).max(axis=-1)
    assert gaps[~np.eye(len(lines), dtype=bool)].min(initial=1) > 1e-9


def test_calls_have_many_best_lines():
    year, calls, _ = datasets.belgian_calls()
    lines = least_absolute_lines(year - 1950, calls)
    assert len(lines) == 6
    np.testing.assert_allclose(lines[[0, -1], 1], [1.157, 1.622], atol=1e-3)


def test_three_points_in_a_row_are_one_line():
    assert least_absolute_lines([0, 1, 2, 5], [0, 0.1, 0.2, 7]).shape == (1, 2)


def test_least_squares_is_polyfit_and_weights_repeat_examples():
    rng = np.random.default_rng(0)
    x, y, times = rng.normal(size=9), rng.normal(size=9), rng.integers(0, 4, size=9)
    w = least_squares(line_design(x), y)
    np.testing.assert_allclose(w, np.polyfit(x, y, 1)[::-1])
    repeated = least_squares(line_design(np.repeat(x, times)), np.repeat(y, times))
    np.testing.assert_allclose(least_squares(line_design(x), y, times), repeated)


@pytest.mark.parametrize("delta", [0.1, 1.0, 10.0])
def test_reweighting_minimises_huber_loss(delta):
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(40, 3)), rng.standard_t(2, size=40)
    w = reweighted_least_squares(X, y, lambda r: delta / np.maximum(np.abs(r), delta))
    np.testing.assert_allclose(X.T @ huber_grad(y, X @ w, delta=delta), 0, atol=1e-8)
    other = minimize(lambda w: huber(y, X @ w, delta=delta), np.zeros(3), tol=1e-12)
    assert huber(y, X @ w, delta=delta) <= other.fun + 1e-9


def test_reweighting_with_a_tiny_threshold_minimises_absolute_error():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(40, 3)), rng.standard_t(2, size=40)
    w = reweighted_least_squares(X, y, lambda r: 1 / np.maximum(np.abs(r), 1e-6))
    best = smallest_absolute_error(X, y) / len(y)
    np.testing.assert_allclose(mean_absolute_error(y, X @ w), best, rtol=1e-6)


def test_reweighting_says_when_it_has_not_settled():
    x = np.arange(5.0)
    with pytest.raises(RuntimeError, match=r"not settled after 1 steps"):
        reweighted_least_squares(
            line_design(x), x**3, lambda r: 1 / np.maximum(np.abs(r), 0.1), max_steps=1
        )


def test_start_is_where_reweighting_starts():
    x = np.arange(4.0)
    seen = []

    def weight(r):
        seen.append(r)
        return np.ones_like(r)

    w = reweighted_least_squares(line_design(x), x, weight, start=[5.0, 0.0])
    np.testing.assert_allclose(seen[0], 5 - x)
    np.testing.assert_allclose(w, [0, 1], atol=1e-12)


@pytest.fixture(params=range(6))
def two_classes(request):
    """Two overlapping clouds with unequal numbers of points, and a C from 0.01 to 1000."""
    rng = np.random.default_rng(request.param)
    y = np.where(rng.random(40) < 0.3, 1, -1)
    X = np.column_stack([np.ones(40), rng.normal(size=(40, 3)) + 0.7 * y[:, np.newaxis]])
    return X, y, 10.0 ** (request.param - 2)


def test_soft_margin_has_no_duality_gap(two_classes):
    X, y, C = two_classes
    w, pull = soft_margin(X, y, C)
    assert ((pull >= 0) & (pull <= C)).all()
    np.testing.assert_allclose(pull @ y, 0, atol=1e-9 * C)
    np.testing.assert_allclose((pull * y) @ X[:, 1:], w[1:], rtol=1e-7)
    value = w[1:] @ w[1:] / 2 + C * hinge(y, X @ w, reduction="sum")
    np.testing.assert_allclose(pull.sum() - w[1:] @ w[1:] / 2, value, rtol=1e-7)


def test_soft_margin_is_support_vector_classification(two_classes):
    X, y, C = two_classes
    peer = SVC(kernel="linear", C=C, tol=1e-8).fit(X[:, 1:], y)
    w, pull = soft_margin(X, y, C)
    np.testing.assert_allclose(w, [*peer.intercept_, *peer.coef_[0]], atol=1e-4 * np.abs(w).max())
    np.testing.assert_array_equal(np.flatnonzero(pull > 1e-5 * C), np.sort(peer.support_))


def test_soft_margin_of_separable_points_is_the_widest_street():
    X = line_design([-3.0, -1.0, 3.0, 8.0])
    w, _ = soft_margin(X, [-1, -1, 1, 1], C=1e4)
    np.testing.assert_allclose(w, [-0.5, 0.5], atol=1e-7)


@pytest.mark.parametrize("ridge", [0.001, 0.01, 1.0])
def test_logistic_regression_is_that_of_scikit_learn(two_classes, ridge):
    X, y, _ = two_classes
    peer = LogisticRegression(C=1 / (ridge * len(y)), tol=1e-10, max_iter=1000).fit(X[:, 1:], y)
    w = logistic_regression(X, (y + 1) / 2, ridge)
    np.testing.assert_allclose(w, [*peer.intercept_, *peer.coef_[0]], atol=1e-5)


@pytest.mark.parametrize("max_steps", [20, 50])  # before and after the Hessian rounds to singular
def test_logistic_regression_of_separable_classes_does_not_settle_without_a_penalty(max_steps):
    X = line_design([0.0, 1.0, 2.0, 3.0])
    with pytest.raises(RuntimeError, match=f"within {max_steps} steps.*need a ridge"):
        logistic_regression(X, [0, 0, 1, 1], max_steps=max_steps)
    assert np.isfinite(logistic_regression(X, [0, 0, 1, 1], 0.1)).all()


def test_soft_margin_says_when_it_has_not_settled():
    with pytest.raises(RuntimeError, match="after 2 steps"):
        soft_margin(line_design([0.0, 1.0]), [-1, 1], max_steps=2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: soft_margin(line_design([1, 2]), [0, 1]), r"found \[0. 1.\]"),
        (lambda: soft_margin(line_design([1, 2]), [1, 1]), r"both -1 and \+1"),
        (lambda: soft_margin(line_design([1, 2]), [-1, 1], C=0), "C must be finite"),
        (lambda: soft_margin([[1, 2], [3, 4]], [-1, 1]), "must be all ones"),
        (lambda: soft_margin([1, 2], [-1, 1]), "must be all ones"),
        (lambda: logistic_regression(line_design([1, 2]), [-1, 1]), r"\[0, 1\], found -1 to 1"),
        (lambda: logistic_regression(line_design([1, 2]), [0, 1], -1), "not negative, found -1"),
        (lambda: logistic_regression([[1, 2], [3, 4]], [0, 1]), "must be all ones"),
        (lambda: least_absolute_line([1, 1], [2, 3]), "two different x"),
        (lambda: least_absolute_line([1, 2], [2, 3, 4]), "each of the 3 y"),
        (lambda: least_absolute_line([1, np.nan], [2, 3]), r"x\[1\] = nan"),
        (lambda: line_design([[1, 2]]), r"\(1, 2\)"),
        (lambda: least_squares(np.ones((2, 1)), [1, np.inf]), r"y\[1\] = inf"),
        (lambda: least_squares(np.full((2, 1), np.nan), [1, 2]), "X must be finite"),
        (lambda: least_squares(np.ones((2, 1)), [1, 2], [1]), "2 examples, found 1"),
        (lambda: least_squares(np.ones((2, 1)), [1, 2], [1, -1]), "negative, found -1"),
    ],
)
def test_bad_input_says_what_and_where(call, message):
    with pytest.raises(ValueError, match=message):
        call()
