"""Grade a folder of submissions: one student at a time, each in a sandbox of its own."""

import csv
import hashlib
import io
import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from coursework import checking
from coursework.grading import pages, submissions
from coursework.grading.sandbox import Failed, Sandbox
from coursework.grading.submissions import Unreadable

WRITTEN = ("student", "name", "question", "most", "points", "comment")
NO_ANSWER = "no answer"
LONGEST_ANSWER = 20_000  # characters
GRADES = ("student", "name", "code", "written", "total", "most", "note")


def grade(where, assignment, out, *, shut_off=True, workers=None, say=print):
    """Grade all submissions; write results, feedback, tables and a summary; return the results.

    What has been graded already, with the same checks, is not graded again: a run that was
    stopped goes on where it was.

    Parameters
    ----------
    where : path
        A folder or zip file, see `coursework.grading.submissions`.
    assignment : Assignment
        What was handed out.
    out : path
        Folder for everything that grading writes.
    shut_off : bool, default True
        Use bubblewrap.
    workers : int, optional
        How many sandboxes run side by side; default: one a core.
    say : callable
        Shows one line of progress.
    """
    found, out = submissions.find(where), Path(out)
    (out / "results").mkdir(parents=True, exist_ok=True)
    results, width = {}, len(str(len(found)))
    stopped = threading.Event()

    def work(submission):
        if stopped.is_set():
            return None
        return one(submission, assignment, out / "results", shut_off=shut_off)

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        waiting = [pool.submit(work, submission) for submission in found]
        try:
            for number, future in enumerate(as_completed(waiting), 1):
                result = future.result()
                results[result["student"]] = result
                say(f"[{number:{width}}/{len(found)}] {line(result, assignment)}")
        except KeyboardInterrupt:
            stopped.set()
            say("Stopping after the submissions at work; the same command goes on from here.")
            raise
    results = [results[submission.student] for submission in found]
    merge_written(results, assignment, out / "written.csv")
    rows = grades(results, assignment, out / "written.csv")
    write_table(out / "grades.csv", GRADES, rows)
    pages.write(results, rows, assignment, out)
    return results


def one(submission, assignment, folder, *, shut_off):
    """Grade one submission, or return the result of an earlier run; never raise."""
    result = {"student": submission.student, "name": submission.name}
    result |= {"tasks": {}, "written": {}, "cells": {}, "failed": "", "note": "", "path": ""}
    path = folder / f"{submission.student}.json"
    try:
        chosen = submission.choose(assignment.grade_ids)
        notebook, data, result["path"], result["note"] = chosen
        key = [assignment.version, hashlib.sha256(data).hexdigest(), shut_off]
        if path.exists() and (before := json.loads(path.read_text("utf-8"))).get("key") == key:
            return before | {"again": True}
        result["key"] = key
        result["written"] = written_answers(notebook, assignment)
        started = time.perf_counter()
        with Sandbox(cells_of(notebook), shut_off=shut_off) as box:
            result["cells"] = box.problems
            for name, task in assignment.tasks.items():
                outcomes = checking.ask(task, box)
                result["tasks"][name] = [(o.title, o.points, o.problem) for o in outcomes]
        result["seconds"] = round(time.perf_counter() - started, 1)
    except (Unreadable, Failed) as error:
        result["failed"] = str(error)
    except Exception as error:  # noqa: BLE001  (no submission may stop the batch)
        result["failed"] = f"grading itself failed, please report: {type(error).__name__}: {error}"
    for name, task in assignment.tasks.items():
        questions = getattr(task, "questions", [task])
        result["tasks"].setdefault(
            name, [(getattr(q, "title", name), q.points, result["failed"]) for q in questions]
        )
    replace(path, json.dumps(result, indent=1, ensure_ascii=False))
    return result


def cells_of(notebook):
    """List the numbers and sources of the code cells, without nbgrader's test cells."""
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        marks = cell.metadata.get("nbgrader")
        marks = marks if isinstance(marks, dict) else {}
        if cell.cell_type == "code" and not (marks.get("grade") and not marks.get("solution")):
            found.append((number, cell.source))
    return found


