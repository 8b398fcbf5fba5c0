"""Colours that are told apart, also without one of the three kinds of cone, on light and dark."""

from itertools import combinations

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from lossfns import LOSSES
from losslab import COLOUR, LINE
from losslab.livefigure import theme

# Backgrounds of the book, of JupyterLab and of VS Code.
LIGHT, DARK = ["#ffffff"], ["#121212", "#14181e", "#111111", "#1e1e1e"]

# What a dichromat sees, in linear RGB: Machado, Oliveira & Fernandes (2009), severity 1.
SEEN_BY = {
    "everyone else": np.eye(3),
    "protanopes": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopes": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopes": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}

# Oklab (Ottosson 2020), in which equal distances look about equally large.
CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OPPONENTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)

# Losses that share an axis in the chapters.
TOGETHER = [
    ["mean_squared_error", "mean_absolute_error", "huber"],
    ["binary_cross_entropy", "mean_squared_error", "hinge"],
    ["cross_entropy", "kl_divergence"],
    ["cross_entropy", "binary_cross_entropy"],
]


def linear(colour):
    rgb = np.array(mpl.colors.to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """Contrast ratio of the Web Content Accessibility Guidelines, 1 to 21."""
    low, high = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def distance(one, other, eyes):
    """Distance in Oklab; 0.02 is just noticeable, black and white are 1 apart."""
    seen = [np.clip(SEEN_BY[eyes] @ linear(colour), 0, 1) for colour in (one, other)]
    first, second = (OPPONENTS @ np.cbrt(CONES @ rgb) for rgb in seen)
    return np.linalg.norm(first - second)


def palette(page):
    return {
        n: theme.DARK.get(c, c) if page == "dark" else c for n, c in COLOUR.items() if n != "ink"
    }


def test_the_measures_are_right():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert distance("#000000", "#ffffff", "everyone else") == pytest.approx(1, abs=1e-3)
    assert distance("#ff0000", "#00ff00", "everyone else") > 0.5
    red_and_green = "#b35c44", "#6f7a44"
    assert distance(*red_and_green, "deuteranopes") < 0.4 * distance(
        *red_and_green, "everyone else"
    )


def test_every_loss_has_its_colour_and_line():
    assert set(COLOUR) == set(LINE) == {*LOSSES, "data", "ink", "muted", "accent"}
    assert len(set(COLOUR.values())) == len(COLOUR)
    dashes = [str(LINE[name]["linestyle"]) for name in LOSSES]
    assert len(set(dashes)) == len(dashes)
    fig, ax = plt.subplots()
    for name, line in LINE.items():
        assert ax.plot([0, 1], **line)[0].get_color() == COLOUR[name]
    plt.close(fig)


@pytest.mark.parametrize("name", [name for name in COLOUR if name != "ink"])
def test_words_in_every_colour_can_be_read(name):
    assert min(contrast(palette("light")[name], paper) for paper in LIGHT) >= 4.5
    assert min(contrast(palette("dark")[name], paper) for paper in DARK) >= 4.5


@pytest.mark.parametrize("eyes", SEEN_BY)
@pytest.mark.parametrize("page", ["light", "dark"])
def test_colours_are_told_apart(page, eyes):
    colours = palette(page)
    for group in TOGETHER:
        for one, other in combinations(group, 2):
            apart = distance(colours[one], colours[other], eyes)
            assert apart >= 0.14, f"{one} and {other}: {apart:.3f}"
    for one, other in combinations(LOSSES, 2):  # in a gallery of all eight, where dashes help
        apart = distance(colours[one], colours[other], eyes)
        assert apart >= 0.05, f"{one} and {other}: {apart:.3f}"


def test_labels_are_large_enough_for_a_phone():
    """A figure of the style is 342 px wide on a 390 px phone when it has a caption."""
    with plt.style.context("losslab.course"):
        points = 72 * plt.rcParams["figure.figsize"][0]
        sizes = [plt.rcParams[f"{kind}.labelsize"] for kind in ("axes", "xtick", "ytick")]
        assert min(*sizes, plt.rcParams["legend.fontsize"]) * 342 / points >= 11
