"""Instant feedback on a student's own implementation of a loss or its gradient.

>>> from losslab import check
>>> check.names()[:2]
('mean_squared_error', 'mean_squared_error_grad')

``check("huber", huber)`` prints what is right, what is wrong and on which kind of input;
``check.report("huber", huber)`` returns the same as data.
"""

import difflib
import inspect
import itertools
import textwrap
from dataclasses import dataclass

from losslab.checks.answer import Answer, Stop, Wrong
from losslab.checks.diagnosis import RIGHT, find_factor
from losslab.checks.exercises import EXERCISES
from losslab.checks.levels import LEVELS, questions, random
from losslab.checks.origin import Watch, library_in
from losslab.checks.slips import recognise

__all__ = ["Report", "check"]


@dataclass(frozen=True)
class Report:
    """The outcome of a check, as data.

    Attributes
    ----------
    name : str
        The exercise.
    passed : bool
        Whether every question of every level was answered rightly.
    score, max_score : int
        Points, one for each question; `max_score` depends on the exercise alone.
    messages : tuple of str
        One message for each question, "✓ …" or "✗ …: what is wrong"; a single one where the
        answer could not be looked at.
    levels : tuple of (int, int)
        Points and most points of each of the four levels.
    text : str
        What `check` prints.
    """

    name: str
    passed: bool
    score: int
    max_score: int
    messages: tuple[str, ...]
    levels: tuple[tuple[int, int], ...]
    text: str

    def __str__(self):
        return self.text


class Check:
    """Check a function against an exercise: ``check("huber", huber)``.

    The answer is tried on random inputs (the same ones in every run), in four levels: the
    formula; shapes and reductions; numerics; the full contract of `lossfns`. Nothing the function
    does can hurt the notebook: it works on copies, its output is dropped, and it is stopped after
    two seconds a call. Only a call that never returns from compiled code cannot be stopped.
    """

    def __call__(self, name, function, *, full=False):
        """Print what is right, what is wrong, and on which kind of input.

        Parameters
        ----------
        name : str
            The exercise, one of `check.names()`.
        function : callable
            Your function ``(y_true, y_pred, ...)``, itself, without parentheses.
        full : bool, default False
            Explain every wrong answer at once, instead of level by level.
        """
        exercise = find(name, function)
        print(page(exercise, outcomes(exercise, function), full=full))

    def names(self):
        """List the exercises, in the order of the course."""
        return tuple(EXERCISES)

    def report(self, name, function):
        """Return the outcome as data instead of printing it.

        Parameters
        ----------
        name, function
            As in `check`.

        Returns
        -------
        Report
        """
        exercise = find(name, function)
        found = outcomes(exercise, function)
        levels = tuple(points(found, level) for level in range(1, len(LEVELS) + 1))
        score, max_score = points(found)
        return Report(
            name=name,
            passed=score == max_score,
            score=score,
            max_score=max_score,
            messages=tuple(outcome.message for outcome in found),
            levels=levels,
            text=page(exercise, found),
        )

    def __repr__(self):
        return 'check: write check("huber", huber); check.names() lists the exercises'


@dataclass(frozen=True)
class Outcome:
    """What came of one question: right if there is no `problem`."""

    level: int
    title: str
    problem: str | None

    @property
    def message(self):
        """The outcome in one line."""
        mark = "✗" if self.problem else "✓"
        return f"{mark} {self.title}" + (f": {self.problem}" if self.problem else "")


def find(name, function):
    """Return the exercise called `name`, or raise an error that helps."""
    if callable(name):
        raise TypeError('the name of the exercise comes first: check("huber", huber)')
    if name not in EXERCISES:
        near = difflib.get_close_matches(str(name), EXERCISES, n=1, cutoff=0.4)
        ask = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"there is no exercise {name!r}; {ask}check.names() lists all of them")
    if not callable(function):
        raise TypeError(
            f"check needs your function itself, without parentheses, as in "
            f'check("{name}", {name}); found a value of type {type(function).__name__}'
        )
    return EXERCISES[name]


