"""A member follows one practice: a kept search of it alone, with its feed and its e-mails."""

import re
from html import unescape

import pytest

from practices.models import KeptSearch
from tests.factories import make_next_version, make_published_practice, make_report
from tests.outbox import run_worker
from tests.test_feeds import entries

pytestmark = pytest.mark.django_db


@pytest.fixture
def practice(ana, carol, chris):
    return make_published_practice(carol, chris, reports=[make_report(ana, carol)], title="Run both & stay")


@pytest.fixture
def other(carol, chris):
    return make_published_practice(carol, chris, title="Another way")


def page_of(client, practice):
    return client.get(practice.get_absolute_url()).content.decode()


def follow(client, practice, **changed):
    """Send the form that the page of `practice` has."""
    form = page_of(client, practice).split('action="/following/"')[1].split("</form>")[0]
    sent = dict(re.findall(r'name="(kind|query|name|alert)" value="([^"]*)"', form))
    return client.post("/following/", {name: unescape(value) for name, value in sent.items()} | changed)


@pytest.mark.usefixtures("mails_as_in_production")
def test_a_member_follows_a_practice_and_is_told_when_it_changed(browse, practice, other, ben, carol, chris):
    answer = follow(browse(ben), practice, alert="at-once")
    assert answer["Location"] == practice.get_absolute_url()
    search = KeptSearch.objects.get(owner=ben)
    assert (search.name, search.query) == ("Run both & stay", f"practice={practice.slug}")
    assert [one for one in run_worker() if one.to == [ben.email]] == []

    for changed in (practice, other):
        make_next_version(changed, carol, chris, lambda one: one.claims()[0].revise(by=carol, text="Twice."))
    (mail,) = [one for one in run_worker() if one.to == [ben.email]]
    assert "Run both & stay" in mail.body
    assert "Another way" not in mail.body


def test_the_page_says_that_it_is_followed_and_a_visitor_is_led_to_sign_in(browse, practice, ben, ana):
    assert "Follow this practice" in page_of(browse(ben), practice)
    follow(browse(ben), practice)
    assert "You follow it" in page_of(browse(ben), practice)
    assert "You follow it" not in page_of(browse(ana), practice)

    page = page_of(browse(), practice)
    assert f'href="/accounts/login/?next={practice.get_absolute_url()}"' in page
    assert "Sign in to follow this practice" in page


def test_what_nobody_updates_any_more_is_not_followed(browse, practice, ben, carol):
    follow(browse(ben), practice)
    practice.retire(by=carol, note="Overtaken.")
    page = page_of(browse(ben), practice)
    assert "Follow this practice" not in page
    assert "You follow it" not in page
    assert "Run both &amp; stay" in browse(ben).get("/following/").content.decode()
    assert KeptSearch.objects.get().is_understood


def test_the_page_of_kept_searches_calls_the_practice_by_its_title(browse, practice, ben):
    follow(browse(ben), practice, name="Mine")
    assert "Run both &amp; stay" in browse(ben).get("/following/").content.decode()


def test_whoever_follows_a_practice_stays_on_its_page(browse, practice, ben):
    client = browse(ben)
    follow(client, practice)
    assert 'You follow this practice. <a href="/following/">What I follow</a>' in page_of(client, practice)


def test_a_practice_is_called_one_where_one_finds_what_one_follows(browse, carol, chris, ben):
    title = "Give newcomers one small task that somebody answers on the very day on which they finish it"
    practice = make_published_practice(carol, chris, title=title)
    client = browse(ben)
    follow(client, practice)
    search = KeptSearch.objects.get(owner=ben)
    assert search.name == "Give newcomers one small task that somebody answers on the very day on which…"

    page = client.get("/following/").content.decode()
    assert page.count(f"<bdi>{title}</bdi>") == 1
    assert "Open the practice" in page
    assert "See the results" not in page
    assert client.get(f"/following/{search.public_id}/")["Location"] == practice.get_absolute_url()


def test_what_changed_in_a_followed_practice_is_told_as_that(browse, practice, ben, carol, chris):
    client = browse(ben)
    follow(client, practice, alert="at-once")
    make_next_version(practice, carol, chris, lambda one: one.claims()[0].revise(by=carol, text="Twice."))
    run_worker()
    page = client.get("/notifications/").content.decode()
    assert "“<span>Run both &amp; stay</span>”, which you follow, has changed" in page


# --- The parameter -----------------------------------------------------------------------------------


def test_lists_find_the_practices_that_are_named(browse, api, practice, other, carol, chris):
    make_published_practice(carol, chris, title="Not asked for")
    query = f"practice={practice.slug}&practice={other.slug}"

    found = api().get(f"/api/v1/practices/?{query}").json()["results"]
    assert {one["id"] for one in found} == {practice.slug, other.slug}
    (entry,) = entries(browse().get(f"/feeds/practices/?practice={practice.slug}"))
    assert "Run both" in entry.findtext("{http://www.w3.org/2005/Atom}title")
    page = browse().get(f"/practices/?{query}&q=way").content.decode()
    assert "Run both &amp; stay" in page  # as a choice that can be taken back
    assert f'<input type="hidden" name="practice" value="{other.slug}">' in page


@pytest.mark.parametrize("slug", ["nothing-like-it", "%00", "x" * 300, "é"])
def test_a_practice_that_nobody_reads_is_refused_by_name(browse, api, practice, slug):
    assert api().get(f"/api/v1/practices/?practice={practice.slug}").status_code == 200
    refusal = api().get(f"/api/v1/practices/?practice={slug}")
    assert (refusal.status_code, refusal.json()["errors"][0]["field"]) == (400, "practice")
    assert browse().get(f"/practices/?practice={slug}").status_code == 400
