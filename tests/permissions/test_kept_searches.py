"""Who may do what to a search that ana keeps, through every door: its feed alone is for whoever has its
address.
"""

import pytest

from practices.models import KeptSearch
from tests.permissions.doors import answer_of, assert_table, outcome_of, tag_of
from tests.permissions.report_table import PEOPLE

pytestmark = pytest.mark.django_db


def table_of(*verbs, visitor, feed=True):
    """Return the table of one door; `visitor` is what a visitor meets there."""
    table = {verb: dict.fromkeys(PEOPLE, "unseen") | {"ana": "done", "visitor": visitor} for verb in verbs}
    return table | ({"feed": dict.fromkeys(PEOPLE, "done")} if feed else {})


@pytest.fixture
def search(people):
    return KeptSearch(name="Moves", kind="reports", query="verdict=worked").write(by=people["ana"])


def test_who_may_do_what_to_a_kept_search(people, search):
    def attempt(person, verb):
        row = KeptSearch.objects.visible_to(person).filter(pk=search.pk).first()
        if row is None:
            assert not search.can_be_edited_by(person)
            assert outcome_of(lambda: search.write(by=person)) == "refused"
            return "unseen"
        return outcome_of(lambda: row.write(by=person))

    assert_table(people, table_of("see", "edit", visitor="unseen", feed=False), attempt, "searches", "verbs")


def test_who_may_do_what_on_its_pages(people, search, session):
    address = f"/following/{search.public_id}/"

    def attempt(person, verb):
        browser = session(person)
        if verb == "edit":
            return answer_of(browser.post(f"{address}change/", {"name": "X", "alert": "none"}))
        if verb == "delete":
            return answer_of(browser.post(f"{address}delete/"))
        return answer_of(browser.get(search.feed_path if verb == "feed" else address))

    table = table_of("results", visitor="sign in") | table_of("edit", "delete", visitor="refused")
    assert_table(people, table, attempt, "searches", "pages")


def test_who_may_do_what_through_the_api(people, search, program):
    address = f"/api/v1/saved-searches/{search.public_id}/"

    def attempt(person, verb):
        client = program(person)
        if verb == "edit":
            return answer_of(client.patch(address, {"name": "X"}, HTTP_IF_MATCH=tag_of(client, address)))
        return answer_of(client.delete(address) if verb == "delete" else client.get(address))

    table = table_of("see", "edit", "delete", visitor="sign in", feed=False)
    assert_table(people, table, attempt, "searches", "API")
