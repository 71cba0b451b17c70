"""The derived row of a practice that readers read: as `experiences/listing/rows.py`, which see."""

from experiences.listing import tags
from experiences.listing.columns import pack
from practices.listing.models import ListedPractice

GRADE_FROM = 40  # The bit of an order key from which the grade stands, above the key of the version.


def put(practices):
    """Write the rows of `practices` (a list), which readers read, again."""
    ListedPractice.objects.put(row_of(practice) for practice in practices)


def drop(key):
    """Let lists show the practice `key` no more."""
    ListedPractice.objects.drop([key])


def row_of(practice):
    """Return the row of `practice` as it would be written now."""
    return ListedPractice(
        row_id=practice.pk,
        is_listed=True,
        order_key=practice.grade << GRADE_FROM | practice.current_id,
        changed_at=practice.changed_at,
        tags=pack(set(codes_of(practice))),
        family=practice.translation_of_id or practice.pk,
    )


def codes_of(practice):
    """Yield the numbers of all that `practice` is found by: what it is meant for, and what it rests on."""
    yield tags.said("language", practice.current.language)
    yield tags.said("grade", f"G{practice.grade}")
    yield from (tags.stake(key) for key in practice.stake_links.values_list("tag", flat=True))
    yield from (tags.context(key) for key in practice.context_links.values_list("tag", flat=True))
    yield from (tags.context(key) for key in practice.contexts_rested_on())


def differences(practice, row):
    """Yield the names of what is stored in `row` otherwise than it would be derived now."""
    if row is None or not row.is_listed:
        yield "list row"
        return
    now = row_of(practice)
    for name in ("order_key", "changed_at", "family"):
        if getattr(row, name) != getattr(now, name):
            yield f"list row: {name}"
    if bytes(row.tags) != now.tags:
        yield "list row: tags"
