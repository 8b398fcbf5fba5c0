"""The figures on a page of the site, made lighter than in a notebook.

In a notebook each figure brings its script, its styles, and a picture for where scripts are
stripped. On the site the drawing stands in the page itself, script and styles are files that all
figures share, and the states of a large figure are a file that is loaded when it comes near.
"""

import hashlib
import json
import re
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree as ET

FIGURE = re.compile(
    r'(<div class="livefigure"[^>]*>)<style>([^<]*)</style>'
    r'(<div class="lf-picture"[^>]*>)<img [^>]*></div><script>(.*?)</script>',
    re.DOTALL,
)
OWN_ID = re.compile('(^|id="|#)~')
DARK = re.compile(r"--lf-[0-9a-f]{6}:#[0-9a-f]{6};")
DARK_RULE = "@media screen{html[data-theme=dark] .livefigure{%s}}"
STATES = ("places", "patterns", "alt")
LARGE = 16_000  # characters of states that are worth a file of their own


@cache
def _read(name):
    """Return a file that figures are made with; Matplotlib is loaded for it, so not before."""
    return import_module("losslab.livefigure.page").read(name)


def _around():
    """Return what a figure's script has before its data and after them."""
    return _read("livefigure.js").split("DATA")


def lighten(html, pathto, static):
    """Return a page with its figures made light.

    Parameters
    ----------
    html : str
        The page, with figures as `losslab.show` and `losslab.explore` give them.
    pathto : function
        Gives the address of a file of the site, from this page.
    static : pathlib.Path
        The site's folder ``_static``, where states of large figures go.
    """
    dark = {}

    def write(match):
        frame, style, picture, script = match.groups()
        head, tail = _around()
        if not (script.startswith(head) and script.endswith(tail)):
            return match.group()  # drawn by another version of livefigure
        dark.update(dict.fromkeys(DARK.findall(style)))
        values = script[len(head) : -len(tail)]
        name = f"lf{hashlib.sha256(values.encode()).hexdigest()[:10]}"
        data = json.loads(values)
        drawing, state = _start(data)
        label = data["alt"][state]
        drawing = OWN_ID.sub(rf"\1{name}-", drawing)
        drawing = drawing.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
        later = ""
        if len(values := _javascript({key: data.pop(key) for key in STATES})) > LARGE:
            file = static / "figures" / f"{name}.js"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f'livefigure.states("{name}",{values})\n', "utf-8")
            later = f',"{pathto(f"_static/figures/{file.name}", 1)}"'
            values = _javascript({"places": [], "patterns": [], "alt": {state: label}})
        values = f"{_javascript(data)[:-1]},{values[1:]}"
        return (
            f"{frame}{picture}{drawing}</div>"
            f'<script>livefigure(document.currentScript.parentNode,"{name}",{values}{later})</script>'
        )

    html = FIGURE.sub(write, html)
    if not dark:
        return html
    shared = (
        f'<script src="{pathto("_static/livefigure.js", 1)}"></script>\n'
        f"<style>{DARK_RULE % ''.join(dark)}</style>\n"
    )
    return html.replace("</head>", f"{shared}</head>", 1)


def _javascript(data):
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", r"<\/").replace("<!--", r"<\!--")


def _start(data):
    """Take the drawing out of the data; return it in the state it starts with, and its number.

    The numbers of the elements in ``data["places"]`` become those of this state.
    """
    tree = ET.fromstring(data.pop("svg"))  # noqa: S314 -- the course's own
    elements = list(tree.iter())
    state = 0
    for control in data["controls"]:
        state = state * len(control["texts"]) + control["start"]
    for number, attribute, values, pattern in data["places"]:
        element, value = elements[number], values[data["patterns"][pattern][state]]
        if attribute == "#":
            element.text = value
        elif attribute == "<":
            element[:] = ET.fromstring(f"<g>{value}</g>")  # noqa: S314
        elif value is None:
            element.attrib.pop(attribute, None)
        else:
            element.set(attribute, value)
    number = {element: count for count, element in enumerate(tree.iter())}
    for place in data["places"]:
        place[0] = number[elements[place[0]]]
    return ET.tostring(tree, encoding="unicode"), state


def script():
    """Return the script that the figures of the site share."""
    core = _around()[0].removesuffix("(document.currentScript.parentNode, ")
    for old, new in {
        "(root, data) =>": "(root, name, data) =>",
        'const name = "lf" + Math.random().toString(36).slice(2, 10);\n': "",
        "picture.innerHTML = own(data.svg);\n": "",
    }.items():
        before, after = core.split(old)  # once, or the figures' script has changed
        core = before + new + after
    return Path(__file__).with_suffix(".js").read_text("utf-8").replace("CORE", core, 1)


def styles():
    """Return the styles that the figures of the site share."""
    return _read("livefigure.css").replace("--dark: 0;", "")
