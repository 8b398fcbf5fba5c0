"""Execute every notebook once, alone, and store how long its kernel took: ``make times``."""

import argparse
import os
import threading
import time
from importlib import metadata

from benchmarks import store
from book import execute, notebooks, reference

TOLD = ("numpy", "matplotlib", "ipywidgets", "ipykernel", "nbclient", "jupyter-book")


def main():
    """Execute the notebooks one after another; their files stay as they are."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    reference.activate()
    rows = []
    for path in notebooks():
        wall, processor = time.perf_counter(), _children()
        execute.execute(path)
        rows.append(
            {
                "notebook": path.stem,
                "seconds": round(time.perf_counter() - wall, 1),
                "processor_seconds": round(_children() - processor, 1),
            }
        )
        print(f"{rows[-1]['seconds']:6.1f} s  {path.stem}", flush=True)
    found = store("notebooks", rows=rows, versions={n: metadata.version(n) for n in TOLD})
    print(f"{sum(row['seconds'] for row in found['rows']):6.1f} s  in all")


def _children():
    """Processor time of the kernels that have come to their end."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(1)
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    main()
