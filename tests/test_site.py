"""The pages of a strict build: as files, and in a browser."""

import gzip
import itertools
import os
import re
from collections import Counter
from html import unescape
from importlib.resources import files
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from justhtml import JustHTML
from playwright.sync_api import TimeoutError as TooLate
from playwright.sync_api import sync_playwright

import lossfns
from book import ROOT, browser, build, execute, figures, findable, notebooks
from book.serve import served

# What a browser fetches without being asked. A link that a reader may follow is none of these.
FETCHED = {
    "script": ["src"], "img": ["src", "srcset"], "source": ["src", "srcset"], "iframe": ["src"],
    "video": ["src", "poster"], "audio": ["src"], "object": ["data"], "embed": ["src"],
    "use": ["href", "xlink:href"], "image": ["href", "xlink:href"],
}  # fmt: skip
FETCHED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect"}


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    """Build the site from the outputs as they stand: nbval checks these in the same run.

    ``BOOK_SITE`` names the folder of a site to look at in its place.
    """
    if folder := os.environ.get("BOOK_SITE"):
        return Path(folder).resolve()
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


def article(page):
    return page.select_one("article") or page


def test_every_link_leads_somewhere(html, pages):
    anchors = {
        name: {element["id"] for element in page.find_all(id=True)} for name, page in pages.items()
    }
    for name, page in pages.items():
        for link in page.find_all("a", href=True):
            url = urlsplit(link["href"])
            if url.scheme or url.netloc:
                continue
            target = (html / name).parent / unquote(url.path) if url.path else html / name
            assert target.is_file(), (name, link["href"])
            if url.fragment and target.suffix == ".html":
                found = anchors[target.resolve().relative_to(html.resolve()).as_posix()]
                assert unquote(url.fragment) in found, (name, link["href"])


def test_html_is_valid(html):
    for path in html.rglob("*.html"):
        if "_static" not in path.parts:
            parsed = JustHTML(path.read_text("utf-8"), sanitize=False, collect_errors=True)
            assert not parsed.errors, (path.name, parsed.errors[:3])


def test_ids_are_unique_and_what_is_named_by_id_exists(pages):
    for name, page in pages.items():
        ids = Counter(element["id"] for element in page.find_all(id=True))
        assert not [one for one, count in ids.items() if count > 1], name
        for attribute in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            for element in page.find_all(attrs={attribute: True}):
                value = element[attribute]
                named = value.split() if isinstance(value, str) else value
                assert set(named) <= set(ids), (name, value)


def test_headings_nest(pages):
    for name, page in pages.items():
        levels = [
            int(heading.name[1]) for heading in article(page).find_all(re.compile("^h[1-6]$"))
        ]
        assert levels[:1] == [1], name
        assert levels.count(1) == 1, name
        for before, after in itertools.pairwise(levels):
            assert after <= before + 1, (name, before, after)


def test_tables_have_headers(pages):
    for name, page in pages.items():
        for table in article(page).find_all("table"):
            if "indextable" not in table.get("class", []):
                assert table.find("th"), (name, table.get_text()[:80])


def test_links_say_where_they_go(pages):
    for name, page in pages.items():
        for link in page.find_all("a", href=True):
            said = link.get("aria-label") or link.get_text(" ", strip=True) or link.get("title", "")
            said += "".join(picture.get("alt", "") for picture in link.find_all("img"))
            assert said.strip(), (name, link["href"])
            assert said.strip().lower() not in {"here", "click here", "link", "this", "more"}, name


def test_every_page_can_be_found(html, pages):
    named = set()
    address = None
    for name, page in pages.items():
        if name == "404.html":
            continue
        assert len(page.title.get_text()) > 5, name
        meta = {
            tag.get("name") or tag.get("property"): tag["content"]
            for tag in page.find_all("meta", content=True)
        }
        assert 40 <= len(meta["description"]) <= findable.LENGTH, (name, meta["description"])
        assert "&" not in unescape(meta["og:title"]).replace(" & ", ""), name
        path = "" if name == "index.html" else name
        address = meta["og:url"].removesuffix(path)
        card = meta["og:image"].removeprefix(address)
        assert (html / card).is_file(), name
        named.add(meta["og:url"])
        if name != "search.html":
            assert page.find("link", rel="canonical")["href"].startswith(address)
    found = set(re.findall("<loc>(.*?)</loc>", (html / "sitemap.xml").read_text("utf-8")))
    assert found == named - {f"{address}search.html"}
    assert f"Sitemap: {address}sitemap.xml" in (html / "robots.txt").read_text("utf-8")


def test_a_wrong_address_has_a_page_that_needs_no_other_file(pages):
    assert not list(fetched(pages["404.html"]))
    assert {link["href"] for link in pages["404.html"].find_all("a")} >= {
        "index.html",
        "search.html",
    }


