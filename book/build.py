"""Build the site: ``python -m book.build [--out DIR] [--no-execute]``.

Notebooks are executed side by side into a cache that the pages are built from, so that only
what changed runs again. The build is strict: a warning is an error.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from book import ROOT, notebooks, site
from book.execute import execute_all, read, relative


def fill_cache(folder):
    """Execute the notebooks that are not in the cache; return whether all succeeded."""
    for outdated in set(folder.parent.glob("*")) - {folder}:
        shutil.rmtree(outdated)
    cache = get_cache(folder)

    def is_missing(path):
        try:
            cache.match_cache_notebook(read(path))
        except KeyError:
            return True
        return False

    missing = [path for path in notebooks() if is_missing(path)]
    failures, started = [], time.perf_counter()
    for number, (path, notebook, error) in enumerate(execute_all(missing), 1):
        if error:
            failures.append(error)
        else:
            bundle = CacheBundleIn(notebook, str(path), data={})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
        seconds = time.perf_counter() - started
        print(f"[{number}/{len(missing)}] {seconds:4.0f} s  {relative(path)}", flush=True)
    for error in failures:
        print(
            f"A notebook failed: {error}\n"
            "Open it in Jupyter, mend the cell, and run the same command again.",
            file=sys.stderr,
        )
    return not failures


def build(out, *, execute=True):
    """Build the site into ``out/_build/html``; return the exit status."""
    html = out / "_build" / "html"
    if execute and not fill_cache(site.cache_folder(html)):
        return 1
    command = ["build", str(ROOT), "--path-output", str(out), "-W", "-n", "--keep-going", "-q"]
    environment = os.environ | ({} if execute else {"BOOK_EXECUTE": "off"})
    run = subprocess.run(
        [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", *command],
        cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    if run.returncode:
        print("The site was not built: mend what is marked WARNING or ERROR.", file=sys.stderr)
    else:
        print(f"Open {(html / 'index.html').resolve().as_uri()}")
    return run.returncode


def main(arguments=None):
    """Build the site as the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m book.build", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT, help="pages go to OUT/_build/html")
    parser.add_argument(
        "--no-execute", action="store_true", help="take the notebooks' outputs as they stand"
    )
    options = parser.parse_args(arguments)
    return build(options.out.resolve(), execute=not options.no_execute)


if __name__ == "__main__":
    sys.exit(main())
