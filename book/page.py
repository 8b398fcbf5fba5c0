"""Sphinx extension: the last hand on every page, between the theme's template and the file.

What a browser needs is made light and kept once: icons are a few lines of SVG, scripts wait
until the page is read, figures share their code. What the theme leaves unnamed gets a name
for those who listen to the page.
"""

import json
import re
import shutil
from pathlib import Path

from sphinx.jinja2glue import BuiltinTemplateLoader
from sphinx.util import logging

from book import figures, icons, styles

logger = logging.getLogger(__name__)

ICON = re.compile(r'<(i|span) class="([^"]*\bfa[srb]?\b[^"]*|fa-[^"]*)"([^>]*)></\1>')
# Inline scripts set options of this one, so it cannot wait.
SCRIPT = re.compile(
    r'<script (?=[^>]*\bsrc=")(?![^>]*(?:\b(?:defer|async)\b|/documentation_options\.js))'
)
FONT_AWESOME = re.compile(
    r"\s*<!-- So that users can add custom icons -->\s*<script[^>]*></script>"
)
# They wait, and must not be in the way of what is seen first.
SCRIPT_PRELOAD = re.compile(r'\s*<link rel="preload" as="script"[^>]*>')
# Names, punctuation, operators and spaces have the colour of the code around them.
PLAIN = re.compile(r'<span class="[npow]">([^<]*)</span>')
STYLE = re.compile(
    r'\s*<link (?=[^>]*rel="stylesheet")[^>]*href="[^"]*_static/([^"?]+)[^"]*"[^>]*>'
)
# What the theme lays out the whole page for; course.js does the same as the page is read.
TAB_STOPS = (
    'pre",".nboutput > .output_area",".cell_output > .output",".jp-RenderedHTMLCommon",'
    '".pst-scrollable-table-container'
)
ALWAYS = {"genindex", "search", "404"}  # written by every build
BUNDLE = "site.css"


class Bridge(BuiltinTemplateLoader):
    """Sphinx's templates, with `finish` applied to what they give."""

    def init(self, builder, *arguments, **keywords):
        """Remember where the site's own files go."""
        super().init(builder, *arguments, **keywords)
        self.static = Path(builder.outdir) / "_static"
        self.styles = {}
        self.changed = False
        self.version = builder.config.book_version

    def render(self, template, context):
        """Return the finished text of a page."""
        text = super().render(template, context)
        if "pathto" not in context:
            return text
        self.changed |= context["pagename"] not in ALWAYS
        text = finish(text, context["pagename"], context["pathto"], self.static)
        return _bundle_styles(text, context["pathto"], self.styles, self.version)


def finish(html, pagename, pathto, static):
    """Return the page as it is written.

    Parameters
    ----------
    html : str
        As the theme's template gives it.
    pagename : str
        Name of the page in the contents.
    pathto : function
        Gives the address of a file of the site, from this page.
    static : pathlib.Path
        The site's folder ``_static``.
    """
    html = FONT_AWESOME.sub("", html)
    html = ICON.sub(_icon, html)
    html = _name(html)
    html = _number(html, pagename)
    html = SCRIPT_PRELOAD.sub("", html)
    html = PLAIN.sub(r"\1", html)
    html = _preload(html, pathto)
    html = SCRIPT.sub("<script defer ", html)
    return figures.lighten(html, pathto, static)


def _icon(match):
    _, classes, attributes = match.groups()
    names = [name for name in classes.split() if name.startswith("fa-")]
    kept = [name for name in classes.split() if not name.startswith("fa")]
    name = next((n[3:] for n in names if n[3:] not in {"solid", "brands", "regular", "lg"}), "")
    attributes = "".join(re.findall(r' data-[\w-]+="[^"]*"', attributes))
    try:
        return icons.svg(name, attributes=f' class="{" ".join(["icon", *kept])}"{attributes}')
    except KeyError:
        logger.warning("no icon is drawn for fa-%s: book/icons.py", name, type="icons")
        return ""


