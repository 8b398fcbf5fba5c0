"""The site: what its tools promise, and the pages of a strict build."""

import os
import re
import shutil
import tomllib
from importlib import metadata
from itertools import chain
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest
import yaml
from bs4 import BeautifulSoup
from docutils import nodes
from packaging.requirements import Requirement
from playwright.sync_api import sync_playwright

from book import ROOT, build, check_python, mathematics, notebooks, reference, site

# What a browser fetches without being asked. A link that a reader may follow is none of these.
FETCHED = {
    "script": ["src"], "img": ["src", "srcset"], "source": ["src", "srcset"], "iframe": ["src"],
    "video": ["src", "poster"], "audio": ["src"], "object": ["data"], "embed": ["src"],
    "use": ["href", "xlink:href"], "image": ["href", "xlink:href"],
}  # fmt: skip
FETCHED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect"}

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """Build the site from the outputs as they stand: nbval checks these in the same run."""
    out = tmp_path_factory.mktemp("site")
    assert build.build(out, execute=False) == 0
    return out / "_build" / "html"


@pytest.fixture(scope="module")
def pages(html):
    return {
        path.relative_to(html).as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in html.rglob("*.html")
        if "_static" not in path.parts
    }


def documents():
    """The pages named in the contents."""

    def walk(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in {"root", "file"}:
                    yield PurePosixPath(value).with_suffix("").as_posix()
                else:
                    yield from walk(value)
        elif isinstance(node, list):
            for item in node:
                yield from walk(item)

    return list(walk(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))))


def fetched(page):
    for name, attributes in FETCHED.items():
        for element in page.find_all(name):
            for attribute in attributes:
                yield from (part.split()[0] for part in _urls(element.get(attribute, "")))
    for element in page.find_all("link", href=True):
        if FETCHED_LINKS & set(element.get("rel", [])):
            yield element["href"]
    styles = [element.get_text() for element in page.find_all("style")]
    styles += [element["style"] for element in page.find_all(style=True)]
    yield from (url for style in styles for url in css_urls(style))


def _urls(value):
    return [value] if value.startswith("data:") else [part for part in value.split(",") if part]


def css_urls(css):
    found = re.findall(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""", css)
    return [url or imported for url, imported in found]


def is_external(url):
    return bool(urlsplit(url).netloc)


def test_every_page_of_the_contents_is_built(pages):
    assert {f"{name}.html" for name in documents()} <= set(pages)


def test_every_notebook_is_in_the_contents():
    names = {path.relative_to(ROOT).with_suffix("").as_posix() for path in notebooks()}
    assert names <= set(documents())


def test_no_page_asks_a_third_party_for_anything(html, pages):
    asked = {(name, url) for name, page in pages.items() for url in fetched(page)}
    asked |= {
        (path.name, url)
        for path in html.rglob("*.css")
        for url in css_urls(path.read_text("utf-8"))
    }
    assert asked
    assert not {(name, url) for name, url in asked if is_external(url)}


def test_what_a_page_asks_for_is_there(html, pages):
    for name, page in pages.items():
        for url in fetched(page):
            if not (url.startswith(("data:", "#")) or is_external(url)):
                assert ((html / name).parent / urlsplit(url).path).exists(), (name, url)


def test_what_a_style_sheet_asks_for_is_there(html):
    for path in html.rglob("*.css"):
        for url in css_urls(path.read_text("utf-8")):
            if not url.startswith(("data:", "#")):
                assert (path.parent / urlsplit(url).path).exists(), (path.name, url)


def test_every_picture_has_a_text(pages):
    for name, page in pages.items():
        for picture in page.select("article img"):
            assert len(picture.get("alt", "").split()) >= 4, (name, picture.get("alt"))


def test_formulas_are_typeset_and_readable_aloud(pages):
    formulas = [formula for page in pages.values() for formula in page.select(".math")]
    assert formulas
    for formula in formulas:
        assert formula.select_one(".katex-mathml math")
        assert formula.select_one(".katex-html[aria-hidden=true]")


def test_numbers_of_equations_and_figures_begin_with_the_chapter(pages):
    for name, page in pages.items():
        if match := re.match(r"chapters/(\d\d)-", name):
            for number in page.select(".math .eqno, .caption-number"):
                found = re.search(r"(\d+)\.\d+", number.get_text())
                assert found, (name, number.get_text())
                assert int(found[1]) == int(match[1]), (name, number.get_text())


def test_no_widget_needs_a_kernel(pages):
    for name, page in pages.items():
        assert not page.select('script[type^="application/vnd.jupyter.widget"]'), name


@pytest.fixture(scope="module")
def chromium():
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("no Chromium found: README.md says how to get one")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield browser
        browser.close()


@pytest.mark.parametrize("name", documents())
def test_page_opens_from_a_folder(html, chromium, name):
    complaints = []

    def complain(message):
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def ask(request):
        if not request.url.startswith(("file:", "data:", "blob:")):
            complaints.append(request.url)

    page = chromium.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", complain)
    page.on("request", ask)
    page.goto((html / f"{name}.html").as_uri(), wait_until="load")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not complaints
    page.close()


def test_the_cheat_sheet_prints_on_one_page(html, chromium):
    page = chromium.new_page()
    page.goto((html / "chapters" / "cheat-sheet.html").as_uri(), wait_until="load")
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


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
