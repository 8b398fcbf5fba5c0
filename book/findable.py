"""Sphinx extension: what search engines, social media and lost readers need.

Every page gets a description and a card; the site gets a map and a page for wrong addresses. All
addresses begin with that of the published site, which follows from the repository's: a fork needs
no edit. ``BOOK_URL`` overrides it, for a domain of one's own.
"""

import hashlib
import os
import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape as escape_xml

from docutils import nodes
from PIL import Image, ImageDraw, ImageFont

from book import ROOT, logo

DESCRIPTION = (
    "A course of executable notebooks: eight loss functions of deep learning, derived step by "
    "step, written in NumPy, and shown at work on real data."
)
LENGTH = 160  # of a description; search engines show no more
FACE = ROOT / "book" / "static" / "fonts" / "source-serif-4-latin-wght-normal.woff2"
CHAPTER = re.compile(r"chapters/(\d\d)-")
UNDRAWN = re.compile(r"[^\x20-\u024f\u2010-\u2027]+")  # what the face does not hold: emoji
SIZE = (1200, 630)


def site_address(repository, variables=os.environ):
    """Return where the site of a repository is published, with a slash at the end."""
    if address := variables.get("BOOK_URL"):
        return address.rstrip("/") + "/"
    host, path = urlsplit(repository).netloc, urlsplit(repository).path.strip("/")
    owner, _, name = path.partition("/")
    pages = {"github.com": "github.io", "gitlab.com": "gitlab.io"}.get(host)
    if not pages:
        return repository.rstrip("/") + "/"
    home = f"https://{owner.lower()}.{pages}/"
    return home if name.lower() == f"{owner.lower()}.{pages}" else f"{home}{name}/"


def _configure(_app, config):
    config.html_baseurl = site_address(config.html_theme_options["repository_url"])
    config.html_additional_pages["404"] = "404.html"


def description(doctree):
    """Return the first paragraph that says something, in whole words, for a page's description."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = " ".join(paragraph.astext().split())
        if len(text) >= 50 and not paragraph.next_node(nodes.math):
            if len(text) <= LENGTH:
                return text
            return text[: LENGTH - 1].rsplit(" ", 1)[0].rstrip(" ,;:–") + "…"
    return DESCRIPTION


def _add_metadata(app, pagename, _template, context, doctree):
    title = context.get("title") or context["docstitle"]
    title = re.sub(r"<[^>]+>", "", title)
    book, base = app.config.html_title, app.config.html_baseurl
    address = base if pagename == app.config.root_doc else f"{base}{pagename}.html"
    text = escape(description(doctree), quote=True)
    card = _card(app, pagename, title)
    full = book if pagename == app.config.root_doc else f"{title} · {book}"
    tags = [
        ("name", "description", text),
        ("property", "og:type", "article" if CHAPTER.match(pagename) else "website"),
        ("property", "og:site_name", escape(book)),
        ("property", "og:title", escape(full)),
        ("property", "og:description", text),
        ("property", "og:url", address),
        ("property", "og:image", base + card),
        ("property", "og:image:width", SIZE[0]),
        ("property", "og:image:height", SIZE[1]),
        ("property", "og:image:alt", escape(f"Title card: {title}")),
        ("name", "twitter:card", "summary_large_image"),
        ("name", "theme-color", logo.PAPER),
    ]
    context["metatags"] = context.get("metatags", "") + "".join(
        f'\n<meta {key}="{name}" content="{value}"/>' for key, name, value in tags
    )
    icon = context["pathto"]("_static/icon.png", 1)
    context["metatags"] += f'\n<link rel="apple-touch-icon" href="{icon}"/>'
    if pagename == "404":
        context["site_root"] = urlsplit(base).path
        context["chapters"] = _chapters(app)


def _chapters(app):
    names = sorted(name for name in app.env.titles if CHAPTER.match(name))
    return [
        (f"{name}.html", int(CHAPTER.match(name)[1]), app.env.titles[name].astext())
        for name in names
        if not name.endswith("-practice")
    ]


def _card(app, pagename, title):
    """Draw the page's card, unless it is there; return its address within the site."""
    match = CHAPTER.match(pagename)
    above = f"Chapter {int(match[1])}" if match else ""
    title = " ".join(UNDRAWN.sub(" ", title).split())
    drawn = Path(logo.__file__).read_bytes() + Path(__file__).read_bytes()
    name = hashlib.sha256(f"{above}|{title}".encode() + drawn).hexdigest()[:12]
    path = Path(app.outdir) / "_static" / "cards" / f"{name}.png"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        below = "" if pagename == app.config.root_doc else app.config.html_title
        card(above, title, below).save(path, optimize=True)
    return f"_static/cards/{path.name}"


def card(above, title, below):
    """Return a title card as a picture: what goes above the title, the title, and below it."""
    picture = Image.new("RGB", SIZE, logo.PAPER)
    pen = ImageDraw.Draw(picture)
    picture.paste(logo.draw(150), (90, 80))
    pen.text((92, 300), above.upper(), fill=logo.DOT, font=_font(30, 600))
    size = 92
    while len(lines := _wrap(title, _font(size, 600))) > 2 or _too_wide(lines, _font(size, 600)):
        size -= 6
    for number, line in enumerate(lines):
        pen.text((88, 335 + number * size * 1.12), line, fill="#191b22", font=_font(size, 600))
    pen.text((92, 560), below, fill="#595c66", font=_font(32, 400))
    pen.rectangle((0, SIZE[1] - 12, SIZE[0], SIZE[1]), fill=logo.INK)
    return picture.quantize(64)


def _font(size, weight):
    font = ImageFont.truetype(FACE, size)
    font.set_variation_by_axes([weight])
    return font


def _wrap(title, font):
    lines = [""]
    for word in title.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > SIZE[0] - 180:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _too_wide(lines, font):
    return any(font.getlength(line) > SIZE[0] - 180 for line in lines)


def _write_map(app, exception):
    """Write ``sitemap.xml`` and ``robots.txt``."""
    if exception or app.builder.name != "html":
        return
    base, outdir = app.config.html_baseurl, Path(app.outdir)
    names = sorted(app.env.found_docs | {"genindex"})
    addresses = [base if name == app.config.root_doc else f"{base}{name}.html" for name in names]
    lines = [f"<url><loc>{escape_xml(address)}</loc></url>" for address in addresses]
    (outdir / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(lines)
        + "\n</urlset>\n",
        "utf-8",
    )
    (outdir / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n")


def setup(app):
    """Connect the hooks, that for addresses after ``book.site`` knows the repository's."""
    app.connect("config-inited", _configure, priority=900)
    app.connect("html-page-context", _add_metadata)
    app.connect("build-finished", _write_map)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
