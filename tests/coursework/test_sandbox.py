"""What a submission can do in the sandbox: nothing but compute."""

import os
import socket
import textwrap

import numpy as np
import pytest

from book import ROOT
from coursework import checking
from coursework.assignment import Assignment
from coursework.grading import sandbox
from coursework.grading.sandbox import Sandbox
from losslab.checks.answer import Stop, Wrong

ASSIGNMENT = Assignment("a6_log_cosh_tukey")
TASK = ASSIGNMENT.tasks["log_cosh"]

pytestmark = pytest.mark.usefixtures("bubblewrap")


@pytest.fixture(autouse=True)
def short_limits(monkeypatch):
    shorter = {"seconds_a_cell": 2, "seconds_a_call": 2, "cpu_seconds": 8}
    monkeypatch.setattr(sandbox, "LIMITS", sandbox.LIMITS | shorter)


def cells(*sources):
    return [(number, textwrap.dedent(source)) for number, source in enumerate(sources, 1)]


def said(box, name):
    """The message of the error that a function of the submission raises."""
    with pytest.raises((Wrong, Stop)) as caught:
        box.call(name)
    return str(caught.value)


def snapshot():
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_size)
        for folder in ("coursework", "lossfns", "losslab")
        for path in (ROOT / folder).rglob("*")
        if "__pycache__" not in path.parts
    }


LOOK = """
    import gc, os, sys

    def look(where):
        raise ValueError(repr(where)[:100])

    def files():
        found = [where for where in {where!r} if os.path.exists(where)]
        for top in set(os.listdir("/")) - {{"usr", "lib", "lib64", "bin", "proc", "dev"}}:
            for folder, folders, names in os.walk("/" + top):
                folders[:] = [name for name in folders if not name.startswith((".", "lib"))]
                found += [name for name in names if "a6_" in name or name.endswith(".ipynb")]
        look(found)

    def variables():
        look([name for name in os.environ if "course" in os.environ[name] and name != "PYTHONPATH"])

    def modules():
        look([name for name in sys.modules if name.startswith("coursework")])

    def frames():
        frame, names = sys._getframe(), set()
        while frame:
            names |= set(frame.f_locals) | set(frame.f_globals)
            frame = frame.f_back
        look(sorted(names & {{"want", "expected", "TASKS", "reference", "outcomes"}}))

    def objects():
        look([1 for thing in gc.get_objects() if isinstance(thing, dict) and "TASKS" in thing])

    def processes():
        look([pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) > 3])

    def rights():
        lines = open("/proc/self/status").read().splitlines()
        look([line for line in lines if line.startswith("CapEff") and int(line.split()[1], 16)])
"""


def test_a_submission_sees_nothing_of_the_coursework():
    where = [str(ROOT / "coursework"), str(ROOT / "tests"), "/root", "/home", "/etc/passwd"]
    mine = [str(parent) for parent in ROOT.parents] + ["/root"]
    where = [path for path in where if path not in mine]
    source = LOOK.replace("{{", "{").replace("}}", "}").replace("{where!r}", repr(where))
    with Sandbox(cells(source)) as box:
        assert box.problems == {}
        for name in ("files", "variables", "modules", "frames", "objects", "processes", "rights"):
            assert said(box, name) == "raises ValueError: []", name


HARM = """
    import os, shutil, signal, socket

    def attempt(action):
        try:
            action()
        except BaseException as error:
            raise ValueError(f"no: {type(error).__name__}")
        raise ValueError("yes")

    def write_course():
        attempt(lambda: open("/course/runner.py", "a").write("#"))

    def write_root():
        attempt(lambda: open("/gradebook.db", "w").write("full marks"))

    def write_python():
        import numpy
        attempt(lambda: open(numpy.__file__, "a").write("#"))

    def delete():
        for folder in ("/course", "/etc", "ROOT", "/tmp"):
            shutil.rmtree(folder, ignore_errors=True)
        attempt(lambda: os.remove("/course/runner.py"))

    def network():
        attempt(lambda: socket.create_connection(("127.0.0.1", PORT), timeout=1))

    def memory():
        attempt(lambda: bytearray(3 << 30))

    def disk():
        def fill():
            for number in range(20):
                open(f"/tmp/{number}", "wb").write(bytes(15 << 20))
        attempt(fill)

    def library():
        attempt(lambda: __import__("scipy.special"))

    def processes():
        children = 0
        try:
            while children < 1000:
                if os.fork() == 0:
                    signal.pause()
                children += 1
        except OSError:
            pass
        raise ValueError("bounded" if children < 100 else "unbounded")
"""


def test_a_submission_can_do_no_harm():
    before = snapshot()
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = HARM.replace("ROOT", str(ROOT)).replace("PORT", str(server.getsockname()[1]))
        with Sandbox(cells(source)) as box:
            names = ["write_course", "write_root", "write_python", "delete", "network", "memory"]
            for name in [*names, "disk", "library"]:
                assert said(box, name).startswith("raises ValueError: no: "), name
            assert said(box, "processes") == "raises ValueError: bounded"
    assert snapshot() == before


