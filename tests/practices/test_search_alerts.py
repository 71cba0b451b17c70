"""What is new in kept searches, by e-mail: once, to who asked, and never the day of what withholds a name."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, User
from experiences.models import Experience, ListedReport
from experiences.models.fields import month_end
from practices.models import KeptSearch
from practices.models import kept_search as rules
from practices.tasks import search_alerts
from practices.tasks.search_alerts import send_search_alerts
from tests.conftest import make_person
from tests.factories import make_known, make_published_practice, make_report
from tests.outbox import run_worker
from tests.practices.test_kept_searches import keep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails_as_in_production")]
A_WEEK, A_MONTH, A_BIT = timedelta(days=7), timedelta(days=30), timedelta(seconds=1)


@pytest.fixture
def zoe(db):
    """Someone who keeps searches, and wrote nothing."""
    return make_person("zoe")


def look(now=None):
    """Look into all that is due at `now`; return the mails that say what was found."""
    OutgoingMail.objects.all().delete()
    now = now or timezone.now()
    while send_search_alerts(now):
        pass
    return list(OutgoingMail.objects.all())


def next_month():
    return month_end(timezone.now()) + timedelta(hours=1)


# --- What is told ------------------------------------------------------------------------------------


def test_the_worker_tells_at_once_what_is_new_and_tells_it_once(zoe, ana, carol):
    make_report(ana, carol, title="There before")
    search = keep(zoe, alert="at-once", query="verdict=worked")
    assert [one for one in run_worker() if one.to == [zoe.email]] == []
    report = make_report(ana, carol, title="Came after")
    make_report(ana, carol, title="Does not fit", verdict="no-effect")

    (message,) = [one for one in run_worker() if one.to == [zoe.email]]
    assert "1 new or changed result in “Moves”" in message.subject
    assert "Came after\nIt worked\n" in message.body
    assert f"/experiences/{report.public_id}/" in message.body
    assert "/experiences/?verdict=worked" in message.body
    for absent in ("There before", "Does not fit"):
        assert absent not in message.body
    assert [one for one in run_worker() if one.to == [zoe.email]] == []
    search.refresh_from_db()
    assert search.mailed_at is not None


def test_what_changed_is_told_again(zoe, ana, carol):
    report = make_report(ana, carol)
    keep(zoe, alert="at-once")
    report.lessons = "Announce the end date early, twice."
    report.write(by=ana)
    assert report.title in look()[0].body
    assert look() == []


def test_what_was_only_written_again_is_not_told(zoe, ana, carol):
    make_report(ana, carol)
    keep(zoe, alert="at-once")
    Experience.objects.all().list_again()
    ListedReport.objects.update(number=99)
    assert look() == []


@pytest.mark.parametrize(("alert", "pause"), [("weekly", A_WEEK), ("monthly", A_MONTH)])
def test_others_are_told_after_a_pause_of_all_since(zoe, ana, carol, alert, pause):
    keep(zoe, alert=alert)
    make_report(ana, carol, title="The first")
    assert look(timezone.now() + pause - timedelta(hours=1)) == []
    make_report(ana, carol, title="The second")
    (told,) = look(timezone.now() + pause + A_BIT)
    assert "The first" in told.body
    assert "The second" in told.body
    assert look(timezone.now() + 3 * pause) == []


def test_who_wants_no_mails_gets_none(zoe, ana, carol):
    keep(zoe, alert="none")
    off = keep(make_person("yan"), alert="at-once").owner
    User.objects.filter(pk=off.pk).update(notices="none")
    gone = keep(make_person("xia"), alert="at-once").owner
    User.objects.filter(pk=gone.pk).update(is_active=False)
    make_report(ana, carol)
    assert look() == []


def test_an_alert_tells_what_is_new_since_it_was_chosen(zoe, ana, carol):
    search = keep(zoe, alert="none")
    make_report(ana, carol, title="Not asked for")
    search.alert = "at-once"
    search.write(by=zoe)
    assert look() == []
    make_report(ana, carol, title="Asked for")
    (told,) = look()
    assert "Not asked for" not in told.body


def test_what_is_withdrawn_or_hidden_is_not_told(zoe, ana, ben, carol):
    keep(zoe, alert="at-once")
    make_report(ana, carol).withdraw(by=ana, note="No more.")
    assert look() == []
    hidden = make_report(ana, carol, title="Hidden")
    keep(ben, alert="at-once")
    hidden.flag(by=make_known(ben), reason="identifies", note="It names a client.")
    hidden.refresh_from_db()
    assert hidden.status == "hidden"
    assert look() == []


def test_many_results_are_a_few_and_a_number(zoe, ana, carol, monkeypatch):
    monkeypatch.setattr(search_alerts, "MOST_TOLD", 2)
    keep(zoe, alert="at-once")
    for number in range(5):
        make_report(ana, carol, title=f"Report {number}")
    (told,) = look()
    assert "5 new or changed results" in told.subject
    assert "And 3 more." in told.body
    assert [title in told.body for title in ("Report 4", "Report 3", "Report 2")] == [True, True, False]


def test_practices_are_told_with_their_grade(zoe, carol, chris):
    keep(zoe, alert="at-once", kind="practices", query="")
    practice = make_published_practice(carol, chris)
    (told,) = look()
    assert f"{practice.title}\nIdea\n" in told.body
    assert practice.get_absolute_url() in told.body


def test_a_member_is_told_in_their_language(zoe, ana, carol):
    User.objects.filter(pk=zoe.pk).update(language="fr")
    keep(zoe, alert="at-once")
    make_report(ana, carol)
    (told,) = look()
    assert told.language == "fr"
    assert "Bonjour" in told.body


def test_what_is_stored_late_is_told_by_the_next_look(zoe, ana, carol):
    """As where it was published in a transaction that ended after the look."""
    keep(zoe, alert="at-once")
    report = make_report(ana, carol, title="Late")
    changed, then = report.changed_at, timezone.now()
    report.withdraw(by=ana, note="Meanwhile.")
    make_report(ana, carol, title="In time")
    (told,) = look(timezone.now())
    assert "Late" not in told.body
    stored = Experience.objects.filter(pk=report.pk)
    stored.update(status="published", changed_at=changed)
    stored.list_again()
    (told,) = look(timezone.now())
    assert "Late" in told.body
    assert "In time" not in told.body
    assert changed < then
    assert look() == []


def test_too_much_to_remember_is_not_told_twice(zoe, ana, carol, monkeypatch):
    monkeypatch.setattr(rules, "MOST_REMEMBERED", 1)
    keep(zoe, alert="at-once")
    for number in range(3):
        make_report(ana, carol, title=f"Report {number}")
    assert "3 new" in look()[0].subject
    make_report(ana, carol, title="Another")
    assert "1 new" in look()[0].subject


def test_a_search_that_is_not_understood_any_more_disturbs_no_other(zoe, ana, carol):
    broken = keep(zoe, alert="at-once", query="verdict=worked")
    KeptSearch.objects.filter(pk=broken.pk).update(query="stake=gone", told_until=timezone.now() - A_WEEK)
    keep(zoe, alert="at-once", query="")
    make_report(ana, carol)
    assert len(look()) == 1


def test_the_worker_goes_in_chunks(zoe, ben, ana, carol, monkeypatch):
    monkeypatch.setattr(search_alerts, "AT_ONCE", 2)
    for person in (zoe, ben, carol):
        keep(person, alert="at-once")
    make_report(ana, carol)
    now = timezone.now()
    OutgoingMail.objects.all().delete()
    assert [send_search_alerts(now) for _turn in range(3)] == [2, 1, 0]
    assert OutgoingMail.objects.count() == 3


def test_two_workers_tell_it_once(zoe, ana, carol):
    search = keep(zoe, alert="at-once")
    make_report(ana, carol)
    OutgoingMail.objects.all().delete()
    now = timezone.now()
    one, other = (KeptSearch.objects.get(pk=search.pk) for _worker in range(2))
    search_alerts.look_into(one, now)
    search_alerts.look_into(other, now + A_BIT)
    assert OutgoingMail.objects.count() == 1


# --- What withholds a name ---------------------------------------------------------------------------


@pytest.mark.parametrize("alert", ["at-once", "weekly", "monthly"])
def test_what_withholds_a_name_is_told_when_its_month_has_ended(zoe, ana, carol, alert):
    keep(zoe, alert=alert)
    make_report(ana, carol, title="Whose, and when?", identity="withheld")
    now = timezone.now()
    moments = [now + timedelta(days=days) for days in range(31)]
    end = month_end(now)
    assert [told for moment in moments if moment < end for told in look(moment)] == []
    ends = max(next_month(), KeptSearch.objects.get().told_until + A_MONTH)
    (told,) = look(ends)
    assert "Whose, and when?" in told.body
    assert look(ends + A_MONTH) == []


def test_an_edit_of_what_withholds_a_name_waits_alike(zoe, ana, carol):
    report = make_report(ana, carol, identity="withheld", title="Whose?")
    keep(zoe, alert="at-once")
    make_report(ana, carol, title="Signed")
    report.lessons = "Announce the end date early, twice."
    report.write(by=ana)
    (told,) = look()
    assert "Whose?" not in told.body
    assert "1 new" in told.subject
    (told,) = look(next_month())
    assert "Whose?" in told.body


def test_its_author_is_told_as_all_others_are(ana, carol):
    """That an alert leaves one's own out would say whose it is."""
    make_report(ana, carol)
    keep(ana, alert="at-once")
    make_report(ana, carol, title="My own", identity="withheld")
    (told,) = look(next_month())
    assert "My own" in told.body


