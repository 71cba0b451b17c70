"""Practices as files: JSON Lines in the API's shape, or CSV; `import_practices` reads both back.

Beside what the API says, each piece of evidence names its report as the export of reports does, so that
it is found where both were brought to.
"""

from django.contrib.auth.models import AnonymousUser

from experiences.interchange.exporter import source_of, write_csv, write_jsonl
from experiences.models import Experience, Facet
from practices.api.serializers import PracticeSerializer
from practices.models import Practice
from practices.models.practice.queryset import AT_ONCE

COLUMNS = ("id", "source_id", "html_url", "status", *Practice.WRITABLE, "stakes")
LAST_COLUMNS = (
    "claims",
    "grade",
    "flags",
    "verdicts",
    "version",
    "published_on",
    "review_due_on",
    "replaced_by",
    "translation_of",
    "translations",
)


def practices(everything=False):
    """Return what an export holds: what readers have read; for an operator who asks, drafts too."""
    readable = Practice.objects.visible_to(AnonymousUser())
    chosen = Practice.objects.all() if everything else readable
    return chosen.for_detail().order_by("slug")


def records(queryset):
    for practice in queryset.iterator(chunk_size=AT_ONCE):
        data = PracticeSerializer(practice).data | {"source_id": practice.slug}
        name_sources([row for claim in data["claims"] for row in claim["evidence"]])
        yield data


def name_sources(evidence):
    """Add to each piece of evidence where its report came from, as the export of reports tells it."""
    reports = Experience.objects.filter(public_id__in=[row["experience"] for row in evidence])
    known = reports.only("public_id", "author", "identity", "source_id")
    sources = {report.public_id: source_of(report) for report in known}
    for row in evidence:
        row["source_id"] = sources[row["experience"]]


def flat(record):
    """Return `record` with contexts and the grade as columns of their own."""
    grade = record["grade"]
    return record | record["contexts"] | {"grade": grade["code"], "flags": grade["flags"]}


def export(form, out, everything=False):
    """Write all practices to `out` as "jsonl" or "csv"; return how many."""
    rows = records(practices(everything))
    if form == "csv":
        columns = [*COLUMNS, *Facet.objects.values_list("slug", flat=True), *LAST_COLUMNS]
        return write_csv((flat(row) for row in rows), columns, out)
    return write_jsonl(rows, out)
