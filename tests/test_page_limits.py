"""Limits of pages: who does something too often is told so in words, and when again; no word is lost."""

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import RateLimit
from config import settings as as_configured
from config.rest.problems import MEDIA_TYPE
from practices.models import Trial
from tests.factories import TYPED, make_published_practice, make_report

pytestmark = pytest.mark.django_db
VISITOR = {"REMOTE_ADDR": "192.0.2.1"}
QUESTION = {"part": "whole", "text": "How long did you announce it for?", "identity": "named"}
FLAG = {"reason": "advertising", "note": "This sells a product."}
TRIAL = {"verdict": "worked", "line": "It worked for us as well.", "identity": "named"}


@pytest.fixture(autouse=True)
def _two_of_each(settings):
    settings.CACHES = as_configured.CACHES
    settings.LIMITS = {kind: dict.fromkeys(numbers, "2/hour") for kind, numbers in settings.LIMITS.items()}
    settings.LIMITS["posts"] = {"visitor": "3/min", "member": "20/min"}
    caches["process"].clear()


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


@pytest.fixture
def practice(report, carol, chris):
    return make_published_practice(carol, chris, reports=[report])


def third(send):
    """Send the same three times; return the last answer, which is one too many."""
    answers = [send() for _time in range(3)]
    assert 429 not in [answer.status_code for answer in answers[:2]]
    assert answers[2].status_code == 429
    return answers[2]


def says_when(answer, minutes=60):
    """Whether the header and the page say when it may be done again."""
    wait = int(answer["Retry-After"])
    return (minutes - 1) * 60 < wait <= minutes * 60 and f"in {minutes} minutes" in answer.content.decode()


# --- Reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/experiences/", "/practices/", "/feeds/experiences/", "/feeds/practices/"])
def test_searches_are_limited_and_lists_are_not(browse, db, path):
    answer = third(lambda: browse().get(path, {"q": "forum"}, **VISITOR))
    assert says_when(answer)
    assert browse().get(path, {"q": "forum"}, REMOTE_ADDR="192.0.2.2").status_code == 200
    assert [browse().get(path, **VISITOR).status_code for _time in range(4)] == [200] * 4


def test_members_count_by_account_and_visitors_by_address(browse, ana, ben):
    third(lambda: browse(ana).get("/practices/", {"q": "forum"}, **VISITOR))
    assert browse(ben).get("/practices/", {"q": "forum"}, **VISITOR).status_code == 200
    assert browse().get("/practices/", {"q": "forum"}, **VISITOR).status_code == 200
    elsewhere = browse(ana).get("/practices/", {"q": "forum"}, REMOTE_ADDR="192.0.2.2")
    assert elsewhere.status_code == 429


def test_a_forged_address_is_no_way_round(browse, db):
    def search(number):
        forged = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"}
        return browse().get("/practices/", {"q": "forum"}, **VISITOR, **forged)

    assert [search(number).status_code for number in range(3)] == [200, 200, 429]


def test_a_counted_read_writes_nothing(browse, report):
    with CaptureQueriesContext(connection) as captured:
        third(lambda: browse().get("/experiences/", {"q": "forum"}, **VISITOR))
    writes = ("INSERT", "UPDATE", "DELETE", "SAVEPOINT")
    assert [one["sql"] for one in captured if one["sql"].startswith(writes)] == []
    assert not RateLimit.objects.exists()


@pytest.mark.parametrize("end", ["v/1.md", "v/1.bib", "v/1.json"])
def test_taking_a_version_away_is_limited(browse, practice, end):
    assert says_when(third(lambda: browse().get(f"/practices/{practice.slug}/{end}", **VISITOR)))


def test_taking_ones_data_away_is_limited(browse, ana):
    assert says_when(third(lambda: browse(ana).get("/accounts/data/file/")))


# --- Writing: the form comes back with what was typed ----------------------------------------------


def test_drafts_are_limited_and_the_words_stay_in_the_form(browse, ana):
    client = browse(ana)
    sent = TYPED | {"do": "save"}
    answer = third(lambda: client.post("/experiences/new/", sent))
    assert says_when(answer)
    assert TYPED["situation"] in answer.content.decode()
    assert 'id="report"' in answer.content.decode()
    assert ana.experiences.count() == 2


def test_a_report_that_comes_too_often_comes_back_in_its_form_before_any_other_limit(browse, ana, settings):
    settings.LIMITS["posts"] = settings.LIMITS["drafts"]
    client = browse(ana)
    assert 'id="report"' in third(lambda: client.post("/experiences/new/", TYPED)).content.decode()
    assert client.post("/accounts/theme/", {"theme": "dark"}).status_code == 302


