"""From two arrays, what came and what should have come, to a sentence that helps."""

from dataclasses import dataclass

import numpy as np

from losslab.checks.factors import RTOL, biggest, close, find_factor
from losslab.checks.slips import recognise


@dataclass(frozen=True)
class Gap:
    """What came, what should have come, and for which call."""

    exercise: object
    got: np.ndarray
    want: np.ndarray
    y_true: object
    y_pred: object
    options: dict
    slip: object = None


def explain(gap):
    """Say in words how `got` differs from `want`, without giving `want` away."""
    looks = (look_at_shape, look_at_nan, look_at_infinity, look_for_factor, look_for_slip)
    looks += (look_at_digits, look_at_entries, look_at_size)
    with np.errstate(all="ignore"):
        return next(words for look in looks if (words := look(gap)))


def look_at_shape(gap):
    """Explain a result of the wrong shape."""
    got, want = gap.got.shape, gap.want.shape
    if got == want:
        return None
    if want == () and gap.got.size == 1:
        return f"an array of shape {got} comes back where one number is wanted"
    if want == ():
        return (
            f"an array of shape {got} comes back where one number is wanted: "
            "is the mean missing, or taken over one axis only?"
        )
    if gap.exercise.gradient and got == ():
        return "one number comes back: a gradient has one entry for every entry of y_pred"
    return f"the result has shape {got} where {want} is wanted"


def look_at_nan(gap):
    """Explain a NaN too many or too few."""
    if np.any(np.isnan(gap.got) & ~np.isnan(gap.want)):
        return "NaN comes out: is it 0/0, 0·∞, ∞ - ∞ or the logarithm of a negative number?"
    if np.any(np.isnan(gap.want) & ~np.isnan(gap.got)):
        return "the NaN is swallowed: a number comes out where the answer is not known"
    return None


def look_at_infinity(gap):
    """Explain an infinity too many or too few."""
    if np.any(np.isinf(gap.got) & np.isfinite(gap.want)):
        return (
            "infinity comes out where the exact value is finite: does something overflow, "
            "divide by 0, or take the logarithm of 0?"
        )
    if np.any(np.isinf(gap.want) & np.isfinite(gap.got)):
        return "a finite number comes out where the exact value is infinite: is something clipped?"
    if np.any(np.isinf(gap.want) & (gap.got != gap.want)):
        return "an infinity has the wrong sign"
    return None


def look_for_factor(gap):
    """Recognise a wrong factor."""
    if not np.any(gap.want):
        return None
    n, k = gap.exercise.count(gap.y_pred)
    if close(gap.got * (n - 1), gap.want * n):
        return "divided by n - 1 where the mean divides by n"
    factor = find_factor([(gap.got, gap.want, n, k)])
    return factor and factor.words(gradient=gap.exercise.gradient)


def look_for_slip(gap):
    """Recognise a wrong formula."""
    if set(gap.options) - {"delta"}:
        return None
    slip, factor = recognise(gap.exercise, gap.got, gap.y_true, gap.y_pred, gap.slip, **gap.options)
    if slip is None:
        return None
    words = factor.words(gradient=gap.exercise.gradient)
    return f"{slip.hint}; and {words}" if words else slip.hint


def look_at_digits(gap):
    """Explain a result that is nearly right."""
    largest, error = biggest(gap.want), biggest(gap.got - gap.want)
    if largest and not np.any(gap.got):
        return "zero comes out"
    if not error < 1e-3 * largest:
        return None
    return (
        f"right to about {int(-np.log10(error / largest))} digits only: does something cancel, "
        "is it computed in float32, or is a small number added somewhere?"
    )


def look_at_entries(gap):
    """Tell the right entries of an array from the wrong ones."""
    got, want = gap.got, gap.want
    if want.size < 2:
        return None
    wrong = np.abs(got - want) > RTOL * biggest(want)
    if not np.ptp(got - want) > RTOL * biggest(got - want):
        return "off by the same constant in every entry"
    if np.all(np.abs(np.abs(got) - np.abs(want)) <= RTOL * biggest(want)):
        return f"the sizes are right, but the sign is opposite in {wrong.sum()} of {want.size}"
    if not wrong.all():
        return f"right in {want.size - wrong.sum()} of {want.size} entries"
    return None


def look_at_size(gap):
    """Say at least whether it is too large or too small."""
    got, want = gap.got, gap.want
    if np.all(got * want < 0):
        return "the sign is opposite, and the size is wrong too"
    if np.all(np.abs(got) > np.abs(want)):
        return "too large, by no simple factor"
    if np.all(np.abs(got) < np.abs(want)):
        return "too small, by no simple factor"
    return "wrong, by no simple factor"
