"""What hidden checks are made of: tasks, questions about them, and points for each.

A module in ``coursework/checks`` lists `Task` objects: what a student writes, a reference, and
the questions to ask. `ask` puts the questions to functions that live elsewhere: in the sandbox
of `coursework.grading.sandbox`, or in this process (`coursework.grading.runner.Functions`).
Expected values never leave this process.

One mistake costs its points once: a wrong factor that the first look finds is allowed for in the
questions about shapes and numerics, which wait until something about the formula is right.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from losslab.checks.answer import Blank, Stop, Wrong
from losslab.checks.asking import BORROWED
from losslab.checks.comparing import with_hint
from losslab.checks.diagnosis import (
    Gap,
    look_at_digits,
    look_at_entries,
    look_at_infinity,
    look_at_nan,
    look_at_shape,
    look_at_size,
    look_for_factor,
)
from losslab.checks.factors import RIGHT, RTOL, close, find_factor, scaled
from losslab.checks.questions import listing

ROUGHLY = 1e-6
LOOP = 50  # Python steps that a hundred more numbers may take
MANY = 200_000
WAITS = "waits until something about the formula is right"


@dataclass(frozen=True)
class Question:
    """One scored question.

    Attributes
    ----------
    title : str
        The kind of input, in words; the student reads it.
    points : float
        What the right answer earns.
    ask : callable
        Takes a `Probe`; returns when the answer is right and raises `Wrong` otherwise.
    waits : bool
        Whether it is asked only when something about the formula is right.
    """

    title: str
    points: float
    ask: Callable
    waits: bool = True


@dataclass(frozen=True)
class Task:
    """A function that a student writes.

    Attributes
    ----------
    reference : callable
        A right answer under the same name. It sees arrays, and options as keywords.
    sample : callable
        ``(rng, n) -> arguments``: n ordinary examples.
    questions : tuple of Question
    slips : tuple of (callable, str)
        Wrong formulas that people do write, called like the reference, each with a hint that
        does not show the right one.
    gradient, rows : bool
        Whether the result has the shape of the last argument; whether an example is a row.
    """

    reference: Callable
    sample: Callable
    questions: tuple[Question, ...]
    slips: tuple[tuple[Callable, str], ...] = ()
    gradient: bool = False
    rows: bool = False

    @property
    def name(self):
        """The name that the student's function must have."""
        return self.reference.__name__

    @property
    def points(self):
        """What all right answers earn together."""
        return sum(question.points for question in self.questions)

    def count(self, array):
        """Count the examples, and the entries of one example."""
        width = np.shape(array)[-1] if self.rows else 1
        return np.size(array) // width, width

    def want(self, *arguments, **options):
        """Return what the reference returns."""
        with np.errstate(all="ignore"):
            return np.asarray(self.reference(*arguments, **options))


