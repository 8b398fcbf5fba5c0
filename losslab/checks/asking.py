"""Put the questions of an exercise to an answer, as far as they make sense."""

import inspect

from losslab.checks.answer import Answer, Bell, Blank, Stop, Wrong
from losslab.checks.comparing import expect, random
from losslab.checks.factors import RIGHT, ROUGHLY, RTOL, close, find_factor
from losslab.checks.origin import Watch, library_in
from losslab.checks.questions import questions
from losslab.checks.report import WAITS, Outcome
from losslab.checks.slips import recognise

BORROWED = "{} does the work here: the exercise is to write it yourself, with NumPy alone"


def outcomes(exercise, function):
    """Ask all the questions of an exercise."""
    found, stopped = [], None
    with Bell() as bell:
        answer = Answer(exercise, function, bell)
        try:
            look_over(answer)
        except Stop as stop:
            stopped = str(stop)
        for question in questions(exercise):
            problem = stopped
            known = understood(answer) or any(not outcome.problem for outcome in found)
            if problem is None and question.level > 1 and not known:
                problem = WAITS
            if problem is None:
                try:
                    question.ask(answer)
                except Wrong as wrong:
                    problem = str(wrong)
                except Stop as stop:
                    problem = stopped = str(stop)
            found.append(Outcome(question.level, question.title, problem))
    return found


def look_over(answer):
    """Raise `Stop` where asking is pointless; note the mistakes that later questions allow for."""
    exercise = answer.exercise
    if library := library_in(answer.function):
        raise Stop(BORROWED.format(library))
    if answer.parameters is not None:
        check_parameters(answer)
    pairs = [first_look(answer, n) for n in (7, 5)]
    if None not in pairs:
        answer.factor = find_factor(pairs) or RIGHT
        for rtol in (RTOL, ROUGHLY):
            if all(close(got, want, rtol) for got, want, *_ in pairs):
                answer.rtol = rtol
                return
    if exercise.rows:
        answer.right_for_one = right_for_one(answer)


def first_look(answer, n):
    """Call the function on n ordinary examples; note a library at work and a known mistake."""
    exercise = answer.exercise
    inputs = exercise.sample(random(exercise, f"first look at {n}"), n)
    with Watch() as watch:
        try:
            got = answer(*inputs)
        except Blank as blank:
            raise Stop(str(blank)) from None
        except Wrong:
            got = None
    if watch.library:
        raise Stop(BORROWED.format(watch.library))
    if got is None:
        return None
    answer.slip, _ = recognise(exercise, got, *inputs, answer.slip)
    return got, exercise.reference(*inputs), *exercise.count(inputs[1])


def right_for_one(answer):
    """Whether a loss over rows is right for one row, given as a vector."""
    y_true, y_pred = answer.exercise.sample(random(answer.exercise, "one row"), 1)
    try:
        expect(answer, y_true[0], y_pred[0], lenient=False)
    except Wrong:
        return False
    return True


def check_parameters(answer):
    """Raise `Stop` unless the function can be called as function(y_true, y_pred)."""
    try:
        inspect.signature(answer.function, follow_wrapped=False).bind(None, None)
    except TypeError:
        names = ", ".join(answer.parameters)
        raise Stop(
            f"the function takes ({names}); it should take (y_true, y_pred), and anything more "
            "needs a default value"
        ) from None


def understood(answer):
    """Whether the formula is right but for a known mistake."""
    return answer.factor != RIGHT or answer.slip is not None or answer.right_for_one
