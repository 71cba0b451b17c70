"""What the evidence of a practice says, as the facts its grade is computed from."""

from practices import grading
from practices.models.claim import Evidence

CONTEXTS_COUNTED = ("audience", "kind", "community-size")


def facts_of(rows):
    """Return one grading.Fact for each report among evidence `rows`, by its gravest bearing."""
    rows = rows.select_related("report").prefetch_related("report__contexts__facet", "report__follow_ups")
    by_report = {}
    for row in rows:
        by_report.setdefault(row.report_id, []).append(row)
    return [_fact(rows[0].report, rows) for rows in by_report.values()]


def _fact(report, rows):
    known = (
        (context.facet.slug, context.slug)
        for context in report.contexts.all()
        if context.is_known and context.facet.slug in CONTEXTS_COUNTED
    )
    end = report.happened_on
    late = [
        one for one in report.follow_ups.all()
        if one.holds and grading.months_between(end, one.told_on) >= grading.LATE_ENOUGH
    ]  # fmt: skip
    return grading.Fact(
        bearing=max((row.bearing for row in rows), key=grading.GRAVITY.index),
        verdict=report.verdict,
        author=report.author_id,
        organisation=report.organisation,
        event=report.event_id,
        strength=report.strength,
        context=frozenset(known),
        happened_on=end,
        late_follow_ups=len(late),
        answered=all(row.note.strip() for row in rows if row.bearing == Evidence.Bearing.CONTRADICTS),
    )
