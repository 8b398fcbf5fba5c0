"""The HTML of a figure: a picture, and a script that puts the drawing and sliders in its place."""

import base64
import json
from html import escape
from importlib.resources import files
from uuid import uuid4

from .drawing import to_text
from .states import encode
from .theme import dark_css

_HERE = files(__package__)


def static(trees, texts, controls, start, picture):
    """HTML that needs nothing else, and falls back to the picture where scripts are stripped.

    Parameters
    ----------
    trees, texts : lists
        Every state as `drawing.svg` and its alternative text; of several controls the last one's
        value changes first.
    controls : list of Control
        Empty for a still figure.
    start : int
        The state that is shown first.
    picture : bytes
        It as PNG.
    """
    width, height = _size(trees[0])
    aspect = "/".join(trees[0].get("viewBox").split()[2:])
    data = encode(trees) | {
        "alt": texts,
        "controls": [
            {
                "label": c.label,
                "texts": c.texts,
                "start": c.start,
                "choice": c.is_choice,
                "play": c.play,
            }
            for c in controls
        ],
    }
    source = base64.b64encode(picture).decode()
    script = read("livefigure.js").replace("DATA", _json(data))
    return frame(
        width,
        f'<div class="lf-picture" style="aspect-ratio:{aspect}"><img alt="{escape(texts[start])}" '
        f'width="{width}" height="{height}" src="data:image/png;base64,{source}"></div>'
        f"<script>{script}</script>",
        data["svg"],
    )


def inline(tree, text):
    """HTML of one drawing without a script, for a place where HTML is set and not run."""
    width, _ = _size(tree)
    tree.set("role", "img")
    tree.set("aria-label", text)
    svg = (
        to_text(tree).replace("~", f"lf{uuid4().hex[:8]}-")
        if "~" in to_text(tree)
        else to_text(tree)
    )
    return frame(width, f'<div class="lf-picture">{svg}</div>', svg)


def frame(width, content, svg):
    """Put what is drawn in `svg` into a box that gives it the colours of the page."""
    css = read("livefigure.css").replace("--dark: 0;", dark_css(svg))
    return (
        f'<div class="livefigure" style="max-width:{width}px"><style>{css}</style>{content}</div>'
    )


def _size(tree):
    """Width and height in CSS pixels."""
    return [round(float(number) * 96 / 72) for number in tree.get("viewBox").split()[2:]]


def _json(data):
    """JSON that may stand in a script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def read(name):
    """Text of a file beside this one, without its comments and indents."""
    lines = (_HERE / name).read_text("utf-8").splitlines()
    return "\n".join(
        line.strip() for line in lines if line.strip() and not line.strip().startswith(("//", "/*"))
    )
