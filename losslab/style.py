"""One colour and one dash pattern per loss, the same in every figure of the course."""

from losslab.livefigure import themed

# name: (on a light page, on a dark page, dash pattern)
_PALETTE = {
    "mean_squared_error": ("#2f62d9", "#7ea6ff", "-"),
    "mean_absolute_error": ("#b35300", "#f59b4a", (0, (5, 1.5))),
    "huber": ("#8e2a8e", "#e58ae5", (0, (7, 1.5, 1.5, 1.5))),
    "binary_cross_entropy": ("#00796b", "#2cc5ae", "-"),
    "cross_entropy": ("#00796b", "#2cc5ae", (0, (3, 1))),
    "hinge": ("#c22f3d", "#ff8189", (0, (1.5, 1.5))),
    "kl_divergence": ("#6d5bd0", "#b0a2ff", (0, (1, 1))),
    "cosine_similarity_loss": ("#6f6b00", "#c4bd3a", (0, (9, 2))),
    "data": ("#5f6b76", "#a9b5c0", "-"),
    "muted": ("#696969", "#a6a6a6", "-"),
    "accent": ("#b3186d", "#ff86c3", "-"),
}

COLOUR = {name: themed(light, dark) for name, (light, dark, _) in _PALETTE.items()}
COLOUR["ink"] = "#000000"  # drawn in the colour of the page's text

LINE = {name: {"color": COLOUR[name], "linestyle": dash} for name, (_, _, dash) in _PALETTE.items()}
LINE["ink"] = {"color": COLOUR["ink"], "linestyle": "-"}
