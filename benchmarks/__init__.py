"""Commands that measure the course: speed against peers, fuzzing, versions, mutants, run times.

Each stores what it found in ``benchmarks/results``; `benchmarks.page` writes the page of the book
"How this course is tested" from these files.
"""

import json
import os
import platform
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"


def store(name, **found):
    """Write what a command found, with the date and the class of the machine."""
    found = {"date": time.strftime("%Y-%m-%d"), "machine": machine(), "busy": busy(), **found}
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
    return found


def read(name):
    """Return what a command stored, or None before its first run."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def store_rows(name, rows, key):
    """Store these rows and, of what was not measured now, those that are stored."""
    earlier = read(name) or {"rows": []}
    by_key = {key(row): row for row in [*earlier["rows"], *rows]}
    return store(name, rows=[by_key[k] for k in sorted(by_key)])


def machine():
    """Return the class of this machine: the name of the host is nobody's business."""
    names = {"x86_64": "x86-64", "AMD64": "x86-64", "aarch64": "ARM64", "arm64": "ARM64"}
    processor = names.get(platform.machine(), platform.machine())
    return f"{os.cpu_count()} cores, {processor}, {platform.system()}"


def busy():
    """Whether the machine had more to do than these commands, so that times say little."""
    return hasattr(os, "getloadavg") and max(os.getloadavg()) > 2 * os.cpu_count()
