"""From two arrays, what came and what should have come, to a sentence that helps."""

import itertools
from dataclasses import dataclass

import numpy as np

from losslab.checks.slips import recognise

RTOL = 1e-9


@dataclass(frozen=True)
class Factor:
    """A wrong factor: constant · n**examples · k**entries, with n examples of k entries each."""

    constant: float = 1.0
    examples: int = 0
    entries: int = 0

    def value(self, n, k):
        """Evaluate the factor for n examples of k entries."""
        return self.constant * float(n) ** self.examples * float(k) ** self.entries

    def words(self, *, gradient):
        """Say what the factor is and where it may come from."""
        parts = []
        if self.constant < 0:
            parts.append("the sign is opposite")
        if abs(self.constant) != 1:
            parts.append(SIZES[abs(self.constant)])
        if self.examples == 1:
            asks = (
                "this is the gradient of the sum; the gradient of the mean is wanted"
                if gradient
                else "is the sum divided by n?"
            )
            parts.append(f"too large by the factor n, the number of examples: {asks}")
        if self.examples == -1:
            parts.append("too small by the factor n, the number of examples: divided twice?")
        if self.entries == 1:
            parts.append("too large by the factor k, the number of columns")
        if self.entries == -1:
            parts.append(
                "too small by the factor k, the number of columns: the mean is over the rows, "
                "not over all entries"
            )
        return "; and ".join(parts)


SIZES = {
    2.0: "twice too large",
    0.5: "half as large as it should be",
    4.0: "four times too large",
    0.25: "a quarter of what it should be",
    1 / np.log(2): "too large by the factor 1.44…: is the logarithm to base 2?",
    1 / np.log(10): "too small by the factor 0.43…: is the logarithm to base 10?",
}
RIGHT = Factor()
# Simple explanations first.
FACTORS = sorted(
    (
        Factor(sign * size, examples, entries)
        for sign, size, examples, entries in itertools.product(
            (1, -1), (1.0, *SIZES), (0, 1, -1), (0, 1, -1)
        )
    ),
    key=lambda f: (f.constant < 0) + (abs(f.constant) != 1) + abs(f.examples) + abs(f.entries),
)


def close(got, want, rtol=RTOL):
    """Whether two arrays agree, relative to the largest finite entry; NaN equals NaN."""
    if got.shape != want.shape:
        return False
    got, want = got.astype(float), want.astype(float)
    finite = np.isfinite(want)
    if not np.array_equal(got[~finite], want[~finite], equal_nan=True):
        return False
    with np.errstate(over="ignore"):
        return bool(np.all(np.abs(got[finite] - want[finite]) <= rtol * biggest(want)))


def scaled(want, factor, n, k):
    """Multiply what should come by a known wrong factor."""
    with np.errstate(all="ignore"):
        return want if factor == RIGHT else want * factor.value(n, k)


def find_factor(pairs):
    """Find one factor that explains all ``(got, want, n, k)`` with got ≠ want, or `RIGHT`."""
    for factor in FACTORS:
        if all(close(got, scaled(want, factor, n, k)) for got, want, n, k in pairs):
            return factor
    return RIGHT


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
    count = gap.exercise.count(gap.y_pred)
    factor = find_factor([(gap.got, gap.want, *count)])
    return None if factor == RIGHT else factor.words(gradient=gap.exercise.gradient)


def look_for_slip(gap):
    """Recognise a wrong formula."""
    if set(gap.options) - {"delta"}:
        return None
    found = recognise(
        gap.exercise.name, gap.got, gap.y_true, gap.y_pred, **gap.options, first=gap.slip
    )
    return found and found.hint


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


def biggest(values):
    """Return the largest finite size."""
    values = np.abs(values)
    return np.max(values[np.isfinite(values)], initial=0.0)
