import builtins
import functools
import pickle
import re
import subprocess
import sys
import time

import numpy as np
import pytest
from answers import defects, equivalents, mistakes, three_liners

import lossfns
from losslab import check
from losslab.checks import Report, answer, origin, questions

EXERCISES = [name + suffix for name in lossfns.LOSSES for suffix in ("", "_grad")]
each_exercise = pytest.mark.parametrize("name", EXERCISES)


@pytest.fixture
def may_borrow(monkeypatch):
    """Let lossfns itself be an answer."""
    monkeypatch.setattr(origin, "LIBRARIES", {})


@pytest.fixture
def few_numbers(monkeypatch):
    """Save time where the question about 400,000 numbers is not what is tested."""
    monkeypatch.setattr(questions, "MANY", 10_000)


def three_liner(name):
    return getattr(three_liners, name)


def wrong(report, title=""):
    """Messages about what is wrong under questions whose title contains some words."""
    return [m for m in report.messages if m[0] == "✗" and title in m.split(": ")[0]]


def first_level(report):
    return report.messages[: report.levels[0][1]]


# Right answers


def test_the_exercises_are_the_losses_and_their_gradients():
    assert list(check.names()) == EXERCISES


@each_exercise
def test_the_reference_gets_full_marks(name, may_borrow):
    report = check.report(name, getattr(lossfns, name))
    assert report.passed, "\n".join(wrong(report))
    assert report.score == report.max_score == len(report.messages)
    assert "All is right." in report.text


@each_exercise
def test_an_honest_three_liner_passes_the_first_level(name):
    report = check.report(name, three_liner(name))
    points, most = report.levels[0]
    assert points == most, "\n".join(first_level(report))
    assert not report.passed
    assert all(points > 0 for points, _ in report.levels)


@pytest.mark.parametrize(
    ("name", "function"),
    [(name, function) for name in EXERCISES for function in equivalents.EQUIVALENTS[name]],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_right_answers_written_differently_pass(name, function):
    report = check.report(name, function)
    titles = equivalents.EQUIVALENTS[name][function]
    assert report.levels[0][0] == report.levels[0][1], "\n".join(first_level(report))
    for title in titles:
        assert f"✓ {title}" in report.messages


@each_exercise
def test_positional_and_keyword_parameters_both_pass(name):
    function = three_liner(name)

    def keyword_only_options(y_true, y_pred, *, delta=1.0):
        return function(y_true, y_pred, **({"delta": delta} if "huber" in name else {}))

    report = check.report(name, keyword_only_options)
    assert report.levels[0][0] == report.levels[0][1]


def test_a_student_may_reach_full_marks_without_the_library():
    def mean_squared_error(y_true, y_pred, *, reduction="mean", sample_weight=None):
        arrays = [np.asarray(values) for values in (y_true, y_pred)]
        for name, array in zip(("y_true", "y_pred"), arrays, strict=True):
            if array.dtype.kind not in "fiub":
                raise TypeError(f"{name} must hold real numbers, found {array.dtype}")
        dtype = np.float32 if {a.dtype for a in arrays} == {np.dtype("float32")} else np.float64
        y, p = (array.astype(np.float64) for array in arrays)
        if y.shape != p.shape:
            raise ValueError(f"y_true has shape {y.shape} and y_pred {p.shape}")
        if not y.size:
            raise ValueError("y_true and y_pred are empty")
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction must be mean, sum or none, found {reduction}")
        w = np.ones(y.shape) if sample_weight is None else np.asarray(sample_weight, float)
        if w.shape != y.shape or not np.all(np.isfinite(w)) or np.any(w < 0) or not np.any(w):
            raise ValueError("sample_weight must be finite, at least 0, and not all 0")
        with np.errstate(all="ignore"):
            losses = np.where(w == 0, 0, w * (y - p) ** 2)
            total = {"none": losses, "sum": losses.sum(), "mean": losses.sum() / w.sum()}
        return total[reduction].astype(dtype)

    report = check.report("mean_squared_error", mean_squared_error)
    assert report.passed, "\n".join(wrong(report))


def test_a_wrapper_is_known_by_its_own_parameters():
    @functools.wraps(three_liners.mean_squared_error)
    def answer(y_true, y_pred, *, reduction="mean"):
        n = y_true.size
        return {"mean": 1, "sum": n}[reduction] * three_liners.mean_squared_error(y_true, y_pred)

    assert '✓ reduction="sum"' in check.report("mean_squared_error", answer).messages


# Blank answers


def blank_pass(y_true, y_pred):
    pass


def blank_ellipsis(y_true, y_pred):
    return ...


def blank_error(y_true, y_pred):
    raise NotImplementedError


def blank_zero(y_true, y_pred):
    return 0.0


def blank_zeros(y_true, y_pred, **options):
    return np.zeros_like(y_pred)


def blank_nan(y_true, y_pred, **options):
    return np.nan


def refuses_everything(y_true, y_pred, **options):
    raise ValueError("y_true y_pred delta reduction sample_weight (4,) (3,) (4, 3) (3, 3)")


@each_exercise
@pytest.mark.parametrize(
    "blank",
    [
        blank_pass,
        blank_ellipsis,
        blank_error,
        blank_zero,
        blank_zeros,
        blank_nan,
        refuses_everything,
    ],
)
def test_the_blank_gets_nothing(name, blank):
    report = check.report(name, blank)
    assert report.score == 0
    assert report.max_score == check.report(name, blank_pass).max_score > 30


@pytest.mark.parametrize("blank", [blank_pass, blank_ellipsis, blank_error])
def test_the_blank_is_told_so_in_one_line(blank):
    report = check.report("huber", blank)
    assert len(report.text.splitlines()) == 2
    assert re.search("nothing (is written|comes back)", report.text)


# Wrong answers


FORMULAS = re.compile(
    r"\*\*|np\.|y_true ?[-+*/·−] ?|y_pred ?[-+*/·−] ?|ŷ|²|max\(|log\(p|exp\(|[-−] ?y|½|Σ|∑|clip\("
)


def shows_too_much(message):
    """Whether a message holds a piece of a formula, or a number with decimals."""
    said = re.sub("raises .*", "", message)  # a quotation of the student's own exception
    return FORMULAS.search(said) or re.search(r"\d\.\d(?!\d*…)", said)


@pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in EXERCISES for number in range(len(mistakes.MISTAKES[name]))],
)
def test_a_wrong_formula_loses_marks_and_is_named(name, number, few_numbers):
    function, keyword = mistakes.MISTAKES[name][number]
    report = check.report(name, function)
    points, most = report.levels[0]
    assert points < most
    assert keyword in " ".join(first_level(report)), "\n".join(first_level(report))
    assert not list(filter(shows_too_much, report.messages))


