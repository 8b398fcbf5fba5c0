"""Chromium or a browser like it, which prints the book and looks at its pages."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def find():
    """Return the path of the browser: the variable ``CHROMIUM``, or what is installed, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
