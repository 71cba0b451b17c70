"""What members are told by e-mail of reports, questions and what waits: in their language, as they chose."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import OutgoingMail
from experiences.models import Experience
from experiences.tasks import follow_up_reminders, review_reminders
from tests.conftest import make_person
from tests.factories import TOLD, make_draft, make_report
from tests.outbox import run_worker

pytestmark = pytest.mark.usefixtures("mails_as_in_production")


NOTE = "Dites quand cela s’est passé."


@pytest.fixture
def anne(db):
    """A French member who wants to hear of everything."""
    return make_person("anne", language="fr", notices="all")


def address(report, verb):
    return f"{report.get_absolute_url()}{verb}/"


def send_back(browse, curator, report):
    words = {"reason": "unclear", "note": NOTE, "version": report.version}
    return browse(curator).post(address(report, "return"), words)


def plain(text):
    """Return `text` with its French unbreakable spaces made plain."""
    return " ".join(text.split())


def to(person, messages):
    return [message for message in messages if message.to == [person.email]]


def test_a_report_sent_tells_its_author_and_the_curators(browse, anne, ben, carol, chris):
    make_draft(ben).submit(by=ben)
    run_worker()
    report = make_draft(anne)
    browse(anne).post(address(report, "submit"))

    messages = run_worker()
    assert sorted(message.to[0] for message in messages) == [anne.email, carol.email, chris.email]
    (told,) = to(anne, messages)
    assert plain(told.subject) == f"« {TOLD['title']} » est bien arrivé"
    assert "1 autre récit attend" in told.body
    (asked,) = to(carol, messages)
    assert asked.subject == "A report waits for a curator"
    assert "2 reports now wait" in asked.body
    assert f"http://localhost:8000{report.get_absolute_url()}" in asked.body


def test_a_returned_report_sends_one_mail_in_the_author_s_language(browse, anne, carol):
    report = make_draft(anne).submit(by=anne)
    run_worker()
    assert send_back(browse, carol, report).status_code == 302
    assert send_back(browse, carol, report).status_code == 422  # twice

    (message,) = run_worker()
    assert message.to == [anne.email]
    assert plain(message.subject) == f"« {TOLD['title']} » vous revient"
    assert message.extra_headers["Content-Language"] == "fr"
    for said in ("Bonjour,", "Difficile à suivre", NOTE, f"{report.get_absolute_url()}edit/"):
        assert said in message.body
    assert "/accounts/me/" in message.body


def test_each_return_of_one_report_is_told(browse, anne, carol):
    report = make_draft(anne).submit(by=anne)
    for _time in range(2):
        run_worker()
        send_back(browse, carol, report)
        assert len(run_worker()) == 1
        report.refresh_from_db()
        report.submit(by=anne)


def test_a_published_report_is_told_to_its_author(browse, anne, carol):
    report = make_draft(anne).submit(by=anne)
    run_worker()
    browse(carol).post(address(report, "publish"))
    (message,) = run_worker()
    assert (message.to, plain(message.subject)) == ([anne.email], f"« {TOLD['title']} » est publié")


def test_a_refused_verb_writes_no_mail(browse, anne, ben, carol):
    report = make_draft(anne).submit(by=anne)
    run_worker()
    browse(ben).post(address(report, "publish"))
    browse(carol).post(address(report, "return"), {"reason": "unclear", "note": ""})
    assert run_worker() == []


def test_a_mail_about_a_withheld_report_says_nothing_of_it(browse, anne, carol, settings):
    settings.SITE_URL = "https://retex.example.org"
    marker = "Quillfeather"
    report = make_draft(
        anne, identity="withheld", title=f"Titre {marker}", situation=f"Faits {marker}", organisation=marker
    )
    report.submit(by=anne)
    report.return_to_author(by=carol, reason="identifies", note=f"Enlevez {marker}.")
    report.submit(by=anne)
    report.publish(by=carol)
    Experience.objects.filter(pk=report.pk).update(follow_up_on="2020-01-01")

    messages = run_worker()
    assert len(to(anne, messages)) == 5
    assert len(to(carol, messages)) == 2
    for message in messages:
        said = f"{message.subject}\n{message.body}\n{message.extra_headers}"
        assert marker not in said
        assert "identifier" not in said  # the reason, in French
    for message in to(anne, messages):
        assert report.public_id not in message.body
        assert "https://retex.example.org/experiences/mine/" in message.body
    for message in to(carol, messages):
        assert "anne" not in message.body.lower()


def test_what_is_queued_does_not_say_which_report_it_is_about(anne):
    report = make_draft(anne, identity="withheld").submit(by=anne)
    for row in OutgoingMail.objects.filter(recipient=anne.email).values():
        assert report.public_id not in str(row)


@pytest.mark.parametrize(
    ("notices", "told"), [("none", 1), ("waiting", 2), ("all", 3)], ids=["none", "waiting", "all"]
)
def test_a_member_hears_what_they_chose_to_hear(notices, told, carol):
    """And, whatever they chose, that their first report is published."""
    author = make_person("author", notices=notices)
    report = make_draft(author).submit(by=author)
    report.return_to_author(by=carol, reason="unclear", note=NOTE)
    report.submit(by=author)
    report.publish(by=carol)
    subjects = {message.subject for message in to(author, run_worker())}
    assert len(subjects) == told


def test_a_curator_who_wants_no_mail_is_not_told_what_waits(anne, carol, chris):
    type(chris).objects.filter(pk=chris.pk).update(notices="none")
    make_draft(anne).submit(by=anne)
    assert not to(chris, run_worker())


def test_nobody_curates_their_own_report(carol, chris):
    make_draft(carol).submit(by=carol)
    assert [message.to for message in run_worker()] == [[chris.email]]


def test_curators_are_not_told_of_each_report_in_a_long_queue(ben, carol):
    for _each in range(23):
        make_draft(ben).submit(by=ben)
    assert len(to(carol, run_worker())) == 20


def test_a_trusted_author_who_publishes_at_once_needs_no_mail(anne, carol):
    make_report(anne, carol)
    run_worker()
    make_draft(anne).submit(by=anne)
    assert run_worker() == []


# --- Asked later ---------------------------------------------------------------------------------


def months_ago(number):
    return timezone.now() - timedelta(days=30.5 * number)


def publish_before(author, curator, *, months, **overrides):
    report = make_report(author, curator, **overrides)
    run_worker()
    Experience.objects.filter(pk=report.pk).update(published_at=months_ago(months))
    return report


def test_an_author_is_asked_once_when_the_month_has_come(anne, carol):
    report = publish_before(anne, carol, months=0, verdict="too-early")
    assert run_worker() == []
    Experience.objects.filter(pk=report.pk).update(follow_up_on=timezone.localdate().replace(day=1))

    (message,) = run_worker()
    assert message.to == [anne.email]
    assert plain(message.subject) == f"« {TOLD['title']} » : cela tient-il toujours ?"
    assert f"{report.get_absolute_url()}#follow-up" in message.body
    assert run_worker() == []
    assert report.log.last().verb == "asked"


def test_an_author_is_asked_half_a_year_after_publication(anne, carol):
    _young, _old = (publish_before(anne, carol, months=months) for months in (5, 12))
    due = publish_before(anne, carol, months=6.5)
    (message,) = run_worker()
    assert due.public_id in message.body
    assert run_worker() == []


def test_who_has_told_already_is_not_asked(anne, carol):
    report = publish_before(anne, carol, months=6.5)
    report.refresh_from_db()
    report.follow_up(by=anne, verdict="worked", text="Toujours.")
    assert run_worker() == []


def test_the_page_says_which_withheld_report_the_mail_is_about(browse, anne, carol):
    publish_before(anne, carol, months=0)
    report = publish_before(anne, carol, months=6.5, identity="withheld")
    question, browser = "Votre récit tient-il toujours ?", browse(anne)
    assert question not in plain(browser.get("/experiences/mine/").content.decode())
    (message,) = run_worker()
    assert plain(message.subject) == question
    assert plain(browser.get("/experiences/mine/").content.decode()).count(question) == 1
    words = {"verdict": "worked", "text": "Toujours.", "told_on": timezone.localdate()}
    browser.post(address(report, "follow-up"), words)
    assert question not in plain(browser.get("/experiences/mine/").content.decode())


@pytest.mark.parametrize("change", [{"status": "withdrawn"}, {"status": "hidden"}, {"author": None}])
def test_only_authors_of_published_reports_are_asked(anne, carol, change):
    report = publish_before(anne, carol, months=6.5)
    Experience.objects.filter(pk=report.pk).update(**change)
    assert run_worker() == []


def test_who_wants_no_mail_is_asked_on_the_site_alone(anne, carol):
    report = publish_before(anne, carol, months=6.5)
    type(anne).objects.update(notices="none")
    assert run_worker() == []
    assert anne.notifications.filter(name="still_holds").count() == 1
    assert report.log.filter(verb="asked").count() == 1


def test_who_wants_neither_is_not_asked_and_asked_once_they_do(anne, carol):
    publish_before(anne, carol, months=6.5)
    type(anne).objects.update(notices="none", notification_choices={"site:follow-up": False})
    assert run_worker() == []
    assert not anne.notifications.filter(name="still_holds").exists()
    type(anne).objects.update(notices="waiting")
    assert len(run_worker()) == 1


def test_two_workers_ask_once(anne, carol, monkeypatch):
    report = publish_before(anne, carol, months=6.5)
    both_saw = follow_up_reminders.reports_to_ask_about()
    assert list(both_saw) == [report]
    follow_up_reminders.send_follow_up_reminders()
    monkeypatch.setattr(
        follow_up_reminders, "reports_to_ask_about", lambda: Experience.objects.filter(pk=report.pk)
    )
    follow_up_reminders.send_follow_up_reminders()
    assert len(run_worker()) == 1
    assert report.log.filter(verb="asked").count() == 1


@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_a_question_is_told_to_the_author_and_its_answer_to_who_asked(anne, ben, carol, identity):
    report = make_report(anne, carol, identity=identity, title="Quillfeather")
    run_worker()
    question = report.ask(by=ben, text="Who ran both?", part="action", identity="named")
    (message,) = run_worker()
    assert message.to == [anne.email]
    assert message.extra_headers["Content-Language"] == "fr"
    assert "Ben" not in message.body
    for private in ("Quillfeather", "Who ran both?", f"{report.public_id}/#question-{question.public_id}"):
        assert (private in message.subject + message.body) == (identity == "named")

    question.answer(by=anne, text="Deux bénévoles.")
    question.answer(by=anne, text="Deux bénévoles, puis trois.")
    (message,) = run_worker()
    assert message.to == [ben.email]
    for private in ("Quillfeather", "Deux bénévoles.", report.public_id):
        assert (private in message.subject + message.body) == (identity == "named")


def test_a_mail_to_who_asked_without_their_name_says_nothing_of_the_report(anne, ben, carol):
    report = make_report(anne, carol, title="Quillfeather")
    run_worker()
    report.ask(by=ben, text="Who ran both?").answer(by=anne, text="Deux bénévoles.")
    (message,) = to(ben, run_worker())
    for private in ("Quillfeather", "bénévoles", report.public_id):
        assert private not in message.subject + message.body
    assert "http://localhost:8000/experiences/mine/" in message.body


@pytest.mark.parametrize(("notices", "told"), [("none", 0), ("waiting", 1), ("all", 1)])
def test_who_wants_no_mail_is_told_neither_of_questions_nor_of_answers(ana, ben, carol, notices, told):
    report = make_report(ana, carol)
    run_worker()
    type(ana).objects.update(notices=notices)
    question = Experience.objects.get().ask(by=type(ben).objects.get(pk=ben.pk), text="Who ran both?")
    assert len(run_worker()) == told
    question.answer(by=report.author, text="Two of us.")
    assert len(run_worker()) == told


@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_an_author_is_told_that_their_reports_are_read_first_and_no_longer(anne, carol, mona, identity):
    report = make_report(anne, carol, identity=identity, title="Quillfeather")
    run_worker()
    for _time in range(2):  # each decision has its mail
        report.withdraw_trust(by=mona, note=NOTE)
        (message,) = run_worker()
        assert message.extra_headers["Content-Language"] == "fr"
        for private in ("Quillfeather", NOTE, report.public_id):
            assert (private in message.body) == (identity == "named")
        assert "Mona" not in message.body
        report.give_trust_back(by=mona)
        assert len(run_worker()) == 1


# --- Waiting too long ----------------------------------------------------------------------------


def send_before(author, *, days, **overrides):
    report = make_draft(author, **overrides).submit(by=author)
    run_worker()
    return wait(report, days)


def wait(report, days):
    then = timezone.now() - timedelta(days=days)
    Experience.objects.filter(pk=report.pk).update(submitted_at=then)
    report.log.filter(verb="reminded").update(at=F("at") - timedelta(days=days))
    return report


def test_curators_are_reminded_once_of_all_that_is_late(ana, ben, carol, chris):
    sent = [make_draft(author).submit(by=author) for author in (ana, ben, ben)]
    run_worker()
    for report, days in zip(sent, (20, 14, 13), strict=True):
        wait(report, days)
    messages = run_worker()
    assert sorted(message.to[0] for message in messages) == [carol.email, chris.email]
    assert messages[0].subject == "Reports wait for a curator"
    assert "2 reports have waited long" in messages[0].body
    assert "The longest wait is 20 days." in messages[0].body
    assert "http://localhost:8000/practices/desk/" in messages[0].body
    assert run_worker() == []
    assert [report.log.filter(verb="reminded").count() for report in sent] == [1, 1, 0]


def test_they_are_reminded_again_after_as_long_and_of_what_has_become_late(ana, ben, carol):
    report = send_before(ana, days=14)
    assert len(run_worker()) == 1
    Experience.objects.filter(pk=report.pk).update(submitted_at=timezone.now() - timedelta(days=27))
    assert run_worker() == []
    Experience.objects.filter(pk=report.pk).update(submitted_at=timezone.now() - timedelta(days=28))
    assert len(run_worker()) == 1
    send_before(ben, days=15)
    (message,) = run_worker()
    assert "2 reports have waited long" in message.body


def test_what_was_sent_again_begins_to_wait_again(ana, carol):
    report = send_before(ana, days=14)
    assert len(run_worker()) == 1
    report.refresh_from_db()
    report.return_to_author(by=carol, reason="unclear", note=NOTE)
    report.submit(by=ana)
    run_worker()
    assert run_worker() == []
    wait(report, 15)
    assert len(run_worker()) == 1


def test_nobody_is_reminded_of_their_own_report_nor_without_wanting_mails(carol, chris):
    send_before(carol, days=14)
    type(chris).objects.filter(pk=chris.pk).update(notices="none")
    assert run_worker() == []
    type(chris).objects.filter(pk=chris.pk).update(notices="waiting")
    assert [message.to for message in run_worker()] == [[chris.email]]


def test_a_reminder_says_nothing_of_a_withheld_report(ana, carol):
    report = send_before(ana, days=14, identity="withheld", title="Quillfeather")
    (message,) = run_worker()
    for private in ("Quillfeather", report.public_id, "Ana"):
        assert private not in f"{message.subject}\n{message.body}"


def test_two_workers_remind_once(ana, carol, monkeypatch):
    report = send_before(ana, days=14)
    both_saw = list(review_reminders.late_reports())
    review_reminders.send_review_reminders()
    monkeypatch.setattr(review_reminders, "late_reports", lambda: both_saw)
    review_reminders.send_review_reminders()
    assert len(run_worker()) == 1
    assert report.log.filter(verb="reminded").count() == 1
