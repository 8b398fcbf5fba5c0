"""Whether somebody sits in front of the notebook and can move a widget."""

import importlib.util
import os
import sys

import IPython

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
OVERRIDE = "LOSSLAB_LIVE"


def is_live():
    """Whether somebody can move a widget here.

    A kernel alone proves nothing: book builds and tests have kernels too. Jupyter's server names
    the session of each kernel it starts (JupyterLab, Notebook 7, Binder); Colab and VS Code leave
    marks of their own. The environment variable LOSSLAB_LIVE, 1 or 0, decides otherwise.
    """
    forced = os.environ.get(OVERRIDE)
    if forced not in (None, "", "0", "1"):
        raise ValueError(f"the environment variable {OVERRIDE} must be 1 or 0, found {forced!r}")
    if forced:
        return forced == "1"
    if importlib.util.find_spec("ipywidgets") is None or "ipykernel" not in sys.modules:
        return False
    shell = IPython.get_ipython()
    return getattr(shell, "kernel", None) is not None and (
        "JPY_SESSION_NAME" in os.environ
        or "google.colab" in sys.modules
        or "__vsc_ipynb_file__" in shell.user_ns
    )
