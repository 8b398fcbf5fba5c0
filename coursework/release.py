"""Generate what students get, with nbgrader: nothing of a solution, no hidden test."""

import shutil
import tempfile
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from book import address
from coursework import FOLDER, names, source


def generate(out, chosen=()):
    """Write ``out/<name>/<name>.ipynb`` for the chosen assignments, or for all; return the paths.

    nbgrader's own generator does the work. It runs on a copy of the sources, so that neither its
    gradebook nor a half-written release is left where the solutions are. The cell that installs
    the course's packages on Google Colab is added on the way.
    """
    out, written = Path(out).resolve(), []
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen or names():
            copy = Path(folder, "source", name, f"{name}.ipynb")
            copy.parent.mkdir(parents=True)
            notebook = nbformat.read(source(name), as_version=4)
            nbformat.write(address.with_colab_cell(notebook), copy)
            config = Config()
            config.CourseDirectory.root = folder
            config.CourseDirectory.assignment_id = name
            config.GenerateAssignment.no_database = True
            config.GenerateAssignment.force = True
            config.SaveCells.enabled = False
            GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
            release = Path(folder, "release", name, f"{name}.ipynb")
            path = out / name / release.name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(release, path)
            written.append(path)
    return written


def template(out, name):
    """Write a repository for students: the student version, and a workflow that runs it."""
    out = Path(out)
    url, branch = address.address()
    shutil.copytree(FOLDER / "template", out, dirs_exist_ok=True)
    requirements = out / "requirements.txt"
    text = requirements.read_text(encoding="utf-8").format(url=url, branch=branch)
    requirements.write_text(text, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        [path] = generate(folder, [name])
        shutil.copy(path, out)
    return out
