"""Compare two arrays, and find the wrong factor between them if there is one."""

import itertools
from dataclasses import dataclass

import numpy as np

RTOL = 1e-9
ROUGHLY = 1e-5  # enough for the formula; digits are the third level's


@dataclass(frozen=True)
class Factor:
    """A wrong factor: constant · n**examples · k**entries, with n examples of k entries each."""

    constant: float = 1.0
    examples: int = 0
    entries: int = 0

    def value(self, n, k):
        """Evaluate the factor for n examples of k entries."""
        return self.constant * float(n) ** self.examples * float(k) ** self.entries

    @property
    def oddity(self):
        """Count the mistakes it would take: 0 for the right factor, 1."""
        wrong = (self.constant < 0) + (abs(self.constant) != 1)
        return wrong + abs(self.examples) + abs(self.entries)

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
FACTORS = sorted(
    (
        Factor(sign * size, examples, entries)
        for sign, size, examples, entries in itertools.product(
            (1, -1), (1.0, *SIZES), (0, 1, -1), (0, 1, -1)
        )
    ),
    key=lambda factor: factor.oddity,
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
    """Find the simplest factor that explains all ``(got, want, n, k)``, or return None."""
    got, want, n, k = pairs[0]
    if got.shape != want.shape or not biggest(want):
        return None
    with np.errstate(all="ignore"):
        ratio = biggest(got) / biggest(want)
    for factor in FACTORS:
        if abs(abs(factor.value(n, k)) - ratio) <= RTOL * ratio and all(
            close(got, scaled(want, factor, n, k)) for got, want, n, k in pairs
        ):
            return factor
    return None


def biggest(values):
    """Return the largest finite size."""
    values = np.abs(values)
    return np.max(values[np.isfinite(values)], initial=0.0)
