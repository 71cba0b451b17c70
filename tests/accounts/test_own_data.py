"""My data: everything the site knows about me, given to me alone; and closing my account, after which it
is gone.
"""

import json
import logging

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail, Receipt, Token, User
from experiences.models import Experience, Situation, Stake
from practices.models import Dismissal, Evidence
from tests.conftest import PASSWORD, make_person
from tests.factories import (
    TOLD,
    WHERE,
    contexts,
    make_draft,
    make_practice,
    make_published_practice,
    make_report,
)

pytestmark = pytest.mark.django_db

PAGE, FILE, CLOSE, API = "/accounts/data/", "/accounts/data/file/", "/accounts/close/", "/api/v1/me/data/"


@pytest.fixture
def told(ana, ben, carol, chris, mona):
    """A site in which ana did everything a member can do, with a marker in every place only she may read."""
    EmailAddress.objects.create(user=ana, email=ana.email, verified=True, primary=True)
    Situation.state(contexts(audience=["external"]), by=ana)
    Token.issue(by=ana, name="marker-token", scope="read")
    cited = make_report(ana, carol, measured=True, organisation="Marker organisation", identity="withheld")
    cited.sources.create(url="https://intranet.example/marker-source", visibility="curators")
    cited.follow_up(by=ana, verdict="worked", text="marker-follow-up")
    practice = make_published_practice(carol, chris, reports=[cited, make_report(ben, carol)])
    make_draft(ana, title="marker-draft")
    withdrawn = make_report(ana, carol, title="marker-withdrawn")
    withdrawn.withdraw(by=ana, note="marker-withdrawal")
    hidden = make_report(ana, carol, title="marker-hidden")
    hidden.flag(by=ben, reason="abuse", note="ben's private words")
    other = make_report(ben, carol, title="A report of ben")
    other.flag(by=ana, reason="off-topic", note="marker-flag")
    make_report(carol, chris, title="A report of carol").ask(by=ana, text="marker-question")
    OutgoingMail.objects.create(
        key="m", recipient=ana.email, subject="marker-mail", body="Hello", language="en"
    )
    return practice


MARKERS = (
    "ana@example.org", "marker-token", "Marker organisation", "marker-source", "marker-follow-up",
    "marker-draft", "marker-withdrawn", "marker-withdrawal", "marker-hidden", "marker-flag", "marker-mail",
    "marker-trial", "marker-question",
)  # fmt: skip


def reauthenticated(browser):
    """Sign in again, as closing an account asks."""
    assert "/reauthenticate/" in browser.get(CLOSE)["Location"]
    answer = browser.post(f"/accounts/reauthenticate/?next={CLOSE}", {"password": PASSWORD})
    assert answer["Location"] == CLOSE
    return browser


def choices_of(member, choice="leave", **others):
    """Return what the form sends: `choice` for all, but for the reports whose id is in `others`."""
    S = Experience.Status
    reports = member.experiences.filter(status__in=[S.PUBLISHED, S.HIDDEN, S.WITHDRAWN])
    sent = {f"report-{one.public_id}": others.get(one.public_id, choice) for one in reports}
    return sent | {f"trial-{one.pk}": choice for one in member.trials.all()}


def close(browser, member, **chosen):
    sent = choices_of(member, **chosen)
    return reauthenticated(browser).post(CLOSE, sent | {"confirmed": "yes"})


# --- Reading -----------------------------------------------------------------------------------------


def test_a_member_reads_everything_about_themselves(browse, api, ana, told):
    told.try_out(by=ana, verdict="worked", line="marker-trial")
    for answer in (browse(ana).get(PAGE), browse(ana).get(FILE), api(ana, "read").get(API)):
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-store"
        text = answer.content.decode()
        assert [marker for marker in MARKERS if marker not in text] == []


