"""What the site needs: execution of the notebooks, the build, Sphinx extensions, styles."""

from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent


def notebooks():
    """Return every notebook of the course, in reading order."""
    return sorted((ROOT / "chapters").glob("*.ipynb"))


def text(notebook):
    """Return the exact text of a notebook's file."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"
