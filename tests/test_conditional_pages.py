"""Pages that a visitor has already are not sent again, until something of them is otherwise."""

import re
from datetime import timedelta

import pytest
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage import default_storage
from django.core.cache import caches
from django.http import HttpResponse
from django.utils import timezone

from config.http.conditional_pages import conditional_page
from config.release import release
from experiences.list_index import held
from experiences.models import Context, Experience, ListState, ShownName, Stake
from experiences.models.flags import raise_flag
from practices.models import Practice
from practices.views import browse as browse_views
from tests.conftest import make_person
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.django_db
LISTS = [
    "/",
    "/experiences/",
    "/experiences/?verdict=worked&facets=1",
    "/practices/",
    "/stakes/moving-platform/",
]
PAGES = [*LISTS, "/stakes/", "/map/", "/map/?facet=kind&competency=tools", "/role/", "/glossary/"]
MAPS = ["/sitemap.xml", "/sitemap-reports.xml"]


@pytest.fixture
def report(ana, carol, chris):
    return make_cited_report(ana, carol, chris)


def make_cited_report(ana, carol, chris):
    """Make a report of ana on which the only practice rests."""
    report = make_report(ana, carol)
    make_published_practice(carol, chris, reports=[report])
    return report


def asked_again(client, address):
    """Return the status of `address` for a browser that has it already."""
    first = client.get(address)
    assert first.status_code == 200
    return client.get(address, headers={"If-None-Match": first["ETag"]}).status_code


@pytest.mark.parametrize("address", [*PAGES, *MAPS])
def test_a_visitor_who_has_a_page_is_not_sent_it_again(browse, report, address):
    client = browse()
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Cache-Control"] == first["Cache-Control"] != "private, no-store"


CHOICES = {
    "theme=dark": b'data-theme="dark"',
    "django_language=fr": b'<html lang="fr"',
    "situation=audience:internal": b"Your situation, for this visit",
}


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("cookie", CHOICES)
def test_what_a_visitor_chooses_makes_it_another_page(browse, report, address, cookie):
    client = browse()
    known = {"If-None-Match": client.get(address)["ETag"]}
    name, value = cookie.split("=")
    client.cookies[name] = value
    chosen = client.get(address, headers=known)
    assert chosen.status_code == 200
    if not (name == "situation" and address == "/glossary/"):  # which is the same in every situation
        assert CHOICES[cookie] in chosen.content
        assert CHOICES[cookie] not in browse().get(address).content
    assert asked_again(client, address) == 304


