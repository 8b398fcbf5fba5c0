"""Execute notebooks and write them back: ``python -m book.execute [notebook …]``.

On the reference platform this changes no byte of a notebook that is up to date.
"""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from book import ROOT, address, notebooks, reference, text

TIMEOUT = 120  # seconds a cell may run
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
CELL_METADATA = {"cellView", "jupyter", "mystnb", "nbgrader", "tags"}
WIDGETS = "application/vnd.jupyter.widget"


class NotebookError(Exception):
    """A notebook failed; the message says where and why, in one line."""


def read(path):
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


def normalise(notebook):
    """Keep of the metadata what the course uses: nothing of the machine, the editor or widgets."""
    kept = {key: notebook.metadata[key] for key in ("mystnb",) if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA | kept)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {key: value for key, value in cell.metadata.items() if key in CELL_METADATA}
        )
        for output in cell.get("outputs", []):
            for mime in [mime for mime in output.get("data", {}) if mime.startswith(WIDGETS)]:
                del output.data[mime]
    return notebook


def execute(path):
    """Return the notebook at ``path`` executed in the reference environment, normalised."""
    notebook, current = read(path), {}
    if path in notebooks():
        notebook = address.with_colab_cell(notebook)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_start=lambda cell, cell_index: current.update(cell=cell, index=cell_index),
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise NotebookError(f"{_where(path, current)}: {_why(error)}") from error
    return normalise(notebook)


def execute_all(paths, workers=None):
    """Execute notebooks side by side; yield each path with its notebook, or with its error."""
    reference.activate()

    def run(path):
        try:
            return path, execute(path), None
        except NotebookError as error:
            return path, None, error

    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        yield from pool.map(run, paths)


def relative(path):
    """Return the path as a reader of the repository would write it."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def _where(path, current):
    if not current:
        return str(relative(path))
    return f"{relative(path)}, cell {current['index'] + 1} ({current['cell'].get('id', 'no id')})"


def _why(error):
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}".split("\n")[0]
    if isinstance(error, CellTimeoutError):
        return f"it ran longer than {TIMEOUT} s"
    return "its kernel died"


def main(arguments=None):
    """Execute the notebooks named on the command line, or all of them, and write them back."""
    parser = argparse.ArgumentParser(prog="python -m book.execute", description=__doc__)
    parser.add_argument("notebook", nargs="*", type=Path, help="default: all notebooks")
    paths = [path.resolve() for path in parser.parse_args(arguments).notebook] or notebooks()
    for difference in reference.differences():
        print(f"Not the reference platform, so last digits may change: {difference}")
    failed = False
    for path, notebook, error in execute_all(paths):
        if error:
            print(f"FAILED     {error}", file=sys.stderr)
            failed = True
            continue
        before, after = path.read_text(encoding="utf-8"), text(notebook)
        if after != before:
            path.write_text(after, encoding="utf-8", newline="\n")
        print(f"{'unchanged' if after == before else 'rewritten':10} {relative(path)}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
