"""Run the whole test command again and again: ``make flaky``, ``make flaky RUNS=3``.

Every run must pass and leave no file of the repository changed, outputs and figures included.
"""

import argparse
import re
import subprocess
import sys
import time

from benchmarks import ROOT, store

TEST = [sys.executable, "-m", "pytest", "-n", "2", "--cov", "-q"]


def main():
    """Run the tests several times and store what they said."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("tests", nargs="*", help="all by default")
    given = parser.parse_args()
    rows = []
    for i in range(given.runs):
        before, start = _state(), time.perf_counter()
        run = subprocess.run(
            [*TEST, *given.tests], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
        )
        lines = [line for line in run.stdout.splitlines() if line.strip()] or ["no output"]
        rows.append(
            {
                "passed": run.returncode == 0,
                "summary": re.sub(r" in [\d.]+s.*|=", "", lines[-1]).strip(),
                "seconds": round(time.perf_counter() - start),
                "unchanged": _state() == before,
            }
        )
        print(f"{i + 1}: {rows[-1]}", flush=True)
        if run.returncode:
            print(run.stdout[-5000:])
        store("flaky", tests=given.tests, rows=rows)  # so that a run cut short is not lost
    if not all(row["passed"] and row["unchanged"] for row in rows):
        raise SystemExit("not every run was the same")


def _state():
    """What git sees: the changes of files, and their content."""
    return [
        subprocess.run(["git", *command], cwd=ROOT, capture_output=True, check=False).stdout
        for command in (["status", "--porcelain"], ["diff"])
    ]


if __name__ == "__main__":
    main()