CHANGES = {
    "a report is published": lambda heap: make_report(make_person("bea"), heap["carol"]),
    "a report is withdrawn": lambda heap: heap["report"].withdraw(
        by=heap["ana"], note="It was another year."
    ),
    "a stake is called otherwise": lambda heap: Stake.objects.get(slug="moving-platform").edit(
        by=heap["mona"], name_en="Changing places"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_on_a_page_is_sent(browse, report, ana, carol, mona, change):
    client = browse()
    of_no_report = {"/practices/"} if change == "a report is published" else set()
    known = {address: client.get(address)["ETag"] for address in set(PAGES) - of_no_report}

    CHANGES[change]({"report": report, "ana": ana, "carol": carol, "mona": mona})

    for address, tag in known.items():
        answer = client.get(address, headers={"If-None-Match": tag})
        assert (answer.status_code, answer["ETag"] != tag) == (200, True), address


def test_a_name_shown_otherwise_is_sent(browse, report, ana):
    client = browse()
    known = {address: client.get(address)["ETag"] for address in LISTS if address != "/practices/"}

    ana.display_name = "Ana B."
    ana.save()

    for address, tag in known.items():
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200, address


def test_who_is_signed_in_gets_every_page_anew(browse, report, ana):
    client = browse(ana)
    for address in PAGES:
        answer = client.get(address)
        assert "ETag" not in answer
        assert answer["Cache-Control"] == "private, no-store"
        assert client.get(address, headers={"If-None-Match": "*"}).status_code == 200


def test_a_form_on_a_page_that_was_not_sent_again_is_taken(browse, report):
    """The token in it is as good as the one that would have been sent."""
    client = browse()
    client.handler.enforce_csrf_checks = True
    page = client.get("/stakes/")
    token = page.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert client.get("/stakes/", headers={"If-None-Match": page["ETag"]}).status_code == 304
    sent = {"csrfmiddlewaretoken": token, "language": "fr", "next": "/stakes/"}
    assert client.post("/accounts/language/", sent).status_code == 302


# --- What is kept for other visitors --------------------------------------------------------------------


def page_token(page):
    return page.content.decode().partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def without_tokens(page):
    return re.sub(rb'(name="csrfmiddlewaretoken" value=")\w+', rb"\1", page.content)


@pytest.mark.parametrize("address", PAGES)
def test_another_visitor_gets_the_page_as_it_was_made(browse, report, address, django_assert_max_num_queries):
    first = browse().get(address)
    client = browse()
    client.handler.enforce_csrf_checks = True
    with django_assert_max_num_queries(1):
        again = client.get(address)
    assert without_tokens(again) == without_tokens(first)
    assert set(again.headers) == set(first.headers)
    assert page_token(again) != page_token(first)
    sent = {"csrfmiddlewaretoken": page_token(again), "language": "fr", "next": "/stakes/"}
    assert client.post("/accounts/language/", sent).status_code == 302
    caches["pages"].clear()
    assert without_tokens(browse().get(address)) == without_tokens(first)


def test_who_is_signed_in_gets_no_page_of_a_visitor_nor_gives_one(browse, report, ana):
    for address in (*PAGES, report.get_absolute_url()):
        for person, is_signed_in in ((ana, True), (None, False), (ana, True)):
            page = browse(person).get(address)
            assert (b'href="/accounts/me/"' in page.content) == is_signed_in, address


def test_a_page_with_a_sentence_said_once_is_kept_for_nobody(rf):
    request = rf.get("/stakes/")
    request.user, request.session = AnonymousUser(), {}
    request._messages = default_storage(request)
    for says in (True, False):
        if says:
            messages.info(request, "You have signed out.")
        page = conditional_page(request, lambda: "state", lambda: (HttpResponse("said"), "state"))
        assert (page.content, "ETag" in page) == (b"said", not says)
        assert bool(caches["pages"]._cache) is not says
        list(get_messages(request))  # They are read now.
        request._messages = default_storage(request)


def reworded_elsewhere(rows, **words):
    """Another process rewords `rows`: this one hears of it by the number alone."""
    rows.update(**words)
    ListState.advance(held.VOCABULARY)


@pytest.mark.parametrize("address", [*PAGES, "report", "practice"])
def test_what_another_process_reworded_is_kept_by_none_as_it_was(
    browse, report, address, django_capture_on_commit_callbacks
):
    """Not the words of a visitor's situation either, which are read before any list is."""
    about = {"report": report.get_absolute_url(), "practice": Practice.objects.get().get_absolute_url()}
    address = about.get(address, address)

    def read():
        client = browse()
        client.cookies["situation"] = "audience:internal"
        return client.get(address)

    with django_capture_on_commit_callbacks(execute=True):  # Only what is committed has a number.
        Experience.objects.filter(pk=report.pk).list_again()
    read()
    caches["pages"].clear()
    reworded_elsewhere(Stake.objects.filter(slug="moving-platform"), name_en="Zzyzx")
    reworded_elsewhere(Context.objects.filter(name="audience=internal"), name_en="Qqyzx")

    first, kept = read(), read()
    caches["pages"].clear()
    anew = read()

    assert without_tokens(kept) == without_tokens(anew)
    assert b"Zzyzx" in anew.content or b"Qqyzx" in anew.content
    assert first["ETag"] != anew["ETag"] or without_tokens(first) == without_tokens(anew)


@pytest.mark.parametrize("address", ["/stakes/no-such-stake/", "version", "/experiences/?cursor=nonsense"])
def test_what_is_not_there_is_not_unchanged(browse, report, address):
    if address == "version":
        address = f"{Practice.objects.get().get_absolute_url()}v/99/"
    code = browse().get(address).status_code
    assert code in (400, 404)
    assert browse().get(address, headers={"If-None-Match": "*"}).status_code == code


def test_the_tag_of_a_first_visit_is_good_for_the_second(browse, report):
    browse().get("/stakes/")
    assert asked_again(browse(), "/stakes/") == 304


def test_who_lost_the_token_of_a_page_is_sent_another(browse, report):
    client = browse()
    client.handler.enforce_csrf_checks = True
    known = client.get("/stakes/")["ETag"]
    client.cookies.clear()
    again = client.get("/stakes/", headers={"If-None-Match": known})
    assert again.status_code == 200
    sent = {"csrfmiddlewaretoken": page_token(again), "language": "fr", "next": "/stakes/"}
    assert client.post("/accounts/language/", sent).status_code == 302


def on_day(monkeypatch, day):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day)


def test_another_day_is_another_page_and_another_answer(browse, api, carol, report, monkeypatch):
    """A lowered grade, say, is told until its review is due."""
    practice = Practice.objects.get()
    practice.lower_grade(by=carol, reason="We doubt it.")
    address = practice.get_absolute_url()
    for client, place in ((browse(), address), (api(), f"/api/v1{address}")):
        with monkeypatch.context() as patch:
            first = client.get(place)
            assert b"We doubt it." in first.content
            on_day(patch, practice.review_due_on)
            again = client.get(place, headers={"If-None-Match": first["ETag"]})
            assert (again.status_code, b"We doubt it." in again.content) == (200, False)


def test_a_page_begun_before_midnight_is_not_kept_for_the_next_day(browse, report, monkeypatch):
    today, read = timezone.localdate(), browse_views.states_of

    def after_midnight(*lists):
        on_day(monkeypatch, today + timedelta(days=1))
        return read(*lists)

    monkeypatch.setattr(browse_views, "states_of", after_midnight)
    browse().get("/")
    made = []
    monkeypatch.setattr(browse_views, "states_of", lambda *lists: made.append(lists) or read(*lists))
    browse().get("/")
    assert made


def test_another_release_is_another_page_and_another_answer(browse, api, report, monkeypatch):
    for client, address in ((browse(), "/glossary/"), (api(), "/api/v1/experiences/")):
        with monkeypatch.context() as patch:
            known = {"If-None-Match": client.get(address)["ETag"]}
            assert client.get(address, headers=known).status_code == 304
            patch.setattr("config.rest.conditional.release", lambda: "the next one")
            assert client.get(address, headers=known).status_code == 200


def test_a_release_is_another_once_a_style_a_template_or_the_address_is(settings, tmp_path):
    release.cache_clear()
    settings.BASE_DIR = tmp_path
    told = set()
    for name in ("static/site.css", "templates/page.html", "practices/views.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("one")
    for change in (None, "static/site.css", "templates/page.html", "practices/views.py", "address"):
        if change == "address":
            settings.SITE_URL = "https://elsewhere.example.org"
        elif change:
            (tmp_path / change).write_text("two")
        told.add(release())
        release.cache_clear()
    assert len(told) == 5


@pytest.mark.parametrize("door", ["report", "practice", "/api/v1/practices/", "/api/v1/experiences/"])
def test_an_answer_in_another_language_has_another_tag(api, report, ana, door):
    """A byline, “A member”, and what a grade rests on are sentences."""
    ana.display_name = ""
    ana.save()
    practice = Practice.objects.get()
    door = {
        "report": f"/api/v1{report.get_absolute_url()}",
        "practice": f"/api/v1{practice.get_absolute_url()}",
    }.get(door, door)
    english, french = (api().get(door, headers={"Accept-Language": one}) for one in ("en", "fr"))
    assert english.content != french.content
    assert english["ETag"] != french["ETag"]


def test_a_name_that_a_moderator_takes_away_stands_on_no_kept_page(browse, report, ana, ben, mona):
    addresses = ["/", "/experiences/", report.get_absolute_url(), Practice.objects.get().get_absolute_url()]
    assert all(b"Ana" in browse().get(address).content for address in addresses[1:3])
    doubt = ShownName(member=ana, name=ana.display_name)
    raise_flag(doubt, by=ben, reason="abuse")
    ShownName.objects.get(pk=doubt.pk).remove(by=mona, note="It mocks a member.")
    for address in addresses:
        assert b"Ana" not in browse().get(address).content, address
