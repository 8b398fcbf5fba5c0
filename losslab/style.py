"""One colour and one dash pattern per loss, the same in every figure of the course."""

from losslab.livefigure import themed

# name: (on a light page, on a dark page, dash pattern)
_PALETTE = {
    "mean_squared_error": ("#3401c5", "#8c6ffb", "-"),
    "mean_absolute_error": ("#a96502", "#de6b03", (0, (6, 1.5))),
    "cross_entropy": ("#05491c", "#3bce39", (0, (9, 1.5, 3, 1.5))),
    "binary_cross_entropy": ("#018090", "#2cffea", (0, (3.5, 1.2))),
    "hinge": ("#8a0e04", "#f64269", (0, (1.5, 1))),
    "huber": ("#750062", "#ffa1ff", (0, (7, 1.5, 1.5, 1.5))),
    "kl_divergence": ("#8c54ce", "#d387ff", (0, (4, 1.2, 1.2, 1.2, 1.2, 1.2))),
    "cosine_similarity_loss": ("#6f5b08", "#f9ed3a", (0, (12, 2))),
    "data": ("#4d5c69", "#97a8b7", "-"),
    "muted": ("#696969", "#a6a6a6", "-"),
    "accent": ("#ae3763", "#f580bb", "-"),
}

COLOUR = {name: themed(light, dark) for name, (light, dark, _) in _PALETTE.items()}
COLOUR["ink"] = "#000000"  # drawn in the colour of the page's text

LINE = {name: {"color": COLOUR[name], "linestyle": dash} for name, (_, _, dash) in _PALETTE.items()}
LINE["ink"] = {"color": COLOUR["ink"], "linestyle": "-"}
