"""What is derived from a practice: its rendered texts, its grade, its text as search has it, its
word profile, its list row.

As `experiences/search/rebuild.py`, which see.
"""

from django.db import transaction

from practices.list_index import rows as listed
from practices.models import ListedPractice, Practice, PracticeVersion
from practices.models.practice.queryset import list_rows
from practices.version_diff import changes_of_versions


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
            if practice.is_open_to_readers:
                Practice.Text.objects.put(practice)
                Practice.Profile.objects.put_all([practice], again=True)
            else:
                Practice.Text.objects.drop(practice.pk)


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
    if practice.is_open_to_readers:
        if not Practice.Text.objects.holds(practice):
            yield "text"
        if not Practice.Profile.objects.holds(practice):
            yield "word profile"
        (now,) = list_rows(list(Practice.objects.for_list().filter(pk=practice.pk)))
        yield from listed.differences(ListedPractice.objects.filter(pk=practice.pk).first(), now)


def grade_stands(practice):
    """Whether recompute_grade() would leave the grade and its reasons as they are."""
    before = practice.grade, practice.assessment_data
    with transaction.atomic():
        practice.recompute_grade(cause="recomputed")
        transaction.set_rollback(True)
    return (practice.grade, practice.assessment_data) == before
