"""A folder of submissions in, feedback and tables out."""

import csv
import json
import zipfile

import nbformat
import pytest

from coursework import __main__ as command
from coursework import release, source
from coursework.assignment import Assignment
from coursework.grading import batch, lms, pages, prose, sandbox, submissions

NAME = "a6_log_cosh_tukey"
ASSIGNMENT = Assignment(NAME)
MOST = ASSIGNMENT.code_points


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    [path] = release.generate(tmp_path_factory.mktemp("release"), [NAME])
    return path.read_text(encoding="utf-8")


TAMPERS = """
import os
for descriptor in range(3, 20):
    try:
        os.write(descriptor, (2).to_bytes(8, "big") + b"[]")
    except OSError:
        pass
"""


def changed(text, **sources):
    """A notebook with other sources in the cells with these ids, '-' written as '_'."""
    notebook = nbformat.reads(text, as_version=4)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "").replace("-", "_")
        cell.source = sources.get(grade_id, cell.source)
    return nbformat.writes(notebook)


def table(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, blank, bubblewrap):
    """Ten students, of whom some have been unlucky and one has been wicked."""
    where, out = tmp_path_factory.mktemp("submissions"), tmp_path_factory.mktemp("graded")
    formula = "def log_cosh(y_true, y_pred):\n    return np.sum(np.log(np.cosh(y_true - y_pred)))"
    texts = {
        "reference": source(NAME).read_text(encoding="utf-8"),
        "blank": blank,
        "sum": changed(blank, log_cosh=formula, two_answers="Because <script>alert(1)</script>"),
        "crash": changed(blank, log_cosh="import os\nos._exit(0)"),
        "syntax": changed(blank, log_cosh="def log_cosh(:", overflow_at="overflow_at = 711"),
        "broken": '{"cells": [',
        "tampers": changed(blank, log_cosh=TAMPERS, overflow_at="overflow_at = 711"),
        "list": "[]",
    }
    for student, text in texts.items():
        (where / f"{student}.ipynb").write_text(text, encoding="utf-8")
    (where / "nobody").mkdir()
    huge = changed(blank, two_answers="x" * (submissions.LARGEST + 1))
    (where / "huge.ipynb").write_text(huge, encoding="utf-8")
    lines = []
    batch.grade(where, ASSIGNMENT, out, workers=2, say=lines.append)
    return where, out, lines


def test_reference_gets_full_marks_blank_none_and_accidents_cost_their_own_mark(graded):
    _, out, lines = graded
    rows = table(out / "grades.csv")
    code = {student: float(row["code"]) for student, row in rows.items()}
    assert code == {
        "reference": MOST, "blank": 0, "sum": 1, "crash": 0, "syntax": 1, "broken": 0, "list": 0,
        "nobody": 0, "huge": 0, "tampers": 0,
    }  # fmt: skip
    notes = {student: row["note"] for student, row in rows.items()}
    assert "ends the Python process" in notes["crash"]
    assert "damaged" in notes["broken"]
    assert "damaged" in notes["list"]
    assert "no notebook" in notes["nobody"]
    assert "larger than" in notes["huge"]
    assert lines[-1].startswith("[10/10]")


def test_feedback_helps_and_shows_nothing_as_markup(graded):
    _, out, _ = graded
    page = (out / "feedback" / "sum.html").read_text(encoding="utf-8")
    assert "too large by the factor n" in page
    assert "nothing is written yet" in page
    for path in out.glob("**/*.html"):
        assert "<script" not in path.read_text(encoding="utf-8")
    assert "&lt;script&gt;" in (out / "written.html").read_text(encoding="utf-8")
    assert "SyntaxError" in (out / "feedback" / "syntax.html").read_text(encoding="utf-8")
    assert zipfile.ZipFile(out / "feedback.zip").read("sum.html").decode() == page
    summary = (out / "summary.html").read_text(encoding="utf-8")
    assert "10 submissions" in summary
    assert "Could not be graded (6)" in summary


