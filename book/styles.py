"""One style sheet for the site, of the theme's dozen: what no page uses is left out of it."""

import re
from posixpath import dirname, join, normpath

IMPORT = re.compile(r"""@import (?:url\()?["']([^"']+)["']\)?;""")
URL = re.compile(r"""url\(\s*["']?(?!data:|#|https?:)([^"')]+)["']?\s*\)""")
COMMENT = re.compile(r"/\*.*?\*/|@charset [^;]*;", re.DOTALL)
# What must hold inside these parentheses holds for one of many, or must not hold.
ALTERNATIVES = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
NAME = re.compile(r"[.#]((?:[\w-]|\\.)+)")
COMMA = re.compile(r",(?![^()]*\))")
USED = re.compile(r'\s(?:class|id)="([^"]*)"')
WORD = re.compile(r"[A-Za-z_][\w-]*")


def bundle(static, names, used):
    """Return the style sheets as one, without the rules for what is not used.

    Parameters
    ----------
    static : pathlib.Path
        The site's folder ``_static``, where the bundle will be.
    names : iterable of str
        The style sheets in this folder, in the order in which they apply.
    used : set of str
        The classes and ids that elements may have.
    """
    return "".join(_pruned(_read(static, name), used) for name in names)


def used(html, scripts):
    """Return the classes and ids that elements may have: in a page, or from a script."""
    found = {name for text in html for value in set(USED.findall(text)) for name in value.split()}
    return found.union(*(WORD.findall(text) for text in scripts))


def _read(static, name):
    """Return a style sheet with what it imports, its addresses seen from ``_static``."""
    folder = dirname(name)
    css = COMMENT.sub("", (static / name).read_text("utf-8"))
    css = URL.sub(lambda match: f"url({normpath(join(folder, match[1]))})", css)
    return IMPORT.sub(lambda match: _read(static, normpath(join(folder, match[1]))), css)


def _pruned(css, used):
    kept = []
    for prelude, block in _rules(css):
        if prelude.startswith(("@media", "@supports", "@layer", "@container")):
            if inner := _pruned(block, used):
                kept.append(f"{prelude}{{{inner}}}\n")
        elif prelude == "@font-face" and "Font Awesome" in block:
            continue  # book/icons.py draws instead
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{block}}}\n" if block is not None else f"{prelude};\n")
        elif selectors := [one for one in COMMA.split(prelude) if _may_match(one, used)]:
            kept.append(f"{','.join(selectors)}{{{block}}}\n")
    return "".join(kept)


def _may_match(selector, used):
    names = NAME.findall(ALTERNATIVES.sub("", selector))
    return all("\\" in name or name in used for name in names)


def _rules(css):
    """Yield every rule at the outermost level: what is before its braces, and what is inside."""
    start = position = depth = 0
    prelude = ""
    for match in re.finditer(r"""[{};]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", css):
        sign, position = match.group(), match.start()
        if sign == "{":
            if depth == 0:
                prelude, start = css[start:position].strip(), position + 1
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield prelude, " ".join(css[start:position].split())
                start = position + 1
        elif sign == ";" and depth == 0:
            yield css[start:position].strip(), None
            start = position + 1