def test_autosave_is_limited_and_keeps_the_words_on_the_device(browse, ana):
    client = browse(ana)
    answer = third(lambda: client.post("/experiences/new/", TYPED | {"do": "keep"}))
    assert 0 < int(answer["Retry-After"]) <= 3600
    assert ana.experiences.count() == 2


def test_what_is_shown_beside_a_form_is_limited(browse, ana):
    third(lambda: browse(ana).post("/practices/near/", TYPED))
    assert browse(ana).post("/experiences/check/", TYPED).status_code == 429
    assert RateLimit.objects.count() == 1  # of the forms sent; what is looked up is counted in the process


def test_who_is_refused_is_led_back_to_the_page_of_the_form(browse, report, ben, settings):
    settings.LIMITS["posts"] = {"member": "2/hour"}
    page = f"http://testserver{report.get_absolute_url()}"
    answer = third(lambda: browse(ben).post("/accounts/theme/", {"theme": "dark"}, headers={"Referer": page}))
    assert f'href="{page}"' in answer.content.decode()  # What it was sent to has no page of its own.


def test_questions_are_limited_and_the_words_stay_in_the_form(browse, report, ben):
    client = browse(ben)
    answer = third(lambda: client.post(f"{report.get_absolute_url()}ask/", QUESTION))
    assert says_when(answer)
    assert QUESTION["text"] in answer.content.decode()
    assert report.questions.count() == 1  # asked again, it is the same


def test_flags_are_limited_and_the_words_stay_in_the_form(browse, practice, report, ben):
    client = browse(ben)
    answer = third(lambda: client.post(f"/alarm/practice/{practice.slug}/", FLAG))
    assert says_when(answer)
    assert FLAG["note"] in answer.content.decode()
    answer = client.post(f"{report.get_absolute_url()}flag/", FLAG)
    assert answer.status_code == 429
    assert FLAG["note"] in answer.content.decode()
    assert not report.flags.exists()


@pytest.mark.parametrize("placed", [{}, {"placed": "yes"}])
def test_trials_are_limited_and_the_words_stay_in_the_form(browse, practice, ben, placed):
    client = browse(ben)
    answer = third(lambda: client.post(f"/practices/{practice.slug}/try/", TRIAL | placed))
    assert says_when(answer)
    assert TRIAL["line"] in answer.content.decode()
    assert Trial.objects.filter(by=ben).count() == 1


def test_a_count_of_words_told_is_one_for_pages_and_programs(browse, api, practice, report, ben):
    program = api(ben)
    for _time in range(2):
        assert program.post(f"/api/v1/practices/{practice.slug}/trials/", TRIAL).status_code == 201
        assert program.post(f"/api/v1/experiences/{report.public_id}/questions/", QUESTION).status_code == 201
        assert browse(ben).post(f"/alarm/practice/{practice.slug}/", FLAG).status_code in (302, 422)

    assert browse(ben).post(f"/practices/{practice.slug}/try/", TRIAL).status_code == 429
    assert browse(ben).post(f"{report.get_absolute_url()}ask/", QUESTION).status_code == 429
    for answer in (
        program.post("/api/v1/flags/", FLAG | {"kind": "practice", "id": practice.slug}),
        program.post(f"/api/v1/experiences/{report.public_id}/flag/", FLAG),
        program.post(f"/api/v1/experiences/{report.public_id}/questions/", QUESTION),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (429, MEDIA_TYPE)
        assert 0 < int(answer["Retry-After"]) <= 3600


def test_any_other_form_is_limited_and_its_words_are_shown(browse, db):
    sent = {"login": "ana@example.org", "password": "not-the-phrase", "note": "Words with spaces"}
    answers = [browse().post("/accounts/theme/", sent, **VISITOR) for _time in range(4)]
    page = answers[3].content.decode()
    assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
    assert "Try again in" in page
    assert 0 < int(answers[3]["Retry-After"]) <= 60
    assert "Words with spaces" in page
    assert "not-the-phrase" not in page


def test_what_machines_ask_is_never_limited(browse, db):
    assert [browse().get("/healthz", **VISITOR).status_code for _time in range(9)] == [200] * 9


# --- Announced -------------------------------------------------------------------------------------


def test_the_limits_are_announced_with_their_numbers(browse, api, settings):
    settings.LIMITS["flags"] = {"visitor": "77/hour", "member": "77/hour"}
    assert "77 an hour" in browse().get("/api/v1/docs/").content.decode()


def test_the_description_says_which_actions_have_a_limit_of_their_own(shapes):
    told = shapes["paths"]["/api/v1/flags/"]["post"]["responses"]["429"]["description"]
    assert "2 an hour" in told
    assert " an hour" not in shapes["paths"]["/api/v1/experiences/"]["get"]["responses"]["429"]["description"]
