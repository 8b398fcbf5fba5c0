"""The decision path from a question to a loss, drawn as links and told in words."""

from dataclasses import dataclass
from html import escape

from IPython.display import display

from losslab.livefigure.page import frame
from losslab.livefigure.theme import css_colour
from losslab.style import COLOUR

__all__ = ["PATH", "Leaf", "Question", "show_path"]


@dataclass(frozen=True)
class Leaf:
    """Where the path ends: a loss, and why this one."""

    loss: str
    text: str
    why: str

    @property
    def href(self):
        """The row of the summary table."""
        return f"#choose-{self.loss.replace('_', '-')}"


@dataclass(frozen=True)
class Question:
    """A question, the place that explains it, and where each answer leads."""

    text: str
    href: str
    answers: tuple


_MEAN = Leaf("mean_squared_error", "squared error", "its minimum is the mean")

PATH = Question(
    "What is y?",
    "#choose-target",
    (
        (
            "a number",
            Question(
                "What should the prediction be?",
                "#choose-functional",
                (
                    (
                        "the mean: cost grows like the square",
                        Question(
                            "Are some y grossly wrong?",
                            "#choose-contamination",
                            (
                                ("no", _MEAN),
                                (
                                    "a few",
                                    Leaf(
                                        "huber",
                                        "Huber",
                                        "no single y can pull far; "
                                        "under lopsided noise it lies between median and mean",
                                    ),
                                ),
                                (
                                    "many",
                                    Leaf(
                                        "mean_absolute_error",
                                        "absolute error",
                                        "it hardly moves, but look at the data first",
                                    ),
                                ),
                            ),
                        ),
                    ),
                    (
                        "the median",
                        Leaf(
                            "mean_absolute_error",
                            "absolute error",
                            "its minimum is the median",
                        ),
                    ),
                    (
                        "a quantile",
                        Leaf(
                            "mean_absolute_error",
                            "absolute error, tilted",
                            "for errors that cost more on one side; its minimum is the quantile",
                        ),
                    ),
                ),
            ),
        ),
        (
            "yes or no",
            Question(
                "Must it be a probability?",
                "#choose-probability",
                (
                    (
                        "yes",
                        Leaf(
                            "binary_cross_entropy",
                            "binary cross-entropy",
                            "its minimum is the probability",
                        ),
                    ),
                    (
                        "no, a side will do",
                        Question(
                            "Are many labels wrong?",
                            "#choose-label-noise",
                            (
                                ("no", Leaf("hinge", "hinge", "its minimum is the likelier side")),
                                (
                                    "yes",
                                    Leaf(
                                        "mean_absolute_error",
                                        "absolute error of p",
                                        "a wrong label can cost no more than 1",
                                    ),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        (
            "one of C classes",
            Question(
                "Are many labels wrong?",
                "#choose-classes",
                (
                    (
                        "no",
                        Leaf(
                            "cross_entropy",
                            "cross-entropy",
                            "one probability a class, adding up to 1",
                        ),
                    ),
                    (
                        "yes",
                        Leaf(
                            "mean_absolute_error",
                            "absolute error of p",
                            "a wrong label hardly pulls; start with cross-entropy",
                        ),
                    ),
                ),
            ),
        ),
        (
            "several labels",
            Leaf("binary_cross_entropy", "binary cross-entropy", "a yes or no for each label"),
        ),
        (
            "a distribution",
            Leaf("kl_divergence", "KL divergence", "zero only where the two agree"),
        ),
        (
            "a direction",
            Question(
                "Does length mean something?",
                "#choose-length",
                (
                    ("no", Leaf("cosine_similarity_loss", "cosine", "length cancels")),
                    ("yes", _MEAN),
                ),
            ),
        ),
    ),
)

_WIDTH, _INDENT, _QUESTION, _ANSWER = 380, 22, 40, 36
_LABEL = "Decision path: questions lead to a section of this page, losses to a row of the table."


def show_path(path=PATH):
    """Display the path as an SVG of links and, below it, as a list."""
    rows, lines = [], []
    height = _place(path, 0, 4, rows, lines)
    svg = (
        f'<svg viewBox="0 0 {_WIDTH} {height + 4}" role="group" aria-label="{_LABEL}" '
        'font-family="inherit" font-size="14" fill="currentColor" xmlns="http://www.w3.org/2000/svg">'
        f'<path d="{"".join(lines)}" fill="none" stroke="{css_colour(COLOUR["muted"])}"/>'
        f"{''.join(rows)}</svg>"
    )
    words = (
        "<details><summary>The same path in words, with reasons</summary>"
        f"<p>{_question_link(path)}</p>{_list(path)}</details>"
    )
    picture = f'<div class="lf-picture decision-path">{svg}</div>'
    display(
        {"text/html": frame(520, picture, svg) + words, "text/plain": "\n".join(_outline(path))},
        raw=True,
    )


def _place(question, depth, y, rows, lines):
    """Draw a question at height y, and its answers below; return where they end."""
    x = 1 + depth * _INDENT
    rows.append(_box(x, y, question.text, question.href, css_colour(COLOUR["ink"])))
    spine, y = x + 11, y + _QUESTION
    top = y - 12
    for answer, target in question.answers:
        middle = y + _ANSWER / 2
        lines.append(f"M{spine} {top}V{middle:g}h9")
        rows.append(f'<text x="{spine + 14}" y="{middle + 5:g}">{escape(answer)}</text>')
        if isinstance(target, Leaf):
            width = _text_width(target.text) + 20
            left = _WIDTH - 5 - width
            start = spine + 23 + _text_width(answer)
            lines.append(f"M{start} {middle:g}H{left}")
            colour = css_colour(COLOUR[target.loss])
            rows.append(_box(left, y + 4, target.text, target.href, colour))
            y += _ANSWER
        else:
            y = _place(target, depth + 1, y + _ANSWER - 4, rows, lines)
        top = middle
    return y


def _box(x, y, text, href, colour):
    """A link as a rounded box, 28 high: large enough for a finger."""
    width = _text_width(text) + 20
    return (
        f'<a href="{href}"><rect x="{x}" y="{y}" width="{width}" height="28" rx="14" '
        f'fill="var(--lf-paper,#fff)" stroke="{colour}" stroke-width="1.5"/>'
        f'<text x="{x + width / 2:g}" y="{y + 19}" text-anchor="middle" fill="{colour}">'
        f"{escape(text)}</text></a>"
    )


def _text_width(text):
    """Room for a text of this length in most fonts, at this size."""
    return round(8.2 * len(text))


def _question_link(question):
    return f'<a href="{question.href}">{escape(question.text)}</a>'


def _list(question):
    items = []
    for answer, target in question.answers:
        if isinstance(target, Leaf):
            end = f'<a href="{target.href}">{escape(target.text)}</a>: {escape(target.why)}'
        else:
            end = _question_link(target) + _list(target)
        items.append(f"<li>{escape(answer[0].upper() + answer[1:])} → {end}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _outline(question, indent=""):
    yield f"{indent}{question.text}"
    for answer, target in question.answers:
        if isinstance(target, Leaf):
            yield f"{indent}  {answer} → {target.text}"
        else:
            yield f"{indent}  {answer} →"
            yield from _outline(target, indent + "    ")
