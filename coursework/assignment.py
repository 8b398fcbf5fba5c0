"""An assignment as its notebook and its hidden checks describe it together."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from coursework import FOLDER, checks, source


@dataclass(frozen=True)
class Written:
    """A written question: its ids, its points, what was asked, and the model answer."""

    grade_id: str
    cell_id: str
    points: float
    prompt: str
    answer: str


class Assignment:
    """Everything that grading needs to know about one assignment.

    Parameters
    ----------
    name : str
        One of `coursework.names()`.
    """

    def __init__(self, name):
        self.name = name
        self.notebook = nbformat.read(source(name), as_version=4)
        self.tasks = checks.load(name).TASKS

    @cached_property
    def title(self):
        """The first heading."""
        return self.notebook.cells[0].source.splitlines()[0].lstrip("# ")

    @cached_property
    def written(self):
        """The written questions, in order."""
        found, prompt = [], ""
        for cell in self.notebook.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("grade") and marks.get("solution"):
                ids = marks["grade_id"], cell.id
                found.append(Written(*ids, marks["points"], prompt, cell.source))
            elif cell.cell_type == "markdown":
                prompt = cell.source
        return found

    @cached_property
    def grade_ids(self):
        """The ids of all of nbgrader's cells."""
        marks = (cell.metadata.get("nbgrader", {}) for cell in self.notebook.cells)
        return {mark["grade_id"] for mark in marks if "grade_id" in mark}

    @property
    def code_points(self):
        """The most that code can earn."""
        return sum(task.points for task in self.tasks.values())

    @property
    def written_points(self):
        """The most that written answers can earn."""
        return sum(question.points for question in self.written)

    @cached_property
    def version(self):
        """A name for what verdicts depend on: when it changes, submissions are graded again."""
        digest = hashlib.sha256()
        paths = [source(self.name), Path(checks.load(self.name).__file__), FOLDER / "checking.py"]
        for path in (*paths, *sorted((FOLDER / "grading").glob("*.py"))):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]
