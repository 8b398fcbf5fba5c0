"""Small real data sets, shipped with the package: nothing is fetched from a network.

Every loader returns a named tuple of NumPy arrays. The arrays are new on every
call, so you may change them freely. ``chapters/data-sets.md`` tells where each
data set comes from and on what terms it may be passed on.
"""

import csv
import gzip
import zlib
from importlib import resources
from typing import NamedTuple

import numpy as np

__all__ = [
    "anscombe",
    "belgian_calls",
    "breast_cancer",
    "challenger",
    "chapter_texts",
    "digits",
    "letter_counts",
    "old_faithful",
    "penguins",
    "star_cluster",
]


class OldFaithful(NamedTuple):
    """Eruptions of the Old Faithful geyser; see `old_faithful`."""

    duration: np.ndarray
    waiting: np.ndarray


class AnscombeSet(NamedTuple):
    """One of the four data sets of Anscombe's quartet; see `anscombe`."""

    x: np.ndarray
    y: np.ndarray


def old_faithful():
    """Return 272 eruptions of the Old Faithful geyser: how long, and the wait that followed.

    Returns
    -------
    duration : ndarray of float, shape (272,)
        Length of the eruption, in minutes (1.6 to 5.1). It was timed in seconds;
        the published minutes are those seconds divided by 60, to three decimals.
    waiting : ndarray of float, shape (272,)
        Time from this eruption to the next, in whole minutes (43 to 96).

    Notes
    -----
    Yellowstone National Park, Wyoming, October 1980. The eruptions were recorded by
    volunteers for the park geologist, R. Hutchinson, with a break from about midnight
    to 6 a.m. [1]_. These are the 272 rows printed by Härdle [2]_ and known from R as
    ``faithful``; Weisberg's copy of the same record [1]_ lacks two of them and differs a
    little in nine others. Azzalini and Bowman [3]_, often cited for this table, study
    another record: 299 eruptions in August 1985.

    Licence: none needed; these are measured facts, published without restriction.

    References
    ----------
    .. [1] S. Weisberg, *Applied Linear Regression*, 3rd ed., Wiley, 2005, problem 1.4.
    .. [2] W. Härdle, *Smoothing Techniques with Implementation in S*, Springer, 1991.
    .. [3] A. Azzalini and A. W. Bowman, "A look at some data on the Old Faithful
           geyser", *Applied Statistics* 39 (1990), 357-365, doi:10.2307/2347385.

    Examples
    --------
    >>> geyser = old_faithful()
    >>> f"{geyser.waiting.mean():.1f} minutes"
    '70.9 minutes'
    """
    return OldFaithful(**_columns("old_faithful.csv", OldFaithful._fields, rows=272))


def anscombe():
    """Return Anscombe's quartet: four data sets with the same least-squares line.

    Returns
    -------
    tuple of four AnscombeSet
        Each with ``x`` and ``y``, ndarrays of float, shape (11,), without units. The
        order within a set is the published one; the first three share their ``x``.

    Notes
    -----
    Made up by Francis Anscombe [1]_ to show that equal summary statistics do not mean
    equal data: in each set the mean of x is 9, the mean of y 7.50, the fitted line
    3.00 + 0.500 x and R² 0.67.

    Licence: none needed; 44 pairs of numbers, republished freely since 1973.

    References
    ----------
    .. [1] F. J. Anscombe, "Graphs in statistical analysis", *The American Statistician*
           27 (1973), 17-21, doi:10.1080/00031305.1973.10478966.

    Examples
    --------
    >>> [f"{y.mean():.2f}" for x, y in anscombe()]
    ['7.50', '7.50', '7.50', '7.50']
    """
    titles = ["x1", "y1", "x2", "y2", "x3", "y3", "x4", "y4"]
    columns = _columns("anscombe.csv", titles, rows=11)
    return tuple(AnscombeSet(columns[f"x{i}"], columns[f"y{i}"]) for i in (1, 2, 3, 4))


class BelgianCalls(NamedTuple):
    """International telephone calls from Belgium; see `belgian_calls`."""

    year: np.ndarray
    calls: np.ndarray
    in_minutes: np.ndarray


