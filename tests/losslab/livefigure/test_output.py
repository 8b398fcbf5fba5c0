"""What a figure gives the notebook: complete, small, the same every time."""

import base64
import gzip
import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from bs4 import BeautifulSoup
from PIL import Image

from losslab import livefigure
from losslab.livefigure import Slider, explore, show
from losslab.livefigure.drawing import drawn, svg, to_text


def test_a_still_figure(shown, figures):
    figure = figures["huber"]()
    show(figure, alt="Two curves,\n  one of them  straight outside.")
    (output,) = shown
    assert set(output) == {"text/html", "image/png", "text/plain"}
    assert output["text/plain"] == "Two curves, one of them straight outside."
    assert not plt.fignum_exists(figure.number)


def test_the_picture_where_scripts_are_stripped(shown, figures):
    explore(figures["huber"], alt='δ = {delta:.1f} & “quotes"', delta=[0.5, 1.0])
    html = BeautifulSoup(shown[0]["text/html"], "html.parser")
    image = html.find("img")
    assert image["alt"] == 'δ = 1.0 & “quotes"'
    picture = Image.open(io.BytesIO(base64.b64decode(image["src"].partition(",")[2])))
    assert picture.size == (int(image["width"]), int(image["height"])) == (480, 307)
    assert not html.find_all(["input", "svg", "button"]), "dead without a script"


def test_no_ordinary_words_become_markup(shown):
    def draw(k):
        fig, ax = plt.subplots()
        ax.set_title("</script><b>&amp; ~0 #~1" + k)
        return fig

    explore(draw, alt="</script> <img> {k}", k=["a", "</script>"])
    html = BeautifulSoup(shown[0]["text/html"], "html.parser")
    assert len(html.find_all("script")) == 1
    assert not html.find_all("b")


def test_a_typical_slider_is_small(shown, figures):
    explore(figures["huber"], alt="At δ = {delta:.1f} the line bends.", delta=(0.2, 3.2, 0.1))
    html = shown[0]["text/html"].encode()
    assert html.count(b"At \xce\xb4") == 31 + 1
    assert html.count("δ".encode()) > 32, "drawn, too"
    assert len(html) <= 60 * 1024
    assert len(gzip.compress(html, mtime=0)) <= 16 * 1024


def test_same_bytes_in_every_process(tmp_path):
    (tmp_path / "draw.py").write_text(
        "import hashlib, IPython.display\n"
        "from conftest import huber, moving_axes\n"
        "from losslab import explore, show\n"
        "IPython.display.display = lambda d, **m: print({k: hashlib.sha256(repr(v).encode())"
        ".hexdigest() for k, v in d.items()}, m)\n"
        "explore(moving_axes, alt='{n}, {scale}', n=[2, 3], scale=['linear', 'log'])\n"
        "show(huber(), alt='Two curves')\n"
    )

    def run(seed):
        paths = [str(Path(__file__).parent), *sys.path]
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(paths)}
        command = [sys.executable, str(tmp_path / "draw.py")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

    first = run("1").stdout
    assert first.count("text/html") == 2
    assert first == run("2").stdout


def test_two_draws_in_one_process_are_the_same(shown, figures):
    for _ in range(2):
        explore(figures["moving_axes"], alt="{n}", n=[1, 2, 3])
    assert shown[0] == shown[1]


def test_words_stay_text_and_keep_their_width(figures):
    with drawn(figures["huber"]) as figure:
        tree = svg(figure)
    words = {text.text: float(text.get("textLength")) for text in tree.iter("text")}
    assert {"loss", "−3", "Huber,\u00a0", "δ", "\u00a0= 1.0", "residual\u00a0", "r"} <= set(words)
    assert words["loss"] == pytest.approx(23, abs=1)
    assert "\u0302" not in "".join(words), "fonts place the hat of ŷ as they like"
    hats = [path for path in tree.iter("path") if path.get("d").endswith("z")]
    assert hats, "so it is drawn"


def test_black_and_white_follow_the_page():
    def draw():
        fig, ax = plt.subplots()
        ax.plot([0, 1], color="black")
        ax.plot([1, 0], color="white")
        ax.plot([1, 1], color="#123456")
        return fig

    with drawn(draw) as figure:
        text = to_text(svg(figure))
    assert "#000000" not in text and "#ffffff" not in text
    assert "stroke:currentColor" in text
    assert "stroke:var(--lf-paper,#fff)" in text
    assert "stroke:#123456" in text


def test_rounding_does_not_drift():
    y = np.cumsum(np.full(2000, 1 / 3))

    def draw():
        fig = plt.figure(layout="none")
        axes = fig.add_axes((0, 0, 1, 1), xlim=(0, 2000), ylim=(0, y[-1]))
        axes.axis("off")
        axes.plot(y * (-1) ** np.arange(2000) + y)
        return fig

    with drawn(draw) as figure:
        (path,) = svg(figure).iter("path")
        end = figure.axes[0].transData.transform((1999, 0)) * 72 / figure.dpi
    numbers = path.get("d").replace("m", " ").replace("l", " ").replace("-", " -").split()
    assert sum(map(float, numbers[0::2])) == pytest.approx(end[0], abs=0.02)


def test_a_slider_takes_its_words_from_the_author(shown, figures):
    slider = Slider([0.5, 1.0], label="Threshold δ (minutes)", format="{:.2f} min", default=0.5)
    explore(figures["huber"], alt=lambda delta: f"Bends at {delta}.", delta=slider)
    assert (
        '"label":"Threshold δ (minutes)","texts":["0.50 min","1.00 min"],"start":0'
        in (shown[0]["text/html"])
    )
    assert shown[0]["text/plain"] == "Bends at 0.5."


def test_the_folder_works_anywhere(tmp_path):
    """It can be lifted out: nothing in it needs the course."""
    shutil.copytree(Path(livefigure.__file__).parent, tmp_path / "lifted")
    code = (
        "import sys; sys.modules['losslab'] = sys.modules['lossfns'] = None\n"
        "import IPython.display, matplotlib.pyplot as plt, lifted\n"
        "IPython.display.display = lambda data, **_: print(len(data['text/html']))\n"
        "lifted.explore(lambda k: plt.figure(), alt='{k}', k=[1, 2])"
    )
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert int(run.stdout or 0) > 1000, run.stderr
