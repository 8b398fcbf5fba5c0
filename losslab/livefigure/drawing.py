"""A matplotlib figure as a compact, theme-following SVG, and as a PNG."""

import io
import re
import unicodedata
import xml.etree.ElementTree as ET
from contextlib import contextmanager
from dataclasses import dataclass

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_mixed import MixedModeRenderer
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import ttfFontProperty
from matplotlib.ft2font import LoadFlags
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from .theme import css_colour

# Verdana has the widths of matplotlib's own DejaVu Sans and is on most machines that lack it.
FONTS = "'DejaVu Sans',Verdana,sans-serif"


@contextmanager
def drawn(draw, **parameters):
    """The figure that `draw(**parameters)` makes; at the end, whatever it left open is closed."""
    before = set(plt.get_fignums())
    try:
        figure = draw(**parameters)
        if not isinstance(figure, Figure):
            raise TypeError(
                f"draw must return the Figure it makes, found {figure!r}; end it with 'return fig'"
            )
        yield figure
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)


def png(figure, dpi, colours):
    """The picture on white paper, in few colours."""
    raw = io.BytesIO()
    figure.savefig(raw, format="png", dpi=dpi, facecolor="white", bbox_inches=None)
    picture = Image.open(raw).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    small = io.BytesIO()
    picture.save(small, format="png", optimize=True)
    return small.getvalue()


class _Renderer(RendererSVG):
    """Words and letters as text that keeps the width it was laid out with, the rest as outlines."""

    def __init__(self, *args, **kwargs):
        self.text_widths = []
        super().__init__(*args, **kwargs)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        if not ismath:
            self.text_widths.append(self.get_text_width_height_descent(s, prop, ismath)[0])
        if ismath is True and gc.get_clip_rectangle() is None:
            self._draw_formula(gc, x, y, s, prop, angle)
        else:
            mpl.rcParams["svg.fonttype"] = "path" if ismath else "none"
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)

    def draw_path(self, gc, path, transform, rgbFace=None):
        if (
            rgbFace is None
            and len(path) > 2
            and (path.codes is None or np.all(path.codes <= Path.LINETO))
        ):
            path = Path(path.vertices, path.codes)
            path.should_simplify, path.simplify_threshold = True, 0.03  # points: nobody sees it
        super().draw_path(gc, path, transform, rgbFace)

    def _draw_formula(self, gc, x, y, s, prop, angle):
        *_, glyphs, bars = self._text2path.mathtext_parser.parse(s, 72, prop)
        colour = to_hex(gc.get_rgb())
        alpha = (
            gc.get_rgb()[3]
            if len(gc.get_rgb()) > 3 and not gc.get_forced_alpha()
            else gc.get_alpha()
        )
        faint = "" if alpha in (None, 1) else f";opacity:{alpha}"
        to_page = Affine2D().rotate_deg(angle).translate(x, self.height - y)
        ink = self.new_gc()
        ink.set_linewidth(0)
        if faint:
            ink.set_alpha(alpha)
        place = f"translate({x} {y})" + (f"rotate({-angle})" if angle else "")
        self.writer.start("g", transform=place, style=f"fill:{colour}{faint}")
        outlines = []
        for run in _runs(glyphs):
            if run.style is None:
                outlines.append(run)
                continue
            self.text_widths.append(run.width)
            self.writer.element(
                "text",
                run.text,
                x=str(run.x),
                y=str(-run.y),
                style=f"font-size:{run.size}px;font-family:'DejaVu Sans'{run.style}",
            )
        for left, bottom, width, height in bars:
            self.writer.element(
                "rect", x=str(left), y=str(-bottom - height), width=str(width), height=str(height)
            )
        self.writer.end("g")
        for run in outlines:
            scale = Affine2D().scale(run.size / _OUTLINE_SIZE).translate(run.x, run.y)
            self.draw_path(ink, run.outline, scale + to_page, gc.get_rgb())
        ink.restore()


_OUTLINE_SIZE = 100


@dataclass
class _Run:
    """Signs of a formula that stand side by side in one style; style None is a single outline."""

    text: str
    style: str | None
    size: float
    x: float
    y: float
    width: float
    outline: Path | None = None

    def continues_with(self, other):
        beside = abs(self.x + self.width - other.x) < 0.05 * self.size
        return (
            beside
            and None is not self.style == other.style
            and (self.size, self.y) == (other.size, other.y)
        )


def _runs(glyphs):
    runs = []
    for font, size, code, *index, x, y in glyphs:
        font.clear()
        font.set_size(_OUTLINE_SIZE, 72)
        number = index[0] if index else font.get_char_index(code)
        glyph = font.load_glyph(number, flags=LoadFlags.NO_HINTING)
        width = glyph.linearHoriAdvance / 65536 * size / _OUTLINE_SIZE
        run = _Run(chr(code), _text_style(font, chr(code)), size, x, y, width)
        if run.style is None:
            run.outline = Path(*font.get_path())
        if runs and runs[-1].continues_with(run):
            runs[-1].text += run.text
            runs[-1].width = x + width - runs[-1].x
        else:
            runs.append(run)
    return [run for run in runs if not run.text.isspace()]


