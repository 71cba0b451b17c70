"""Invitations, and sites that one enters by invitation alone."""

import html
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Invitation, OutgoingMail, User
from tests.accounts.conftest import NEW_PASSWORD, confirm
from tests.conftest import TERMS, make_person
from tests.outbox import run_worker

pytestmark = pytest.mark.django_db
PAGE = "/accounts/invitations/"
SIGNUP = "/accounts/signup/"
ACCEPT = "/accounts/invitation/"
LINK = re.compile(r"http://\S+?(/accounts/invitation/\S+)")


@pytest.fixture(autouse=True)
def _worker(mails_as_in_production):
    """Mails are queued, and sent by the worker."""


@pytest.fixture
def by_invitation(settings):
    settings.SIGNUP = "invited"


def invite(by, email="nora@example.net", language="en", group=None):
    """Invite `email` as `by` does on the page; return what the mail leads to."""
    from accounts.invitations.batch import invite

    outcome = invite([email], by=by, language=language, group=group and Group.objects.get(name=group))
    assert outcome.refused == []
    return link_to(email)


def link_to(email):
    run_worker()
    letter = [one for one in mail.outbox if one.to == [email]][-1]
    return LINK.search(letter.body)[1]


def sign_up(browser, **told):
    return browser.post(SIGNUP, TERMS | {"password1": NEW_PASSWORD, "display_name": "Nora"} | told)


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def text_of(answer):
    return html.unescape(answer.content.decode())


# --- Who comes in --------------------------------------------------------------------------------


def test_whoever_is_invited_signs_up_and_their_address_is_confirmed_by_that(browse, mona, by_invitation):
    link, browser = invite(mona), browse()
    assert browser.get(link)["Location"] == SIGNUP
    page = text_of(browser.get(SIGNUP))
    assert 'value="nora@example.net"' in page
    assert "You were invited at this address." in page
    assert sign_up(browser)["Location"] == "/welcome/situation/"
    assert is_signed_in(browser)
    nora = User.objects.get(email="nora@example.net")
    assert nora.emailaddress_set.get().verified
    assert nora.check_password(NEW_PASSWORD)
    assert Invitation.objects.get().accepted_by == nora


def test_nobody_else_signs_up_where_one_must_be_invited(browse, by_invitation):
    browser = browse()
    for answer in (browser.get(SIGNUP), sign_up(browser, email="eve@example.net")):
        assert "This site is open to those who are invited" in text_of(answer)
        assert "open the link in the e-mail" in text_of(answer)
    assert not User.objects.exists()
    home = browser.get("/")
    assert home.status_code == 200  # Reading is for all.
    assert SIGNUP not in text_of(home)


def test_anybody_signs_up_where_nothing_else_is_said(browse):
    assert SIGNUP in text_of(browse().get("/"))
    assert sign_up(browse(), email="eve@example.net")["Location"] == "/accounts/confirm-email/"


def test_where_all_come_by_the_provider_nobody_signs_up_here(browse, mona, settings):
    from config.openid_connect import Provider

    settings.SIGNUP = "sso"
    settings.OPENID_CONNECT = Provider("https://login.example", "retex", "x", "Example Org")
    link, browser = invite(mona), browse()
    assert browser.get(link)["Location"] == f"/accounts/login/?next={ACCEPT}"
    for answer in (browser.get(SIGNUP), sign_up(browser, email="nora@example.net")):
        assert "sign in with your Example Org account" in text_of(answer)
    assert User.objects.count() == 1
    # Who has a password still uses it.
    confirm(mona)
    browser.post("/accounts/login/", {"login": mona.email, "password": "a-long-enough-phrase"})
    assert is_signed_in(browser)


# --- What is tried with a link -------------------------------------------------------------------


def test_another_address_than_the_invited_one_is_never_taken(browse, mona, by_invitation):
    browser = browse()
    browser.get(invite(mona))
    page = browser.get(f"{SIGNUP}?email=eve@example.net").content.decode()
    assert re.findall(r'value="(\w+@[^"]+)"', page) == ["nora@example.net"]
    sign_up(browser, email="eve@example.net")
    assert User.objects.filter(email="nora@example.net").exists()
    assert not User.objects.filter(email="eve@example.net").exists()


