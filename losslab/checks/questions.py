"""The questions: small functions that return when an answer is right and raise `Wrong`."""

import itertools
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from losslab.checks.answer import Stop, Wrong
from losslab.checks.cases import CASES, REFUSALS
from losslab.checks.comparing import expect, expect_shaped, random, refuses
from losslab.checks.factors import ROUGHLY, RTOL, close
from losslab.checks.origin import Watch

MANY = 400_000
LEVELS = ("the formula", "shapes and reductions", "numerics", "the full contract")


@dataclass(frozen=True)
class Question:
    """One scored question: its level, its title in words, and a function that raises `Wrong`."""

    level: int
    title: str
    ask: Callable


# --- Level 1: the formula -----------------------------------------------------------------------


def kind_asker(kind, sampler):
    """Ask for the mean over seven examples of one kind."""

    def ask(answer):
        rng = random(answer.exercise, kind)
        expect(answer, *sampler(rng, 7), lenient=False, rtol=ROUGHLY)

    return ask


def other_lengths(answer):
    """Ask for several numbers of examples, and say for which it is right."""
    rng = random(answer.exercise, "lengths")
    right, wrong = [], {}
    for n in (1, 3, 7, 12):
        try:
            expect(answer, *answer.exercise.sample(rng, n), lenient=False, rtol=ROUGHLY)
            right.append(n)
        except Wrong as error:
            wrong[n] = str(error)
    if not wrong:
        return
    message = wrong[max(wrong)]
    if right:
        message = f"right for n = {listing(right)}, but for n = {listing(wrong)} {message}"
    if right == [7]:
        message += ". Is the number of examples fixed in the function?"
    if right == [3] and answer.exercise.rows:
        message += ". Rows and columns are mixed up: that shows only where their numbers differ"
    raise Wrong(message)


def other_numbers(answer):
    """Ask several times for the same number of examples."""
    rng = random(answer.exercise, "numbers")
    first, second = (answer.exercise.sample(rng, 7) for _ in range(2))
    seen = [answer(*first), answer(*second), answer(*first)]
    if close(seen[0], seen[1]):
        raise Wrong("the same result comes back for different numbers: is it remembered?")
    if not close(seen[0], seen[2]):
        raise Wrong("the same call gives another result the second time: is something kept?")
    expect(answer, *second, lenient=False, rtol=ROUGHLY)


def thresholds(answer):
    """Ask Huber's loss for thresholds other than 1."""
    rng = random(answer.exercise, "thresholds")
    for delta in (2.5, 0.4):
        y_true, y_pred = answer.exercise.sample(rng, 7)
        y_pred = y_true + delta * (y_pred - y_true)
        expect(answer, y_true, y_pred, lenient=False, rtol=ROUGHLY, delta=delta)


def listing(things):
    """Join with commas and a last 'and'."""
    *most, last = map(str, things)
    return f"{', '.join(most)} and {last}" if most else last


# --- Level 2: shapes and reductions -------------------------------------------------------------


def one_example(answer):
    """Ask for two bare numbers, or two vectors."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "one"), 1)
    if answer.exercise.rows:
        expect_shaped(answer, y_true[0], y_pred[0])
    else:
        expect_shaped(answer, float(y_true[0]), float(y_pred[0]))


def more_axes(answer):
    """Ask for one axis more than usual."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "axes"), 15)
    shape = (5, 3, *y_pred.shape[1:])
    expect_shaped(answer, y_true.reshape(shape), y_pred.reshape(shape))


def reduction_asker(reduction):
    """Ask for one reduction by name."""

    def ask(answer):
        rng = random(answer.exercise, reduction)
        expect_shaped(answer, *answer.exercise.sample(rng, 7), reduction=reduction)

    return ask


def weights_asker(reduction):
    """Ask for unequal weights."""

    def ask(answer):
        rng = random(answer.exercise, "weights")
        y_true, y_pred = answer.exercise.sample(rng, 7)
        weight = rng.uniform(0.2, 3, 7)
        options = {} if reduction == "mean" else {"reduction": reduction}
        try:
            expect_shaped(answer, y_true, y_pred, sample_weight=weight, **options)
        except Wrong:
            answer.require("sample_weight", *options)
            got = answer(y_true, y_pred, sample_weight=weight, **options)
            for mistake, hint in WEIGHT_MISTAKES:
                f = partial(answer.exercise.reference, y_true, y_pred, **options)
                if close(got, mistake(f, weight)):
                    raise Wrong(hint) from None
            raise

    return ask


WEIGHT_MISTAKES = (
    (lambda f, w: f(), "the weights make no difference"),
    (
        lambda f, w: f(sample_weight=w) * w.mean(),
        "the weighted sum is divided by the number of examples: should it not be by the weights?",
    ),
    (lambda f, w: f(sample_weight=w) * w.sum(), "the weighted sum is not divided by anything"),
    (
        lambda f, w: f(sample_weight=w) / w.sum(),
        "the weights are scaled first, which only the mean should do",
    ),
    (lambda f, w: f(sample_weight=w**2), "the weights are used twice"),
    (lambda f, w: f(sample_weight=np.sqrt(w)), "a root is taken of the weights"),
)


