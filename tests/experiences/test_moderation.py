"""Questions, answers and follow-ups: the same alarm, hiding, removal and log line as reports."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from experiences.models import Experience, FollowUp, Question
from practices.models import Practice
from practices.search.rebuild import grade_stands
from tests.conftest import make_person
from tests.factories import make_known, make_published_practice, make_report

pytestmark = pytest.mark.django_db
QUESTION, ANSWER, LATER = "Was it Bob who shouted?", "It was, as ever.", "Bob still shouts, and it holds."


@pytest.fixture
def report(ana, ben, carol):
    """A report that ben asked about, answered and followed up by ana."""
    report = make_report(ana, carol, started_on="2020-01", ended_on="2020-02")
    report.ask(by=make_known(ben), text=QUESTION).answer(by=ana, text=ANSWER)
    report.follow_up(by=ana, verdict="worked", text=LATER)
    return Experience.objects.get(pk=report.pk)


@pytest.fixture
def reader():
    return make_known(make_person("reader"))


def thing(report, kind):
    return Question.objects.get() if kind == "question" else FollowUp.objects.get()


def words_of(kind):
    return (QUESTION, ANSWER) if kind == "question" else (LATER,)


def given(report, person, browse, api):
    """Return all that `person` is given of what hangs under the report."""
    address = f"/api/v1/experiences/{report.public_id}/"
    pages = [browse(person).get(report.get_absolute_url())]
    pages += [api(person).get(f"{address}{place}") for place in ("", "questions/", "follow-ups/")]
    return "".join(page.content.decode() for page in pages)


@pytest.mark.parametrize("kind", ["question", "follow-up"])
def test_an_alarm_hides_it_from_readers_and_a_moderator_lets_it_stand(
    kind, report, reader, ana, carol, mona, browse, api
):
    row = thing(report, kind)
    answer = browse(reader).post(f"/alarm/{kind}/{row.public_id}/", {"reason": "identifies", "note": "Bob."})
    assert answer.status_code == 302
    for person in (None, reader, carol):
        assert not any(word in given(report, person, browse, api) for word in words_of(kind))
    for person in (ana, mona):
        text = given(report, person, browse, api)
        assert all(word in text for word in words_of(kind))
        assert "A moderator is looking at this." in text
    assert report.log.last().verb == f"{kind}-flagged"
    assert "Reader" not in given(report, ana, browse, api)

    thing(report, kind).allow(by=mona, note="It names nobody.")
    assert all(word in given(report, None, browse, api) for word in words_of(kind))
    assert report.log.last().verb == f"{kind}-kept"
    browse(carol).post(f"/alarm/{kind}/{row.public_id}/", {"reason": "identifies"})
    assert all(word in given(report, None, browse, api) for word in words_of(kind))


@pytest.mark.parametrize("kind", ["question", "follow-up"])
def test_a_moderator_removes_it_with_a_sentence(kind, report, ana, ben, carol, mona, browse, api):
    row = thing(report, kind)
    with pytest.raises(ValidationError):
        row.remove(by=mona, note="")
    for person in (ana, ben, carol):
        with pytest.raises(PermissionDenied):
            row.remove(by=person, note="No.")
    row.remove(by=mona, note="It names Bob.")
    assert not any(word in given(report, None, browse, api) for word in words_of(kind))
    assert (report.log.last().verb, report.log.last().note) == (f"{kind}-removed", "It names Bob.")


def test_a_follow_up_that_is_hidden_stops_counting(report, reader, carol, chris, mona):
    practice = make_published_practice(carol, chris, reports=[report])
    assert practice.assessment.follow_ups == 1
    row = FollowUp.objects.get()
    row.flag(by=reader, reason="identifies")
    for follow_ups, act in ((0, None), (1, row.allow), (0, row.remove)):
        if act:
            act(by=mona, note="Read.")
        practice = Practice.objects.get(pk=practice.pk)
        assert practice.assessment.follow_ups == follow_ups
        assert grade_stands(practice)


def test_an_answer_changed_is_no_more_what_a_moderator_let_stand(report, reader, ana, mona):
    row = Question.objects.get().flag(by=reader, reason="abuse").allow(by=mona)
    Question.objects.get().answer(by=ana, text="Other words.")
    row = Question.objects.get().flag(by=reader, reason="abuse")
    assert not row.is_shown


def test_nobody_raises_an_alarm_about_words_of_their_own_alone(report, ana, ben):
    with pytest.raises(PermissionDenied):
        FollowUp.objects.get().flag(by=ana, reason="abuse")
    asked = report.ask(by=ben, text="Another?")
    with pytest.raises(PermissionDenied):
        asked.flag(by=ben, reason="abuse")
    assert not asked.flag(by=ana, reason="abuse").is_shown


def test_a_question_hidden_waits_no_more_for_its_author(report, reader, ben, ana, browse):
    asked = report.ask(by=ben, text="Who are you really?")
    assert [row.pk for row in report.unanswered] == [asked.pk]
    asked.flag(by=reader, reason="identifies")
    assert Experience.objects.get(pk=report.pk).unanswered == []


def test_words_withheld_in_a_report_are_withheld_in_alarms_about_what_hangs_under_it(report, reader, mona):
    row = FollowUp.objects.get()
    row.flag(by=reader, reason="identifies", note="Bob again!")
    report.refresh_from_db()
    report.withhold_words(by=mona, words="Bob", note="It names someone.")
    assert row.flags.get().note == "[withheld] again!"
