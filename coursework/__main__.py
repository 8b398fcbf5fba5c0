"""Release, execute and grade assignments."""

import argparse
import os
import sys
from pathlib import Path

from coursework import FOLDER, ROOT, names, source


def main(arguments=None):
    """Do what the command line asks; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m coursework", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("release", help="generate what students get")
    one.add_argument("name", nargs="*", help="default: all assignments")
    one.add_argument("--out", type=Path, default=FOLDER / "release")
    one = commands.add_parser("template", help="make a template repository of one assignment")
    one.add_argument("name")
    one.add_argument("--out", type=Path, required=True)
    one = commands.add_parser("execute", help="execute the notebooks with solutions")
    one.add_argument("name", nargs="*", help="default: all assignments")
    one = commands.add_parser("grade", help="grade a folder or zip file of submissions")
    one.add_argument("submissions", type=Path)
    one.add_argument("--assignment", required=True, help=", ".join(names()))
    one.add_argument("--out", type=Path, help="default: coursework/graded/ASSIGNMENT")
    one.add_argument("--workers", type=int, help="side by side; default: one a core")
    one.add_argument("--lms", type=Path, help="the table exported by Canvas or Moodle, to fill")
    one.add_argument("--column", help="Canvas: how the title of the assignment's column begins")
    one.add_argument(
        "--without-sandbox",
        action="store_true",
        help="go on without bubblewrap, for submissions that you trust",
    )
    options = parser.parse_args(arguments)
    try:
        commands = {"release": release, "template": template, "execute": execute, "grade": grade}
        return commands[options.command](options)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def release(options):
    """Generate what students get."""
    from coursework.release import generate

    for path in generate(options.out, options.name):
        print(path)
    return 0


def template(options):
    """Make a template repository."""
    from coursework.release import template as write

    print(f"Publish as a template repository: {write(options.out, options.name)}")
    return 0


def execute(options):
    """Execute the notebooks with solutions and write them back."""
    from book.execute import main as execute_notebooks

    os.environ["PYTHONPATH"] = str(ROOT)  # their test cells import the hidden checks
    return execute_notebooks([str(source(name)) for name in options.name or names()])


def grade(options):
    """Grade submissions."""
    from coursework.assignment import Assignment
    from coursework.grading import batch, lms, sandbox

    assignment = Assignment(options.assignment)
    out = options.out or FOLDER / "graded" / options.assignment
    if options.without_sandbox and sys.platform == "linux":
        print(f"Without a sandbox, as you asked. {sandbox.WITHOUT}", file=sys.stderr)
    elif problem := sandbox.problem():
        print(
            f"{problem}.\n{sandbox.WITHOUT}\nIf you trust every submission: --without-sandbox",
            file=sys.stderr,
        )
        return 1
    results = batch.grade(
        options.submissions, assignment, out,
        shut_off=not options.without_sandbox, workers=options.workers,
        say=lambda line: print(line, flush=True),
    )  # fmt: skip
    failed = sum(bool(result["failed"]) for result in results)
    print(f"{len(results)} submissions, {failed} of them could not be graded.")
    print(f"Open {(out / 'summary.html').resolve().as_uri()}")
    if assignment.written:
        print(f"Mark the written answers: read {out / 'written.html'}, fill {out / 'written.csv'},")
        print("and run the same command again.")
    if options.lms:
        text, notes = lms.fill(options.lms, out / "grades.csv", column=options.column)
        filled = out / f"{options.lms.stem}-filled.csv"
        filled.write_text(text, encoding="utf-8")
        print(*notes, f"Filled in: {filled}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