@each_exercise
def test_one_defect_loses_marks_and_is_named(name, may_borrow, few_numbers):
    right = getattr(lossfns, name)
    for spoil, title, keyword in defects.defects(name):
        report = check.report(name, spoil(right))
        assert report.score < report.max_score, spoil.__name__
        said = wrong(report, title)
        assert any(keyword in message for message in said), (spoil.__name__, said)


@each_exercise
def test_there_are_many_wrong_answers(name):
    assert len(mistakes.MISTAKES[name]) >= 12
    assert len(list(defects.defects(name))) >= 30


@each_exercise
def test_a_wrong_factor_hides_nothing_that_is_right(name, may_borrow):
    right = getattr(lossfns, name)
    report = check.report(
        name, lambda y_true, y_pred, **options: 2 * right(y_true, y_pred, **options)
    )
    assert report.levels[0][0] == 0
    assert sum(most - points for points, most in report.levels[1:]) <= 1


def test_a_half_right_formula_still_earns_its_shapes(may_borrow):
    def answer(y_true, y_pred, delta=1.0, reduction="mean", sample_weight=None):
        losses = (y_pred - y_true) ** 2 / 2  # large residuals are forgotten
        if y_true.shape != y_pred.shape:
            raise ValueError(f"{y_true.shape} and {y_pred.shape}")
        w = np.ones(losses.shape) if sample_weight is None else sample_weight
        total = {
            "none": w * losses,
            "sum": np.sum(w * losses),
            "mean": np.average(losses, weights=w),
        }
        return total[reduction]

    report = check.report("huber", answer)
    assert 0 < report.levels[0][0] < report.levels[0][1]
    for title in (
        'reduction="sum"',
        'reduction="none"',
        "sample_weight",
        "refusing unequal shapes",
    ):
        assert f"✓ {title}" in report.messages


