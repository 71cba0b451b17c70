"""Practices as files: JSON Lines in the API's shape, or CSV."""

from django.contrib.auth.models import AnonymousUser

from experiences.interchange.exporter import CHUNK, write_csv, write_jsonl
from experiences.models import Facet
from practices.api.serializers import PracticeSerializer
from practices.models import Practice

COLUMNS = ("id", "html_url", "status", *Practice.WRITABLE, "stakes")
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
    for practice in queryset.iterator(chunk_size=CHUNK):
        yield PracticeSerializer(practice).data


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
