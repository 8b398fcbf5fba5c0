"""Change `lossfns` in one place after another and see whether a test notices: ``make mutation``.

Cosmic Ray makes the mutants. Each is tested in a process forked from this one, so that importing
costs nothing, by every test that comes past the changed statement: first those that have noticed
most mutants so far.
"""

import argparse
import ast
import collections
import difflib
import json
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import coverage
import hypothesis.extra.numpy  # noqa: F401 - forked processes have it then
import mpmath  # noqa: F401
import numpy as np  # noqa: F401
import pytest
import scipy.special  # noqa: F401
import sklearn.metrics  # noqa: F401
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from benchmarks import ROOT, read, store_rows
from benchmarks.mutation_reasons import reason

PACKAGE, TESTS = ROOT / "lossfns", ROOT / "tests" / "lossfns"
# One replacement for each operator: the others are as easy to notice, or do not even run.
OPERATORS = [
    *("NumberReplacer", "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ExceptionReplacer"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "RemoveDecorator", "ZeroIterationForLoop"),
    "ReplaceUnaryOperator_USub_UAdd",
    *(
        f"ReplaceBinaryOperator_{pair}"
        for pair in (
            *("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul", "Pow_Mul"),
            *("BitAnd_BitOr", "BitOr_BitAnd"),
        )
    ),
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in (
            *("Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Is_IsNot"),
            *("IsNot_Is", "Lt_GtE", "Gt_LtE"),
        )
    ),
]
LAST = ["test_contract.py", "test_errors.py", "test_memory.py", "test_properties.py"]  # the slowest
SECONDS = 60  # for one test, and
TIMES = 4  # as long as without a mutant for all of them: then a mutant is stopped, as noticed
JOBS = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def mutants(path):
    """Every mutant of a file: its name, its code, the statement's lines, and what was changed."""
    code = path.read_text(encoding="utf-8")
    tree, statements = get_ast(code), sorted(_statements(code), key=len)
    for name in OPERATORS:
        operator = plugins.get_operator(f"core/{name}")()
        count = sum(1 for node in ast_nodes(tree) for _ in operator.mutation_positions(node))
        for occurrence in range(count):
            mutated = mutate_code(code, operator, occurrence)
            if mutated and _means_something_else(mutated, code):
                lines = _statement(statements, code, mutated)
                yield path.name, mutated, lines, _difference(path.name, code, mutated)


def _means_something_else(mutated, code):
    """Not 1e300 + 1, which is 1e300; nor a bare ``*`` among parameters, which is no product."""
    try:
        one, other = (ast.dump(ast.parse(text)) for text in (mutated, code))
    except SyntaxError:  # of **parameters one star was taken
        return False
    return one != other and mutated.count("*,") == code.count("*,")


