"""Many new reports stored at once, each as write() and submit(), or publish_imported(), would store it alone,
but that it is its first version still: as by send(). With it comes what was told of it elsewhere.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from experiences import notifications
from experiences.list_index import rows as listed
from experiences.models.report.parts import keyword_key, keyword_tags

TAGS = {"stakes": "stake_links", "contexts": "context_links", "keywords": "keyword_links"}
ROWS = ("measures", "sources", "follow_ups")


@dataclass
class Brought:
    """A new report that a door has filled and judged, and what comes with it."""

    report: object
    publish: bool = False  # or send it, if it has an author whose reports are read first
    follow_ups: list = field(default_factory=list)
    author_stakes: list = field(default_factory=list)  # slugs, where a reviewer had set others


def store_all(brought):
    """Store new reports (Brought) and what is derived from them: all, or none if one is refused."""
    reports = [one.report for one in brought]
    for one in brought:
        _settle_columns(one)
    with transaction.atomic():
        type(reports[0]).objects.bulk_create(reports)
        _store_parts(brought)
        sent = [one.report for one in brought if one.publish]
        _keep_history(sent)
        _derive([report for report in sent if report.status == report.Status.PUBLISHED])
        notifications.notify_submissions(
            [report for report in sent if report.status == report.Status.SUBMITTED]
        )


def _settle_columns(one):
    """Judge a report, and give it the columns that its verbs would write; refuse what is not complete."""
    report = one.report
    report.judge()
    report.saved_at = timezone.now()
    chosen = sorted(one.author_stakes)
    if chosen != sorted(stake.slug for stake in report.given("stakes")):
        report.author_stakes = chosen
    if one.publish:
        report.refuse_if_missing()
        for name, value in report.columns_when_sent().items():
            setattr(report, name, value)


def _store_parts(brought):
    """Store the tags and rows of reports, which then hold them as plain lists."""
    words = [word for one in brought for word in one.report.parts.keywords or ()]
    tags = {tag.slug: tag for tag in keyword_tags(words)}
    for one in brought:
        report, parts = one.report, one.report.parts
        parts.keywords = [tags[keyword_key(word)] for word in parts.keywords or ()]
        held = {name: getattr(parts, name) or [] for name in vars(parts)}
        held["follow_ups"] = sorted(one.follow_ups, key=lambda row: row.told_on)  # as readers have them
        report.parts, report._prefetched_objects_cache = None, held
    reports = [one.report for one in brought]
    for name, links in TAGS.items():
        _link(reports, name, links)
    for name in ROWS:
        _insert_rows(reports, name)


def _link(reports, name, links):
    """Tie reports to their tags, each once."""
    through = getattr(type(reports[0]), links).rel.related_model
    keys = [(report.pk, pk) for report in reports for pk in sorted({tag.pk for tag in _held(report, name)})]
    through.objects.bulk_create(through(content_object_id=key, tag_id=pk) for key, pk in keys)


def _insert_rows(reports, name):
    rows = []
    for report in reports:
        for position, row in enumerate(_held(report, name)):
            row.pk, row._state.adding, row.report = None, True, report
            if name != "follow_ups":
                row.position = position
            rows.append(row)
    getattr(type(reports[0]), name).rel.related_model.objects.bulk_create(rows)


def _held(report, name):
    return report._prefetched_objects_cache[name]


def _keep_history(sent):
    """Log that reports were sent or published, and keep what they tell."""
    if not sent:
        return
    report_class = type(sent[0])
    log, revision = (getattr(report_class, name).rel.related_model for name in ("log", "revisions"))
    lines, kept = [], []
    for report in sent:
        verb = "submitted" if report.author else "published"
        is_public = report.status == report.Status.PUBLISHED
        kind = revision.Kind.PUBLISHED if is_public else revision.Kind.SENT
        lines.append(
            log(report=report, by=report.author, verb=verb, before=report.Status.DRAFT, after=report.status)
        )
        kept.append(revision(report=report, number=report.version, kind=kind, told=report.snapshot()))
    log.objects.bulk_create(lines)
    revision.objects.bulk_create(kept)


def _derive(public):
    """Write what public reports are found, near and listed by, which none of them had before."""
    if not public:
        return
    for report in public:
        report.feeding = []  # Nothing cites what was not there before.
    public[0].Text.objects.add_all(public)
    public[0].Profile.objects.add_all(public)
    listed.put(public)