@dataclass(frozen=True)
class Number:
    """A variable that a student computes, worth some points."""

    name: str
    want: float
    points: float
    rtol: float = 1e-6
    hint: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of one question: right if there is no `problem`."""

    title: str
    points: float
    problem: str | None = None

    @property
    def earned(self):
        """The points earned."""
        return 0.0 if self.problem else self.points

    @property
    def message(self):
        """The outcome in one line."""
        mark = "✗" if self.problem else "✓"
        return f"{mark} {self.title}" + (f": {self.problem}" if self.problem else "")


def tasks(*items):
    """Make the dictionary ``TASKS`` of a module of checks."""
    return {item.name: item for item in items}


def total(outcomes):
    """Add up the points earned."""
    return sum(outcome.earned for outcome in outcomes)


class Probe:
    """A task, the functions that may solve it, and what is known about them.

    Parameters
    ----------
    task : Task
        What should be solved.
    functions : object
        Something with the methods of `coursework.grading.runner.Functions`.
    """

    def __init__(self, task, functions):
        self.task, self.functions = task, functions
        self.factor = RIGHT

    def rng(self, title):
        """Make the random numbers of one question: the same for every student."""
        return np.random.default_rng(crc32(f"{self.task.name}: {title}".encode()))

    def call(self, *arguments, **options):
        """Call the student's function."""
        return self.functions.call(self.task.name, *arguments, **options)

    def look(self):
        """Raise `Stop` where asking is pointless; note a factor that later questions allow for."""
        pairs = []
        try:
            for n in (7, 5):
                arguments = self.task.sample(self.rng(f"look at {n}"), n)
                if n == 7 and (library := self.functions.library(self.task.name, *arguments)):
                    raise Stop(BORROWED.format(library))
                got = self.call(*arguments)
                pairs.append((got, self.task.want(*arguments), *self.task.count(arguments[-1])))
        except Blank as blank:
            raise Stop(str(blank)) from None
        except Wrong:
            return
        self.factor = find_factor(pairs) or RIGHT

    def expect(self, *arguments, rtol=RTOL, hint="", exact=False, slips=True, **options):
        """Raise `Wrong` unless the answer is right, or wrong by a known factor only."""
        want = self.task.want(*arguments, **options)
        got = self.call(*arguments, **options)
        shape = self.task.count(arguments[-1])
        if close(got, want, rtol):
            return
        if not exact and close(got, scaled(want, self.factor, *shape), rtol):
            return
        gap = Gap(self.task, got, want, None, np.asarray(arguments[-1]), options)
        raise Wrong(with_hint(self.explain(gap, arguments if slips else None), hint))

    def explain(self, gap, arguments):
        """Say in words how an answer differs from the reference, without giving that away."""
        looks = (look_at_shape, look_at_nan, look_at_infinity, look_for_factor)
        looks += (lambda gap: self.look_for_slip(gap, arguments),)
        looks += (look_at_digits, look_at_entries, look_at_size)
        with np.errstate(all="ignore"):
            return next(words for look in looks if (words := look(gap)))

    def look_for_slip(self, gap, arguments):
        """Recognise one of the task's wrong formulas."""
        found = []
        if arguments is None:
            return None
        for formula, hint in self.task.slips:
            value = np.asarray(formula(*arguments, **gap.options))
            factor = find_factor([(gap.got, value, *self.task.count(arguments[-1]))])
            if factor:
                words = factor.words(gradient=self.task.gradient)
                found.append((factor.oddity, f"{hint}; and {words}" if words else hint))
        return min(found, default=(0, None))[1]


def ask(task, functions):
    """Put the questions of a task to a student's functions; return the outcomes."""
    if isinstance(task, Number):
        return [ask_number(task, functions)]
    probe, found, stopped = Probe(task, functions), [], None
    try:
        probe.look()
    except Stop as stop:
        stopped = str(stop)
    for question in task.questions:
        problem = stopped
        known = probe.factor != RIGHT or any(not outcome.problem for outcome in found)
        if problem is None and question.waits and not known:
            problem = WAITS
        if problem is None:
            try:
                question.ask(probe)
            except Wrong as wrong:
                problem = str(wrong)
            except Stop as stop:
                problem = stopped = str(stop)
        found.append(Outcome(question.title, question.points, problem))
    return found


def ask_number(task, functions):
    """Look at a variable."""
    problem = None
    try:
        got = functions.value(task.name)
        if got.size != 1 or not abs(float(got.reshape(-1)[0]) - task.want) <= task.rtol * abs(
            task.want
        ):
            problem = with_hint("it is not the number asked for", task.hint)
    except (Wrong, Stop) as wrong:
        problem = str(wrong)
    return Outcome(f"the number `{task.name}`", task.points, problem)


# --- Questions ----------------------------------------------------------------------------------


def formula(points, title, sample, **options):
    """Ask for ordinary numbers of one kind; nothing is forgiven."""

    def asking(probe):
        probe.expect(*sample(probe.rng(title), 7), rtol=ROUGHLY, exact=True, **options)

    return Question(title, points, asking, waits=False)


