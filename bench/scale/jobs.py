"""The jobs: how many reports a second are derived again, imported, and sent by their verb."""

import json
import resource
import time
from contextlib import suppress
from io import StringIO
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile

from django.core.management import call_command
from django.db import connection

from bench.scale.cases import TEXTS, nine_tags
from bench.scale.data.corpus import Corpus
from bench.scale.goals import BUSY, IMPORT, REBUILD, SEND
from bench.scale.server import nanoseconds
from experiences.models import Experience
from experiences.models.report.parts import Parts

IMPORTED, SENT = 1000, 200
SOURCE = "bench:"  # begins the identifiers of what is imported


class Timed:
    """Use as a context manager: the seconds that passed, and those of processors, with those of the processes
    that ended meanwhile, and of the database for this one.
    """

    def __enter__(self):
        self.backend = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
        self.began, self.used = time.perf_counter(), self._used()
        return self

    def __exit__(self, *_error):
        self.seconds, self.busy = time.perf_counter() - self.began, self._used() - self.used

    def _used(self):
        others = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = time.process_time_ns() + (nanoseconds(self.backend) if self.backend else 0)
        return own / 1e9 + others.ru_utime + others.ru_stime


def figures(rows, samples, people):
    """Return {figure: reports a second} of all jobs, each with the share of the time that a processor was at
    it.
    """
    jobs = {
        SEND: lambda: sent(samples, people.rows["writer"]),
        IMPORT: lambda: imported(rows),
        REBUILD: rebuilt,
    }
    found = {}
    for name, job in jobs.items():
        number, timed = job()
        found |= {name: number / timed.seconds, f"{name}{BUSY}": timed.busy / timed.seconds}
    return found


def rebuilt():
    with Timed() as timed:
        call_command("rebuild_index", stdout=StringIO())
    return Experience.objects.count(), timed


def imported(rows):
    with NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records(rows))
        file.flush()
        with Timed() as timed, suppress(SystemExit):  # Some were refused: fewer are counted.
            call_command("import_experiences", file.name, publish=True, stdout=StringIO(), stderr=StringIO())
    return Experience.objects.published().filter(source_id__startswith=SOURCE).count(), timed


def records(rows):
    """Yield what other reports of the same kind would be in a file."""
    corpus, random = Corpus(rows), Random("imported")
    corpus.members(), corpus.tags()
    for number in range(rows, rows + IMPORTED):
        report, tags, contexts, keywords, *parts = corpus.tell(number, random)
        report.parts = Parts(tags, contexts, [tag.name for tag in keywords], *parts)
        yield report.snapshot() | {"source_id": f"{SOURCE}{number}"}


def sent(samples, writer):
    """Send reports with nine tags as `writer`, by their verb alone."""
    tags, contexts = nine_tags(samples)
    with Timed() as timed:
        for number in range(SENT):
            report = Experience(title=f"Sent {number}", author=writer, identity="named", **TEXTS)
            report.verdict, report.parts = "worked", Parts(stakes=tags, contexts=contexts)
            report.send(by=writer)
    return SENT, timed


def remove_written(people):
    """Take back and delete what was written to measure, by the verbs, which undo what is derived from it."""
    own = Experience.objects.filter(author=people.rows["writer"]).order_by("pk")
    written = own.exclude(pk=own[0].pk) | Experience.objects.filter(source_id__startswith=SOURCE)
    for report in written.published():
        report.withdraw(by=people.rows["moderator"], note="It was written to be measured.")
    written.delete()
