"""A student's notebook in a process of its own, shut off from everything but its inputs.

With bubblewrap (Debian's package of that name) the process sees the Python installation,
`lossfns` and `losslab`, all read-only, and an empty /tmp in memory: no home, no submissions, no
coursework, no network, no other process. SciPy and scikit-learn are hidden too, so that losses are
written, not borrowed. Time, memory, processes and the size of files and answers are limited.
"""

import compileall
import contextlib
import functools
import importlib.util
import io
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from coursework import ROOT
from losslab.checks.answer import Blank, Stop, Wrong
from losslab.checks.origin import LIBRARIES

RUNNER = Path(__file__).with_name("runner.py")
LIMITS = {
    "memory": 2 << 30,  # bytes of address space, each process
    "processes": 16,
    "file_bytes": 16 << 20,
    "cpu_seconds": 60,
    "seconds_a_cell": 10,  # these two stop Python code, which then goes on with the next
    "seconds_a_call": 4,
}
USERS = itertools.count(1 << 30)  # for root alone: each sandbox is a user of its own
DISK = 64 << 20  # bytes in /tmp
SECONDS_TO_START = 60.0
SECONDS_A_CALL = 10.0  # then the process is killed, whatever it does
SECONDS_IN_ALL = 180.0
LONGEST_REPLY = 64 << 20
ENVIRONMENT = {
    "HOME": "/tmp",  # noqa: S108  (inside the sandbox)
    "LANG": "C.UTF-8",
    "MPLBACKEND": "agg",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "PYTHONPATH": "/course",
}
WITHOUT = (
    "Without bubblewrap a submission can read and change every file that you can, the solutions "
    "and the other submissions included, and can use the network. Verdicts are still computed "
    "outside its process, and time, memory and output are still limited."
)


class Failed(Exception):  # noqa: N818  (an outcome, not an error)
    """The notebook could not be run; the message is a sentence for the student."""


