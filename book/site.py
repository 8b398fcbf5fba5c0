"""Sphinx extension: repository links that follow a fork, execution, numbers of figures."""

import hashlib
import os
import re
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

from book import ROOT, reference

REMOTE = re.compile(r"(?:https://(?:[^@/]+@)?|ssh://git@|git@)([\w.-]+)[:/](.+?)(?:\.git)?/?")
CHAPTER = re.compile(r"chapters/(\d\d)-")


def repository(config_url, config_branch, variables=os.environ, git=None):
    """Return the address and the branch that the site's links should lead to.

    The first that is known of: the variables ``BOOK_REPOSITORY`` and ``BOOK_BRANCH``; those of
    GitHub Actions; the remote ``origin`` and the branch of this clone; ``_config.yml``.
    """
    git = git or _git
    url, branch = variables.get("BOOK_REPOSITORY"), variables.get("BOOK_BRANCH")
    if not url and variables.get("GITHUB_REPOSITORY"):
        server = variables.get("GITHUB_SERVER_URL", "https://github.com")
        url = f"{server}/{variables['GITHUB_REPOSITORY']}"
        branch = branch or variables.get("GITHUB_BASE_REF") or variables.get("GITHUB_REF_NAME")
    if not url and (match := REMOTE.fullmatch(git("remote", "get-url", "origin"))):
        url = f"https://{match[1]}/{match[2]}"
        branch = branch or git("branch", "--show-current")
    return url or config_url, branch or config_branch


def _git(*arguments):
    try:
        return subprocess.run(
            ["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def code_version():
    """Return a name for what the notebooks import: their outputs are cached under it."""
    return _digest("lossfns", "losslab", "requirements.txt")


def _digest(*names):
    """Return a name for the content of files and folders, and for this Python."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(path for name in names for path in [ROOT / name, *(ROOT / name).rglob("*")]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder(outdir):
    """Return where executed notebooks are kept, given the folder of the HTML pages."""
    return Path(outdir).parent / ".jupyter_cache" / code_version()


def _configure(app, config):
    options = config.html_theme_options
    options["repository_url"], options["repository_branch"] = repository(
        options["repository_url"], options["repository_branch"]
    )
    reference.activate()
    config.nb_execution_cache_path = str(cache_folder(app.outdir))
    if os.environ.get("BOOK_EXECUTE") == "off":
        config.nb_execution_mode = "off"


def _number_by_chapter(_app, env):
    """Number figures, tables and equations within their chapter, as 3.1 and 3.2.

    A chapter's number is that of its file, which Sphinx cannot know. The practice notebook
    continues the numbers of its chapter.
    """
    env.sphinx_fignumbers = deepcopy(env.toc_fignumbers)
    before = getattr(env, "chapter_fignumbers", {})
    last = {}
    for docname in sorted(env.toc_fignumbers):
        if match := CHAPTER.match(docname):
            chapter = int(match[1])
            for kind, numbers in env.toc_fignumbers[docname].items():
                for name in sorted(numbers, key=numbers.get):
                    last[chapter, kind] = last.get((chapter, kind), 0) + 1
                    numbers[name] = (chapter, last[chapter, kind])
    env.chapter_fignumbers = deepcopy(env.toc_fignumbers)
    return [name for name, numbers in env.toc_fignumbers.items() if numbers != before.get(name)]


def _unnumber(_app, env, _docnames):
    """Give Sphinx its own numbers of the last build, or it would find every page changed."""
    if hasattr(env, "sphinx_fignumbers"):
        env.toc_fignumbers = deepcopy(env.sphinx_fignumbers)


def setup(app):
    """Connect the hooks above."""
    # Pages are written again when what writes them has changed.
    app.add_config_value(
        "book_version", _digest("book", "losslab/livefigure", "requirements.txt"), "html"
    )
    app.connect("config-inited", _configure)
    # After Sphinx's own numbering, which is connected with the usual priority of 500.
    app.connect("env-before-read-docs", _unnumber)
    app.connect("env-get-updated", _number_by_chapter, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
