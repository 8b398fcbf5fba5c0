"""Sphinx extension: names from the course's packages in code lead to their documentation.

A name is linked where a cell of the page has imported it from `lossfns` or `losslab`, until a
cell gives it another meaning.
"""

import ast
import re
from html import unescape

PACKAGES = ("lossfns", "losslab")
BLOCK = re.compile(r'<div class="highlight"><pre>.*?</pre>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
NAMES = re.compile(
    r'<span class="n">(\w+)</span>(?:<span class="o">\.</span><span class="n">(\w+)</span>)?'
)


def linked(html, address):
    """Return a page with links in its code.

    Parameters
    ----------
    html : str
        The page.
    address : function
        Gives the address of an object's documentation by its full name, or None.
    """
    meanings = {}

    def link_block(block):
        code = unescape(TAG.sub("", block.group()))
        try:
            tree = ast.parse(code)
        except SyntaxError:  # an output, or with commands of IPython
            return block.group()
        meanings.update(_imported(tree))
        own = _own(tree)

        def link(match):
            full = None if match[1] in own else meanings.get(match[1])
            target = full and address(f"{full}.{match[2]}" if match[2] else full)
            return (
                f'<a class="code-link" href="{target}">{match.group()}</a>' if target else match[0]
            )

        text = NAMES.sub(link, block.group())
        for name in own:
            meanings.pop(name, None)
        return text

    return BLOCK.sub(link_block, html)


def _imported(tree):
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(PACKAGES)
        for alias in node.names
    }


def _own(tree):
    """Return the names to which the code gives a meaning of its own."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def _link(app, pagename, _template, context, doctree):
    documented = app.env.domains["py"].objects

    def address(name):
        if name in documented:
            entry = documented[name]
            return f"{app.builder.get_relative_uri(pagename, entry.docname)}#{entry.node_id}"
        return None

    if doctree is not None and "body" in context:
        context["body"] = linked(context["body"], address)


def setup(app):
    """Connect the hook above."""
    app.connect("html-page-context", _link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
