"""E-mail: written with what it tells of, sent once by the worker, in the member's language."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from accounts.models import OutgoingMail
from practices.management.commands import work
from tests.conftest import TERMS
from tests.outbox import run_worker

TYPED = {"email": "nouvelle@example.org", "password1": "une-phrase-assez-longue-9", **TERMS}


pytestmark = pytest.mark.usefixtures("mails_as_in_production")


class Refusing(BaseEmailBackend):
    """A mail server that refuses everything, and says to whom."""

    def send_messages(self, email_messages):
        raise ConnectionRefusedError(f"no mail for {email_messages[0].to}")


def queue_one(**columns):
    return OutgoingMail.objects.create(
        key="a", recipient="ana@example.org", language="en", subject="Hello", body="Words", **columns
    )


# --- Inside a request ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_signing_up_sends_nothing_itself_and_the_worker_sends_the_code(browse):
    browser = browse()
    browser.post("/accounts/signup/", TYPED, headers={"accept-language": "fr"})
    assert mail.outbox == []

    (message,) = run_worker()
    assert (message.to, message.subject) == ([TYPED["email"]], "Confirmez votre adresse e-mail")
    code = re.search(r"^[A-Z0-9-]{6,9}$", message.body, re.MULTILINE)[0]
    answer = browser.post("/accounts/confirm-email/", {"code": code})
    assert answer.status_code == 302
    assert run_worker() == []


@pytest.mark.django_db
def test_a_mail_is_kept_only_if_what_it_tells_of_is():
    with transaction.atomic():
        EmailMessage("Hello", "Words", None, ["ana@example.org"]).send()
        transaction.set_rollback(True)
    assert run_worker() == []


@pytest.mark.django_db
def test_each_recipient_gets_a_mail_of_their_own():
    EmailMessage("Hello", "Words", None, ["Ana <ana@example.org>"], bcc=["ben@example.org"]).send()
    assert sorted(message.to for message in run_worker()) == [["ana@example.org"], ["ben@example.org"]]


@pytest.mark.django_db
def test_an_attachment_is_refused_rather_than_lost():
    message = EmailMessage("Hello", "Words", None, ["ana@example.org"])
    message.attach("report.txt", "…")
    with pytest.raises(ValueError, match="plain text"):
        message.send()


# --- The worker ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_mail_is_sent_once_and_then_forgotten():
    queue_one()
    assert [message.body for message in run_worker()] == ["Words"]
    sent = OutgoingMail.objects.get()
    assert (sent.recipient, sent.subject, sent.body, sent.next_try_at) == ("", "", "", None)
    assert sent.sent_at
    assert run_worker() == []


@pytest.mark.django_db
def test_a_mail_says_that_a_program_wrote_it_and_keeps_its_name():
    queue_one()
    (message,) = run_worker()
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.extra_headers["Message-ID"] == "<a@localhost>"


@pytest.mark.django_db
def test_a_subject_is_one_line():
    EmailMessage("Hello\nBcc: ben@example.org", "Words", None, ["ana@example.org"]).send()
    (message,) = run_worker()
    assert message.subject == "Hello Bcc: ben@example.org"


@pytest.mark.django_db
def test_two_workers_do_not_take_one_mail():
    queue_one()
    mine, theirs = OutgoingMail.objects.get(), OutgoingMail.objects.get()
    assert mine.lease()
    assert not theirs.lease()
    assert run_worker() == []


@pytest.mark.django_db
def test_a_mail_whose_worker_died_is_taken_up_again():
    mail_ = queue_one()
    mail_.lease()
    OutgoingMail.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
    assert len(run_worker()) == 1


@pytest.mark.django_db
def test_a_worker_that_comes_too_late_changes_nothing():
    late = queue_one()
    late.lease()
    OutgoingMail.objects.update(next_try_at=timezone.now())
    assert len(run_worker()) == 1
    late.mark_failed()
    assert OutgoingMail.objects.get().sent_at


@pytest.mark.django_db
def test_what_could_not_be_sent_is_tried_again_ever_later_and_given_up_in_the_end(settings, caplog):
    settings.EMAIL_TRANSPORT = f"{__name__}.Refusing"
    row = queue_one()
    pauses = []
    for _attempt in range(OutgoingMail.MOST_ATTEMPTS):
        started = timezone.now()
        assert run_worker() == []
        row.refresh_from_db()
        pauses.append(row.next_try_at and round((row.next_try_at - started).total_seconds() / 60))
        OutgoingMail.objects.exclude(next_try_at=None).update(next_try_at=started)
    assert pauses[:6] == [1, 4, 16, 64, 256, 360]
    assert pauses[-1] is None
    assert (row.sent_at, row.body) == (None, "")
    assert caplog.records[-1].levelname == "ERROR"
    assert "ana@example.org" not in caplog.text


@pytest.mark.django_db
def test_a_refused_mail_does_not_hold_up_the_next(settings):
    settings.EMAIL_TRANSPORT = f"{__name__}.Refusing"
    queue_one()
    run_worker()
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    OutgoingMail.objects.create(key="b", recipient="ben@example.org", language="en", subject="", body="")
    assert [message.to for message in run_worker()] == [["ben@example.org"]]


@pytest.mark.django_db
def test_more_than_one_batch_is_sent_in_one_go():
    OutgoingMail.objects.bulk_create(
        OutgoingMail(key=str(n), recipient=f"m{n}@example.org", language="en") for n in range(45)
    )
    assert len({message.to[0] for message in run_worker()}) == 45


@pytest.mark.django_db
def test_what_was_sent_long_ago_is_deleted():
    queue_one(created_at=timezone.now() - timedelta(days=61))
    run_worker()
    OutgoingMail.objects.forget_old()
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
def test_the_worker_waits_longer_and_longer_while_the_database_is_away(monkeypatch, caplog):
    def gone():
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(work.mail, "send_due", gone)
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(work.subprocess, "Popen", lambda *arguments, **settings: None)
    command, rests = work.Command(), [0]
    for _turn in range(7):
        rests.append(command.turn(rests[-1]))
    assert rests[1:] == [1, 2, 4, 8, 16, 30, 30]
    monkeypatch.setattr(work.mail, "send_due", lambda: 0)
    assert command.turn(30) == 1
    assert "out of reach" in caplog.text


# --- Choosing ------------------------------------------------------------------------------------


def test_a_member_chooses_on_their_page(browse, ana):
    browser = browse(ana)
    assert browser.get("/accounts/me/").context["form"]["notices"].value() == "waiting"
    browser.post("/accounts/me/", {"display_name": "Ana", "language": "en", "notices": "all"})
    browser.post("/accounts/me/", {"display_name": "Ana", "language": "en"})
    ana.refresh_from_db()
    assert ana.notices == "all"
    assert browser.post("/accounts/me/", {"language": "en", "notices": "weekly"}).status_code == 422


def test_a_member_chooses_through_the_api(api, ana):
    program = api(ana)
    assert program.get("/api/v1/me/").json()["notices"] == "waiting"
    assert program.put("/api/v1/me/notices/", {"notices": "none"}).json()["notices"] == "none"
    for body in ({"notices": "weekly"}, {}, {"notices": None}, {"notices": ["all"]}, [], {"other": 1}):
        assert program.put("/api/v1/me/notices/", body).status_code == 400, body
    assert api(ana, scope="read").put("/api/v1/me/notices/", {"notices": "all"}).status_code == 403
    assert api().put("/api/v1/me/notices/", {"notices": "all"}).status_code == 401
    ana.refresh_from_db()
    assert ana.notices == "none"
