"""Feedback pages, a page to mark written answers from, and a summary of the whole batch."""

import zipfile
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader

from coursework.grading import prose

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,  # everything a student has written is text, never markup
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["g"] = "{:g}".format
TEMPLATES.filters["prose"] = prose.render


def write(results, rows, assignment, out):
    """Write all pages."""
    (out / "feedback").mkdir(exist_ok=True)
    for result, row in zip(results, rows, strict=True):
        page("feedback.html", out / "feedback" / f"{result['student']}.html",
             result=result, row=row, assignment=assignment)  # fmt: skip
    pack(results, out)
    page("written.html", out / "written.html", results=results, rows=rows, assignment=assignment)
    page("summary.html", out / "summary.html", results=results, rows=rows, assignment=assignment,
         histogram=histogram([row["code"] for row in rows], assignment.code_points),
         totals=histogram([row["total"] for row in rows if row["total"] is not None],
                          assignment.code_points + assignment.written_points),
         questions=shares(results))  # fmt: skip


def together(outcomes):
    """Merge the questions of a task that have the same problem: one sentence says it once."""
    found = {}
    for title, points, problem in outcomes:
        titles, most = found.get(problem or title, ([], 0))[:2]
        found[problem or title] = ([*titles, title], most + points, problem)
    return [("; ".join(titles), points, problem) for titles, points, problem in found.values()]


def pack(results, out):
    """Put the feedback into a zip in the shape of what came, as Canvas and Moodle take it back."""
    with zipfile.ZipFile(out / "feedback.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for result in results:
            path = PurePosixPath(result["path"] or f"{result['student']}.ipynb")
            archive.write(out / "feedback" / f"{result['student']}.html", path.with_suffix(".html"))


def page(template, path, **values):
    """Fill a template and write it."""
    path.write_text(TEMPLATES.get_template(template).render(**values), encoding="utf-8")


def histogram(values, most, bars=10):
    """Count values in equal bins from 0 to `most`: (from, to, count, share of the largest)."""
    counts = [0] * bars
    for value in values:
        counts[min(int(bars * value / most), bars - 1)] += 1
    largest = max([*counts, 1])
    step = most / bars
    return [
        {"from": step * bar, "to": step * (bar + 1), "count": count, "share": count / largest}
        for bar, count in enumerate(counts)
    ]


def shares(results):
    """List each question with the share of students who answered it rightly."""
    found = {}
    for result in results:
        for task, outcomes in result["tasks"].items():
            for title, _, problem in outcomes:
                right, asked = found.get((task, title), (0, 0))
                found[task, title] = (right + (problem is None), asked + 1)
    return [
        {"task": task, "title": title, "right": right, "asked": asked}
        for (task, title), (right, asked) in found.items()
    ]


TEMPLATES.filters["together"] = together