def test_a_row_loss_for_one_row_is_recognised():
    def one_row(y_true, y_pred):
        return 1 - y_true @ y_pred / np.sqrt(y_true @ y_true * (y_pred @ y_pred))

    report = check.report("cosine_similarity_loss", one_row)
    assert "right for one row alone" in report.messages[0]
    assert "✓ one example alone" in report.messages


# Borrowed answers


def borrowed_answers():
    sklearn = pytest.importorskip("sklearn.metrics")
    special = pytest.importorskip("scipy.special")
    huber = lossfns.huber

    def inside(y_true, y_pred, delta=1.0):
        from lossfns import huber as helper  # noqa: PLC0415

        return helper(y_true, y_pred, delta=delta)

    def hidden(y_true, y_pred):
        return getattr(__import__("loss" + "fns"), "hub" + "er")(y_true, y_pred)

    def helper(y_true, y_pred):
        return special.huber(1.0, y_pred - y_true)

    class Answer:
        def __call__(self, y_true, y_pred):
            return huber(y_true, y_pred)

    yield lossfns.huber, "lossfns"
    yield functools.partial(lossfns.huber, delta=1.0), "lossfns"
    yield lambda y_true, y_pred: 1.0 * lossfns.huber(y_true, y_pred), "lossfns"
    yield lambda y_true, y_pred: 1.0 * huber(y_true, y_pred), "lossfns"
    yield np.vectorize(lossfns.huber), "lossfns"
    yield lossfns.LOSSES["huber"].grad, "lossfns"
    yield inside, "lossfns"
    yield hidden, "lossfns"
    yield Answer(), "lossfns"
    yield lambda y_true, y_pred: np.mean(helper(y_true, y_pred)), "SciPy"
    yield lambda y_true, y_pred: sklearn.mean_squared_error(y_true, y_pred) / 2, "scikit-learn"


def test_borrowed_answers_get_no_marks_and_are_told_so():
    for function, library in borrowed_answers():
        report = check.report("huber", function)
        assert report.score == 0
        assert f"{library} does the work here" in report.text


def test_a_library_that_is_only_nearby_does_not_matter():
    from lossfns import huber  # noqa: F401, PLC0415

    report = check.report("huber", three_liners.huber)
    assert report.levels[0][0] == report.levels[0][1]


# Answers that misbehave


def test_whatever_an_answer_does_the_check_survives(capsys):
    class Odd:
        def __array__(self, *arguments, **options):
            raise RuntimeError("no array")

    def leaves(y_true, y_pred):
        sys.exit(3)

    def recurses(y_true, y_pred):
        return recurses(y_true, y_pred)

    def prints(y_true, y_pred):
        print("x" * 10_000)  # noqa: T201
        sys.stderr.write("y" * 10_000)
        return np.mean((y_true - y_pred) ** 2)

    def generates(y_true, y_pred):
        yield 1.0

    def sets_errors(y_true, y_pred):
        np.seterr(all="raise")
        return np.mean((y_true - y_pred) ** 2)

    before = np.geterr()
    for function in (
        leaves,
        recurses,
        generates,
        lambda y_true, y_pred: "0.5",
        lambda y_true, y_pred: Odd(),
        lambda y_true, y_pred: {"loss": 1},
        lambda y_true, y_pred: 1j,
        lambda y_true, y_pred: [[1, 2], [3]],
        lambda y_true, y_pred: np.zeros((0, 3)),
        lambda y_true, y_pred: np.ma.masked,
        lambda y_true, y_pred: y_true.fill(0),
        lambda y_true, y_pred: 1 / 0,
        lambda y_true, y_pred: np.full((3, 1, 4), np.nan),
        lambda *arguments, **options: len(arguments) + len(options),
        builtins.max,
    ):
        assert check.report("mean_squared_error", function).score == 0
    for function in (prints, sets_errors):
        assert check.report("mean_squared_error", function).levels[0] == (5, 5)
    assert np.geterr() == before
    assert capsys.readouterr() == ("", "")


def test_exceptions_are_quoted_without_addresses():
    def answer(y_true, y_pred):
        raise RuntimeError(f"{object()!r}\nand more")

    report = check.report("hinge", answer)
    assert "raises RuntimeError: <object object>" in report.messages[0]


def test_an_endless_loop_is_stopped(monkeypatch):
    monkeypatch.setattr(answer, "SECONDS_PER_CALL", 0.3)

    def endless(y_true, y_pred):
        while True:
            pass

    report = check.report("hinge", endless)
    assert report.score == 0
    assert "a loop that never ends" in report.text
    assert sys.gettrace() is None or "coverage" in sys.modules


