"""Sphinx extension: references in docstrings are a numbered list of each docstring's own.

Sphinx takes ``[1]_`` for a footnote of the whole page, of which there can be one.
"""

import re

MENTION = re.compile(r"\[(\d+)\]_")
ENTRY = re.compile(r"^( *)\.\. \[(\d+)\] ")


def _number_references(_app, _what, _name, _object, _options, lines):
    entry = None
    for position, written in enumerate(lines):
        line = MENTION.sub(r"[\1]", written)
        if match := ENTRY.match(line):
            entry = len(match[1])
            line = ENTRY.sub(r"\1\2. ", line)
        elif entry is not None and line.startswith(" " * (entry + 1)):
            line = " " * (entry + 3) + line.strip()
        else:
            entry = None
        lines[position] = line


def setup(app):
    """Connect the hook above, before napoleon reads the sections."""
    app.connect("autodoc-process-docstring", _number_references, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