def used(link, mona, browse):
    browser = browse()
    browser.get(link)
    sign_up(browser)


ENDS = {
    "used": used,
    "revoked": lambda link, mona, browse: Invitation.objects.get().revoke(by=mona),
    "expired": lambda link, mona, browse: Invitation.objects.update(expires_at=timezone.now()),
    "sent again": lambda link, mona, browse: send_again(mona),
}


def send_again(mona):
    from accounts.invitations import batch

    Invitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    batch.send_again(Invitation.objects.get(), by=mona)


@pytest.mark.parametrize("end", ENDS)
def test_a_link_that_has_ended_says_what_a_guessed_one_says(browse, mona, by_invitation, end):
    link, held = invite(mona), browse()
    held.get(link)
    ENDS[end](link, mona, browse)
    guessed = f"/accounts/invitation/{'x' * 43}/"
    answers = [browse().get(address) for address in (link, guessed)]
    assert {answer.status_code for answer in answers} == {404}
    pages = [answer.content.decode().replace(link, "").replace(guessed, "") for answer in answers]
    assert re.sub(r'value="\w{64}"', "", pages[0]) == re.sub(r'value="\w{64}"', "", pages[1])
    assert "ask whoever invited you to send it again" in text_of(answers[0])
    # Nor does it help to have opened it before.
    sign_up(held)
    assert User.objects.filter(email="nora@example.net").count() == (end == "used")
    assert "open to those who are invited" in text_of(held.get(SIGNUP))


@pytest.mark.parametrize("key", ["x", "%00", "../../etc", "\u00e9" * 40, "x" * 3000, "leave"])
def test_keys_of_any_kind_are_no_invitation(browse, key):
    assert browse().get(f"/accounts/invitation/{key}/").status_code in (404, 405)


def test_reading_a_link_as_mail_scanners_do_uses_nothing_up(browse, mona, by_invitation):
    link = invite(mona)
    assert browse().post(link).status_code == 405
    for _time in range(3):
        browse().get(link)
        browse().head(link)
    browser = browse()
    browser.get(link)
    sign_up(browser)
    assert is_signed_in(browser)


def test_of_the_key_only_a_digest_is_kept(mona):
    key = invite(mona).split("/")[-2]
    run_worker()
    assert key not in str(list(Invitation.objects.values())) + str(list(OutgoingMail.objects.values()))


def test_two_who_use_one_link_at_the_same_moment_make_one_account(
    mails_as_in_production, together, browse, settings
):
    settings.SIGNUP = "invited"
    mona = make_person("mona", "Moderators")
    link = invite(mona)
    browsers = [browse() for _each in range(2)]
    for browser in browsers:
        browser.get(link)
    answers = together(2, lambda turn: sign_up(browsers[turn]))
    led_on = [answer for answer in answers if answer.status_code == 302]
    late = [answer for answer in answers if answer not in led_on]  # Who comes once the other is in.
    assert led_on
    assert all("This site is open to those who are invited" in text_of(answer) for answer in late)
    assert User.objects.filter(email="nora@example.net").count() == 1
    assert Invitation.objects.accepted().count() == 1


def test_who_has_an_account_signs_in_and_accepts(browse, mona, ana, by_invitation):
    confirm(ana)
    link, browser = invite(mona, ana.email, group="Curators"), browse()
    answer = browser.get(link)
    assert answer["Location"] == f"/accounts/login/?next={ACCEPT}"
    signed_in = browser.post(answer["Location"], {"login": ana.email, "password": "a-long-enough-phrase"})
    assert signed_in["Location"] == ACCEPT
    assert "You are invited as: Curators." in text_of(browser.get(ACCEPT))
    assert not ana.groups.exists()
    assert browser.post(ACCEPT)["Location"] == "/"
    assert [group.name for group in ana.groups.all()] == ["Curators"]


