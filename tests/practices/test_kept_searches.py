"""Searches that members keep: saved from a list, shown, changed, deleted; on pages, by the API, as a feed."""

import re

import pytest
from django.utils import timezone

from experiences.models import Stake
from experiences.models.vocabulary import cache
from practices.models import KeptSearch
from practices.models import kept_search as rules
from tests.conftest import make_person
from tests.factories import make_draft, make_published_practice, make_report
from tests.test_feeds import entries, told

pytestmark = pytest.mark.django_db
SAVED = {"name": "Moves", "alert": "weekly", "kind": "reports", "query": "stake=moving-platform"}
API = "/api/v1/saved-searches/"


def keep(by, **overrides):
    return KeptSearch(**SAVED | overrides).write(by=by)


# --- What is kept -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("?verdict=worked&stake=b&stake=a&cursor=abc&page_size=5&q=", "stake=b&stake=a&verdict=worked"),
        ("q=caf%C3%A9+noir&q=caf%C3%A9+noir", "q=caf%C3%A9+noir"),
        ("likeness_more=audience&ordering=oldest", "ordering=oldest"),
        ("ordering=likeness&likeness_more=audience", "likeness_more=audience&ordering=likeness"),
    ],
)  # fmt: skip
def test_parameters_are_kept_in_one_form(query, kept):
    assert rules.canonical(query) == kept


@pytest.mark.parametrize(
    ("kind", "query", "said"),
    [
        ("reports", "colour=red", "colour"),
        ("reports", "stake=nothing-like-it", "stake"),
        ("reports", "min_grade=G2", "min_grade"),
        ("practices", "verdict=worked", "verdict"),
        ("reports", "q=%00", ""),
        ("reports", "&".join(f"a{n}=1" for n in range(600)), ""),
        ("reports", "q=" + "x" * 5000, ""),
        ("letters", "", ""),
    ],
)
def test_what_its_list_refuses_is_not_kept(ana, browse, api, kind, query, said):
    answer = browse(ana).post("/following/", SAVED | {"kind": kind, "query": query})
    refusal = api(ana).post(API, {"name": "Moves", "list": kind, "query": query})

    assert (answer.status_code, refusal.status_code) == (422, 400)
    assert said in answer.content.decode()
    assert said in str(refusal.json()["errors"])
    assert not KeptSearch.objects.exists()


def test_one_keeps_so_many_and_each_once(ana, ben, browse, api, monkeypatch):
    monkeypatch.setattr(rules, "MOST_KEPT", 2)
    keep(ana)
    twice = browse(ana).post("/following/", SAVED | {"name": "Again", "query": "stake=moving-platform&q="})
    keep(ana, kind="practices")
    many = browse(ana).post("/following/", SAVED | {"query": ""})

    assert (twice.status_code, many.status_code) == (422, 422)
    assert "You keep this search already, as “Moves”." in twice.content.decode()
    assert "as many as one can" in many.content.decode()
    assert api(ana).post(API, {"name": "More", "list": "reports"}).status_code == 400
    keep(ben)


# --- Pages ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "kind"), [("/experiences/", "reports"), ("/practices/", "practices")])
def test_a_list_is_saved_from_its_own_page(ana, browse, path, kind):
    page = browse(ana).get(path, {"stake": "moving-platform", "q": "forum"}).content.decode()
    form = page[page.index('id="save-search"') :]
    sent = dict(re.findall(r'name="(kind|query|name)"[^>]*?value="([^"]*)"', form, re.DOTALL))
    answer = browse(ana).post(
        "/following/", sent | {"alert": "none", "query": sent["query"].replace("&amp;", "&")}
    )

    assert answer.status_code == 302
    search = KeptSearch.objects.get(owner=ana)
    assert (search.kind, search.query) == (kind, "q=forum&stake=moving-platform")
    assert "forum" in search.name
    assert search.get_absolute_url() == f"{path}?{search.query}"


def test_a_visitor_is_led_to_sign_in_and_back(browse):
    page = browse().get("/experiences/?stake=moving-platform").content.decode()
    way = "/accounts/login/?next=/experiences/%3Fstake%3Dmoving-platform"

    assert "save-search" not in page
    assert way in page
    assert browse().get("/following/")["Location"].startswith("/accounts/login/")
    lost = browse().post("/following/", SAVED)
    assert lost.status_code == 403
    assert "Moves" in lost.content.decode()


