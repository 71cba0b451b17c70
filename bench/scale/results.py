"""What came of runs: as lines of JSON, as a table on the screen, and in bench/RESULTS.md.

`.venv/bin/python -m bench.scale.results [FILE…]` writes the last from the runs that are kept in var/bench,
and what each case is known to cost, which `--gate` compares with.
"""

import json
import math
import statistics
import sys
from pathlib import Path

from bench.scale.data.where import FOLDER, ROOT
from bench.scale.goals import COMPARED, SMALL, growth, judged

KEPT, WRITTEN = FOLDER / "results.jsonl", ROOT / "bench" / "RESULTS.md"
KNOWN = ROOT / "bench" / "scale" / "known.json"  # {engine: {case: ratio to the floor at SMALL}}
SLACK, CHANCE = 1.5, 0.7  # A case may cost so many times what is known, and so much of a floor more.
HEAD = [
    "case", "requests", "queries", "CPU-ms", "app+db", "×floor", "lowest–highest", "growth", "p50-ms", "p95",
    "p99", "bytes",
]  # fmt: skip


def keep(run, path):
    """Add a run to the file at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(run) + "\n")


def read(paths):
    """Return {(engine, rows): the last run} of what is kept in the files at `paths`, but for few rows."""
    lines = [line for path in paths if path.exists() for line in path.read_text("utf-8").splitlines()]
    runs = [json.loads(line) for line in lines]
    return {(run["engine"], run["rows"]): run for run in runs if run["rows"] >= SMALL}


def before(run, runs):
    """Return the run with the next fewer rows on the same engine, or None."""
    smaller = [one for (engine, rows), one in runs.items() if engine == run["engine"] and rows < run["rows"]]
    return max(smaller, key=lambda one: one["rows"], default=None)


def first(run, runs):
    return runs.get((run["engine"], SMALL))


# --- As a table --------------------------------------------------------------------------------------


def about(run):
    """Return lines that say where, when and on what a run was."""
    floors, told = run["floors"], run["machine"]
    middle = statistics.median(floors)
    return [
        f"{run['rows']:,} reports on {told['database']}, Django {told['django']}, Python {told['python']}; "
        f"{told['cores']} cores ({told['processor']}), commit {told['commit']}, {told['began']}",
        f"load average {told['load_before']} before, {told['load_after']} after; rows {run['digest']}, "
        f"derived by {run['derived_by']}; {told['settings']}",
        f"floor {middle:.2f} ms ({min(floors):.2f}–{max(floors):.2f}, spread {run['spread']:.0%}); "
        f"{len(floors)} rounds count of the {run['rounds_run']} that were run"
        + ("" if run["stable"] else ": UNSTABLE, no ratio of this run can be stood by"),
    ]


def table(run, runs):
    """Yield the cells of each line about a case; the first line names them."""
    yield HEAD
    smaller = before(run, runs)
    for name, case in run["cases"].items():
        if case["problem"]:
            yield [name, "", "", case["problem"], *[""] * 8]
            continue
        low, high = case["ratios"]
        grown = growth(name, run, smaller)
        shown = [f"{case['ratio']:.2f}", f"{low:.2f}–{high:.2f}"]
        if not run["stable"]:
            shown, grown = ["UNSTABLE", ""], None
        waits = [f"{case[part]:.1f}" for part in ("p50", "p95", "p99")]
        yield [
            name, str(case["requests"]), str(case["queries"]), f"{case['cpu']:.2f}",
            f"{case['app']:.2f}+{case['database']:.2f}", *shown, f"{grown:.2f}" if grown else "", *waits,
            f"{case['bytes']:,}",
        ]  # fmt: skip


def aligned(lines):
    """Return cells as lines of columns."""
    lines = list(lines)
    widths = [max(len(line[number]) for line in lines) for number in range(len(lines[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


# --- bench/RESULTS.md --------------------------------------------------------------------------------


def as_markdown(runs):
    """Return all of `runs` as one page."""
    parts = ["# What answers cost\n", INTRODUCTION]
    for (engine, rows), run in sorted(runs.items()):
        parts.append(f"## {engine}, {rows:,} reports\n")
        parts.append("\n".join(f"- {line}" for line in about(run)) + "\n")
        parts.append(piped(table(run, runs)))
        parts.append("### Goals\n")
        parts.append(piped([["goal", "is", "may be", ""], *judged_lines(run, runs)]))
        for name, plans in run["plans"].items():
            parts.append(f"<details><summary>Plans: {name}</summary>\n\n```\n" + "\n\n".join(plans))
            parts.append("```\n</details>\n")
    return "\n".join(parts)


INTRODUCTION = """\
Made by `make bench`, one size and engine at a time. CPU is that of the server process and of its database, in
milliseconds a request; × is the ratio to the floor of the same run, a bare view with one query and one JSON
through all the middleware, in the middle round of those that count, with the lowest and the highest beside;
growth is that of the ratio that the goal is about since the size before, this one's if it names no other.
Milliseconds differ between machines, and are no goals.
"""


def judged_lines(run, runs):
    return [[str(cell) for cell in line] for line in judged(run, first(run, runs))]


def piped(lines):
    """Return cells as a table of Markdown."""
    head, *rest = (["" if cell is None else cell.replace("|", "\\|") for cell in line] for line in lines)
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


# --- What is known already ---------------------------------------------------------------------------


def known(runs):
    """Return {engine: {case: ratio}} of the stable ones of `runs` that have SMALL rows."""
    return {
        engine: {
            name: round(case["ratio"], 2)
            for name, case in run["cases"].items()
            if not case["problem"] and name not in COMPARED
        }
        for (engine, rows), run in sorted(runs.items())
        if rows == SMALL and run["stable"]
    }


def dearer(run):
    """Yield a sentence for each case of `run` that costs more, even in the round in which it cost least, than
    is known of it and chance explains.
    """
    ratios = json.loads(KNOWN.read_text("utf-8"))[run["engine"]]
    for name, case in run["cases"].items():
        if case["problem"]:
            yield f"{name}: {case['problem']}"
        elif run["stable"] and min(case["ratios"]) > ratios.get(name, math.inf) * SLACK + CHANCE:
            yield f"{name}: {min(case['ratios']):.2f} times the floor, where {ratios[name]:.2f} is known."


if __name__ == "__main__":
    found = read([Path(name) for name in sys.argv[1:]] or [KEPT])
    WRITTEN.write_text(as_markdown(found), encoding="utf-8")
    KNOWN.write_text(json.dumps(known(found), indent=1) + "\n", encoding="utf-8")
    print(f"{WRITTEN.relative_to(ROOT)}: {len(found)} runs.")
