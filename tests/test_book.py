"""The tools of the book, each by itself; tests/test_site.py looks at the pages they make."""

import re
import tomllib
from importlib import metadata
from itertools import chain

import numpy as np
import pytest
from docutils import nodes
from packaging.requirements import Requirement

import lossfns
from book import (
    ROOT,
    check_python,
    citing,
    codelinks,
    curves,
    findable,
    mathematics,
    reference,
    site,
    styles,
)
from losslab import style
from losslab.livefigure.theme import DARK


@pytest.mark.parametrize(
    "tex",
    [
        r"\hat{y} - y",
        r"\begin{cases} \tfrac12 r^2 & |r| \le \delta \\ \delta(|r| - \tfrac12\delta) \end{cases}",
        r"\begin{align*} a &= b \\ &= c \end{align*}",
        r"\operatorname*{arg\,min}_{\theta} \mathcal{L}(\theta), \theta \in \mathbb{R}^d",
    ],
)
def test_katex_reads(tex):
    assert "<math" in mathematics.typeset(tex, display=True)


def test_a_comma_after_a_formula_is_taken_from_there_and_not_from_an_equal_text_before_it():
    formula = nodes.math(text="x")
    line = nodes.paragraph("", "", nodes.literal(text="a"), nodes.Text(", "), formula)
    line.append(nodes.Text(", "))
    mathematics.hold_punctuation(None, line, "")
    assert line.astext() == "a, x "
    assert formula["closing"] == ","


@pytest.mark.parametrize("tex", [r"\frac{1}", r"\nosuchcommand", r"\begin{cases} 1", "ŷ - y"])
def test_katex_refuses(tex):
    with pytest.raises(ValueError, match=r"Unicode|Expected|Undefined|Unexpected"):
        mathematics.typeset(tex)


@pytest.mark.parametrize(
    ("variables", "remote", "expected"),
    [
        ({}, "", ("https://github.com/us/book", "main")),
        ({}, "git@github.com:them/fork.git", ("https://github.com/them/fork", "theirs")),
        ({}, "ssh://git@github.com/them/fork", ("https://github.com/them/fork", "theirs")),
        ({}, "https://token@github.com/them/fork.git", ("https://github.com/them/fork", "theirs")),
        ({}, "/home/them/book", ("https://github.com/us/book", "main")),
        (
            {"GITHUB_REPOSITORY": "them/fork", "GITHUB_REF_NAME": "release"},
            "git@github.com:us/book.git",
            ("https://github.com/them/fork", "release"),
        ),
        (
            {
                "GITHUB_REPOSITORY": "us/book",
                "GITHUB_REF_NAME": "7/merge",
                "GITHUB_BASE_REF": "main",
            },
            "",
            ("https://github.com/us/book", "main"),
        ),
        (
            {"BOOK_REPOSITORY": "https://example.org/a/b", "GITHUB_REPOSITORY": "them/fork"},
            "",
            ("https://example.org/a/b", "main"),
        ),
    ],
)  # fmt: skip
def test_links_follow_a_fork(variables, remote, expected):
    def git(*arguments):
        return remote if arguments[0] == "remote" else "theirs"

    assert site.repository("https://github.com/us/book", "main", variables, git) == expected


def test_a_change_in_the_library_makes_a_new_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(site, "ROOT", tmp_path)
    for name in ("lossfns", "losslab"):
        (tmp_path / name).mkdir()
    (tmp_path / "requirements.txt").touch()
    empty = site.code_version()
    (tmp_path / "lossfns" / "huber.py").write_text("δ = 1\n", encoding="utf-8")
    assert site.code_version() != empty
    assert site.code_version() == site.code_version()


def test_requirements_satisfy_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *chain(*project["project"]["optional-dependencies"].values()),
        *chain(*project["dependency-groups"].values()),
    ]
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    for requirement in map(Requirement, wanted):
        matching = [pin for pin in pins if pin.name == requirement.name]
        assert matching, f"{requirement} is not pinned: make requirements"
        for pin in matching:
            version = next(iter(pin.specifier)).version
            assert requirement.specifier.contains(version), f"{pin}: make requirements"


def test_reference_platform_is_told_from_others(monkeypatch):
    monkeypatch.setattr(reference.sys, "platform", "win32")
    monkeypatch.setattr(reference, "_pins", lambda: {"numpy": "1.0"})
    first, second = reference.differences()
    assert "win32" in first
    assert second == f"numpy {metadata.version('numpy')}, not 1.0"


def test_an_old_python_is_told_what_to_do():
    assert check_python.problem((3, 11), "python3") is None
    assert "3.11 or newer, and python3 is 3.10" in check_python.problem((3, 10), "python3")