def test_a_late_stop_keeps_what_was_right(monkeypatch):
    monkeypatch.setattr(answer, "SECONDS_PER_CALL", 0.3)

    def endless_for_bytes(y_true, y_pred):
        while y_true.dtype == np.uint8:
            pass
        return np.mean((y_pred - y_true) ** 2)

    report = check.report("mean_squared_error", endless_for_bytes)
    assert report.levels[0] == (5, 5)
    assert "a loop that never ends" in wrong(report, "unsigned bytes")[0]


def test_no_pending_exception_is_left_behind():
    with answer.Bell() as bell:
        for _ in range(4):
            with pytest.raises(answer.OutOfTime), bell.limit(0.01):
                time.sleep(0.1)
            for _ in range(1000):
                pass


def test_kept_copies_protect_the_inputs():
    def spoils(y_true, y_pred):
        y_true[...] = y_pred
        return 0.0

    for _ in range(2):  # the questions' own arrays are the same the second time
        check.report("mean_squared_error", spoils)
    assert check.report("mean_squared_error", three_liners.mean_squared_error).levels[0] == (5, 5)


# Calls of check


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("hubr", len), ValueError, "did you mean 'huber'"),
        (("huber_gradient", len), ValueError, "did you mean 'huber_grad'"),
        (("zzz", len), ValueError, "check.names"),
        ((len, "huber"), TypeError, "name of the exercise comes first"),
        (("huber", 0.5), TypeError, "without parentheses"),
        (("huber", None), TypeError, "NoneType"),
    ],
)
@pytest.mark.parametrize("call", [check, check.report])
def test_a_wrong_call_is_explained(call, arguments, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call(*arguments)


@pytest.mark.parametrize(
    "function",
    [
        lambda: 0.0,
        lambda y_true: 0.0,
        lambda y_true, y_pred, n: 0.0,
        lambda *, y_true, y_pred: 0.0,
    ],
)
def test_other_parameters_are_explained(function):
    report = check.report("mean_squared_error", function)
    assert report.score == 0
    assert "it should take (y_true, y_pred)" in report.text


def test_a_missing_default_is_explained():
    report = check.report("huber", lambda y_true, y_pred, delta: 0.0)
    assert "needs a default value" in report.text


def test_check_prints_what_report_holds(capsys):
    assert check("hinge", three_liners.hinge) is None
    printed = capsys.readouterr().out
    assert printed == check.report("hinge", three_liners.hinge).text + "\n"
    assert max(map(len, printed.splitlines())) <= 80
    check("hinge", three_liners.hinge, full=True)
    explained = " ".join(capsys.readouterr().out.split())
    assert len(explained) > len(" ".join(printed.split()))
    for message in wrong(check.report("hinge", three_liners.hinge)):
        assert message.split(": ", 1)[1] in explained


def test_a_report_is_plain_frozen_data():
    report = check.report("hinge", three_liners.hinge)
    assert isinstance(report, Report)
    assert pickle.loads(pickle.dumps(report)) == report
    assert report.name == "hinge"
    assert report.score == sum(message[0] == "✓" for message in report.messages)
    assert (report.score, report.max_score) == tuple(map(sum, zip(*report.levels, strict=True)))
    with pytest.raises(AttributeError):
        report.score = 100


@each_exercise
def test_every_run_says_the_same(name):
    function = mistakes.MISTAKES[name][0][0]
    assert check.report(name, function) == check.report(name, function)


def test_another_process_says_the_same():
    code = (
        "import numpy as np\n"
        "from losslab import check\n"
        "def huber(y_true, y_pred, delta=1.0):\n"
        "    return np.mean((y_true - y_pred) ** 2)\n"
        "check('huber', huber, full=True)\n"
    )
    command = [sys.executable, "-c", code]
    first, second = (
        subprocess.run(command, capture_output=True, check=True, env=None).stdout for _ in range(2)
    )
    assert first == second
    assert "large positive residuals" in first.decode()


@each_exercise
def test_a_normal_answer_takes_less_than_two_seconds(name, may_borrow):
    for function in (three_liner(name), getattr(lossfns, name)):
        start = time.perf_counter()
        check.report(name, function)
        assert time.perf_counter() - start < 2
