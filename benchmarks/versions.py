"""Run the tests with the oldest and the newest dependencies, on each Python: ``make versions``.

The oldest are those that ``pyproject.toml`` admits. Pythons are those that uv or pyenv have here.
Notebooks are executed; their outputs are compared on the reference platform only.
"""

import argparse
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from benchmarks import ROOT, store_rows

MINORS = range(11, 20)
RESOLUTIONS = {"oldest": "lowest-direct", "newest": "highest"}
TOLD = ("numpy", "matplotlib", "scipy", "scikit-learn", "ipython", "ipywidgets", "pytest")


def pythons():
    """Return the path of the newest Python of each minor version from 3.11 on that is here."""
    found = {}
    roots = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in MINORS:
        name = f"3.{minor}"
        candidates = list(roots.glob(f"{name}.*/bin/python"))
        ask = ["uv", "python", "find", "--no-python-downloads", name]
        run = subprocess.run(ask, capture_output=True, text=True, check=False)
        if run.returncode == 0:
            candidates.append(Path(run.stdout.strip()))
        if candidates:
            found[name] = str(max(candidates, key=_release))
    return found


def _release(python):
    # As numbers: as text, 3.12.9 would be newer than 3.12.10.
    told = _run([python, "-c", "import sys; print(*sys.version_info[:3])"])
    return [int(part) for part in told.split()]


def try_one(python, resolution, tests):
    """Return what the tests say in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder) / "environment"
        uv = shutil.which("uv")
        _run([uv, "venv", "--quiet", "--python", python, environment])
        inside = os.environ | {"VIRTUAL_ENV": str(environment)}
        _run(
            [
                *(uv, "pip", "install", "--quiet", f"--resolution={resolution}"),
                *("--editable", f"{ROOT}[losslab]"),
                *("--group", f"{ROOT}/pyproject.toml:book"),
                *("--group", f"{ROOT}/pyproject.toml:test"),
                *("--group", f"{ROOT}/pyproject.toml:coursework"),
            ],
            env=inside,
            cwd=ROOT,  # where uv finds its settings
        )
        listed = _run([uv, "pip", "list", "--format=freeze"], env=inside)
        installed = dict(line.split("==") for line in listed.splitlines() if "==" in line)
        start = time.perf_counter()
        run = subprocess.run(
            [environment / "bin" / "python", "-m", "pytest", "-q", "-n", "2", *tests],
            cwd=ROOT,
            env=os.environ | {"COVERAGE_FILE": f"{folder}/coverage"},
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [line for line in run.stdout.splitlines() if line.strip()]
        failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
        print(*failed, *(lines[-1:] or [run.stderr.strip()]), sep="\n", flush=True)
        summary = re.sub(r" in [\d.]+s.*|=", "", lines[-1] if lines else "no output").strip()
        return {
            "date": time.strftime("%Y-%m-%d"),
            "passed": run.returncode == 0,
            "summary": summary,
            "minutes": round((time.perf_counter() - start) / 60, 1),
            "versions": {name: installed[name] for name in TOLD if name in installed},
        }


def _run(command, **options):
    run = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if run.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{run.stdout}{run.stderr}")
    return run.stdout


def main():
    """Run the matrix, or a part of it, and store it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", action="append", help="for example 3.12; all by default")
    parser.add_argument("--resolution", choices=RESOLUTIONS, action="append")
    parser.add_argument("tests", nargs="*", help="all by default")
    given = parser.parse_args()
    if not shutil.which("uv"):
        raise SystemExit("uv was not found: pip install uv, or see https://docs.astral.sh/uv")
    rows = []
    for version, path in pythons().items():
        for name in given.resolution or RESOLUTIONS:
            if not given.python or version in given.python:
                print(f"Python {version}, {name} dependencies", flush=True)
                found = try_one(path, RESOLUTIONS[name], given.tests)
                row = {"python": version, "dependencies": name, **found}
                rows.append(row)
                if not given.tests:  # at once, so that a run cut short is not lost
                    store_rows("versions", [row], key=lambda r: (r["dependencies"], r["python"]))
    if not rows:
        raise SystemExit("nothing was tested: no such Python is here")
    if not all(row["passed"] for row in rows):
        raise SystemExit("not everything passed")


if __name__ == "__main__":
    main()
