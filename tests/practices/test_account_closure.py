"""An author leaves: what becomes of their reports and trials, and of the practices that relied on them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from taggit.models import Tag

from experiences.models import Experience, LogLine
from experiences.search.rebuild import differences
from practices.models import Evidence
from practices.search.rebuild import grade_stands
from tests.conftest import make_person
from tests.factories import make_draft, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db

MARKER = "quokka"


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol, measured=True, lessons=f"Announce the {MARKER} end date early.")


@pytest.fixture
def practice(report, ben, carol, chris):
    reports = [report, make_report(ben, carol)]
    return make_published_practice(carol, chris, reports=reports)


def last_line(practice):
    return practice.log.filter(verb="graded").last()


def told_under(report):
    """Return the names of the models that still hold a row of `report`."""
    return {rows.model.__name__ for rows in report.rows_about() if rows.exists()}


def test_only_the_author_parts_with_a_report(report, ben, mona):
    for verb in (Experience.erase, Experience.leave_without_name):
        for other in (ben, mona):
            with pytest.raises(PermissionDenied):
                verb(report, by=other)
    assert report.leave_without_name(by=report.author).author is None
    with pytest.raises(PermissionDenied):
        report.erase(by=None)


def test_what_nobody_cites_is_erased_whole(ana, carol):
    report, draft = make_report(ana, carol), make_draft(ana)
    report.erase(by=ana)
    draft.erase(by=ana)
    assert not Experience.objects.exists()
    assert not LogLine.objects.exists()
    assert Experience.Text.objects.ids() == set()


def test_an_erased_report_leaves_an_empty_row_to_the_version_that_cites_it(ana, report, practice):
    assert "Measure" in told_under(report)
    report.keywords.add("marsupial")
    report.erase(by=ana)

    left = Experience.objects.get(pk=report.pk)
    assert (left.status, left.public_id, left.author) == ("erased", report.public_id, None)
    assert MARKER not in str([getattr(left, field.attname) for field in left._meta.concrete_fields])
    assert told_under(left) == {"LogLine", "Evidence"}
    assert [(line.verb, line.by) for line in left.log.all()] == [("erased", None)]
    assert not Tag.objects.filter(name="marsupial").exists()
    assert left.pk not in Experience.Text.objects.ids()
    assert list(differences(left)) == []


def test_nobody_sees_an_erased_report(ana, carol, mona, report, practice):
    report.erase(by=ana)
    for person in (ana, carol, mona):
        assert not Experience.objects.visible_to(person).filter(pk=report.pk).exists()


def test_a_version_keeps_the_place_of_an_erased_report_and_the_working_copy_does_not(ana, report, practice):
    assert practice.claims()[0].evidence.count() == 2
    report.erase(by=ana)
    [row] = Evidence.objects.filter(report=report)
    assert row.claim.version == practice.current
    assert (row.excerpt, row.note, row.stale, row.stands) == ("", "", True, False)
    assert practice.claims()[0].evidence.count() == 1


def test_an_erased_report_no_longer_counts_and_the_log_says_why(ana, report, practice):
    assert practice.assessment.support == 2
    report.erase(by=ana)
    practice.refresh_from_db()
    assert practice.assessment.support == 1
    assert last_line(practice).cause == "erased"
    assert last_line(practice).is_dated_by_month
    assert grade_stands(practice)


def test_a_report_left_without_a_name_tells_all_and_ties_to_nobody(ana, report, practice):
    report.leave_without_name(by=ana)
    left = Experience.objects.get(pk=report.pk)
    assert (left.status, left.identity, left.author, left.organisation) == ("published", "withheld", None, "")
    assert MARKER in left.lessons
    assert left.published_on == left.published_at.strftime("%Y-%m")
    assert not left.log.filter(by=ana).exists()
    assert list(differences(left)) == []


def test_an_e_mail_address_in_the_words_is_withheld_and_the_excerpt_still_stands(ana, carol, chris):
    told = f"Write to {ana.email.upper()} before you close the list."
    report = make_report(ana, carol, lessons=told, measured=True)
    report.measures.update(source="Mail of ana@example.org")
    practice = make_published_practice(carol, chris, reports=[report])
    report.leave_without_name(by=ana)
    report.refresh_from_db()
    assert report.lessons == "Write to [withheld] before you close the list."
    assert "[withheld]" in report.html["lessons"]
    assert report.measures.get().source == "Mail of [withheld]"
    [row] = practice.current.claims.get().evidence.all()
    assert row.stands


def test_reports_left_without_a_name_count_by_their_number_and_the_log_says_why(ana, ben, report, practice):
    other = ben.experiences.get()
    report.leave_without_name(by=ana)
    practice.refresh_from_db()
    assert practice.assessment.support == 2
    other.leave_without_name(by=ben)
    practice.refresh_from_db()
    assert practice.assessment.support == 1.5
    assert last_line(practice).cause == "left"
    assert grade_stands(practice)


def test_what_was_never_published_cannot_stay_without_its_author(ana):
    draft = make_draft(ana)
    with pytest.raises(ValidationError):
        draft.leave_without_name(by=ana)
    draft.submit(by=ana)
    with pytest.raises(ValidationError):
        draft.leave_without_name(by=ana)
    draft.erase(by=ana)
    assert not Experience.objects.exists()


def test_a_draft_practice_loses_the_evidence_of_an_erased_report(ana, carol, report):
    practice = make_practice(carol, reports=[report])
    report.erase(by=ana)
    assert not practice.claims()[0].evidence.exists()
    assert not Experience.objects.exists()


def test_a_trial_is_erased_or_left_without_a_name(ana, ben, carol, practice):
    dora = make_person("dora")
    before = practice.assessment.support
    erased = practice.try_out(by=dora, verdict="no-effect", line="Nothing moved.")
    left = practice.try_out(by=carol, verdict="backfired", line="Ask carol@example.org.", identity="named")
    for trial in (erased, left):
        with pytest.raises(PermissionDenied):
            trial.erase(by=ana)
        with pytest.raises(PermissionDenied):
            trial.leave_without_name(by=ana)
    erased.erase(by=dora)
    left.leave_without_name(by=carol)
    assert [(trial.by, trial.byline, trial.line) for trial in practice.trials.all()] == [
        (None, None, "Ask [withheld].")
    ]
    practice.refresh_from_db()
    assert (practice.assessment.support, practice.assessment.contradictions) == (before, 0.5)
    assert grade_stands(practice)
