"""A thousand reports posted while others read and everything is derived again; what is there afterwards."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from itertools import cycle

from django.core.management import call_command

from bench.scale.cases import Unexpected, cases
from bench.scale.data.where import ROOT
from bench.scale.goals import AMISS, LOST, UNDER_LOAD
from bench.scale.server import Server
from experiences.models import Experience

POSTED, POSTERS, READERS = 1000, 4, 2
WRITTEN = "API create and submit"
READ = ("API list with facets", "HTML list", "home", "a stake", "practices")


def figures(samples, people):
    """Return {figure: number}: how many a second were posted; how many answers or reports were lost; in how
    many places what is derived is not what it should be.
    """
    by_name = {case.name: case for case in cases(samples, people)}
    own, turns = Experience.objects.published().filter(author=people.rows["writer"]), list(range(POSTED))
    before, over = own.count(), threading.Event()
    with Server(people, workers=2, threads=2) as server, ThreadPoolExecutor(POSTERS + READERS) as threads:
        command = [sys.executable, "manage.py", "rebuild_index"]
        rebuild = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        began = time.perf_counter()
        reading = [by_name[name] for name in READ]
        readers = [threads.submit(read, server.line(), reading, over) for _each in range(READERS)]
        posters = [
            threads.submit(post, server.line(), by_name[WRITTEN], turns[number::POSTERS])
            for number in range(POSTERS)
        ]
        refused = sum(poster.result() for poster in posters)
        seconds = time.perf_counter() - began
        failed = rebuild.wait()
        over.set()
        refused += sum(reader.result() for reader in readers)
    lost = refused + abs(POSTED - (own.count() - before)) + bool(failed)
    return {UNDER_LOAD: POSTED / seconds, LOST: lost, AMISS: differences()}


def post(line, case, turns):
    """Ask `case` once for each of `turns`; return how often the answer was another than it should be."""
    return sum(is_refused(line, case, turn) for turn in turns)


def read(line, reading, over):
    """Ask the cases `reading` in turn until it is `over`; return how often the answer was another."""
    refused = 0
    for turn, case in enumerate(cycle(reading)):
        if over.is_set():
            return refused
        refused += is_refused(line, case, turn)


def is_refused(line, case, turn):
    try:
        case.ask(line, turn)
    except Unexpected as problem:
        print(f"{case.name}: {problem}", flush=True)
        return True
    return False


def differences():
    """Return how many lines `check_index` has to say, but its last."""
    said = StringIO()
    try:
        call_command("check_index", stdout=said)
    except SystemExit:
        print(said.getvalue(), flush=True)
        return len(said.getvalue().splitlines()) - 1
    return 0
