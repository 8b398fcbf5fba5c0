"""Everything is tested in the reference environment, and notebooks as strictly as it allows."""

import matplotlib as mpl
import pytest
from nbval.plugin import IPyNbFile

from book import ROOT, reference

reference.activate()
mpl.use("agg")


def pytest_configure(config):
    """Compare the notebooks' outputs on the reference platform; elsewhere only execute them."""
    if reference.differences():
        config.option.nbval, config.option.nbval_lax = False, True


def pytest_report_header():
    differences = reference.differences()
    how = "not compared" if differences else "compared (reference platform)"
    lines = [f"notebooks: executed, outputs {how}", *(f"  {line}" for line in differences)]
    if not (ROOT / ".venv-peers").exists():
        lines.append("Rosetta table: NOT CHECKED against PyTorch, Keras, optax (make peers)")
    return lines


def pytest_collection_modifyitems(items):
    """Begin with the pages, which take longest and need one worker: the others work beside it.

    And compare pictures too, which nbval would leave out.
    """
    items.sort(key=lambda item: item.path.name != "test_site.py")
    for notebook in {item.parent for item in items if isinstance(item.parent, IPyNbFile)}:
        notebook.skip_compare = tuple(x for x in notebook.skip_compare if x != "image/png")


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session):
    """Let the tests alone count for the coverage of lossfns: nbval would add the notebooks."""
    session.config.option.cov_source = []
