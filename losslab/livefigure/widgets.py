"""Sliders that call `draw`, for a notebook that is open in front of somebody."""

import traceback
from html import escape
from numbers import Integral

import ipywidgets
import numpy as np

from . import page
from .drawing import drawn, svg
from .sliders import start_state


def widget(draw, describe, controls, first):
    """The widget-view of sliders over a picture that follows them."""
    state = start_state(controls)
    picture = ipywidgets.HTML(page.inline(first, describe(state)))

    def redraw(name, value):
        state[name] = value
        try:
            with drawn(draw, **state) as figure:
                picture.value = page.inline(svg(figure), describe(state))
        except Exception as error:  # noqa: BLE001, whatever is wrong, the reader must see it
            error.__traceback__ = _within(draw, error.__traceback__)
            picture.value = (
                f'<pre role="alert">{escape("".join(traceback.format_exception(error)))}</pre>'
            )

    rows = []
    for control in controls:
        slider = _slider(control)
        slider.observe(lambda change, name=control.name: redraw(name, change["new"]), "value")
        rows.append(_with_play(control, slider) if control.play else slider)
    model = ipywidgets.VBox([picture, *rows]).model_id  # ipywidgets 7, of Colab, has no MIME bundle
    return {"version_major": 2, "version_minor": 0, "model_id": model}


def _within(draw, frames):
    """The traceback from `draw` on, without the frames of this package."""
    code = getattr(draw, "__code__", None)
    inner = frames
    while inner is not None and inner.tb_frame.f_code is not code:
        inner = inner.tb_next
    return inner or frames


def _slider(control):
    """The widget that reaches every value between the first and the last, not only those listed."""
    start = control.values[control.start]
    same = {"value": start, "description": control.label, "style": {"description_width": "initial"}}
    if control.is_choice:
        options = list(zip(control.texts, control.values, strict=True))
        return ipywidgets.ToggleButtons(options=options, **same)
    same["layout"] = {"width": "min(100%, 480px)"}
    low, high = min(control.values), max(control.values)
    if all(isinstance(value, Integral) for value in control.values):
        return ipywidgets.IntSlider(min=low, max=high, **same)
    ratios = np.divide(control.values[1:], control.values[:-1]) if low > 0 else np.array([1, 2])
    if len(ratios) > 1 and np.allclose(ratios, ratios[0]) and high > 2 * low:
        return ipywidgets.FloatLogSlider(
            min=np.log10(low),
            max=np.log10(high),
            step=np.log10(high / low) / 500,
            readout_format=".3g",
            **same,
        )
    step = round(float(np.diff(np.sort(control.values)).min()) / 10, 12)
    decimals = max(0, int(np.ceil(-np.log10(step))))
    readout = f".{decimals}f"
    return ipywidgets.FloatSlider(min=low, max=high, step=step, readout_format=readout, **same)


def _with_play(control, slider):
    last = len(control.values) - 1
    play = ipywidgets.Play(min=0, max=last, value=control.start, interval=150, show_repeat=False)
    play.observe(lambda change: setattr(slider, "value", control.values[change["new"]]), "value")
    return ipywidgets.HBox([slider, play])
