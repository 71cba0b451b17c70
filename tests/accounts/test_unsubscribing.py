"""Notices can be stopped from the mail itself: with one click, without signing in, and taken back."""

import re

import pytest
from django.core import signing
from django.core.mail import EmailMessage
from django.test import Client

from accounts.models import OutgoingMail, User
from accounts.unsubscribing import member_of, token_of
from config import settings as as_configured
from tests.factories import make_draft, make_report
from tests.outbox import run_worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mails_as_in_production")]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def address(member):
    return f"/accounts/unsubscribe/{token_of(member)}/"


def choice(member):
    member.refresh_from_db()
    return member.notices


# --- The mail ----------------------------------------------------------------------------------------


def test_every_notice_says_where_one_click_stops_them(ana, carol, settings):
    settings.SITE_URL = "https://retex.example.org"
    make_draft(carol).submit(by=carol)
    ana.notices = "all"
    ana.save()
    make_draft(ana).submit(by=ana)
    messages = run_worker()
    assert {message.to[0] for message in messages} == {ana.email, carol.email}
    for message in messages:
        to = {ana.email: ana, carol.email: carol}[message.to[0]]
        headers = message.extra_headers
        assert headers["List-Unsubscribe"] == f"<https://retex.example.org{address(to)}>"
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert headers["List-Unsubscribe"] in message.message().as_string()  # on one line, as it is


def test_a_mail_about_the_account_itself_cannot_be_stopped(ana):
    EmailMessage("Your code", "123456", None, [ana.email]).send()
    (message,) = run_worker()
    assert not [name for name in message.extra_headers if name.startswith("List-")]


def test_a_notice_to_an_account_that_is_gone_says_nothing_of_it(ana):
    OutgoingMail.objects.create(
        key="a", recipient="gone@example.org", language="en", subject="Hello", body="Words", is_notice=True
    )
    (message,) = run_worker()
    assert not [name for name in message.extra_headers if name.startswith("List-")]


def test_a_notice_that_stops_apart_brings_its_own_address_and_forgets_it(ana, settings):
    settings.SITE_URL = "https://retex.example.org"
    said = {"language": "en", "subject": "Hello", "body": "Words", "is_notice": True}
    OutgoingMail.objects.create(key="a", recipient=ana.email, stop_path="/apart/token/", **said)
    (message,) = run_worker()
    assert message.extra_headers["List-Unsubscribe"] == "<https://retex.example.org/apart/token/>"
    assert OutgoingMail.objects.get().stop_path == ""


# --- The address -------------------------------------------------------------------------------------


def test_opening_the_address_says_what_will_stop_and_stops_nothing(browse, ana):
    answer = browse().get(address(ana))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Stop these e-mails" in page
    assert ana.email not in page
    assert ana.display_name not in page
    assert "noindex" in page or "noindex" in answer.headers.get("X-Robots-Tag", "")
    assert choice(ana) == "waiting"
    assert browse().head(address(ana)).status_code == 200
    assert choice(ana) == "waiting"


def test_one_click_of_a_mail_program_stops_them(ana):
    program = Client(enforce_csrf_checks=True)
    answer = program.post(address(ana), ONE_CLICK)
    assert answer.status_code == 200
    assert choice(ana) == "none"
    assert program.post(address(ana), ONE_CLICK).status_code == 200
    assert choice(ana) == "none"


@pytest.mark.parametrize("before", ["all", "waiting"])
def test_it_is_taken_back_as_it_was(browse, ana, before):
    ana.notices = before
    ana.save()
    page = browse().post(address(ana)).content.decode()
    assert "you receive no more" in page
    assert choice(ana) == "none"
    (kept,) = re.findall(r'name="back_to" value="(\w+)"', page)
    page = browse().post(address(ana), {"back_to": kept}).content.decode()
    assert choice(ana) == before
    assert "again" in page


