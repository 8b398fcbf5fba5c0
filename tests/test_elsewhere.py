"""Where else the course runs: Binder, Colab, JupyterHub, a container, GitHub's workflows."""

import json
import os
import re
import shlex
import subprocess
import sys

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement

from book import ROOT, address, notebooks

URL, BRANCH = address.address()
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


# --- The address --------------------------------------------------------------------------------


def test_copies_of_the_address_are_as_the_command_writes_them():
    for path, text in address.copies():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: make address"


def test_the_address_stands_nowhere_else():
    found = run("git", "grep", "--files-with-matches", "--fixed-strings", URL).stdout.splitlines()
    allowed = {"_config.yml", *(path.relative_to(ROOT).as_posix() for path, _ in address.copies())}
    assert set(found) <= allowed


@pytest.fixture
def fork(tmp_path, monkeypatch):
    """A copy of the files that hold the address, with one notebook."""
    for name in ("_config.yml", "CITATION.cff"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title", id="t"),
            nbformat.v4.new_code_cell("import losslab", id="a", execution_count=2),
        ]
    )
    nbformat.write(notebook, tmp_path / "a.ipynb")
    monkeypatch.setattr(address, "ROOT", tmp_path)
    monkeypatch.setattr(address, "notebooks", lambda: [tmp_path / "a.ipynb"])
    return tmp_path


def test_a_fork_gives_its_address_once(fork):
    assert address.main(["https://github.com/them/fork.git", "trunk"]) == 0
    assert address.address() == ("https://github.com/them/fork", "trunk")
    citation = (fork / "CITATION.cff").read_text(encoding="utf-8")
    assert "\nrepository-code: https://github.com/them/fork\n" in citation
    cells = nbformat.read(fork / "a.ipynb", as_version=4).cells
    assert [cell.id for cell in cells] == ["t", "colab", "a"]
    assert "https://github.com/them/fork/archive/refs/heads/trunk.zip" in cells[1].source
    first = (fork / "a.ipynb").read_bytes()
    assert address.main([]) == 0
    assert (fork / "a.ipynb").read_bytes() == first


def test_an_address_that_is_none_is_refused(fork, capsys):
    before = (fork / "_config.yml").read_bytes()
    with pytest.raises(SystemExit):
        address.main(["them/fork"])
    assert "expected an address like https://github.com/owner/name" in capsys.readouterr().err
    assert (fork / "_config.yml").read_bytes() == before


# --- Colab --------------------------------------------------------------------------------------


@pytest.mark.parametrize("on_colab", [True, False])
def test_the_colab_cell_installs_on_colab_only(on_colab, monkeypatch):
    called = []
    monkeypatch.delitem(sys.modules, "google.colab", raising=False)
    if on_colab:
        monkeypatch.setitem(sys.modules, "google.colab", object())
    source = re.sub(r"(?m)^( *)%(.*)$", r"\1called.append('%\2')", address.COLAB)
    exec(source.format(url="u", branch="b"), {"called": called})
    assert called == ["%pip install --quiet --no-deps u/archive/refs/heads/b.zip"] * on_colab


def test_the_colab_cell_comes_before_all_code():
    for path in notebooks():
        code = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
        assert [c.id for c in code].index(address.COLAB_ID) == 0, path.name


# --- Binder -------------------------------------------------------------------------------------


def pins(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {pin.name: str(pin.specifier) for pin in found}


@pytest.fixture
def binder(monkeypatch):
    if sys.platform == "win32":
        pytest.skip("repo2docker does not run on Windows")
    from repo2docker.buildpacks import PythonBuildPack  # noqa: PLC0415

    monkeypatch.chdir(ROOT)
    pack = PythonBuildPack("image")
    assert pack.detect()
    return pack


def test_binder_takes_the_python_of_the_reference(binder):
    assert binder.binder_dir == ".binder"
    assert binder.python_version.startswith("3.11")


def test_binder_installs_the_pins_of_the_course(binder):
    scripts = "\n".join(script for _, script in binder.get_preassemble_scripts())
    assert '-r ".binder/requirements.txt"' in scripts
    assert binder.get_post_build_scripts() == [".binder/postBuild"]
    assert os.access(ROOT / ".binder" / "postBuild", os.X_OK)
    small, all_ = pins(ROOT / ".binder" / "requirements.txt"), pins(ROOT / "requirements.txt")
    assert small.items() <= all_.items(), "make requirements"
    assert {"numpy", "matplotlib", "ipywidgets"} <= set(small)
    assert not {"sphinx", "jupyter-book", "nbgrader", "scipy"} & set(small)


def test_binder_needs_no_cached_layer_again_for_a_changed_chapter(binder):
    # A requirement of the repository itself would reinstall everything at each commit.
    text = (ROOT / ".binder" / "requirements.txt").read_text(encoding="utf-8")
    assert not re.search(r"(?m)^(-e|-r|\.)", text)
    assert set(binder.get_preassemble_script_files()) >= {".binder/requirements.txt"}


# --- A container --------------------------------------------------------------------------------


def test_the_container_is_prepared_by_a_script_that_is_there():
    config = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    script = ROOT / config["postCreateCommand"]
    assert os.access(script, os.X_OK)
    assert run("bash", "-n", str(script)).returncode == 0


# --- GitHub's workflows -------------------------------------------------------------------------


def steps(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_workflows_fit_their_schema():
    for schema, files in (
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
    ):
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
        checked = run(*command, *map(str, files))
        assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(path):
    lines = [line for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert len(lines) == sum("uses" in step for step in steps(path))
    for line in lines:
        assert re.search(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+(\.\d+)*$", line), line


def test_workflows_call_the_commands_of_the_makefile():
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text("utf-8")))
    commands = [
        shlex.split(line)
        for path in WORKFLOWS
        for step in steps(path)
        for line in step.get("run", "").splitlines()
        if line.startswith("make ")
    ]
    called = {command[1] for command in commands}
    assert {"test", "book"} <= called <= targets


def test_every_platform_and_python_is_tested():
    matrix = yaml.safe_load((WORKFLOWS[0].parent / "test.yml").read_text("utf-8"))
    matrix = matrix["jobs"]["test"]["strategy"]["matrix"]
    assert set(matrix["os"]) == {"ubuntu", "macos", "windows"}
    assert matrix["python"][0] == "3.11"
    assert matrix["dependencies"] == ["newest"]
    oldest = [job for job in matrix["include"] if job["dependencies"] == "oldest"]
    assert {job["os"] for job in oldest} == set(matrix["os"])
    assert {job["python"] for job in oldest} == {"3.11"}


def test_the_weekly_run_reports_what_failed():
    weekly = yaml.safe_load((WORKFLOWS[0].parent / "weekly.yml").read_text("utf-8"))
    report = weekly["jobs"].pop("report")
    assert report["if"] == "failure()"
    assert set(report["needs"]) == set(weekly["jobs"])
    assert report["permissions"] == {"issues": "write"}
