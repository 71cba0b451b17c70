"""What is derived from a practice: its rendered texts, its grade, its search row.

As `experiences/search/rebuild.py`, which see.
"""

from django.db import transaction

from experiences.search.rebuild import put_or_drop
from practices.models import Practice, PracticeVersion
from practices.models.practice.practice import PRACTICES
from practices.version_diff import count_changes, frozen


def rebuild(practice):
    """Derive everything again from what is stored, unless a verb is just doing so."""
    with transaction.atomic():
        same = Practice.objects.filter(pk=practice.pk, edit_version=practice.edit_version)
        if same.update(html=practice.render_texts()):
            for version in practice.versions.all():
                PracticeVersion.objects.filter(pk=version.pk).update(html=version.render_texts())
            for version, changes in changes_of_versions(practice):
                PracticeVersion.objects.filter(pk=version.pk).update(changes=changes)
            practice.regrade(cause="recomputed")
            put_or_drop(PRACTICES, practice, is_public(practice))


def differences(practice):
    """Yield the names of what is stored otherwise than it would be derived now."""
    if practice.html != practice.render_texts():
        yield "html"
    for version in practice.versions.all():
        if version.html != version.render_texts():
            yield f"html of version {version.number}"
    for version, changes in changes_of_versions(practice):
        if version.changes != changes:
            yield f"changes of version {version.number}"
    if not grade_stands(practice):
        yield "grade"
    if is_public(practice) and not PRACTICES.holds(practice):
        yield "search row"


def changes_of_versions(practice):
    """Yield each version of `practice` with how it differs from the one before, count_changes again."""
    before = None
    for version in practice.versions.prefetch_related("claims__evidence"):
        copy = frozen(version)
        yield version, count_changes(before, copy)
        before = copy


def grade_stands(practice):
    """Whether regrade() would leave the grade and its reasons as they are."""
    before = practice.grade, practice.assessment_data
    with transaction.atomic():
        practice.regrade(cause="recomputed")
        transaction.set_rollback(True)
    return (practice.grade, practice.assessment_data) == before


def is_public(practice):
    return practice.current_id is not None and practice.status != Practice.Status.RETIRED
