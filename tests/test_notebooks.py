"""What is committed of a notebook; nbval executes them and compares the outputs."""

import nbformat
import pytest
from bs4 import BeautifulSoup

from book import execute, notebooks, reference
from book.execute import NotebookError

every_notebook = pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)


def outputs(path):
    for cell in execute.read(path).cells:
        for output in cell.get("outputs", []):
            yield cell.id, output


@every_notebook
def test_file_is_what_execution_would_write(path):
    nbformat.validate(execute.read(path))
    assert path.read_text(encoding="utf-8") == execute.text(execute.normalise(execute.read(path)))


@every_notebook
def test_executed_from_top_to_bottom(path):
    code = [cell for cell in execute.read(path).cells if cell.cell_type == "code" and cell.source]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


@every_notebook
def test_no_warning_and_no_error_in_an_output(path):
    for cell, output in outputs(path):
        assert output.get("name") != "stderr", f"{cell}: {output.text}"
        assert output.output_type != "error", f"{cell}: {output.evalue}"


@every_notebook
def test_every_picture_says_what_is_to_be_seen(path):
    for cell, output in outputs(path):
        data = output.get("data", {})
        if not any(mime.startswith("image/") for mime in data):
            continue
        assert "text/html" in data, f"{cell}: draw it with losslab.show(figure, alt=…)"
        pictures = BeautifulSoup(data["text/html"], "html.parser").find_all("img")
        assert pictures, f"{cell}: no <img> in the output"
        for picture in pictures:
            assert len(picture.get("alt", "").split()) >= 4, f"{cell}: alt={picture.get('alt')!r}"


@every_notebook
def test_loads_quickly(path):
    assert path.stat().st_size <= 1_000_000


def notebook(path, *sources):
    cells = [nbformat.v4.new_code_cell(source, id=f"c-{n}") for n, source in enumerate(sources)]
    path.write_text(execute.text(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return path


def test_execution_changes_no_byte_the_second_time(tmp_path, capsys):
    path = notebook(tmp_path / "a.ipynb", "import numpy as np", "print(np.exp(1.5))")
    assert execute.main([str(path)]) == 0
    first = path.read_bytes()
    assert b"4.48168907033806" in first
    assert execute.main([str(path)]) == 0
    assert path.read_bytes() == first
    assert "rewritten" in (out := capsys.readouterr().out)
    assert out.rstrip().endswith(f"unchanged  {path}")


def test_kernel_has_the_reference_environment(tmp_path):
    path = notebook(
        tmp_path / "a.ipynb",
        "import os\nprint(os.environ['OMP_NUM_THREADS'], os.environ['PYTHONHASHSEED'])",
        "import numpy as np\nfound = np.show_config(mode='dicts')['SIMD Extensions']['found']\n"
        "print([name for name in found if 'AVX512' in name or name == 'X86_V4'])",
        "import threadpoolctl\nprint(threadpoolctl.threadpool_info()[0]['architecture'])",
    )
    executed = execute.execute(path)
    printed = [cell.outputs[0].text for cell in executed.cells]
    assert printed[:2] == ["1 0\n", "[]\n"]
    assert printed[2] == "Haswell\n" or reference.differences()


def test_a_failure_is_one_line_that_says_where(tmp_path, capsys):
    path = notebook(tmp_path / "a.ipynb", "x = 1", "x / 0")
    before = path.read_bytes()
    with pytest.raises(NotebookError, match=r"a\.ipynb, cell 2 \(c-1\): ZeroDivisionError: div"):
        execute.execute(path)
    assert execute.main([str(path)]) == 1
    assert path.read_bytes() == before
    assert capsys.readouterr().err.count("\n") == 1


def test_normalise_removes_what_is_of_the_machine():
    output = nbformat.v4.new_output(
        "display_data",
        data={"application/vnd.jupyter.widget-view+json": {"model_id": "0"}, "text/plain": "a"},
    )
    metadata = {"tags": ["hide-input"], "execution": {"iopub.busy": "2026"}, "scrolled": True}
    cell = nbformat.v4.new_code_cell(id="c-0", metadata=metadata, outputs=[output])
    state = {"widgets": {}, "language_info": {"name": "python", "version": "3.11.7"}}
    cleaned = execute.normalise(nbformat.v4.new_notebook(cells=[cell], metadata=state))
    assert cleaned.metadata == execute.NOTEBOOK_METADATA
    assert cleaned.cells[0].metadata == {"tags": ["hide-input"]}
    assert cleaned.cells[0].outputs[0].data == {"text/plain": "a"}
    assert cleaned.cells[0].id == "c-0"


def test_every_chapter_has_its_practice():
    names = {path.stem for path in notebooks() if path.stem[0].isdigit()}
    practices = {name for name in names if name.endswith("-practice")}
    assert {f"{name}-practice" for name in names - practices} == practices
