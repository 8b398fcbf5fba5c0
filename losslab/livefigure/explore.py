"""`show` a still figure, `explore` one with sliders."""

import inspect
from itertools import product

import IPython.display
import matplotlib.pyplot as plt

from . import live, page
from .drawing import drawn, png, svg
from .sliders import controls, start_state

# Dots per inch and colours of the picture inside the HTML, and of the one beside it.
FALLBACK = {"dpi": 96, "colours": 24}
PICTURE = {"dpi": 144, "colours": 64}


def show(figure, *, alt):
    """Display a figure as crisp SVG in the colours of the page, and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure, or a function without parameters that makes one
    alt : str
        What is to be seen, for a reader who does not see it.

    Raises
    ------
    TypeError, ValueError
        If there is no figure, or `alt` says nothing.
    """
    text = _sentence(alt)
    with drawn(figure if callable(figure) else lambda: figure) as one:
        pictures = _Pictures(one)
        _display(page.static([svg(one)], [text], [], 0, pictures.fallback), pictures, text)
    plt.close(one)


def explore(draw, *, alt, **sliders):
    """Display a figure with one or two sliders, on a static page as well as in a notebook.

    Where a notebook is open in front of somebody, moving a slider calls `draw`; everywhere else
    every state is drawn beforehand.

    Parameters
    ----------
    draw : callable
        Makes and returns one matplotlib Figure for the parameters it is given. Its size must not
        change; fixed axes limits keep the picture calm and the page small.
    alt : str or callable
        What is to be seen, in a sentence: a `str.format` template over the parameters, or a
        function of them that returns the sentence.
    **sliders
        For each parameter to be moved: ``(min, max, step)``, a list of values or of names, or a
        `Slider`. At most 61 states for one slider, 121 (11 × 11) for two. A slider starts at the
        parameter's default, or in the middle.

    Raises
    ------
    TypeError, ValueError
        At once, if the call cannot work.
    """
    complete = controls(draw, sliders)
    first = start_state(complete)
    defaults = {
        name: parameter.default
        for name, parameter in inspect.signature(draw).parameters.items()
        if parameter.default is not parameter.empty
    }

    def describe(state):
        return _sentence(alt, defaults | state)

    if live.is_live():
        from . import widgets  # noqa: PLC0415, ipywidgets may be missing where nobody needs it

        with drawn(draw, **first) as figure:
            tree, pictures = svg(figure), _Pictures(figure)
        html = page.static([tree], [describe(first)], [], 0, pictures.fallback)
        _display(html, pictures, describe(first), widgets.widget(draw, describe, complete, tree))
        return

    names = [control.name for control in complete]
    combinations = product(*(control.values for control in complete))
    states = [dict(zip(names, values, strict=True)) for values in combinations]
    texts = [describe(state) for state in states]
    trees, size = [], None
    for state in states:
        with drawn(draw, **state) as figure:
            size = size or tuple(figure.get_size_inches())
            if tuple(figure.get_size_inches()) != size:
                raise ValueError(
                    f"the figure must keep its size: {_inches(size)} for {states[0]}, "
                    f"but {_inches(figure.get_size_inches())} for {state}"
                )
            trees.append(svg(figure))
            if state == first:
                pictures = _Pictures(figure)
    start = states.index(first)
    _display(page.static(trees, texts, complete, start, pictures.fallback), pictures, texts[start])


def _inches(size):
    return "{:g} × {:g} inches".format(*size)


def _sentence(alt, parameters=None):
    if callable(alt):
        takes = inspect.signature(alt).parameters.values()
        if any(p.kind is p.VAR_KEYWORD for p in takes):
            text = alt(**parameters)
        else:
            text = alt(**{p.name: parameters[p.name] for p in takes if p.name in parameters})
    elif isinstance(alt, str) and parameters:
        try:
            text = alt.format_map(parameters)
        except KeyError as missing:
            raise ValueError(
                f"alt speaks of {missing}, which is not a parameter of draw: {alt!r}"
            ) from None
    else:
        text = alt
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"alt must be a sentence that says what is to be seen, found {text!r}")
    return " ".join(text.split())


class _Pictures:
    """A figure as PNG: the small one inside the HTML and the large one beside it."""

    def __init__(self, figure):
        self.fallback, self.large = png(figure, **FALLBACK), png(figure, **PICTURE)
        self.size = dict(
            zip(
                ("width", "height"),
                (round(96 * side) for side in figure.get_size_inches()),
                strict=True,
            )
        )


def _display(html, pictures, text, widget=None):
    bundle = {"text/html": html, "image/png": pictures.large, "text/plain": text}
    if widget is not None:
        bundle[live.WIDGET_VIEW] = widget
    IPython.display.display(bundle, raw=True, metadata={"image/png": pictures.size})