def outcomes(exercise, function):
    """Ask all the questions of an exercise."""
    answer = Answer(exercise, function)
    asked = questions(exercise)
    try:
        look_over(answer)
        found = []
        for level, group in itertools.groupby(asked, key=lambda question: question.level):
            if level > 1 and not (understood(answer) or any(not o.problem for o in found)):
                problem = "waits until something of level 1 is right"
                found += [Outcome(level, question.title, problem) for question in group]
            else:
                found += [Outcome(level, q.title, problem_of(q, answer)) for q in group]
    except Stop as stop:
        return [Outcome(question.level, question.title, str(stop)) for question in asked]
    return found


def look_over(answer):
    """Raise `Stop` where asking is pointless; note the mistakes that later questions allow for."""
    exercise = answer.exercise
    if library := library_in(answer.function):
        raise Stop(f"{library} does the work here; the exercise is to write it with NumPy alone")
    if answer.parameters is not None:
        check_parameters(answer)
    pairs = []
    for n in (7, 5):
        inputs = exercise.sample(random(exercise, f"first look, {n}"), n)
        with Watch() as watch:
            try:
                got = answer(*inputs)
            except Stop:
                raise
            except Wrong:
                got = None
        if watch.library:
            raise Stop(f"{watch.library} does the work here; write it with NumPy alone")
        if got is None:
            return
        pairs.append((got, exercise.reference(*inputs), *exercise.count(inputs[1])))
        answer.slip = answer.slip or recognise(exercise.name, got, *inputs)
    answer.factor = find_factor(pairs)


def check_parameters(answer):
    """Raise `Stop` unless the function can be called as function(y_true, y_pred)."""
    try:
        inspect.signature(answer.function).bind(None, None)
    except TypeError:
        names = ", ".join(answer.parameters)
        raise Stop(
            f"the function takes ({names}); it should take (y_true, y_pred), and anything more "
            "needs a default value"
        ) from None


def understood(answer):
    """Whether the formula is right but for a known mistake."""
    return answer.factor != RIGHT or answer.slip is not None


def problem_of(question, answer):
    """Ask one question and return what is wrong, or None."""
    try:
        question.ask(answer)
    except Stop:
        raise
    except Wrong as wrong:
        return str(wrong)
    return None


def points(found, level=None):
    """Count the points made and the most that can be made."""
    found = [outcome for outcome in found if level in (None, outcome.level)]
    return sum(not outcome.problem for outcome in found), len(found)


def page(exercise, found, *, full=False):
    """Set out the outcomes for reading: every level, with sentences up to the first open one."""
    score, most = points(found)
    lines = [f"{exercise.name}: {score} of {most} points"]
    if exercise.gradient:
        lines.append("(the gradient of the mean over the examples, with respect to y_pred)")
    problems = {outcome.problem for outcome in found}
    if len(problems) == 1 and None not in problems:
        return "\n".join([*lines, *wrapped("✗ ", *problems)])
    hidden = False
    for level, title in enumerate(LEVELS, start=1):
        here = [outcome for outcome in found if outcome.level == level]
        score, most = points(here)
        lines += ["", f"Level {level}, {title}: {score} of {most}"]
        right = [outcome.title for outcome in here if not outcome.problem]
        lines += wrapped("✓ right: ", "; ".join(right)) if right else []
        wrong = [outcome for outcome in here if outcome.problem]
        if hidden and not full:
            titles = "; ".join(outcome.title for outcome in wrong)
            lines += wrapped("✗ open: ", titles) if wrong else []
        else:
            for problem in dict.fromkeys(outcome.problem for outcome in wrong):
                titles = "; ".join(o.title for o in wrong if o.problem == problem)
                lines += wrapped("✗ ", f"{titles}: {problem}")
        hidden = hidden or bool(wrong)
    if hidden:
        level = next(outcome.level for outcome in found if outcome.problem)
        lines += ["", f"Next: level {level}, {LEVELS[level - 1]}."]
    else:
        lines += ["", "All of it is right."]
    return "\n".join(lines)


def wrapped(mark, text):
    """Indent and wrap one entry."""
    return textwrap.wrap(
        text,
        width=80,
        initial_indent=f"  {mark}",
        subsequent_indent="    ",
        break_on_hyphens=False,
    )


check = Check()