def test_nobody_accepts_what_was_for_another(browse, mona, ana, ben):
    link = invite(mona, confirm(ana).email, group="Curators")
    ben.emailaddress_set.create(email=ana.email, verified=False)
    browser = browse(confirm(ben))
    assert "an e-mail address that you have not confirmed" in text_of(browser.get(link, follow=True))
    assert browser.post(ACCEPT).status_code == 422
    assert not ben.groups.exists()
    assert Invitation.objects.pending().exists()


def test_on_an_open_site_one_can_go_without_the_invitation(browse, mona):
    browser = browse()
    browser.get(invite(mona))
    assert "without the invitation" in text_of(browser.get(SIGNUP))
    browser.post("/accounts/invitation/leave/")
    assert "without the invitation" not in text_of(browser.get(SIGNUP))
    assert sign_up(browser, email="eve@example.net")["Location"] == "/accounts/confirm-email/"


def test_a_refused_form_keeps_the_invitation(browse, mona, by_invitation):
    browser = browse()
    browser.get(invite(mona))
    assert "nora@example.net" in text_of(sign_up(browser, password1="short"))
    sign_up(browser)
    assert is_signed_in(browser)


# --- Roles ---------------------------------------------------------------------------------------


def test_an_invitation_gives_a_role(browse, mona, by_invitation):
    browser = browse()
    browser.get(invite(mona, group="Curators"))
    sign_up(browser)
    assert [group.name for group in User.objects.get(email="nora@example.net").groups.all()] == ["Curators"]


def test_nobody_gives_what_they_do_not_have(browse, ana, mona):
    ana.user_permissions.set(
        Group.objects.get(name="Moderators").permissions.filter(codename="invite_member")
    )
    curators = Group.objects.get(name="Curators")
    form = {"addresses": "nora@example.net", "language": "en", "group": curators.pk}
    assert "Curators" not in text_of(browse(ana).get(PAGE))
    assert browse(ana).post(PAGE, form).status_code == 422
    with pytest.raises(PermissionDenied):
        Invitation.issue("nora@example.net", by=User.objects.get(pk=ana.pk), language="en", group=curators)
    assert browse(ana).post(PAGE, form | {"group": ""}).status_code == 302
    assert browse(mona).post(PAGE, form | {"addresses": "olga@example.net"}).status_code == 302


@pytest.mark.parametrize("lost", [True, False])
def test_who_lost_a_role_no_longer_gives_it(browse, mona, lost):
    link, browser = invite(mona, group="Curators"), browse()
    if lost:
        mona.groups.clear()
    browser.get(link)
    sign_up(browser)
    assert User.objects.get(email="nora@example.net").groups.exists() != lost


# --- The page ------------------------------------------------------------------------------------


def test_who_may_invite(browse, ana, carol, mona, django_user_model):
    row = Invitation.issue("nora@example.net", by=None, language="en")[0]
    root = django_user_model.objects.create_superuser("root@example.org", NEW_PASSWORD)
    addresses = [PAGE, f"{PAGE}{row.pk}/resend/", f"{PAGE}{row.pk}/revoke/"]
    for person, status in ((None, 302), (ana, 403), (carol, 403)):
        answer = browse(person).get(PAGE)
        assert answer.status_code == status
        for address in addresses:
            assert browse(person).post(address, {}).status_code in (403,)
        if person is not None:
            assert "Invitations" not in text_of(browse(person).get("/accounts/me/"))
    for person in (mona, root):
        assert browse(person).get(PAGE).status_code == 200
        assert PAGE in text_of(browse(person).get("/accounts/me/"))
    assert Invitation.objects.pending().exists()


