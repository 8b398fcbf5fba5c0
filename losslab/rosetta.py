"""Each loss in the reader's own library: the calls that the book prints and the tests run.

`ROWS` is the one list. `show` renders it as HTML, and ``tests/losslab/test_rosetta.py`` executes
every call, word by word, in the library that it names.
"""

import re
from dataclasses import dataclass
from html import escape

from IPython.display import display

__all__ = ["LIBRARIES", "LOSS_NAMES", "ROWS", "Library", "Row", "sheet", "show", "table"]


@dataclass(frozen=True, kw_only=True)
class Library:
    """A library: its version that was checked, and the imports that the calls take for granted."""

    distribution: str
    version: str
    imports: str
    has_peers_environment: bool = False


LIBRARIES = {
    "NumPy": Library(distribution="numpy", version="2.4.6", imports="import numpy as np"),
    "lossfns": Library(distribution="lossfns", version="0.1.0", imports="import lossfns"),
    "scikit-learn": Library(
        distribution="scikit-learn",
        version="1.9.1",
        imports=(
            "from scipy import special\n"
            "from sklearn import metrics\n"
            "from sklearn.linear_model import LogisticRegression, SGDClassifier, SGDRegressor"
        ),
    ),
    "PyTorch": Library(
        distribution="torch",
        version="2.13.0",
        imports="import torch\nfrom torch.nn import functional as F",
        has_peers_environment=True,
    ),
    "Keras": Library(
        distribution="keras",
        version="3.15.1",
        imports="from keras import losses",
        has_peers_environment=True,
    ),
    "optax": Library(
        distribution="optax",
        version="0.2.8",
        imports="import jax.numpy as jnp\nimport optax",
        has_peers_environment=True,
    ),
}

