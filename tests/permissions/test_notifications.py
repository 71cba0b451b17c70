"""Who may do what to a notification of ana, through every door: she alone knows of it."""

import pytest

from accounts.models import Notification
from tests.factories import make_report
from tests.permissions.doors import answer_of, assert_table, outcome_of
from tests.permissions.report_table import PEOPLE

pytestmark = pytest.mark.django_db


def table_of(*verbs, visitor):
    """Return the table of one door; `visitor` is what a visitor meets there."""
    return {verb: dict.fromkeys(PEOPLE, "unseen") | {"ana": "done", "visitor": visitor} for verb in verbs}


@pytest.fixture
def notification(people):
    make_report(people["ana"], people["carol"])
    return Notification.objects.get(member=people["ana"])


def test_who_may_do_what_to_a_notification(people, notification):
    def attempt(person, verb):
        row = Notification.objects.visible_to(person).filter(pk=notification.pk).first()
        if row is None:
            assert outcome_of(lambda: notification.open(by=person)) == "refused"
            return "unseen"
        return outcome_of(lambda: row.open(by=person))

    assert_table(people, table_of("open", visitor="unseen"), attempt, "notifications", "verbs")


def test_who_may_do_what_on_its_page(people, notification, session):
    def attempt(person, verb):
        return answer_of(session(person).post(f"/notifications/{notification.public_id}/open/"))

    assert_table(people, table_of("open", visitor="refused"), attempt, "notifications", "pages")


def test_who_may_do_what_through_the_api(people, notification, program):
    address = f"/api/v1/notifications/{notification.public_id}/"

    def attempt(person, verb):
        client = program(person)
        return answer_of(client.get(address) if verb == "see" else client.post(f"{address}read/", {}))

    table = table_of("see", "read", visitor="sign in")
    assert_table(people, table, attempt, "notifications", "API")
