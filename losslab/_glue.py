"""Numbers that the prose quotes, recorded where they are computed."""

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
        A format specification, ``".2f"``, or a template, ``"{:.2f} min"``. Without one, `str(value)`.
    """
    if fmt is None:
        text = str(value)
    elif "{" in fmt:
        text = fmt.format(value)
    else:
        text = format(value, fmt)
    display(
        {_RECORD: repr(text)},
        raw=True,
        metadata={"scrapbook": {"name": name, "mime_prefix": "application/papermill.record/"}},
    )
