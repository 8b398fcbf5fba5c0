"""Every row of the Rosetta table, run in the library that it names."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from packaging.requirements import Requirement

import lossfns
from book import ROOT, reference
from losslab import rosetta
from losslab.rosetta import LIBRARIES, ROWS

PEERS = ROOT / ".venv-peers"
WINDOWS = os.name == "nt"
PREDICTION = {"input", "predictions", "predictor_outputs", "logits", "log_predictions", "y_pred"}
TRUTH = {"y_true", "x1"}  # x1: the first of a ufunc of SciPy, nameless before NumPy 2.4
OTHER_NUMPY = any(text.startswith("numpy ") for text in reference.differences())

# What the table says in its notes: true in the library named, or the note goes.
NOTES = [
    ("NumPy", "overflows from z = 710 on", "np.exp(709.0) < np.exp(710.0) == np.inf"),
    ("NumPy", "loses the digits of a tiny loss", "np.logaddexp(0, 50.0) - 50.0 == 0"),
    ("NumPy", "nan where p = 0", "np.isnan(0 * np.log(np.float64(0) / 0.5))"),
    ("scikit-learn", "C = 1 by default: a penalty is on", "LogisticRegression().C == 1"),
    (
        "scikit-learn",
        "the default loss of SGDClassifier",
        "SGDClassifier().loss == 'hinge'",
    ),
    (
        "scikit-learn",
        "no metric; the epsilon of HuberRegressor has no unit",
        "abs(huber_slope(100) / huber_slope(1) - 100) < 1e-3",
    ),
    (
        "scikit-learn",
        "has none; this is SciPy",
        "not any('kl' in n.lower() or 'divergence' in n for n in dir(metrics))",
    ),
    (
        "PyTorch",
        "has no name of its own",
        "[n for n in dir(F) if 'hinge' in n] == ['hinge_embedding_loss']",
    ),
    (
        "PyTorch",
        "made for distances",
        "F.hinge_embedding_loss(torch.tensor([0.3]), torch.tensor([1.])) == 0.3",
    ),
    (
        "PyTorch",
        "target −1 pushes a pair apart",
        "F.cosine_embedding_loss(torch.ones(1, 2), torch.ones(1, 2), -torch.ones(1)) > 0.999",
    ),
    (
        "Keras",
        "the default: logits need from_logits=True",
        "losses.CategoricalCrossentropy().get_config()['from_logits'] is False",
    ),
    (
        "Keras",
        "the default expects probabilities and clips logits in silence",
        "0 < float(losses.BinaryCrossentropy()([0.], [5.])) < 16.2",
    ),
    (
        "Keras",
        "turns labels 0 into −1",
        "float(losses.Hinge()([0., 1.], [.5, .5])) == float(losses.Hinge()([-1., 1.], [.5, .5]))",
    ),
    (
        "Keras",
        "clips at 1e-7",
        "abs(float(losses.KLDivergence()([[1., 0.]], [[0., 1.]])) - 7 * 2.302585) < .01 * 16",
    ),
    (
        "Keras",
        "negative for similar vectors",
        "float(losses.CosineSimilarity()([[1., 2.]], [[1., 2.]])) < -0.999",
    ),
    (
        "optax",
        "takes labels 0 as they are, weightless",
        "optax.hinge_loss(jnp.array(-7.), jnp.array(0.)) == 1",
    ),
    ("optax", "has no name of its own", "not any('abs' in name for name in dir(optax.losses))"),
]

LABELS = np.array([0, 2, 1, 1, 0])
ONEHOT = np.eye(3)[LABELS]


def _softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


@cache
def arrays():
    """Inputs of each loss; no two are equal, so that swapped arguments show."""
    rng = np.random.default_rng(9)
    y_true, y_pred = 4 * rng.normal(size=(2, 5))
    z, other = rng.normal(size=(2, 5, 3))
    score = 2 * rng.normal(size=6)
    outcome = np.array([1.0, 0, 0, 1, 1, 0])
    a, b = rng.normal(size=(2, 5, 3))
    numbers = {"y_true": y_true, "y_pred": y_pred}
    return {
        "mean_squared_error": numbers,
        "mean_absolute_error": numbers,
        "huber": numbers,
        "cross_entropy": {"labels": LABELS, "onehot": ONEHOT, "z": z, "p": _softmax(z)},
        "binary_cross_entropy": {"y_true": outcome, "z": score, "p": 1 / (1 + np.exp(-score))},
        "hinge": {"y_true": 2 * outcome - 1, "z": score},
        "kl_divergence": {"p": _softmax(z), "q": _softmax(other), "labels": LABELS},
        "cosine_similarity_loss": {"y_true": a, "y_pred": b},
    }


def expected(loss, *, gradient_at_zero=False):
    """What `lossfns` gives for each example, or its derivative where the prediction is 0."""
    given = arrays()[loss]
    function = getattr(lossfns, loss)
    truth = next(given[name] for name in ("onehot", "y_true", "p") if name in given)
    prediction = next(given[name] for name in ("q", "y_pred", "z") if name in given)
    options = {"delta": 2.0} if loss == "huber" else {}
    if loss in {"cross_entropy", "binary_cross_entropy"}:
        options["from_logits"] = True
    if gradient_at_zero:
        return function.grad(truth, np.zeros_like(prediction), reduction="none", **options)
    return function(truth, prediction, reduction="none", **options)


def reduced(row):
    """The value that the row promises."""
    if row.reduction == "one step":
        return row.scale * expected(row.loss, gradient_at_zero=True)
    if row.reduction.startswith("sum, and"):
        return np.zeros(9)  # nothing is left of the gradient: LogisticRegression has settled
    each = row.scale * expected(row.loss) + row.shift
    return {
        "none": each,
        "mean": each.mean(),
        "mean, also over classes": each.mean() / 3,
    }[row.reduction]


def python_of(library):
    """The interpreter that has the library, or why there is none."""
    if not LIBRARIES[library].has_peers_environment:
        return Path(sys.executable)
    return PEERS / ("Scripts/python.exe" if WINDOWS else "bin/python")


def _fails(python, code):
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode != 0


@cache
def answers(library):
    """Version of a library, what its calls give, and which notes hold; None if not installed."""
    python, about = python_of(library), LIBRARIES[library]
    probe = f"import importlib.metadata as m; m.version({about.distribution!r})"
    if not python.exists() or _fails(python, probe):
        return None
    calls = [row for row in ROWS if row.library == library]
    question = {
        "distribution": about.distribution,
        "imports": about.imports,
        "arrays": {
            loss: {name: values.tolist() for name, values in given.items()}
            for loss, given in arrays().items()
        },
        "calls": [vars(row) for row in calls],
        "notes": [claim for name, _, claim in NOTES if name == library],
    }
    child = subprocess.run(
        [python, Path(__file__).with_name("peer.py")],
        input=json.dumps(question), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    answer = json.loads(child.stdout)
    return (
        answer["version"],
        dict(zip(calls, answer["answers"], strict=True)),
        dict(zip(question["notes"], answer["notes"], strict=True)),
    )


def installed(library):
    """What `answers` gives, or an end to the test that nobody can mistake for a pass."""
    found = answers(library)
    if found is None:
        message = f"NOT CHECKED: {library} is not installed in {PEERS.name}; make peers installs it"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.library}: {row.call}")
def test_row(row):
    answer = installed(row.library)[1][row]
    value = np.array(answer["value"])
    if row.lookalike:
        assert not np.allclose(value, np.mean(expected(row.loss)), rtol=1e-3)
        return
    promised = reduced(row)
    assert value.shape == np.shape(promised)
    np.testing.assert_allclose(value, promised, rtol=2e-5, atol=1e-4 if not promised.any() else 0)
    if row.first == "prediction":
        assert answer["first"] in PREDICTION
    if row.first == "truth":
        assert answer["first"] in TRUTH or (OTHER_NUMPY and answer["first"] in {None, "args"})


@pytest.mark.parametrize(("library", "note", "claim"), NOTES, ids=lambda text: text[:40])
def test_note(library, note, claim):
    assert installed(library)[2][claim]


def test_every_note_that_can_be_run_is_run():
    advice = {"δ = 2 in this table", "never softmax first", "C times too small; warns"}
    assert {row.note for row in ROWS} - advice - {""} == {note for _, note, _ in NOTES}


@pytest.mark.parametrize("library", LIBRARIES)
def test_version_is_the_one_on_the_page(library):
    found = installed(library)[0].split("+")[0]
    assert found == LIBRARIES[library].version or OTHER_NUMPY  # then others differ, too


def test_versions_are_pinned():
    pins = {}
    for name in ("requirements.txt", "requirements-peers.txt"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        for pin in (Requirement(line) for line in lines if line and not line.startswith("#")):
            pins[pin.name] = next(iter(pin.specifier)).version
    for about in LIBRARIES.values():
        if about.distribution != "lossfns":
            assert pins[about.distribution] == about.version, f"{about.distribution}: make peers"


def test_every_loss_is_there_in_every_library():
    found = {(row.loss, row.library) for row in ROWS}
    assert found == {(loss, library) for loss in lossfns.LOSSES for library in LIBRARIES}


def test_losses_are_in_the_order_of_the_course():
    assert list(rosetta.LOSS_NAMES) == list(lossfns.LOSSES)


def test_table_shows_every_call_of_the_loss():
    html = rosetta.table("huber")
    assert html.count("<tr") == 1 + sum(row.loss == "huber" for row in ROWS)
    assert "F.smooth_l1_loss(y_pred, y_true, beta=2.0)" in html.replace("<wbr>", "")


def test_an_unknown_loss_is_named():
    with pytest.raises(ValueError, match="cubed_error"):
        rosetta.table("cubed_error")
