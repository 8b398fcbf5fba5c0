"""Sphinx extension: the curve of a loss beside its name, drawn from `lossfns` as the book is built.

In Markdown it is a directive, whose option says what is to be seen::

    ```{loss-curve} huber
    :alt: A bowl whose sides become straight.
    ```
"""

from html import escape
from pathlib import Path
from typing import ClassVar

import numpy as np
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

import lossfns
from losslab import gallery, style
from losslab.livefigure.theme import DARK

WIDTH, HEIGHT, MARGIN, LABEL = 240, 96, 5, 18
HIGHEST = 4.5  # a curve that rises further leaves the picture
# When one of these changes, the pages with curves are made again.
SOURCES = [
    *map(Path, (__file__, gallery.__file__, style.__file__)),
    *Path(lossfns.__file__).parent.glob("*.py"),
]


def svg(name, alt):
    """Return the curve of a loss as SVG, in its colour on light and on dark pages.

    Parameters
    ----------
    name : str
        One of ``lossfns.LOSSES``.
    alt : str
        What is to be seen, for those who do not see it.
    """
    curves = {curve.name: curve for curve in gallery.curves()}
    if name not in curves:
        raise ValueError(f"no loss is called {name!r}, expected one of {', '.join(curves)}")
    curve = curves[name]
    # Losses of the same quantity share a scale, so that they can be compared.
    top = min(HIGHEST, max(c.value.max() for c in curves.values() if c.axis == curve.axis))
    ground = HEIGHT - LABEL
    x = np.interp(curve.x, [curve.x[0], curve.x[-1]], [MARGIN, WIDTH - MARGIN])
    y = ground - curve.value / top * (ground - MARGIN)
    seen = curve.value <= top
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(x[seen], y[seen], strict=True))
    light = style.COLOUR[name]
    return (
        f'<svg class="loss-curve" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(alt)}" fill="none">'
        f'<path d="M0 {ground}H{WIDTH}" stroke="currentColor" opacity=".45"/>'
        f'<path d="M{line}" stroke="{light}" style="stroke: light-dark({light}, {DARK[light]})" '
        'stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>'
        f'<text x="{WIDTH}" y="{HEIGHT - 4}" text-anchor="end" font-size="12" '
        f'fill="currentColor">{escape(curve.axis)}</text></svg>\n'
    )


class LossCurve(SphinxDirective):
    """Put the curve of a loss on the page."""

    required_arguments = 1
    option_spec: ClassVar = {"alt": directives.unchanged_required}

    def run(self):
        """Return the picture, or say which losses there are."""
        if "alt" not in self.options:
            raise self.error("alt: say what is to be seen")
        try:
            picture = svg(self.arguments[0], self.options["alt"])
        except ValueError as problem:
            raise self.error(str(problem)) from None
        for path in SOURCES:
            self.env.note_dependency(str(path))
        return [nodes.raw("", picture, format="html")]


def setup(app):
    """Register the directive."""
    app.add_directive("loss-curve", LossCurve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
