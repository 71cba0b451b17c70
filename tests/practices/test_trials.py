"""“I tried this”: where it was tried, and the report that a trial grows into."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from experiences.models import Experience, Situation
from practices.models import Practice, Trial
from practices.search.rebuild import grade_stands
from tests.factories import contexts, make_published_practice, make_report

pytestmark = pytest.mark.django_db
LINE = "We ran both for a month, and half of them never came."
HERE = {"audience": ["internal"], "kind": ["practice"], "community_size": ["c-100-999"]}


@pytest.fixture
def practice(ana, carol, chris):
    return make_published_practice(carol, chris, reports=[make_report(ana, carol)])


@pytest.fixture
def trusted(ben, carol):
    """Ben, whose reports publish at once, and who said where he works."""
    make_report(ben, carol)
    Situation.state(contexts(**HERE), by=ben)
    return ben


def tell(practice, by, **overrides):
    return practice.try_out(by=by, **{"verdict": "no-effect", "line": LINE} | overrides)


def grown(practice, by, **changes):
    """Tell a trial, grow it into a report, change it as told and publish it; return (trial, report)."""
    trial = tell(practice, by, identity=changes.pop("told_as", "withheld"))
    report = trial.grow(by=by, language="en")
    for name, value in {"situation": "A quiet forum.", "action": "We ran both.", **changes}.items():
        setattr(report, name, value)
    report.write(by=by).submit(by=by)
    return Trial.objects.get(pk=trial.pk), report


def where(trial):
    return sorted(context.slug for context in trial.contexts.all())


def get(client, path):
    return client.get(path).content.decode()


# --- Where it was tried ------------------------------------------------------------------------------


def test_a_trial_is_told_from_one_s_situation_unless_said_otherwise(practice, trusted, ana):
    assert where(tell(practice, trusted)) == ["c-100-999", "internal", "practice"]
    assert where(tell(practice, ana, contexts=contexts(audience=["hybrid"]))) == ["hybrid"]


def test_a_trial_changed_later_keeps_the_place_it_was_told_from(practice, trusted):
    tell(practice, trusted, contexts=contexts(audience=["hybrid"]))
    assert where(tell(practice, trusted, line="Another line.")) == ["hybrid"]


def test_a_trial_happened_in_so_many_values_of_a_facet(practice, ben):
    several = contexts(audience=["hybrid", "internal", "external"])
    with pytest.raises(ValidationError) as refusal:
        tell(practice, ben, contexts=several)
    assert "audience" in refusal.value.message_dict
    assert not Trial.objects.exists()


def test_the_place_is_shown_and_changed_on_a_page_that_keeps_what_was_typed(practice, trusted, browse):
    path, ben = f"/practices/{practice.slug}/try/", browse(trusted)
    assert "Where you tried it: " in get(ben, practice.get_absolute_url())
    page = ben.post(path, {"do": "place", "verdict": "worked", "line": LINE, "identity": "named"})
    assert page.status_code == 200
    words = page.content.decode()
    assert LINE in words
    assert words.count(" checked") == 5  # verdict, name, and the three facets of ben's situation
    assert not Trial.objects.exists()

    sent = {"placed": "yes", "verdict": "worked", "line": LINE, "identity": "named", "audience": "hybrid"}
    assert ben.post(path, sent).status_code == 302
    assert where(Trial.objects.get()) == ["hybrid"]
    assert where(practice.trials.get()) == ["hybrid"]
    assert {c.slug for c in Situation.of(trusted).contexts.all()} == {"internal", "practice", "c-100-999"}


def test_a_place_that_is_refused_keeps_the_words(practice, trusted, browse):
    sent = {"placed": "yes", "verdict": "worked", "line": LINE, "identity": "named", "audience": "moon"}
    answer = browse(trusted).post(f"/practices/{practice.slug}/try/", sent)
    assert answer.status_code == 422
    assert LINE in answer.content.decode()
    assert not Trial.objects.exists()


def test_the_page_of_a_trial_is_for_members_and_practices_that_can_be_tried(practice, trusted, carol, browse):
    path = f"/practices/{practice.slug}/try/"
    assert "/accounts/login/" in browse().get(path)["Location"]
    assert browse(trusted).get(path).status_code == 200
    practice.retire(by=carol, note="Overtaken.")
    assert browse(trusted).get(path)["Location"] == practice.get_absolute_url()


def test_programs_may_say_where_a_trial_took_place(practice, trusted, api):
    told = {"verdict": "worked", "line": LINE, "contexts": {"audience": ["hybrid"]}}
    address = f"/api/v1/practices/{practice.slug}/trials/"
    assert api(trusted).post(address, told).json()["contexts"] == {"audience": ["hybrid"]}
    refused = api(trusted).post(address, told | {"contexts": {"audience": ["moon"]}})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "audience")


# --- Growing into a report ---------------------------------------------------------------------------


def test_a_draft_begins_with_what_the_trial_told(practice, trusted):
    trial = tell(practice, trusted, identity="named")
    report = trial.grow(by=trusted, language="fr")
    assert (report.status, report.author, report.language) == ("draft", trusted, "fr")
    assert (report.result, report.verdict, report.identity) == (LINE, "no-effect", "named")
    assert report.title == practice.current.title
    assert where(report) == ["c-100-999", "internal", "practice"]
    assert [stake.slug for stake in report.stakes.all()] == practice.current.stake_slugs
    assert report.organisation == trusted.organisation


def test_pressing_twice_leads_to_the_same_draft(practice, trusted, browse, api):
    tell(practice, trusted)
    before = Experience.objects.count()
    path = f"/practices/{practice.slug}/trial/grow/"
    places = {browse(trusted).post(path)["Location"] for _press in range(3)}
    report = Trial.objects.get().report
    assert places == {f"/experiences/{report.public_id}/edit/"}
    again = api(trusted).post(f"/api/v1/practices/{practice.slug}/trial/grow/")
    assert (again.status_code, again.json()["id"]) == (200, report.public_id)
    assert Experience.objects.count() == before + 1


def test_a_draft_that_was_discarded_may_be_begun_again(practice, trusted):
    trial = tell(practice, trusted)
    trial.grow(by=trusted, language="en").discard(by=trusted)
    trial = Trial.objects.get()
    assert trial.report is None
    assert trial.grow(by=trusted, language="en").status == "draft"


def test_nobody_grows_what_another_told(practice, trusted, ana, carol, browse, api):
    trial = tell(practice, trusted)
    for other in (ana, carol):
        with pytest.raises(PermissionDenied):
            trial.grow(by=other, language="en")
        assert browse(other).post(f"/practices/{practice.slug}/trial/grow/").status_code == 404
        assert api(other).post(f"/api/v1/practices/{practice.slug}/trial/grow/").status_code == 404
    assert browse().post(f"/practices/{practice.slug}/trial/grow/").status_code == 403
    assert api().post(f"/api/v1/practices/{practice.slug}/trial/grow/").status_code == 401
    assert trial.grow(by=trusted, language="en").author == trusted


def test_a_draft_is_known_to_its_author_alone(practice, trusted, ana, carol, browse, api):
    report = tell(practice, trusted).grow(by=trusted, language="en")
    for person in (None, ana, carol):
        for answer in (
            get(browse(person), practice.get_absolute_url()),
            get(api(person), f"/api/v1/practices/{practice.slug}/trials/"),
        ):
            assert report.public_id not in answer
            assert LINE in answer
    assert "You have begun a report of it." in get(browse(trusted), practice.get_absolute_url())


@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_a_published_report_takes_the_place_of_its_trial(practice, trusted, browse, api, identity):
    trial, report = grown(practice, trusted, told_as=identity, result="Nobody came back.")
    assert trial.successor == report
    page = get(browse(), practice.get_absolute_url())
    assert LINE not in page
    assert report.get_absolute_url() in page
    assert ("Ben" in page) == (identity == "named")
    [told] = api().get(f"/api/v1/practices/{practice.slug}/trials/").json()["results"]
    assert (told["report"], told["line"], told["verdict"]) == (report.public_id, "", "no-effect")
    assert "You told the whole story" in get(browse(trusted), practice.get_absolute_url())


def counted(practice):
    practice = Practice.objects.get(pk=practice.pk)
    assert grade_stands(practice)
    return practice.assessment.support, practice.assessment.contradictions


def test_a_report_taken_back_leaves_the_verdict_of_its_trial_and_no_words(practice, trusted, browse, api):
    _trial, report = grown(practice, trusted, verdict="worked")
    assert counted(practice) == (1.5, 0)
    report.withdraw(by=trusted, note="I was wrong.")
    assert counted(practice) == (1, 0.5)
    assert LINE not in get(browse(), practice.get_absolute_url())
    [told] = api().get(f"/api/v1/practices/{practice.slug}/trials/").json()["results"]
    assert (told["report"], told["line"], told["verdict"]) == (None, "", "no-effect")


def test_a_trial_told_anew_after_that_stands_alone_and_may_grow_again(practice, trusted, browse):
    _trial, report = grown(practice, trusted)
    report.withdraw(by=trusted, note="I was wrong.")
    trial = tell(practice, trusted, line="It was too early to judge.")
    assert trial.report is None
    assert "It was too early to judge." in get(browse(), practice.get_absolute_url())
    assert trial.grow(by=trusted, language="en") != report


def test_the_words_of_a_report_under_alarm_are_not_said_by_its_trial_either(
    practice, trusted, ana, mona, browse
):
    _trial, report = grown(practice, trusted)
    report.flag(by=ana, reason="identifies")
    assert LINE not in get(browse(), practice.get_absolute_url())
    report.restore(by=mona)
    assert report.get_absolute_url() in get(browse(), practice.get_absolute_url())
    assert counted(practice) == (1, 0.5)


@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_a_trial_and_its_report_count_once(practice, trusted, carol, chris, identity):
    _trial, report = grown(practice, trusted, told_as=identity)
    practice.refresh_from_db()
    assert practice.assessment.contradictions == 0.5
    practice.reopen(by=carol)
    practice.claims()[0].cite(report, by=carol, bearing="contradicts", excerpt=report.result[:30])
    practice.refresh_from_db()
    practice.submit(by=carol).publish(by=chris)
    assert practice.assessment.contradictions == 1
    assert grade_stands(practice)


def test_a_verdict_changed_in_the_report_moves_the_grade(practice, trusted):
    _trial, report = grown(practice, trusted)
    report.verdict = "worked"
    report.write(by=trusted)
    practice = Practice.objects.get(pk=practice.pk)
    assert (practice.assessment.support, practice.assessment.contradictions) == (1.5, 0)
    assert grade_stands(practice)


# --- Who withheld a name -----------------------------------------------------------------------------


@pytest.mark.parametrize(("trial", "report"), [("named", "withheld"), ("withheld", "named")])
def test_nothing_ties_a_name_to_what_was_told_without_one(practice, trusted, browse, api, trial, report):
    told, story = grown(practice, trusted, told_as=trial, identity=report, result="Nobody came back.")
    assert told.successor is None
    before = practice.assessment.contradictions
    page = get(browse(), practice.get_absolute_url())
    answer = get(api(), f"/api/v1/practices/{practice.slug}/trials/")
    for given in (page, answer):
        assert LINE in given
        assert story.public_id not in given
    story_page = get(browse(), story.get_absolute_url())
    assert LINE not in story_page
    assert practice.get_absolute_url() not in story_page
    practice.refresh_from_db()
    assert practice.assessment.contradictions == before  # as if someone else had told it


def test_a_report_without_a_name_repeats_no_line_its_author_signed(practice, trusted):
    with pytest.raises(ValidationError) as refusal:
        grown(practice, trusted, told_as="named", identity="withheld")
    assert list(refusal.value.message_dict) == ["identity"]
    report = Experience.objects.get(status="draft")
    tell(practice, trusted, identity="withheld")
    assert report.submit(by=trusted).status == "published"


def test_a_line_is_not_signed_while_a_report_tells_it_without_a_name(practice, trusted):
    grown(practice, trusted)
    with pytest.raises(ValidationError) as refusal:
        tell(practice, trusted, identity="named")
    assert "identity" in refusal.value.message_dict
    assert tell(practice, trusted, identity="named", line="Other words.").identity == "named"


def test_a_report_published_without_a_name_repeats_no_signed_line_later(practice, trusted):
    _trial, report = grown(practice, trusted, told_as="named", identity="named")
    report.identity = "withheld"
    with pytest.raises(ValidationError):
        report.write(by=trusted)
    report.result = "Nobody came back."
    assert report.write(by=trusted).identity == "withheld"


# --- Parting -----------------------------------------------------------------------------------------


def test_leaving_cuts_the_tie_and_keeps_what_both_told(practice, trusted):
    trial, report = grown(practice, trusted)
    report.leave_without_name(by=trusted)
    trial.leave_without_name(by=trusted)
    left = Trial.objects.get()
    assert (left.report, left.by, left.line) == (None, None, LINE)
    assert grade_stands(Practice.objects.get(pk=practice.pk))


def test_an_erased_report_that_a_version_cites_leaves_no_tie_with_its_trial(practice, trusted, carol, chris):
    trial, report = grown(practice, trusted)
    practice.reopen(by=carol)
    practice.claims()[0].cite(report, by=carol, bearing="contradicts", excerpt=report.result[:30])
    practice.refresh_from_db()
    practice.submit(by=carol).publish(by=chris)
    report.erase(by=trusted)
    trial.refresh_from_db()
    assert Experience.objects.get(pk=report.pk).status == "erased"
    assert trial.report is None
    trial.leave_without_name(by=trusted)
    assert grade_stands(Practice.objects.get(pk=practice.pk))


def test_one_s_own_data_tell_what_a_trial_grew_into(practice, trusted, api):
    report = tell(practice, trusted).grow(by=trusted, language="en")
    [trial] = api(trusted).get("/api/v1/me/data/").json()["trials"]
    assert (trial["line"], trial["report"]) == (LINE, report.public_id)
