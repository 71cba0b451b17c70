"""Trials, questions, answers and follow-ups are checked before they are sent, as reports are."""

import pytest

from experiences.models import FollowUp, Question
from practices.models import Trial
from tests.factories import make_known, make_published_practice, make_report

pytestmark = pytest.mark.django_db
MAIL = "Ask jane.doe@agency.example about it."


@pytest.fixture
def places(ana, ben, carol, chris):
    """Return {what is told: (who, address of its form, field, other words)}."""
    report = make_report(ana, carol)
    asked = report.ask(by=ben, text="Who ran both?")
    practice = make_published_practice(carol, chris, reports=[report])
    about = report.get_absolute_url()
    answer = f"{about}questions/{asked.public_id}/answer/"
    return {
        "trial": (make_known(ben), f"/practices/{practice.slug}/try/", "line", {"verdict": "worked"}),
        "placed": (ben, f"/practices/{practice.slug}/try/", "line", {"verdict": "worked", "placed": "yes"}),
        "question": (ben, f"{about}ask/", "text", {"part": "whole", "identity": "withheld"}),
        "answer": (ana, answer, "text", {}),
        "follow-up": (ana, f"{about}follow-up/", "text", {"verdict": "worked"}),
    }


def told():
    """Return how many of these lines hold the address."""
    return (
        Trial.objects.filter(line=MAIL).count()
        + Question.objects.filter(text=MAIL).count()
        + Question.objects.filter(reply=MAIL).count()
        + FollowUp.objects.filter(text=MAIL).count()
    )


@pytest.mark.parametrize("what", ["trial", "placed", "question", "answer", "follow-up"])
def test_what_may_identify_someone_is_pointed_out_once_with_the_words_kept(what, places, browse):
    who, address, field, others = places[what]
    sent = {"identity": "withheld", field: MAIL, **others}
    answer = browse(who).post(address, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "This may identify someone." in page
    assert "jane.doe@agency.example" in page
    assert 'name="anyway"' in page or "-anyway" in page
    assert told() == 0
    assert browse(who).post(address, sent | {"anyway": "on"}).status_code == 302
    assert told() == 1


@pytest.mark.parametrize("what", ["trial", "question", "answer", "follow-up"])
def test_what_identifies_nobody_is_sent_at_once(what, places, browse):
    who, address, field, others = places[what]
    sent = {"identity": "withheld", field: "We moved in steps.", **others}
    assert browse(who).post(address, sent).status_code == 302


@pytest.mark.parametrize("what", ["trial", "question", "answer", "follow-up"])
def test_programs_are_asked_as_pages_are(what, places, api):
    who, address, field, others = places[what]
    address = "/api/v1" + address
    for page, program in (("/try/", "/trials/"), ("/ask/", "/questions/"), ("/follow-up/", "/follow-ups/")):
        address = address.replace(page, program)
    if what == "answer":
        address = f"/api/v1/questions/{Question.objects.get().public_id}/answer/"
    sent = {field: MAIL, **others}
    answer = api(who).post(address, sent)
    assert answer.status_code == 400
    assert {(one["field"], one["code"]) for one in answer.json()["errors"]} == {(field, "spots")}
    assert "jane.doe@agency.example" in answer.content.decode()
    assert told() == 0
    assert api(who).post(address, sent | {"anyway": True}).status_code in (200, 201)
    assert told() == 1
