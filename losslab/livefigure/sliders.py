"""What a reader can move: a `Slider` and the short ways of writing one."""

import inspect
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from numbers import Integral, Number

import numpy as np

MOST_STATES = {1: 61, 2: 121}


@dataclass(frozen=True, kw_only=True)
class Control:
    """A slider made complete: values, the text of each, and where it starts."""

    name: str
    label: str
    values: tuple
    texts: tuple
    start: int
    play: bool = False

    @property
    def is_choice(self):
        """Whether the values are names rather than numbers."""
        return not all(_is_number(value) for value in self.values)


class Slider:
    """A slider with a label, a number format, a start or a play button of its own.

    Parameters
    ----------
    values : tuple, list, array or range
        ``(min, max, step)`` as a tuple; or a list, array or range of the values themselves; or a
        list of names to choose from.
    label : str, optional
        Shown beside the slider, with the unit: ``"δ (minutes)"``. The parameter's name otherwise.
    format : str, optional
        Template of the value shown: ``"{:.1f}"``.
    default : optional
        Where the slider starts; otherwise the parameter's default in `draw`, otherwise the middle.
    play : bool
        Add a button that runs through the values, for a slider that is time.
    """

    def __init__(self, values, label=None, format=None, default=None, play=False):  # noqa: A002, str.format
        self.values, self.label, self.format = values, label, format
        self.default, self.play = default, play


def start_state(controls):
    """The parameters at which the sliders start."""
    return {control.name: control.values[control.start] for control in controls}


def controls(draw, sliders):
    """The `Control` of each slider, checked against the parameters of `draw`."""
    if not callable(draw):
        raise TypeError(f"draw must be a function that makes and returns a Figure, found {draw!r}")
    if not sliders:
        raise TypeError("explore needs at least one slider, for instance delta=(0.1, 3, 0.1)")
    if len(sliders) > 2:
        raise TypeError(
            f"explore takes one or two sliders, found {len(sliders)}: {', '.join(sliders)}"
        )
    parameters = inspect.signature(draw).parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    for name in sliders:
        if name not in parameters and not takes_any:
            raise TypeError(
                f"draw has no parameter {name!r}; it takes {', '.join(parameters) or 'none'}"
            )
    for name, parameter in parameters.items():
        needed = parameter.default is parameter.empty and parameter.kind not in (
            parameter.VAR_KEYWORD,
            parameter.VAR_POSITIONAL,
        )
        if needed and name not in sliders:
            raise TypeError(
                f"draw needs {name!r}: give it a slider, {name}=(min, max, step), or a default"
            )
    complete = [
        _control(
            name,
            slider,
            parameters[name].default if name in parameters else inspect.Parameter.empty,
        )
        for name, slider in sliders.items()
    ]
    states = prod(len(control.values) for control in complete)
    if states > (most := MOST_STATES[len(complete)]):
        product = " × ".join(str(len(control.values)) for control in complete)
        raise ValueError(
            f"{product if len(complete) == 1 else f'{product} = {states}'} states are too many: "
            f"each is drawn, so at most {most}; take larger steps"
        )
    return complete


def _control(name, slider, draw_default):
    if not isinstance(slider, Slider):
        slider = Slider(slider)
    values = _values(name, slider.values)
    fmt = slider.format or _format(values)
    try:
        texts = tuple(_text(value, fmt) for value in values)
    except (ValueError, LookupError) as error:
        raise ValueError(f"{name}: the format {fmt!r} does not fit the values: {error}") from None
    if slider.default is not None:
        start = _index(name, values, slider.default)
    elif draw_default is not inspect.Parameter.empty:
        start = _index(name, values, draw_default)
    else:
        start = (len(values) - 1) // 2
    return Control(
        name=name,
        label=slider.label or name,
        values=values,
        texts=texts,
        start=start,
        play=slider.play,
    )


def _values(name, values):
    if isinstance(values, tuple):
        if len(values) != 3 or not all(_is_number(v) for v in values):
            raise ValueError(
                f"{name}: a tuple means (min, max, step), found {values!r}; "
                "give the values themselves as a list"
            )
        values = _steps(name, *values)
    else:
        if isinstance(values, str):
            raise TypeError(
                f"{name}: expected (min, max, step) or a list of values, found {values!r}"
            )
        try:
            values = tuple(v.item() if isinstance(v, np.generic) else v for v in values)
        except TypeError:
            raise TypeError(
                f"{name}: expected (min, max, step) or a list of values, found {values!r}"
            ) from None
    if len(values) < 2:
        raise ValueError(f"{name}: a slider needs at least two values, found {list(values)!r}")
    if len(set(values)) < len(values):
        raise ValueError(f"{name}: every value may stand only once, found {list(values)!r}")
    return values


def _steps(name, low, high, step):
    if not (low < high and step > 0):
        raise ValueError(
            f"{name}: expected min < max and step > 0, "
            f"found (min, max, step) = {(low, high, step)!r}"
        )
    exact_low, exact_high, exact_step = (Decimal(repr(float(v))) for v in (low, high, step))
    count = int((exact_high - exact_low) / exact_step) + 1
    kind = int if all(isinstance(v, Integral) for v in (low, high, step)) else float
    return tuple(kind(exact_low + k * exact_step) for k in range(count))


def _index(name, values, default):
    for index, value in enumerate(values):
        if value == default or (
            _is_number(value)
            and _is_number(default)
            and np.isclose(value, default, rtol=1e-9, atol=0)
        ):
            return index
    raise ValueError(
        f"{name}: the default {default!r} is not one of the slider's values {_short(values)}"
    )


def _is_number(value):
    return isinstance(value, Number) and not isinstance(value, bool)


def _short(values):
    shown = [f"{v:g}" if _is_number(v) else repr(v) for v in values]
    return ", ".join(shown if len(shown) <= 6 else [*shown[:3], "…", shown[-1]])


def _format(values):
    """As few decimals as tell the values apart exactly, or three significant digits."""
    if not all(_is_number(v) for v in values):
        return "{}"
    for decimals in range(4):
        if all(round(v, decimals) == v for v in values):
            return f"{{:.{decimals}f}}"
    return "{:.3g}"


def _text(value, fmt):
    text = fmt.format(value)
    return text.replace("-", "−") if _is_number(value) else text
