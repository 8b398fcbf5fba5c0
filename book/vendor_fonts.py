"""Fetch the text face from npm: ``python -m book.vendor_fonts VERSION``.

Needs npm, a network, and ``pip install brotli``. Latin and Greek, upright and italic, each with
the weights from regular to bold in one file. A browser loads of them what a page uses.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from book import ROOT

NAME = "source-serif-4"
FONTS = ROOT / "book" / "static" / "fonts"
FACE = re.compile(r"/\* ([\w-]+) \*/\s*@font-face \{.*?\}", re.DOTALL)
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl"]
KEPT = {
    f"{NAME}-{script}-wght-{style}"
    for script in ("latin", "greek")
    for style in ("normal", "italic")
}


def vendor(version):
    """Replace the vendored face with the given version."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            ["npm", "pack", "--silent", f"@fontsource-variable/{NAME}@{version}"],
            cwd=folder, check=True,
        )  # fmt: skip
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        package = folder / "package"
        shutil.rmtree(FONTS, ignore_errors=True)
        FONTS.mkdir(parents=True)
        shutil.copy(package / "LICENSE", FONTS)
        css = (package / "wght.css").read_text("utf-8") + (package / "wght-italic.css").read_text(
            "utf-8"
        )
        faces = [match.group() for match in FACE.finditer(css) if match[1] in KEPT]
        for face in KEPT:
            _reduce(package / "files" / f"{face}.woff2", FONTS / f"{face}.woff2")
    text = "\n".join(
        [
            "/* Made by book/vendor_fonts.py from @fontsource-variable/" + f"{NAME} {version}. */",
            *faces,
        ]
    )
    text = (
        text.replace("./files/", "").replace("woff2-variations", "woff2").replace(" Variable'", "'")
    )
    # Late, a face takes over once; its stand-in in course.css is as wide, so lines stay.
    text = text.replace("font-display: swap", "font-display: fallback")
    text = text.replace("font-weight: 200 900", "font-weight: 400 700")
    (FONTS / "fonts.css").write_text(text + "\n", "utf-8")


def _reduce(source, target):
    """Keep the weights from regular to bold, and the features that text needs."""
    font, lighter = TTFont(source), BytesIO()
    instancer.instantiateVariableFont(font, {"wght": (400, 700)}, inplace=True)
    font.save(lighter)
    options = subset.Options(flavor="woff2", layout_features=FEATURES)
    font = subset.load_font(lighter, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    subset.save_font(font, target, options)


if __name__ == "__main__":
    vendor(sys.argv[1])
