"""The price of a practice: unwanted effects, first signs, money, summed over what followed it."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.utils.translation import override

from practices.models import Evidence
from practices.views.practice.effort import summarise_effort
from tests.experiences.test_views import html
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def priced(ana, carol, chris):
    """A practice on four reports: two tell of unwanted effects, one saw none, one does not say."""
    told = [
        {"unwanted_borne_by": ["moderators"], "unwanted_weight": "heavy"},
        {"unwanted_borne_by": ["moderators", "members"], "unwanted_weight": "light"},
        {"unwanted_seen": "none"},
        {"first_signs": [{"sign": "Silence on Mondays.", "followed_by": "A slow month.", "weeks": 3}]},
    ]
    reports = [make_report(ana, carol, title=f"Told {n}", **more) for n, more in enumerate(told)]
    return make_published_practice(carol, chris, reports=reports)


def test_the_api_tells_its_price_and_who_did_not_say(api, priced):
    for path in (f"/api/v1/practices/{priced.slug}/", "/api/v1/practices/"):
        answer = api().get(path).json()
        told = answer.get("results", [answer])[0]["unwanted"]
        assert (told["some"], told["none"], told["not_told"]) == (2, 1, 1)
        assert told["weights"] == {"light": 1, "noticeable": 0, "heavy": 1}
        assert {one: n for one, n in told["borne_by"].items() if n} == {"members": 1, "moderators": 2}


def test_its_card_and_its_page_say_it_in_words(browse, priced):
    sentence = "2 reports of 4 tell of unwanted effects, 1 of them heavy."
    assert f"At a price: {sentence}" in html(browse().get("/practices/"))
    page = html(browse().get(priced.get_absolute_url()))
    for words in (
        sentence,
        "Borne by: Moderators or volunteers (2), Members (1).",
        "1 report tells what was seen first",
        "Silence on Mondays.",
    ):
        assert words in page


def test_every_page_tells_of_it_in_the_same_words(browse, ana, carol, chris):
    """What one page counted as harm, another told apart from it, saying that there was none."""
    told = [
        {"unwanted_weight": "heavy", "effort_hours": 1},
        {"verdict": "backfired"},
        {"measured": True},
        {"unwanted_seen": "none"},
    ]
    reports = [make_report(ana, carol, **more) for more in told]
    reports[2].measures.update(direction="down")
    practice = make_published_practice(carol, chris, title="Run both", reports=reports)
    other = make_published_practice(carol, chris, title="Another")
    sentences = [
        "1 report of 4 tells of unwanted effects, 1 of them heavy.",
        "1 report says it made things worse.",
        "1 report measured an effect nobody wanted.",
        "1 report of 4 says that it saw no unwanted effect.",
    ]
    for address, shown in (
        (practice.get_absolute_url(), sentences[:2]),
        ("/stakes/moving-platform/", sentences),
        (f"/practices/compare/?a={practice.slug}&b={other.slug}", sentences),
    ):
        page = html(browse().get(address))
        assert all(sentence in page for sentence in shown), address
        assert "None has been told" not in page


def test_an_edit_of_a_report_moves_it(ana, api, priced):
    report = ana.experiences.get(title="Told 2")
    report.unwanted_seen, report.unwanted_weight = "some", "noticeable"
    report.write(by=ana)
    (item,) = api().get("/api/v1/practices/").json()["results"]
    assert (item["unwanted"]["some"], item["unwanted"]["none"]) == (3, 0)
    call_command("check_index")


def test_nobody_having_told_is_not_said_as_nothing_seen(browse, ana, carol, chris):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    assert "unwanted effects" not in html(browse().get(practice.get_absolute_url()))
    assert "At a price" not in html(browse().get("/practices/"))


def test_money_is_summed_apart_by_currency_and_written_as_the_language_does():
    def report(money, currency):
        return SimpleNamespace(
            effort_people=None, effort_hours=None, effort_weeks=None, effort_money=money,
            effort_currency=currency,
        )  # fmt: skip

    told = [report(300, "EUR"), report(5000, "EUR"), report(1200, "EUR"), report(80, "CHF"), report(None, "")]
    assert summarise_effort(told) == [
        ("Around €1,200 spent, from €300 to €5,000.", "Told by 3 reports of 5."),
        ("80\u00a0CHF spent.", "Told by 1 report of 5."),
    ]
    with override("fr"):
        assert summarise_effort(told)[0][0] == (
            "Environ 1\u202f200\u00a0€ dépensés, de 300\u00a0€ à 5\u202f000\u00a0€."
        )


def test_what_nobody_tried_counts_for_nothing_until_its_outcome_is_known(ana, carol, chris):
    warned = make_report(ana, carol, nature="warning", verdict="")
    practice = make_published_practice(carol, chris, reports=[warned])
    assert practice.grade == practice.Grade.G0
    assert Evidence.objects.outcomes([practice]) == {}
    warned.refresh_from_db()
    warned.verdict = "worked"
    warned.write(by=ana)
    practice.refresh_from_db()
    assert practice.grade == practice.Grade.G1
    assert Evidence.objects.outcomes([practice])[practice.pk][warned.pk][0] == "worked"
