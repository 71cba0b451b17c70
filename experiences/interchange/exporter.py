"""Reports as files: JSON Lines in the API's shape, or CSV; `import_experiences` reads both back.

What the API withholds is withheld here: it is told as to a visitor.
"""

import csv
import json
import re

from django.contrib.auth.models import AnonymousUser

from experiences.api.serializers import report_data
from experiences.interchange.cells import joined, neutral
from experiences.list_index.items import EFFORT_KEYS
from experiences.models import Experience, Facet

CHUNK = 200
LINE_ENDS = re.compile("[\x85\u2028\u2029]")  # what some programs take for the end of a line of JSON
MARK = "\ufeff"  # Without it, a spreadsheet takes the accents of UTF-8 for other letters.
FIELDS = (
    "id", "source_id", "html_url", "status", "title", "language", "nature", "started_on", "ended_on",
    *Experience.TEXTS, "unwanted_seen", "unwanted_borne_by", "unwanted_weight", "first_signs", "verdict",
    "follow_up_on", "stakes", "contexts", "keywords", "measures", "sources", "effort", "identity", "author",
    "strength", "author_stakes", "follow_ups", "published_on",
)  # fmt: skip


def source_of(report):
    """Return by which identifier another site may know a report: where it came from, or its own address."""
    # Where a member's report came from could tell who wrote it.
    if report.author_id and report.identity == report.Identity.WITHHELD:
        return report.public_id
    return report.source_id or report.public_id


def reports(everything=False):
    """Return what an export holds: what a visitor may read; for an operator who asks, every state."""
    readable = Experience.objects.visible_to(AnonymousUser())
    told = Experience.objects.exclude(status=Experience.Status.ERASED)
    chosen = told if everything else readable
    # Never in the order of keys, which tells when a withheld report was written.
    return chosen.for_detail().order_by("-order_key", "public_id")


def records(queryset):
    """Yield each report of `queryset` in the API's shape."""
    return map(record_of, queryset.iterator(chunk_size=CHUNK))


def record_of(report):
    told = report_data(report, {}) | {"source_id": source_of(report)}
    return {name: told[name] for name in FIELDS}


def write_jsonl(rows, out):
    """Write `rows` (dictionaries) one on a line; return how many."""
    number = 0
    for row in rows:
        line = json.dumps(row, ensure_ascii=False)
        out.write(LINE_ENDS.sub(lambda end: f"\\u{ord(end.group()):04x}", line) + "\n")
        number += 1
    return number


def write_csv(rows, columns, out):
    """Write `rows` as CSV, each cell made harmless to spreadsheets; return how many."""
    out.write(MARK)
    writer = csv.writer(out)
    writer.writerow(columns)
    number = 0
    for row in rows:
        writer.writerow([neutral(cell(row.get(name))) for name in columns])
        number += 1
    return number


def cell(value):
    """Return one value as the text of a cell: lists of words joined by `;`, the rest as JSON."""
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return joined(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def csv_columns():
    """Return the columns of a CSV of reports: contexts by facet, effort by part."""
    columns = []
    for name in FIELDS:
        if name == "contexts":
            columns += Facet.objects.values_list("slug", flat=True)
        elif name == "effort":
            columns += [f"effort_{part}" for part in EFFORT_KEYS]
        else:
            columns.append(name)
    return columns


def flat(record):
    """Return `record` with contexts, effort and author as columns of their own."""
    record = dict(record)
    author = record.pop("author")
    effort = record.pop("effort")
    parts = {f"effort_{part}": effort[part] for part in EFFORT_KEYS}
    return record | record.pop("contexts") | parts | {"author": author and author["name"]}


def export(form, out, everything=False):
    """Write all reports to `out` as "jsonl" or "csv"; return how many."""
    rows = records(reports(everything))
    if form == "csv":
        return write_csv((flat(row) for row in rows), csv_columns(), out)
    return write_jsonl(rows, out)
