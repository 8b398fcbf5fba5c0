"""The HTML of a figure: a picture, and a script that puts the drawing and its sliders in its place."""

import base64
import json
from html import escape
from importlib.resources import files

from .drawing import to_text
from .theme import dark_css

SMALL_DPI = 96
LARGE_DPI = 144

_HERE = files(__package__)


def still(tree, picture, alternative):
    return _page({"svg": to_text(tree), "alt": [alternative]}, picture, alternative, tree.get("viewBox"), [])


def explorable(base, places, picture, alternative, texts, controls):
    data = {
        "svg": base,
        "alt": texts,
        "sliders": [
            {"label": c.label, "texts": c.texts, "start": c.start, "choice": c.is_choice, "play": c.play}
            for c in controls
        ],
        "places": places,
    }
    view_box = base.partition('viewBox="')[2].partition('"')[0]
    return _page(data, picture, alternative, view_box, controls)


def display_size(figure):
    width, height = figure.get_size_inches()
    return {"width": round(96 * width), "height": round(96 * height)}


def _page(data, picture, alternative, view_box, controls):
    width, height = (float(number) * 4 / 3 for number in view_box.split()[2:])
    css = _read("livefigure.css")
    if dark := dark_css(data["svg"]):
        css = css.replace("/*dark*/", dark)
    source = "data:image/png;base64," + base64.b64encode(picture).decode()
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<div class="livefigure" style="max-width:{width:.0f}px"><style>{css}</style>'
        f'<div class="lf-picture" style="aspect-ratio:{width:.0f}/{height:.0f}">'
        f'<img alt="{escape(alternative)}" width="{width:.0f}" height="{height:.0f}" src="{source}"></div>'
        f'<div class="lf-controls" style="min-height:{44 * max(1, len(controls))}px"></div>'
        f"<script>{_read('livefigure.js').replace('DATA', text)}</script></div>"
    )


def _read(name):
    return "".join(line.strip() + "\n" for line in (_HERE / name).read_text("utf-8").splitlines() if line.strip())
