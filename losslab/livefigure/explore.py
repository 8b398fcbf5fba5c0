"""`show` a still figure, `explore` one with sliders."""

import inspect
from itertools import product

from . import page
from .drawing import drawn, png, svg
from .sliders import controls
from .states import encode


def show(figure, *, alt):
    """Display a figure as crisp SVG in the colours of the page, and close it.

    Parameters
    ----------
    figure : matplotlib.figure.Figure, or a function without parameters that draws one
    alt : str
        What is to be seen, for a reader who does not see it.

    Raises
    ------
    TypeError, ValueError
        If there is no figure, or no alternative text.
    """
    draw = figure if callable(figure) else lambda: figure
    alternative = _alternative(alt, (), {})
    with drawn(draw) as one:
        _close_after(one)
        _display(page.still(svg(one), png(one, page.SMALL_DPI), alternative), one, alternative)


def explore(draw, *, alt, **sliders):
    """Display a figure with one or two sliders, on a static page as well as in a notebook.

    Parameters
    ----------
    draw : callable
        Makes and returns one matplotlib Figure for the parameters it is given. Fixed axes limits
        keep the output small and the picture calm; the figure's size must not change.
    alt : str or callable
        A sentence that says what is to be seen: a template over the parameters, ``"δ = {delta:.1f}:
        …"``, or a function of them that returns the sentence.
    **sliders
        For each parameter to be moved: ``(min, max, step)``, a list of values, a list of names, or
        a `Slider`. At most 61 states for one slider and 121 for two.

    Raises
    ------
    TypeError, ValueError
        At once, if the call cannot work.
    """
    complete = controls(draw, sliders)
    names = [control.name for control in complete]
    start = {control.name: control.values[control.start] for control in complete}
    fixed = {
        name: parameter.default
        for name, parameter in inspect.signature(draw).parameters.items()
        if parameter.default is not parameter.empty
    }
    trees, texts, size = [], [], None
    for values in product(*(control.values for control in complete)):
        state = dict(zip(names, values, strict=True))
        texts.append(_alternative(alt, names, fixed | state))
        with drawn(draw, **state) as figure:
            if size is None:
                size, first = tuple(figure.get_size_inches()), state
            elif tuple(figure.get_size_inches()) != size:
                raise ValueError(
                    f"the figure's size must not change: {size} inches for {first}, "
                    f"{tuple(figure.get_size_inches())} for {state}"
                )
            trees.append(svg(figure))
    with drawn(draw, **start) as figure:
        picture = png(figure, page.SMALL_DPI)
        alternative = _alternative(alt, names, fixed | start)
        _display(page.explorable(*encode(trees), picture, alternative, texts, complete), figure, alternative)


def _alternative(alt, names, parameters):
    if callable(alt):
        takes = inspect.signature(alt).parameters.values()
        if not any(p.kind is p.VAR_KEYWORD for p in takes):
            parameters = {p.name: parameters[p.name] for p in takes if p.name in parameters}
        text = alt(**parameters)
    elif isinstance(alt, str) and names:
        try:
            text = alt.format(**parameters)
        except KeyError as missing:
            raise ValueError(f"alt speaks of {missing}, which is not a parameter of draw") from None
    else:
        text = alt
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"alt must say what is to be seen, in a sentence; found {text!r}")
    return " ".join(text.split())


def _close_after(figure):
    import matplotlib.pyplot as plt

    plt.close(figure)


def _display(html, figure, alternative):
    from IPython.display import display

    display(
        {"text/html": html, "image/png": png(figure, page.LARGE_DPI), "text/plain": alternative},
        raw=True,
        metadata={"image/png": page.display_size(figure)},
    )
