"""Alarms: whose hides what it is about at once, how many of them, and whom they are told to."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import OutgoingMail
from experiences.models import Experience, Flag
from tests.conftest import make_person
from tests.factories import make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(ben, carol):
    """Ben, a reader who has told something himself."""
    make_report(ben, carol)
    return ben


@pytest.fixture
def reports(ana, carol):
    return [make_report(ana, carol, title=f"Report {number}") for number in range(5)]


def states(reports):
    keys = [report.pk for report in reports]
    return list(Experience.objects.filter(pk__in=keys).order_by("pk").values_list("status", flat=True))


def test_one_member_does_not_empty_the_site(told, reports, mona):
    for report in reports:
        report.flag(by=told, reason="abuse")
    assert states(reports) == ["hidden"] * 3 + ["published"] * 2
    reports[0].restore(by=mona)
    reports[3].flags.open().update(settled_at="2026-01-01T00:00Z")
    reports[3].flag(by=told, reason="abuse")
    assert states(reports) == ["published", "hidden", "hidden", "hidden", "published"]


def test_whoever_has_told_nothing_hides_nothing(ben, carol, reports):
    reports[0].flag(by=ben, reason="abuse")
    assert states(reports[:1]) == ["published"]
    assert reports[0].flags.open().count() == 1
    reports[0].flag(by=carol, reason="abuse")
    assert states(reports[:1]) == ["hidden"]


def test_an_alarm_after_a_change_of_the_words_hides_again(told, ana, carol, mona, reports):
    report = reports[0].flag(by=told, reason="abuse").restore(by=mona)
    report.flag(by=carol, reason="abuse").keep(by=mona)
    report.result = "Other words."
    report.write(by=ana).flag(by=carol, reason="abuse")
    assert report.status == "hidden"


def test_nobody_raises_an_alarm_about_their_own_report(ana, reports, browse):
    with pytest.raises(PermissionDenied):
        reports[0].flag(by=ana, reason="abuse")
    answer = browse(ana).post(f"{reports[0].get_absolute_url()}flag/", {"reason": "abuse"})
    assert answer.status_code == 403


def test_the_page_says_before_and_after_what_an_alarm_does(told, carol, reports, browse):
    hides, tells = "hidden at once, until a moderator", "stays shown until they have looked"
    for report, known in zip(reports, [True] * 3 + [False] * 2, strict=True):
        page = browse(told).get(report.get_absolute_url()).content.decode()
        assert (hides in page, tells in page) == (known, not known)
        sent = browse(told).post(f"{report.get_absolute_url()}flag/", {"reason": "abuse"}, follow=True)
        assert ("The report is hidden until" in sent.content.decode()) is known
        assert (tells in sent.content.decode()) is not known


def test_a_member_has_no_reason_that_is_the_site_s_own(told, reports):
    with pytest.raises(ValidationError):
        reports[0].flag(by=told, reason="unread")


def test_moderators_are_mailed_once_a_day_as_they_chose(told, mona, reports):
    quiet = make_person("quiet", "Moderators", notices="none")
    for report in reports:
        report.flag(by=told, reason="abuse")
    mails = OutgoingMail.objects.filter(subject="Something waits for a moderator")
    assert [mail.recipient for mail in mails] == [mona.email]
    assert not OutgoingMail.objects.filter(recipient=quiet.email).exists()
    assert reports[0].title not in mails[0].body


def test_the_alarms_of_one_member_beyond_three_are_known_as_many(told, reports):
    for report in reports:
        report.flag(by=told, reason="abuse")
    assert (
        list(Flag.objects.order_by("pk").values_list("is_one_of_many", flat=True)) == [False] * 3 + [True] * 2
    )


def test_the_words_withheld_in_a_report_are_withheld_in_the_alarms_about_it(told, mona, reports):
    reports[0].flag(by=told, reason="identifies", note="It names the list server.")
    reports[0].withhold_words(by=mona, words="list server", note="It names them.")
    assert reports[0].flags.get().note == "It names the [withheld]."


def test_alarms_go_with_the_report_they_are_about(told, ana, reports):
    reports[0].flag(by=told, reason="abuse")
    report = Experience.objects.get(pk=reports[0].pk)
    report.erase(by=ana)
    assert not Flag.objects.exists()