def test_a_second_run_goes_on_where_the_first_stopped(graded):
    where, out, _ = graded
    lines = []
    results = batch.grade(where, ASSIGNMENT, out, say=lines.append)
    assert sum("graded before" in line for line in lines) == 6
    assert {r["student"]: batch.code(r) for r in results}["reference"] == MOST


def test_written_points_are_merged_and_checked(graded):
    where, out, _ = graded
    path = out / "written.csv"
    rows = batch.read_table(path)
    assert len(rows) == 10 * len(ASSIGNMENT.written)
    for row in rows:
        if row["student"] in {"reference", "sum"} and not row["points"]:
            row.update(points="2,5", comment='Well "argued", =1+1')
    batch.write_table(path, batch.WRITTEN, rows)
    batch.grade(where, ASSIGNMENT, out, say=lambda line: None)
    grades = table(out / "grades.csv")
    assert grades["sum"]["total"] == "3.5"
    assert grades["reference"]["total"] == f"{MOST + 7.5:g}"
    assert "argued" in (out / "feedback" / "sum.html").read_text(encoding="utf-8")
    rows[0]["points"] = "1000"
    batch.write_table(path, batch.WRITTEN, rows)
    with pytest.raises(ValueError, match="must be a number from 0 to"):
        batch.grade(where, ASSIGNMENT, out, say=lambda line: None)


# --- Without any sandbox ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "student", "name"),
    [
        ("ada.ipynb", "ada", "ada"),
        ("ada/a6.ipynb", "ada", "ada"),
        ("ada/a6_log_cosh_tukey/a6_log_cosh_tukey.ipynb", "ada", "ada"),
        ("Ada Byron_4711_assignsubmission_file_/a6.ipynb", "4711", "Ada Byron"),
        ("Ada Byron_4711_assignsubmission_file_a6.ipynb", "4711", "Ada Byron"),
        ("byronada_4711_99_a6_log_cosh_tukey.ipynb", "4711", "byronada"),
        ("byronada_LATE_4711_99_a6_log_cosh_tukey-2.ipynb", "4711", "byronada"),
        ("../../etc/a6.ipynb", "_", ".."),
        ("a b/…/x.ipynb", "a_b", "a b"),
    ],
)
def test_students_are_known_by_what_platforms_write(path, student, name):
    assert submissions.identify(path) == (student, name)


def test_a_zip_is_read_without_unpacking_it(tmp_path, blank):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("byronada_4711_98_a6.ipynb", "old")
        archive.writestr("byronada_4711_99_a6-1.ipynb", blank)
        archive.writestr("__MACOSX/._x.ipynb", "")
        archive.writestr(
            "noether_LATE_7_1_other.ipynb", nbformat.writes(nbformat.v4.new_notebook())
        )
    found = submissions.find(tmp_path / "all.zip")
    assert [(s.student, s.name) for s in found] == [("7", "noether"), ("4711", "byronada")]
    assert found[1].choose(ASSIGNMENT.grade_ids)[2] == "byronada_4711_99_a6-1.ipynb"
    assert "lost nbgrader's marks" in found[0].choose(ASSIGNMENT.grade_ids)[3]
    with pytest.raises(FileNotFoundError):
        submissions.find(tmp_path / "absent")


def test_students_are_never_confused(tmp_path, blank):
    for student in ("a b", "a_b"):
        (tmp_path / student).mkdir()
        (tmp_path / student / "a6.ipynb").write_text(blank, encoding="utf-8")
    with pytest.raises(ValueError, match="cannot be told apart"):
        submissions.find(tmp_path)
    above = tmp_path / "above"
    for student in ("ada", "emmy"):
        (above / "submitted" / student).mkdir(parents=True)
        (above / "submitted" / student / "a6.ipynb").write_text(blank, encoding="utf-8")
    [found] = submissions.find(above)
    with pytest.raises(submissions.Unreadable, match="further down"):
        found.choose(ASSIGNMENT.grade_ids)


def test_answers_are_rendered_and_never_trusted():
    page = prose.render("**a)** $x^2$ <script>alert(1)</script> [b](javascript:c) $\\href{d}{e}$")
    assert "<strong>a)</strong>" in page
    assert "<msup>" in page
    assert "<script" not in page
    assert "href" not in page.replace("\\href", "")
    assert "$\\frac$" in prose.render("$\\frac$")