def belgian_calls():
    """Return the yearly number of international telephone calls from Belgium, 1950-73.

    Returns
    -------
    year : ndarray of int, shape (24,)
        1950 to 1973.
    calls : ndarray of float, shape (24,)
        Calls made in that year, in millions. In the six years marked by
        ``in_minutes`` the number is not calls but minutes.
    in_minutes : ndarray of bool, shape (24,)
        True for 1964-69, when another recording system gave the total number of
        minutes of these calls.

    Notes
    -----
    From the Belgian Statistical Survey of the Ministry of Economy, by way of
    Rousseeuw and Leroy [1]_, who print tens of millions (R's ``robustbase::telef``);
    here, as in R's ``MASS::phones``, ten times that. The change of system did not
    happen on New Year's Day, so 1963 and 1970 are partly affected too and stand a
    little high; ``in_minutes`` is False for them.

    Licence: none needed; these are official statistics, plain facts.

    References
    ----------
    .. [1] P. J. Rousseeuw and A. M. Leroy, *Robust Regression and Outlier Detection*,
           Wiley, 1987, table 2, doi:10.1002/0471725382.

    Examples
    --------
    >>> year, calls, in_minutes = belgian_calls()
    >>> f"{calls[~in_minutes].max():.0f} million calls, {calls.max():.0f} million minutes"
    '43 million calls, 212 million minutes'
    """
    columns = _columns("belgian_calls.csv", ["year", "calls"], rows=24)
    year = columns["year"].astype(int)
    in_minutes = (year >= 1964) & (year <= 1969)
    return BelgianCalls(year, columns["calls"], in_minutes)


class Digits(NamedTuple):
    """Handwritten digits; see `digits`."""

    image: np.ndarray
    digit: np.ndarray


def digits():
    """Return 1797 handwritten digits as images of 8 by 8 pixels.

    Returns
    -------
    image : ndarray of float, shape (1797, 8, 8)
        Ink in each pixel, whole numbers from 0 (paper) to 16 (ink): how many of the
        4 by 4 points of the original bitmap were on. Row 0 is the top.
        ``image.reshape(-1, 64)`` gives one row per example.
    digit : ndarray of int, shape (1797,)
        The digit that was meant, 0 to 9.

    Notes
    -----
    The test part of the UCI data set [1]_, in the order of that file, the same as
    scikit-learn's ``load_digits``. Its 13 writers are not among the 30 of the
    training part. The file does not say who wrote which digit, and the rows were
    not shuffled, so the last third of the file is not a random third.

    Licence: CC BY 4.0.

    References
    ----------
    .. [1] E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI
           Machine Learning Repository, 1998, doi:10.24432/C50P49.

    Examples
    --------
    >>> image, digit = digits()
    >>> print(digit[0], image[0, 2].astype(int))
    0 [ 0  3 15  2  0 11  8  0]
    """
    pixels = [f"pixel{i}" for i in range(64)]
    columns = _columns("digits.csv.gz", [*pixels, "digit"], rows=1797)
    digit = columns.pop("digit").astype(int)
    return Digits(np.column_stack(list(columns.values())).reshape(-1, 8, 8), digit)


class Challenger(NamedTuple):
    """O-ring distress on space-shuttle flights; see `challenger`."""

    flight: np.ndarray
    temperature: np.ndarray
    distress: np.ndarray


