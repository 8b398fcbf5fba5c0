"""Judge pages of the built site by Lighthouse, on a phone: ``python -m book.lighthouse [page …]``.

Needs npm and Chromium; Lighthouse itself is fetched once. Times are those of a slow phone as
Lighthouse computes them from this machine's, so let nothing else run beside it.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from book import ROOT, browser, build
from book.serve import served

VERSION = "12.8.2"
PAGES = ["index", "chapters/06-huber", "chapters/07-kl-divergence", "chapters/06-huber-practice"]
CATEGORIES = ["performance", "accessibility", "best-practices", "seo"]
LEAST, MOST_SHIFT = 95, 0.05


def judge(address):
    """Return Lighthouse's report on a page."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *("npx", "--yes", f"lighthouse@{VERSION}", address, "--quiet", "--output=json"),
            *(f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}"),
            f"--chrome-flags=--headless=new {' '.join(browser.OPTIONS)}",
        ]
        environment = os.environ | {"CHROME_PATH": browser.find()}
        subprocess.run(command, check=True, env=environment)
        return json.loads(report.read_text("utf-8"))


def main(pages):
    """Judge the pages; return 1 if one of them falls short."""
    if browser.find() is None:
        print("Chromium was not found: README.md says how to get it.", file=sys.stderr)
        return 1
    if status := build.build(ROOT, execute=False):
        return status
    short = False
    with served(ROOT / "_build" / "html") as address:
        for name in pages or PAGES:
            report = judge(f"{address}{name}.html")
            scores = {key: round(100 * report["categories"][key]["score"]) for key in CATEGORIES}
            shift = report["audits"]["cumulative-layout-shift"]["numericValue"]
            short |= min(scores.values()) < LEAST or shift > MOST_SHIFT
            said = ", ".join(f"{key} {score}" for key, score in scores.items())
            print(f"{name}: {said}, layout shift {shift:.3f}", flush=True)
            for audit in report["audits"].values():
                if audit["score"] == 0 and audit["scoreDisplayMode"] == "binary":
                    print(f"    {audit['title']}")
    return int(short)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
