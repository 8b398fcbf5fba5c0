"""Widgets where a notebook is open in front of somebody; elsewhere the page that needs none."""

import sys
from types import SimpleNamespace

import ipywidgets
import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest

from losslab.livefigure import Slider, explore, live


@pytest.fixture
def shell(monkeypatch):
    """A notebook's shell with nobody in front of it."""
    shell = SimpleNamespace(kernel=object(), user_ns={})
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.setitem(sys.modules, "ipykernel", SimpleNamespace())
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return shell


def test_a_kernel_alone_is_not_live(shell):
    assert not live.is_live()


def test_jupyterlab_notebook_and_binder(shell, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "chapter.ipynb")
    assert live.is_live()


def test_colab(shell, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace())
    assert live.is_live()


def test_vs_code(shell):
    shell.user_ns["__vsc_ipynb_file__"] = "chapter.ipynb"
    assert live.is_live()


def test_no_kernel_is_not_live(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "chapter.ipynb")
    assert not live.is_live()


def test_no_ipywidgets_is_not_live(shell, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "chapter.ipynb")
    monkeypatch.setattr(live.importlib.util, "find_spec", lambda name: None)
    assert not live.is_live()


def test_the_environment_decides(shell, monkeypatch):
    monkeypatch.setenv("LOSSLAB_LIVE", "1")
    assert live.is_live()
    monkeypatch.setenv("JPY_SESSION_NAME", "chapter.ipynb")
    monkeypatch.setenv("LOSSLAB_LIVE", "0")
    assert not live.is_live()
    monkeypatch.setenv("LOSSLAB_LIVE", "yes")
    with pytest.raises(ValueError, match="must be 1 or 0, found 'yes'"):
        live.is_live()


@pytest.fixture
def widgets(monkeypatch, shown):
    """Call `explore` as in an open notebook; return the picture and the widgets below it."""
    monkeypatch.setenv("LOSSLAB_LIVE", "1")

    def call(*args, **kwargs):
        explore(*args, **kwargs)
        model = shown[-1][live.WIDGET_VIEW]["model_id"]
        return ipywidgets.widgets.widget._instances[model].children  # noqa: SLF001, there is no public way

    yield call
    ipywidgets.Widget.close_all()


def test_the_output_has_a_picture_too_and_draws_only_twice(widgets, shown, figures):
    calls = []

    def draw(delta=1.0):
        calls.append(delta)
        return figures["huber"](delta)

    widgets(draw, alt="Bends at {delta:.2f}.", delta=(0.2, 3.2, 0.1))
    assert calls == [1.0], "the first picture must not wait for the others"
    assert set(shown[0]) == {"text/html", "image/png", "text/plain", live.WIDGET_VIEW}
    assert '"controls":[]' in shown[0]["text/html"]


def test_any_value_is_drawn(widgets, figures):
    picture, slider = widgets(figures["huber"], alt="Bends at {delta:.2f}.", delta=(0.2, 3.2, 0.1))
    assert 'aria-label="Bends at 1.00."' in picture.value
    slider.value = 1.23
    assert 'aria-label="Bends at 1.23."' in picture.value
    assert "<svg" in picture.value
    assert "~" not in picture.value


def test_an_error_is_shown_and_passes(widgets):
    def draw(k=1):
        if k == 2:
            raise ZeroDivisionError("k is two")
        return plt.figure()

    picture, slider = widgets(draw, alt="{k}", k=[1, 2, 3])
    slider.value = 2
    assert "ZeroDivisionError: k is two" in picture.value
    assert 'role="alert"' in picture.value
    assert "drawing.py" not in picture.value, "only the reader's own code"
    slider.value = 3
    assert "<svg" in picture.value


@pytest.mark.parametrize(
    ("values", "kind", "start"),
    [
        ((0, 2, 0.5), ipywidgets.FloatSlider, 1.0),
        (range(5), ipywidgets.IntSlider, 2),
        (np.logspace(-3, 1, 9), ipywidgets.FloatLogSlider, 0.1),
        (["mean", "median"], ipywidgets.ToggleButtons, "mean"),
    ],
)
def test_the_widget_fits_the_values(widgets, values, kind, start):
    _, slider = widgets(lambda p: plt.figure(), alt="{p}", p=Slider(values, label="P (s)"))
    assert type(slider) is kind
    assert slider.value == pytest.approx(start) if kind is not ipywidgets.ToggleButtons else start
    assert slider.description == "P (s)"


def test_play(widgets):
    _, row = widgets(lambda step: plt.figure(), alt="{step}", step=Slider(range(4), play=True))
    slider, play = row.children
    play.value = 3
    assert slider.value == 3


def run(monkeypatch, **environment):
    """Outputs of a notebook that nobody looks at, by MIME type."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    source = (
        "import matplotlib.pyplot as plt\n"
        "from losslab import explore\n"
        "explore(lambda k: plt.figure(figsize=(1, 1)), alt='Number {k}.', k=[1, 2, 3])"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbclient.NotebookClient(notebook, kernel_name="python3").execute()
    (output,) = notebook.cells[0].outputs
    return output.data, notebook.metadata


def test_a_build_gets_the_page_that_needs_no_kernel(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    data, metadata = run(monkeypatch)
    assert set(data) == {"text/html", "image/png", "text/plain"}
    assert '"texts":["1","2","3"]' in data["text/html"]
    assert "widgets" not in metadata


def test_a_kernel_of_a_jupyter_server_gets_widgets(monkeypatch):
    data, _ = run(monkeypatch, JPY_SESSION_NAME="chapter.ipynb")
    assert live.WIDGET_VIEW in data