def challenger():
    """Return O-ring distress and temperature for the 23 shuttle flights before Challenger's last.

    Returns
    -------
    flight : ndarray of str, shape (23,)
        Name of the flight, in order of launch: STS-1 (April 1981) to 61-C (January 1986).
    temperature : ndarray of float, shape (23,)
        Temperature of the joints at launch, in degrees Fahrenheit (53 to 81). On
        28 January 1986 it was 31 °F.
    distress : ndarray of int, shape (23,)
        How many of the six *primary field-joint* O-rings showed thermal distress
        afterwards: erosion, blow-by of hot gas, or both (0, 1 or 2).
        ``distress > 0`` holds for 7 of the 23 flights.

    Notes
    -----
    From the Rogers Commission's report [1]_ as tabulated by Dalal, Fowlkes and
    Hoadley [2]_. Not counted: nozzle joints, secondary O-rings, and flight STS-4,
    whose boosters were lost at sea. Other versions of the table count other things.
    On 51-C (53 °F) R's ``DAAG::orings`` has 5 incidents, because it adds up erosion
    and blow-by, and ``faraway::orings`` has 5 damaged rings. On 61-A (75 °F) there
    was blow-by on two rings and no erosion, so a table of erosion alone has
    distress on 6 flights. Whether a flight had any distress is the same in all the
    tables that count both.

    Licence: none needed; facts from a report of the United States Government, which
    is in the public domain.

    References
    ----------
    .. [1] *Report of the Presidential Commission on the Space Shuttle Challenger
           Accident*, Washington, D.C., 1986, volume 1, chapter 6.
    .. [2] S. R. Dalal, E. B. Fowlkes and B. Hoadley, "Risk analysis of the space
           shuttle: pre-Challenger prediction of failure", *Journal of the American
           Statistical Association* 84 (1989), 945-957, doi:10.1080/01621459.1989.10478858.

    Examples
    --------
    >>> flight, temperature, distress = challenger()
    >>> print(flight[distress == 2], temperature[distress == 2])
    ['51-C' '61-A'] [53. 75.]
    """
    columns = _columns("challenger.csv", Challenger._fields, rows=23, text=["flight"])
    return Challenger(columns["flight"], columns["temperature"], columns["distress"].astype(int))


class BreastCancer(NamedTuple):
    """Cell measurements of breast tumours; see `breast_cancer`."""

    features: np.ndarray
    malignant: np.ndarray
    feature_names: np.ndarray


def breast_cancer():
    """Return measurements of cell nuclei in 569 breast tumours, and which were malignant.

    Returns
    -------
    features : ndarray of float, shape (569, 30)
        For ten properties of the nuclei in one image: the mean, its standard error
        and the "worst" value (the mean of the three largest). The source gives no
        units for lengths and areas.
    malignant : ndarray of int, shape (569,)
        1 for malignant (212 tumours), 0 for benign (357). scikit-learn's
        ``load_breast_cancer`` codes them the other way round.
    feature_names : ndarray of str, shape (30,)
        Names of the columns of ``features``, as in scikit-learn.

    Notes
    -----
    The Wisconsin diagnostic data set [1]_: images of fine-needle aspirates, measured
    by computer at the University of Wisconsin. Patient numbers are left out.

    Licence: CC BY 4.0.

    References
    ----------
    .. [1] W. H. Wolberg, O. L. Mangasarian, N. Street and W. Street, *Breast Cancer
           Wisconsin (Diagnostic)*, UCI Machine Learning Repository, 1993,
           doi:10.24432/C5DW2B.

    Examples
    --------
    >>> tumours = breast_cancer()
    >>> print(tumours.feature_names[0], tumours.features[0, 0], tumours.malignant[0])
    mean radius 17.99 1
    """
    properties = [
        *["radius", "texture", "perimeter", "area", "smoothness"],
        *[
            "compactness",
            "concavity",
            "concave points",
            "symmetry",
            "fractal dimension",
        ],
    ]
    names = [
        *(f"mean {name}" for name in properties),
        *(f"{name} error" for name in properties),
        *(f"worst {name}" for name in properties),
    ]
    columns = _columns("breast_cancer.csv.gz", [*names, "malignant"], rows=569)
    malignant = columns.pop("malignant").astype(int)
    return BreastCancer(np.column_stack(list(columns.values())), malignant, np.array(names))


class Penguins(NamedTuple):
    """Penguins of the Palmer Archipelago; see `penguins`."""

    species: np.ndarray
    island: np.ndarray
    bill_length_mm: np.ndarray
    bill_depth_mm: np.ndarray
    flipper_length_mm: np.ndarray
    body_mass_g: np.ndarray
    sex: np.ndarray
    year: np.ndarray