def test_a_pasted_list_is_invited_and_every_bad_address_named(browse, mona):
    good = 'a@example.net, B@Example.net;"Doe, Jane" <jane@example.net>\r\n'
    pasted = good + "\r\nnot an address\nİna@example.net\nb@example.net"
    answer = browse(mona).post(PAGE, {"addresses": pasted, "language": "fr", "group": ""})
    assert answer.status_code == 422
    assert sorted(Invitation.objects.values_list("email", flat=True)) == [
        "a@example.net", "b@example.net", "jane@example.net",
    ]  # fmt: skip
    page = text_of(answer)
    assert "3 invitations are on their way." in page
    assert "<bdi>not an address</bdi> – Enter a valid email address." in page
    assert "<bdi>İna@example.net</bdi> – " in page
    left = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.S)[1]
    assert left.split("\n") == ["not an address", "İna@example.net"]
    run_worker()
    assert {letter.subject for letter in mail.outbox} == {"Vous avez une invitation"}


def test_the_mail_speaks_the_language_chosen_and_says_who_invites(browse, mona):
    invite(mona, language="en")
    [letter] = mail.outbox
    assert letter.subject == "You are invited"
    assert "Mona invites you to Retex." in letter.body
    assert "works once, and until" in letter.body
    assert letter.to == ["nora@example.net"]


def test_who_waits_is_not_invited_twice_and_who_let_it_expire_is_again(browse, mona):
    first = invite(mona)
    send = {"addresses": "nora@example.net", "language": "en", "group": ""}
    answer = browse(mona).post(PAGE, send)
    assert "invited already: its link works until" in text_of(answer)
    Invitation.objects.update(expires_at=timezone.now())
    assert browse(mona).post(PAGE, send).status_code == 302
    again = link_to("nora@example.net")
    assert browse().get(first).status_code == 404
    assert browse().get(again).status_code == 302
    assert Invitation.objects.count() == 1


