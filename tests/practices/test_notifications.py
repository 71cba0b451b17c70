"""Who is told that a practice was tried or that its grade moved, and what no mail says."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import OutgoingMail, User
from practices.models import Practice
from practices.tasks import monthly_notifications
from tests.conftest import make_person
from tests.factories import make_known, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _all(ana, ben, carol, chris):
    """Everybody wants to hear of all that happens."""
    User.objects.update(notices="all")
    for person in (ana, ben, carol, chris):
        person.refresh_from_db()
    make_known(ben)


@pytest.fixture
def practice(ana, carol, chris):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    OutgoingMail.objects.all().delete()
    return practice


def told():
    """Return {recipient: (subject, body)}, and forget what was queued; each is told once."""
    rows = list(OutgoingMail.objects.all())
    found = {row.recipient.partition("@")[0]: (row.subject, row.body) for row in rows}
    assert len(found) == len(rows)
    OutgoingMail.objects.all().delete()
    return found


def withdraw(report):
    report.refresh_from_db()
    report.withdraw(by=report.author, note="I was wrong.")


def test_curators_and_authors_are_told_that_someone_tried_it(practice, ben):
    make_person("cleo", "Curators", notices="all")  # never worked on it
    practice.try_out(by=ben, verdict="worked", line="It helped us.", identity="named")
    mails = told()
    assert set(mails) == {"ana", "carol", "chris"}
    subject, body = mails["ana"]
    assert subject == "Someone tried “Run both places before you close one”"
    assert f"{practice.get_absolute_url()}#trials" in body
    for private in ("Ben", "ben@", "It helped us."):
        assert private not in body


def test_nobody_is_told_what_they_did_themselves(practice, ana, carol):
    practice.try_out(by=carol, verdict="worked", line="It helped us.")
    assert set(told()) == {"ana", "chris"}


def test_a_trial_that_moves_the_grade_is_told_once(carol, chris, ana, ben):
    dan = make_known(make_person("dan", notices="all"))
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol, measured=True)])
    practice.try_out(by=ben, verdict="worked", line="It helped us.")
    OutgoingMail.objects.all().delete()
    practice.try_out(by=dan, verdict="worked", line="Us too.")
    assert practice.grade == 2
    subject, body = told()["ana"]
    assert subject == "The grade of “Run both places before you close one” has moved"
    assert "The grade moved from G1 Lone voice to G2 Echoed." in body


def test_a_day_of_trials_and_moves_is_one_mail(practice, ana, ben):
    for verdict in ("worked", "no-effect", "backfired"):
        practice.try_out(by=ben, verdict=verdict, line="Again.")
    withdraw(ana.experiences.get())
    assert OutgoingMail.objects.count() == 3
    assert set(told()) == {"ana", "carol", "chris"}


def test_the_next_day_is_told_again(practice, ben, monkeypatch):
    practice.try_out(by=ben, verdict="worked", line="It helped.")
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2030, 1, 2))
    practice.try_out(by=ben, verdict="no-effect", line="Not any more.")
    assert OutgoingMail.objects.filter(recipient="carol@example.org").count() == 2


@pytest.mark.parametrize("chosen", ["none", "waiting"])
def test_who_did_not_ask_for_all_is_not_told(practice, ben, chosen):
    User.objects.exclude(email="chris@example.org").update(notices=chosen)
    practice.try_out(by=ben, verdict="worked", line="It helped.")
    assert set(told()) == {"chris"}


def test_each_is_told_in_their_language(practice, ben):
    User.objects.filter(email="ana@example.org").update(language="fr")
    practice.try_out(by=ben, verdict="worked", line="It helped.")
    assert told()["ana"][1].startswith("Bonjour,")


def test_a_grade_that_fell_is_told_to_those_it_concerns(practice, ana):
    withdraw(ana.experiences.get())
    assert set(told()) == {"carol", "chris"}  # what ana told no longer feeds it
    assert practice.log.last().cause == "withdrawn"


def test_nobody_is_told_of_a_first_version_or_a_draft(ana, carol, chris):
    report = make_report(ana, carol)
    draft = make_practice(carol, reports=[report])
    OutgoingMail.objects.all().delete()
    draft.regrade(cause="cited")
    draft.submit(by=carol).publish(by=chris)
    assert draft.grade == 1
    assert not [subject for subject, _body in told().values() if "grade" in subject]


def test_an_operator_s_recount_and_the_years_are_told_in_the_log_alone(practice):
    Practice.objects.update(grade=4)
    call_command("grade_practices")
    assert practice.log.last().cause == "recomputed"
    assert told() == {}


def test_a_mail_is_queued_with_what_it_tells_or_not_at_all(practice, ben):
    with transaction.atomic():
        practice.try_out(by=ben, verdict="worked", line="It helped.")
        transaction.set_rollback(True)
    assert told() == {}


# --- Authors without a name --------------------------------------------------------------------------


@pytest.fixture
def secret(carol, chris):
    """A practice fed by a report of Zephyrine, who withholds her name."""
    author = make_person("zephyrine", organisation="Quillfeather", notices="all")
    report = make_report(author, carol, identity="withheld")
    practice = make_published_practice(carol, chris, reports=[report], title="Welcome by name")
    OutgoingMail.objects.all().delete()
    return practice


def test_no_mail_of_a_practice_goes_to_an_author_who_withholds_their_name(secret, ben):
    secret.try_out(by=ben, verdict="worked", line="It helped.")
    withdraw(secret.current.claims.get().evidence.get().report)
    mails = told()
    assert set(mails) == {"carol", "chris"}
    for subject, body in mails.values():
        for marker in ("Zephyrine", "zephyrine", "Quillfeather", "Ben"):
            assert marker not in subject + body


def test_they_learn_once_a_month_that_something_moved_and_not_what(secret, ben, monkeypatch):
    secret.try_out(by=ben, verdict="worked", line="It helped.")
    told()
    monthly_notifications.notify_of_last_month()
    assert told() == {}  # the month is not over

    today = timezone.localdate()
    after = (today.replace(day=28) + timedelta(days=7)).replace(day=3)
    monkeypatch.setattr(timezone, "localdate", lambda *_: after)
    monthly_notifications.notify_of_last_month()
    monthly_notifications.notify_of_last_month()
    [(subject, body)] = told().values()
    for tie in (secret.slug, "Welcome by name", "Run both", "It helped", "tried “"):
        assert tie not in subject + body
    assert "/experiences/mine/" in body


def test_a_month_in_which_nothing_moved_is_not_told(secret, monkeypatch):
    today = timezone.localdate()
    later = date(today.year + 1, today.month, 3)
    monkeypatch.setattr(timezone, "localdate", lambda *_: later)
    monthly_notifications.notify_of_last_month()
    assert told() == {}
