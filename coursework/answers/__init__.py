"""Answers to the exercises, for the tests: right ones written differently, and wrong ones.

One module an assignment, with two dictionaries: ``RIGHT[task]`` lists functions that must earn
full marks, ``WRONG[task]`` pairs of a function and words that the feedback must contain.
"""

import functools
import importlib

import numpy as np


def load(name):
    """Import the answers to an assignment."""
    return importlib.import_module(f"{__name__}.{name}")


def careful(function):
    """Let a one-line formula refuse unequal shapes and compute in float64.

    What is left to be wrong about it is then the formula alone.
    """

    @functools.wraps(function)
    def careful_function(y_true, y_pred, **options):
        if np.shape(y_true) != np.shape(y_pred):
            raise ValueError(f"y_true has shape {np.shape(y_true)}, y_pred {np.shape(y_pred)}")
        return function(np.asarray(y_true, float), np.asarray(y_pred, float), **options)

    return careful_function