def lengths(points, numbers=(1, 7, 3, 12)):
    """Ask for several numbers of examples, and for one of them, 7, twice."""

    def asking(probe):
        rng, right, wrong = probe.rng("lengths"), [], {}
        for n in numbers:
            try:
                probe.expect(*probe.task.sample(rng, n), rtol=ROUGHLY, exact=True)
                right.append(n)
            except Wrong as error:
                wrong[n] = str(error)
        if wrong:
            also = f"right for n = {listing(right)}, but " if right else ""
            asks = ""
            if right == [7]:
                asks = " Is the number of examples fixed in the function?"
            elif list(wrong) == [7]:  # the only number that was tried before
                asks = " Does the function remember anything?"
            raise Wrong(f"{also}for n = {listing(wrong)}: {wrong[max(wrong)]}{asks}")
        try:
            probe.expect(*probe.task.sample(rng, 7), rtol=ROUGHLY, exact=True)
        except Wrong as error:
            again = "for other numbers of the same length: "
            raise Wrong(f"{again}{error}. Does the function remember anything?") from None

    return Question("other numbers of examples", points, asking, waits=False)


def option(points, title, sample, **values):
    """Ask for other values of a parameter: ``option(1, "c other than 1", sample, c=(0.5, 3.0))``.

    The sampler takes the value as a third argument, so that its numbers can suit it.
    """

    def asking(probe):
        rng = probe.rng(title)
        names = tuple(values)
        for chosen in itertools.product(*values.values()):
            keywords = dict(zip(names, chosen, strict=True))
            probe.expect(*sample(rng, 7, *chosen), rtol=ROUGHLY, **keywords)

    return Question(title, points, asking)


def following(question, own, **options):
    """Let an answer also be right that builds rightly on another, wrong function of the student.

    ``own(call, *arguments, **options)`` does what the task asks for and calls the student's other
    functions by ``call(name, ...)``. It must lead away from the last argument, the start.
    """

    def asking(probe):
        try:
            question.ask(probe)
        except Wrong:
            arguments = probe.task.sample(probe.rng("following"), 7)
            got = probe.call(*arguments, **options)
            try:
                want = np.asarray(own(probe.functions.call, *arguments, **options))
            except (Wrong, Stop):
                want = arguments[-1]
            if close(want, arguments[-1]) or not close(got, want, ROUGHLY):
                raise

    return replace(question, ask=asking)


def case(points, title, *arguments, hint="", rtol=RTOL, **options):
    """Ask for one awkward input."""
    arrays = tuple(np.asarray(argument) for argument in arguments)

    def asking(probe):
        # Far out, wrong formulas look alike: that is for the questions about ordinary numbers.
        probe.expect(*arrays, rtol=rtol, hint=hint, slips=False, **options)

    return Question(title, points, asking)


def refusal(points, title, *arguments, **options):
    """Ask for a `ValueError` where an input makes no sense."""
    arrays = tuple(np.asarray(argument) for argument in arguments)

    def asking(probe):
        try:
            probe.call(*arrays, **options)
        except Wrong as wrong:
            if str(wrong).startswith("raises ValueError"):
                return
            raise
        raise Wrong("it is accepted: a ValueError that says what is wrong is wanted")

    return Question(title, points, asking)


def unequal_shapes(points):
    """Ask for the refusal of arrays that only broadcasting could bring together."""

    def asking(probe):
        y_true, y_pred = probe.task.sample(probe.rng("unequal"), 4)
        last = y_pred[:, :1] if probe.task.rows else y_pred[:, None]
        for other in (y_pred[:1], last):
            try:
                refusal(0, "", y_true, other).ask(probe)
            except Wrong as wrong:
                raise Wrong(f"shapes {y_true.shape} and {other.shape}: {wrong}") from None

    return Question("refusing unequal shapes", points, asking)


def whole_arrays(points, many=MANY, unit="numbers"):
    """Ask for very many examples, without a loop over them and in the same digits."""

    def asking(probe):
        rng, task = probe.rng("many"), probe.task
        steps = [probe.functions.steps(task.name, *task.sample(rng, size)) for size in (100, 200)]
        if steps[1] - steps[0] >= LOOP:
            raise Wrong("a Python loop runs over the examples: let NumPy work on whole arrays")
        probe.expect(*task.sample(rng, many), slips=False)

    return Question(f"{many:,} {unit}", points, asking)


def inputs_unchanged(points):
    """Ask whether the arguments still hold what they held."""

    def asking(probe):
        arguments = probe.task.sample(probe.rng("unchanged"), 6)
        if probe.functions.changes_inputs(probe.task.name, *arguments):
            raise Wrong("an argument is changed by the call: work on new arrays")

    return Question("arguments stay as they are", points, asking)
