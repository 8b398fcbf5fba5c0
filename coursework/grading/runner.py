"""The student's side: executes a notebook's cells and calls its functions on request.

In the sandbox this file is all there is of the coursework. It reads requests from its standard
input and writes arrays to its standard output; it knows no expected value and gives no verdict.
Whatever the student's code does to this process, it can only change those arrays.

A message is its length in eight bytes and its bytes. A request is an ``.npz`` archive with the
arguments and a line of JSON; a reply is the letter A and an ``.npy`` array, or E and JSON.
"""

import contextlib
import io
import json
import os
import sys
import types
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    # Of losslab only the checks are wanted here. Its figures take a second of computing time to
    # load, which is left to the notebooks that draw some: see `main`.
    sys.modules["losslab"] = types.ModuleType("losslab")
    sys.modules["losslab"].__path__ = [str(Path(__file__).with_name("losslab"))]

from losslab.checks import answer as answering
from losslab.checks.answer import Answer, Bell, Blank, OutOfTime, Stop, Wrong, in_words
from losslab.checks.origin import Watch, library_in


class Functions:
    """The functions of one namespace, called by name so that they can hurt nobody.

    Parameters
    ----------
    namespace : dict
        What the student's notebook has defined.
    """

    def __init__(self, namespace):
        self.namespace = namespace
        self.bell = Bell()
        self.answers = {}

    def __enter__(self):
        self.bell.__enter__()
        return self

    def __exit__(self, *exception):
        self.bell.__exit__(*exception)

    def find(self, name):
        """Return the `Answer` called `name`."""
        if name not in self.answers:
            function = self.namespace.get(name)
            if not callable(function):
                raise Blank(f"there is no function `{name}`: was its cell renamed or deleted?")
            self.answers[name] = Answer(None, function, self.bell)
            self.answers[name].out_of_time_at = float("inf")  # the grader has its own limit
        return self.answers[name]

    def call(self, name, *arguments, **options):
        """Return the array of real numbers that the function returns, or raise `Wrong`."""
        return self.find(name)(*arguments, **options)

    def changes_inputs(self, name, *arguments, **options):
        """Whether the function writes into its arguments."""
        self.find(name).changes_inputs = False
        self.call(name, *arguments, **options)
        return self.find(name).changes_inputs

    def steps(self, name, *arguments, **options):
        """Count the Python steps of one call: a loop over the numbers shows in them."""
        with Watch() as watch:
            self.call(name, *arguments, **options)
        return watch.steps

    def library(self, name, *arguments, **options):
        """Name the library that does the work instead of the student, or return ''."""
        function = self.find(name).function
        with Watch() as watch, contextlib.suppress(Wrong):
            self.call(name, *arguments, **options)
        return library_in(function) or watch.library or ""

    def value(self, name):
        """Return a variable as an array of real numbers."""
        if self.namespace.get(name) is None:
            raise Blank(f"there is no variable `{name}` yet")
        return Answer(None, lambda: self.namespace[name], self.bell)()


# --- In the sandbox -----------------------------------------------------------------------------


def confine(user, memory, processes, file_bytes, cpu_seconds):
    """Give up what a student's code shall not have, for good."""
    import resource  # (Windows has none, where answers can still be tried)

    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
    with open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
        score.write("1000")  # should memory run out, the grader is not the one to die
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def execute(cells, bell, seconds):
    """Run the cells as Jupyter would; return the namespace and what went wrong in which cell."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        def enable_gui(self, gui=None):
            """Accept ``%matplotlib inline``."""

    shell = Shell.instance(config=Config(HistoryManager={"enabled": False}, colors="nocolor"))
    problems = {}
    for number, cell in cells:
        try:
            with bell.limit(seconds):
                result = shell.run_cell(cell, store_history=False)
            error = result.error_before_exec or result.error_in_exec
        except OutOfTime as stopped:
            error = stopped
        if isinstance(error, OutOfTime):
            problems[number] = f"it was stopped after {seconds:g} seconds"
        elif error and not isinstance(error, NotImplementedError):
            problems[number] = in_words(error)
    return shell.user_ns, problems


def read(stream):
    """Read one message."""
    return stream.read(int.from_bytes(stream.read(8), "big"))


def write(stream, message):
    """Write one message."""
    stream.write(len(message).to_bytes(8, "big") + message)
    stream.flush()


def reply(functions, request):
    """Do what a request asks for and return the reply's bytes."""
    with np.load(io.BytesIO(request), allow_pickle=False) as arrays:
        asked = json.loads(str(arrays["json"]))
        arguments = [arrays[f"argument{index}"] for index in range(asked["arguments"])]
    if asked["lists"]:
        arguments = [argument.tolist() for argument in arguments]
    try:
        result = getattr(functions, asked["what"])(asked["name"], *arguments, **asked["options"])
    except Wrong as wrong:
        return b"E" + json.dumps([type(wrong).__name__, str(wrong)]).encode()
    except Stop as stop:
        return b"E" + json.dumps(["Stop", str(stop)]).encode()
    file = io.BytesIO()
    np.save(file, np.asarray(result), allow_pickle=False)
    return b"A" + file.getvalue()


def main():
    """Serve requests until there are no more."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "r+b") as nothing:  # noqa: PTH123
        for stream in (0, 1, 2):
            os.dup2(nothing.fileno(), stream)
    limits = json.loads(sys.argv[1])
    seconds_a_cell = limits.pop("seconds_a_cell")
    answering.SECONDS_PER_CALL = limits.pop("seconds_a_call")
    confine(**limits)
    for name in [name for name in sys.modules if name.split(".")[0] == "losslab"]:
        del sys.modules[name]  # the notebook gets one of its own, and all of it
    cells = json.loads(read(requests))
    with Bell() as bell:
        namespace, problems = execute(cells, bell, seconds_a_cell)
    write(replies, json.dumps(problems).encode())
    with Functions(namespace) as functions:
        while request := read(requests):
            write(replies, reply(functions, request))


if __name__ == "__main__":
    main()
