"""Fill grades into the table that Canvas or Moodle exports, so that it can be imported again."""

import csv
import io
import re
from pathlib import Path

from coursework.grading.batch import read_rows, read_table


def fill(export, grades, *, column=None):
    """Return the text of the platform's table with the grades filled in, and what was not matched.

    Parameters
    ----------
    export : path
        Canvas: *Grades, Export*; the students' column is ``ID``. Moodle: *Download grading
        worksheet*, with its columns ``Identifier`` and ``Grade``.
    grades : path
        The ``grades.csv`` of grading.
    column : str, optional
        Canvas: how the assignment's column begins. Moodle's is always ``Grade``.

    Returns
    -------
    str, list of str
        The table, and one line for each grade or student that found no partner.
    """
    table, delimiter = read_rows(Path(export))
    rows = {row["student"]: row for row in read_table(Path(grades))}
    header = [title.strip() for title in table[0]]
    if "Identifier" in header and "Grade" in header:
        place, who, most = header.index("Grade"), header.index("Identifier"), None
        if "Maximum Grade" in header:
            most = header.index("Maximum Grade")
        notes = fill_in(table, rows, who, place, lambda row: maximum(row, most))
    elif "ID" in header and "Student" in header:
        place, who = canvas_column(header, column), header.index("ID")
        possible = next((row for row in table[1:4] if "Points Possible" in row[0]), None)
        notes = fill_in(table, rows, who, place, lambda row: maximum(possible, place))
    else:
        raise ValueError(
            f"{export} is neither Canvas's export (columns Student, ID) nor Moodle's grading "
            f"worksheet (columns Identifier, Grade): found {', '.join(header[:8])}"
        )
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(table)
    return out.getvalue(), notes


def canvas_column(header, column):
    """Find the one column whose title begins as the instructor says."""
    if not column:
        raise ValueError("Canvas exports many assignments: name the column's beginning, --column")
    found = [index for index, title in enumerate(header) if title.startswith(column)]
    if len(found) != 1:
        raise ValueError(f"{len(found)} columns begin with {column!r}; one is wanted")
    return found[0]


def maximum(row, place):
    """Return the most points that the platform gives, or None where it does not say."""
    if row is None or place is None:
        return None
    try:
        return float(row[place].replace(",", "."))
    except ValueError:
        return None


def fill_in(table, rows, who, place, most):
    """Fill the grades in, scaled to the platform's maximum; return notes on what did not match."""
    notes, used = [], set()
    for line in table[1:]:
        number = re.search(r"\d+$", line[who].strip())
        if not number:
            continue  # Canvas's rows above the students
        grade = rows.get(number[0])
        if grade is None:
            notes.append(f"{line[0]}: nothing was handed in, the field stays as it is")
            continue
        used.add(number[0])
        if not grade["total"]:
            notes.append(f"{line[0]}: the written part is not marked, the field stays as it is")
            continue
        scale = (most(line) or float(grade["most"])) / float(grade["most"])
        line[place] = f"{float(grade['total']) * scale:.2f}".rstrip("0").rstrip(".")
    notes += [f"{student}: graded, but not in the table" for student in rows if student not in used]
    return notes