def test_what_hangs_dies_or_shouts_costs_that_function_only():
    source = """
        import os, sys
        import numpy as np

        def hangs(y):
            while True:
                pass

        def dies(y):
            os._exit(0)

        def leaves(y):
            sys.exit()

        def shouts(y):
            for _ in range(100):
                print("x" * 10**6)
            os.write(1, b"x" * 10**6)
            return 1.0

        def returns_much(y):
            return np.zeros(10**7)

        def works(y):
            return y.sum()
    """
    y = np.arange(3.0)
    with Sandbox(cells("while True: pass", "import os", "1 / 0", source, "exit()")) as box:
        assert box.problems[1] == "it was stopped after 2 seconds"
        assert box.problems[3] == "ZeroDivisionError: division by zero"
        assert box.call("shouts", y) == 1.0
        with pytest.raises(Wrong, match="SystemExit"):
            box.call("leaves", y)
        with pytest.raises(Stop, match="too long"):
            box.call("hangs", y)
        assert box.call("works", y) == 3.0
        with pytest.raises(Stop, match="ends the Python process"):
            box.call("dies", y)
        assert box.call("works", y) == 3.0  # after a restart, without the cell that hangs
        with pytest.raises((Stop, Wrong)):
            box.call("returns_much", y)
        assert box.call("works", y) == 3.0


def test_a_process_that_ends_before_it_reads_is_told_as_such(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "executable", "/no/such/python")
    with (
        pytest.raises(sandbox.Failed, match="ends the Python process"),
        Sandbox([(1, "#" * 10**6)]),
    ):
        pass


def test_an_environment_within_tmp_is_seen(monkeypatch):
    monkeypatch.setattr(sandbox.sys, "prefix", "/tmp/environment")
    command = sandbox.bubblewrap()
    assert command.index("/tmp") < command.index("/tmp/environment")


def test_a_call_that_python_cannot_interrupt_is_killed(monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS_A_CALL", 1.5)
    source = (
        "import time, signal\ndef f(y):\n    signal.pthread_sigmask(0, [14])\n    time.sleep(60)"
    )
    with Sandbox(cells(source)) as box, pytest.raises(Stop, match="too long"):
        box.call("f", np.arange(3.0))


PATCHES = """
    import builtins, os, sys
    import numpy as np
    import losslab.checks.answer, losslab.checks.factors

    yes = lambda *arguments, **options: True
    np.isclose = np.allclose = np.array_equal = np.testing.assert_allclose = np.all = yes
    losslab.checks.factors.close = yes
    builtins.abs = lambda x: 0

    runner = sys.modules["__main__"]
    class Everything(float):
        __eq__ = __le__ = __lt__ = __ge__ = yes
        __hash__ = float.__hash__

    def log_cosh(y_true, y_pred):
        return Everything(1)

    runner.Functions.library = lambda *arguments, **options: ""
    runner.Functions.steps = lambda *arguments, **options: 0
    runner.Functions.changes_inputs = lambda *arguments, **options: False
"""
FORGERY = """
    import io, os, sys
    import numpy as np

    class Evil:
        def __reduce__(self):
            return (os.system, ("touch MARK",))

    def message(kind):
        file = io.BytesIO()
        np.save(file, np.array([Evil()], dtype=object), allow_pickle=True)
        return b"A" + file.getvalue()

    sys.modules["__main__"].reply = lambda functions, request: message("A")

    def log_cosh(y_true, y_pred):
        return 0.0
"""
FLOOD = """
    import os, sys

    def flood(*arguments):
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b"\\xff" * 64)
            except OSError:
                pass
        os._exit(0)

    sys.modules["__main__"].reply = flood

    def log_cosh(y_true, y_pred):
        return 0.0
"""


@pytest.mark.parametrize("source", [PATCHES, FORGERY, FLOOD], ids=["patches", "forgery", "flood"])
def test_tampering_gains_nothing(source, tmp_path):
    mark = tmp_path / "mark"
    with Sandbox(cells(source.replace("MARK", str(mark)))) as box:
        found = checking.ask(TASK, box)
    assert checking.total(found) == 0
    assert not mark.exists()


def test_without_a_sandbox_limits_remain_and_root_is_refused():
    source = "import os\ndef f(y):\n    return y.sum()\ndef dies(y):\n    os._exit(1)"
    if os.getuid() == 0:
        with pytest.raises(sandbox.Failed, match="as root"), Sandbox(cells(source), shut_off=False):
            pass
        return
    with Sandbox(cells(source), shut_off=False) as box:
        with pytest.raises(Stop):
            box.call("dies", np.ones(3))
        assert box.call("f", np.ones(3)) == 3.0