def test_a_refused_form_keeps_what_was_typed(ana, browse):
    answer = browse(ana).post("/following/", SAVED | {"name": " "})
    page = answer.content.decode()

    assert answer.status_code == 422
    assert 'value="stake=moving-platform"' in page
    assert re.search(r'value="weekly"[^>]* checked', page)


def test_the_page_shows_each_search_with_its_words_feed_and_results(ana, ben, browse):
    search = keep(ana, query="stake=moving-platform&not_verdict=worked&q=forum")
    page = browse(ana).get("/following/").content.decode()

    for part in (
        "Moves",
        "“forum”",
        "Without: It worked",
        search.feed_path,
        f"/following/{search.public_id}/",
    ):
        assert part in page, part
    assert "Moves" not in browse(ben).get("/following/").content.decode()
    assert "You follow nothing yet." in browse(ben).get("/following/").content.decode()


def test_results_are_those_of_the_list_and_looking_at_them_is_noted(ana, ben, browse):
    search = keep(ana)
    address = f"/following/{search.public_id}/"
    browse(ana).head(address)
    assert KeptSearch.objects.get().looked_at is None

    assert browse(ana).get(address)["Location"] == "/experiences/?stake=moving-platform"
    assert KeptSearch.objects.get().looked_at is not None
    assert browse(ben).get(address).status_code == 404


def test_name_and_alert_are_changed(ana, ben, browse):
    search = keep(ana)
    address = f"/following/{search.public_id}/change/"

    assert browse(ben).post(address, {"name": "Mine", "alert": "none"}).status_code == 404
    refused = browse(ana).post(address, {"name": "", "alert": "hourly"})
    assert refused.status_code == 422
    assert browse(ana).post(address, {"name": "Moving", "alert": "at-once"}).status_code == 302
    search.refresh_from_db()
    assert (search.name, search.alert, search.version) == ("Moving", "at-once", 2)


def test_a_deleted_search_can_be_kept_again_from_the_next_page(ana, ben, browse):
    search, browser = keep(ana), browse(ana)
    address = f"/following/{search.public_id}/delete/"
    assert browse(ben).post(address).status_code == 404

    page = browser.post(address, follow=True).content.decode()
    assert not KeptSearch.objects.exists()
    assert "“Moves” is deleted" in page
    form = page[page.index("“Moves” is deleted") :]
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert browser.post("/following/", sent).status_code == 302
    again = KeptSearch.objects.get()
    assert (again.name, again.query, again.alert) == (search.name, search.query, search.alert)
    assert again.public_id != search.public_id
    assert "is deleted" not in browser.get("/following/").content.decode()


def test_the_page_asks_the_database_as_often_for_many_as_for_few(ana, browse, django_assert_max_num_queries):
    def queries():
        browser.get("/following/")
        with django_assert_max_num_queries(50) as asked:
            browser.get("/following/")
        return len(asked)

    browser = browse(ana)
    for query in ("", "verdict=worked"):
        keep(ana, query=query)
    few = queries()
    for number in range(10):
        keep(ana, query=f"q=word{number}")
    assert queries() == few


def test_a_search_whose_term_is_gone_says_so(ana, browse):
    Stake.objects.create(
        slug="gone", name_en="Gone", name_fr="Partie", competency=Stake.objects.first().competency
    )
    cache.forget()
    search = keep(ana, query="stake=gone")
    Stake.objects.filter(slug="gone").delete()
    cache.forget()
    page = browse(ana).get("/following/").content.decode()

    assert "does not understand it any more" in page
    assert browse().get(search.feed_path).status_code == 400


# --- Its feed ---------------------------------------------------------------------------------------


def test_its_feed_has_its_name_and_its_own_identifier(ana, carol, browse):
    make_report(ana, carol, title="Moved")
    make_report(ana, carol, title="Failed", verdict="no-effect")
    make_draft(ana, title="A draft of mine")
    search = keep(ana, name="Moves & more", query="stake=moving-platform&verdict=worked&ordering=oldest")
    for person in (None, ana):
        answer = browse(person).get(search.feed_path)
        assert [told(entry, "title") for entry in entries(answer)] == ["Moved"]
    text = answer.content.decode()

    assert "<title>Moves &amp; more</title>" in text
    assert "<id>urn:uuid:" in text
    assert f"{search.feed_path}" in text
    assert answer["X-Robots-Tag"] == "noindex"
    assert ana.email not in text


