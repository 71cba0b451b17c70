"""What a report is, what it refuses, and how it moves from one state to the next."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from config.versioning import Conflict
from experiences.models import Context, Effect, Experience, Facet, Measure, Situation, Source, Stake
from experiences.models.report.parts import Parts
from tests.factories import contexts, make_draft, make_practice, make_report, stakes

pytestmark = pytest.mark.django_db


def errors_of(report, **parts):
    """Return {field: [codes]} of what `report` refuses."""
    report.parts = Parts(**parts)
    try:
        report.full_clean()
    except ValidationError as refusal:
        return {name: [one.code for one in errors] for name, errors in refusal.error_dict.items()}
    return {}


# --- Rules -----------------------------------------------------------------------------------------


def test_an_empty_draft_breaks_no_rule():
    assert errors_of(Experience()) == {}


@pytest.mark.parametrize(
    ("columns", "field"),
    [
        ({"title": "x" * 201}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"result": "x" * 80_001}, "result"),
        ({"lessons": "a\0b"}, "lessons"),
        ({"verdict": "splendid"}, "verdict"),
        ({"language": "de"}, "language"),
        ({"started_on": date(2999, 1, 1)}, "started_on"),
        ({"ended_on": date(2999, 1, 1)}, "ended_on"),
        ({"started_on": date(2025, 6, 1), "ended_on": date(2025, 1, 1)}, "ended_on"),
        ({"started_on": "2025-13"}, "started_on"),
        ({"effort_hours": -1}, "effort_hours"),
        ({"effort_hours": 10**30}, "effort_hours"),
        ({"organisation": "x" * 121}, "organisation"),
    ],
)
def test_a_column_out_of_bounds_is_refused_beside_its_field(columns, field):
    assert list(errors_of(Experience(**columns))) == [field]


def test_lists_have_a_most():
    many = Stake.objects.all()[:6]
    assert errors_of(Experience(), stakes=list(many[:5])) == {}
    assert errors_of(Experience(), stakes=list(many)) == {"stakes": ["too_many"]}
    assert list(errors_of(Experience(), keywords=[str(n) for n in range(11)])) == ["keywords"]
    links = [Source(url=f"https://example.org/{n}") for n in range(11)]
    assert list(errors_of(Experience(), sources=links)) == ["sources"]


def test_a_facet_takes_no_more_values_than_its_list_says():
    three = contexts(kind=["support", "open-source", "practice"])
    assert errors_of(Experience(), contexts=three[:2]) == {}
    assert errors_of(Experience(), contexts=three) == {"kind": ["too_many"]}


def test_a_row_is_judged_like_a_field():
    assert list(errors_of(Experience(), sources=[Source(url="javascript:alert(1)")])) == ["sources"]
    assert list(errors_of(Experience(), measures=[Measure(direction="up")])) == ["measures"]


def test_months_lose_their_day(ana):
    report = make_draft(ana, started_on="2025-02-17")
    report.refresh_from_db()
    assert report.started_on == date(2025, 2, 1)


def test_the_database_itself_refuses_an_end_before_the_beginning(ana):
    report = make_draft(ana)
    with pytest.raises(IntegrityError), transaction.atomic():
        Experience.objects.filter(pk=report.pk).update(ended_on=date(2001, 1, 1))


def test_every_facet_has_unknown_and_withheld():
    for facet in Facet.objects.all():
        assert set(Context.UNSTATED) <= set(facet.contexts.values_list("slug", flat=True))


def test_public_ids_are_random_and_twelve_long(ana):
    ids = {make_draft(ana).public_id for _time in range(5)}
    assert len(ids) == 5
    assert {len(one) for one in ids} == {12}


def test_missing_names_all_that_is_needed_and_unknown_is_an_answer(ana):
    assert set(Experience().missing()) == {*Experience.NEEDED, "audience", "kind", "community-size"}
    where = {"audience": ["unknown"], "kind": ["withheld"], "community-size": ["c-1k-9k"]}
    assert make_draft(ana, where=where).missing() == {}
    assert set(make_draft(ana, result=" \n", stakes_=[]).missing()) == {"result", "stakes"}


def test_keywords_differ_by_more_than_case_and_space(ana):
    report = make_draft(ana)
    report.parts = Parts(keywords=["Forum", " forum ", "mailing  list"])
    report.write(by=ana)
    assert sorted(str(word) for word in report.keywords.all()) == ["forum", "mailing list"]


def test_what_a_door_leaves_out_is_left_alone(ana):
    report = make_draft(ana, measured=True)
    report.parts = Parts(keywords=["one"])
    report.write(by=ana)
    assert report.measures.count() == 1
    assert report.stakes.count() == 1


# --- Strength --------------------------------------------------------------------------------------


def measure(**overrides):
    fields = {"direction": "up", "before": "10", "after": "20", "source": "logs"} | overrides
    return Measure(effect=Effect.objects.first(), **fields)


def test_strength_follows_what_is_shown(ana):
    report = make_draft(ana)
    link = Source(url="https://example.org/")

    def strength(comparison="", **parts):
        report.comparison, report.parts = comparison, Parts(**parts)
        return report.write(by=ana).get_strength_display()

    assert strength() == "Told from memory"
    assert strength(sources=[link]) == "Documented"
    assert strength(measures=[measure(source="")]) == "Documented"
    assert strength(measures=[measure()]) == "Measured"
    assert strength("One office kept the former way.") == "Compared"
    assert strength("One office kept the former way.", measures=[], sources=[]) == "Told from memory"


# --- Withheld --------------------------------------------------------------------------------------


def test_a_withheld_report_names_nobody_and_tells_a_month(ana, carol):
    report = make_report(ana, carol, identity="withheld")
    assert report.byline is None
    assert report.published_on == report.published_at.strftime("%Y-%m")
    named = make_report(ana, carol, identity="named")
    assert named.byline == "Ana"
    assert named.published_on == named.published_at.strftime("%Y-%m-%d")


def test_order_and_times_of_a_withheld_report_tell_no_more_than_the_month(ana, carol):
    report = make_report(ana, carol, identity="withheld")
    first = timezone.now().date().replace(day=1)
    assert date.fromordinal(report.order_key >> 40) == first
    assert (report.changed_at.hour, report.changed_at.minute) == (23, 59)


def test_withholding_a_name_later_withholds_the_day_too(ana, carol):
    report = make_report(ana, carol, identity="named")
    report.identity = "withheld"
    report.write(by=ana)
    report.refresh_from_db()
    assert date.fromordinal(report.order_key >> 40).day == 1


def test_a_budget_is_never_shown_alone(ana):
    budget = Context.objects.filter(facet__slug="budget").first()
    report = make_draft(ana)
    report.parts = Parts(contexts=[budget])
    assert report.write(by=ana).shown_contexts() == {}
    report.parts = Parts(contexts=[budget, *contexts(audience=["internal"])])
    assert set(report.write(by=ana).shown_contexts()) == {"audience", "budget"}


# --- States ----------------------------------------------------------------------------------------


def test_a_first_report_waits_and_the_next_ones_do_not(ana, carol):
    first = make_draft(ana).submit(by=ana)
    assert first.status == "submitted"
    assert make_draft(ana).submit(by=ana).status == "submitted"
    first.publish(by=carol)
    assert make_draft(ana).submit(by=ana).status == "published"


def test_a_report_is_sent_only_when_complete(ana):
    report = make_draft(ana, verdict="")
    with pytest.raises(ValidationError) as refusal:
        report.submit(by=ana)
    assert set(refusal.value.error_dict) == {"verdict"}
    assert report.status == "draft"


def test_too_early_to_say_asks_again_in_half_a_year(ana):
    report = make_draft(ana, verdict="too-early").submit(by=ana)
    assert report.follow_up_on.day == 1
    assert 150 < (report.follow_up_on - timezone.localdate()).days < 190


def test_only_another_curator_publishes(ana, ben, carol, chris):
    report = make_draft(carol).submit(by=carol)
    for person in (carol, ben, ana, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            report.publish(by=person)
    assert report.publish(by=chris).status == "published"


def test_returning_needs_a_reason_and_a_sentence(ana, carol):
    report = make_draft(ana).submit(by=ana)
    for reason, note, field in [
        ("", "Why?", "reason"),
        ("unclear", " ", "note"),
        ("unclear", "x" * 2001, "note"),
    ]:
        with pytest.raises(ValidationError) as refusal:
            report.return_to_author(by=carol, reason=reason, note=note)
        assert set(refusal.value.error_dict) == {field}
    report.return_to_author(by=carol, reason="unclear", note="Who is “we”?")
    assert report.status == "returned"
    assert report.submit(by=ana).status == "submitted"


def test_withdrawing_needs_a_sentence_and_keeps_the_words(ana, carol):
    report = make_report(ana, carol)
    with pytest.raises(ValidationError):
        report.withdraw(by=ana, note="")
    report.withdraw(by=ana, note="Our client asked.")
    assert Experience.objects.get(pk=report.pk).result == report.result
    assert not Experience.objects.visible_to(AnonymousUser()).filter(pk=report.pk).exists()


def test_the_first_flag_hides_and_a_moderator_decides(ana, ben, carol, mona):
    report = make_report(ana, carol)
    with pytest.raises(ValidationError):
        report.flag(by=carol, reason="boring")
    assert report.status == "published"
    report.flag(by=carol, reason="abuse")
    with pytest.raises(PermissionDenied):
        report.restore(by=carol)
    report.restore(by=mona)
    assert report.status == "published"
    assert report.flags.get().settled_at


def test_only_a_draft_is_deleted_and_evidence_never(ana, carol):
    report = make_report(ana, carol)
    with pytest.raises(ValidationError):
        report.discard(by=ana)
    make_practice(carol, reports=[report])
    with pytest.raises(ProtectedError):
        report.delete()


def test_a_verb_in_the_wrong_state_says_so(ana, carol):
    report = make_draft(ana)
    with pytest.raises(ValidationError) as refusal:
        report.publish(by=carol)
    assert refusal.value.code == "state"


def test_a_stale_row_writes_nothing(ana):
    report = make_draft(ana)
    stale = Experience.objects.get(pk=report.pk)
    report.title = "First"
    report.write(by=ana)
    stale.title = "Second"
    with pytest.raises(Conflict):
        stale.write(by=ana)
    with pytest.raises(Conflict):
        stale.submit(by=ana)
    report.refresh_from_db()
    assert (report.title, report.status) == ("First", "draft")


def test_every_step_is_in_the_log(ana, ben, carol, mona):
    report = make_draft(ana).submit(by=ana)
    report.return_to_author(by=carol, reason="unclear", note="Who?")
    report.submit(by=ana).publish(by=carol)
    report.write(by=ana)
    report.follow_up(by=ana, verdict="worked", text="Still.")
    report.flag(by=carol, reason="abuse").restore(by=mona).withdraw(by=ana, note="Enough.")
    told = [line.verb for line in report.log.all()]
    assert told == [
        "submitted", "returned", "submitted", "published", "edited", "followed-up", "flagged", "restored",
        "withdrawn",
    ]  # fmt: skip
    assert all(line.said != line.verb for line in report.log.all())


# --- After publication -----------------------------------------------------------------------------


def test_an_edit_of_a_published_report_leaves_it_complete(ana, carol):
    report = make_report(ana, carol)
    report.result = ""
    with pytest.raises(ValidationError):
        report.write(by=ana)
    report.refresh_from_db()
    assert report.result


def test_an_excerpt_that_is_edited_away_goes_stale_and_comes_back(ana, carol):
    report = make_report(ana, carol)
    evidence = make_practice(carol, reports=[report]).claims()[0].evidence.get()
    kept = report.lessons
    for lessons, stale in (("Quite other words.", True), (kept, False)):
        report.lessons = lessons
        report.write(by=ana)
        evidence.refresh_from_db()
        assert evidence.stale is stale


def test_only_the_author_follows_up_on_what_is_published(ana, ben, carol):
    report = make_draft(ana)
    with pytest.raises(ValidationError):
        report.follow_up(by=ana, verdict="worked", text="Still.")
    report.submit(by=ana).publish(by=carol)
    with pytest.raises(PermissionDenied):
        report.follow_up(by=ben, verdict="worked", text="Still.")
    with pytest.raises(ValidationError):
        report.follow_up(by=ana, verdict="worked", text="")
    assert report.follow_up(by=ana, verdict="worked", text="Still.").holds


def test_reports_of_one_event_join_their_events(ana, ben, carol):
    one, two, three, four = (make_report(person, carol) for person in (ana, ben, ana, ben))
    one.tells_same_event_as(two, by=carol)
    three.tells_same_event_as(four, by=carol)
    two.refresh_from_db()
    two.tells_same_event_as(three, by=carol)
    assert len({Experience.objects.get(pk=report.pk).event_id for report in (one, two, three, four)}) == 1
    with pytest.raises(PermissionDenied):
        one.tells_same_event_as(two, by=ben)
    with pytest.raises(ValidationError):
        one.tells_same_event_as(one, by=carol)


# --- Who sees it -----------------------------------------------------------------------------------


def test_drafts_are_seen_by_their_author_alone(ana, ben, carol, mona):
    report = make_draft(ana)
    for person in (AnonymousUser(), ben, carol, mona):
        assert report not in Experience.objects.visible_to(person)
    assert report in Experience.objects.visible_to(ana)


# --- Doubles ---------------------------------------------------------------------------------------


def test_one_report_per_author_and_submission_key(ana, ben):
    make_draft(ana, submission_key="k")
    make_draft(ben, submission_key="k")
    make_draft(ana), make_draft(ana)
    with pytest.raises(IntegrityError):
        make_draft(ana, submission_key="k")


# --- Situation -------------------------------------------------------------------------------------


def test_a_situation_is_replaced_and_dated(ana):
    assert Situation.of(AnonymousUser()) is None
    assert Situation.of(ana) is None
    Situation.state(contexts(audience=["internal"]), by=ana)
    Situation.state(contexts(audience=["external"], kind=["support"]), by=ana)
    held = Situation.of(ana)
    assert {context.slug for context in held.contexts.all()} == {"external", "support"}
    assert held.stated_on == timezone.localdate()


def test_a_stake_is_never_made_by_a_typo():
    assert stakes("moving-platfrom") == []
    assert Stake.objects.count() == 60


def test_a_draft_sent_from_another_tab_is_not_discarded(ana):
    draft = make_draft(ana)
    Experience.objects.get(pk=draft.pk).submit(by=ana)
    with pytest.raises(Conflict):
        draft.discard(by=ana)
    assert Experience.objects.get(pk=draft.pk).status == "submitted"
    kept = make_draft(ana, title="Never sent")
    kept.discard(by=ana)
    assert not Experience.objects.filter(title="Never sent").exists()
