"""Numbers for the prose, in the form that the book's builder reads."""

import IPython.display
import myst_nb
import myst_nb.ext.glue
import numpy as np
import pytest

from losslab import glue


@pytest.fixture
def recorded(monkeypatch):
    outputs = []

    def record(data, **options):
        outputs.append((data, options))

    monkeypatch.setattr("losslab._glue.display", record)
    monkeypatch.setattr(myst_nb.ext.glue, "ipy_display", record)
    return outputs


@pytest.mark.parametrize(
    ("value", "fmt", "text"),
    [
        (np.float64(3.14159), ".2f", "3.14"),
        (0.4567, ".0%", "46%"),
        (3.14159, "{:.1f} minutes", "3.1 minutes"),
        (272, None, "272"),
        (1234567, ",", "1,234,567"),
        (-1.5, ".1f", "−1.5"),
        ("Adelie", None, "Adelie"),
        ("it's", None, "it's"),
    ],
)
def test_a_number_is_recorded_as_text(recorded, value, fmt, text):
    glue("test-number", value, fmt)
    myst_nb.glue("test-number", text, display=False)
    ours, theirs = recorded
    assert ours == theirs


def test_a_format_that_does_not_fit(recorded):
    with pytest.raises(ValueError, match=r"test-number: '\.2f' does not fit 'three'"):
        glue("test-number", "three", ".2f")
    assert IPython.display
