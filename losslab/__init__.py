"""What the notebooks need around the mathematics: figures, data sets, answer checks."""

from losslab._glue import glue
from losslab.checks import check
from losslab.livefigure import Slider, explore, show
from losslab.style import COLOUR, LINE

__all__ = ["COLOUR", "LINE", "Slider", "check", "explore", "glue", "show"]