LOSS_NAMES = {
    "mean_squared_error": "Mean squared error 🟦",
    "mean_absolute_error": "Mean absolute error 📏",
    "cross_entropy": "Cross-entropy 📊",
    "binary_cross_entropy": "Binary cross-entropy ✅❌",
    "hinge": "Hinge loss 📐",
    "huber": "Huber loss ⚖️",
    "kl_divergence": "Kullback–Leibler divergence 📈",
    "cosine_similarity_loss": "Cosine similarity loss 🧭",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One call, and what a reader must know about it.

    Parameters
    ----------
    loss : str
        Name of the function in `lossfns`.
    library : str
        A key of `LIBRARIES`.
    call : str
        A Python expression over the library's imports and the variables y_true, y_pred (in the
        losses of probabilities also p, z, labels, onehot and q); or an estimator to be fitted.
    first : {"truth", "prediction", "–"}
        What the first argument is.
    one : str
        The loss of one example, with the factor in front: ``"½ r²"``.
    scale, shift : float
        The same for the tests: ``scale · (loss in lossfns) + shift``.
    reduction : {"mean", "none", "mean, also over classes", "one step", "sum, and ½‖w‖²/C"}
        By default. The last two are how estimators train.
    takes : str
        What a prediction has to be.
    note : str
        A trap.
    lookalike : bool
        The call looks like this loss and is another: the tests ask that the value differs.
    """

    loss: str
    library: str
    call: str
    first: str
    one: str
    reduction: str = "mean"
    takes: str = ""
    scale: float = 1.0
    shift: float = 0.0
    note: str = ""
    lookalike: bool = False


def _rows(loss, takes, one, *rows):
    """Rows of one loss, with what most of them share."""
    common = {"loss": loss, "takes": takes, "one": one}
    return [Row(**(common | row)) for row in rows]


def _row(library, first, call, **rest):
    return {"library": library, "first": first, "call": call} | rest


# Columns that are the same in all calls of a library.
_STEP = {"reduction": "one step"}
_NONE = {"reduction": "none"}

ROWS = [
    *_rows(
        "mean_squared_error",
        "numbers",
        "r²",
        _row("NumPy", "–", "np.mean((y_pred - y_true) ** 2)"),
        _row("lossfns", "truth", "lossfns.mean_squared_error(y_true, y_pred)"),
        _row("scikit-learn", "truth", "metrics.mean_squared_error(y_true, y_pred)"),
        _row(
            "scikit-learn",
            "–",
            'SGDRegressor(loss="squared_error")',
            one="½ r²",
            scale=0.5,
            **_STEP,
        ),
        _row("PyTorch", "prediction", "F.mse_loss(y_pred, y_true)"),
        _row("Keras", "truth", "losses.MeanSquaredError()(y_true, y_pred)"),
        _row("optax", "prediction", "optax.squared_error(y_pred, y_true)", **_NONE),
        _row(
            "optax", "prediction", "optax.l2_loss(y_pred, y_true)", one="½ r²", scale=0.5, **_NONE
        ),
    ),
    *_rows(
        "mean_absolute_error",
        "numbers",
        "|r|",
        _row("NumPy", "–", "np.mean(np.abs(y_pred - y_true))"),
        _row("lossfns", "truth", "lossfns.mean_absolute_error(y_true, y_pred)"),
        _row("scikit-learn", "truth", "metrics.mean_absolute_error(y_true, y_pred)"),
        _row("scikit-learn", "–", 'SGDRegressor(loss="epsilon_insensitive", epsilon=0)', **_STEP),
        _row("PyTorch", "prediction", "F.l1_loss(y_pred, y_true)"),
        _row("Keras", "truth", "losses.MeanAbsoluteError()(y_true, y_pred)"),
        _row("optax", "–", "jnp.abs(y_pred - y_true)", note="has no name of its own", **_NONE),
    ),
    *_rows(
        "cross_entropy",
        "logits",
        "−log p of the true class",
        _row(
            "NumPy",
            "–",
            "np.mean(-np.log(p[np.arange(len(p)), labels]))",
            takes="probabilities",
        ),
        _row(
            "NumPy",
            "–",
            "np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels])",
            note="overflows from z = 710 on",
        ),
        _row("lossfns", "truth", "lossfns.cross_entropy(labels, z, from_logits=True)"),
        _row("lossfns", "truth", "lossfns.cross_entropy(onehot, p)", takes="probabilities"),
        _row("scikit-learn", "truth", "metrics.log_loss(labels, p)", takes="probabilities"),
        _row(
            "scikit-learn",
            "–",
            "LogisticRegression()",
            takes="features",
            reduction="sum, and ½‖w‖²/C",
            note="C = 1 by default: a penalty is on",
        ),
        _row("PyTorch", "prediction", "F.cross_entropy(z, labels)", note="never softmax first"),
        _row("PyTorch", "prediction", "F.nll_loss(p.log(), labels)", takes="log-probabilities"),
        _row(
            "Keras",
            "truth",
            "losses.SparseCategoricalCrossentropy(from_logits=True)(labels, z)",
        ),
        _row(
            "Keras",
            "truth",
            "losses.CategoricalCrossentropy()(onehot, p)",
            takes="probabilities",
            note="the default: logits need from_logits=True",
        ),
        _row(
            "optax",
            "prediction",
            "optax.softmax_cross_entropy_with_integer_labels(z, labels)",
            **_NONE,
        ),
        _row("optax", "prediction", "optax.softmax_cross_entropy(z, onehot)", **_NONE),
    ),
    *_rows(
        "binary_cross_entropy",
        "logits",
        "−log p of what happened",
        _row(
            "NumPy",
            "–",
            "np.mean(np.logaddexp(0, z) - y_true * z)",
            note="loses the digits of a tiny loss",
        ),
        _row("lossfns", "truth", "lossfns.binary_cross_entropy(y_true, z, from_logits=True)"),
        _row("scikit-learn", "truth", "metrics.log_loss(y_true, p)", takes="probabilities"),
        _row("scikit-learn", "–", 'SGDClassifier(loss="log_loss")', takes="features", **_STEP),
        _row("PyTorch", "prediction", "F.binary_cross_entropy_with_logits(z, y_true)"),
        _row("PyTorch", "prediction", "F.binary_cross_entropy(p, y_true)", takes="probabilities"),
        _row("Keras", "truth", "losses.BinaryCrossentropy(from_logits=True)(y_true, z)"),
        _row(
            "Keras",
            "truth",
            "losses.BinaryCrossentropy()(y_true, z)",
            lookalike=True,
            one="another loss",
            note="the default expects probabilities and clips logits in silence",
        ),
        _row("optax", "prediction", "optax.sigmoid_binary_cross_entropy(z, y_true)", **_NONE),
    ),
    *_rows(
        "hinge",
        "scores; truth ±1",
        "max(0, 1 − y z)",
        _row("NumPy", "–", "np.mean(np.maximum(0, 1 - y_true * z))"),
        _row("lossfns", "truth", "lossfns.hinge(y_true, z)"),
        _row("scikit-learn", "truth", "metrics.hinge_loss(y_true, z)"),
        _row(
            "scikit-learn",
            "–",
            'SGDClassifier(loss="hinge")',
            takes="features",
            note="the default loss of SGDClassifier",
            **_STEP,
        ),
        _row("PyTorch", "–", "F.relu(1 - y_true * z).mean()", note="has no name of its own"),
        _row(
            "PyTorch",
            "prediction",
            "F.hinge_embedding_loss(z, y_true)",
            lookalike=True,
            one="another loss",
            note="made for distances",
        ),
        _row("Keras", "truth", "losses.Hinge()(y_true, z)", note="turns labels 0 into −1"),
        _row(
            "optax",
            "prediction",
            "optax.hinge_loss(z, y_true)",
            note="takes labels 0 as they are, weightless",
            **_NONE,
        ),
    ),
    *_rows(
        "huber",
        "numbers",
        "½ r², then δ(|r| − ½ δ)",
        _row(
            "NumPy",
            "–",
            "np.mean((c := np.clip(r := y_pred - y_true, -2, 2)) * (r - c / 2))",
            note="δ = 2 in this table",
        ),
        _row("lossfns", "truth", "lossfns.huber(y_true, y_pred, delta=2.0)"),
        _row(
            "scikit-learn",
            "–",
            'SGDRegressor(loss="huber", epsilon=2.0)',
            note="no metric; the epsilon of HuberRegressor has no unit",
            **_STEP,
        ),
        _row("PyTorch", "prediction", "F.huber_loss(y_pred, y_true, delta=2.0)"),
        _row(
            "PyTorch",
            "prediction",
            "F.smooth_l1_loss(y_pred, y_true, beta=2.0)",
            one="the same, divided by δ",
            scale=0.5,
        ),
        _row("Keras", "truth", "losses.Huber(delta=2.0)(y_true, y_pred)"),
        _row("optax", "prediction", "optax.huber_loss(y_pred, y_true, delta=2.0)", **_NONE),
    ),
    *_rows(
        "kl_divergence",
        "probabilities",
        "Σ p log(p/q)",
        _row(
            "NumPy",
            "–",
            "np.mean(np.sum(p * np.log(p / q), axis=1))",
            note="nan where p = 0",
        ),
        _row("lossfns", "truth", "lossfns.kl_divergence(p, q)"),
        _row(
            "scikit-learn",
            "truth",
            "special.rel_entr(p, q).sum(axis=1)",
            note="has none; this is SciPy",
            **_NONE,
        ),
        _row(
            "PyTorch",
            "prediction",
            'F.kl_div(q.log(), p, reduction="batchmean")',
            takes="log-probabilities",
        ),
        _row(
            "PyTorch",
            "prediction",
            "F.kl_div(q.log(), p)",
            takes="log-probabilities",
            reduction="mean, also over classes",
            note="C times too small; warns",
        ),
        _row("Keras", "truth", "losses.KLDivergence()(p, q)", note="clips at 1e-7"),
        _row(
            "optax",
            "prediction",
            "optax.kl_divergence(jnp.log(q), p)",
            takes="log-probabilities",
            **_NONE,
        ),
    ),
    *_rows(
        "cosine_similarity_loss",
        "vectors",
        "1 − cos",
        _row(
            "NumPy",
            "–",
            "np.mean(1 - np.sum(y_true * y_pred, axis=1)"
            " / np.linalg.norm(y_true, axis=1) / np.linalg.norm(y_pred, axis=1))",
        ),
        _row("lossfns", "truth", "lossfns.cosine_similarity_loss(y_true, y_pred)"),
        _row(
            "scikit-learn",
            "–",
            "metrics.pairwise.paired_cosine_distances(y_true, y_pred)",
            **_NONE,
        ),
        _row("PyTorch", "–", "1 - F.cosine_similarity(y_pred, y_true)", **_NONE),
        _row(
            "PyTorch",
            "–",
            "F.cosine_embedding_loss(y_pred, y_true, torch.ones(len(y_true)))",
            note="target −1 pushes a pair apart",
        ),
        _row(
            "Keras",
            "truth",
            "losses.CosineSimilarity()(y_true, y_pred)",
            one="− cos",
            shift=-1.0,
            note="negative for similar vectors",
        ),
        _row("optax", "prediction", "optax.cosine_distance(y_pred, y_true)", **_NONE),
    ),
]


def show():
    """Display the calls of all losses, with buttons that choose a library."""
    choices = "".join(
        f'<label><input type="radio" name="rosetta" value="{name}"{" checked" * (not k)}> '
        f"{name}</label>"
        for k, name in enumerate(["all", *LIBRARIES])
    )
    rules = "".join(
        f'.rosetta-box:has([value="{name}"]:checked) '
        f'tr[data-library]:not([data-library="{name}"]){{display:none}}'
        for name in LIBRARIES
    )
    versions = ", ".join(f"{name} {about.version}" for name, about in LIBRARIES.items())
    imports = escape("\n".join(about.imports for about in LIBRARIES.values()))
    html = (
        f'<div class="rosetta-box"><style>{rules}</style>'
        f"<fieldset><legend>Show the calls of</legend>{choices}</fieldset>"
        f"{''.join(map(table, LOSS_NAMES))}"
        f"<p>Checked with {versions}.</p>"
        f"<details><summary>The imports that these calls need</summary><pre>{imports}</pre>"
        f"</details></div>"
    )
    lines = [f"{row.loss:22} {row.library:12} {row.call}" for row in ROWS]
    display({"text/html": html, "text/plain": "\n".join(lines)}, raw=True)


def sheet(*libraries):
    """Display one call for each loss in a few libraries, for a sheet of paper."""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("loss", *libraries))
    body, lines = "", []
    for loss, title in LOSS_NAMES.items():
        calls = {library: _first_call(loss, library) for library in libraries}
        lines += [f"{loss:22} {call}" for call in calls.values()]
        cells = "".join(
            f'<td data-label="{library}">{_code(call)}</td>' for library, call in calls.items()
        )
        body += f'<tr><th scope="row">{title}</th>{cells}</tr>'
    html = (
        f'<table class="rosetta rosetta-sheet"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )
    display({"text/html": html, "text/plain": "\n".join(lines)}, raw=True)


def _first_call(loss, library):
    return next(row.call for row in ROWS if (row.loss, row.library) == (loss, library))


def table(loss):
    """Return the HTML table of the calls of one loss.

    Parameters
    ----------
    loss : str
        Name of the function in `lossfns`.
    """
    rows = [row for row in ROWS if row.loss == loss]
    if not rows:
        raise ValueError(f"loss must be one of {', '.join(LOSS_NAMES)}, found {loss!r}")
    head = "".join(f'<th scope="col">{title}</th>' for title in _COLUMNS)
    body = "".join(map(_html, rows))
    return (
        f'<table class="course-cards rosetta" id="rosetta-{loss}">'
        f"<caption>{LOSS_NAMES[loss]}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


_COLUMNS = ["library", "call", "comes first", "one example", "reduction", "takes"]


def _code(call):
    """A call that may be broken after a bracket or an equals sign, and within long names."""
    text = re.sub(r"\((?!\))|=", r"\g<0><wbr>", escape(call))
    words = re.compile(r"_(?=[a-z])|(?<=[a-z])(?=[A-Z])")
    text = re.sub(r"\w{15,}", lambda name: words.sub(r"\g<0><wbr>", name[0]), text)
    return f"<code>{text}</code>"


def _html(row):
    note = f'<br><span class="note">{escape(row.note)}</span>' if row.note else ""
    mark = "≠ " if row.lookalike else ""
    cells = [
        f"{mark}{_code(row.call)}{note}",
        row.first,
        escape(row.one),
        escape(row.reduction),
        escape(row.takes),
    ]
    data = "".join(
        f'<td data-label="{title}">{cell}</td>'
        for title, cell in zip(_COLUMNS[1:], cells, strict=True)
    )
    return f'<tr data-library="{row.library}"><th scope="row">{row.library}</th>{data}</tr>'
