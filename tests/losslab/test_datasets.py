"""Every data set against numbers published elsewhere, and what happens to a damaged file."""

import numpy as np
import pytest

from losslab import datasets


def least_squares(x, y):
    """Intercept and slope of the least-squares line."""
    slope, intercept = np.polyfit(x, y, 1)
    return intercept, slope


def test_old_faithful():
    duration, waiting = datasets.old_faithful()
    assert duration.shape == waiting.shape == (272,)
    # R: summary(faithful)
    np.testing.assert_allclose(np.quantile(duration, [0, 0.5, 1]), [1.6, 4.0, 5.1])
    np.testing.assert_allclose(np.quantile(waiting, [0, 0.5, 1]), [43, 76, 96])
    np.testing.assert_allclose([duration.mean(), waiting.mean()], [3.487783, 70.897059], atol=1e-6)
    # R: lm(waiting ~ eruptions, faithful)
    np.testing.assert_allclose(least_squares(duration, waiting), [33.474, 10.730], atol=1e-3)
    # Timed in seconds, published in minutes.
    np.testing.assert_allclose(duration * 60, np.round(duration * 60), atol=0.041)


def test_old_faithful_first_rows_are_weisbergs_seconds():
    duration, waiting = datasets.old_faithful()
    np.testing.assert_array_equal(np.round(duration[:6] * 60), [216, 108, 200, 137, 272, 173])
    np.testing.assert_array_equal(waiting[:6], [79, 54, 74, 62, 85, 55])


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_anscombe_shares_its_statistics(number):
    x, y = datasets.anscombe()[number - 1]
    assert x.shape == y.shape == (11,)
    # The list on page 19 of Anscombe (1973).
    intercept, slope = least_squares(x, y)
    residuals = y - intercept - slope * x
    assert x.mean() == 9.0
    assert np.sum((x - x.mean()) ** 2) == 110.0
    np.testing.assert_allclose(y.mean(), 7.5, atol=0.001)
    np.testing.assert_allclose([intercept, slope], [3, 0.5], atol=0.003)
    np.testing.assert_allclose(np.sum(residuals**2), 13.75, atol=0.03)
    np.testing.assert_allclose(np.corrcoef(x, y)[0, 1] ** 2, 0.667, atol=0.001)


def test_anscombe_shapes():
    first, second, third, fourth = datasets.anscombe()
    np.testing.assert_array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.x, third.x)
    assert sorted(set(fourth.x)) == [8, 19]
    assert third.y.max() == 12.74
    # The second set is a parabola.
    np.testing.assert_allclose(
        np.polyval(np.polyfit(second.x, second.y, 2), second.x), second.y, atol=0.01
    )


def test_every_call_returns_its_own_arrays():
    datasets.old_faithful().waiting[:] = 0
    assert datasets.old_faithful().waiting.min() == 43


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    """An empty folder in place of losslab/data."""
    monkeypatch.setattr(datasets.resources, "files", lambda _: tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def test_missing_file(data_folder):
    with pytest.raises(FileNotFoundError, match=r"losslab/data/old_faithful\.csv is missing"):
        datasets.old_faithful()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "its first line is '', expected 'duration,waiting'"),
        ("waiting,duration\n" + "79,3.6\n" * 272, "expected 'duration,waiting'"),
        ("duration,waiting\n" + "3.6,79\n" * 271, "found 271 rows, expected 272"),
        ("duration,waiting\n" + "3.6,79\n" * 271 + "3.6,x\n", "could not convert string 'x'"),
        ("duration,waiting\n" + "3.6,79\n" * 271 + "3.6\n", "number of columns changed"),
    ],
)
def test_damaged_file(data_folder, text, message):
    (data_folder / "old_faithful.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"losslab/data/old_faithful\.csv is damaged") as error:
        datasets.old_faithful()
    assert message in str(error.value)
