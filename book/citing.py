"""Sphinx extension: the page on citing says what CITATION.cff says, and the footer the version."""

import yaml

from book import ROOT

PAGE = "chapters/citing"


def citation():
    """Return what ``CITATION.cff`` holds."""
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def as_text(cff, address):
    """Return the citation as a line of a list of references."""
    return (
        f"{_authors(cff)[0].upper()}{_authors(cff)[1:]} ({cff['date-released'].year}). "
        f"*{cff['title']}* (version {cff['version']}). [{address}]({address})"
    )


def as_bibtex(cff, address):
    """Return the citation as an entry for BibTeX."""
    return "\n".join(
        [
            "@misc{mastering_loss_functions,",
            f"  title   = {{{{{cff['title']}}}}},",
            f"  author  = {{{{{_authors(cff)}}}}},",
            f"  year    = {{{cff['date-released'].year}}},",
            f"  version = {{{cff['version']}}},",
            f"  url     = {{{address}}},",
            "}",
        ]
    )


def _authors(cff):
    return " and ".join(author["name"] for author in cff["authors"])


def _fill_in(app, docname, source):
    if docname == PAGE:
        cff, options = citation(), app.config.html_theme_options
        url, branch = options["repository_url"], options["repository_branch"]
        for name, value in {
            "text": as_text(cff, app.config.html_baseurl),
            "bibtex": as_bibtex(cff, app.config.html_baseurl),
            "file": f"{url}/blob/{branch}/CITATION.cff",
        }.items():
            source[0] = source[0].replace(f"{{{{ citation_{name} }}}}", value)


def _configure(_app, config):
    config.html_context["course_version"] = citation()["version"]


def setup(app):
    """Connect the hooks above."""
    app.connect("config-inited", _configure)
    app.connect("source-read", _fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