def test_a_missing_venv_is_told_what_to_do(monkeypatch):
    monkeypatch.setitem(check_python.sys.modules, "ensurepip", None)
    assert "apt install python3.12-venv" in check_python.problem((3, 12), "python3")


@pytest.mark.parametrize(
    ("repository", "variables", "expected"),
    [
        ("https://github.com/Us/book", {}, "https://us.github.io/book/"),
        ("https://github.com/them/them.github.io", {}, "https://them.github.io/"),
        ("https://gitlab.com/us/book", {}, "https://us.gitlab.io/book/"),
        ("https://github.com/us/book", {"BOOK_URL": "https://a.org/b"}, "https://a.org/b/"),
    ],
)
def test_the_address_of_the_site_follows_the_repository(repository, variables, expected):
    assert findable.site_address(repository, variables) == expected


def test_the_citation_says_what_the_file_says():
    cff = citing.citation()
    assert cff["version"] == metadata.version("lossfns")
    for text in (citing.as_text(cff, "https://a.org/"), citing.as_bibtex(cff, "https://a.org/")):
        assert cff["title"] in text
        assert cff["version"] in text


@pytest.mark.parametrize("name", lossfns.LOSSES)
def test_the_first_page_shows_the_curve_of_every_loss(name):
    front = (ROOT / "index.md").read_text("utf-8")
    alt = re.search(rf"```{{loss-curve}} {name}\n:alt: (.+)\n```", front)[1]
    assert f'aria-label="{alt}"' in curves.svg(name, alt)


@pytest.mark.parametrize(
    ("name", "loss", "top"),
    [
        ("mean_absolute_error", lambda x: abs(6 * x - 3), 4.5),
        ("hinge", lambda x: np.maximum(0, 1 - (8 * x - 4)), 4.5),
        ("cosine_similarity_loss", lambda x: 1 - np.cos(0.01 + (np.pi - 0.02) * x), 2),
    ],
)
def test_curves_are_those_of_the_losses(name, loss, top):
    """Measured in the picture, from its ground to its top, a curve has the loss's value."""
    line = re.search('d="M([^H"]+)" stroke="#', curves.svg(name, "A curve."))[1]
    x, y = np.array([point.split() for point in line.split("L")], float).T
    ground, left, right = curves.HEIGHT - curves.LABEL, curves.MARGIN, curves.WIDTH - curves.MARGIN
    value = top * (ground - y) / (ground - curves.MARGIN)
    assert len(x) > 200
    assert value == pytest.approx(loss((x - left) / (right - left)), abs=0.01)


def test_an_unknown_curve_is_told_which_there_are():
    with pytest.raises(ValueError, match=r"no loss is called 'mse', expected one of .*huber"):
        curves.svg("mse", "A parabola.")


def test_rules_for_what_is_not_used_leave_the_style_sheet(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.css").write_text("p{background:url(c.png)}", "utf-8")
    (tmp_path / "main.css").write_text(
        '@import "a/b.css";/* .no{} */.yes,.no{color:red}.no{top:0}'
        "@media print{.no{top:0}#id{top:1}}a:not(.no){top:2}"
        "@font-face{font-family:F;src:url(f.woff2)}",
        "utf-8",
    )
    used = styles.used(['<p class="yes" id="id">'], [])
    assert styles.bundle(tmp_path, ["main.css"], used).split("\n") == [
        "p{background:url(a/c.png)}", ".yes{color:red}", "@media print{#id{top:1}", "}",
        "a:not(.no){top:2}", "@font-face{font-family:F;src:url(f.woff2)}", "",
    ]  # fmt: skip


def test_names_are_linked_until_they_mean_something_else():
    def cell(code):
        return f'<div class="highlight"><pre>{code}</pre></div>'

    name = '<span class="n">huber</span>'
    page = cell(f"from lossfns import {name}\n{name}(1)") + cell(f"{name} = 3") + cell(name)
    linked = codelinks.linked(page, lambda full: f"api.html#{full}")
    assert linked.count('href="api.html#lossfns.huber"') == 2
    assert linked.endswith(cell(f"{name} = 3") + cell(name))


def _contrast(one, other):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_of_figures_are_readable_on_the_paper(theme):
    css = (ROOT / "book" / "static" / "course.css").read_text("utf-8")
    paper = re.search(rf'data-theme="{theme}"\] {{\s*--pst-color-background: (#\w+)', css)[1]
    for name, light in style.COLOUR.items():
        if name != "ink":
            colour = light if theme == "light" else DARK[light]
            assert _contrast(colour, paper) >= 4.5, name  # labels have these colours too
