"""Pages that a visitor has already are not sent again, until something of them is otherwise."""

import re

import pytest
from django.core.cache import caches

from experiences.models import Experience, Stake
from practices.models import Practice
from tests.conftest import make_person
from tests.factories import contexts, make_next_version, make_published_practice, make_report

pytestmark = pytest.mark.django_db
LISTS = [
    "/",
    "/experiences/",
    "/experiences/?verdict=worked&facets=1",
    "/practices/",
    "/stakes/moving-platform/",
]
PAGES = [*LISTS, "/stakes/", "/glossary/"]
MAPS = ["/sitemap.xml", "/sitemap-reports.xml"]


@pytest.fixture
def report(ana, carol, chris):
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


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("cookie", ["theme=dark", "django_language=fr", "situation=audience:internal"])
def test_what_a_visitor_chooses_makes_it_another_page(browse, report, address, cookie):
    client = browse()
    known = {"If-None-Match": client.get(address)["ETag"]}
    name, value = cookie.split("=")
    client.cookies[name] = value
    assert client.get(address, headers=known).status_code == 200
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


# --- The page of a report ---------------------------------------------------------------------------


def page_and_item(report):
    return [report.get_absolute_url(), f"/api/v1/experiences/{report.public_id}/"]


OF_A_REPORT = {
    "it is edited": lambda heap: edited(heap["report"], heap["ana"]),
    "its author follows up": lambda heap: heap["report"].follow_up(
        by=heap["ana"], verdict="worked", text="It still holds."
    ),
    "a question is asked": lambda heap: heap["report"].ask(by=heap["ben"], text="With whom?"),
    "a practice cites it": lambda heap: make_published_practice(
        heap["carol"], heap["chris"], title="Again", reports=[heap["report"]]
    ),
    "what it feeds is called otherwise": lambda heap: make_next_version(
        Practice.objects.get(), heap["carol"], heap["chris"], lambda one: retitled(one, heap["carol"])
    ),
    "what it feeds is retired": lambda heap: Practice.objects.get().retire(by=heap["carol"], note="No more."),
    "a moderator takes down what it feeds": lambda heap: Practice.objects.get().remove(
        by=heap["mona"], note="It says too much."
    ),
    "a moderator removes the claim it feeds": lambda heap: (
        Practice.objects.get().current.claims.first().take_down(by=heap["mona"], note="It says too much.")
    ),
    "the author is called otherwise": lambda heap: renamed(heap["ana"]),
    "a stake is called otherwise": CHANGES["a stake is called otherwise"],
}


def edited(report, by):
    report.result = "Nine posters in ten moved."
    report.write(by=by)


def retitled(practice, by):
    practice.title = "Another way"
    practice.write(by=by)


def renamed(person):
    person.display_name = "Ana B."
    person.save()


@pytest.mark.parametrize("change", OF_A_REPORT)
def test_a_report_is_sent_again_once_it_changed(
    browse, report, ana, ben, carol, chris, mona, change, django_capture_on_commit_callbacks
):
    heap = {"report": report, "ana": ana, "ben": ben, "carol": carol, "chris": chris, "mona": mona}
    client = browse()
    with django_capture_on_commit_callbacks(execute=True):  # Only what is committed has a number.
        Experience.objects.filter(pk=report.pk).list_again()
    addresses = page_and_item(report) if change != "a question is asked" else [report.get_absolute_url()]
    known = {address: client.get(address)["ETag"] for address in addresses}
    for address, tag in known.items():
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304

    with django_capture_on_commit_callbacks(execute=True):
        OF_A_REPORT[change](heap)

    for address, tag in known.items():
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200, address


def test_what_was_answered_to_a_question_is_sent(
    browse, report, ana, ben, django_capture_on_commit_callbacks
):
    client, address = browse(), report.get_absolute_url()
    with django_capture_on_commit_callbacks(execute=True):
        Experience.objects.filter(pk=report.pk).list_again()
        question = report.ask(by=ben, text="With whom?", identity="named")
    for change in (lambda: question.answer(by=ana, text="With two others."), lambda: renamed(ben)):
        assert asked_again(client, address) == 304
        tag = client.get(address)["ETag"]
        change()
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


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


def test_a_sentence_said_once_is_said_to_no_other(browse, report):
    """Signing out is said on the page one is led to."""
    client = browse(report.author)
    assert b"You have signed out." in client.post("/accounts/logout/", follow=True).content
    assert b"You have signed out." not in browse().get("/").content


# --- The page of a practice -----------------------------------------------------------------------------

OF_A_PRACTICE = {
    "someone tries it": lambda heap: tried(heap),
    "who tried it says where": lambda heap: tried(heap, contexts=contexts(audience=["internal"])),
    "who tried it is called otherwise": lambda heap: renamed(heap["ben"]),
    "the author of its evidence is called otherwise": lambda heap: renamed(heap["ana"]),
    "its evidence is withdrawn": lambda heap: heap["report"].withdraw(by=heap["ana"], note="Another year."),
    "its evidence is told otherwise": lambda heap: edited(heap["report"], heap["ana"]),
    "a moderator removes a claim": lambda heap: (
        heap["practice"].current.claims.first().take_down(by=heap["mona"], note="It says too much.")
    ),
    "a version follows": lambda heap: make_next_version(
        heap["practice"], heap["carol"], heap["chris"], lambda practice: None
    ),
    "a translation can be read": lambda heap: (
        make_translation(heap["practice"], heap["carol"]).submit(by=heap["carol"]).publish(by=heap["chris"])
    ),
    "a stake is called otherwise": CHANGES["a stake is called otherwise"],
}


def tried(heap, **place):
    return heap["practice"].try_out(
        by=heap["ben"], verdict="worked", line="It held.", identity="named", **place
    )


def make_translation(practice, by):
    return practice.translate(by=by, language="fr", title="Ailleurs")


@pytest.mark.parametrize("change", OF_A_PRACTICE)
def test_a_practice_is_sent_again_once_it_changed(browse, report, ana, ben, carol, chris, mona, change):
    heap = {"report": report, "ana": ana, "ben": ben, "carol": carol, "chris": chris, "mona": mona}
    heap["practice"] = practice = Practice.objects.get()
    if change.startswith("who tried it"):
        tried(heap)
    client, address = browse(), practice.get_absolute_url()
    for page in (address, f"{address}v/1/", f"/api/v1{address}"):
        assert asked_again(client, page) == 304, page
    known = client.get(address)

    OF_A_PRACTICE[change](heap)

    answer = client.get(address, headers={"If-None-Match": known["ETag"]})
    assert (answer.status_code, answer["ETag"] != known["ETag"]) == (200, True)
    kept = browse().get(address)
    caches["pages"].clear()
    assert without_tokens(kept) == without_tokens(browse().get(address))
