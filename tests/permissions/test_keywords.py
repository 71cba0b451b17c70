"""Who may do what with a keyword that authors use often, through every door: mona moderates."""

import pytest

from experiences.models import FrequentKeyword
from experiences.models.vocabulary.keywords import LEAST_REPORTS
from experiences.models.vocabulary.terms import rows_at
from tests.conftest import make_person
from tests.factories import make_report
from tests.permissions.doors import answer_of, assert_table, outcome_of
from tests.permissions.offers import allowed, offered
from tests.permissions.report_table import PEOPLE

pytestmark = pytest.mark.django_db
KEYWORD_STATES = ("proposed", "dismissed")
KEYWORD_VERBS = {
    # verb: (who, in which states)
    "add": ("mona", "proposed dismissed"),
    "dismiss": ("mona", "proposed"),
    "restore": ("mona", "dismissed"),
}
WORDS = {"add": {"term": "stakes/steady-rhythm", "languages": ["en"]}}


def keyword_in(state, people):
    for number in range(LEAST_REPORTS):
        make_report(make_person(f"author{number}"), people["carol"], keywords=["monday coffee"])
    keyword = FrequentKeyword.objects.get(name="monday coffee")
    return keyword.dismiss(by=people["mona"]) if state == "dismissed" else keyword


def table_of(state, **instead):
    """Return the table for one state; `instead` says what a visitor meets at this door."""
    table = {}
    for verb, (who, states) in KEYWORD_VERBS.items():
        allowed_now = "done" if state in states else "state"
        table[verb] = {name: allowed_now if name in who.split() else "refused" for name in PEOPLE} | instead
    return table


@pytest.mark.parametrize("state", KEYWORD_STATES)
def test_who_may_do_what_with_a_keyword(state, people):
    keyword = keyword_in(state, people)

    def attempt(person, verb):
        if verb == "add":
            term = rows_at(WORDS["add"]["term"]).get()
            return outcome_of(lambda: keyword.add_to(by=person, term=term, languages=["en"]))
        return outcome_of(lambda: getattr(keyword, verb)(by=person))

    assert_table(people, table_of(state), attempt, "verbs", state)


@pytest.mark.parametrize("state", KEYWORD_STATES)
def test_who_may_do_what_on_the_page_of_a_keyword(state, people, session):
    address = keyword_in(state, people).get_absolute_url()

    def attempt(person, verb):
        return answer_of(session(person).post(f"{address}do/{verb}/", WORDS.get(verb, {})))

    assert_table(people, table_of(state), attempt, "pages", state)


@pytest.mark.parametrize("state", KEYWORD_STATES)
def test_who_may_do_what_with_a_keyword_through_the_api(state, people, program):
    address = f"/api/v1/keywords/{keyword_in(state, people).pk}/"

    def attempt(person, verb):
        return answer_of(program(person).post(f"{address}{verb}/", WORDS.get(verb, {})))

    assert_table(people, table_of(state, visitor="sign in"), attempt, "API", state)


@pytest.mark.parametrize("state", KEYWORD_STATES)
def test_the_pages_of_a_keyword_offer_what_may_be_done_and_nothing_else(state, people, session):
    keyword = keyword_in(state, people)
    pages = [keyword.get_absolute_url(), f"/vocabulary/keywords/?state={state}"]
    for name, person in people.items():
        found = offered(session(person), pages, {"vocabulary:keyword": "see"}, pk=keyword.pk)
        assert found - {"see"} == allowed(table_of(state), name), name
