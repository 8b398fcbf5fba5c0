"""Numbers that the prose quotes, recorded where they are computed."""

import re
from numbers import Number

from IPython.display import display

_RECORD = "application/papermill.record/text/plain"


def glue(name, value, fmt=None):
    """Record `value` under `name`, so that the prose can quote it with ``{glue:text}``.

    The output is the one of ``myst_nb.glue(name, value, display=False)``; nothing is shown.

    Parameters
    ----------
    name : str
        Starts with the chapter: ``"mse-rmse-eruptions"``.
    value : object
        What to quote.
    fmt : str, optional
        A format specification, ``".2f"``, or a template, ``"{:.2f} min"``; otherwise as
        `str` has it.

    Raises
    ------
    ValueError
        If `fmt` does not fit `value`.
    """
    template = "{}" if fmt is None else fmt if "{" in fmt else f"{{:{fmt}}}"
    try:
        text = template.format(value)
    except (ValueError, TypeError, LookupError) as error:
        raise ValueError(f"{name}: {fmt!r} does not fit {value!r}: {error}") from None
    if isinstance(value, Number):
        text = re.sub(r"-(?=\d)", "−", text)
    display(
        {_RECORD: repr(text)},
        raw=True,
        metadata={"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}},
    )
