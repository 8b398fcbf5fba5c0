"""The icons of the site, drawn on a square of 24 units with lines of width 2.

The theme names them as Font Awesome does, whose script alone weighs more than a chapter.
"""

_LINES = {
    "angle-left": "M15 5l-7 7 7 7",
    "angle-right": "M9 5l7 7-7 7",
    "arrow-up": "M12 20V4M5 11l7-7 7 7",
    "bars": "M4 6h16M4 12h16M4 18h16",
    "chevron-down": "M6 9l6 6 6-6",
    "circle-half-stroke": "M12 3a9 9 0 0 1 0 18z",
    "code": "M8 7l-5 5 5 5M16 7l5 5-5 5",
    "download": "M12 4v11M7 10l5 5 5-5M4 20h16",
    "file": "M6 3h8l5 5v13H6zM14 3v5h5",
    "file-pdf": "M7 9V3h10v6M7 18H3V9h18v9h-4M7 14h10v7H7z",
    "github": "M6 8v8M18 10c0 4-12 2-12 6M6 3a2.5 2.5 0 0 1 0 5a2.5 2.5 0 0 1 0-5"
    "M18 5a2.5 2.5 0 0 1 0 5a2.5 2.5 0 0 1 0-5M6 16a2.5 2.5 0 0 1 0 5a2.5 2.5 0 0 1 0-5",
    "lightbulb": "M4 4h16v12h-9l-5 4v-4H4zM8 8h8M8 12h5",
    "list": "M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01",
    "magnifying-glass": "M10.5 4a6.5 6.5 0 0 1 0 13a6.5 6.5 0 0 1 0-13M15.5 15.5L21 21",
    "moon": "M20 14.5A8.5 8.5 0 1 1 9.5 4A7 7 0 0 0 20 14.5z",
    "pencil-alt": "M4 20l1-4L16 5l3 3L8 19z",
    "play": "M7 4l12 8-12 8z",
    "rocket": "M7 4l12 8-12 8z",
    "sun": "M12 8a4 4 0 0 1 0 8a4 4 0 0 1 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5"
    "M17.5 17.5L19 19M19 5l-1.5 1.5M6.5 17.5L5 19",
}
_FILLED = {"circle-half-stroke": "M12 3a9 9 0 0 0 0 18z"}


def svg(name, *, attributes=""):
    """Return the icon as SVG for a page, in the colour of its text; ``KeyError`` if not drawn."""
    filled = f'<path fill="currentColor" d="{_FILLED[name]}"/>' if name in _FILLED else ""
    lines = f'<path d="{_LINES[name]}"/>'
    return f'<svg viewBox="0 0 24 24" aria-hidden="true"{attributes}>{filled}{lines}</svg>'