def test_code_links_to_the_packages(pages):
    links = {link["href"] for link in pages["chapters/06-huber.html"].select("a.code-link")}
    assert {"api-lossfns.html#lossfns.huber_grad", "api-losslab.html#losslab.explore"} <= links
    practice = pages["chapters/06-huber-practice.html"].select("a.code-link")
    assert "huber" not in {link.get_text() for link in practice}  # the reader's own there


def test_every_public_function_is_documented(pages):
    ids = {element["id"] for element in pages["chapters/api-lossfns.html"].find_all(id=True)}
    assert {f"lossfns.{name}" for name in lossfns.__all__} <= ids


def test_terms_are_in_the_index(pages):
    terms = [term.get_text().strip("#") for term in pages["chapters/glossary.html"].select("dt")]
    index = pages["genindex.html"].get_text(" ").replace("'", "’")
    assert terms
    assert not [term for term in terms if term not in index]


def solutions():
    """The solutions of graded work: the lines of each that are long enough to be known by."""
    for path in (ROOT / "coursework").rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                marked = re.findall(r"BEGIN SOLUTION(.*?)### END", cell.source, re.DOTALL)
                text = "\n".join(marked or [cell.source])
                lines = {line.strip() for line in text.splitlines() if len(line.strip()) >= 12}
                if sum(map(len, lines)) >= 60:
                    yield lines


def test_no_solution_of_graded_work_is_published(html):
    if not (ROOT / "coursework").exists():
        pytest.skip("no coursework in this copy")
    known = list(solutions())
    assert len(known) >= 10, "no solutions were found in coursework/"
    for path in html.rglob("*"):
        if path.suffix in {".html", ".ipynb", ".md", ".js", ".txt", ".py"}:
            text = path.read_text("utf-8")
            if path.suffix == ".html":
                text = unescape(re.sub(r"<[^>]+>", "", text))
            if path.suffix == ".ipynb":
                cells = nbformat.reads(text, as_version=4).cells
                text = "\n".join(cell.source for cell in cells)
            for lines in known:
                assert not all(line in text for line in lines), (path.relative_to(html), lines)


def first_figures():
    for path in notebooks():
        for cell in execute.read(path).cells:
            for output in cell.get("outputs", []):
                shown = output.get("data", {}).get("text/html", "")
                if "lf-picture" in shown:
                    yield shown


def compressed(path):
    return len(gzip.compress(path.read_bytes(), 6))


def test_a_further_page_weighs_at_most_100_kb(html):
    weights = {path.name: compressed(path) for path in html.glob("chapters/*.html")}
    assert not {name: weight for name, weight in weights.items() if weight > 100_000}


@pytest.fixture(scope="module")
def chromium():
    if browser.find() is None and not os.environ.get("CI"):
        pytest.skip("no Chromium found: README.md says how to get one")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser.find(), args=browser.OPTIONS)
        yield chromium
        chromium.close()


