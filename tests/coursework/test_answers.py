"""Every task of every assignment: what earns full marks, what earns none, what loses some."""

import ast
import re

import pytest
import scipy.special

import coursework
from book import ROOT
from coursework import answers, checking, source
from coursework.assignment import Assignment
from coursework.checking import Number
from coursework.grading.runner import Functions

ASSIGNMENTS = {name: Assignment(name) for name in coursework.names()}
TASKS = [(name, task) for name in ASSIGNMENTS for task in ASSIGNMENTS[name].tasks]
each_task = pytest.mark.parametrize(("name", "task"), TASKS, ids=[task for _, task in TASKS])
each_assignment = pytest.mark.parametrize("name", ASSIGNMENTS)
FEWEST = 12


def outcomes(name, task, answer):
    with Functions({task: answer}) as functions:
        return checking.ask(ASSIGNMENTS[name].tasks[task], functions)


def messages(found):
    return "\n".join(outcome.message for outcome in found)


@each_task
def test_right_answers_written_differently_get_full_marks(name, task):
    right = answers.load(name).RIGHT[task]
    assert len(right) >= 3
    for number, answer in enumerate(right):
        found = outcomes(name, task, answer)
        assert all(outcome.problem is None for outcome in found), f"{number}:\n{messages(found)}"


@each_task
def test_wrong_answers_lose_marks_and_hear_why(name, task):
    wrong = answers.load(name).WRONG[task]
    assert len(wrong) >= FEWEST
    silent = []
    for number, (answer, words) in enumerate(wrong):
        found = outcomes(name, task, answer)
        problems = "\n".join(outcome.message for outcome in found if outcome.problem)
        if not problems or words not in problems:
            silent.append(f"{number} ({words!r}):\n{messages(found)}")
    assert not silent, "\n".join(silent)


@each_task
def test_an_empty_answer_gets_nothing(name, task):
    def nothing(*arguments, **options):
        raise NotImplementedError

    for answer in (nothing, lambda *arguments, **options: None, lambda *arguments: 0.0):
        assert checking.total(outcomes(name, task, answer)) == 0
    with Functions({}) as functions:
        assert checking.total(checking.ask(ASSIGNMENTS[name].tasks[task], functions)) == 0


@pytest.mark.parametrize(
    ("name", "task", "other", "wrong"),
    [
        ("a8_infonce", "train", "info_nce_grad", lambda slope: -3 * slope),
        ("a9_capstone", "fit_line", "smooth_cost_grad", lambda slope: -3 * slope),
        ("a9_capstone", "best_time", "visit_cost", lambda cost: -cost),
    ],
)
def test_a_mistake_costs_its_points_once(name, task, other, wrong):
    checks = ASSIGNMENTS[name].tasks

    def mistaken(*arguments, **options):
        return wrong(checks[other].reference(*arguments, **options))

    def right(*arguments, **options):
        return answers.load(name).BY_OWN[task](mistaken)(*arguments, **options)

    def still(*arguments, **options):
        return arguments[-1]

    for function, fair in ((right, True), (still, False)):
        with Functions({task: function, other: mistaken}) as functions:
            found = checking.ask(checks[task], functions)
        assert (checking.total(found) == checks[task].points) == fair, messages(found)


@each_task
def test_borrowing_is_noticed(name, task):
    if isinstance(ASSIGNMENTS[name].tasks[task], Number):
        return

    def borrowed(*arguments, **options):
        return scipy.special.xlogy(1.0, 2.0)

    found = outcomes(name, task, borrowed)
    assert all("SciPy does the work" in outcome.problem for outcome in found)


@each_assignment
def test_feedback_never_shows_an_expected_value(name):
    for task in ASSIGNMENTS[name].tasks.values():
        if not isinstance(task, Number):
            continue
        found = outcomes(name, task.name, task.want * 1.5 + 1)
        assert f"{task.want:g}" not in messages(found)


# --- The notebook -------------------------------------------------------------------------------


@each_assignment
def test_points_in_the_notebook_are_those_of_the_checks(name):
    assignment, points = ASSIGNMENTS[name], {}
    for cell in assignment.notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade") and cell.cell_type == "code":
            calls = [
                node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)
            ]
            [call] = [call for call in calls if getattr(call.func, "id", "") == "points"]
            assert call.args[0].value == name
            points[call.args[1].value] = marks["points"]
    assert points == {task: item.points for task, item in assignment.tasks.items()}
    total = assignment.code_points + assignment.written_points
    assert f"**Points** {total:g}: {assignment.code_points:g} for code" in (
        assignment.notebook.cells[0].source
    )


@each_assignment
def test_rubrics_add_up(name):
    for question in ASSIGNMENTS[name].written:
        assert "**Marking**" in question.answer, question.grade_id
        rubric = question.answer.split("**Marking**")[1]
        points = [int(number) for number in re.findall(r"\b(\d+) points?\b", rubric)]
        assert sum(points) == question.points, question.grade_id


@each_assignment
def test_ids_are_unique(name):
    marks = [cell.metadata.get("nbgrader", {}) for cell in ASSIGNMENTS[name].notebook.cells]
    ids = [mark["grade_id"] for mark in marks if mark]
    assert len(ids) == len(set(ids))
    assert source(name).stem == name


@each_assignment
def test_the_instructor_guide_knows_the_assignment(name):
    guide = (ROOT / "chapters" / "instructor-guide.md").read_text(encoding="utf-8")
    assignment = ASSIGNMENTS[name]
    [minutes] = re.findall(r"\*\*Time\*\* about (\d+) minutes", assignment.notebook.cells[0].source)
    points = f"{assignment.code_points:g} + {assignment.written_points:g}"
    assert f"`{name}`, {minutes} min, {points} points |" in guide
