"""Instant feedback on a student's own implementation of a loss or its gradient.

>>> from losslab import check
>>> check.names()[:2]
('mean_squared_error', 'mean_squared_error_grad')

``check("huber", huber)`` prints what is right, what is wrong and on which kind of input;
``check.report("huber", huber)`` returns the same as data.
"""

import difflib

from losslab.checks.asking import outcomes
from losslab.checks.exercises import EXERCISES
from losslab.checks.report import Report, page, report

__all__ = ["Report", "check"]


class Check:
    """Check a function against an exercise: ``check("huber", huber)``.

    The answer is tried on random inputs (the same ones in every run), in four levels: the
    formula; shapes and reductions; numerics; the full contract of `lossfns`. Nothing the function
    does can hurt the notebook: it works on copies, its output is dropped, and it is stopped after
    four seconds a call. Only a call that never returns from compiled code cannot be stopped.
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
        print(page(exercise, outcomes(exercise, function), full=full))  # noqa: T201

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
        return report(exercise, outcomes(exercise, function))

    def __repr__(self):
        return 'check: write check("huber", huber); check.names() lists the exercises'


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


check = Check()
