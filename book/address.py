"""The repository's address, in the places that cannot read it: ``python -m book.address``.

``_config.yml`` holds the address and its branch, and the site reads them there. The cell that
installs the packages on Google Colab and ``CITATION.cff`` are files of their own: this command
copies the address into them. A fork gives its own: ``python -m book.address URL [BRANCH]``.
"""

import argparse
import re
import sys

import nbformat
import yaml

from book import ROOT, notebooks, text

COLAB = """\
# @title Google Colab: install the packages of the course. Elsewhere this cell does nothing.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet --no-deps {url}/archive/refs/heads/{branch}.zip"""
COLAB_ID = "colab"
COLAB_METADATA = {
    "cellView": "form",
    "jupyter": {"source_hidden": True},
    "tags": ["remove-cell"],
}


def address():
    """Return the address and the branch that ``_config.yml`` holds."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    return config["repository"]["url"].rstrip("/"), config["repository"]["branch"]


def with_colab_cell(notebook):
    """Return the notebook with the cell for Colab, as it should be, before its first code cell."""
    url, branch = address()
    cell = nbformat.v4.new_code_cell(COLAB.format(url=url, branch=branch), id=COLAB_ID)
    cell.metadata = nbformat.from_dict(COLAB_METADATA)
    for number, found in enumerate(notebook.cells):
        if found.get("id") == COLAB_ID:
            cell.execution_count = found.execution_count
            notebook.cells[number] = cell
            return notebook
    code = (number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(next(code, len(notebook.cells)), cell)
    return notebook


def copies():
    """Yield each file that holds a copy of the address, with the text it should have."""
    url, _ = address()
    citation = ROOT / "CITATION.cff"
    cited = citation.read_text(encoding="utf-8")
    yield citation, re.sub(r"(?m)^(repository-code:) .*$", rf"\1 {url}", cited)
    for path in notebooks():
        notebook = with_colab_cell(nbformat.read(path, as_version=4))
        yield path, text(notebook)


def configure(url, branch):
    """Write the address of a fork into ``_config.yml``."""
    if not re.fullmatch(r"https://[\w.-]+/[\w./-]+?[^/]", url):
        raise ValueError(f"expected an address like https://github.com/owner/name, found {url!r}")
    path = ROOT / "_config.yml"
    config = path.read_text(encoding="utf-8")
    config = re.sub(
        r"(?m)^(repository:\n  url:) .*\n  branch: .*$", rf"\1 {url}\n  branch: {branch}", config
    )
    path.write_text(config, encoding="utf-8", newline="\n")


def main(arguments=None):
    """Copy the address to where it cannot be read, after setting it if one is given."""
    parser = argparse.ArgumentParser(prog="python -m book.address", description=__doc__)
    parser.add_argument("url", nargs="?", help="the fork's address; default: as in _config.yml")
    parser.add_argument("branch", nargs="?", default="main", help="its main branch")
    options = parser.parse_args(arguments)
    if options.url:
        try:
            configure(options.url.removesuffix(".git").rstrip("/"), options.branch)
        except ValueError as error:
            parser.error(str(error))
    for path, wanted in copies():
        if path.read_text(encoding="utf-8") != wanted:
            path.write_text(wanted, encoding="utf-8", newline="\n")
            print(f"rewritten  {path.relative_to(ROOT)}")
    print("The repository is {}, branch {}".format(*address()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
