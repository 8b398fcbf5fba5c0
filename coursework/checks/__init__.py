"""Hidden checks, one module an assignment: ``load("a6_log_cosh").TASKS``."""

import importlib


def load(name):
    """Import the hidden checks of an assignment."""
    return importlib.import_module(f"{__name__}.{name}")
