"""Graded assignments: their sources with solutions, hidden checks, release and grading.

Everything in this folder is for instructors. ``README.md`` says how to write an assignment,
``python -m coursework --help`` what can be done with one.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "coursework"


def names():
    """List the assignments, in the order of the course."""
    return sorted(path.parent.name for path in FOLDER.glob("source/*/*.ipynb"))


def source(name):
    """Return the path of an assignment's notebook with solutions."""
    if name not in names():
        raise ValueError(f"there is no assignment {name!r}: choose from {', '.join(names())}")
    return FOLDER / "source" / name / f"{name}.ipynb"


def points(name, task, namespace):
    """Return the points that a task earns, for the test cells that nbgrader runs.

    The student's function runs in this very process, which it could patch: where students are not
    to be trusted, ``python -m coursework grade`` asks the same questions from outside.
    """
    from coursework import checking, checks
    from coursework.grading.runner import Functions

    with Functions(namespace) as functions:
        outcomes = checking.ask(checks.load(name).TASKS[task], functions)
    for outcome in outcomes:
        if outcome.problem:
            print(outcome.message)
    return checking.total(outcomes)