def test_the_file_is_json_to_keep(browse, ana, told):
    answer = browse(ana).get(FILE)
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="retex-my-data.json"'
    data = json.loads(answer.content)
    assert data["profile"]["email"] == ana.email
    assert {report["status"] for report in data["reports"]} == {"published", "draft", "withdrawn", "hidden"}
    cited = next(report for report in data["reports"] if report["organisation"] == "Marker organisation")
    assert cited["sources"][0]["visibility"] == "curators"
    assert [line["by"] for line in cited["history"]] == ["me", "curator", "me"]
    assert [row["kind"] for row in cited["revisions"]] == ["sent", "published"]
    assert cited["revisions"][0]["lessons"] == cited["lessons"]
    assert data["situation"]["contexts"] == {"audience": ["external"]}


def test_what_was_answered_to_a_program_is_read_at_each_door(browse, api, ana):
    sent = TOLD | {"title": "Told by a program", "stakes": ["first-steps"], "contexts": WHERE}
    answer = api(ana).post("/api/v1/experiences/", sent, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 201
    Experience.objects.all().delete()  # What is left of it is the answer that was kept.
    for door in (browse(ana).get(PAGE), browse(ana).get(FILE), api(ana, "read").get(API)):
        assert door.status_code == 200
        assert "Told by a program" in door.content.decode()


def test_nothing_is_said_of_other_people(browse, api, ana, ben, told):
    told.try_out(by=ben, verdict="worked", line="ben's trial", identity="named")
    for person, mine, others in ((ana, "Ana", ("Ben", "Carol", "Chris")), (ben, "Ben", ("Ana", "Carol"))):
        for answer in (browse(person).get(PAGE), browse(person).get(FILE), api(person).get(API)):
            text = answer.content.decode()
            assert mine in text
            assert [name for name in others if name in text] == []
    assert "ben's private words" not in browse(ana).get(FILE).content.decode()
    assert "marker" not in browse(ben).get(FILE).content.decode()


def test_visitors_are_asked_to_sign_in_and_members_are_not(browse, api, ana):
    for address in (PAGE, FILE, CLOSE):
        assert "/accounts/login/" in browse().get(address)["Location"]
    assert api().get(API).status_code == 401
    assert browse(ana).get(PAGE).status_code == 200


def test_a_curator_reads_what_they_did(browse, carol, told):
    data = json.loads(browse(carol).get(FILE).content)
    assert {act["verb"] for act in data["acts"]} >= {"published"}
    [practice] = data["practices"]
    assert practice["practice"] == told.slug
    assert [act["verb"] for act in practice["acts"]] == ["created", "submitted"]


def test_a_curator_reads_and_parts_with_the_comments_they_wrote(browse, carol, chris, told):
    told.reopen(by=carol)
    told.comment(by=carol, text=f"Ask {carol.email} about it.", claim=told.claims()[0])
    told.comment(by=chris, text="Words of chris")
    [practice] = json.loads(browse(carol).get(FILE).content)["practices"]
    [comment] = practice["comments"]
    assert (comment["text"], comment["about"]) == (f"Ask {carol.email} about it.", told.claims()[0].text)
    assert "Words of chris" not in browse(carol).get(PAGE).content.decode()
    assert f"Ask {carol.email}" in browse(carol).get(PAGE).content.decode()
    close(browse(carol), carol)
    assert told.comments.get(by=None).text == "Ask [withheld] about it."


def test_a_curator_reads_what_they_gathered_and_set_aside(browse, ana, ben, carol):
    gathered, aside = make_report(ana, carol), make_report(ben, carol, title="A report set aside")
    draft = make_practice(carol, title="A draft with material").gather([gathered], by=carol)
    Dismissal.objects.make([aside], Stake.objects.get(slug="moving-platform"), by=carol)
    known = json.loads(browse(carol).get(FILE).content)
    assert [(row["practice"], row["gathered"]) for row in known["practices"]] == [(draft.slug, 1)]
    assert [(row["report"], row["stake"]) for row in known["dismissals"]] == [
        (aside.public_id, "moving-platform")
    ]
    assert "A report set aside" in browse(carol).get(PAGE).content.decode()
    aside.erase(by=ben)
    assert json.loads(browse(carol).get(FILE).content)["dismissals"] == []


def test_every_column_of_a_report_is_told(browse, ana, told):
    from experiences.own_data import TECHNICAL

    columns = {field.name for field in Experience._meta.concrete_fields} - set(TECHNICAL)
    [report, *_rest] = json.loads(browse(ana).get(FILE).content)["reports"]
    assert columns - set(report) == set()


def test_more_reports_take_no_more_queries(browse, ana, carol):
    browser = browse(ana)
    counts = []
    for _time in range(2):
        for _number in range(3):
            make_report(ana, carol, measured=True).follow_up(by=ana, verdict="worked", text="It holds.")
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Where a member is pointed at, and why that is no secret kept from them: a new one must be told, too.
POINTED_FROM = {
    "practices.SameOrganisation.by",
    "practices.SameOrganisation.undone_by",
    "accounts.Invitation.invited_by", "accounts.Invitation.accepted_by", "socialaccount.SocialAccount.user",
    "accounts.Notification.member",
    "accounts.TermsAcceptance.member", "accounts.SiteChange.by",
    "accounts.SiteText.published_by",  # told by the line “published” of the changes of the site
    "accounts.Token.user", "accounts.Receipt.member", "account.EmailAddress.user", "mfa.Authenticator.user",
    "admin.LogEntry.user", "accounts.User_groups.user", "accounts.User_user_permissions.user",
    "experiences.Experience.author", "experiences.Flag.by", "experiences.LogLine.by",
    "experiences.Question.by",
    "experiences.ShownName.member", "experiences.ShownName.decided_by",
    "experiences.Situation.member",
    "experiences.Redaction.by",  # told by the line “withheld” of the report's log
    "practices.PracticeRedaction.by",  # told by the line “withheld” of the practice's log
    "practices.Comment.by",
    "practices.Comment.settled_by",  # told by the line “settled” of the practice's log
    "experiences.Event.linked_by",  # told by the line “linked” of the report's log
    "practices.Evidence.cited_by", "practices.LogLine.by", "practices.Practice.created_by",
    "practices.Practice_editors.user", "practices.PracticeVersion.published_by", "practices.Trial.by",
    "practices.Material.added_by", "practices.Dismissal.by", "experiences.VocabularyChange.by",
    "experiences.DismissedKeyword.by",
    "practices.KeptSearch.owner",
}  # fmt: skip


def test_no_row_about_a_member_is_forgotten():
    pointing = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is User
    }
    assert pointing == POINTED_FROM, (
        "Tell it in own_data.py, see what closing an account does, and list it here."
    )


