"""Sphinx extension: KaTeX typesets the formulas when the book is built.

Readers get HTML for the eye and MathML for screen readers, and no script. A formula that KaTeX
cannot read is a warning, which fails the strict build. KaTeX itself is vendored, see
``book/katex/README.md``; it runs in V8, through mini-racer.
"""

import atexit
import re
from functools import cache

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number, wrap_displaymath

from book import ROOT

logger = logging.getLogger(__name__)

KATEX = ROOT / "book" / "katex" / "katex.min.js"
# Sphinx numbers equations, so the environments that would number themselves are starred.
NUMBERING = re.compile(r"\\(begin|end)\{(equation|align|alignat|gather)\}")
CLOSING = re.compile(r"[,.;:!?)\]’”…–-]+")
BETWEEN = re.compile(r'(</span>)(<span class="katex-base">)')
# The MathML says all; its copy of the source would be an eighth of the formulas' weight.
SOURCE = re.compile(r'<annotation.*?</annotation>|</?semantics>| columnspacing=""', re.DOTALL)


@cache
def _engine():
    engine = MiniRacer()
    atexit.register(engine.close)  # later, Python 3.13 would wait for its thread for ever
    engine.eval(KATEX.read_text(encoding="utf-8"))
    return engine


@cache
def typeset(tex, *, display=False):
    """Return the HTML and MathML of a formula; ``ValueError`` if KaTeX cannot read it."""
    options = {"displayMode": display, "strict": "error"}
    try:
        return SOURCE.sub("", _engine().call("katex.renderToString", tex, options))
    except JSEvalException as error:
        reason = re.search(r"(?:ParseError|Error): (.*)", str(error))
        raise ValueError(reason.group(1) if reason else str(error)) from error


def _typeset_node(tex, node, *, display):
    try:
        return typeset(tex, display=display)
    except ValueError as error:
        logger.warning("%s", error, location=node, type="katex")
        return ""


def hold_punctuation(_app, doctree, _docname):
    """Give what closes a formula to it: browsers would let a comma begin the next line."""
    for node in list(doctree.findall(nodes.math)):
        position = node.parent.index(node) + 1
        following = node.parent[position] if position < len(node.parent) else None
        if isinstance(following, nodes.Text) and (match := CLOSING.match(following)):
            node["closing"] = match.group()
            node.parent[position] = nodes.Text(following[match.end() :])


def visit_math(translator, node):
    """Write a formula within a line."""
    html = _typeset_node(node.astext(), node, display=False)
    html = f"{translator.starttag(node, 'span', '', CLASS='math')}{html}</span>"
    if closing := node.get("closing"):
        html = BETWEEN.sub(r"\1<wbr>\2", html)  # where the formula itself may break
        html = f'<span class="held">{html}{translator.encode(closing)}</span>'
    translator.body.append(html)
    raise nodes.SkipNode


def visit_display(translator, node):
    """Write a formula on a line of its own, with its number if it has one."""
    tex = node.astext()
    if not node.get("nowrap", node.get("no-wrap")):
        tex = wrap_displaymath(tex, None, numbering=False)
    html = _typeset_node(NUMBERING.sub(r"\\\1{\2*}", tex).strip(), node, display=True)
    translator.body.append(translator.starttag(node, "div", "", CLASS="math"))
    translator.body.append(html)
    if node["number"]:
        translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app):
    """Register the renderer that ``html_math_renderer`` names."""
    app.connect("doctree-resolved", hold_punctuation)
    app.add_html_math_renderer("katex", (visit_math, None), (visit_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
