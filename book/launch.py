"""Sphinx extension: a button for the reader's own JupyterHub, and the page about running.

The theme has buttons for Binder and Colab, and one for a single JupyterHub. A campus that builds
the site for itself names its hub in the variable ``BOOK_JUPYTERHUB``. Elsewhere nobody knows the
reader's hub, so the button leads to a form that asks for it once.
"""

import os

FORM = "chapters/running"
ADDRESSED = (FORM, "chapters/instructor-guide")  # pages with commands that name the repository


def _configure(_app, config):
    if hub := os.environ.get("BOOK_JUPYTERHUB"):
        config.html_theme_options["launch_buttons"]["jupyterhub_url"] = hub


def _add_button(app, pagename, _template, context, _doctree):
    if app.config.html_theme_options["launch_buttons"].get("jupyterhub_url"):
        return
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            form = context["pathto"](FORM)
            group["buttons"].append(
                {
                    "type": "link",
                    "text": "JupyterHub",
                    "tooltip": "Launch on a JupyterHub",
                    "icon": "_static/images/logo_jupyterhub.svg",
                    "url": f"{form}?notebook={pagename}.ipynb#jupyterhub",
                }
            )


def _fill_in(app, docname, source):
    """Put the repository's address into the page's commands, where MyST substitutes nothing."""
    if docname in ADDRESSED:
        options = app.config.html_theme_options
        url, branch = options["repository_url"], options["repository_branch"]
        values = {"url": url, "name": url.rsplit("/", 1)[-1], "branch": branch}
        for name, value in values.items():
            source[0] = source[0].replace(f"{{{{ repository_{name} }}}}", value)


def setup(app):
    """Connect the hooks above, the button after the theme's."""
    app.connect("config-inited", _configure)
    app.connect("source-read", _fill_in)
    app.connect("html-page-context", _add_button, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