# --- Closing -----------------------------------------------------------------------------------------


def everything_stored():
    """Return every value of every table as one text, and that of every session, read."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [repr(row) for row in cursor.fetchall()]
    return "\n".join([*found, *(str(session.get_decoded()) for session in Session.objects.all())]).lower()


def test_closing_asks_for_the_password_each_report_and_once_more(browse, ana, told):
    browser = browse(ana)
    sent = choices_of(ana)
    assert "/reauthenticate/" in browser.post(CLOSE, sent | {"confirmed": "yes"})["Location"]
    assert User.objects.filter(pk=ana.pk).exists()

    browser = reauthenticated(browse(ana))
    page = browser.get(CLOSE).content.decode()
    assert all(name in page for name in sent)
    assert "marker-draft" in page
    assert browser.post(CLOSE, {}).status_code == 422
    assert browser.post(CLOSE, sent | {next(iter(sent)): "keep"}).status_code == 422
    assert 'name="confirmed"' in browser.post(CLOSE, sent).content.decode()
    assert browser.post(CLOSE, sent | {"confirmed": "yes", "change": "yes"}).status_code == 200
    assert User.objects.filter(pk=ana.pk).exists()

    assert browser.post(CLOSE, sent | {"confirmed": "yes"})["Location"] == "/"
    assert not User.objects.filter(pk=ana.pk).exists()


@pytest.mark.parametrize("choice", ["leave", "erase"])
def test_afterwards_the_address_is_nowhere(choice, browse, api, ana, carol, told, caplog):
    caplog.set_level(logging.INFO)
    told.try_out(by=ana, verdict="worked", line=f"Ask {ana.email}")
    make_report(ana, carol, lessons=f"Write to {ana.email.upper()}.")
    api(ana).post("/api/v1/tokens/", {"name": "x"}, format="json", HTTP_IDEMPOTENCY_KEY="k")
    elsewhere, browser = browse(ana), browse(ana)
    elsewhere.get("/accounts/me/")
    browse().post("/accounts/password/reset/", {"email": ana.email})
    assert ana.email in everything_stored()

    answer = close(browser, ana, choice=choice)

    assert answer.status_code == 302
    assert ana.email not in everything_stored()
    assert "marker organisation" not in everything_stored()
    assert ana.email not in caplog.text
    for model in (EmailAddress, Token, Receipt, Situation, Session):
        assert not model.objects.exists()
    assert "/accounts/login/" in elsewhere.get(PAGE)["Location"]
    assert "Your account is closed" in browser.get("/").content.decode()


def test_each_report_goes_as_its_author_chose(browse, ana, told):
    cited = ana.experiences.get(organisation="Marker organisation")
    withdrawn = ana.experiences.get(title="marker-withdrawn")
    hidden = ana.experiences.get(title="marker-hidden")
    close(browse(ana), ana, **{withdrawn.public_id: "erase"})

    assert not Experience.objects.filter(title__in=["marker-draft", "marker-withdrawn"]).exists()
    cited.refresh_from_db()
    hidden.refresh_from_db()
    assert (cited.status, cited.author, cited.organisation) == ("published", None, "")
    assert hidden.status == "hidden"


def test_what_was_withdrawn_is_erased_unless_its_author_says_otherwise(browse, ana, told):
    withdrawn, hidden = (ana.experiences.get(title=f"marker-{state}") for state in ("withdrawn", "hidden"))
    form = reauthenticated(browse(ana)).get(CLOSE).context["form"]
    initial = {name: field.initial for name, field in form.fields.items()}
    assert initial[f"report-{withdrawn.public_id}"] == "erase"
    assert initial[f"report-{hidden.public_id}"] == "leave"


def test_practices_that_relied_on_erased_reports_are_graded_again_and_say_why(browse, ana, told):
    assert told.assessment.support == 2
    cited = ana.experiences.get(organisation="Marker organisation")
    close(browse(ana), ana, **{cited.public_id: "erase"})

    told.refresh_from_db()
    assert told.assessment.support == 1
    page = browse().get(told.get_absolute_url()).content.decode()
    assert "a report or a trial was erased by its author" in page
    version = browse().get(f"{told.get_absolute_url()}v/1/")
    assert version.status_code == 200
    assert "This report was erased by its author." in version.content.decode()
    assert Evidence.objects.get(report=cited).excerpt == ""
    assert browse().get(cited.get_absolute_url()).status_code == 404


def test_what_a_curator_did_stays_as_by_a_former_member(browse, api, ana, carol, chris, told):
    assert close(browse(carol), carol).status_code == 302
    told.refresh_from_db()
    assert told.status == "published"
    report = ana.experiences.get(organisation="Marker organisation")
    for person, address in (
        (chris, f"/practices/{told.slug}/workbench/"),
        (chris, report.get_absolute_url()),
    ):
        page = browse(person).get(address).content.decode()
        assert "a former member" in page
        assert "Carol" not in page


def test_nobody_closes_the_account_of_another(browse, ana, ben, told):
    sent = choices_of(ana)
    assert reauthenticated(browse(ben)).post(CLOSE, sent | {"confirmed": "yes"}).status_code == 422
    assert ana.experiences.count() == 4
    assert make_person("dora").pk
    assert close(browse(ana), ana).status_code == 302
