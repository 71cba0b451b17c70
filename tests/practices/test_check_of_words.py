"""Claims, the words of practices and the reasons around them are checked before they are kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practices.models import Practice
from tests.factories import make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
MAIL = "Ask jane.doe@agency.example first."
TOLD = "“jane.doe@agency.example” is an e-mail address."
WORDS = {"language": "en", "summary": "Move in steps.", "how": "1. Announce.", "stakes": ["moving-platform"]}
TITLE = "Run both places before you close one"


@pytest.fixture
def draft(carol):
    return make_practice(carol)


@pytest.fixture
def published(ana, carol, chris):
    return make_published_practice(carol, chris, reports=[make_report(ana, carol)])


def claim_of(practice):
    return practice.claims().get()


# On the pages: {what is written: (address, words, field, prefix of its fields)}.
PAGES = {
    "claim": lambda it: (f"{at(it)}workbench/", {"new-kind": "do-this"}, "text", "new-"),
    "claim beside reports": lambda it: (f"{at(it)}material/claim/", {"new-kind": "do-this"}, "text", "new-"),
    "reworded claim": lambda it: (
        f"{at(it)}claims/{claim_of(it).pk}/revise/",
        {f"claim-{claim_of(it).pk}-kind": "do-this"},
        "text",
        f"claim-{claim_of(it).pk}-",
    ),
    "title": lambda it: (f"{at(it)}edit/", WORDS, "title", ""),
    "summary": lambda it: (f"{at(it)}edit/", WORDS | {"title": TITLE}, "summary", ""),
    "text": lambda it: (f"{at(it)}edit/", WORDS | {"title": TITLE}, "pitfalls", ""),
    "new practice": lambda it: ("/practices/new/", WORDS | {"title": TITLE}, "why", ""),
}
PUBLISHED_PAGES = {
    "reason to retire": lambda it: (f"{at(it)}do/retire/", {}, "note", ""),
    "reason to lower": lambda it: (f"{at(it)}do/lower/", {}, "reason", ""),
    "title of a translation": lambda it: (f"{at(it)}translate/", {"language": "fr"}, "title", ""),
}
# The same through the API: (method, address, words, field).
API = {
    "claim": lambda it: ("post", f"{api_at(it)}claims/", {}, "text"),
    "reworded claim": lambda it: ("patch", f"/api/v1/claims/{claim_of(it).pk}/", {}, "text"),
    "title": lambda it: ("patch", api_at(it), {}, "title"),
    "summary": lambda it: ("put", api_at(it), {}, "summary"),
    "new practice": lambda it: ("post", "/api/v1/practices/", {"title": TITLE}, "why"),
}
PUBLISHED_API = {
    "reason to retire": lambda it: ("post", f"{api_at(it)}retire/", {}, "note"),
    "reason to lower": lambda it: ("post", f"{api_at(it)}lower/", {}, "reason"),
    "title of a translation": lambda it: ("post", f"{api_at(it)}translate/", {"language": "fr"}, "title"),
}


def at(practice):
    return f"/practices/{practice.slug}/"


def api_at(practice):
    return f"/api/v1/practices/{practice.slug}/"


def stands():
    """Return how many practices hold the address, in their words, their claims or the reasons given."""
    return sum(
        MAIL in (*(getattr(one, name) for name in ("title", "summary", *one.TEXTS)),
                 one.retired_reason, one.lowered_reason, *(claim.text for claim in one.claims()))
        for one in Practice.objects.all()
    )  # fmt: skip


def ask_page(browser, address, words, field, prefix):
    """Send the address twice: it is pointed out with the words kept, then let stand."""
    sent = words | {f"{prefix}{field}": MAIL}
    answer = browser.post(address, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert TOLD in page
    assert f'name="{prefix}anyway"' in page
    assert MAIL in page
    assert stands() == 0
    assert browser.post(address, sent | {f"{prefix}anyway": "on"}).status_code == 302
    assert stands() == 1


def ask_api(program, method, address, words, field):
    """The same as a program does it."""
    headers = {"If-Match": "*"} if method in ("put", "patch") else {}
    send, sent = getattr(program, method), words | {field: MAIL}
    answer = send(address, sent, headers=headers)
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert {(error["field"], error["code"]) for error in errors} == {(field, "spots")}
    assert TOLD in [error["message"] for error in errors]
    assert stands() == 0
    assert send(address, sent | {"anyway": True}, headers=headers).status_code in (200, 201)
    assert stands() == 1


@pytest.mark.parametrize("what", PAGES)
def test_what_may_identify_someone_in_a_working_copy_is_pointed_out_once(what, draft, carol, browse):
    ask_page(browse(carol), *PAGES[what](draft))


@pytest.mark.parametrize("what", PUBLISHED_PAGES)
def test_what_is_said_around_a_published_practice_is_checked_too(what, published, carol, browse):
    ask_page(browse(carol), *PUBLISHED_PAGES[what](published))


@pytest.mark.parametrize("what", API)
def test_programs_are_asked_once_as_pages_are(what, draft, carol, api):
    ask_api(api(carol), *API[what](draft))


@pytest.mark.parametrize("what", PUBLISHED_API)
def test_programs_are_asked_about_reasons_and_translations_too(what, published, carol, api):
    ask_api(api(carol), *PUBLISHED_API[what](published))


def test_words_that_were_let_stand_are_not_pointed_out_again(draft, carol, browse, api):
    draft.pitfalls = MAIL
    draft.write(by=carol)
    words = WORDS | {"title": TITLE, "pitfalls": f"{MAIL} Then begin."}
    assert browse(carol).post(f"{at(draft)}edit/", words).status_code == 302
    more = {"pitfalls": f"{MAIL} Then go on."}
    assert api(carol).patch(api_at(draft), more, headers={"If-Match": "*"}).status_code == 200
    others = words | {"pitfalls": f"{MAIL} Or john@agency.example."}
    answer = browse(carol).post(f"{at(draft)}edit/", others)
    assert answer.status_code == 422
    told = answer.context["form"].errors["pitfalls"]
    assert TOLD not in told
    assert "“john@agency.example” is an e-mail address." in told


def test_the_box_stays_ticked_when_something_else_is_refused(draft, carol, browse):
    words = WORDS | {"title": TITLE, "pitfalls": MAIL, "anyway": "on"}
    answer = browse(carol).post(f"{at(draft)}edit/", words | {"summary": "x" * 601})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"summary"}
    assert answer.context["form"]["anyway"].value() is True
    stale = browse(carol).post(f"{at(draft)}edit/", words | {"edit_version": "99"})
    assert stale.status_code == 409
    assert stale.context["form"]["anyway"].value() is True


def test_what_was_typed_is_compared_with_what_is_stored_though_it_is_pointed_out(draft, carol, browse):
    draft.submit(by=carol)
    locked = browse(carol).post(f"{at(draft)}edit/", WORDS | {"title": TITLE, "pitfalls": MAIL})
    assert locked.status_code == 403
    assert MAIL in locked.content.decode()


def test_a_refused_claim_asks_the_database_as_often_among_twelve_as_among_two(draft, carol, browse):
    browser, numbers = browse(carol), []
    for more in (1, 10):
        for number in range(more):
            draft.add_claim(by=carol, kind="do-this", text=f"Step {number} of {more}.", opinion=True)
        with CaptureQueriesContext(connection) as captured:
            sent = {"new-kind": "do-this", "new-text": MAIL}
            assert browser.post(f"{at(draft)}workbench/", sent).status_code == 422
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_what_is_noted_beside_evidence_is_checked_at_each_door(draft, ana, carol, browse, api):
    report, claim = make_report(ana, carol), claim_of(draft)
    evidence = {"bearing": "supports", "excerpt": report.lessons[:40], "report": report.public_id}
    beside = f"{at(draft)}material/{report.public_id}/cite/"
    pages = {f"{at(draft)}claims/{claim.pk}/cite/": {}, beside: {"claim": claim.pk}}
    draft.gather([report], by=carol)
    for field in ("note", "followed_reason"):
        words = {field: MAIL, "followed_correction": "in-part", "followed_reason": "They said so."} | {
            field: MAIL
        }
        for address, more in pages.items():
            answer = browse(carol).post(address, evidence | words | more)
            assert answer.status_code == 422
            page = answer.content.decode()
            assert TOLD in page
            assert 'name="anyway"' in page
        body = {"experience": report.public_id, "bearing": "supports", "excerpt": report.lessons[:40]}
        body |= {"followed": "in-part", "followed_reason": "They said so."} | {field: MAIL}
        refused = api(carol).post(f"/api/v1/claims/{claim.pk}/evidence/", body)
        assert [(one["field"], one["code"]) for one in refused.json()["errors"]][0] == (field, "spots")
    assert not claim.evidence.exists()
    address = next(iter(pages))
    assert browse(carol).post(address, evidence | words | {"anyway": "on"}).status_code == 302
    assert browse(carol).post(address, evidence | words).status_code == 302  # It was asked already.
