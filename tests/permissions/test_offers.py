"""Pages offer what may be done, and nothing else."""

import pytest
from django.urls import resolve

from tests.conftest import some
from tests.factories import make_cluster, make_report
from tests.permissions.doors import answer_of, try_all
from tests.permissions.offers import FOR_ALL, Offers, allowed, offered
from tests.permissions.practice_table import (
    CURATORS,
    PRACTICE_SEEN_BY,
    PRACTICE_VERBS,
    practice_in,
    practice_table,
)
from tests.permissions.report_table import REPORT_SEEN_BY, REPORT_VERBS, report_in, report_table

pytestmark = pytest.mark.django_db


# Where a form or link leads → the verb it offers; a transition is named for its own.
REPORT_OFFERS = {"experiences:edit": "edit", "practices:use": "use"}
PRACTICE_OFFERS = {
    "practices:edit": "edit",
    "practices:workbench": "edit",  # its form adds a claim
    "practices:add_claim": "edit",
    "practices:uncite": "edit",
    "practices:cite": "cite",
    "practices:attach": "cite",
    "practices:add_material": "gather",
    "practices:remove_material": "gather",
    "practices:try_out": "try",
    "practices:withhold": "withhold",
    "practices:comment": "comment",
    "practices:settle": "settle",
    "practices:translate": "translate",
    "practices:decide_on_claim take-down": "take-claim-down",
    "practices:decide_on_claim let-stand": "let-claim-stand",
    **dict.fromkeys(["up", "down", "remove", "revise"], "edit"),  # what is done to one claim
}
OFFERED_AS_ANOTHER = {"uncite", "revise", "move", "remove", "put-back"}  # of those above
# What may be done, and no page offers: (verb, person or None for all, states in which it is offered).
REPORT_NOT_OFFERED = {
    "link": (None, "published"),  # Only what is published is counted, and so need not count twice.
}
PRACTICE_NOT_OFFERED = {
    "lower": (
        None,
        "published hidden taken-down",
    ),  # While the evidence is being changed, the grade follows from that.
}


def to_offer(table, name, state, not_offered):
    """Return the verbs that pages offer to one person: all they may do, but for those explained above."""
    hidden = {
        verb
        for verb, (person, states) in not_offered.items()
        if person in (None, name) and state not in states.split()
    }
    return allowed(table, name) - hidden


@pytest.mark.parametrize("state", REPORT_SEEN_BY)
def test_pages_offer_of_a_report_what_each_person_may_do_and_nothing_else(state, people, other, session):
    report = report_in(state, people)
    about = report.get_absolute_url()
    addresses = [
        about, f"{about}edit/", f"{about}history/", "/experiences/mine/", "/practices/desk/",
        f"/practices/use/{report.public_id}/", f"/practices/near/{report.public_id}/",
    ]  # fmt: skip
    table = report_table(state, REPORT_VERBS)
    use = {"use"} if state == "published" else set()  # it is no verb of the report, but of the curators
    for name, person in some(people.items(), "report", state):
        found = offered(session(person), addresses, REPORT_OFFERS, public_id=report.public_id)
        expected = to_offer(table, name, state, REPORT_NOT_OFFERED)
        assert found == expected | (use if name in ("carol", "mona") else set()), name


@pytest.mark.parametrize("answered", [False, True])
def test_pages_offer_of_a_question_what_each_person_may_do_and_nothing_else(answered, people, session):
    report = report_in("published", people)
    question = report.ask(by=people["ben"], text="Who ran both?")
    if answered:
        question.answer(by=people["ana"], text="Two of us.")
    about = report.get_absolute_url()
    ours = {"public_id": report.public_id, "question_id": question.public_id}
    words = {"text": "Two of us did.", "note": "It names someone."}

    def attempt(person, verb):
        return answer_of(session(person).post(f"{about}questions/{question.public_id}/{verb}/", words))

    verbs = ("answer", "take-back", "remove")
    table = try_all(people, verbs, attempt)
    assert table["answer"]["ana"] == table["remove"]["mona"] == "done"
    assert table["take-back"]["ben"] == ("state" if answered else "done")
    for name, person in people.items():
        found = offered(session(person), [about, "/experiences/mine/"], {}, **ours)
        assert found == allowed(table, name), name


@pytest.mark.parametrize("state", PRACTICE_SEEN_BY)
def test_pages_offer_of_a_practice_what_each_person_may_do_and_nothing_else(state, curators, other, session):
    practice = practice_in(state, curators, other)
    about = practice.get_absolute_url()
    places = ["", "edit/", "workbench/", "material/", "material/?q=forum", "translate/", "try/", "v/1/"]
    places.append("withhold/")
    addresses = [f"{about}{place}" for place in places]
    addresses.append(f"{about}claims/{practice.claims().get().pk}/cite/")
    addresses += ["/practices/desk/", f"/practices/use/{other.public_id}/"]
    table = practice_table(state, PRACTICE_VERBS.keys() - OFFERED_AS_ANOTHER)
    for name, person in some(curators.items(), "practice", state):
        found = offered(session(person), addresses, PRACTICE_OFFERS, slug=practice.slug)
        assert found == to_offer(table, name, state, PRACTICE_NOT_OFFERED), name


def test_only_who_curates_is_offered_to_begin_from_a_cluster_or_to_set_it_aside(curators, session):
    cluster = make_cluster(curators["ben"], curators["carol"])
    make_report(curators["ben"], curators["carol"])
    addresses = ["/practices/desk/", "/practices/clusters/?stake=moving-platform", cluster.get_absolute_url()]
    for name, person in curators.items():
        pages = [page for page in map(session(person).get, addresses) if page.status_code == 200]
        found = {
            resolve(action).view_name
            for page in pages
            for kind, action, _do in Offers(page).found
            if kind == "form"
        }
        curates = name in CURATORS.split()
        assert found - FOR_ALL == ({"practices:begin", "practices:dismiss"} if curates else set()), name
        for verb in ("begin", "dismiss"):
            answer = session(person).post(f"/practices/clusters/{verb}/")
            assert (answer.status_code == 403) is not curates, (name, verb)
