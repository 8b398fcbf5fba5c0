"""Compare an answer with the reference, fairly.

One mistake is held against an answer once: a wrong factor or missing digits that level 1 has seen
are allowed for later, and shapes and reductions may also be judged against the student's own
function, called on one example at a time.
"""

from zlib import crc32

import numpy as np

from losslab.checks.answer import Stop, Wrong, in_words
from losslab.checks.diagnosis import Gap, explain
from losslab.checks.factors import close, scaled


def random(exercise, title):
    """Make the random numbers of one question: the same in every run."""
    return np.random.default_rng(crc32(f"{exercise.name}: {title}".encode()))


def expect(answer, y_true, y_pred, *, lenient=True, rtol=1e-9, hint="", **options):
    """Raise `Wrong` unless the answer is right, or (`lenient`) wrong as is known already."""
    answer.require(*options)
    rtol = max(rtol, answer.rtol) if lenient else rtol
    try:
        gap = compare(answer, y_true, y_pred, options)
        if close(gap.got, gap.want, rtol) or (lenient and allowed_for(answer, gap, rtol)):
            return
        problem = explain(gap)
    except Wrong as wrong:
        problem = str(wrong)
    if answer.right_for_one and not lenient:
        hint = "it is right for one row alone: an array of rows wants the mean over its rows"
    raise Wrong(with_hint(problem, hint))


def compare(answer, y_true, y_pred, options):
    """Call the answer and the reference."""
    want = answer.exercise.reference(y_true, y_pred, **options)
    got = answer(y_true, y_pred, **options)
    return Gap(answer.exercise, got, want, y_true, y_pred, options, answer.slip)


def with_hint(problem, hint):
    """Add a sentence."""
    if not hint:
        return problem
    stop = "" if problem.endswith(("?", ".")) else "."
    return f"{problem}{stop} {hint[0].upper()}{hint[1:]}"


def allowed_for(answer, gap, rtol=1e-9):
    """Whether a wrong factor that level 1 has found already explains what came."""
    if answer.factor.examples and {"reduction", "sample_weight"} & set(gap.options):
        return False
    n, k = answer.exercise.count(gap.y_pred)
    return close(gap.got, scaled(gap.want, answer.factor, n, k), rtol)


def expect_shaped(answer, y_true, y_pred, **options):
    """Like `expect`, but content with the student's own formula, rightly put together."""
    try:
        expect(answer, y_true, y_pred, **options)
    except Wrong:
        answer.require(*options)
        own = put_together(answer, y_true, y_pred, **options)
        if own is None or not close(answer(y_true, y_pred, **options), own):
            raise


def put_together(answer, y_true, y_pred, *, reduction="mean", sample_weight=None):
    """Reduce the answer's own values for single examples, or return None where there are none."""
    exercise, shape = answer.exercise, np.shape(y_pred)
    n, k = exercise.count(y_pred)
    flat = (n, k) if exercise.rows else (n,)
    singles = zip(np.reshape(y_true, flat), np.reshape(y_pred, flat), strict=True)
    try:
        values = [answer(y[None], p[None]) for y, p in singles]
    except Wrong:
        return None
    size = k if exercise.gradient else 1
    if any(value.size != size for value in values):
        return None
    values = np.array(values, dtype=float).reshape(n, size)
    if not np.isfinite(values).all() or not np.any(values - (n > 1) * values[0]):
        return None  # nothing to go by: not numbers, or the same number whatever the input
    weights = np.ones(n) if sample_weight is None else sample_weight
    values = values * np.reshape(weights / (weights.sum() if reduction == "mean" else 1), (n, 1))
    if exercise.gradient:
        return values.reshape(shape)
    if reduction == "none":
        return values.reshape(shape[:-1] if exercise.rows else shape)
    return values.sum()


def refuses(answer, error, names, y_true, y_pred, **options):
    """Raise `Wrong` unless the call raises an `error` whose message holds all `names`."""
    answer.require(*options)
    try:
        answer.raw(y_true, y_pred, **options)
    except (Stop, KeyboardInterrupt):
        raise
    except error as raised:
        missing = [name for name in names if name not in str(raised)]
        if missing:
            said = in_words(raised)
            raise Wrong(f"the error does not mention {' and '.join(missing)}: {said}") from None
    except BaseException as raised:  # noqa: BLE001  (students' functions raise anything)
        said = in_words(raised)
        raise Wrong(f"it raises {said} where a {error.__name__} is wanted") from None
    else:
        raise Wrong(f"it is accepted: a {error.__name__} that says what is wrong is wanted")