# What scrolls sideways must be reached by the keyboard.
OUT_OF_REACH = """[...document.querySelectorAll("article *")].filter(element =>
  element.scrollWidth > element.clientWidth + 1 && element.tabIndex < 0 && element.clientWidth
  && ["auto", "scroll"].includes(getComputedStyle(element).overflowX)
  && element.checkVisibility({ contentVisibilityAuto: true })
  && !element.querySelector("a, button, input, [tabindex='0']")
).map(element => element.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module", params=[*documents(), "search", "404"])
def opened(request, html, chromium):
    """A page opened from a folder, its name, and what was said on its console or asked of others.

    Pytest runs the tests of one page one after another, so that each is opened once.
    """
    complaints = []

    def complain(message):
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def ask(asked):
        if not asked.url.startswith(("file:", "data:", "blob:")):
            complaints.append(asked.url)

    page = chromium.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", complain)
    page.on("request", ask)
    page.goto((html / f"{request.param}.html").as_uri(), wait_until="load")
    page.add_style_tag(content="* { transition: none !important; }")
    yield page, request.param, complaints
    page.close()


SHOWN = """([width, scheme]) => innerWidth === width
  && (document.documentElement.dataset.theme ?? scheme) === scheme  // 404.html has no theme
  && [...document.querySelectorAll(".bd-article section section")].every(section =>
    section.style.contentVisibility === "visible")"""  # course.js lays them out one by one


def show(page, width, scheme):
    """Show the whole page in this width and theme, once its scripts have answered to both."""
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(SHOWN, arg=[width, scheme])
    page.evaluate("new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))")
    try:  # course.js answers a frame after the width has changed
        page.wait_for_function(f"!{OUT_OF_REACH}.length", timeout=5000)
    except TooLate:
        raise AssertionError(f"out of reach: {page.evaluate(OUT_OF_REACH)}") from None


def test_page_opens_from_a_folder(opened):
    page, _, complaints = opened
    for scheme, width in itertools.product(("light", "dark"), (1280, 390)):
        show(page, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not complaints


# One page of each kind, for what depends on colours and width: these come from one style sheet.
KINDS = {"index", "chapters/live-figures", "chapters/06-huber-practice", "chapters/notation"}
KINDS |= {"chapters/glossary", "chapters/api-lossfns", "chapters/running", "search", "404"}
NARROW = ["scrollable-region-focusable", "target-size", "region", "label-content-name-mismatch"]
# What nobody reads aloud makes axe five times slower.
SILENT = """() => {
  document.querySelectorAll(".katex-html").forEach(element => element.remove());
  document.querySelectorAll(".lf-picture svg").forEach(element => element.replaceChildren());
  document.querySelectorAll("pre span:not(:has(a), a span)").forEach(element =>
    element.replaceWith(element.textContent));
}"""


def test_axe_finds_nothing(opened):
    def look(width, scheme, **options):
        show(page, width, scheme)
        options = {"resultTypes": ["violations"], "preload": False} | options
        found = page.evaluate("options => axe.run(document, options)", options)
        return [
            (violation["id"], node["html"][:120])
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    page, name, _ = opened
    page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    if name in KINDS:
        assert look(390, "light", runOnly=NARROW) == []
        assert look(1280, "light", runOnly=["color-contrast"]) == []
        assert look(1280, "dark", runOnly=["color-contrast"]) == []
    page.evaluate(SILENT)
    assert look(1280, "light", rules={"color-contrast": {"enabled": False}}) == []


def test_the_cheat_sheet_prints_on_one_page(html, chromium):
    page = chromium.new_page()
    page.goto((html / "chapters" / "cheat-sheet.html").as_uri(), wait_until="load")
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_a_first_visit_weighs_at_most_500_kb_and_nothing_jumps(html, chromium):
    heaviest = max(html.glob("chapters/*.html"), key=compressed)
    with served(html) as address:
        page = chromium.new_page(viewport={"width": 390, "height": 844})
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        received = []
        network.on("Network.loadingFinished", lambda end: received.append(end["encodedDataLength"]))
        page.goto(f"{address}chapters/{heaviest.name}", wait_until="networkidle")
        shift = page.evaluate(
            "new Promise(done => { let sum = 0; new PerformanceObserver(list => {"
            "list.getEntries().forEach(entry => { sum += entry.value; }); })"
            ".observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 500); })"
        )
        page.close()
    assert received
    assert sum(received) <= 500_000, heaviest.name
    assert shift <= 0.05


def test_search_finds_pages_from_a_folder_and_from_a_server(html, chromium):
    complaints = []
    with served(html) as address:
        for base in (f"{html.as_uri()}/", address):
            page = chromium.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"{base}search.html?q=huber")
            page.wait_for_selector("#search-results ul.search li a")
            titles = page.locator("#search-results ul.search > li > a").all_inner_texts()
            assert any("Huber loss" in title for title in titles)
            page.wait_for_function(
                "document.querySelector('#search-results').innerText.includes('finished')"
            )
            page.close()
    assert not complaints


def test_a_wrong_address_leads_back(html, chromium):
    with served(html) as address:
        page = chromium.new_page()
        page.goto(f"{address}chapters/no/such/page.html")
        page.get_by_role("link", name="the first page").click()
        assert page.url == f"{address}index.html"
        page.close()


def test_figures_are_those_of_the_notebooks(html, chromium, tmp_path):
    """The drawing in the page, moved to some states, is the one that a notebook draws itself."""
    compare = """async () => {
      const [mine, theirs] = document.querySelectorAll(".livefigure");
      const wait = () => new Promise(done => setTimeout(done, 60));
      const seen = (figure) => figure.querySelector("svg").outerHTML
        .replace(/lf[0-9a-z]{8,10}-/g, "~").replace(/ (role|aria-label)="[^"]*"/g, "")
        + figure.querySelector("svg").getAttribute("aria-label");
      const ends = [...mine.querySelectorAll("input[type=range]")].map((input) => input.max);
      while (mine.querySelector("input:disabled")) await wait();
      const differ = [];
      for (const place of [null, 0, 0.37, 1]) {
        for (const figure of [mine, theirs]) {
          if (place !== null) figure.querySelectorAll("input[type=range]").forEach((input, i) => {
            input.value = Math.round(place * ends[i]);
            input.dispatchEvent(new Event("input"));
          });
        }
        if (seen(mine) !== seen(theirs)) differ.push([place, seen(mine), seen(theirs)]);
      }
      return differ;
    }"""
    page = chromium.new_page()
    shown = list(first_figures())
    assert shown
    for number, original in enumerate(shown[:: max(1, len(shown) // 12)]):
        text = figures.lighten(
            f"<html><head></head><body>{original}</body></html>",
            lambda name, _resource: name,
            tmp_path / "_static",
        )
        (tmp_path / "_static").mkdir(exist_ok=True)
        (tmp_path / "_static" / "livefigure.js").write_text(figures.script(), "utf-8")
        path = tmp_path / f"{number}.html"
        path.write_text(text.replace("</body>", f"{original}</body>"), "utf-8")
        page.goto(path.as_uri())
        assert page.evaluate(compare) == [], original[:200]
    page.close()
