"""Colours that change with the page: registered pairs of a light and a dark variant."""

from matplotlib.colors import to_hex

DARK = {}


def themed(light, dark):
    """Register the colour that takes the place of `light` on a dark page; return `light` as hex.

    Black needs no partner: it always becomes the colour of the page's text, and white the colour
    of the page.
    """
    DARK[to_hex(light)] = to_hex(dark)
    return to_hex(light)


def css_colour(colour):
    """CSS for a hex colour of matplotlib's: its own value wherever the page defines no other."""
    if colour == "#000000":
        return "currentColor"
    if colour == "#ffffff":
        return "var(--lf-paper,#fff)"
    return f"var(--lf-{colour[1:]},{colour})" if colour in DARK else colour


def dark_css(svg):
    """Declarations of the dark variants of the colours used in `svg`."""
    return "".join(
        f"--lf-{light[1:]}:{dark};" for light, dark in DARK.items() if f"--lf-{light[1:]}" in svg
    )
