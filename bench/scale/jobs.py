"""The jobs: how many reports a second are derived again, imported, and sent by their verb."""

import json
import time
from contextlib import suppress
from io import StringIO
from random import Random
from tempfile import NamedTemporaryFile

from django.core.management import call_command

from bench.scale.cases import TEXT, nine_tags
from bench.scale.data.corpus import Corpus
from experiences.models import Experience
from experiences.models.report.parts import Parts

IMPORTED, SENT = 1000, 200
SOURCE = "bench:"  # begins the identifiers of what is imported


def figures(rows, samples, people):
    """Return {figure: reports a second} of all jobs."""
    return {
        "sent by the verb, reports/s": sent(samples, people.rows["writer"]),
        "import --publish, reports/s": imported(rows),
        "rebuild_index, reports/s": rebuilt(),
    }


def rebuilt():
    number, began = Experience.objects.count(), time.monotonic()
    call_command("rebuild_index", stdout=StringIO())
    return number / (time.monotonic() - began)


def imported(rows):
    with NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in records(rows))
        file.flush()
        began = time.monotonic()
        with suppress(SystemExit):  # Some were refused: fewer are counted.
            call_command("import_experiences", file.name, publish=True, stdout=StringIO(), stderr=StringIO())
        seconds = time.monotonic() - began
    return Experience.objects.published().filter(source_id__startswith=SOURCE).count() / seconds


def records(rows):
    """Yield what other reports of the same kind would be in a file."""
    corpus, random = Corpus(rows), Random("imported")
    corpus.members(), corpus.tags()
    for number in range(rows, rows + IMPORTED):
        report, tags, contexts, keywords, *parts = corpus.tell(number, random)
        report.parts = Parts(tags, contexts, [tag.name for tag in keywords], *parts)
        yield report.snapshot() | {"source_id": f"{SOURCE}{number}"}


def sent(samples, writer):
    """Return how many reports with nine tags `writer` could send in a second."""
    tags, contexts = nine_tags(samples)
    told = {"situation": TEXT * 4, "action": TEXT * 5, "result": TEXT * 3, "lessons": TEXT * 2}
    began = time.monotonic()
    for number in range(SENT):
        report = Experience(title=f"Sent {number}", author=writer, verdict="worked", identity="named", **told)
        report.parts = Parts(stakes=tags, contexts=contexts)
        report.send(by=writer)
    return SENT / (time.monotonic() - began)


def remove_written(people):
    """Take back and delete what was written to measure, by the verbs, which undo what is derived from it."""
    own = Experience.objects.filter(author=people.rows["writer"]).order_by("pk")
    written = own.exclude(pk=own[0].pk) | Experience.objects.filter(source_id__startswith=SOURCE)
    for report in written.published():
        report.withdraw(by=people.rows["moderator"], note="It was written to be measured.")
    written.delete()
