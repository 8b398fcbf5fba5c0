"""A student's function, called so that nothing it does can hurt the notebook."""

import contextlib
import ctypes
import inspect
import io
import re
import threading
import time
import warnings

import numpy as np

from losslab.checks.factors import RIGHT, RTOL

SECONDS_PER_CALL = 4.0
SECONDS_IN_ALL = 15.0


class Wrong(Exception):  # noqa: N818  (an outcome, not an error)
    """What is wrong, in a sentence for the student."""


class Blank(Wrong):
    """Nothing has been written yet."""


class Stop(Exception):  # noqa: N818
    """What is wrong where it makes every further question pointless."""


class OutOfTime(BaseException):
    """Raised inside the student's function when its time is up."""


class Bell:
    """Stop what takes too long: ``with Bell() as bell: … with bell.limit(seconds): …``.

    A second thread looks at the clock and raises `OutOfTime` in this one, so this works on every
    platform and in every kind of kernel. It interrupts Python code; a single call into compiled
    code ends when it returns. Where threads cannot be started (Python in the browser) there is no
    limit.
    """

    def __init__(self):
        self.closed = threading.Event()
        self.caller = self.rings_at = None
        self.looking = self.rung = False

    def __enter__(self):
        with contextlib.suppress(RuntimeError):
            threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.closed.set()

    def _watch(self):
        while not self.closed.wait(0.05):
            self.looking = True
            if (at := self.rings_at) is not None and time.monotonic() > at:
                self.rings_at, self.rung = None, True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self.caller), ctypes.py_object(OutOfTime)
                )
            self.looking = False

    @contextlib.contextmanager
    def limit(self, seconds):
        """Raise `OutOfTime` in this thread when the body takes longer than `seconds`."""
        self.caller, self.rung = threading.get_ident(), False
        self.rings_at = time.monotonic() + seconds
        try:
            yield
        finally:
            self.rings_at = None
            while self.looking:  # no lock: the exception could strike while it is held
                time.sleep(0)
            if self.rung:
                time.sleep(0.01)  # should the exception still be on its way, it arrives here
        if self.rung:
            raise OutOfTime


class Discard(io.TextIOBase):
    """A stream that remembers only that somebody wrote to it."""

    used = False

    def write(self, text):
        """Drop the text."""
        self.used = self.used or bool(text)
        return len(text)


class Answer:
    """The student's function as a function of arrays, or a `Wrong` that says why not.

    Parameters
    ----------
    exercise : Exercise
        What the function should compute.
    function : callable
        What the student wrote.
    bell : Bell
        What stops it.
    """

    def __init__(self, exercise, function, bell):
        self.exercise = exercise
        self.function = function
        self.bell = bell
        # Mistakes of the first look, which later questions allow for.
        self.factor, self.slip, self.rtol = RIGHT, None, RTOL
        self.right_for_one = False  # for losses over rows: right for one row alone
        self.prints = self.warns = self.changes_inputs = False
        self.out_of_time_at = time.monotonic() + SECONDS_IN_ALL
        try:
            self.parameters = inspect.signature(function, follow_wrapped=False).parameters
        except (TypeError, ValueError):
            self.parameters = None

    def accepts(self, option):
        """Whether the function has a parameter called `option` (or takes any)."""
        if self.parameters is None:
            return True
        return option in self.parameters or any(
            parameter.kind is parameter.VAR_KEYWORD for parameter in self.parameters.values()
        )

    def require(self, *options):
        """Say kindly which of the `options` the function does not take yet."""
        for option in options:
            if not self.accepts(option):
                raise Wrong(f"there is no parameter `{option}` yet")

    def raw(self, *arguments, **options):
        """Call the function on copies and return what it returns, or raise what it raises."""
        copies = [value.copy() if isinstance(value, np.ndarray) else value for value in arguments]
        out = Discard()
        seconds = min(SECONDS_PER_CALL, max(0.01, self.out_of_time_at - time.monotonic()))
        try:
            with (
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(out),
                warnings.catch_warnings(record=True) as warned,
                np.errstate(all="warn"),
                self.bell.limit(seconds),
            ):
                warnings.simplefilter("always")
                result = self.function(*copies, **options)
                if inspect.isgenerator(result):
                    result = list(result)
        except OutOfTime:
            raise Stop(
                "it takes too long, even on a few numbers: is there a loop that never ends?"
            ) from None
        self.prints |= out.used
        self.warns |= bool(warned)
        self.changes_inputs |= any(
            isinstance(before, np.ndarray) and not same_bytes(before, after)
            for before, after in zip(arguments, copies, strict=True)
        )
        return result

    def __call__(self, *arguments, **options):
        """Call the function and return an array of real numbers, or raise `Wrong`."""
        try:
            result = self.raw(*arguments, **options)
        except (Stop, KeyboardInterrupt):
            raise
        except NotImplementedError:
            raise Blank("nothing is written yet: NotImplementedError is raised") from None
        except BaseException as error:  # noqa: BLE001  (students' functions raise anything)
            raise Wrong(f"raises {in_words(error)}") from None
        if result is None:
            raise Blank("nothing comes back (None): is the `return` missing?")
        if result is Ellipsis or result is NotImplemented:
            raise Blank(f"nothing is written yet: {result!r} comes back")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                array = np.array(result)
        except Exception:  # noqa: BLE001
            array = None
        if array is None or array.dtype.kind not in "fiu":
            kind = type(result).__name__
            raise Wrong(f"something that is not real numbers comes back (a value of type {kind})")
        return array


def in_words(error):
    """The exception's type and the first line of its message, with nothing that varies by run."""
    lines = str(error).strip().splitlines() or [""]
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", lines[0])
    text = text if len(text) <= 120 else f"{text[:120].rstrip()} …"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def same_bytes(before, after):
    """Whether two arrays hold the same bytes, NaN included."""
    return before.shape == after.shape and before.tobytes() == after.tobytes()
