"""The page of a report or a practice is sent again once anything on it is otherwise, and kept by nobody."""

import pytest
from django.core.cache import caches

from experiences.models import Experience
from practices.models import Practice, Trial
from tests.factories import contexts, make_next_version, make_published_practice
from tests.test_conditional_pages import CHANGES, asked_again, make_cited_report, without_tokens

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(ana, carol, chris):
    return make_cited_report(ana, carol, chris)


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


# --- The page of a practice -----------------------------------------------------------------------------

OF_A_PRACTICE = {
    "someone tries it": lambda heap: tried(heap),
    "who tried it says where": lambda heap: tried(heap, contexts=contexts(audience=["internal"])),
    "who tried it says another line": lambda heap: tried(heap, line="It held for a year."),
    "who tried it withholds the name": lambda heap: tried(heap, identity="withheld"),
    "who tried it is hidden": lambda heap: Trial.objects.get().hide(by=heap["mona"]),
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


def tried(heap, **otherwise):
    said = {"verdict": "worked", "line": "It held.", "identity": "named"} | otherwise
    return heap["practice"].try_out(by=heap["ben"], **said)


def make_translation(practice, by):
    return practice.translate(by=by, language="fr", title="Ailleurs")


@pytest.mark.parametrize("change", OF_A_PRACTICE)
def test_a_practice_is_sent_again_once_it_changed(browse, report, ana, ben, carol, chris, mona, change):
    heap = {"report": report, "ana": ana, "ben": ben, "carol": carol, "chris": chris, "mona": mona}
    heap["practice"] = practice = Practice.objects.get()
    if change.startswith("who tried it"):
        tried(heap)
    client, address = browse(), practice.get_absolute_url()
    known = {page: client.get(page) for page in (address, f"{address}v/1/", f"/api/v1{address}")}
    for page, first in known.items():
        assert client.get(page, headers={"If-None-Match": first["ETag"]}).status_code == 304, page

    OF_A_PRACTICE[change](heap)

    for page, first in known.items():
        answer = client.get(page, headers={"If-None-Match": first["ETag"]})
        assert (answer.status_code, answer["ETag"] != first["ETag"]) == (200, True), page
    kept = browse().get(address)
    caches["pages"].clear()
    assert without_tokens(kept) == without_tokens(browse().get(address))