def test_links_are_not_followed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.ipynb").symlink_to(source(NAME))
    [found] = submissions.find(tmp_path)
    assert found.files == {}


GRADES = [
    {"student": "4711", "name": "Ada", "total": 30.5, "most": 40},
    {"student": "12", "name": "Emmy", "total": None, "most": 40},
    {"student": "99", "name": "Unknown", "total": 1, "most": 40},
]


def test_canvas_table_is_filled(tmp_path):
    batch.write_table(tmp_path / "grades.csv", batch.GRADES, GRADES)
    export = tmp_path / "canvas.csv"
    export.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Assignment 6 (1234),Other (5)\n"
        "    Points Possible,,,,,100,10\n"
        '"Byron, Ada",4711,s1,ada,A,,3\n"Noether, Emmy",12,s2,emmy,A,7,\n"Gauss, C",5,s3,cf,A,,\n',
        encoding="utf-8",
    )
    text, notes = lms.fill(export, tmp_path / "grades.csv", column="Assignment 6")
    rows = list(csv.reader(text.splitlines()))
    assert rows[2] == ["Byron, Ada", "4711", "s1", "ada", "A", "76.25", "3"]
    assert rows[1][5:] == ["100", "10"]
    assert rows[3][5] == "7"
    assert len(notes) == 3
    with pytest.raises(ValueError, match="0 columns begin"):
        lms.fill(export, tmp_path / "grades.csv", column="Nothing")
    with pytest.raises(ValueError, match="--column"):
        lms.fill(export, tmp_path / "grades.csv")


def test_moodle_worksheet_is_filled(tmp_path):
    batch.write_table(tmp_path / "grades.csv", batch.GRADES, GRADES)
    export = tmp_path / "moodle.csv"
    export.write_text(
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n"
        'Participant 4711,Ada Byron,a@b,Submitted,,"40,00",\n',
        encoding="utf-8-sig",
    )
    text, notes = lms.fill(export, tmp_path / "grades.csv")
    assert next(csv.DictReader(text.splitlines()))["Grade"] == "30.5"
    assert notes == ["12: graded, but not in the table", "99: graded, but not in the table"]
    (tmp_path / "other.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(ValueError, match="neither Canvas's export"):
        lms.fill(tmp_path / "other.csv", tmp_path / "grades.csv")


def test_a_field_never_becomes_a_formula(tmp_path):
    batch.write_table(tmp_path / "t.csv", ("a",), [{"a": "=1+1"}, {"a": 2.0}, {"a": None}])
    assert [row["a"] for row in batch.read_table(tmp_path / "t.csv")] == ["'=1+1", "2", ""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_are_read_as_any_spreadsheet_saves_them(tmp_path, encoding, delimiter):
    text = 'student;points;comment\nada;2,5;"naïve; but good"\n'.replace(";", delimiter)
    if delimiter == ",":
        text = text.replace("2,5", '"2,5"')
    (tmp_path / "t.csv").write_bytes(text.encode(encoding))
    [row] = batch.read_table(tmp_path / "t.csv")
    assert row["points"] == "2,5"
    assert row["comment"] == f"naïve{delimiter} but good"


def test_histogram_counts_everybody():
    bins = pages.histogram([0, 3.9, 4, 40], 40)
    assert [entry["count"] for entry in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert json.dumps(bins)


def test_without_bubblewrap_nothing_starts_unless_asked(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sandbox, "problem", lambda: "bubblewrap is not installed")
    assert command.main(["grade", str(tmp_path), "--assignment", NAME]) == 1
    said = capsys.readouterr().err
    assert "bubblewrap is not installed" in said
    assert "can read and change every file" in said


def test_mistakes_on_the_command_line_are_one_line(capsys, tmp_path):
    assert command.main(["grade", str(tmp_path / "x"), "--assignment", "a0"]) == 1
    assert capsys.readouterr().err.startswith("there is no assignment 'a0': choose from a1_")
