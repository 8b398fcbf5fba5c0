"""Right answers with one thing spoilt each, for every exercise.

A defect takes an answer that is right in everything and returns one that is wrong in exactly one
respect. Beside it stand the question that must go wrong and a word of what must be said.
"""

import warnings

import numpy as np

ROWS = ("cross_entropy", "kl_divergence", "cosine_similarity_loss")
LOGARITHMS = ("cross_entropy", "binary_cross_entropy", "kl_divergence")
REGRESSIONS = ("mean_squared_error", "mean_absolute_error", "huber")
SYMMETRIC = (
    "mean_squared_error",
    "mean_absolute_error",
    "huber",
    "hinge",
    "cosine_similarity_loss",
)

SPEED = "400,000 numbers"
LENGTHS = "other numbers of examples"
VALUES = "other values of the same shape"

DEFECTS = {}


def defect(title, keyword, *, only=None, gradient=None):
    """Register a defect for the losses in `only`, and for values or gradients alone if asked."""

    def register(spoil):
        DEFECTS[spoil.__name__] = (spoil, title, keyword, only, gradient)
        return spoil

    return register


def defects(name):
    """Yield the defects that make sense for an exercise."""
    loss, is_gradient = name.removesuffix("_grad"), name.endswith("_grad")
    for spoil, title, keyword, only, gradient in DEFECTS.values():
        if (only is None or loss in only) and gradient in (None, is_gradient):
            yield spoil, title, keyword


# --- The formula --------------------------------------------------------------------------------


@defect(VALUES, "sign is opposite")
def opposite_sign(f):
    return lambda y_true, y_pred, **options: -f(y_true, y_pred, **options)


@defect(VALUES, "twice too large")
def twice(f):
    return lambda y_true, y_pred, **options: 2 * f(y_true, y_pred, **options)


@defect(VALUES, "half as large")
def half(f):
    return lambda y_true, y_pred, **options: f(y_true, y_pred, **options) / 2


@defect(LENGTHS, "factor n")
def sum_for_mean(f):
    return lambda y_true, y_pred, reduction="sum", **options: f(
        y_true, y_pred, reduction=reduction, **options
    )


@defect(LENGTHS, "right for n = 7")
def length_written_in(f):
    return lambda y_true, y_pred, **options: (
        f(y_true, y_pred, **options) * (len(y_pred) / 7 if np.ndim(y_pred) else 1)
    )


@defect(VALUES, "too large by the factor k", only=ROWS)
def sum_over_columns(f):
    return lambda y_true, y_pred, **options: f(y_true, y_pred, **options) * np.shape(y_pred)[-1]


@defect(VALUES, "not over all entries", only=ROWS)
def mean_over_entries(f):
    return lambda y_true, y_pred, **options: f(y_true, y_pred, **options) / np.shape(y_pred)[-1]


@defect(VALUES, "base 2", only=LOGARITHMS)
def bits(f):
    return lambda y_true, y_pred, **options: f(y_true, y_pred, **options) / np.log(2)


@defect("all digits of float64", "digits only")
def in_single_precision(f):
    def answer(y_true, y_pred, **options):
        y_true, y_pred = (
            a.astype(np.float32).astype(a.dtype) if isinstance(a, np.ndarray) else a
            for a in (y_true, y_pred)
        )
        return np.asarray(f(y_true, y_pred, **options) * (1 + 1e-7))

    return answer


@defect(VALUES, "remembered")
def remembers_by_length(f):
    memory = {}

    def answer(y_true, y_pred, **options):
        key = (np.shape(y_pred), *options)
        return memory.setdefault(key, f(y_true, y_pred, **options))

    return answer


@defect(VALUES, "remembered", gradient=False)
def knows_one_number(f):
    return lambda y_true, y_pred, **options: 0.25


@defect(VALUES, "something kept")
def drifts(f):
    calls = []

    def answer(y_true, y_pred, **options):
        calls.append(1)
        return f(y_true, y_pred, **options) * len(calls)

    return answer


@defect("thresholds δ other than 1", "δ = 1 only", only=["huber"])
def ignores_delta(f):
    return lambda y_true, y_pred, delta=1.0, **options: f(y_true, y_pred, **options)


