"""A matplotlib figure as a compact, theme-following SVG, and as a PNG."""

import io
import re
import xml.etree.ElementTree as ET
from contextlib import contextmanager

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from PIL import Image

from .theme import css_colour

# Verdana has the widths of matplotlib's own DejaVu Sans and is on most machines that lack it.
FONTS = "'DejaVu Sans',Verdana,sans-serif"


@contextmanager
def drawn(draw, **parameters):
    """The figure that `draw(**parameters)` makes; it and any other left open are closed at the end."""
    before = set(plt.get_fignums())
    try:
        figure = draw(**parameters)
        if not isinstance(figure, Figure):
            raise TypeError(f"draw must return the Figure it makes, found {figure!r}; end it with 'return fig'")
        yield figure
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)


def png(figure, dpi):
    """The picture on white paper, in few colours."""
    raw = io.BytesIO()
    figure.savefig(raw, format="png", dpi=dpi, facecolor="white", bbox_inches=None)
    picture = Image.open(raw).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    small = io.BytesIO()
    picture.save(small, format="png", optimize=True)
    return small.getvalue()


class _Renderer(RendererSVG):
    """Words as text, with the width they were laid out with; formulas as outlines."""

    def __init__(self, *args, **kwargs):
        self.text_widths = []
        super().__init__(*args, **kwargs)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        mpl.rcParams["svg.fonttype"] = "path" if ismath else "none"
        if not ismath:
            self.text_widths.append(self.get_text_width_height_descent(s, prop, False)[0])
        super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)


def svg(figure):
    """The figure as an element tree: one `svg` element without namespaces, in points."""
    out = io.StringIO()
    dpi = figure.dpi
    width, height = figure.get_size_inches()
    paper = figure.patch.get_visible()
    with mpl.rc_context({"svg.hashsalt": "livefigure", "svg.image_inline": True}):
        try:
            figure.dpi = 72
            figure.patch.set_visible(False)
            renderer = _Renderer(width * 72, height * 72, out, image_dpi=2 * dpi, metadata={"Date": None, "Creator": None})
            mixed = MixedModeRenderer(figure, width, height, 2 * dpi, renderer)
            figure.draw(mixed)
            mixed.finalize()
        finally:
            figure.dpi = dpi
            figure.patch.set_visible(paper)
    return _compact(ET.fromstring(out.getvalue()), renderer.text_widths)


def to_text(element):
    """The element as text, children included."""
    return ET.tostring(element, encoding="unicode", short_empty_elements=True)


def _compact(root, text_widths):
    widths = iter(text_widths)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for key in [key for key in element.attrib if "}" in key]:
            element.set(key.rpartition("}")[2], element.attrib.pop(key))
        if element.tag == "text":
            element.set("textLength", _number(next(widths)))
            element.set("lengthAdjust", "spacingAndGlyphs")
        else:
            element.text = None
        element.tail = None

    view_box = [_number(float(value)) for value in root.get("viewBox").split()]
    root.attrib = {"viewBox": " ".join(view_box), "fill": "currentColor", "stroke-linejoin": "round"}
    _prune(root)
    _rename_ids(root)
    for element in root.iter():
        for key, value in element.attrib.items():
            element.set(key, _attribute(key, value))
    _hoist_styles(root)
    return root


def _prune(element):
    """Drop what draws nothing, and groups that hold a single thing."""
    kept = []
    for child in element:
        if child.tag in ("metadata", "style"):
            continue
        _prune(child)
        if child.tag in ("g", "defs"):
            if not len(child):
                continue
            if len(child) == 1 and child.tag == "g" and not set(child.attrib) - {"id"}:
                child = child[0]
        style = child.get("style", "").replace(" ", "")
        if child.tag == "path" and style in ("fill:none", "fill:none;stroke:none"):
            continue
        kept.append(child)
    element[:] = kept


_REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)$")


def _rename_ids(root):
    """Keep only the ids that are referred to, as ~0, ~1, … in order of appearance."""
    names = {}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key in ("href", "clip-path", "style"):
                for match in _REFERENCE.finditer(value):
                    names.setdefault(match[1] or match[2], f"~{len(names)}")
    for element in root.iter():
        if (name := element.attrib.pop("id", None)) in names:
            element.set("id", names[name])
        for key in ("href", "clip-path", "style"):
            if key in element.attrib:
                element.set(key, _REFERENCE.sub(
                    lambda m: f"url(#{names[m[1]]})" if m[1] else f"#{names[m[2]]}", element.get(key)))


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def _number(value, decimals=2):
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    return {"-0": "0"}.get(text, text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text)


def _rounded(text):
    return _NUMBER.sub(lambda m: _number(float(m[0])), text)


def _attribute(key, value):
    if key == "d":
        return _relative_path(value)
    if key == "transform":
        return re.sub(
            r"(\w+)\(([^)]*)\)\s*",
            lambda m: f"{m[1]}({' '.join(_number(float(n), 2 if m[1] in ('translate', 'rotate') else 6) for n in _NUMBER.findall(m[2]))})",
            value,
        )
    if key == "style":
        return _style(value)
    if key in ("x", "y", "width", "height", "points", "x1", "x2", "y1", "y2", "r", "cx", "cy"):
        return _rounded(value)
    return value


def _style(value):
    parts = []
    for part in value.split(";"):
        name, _, setting = (piece.strip() for piece in part.partition(":"))
        if not name or (name, setting) in {("stroke-linejoin", "round"), ("stroke-linecap", "butt")}:
            continue
        if name == "font-family":
            setting = _font_family(setting)
        else:
            setting = re.sub(r"#[0-9a-f]{6}\b", lambda m: css_colour(m[0]), _rounded(setting) if "#" not in setting else setting)
        parts.append(f"{name}:{setting}")
    return ";".join(parts)


def _font_family(setting):
    return FONTS if "DejaVu Sans'" in setting else setting


def _hoist_styles(element):
    """Give a group the style that all of its children repeat."""
    for child in element:
        _hoist_styles(child)
    if element.tag != "g" or len(element) < 2:
        return
    for key in ("style", "clip-path"):
        shared = {child.get(key) for child in element}
        if len(shared) == 1 and None not in shared and key not in element.attrib:
            (value,) = shared
            if key == "style" and re.search(r"(^|;)opacity", value):
                continue
            if key == "clip-path" and any("transform" in child.attrib for child in element):
                continue
            element.set(key, value)
            for child in element:
                del child.attrib[key]


_SIZES = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


def _relative_path(path):
    """The path in relative commands, rounded without drift to a hundredth of a point."""
    out, command = [], ""
    x = y = start_x = start_y = 0
    tokens = re.findall(r"[A-Za-z]|" + _NUMBER.pattern, path)
    position = 0
    while position < len(tokens):
        if tokens[position].isalpha():
            letter = tokens[position].upper()
            position += 1
        size = _SIZES[letter]
        if not size:
            out.append("z")
            command, (x, y) = "z", (start_x, start_y)
            continue
        points = [round(100 * float(token)) for token in tokens[position : position + size]]
        position += size
        steps = [p - (y if i % 2 else x) for i, p in enumerate(points)]
        x, y = points[-2:]
        if letter == "M":
            start_x, start_y = x, y
        if letter.lower() != command:
            out.append(letter.lower())
            command = letter.lower()
        if letter == "M":
            command = "l"  # coordinates after a move are lines
        for step in steps:
            number = _number(step / 100)
            if out[-1].isalpha() or number.startswith("-"):
                out.append(number)
            else:
                out.append(" " + number)
        if letter == "M":
            letter = "L"
    return "".join(out)