@pytest.mark.parametrize(
    ("back_to", "status", "chosen"),
    [("", 400, "all"), ("everything", 400, "all"), ("\x00", 400, "all"), ("none", 200, "none")],
)
def test_nothing_but_a_choice_there_is_can_be_taken_back(browse, ana, back_to, status, chosen):
    ana.notices = "all"
    ana.save()
    assert browse().post(address(ana), {"back_to": back_to}).status_code == status
    assert choice(ana) == chosen


def test_who_receives_none_already_may_begin_again(browse, ana):
    ana.notices = "none"
    ana.save()
    page = browse().get(address(ana)).content.decode()
    assert "You receive none" in page
    (kept,) = re.findall(r'name="back_to" value="(\w+)"', page)
    browse().post(address(ana), {"back_to": kept})
    assert choice(ana) == "waiting"


def test_one_click_is_never_one_too_many(browse, ana, settings):
    settings.CACHES = as_configured.CACHES
    settings.LIMITS = settings.LIMITS | {"posts": {"visitor": "1/min", "member": "1/min"}}
    assert [browse().post(address(ana), ONE_CLICK).status_code for _time in range(3)] == [200] * 3


def test_it_stops_those_of_its_account_whoever_is_signed_in(browse, ana, ben):
    browse(ben).post(address(ana))
    assert (choice(ana), choice(ben)) == ("none", "waiting")


# --- The token ---------------------------------------------------------------------------------------


def test_another_token_stops_nothing(browse, ana, ben):
    token = token_of(ana)
    mine, signature = token.split(":")
    others = [
        token[:-1], token + "a", f"{ben.pk}:{signature}", f"{mine}:", signing.Signer().sign(str(ana.pk)),
        signing.Signer(salt="another purpose").sign(str(ana.pk)), "9" * 400,
    ]  # fmt: skip
    for other in others:
        assert browse().post(f"/accounts/unsubscribe/{other}/").status_code == 404
        assert browse().get(f"/accounts/unsubscribe/{other}/").status_code == 404
    assert (choice(ana), choice(ben)) == ("waiting", "waiting")


def test_the_token_tells_no_more_than_the_account_and_outlives_a_change_of_secret(ana, settings):
    token = token_of(ana)
    assert ana.email not in token
    assert "Ana" not in token
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-the-same-site-after-some-years"
    assert member_of(token) == ana
    settings.SECRET_KEY_FALLBACKS = []
    assert member_of(token) is None


def test_what_was_stopped_is_not_sent(ana, carol, browse):
    ana.notices = "all"
    ana.save()
    browse().post(address(carol))
    make_draft(ana).submit(by=ana)
    assert [message.to for message in run_worker()] == [[ana.email]]


# --- What comes whatever one chose -------------------------------------------------------------------


@pytest.mark.parametrize("notices", ["none", "waiting", "all"])
@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_an_author_is_told_that_their_first_report_is_published(ana, carol, notices, identity):
    ana.notices = notices
    ana.save()
    report = make_draft(ana, identity=identity).submit(by=ana)
    run_worker()
    report.publish(by=carol)
    (message,) = run_worker()
    assert message.to == [ana.email]
    assert "is published" in message.subject
    assert "whatever you chose" in message.body
    assert (report.title in message.subject + message.body) == (identity == "named")
    assert not [name for name in message.extra_headers if name.startswith("List-")]


def test_of_further_reports_they_are_told_as_they_chose(ana, carol, mona):
    make_report(ana, carol).withdraw_trust(by=mona, note="Promotes a product.")
    User.objects.filter(pk=ana.pk).update(notices="none")
    ana.refresh_from_db()
    make_draft(ana, title="Another").submit(by=ana).publish(by=carol)
    assert [message.subject for message in run_worker() if "Another" in message.subject] == []


def test_an_account_that_is_closed_to_its_member_is_told_nothing(ana, carol):
    report = make_draft(ana).submit(by=ana)
    ana.is_active = False
    ana.save()
    run_worker()
    report.author = ana
    report.publish(by=carol)
    assert run_worker() == []