def bubblewrap():
    """Return the command line that shuts a process off."""
    # Root keeps its rights inside a user namespace of its own making, and no limit of processes
    # holds for it. So it makes none, and the runner becomes another user before anything else.
    root = os.getuid() == 0
    command = ["bwrap", "--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    if root:
        command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-all", "--unshare-user", "--disable-userns"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    for folder in ("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"):
        command += ["--ro-bind-try", folder, folder]
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    for folder in ("/dev/shm", "/tmp"):  # noqa: S108
        command += ["--size", str(DISK), "--perms", "1777", "--tmpfs", folder]
    # After the empty /tmp, since an environment may be there.
    for folder in (sys.base_prefix, str(ROOT), sys.prefix):
        parents = [parent for parent in Path(folder).parents if not parent.is_relative_to("/usr")]
        for parent in reversed(parents[:-1]):  # whatever they are outside, here they are passable
            command += ["--perms", "0755", "--dir", str(parent)]
        command += ["--tmpfs", folder] if folder == str(ROOT) else ["--ro-bind", folder, folder]
    for library in LIBRARIES:
        found = importlib.util.find_spec(library) if library != "lossfns" else None
        if found and found.submodule_search_locations:
            command += ["--tmpfs", found.submodule_search_locations[0]]
    command += ["--ro-bind", shared_copy().name, "/course"]
    return [*command, "--remount-ro", "/", "--chdir", "/tmp"]  # noqa: S108


def copy_of_the_course():
    """Copy what a notebook may import, readable for everybody, into a temporary folder."""
    folder = tempfile.TemporaryDirectory(prefix="grading-", ignore_cleanup_errors=True)
    for package in ("lossfns", "losslab"):
        shutil.copytree(ROOT / package, f"{folder.name}/{package}")
    shutil.copy(RUNNER, folder.name)
    compileall.compile_dir(folder.name, quiet=2)
    for path in (Path(folder.name), *Path(folder.name).rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


shared_copy = functools.cache(copy_of_the_course)  # read-only in every sandbox


@functools.cache
def problem():
    """Say why submissions cannot be shut off on this machine, or return None."""
    if sys.platform != "linux":
        return "submissions are graded on Linux: WSL, a virtual machine or a server will do"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed: on Debian and Ubuntu, sudo apt install bubblewrap"
    try:
        with Sandbox([(1, "a = 1.0")]) as sandbox:
            sandbox.value("a")
    except (Failed, Wrong, Stop) as error:
        command = [*bubblewrap(), sys.executable, "-c", "import numpy"]
        trial = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = trial.stderr.strip().splitlines() or [str(error)]
        return f"bubblewrap does not work here ({lines[-1]})"
    return None


class Sandbox:
    """A notebook that has been executed, and whose functions can be called.

    Parameters
    ----------
    cells : list of (int, str)
        Numbers and sources of the code cells.
    shut_off : bool, default True
        Use bubblewrap; without it, see `WITHOUT`.
    """

    def __init__(self, cells, *, shut_off=True):
        self.cells, self.shut_off = cells, shut_off
        self.ends_at = time.monotonic() + SECONDS_IN_ALL
        self.process, self.folder = None, None
        self.problems = {}
        self.dead = {}  # what the process died of, by the function that was called

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """End the process and everything that it has started."""
        if self.process:
            self.kill()
            self.process.wait()
            self.close_pipes()
            self.process = None
        if self.folder:
            self.folder.cleanup()

    def close_pipes(self):
        """Close both pipes, even if the process has died before it read what it was sent."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()

    def kill(self):
        """Kill the process and its children; bubblewrap's whole namespace dies with it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def start(self):
        """Start the process and execute the notebook."""
        limits = json.dumps(LIMITS | {"user": next(USERS)})
        if self.shut_off:
            command, environment = bubblewrap(), {}
            arguments = [sys.executable, "/course/runner.py", limits]
        else:
            if os.getuid() == 0:
                raise Failed("without bubblewrap nothing is graded as root: that is too dangerous")
            self.folder = self.folder or copy_of_the_course()
            command, here = [], self.folder.name
            environment = ENVIRONMENT | {"PYTHONPATH": here, "HOME": here}
            arguments = [sys.executable, f"{here}/runner.py", limits]
        self.process = subprocess.Popen(
            [*command, *arguments], env=environment | {"PATH": os.environ.get("PATH", "")},
            cwd=None if self.shut_off else self.folder.name, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        reply = self.exchange(json.dumps(self.cells).encode(), SECONDS_TO_START)
        try:
            found = {int(number): str(text)[:300] for number, text in json.loads(reply).items()}
        except Exception as error:
            raise Failed("it tampers with the grader") from error
        self.problems |= found

    def exchange(self, message, seconds):
        """Send a message and return the reply's bytes, or raise `Failed`."""
        seconds = min(seconds, self.ends_at - time.monotonic())
        if seconds <= 0:
            raise Failed("it takes too long in all")
        late = threading.Event()
        timer = threading.Timer(seconds, lambda: (late.set(), self.kill()))
        timer.start()
        try:
            self.process.stdin.write(len(message).to_bytes(8, "big") + message)
            self.process.stdin.flush()
            size = int.from_bytes(self.read(8), "big")
            if size > LONGEST_REPLY:
                raise Failed("it returns far too much")
            return self.read(size)
        except OSError as error:
            reason = "it takes too long" if late.is_set() else "it ends the Python process"
            raise Failed(reason) from error
        finally:
            timer.cancel()

    def read(self, size):
        """Read exactly so many bytes."""
        data = self.process.stdout.read(size)
        if len(data) < size:
            raise BrokenPipeError
        return data

    def ask(self, what, name, *arguments, lists=False, **options):
        """Send a request and return the array that comes back."""
        if name in self.dead:
            raise Stop(self.dead[name])
        request = {"what": what, "name": name, "arguments": len(arguments)}
        request |= {"options": options, "lists": lists}
        arrays = {f"argument{index}": value for index, value in enumerate(arguments)}
        file = io.BytesIO()
        np.savez(file, json=np.array(json.dumps(request)), **arrays)
        try:
            if self.process.poll() is not None:
                self.restart()
            answer = self.exchange(file.getvalue(), SECONDS_A_CALL)
        except Failed as failed:
            self.dead[name] = str(failed)
            self.kill()
            self.process.wait()
            raise Stop(str(failed)) from None
        return parse(answer)

    def restart(self):
        """Start again after a function has ended the process, without cells that hang."""
        self.cells = [
            (number, text)
            for number, text in self.cells
            if not self.problems.get(number, "").startswith("it was stopped")
        ]
        self.close_pipes()
        self.start()

    def call(self, name, *arguments, **options):
        """Return the array of real numbers that the function returns, or raise `Wrong`."""
        return real(self.ask("call", name, *arguments, **options))

    def value(self, name):
        """Return a variable as an array of real numbers."""
        return real(self.ask("value", name))

    def changes_inputs(self, name, *arguments, **options):
        """Whether the function writes into its arguments."""
        return bool(single(self.ask("changes_inputs", name, *arguments, **options)))

    def steps(self, name, *arguments, **options):
        """Count the Python steps of one call."""
        return int(single(self.ask("steps", name, *arguments, **options)))

    def library(self, name, *arguments, **options):
        """Name the library that does the work, or return ''."""
        found = str(self.ask("library", name, *arguments, **options))
        return found if found in LIBRARIES.values() else ""


def parse(answer):
    """Turn a reply into an array, or raise what it stands for; trust nothing in it."""
    try:
        if answer[:1] == b"A":
            return np.load(io.BytesIO(answer[1:]), allow_pickle=False)
        kind, text = json.loads(answer[1:])
        text = str(text)[:300]
    except Exception:  # noqa: BLE001  (anything at all may have been sent)
        raise Wrong("something that is not an array comes back") from None
    raise {"Blank": Blank, "Stop": Stop}.get(kind, Wrong)(text)


def real(array):
    """Return an array of real numbers, or raise `Wrong`."""
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        raise Wrong("something that is not real numbers comes back")
    return array


def single(array):
    """Return the one number in an array, or raise `Wrong`."""
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biu" or array.size != 1:
        raise Wrong("something that is not one number comes back")
    return array.reshape(())[()]
