"""Draw the logo: ``python -m book.logo``. A ball at rest in a valley: the minimum of a loss.

Writes ``logo.svg`` (also for dark pages, and as icon of the browser's tab) and ``icon.png`` (for
home screens) into ``book/static``. Cards for social media take their mark from `draw` as well.
"""

from PIL import Image, ImageDraw

from book import ROOT

STATIC = ROOT / "book" / "static"
INK, DOT = "#2a3f9d", "#ae3763"
DARK_INK, DARK_DOT = "#9db1ff", "#f580bb"
PAPER = "#fffdf8"

# On a square of 64 units: a parabola, and a ball in it.
CENTRE, BOTTOM, OPENING, HALF, WIDTH = 32, 54, 0.0705, 25, 6.5
RADIUS = 9.5
BALL = (CENTRE, BOTTOM - WIDTH / 2 - RADIUS - 1.5)


def _y(x):
    return BOTTOM - OPENING * (x - CENTRE) ** 2


def svg(ink, dot):
    """Return the logo as SVG in two colours."""
    left, right = CENTRE - HALF, CENTRE + HALF
    control = 2 * _y(CENTRE) - _y(left)  # a parabola is a quadratic Bézier curve
    curve = f"M{left} {_y(left):g}Q{CENTRE} {control:g} {right} {_y(right):g}"
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
        f'<path d="{curve}" fill="none" stroke="{ink}" stroke-width="{WIDTH}" '
        f'stroke-linecap="round"/><circle cx="{BALL[0]:g}" cy="{BALL[1]:g}" r="{RADIUS:g}" '
        f'fill="{dot}"/></svg>\n'
    )


def draw(size, *, paper=PAPER, ink=INK, dot=DOT):
    """Return the logo as a square picture of ``size`` pixels."""
    scale = 4 * size / 64
    picture = Image.new("RGB", (4 * size, 4 * size), paper)
    pen = ImageDraw.Draw(picture)

    def disc(x, y, radius, colour):
        box = [scale * value for value in (x - radius, y - radius, x + radius, y + radius)]
        pen.ellipse(box, fill=colour)

    for step in range(10 * HALF * 2 + 1):
        x = CENTRE - HALF + step / 10
        disc(x, _y(x), WIDTH / 2, ink)
    disc(*BALL, RADIUS, dot)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main():
    """Write the files."""
    (STATIC / "logo.svg").write_text(svg(INK, DOT), "utf-8")
    (STATIC / "logo-dark.svg").write_text(svg(DARK_INK, DARK_DOT), "utf-8")
    draw(180).save(STATIC / "icon.png", optimize=True)


if __name__ == "__main__":
    main()