def unequal_shapes(answer):
    """Ask for a refusal of arrays that only broadcasting could bring together."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "unequal"), 4)
    expect_shaped(answer, y_true, y_pred)
    last = y_pred[:, :1] if answer.exercise.rows else y_pred[:, None]
    for other in (y_pred[:1], last, y_pred[0]):
        try:
            refuses(answer, ValueError, (), y_true, other)
        except Wrong as wrong:
            raise Wrong(
                f"y_true has shape {y_true.shape} and y_pred {other.shape}: {wrong}"
            ) from None


def inputs_unchanged(answer):
    """Ask whether the arrays still hold what they held."""
    expect_shaped(answer, *answer.exercise.sample(random(answer.exercise, "unchanged"), 6))
    if answer.changes_inputs:
        raise Wrong("y_true or y_pred is changed by the call: work on new arrays")


# --- Level 3: numerics --------------------------------------------------------------------------


def case_asker(case):
    """Ask for one awkward input."""

    def ask(answer):
        expect(answer, case.y_true, case.y_pred, rtol=case.rtol, hint=case.hint, **case.options)

    return ask


def all_digits(answer):
    """Ask for the digits that float64 has."""
    rng = random(answer.exercise, "digits")
    expect(answer, *answer.exercise.sample(rng, 7), lenient=answer.rtol == RTOL)


def many_numbers(answer):
    """Ask for 400,000 numbers, after making sure that they are neither looped over nor tabled."""
    exercise, rng = answer.exercise, random(answer.exercise, "many")
    expect_shaped(answer, *exercise.sample(rng, 20))
    steps, peaks = [], []
    for n in (100, 200):
        with Watch() as watch:
            answer(*exercise.sample(rng, n))
        steps.append(watch.steps)
    if steps[1] - steps[0] >= 50:
        raise Wrong(
            "a Python loop runs over the examples, far too slow for 400,000 numbers: "
            "let NumPy work on whole arrays"
        )
    for n in (750, 1500):
        inputs = exercise.sample(rng, n)
        peaks.append(peak_memory(answer, *inputs))
    if peaks[1] - peaks[0] > 1500**2 // 2:
        raise Wrong("a table of n × n numbers is built on the way: it would not fit for 400,000")
    few = exercise.sample(rng, 1000)
    copies = MANY // few[1].size
    many = [np.tile(array, (copies, 1) if exercise.rows else copies) for array in few]
    try:
        got, once = answer(*many), answer(*few)
    except Stop:
        raise Wrong("too slow: they take longer than the time allowed") from None
    again = np.tile(once / copies, (copies, 1) if exercise.rows else copies)
    if not close(got, again if exercise.gradient else once) and not close(got, once * copies):
        raise Wrong("right for few numbers, but not for so many: are digits lost on the way?")


def peak_memory(answer, *inputs):
    """Measure the most memory in use during one call."""
    running = tracemalloc.is_tracing()
    if not running:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        answer(*inputs)
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        if not running:
            tracemalloc.stop()


# --- Level 4: the full contract -----------------------------------------------------------------


def keywords(answer):
    """Ask for the parameters' names."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "keywords"), 5)
    expect_shaped(answer, y_true, y_pred)
    names = list(answer.parameters or ("y_true", "y_pred"))[:2]
    if names != ["y_true", "y_pred"]:
        raise Wrong(f"the first two parameters are called {' and '.join(names)}")


def dtypes(answer):
    """Ask for the type of the result."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "dtypes"), 5)
    expect_shaped(answer, y_true, y_pred)
    types = {"float32": np.float32, "float64": np.float64}
    for first, second in itertools.product(types, types):
        result = answer(y_true.astype(types[first]), y_pred.astype(types[second]))
        want = "float32" if first == second == "float32" else "float64"
        if result.dtype != want:
            raise Wrong(
                f"{first} and {second} give {result.dtype}: the course keeps float32 if both "
                "arrays are, and otherwise gives float64"
            )


def lists(answer):
    """Ask for plain lists, which NumPy users expect to work."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "lists"), 5)
    expect_shaped(answer, y_true.tolist(), y_pred.tolist())


def half_precision(answer):
    """Ask for float16, which holds too few digits to compute in."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "half"), 5)
    expect(
        answer,
        y_true.astype(np.float16),
        y_pred.astype(np.float16),
        hint="three digits are all that float16 has: the course computes in float64",
    )


def zero_weight(answer):
    """Ask whether an example of weight 0 is really absent."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "absent"), 4)
    y_pred[1] = np.nan
    expect(
        answer,
        y_true,
        y_pred,
        sample_weight=np.array([1.0, 0.0, 2.0, 0.5]),
        hint="an example of weight 0 counts as absent, even where its loss is NaN",
    )


