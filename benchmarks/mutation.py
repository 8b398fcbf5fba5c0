"""Change `lossfns` in one place after another and see whether a test notices: ``make mutation``.

Cosmic Ray makes the mutants. Each is tested in a process forked from this one, so that importing
costs nothing: first by the few tests that notice most, then by all tests of the package.
"""

import argparse
import ast
import difflib
import json
import multiprocessing
import os
import re
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import hypothesis.extra.numpy  # noqa: F401 - forked processes have it then
import mpmath  # noqa: F401
import numpy as np  # noqa: F401
import pytest
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code

from benchmarks import RESULTS, ROOT, store
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
# What tells most in a second comes first; a stage is left out when an earlier one has noticed.
STAGES = [
    ["test_interface.py", "test_check_gradient.py", "test_infinities.py"],
    ["test_dtypes.py", "test_extremes.py", "test_threads.py"],
    ["test_contract.py"],
    ["test_errors.py"],
    ["test_memory.py"],
    ["test_properties.py"],
]
SECONDS = 120  # of a processor, after which a mutant counts as noticed: it comes to no end


def mutants(path):
    """Every mutant of a file: its name, its code, and what was changed."""
    code = path.read_text(encoding="utf-8")
    tree = get_ast(code)
    for name in OPERATORS:
        operator = plugins.get_operator(f"core/{name}")()
        count = sum(1 for node in ast_nodes(tree) for _ in operator.mutation_positions(node))
        for occurrence in range(count):
            mutated = mutate_code(code, operator, occurrence)
            if mutated and _means_something_else(mutated, code):
                yield path.name, mutated, _difference(path.name, code, mutated)


def _means_something_else(mutated, code):
    """Not 1e300 + 1, which is 1e300; nor a bare ``*`` among parameters, which is no product."""
    try:
        one, other = (ast.dump(ast.parse(text)) for text in (mutated, code))
    except SyntaxError:  # of **parameters one star was taken
        return False
    return one != other and mutated.count("*,") == code.count("*,")


def _difference(name, before, after):
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    changed = [line for line in lines if line[:1] in "-+" and line[:3] not in {"---", "+++"}]
    old = " ".join(line[1:].strip() for line in changed if line[0] == "-")
    new = " ".join(line[1:].strip() for line in changed if line[0] == "+")
    return f"{name}: {re.sub(r' +', ' ', old)}  →  {re.sub(r' +', ' ', new)}"


def survives(mutant):
    """Whether the tests pass with this code in this file of the package."""
    name, code, difference = mutant
    if reason(difference):
        return True
    for files in ([f"test_{name}", *STAGES[0]], *STAGES[1:]):
        found = [str(TESTS / file) for file in files if (TESTS / file).exists()]
        if not _passes(name, code, found):
            return False
    return True


def _passes(name, code, files):
    child = os.fork()
    if child == 0:
        _be_the_child(name, code, files)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _be_the_child(name, code, files):
    code_of_exit = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "lossfns"
            shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
            (copy / name).write_text(code, encoding="utf-8")
            os.chdir(folder)
            sys.path[:0] = [folder, str(TESTS)]
            sys.dont_write_bytecode = True
            os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # nbval alone takes two seconds
            options = ["-x", "-q", "-p", "no:cacheprovider", "-W", "error"]
            options += ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-c", os.devnull]
            options += [f"--rootdir={folder}", f"--confcutdir={TESTS}", "--import-mode=importlib"]
            code_of_exit = int(pytest.main([*options, *files]))
    finally:
        os._exit(code_of_exit)


def main():
    """Test every mutant, file by file, and store the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", help="for example hinge.py; all by default")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at a time")
    given = parser.parse_args()
    source = (PACKAGE / "__init__.py").read_text(encoding="utf-8")
    if not survives(("__init__.py", source, "nothing")):
        raise SystemExit("the tests do not pass as they are, so they can tell nothing")
    for path in sorted(PACKAGE.glob("[!_]*.py")) + sorted(PACKAGE.glob("_[!_]*.py")):
        if not given.files or path.name in given.files:
            store("mutation", rows=merged(one_file(path, given.jobs)))


def one_file(path, jobs):
    """Test the mutants of one file."""
    start, everything, alive = time.monotonic(), list(mutants(path)), []
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        results = pool.imap(survives, everything)
        for (_, _, difference), lives in zip(everything, results, strict=True):
            if lives:
                alive.append(difference)
                print(f"lives: {difference}", flush=True)
    seconds = round(time.monotonic() - start)
    print(f"{path.name}: {len(everything) - len(alive)} of {len(everything)} noticed, {seconds} s")
    return {
        "file": path.name,
        "date": time.strftime("%Y-%m-%d"),
        "mutants": len(everything),
        "seconds": seconds,
        "survivors": sorted(alive),
    }


def merged(row):
    """Return this row and, of the files that were not tested now, those that are stored."""
    path = RESULTS / "mutation.json"
    stored = json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []
    return sorted(
        [*(r for r in stored if r["file"] != row["file"]), row], key=lambda row: row["file"]
    )


if __name__ == "__main__":
    main()
