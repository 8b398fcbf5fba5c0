"""Time every loss against plain NumPy and against its peers: ``make bench``.

``lossfns`` and plain NumPy take turns in one process, each rival takes turns with plain NumPy in a
process of its own. What is reported are medians of such ratios, never seconds.
"""

import argparse
import functools
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time

import numpy as np

from benchmarks import ROOT, rivals, store
from benchmarks.cases import CASES

SIZES = (10**3, 10**4, 10**5, 10**6, 10**7)
AT_LEAST = 2e-3  # seconds of one measurement; short calls are repeated
RIVALS = {  # name: (library, number of threads, huge pages)
    "scikit-learn, SciPy": ("sklearn", 1, False),
    "PyTorch, 1 thread": ("torch", 1, False),
    "PyTorch, 1 thread, huge pages": ("torch", 1, True),
    "PyTorch, 2 threads": ("torch", 2, False),
    "PyTorch, 2 threads, huge pages": ("torch", 2, True),
    "optax, compiled, 2 threads": ("optax", 2, False),
}
DISTRIBUTION = {"sklearn": "scikit-learn", "torch": "torch", "optax": "optax"}


def take_turns(calls, repeats):
    """Return the seconds of each call, every one once in each of the repeats."""
    inner = []
    for call in calls:
        call()
        start = time.perf_counter()
        call()
        inner.append(max(1, math.ceil(AT_LEAST / max(time.perf_counter() - start, 1e-7))))
    seconds = [[] for _ in calls]
    for _ in range(repeats):
        for call, times, mine in zip(calls, inner, seconds, strict=True):
            start = time.perf_counter()
            for _ in range(times):
                call()
            mine.append((time.perf_counter() - start) / times)
    return seconds


def ratio(seconds, others):
    """Return the median of what one takes of the other, turn by turn."""
    return statistics.median(a / b for a, b in zip(seconds, others, strict=True))


def fetch(*arrays):
    """Read them from memory, and do as little as can be: the bandwidth limit of a value."""
    for array in arrays:
        if array.dtype.kind == "f":  # class labels are few
            np.vdot(array, array)


def fetch_and_write(y, p):
    """Read both and write as many numbers as one has: the bandwidth limit of a gradient."""
    fetch(y)
    np.negative(p)


def measure_ours(sizes, dtypes, repeats):
    """Ours against plain NumPy, and against nothing but fetching the inputs from memory."""
    for n in sizes:
        for dtype in dtypes:
            for case in CASES:
                y, p = case.inputs(n, dtype)
                bare = functools.partial(fetch, y, p), functools.partial(fetch_and_write, y, p)
                for kind, own, line, least in zip(
                    ("value", "gradient"), case.ours(), case.plain(), bare, strict=True
                ):
                    calls = [functools.partial(f, y, p) for f in (own, line)]
                    ours, plain, limit = take_turns([*calls, least], repeats)
                    yield {
                        "case": case.title,
                        "kind": kind,
                        "n": n,
                        "dtype": dtype,
                        "ratio": ratio(ours, plain),
                        "limit": ratio(ours, limit),
                        "microseconds": 1e6 * statistics.median(ours),
                        "more": 1e6
                        * statistics.median(a - b for a, b in zip(ours, plain, strict=True)),
                    }


def measure_rival(library, threads, sizes, dtypes, repeats):
    """One library against plain NumPy."""
    if library == "torch":
        import torch  # noqa: PLC0415

        torch.set_num_threads(threads)
    for n in sizes:
        for dtype in dtypes:
            for case in CASES:
                y, p = case.inputs(n, dtype)
                calls = getattr(rivals, library)(case, y, p)
                lines = case.plain()
                for kind, call, line in zip(("value", "gradient"), calls, lines, strict=True):
                    if call is not None:
                        alone = functools.partial(line, y, p)
                        theirs, plain = take_turns([call, alone], repeats)
                        yield {
                            "case": case.title,
                            "kind": kind,
                            "n": n,
                            "dtype": dtype,
                            "ratio": ratio(theirs, plain),
                        }


