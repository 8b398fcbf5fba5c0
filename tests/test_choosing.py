"""Chapter 9: every claim of the summary is linked to its measurement, and every path ends."""

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from bs4 import BeautifulSoup
from sklearn import metrics
from sklearn.linear_model import QuantileRegressor

import lossfns
from book import ROOT, execute, notebooks
from losslab import decision, gallery

CHAPTER = ROOT / "chapters" / "09-choosing-a-loss.ipynb"
STRENGTHS, WEAKNESSES, USES = 1, 2, 3

# The table the course grew from: loss, column, claim, where it is measured.
CLAIMS = [
    ("mean-squared-error", STRENGTHS, "highly sensitive to large errors", "mse-large-errors"),
    ("mean-squared-error", STRENGTHS, "mathematically convenient", "mse-convenient"),
    ("mean-squared-error", WEAKNESSES, "sensitive to outliers", "mse-outliers"),
    ("mean-squared-error", WEAKNESSES, "overly penalises large errors", "mse-overly"),
    ("mean-squared-error", USES, "large errors are costly", "mse-large-errors"),
    ("mean-absolute-error", STRENGTHS, "robust against outliers", "mae-robust"),
    ("mean-absolute-error", STRENGTHS, "intuitive", "mae-intuitive"),
    ("mean-absolute-error", STRENGTHS, "stable gradients", "mae-stable-gradients"),
    ("mean-absolute-error", WEAKNESSES, "less sensitive to moderate errors", "mae-moderate-errors"),
    ("mean-absolute-error", WEAKNESSES, "constant at extremes", "mae-constant-gradient"),
    ("mean-absolute-error", USES, "robust regression", "mae-robust"),
    ("cross-entropy", STRENGTHS, "strongly penalises incorrect class", "ce-strong-penalty"),
    ("cross-entropy", STRENGTHS, "effective for probabilistic outputs", "ce-probabilities"),
    ("cross-entropy", WEAKNESSES, "computationally intensive with many", "ce-many-classes"),
    ("cross-entropy", USES, "softmax", "ce-softmax"),
    ("cross-entropy", USES, "image classification", "ce-image-classification"),
    ("cross-entropy", USES, "text categorisation", "ce-text"),
    ("binary-cross-entropy", STRENGTHS, "binary classification efficiently", "bce-efficient"),
    ("binary-cross-entropy", STRENGTHS, "strong penalty for miscl", "bce-strong-penalty"),
    ("binary-cross-entropy", WEAKNESSES, "numerically unstable", "bce-numerics"),
    ("binary-cross-entropy", USES, "medical diagnostics", "bce-diagnosis"),
    ("hinge", STRENGTHS, "clear decision boundaries", "hinge-boundaries"),
    ("hinge", STRENGTHS, "margin-based optimisation", "hinge-margin"),
    ("hinge", WEAKNESSES, "no probability estimates", "hinge-no-probabilities"),
    ("hinge", WEAKNESSES, "sensitive to incorrect labelling", "hinge-label-noise"),
    ("hinge", USES, "support vector machines", "hinge-svm"),
    ("hinge", USES, "binary classification", "hinge-binary"),
    ("huber", STRENGTHS, "balances MSE and MAE", "huber-balance"),
    ("huber", STRENGTHS, "robust to outliers", "huber-robust"),
    ("huber", WEAKNESSES, "requires tuning", "huber-tuning"),
    ("huber", WEAKNESSES, "more complex optimisation landscape", "huber-landscape"),
    ("huber", USES, "occasional outliers", "huber-occasional"),
    ("huber", USES, "robustness and smooth training", "huber-network"),
    ("kl-divergence", STRENGTHS, "difference of distributions", "kl-difference"),
    ("kl-divergence", STRENGTHS, "highly interpretable", "kl-interpretable"),
    ("kl-divergence", WEAKNESSES, "asymmetric", "kl-asymmetric"),
    ("kl-divergence", WEAKNESSES, "unpredictable if", "kl-unpredictable"),
    ("kl-divergence", USES, "variational autoencoders", "kl-vae"),
    ("kl-divergence", USES, "alignment of distributions", "kl-alignment"),
    ("kl-divergence", USES, "probabilistic modelling", "kl-probabilistic-modelling"),
    ("kl-divergence", USES, "information theory", "kl-information"),
    ("cosine-similarity-loss", STRENGTHS, "focuses on direction", "cosine-direction"),
    ("cosine-similarity-loss", STRENGTHS, "invariant to magnitude", "cosine-invariant"),
    ("cosine-similarity-loss", STRENGTHS, "embedding spaces", "cosine-embeddings"),
    ("cosine-similarity-loss", WEAKNESSES, "ignores magnitude", "cosine-ignores-magnitude"),
    ("cosine-similarity-loss", WEAKNESSES, "not suitable if magnitude", "cosine-not-suitable"),
    ("cosine-similarity-loss", USES, "retrieval", "cosine-retrieval"),
    ("cosine-similarity-loss", USES, "recommendation by similarity", "cosine-recommendation"),
]