# --- Shapes and reductions ----------------------------------------------------------------------


@defect("unequal shapes", "it is accepted")
def broadcasts(f):
    def answer(y_true, y_pred, **options):
        if np.shape(y_true) == np.shape(y_pred)[:-1]:  # class numbers
            return f(y_true, y_pred, **options)
        return f(*np.broadcast_arrays(y_true, y_pred), **options)

    return answer


@defect("unequal shapes", "a ValueError is wanted")
def wrong_kind_of_error(f):
    def answer(y_true, y_pred, **options):
        try:
            return f(y_true, y_pred, **options)
        except ValueError:
            raise KeyError("shapes") from None

    return answer


@defect("one more axis", "raises IndexError")
def needs_one_axis(f):
    def answer(y_true, y_pred, **options):
        if np.ndim(y_pred) > 2:  # rows; elements are caught below
            raise IndexError("too many indices for array")
        return f(y_true, y_pred, **options)

    def elements(y_true, y_pred, **options):
        if np.ndim(y_pred) > 1:
            raise IndexError("too many indices for array")
        return f(y_true, y_pred, **options)

    return answer if f.__name__.removesuffix("_grad") in ROWS else elements


@defect("one example alone", "raises TypeError")
def needs_a_length(f):
    def answer(y_true, y_pred, **options):
        if np.ndim(y_pred) == (f.__name__.removesuffix("_grad") in ROWS):
            raise TypeError("object of type 'float' has no len()")
        return f(y_true, y_pred, **options)

    return answer


@defect(VALUES, "one number is wanted", gradient=False)
def keeps_a_dimension(f):
    return lambda y_true, y_pred, **options: np.array([f(y_true, y_pred, **options)])


@defect(VALUES, "has shape", gradient=True)
def becomes_a_column(f):
    return lambda y_true, y_pred, **options: f(y_true, y_pred, **options)[..., None]


@defect('reduction="sum"', "too small by the factor n")
def always_the_mean(f):
    return lambda y_true, y_pred, reduction="mean", **options: f(y_true, y_pred, **options)


@defect('reduction="none"', "no parameter `reduction`")
def knows_no_reduction(f):
    def answer(y_true, y_pred, delta=None, from_logits=False, sample_weight=None):
        options = {} if delta is None else {"delta": delta}
        if from_logits:
            options["from_logits"] = True
        return f(y_true, y_pred, sample_weight=sample_weight, **options)

    return answer


@defect("sample_weight", "no difference")
def ignores_weights(f):
    return lambda y_true, y_pred, sample_weight=None, **options: f(y_true, y_pred, **options)


@defect("sample_weight", "divided by the number of examples")
def divides_weights_by_n(f):
    def answer(y_true, y_pred, sample_weight=None, reduction="mean", **options):
        result = f(y_true, y_pred, sample_weight=sample_weight, reduction=reduction, **options)
        if sample_weight is None or reduction != "mean":
            return result
        return result * np.mean(sample_weight)

    return answer


@defect('sample_weight with reduction="none"', "only the mean should do")
def scales_weights_first(f):
    def answer(y_true, y_pred, sample_weight=None, **options):
        if sample_weight is not None:
            sample_weight = sample_weight / np.sum(sample_weight)
        return f(y_true, y_pred, sample_weight=sample_weight, **options)

    return answer


@defect("inputs stay as they are", "is changed")
def writes_on_its_input(f):
    def answer(y_true, y_pred, **options):
        result = np.array(f(y_true, y_pred, **options))
        if isinstance(y_pred, np.ndarray) and y_pred.dtype.kind == "f":
            y_pred *= 0.5
        return result

    return answer


@defect("soft labels", "abels may be any", only=["cross_entropy"])
def rounds_labels(f):
    def answer(y_true, y_pred, **options):
        if np.ndim(y_true) == np.ndim(y_pred):
            y_true = np.where(y_true == np.max(y_true, axis=-1, keepdims=True), 1.0, 0.0)
        return f(y_true, y_pred, **options)

    return answer


