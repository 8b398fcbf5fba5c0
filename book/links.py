"""Ask every address outside the site whether it is there: ``python -m book.links``.

Needs a network. A site that refuses robots counts as there; one that says that a page is gone, or
that does not exist, does not.
"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from urllib.parse import urlsplit

import requests

from book import ROOT, build, site
from book.address import address

HREF = re.compile(r'<a\b[^>]*\shref="(https?://[^"#]+)')
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; link check of an open course)"}
# Not found and gone; other refusals are meant for robots.
MISSING = {404, 410}
TRIES, SECONDS = 3, 30


def addresses(html):
    """Return every address outside, with the pages that lead there."""
    found = {}
    for path in sorted(html.rglob("*.html")):
        for url in HREF.findall(path.read_text("utf-8")):
            found.setdefault(unescape(url), []).append(path.relative_to(html).as_posix())
    return found


def complaint(url):
    """Return why an address does not lead anywhere, or None."""
    reason = None
    for _ in range(TRIES):
        try:
            answer = requests.get(url, headers=HEADERS, timeout=SECONDS, stream=True)
            answer.close()
        except requests.RequestException as error:
            reason = type(error).__name__
            continue
        return str(answer.status_code) if answer.status_code in MISSING else None
    return reason


def main():
    """Build the site, ask, and say what is not there."""
    if status := build.build(ROOT, execute=False):
        return status
    found = addresses(ROOT / "_build" / "html")
    own = urlsplit(site.repository(*address())[0]).path  # may not be published yet
    asked = [one for one in found if f"{own}/" not in f"{urlsplit(one).path}/"]
    print(f"Asking {len(asked)} addresses of {len({urlsplit(a).netloc for a in asked})} sites")
    with ThreadPoolExecutor(16) as pool:
        answers = dict(zip(asked, pool.map(complaint, asked), strict=True))
    broken = {url: reason for url, reason in answers.items() if reason}
    for url, reason in broken.items():
        print(f"{reason}: {url}, on {', '.join(found[url][:3])}", file=sys.stderr)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