def penguins():
    """Return measurements of 344 penguins of three species.

    Returns
    -------
    species : ndarray of str, shape (344,)
        "Adelie" (152), "Gentoo" (124) or "Chinstrap" (68).
    island : ndarray of str, shape (344,)
        "Biscoe", "Dream" or "Torgersen".
    bill_length_mm, bill_depth_mm, flipper_length_mm : ndarray of float, shape (344,)
        Millimetres; NaN where missing.
    body_mass_g : ndarray of float, shape (344,)
        Grams; NaN where missing.
    sex : ndarray of str, shape (344,)
        "female", "male" or "unknown".
    year : ndarray of int, shape (344,)
        Year of the observation, 2007 to 2009.

    Notes
    -----
    Collected by Kristen Gorman and the Palmer Station Long Term Ecological Research
    programme, Antarctica [1]_, and published as the R package palmerpenguins [2]_.
    The four measurements are missing together, for one Adelie and one Gentoo penguin;
    the sex is unknown for 11.

    Licence: CC0.

    References
    ----------
    .. [1] K. B. Gorman, T. D. Williams and W. R. Fraser, "Ecological sexual dimorphism
           and environmental variability within a community of Antarctic penguins (genus
           Pygoscelis)", *PLoS ONE* 9 (2014), e90081, doi:10.1371/journal.pone.0090081.
    .. [2] A. M. Horst, A. P. Hill and K. B. Gorman, *palmerpenguins*, 2020,
           doi:10.5281/zenodo.3960218.

    Examples
    --------
    Adelie and Chinstrap penguins with a known bill:

    >>> birds = penguins()
    >>> kept = (birds.species != "Gentoo") & ~np.isnan(birds.bill_length_mm)
    >>> print(kept.sum())
    219
    """
    columns = _columns(
        "penguins.csv", Penguins._fields, rows=344, text=["species", "island", "sex"]
    )
    columns["year"] = columns["year"].astype(int)
    return Penguins(**columns)


class StarCluster(NamedTuple):
    """Stars of the cluster CYG OB1; see `star_cluster`."""

    log_temperature: np.ndarray
    log_light: np.ndarray
    giant: np.ndarray


def star_cluster():
    """Return temperature and light of the 47 stars of the cluster CYG OB1.

    Returns
    -------
    log_temperature : ndarray of float, shape (47,)
        Base-10 logarithm of the effective temperature at the surface, in kelvins.
    log_light : ndarray of float, shape (47,)
        Base-10 logarithm of the light intensity relative to the Sun's.
    giant : ndarray of bool, shape (47,)
        True for the four red giants (stars 11, 20, 30 and 34 when counted from 1):
        cool, bright and far from the other stars' temperatures.

    Notes
    -----
    A Hertzsprung-Russell diagram without its usual backwards axis; measured data
    given by C. Doom, printed by Rousseeuw and Leroy [1]_, known from R as
    ``robustbase::starsCYG``. The other 43 stars are said to lie on the main sequence.

    Licence: none needed; these are measured facts, published without restriction.

    References
    ----------
    .. [1] P. J. Rousseeuw and A. M. Leroy, *Robust Regression and Outlier Detection*,
           Wiley, 1987, table 3, doi:10.1002/0471725382.

    Examples
    --------
    >>> stars = star_cluster()
    >>> print(stars.log_temperature[stars.giant])
    [3.49 3.49 3.48 3.49]
    """
    columns = _columns("star_cluster.csv", ["log_temperature", "log_light"], rows=47)
    giant = np.isin(np.arange(1, 48), [11, 20, 30, 34])
    return StarCluster(columns["log_temperature"], columns["log_light"], giant)


class LetterCounts(NamedTuple):
    """How often each letter occurs in ten languages; see `letter_counts`."""

    language: np.ndarray
    letter: np.ndarray
    count: np.ndarray