def quiet(answer):
    """Ask whether awkward inputs pass without warnings and output."""
    expect_shaped(answer, *answer.exercise.sample(random(answer.exercise, "quiet"), 5))
    cases = [case for case in CASES[answer.exercise.loss] if answer_takes(answer, case)]
    answer.prints = answer.warns = False
    right = 0
    for case in cases:
        try:
            case_asker(case)(answer)
            right += 1
        except Wrong:
            continue
    if answer.prints:
        raise Wrong("something is printed during the call")
    if answer.warns:
        raise Wrong("NumPy's warnings reach the user for awkward inputs, such as those of level 3")


def answer_takes(answer, case):
    """Whether the answer has the parameters that a case needs."""
    return all(answer.accepts(option) for option in case.options)


def refusal_asker(refusal):
    """Ask for the refusal of one forbidden input, by a function that takes allowed ones."""

    def ask(answer):
        expect_shaped(answer, *answer.exercise.sample(random(answer.exercise, "allowed"), 5))
        refuses(
            answer,
            refusal.error,
            (refusal.names,),
            refusal.y_true,
            refusal.y_pred,
            **refusal.options,
        )

    return ask


def shapes_named(answer):
    """Ask for an error message that names both shapes."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "named"), 4)
    expect_shaped(answer, y_true, y_pred)
    names = (str(y_true.shape), str(y_pred[:3].shape))
    refuses(answer, ValueError, names, y_true, y_pred[:3])


def common_refusals(answer):
    """Yield the forbidden inputs that every loss has."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "refusals"), 4)
    weight = np.ones(4)
    yield "empty arrays", ValueError, "", y_true[:0], y_pred[:0], {}
    yield "an unknown reduction", ValueError, "reduction", y_true, y_pred, {"reduction": "average"}
    for title, bad in {
        "weights of another shape": np.ones(3),
        "negative weights": weight - [0, 2, 0, 0],
        "a weight that is NaN": weight * [1, np.nan, 1, 1],
        "weights that are all 0": 0 * weight,
    }.items():
        yield title, ValueError, "sample_weight", y_true, y_pred, {"sample_weight": bad}
    yield "complex numbers", TypeError, "y_pred", y_true, y_pred.astype(complex), {}
    yield "text", TypeError, "y_pred", y_true, y_pred.astype(str), {}
    yield "objects", TypeError, "y_pred", y_true, y_pred.astype(object), {}


def common_refusal_asker(*titles):
    """Ask for some of the refusals that every loss has."""

    def ask(answer):
        expect_shaped(answer, *answer.exercise.sample(random(answer.exercise, "allowed"), 5))
        for title, error, names, y_true, y_pred, options in common_refusals(answer):
            if title in titles:
                try:
                    refuses(answer, error, (names,), y_true, y_pred, **options)
                except Wrong as wrong:
                    raise Wrong(f"{title}: {wrong}" if len(titles) > 1 else str(wrong)) from None

    return ask


# --- All together -------------------------------------------------------------------------------

GENERAL = (
    Question(1, "other numbers of examples", other_lengths),
    Question(1, "other values of the same shape", other_numbers),
    Question(2, "one example alone", one_example),
    Question(2, "arrays with one more axis", more_axes),
    Question(2, 'reduction="sum"', reduction_asker("sum")),
    Question(2, 'reduction="none"', reduction_asker("none")),
    Question(2, "sample_weight", weights_asker("mean")),
    Question(2, 'sample_weight with reduction="none"', weights_asker("none")),
    Question(2, "refusing unequal shapes", unequal_shapes),
    Question(2, "inputs stay as they are", inputs_unchanged),
    Question(3, "all digits of float64", all_digits),
    Question(3, f"{MANY:,} numbers", many_numbers),
    Question(4, "parameters called y_true and y_pred", keywords),
    Question(4, "the type of the result", dtypes),
    Question(4, "plain lists", lists),
    Question(4, "float16", half_precision),
    Question(4, "an example of weight 0", zero_weight),
    Question(4, "no warnings, nothing printed", quiet),
    Question(4, "naming both of two unequal shapes", shapes_named),
    Question(4, "refusing empty arrays", common_refusal_asker("empty arrays")),
    Question(4, "refusing an unknown reduction", common_refusal_asker("an unknown reduction")),
    Question(
        4,
        "refusing bad weights",
        common_refusal_asker(
            "weights of another shape",
            "negative weights",
            "a weight that is NaN",
            "weights that are all 0",
        ),
    ),
    Question(
        4,
        "refusing complex numbers, text and objects",
        common_refusal_asker("complex numbers", "text", "objects"),
    ),
)


def questions(exercise):
    """List the questions of an exercise, level by level."""
    found = [Question(1, kind, kind_asker(kind, draw)) for kind, draw in exercise.kinds.items()]
    if "delta" in exercise.options:
        found.append(Question(1, "thresholds δ other than 1", thresholds))
    found += GENERAL
    for case in CASES[exercise.loss]:
        if case.only in (None, "gradient" if exercise.gradient else "value"):
            found.append(Question(case.level, case.title, case_asker(case)))
    for refusal in REFUSALS[exercise.loss]:
        found.append(Question(4, f"refusing {refusal.title}", refusal_asker(refusal)))
    return sorted(found, key=lambda question: question.level)