def _statements(code):
    """The lines of every statement, of those that hold others only the head; inner ones last."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno
            yield range(node.lineno, end + 1)


def _statement(statements, before, after):
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    changed = next(i for i, (old, new) in enumerate(pairs, 1) if old != new)
    return next((lines for lines in statements if changed in lines), range(0))


def _difference(name, before, after):
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    changed = [line for line in lines if line[:1] in "-+" and line[:3] not in {"---", "+++"}]
    old = " ".join(line[1:].strip() for line in changed if line[0] == "-")
    new = " ".join(line[1:].strip() for line in changed if line[0] == "+")
    return f"{name}: {re.sub(r' +', ' ', old)}  →  {re.sub(r' +', ' ', new)}"


class Run:
    """Tests, in a process of their own, with this code in this file of the package."""

    def __init__(self, name, code, plugin, files=(TESTS,), seconds=None):
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix="mutant-"))
        shutil.copytree(PACKAGE, self.folder / "lossfns", ignore=lambda *_: ["__pycache__"])
        (self.folder / "lossfns" / name).write_text(code, encoding="utf-8")
        self.pid = os.fork()
        if self.pid == 0:
            _be_the_child(self.folder, plugin, files, seconds)

    def end(self, status):
        """Say what became of it: "lives", "stopped", or the test that noticed."""
        failed = self.folder / "failed"
        test = failed.read_text(encoding="utf-8") if failed.exists() else "an import"
        shutil.rmtree(self.folder)
        if os.WIFSIGNALED(status):
            return "stopped"
        return test if os.waitstatus_to_exitcode(status) else "lives"


class _Order:
    """A plugin of pytest: which tests there are, which come first, and an end to each."""

    def __init__(self, name, tests, noticed):
        self.name, self.tests, self.noticed = name, tests, noticed

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted((i for i in items if i.nodeid in self.tests), key=self._rank)

    def _rank(self, item):
        file, here = item.path.name, self.noticed[self.name, item.nodeid]
        own, anywhere = file == f"test_{self.name}", self.noticed[item.nodeid]
        return -here, not own, -anywhere, file in LAST and LAST.index(file) + 1

    def pytest_runtest_logstart(self):
        signal.alarm(SECONDS)  # ends the process, even within NumPy

    def pytest_runtest_logreport(self, report):
        if report.failed:
            Path("failed").write_text(report.nodeid, encoding="utf-8")


class _Reach:
    """A plugin of pytest: which tests come past which lines, if all is as it should be."""

    def __init__(self):
        self.tests = []

    def pytest_sessionstart(self):
        os.environ["COVERAGE_CORE"] = "ctrace"  # the other does not tell the tests apart
        self.coverage = coverage.Coverage(data_file=None, config_file=False, include="lossfns/*")
        self.coverage.start()

    def pytest_collection_finish(self):
        if Path(sys.modules["lossfns"].__file__).parent.parent != Path.cwd():
            raise pytest.UsageError("these tests are of another copy of the package")

    def pytest_runtest_logstart(self, nodeid):
        signal.alarm(SECONDS)
        self.tests.append(nodeid)
        self.coverage.switch_context(str(len(self.tests) - 1))

    def pytest_sessionfinish(self):
        self.coverage.stop()
        data = self.coverage.get_data()
        reach = {Path(f).name: data.contexts_by_lineno(f) for f in data.measured_files()}
        Path("reach").write_text(json.dumps([self.tests, reach]), encoding="utf-8")


def _be_the_child(folder, plugin, files, seconds):
    code_of_exit = 1
    try:
        if seconds:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        os.chdir(folder)
        sys.path[:0] = [str(folder), str(TESTS)]
        sys.dont_write_bytecode = True
        os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # they take longer than most tests
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
        options += ["-W", "error", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
        options += ["-c", os.devnull, f"--rootdir={TESTS}", f"--confcutdir={TESTS}"]
        signal.alarm(SECONDS)
        options += ["--import-mode=importlib", *map(str, files)]
        code_of_exit = int(pytest.main(options, plugins=[plugin]))
    finally:
        os._exit(code_of_exit)


def reach():
    """For each file and line the tests that come past it, and how long all tests take."""
    run = Run("__init__.py", (PACKAGE / "__init__.py").read_text(encoding="utf-8"), _Reach())
    _, status, usage = os.wait4(run.pid, 0)
    if status:
        outcome = run.end(status)
        raise SystemExit(f"the tests do not pass as they are, so they tell nothing: {outcome}")
    tests, lines = json.loads((run.folder / "reach").read_text(encoding="utf-8"))
    run.end(status)
    everything = frozenset(tests)

    def past(name, statement):
        contexts = {c for line in statement for c in lines[name].get(str(line), ())}
        if not contexts or "" in contexts:  # as the package is imported
            return everything
        return {tests[int(c)] for c in contexts}

    return past, usage.ru_utime + usage.ru_stime


def outcomes(part, jobs, past, seconds):
    """Test every mutant, so many at a time; yield the index of each with what became of it."""
    noticed = collections.Counter()
    waiting, running = list(enumerate(part))[::-1], {}
    while waiting or running:
        while waiting and len(running) < jobs:
            i, (name, code, statement, _) = waiting.pop()
            tests = past(name, statement)
            files = sorted({TESTS / test.split("::")[0] for test in tests})
            order = _Order(name, tests, noticed)
            run = Run(name, code, order, files, int(TIMES * seconds) + 1)
            running[run.pid] = i, run
        pid, status = os.wait()
        i, run = running.pop(pid)
        outcome = run.end(status)
        noticed.update([outcome, (run.name, outcome)])
        yield i, outcome


def main():
    """Test every mutant, file by file, and store the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="for example hinge.py; all by default")
    parser.add_argument(
        "--survivors", action="store_true", help="only those that lived without a reason"
    )
    parser.add_argument("--jobs", type=int, default=JOBS, help="how many mutants at a time")
    given = parser.parse_args()
    past, seconds = reach()
    for path in sorted(PACKAGE.glob("[!_]*.py")) + sorted(PACKAGE.glob("_[!_]*.py")):
        if not given.files or path.name in given.files:
            before = _stored(path) if given.survivors else None
            row = one_file(path, given.jobs, past, seconds, before)
            store_rows("mutation", [row], key=lambda row: row["file"])


def _stored(path):
    """Return what was found of this file, provided that its mutants are still the same."""
    found = read("mutation") or {"rows": []}
    row = next((row for row in found["rows"] if row["file"] == path.name), None)
    lines = [line for *_, line in mutants(path)]
    if not row or row["mutants"] != len(lines) or not set(row["survivors"]) <= set(lines):
        raise SystemExit(f"{path.name} has changed, or was never tested: test all its mutants")
    return row


def one_file(path, jobs, past, seconds, before=None):
    """Test the mutants of one file; or only those that lived ``before`` without a reason."""
    start, ended = time.monotonic(), collections.defaultdict(list)
    part = everything = list(mutants(path))
    if before:
        missed = {line for line in before["survivors"] if not reason(line)}
        part = [mutant for mutant in part if mutant[3] in missed]
        ended["lives"] = [line for line in before["survivors"] if line not in missed]
    for i, outcome in outcomes(part, jobs, past, seconds):
        kind = outcome if outcome in {"lives", "stopped"} else "noticed"
        ended[kind].append(part[i][3])
        if kind != "noticed":
            print(f"{kind}: {part[i][3]}", flush=True)
    counts = ", ".join(f"{len(lines)} {kind}" for kind, lines in sorted(ended.items()))
    print(f"{path.name}: {counts}, {time.monotonic() - start:.0f} s", flush=True)
    return {
        "file": path.name,
        "date": time.strftime("%Y-%m-%d"),
        "mutants": len(everything),
        "stopped": len(ended["stopped"]) + (before["stopped"] if before else 0),
        "seconds": round(time.monotonic() - start) + (before["seconds"] if before else 0),
        "survivors": sorted(ended["lives"]),
    }


if __name__ == "__main__":
    main()