def written_answers(notebook, assignment):
    """Return the written answers by the cell's id; '' where the cell is gone or untouched."""
    found = {question.grade_id: "" for question in assignment.written}
    by_cell = {question.cell_id: question.grade_id for question in assignment.written}
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader")
        grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
        if not isinstance(grade_id, str) or grade_id not in found:
            grade_id = by_cell.get(cell.get("id"))  # some editors drop nbgrader's marks
        if grade_id:
            text = cell.source.strip()
            found[grade_id] = "" if text == "YOUR ANSWER HERE" else text[:LONGEST_ANSWER]
    return found


def code(result):
    """Add up the points of the code."""
    return sum(
        points
        for task in result["tasks"].values()
        for _, points, problem in task
        if problem is None
    )


def line(result, assignment):
    """Say in one line what came of a submission."""
    text = f"{code(result):5.1f} of {assignment.code_points:g}  {result['student']}"
    if result.get("again"):
        text += "  (graded before)"
    elif "seconds" in result:
        text += f"  ({result['seconds']:.1f} s)"
    text += f"  FAILED: {result['failed']}" if result["failed"] else ""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


# --- Tables -------------------------------------------------------------------------------------


def merge_written(results, assignment, path):
    """Write the table for the points of the written part; keep what has been filled in."""
    before = {(row["student"], row["question"]): row for row in read_table(path)}
    rows = []
    for result in results:
        for question in assignment.written:
            row = before.pop((result["student"], question.grade_id), {})
            row = {"points": row.get("points", ""), "comment": row.get("comment", "")}
            if not result["written"].get(question.grade_id):
                row = {"points": row["points"] or "0", "comment": row["comment"] or NO_ANSWER}
            elif row["comment"] == NO_ANSWER:  # since then, one has been handed in
                row = {"points": "", "comment": ""}
            row |= {"student": result["student"], "name": result["name"]}
            rows.append(row | {"question": question.grade_id, "most": f"{question.points:g}"})
    write_table(path, WRITTEN, [*rows, *before.values()])


def grades(results, assignment, path):
    """Return one row a student, with the points of the written part as far as there are any."""
    written = {}
    for row in read_table(path):
        written.setdefault(row["student"], {})[row["question"]] = row
    most = assignment.code_points + assignment.written_points
    rows = []
    for result in results:
        marks = written.get(result["student"], {})
        points = [mark(marks, question) for question in assignment.written]
        done = None not in points
        rows.append({
            "student": result["student"], "name": result["name"], "code": code(result),
            "written": sum(points) if done else None,
            "total": code(result) + sum(points) if done else None, "most": most,
            "note": result["failed"] or ("" if done else "written part not marked yet"),
            "comments": {
                question.grade_id: (point, marks.get(question.grade_id, {}).get("comment", ""))
                for question, point in zip(assignment.written, points, strict=True)
            },
        })  # fmt: skip
    return rows


def mark(marks, question):
    """Return the points of one written answer, or None; a `ValueError` says what is no mark."""
    text = marks.get(question.grade_id, {}).get("points", "").strip().replace(",", ".")
    if not text:
        return None
    try:
        points = float(text)
    except ValueError:
        points = -1
    if not 0 <= points <= question.points:
        student = marks[question.grade_id]["student"]
        raise ValueError(
            f"written.csv: {student} has {text!r} points for {question.grade_id}, which must be "
            f"a number from 0 to {question.points:g}"
        )
    return points


def read_table(path):
    """Read a CSV file as dictionaries; an absent one is empty."""
    if not path.exists():
        return []
    (names, *rows), _ = read_rows(path)
    return [dict(zip(names, row, strict=False)) for row in rows if row]


def read_rows(path):
    """Return the rows of a CSV file and its delimiter, as whatever spreadsheet has saved it."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not rows:
        raise ValueError(f"{path} is empty")
    return rows, delimiter


def write_table(path, names, rows):
    """Write dictionaries as a CSV file, None as an empty field."""
    with path.with_suffix(".part").open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.DictWriter(file, names, extrasaction="ignore")
        table.writeheader()
        table.writerows({name: tidy(row.get(name)) for name in names} for row in rows)
    path.with_suffix(".part").replace(path)


def tidy(value):
    """Return a field that a spreadsheet shows as it is and does not compute."""
    if value is None or isinstance(value, int | float):
        return "" if value is None else f"{value:g}"
    return f"'{value}" if value[:1] in ("=", "+", "@") else value


def replace(path, text):
    """Write a file whole or not at all."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