def letter_counts():
    """Return how often each letter occurs in ten European languages.

    Returns
    -------
    language : ndarray of str, shape (10,)
        English, French, German, Spanish, Italian, Dutch, Swedish, Finnish, Polish, Turkish.
    letter : ndarray of str, shape (63,)
        Small letters: a to z, then the others in the order of Unicode. A letter with
        an accent is a letter of its own.
    count : ndarray of int, shape (10, 63)
        How often the letter, small or capital, occurs in the texts of that language;
        0 where the language's alphabet lacks it. Divide each row by its sum to get
        frequencies.

    Notes
    -----
    Counted by Nakatani Shuyo for his language detector [1]_ in the opening
    paragraphs of the articles of each Wikipedia: 9 million letters (Turkish) to 261
    million (English). We add capitals to small letters, by Turkish rules for I and İ
    in Turkish, and keep each language's own letters; what foreign names and words
    bring in besides (é in English, q in Turkish) is at most 0.6 % and is left out.
    The source drops every character rarer than about 1 in 10 000, so some rare
    letters are missing altogether: French æ ë ü ÿ, Spanish ü, Dutch ú, Swedish à,
    Finnish å ž. Of a run of capitals, as in NATO, only the first was counted.

    Licence: Apache 2.0 (copyright 2010-2014 Cybozu Labs, Inc.).

    References
    ----------
    .. [1] S. Nakatani, *Language Detection Library for Java*, 2010,
           https://github.com/shuyo/language-detection; here from its Python port,
           langdetect 1.0.9.

    Examples
    --------
    >>> language, letter, count = letter_counts()
    >>> frequency = count / count.sum(axis=1, keepdims=True)
    >>> top = frequency.argmax(axis=1)
    >>> for row in (0, 9):
    ...     print(language[row], letter[top[row]], f"{frequency[row, top[row]]:.1%}")
    English e 10.9%
    Turkish a 11.8%
    """
    languages = [
        *["English", "French", "German", "Spanish", "Italian"],
        *["Dutch", "Swedish", "Finnish", "Polish", "Turkish"],
    ]
    columns = _columns("letter_counts.csv", ["letter", *languages], rows=63, text=["letter"])
    letter = columns.pop("letter")
    count = np.array(list(columns.values())).astype(int)
    return LetterCounts(np.array(languages), letter, count)


class ChapterTexts(NamedTuple):
    """What this course says about itself; see `chapter_texts`."""

    title: np.ndarray
    summary: np.ndarray
    question: np.ndarray


def chapter_texts():
    """Return a short summary of each chapter of this course, and questions that it answers.

    Returns
    -------
    title : ndarray of str, shape (10,)
        Titles of chapters 0 to 9, so that the index is the number of the chapter.
    summary : ndarray of str, shape (10,)
        What the chapter is about, in 70 to 110 words.
    question : ndarray of str, shape (10, 3)
        Three things that a reader might type to find this chapter.

    Notes
    -----
    Written for this course. The summaries are a fixed text rather than the chapters
    themselves, so that correcting a word somewhere does not change what a search
    through them finds. The questions were written before any search was tried on
    them, but by the author of the summaries, which makes them easier than a reader's.

    Licence: CC BY 4.0, as the text of the course.

    Examples
    --------
    >>> title, _, question = chapter_texts()
    >>> print(f"{title[6]}: {question[6, 1]}?")
    Huber loss: how do I choose delta?
    """
    asked = ["question1", "question2", "question3"]
    titles = ["title", "summary", *asked]
    columns = _columns("chapter_texts.csv", titles, rows=10, text=titles)
    question = np.column_stack([columns[name] for name in asked])
    return ChapterTexts(columns["title"], columns["summary"], question)


def _columns(name, titles, *, rows, text=()):
    """Read one of our CSV files: its columns by title, float except those named in `text`."""
    file = f"The data file losslab/data/{name}"
    cure = "Reinstall the package, or restore the file with 'git checkout'."
    try:
        content = resources.files("losslab").joinpath("data", name).read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"{file} is missing. {cure}") from None

    try:
        if name.endswith(".gz"):
            content = gzip.decompress(content)
        header, *lines = content.decode("utf-8").splitlines() or [""]
        table = list(csv.reader(lines))
        if header != ",".join(titles):
            raise ValueError(f"line 1 is {header[:60]!r}, expected {','.join(titles)[:60]!r}")
        if len(table) != rows:
            raise ValueError(f"found {len(table)} rows, expected {rows}")
        for number, cells in enumerate(table, start=2):
            if len(cells) != len(titles):
                raise ValueError(f"line {number} has {len(cells)} columns, expected {len(titles)}")
        return {
            title: np.array(column, dtype=str if title in text else float)
            for title, column in zip(titles, zip(*table, strict=True), strict=True)
        }
    except (ValueError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{file} is damaged: {error}. {cure}") from None
