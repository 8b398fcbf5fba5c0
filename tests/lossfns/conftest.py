"""Hypothesis profiles, and a floor under every test: no warning ever leaks."""

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("course", derandomize=True, max_examples=20, **COMMON)
settings.register_profile("fuzz", max_examples=20_000, print_blob=True, **COMMON)


def pytest_configure(config):
    if not config.getoption("--hypothesis-profile", None):
        settings.load_profile("course")


@pytest.fixture(autouse=True)
def nothing_leaks():
    """Every warning is an error."""
    with np.errstate(divide="raise", over="raise", invalid="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
