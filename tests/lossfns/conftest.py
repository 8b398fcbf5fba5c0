"""Hypothesis profiles, and a floor under every test: no floating-point flag ever leaks."""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("course", derandomize=True, max_examples=20, **COMMON)
settings.register_profile(
    "fuzz",
    derandomize=False,  # as Hypothesis would otherwise do where CI is set
    max_examples=int(os.environ.get("FUZZ_EXAMPLES", "1500")),
    print_blob=True,
    **COMMON,
)


def pytest_configure(config):
    if not config.getoption("--hypothesis-profile", None):
        settings.load_profile("course")


@pytest.fixture(autouse=True)
def nothing_leaks():
    """Warnings are errors by configuration; these would be silent where a caller silences them."""
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield
