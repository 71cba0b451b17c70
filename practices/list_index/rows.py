"""The derived row of a practice that readers read: as `experiences/list_index/rows.py`, which see."""

from experiences.list_index import tags
from experiences.list_index.columns import pack
from experiences.list_index.items import as_json
from experiences.list_index.rows import compared
from practices.grading.following import Followed
from practices.list_index import outcomes
from practices.list_index.cards import card_of
from practices.list_index.items import item_of
from practices.list_index.models import ListedPractice

# The bits of an order key from which its parts stand: the grade, halves of independent voices, the version.
GRADE_FROM, VOICES_FROM, MOST_HALVES = 50, 40, 2**10 - 1


def row_of(practice, told, rests_on):
    """Return the row of `practice`, known with its tags and family, as it would be written now: of which
    {report: (verdict, Followed, Effects)} are `told`, and which `rests_on` contexts with these keys.
    """
    apart = [
        (verdict, followed == Followed.NOT_FOLLOWED, effects) for verdict, followed, effects in told.values()
    ]
    item = item_of(practice, apart)
    return ListedPractice(
        row_id=practice.pk,
        is_listed=True,
        order_key=order_key(practice),
        changed_at=practice.changed_at,
        tags=pack(set(codes_of(practice, rests_on))),
        family=practice.translation_of_id or practice.pk,
        outcomes=outcomes.pack(told),
        item=as_json(item),
        card=card_of(practice, item["unwanted"]),
    )


def order_key(practice):
    """Return what puts first the practices that hold best: by grade, by voices, the newest among equals."""
    halves = min(round(2 * practice.assessment_data.get("independent_support", 0)), MOST_HALVES)
    return practice.grade << GRADE_FROM | halves << VOICES_FROM | practice.current_id


def codes_of(practice, rests_on):
    """Yield the numbers of all that `practice` is found by: what it is meant for, and what it rests on."""
    yield tags.said("language", practice.current.language)
    yield tags.said("grade", f"G{practice.grade}")
    yield from (tags.stake(stake.pk) for stake in practice.stakes.all())
    yield from (tags.context(context.pk) for context in practice.contexts.all())
    yield from map(tags.context, rests_on)


def differences(row, now):
    """Return the names of what is stored in `row` otherwise than it would be derived `now`.

    When it changed is not compared: an edit of the working copy is no change that readers see, and is not
    listed by itself.
    """
    if row is not None:
        row.outcomes = bytes(row.outcomes)
    return compared(row, now, ("order_key", "family", "outcomes", "card"))