# --- Stopping ----------------------------------------------------------------------------------------


@pytest.fixture
def stop(zoe, ana, carol, settings):
    """Return the path in the mail of an alert by which it is stopped."""
    settings.SITE_URL = "https://retex.example.org"
    keep(zoe, alert="at-once")
    make_report(ana, carol)
    run_worker()
    (message,) = [one for one in mail.outbox if one.to == [zoe.email]]
    headers = message.extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = re.fullmatch(r"<https://retex.example.org(/following/stop/[^>]+/)>", headers["List-Unsubscribe"])[
        1
    ]
    assert path in message.body
    return path


def alert_of(zoe):
    return KeptSearch.objects.get(owner=zoe).alert


def test_one_click_of_a_mail_program_stops_that_search_alone(stop, zoe):
    keep(zoe, alert="weekly", query="")
    answer = Client(enforce_csrf_checks=True).post(stop, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert sorted(KeptSearch.objects.values_list("alert", flat=True)) == ["none", "weekly"]
    zoe.refresh_from_db()
    assert zoe.notices == "waiting"


def test_opening_the_address_stops_nothing_and_stopping_is_taken_back(stop, zoe, browse):
    page = browse().get(stop).content.decode()
    assert "You can stop the e-mails about what is new in “Moves”." in page
    assert zoe.email not in page
    assert alert_of(zoe) == "at-once"
    page = browse().post(stop).content.decode()
    assert "you receive no more" in page
    assert alert_of(zoe) == "none"
    (kept,) = re.findall(r'name="back_to" value="([\w-]+)"', page)
    assert "again" in browse().post(stop, {"back_to": kept}).content.decode()
    assert alert_of(zoe) == "at-once"
    assert browse().post(stop, {"back_to": "hourly"}).status_code == 400


def test_another_token_stops_nothing(stop, zoe, browse):
    token = stop.split("/")[-2]
    for other in (token[:-1], f"{'a' * 12}:{token.split(':')[1]}", "9" * 400):
        assert browse().post(f"/following/stop/{other}/").status_code == 404
    KeptSearch.objects.all().delete()
    assert browse().get(stop).status_code == 404


def test_a_mail_that_was_sent_says_no_more_of_the_search(stop):
    assert not OutgoingMail.objects.exclude(stop_path="").exists()
