"""Who may do what to a term of the closed lists, through every door: mona moderates."""

import pytest

from experiences.models import Stake
from tests.factories import make_report
from tests.permissions.doors import answer_of, assert_table, outcome_of, tag_of
from tests.permissions.offers import allowed, offered
from tests.permissions.report_table import PEOPLE

pytestmark = pytest.mark.django_db


TERM_STATES = ("in use", "retired")
TERM_VERBS = {
    # verb: (who, in which states)
    "edit": ("mona", "in use retired"),
    "merge": ("mona", "in use"),
    "split": ("mona", "in use"),
    "retire": ("mona", "in use"),
    "restore": ("mona", "retired"),
    "tag-again": ("mona", "retired"),
}
TERM, HEIRS = "moving-platform", ("chasing-numbers", "personal-data")
WHY = {"note": "Two words for one thing."}
TERM_WORDS = {
    "edit": {"name_en": "Moving house"},
    "merge": WHY | {"into": HEIRS[0]},
    "split": WHY | {"heirs": list(HEIRS)},
    "retire": WHY | {"heirs": [HEIRS[0]]},
}


def term_in(state, people):
    term = Stake.objects.get(slug=TERM)
    if state == "retired":
        term.split(by=people["mona"], note="It was two things.", heirs=Stake.objects.filter(slug__in=HEIRS))
    return term


def term_table(state, **instead):
    """Return the table for one state; `instead` says what a visitor meets at this door."""
    table = {}
    for verb, (who, states) in TERM_VERBS.items():
        allowed_now = "done" if state in states else "state"
        table[verb] = {name: allowed_now if name in who.split() else "refused" for name in PEOPLE} | instead
    return table


def with_rows(words, value):
    """Return `words` with what `value` makes of each slug of an heir."""
    found = {stake.slug: value(stake) for stake in Stake.objects.filter(slug__in=HEIRS)}
    one = {"into": found[words["into"]]} if "into" in words else {}
    return words | one | ({"heirs": [found[slug] for slug in words["heirs"]]} if "heirs" in words else {})


@pytest.mark.parametrize("state", TERM_STATES)
def test_who_may_do_what_to_a_term(state, people):
    pk = term_in(state, people).pk

    def attempt(person, verb):
        term = Stake.objects.get(pk=pk)
        words = with_rows(TERM_WORDS.get(verb, {}), lambda stake: stake)
        if verb == "tag-again":
            return outcome_of(lambda: term.give_heirs(by=person, choices={}))
        return outcome_of(lambda: getattr(term, verb)(by=person, **words))

    assert_table(people, term_table(state), attempt, "verbs", state)


@pytest.mark.parametrize("state", TERM_STATES)
def test_who_may_do_what_on_a_term_s_page(state, people, session):
    term = term_in(state, people)

    def attempt(person, verb):
        if verb == "tag-again":
            return answer_of(session(person).post(f"{term.vocabulary_url}reports/"))
        words = with_rows(TERM_WORDS.get(verb, {}), lambda stake: stake.pk) | {"confirmed": "yes"}
        words |= {"name_fr": term.name_fr, "competency": term.competency_id} if verb == "edit" else {}
        return answer_of(session(person).post(f"{term.vocabulary_url}do/{verb}/", words))

    expected = term_table(state)
    if state == "in use":
        expected["tag-again"]["mona"] = "unseen"  # There is no such page of what is in use.
    assert_table(people, expected, attempt, "pages", state)


@pytest.mark.parametrize("state", TERM_STATES)
def test_who_may_do_what_to_a_term_through_the_api(state, people, program):
    address = f"/api/v1/stakes/{term_in(state, people).slug}/"

    def attempt(person, verb):
        client = program(person)
        match = {"If-Match": tag_of(client, address)}
        if verb == "edit":
            return answer_of(client.patch(address, TERM_WORDS[verb], headers=match))
        if verb == "tag-again":
            return answer_of(client.post(f"{address}reports/", {"choices": {}}, headers=match))
        return answer_of(client.post(f"{address}{verb}/", TERM_WORDS.get(verb, {}), headers=match))

    assert_table(people, term_table(state, visitor="sign in"), attempt, "API", state)


@pytest.mark.parametrize("state", TERM_STATES)
def test_the_page_of_a_term_offers_what_may_be_done_and_nothing_else(state, people, session):
    term = term_in(state, people)
    make_report(people["ana"], people["carol"], stakes_=(TERM,))
    offers = {"vocabulary:reports": "tag-again", "vocabulary:term": "see"}
    for name, person in people.items():
        pages = [term.vocabulary_url, f"{term.vocabulary_url}reports/"]
        found = offered(session(person), pages, offers, address=term.address) - {"see"}
        assert found == allowed(term_table(state), name), name
