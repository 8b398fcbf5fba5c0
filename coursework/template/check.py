"""Run the assignment's notebook from top to bottom and say which of its examples hold."""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError


def outcome(cell):
    """Return what came of an example: nothing where it holds."""
    if cell.get("execution_count") is None:
        return "not reached"
    errors = [output for output in cell.outputs if output.output_type == "error"]
    return f"{errors[0].ename}: {errors[0].evalue}".splitlines()[0] if errors else ""


def check(path):
    """Execute a notebook; return a line for each example, and whether all of them hold."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = None, []
    lines = [f"## {path.name}", ""]
    try:
        NotebookClient(notebook, timeout=120, allow_errors=True, kernel_name="python3").execute()
    except (CellTimeoutError, DeadKernelError) as error:
        lines.append(f"The notebook does not run to its end: {type(error).__name__}")
    marks = [(cell, cell.metadata.get("nbgrader", {})) for cell in notebook.cells]
    found = {
        mark["grade_id"]: outcome(cell)
        for cell, mark in marks
        if cell.cell_type == "code" and mark.get("grade") and not mark.get("solution")
    }
    lines += [f"- {'✗' if problem else '✓'} {name}  {problem}" for name, problem in found.items()]
    return lines, not any(found.values())


def main():
    """Check every notebook beside this file; return the exit status."""
    results = [check(path) for path in sorted(Path(__file__).parent.glob("*.ipynb"))]
    text = "\n".join(line for lines, _ in results for line in [*lines, ""])
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        Path(summary).write_text(text, encoding="utf-8")
    return 0 if results and all(holds for _, holds in results) else 1


if __name__ == "__main__":
    sys.exit(main())
