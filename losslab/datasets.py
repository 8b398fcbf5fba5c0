"""Small real data sets, shipped with the package: nothing is fetched from a network.

Every loader returns a named tuple of NumPy arrays. The arrays are new on every
call, so you may change them freely. ``chapters/data-sets.md`` tells where each
data set comes from and on what terms it may be passed on.
"""

from importlib import resources
from typing import NamedTuple

import numpy as np

__all__ = ["anscombe", "old_faithful"]


class OldFaithful(NamedTuple):
    """Eruptions of the Old Faithful geyser; see `old_faithful`."""

    duration: np.ndarray
    waiting: np.ndarray


class AnscombeSet(NamedTuple):
    """One of the four data sets of Anscombe's quartet; see `anscombe`."""

    x: np.ndarray
    y: np.ndarray


def old_faithful():
    """Return 272 eruptions of the Old Faithful geyser: how long, and the wait that followed.

    Returns
    -------
    duration : ndarray of float, shape (272,)
        Length of the eruption, in minutes (1.6 to 5.1). It was timed in seconds;
        the published minutes are those seconds divided by 60, to three decimals.
    waiting : ndarray of float, shape (272,)
        Time from this eruption to the next, in whole minutes (43 to 96).

    Notes
    -----
    Yellowstone National Park, Wyoming, October 1980, day hours only. The eruptions
    were recorded by volunteers for the park geologist, R. Hutchinson [1]_. These are
    the 272 rows printed by Härdle [2]_ and known from R as ``faithful``; Weisberg's
    copy of the same record [1]_ lacks two of them and differs a little in nine others.
    Azzalini and Bowman [3]_, often cited for this table, study another record: 299
    eruptions in August 1985.

    Licence: none needed; these are measured facts, published without restriction.

    References
    ----------
    .. [1] S. Weisberg, *Applied Linear Regression*, 3rd ed., Wiley, 2005, problem 1.4.
    .. [2] W. Härdle, *Smoothing Techniques with Implementation in S*, Springer, 1991.
    .. [3] A. Azzalini and A. W. Bowman, "A look at some data on the Old Faithful
           geyser", *Applied Statistics* 39 (1990), 357-365, doi:10.2307/2347385.

    Examples
    --------
    >>> geyser = old_faithful()
    >>> f"{geyser.waiting.mean():.1f} minutes"
    '70.9 minutes'
    """
    return OldFaithful(*_columns("old_faithful.csv", "duration,waiting", rows=272))


def anscombe():
    """Return Anscombe's quartet: four data sets with the same least-squares line.

    Returns
    -------
    tuple of four AnscombeSet
        Each with ``x`` and ``y``, ndarrays of float, shape (11,), without units. The
        order within a set is the published one; the first three share their ``x``.

    Notes
    -----
    Made up by Francis Anscombe [1]_ to show that equal summary statistics do not mean
    equal data: in each set the mean of x is 9, the mean of y 7.50, the fitted line
    3.00 + 0.500 x and R² 0.67.

    Licence: none needed; 44 pairs of numbers, republished freely since 1973.

    References
    ----------
    .. [1] F. J. Anscombe, "Graphs in statistical analysis", *The American Statistician*
           27 (1973), 17-21, doi:10.1080/00031305.1973.10478966.

    Examples
    --------
    >>> [f"{y.mean():.2f}" for x, y in anscombe()]
    ['7.50', '7.50', '7.50', '7.50']
    """
    columns = _columns("anscombe.csv", "x1,y1,x2,y2,x3,y3,x4,y4", rows=11)
    return tuple(AnscombeSet(x, y) for x, y in zip(columns[::2], columns[1::2], strict=True))


def _columns(name, header, *, rows):
    """Read one of our CSV files as float columns, or say what is wrong with it."""
    where = f"losslab/data/{name}"
    cure = "Reinstall the package, or restore the file with 'git checkout'."
    try:
        text = resources.files("losslab").joinpath("data", name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FileNotFoundError(f"The data file {where} is missing. {cure}") from None

    found_header, *lines = text.splitlines() or [""]
    if found_header != header:
        raise ValueError(
            f"{where} is damaged: its first line is {found_header!r}, expected {header!r}. {cure}"
        )
    if len(lines) != rows:
        raise ValueError(f"{where} is damaged: found {len(lines)} rows, expected {rows}. {cure}")
    try:
        return list(np.loadtxt(lines, delimiter=",", ndmin=2).T)
    except ValueError as error:
        raise ValueError(f"{where} is damaged: {error}. {cure}") from None