@defect("class numbers", "raises", only=["cross_entropy"])
def needs_one_hot(f):
    def answer(y_true, y_pred, **options):
        if np.shape(y_true) != np.shape(y_pred):
            raise ValueError(f"shapes {np.shape(y_true)} and {np.shape(y_pred)}")
        return f(y_true, y_pred, **options)

    return answer


# --- Numerics -----------------------------------------------------------------------------------


@defect("unsigned bytes", "uint8", only=REGRESSIONS)
def wraps_round(f):
    def answer(y_true, y_pred, **options):
        if isinstance(y_pred, np.ndarray) and y_pred.dtype == np.uint8:
            return f(np.zeros(y_pred.shape), (y_pred - y_true).astype(float), **options)
        return f(y_true, y_pred, **options)

    return answer


@defect("certain and wrong", "clipped", only=["cross_entropy", "binary_cross_entropy"])
def clips_probabilities(f):
    def answer(y_true, y_pred, from_logits=False, **options):
        if not from_logits:
            y_pred = np.clip(y_pred, 1e-12, 1 - 1e-12)
        return f(y_true, y_pred, from_logits=from_logits, **options)

    return answer


@defect("exactly 0 and 1 that are right", "NaN", only=["cross_entropy", "binary_cross_entropy"])
def zero_log_zero(f):
    def answer(y_true, y_pred, **options):
        result = f(y_true, y_pred, **options)
        if not options.get("from_logits") and np.any(np.asarray(y_pred) == 0):
            return result * np.nan
        return result

    return answer


@defect("logits of ±1000", "NaN", only=LOGARITHMS)
def overflows(f):
    def answer(y_true, y_pred, **options):
        result = f(y_true, y_pred, **options)
        if options.get("from_logits") and np.max(np.abs(y_pred)) > 700:
            return result * np.nan
        return result

    return answer


@defect("exactly 0", "corner", only=["mean_absolute_error"], gradient=True)
def slope_at_zero(f):
    def answer(y_true, y_pred, **options):
        kink = np.nextafter(y_pred, np.inf) if is_float(y_pred) else y_pred
        return f(y_true, kink, **options)

    return answer


@defect("exactly on the margin", "corner", only=["hinge"], gradient=True)
def slope_on_the_margin(f):
    def answer(y_true, y_pred, **options):
        inside = np.nextafter(y_pred, 0.0) if is_float(y_pred) else y_pred
        return f(y_true, inside, **options)

    return answer


@defect("zero vector in y_pred", "NaN", only=["cosine_similarity_loss"])
def zero_over_zero(f):
    def answer(y_true, y_pred, **options):
        result = f(y_true, y_pred, **options)
        return result * np.nan if np.any(np.all(np.asarray(y_pred) == 0, axis=-1)) else result

    return answer


@defect("nearly parallel", "cancel", only=["cosine_similarity_loss"], gradient=False)
def cancels(f):
    return lambda y_true, y_pred, **options: 1 - (1 - f(y_true, y_pred, **options))


@defect(SPEED, "loop runs over the examples")
def loops(f):
    def answer(y_true, y_pred, **options):
        if np.ndim(y_pred):
            for _ in zip(y_true, y_pred, strict=False):
                pass
        return f(y_true, y_pred, **options)

    return answer


@defect(SPEED, "loop runs over the examples")
def vectorises_in_name_only(f):
    def answer(y_true, y_pred, **options):
        np.vectorize(lambda p: p)(np.asarray(y_pred).astype(float) if is_float(y_pred) else 0.0)
        return f(y_true, y_pred, **options)

    return answer


@defect(SPEED, "n × n")
def builds_a_table(f):
    def answer(y_true, y_pred, **options):
        n = len(y_pred) if np.ndim(y_pred) else 1
        if n < 2000:
            np.outer(np.ones(n), np.ones(n))
        return f(y_true, y_pred, **options)

    return answer


# --- The full contract --------------------------------------------------------------------------


@defect("the type of the result", "float32 and float32 give float64")
def always_double(f):
    return lambda y_true, y_pred, **options: np.asarray(f(y_true, y_pred, **options), np.float64)


