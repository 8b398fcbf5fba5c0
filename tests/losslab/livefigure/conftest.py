"""Figures to look at, and what the notebook would be given of them."""

import os
import re
import shutil
import xml.etree.ElementTree as ET
from functools import cache

import IPython.display
import matplotlib.pyplot as plt
import numpy as np
import pytest

from losslab import COLOUR, Slider, explore, show
from losslab.livefigure.drawing import drawn, svg


@pytest.fixture(autouse=True)
def course_style(monkeypatch):
    monkeypatch.delenv("LOSSLAB_LIVE", raising=False)
    with plt.style.context("losslab.course"):
        yield
    assert not plt.get_fignums(), "a figure was left open"


@pytest.fixture
def shown(monkeypatch):
    """Outputs that were displayed, each a dictionary by MIME type."""
    outputs = []
    monkeypatch.setattr(IPython.display, "display", lambda data, **_: outputs.append(data))
    return outputs


def huber(delta=1.0):
    """Draw a typical figure: two curves and a label with a formula."""
    r = np.linspace(-3, 3, 121)
    inside = np.abs(r) <= delta
    fig, ax = plt.subplots()
    ax.plot(r, r**2 / 2, color="#3401c5")
    ax.plot(r, np.where(inside, r**2 / 2, delta * (np.abs(r) - delta / 2)), "--", color="#750062")
    ax.set(xlabel=r"residual $r = \hat{y} - y$", ylabel="loss", xlim=(-3, 3), ylim=(0, 4.5))
    ax.text(0.7, 0.3, rf"Huber, $\delta$ = {delta:.1f}", color="#750062")
    return fig


def moving_axes(n=3, scale="linear"):
    """Draw what changes its structure: ticks, an arrow and points come and go."""
    x = np.linspace(1, 10 * n, 4 * n)
    fig, ax = plt.subplots()
    ax.scatter(x, x**2)
    if n > 2:
        ax.annotate("here", (n, n), xytext=(4 * n, n), arrowprops={"arrowstyle": "->"})
    ax.plot(x, x**2, color="black")
    ax.set(yscale=scale, title="a & b < c")
    return fig


def names():
    fig, ax = plt.subplots()
    for height, name in enumerate(["huber", "ink"]):
        ax.plot([0, 1], [height, height], color=COLOUR[name])
        ax.text(0.5, height, name, color=COLOUR[name])
    return fig


@pytest.fixture(scope="session")
def figures():
    return {"huber": huber, "moving_axes": moving_axes}


PAGE = """<!doctype html><html lang=en><meta charset=utf-8><title>Figures</title>
<meta name=viewport content="width=device-width">
<script>
const names = Object.getOwnPropertyNames(window);
let shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (shift += entry.value)))
  .observe({{ type: "layout-shift", buffered: true }});
</script>
<style>
  body {{ font: 16px/1.5 sans-serif; margin: 16px; max-width: 720px }}
  html[data-theme=dark] {{ background: #121212; color: #ced6dd; color-scheme: dark }}
</style><p>Before.{}<p>After."""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Three figures on one page: 31 states; two controls, one a choice; a still one."""
    outputs = []
    with pytest.MonkeyPatch.context() as patch, plt.style.context("losslab.course"):
        patch.delenv("LOSSLAB_LIVE", raising=False)
        patch.setattr(
            IPython.display, "display", lambda data, **_: outputs.append(data["text/html"])
        )
        explore(
            huber,
            alt="The line bends at ±{delta:.1f} minutes.",
            delta=Slider((0.2, 3.2, 0.1), label="Threshold δ (minutes)"),
        )
        explore(
            moving_axes,
            alt="Points from 1 to {n}0 on a {scale} axis.",
            n=Slider([1, 2, 3, 4], play=True),
            scale=["linear", "log"],
        )
        show(names, alt="Two lines with their names.")
    path = tmp_path_factory.mktemp("site") / "figures.html"
    path.write_text(PAGE.format("<p>Between.".join(outputs)), encoding="utf-8")
    return path.as_uri()


def comparable(root):
    """An SVG tree as text: without namespace, names for readers, own ids and bare groups."""
    if isinstance(root, str):
        root = ET.fromstring(re.sub(r"lf[a-z0-9]+-(?=\d)", "~", root))
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
        for name in ("role", "aria-label"):
            node.attrib.pop(name, None)
    _flatten(root)
    return ET.canonicalize(ET.tostring(root, encoding="unicode"))


def _flatten(node):
    flat = []
    for child in node:
        _flatten(child)
        flat.extend(child if child.tag == "g" and not child.attrib else [child])
    node[:] = flat


@pytest.fixture(scope="session")
def alone():
    """What matplotlib draws for one state, in the form of `same`."""

    @cache
    def draw_alone(draw, **state):
        with drawn(draw, **state) as figure:
            return comparable(svg(figure))

    return draw_alone


@pytest.fixture
def same():
    return comparable


def browser(*names, variable):
    """Where a browser is; without one the test fails in CI and is skipped elsewhere."""
    found = os.environ.get(variable) or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        reason = f"no {names[0]}: install one, or name it in the environment variable {variable}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return found


@pytest.fixture(scope="session")
def chromium_path():
    return browser("chromium", "chromium-browser", "google-chrome", variable="CHROMIUM")


@pytest.fixture(scope="session")
def firefox_path():
    return browser("firefox-esr", "firefox", variable="FIREFOX")