def test_a_form_that_holds_what_no_database_stores_is_refused(browse, mona):
    answer = browse(mona).post(PAGE, {"addresses": "a\0b@example.net", "language": "xx", "group": "0"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"addresses", "language", "group"}


def test_an_address_that_has_an_account_is_invited_like_any_other(browse, mona, ana):
    """Whoever may invite learns of nobody that they are a member."""
    confirm(ana)
    browser, pages = browse(mona), []
    for email in ("xxx@example.org", ana.email):
        browser.post(PAGE, {"addresses": email, "language": "en", "group": ""}, follow=True)
        page = text_of(browser.get(PAGE)).replace(email, "")
        pages.append(re.sub(r'value="\w{64}"|/\d+/', "", page))
        Invitation.objects.all().delete()
    assert pages[0] == pages[1]


def test_sending_again_makes_another_link_and_not_at_once(browse, mona):
    first, browser = invite(mona), browse(mona)
    row = Invitation.objects.get()
    page = text_of(browser.post(f"{PAGE}{row.pk}/resend/", follow=True))
    assert "less than ten minutes ago" in page
    Invitation.objects.update(sent_at=timezone.now() - timedelta(minutes=11))
    browser.post(f"{PAGE}{row.pk}/resend/")
    assert link_to("nora@example.net") != first
    assert browse().get(first).status_code == 404


def test_what_is_revoked_is_not_sent_again(browse, mona):
    invite(mona)
    row, browser = Invitation.objects.get(), browse(mona)
    assert "is revoked" in text_of(browser.post(f"{PAGE}{row.pk}/revoke/", follow=True))
    assert "accepted or revoked meanwhile" in text_of(browser.post(f"{PAGE}{row.pk}/resend/", follow=True))
    assert "Revoked on" in text_of(browser.get(f"{PAGE}?state=revoked"))
    assert browser.post(PAGE, {"addresses": row.email, "language": "en", "group": ""}).status_code == 302
    assert browser.post(f"{PAGE}{10**30}/revoke/").status_code == 404


def test_each_state_has_its_list(browse, mona):
    for state in ("pending", "accepted", "expired", "revoked"):
        Invitation.issue(f"{state}@example.net", by=mona, language="en")
    now, of = timezone.now(), lambda state: Invitation.objects.filter(email=f"{state}@example.net")
    of("accepted").update(accepted_at=now)
    of("expired").update(expires_at=now)
    of("revoked").update(revoked_at=now)
    for state in ("pending", "accepted", "expired", "revoked"):
        page = text_of(browse(mona).get(f"{PAGE}?state={state}"))
        assert re.findall(r"<strong><bdi>(\w+)@", page) == [state]
    assert browse(mona).get(f"{PAGE}?state=other").status_code == 400


def test_the_list_asks_the_database_as_often_for_many_as_for_few(browse, mona):
    browser, counts = browse(mona), []
    for number in range(60):
        Invitation.issue(
            f"n{number}@example.net", by=mona, language="en", group=Group.objects.get(name="Curators")
        )
        if number in (2, 59):
            with CaptureQueriesContext(connection) as queries:
                page = text_of(browser.get(PAGE))
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(re.findall("<strong><bdi>", page)) == 50
    assert len(re.findall("<strong><bdi>", text_of(browser.get(f"{PAGE}?page=2")))) == 10


def test_no_mailbox_of_others_is_filled_from_here(browse, mona, monkeypatch):
    monkeypatch.setattr(Invitation, "MOST_A_DAY", 2)
    browser = browse(mona)
    answer = browser.post(PAGE, {"addresses": "a@b.example,c@b.example,d@b.example", "language": "en"})
    assert "send the others tomorrow" in text_of(answer)
    assert Invitation.objects.count() == 2
    many = ",".join(f"n{number}@example.net" for number in range(201))
    assert "200 at once at most" in text_of(browser.post(PAGE, {"addresses": many, "language": "en"}))


def test_what_ended_long_ago_is_forgotten(mona):
    now = timezone.now()
    ends = {"accepted_at": 61, "revoked_at": 61, "expires_at": 61}
    for column, days in ends.items():
        for age in (days, days - 2):
            row, _key = Invitation.issue(f"{column}{age}@example.net", by=mona, language="en")
            Invitation.objects.filter(pk=row.pk).update(**{column: now - timedelta(days=age)})
    run_worker()
    assert {row.email for row in Invitation.objects.all()} == {f"{column}59@example.net" for column in ends}


def test_my_data_tells_of_invitations_and_of_nobody_else(browse, mona, by_invitation):
    browser = browse()
    browser.get(invite(mona, group="Curators"))
    sign_up(browser)
    mine = browser.get("/accounts/data/file/").json()
    [got] = mine["invitations"]
    assert (got["email"], got["role"]) == ("nora@example.net", "Curators")
    theirs = browse(mona).get("/accounts/data/file/")
    assert len(theirs.json()["invitations_sent"]) == 1
    assert "nora@example.net" not in theirs.content.decode()


# --- The command ---------------------------------------------------------------------------------


def test_the_operator_invites_at_the_command_line(browse, capsys, by_invitation):
    call_command("invite", "nora@example.net", "olga@example.net", group="Moderators", language="fr")
    assert "2 invitations" in capsys.readouterr().out
    browser = browse()
    browser.get(link_to("nora@example.net"))
    sign_up(browser)
    assert User.objects.get().has_perm("accounts.invite_member")


def test_the_command_names_what_it_could_not_invite_and_invites_the_others(capsys):
    with pytest.raises(CommandError):
        call_command("invite", "nora@example.net", "nobody", "\x00@example.net")
    told = capsys.readouterr()
    assert "nobody: " in told.err
    assert [row.email for row in Invitation.objects.all()] == ["nora@example.net"]
    with pytest.raises(CommandError, match="There is no group Kings, but: Curators, Moderators"):
        call_command("invite", "olga@example.net", group="Kings")


def test_an_invitation_is_accepted_once_by_its_address_alone(mona, ana):
    row, _key = Invitation.issue("nora@example.net", by=mona, language="en")
    with pytest.raises(ValidationError):
        row.accept(by=ana)
    nora = confirm(User.objects.create_user("nora@example.net"))
    row.accept(by=nora)
    with pytest.raises(ValidationError):
        row.accept(by=nora)