def test_its_feed_of_practices_has_what_is_published(carol, chris, browse):
    practice = make_published_practice(carol, chris)
    search = keep(carol, kind="practices", query="")
    assert [told(entry, "title") for entry in entries(browse().get(search.feed_path))] == [practice.title]


def test_its_feed_is_another_once_it_is_renamed_and_gone_once_it_is_deleted(ana, browse):
    search = keep(ana)
    first = browse().get(search.feed_path)
    known = {"If-None-Match": first["ETag"]}
    assert browse().get(search.feed_path, headers=known).status_code == 304
    search.name = "Others"
    search.write(by=ana)
    assert browse().get(search.feed_path, headers=known).status_code == 200
    assert browse().get(f"{search.feed_path}?q=word").status_code == 400
    search.delete()
    assert browse().get(search.feed_path, headers=known).status_code == 404


def test_its_feed_tells_no_day_of_a_withheld_report(ana, carol, browse):
    make_report(make_person("wanda"), carol, identity="withheld")
    search = keep(ana)
    (entry,) = entries(browse().get(search.feed_path))
    for name in ("published", "updated"):
        assert told(entry, name).endswith("-01T00:00:00+00:00")


# --- The API ----------------------------------------------------------------------------------------


def test_a_program_keeps_reads_changes_and_deletes_searches(ana, ben, carol, api, shapes):
    make_report(ana, carol)
    program = api(ana)
    made = program.post(
        API, {"name": "Moves", "list": "reports", "query": "?stake=moving-platform", "alert": "weekly"}
    )
    assert made.status_code == 201
    row = made.json()
    assert {name: row[name] for name in ("name", "list", "query", "alert")} == {
        "name": "Moves", "list": "reports", "query": "stake=moving-platform", "alert": "weekly",
    }  # fmt: skip
    assert program.get(row["results_url"]).json()["count"] == 1
    assert program.get(row["html_url"]).status_code == 200
    assert program.get(row["feed_url"]).status_code == 200
    assert program.get(API).json()["results"] == [row]
    read = program.get(row["url"])
    assert read.json() == row
    assert api(ben).get(row["url"]).status_code == 404
    assert api(ben).get(API).json()["results"] == []

    assert program.patch(row["url"], {"name": "X"}).status_code == 428
    changed = program.patch(row["url"], {"name": "X"}, HTTP_IF_MATCH=read["ETag"])
    assert (changed.status_code, changed.json()["name"], changed.json()["alert"]) == (200, "X", "weekly")
    assert program.put(row["url"], row, HTTP_IF_MATCH=read["ETag"]).status_code == 412
    put = program.put(row["url"], row | {"list": "practices"}, HTTP_IF_MATCH=changed["ETag"])
    assert (put.status_code, put.json()["list"]) == (200, "practices")
    assert program.delete(row["url"], HTTP_IF_MATCH=read["ETag"]).status_code == 412
    assert program.delete(row["url"]).status_code == 204
    assert program.get(row["url"]).status_code == 404


def test_a_program_may_as_its_token_says(ana, api):
    search = keep(ana)
    address = f"{API}{search.public_id}/"
    reader, visitor = api(ana, scope="read"), api()
    body = {"name": "X", "list": "reports"}
    assert reader.get(API).status_code == reader.get(address).status_code == 200
    assert reader.post(API, body).status_code == reader.delete(address).status_code == 403
    assert {
        visitor.get(API).status_code,
        visitor.get(address).status_code,
        visitor.post(API, body).status_code,
    } == {401}


# --- One's own --------------------------------------------------------------------------------------


def test_it_is_in_the_data_of_its_member_and_goes_with_the_account(ana, ben, browse, api):
    search = keep(ana)
    search.note_looked_at()
    (row,) = api(ana).get("/api/v1/me/data/").json()["searches"]
    assert (row["id"], row["name"], row["query"]) == (search.public_id, "Moves", "stake=moving-platform")
    assert "Moves" in browse(ana).get("/accounts/data/").content.decode()
    assert api(ben).get("/api/v1/me/data/").json()["searches"] == []
    ana.delete()
    assert not KeptSearch.objects.exists()
    assert timezone.now() > search.created_at
