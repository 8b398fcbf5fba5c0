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

    def words(self, gradient):
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
    if not np.array_equal(finite, np.isfinite(got)):
        return False
    if not np.array_equal(got[~finite], want[~finite], equal_nan=True):
        return False
    with np.errstate(over="ignore"):
        largest = np.max(np.abs(want[finite]), initial=0.0)
        return bool(np.all(np.abs(got[finite] - want[finite]) <= rtol * largest))


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


def explain_shape(got, want, gradient):
    """Say what is wrong with the shape of what came."""
    if want.shape == () and got.size == 1:
        return f"an array of shape {got.shape} comes back where one number is wanted"
    if want.shape == ():
        return (
            f"an array of shape {got.shape} comes back where one number is wanted: "
            "is the mean missing, or taken over one axis only?"
        )
    if gradient and got.shape == ():
        return "one number comes back: a gradient has one entry for every entry of y_pred"
    return f"the result has shape {got.shape} where {want.shape} is wanted"


def explain(exercise, got, want, y_true, y_pred, options, slip=None):
    """Say in words how `got` differs from `want`, without giving `want` away."""
    if got.shape != want.shape:
        return explain_shape(got, want, exercise.gradient)
    if np.any(np.isnan(got) & ~np.isnan(want)):
        return "NaN comes out: is it 0/0, 0·∞, ∞ − ∞ or the logarithm of a negative number?"
    if np.any(np.isnan(want) & ~np.isnan(got)):
        return "the NaN is swallowed: a number comes out where the answer is not known"
    if np.any(np.isinf(got) & np.isfinite(want)):
        return (
            "infinity comes out where the exact value is finite: does something overflow, "
            "divide by 0, or take the logarithm of 0?"
        )
    if np.any(np.isinf(want) & np.isfinite(got)):
        return "a finite number comes out where the exact value is infinite: is something clipped?"
    if np.any(np.isinf(want)):
        return "an infinity has the wrong sign, or stands in the wrong place"
    n, k = exercise.count(y_pred)
    factor = find_factor([(got, want, n, k)])
    if factor != RIGHT and np.any(want):
        return factor.words(exercise.gradient)
    if not options or set(options) == {"delta"}:
        delta = options.get("delta", 1.0)
        if found := recognise(exercise.name, got, y_true, y_pred, delta, first=slip):
            return found.hint
    largest = np.max(np.abs(want))
    error = np.max(np.abs(got - want))
    if not np.any(got) and largest:
        return "zero comes out"
    if 0 < error < 1e-3 * largest:
        digits = int(-np.log10(error / largest))
        return (
            f"right to about {digits} digits only: does something cancel, is it computed in "
            "float32, or is a small number added somewhere?"
        )
    return explain_rest(got, want)


def explain_rest(got, want):
    """Describe a discrepancy that has no name."""
    off = got - want
    if want.ndim and np.ptp(off) <= RTOL * np.max(np.abs(off)):
        return "off by the same constant in every entry"
    wrong = np.abs(off) > RTOL * np.max(np.abs(want))
    if want.ndim and np.allclose(np.abs(got), np.abs(want)):
        return f"the sizes are right, but the sign is opposite in {wrong.sum()} of {want.size}"
    if want.ndim and not wrong.all():
        return f"right in {want.size - wrong.sum()} of {want.size} entries"
    if np.all(got * want < 0):
        return "the sign is opposite, and the size is wrong too"
    if np.all(np.abs(got) > np.abs(want)):
        return "too large, by no simple factor"
    if np.all(np.abs(got) < np.abs(want)):
        return "too small, by no simple factor"
    return "wrong, by no simple factor"
