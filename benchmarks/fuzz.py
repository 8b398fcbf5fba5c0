"""Let Hypothesis search for inputs that break a promise, for ten minutes: ``make fuzz``.

Each round draws other examples than the last. A failure prints what reproduces it.
"""

import argparse
import os
import re
import subprocess
import sys
import time

from benchmarks import ROOT, store

TESTS = "tests/lossfns/test_properties.py"


def one_round(seed, examples):
    """Return whether all properties held, and the number of examples drawn."""
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:nbval"),
            *("-o", "addopts=--import-mode=importlib", TESTS, "--hypothesis-profile=fuzz"),
            *(f"--hypothesis-seed={seed}", "--hypothesis-show-statistics"),
        ],
        cwd=ROOT,
        env=os.environ | {"FUZZ_EXAMPLES": str(examples)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    drawn = sum(map(int, re.findall(r"(\d+) passing", run.stdout)))
    if run.returncode:
        print(run.stdout)
    return run.returncode == 0, drawn


def main():
    """Fuzz for some minutes and store what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--examples", type=int, default=150, help="of each property in a round")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    start, seed, drawn, held = time.monotonic(), given.seed, 0, True
    while held and time.monotonic() - start < 60 * given.minutes:
        held, more = one_round(seed, given.examples)
        drawn, seed = drawn + more, seed + 1
        print(f"{(time.monotonic() - start) / 60:5.1f} min, {drawn:,} examples", flush=True)
    store(
        "fuzz",
        minutes=round((time.monotonic() - start) / 60, 1),
        examples=drawn,
        rounds=seed - given.seed,
        first_seed=given.seed,
        passed=held,
    )
    if not held:
        raise SystemExit("a property does not hold: see above")


if __name__ == "__main__":
    main()
