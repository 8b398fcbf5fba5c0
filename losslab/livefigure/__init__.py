"""Matplotlib figures that live on a static page.

`show` displays a still figure and `explore` one with sliders: crisp, in the colours of the page,
with alternative text, and working without network, library or kernel.
"""

from .explore import explore, show
from .sliders import Slider
from .theme import themed

__all__ = ["Slider", "explore", "show", "themed"]
