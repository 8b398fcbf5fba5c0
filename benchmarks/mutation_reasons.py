"""Why some mutants may live: what the changed line does shows in no result.

They are tested all the same: what a test notices needs no reason.
"""

LENGTH = "how many elements are one block shows in no result"
LIMIT = "just at the limit, both ways give the same"
KEPT = "how much freed memory is kept shows in no result"
QUICK = "only a quick test fails more often; the slow one decides"
DIGITS = "both ways give the same digits"
ASKED = "how many and which numbers the processor is asked about does not matter"
SLOWER = "the slower way gives the same"

SCALE = "scaling by another power of two changes no digit"
MENDED = "the engine has mended this already, where long double has more exponent than float64"
NOTHING = "it is multiplied by zero"

EXACTLY = "no number found here is exactly as large as the tolerance"
GENEROUS = "an allowance for rounding, which may be a little larger or smaller"

REASONS = {
    "(error < TOLERANCE)": EXACTLY,
    "rounding = 9 *": GENEROUS,
    "rounding = 11 *": GENEROUS,
    "np.maximum( 2, np.abs(values": GENEROUS,
    "SAFE = ": SCALE,
    "safe = (norm": SCALE,
    "exponent = np.where(": SCALE,
    "np.ldexp(norm.dtype.type( 2)": SCALE,
    "1 - 0 * value": NOTHING,
    "far = np.isinf(log_ratio)": MENDED,
    "(q == 0)] = 1": NOTHING,
    "(q == 0)] = -1": NOTHING,
    "miss = (z >= 0)": NOTHING,
    "MEMORY = 2** 19": LENGTH,
    "2** 17 # bytes": LENGTH,
    "2** 15 # bytes": LENGTH,
    "TEMPORARIES = 6": LENGTH,
    "SMALL = 4097": LENGTH,
    "SMALL = 4095": LENGTH,
    "max( 2, ": LENGTH,
    "p.shape[- 0]": LENGTH,
    "SMALL * (p.size": LENGTH,
    "SMALL // (p.size *": LENGTH,
    "(weights is None)": LENGTH,
    "if out.size < SMALL": LIMIT,
    "if y_pred.size >= SMALL": LIMIT,
    "width < NARROW": LIMIT,
    "width < LONG": LIMIT,
    "len(x) < FEW": LIMIT,
    "len(z) < NARROW": LIMIT,
    "width >= LONG": LIMIT,
    "LONG = 16385": LIMIT,
    "LONG = 16383": LIMIT,
    "NARROW = 33": LIMIT,
    "NARROW = 31": LIMIT,
    "FEW = 257": LIMIT,
    "FEW = 255": LIMIT,
    "np.empty( 5 *": KEPT,
    "np.empty( 3 *": KEPT,
    "SHRINK = 2.0**- 71": DIGITS,
    "SHRINK = 2.0**- 69": DIGITS,
    "TINY = 1.0**-100": SLOWER,
    "TINY = 2.0**+100": SLOWER,
    "-1 < abs(value)": SLOWER,
    "0 <= abs(value)": SLOWER,
    "abs(value) <= TINY": LIMIT,
    "TINY = 2.0**- 101": DIGITS,
    "TINY = 2.0**- 99": DIGITS,
    "sums[ -1] if len(sums) == 1": "the last of one is the first",
    "if len(sums) == 0": "the sum of one is that one",
    "np.full( 10": ASKED,
    "np.full( 8": ASKED,
    "1e300) ** 3": ASKED,
    "int(single( 0)": QUICK,
    "BITS_OF_ONE.get(x.dtype, (None, 2))": "this number is not used where nothing is found",
    "BITS_OF_ONE.get(x.dtype, (None, 0))": "this number is not used where nothing is found",
    "return np.minimum.reduce(x, axis=None) >= 1": QUICK,
    "np.maximum.reduce(x, axis=None) <= 0": QUICK,
    "return np.minimum.reduce(x, axis=None) > 0": QUICK,
    "np.maximum.reduce(x, axis=None) < 1": QUICK,
    "axis=None) < one": QUICK,
    "ROW_SUM_TOLERANCE** 3": QUICK,
    "np.dot(off, off) < ROW": QUICK,
    "reduce(np.abs(x) == 2": QUICK,
    "reduce(np.abs(x) == 0": QUICK,
    "SEARCHING.set(True)": SLOWER,
    "*, careful=True": SLOWER,
    "if careful or width <= LONG": "what is mended in vain costs time, or memory",
    "if not len(z) <= NARROW": SLOWER,
    "@functools.lru_cache(FEW)  →": SLOWER,
    ">= ROW_SUM_TOLERANCE)": EXACTLY,
    "reshape(- 2": "NumPy takes any negative number for the length that is left",
    "1022) if mean": SCALE,
    "if mean else 2": "only the mean divides by the sum of the weights",
    "if mean else 0": "only the mean divides by the sum of the weights",
    "< PLAIN and any": SLOWER,
    "spec.y_pred is not REAL": SLOWER,
    "where(rest < 2": DIGITS,
    "where(rest <= 1": LIMIT,
    "np.nextafter(0, 2)": "this is the same number",
    "copy=True": SLOWER,
    "(arrays[- 0]": "all of these arrays have the same shape",
    "if x.ndim == 0 else np.maximum": SLOWER,
    "if SEARCHING.get() or has_nan": SLOWER,
    "1e300) ** 2) or is_noted(": "a processor tells of both or of neither",
    "0 if len(e) > 2 else": "exp(0) - 1 is 0",
    "0 if len(z) > 2 else": "two NaN in an example say no more than one",
    "frozen=False": "nothing tries to change it",
}


def reason(line):
    """Return why this mutant is no gap in the tests, by the part of the line that tells it."""
    changed = line.partition("→")[2].strip() or line  # of what was removed nothing is left
    for part, why in REASONS.items():
        if part in changed:
            return why
    return None
