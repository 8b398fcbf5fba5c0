"""Fetch KaTeX from npm: ``python -m book.vendor_katex VERSION`` (needs npm and a network).

The style sheet keeps the WOFF2 fonts only, which every browser of the last ten years reads.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from book import ROOT

ENGINE = ROOT / "book" / "katex"
STYLES = ROOT / "book" / "static" / "katex"
OTHER_FORMATS = re.compile(r',url\(fonts/[\w-]+\.(?:woff|ttf)\) format\("\w+"\)')


def vendor(version):
    """Replace the vendored KaTeX with the given version."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["npm", "pack", "--silent", f"katex@{version}"], cwd=folder, check=True)
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        package = folder / "package"
        for target in (ENGINE / "katex.min.js", ENGINE / "LICENSE", STYLES):
            shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
        (STYLES / "fonts").mkdir(parents=True)
        shutil.copy(package / "LICENSE", ENGINE)
        shutil.copy(package / "LICENSE", STYLES)
        shutil.copy(package / "dist" / "katex.min.js", ENGINE)
        for font in package.glob("dist/fonts/*.woff2"):
            shutil.copy(font, STYLES / "fonts")
        css = (package / "dist" / "katex.min.css").read_text(encoding="utf-8")
        (STYLES / "katex.css").write_text(OTHER_FORMATS.sub("", css), encoding="utf-8")


if __name__ == "__main__":
    vendor(sys.argv[1])