@defect("a NaN among", "swallowed")
def swallows_nan(f):
    def answer(y_true, y_pred, **options):
        if is_float(y_pred) and not options:
            y_pred = np.where(np.isnan(y_pred), np.asarray(0.5, np.asarray(y_pred).dtype), y_pred)
            if is_float(y_true):
                y_true = np.where(np.isnan(y_true), 0.5, y_true).astype(np.asarray(y_true).dtype)
        return f(y_true, y_pred, **options)

    return answer


@defect("weight 0", "NaN")
def counts_absent_examples(f):
    def answer(y_true, y_pred, sample_weight=None, **options):
        result = f(y_true, y_pred, sample_weight=sample_weight, **options)
        lost = sample_weight is not None and np.any(np.isnan(np.asarray(y_pred, float)))
        return result * np.nan if lost else result

    return answer


@defect("nothing printed", "NumPy's warnings")
def warns(f):
    def answer(y_true, y_pred, **options):
        if np.any(~np.isfinite(np.asarray(y_pred, float))):
            warnings.warn("invalid value encountered", RuntimeWarning, stacklevel=2)
        return f(y_true, y_pred, **options)

    return answer


@defect("nothing printed", "something is printed")
def prints(f):
    def answer(y_true, y_pred, **options):
        print("debugging", y_pred)  # noqa: T201
        return f(y_true, y_pred, **options)

    return answer


@defect("an unknown reduction", "it is accepted")
def any_reduction(f):
    def answer(y_true, y_pred, reduction="mean", **options):
        known = reduction if reduction in ("sum", "none") else "mean"
        return f(y_true, y_pred, reduction=known, **options)

    return answer


@defect("bad weights", "negative weights: it is accepted")
def any_weights(f):
    def answer(y_true, y_pred, sample_weight=None, **options):
        if sample_weight is not None and np.shape(sample_weight) == np.shape(y_pred)[:1]:
            sample_weight = np.maximum(sample_weight, 0)
        return f(y_true, y_pred, sample_weight=sample_weight, **options)

    return answer


@defect("empty arrays", "it is accepted")
def accepts_nothing(f):
    def answer(y_true, y_pred, **options):
        return f(y_true, y_pred, **options) if np.size(y_pred) else 0.0

    return answer


@defect("naming both", "does not mention (4,")
def errors_without_reasons(f):
    def answer(y_true, y_pred, **options):
        try:
            return f(y_true, y_pred, **options)
        except ValueError:
            raise ValueError("bad input") from None

    return answer


@defect("complex numbers", "it is accepted")
def drops_imaginary_parts(f):
    return lambda y_true, y_pred, **options: f(np.real(y_true), np.real(y_pred), **options)


@defect("parameters called", "y and y_hat")
def other_names(f):
    def answer(y, y_hat, **options):
        return f(y, y_hat, **options)

    return answer


@defect("plain lists", "raises AttributeError")
def needs_arrays(f):
    def answer(y_true, y_pred, **options):
        if isinstance(y_pred, list):
            return y_pred.shape  # raises what a student would see
        return f(y_true, y_pred, **options)

    return answer


@defect("float16", "hree digits")
def computes_in_half_precision(f):
    def answer(y_true, y_pred, **options):
        result = f(y_true, y_pred, **options)
        if getattr(y_pred, "dtype", None) == np.float16:
            return np.asarray(result).astype(np.float16)
        return result

    return answer


@defect("refusing negative δ", "it is accepted", only=["huber"])
def any_delta(f):
    return lambda y_true, y_pred, delta=1.0, **options: f(
        y_true, y_pred, delta=abs(delta) or 1.0, **options
    )


@defect("refusing labels 0 and 1", "it is accepted", only=["hinge"])
def maps_labels(f):
    return lambda y_true, y_pred, **options: f(
        np.where(np.asarray(y_true) == 0, -1.0, y_true).astype(getattr(y_true, "dtype", float)),
        y_pred,
        **options,
    )


def is_float(values):
    """Whether these are floating-point numbers."""
    return np.asarray(values).dtype.kind == "f"
