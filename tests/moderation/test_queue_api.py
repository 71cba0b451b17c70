"""The queue and the alarms, for programs."""

import pytest

from experiences.models import Experience, Flag
from practices.models import Trial
from tests.conftest import make_person
from tests.factories import make_known, make_published_practice, make_report
from tests.test_api import is_problem

pytestmark = pytest.mark.django_db
FLAGS, QUEUE, DECIDE = "/api/v1/flags/", "/api/v1/moderation/", "/api/v1/moderation/decide/"


@pytest.fixture
def report(ana, carol):
    report = make_report(ana, carol, identity="withheld")
    report.ask(by=carol, text="Who was it?")
    report.follow_up(by=ana, verdict="worked", text="It still holds.")
    return report


def test_a_program_raises_an_alarm_about_words_of_any_kind(report, ana, ben, carol, chris, api):
    reader = make_known(make_person("reader"))
    practice = make_published_practice(carol, chris, reports=[report])
    told = practice.try_out(by=make_known(ben), verdict="worked", line="It held.")
    asked, later = report.questions.get(), report.follow_ups.get()
    things = [
        ("trial", told.public_id, True),
        ("question", asked.public_id, True),
        ("follow-up", later.public_id, True),
        ("practice", practice.slug, False),
        ("report", report.public_id, False),  # three of hers already hide something
    ]
    for kind, key, hides in things:
        answer = api(reader).post(FLAGS, {"kind": kind, "id": key, "reason": "abuse", "note": "See there."})
        assert (answer.status_code, answer.json()["hides"]) == (201, hides), kind
        again = api(reader).post(FLAGS, {"kind": kind, "id": key, "reason": "abuse"})
        assert again.status_code in (400, 404), kind
    assert Flag.objects.open().count() == 5


def test_what_cannot_be_flagged_is_refused(report, ana, ben, api):
    body = {"kind": "report", "id": report.public_id, "reason": "abuse"}
    assert is_problem(api().post(FLAGS, body), 401)
    assert is_problem(api(ben, "read").post(FLAGS, body), 403)
    assert is_problem(api(ana).post(FLAGS, body), 403)
    assert is_problem(api(ben).post(FLAGS, body | {"id": "nothing"}), 404)
    assert is_problem(api(ben).post(FLAGS, body | {"id": "x\u0000"}), 400)
    for wrong in ({"kind": "moon"}, {"reason": "unread"}, {"reason": "boring"}, {"id": 3}):
        assert is_problem(api(ben).post(FLAGS, body | wrong, format="json"), 400)
    assert not Flag.objects.exists()


def test_moderators_read_the_queue_and_nobody_else(report, ana, ben, carol, mona, api):
    report.flag(by=carol, reason="identifies", note="Line two.")
    for person in (ana, ben, carol):
        assert is_problem(api(person).get(QUEUE), 403)
        assert is_problem(api(person).post(DECIDE, {"items": ["x"], "decision": "allow"}), 403)
    assert is_problem(api().get(QUEUE), 401)
    answer = api(mona).get(QUEUE)
    [line] = answer.json()["results"]
    assert line["id"] == f"report:{report.public_id}"
    assert (line["state"], line["reasons"], line["notes"]) == ("hidden", ["identifies"], ["Line two."])
    for name in ("Ana", "Carol"):
        assert name not in answer.content.decode()
    assert api(mona).get(f"{QUEUE}?kind=trial").json()["results"] == []
    for wrong in ("kind=moon", "cursor=x", "page=2"):
        assert is_problem(api(mona).get(f"{QUEUE}?{wrong}"), 400)


def test_several_are_decided_at_once_and_what_is_refused_is_said(report, ben, carol, chris, mona, api):
    report.flag(by=carol, reason="abuse")
    other = make_report(make_person("dora"), carol)
    practice = make_published_practice(carol, chris, reports=[other])
    practice.try_out(by=ben, verdict="backfired", line="No.")
    items = [line["id"] for line in api(mona).get(QUEUE).json()["results"]]
    body = {"items": [*items, "trial:gone"], "decision": "allow"}
    answer = api(mona).post(DECIDE, body, format="json").json()
    assert answer["done"] == items
    assert [one["id"] for one in answer["refused"]] == ["trial:gone"]
    assert Trial.objects.get().is_shown
    assert Experience.objects.get(pk=report.pk).status == "published"
    assert is_problem(api(mona).post(DECIDE, {"items": items, "decision": "remove"}, format="json"), 400)
    assert is_problem(api(mona).post(DECIDE, {"items": [], "decision": "allow"}, format="json"), 400)
