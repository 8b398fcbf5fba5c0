"""What students get: complete, and nothing of a solution in it, on the site or in the packages."""

import re
import subprocess
import sys

import nbformat
import pytest

import coursework
from book import ROOT, execute, reference
from coursework import __main__ as command
from coursework import release
from coursework.assignment import Assignment

NAMES = coursework.names()
each_assignment = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    paths = release.generate(tmp_path_factory.mktemp("release"))
    assert [path.stem for path in paths] == NAMES
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def sentinels(name):
    """Lines that stand in solutions and hidden tests alone."""
    secret, public = set(), set()
    for cell in Assignment(name).notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        kind = "written" if marks.get("grade") and marks.get("solution") else "cell"
        hidden = kind == "written"
        for line in cell.source.splitlines():
            if re.search("BEGIN (SOLUTION|HIDDEN TESTS)", line):
                hidden = True
            (secret if hidden else public).add(line.strip())
            if re.search("END (SOLUTION|HIDDEN TESTS)", line):
                hidden = kind == "written"
    return {line for line in secret - public if len(line) >= 12}


@each_assignment
def test_nothing_of_a_solution_is_in_the_release(name, released):
    lines = sentinels(name)
    assert len(lines) > 40
    text = "\n".join(cell.source for cell in nbformat.reads(released[name], 4).cells)
    assert not [line for line in lines if line in text]
    raw = released[name]
    assert "coursework" not in raw
    assert "HIDDEN" not in raw
    assert "Marking" not in raw


@each_assignment
def test_release_is_complete_and_has_no_outputs(name, released):
    notebook = nbformat.reads(released[name], 4)
    nbformat.validate(notebook)
    marks = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    assert {mark["grade_id"] for mark in marks} == Assignment(name).grade_ids
    assert not any(cell.get("outputs") for cell in notebook.cells)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            stub = "YOUR CODE HERE" if cell.cell_type == "code" else "YOUR ANSWER HERE"
            assert stub in cell.source


def test_template_repository_says_which_examples_hold(tmp_path, capsys):
    name = NAMES[0]
    assert command.main(["template", name, "--out", str(tmp_path)]) == 0
    assert "/archive/refs/heads/" in (tmp_path / "requirements.txt").read_text(encoding="utf-8")
    assert (tmp_path / ".github" / "workflows" / "check.yml").exists()
    blank = tmp_path / f"{name}.ipynb"
    run = [sys.executable, tmp_path / "check.py"]
    first = subprocess.run(run, capture_output=True, text=True, check=False)
    assert first.returncode == 1
    assert "✗" in first.stdout
    assert "✓" not in first.stdout
    notebook = Assignment(name).notebook
    for cell in notebook.cells:
        cell.source = cell.source.split("### BEGIN HIDDEN TESTS")[0]
    nbformat.write(notebook, blank)
    second = subprocess.run(run, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stdout
    assert "✗" not in second.stdout


@each_assignment
def test_solutions_earn_full_marks_and_execution_changes_nothing(name, monkeypatch):
    path = coursework.source(name)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    executed = execute.execute(path)
    before = path.read_text(encoding="utf-8")
    for cell in executed.cells:
        marks = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and marks.get("grade"):
            assert float(cell.outputs[0].data["text/plain"]) == marks["points"]
    for cell in execute.read(path).cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            assert output.get("name") != "stderr"
    if not reference.differences():
        assert execute.text(executed) == before


def test_coursework_is_no_part_of_the_packages_and_the_site():
    tracked = subprocess.run(
        ["git", "ls-files", "lossfns", "losslab"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    for path in tracked:
        if path.endswith(".py"):
            assert "coursework" not in (ROOT / path).read_text(encoding="utf-8"), path
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    assert "only_build_toc_files: true" in config
    assert "coursework/" not in (ROOT / "_toc.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "loss",
    [
        "log.?cosh",
        "expectile",
        "poisson deviance",
        "biweight",
        "modified huber",
        "symmetric cross.entropy",
        "r[eé]nyi",
        "infonce",
    ],
)
def test_reserved_losses_are_used_in_an_assignment_and_in_no_chapter(loss):
    chapters = [*ROOT.glob("chapters/*.ipynb"), *ROOT.glob("chapters/*.md")]
    for path in chapters:
        if path.stem != "instructor-guide":
            assert not re.search(loss, path.read_text(encoding="utf-8"), re.IGNORECASE), path
    assignments = ROOT.glob("coursework/source/*/*.ipynb")
    texts = (path.read_text(encoding="utf-8") for path in assignments)
    assert any(re.search(loss, text, re.IGNORECASE) for text in texts)
