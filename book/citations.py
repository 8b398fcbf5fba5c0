"""Sphinx extension: citations as "Huber (1964)", and a bibliography in the order of those names."""

from dataclasses import dataclass, field

from pybtex import plugin as formatting
from pybtex.style.formatting.plain import Style
from sphinxcontrib.bibtex import plugin as referencing
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def _round():
    return BracketStyle(left="(", right=")")


@dataclass
class Referencing(AuthorYearReferenceStyle):
    """Author and year, with round brackets."""

    bracket_textual: BracketStyle = field(default_factory=_round)
    bracket_parenthetical: BracketStyle = field(default_factory=_round)


class Formatting(Style):
    """Entries that begin with the name they are sorted and cited by."""

    default_name_style = "lastfirst"


def setup(_app):
    """Register the styles under the name ``course``."""
    referencing.register_plugin("sphinxcontrib.bibtex.style.referencing", "course", Referencing)
    formatting.register_plugin("pybtex.style.formatting", "course", Formatting)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
