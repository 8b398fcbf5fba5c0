"""Generate what students get, with nbgrader: nothing of a solution, no hidden test."""

import shutil
import tempfile
from pathlib import Path

from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from coursework import FOLDER, names


def generate(out, chosen=()):
    """Write ``out/<name>/<name>.ipynb`` for the chosen assignments, or for all; return the paths.

    nbgrader's own generator does the work. It runs on a copy of the sources, so that neither its
    gradebook nor a half-written release is left where the solutions are.
    """
    out, written = Path(out).resolve(), []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(FOLDER / "source", Path(folder, "source"))
        for name in chosen or names():
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
