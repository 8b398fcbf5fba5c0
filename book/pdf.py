"""Print the whole book into one PDF: ``python -m book.pdf [--out DIR]`` (needs Chromium).

The pages of the built site are put one after another into one page, in the order of the
contents, with links between them that stay in the book.
"""

import argparse
import re
import sys
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath

import yaml
from playwright.sync_api import sync_playwright

from book import ROOT, browser, build
from book.citing import citation

ARTICLE = re.compile(r'<article class="bd-article">(.*)</article>', re.DOTALL)
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
FIGURE_CODE = re.compile(
    r'(<div class="cell tag_hide-input[^>]*>\s*)<details class="hide.*?</details>', re.DOTALL
)
ID = re.compile(r'\sid="([^"]+)"')
LINK = re.compile(r'\shref="([^"#][^"]*\.html)?(#[^"]*)?"')
SOURCE = re.compile(r'\ssrc="(?!data:|https?:)([^"]+)"')
TITLE = re.compile(r"<h1>(.*?)<a class=\"headerlink\"", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
LEFT_OUT = {"index", "genindex", "chapters/running"}  # what only a browser can use


def documents():
    """Return the parts of the book with the names of their pages, in the order of the contents."""
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))

    def names(items):
        for item in items:
            yield item["file"].removesuffix(".ipynb").removesuffix(".md")
            yield from names(item.get("sections", []))

    return [(part["caption"], list(names(part["chapters"]))) for part in contents["parts"]]


def assemble(html):
    """Return the book as one page, for the folder of the built site."""
    kept = [(caption, [n for n in names if n not in LEFT_OUT]) for caption, names in documents()]
    pages = {name: _page(html, name) for _, names in kept for name in names}
    contents = "".join(
        f"<p>{escape(caption)}</p><ul>"
        + "".join(f'<li><a href="#{name}">{_title(pages[name])}</a></li>' for name in names)
        + "</ul>"
        for caption, names in kept
    )
    head = (html / "index.html").read_text("utf-8")
    style = re.search(r'href="([^"]*site\.css[^"]*)"', head)[1]
    own = Path(__file__).with_suffix(".css").read_text("utf-8")
    cff = citation()
    return (
        f'<!DOCTYPE html>\n<html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{escape(cff['title'])}</title>"
        f'<link rel="stylesheet" href="{style}"><style>{own}</style></head>'
        '<body><main class="bd-main"><div class="bd-content"><div class="bd-article-container">'
        f'<section class="book-title"><img src="_static/logo.svg" alt="" width="120">'
        f"<h1>{escape(cff['title'])}</h1><p>{escape(cff['authors'][0]['name'])}</p>"
        f"<p>Version {cff['version']}, {cff['date-released']:%Y}</p></section>"
        f'<nav class="book-contents"><h2>Contents</h2>{contents}</nav>'
        + "\n".join(
            f'<article class="bd-article book-page" id="{name}">{text}</article>'
            for name, text in pages.items()
        )
        + "</div></div></main></body></html>\n"
    )


def _page(html, name):
    """Return what a page says, with ids and links that hold in the whole book."""
    text = ARTICLE.search((html / f"{name}.html").read_text("utf-8"))[1]
    text = FIGURE_CODE.sub(r"\1", SCRIPT.sub("", text)).replace("<details", "<details open")
    folder = dirname(name)

    def link(match):
        file, anchor = match[1], match[2] or ""
        if anchor.startswith("#lf"):  # within a drawing
            return match[0]
        if file and "://" in file:
            return match[0]
        target = normpath(join(folder, file)).removesuffix(".html") if file else name
        return f' href="#{target}{"--" + anchor[1:] if len(anchor) > 1 else ""}"'

    text = ID.sub(lambda m: m[0] if m[1].startswith("lf") else f' id="{name}--{m[1]}"', text)
    text = LINK.sub(link, text)
    return SOURCE.sub(lambda m: f' src="{normpath(join(folder, m[1]))}"', text)


def _title(text):
    above = re.search(r'<p class="chapter-number">Chapter (\d+)</p>', text)
    title = TAG.sub("", TITLE.search(text)[1]).strip()
    return f"{above[1]} · {title}" if above else title


def main(arguments=None):
    """Build the site, assemble the book, and print it."""
    parser = argparse.ArgumentParser(prog="python -m book.pdf", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT, help="the book goes to OUT/_build/pdf")
    parser.add_argument(
        "--no-execute", action="store_true", help="take the notebooks' outputs as they stand"
    )
    options = parser.parse_args(arguments)
    if browser.find() is None:
        print("Chromium was not found: README.md says how to get it.", file=sys.stderr)
        return 1
    out = options.out.resolve()
    if status := build.build(out, execute=not options.no_execute):
        return status
    html, pdf = out / "_build" / "html", out / "_build" / "pdf" / "mastering-loss-functions.pdf"
    pdf.parent.mkdir(parents=True, exist_ok=True)
    single = html / "_book.html"  # beside what it shows
    single.write_text(assemble(html), "utf-8")
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser.find(), args=browser.OPTIONS
            )
            page = chromium.new_page()
            page.goto(single.as_uri(), wait_until="load", timeout=300_000)
            page.evaluate("document.fonts.ready.then(() => true)")
            page.set_default_timeout(600_000)
            page.pdf(path=pdf, prefer_css_page_size=True, outline=True, tagged=True)
            chromium.close()
    finally:
        single.unlink()
    print(f"Open {pdf.as_uri()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
