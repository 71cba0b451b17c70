"""What becomes of a report when its author leaves: erased, or left without a name.

Both verbs go by the columns and relations the models have, so that what is added to a report
later goes the same way.
"""

from django.db import models, transaction
from django.utils import timezone

from experiences.list_index.models import ListedReport
from experiences.models.departures import Departure
from experiences.models.fields import month_end
from experiences.models.redaction import Masking, mask_rows
from experiences.models.tagging import drop_unused
from experiences.text import markdown


def erase(report, *, by):
    """Delete all that the report told, in whatever state it is.

    Where a published version cites it, an empty row stays, so that the version still answers.
    """
    report.require_author(by)
    with transaction.atomic():
        # Exports name it by its own address where it came from nowhere else.
        Departure.objects.note(report.source_id, report.public_id)
        report.compare_and_swap(**_emptied(report))
        report.Text.objects.drop(report.pk)
        ListedReport.objects.drop([report.pk])
        report.Profile.objects.drop(report.pk)
        _drop_rows(report)
        report.evidence.forget(cause="erased")
        if report.evidence.exists():
            report.add_log_line("erased", None)
        else:
            report.delete()


def leave_without_name(report, *, by):
    """Cut every tie between the report and its author; what it tells stays."""
    report.require_author(by)
    S = report.Status
    report.require_status(S.PUBLISHED, S.HIDDEN, S.WITHDRAWN)
    with transaction.atomic():
        for rows in report.rows_about():
            mask_rows(rows, Masking(by.email))
        Departure.objects.note(report.source_id)
        report.compare_and_swap(**_nameless(report, by.email))
        report.log.filter(by=by).update(by=None)
        report.add_log_line("left", None)
        report.after_public_change("left")
    return report


def _emptied(report):
    """Return every column that told something, as a row that tells nothing has it."""
    kept = ("id", "public_id", "version")
    columns = {
        field.attname: field.get_default() for field in report._meta.concrete_fields if field.name not in kept
    }
    html = {name: markdown.render("") for name in report.TEXTS}
    return columns | {"status": report.Status.ERASED, "html": html}


def _nameless(report, address):
    """Return the columns of this report without its author, nor the e-mail address in any words."""
    columns = {name: masked(getattr(report, name), address) for name in report.TEXTS}
    columns["title"] = masked(report.title, address)[: report._meta.get_field("title").max_length]
    columns["first_signs"] = [
        {key: masked(value, address) if isinstance(value, str) else value for key, value in row.items()}
        for row in report.first_signs
    ]
    return columns | {
        "html": {name: markdown.render(columns[name]) for name in report.TEXTS},
        "author": None,
        "changed_at": month_end(timezone.now()),
        "identity": report.Identity.WITHHELD,
        "organisation": "",
        "source_id": "",
        "submission_key": "",
        "submission_digest": "",
        "unsaved": {},
    }


def _drop_rows(report):
    words = list(report.keywords.values_list("pk", flat=True))
    for rows in report.rows_about(models.CASCADE):
        rows.delete()
    report.grown_from.update(report=None)
    drop_unused(words)


def masked(text, word):
    """Return `text` with `word` withheld, whatever its case."""
    return Masking(word).text(text)