def interpreter(library):
    """Return a Python that has this library: this one, or that of ``make peers``, or none."""
    peers = ROOT / os.environ.get("PEERS", ".venv-peers")
    for python in (sys.executable, *peers.glob("*/python")):
        look = f"from importlib import metadata; print(metadata.version({DISTRIBUTION[library]!r}))"
        run = subprocess.run([python, "-c", look], capture_output=True, text=True, check=False)
        if run.returncode == 0:
            return python, run.stdout.strip()
    return None, None


def in_its_own_process(python, arguments, *, threads=1, huge_pages=False):
    """Run this module again, with these settings in its environment, and read its rows."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": str(threads),
        "THP_MEM_ALLOC_ENABLE": str(int(huge_pages)),
        "XLA_FLAGS": "",
    }
    command = [python, "-m", "benchmarks.bench", *map(str, arguments)]
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(run.stdout)


def main():
    """Measure, print the table, store it and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 10⁵ elements, nothing stored")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--largest", type=int, default=SIZES[-1], help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=7)
    given = parser.parse_args()
    if given.part:
        if hasattr(os, "sched_setaffinity"):  # JAX has as many threads as it has cores
            threads = int(os.environ["OMP_NUM_THREADS"])
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
        with np.errstate(all="ignore"):
            print(json.dumps(list(part(given.part, given.largest, given.repeats))))
        return
    repeats, sizes = given.repeats, SIZES[:3] if given.quick else SIZES
    start = time.perf_counter()
    common = ["--largest", max(sizes), "--repeats", repeats]
    rows = in_its_own_process(sys.executable, ["--part", "ours", *common])
    peers, versions = {}, {"Python": platform.python_version(), "NumPy": np.__version__}
    for name, (library, threads, huge_pages) in RIVALS.items():
        python, version = interpreter(library)
        if not python:
            print(f"{name}: not measured, {DISTRIBUTION[library]} is not installed (make peers)")
            continue
        versions[DISTRIBUTION[library]] = version
        peers[name] = in_its_own_process(
            python,
            ["--part", f"{library}:{threads}", *common],
            threads=threads,
            huge_pages=huge_pages,
        )
    if not given.quick:
        store(
            "bench",
            minutes=round((time.perf_counter() - start) / 60, 1),
            repeats=repeats,
            versions=versions,
            ours=rows,
            peers=peers,
            missing=[name for name in RIVALS if name not in peers],
        )
    show(rows, peers)


def show(ours, peers):
    """Print the whole table: time divided by that of plain NumPy."""
    sizes = sorted({row["n"] for row in ours})
    print(f"{'time ÷ plain NumPy':64}", *(f"{n:>10,}" for n in sizes), "    ÷ limit")
    for dtype in ("float64", "float32"):
        for kind in ("value", "gradient"):
            for case in dict.fromkeys(row["case"] for row in ours):
                mine = {
                    row["n"]: row
                    for row in ours
                    if (row["case"], row["kind"], row["dtype"]) == (case, kind, dtype)
                }
                cells = (f"{mine[n]['ratio']:10.2f}" if n in mine else " " * 10 for n in sizes)
                limit = f"{mine[sizes[-1]]['limit']:11.1f}"
                print(f"{case + ', ' + kind + ', ' + dtype:64}", *cells, limit)
    for name, theirs in peers.items():
        for kind in ("value", "gradient"):
            for case in dict.fromkeys(row["case"] for row in theirs):
                found = {
                    row["n"]: f"{row['ratio']:9.2f}"
                    for row in theirs
                    if (row["case"], row["kind"]) == (case, kind)
                }
                if found:
                    label = f"{name}: {case}, {kind}"
                    print(f"{label:84}", *(found.get(n, "") for n in (sizes[0], sizes[-1])))


def part(name, largest, repeats):
    """Measure what one process measures."""
    sizes = [n for n in SIZES if n <= largest]
    if name == "ours":
        yield from measure_ours(sizes, ["float64"], repeats)
        yield from measure_ours([sizes[0], largest], ["float32"], repeats)
    else:
        library, threads = name.split(":")
        sizes = [sizes[0], largest]
        yield from measure_rival(library, int(threads), sizes, ["float64"], repeats)


if __name__ == "__main__":
    main()