def markdown(path=CHAPTER):
    return "\n".join(cell.source for cell in execute.read(path).cells if cell.cell_type != "code")


def anchors():
    """Everything that a link can lead to: ``(name)=`` in any notebook."""
    return {
        name
        for path in notebooks()
        for name in re.findall(r"^\((\S+)\)=", markdown(path), re.MULTILINE)
    }


def row(loss):
    """The cells of a loss in the summary table."""
    line = next(line for line in markdown().splitlines() if f"{{#choose-{loss}}}" in line)
    return line.strip("|").split(" | ")


def test_the_summary_has_eighteen_strengths_and_fourteen_weaknesses():
    for column, count in ((STRENGTHS, 18), (WEAKNESSES, 14)):
        assert sum(c == column for _, c, _, _ in CLAIMS) == count
        marks = sum(row(loss)[column].count("✅❌"[column - 1]) for loss in losses())
        assert marks == count


def losses():
    return list(dict.fromkeys(loss for loss, *_ in CLAIMS))


@pytest.mark.parametrize(("loss", "column", "claim", "anchor"), CLAIMS)
def test_claim_is_linked_to_its_measurement(loss, column, claim, anchor):
    links = re.findall(r"\[([^]]+)\]\(#claim-([\w-]+)\)", row(loss)[column])
    assert any(claim in text and anchor == target for text, target in links), links
    assert f"claim-{anchor}" in anchors()


def questions(node=decision.PATH):
    yield node
    for _, target in node.answers:
        if isinstance(target, decision.Question):
            yield from questions(target)


def leaves():
    ends = (target for question in questions() for _, target in question.answers)
    return [end for end in ends if isinstance(end, decision.Leaf)]


def test_the_path_ends_at_every_loss():
    assert {leaf.loss for leaf in leaves()} == set(lossfns.LOSSES)


def test_the_path_leads_to_places_of_the_page():
    source = markdown()
    for place in [*questions(), *leaves()]:
        name = place.href.removeprefix("#")
        assert f"\n({name})=" in f"\n{source}" or f"{{#{name}}}" in source, name


@pytest.fixture
def drawn(monkeypatch):
    shown = []
    monkeypatch.setattr(decision, "display", lambda data, raw: shown.append(data))
    decision.show_path()
    return shown[0]


def test_picture_and_words_have_the_same_links(drawn):
    page = BeautifulSoup(drawn["text/html"], "html.parser")
    in_picture, in_words = (
        [(link["href"], link.get_text()) for link in page.select(f"{place} a")]
        for place in ("svg", "details")
    )
    assert in_picture == in_words
    assert len(in_words) == len(list(questions())) + len(leaves())


def test_picture_has_a_name_and_nothing_leaves_it(drawn):
    svg = ET.fromstring(re.search("<svg.*</svg>", drawn["text/html"])[0])
    assert svg.get("aria-label")
    width = float(svg.get("viewBox").split()[2])
    for box in svg.iter("{http://www.w3.org/2000/svg}rect"):
        left, wide = float(box.get("x")), float(box.get("width"))
        assert 0 <= left < left + wide <= width


def test_outline_names_every_leaf(drawn):
    assert drawn["text/plain"].count("→ ") == len(leaves())


def test_gallery_has_all_losses_in_order():
    assert [curve.name for curve in gallery.curves()] == list(lossfns.LOSSES)


@pytest.fixture
def tilted():
    """The calls for a quantile, as the chapter prints them."""
    wish = next(line for line in markdown().splitlines() if line.startswith("- **A quantile:**"))
    return re.findall(r"`(\w[^`]*\(.*?)`", wish)


def test_calls_for_a_quantile_agree(tilted):
    estimator, measure, line = tilted
    y_true, y_pred = np.random.default_rng(0).normal(size=(2, 501))
    names = {"np": np, "metrics": metrics, "QuantileRegressor": QuantileRegressor, "q": 0.8}
    names |= {"y_true": y_true, "y_pred": y_pred}
    assert eval(measure, names) == pytest.approx(eval(line, names))
    fitted = eval(estimator, names).fit(np.zeros((501, 1)), y_true)
    assert fitted.intercept_ == pytest.approx(np.quantile(y_true, 0.8), abs=0.01)
