"""The package seen from outside: names, signatures, sources, documentation."""

import doctest
import importlib
import inspect
import pickle
import subprocess
import sys

import numpy as np
import pytest
from losses import CASES, every_case, every_loss

import lossfns

NAMES = [
    "mean_squared_error",
    "mean_absolute_error",
    "cross_entropy",
    "binary_cross_entropy",
    "hinge",
    "huber",
    "kl_divergence",
    "cosine_similarity_loss",
]
EXTRA = {
    "cross_entropy": {"from_logits": False},
    "binary_cross_entropy": {"from_logits": False},
    "kl_divergence": {"from_logits": False},
    "huber": {"delta": 1.0},
}


def test_losses_are_listed_in_the_order_of_the_course():
    assert list(lossfns.LOSSES) == NAMES
    assert all(lossfns.LOSSES[name] is getattr(lossfns, name) for name in NAMES)


def test_every_loss_has_a_test_file_and_is_in_the_list_of_cases():
    assert {case.loss.__name__ for case in CASES} == set(NAMES)


def test_all_names_what_is_public():
    expected = {*NAMES, *(f"{name}_grad" for name in NAMES), "LOSSES", "check_gradient"}
    assert set(lossfns.__all__) == expected
    assert all(hasattr(lossfns, name) for name in expected)


@every_loss
def test_gradient_is_an_attribute_and_a_public_function(loss):
    assert loss.grad is getattr(lossfns, f"{loss.__name__}_grad")


@every_loss
def test_signature_shows_every_argument(loss):
    for function in (loss, loss.grad):
        parameters = inspect.signature(function).parameters
        assert list(parameters)[:2] == ["y_true", "y_pred"]
        keywords = {n: p.default for n, p in parameters.items() if p.kind is p.KEYWORD_ONLY}
        expected = EXTRA.get(loss.__name__, {}) | {"reduction": "mean", "sample_weight": None}
        assert keywords == expected
        assert len(parameters) == 2 + len(expected)


@every_loss
def test_arguments_may_be_passed_by_name_and_options_only_so(loss):
    case = next(c for c in CASES if c.loss is loss)
    y_true, y_pred = case.draw()
    for function in (loss, loss.grad):
        by_name = function(y_pred=y_pred, y_true=y_true)
        np.testing.assert_array_equal(by_name, function(y_true, y_pred))
        with pytest.raises(TypeError):
            function(y_true, y_pred, "mean")
        with pytest.raises(TypeError, match="weights"):
            function(y_true, y_pred, weights=None)
        with pytest.raises(TypeError, match="y_pred"):
            function(y_true)


@every_loss
def test_functions_are_real_functions_of_their_module(loss):
    for function, name in ((loss, loss.__name__), (loss.grad, f"{loss.__name__}_grad")):
        assert inspect.isfunction(function)
        assert function.__name__ == function.__qualname__ == name
        module = importlib.import_module(f"lossfns.{loss.__name__}")
        assert function.__module__ == module.__name__
        assert getattr(module, name) is function


@every_loss
def test_source_shows_the_formula(loss):
    for function in (loss, loss.grad):
        source = inspect.getsource(function)
        assert f"def {function.__name__}(y_true, y_pred" in source
        assert "return" in source
        assert inspect.getsourcefile(inspect.unwrap(function)).endswith(f"{loss.__name__}.py")


@every_case
def test_pickles(case):
    for function in (case.loss, case.loss.grad):
        assert pickle.loads(pickle.dumps(function)) is function


@every_loss
def test_docstrings_are_in_numpy_style(loss):
    document = inspect.getdoc(loss)
    for section in ("Parameters", "Returns", "Raises", "References", "Examples"):
        assert f"\n{section}\n{'-' * len(section)}\n" in document
    for parameter in inspect.signature(loss).parameters:
        assert parameter in document
    assert inspect.getdoc(loss.grad)


@every_loss
def test_every_function_has_an_example(loss):
    for function in (loss, loss.grad):
        assert doctest.DocTestParser().get_examples(function.__doc__)


def test_import_needs_numpy_alone():
    others = "{'scipy', 'sklearn', 'matplotlib', 'IPython', 'losslab'}"
    code = f"import sys, lossfns; print({others} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
