"""The derived row of a practice that readers read: as `experiences/list_index/rows.py`, which see."""

from experiences.list_index import tags
from experiences.list_index.columns import pack
from experiences.list_index.rows import compared
from practices.list_index.models import ListedPractice

# The bits of an order key from which its parts stand: the grade, halves of independent voices, the version.
GRADE_FROM, VOICES_FROM, MOST_HALVES = 50, 40, 2**10 - 1


def put(practices):
    """Write the rows of `practices` (a list), which readers read, again."""
    ListedPractice.objects.put(row_of(practice) for practice in practices)


def row_of(practice):
    """Return the row of `practice` as it would be written now."""
    return ListedPractice(
        row_id=practice.pk,
        is_listed=True,
        order_key=order_key(practice),
        changed_at=practice.changed_at,
        tags=pack(set(codes_of(practice))),
        family=practice.translation_of_id or practice.pk,
    )


def order_key(practice):
    """Return what puts first the practices that hold best: by grade, by voices, the newest among equals."""
    halves = min(round(2 * practice.assessment_data.get("independent_support", 0)), MOST_HALVES)
    return practice.grade << GRADE_FROM | halves << VOICES_FROM | practice.current_id


def codes_of(practice):
    """Yield the numbers of all that `practice` is found by: what it is meant for, and what it rests on."""
    yield tags.said("language", practice.current.language)
    yield tags.said("grade", f"G{practice.grade}")
    yield from (tags.stake(key) for key in practice.stake_links.values_list("tag", flat=True))
    yield from (tags.context(key) for key in practice.context_links.values_list("tag", flat=True))
    yield from (tags.context(key) for key in practice.contexts_rested_on())


def differences(practice, row):
    """Return the names of what is stored in `row` otherwise than it would be derived now.

    When it changed is not compared: an edit of the working copy is no change that readers see, and is not
    listed by itself.
    """
    return compared(row, row_of(practice), ("order_key", "family"))
