"""One run: the answers checked, the queries counted, the cases measured, and all of it told."""

import os
import platform
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import django
from django.db import connection

from bench.scale import jobs, plain, results, under_load
from bench.scale.cases import Unexpected, cases
from bench.scale.data.where import commit
from bench.scale.goals import BARE, COMPARED, FLOOR, MEMORY, MIDDLEWARE, START, WRITING, WRONG, ratio_to_goal
from bench.scale.queries import plans, statements_of
from bench.scale.requests import People, Views
from bench.scale.rounds import SPREAD, measure, spread
from bench.scale.samples import Samples
from bench.scale.server import Server

PLANS = 6  # cases whose plans are kept with a run
POSTGRESQL = ("shared_buffers", "fsync", "synchronous_commit", "jit", "max_parallel_workers_per_gather")


def run(options, held):
    """Do what `options` ask of the database that `held` tells of; return the exit status."""
    people = People()
    jobs.remove_written(people)  # by a run that was cut
    samples, views = Samples(), Views(people)
    if options.plans:
        return show_plans(options.plans, samples, people, views)
    try:
        found = measured(options, held, samples, people, views)
    finally:
        jobs.remove_written(people)
    return told(found, options)


# --- Measuring ---------------------------------------------------------------------------------------


def measured(options, held, samples, people, views):
    """Check the answers, count the queries, measure the cases; return the run as data."""
    began, load = datetime.now(UTC), os.getloadavg()
    wrong = list(plain.differences(views, samples, people))
    for sentence in wrong:
        print(f"WRONG: {sentence}", flush=True)
    wanted = [case for case in cases(samples, people) if case.name in COMPARED or options.only in case.name]
    counts, refused, writing = counted(wanted, views)
    if writing:
        print(f"These read, and write all the same: {', '.join(writing)}", flush=True)
    figures = {WRONG: len(wrong), WRITING: len(writing)}
    with Server(people) as server:
        floors, rounds_run, apart, found = in_rounds(wanted, server, options)
        figures |= {START: server.seconds_to_start, MEMORY: server.memory()}
    if found[BARE].ratio:
        figures[MIDDLEWARE] = 1 - found[BARE].ratio
    if options.jobs:
        figures |= jobs.figures(options.rows, samples, people)
    if options.under_load:
        figures |= under_load.figures(samples, people)
    run = {
        "engine": options.engine, "rows": options.rows, "digest": held["digest"],
        "derived_by": held.get("derived_by", ""), "loaded": held["seconds"], "floors": floors,
        "rounds_run": rounds_run, "spread": apart, "stable": apart <= SPREAD, "figures": figures,
        "machine": machine(began, load),
        "cases": as_data(wanted, found, counts, refused),
    }  # fmt: skip
    return run | {"plans": plans_behind(run, wanted, views)}


def counted(wanted, views):
    """Ask the views; return ({case: queries}, {case: what is wrong with its answer}, the cases that write
    although visitors only read).
    """
    counts, refused, writing = {}, {}, []
    for case in wanted:
        try:
            statements = statements_of(case, views)
        except Unexpected as problem:
            refused[case.name] = str(problem)
            continue
        counts[case.name] = len(statements)
        if case.is_read_by_visitors and any(one.writes for one in statements):
            writing.append(case.name)
    return counts, refused, writing


def as_data(wanted, found, counts, refused):
    """Return {case: what it cost and its queries, or its problem}: with the server, or else with the views.

    A case whose queries could not be counted is not judged by its cost alone.
    """
    told = {}
    for case in wanted:
        problem = found[case.name].problem or refused.get(case.name, "")
        one = replace(found[case.name], problem=problem)
        told[case.name] = one.as_data() | {"queries": counts.get(case.name)}
    return told


def in_rounds(wanted, server, options):
    """Measure what reads, then what writes; return (floors, rounds run, their spread, {case: Measured})."""
    (floor,) = [case for case in wanted if case.name == FLOOR]
    floors, run, apart, measures = [], 0, 0, {}
    for writes in (False, True):
        some = [case for case in wanted if case.writes == writes and case is not floor]
        found, middles, number = measure([floor, *some], server, options.rounds, options.seconds)
        measures = found | measures  # The floor is that of the reading.
        floors, run, apart = floors or middles, run + number, max(apart, spread(middles))
    return floors, run, apart, measures


def plans_behind(run, wanted, views):
    """Return {case: plans of its slowest queries} of what reads and misses its goal by most."""
    reading, over, found = {case.name: case for case in wanted if not case.writes}, {}, {}
    for name in reading:
        ratio, at_most = ratio_to_goal(name, run) or (0, 1)
        if ratio > at_most:
            over[name] = ratio / at_most
    slow = sorted(over, key=over.get)[-PLANS:]
    for name, case in reading.items():
        if name in slow:
            with suppress(Unexpected):
                found[name] = list(plans(statements_of(case, views)))
    return found


def show_plans(name, samples, people, views):
    for case in cases(samples, people):
        if case.name == name:
            print("\n\n".join(plans(statements_of(case, views))))
            return 0
    print("There is no such case. They are:", *(case.name for case in cases(samples, people)), sep="\n  ")
    return 1


# --- Telling -----------------------------------------------------------------------------------------


def told(run, options):
    """Print a run and its goals; return the exit status: 1 where an answer is wrong, or, where this is asked
    for, where one costs more than is known.
    """
    runs = results.read([options.json])
    if not options.only and not options.gate:
        results.keep(run, options.json)
    for line in (*results.about(run), "", *results.aligned(results.table(run, runs)), ""):
        print(line)
    for name, number in run["figures"].items():
        print(f"{name}: {number:.2f}")
    print()
    for line in results.aligned([["goal", "is", "may be", ""], *results.judged_lines(run, runs)]):
        print(line)
    dearer = list(results.dearer(run)) if options.gate else []
    for sentence in dearer:
        print(sentence)
    return int(bool(run["figures"][WRONG] or run["figures"][WRITING] or dearer))


def machine(began, load):
    """Return what a run is told to have been on."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            version, asked = f"SQLite {cursor.fetchone()[0]}", ("journal_mode", "synchronous")
            read = "PRAGMA {}"
        else:
            cursor.execute("SHOW server_version")
            version, asked = f"PostgreSQL {cursor.fetchone()[0]}", POSTGRESQL
            read = "SHOW {}"
        settings = []
        for name in asked:
            cursor.execute(read.format(name))
            settings.append(f"{name} {cursor.fetchone()[0]}")
    return {
        "database": version, "django": django.get_version(), "python": platform.python_version(),
        "cores": os.cpu_count(), "processor": processor(), "commit": commit(),
        "settings": ", ".join(settings), "began": f"{began:%Y-%m-%d %H:%M} UTC",
        "load_before": f"{load[0]:.2f}", "load_after": f"{os.getloadavg()[0]:.2f}",
    }  # fmt: skip


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next(
        (line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine()
    )
