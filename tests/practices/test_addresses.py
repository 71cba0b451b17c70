"""A practice gets its address from its title when it is first published; each old one leads there."""

import pytest

from practices.models import Practice
from tests.factories import make_practice, make_report

pytestmark = pytest.mark.django_db
TITLE = "Thank people who answer"


@pytest.fixture
def renamed(ana, carol, chris):
    """A practice begun under other words, published under a title of its own."""
    draft = make_practice(carol, reports=[make_report(ana, carol)], title="money, fund, donated")
    draft.title = TITLE
    draft.write(by=carol).submit(by=carol).publish(by=chris)
    return draft


def test_the_first_publication_gives_the_address_of_the_title(renamed, browse, carol):
    assert renamed.slug == Practice.objects.get().slug == "thank-people-who-answer"
    for rest in ("", "v/1/", "v/1.json", "compare/?from=1&to=1"):
        answer = browse().get(f"/practices/money-fund-donated/{rest}", follow=False)
        assert answer.status_code == 308
        assert answer["Location"] == f"/practices/{renamed.slug}/{rest}"
    answer = browse(carol).post("/practices/money-fund-donated/do/reopen/")
    assert (answer.status_code, answer["Location"]) == (308, f"/practices/{renamed.slug}/do/reopen/")


def test_programs_are_led_there_too(renamed, api):
    answer = api().get("/api/v1/practices/money-fund-donated/")
    assert (answer.status_code, answer["Location"]) == (308, f"/api/v1/practices/{renamed.slug}/")


def test_pages_of_other_sites_are_led_there_and_what_is_quoted_stays_quoted(renamed, api):
    answer = api().get("/api/v1/practices/money-fund-donated/?copy=%70ublished")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Location"] == f"/api/v1/practices/{renamed.slug}/?copy=%70ublished"
    answer = api().get("/api/v1/practices/money-fund-donated/%3Fq/")
    assert answer["Location"] == f"/api/v1/practices/{renamed.slug}/%3Fq/"


def test_an_address_that_another_took_a_moment_ago_gets_an_ending(ana, carol, chris, monkeypatch):
    make_practice(carol, title=TITLE)
    draft = make_practice(carol, reports=[make_report(ana, carol)], title="money, fund, donated")
    draft.title = TITLE
    draft.write(by=carol).submit(by=carol)
    monkeypatch.setattr(Practice, "_free", lambda practice, slug: slug)  # As it was when they looked.
    draft.publish(by=chris)
    assert Practice.objects.get(pk=draft.pk).slug.startswith("thank-people-who-answer-")


def test_later_versions_and_titles_keep_the_address(renamed, carol, chris):
    renamed.reopen(by=carol)
    renamed.title = "Something else"
    renamed.write(by=carol).submit(by=carol).publish(by=chris)
    assert renamed.slug == "thank-people-who-answer"


def test_an_old_address_is_nobody_else_s(renamed, carol, browse):
    other = make_practice(carol, title="Money, fund, donated")
    assert other.slug.startswith("money-fund-donated-")
    assert browse().get("/practices/never-there/").status_code == 404


def test_an_old_address_of_a_draft_tells_nobody_its_new_one(carol, browse, api):
    draft = make_practice(carol, title=TITLE)
    draft.old_addresses.create(slug="older-words")
    for client, before in ((browse(), ""), (api(), "/api/v1")):
        answer = client.get(f"{before}/practices/older-words/")
        assert answer.status_code == 404
        assert draft.slug not in answer.content.decode()