# What the theme leaves without a name, or with one that differs from what is seen.
NAMES = [
    ('<summary aria-label="Toggle hidden content">', "<summary>"),
    ('<meta name="viewport" content="width=device-width, initial-scale=1" />', ""),
    ('console.log("[PST]', 'void("[PST]'),
    ('<details class="admonition hide ', '<details class="hide '),
    (
        '<div id="pst-primary-sidebar" class=',
        '<div id="pst-primary-sidebar" role="complementary" aria-label="The book" class=',
    ),
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
    (' role="doc-biblioentry"', ""),
    ('<th class="head"><p></p></th>', "<td></td>"),
    ('title="Search" aria-label="Search"', 'title="Search"'),
    (' aria-label="Color mode" data-bs-title="Color mode"', ' title="Light or dark"'),
    ('title="Toggle primary sidebar"', 'title="Contents of the book"'),
    ('title="Toggle secondary sidebar"', 'title="Contents of this page"'),
]
FOLDED = re.compile(r'<p class="(collapsed|expanded) admonition-title">(.*?)</p>')
LIST_IN_PARAGRAPH = re.compile(r"<p>(<ul\b.*?</ul>)\s*</p>", re.DOTALL)
MATHS_HEADER = re.compile(
    r'(<th class="head"><p>)<span class="math"(>(?:(?!</th>).)*?(<math.*?</math>))', re.DOTALL
)
DOI = re.compile(r'href="https://doi\.org/[^"]*&[lg]t;[^"]*"')
SECTIONS = re.compile(
    r'(<a class="[^"]*reference internal" href="[^"]*">)([^<]*)(</a><details[^>]*><summary)>'
)
PRELOADED = [
    "fonts/source-serif-4-latin-wght-normal.woff2",
    "fonts/source-serif-4-latin-wght-italic.woff2",
]
PRELOAD = (
    'if(location.protocol!="file:")%s.forEach(href=>document.head.append(Object.assign('
    'document.createElement("link"),{rel:"preload",as:"font",type:"font/woff2",crossOrigin:"",href})))'
)
CHAPTER = re.compile(r"chapters/(\d\d)-")
CHAPTER_LINK = re.compile(
    r'(<li class="toctree-l1[^"]*"><a class="[^"]*" href="(?:(?:[^"]*/)?(\d\d)-[^"]*|#)">)'
)


def _name(html):
    for old, new in NAMES:
        html = html.replace(old, new)
    html = DOI.sub(lambda match: match[0].replace("&lt;", "%3C").replace("&gt;", "%3E"), html)
    html = MATHS_HEADER.sub(_name_header, html)
    html = LIST_IN_PARAGRAPH.sub(r"\1", html)
    html = FOLDED.sub(r'<span class="\1">\2</span>', html)
    return SECTIONS.sub(r'\1\2\3 aria-label="Practice of: \2">', html)


def _name_header(match):
    """Give a header of a table that is a formula a name that is not one."""
    name = f'<span class="visually-hidden">{re.sub("<[^>]+>", "", match[3])}</span>'
    return f'{match[1]}{name}<span class="math" aria-hidden="true"{match[2]}'


def _number(html, pagename):
    """Write the chapter's number over its title, and into the contents of the book."""
    own = CHAPTER.match(pagename)

    def mark(match):
        number = match[2] or (own and own[1])  # a page's link to itself is "#"
        return f'{match[1]}<span class="chapter-mark">{int(number)}</span> ' if number else match[1]

    html = CHAPTER_LINK.sub(mark, html)
    if own:
        eyebrow = f'<p class="chapter-number">Chapter {int(own[1])}</p>'
        html = html.replace("<h1>", f"{eyebrow}\n<h1>", 1)
    return html


def _preload(html, pathto):
    """Ask for the fonts of text at once, rather than when the styles have come.

    By a script, because a browser refuses such a link on a page opened from a folder.
    """
    addresses = json.dumps([pathto(f"_static/{name}", 1) for name in PRELOADED])
    return html.replace("<title>", f"<script>{PRELOAD % addresses}</script>\n<title>", 1)


def _bundle_styles(html, pathto, names, version):
    """Ask for one style sheet in the place of many, whose names are noted."""
    found = STYLE.findall(html)
    if not found:
        return html
    names.update(dict.fromkeys(found))
    address = f"{pathto(f'_static/{BUNDLE}', 1)}?v={version}"
    link = f'<link rel="stylesheet" href="{address}"/>'
    return STYLE.sub("", html).replace("</title>", f"</title>\n{link}", 1)


def _lighten_static_files(app, exception):
    """Write what the pages share, and take away what no page uses any more."""
    if exception or not isinstance(app.builder.templates, Bridge):
        return
    outdir, names = Path(app.outdir), app.builder.templates.styles
    static = outdir / "_static"
    for script in [*(static / "scripts").glob("*theme.js"), static / "togglebutton.js"]:
        text = script.read_text("utf-8").replace("console.log(", "void(")
        script.write_text(text.replace(TAB_STOPS, "none"), "utf-8")
    for unused in [static / "scripts" / "fontawesome.js", *static.rglob("*.map")]:
        unused.unlink(missing_ok=True)
    if app.builder.templates.changed or not (static / BUNDLE).exists():
        (static / "livefigure.js").write_text(figures.script(), "utf-8")
        (static / "livefigure.css").write_text(figures.styles(), "utf-8")
        pages = (path.read_text("utf-8") for path in outdir.rglob("*.html"))
        scripts = (path.read_text("utf-8") for path in static.rglob("*.js"))
        css = styles.bundle(static, [*names, "livefigure.css"], styles.used(pages, scripts))
        (static / BUNDLE).write_text(css, "utf-8")
    for unused in static.rglob("*.css"):
        if unused.name != BUNDLE:
            unused.unlink()
    shutil.rmtree(static / "vendor", ignore_errors=True)


def setup(app):
    """Put `Bridge` in the place of Sphinx's own."""
    app.config.template_bridge = "book.page.Bridge"
    # After the theme has written its colours of code.
    app.connect("build-finished", _lighten_static_files, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