def _text_style(font, sign):
    """CSS for a sign that any sans-serif font has; None for one that must be drawn."""
    entry = ttfFontProperty(font)
    if entry.name != "DejaVu Sans" or unicodedata.category(sign) in ("Mn", "Sk", "Lm", "Co"):
        return None
    slant = ";font-style:italic" if entry.style != "normal" else ""
    return slant + (f";font-weight:{entry.weight}" if entry.weight != 400 else "")


class _Canvas(FigureCanvasSVG):
    """Draws through `_Renderer`, also when constrained layout asks how large a text is."""

    def print_svg(self, *_, **__):
        out = io.StringIO()
        width, height = self.figure.get_size_inches()
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        renderer = _Renderer(72 * width, 72 * height, out, metadata=nothing)
        self.figure.draw(MixedModeRenderer(self.figure, width, height, 144, renderer))
        renderer.finalize()
        return out.getvalue(), renderer.text_widths


def svg(figure):
    """The figure as an element tree: one `svg` element without namespaces, in points."""
    canvas, dpi, paper = figure.canvas, figure.dpi, figure.patch.get_visible()
    try:
        drawing = _Canvas(figure)
        figure.dpi = 72
        figure.patch.set_visible(False)
        with mpl.rc_context({"svg.hashsalt": "livefigure", "svg.image_inline": True}):
            text, text_widths = drawing.print_svg()
    finally:
        figure.set_canvas(canvas)
        figure.dpi = dpi
        figure.patch.set_visible(paper)
    return _compact(ET.fromstring(text), text_widths)  # noqa: S314, matplotlib wrote it


element = ET.Element


def to_text(element):
    """The element as text, children included."""
    return ET.tostring(element, encoding="unicode")


def _compact(root, text_widths):
    widths = iter(text_widths)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for key in [key for key in element.attrib if "}" in key]:
            element.set(key.rpartition("}")[2], element.attrib.pop(key))
        if element.tag == "text":
            element.set("textLength", _number(next(widths)))
            element.set("lengthAdjust", "spacingAndGlyphs")
            element.text = re.sub(
                "^ +| +$|  +", lambda spaces: "\u00a0" * len(spaces[0]), element.text or ""
            )
        else:
            element.text = None
        element.tail = None

    view_box = [_number(float(value)) for value in root.get("viewBox").split()]
    root.attrib = {
        "viewBox": " ".join(view_box),
        "fill": "currentColor",
        "stroke-linejoin": "round",
        "font-family": FONTS,
    }
    _prune(root)
    _rename_ids(root)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if value := _attribute(key, value):
                element.set(key, value)
            else:
                del element.attrib[key]
    _hoist_styles(root)
    return root


def _prune(element):
    """Drop what draws nothing, and groups that hold a single thing."""
    kept = []
    for child in element:
        _prune(child)
        bare = child.tag == "g" and len(child) == 1 and not set(child.attrib) - {"id"}
        kept.append(child[0] if bare else child)
    element[:] = [child for child in kept if not _draws_nothing(child)]


def _draws_nothing(element):
    if element.tag == "path":
        return element.get("style", "").replace(" ", "") in ("fill:none", "fill:none;stroke:none")
    return element.tag in ("metadata", "style") or (
        element.tag in ("g", "defs") and not len(element)
    )


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
                element.set(
                    key,
                    _REFERENCE.sub(
                        lambda m: f"url(#{names[m[1]]})" if m[1] else f"#{names[m[2]]}",
                        element.get(key),
                    ),
                )


_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def _number(value, decimals=2):
    text = f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    return {"-0": "0"}.get(
        text, text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    )


def _rounded(text):
    return _NUMBER.sub(lambda m: _number(float(m[0])), text)


def _transform(match):
    decimals = 2 if match[1] in ("translate", "rotate") else 6
    numbers = (_number(float(number), decimals) for number in _NUMBER.findall(match[2]))
    return f"{match[1]}({' '.join(numbers)})"


def _attribute(key, value):
    if key == "d":
        return _relative_path(value)
    if key == "transform":
        value = re.sub(r"rotate\(-?0(?: [^)]*)?\)", "", value)
        return re.sub(r"(\w+)\(([^)]*)\)\s*", _transform, value)
    if key == "style":
        return _style(value)
    if key in ("x", "y", "width", "height", "points", "x1", "x2", "y1", "y2", "r", "cx", "cy"):
        return _rounded(value)
    return value


def _style(value):
    parts = []
    for part in value.split(";"):
        name, _, setting = (piece.strip() for piece in part.partition(":"))
        if not name or (name, setting) in {
            ("stroke-linejoin", "round"),
            ("stroke-linecap", "butt"),
        }:
            continue
        if name == "font-family":
            if setting.startswith("'DejaVu Sans'"):
                continue  # stands on the root
        else:
            setting = re.sub(
                r"#[0-9a-f]{6}\b",
                lambda m: css_colour(m[0]),
                _rounded(setting) if "#" not in setting else setting,
            )
        parts.append(f"{name}:{setting}")
    return ";".join(parts)


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
