"""What came of a check, as data and as a page to read."""

import textwrap
from dataclasses import dataclass

from losslab.checks.questions import LEVELS

WAITS = "waits until something of level 1 is right"


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


def report(exercise, found):
    """Make a `Report` of the outcomes."""
    score, max_score = points(found)
    return Report(
        name=exercise.name,
        passed=score == max_score,
        score=score,
        max_score=max_score,
        messages=tuple(outcome.message for outcome in found),
        levels=tuple(points(found, level) for level in range(1, len(LEVELS) + 1)),
        text=page(exercise, found),
    )


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
    open_level = next((outcome.level for outcome in found if outcome.problem), None)
    for level, title in enumerate(LEVELS, start=1):
        here = [outcome for outcome in found if outcome.level == level]
        score, most = points(here)
        lines += ["", f"Level {level}, {title}: {score} of {most}"]
        lines += right_entries(here)
        lines += wrong_entries(here) if full or level == open_level else open_entries(here)
    last = f"Next: level {open_level}, {LEVELS[open_level - 1]}." if open_level else "All is right."
    return "\n".join([*lines, "", last])


def right_entries(found):
    """Name what is right."""
    titles = [outcome.title for outcome in found if not outcome.problem]
    return wrapped("✓ right: ", "; ".join(titles)) if titles else []


def wrong_entries(found):
    """Explain what is wrong; questions with the same answer share a sentence."""
    lines = []
    for problem in dict.fromkeys(outcome.problem for outcome in found if outcome.problem):
        titles = [outcome.title for outcome in found if outcome.problem == problem]
        lines += wrapped("✗ ", f"{'; '.join(titles)}: {problem}")
    return lines


def open_entries(found):
    """Name what is wrong at a level whose turn has not come."""
    if all(outcome.problem == WAITS for outcome in found):
        return wrapped("✗ ", WAITS)
    titles = [outcome.title for outcome in found if outcome.problem]
    return wrapped("✗ open: ", "; ".join(titles)) if titles else []


def wrapped(mark, text):
    """Indent and wrap one entry."""
    return textwrap.wrap(
        text,
        width=80,
        initial_indent=f"  {mark}",
        subsequent_indent="    ",
        break_on_hyphens=False,
    )
