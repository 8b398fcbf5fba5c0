"""Bad calls fail at once and say what is wrong; good ones are understood."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from losslab.livefigure import Slider, explore, show
from losslab.livefigure.sliders import controls


def draw(delta=1.0, kind="a"):
    return plt.figure()


@pytest.mark.parametrize(
    ("sliders", "message"),
    [
        ({}, "at least one slider"),
        ({"delta": (0, 3)}, r"delta: a tuple means \(min, max, step\), found \(0, 3\)"),
        ({"delta": (3, 0, 1)}, "delta: expected min < max"),
        ({"delta": (0, 3, 0)}, "step > 0"),
        ({"delta": (0, 0, 1)}, "delta: expected min < max"),
        ({"delta": [1]}, "at least two values"),
        ({"delta": [1, 1]}, "only once"),
        ({"delta": 3}, "delta: expected .* a list of values, found 3"),
        ({"delta": "abc"}, "delta: expected .* a list of values, found 'abc'"),
        ({"delta": [2, 3]}, r"default 1\.0 is not one of .* 2, 3"),
        ({"delta": Slider([1, 2], default=7)}, "default 7 is not one of"),
        ({"delta": (0, 100, 1)}, "101 states are too many: .* at most 61"),
        ({"delta": (0, 20, 1), "kind": list("abcdefg")}, "21 × 7 = 147 states .* at most 121"),
        ({"epsilon": (0, 1, 0.1)}, "no parameter 'epsilon'; it takes delta, kind"),
        ({"delta": (0, 1, 0.1), "kind": ["a", "b"], "x": [1, 2]}, "one or two sliders, found 3"),
        ({"delta": Slider((0, 2, 0.5), format="{:d}")}, r"delta: the format '\{:d\}' does not fit"),
    ],
)
def test_a_bad_slider(sliders, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explore(draw, alt="Something to see.", **sliders)


def test_draw_needs_an_argument_without_a_slider():
    def needy(delta, data):
        return plt.figure()

    with pytest.raises(TypeError, match="draw needs 'data'"):
        explore(needy, alt="Something to see.", delta=(0, 1, 0.1))


def test_draw_is_no_function():
    with pytest.raises(TypeError, match="draw must be a function"):
        explore(3, alt="Something to see.", delta=(0, 1, 0.1))


def test_draw_returns_no_figure():
    def forgetful(delta):
        plt.subplots()

    with pytest.raises(TypeError, match=r"draw must return the Figure .* found None"):
        explore(forgetful, alt="Something to see.", delta=[0, 1])


def test_the_size_changes():
    def growing(n):
        return plt.figure(figsize=(n, 2))

    with pytest.raises(ValueError, match=r"keep its size: 3 × 2 inches for {'n': 3}, but 4 × 2"):
        explore(growing, alt="Something to see.", n=[3, 4])


@pytest.mark.parametrize("alt", ["", "   ", None, 7, lambda: ""])
def test_nothing_is_said(alt):
    with pytest.raises(ValueError, match="alt must be a sentence"):
        explore(draw, alt=alt, delta=[1.0, 2.0])
    if not callable(alt):
        figure = plt.figure()
        with pytest.raises(ValueError, match="alt must be a sentence"):
            show(figure, alt=alt)
        plt.close(figure)


def test_alt_speaks_of_something_else():
    with pytest.raises(ValueError, match="alt speaks of 'sigma'"):
        explore(draw, alt="σ = {sigma}", delta=[1.0, 2.0])


def test_an_error_in_draw_comes_out():
    def broken(delta):
        return 1 / (delta - 2)

    with pytest.raises(ZeroDivisionError):
        explore(broken, alt="Something to see.", delta=[2, 3])


@pytest.mark.parametrize("figure", [None, 3, lambda: None])
def test_show_needs_a_figure(figure):
    with pytest.raises(TypeError, match="Figure"):
        show(figure, alt="Something to see.")


@pytest.mark.parametrize(
    ("values", "expected", "texts"),
    [
        ((0, 1, 0.25), [0.0, 0.25, 0.5, 0.75, 1.0], ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        ((0.1, 0.4, 0.1), [0.1, 0.2, 0.3, 0.4], ["0.1", "0.2", "0.3", "0.4"]),
        ((-2, 2, 2), [-2, 0, 2], ["−2", "0", "2"]),
        ((0, 1, 0.3), [0.0, 0.3, 0.6, 0.9], ["0.0", "0.3", "0.6", "0.9"]),
        (range(3), [0, 1, 2], ["0", "1", "2"]),
        (np.array([1, 10, 100]), [1, 10, 100], ["1", "10", "100"]),
        (np.logspace(-4, 0, 3), [1e-4, 1e-2, 1.0], ["0.0001", "0.01", "1"]),
        (["mean", "median"], ["mean", "median"], ["mean", "median"]),
    ],
)
def test_values_are_exact_and_read_well(values, expected, texts):
    (control,) = controls(lambda p: None, {"p": values})
    assert list(control.values) == expected
    assert list(control.texts) == texts
    assert all(type(value) in (int, float, str) for value in control.values)


def test_where_a_slider_starts():
    def start(slider, draw):
        (control,) = controls(draw, {"p": slider})
        return control.values[control.start]

    assert start((0, 4, 1), lambda p: None) == 2
    assert start((0, 4, 1), lambda p=3: None) == 3
    assert start(Slider((0, 4, 1), default=1), lambda p=3: None) == 1
    assert start((0, 1, 0.1), lambda p=0.1 + 0.2: None) == 0.3
