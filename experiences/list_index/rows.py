"""The derived row of a published report: written by the verbs, rebuilt by `rebuild_index`, compared by
`check_index`.
"""

import json

from experiences.list_index import tags
from experiences.list_index.cards import card_of
from experiences.list_index.columns import pack
from experiences.list_index.items import as_json, item_of, with_feeds
from experiences.list_index.models import ListedReport


def put(reports):
    """Write the rows of published `reports` (a list) again."""
    ListedReport.objects.put(row_of(report) for report in with_feeds(reports))


def row_of(report):
    """Return the row of `report`, known with its feeds, as it would be written now."""
    item = item_of(report)
    return ListedReport(
        row_id=report.pk,
        is_listed=True,
        order_key=report.order_key,
        changed_at=report.changed_at,
        tags=pack(codes_of(report)),
        item=as_json(item),
        card=card_of(report, item["excerpt"]),
    )


def codes_of(report):
    """Yield the numbers of all that `report` is found by."""
    yield tags.said("language", report.language)
    yield tags.said("verdict", report.verdict)
    yield tags.said("nature", report.nature)
    yield tags.said("strength", report.Strength(report.strength).name)
    yield from (tags.stake(stake.pk) for stake in report.stakes.all())
    yield from (tags.context(context.pk) for context in report.contexts.all())


def differences(report, row):
    """Return the names of what is stored in `row` otherwise than it would be derived now from `report`."""
    return compared(row, row_of(report), ("order_key", "changed_at", "card"))


def compared(row, now, names):
    """Yield what is in `row` otherwise than `now`, of the columns `names`, its tags and its item; all, if it
    is not listed.
    """
    if row is None or not row.is_listed:
        yield "list row"
        return
    for name in names:
        if getattr(row, name) != getattr(now, name):
            yield f"list row: {name}"
    if bytes(row.tags) != now.tags:
        yield "list row: tags"
    if json.loads(row.item) != json.loads(now.item):  # As data: the order of facets may have been changed.
        yield "list row: item"
