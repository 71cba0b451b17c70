"""Who may do what to a practice, by its verbs, on its pages and through the API."""

import pytest

from practices.models import Practice
from tests.permissions.doors import answer_of, assert_table, outcome_of, tag_of
from tests.permissions.practice_table import (
    CLAIM_ACTS,
    PRACTICE_ACTS,
    PRACTICE_SEEN_BY,
    PRACTICE_VERBS,
    PRACTICE_WORDS,
    citation,
    expected_of_practice,
    practice_in,
    practice_table,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", PRACTICE_SEEN_BY)
def test_who_may_do_what_to_a_practice(state, curators, other):
    pk = practice_in(state, curators, other).pk

    def attempt(person, verb):
        practice = Practice.objects.visible_to(person).filter(pk=pk).first()
        if practice is None:
            return "unseen"
        if verb == "see":
            return "done"
        if verb == "edit":
            outcome = outcome_of(lambda: practice.write(by=person))
            assert practice.can_be_edited_by(person) == (outcome == "done")
            return outcome
        if verb in CLAIM_ACTS:
            return outcome_of(lambda: CLAIM_ACTS[verb](practice.claims().get(), person, other))
        if verb == "gather":
            return outcome_of(lambda: practice.gather([other], by=person))
        if verb == "put-back":
            return outcome_of(lambda: practice.put_back(other, by=person))
        return outcome_of(lambda: PRACTICE_ACTS[verb](practice, by=person, **PRACTICE_WORDS.get(verb, {})))

    assert_table(curators, practice_table(state, PRACTICE_VERBS), attempt, "verbs", state)


@pytest.mark.parametrize("state", PRACTICE_SEEN_BY)
def test_who_may_do_what_on_a_practice_s_pages(state, curators, other, session):
    practice = practice_in(state, curators, other)
    address, claim = practice.get_absolute_url(), practice.claims().get()
    places = {
        "cite": f"claims/{claim.pk}/cite/",
        "uncite": f"evidence/{claim.evidence.get().pk}/remove/",
        "revise": f"claims/{claim.pk}/revise/",
        "move": f"claims/{claim.pk}/down/",
        "remove": f"claims/{claim.pk}/remove/",
        "put-back": f"material/{other.public_id}/remove/",
        "try": "try/",
        "comment": "comments/",
        "translate": "translate/",
        "withhold": "withhold/",
        "settle": f"comments/{practice.comments.get().pk}/settle/",
        "gather": "material/add/",
        **{verb: f"decide/{verb}/" for verb in ("hide", "take-down", "let-stand")},
        "take-claim-down": f"decide/{claim.lasting_id}/take-down/",
        "let-claim-stand": f"decide/{claim.lasting_id}/let-stand/",
    }
    words = PRACTICE_WORDS | {"cite": citation(other) | {"report": other.public_id}}
    words["try"] = words["try"] | {"identity": "withheld"}
    words["withhold"] = words["withhold"] | {"confirmed": "yes"}
    words["comment"] = {"comment-text": PRACTICE_WORDS["comment"]["text"]}
    words["gather"] = {"report": other.public_id}
    words["revise"] = {f"claim-{claim.pk}-kind": "do-this", f"claim-{claim.pk}-text": "Announce it twice."}

    def attempt(person, verb):
        browser = session(person)
        if verb == "see":
            return answer_of(browser.get(address))
        if verb == "edit":
            return answer_of(browser.get(f"{address}edit/"))
        place = places.get(verb, f"do/{verb}/")
        return answer_of(browser.post(f"{address}{place}", words.get(verb, {})))

    # A visitor's words are kept on the page that asks them to sign in, whatever they were about.
    visitor = dict.fromkeys(PRACTICE_VERBS, "refused") | {"edit": "sign in"}
    visitor["see"] = expected_of_practice(state, "see", "visitor")
    assert_table(curators, practice_table(state, PRACTICE_VERBS, **visitor), attempt, "pages", state)


PRACTICE_METHODS = dict.fromkeys(["edit", "revise"], "patch")
PRACTICE_METHODS |= dict.fromkeys(["remove", "uncite", "put-back"], "delete")


@pytest.mark.parametrize("state", PRACTICE_SEEN_BY)
def test_who_may_do_what_to_a_practice_through_the_api(state, curators, other, program):
    practice = practice_in(state, curators, other)
    address, claim = f"/api/v1/practices/{practice.slug}/", practice.claims().get()
    tags = {person: tag_of(program(person), address) for person in curators.values()}
    words = PRACTICE_WORDS | {
        "cite": citation(other) | {"experience": other.public_id},
        "edit": {"title": "Another title"},
        "revise": {"text": "Announce it twice."},
        "move": {"places": 1},
        "gather": {"experiences": [other.public_id]},
    }
    places = {
        "edit": address,
        "cite": f"/api/v1/claims/{claim.pk}/evidence/",
        "uncite": f"/api/v1/evidence/{claim.evidence.get().pk}/",
        "revise": f"/api/v1/claims/{claim.pk}/",
        "move": f"/api/v1/claims/{claim.pk}/move/",
        "remove": f"/api/v1/claims/{claim.pk}/",
        "gather": f"{address}material/",
        "put-back": f"{address}material/{other.public_id}/",
        "try": f"{address}trials/",
        "comment": f"{address}comments/",
        "settle": f"{address}comments/{practice.comments.get().pk}/settle/",
        "take-claim-down": f"/api/v1/claims/{claim.pk}/take-down/",
        "let-claim-stand": f"/api/v1/claims/{claim.pk}/let-stand/",
    }

    def attempt(person, verb):
        client = program(person)
        if verb == "see":
            return answer_of(client.get(address))
        send = getattr(client, PRACTICE_METHODS.get(verb, "post"))
        match = {"If-Match": tags[person]}
        return answer_of(send(places.get(verb, f"{address}{verb}/"), words.get(verb), headers=match))

    visitor = {verb: "sign in" for verb in PRACTICE_VERBS if verb != "see"}
    expected = practice_table(state, PRACTICE_VERBS, **visitor)
    for verb in CLAIM_ACTS:
        expected[verb]["ben"] = "unseen"  # the claims of a working copy have addresses of their own
    assert_table(curators, expected, attempt, "API", state)
