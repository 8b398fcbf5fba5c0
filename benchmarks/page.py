"""Write "How this course is tested" from the stored results: ``python -m benchmarks.page``."""

import math
import re
import statistics

from benchmarks import ROOT, read
from benchmarks.mutation_reasons import reason

PAGE = ROOT / "chapters" / "how-tested.md"
AND = "\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}"  # in a cell of a table, kept on one line
PICTURE = ROOT / "chapters" / "images" / "growth.svg"
KINDS = ("value", "gradient")
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def mean(ratios):
    """Return the geometric mean."""
    return math.exp(statistics.fmean(map(math.log, ratios)))


def table(head, rows):
    """Return a Markdown table."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def pick(rows, key="ratio", **wanted):
    """Return this figure of the rows that are as wanted, by case."""
    kept = (r for r in rows if all(r[name] == value for name, value in wanted.items()))
    return {row["case"]: row[key] for row in kept}


def dated(found, *, times=False):
    """Say when and on what a result was measured; of ``times`` also whether they say much."""
    dates = sorted({row["date"] for row in found.get("rows", []) if "date" in row})
    date = " to ".join(dict.fromkeys([dates[0], dates[-1]])) if dates else found["date"]
    busy = ", busy with other work, so that times say little" if times and found["busy"] else ""
    return f"*{date}; {found['machine']}{busy}.*"


def of_versions(versions):
    """Return versions as a phrase."""
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def speed(found):
    """Return the section about speed."""
    ours, largest = found["ours"], max(row["n"] for row in found["ours"])
    single = {k: pick(ours, kind=k, n=largest, dtype="float32") for k in KINDS}
    double = {k: pick(ours, kind=k, n=largest, dtype="float64") for k in KINDS}
    limit = {k: pick(ours, "limit", kind=k, n=largest, dtype="float64") for k in KINDS}
    rows = [
        [case, *(f"{double[k][case]:.2f}{AND}{single[k][case]:.2f}" for k in KINDS)]
        for case in double["value"]
    ]
    rows.append(
        [
            "*geometric mean*",
            *(
                f"*{mean(double[k].values()):.2f}{AND}{mean(single[k].values()):.2f}*"
                for k in KINDS
            ),
        ]
    )
    small = {k: pick(ours, "more", kind=k, n=1000, dtype="float64") for k in KINDS}
    return "\n\n".join(
        [
            "## Speed",
            f"{dated(found, times=True)} {of_versions(found['versions'])}. "
            f"Medians of {found['repeats']} turns. Again: `make bench`.",
            "What each loss takes, divided by what the obvious line of NumPy takes, on one thread "
            "and for ten million numbers; first in float64, then in float32. Below 1 is faster. "
            "`lossfns` checks its inputs meanwhile, the obvious line does not.",
            table(["time ÷ plain NumPy", *KINDS], rows),
            "Merely fetching the inputs (and, for a gradient, writing as many numbers) is the "
            f"limit. In float64 the losses take {_span(limit['value'], '.1f')} times that, "
            f"the gradients {_span(limit['gradient'], '.1f')} times.",
            "For a thousand numbers, what counts is the fixed cost of a call with its checks: "
            f"{_span(small['value'], '.0f')} microseconds more than the plain line for a loss, "
            f"{_span(small['gradient'], '.0f')} for a gradient.",
            *_sizes(ours),
            *_peers(found, largest),
            *_growth(found),
        ]
    )


def _span(figures, form):
    return f"{min(figures.values()):{form}} to {max(figures.values()):{form}}"


def _power(n):
    return f"10{str(round(math.log10(n))).translate(SUPERSCRIPT)}"


def _sizes(ours):
    sizes = sorted({row["n"] for row in ours})
    tables = []
    for kind in KINDS:
        found = [
            [pick(ours, kind=kind, n=n, dtype=dtype) for dtype in ("float64", "float32")]
            for n in sizes
        ]
        limit = pick(ours, "limit", kind=kind, n=sizes[-1], dtype="float64")
        rows = [
            [
                case,
                *(AND.join(f"{f[case]:.2f}" for f in both if case in f) for both in found),
                f"{limit[case]:.1f}",
            ]
            for case in found[0][0]
        ]
        tables.append(table([kind, *map(_power, sizes), "÷\N{NO-BREAK SPACE}limit"], rows))
    yield folded(
        "Every size",
        "Time ÷ plain NumPy, for so many numbers in all: in float64 and, where there are two "
        "figures, in float32. At the end, time ÷ the limit, for the most numbers in float64.",
        *tables,
    )


def folded(title, *parts):
    """Return a box that opens."""
    return f"````{{dropdown}} {title}\n" + "\n\n".join(parts) + "\n````"


def _peers(found, largest):
    if found["missing"]:
        yield f"Not installed, so not measured: {'; '.join(found['missing'])}."
    if not found["peers"]:
        return
    rows = []
    for name, theirs in found["peers"].items():
        row = [name]
        for kind in KINDS:
            ours = pick(found["ours"], kind=kind, n=largest, dtype="float64")
            other = pick(theirs, kind=kind, n=largest, dtype="float64")
            if not other:
                row += ["–", "–"]
                continue
            slower = sum(ours[case] > ratio for case, ratio in other.items())
            row.append(f"{mean(other[case] / ours[case] for case in other):.1f}")
            row.append(f"{slower} of {len(other)}")
        rows.append(row)
    yield (
        "And the peers, also for ten million float64 numbers: how many times longer they take "
        "than `lossfns` (geometric mean of the losses they have), and in how many cases "
        "`lossfns` is the slower one. PyTorch computes a loss together with its gradient."
    )
    yield table(["peer", "value", "ours slower", "gradient", "ours slower"], rows)
    yield _each_peer(found)


def _each_peer(found):
    sizes = sorted({row["n"] for rows in found["peers"].values() for row in rows})
    tables = []
    for kind in KINDS:
        wanted = [{"kind": kind, "n": n, "dtype": "float64"} for n in sizes]
        ours = [pick(found["ours"], **w) for w in wanted]
        peers = {name: [pick(rows, **w) for w in wanted] for name, rows in found["peers"].items()}
        peers = {name: theirs for name, theirs in peers.items() if any(theirs)}
        rows = [
            [case, *(_times_longer(theirs, ours, case) for theirs in peers.values())]
            for case in ours[0]
        ]
        tables.append(table([kind, *peers], rows))
    numbers = " and for ".join(map(_power, sizes))
    return folded(
        "Every loss and every peer",
        f"How many times longer a peer takes than `lossfns`, for {numbers} numbers.",
        *tables,
    )


def _times_longer(theirs, ours, case):
    pairs = zip(theirs, ours, strict=True)
    return AND.join(f"{t[case] / o[case]:.1f}" for t, o in pairs if case in t) or "–"


def _growth(found):
    draw_growth(found["ours"])
    yield (
        "```{figure} images/growth.svg\n:name: fig-growth\n:alt: Log–log plot of time against "
        "the number of elements, from a thousand to ten million. The eight losses rise slowly "
        "up to ten thousand elements and then in proportion to the number.\n\n"
        "Time of each loss against the number of elements, in units of a mean squared error of "
        "a thousand. At first the fixed cost of a call weighs most; then the lines rise in "
        "proportion to n (grey).\n```"
    )


def draw_growth(rows):
    """Draw time against size on logarithmic axes, one line a loss."""
    import matplotlib as mpl  # noqa: PLC0415

    mpl.use("agg")
    mpl.rcParams["svg.hashsalt"] = "growth"
    import matplotlib.pyplot as plt  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    from benchmarks.cases import CASES  # noqa: PLC0415
    from losslab import COLOUR, LINE  # noqa: PLC0415

    plt.style.use("losslab.course")
    figure, axes = plt.subplots(figsize=(6, 4.2))
    kept = {c.loss: c.title for c in CASES if c.columns in {None, 100} and not c.from_logits}
    times = {}
    for loss, title in kept.items():
        points = [
            (r["n"], r["microseconds"])
            for r in rows
            if r["case"] == title and r["kind"] == "value" and r["dtype"] == "float64"
        ]
        times[loss] = sorted(points)
    unit, largest = times["mean_squared_error"][0][1], times["mean_squared_error"][-1][0]
    for loss, points in times.items():
        sizes, seconds = zip(*points, strict=True)
        axes.plot(sizes, [s / unit for s in seconds], **LINE[loss])
    axes.plot([1e5, 1e7], [6, 600], color=COLOUR["muted"], linewidth=0.8)
    axes.text(6e5, 12, "in proportion to n", color=COLOUR["muted"])
    axes.set(xscale="log", yscale="log", xlabel="elements n", ylabel="time")
    ends = {loss: points[-1][1] / unit for loss, points in times.items()}
    levels = np.geomspace(min(ends.values()) / 5, max(ends.values()), len(ends))
    for loss, level in zip(sorted(ends, key=ends.get), levels, strict=True):
        label = kept[loss].split(",")[0]
        axes.annotate(
            label, (largest, ends[loss]), xytext=(1.6 * largest, level), va="center",
            color=COLOUR[loss], annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": COLOUR[loss], "relpos": (0, 0.5), "lw": 0.6},
        )  # fmt: skip
    PICTURE.parent.mkdir(exist_ok=True)
    figure.savefig(PICTURE, metadata={"Date": None})
    plt.close(figure)


def fuzz(found):
    """Return the section about fuzzing."""
    outcome = "Every promise held" if found["passed"] else "**A promise was broken**"
    return (
        f"## Fuzz\n\n{dated(found)} Again: `make fuzz`.\n\n"
        f"{found['minutes']:.0f} minutes, {found['examples']:,} examples drawn by Hypothesis: "
        "numbers of every size, NaN, ±∞ and the smallest that exist; arrays of no to four axes, "
        "rows of up to sixty thousand numbers, with gaps, reversed, read-only, unaligned, in "
        "either byte order and a dozen types; weights of six types, zeros among them.\n\n"
        "Asked is that values and gradients of moderate numbers agree with 400 digits; that the "
        "results for an input agree with those for its parts, in other layouts, types and "
        "reductions; that convex losses lie above their tangents; that a repeated call gives the "
        "same bits and inputs stay as they are; and, for any numbers and types at all, that "
        "nothing but a result or a `ValueError` or `TypeError` that names the argument comes out, "
        f"without a warning. {outcome}."
    )


def versions(found):
    """Return the section about versions."""
    rows = [
        [
            f"{row['python']}, {row['dependencies']}",
            row["versions"].get("numpy", ""),
            ("" if row["passed"] else "**failed:** ")
            + row["summary"].replace(",", ", ").replace("  ", " "),
        ]
        for row in found["rows"]
    ]
    return (
        f"## Versions\n\n{dated(found)} Again: `make versions`.\n\n"
        "The tests with the oldest dependencies that the package admits and with the newest, on "
        "each Python that was installed there. "
        "Notebooks are executed everywhere; their outputs are compared on the reference platform."
        "\n\n" + table(["Python, dependencies", "NumPy", "tests"], rows)
    )


def mutation(found):
    """Return the section about mutants."""
    survivors = sorted(line for row in found["rows"] for line in row["survivors"])
    equal = [line for line in survivors if reason(line)]
    missed = [line for line in survivors if not reason(line)]
    mutants = sum(row["mutants"] for row in found["rows"])
    real = mutants - len(equal)
    by_reason = {}
    for line in missed + equal:
        by_reason.setdefault(reason(line) or "no test notices", []).append(_without_comments(line))
    listed = "\n\n".join(
        f"{why[0].upper()}{why[1:]}:\n\n" + "\n".join(f"- `{line}`" for line in lines)
        for why, lines in by_reason.items()
    )
    rows = [
        [f"`{row['file']}`", row["mutants"], row["mutants"] - len(row["survivors"])]
        for row in found["rows"]
    ]
    return (
        f"## Mutants\n\n{dated(found)} Again: `make mutation`.\n\n"
        f"The files below were changed in {mutants} places, one at a time: a sign, a number, a "
        "comparison, a condition; the kinds of change are a selection of those of Cosmic Ray. "
        f"{len(equal)} changes may live, since they show in no result, or in nothing but speed, "
        "memory or how generous a tolerance is: each is listed with its reason. Of the other "
        f"{real} mutants the tests noticed {real - len(missed)}, {1 - len(missed) / real:.1%}; of "
        f"all, {1 - len(survivors) / mutants:.1%}.\n\n"
        + table(["file of `lossfns`", "mutants", "noticed"], rows)
        + "\n\n"
        + folded(f"{len(survivors)} mutants that live, and why", listed)
    )


def _without_comments(line):
    return re.sub(r" +# [^→]*?(?= *→|$)", "", line)


def notebooks(found):
    """Return the section about run times."""
    rows = [
        [row["notebook"], f"{row['seconds']:.0f}", f"{row['processor_seconds']:.0f}"]
        for row in found["rows"]
    ]
    total = (sum(row[key] for row in found["rows"]) for key in ("seconds", "processor_seconds"))
    rows.append(["*all*", *(f"*{seconds:.0f}*" for seconds in total)])
    return (
        f"## Run times\n\n{dated(found, times=True)} {of_versions(found['versions'])}. "
        "Again: `make times`.\n\n"
        "Each notebook executed once, alone, with the start of its kernel.\n\n"
        + table(["notebook", "seconds", "of a processor"], rows)
    )


def flaky(found):
    """Return the section about repeated runs."""
    rows, part = found["rows"], f" Only `{' '.join(found['tests'])}`." if found["tests"] else ""
    same = sum(row["passed"] and row["unchanged"] for row in rows)
    minutes = [row["seconds"] / 60 for row in rows]
    return (
        f"## Again and again\n\n{dated(found, times=True)} Again: `make flaky`.{part}\n\n"
        f"The whole test command {len(rows)} times in a row: {same} passed and left every file, "
        f"outputs and figures included, as it was. Each said: {rows[0]['summary']}. "
        f"A run took {statistics.median(minutes):.1f} minutes (median), the longest "
        f"{max(minutes):.1f}."
    )


SECTIONS = {
    "bench": speed,
    "fuzz": fuzz,
    "versions": versions,
    "mutation": mutation,
    "notebooks": notebooks,
    "flaky": flaky,
}
INTRODUCTION = """# How this course is tested

A course about losses should say what its own mistakes would cost to find.
Every formula in `lossfns` is held against the same mathematics computed to 400 digits,
every gradient against differences, every notebook against its stored outputs, and the site is
built without a warning: that is `make test`, and it runs on every change.

Some things take longer, or depend on the machine. They are measured by commands, by hand,
and this page is written from what the commands stored, never by a cell.
"""


def main():
    """Write the page."""
    parts = [section(read(name)) for name, section in SECTIONS.items() if read(name)]
    PAGE.write_text("\n\n".join([INTRODUCTION.rstrip("\n"), *parts]) + "\n", encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
