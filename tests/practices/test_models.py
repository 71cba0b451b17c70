"""Practices, claims, evidence and trials, through their verbs."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from config.versioning import Conflict
from experiences.models import Situation
from experiences.models.report.parts import Parts
from practices.grading import RULE_VERSION
from practices.models import Evidence, Practice
from tests.conftest import make_person
from tests.factories import contexts, make_known, make_practice, make_published_practice, make_report, stakes

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


def codes(refusal):
    return {error.code for errors in refusal.value.error_dict.values() for error in errors}


# --- Two people ------------------------------------------------------------------------------------


def test_who_edited_a_practice_cannot_publish_it_and_another_curator_can(carol, chris, report):
    practice = make_practice(carol, reports=[report]).submit(by=carol)
    with pytest.raises(PermissionDenied):
        practice.publish(by=carol)
    assert practice.publish(by=chris).current.number == 1


def test_who_only_cited_is_an_editor_too(carol, chris, report, ben):
    practice = make_practice(carol)
    practice.claims()[0].cite(report, by=chris, bearing="supports", excerpt=report.lessons[:20])
    practice.refresh_from_db()
    practice.submit(by=carol)
    with pytest.raises(PermissionDenied):
        practice.publish(by=chris)


def test_a_new_version_makes_everyone_free_to_publish_the_next(carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    practice.reopen(by=chris)
    practice.title = "Close nothing before its heir is loved"
    practice.write(by=chris)
    assert practice.submit(by=chris).publish(by=carol).current.number == 2


@pytest.mark.parametrize("verb", ["submit", "reopen", "publish"])
def test_members_perform_no_verb(verb, ben, carol, report):
    practice = make_practice(carol, reports=[report])
    with pytest.raises(PermissionDenied):
        getattr(practice, verb)(by=ben)


def test_a_return_needs_a_sentence(carol, chris, report):
    practice = make_practice(carol, reports=[report]).submit(by=carol)
    with pytest.raises(ValidationError) as refusal:
        practice.return_to_curators(by=chris, note=" ")
    assert codes(refusal) == {"required"}
    assert practice.return_to_curators(by=chris, note="Name the size.").status == "returned"


def test_a_draft_cannot_be_published(carol, chris, report):
    practice = make_practice(carol, reports=[report])
    with pytest.raises(ValidationError):
        practice.publish(by=chris)


# --- Claims and evidence ---------------------------------------------------------------------------


def test_a_claim_without_evidence_must_be_marked_as_opinion(carol, report):
    practice = make_practice(carol, reports=[report])
    bare = practice.add_claim(by=carol, kind="avoid-this", text="Do not rush.")
    with pytest.raises(ValidationError) as refusal:
        practice.submit(by=carol)
    assert codes(refusal) == {"unsourced"}
    bare.practice = practice
    bare.revise(by=carol, opinion=True)
    assert practice.submit(by=carol).status == "in-review"


def test_an_excerpt_must_stand_word_for_word(carol, report):
    claim = make_practice(carol).claims()[0]
    with pytest.raises(ValidationError) as refusal:
        claim.cite(report, by=carol, bearing="supports", excerpt="Announce the end date very early")
    assert codes(refusal) == {"not_verbatim"}
    assert claim.cite(report, by=carol, bearing="supports", excerpt="Announce  the end\ndate early")


def test_typographic_quotes_do_not_matter_to_an_excerpt(ana, carol):
    report = make_report(ana, carol, lessons="Say “goodbye” and don’t rush: it’s « fini ».")
    claim = make_practice(carol).claims()[0]
    excerpt = 'Say "goodbye" and don\'t rush: it\'s "fini".'
    assert claim.cite(report, by=carol, bearing="supports", excerpt=excerpt)


def test_only_a_published_report_is_evidence(ana, carol, report):
    claim = make_practice(carol).claims()[0]
    report.withdraw(by=ana, note="I was wrong.")
    with pytest.raises(ValidationError):
        claim.cite(report, by=carol, bearing="supports", excerpt=report.lessons[:20])


def test_citing_again_changes_how_a_report_bears(carol, report):
    claim = make_practice(carol, reports=[report]).claims()[0]
    claim.cite(report, by=carol, bearing="nuances", excerpt=report.lessons[:10], note="When small.")
    assert list(Evidence.objects.values_list("bearing", flat=True)) == ["nuances"]


def test_an_edit_makes_an_excerpt_stale_and_its_return_restores_it(ana, carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    kept, report.lessons = report.lessons, "Nothing to add."
    report.write(by=ana)
    practice.refresh_from_db()
    assert practice.grade == 0
    assert Evidence.objects.filter(stale=True).count() == 2
    report.lessons = kept
    report.write(by=ana)
    practice.refresh_from_db()
    assert practice.grade == 1
    assert not Evidence.objects.filter(stale=True).exists()


@pytest.mark.parametrize("away", ["withdraw", "flag"])
def test_a_report_that_goes_no_longer_counts_and_the_log_says_so(away, ana, ben, carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    if away == "withdraw":
        report.withdraw(by=ana, note="I was wrong.")
    else:
        report.flag(by=carol, reason="identifies")
    practice.refresh_from_db()
    line = practice.log.last()
    assert practice.grade == 0
    assert (line.verb, line.before, line.after, line.rule_version) == ("graded", "G1", "G0", RULE_VERSION)
    assert line.cause == {"withdraw": "withdrawn", "flag": "hidden"}[away]


def test_a_claim_moves_among_its_neighbours(carol):
    practice = make_practice(carol)
    second = practice.add_claim(by=carol, kind="do-this", text="Then rest.", opinion=True)
    second.move(-1, by=carol)
    assert [claim.text for claim in practice.claims()][0] == "Then rest."
    second.move(-5, by=carol)
    assert [claim.text for claim in practice.claims()][0] == "Then rest."


def test_a_stale_page_overwrites_nothing(carol, chris):
    practice = make_practice(carol)
    other = Practice.objects.get(pk=practice.pk)
    other.title = "Theirs"
    other.write(by=chris)
    practice.title = "Mine"
    with pytest.raises(Conflict):
        practice.write(by=carol)
    assert Practice.objects.get(pk=practice.pk).title == "Theirs"


# --- Versions --------------------------------------------------------------------------------------


def test_a_version_keeps_its_words_claims_and_evidence(carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    first = practice.current
    practice.reopen(by=carol)
    practice.title = "Another title"
    practice.write(by=carol)
    claim = practice.claims()[0]
    claim.revise(by=carol, text="Only under 1,000 members.")
    claim.evidence.get().remove(by=carol)
    first.refresh_from_db()
    frozen = first.claims.get()
    assert first.title != "Another title"
    assert frozen.text == "Announce the end date early."
    assert frozen.evidence.count() == 1


def test_a_frozen_claim_cannot_be_changed(carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    practice.reopen(by=carol)
    frozen = practice.current.claims.get()
    with pytest.raises(ValidationError):
        frozen.revise(by=carol, text="Other words.")
    with pytest.raises(ValidationError):
        frozen.cite(report, by=carol, bearing="contradicts", excerpt=report.lessons[:10])


def test_a_revision_does_not_move_the_grade_readers_see(carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    practice.reopen(by=carol)
    practice.claims()[0].remove(by=carol)
    practice.refresh_from_db()
    assert practice.grade == 1
    assert practice.assess(working=True).code == 0


# --- Retirement ------------------------------------------------------------------------------------


def test_retiring_needs_an_heir_or_a_reason(carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    heir = make_published_practice(carol, chris, reports=[report], title="Move in steps")
    with pytest.raises(ValidationError):
        practice.retire(by=carol)
    assert practice.retire(by=carol, heir=heir).status == "retired"


@pytest.mark.parametrize("which", ["itself", "a draft"])
def test_an_heir_is_another_published_practice(which, carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    heir = practice if which == "itself" else make_practice(carol, title="A draft")
    with pytest.raises(ValidationError) as refusal:
        practice.retire(by=carol, heir=heir)
    assert "heir" in refusal.value.error_dict


@pytest.mark.parametrize("note", ["x" * 401, "a\0b"])
def test_a_reason_that_cannot_be_kept_is_refused(note, carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    with pytest.raises(ValidationError):
        practice.retire(by=carol, note=note)
    with pytest.raises(ValidationError):
        practice.lower_grade(by=carol, reason=note)
    assert practice.retire(by=carol, note="Overtaken.").retired_reason == "Overtaken."


# --- The grade -------------------------------------------------------------------------------------


def test_reports_of_one_organisation_count_once(ana, ben, carol, chris):
    reports = [make_report(person, carol, organisation="Acme") for person in (ana, ben)]
    practice = make_published_practice(carol, chris, reports=reports)
    assert practice.assessment.support == 1


def test_a_curator_lowers_by_one_and_gives_it_back(carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    practice.lower_grade(by=carol, reason="Told second hand.")
    assert (practice.grade, practice.assessment.code) == (0, 1)
    practice.lower_grade(by=carol, reason="")
    assert practice.grade == 1
    assert [line.cause for line in practice.log.filter(verb="graded", by=carol)][-2:] == [
        "lowered",
        "given-back",
    ]


def test_a_trial_counts_half_once_a_member_and_can_be_changed(ben, carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    practice.try_out(by=make_known(ben), verdict="worked", line="It went well.")
    practice.try_out(by=ben, verdict="no-effect", line="It did not last.")
    assert practice.trials.count() == 1
    assert (practice.assessment.support, practice.assessment.contradictions) == (1, 0.5)


def test_a_trial_logs_the_flag_it_raised(ben, carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report])
    for person in (ben, make_person("dan")):
        practice.try_out(by=make_known(person), verdict="backfired", line="It hurt.")
    line = practice.log.filter(cause="tried").last()
    assert "disputed" in line.note
    assert line.is_dated_by_month
    assert any("Disputed" in str(sentence) for sentence in line.flag_sentences)


def test_a_draft_or_retired_practice_cannot_be_tried(ben, carol, chris, report):
    practice = make_practice(carol, reports=[report])
    with pytest.raises(ValidationError):
        practice.try_out(by=ben, verdict="worked", line="Fine.")
    practice.submit(by=carol).publish(by=chris).retire(by=carol, note="Overtaken.")
    with pytest.raises(ValidationError):
        practice.try_out(by=ben, verdict="worked", line="Fine.")


def test_a_revision_shows_no_new_tag_before_it_is_published(carol, chris, ana):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    practice.reopen(by=carol)
    practice.parts = Parts(stakes=stakes("activity-drop"))
    practice.write(by=carol)
    assert [stake.slug for stake in practice.stakes.all()] == ["moving-platform"]
    practice.submit(by=carol)
    practice.publish(by=chris)
    assert [stake.slug for stake in practice.stakes.all()] == ["activity-drop"]
    assert [version.stake_slugs for version in practice.versions.all()] == [
        ["moving-platform"],
        ["activity-drop"],
    ]


def test_a_practice_may_be_meant_for_several_sizes(carol):
    practice = make_practice(carol)
    practice.parts = Parts(contexts=contexts(community_size=["c-under-100", "c-100-999"]))
    practice.write(by=carol)
    assert len(practice.contexts_said()) == 2


def test_a_long_title_gives_an_address_cut_at_a_word(carol):
    practice = make_practice(
        carol, title="Answer every first post within a day, with substance and by name, always"
    )
    assert practice.slug == "answer-every-first-post-within-a-day-with-substance-and-by"


def test_a_withheld_trial_tells_its_month_and_no_budget_alone(carol, chris, ana, ben):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    Situation.state(contexts(budget=["b-10k"]), by=ben)
    trial = practice.try_out(by=ben, verdict="worked", line="It helped.")
    assert trial.tried_on.day == 1
    assert not trial.contexts.exists()
    named = practice.try_out(by=ana, verdict="worked", line="Here too.", identity="named")
    assert named.tried_on == timezone.localdate()


def test_two_practices_of_one_title_have_two_addresses(carol, chris, monkeypatch):
    # Both looked for a free address, and were judged, at the same moment.
    monkeypatch.setattr(Practice, "_free", lambda self, slug: "the-same")
    monkeypatch.setattr(Practice, "full_clean", lambda self: None)
    first, second = make_practice(carol), make_practice(chris)
    assert first.slug == "the-same"
    assert second.slug.startswith("the-same-")


def test_an_excerpt_may_be_taken_from_a_report_as_it_reads(carol, ana):
    """What is selected on a page has no marks of Markdown; the report has."""
    report = make_report(
        ana, carol, lessons="Keep it **very** short, as [they](https://example.org) say.\n\n- One\n- Two"
    )
    claim = make_practice(carol).claims().get()
    for excerpt in ("it very short, as they say. One Two", "it **very** short", "- One\n- Two"):
        assert claim.cite(report, by=carol, bearing="supports", excerpt=excerpt).excerpt_stands()
    with pytest.raises(ValidationError):
        claim.cite(report, by=carol, bearing="supports", excerpt="it very long, as they say.")


def test_an_excerpt_copied_from_a_page_before_it_was_rendered_otherwise_still_stands(carol, ana):
    """Bullets stood in the text then, and images said nothing."""
    lessons = "Ask ![the plan](https://example.org/p.png) early.\n• See [it](https://example.org)\n• Go"
    report = make_report(ana, carol, lessons=lessons)
    claim = make_practice(carol).claims().get()
    for excerpt in ("Ask early.", "• See it • Go", "Ask the plan early.", "See it Go"):
        assert claim.cite(report, by=carol, bearing="supports", excerpt=excerpt).excerpt_stands()
