"""Find the notebooks that were handed in: a folder, or the zip file of a learning platform."""

import re
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import nbformat

LARGEST = 20 << 20  # bytes of a notebook
SHAPES = [
    re.compile(shape + r"(?P<file>[^/]*)\.ipynb")
    for shape in (
        r"(?:.*/)?(?P<name>[^/]+)_(?P<student>\d+)_assignsubmission_file_?/(?:.*/)?",  # Moodle
        r"(?:.*/)?(?P<name>[^/]+)_(?P<student>\d+)_assignsubmission_file_",
        r"(?:.*/)?(?P<name>[^/_]+)(?:_LATE)?_(?P<student>\d+)_\d+_",  # Canvas
        r"(?P<student>[^/]+)/(?:.*/)?",  # nbgrader, GitHub: one folder a student
        r"(?P<student>)",  # student.ipynb
    )
]


class Unreadable(Exception):  # noqa: N818  (an outcome, not an error)
    """A file is no notebook; the message says why."""


@dataclass(frozen=True)
class Submission:
    """What one student handed in.

    Attributes
    ----------
    student : str
        The id: the platform's number, or the name of the folder or file.
    name : str
        The name that the platform writes beside the number.
    files : dict
        The path of each notebook to a function that reads its bytes.
    """

    student: str
    name: str
    files: dict

    def choose(self, grade_ids):
        """Return the notebook that belongs to an assignment, its bytes, its path and a note.

        It is recognised by nbgrader's ids of its cells, so it may have any name. Of several
        versions the last by name is taken, as platforms number them.
        """
        found, problem = [], "there is no notebook"
        for path, read in sorted(self.files.items(), key=lambda item: natural(item[0])):
            try:
                data = read()
                notebook = parse(data)
            except Unreadable as error:
                problem = f"{Path(path).name}: {error}"
                continue
            marks = (cell.metadata.get("nbgrader") for cell in notebook.cells)
            ids = {str(mark.get("grade_id")) for mark in marks if isinstance(mark, dict)}
            found.append((len(ids & grade_ids), path, notebook, data))
        if not found:
            raise Unreadable(problem)
        most = max(count for count, *_ in found)
        found = [entry for entry in found if entry[0] == most]
        folders = {Path(path).parent.as_posix() for _, path, *_ in found}
        if len(folders) > 1:
            some = ", ".join(sorted(folders)[:3])
            raise Unreadable(
                f"notebooks in several folders ({some}): which one is it? "
                "Or is the folder of submissions further down?"
            )
        note = "" if len(found) == 1 else f"of {len(found)} notebooks, the last was graded"
        if not most:
            note = "the notebook has lost nbgrader's marks: was it saved by another program?"
        _, path, notebook, data = found[-1]
        return notebook, data, path, note


def find(where):
    """List the submissions in a folder or a zip file, one a student."""
    where, students = Path(where), {}
    if not where.exists():
        raise FileNotFoundError(f"{where} does not exist: name the folder or zip of submissions")
    for path, read in files_of(where):
        student, name = identify(path)
        one = students.setdefault(student, Submission(student, name, {}))
        if one.name != name:
            raise ValueError(f"{one.name!r} and {name!r} cannot be told apart: rename one of them")
        one.files[path] = read
    folders = [path for path in where.iterdir() if path.is_dir()] if where.is_dir() else []
    for folder in folders:  # those without any notebook
        student, name = identify(f"{folder.name}/any.ipynb")
        if not student.startswith("_"):
            students.setdefault(student, Submission(student, name, {}))
    return sorted(students.values(), key=lambda submission: natural(submission.student))


def identify(path):
    """Return the student's id and name that a path shows."""
    match = next(filter(None, (shape.fullmatch(path) for shape in SHAPES)))
    student = re.sub(r"[^\w.@+-]", "_", match["student"] or match["file"])
    student = re.sub(r"^\.+", "_", student) or "_"
    return student, match.groupdict().get("name") or match["student"] or match["file"]


def files_of(where):
    """Yield the path of each notebook and a function that reads it; follow no link."""
    if where.is_dir():
        for path in sorted(where.rglob("*.ipynb")):
            relative = path.relative_to(where).as_posix()
            hidden = any(part.startswith(".") for part in path.relative_to(where).parts)
            if not hidden and not path.is_symlink() and path.is_file():
                yield relative, lambda path=path: limited(path.open("rb"))
        return
    archive = zipfile.ZipFile(where)
    for entry in archive.infolist():
        parts = Path(entry.filename).parts
        if entry.filename.endswith(".ipynb") and not any(part[0] in "._" for part in parts):
            yield entry.filename, lambda entry=entry: limited(archive.open(entry))


def limited(file):
    """Read a file unless it is far too large for a notebook."""
    with file:
        try:
            data = file.read(LARGEST + 1)
        except (OSError, RuntimeError, zipfile.BadZipFile):
            raise Unreadable("the file cannot be read") from None
    if len(data) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST >> 20} MB: clear the outputs, hand in again")
    return data


def parse(data):
    """Read a notebook from bytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(data.decode("utf-8"), as_version=4)
            nbformat.validate(notebook)
    except Exception:  # noqa: BLE001  (files are damaged in every way)
        raise Unreadable("it is no notebook, or damaged: can Jupyter open it?") from None
    return notebook


def natural(text):
    """Sort 10 after 9."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", text)]
