"""What came of a practice is told by those who followed it; who did not is told apart."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from practices.models import Practice
from practices.search.rebuild import grade_stands
from practices.tasks import ageing
from tests.conftest import make_person
from tests.factories import make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
EXCERPT = "Announce the end date early"


@pytest.fixture
def warned(ana, carol, chris):
    """A practice whose claim warns of what failed in the one report behind it."""
    report = make_report(ana, carol, verdict="backfired")
    return publish(carol, chris, "avoid-this", [(report, "supports")])


def publish(carol, chris, kind, cited, **corrections):
    practice = make_practice(carol)
    claim = practice.add_claim(by=carol, kind=kind, text="Close the list on the day the forum opens.")
    for report, bearing in cited:
        claim.cite(report, by=carol, bearing=bearing, excerpt=EXCERPT, **corrections)
    practice.submit(by=carol).publish(by=chris)
    return Practice.objects.get(pk=practice.pk)


def read(api, practice):
    return api().get(f"/api/v1/practices/{practice.slug}/").json()


def test_a_failure_that_teaches_to_avoid_does_not_count_against_who_warns_of_it(browse, api, warned):
    said = read(api, warned)
    assert (said["verdicts"]["backfired"], said["not_followed"]["backfired"]) == (0, 1)
    assert said["claims"][-1]["evidence"][0]["followed"] == "not-followed"
    assert said["grade"]["flags"] == ["narrow"]
    [item] = api().get("/api/v1/practices/").json()["results"]
    assert (item["verdicts"], item["not_followed"]) == (said["verdicts"], said["not_followed"])
    page = browse().get(warned.get_absolute_url()).content.decode()
    assert "1 report learned it by not doing so." in page
    assert "Harm reported" not in page
    assert "1 did not" not in page
    assert "1 did not" not in browse().get("/practices/").content.decode()


def test_whoever_counts_the_marks_is_told_why_there_are_more_reports(browse, ana, ben, carol, chris):
    """Marks, evidence, support and contradictions are counted of different reports: the page says why."""
    practice = make_practice(carol, title="Run both")
    cited = (
        ("do-this", {}, "supports"),
        ("do-this", {"verdict": "no-effect"}, "nuances"),
        ("avoid-this", {}, "supports"),
    )
    for kind, told, bearing in cited:
        claim = practice.add_claim(by=carol, kind=kind, text=f"Say so {kind} {bearing}.")
        report = make_report(make_person(f"author-{kind}-{bearing}"), carol, **told)
        claim.cite(report, by=carol, bearing=bearing, excerpt=EXCERPT)
    practice.submit(by=carol).publish(by=chris)

    page = " ".join(browse().get(practice.get_absolute_url()).content.decode().split())
    assert "1 worked, 1 did not" in page
    assert (
        "2 reports, from 2 organisations or authors, support it. None contradicts it. "
        "1, where it failed, sets a condition and counts neither way. "
        "1 of these reports did otherwise and is not among the marks." in page
    )
    for address in ("/practices/", "/stakes/moving-platform/"):
        assert "3 reports as evidence, of which 1 did otherwise" in browse().get(address).content.decode()


def test_where_all_did_otherwise_the_answer_says_so(browse, warned):
    answer = browse().get(warned.get_absolute_url()).content.decode().split("</dl>")[0]
    assert "1 report learned it by not doing so." in answer
    assert "No report counts yet." not in answer


def test_a_report_that_made_things_worse_is_no_support_by_a_nuance(ana, ben, carol, chris):
    harmed = make_report(ana, carol, verdict="backfired")
    fine = make_report(ben, carol)
    practice = publish(carol, chris, "do-this", [(harmed, "nuances"), (fine, "nuances")])
    assert (practice.assessment.support, practice.assessment.contradictions) == (1, 0)
    assert "harm-reported" in practice.flags


def test_a_curator_corrects_what_derives_with_a_reason(browse, api, ana, carol, chris):
    report = make_report(ana, carol, verdict="backfired")
    practice = make_practice(carol)
    claim = practice.add_claim(by=carol, kind="avoid-this", text="Close the list at once.")
    address = f"/practices/{practice.slug}/claims/{claim.pk}/cite/"
    words = {"report": report.public_id, "bearing": "supports", "excerpt": EXCERPT}
    words |= {"followed_correction": "in-part", "followed_reason": ""}
    refused = browse(carol).post(address, words)
    assert refused.status_code == 422
    assert "Say in a sentence what in the report shows it." in refused.content.decode()
    assert (
        browse(carol).post(address, words | {"followed_reason": "They kept it a month."}).status_code == 302
    )
    row = claim.evidence.get()
    assert (row.followed, row.derived_followed) == ("in-part", "not-followed")
    claims = f"/api/v1/claims/{claim.pk}/evidence/"
    cite = {"experience": report.public_id, "bearing": "supports", "excerpt": EXCERPT, "followed": "in-part"}
    assert api(carol).post(claims, cite).json()["errors"][0]["field"] == "followed_reason"
    practice.refresh_from_db()
    practice.submit(by=carol).publish(by=chris)
    said = read(api, practice)
    assert said["claims"][-1]["evidence"][0]["followed_reason"] == "They kept it a month."
    assert (said["verdicts"]["backfired"], said["not_followed"]["backfired"]) == (1, 0)
    assert "harm-reported" in said["grade"]["flags"]
    assert "They kept it a month." in browse().get(practice.get_absolute_url()).content.decode()


def test_a_correction_that_says_what_derives_anyway_is_none(ana, carol):
    practice = make_practice(carol)
    claim = practice.add_claim(by=carol, kind="do-this", text="Announce the end.")
    row = claim.cite(
        make_report(ana, carol), by=carol, bearing="supports", excerpt=EXCERPT, followed="followed"
    )
    assert row.followed_correction == ""
    with pytest.raises(ValidationError):
        claim.cite(row.report, by=carol, bearing="supports", excerpt=EXCERPT, followed="not-followed")


def test_a_report_that_followed_one_claim_and_not_another_followed_in_part(api, ana, carol, chris):
    report = make_report(ana, carol)
    practice = make_practice(carol)
    for kind in ("do-this", "avoid-this"):
        claim = practice.add_claim(by=carol, kind=kind, text=f"A claim to {kind}.")
        claim.cite(report, by=carol, bearing="supports", excerpt=EXCERPT)
    practice.submit(by=carol).publish(by=chris)
    assert read(api, practice)["verdicts"]["worked"] + read(api, practice)["verdicts"]["worked-in-part"] == 1


# --- Lowered until the next review -------------------------------------------------------------------


def test_a_lowered_grade_is_given_back_when_its_review_is_due(browse, ana, carol, chris, monkeypatch):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    practice.lower_grade(by=carol, reason="One voice of one country.")
    assert (practice.grade, practice.is_lowered) == (0, True)
    page = browse().get(practice.get_absolute_url()).content.decode()
    assert "A curator lowered it by one until the next review:" in page
    assert "To be reviewed by" in page
    assert ageing.end_lowering() == 0
    later = timezone.localdate() + timedelta(days=366)
    monkeypatch.setattr(timezone, "localdate", lambda *args: later)
    assert ageing.end_lowering() == 1
    practice.refresh_from_db()
    assert (practice.grade, practice.lowered_reason, practice.log.last().cause) == (1, "", "review-due")
    assert grade_stands(practice)


def test_the_next_version_is_a_review(ana, carol, chris):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    practice.lower_grade(by=carol, reason="One voice of one country.")
    practice.reopen(by=carol)
    practice.submit(by=carol).publish(by=chris)
    practice.refresh_from_db()
    assert (practice.grade, practice.lowered_reason) == (1, "")


# --- Another rule ------------------------------------------------------------------------------------


def test_what_an_earlier_rule_judged_is_graded_anew_with_a_dated_line(browse, ana, carol, chris):
    people = [make_person(f"p{number}") for number in range(2)]
    practice = make_published_practice(
        carol, chris, reports=[make_report(person, carol) for person in people]
    )
    old = practice.assessment_data | {"rule_version": 1}
    old["counted"] = {name: old["counted"][name] for name in ("attributed", "contexts", "answered")}
    Practice.objects.update(assessment_data=old)
    assert browse().get(practice.get_absolute_url()).status_code == 200  # Read before it is graded anew.
    assert ageing.apply_new_rule() == 1
    assert ageing.apply_new_rule() == 0
    line = practice.log.last()
    assert (line.verb, line.cause, line.rule_version) == ("graded", "rule", 2)
    assert "the rule of the grade changed" in browse().get(practice.get_absolute_url()).content.decode()
