"""Coming in by the organisation's account, and by invitation: on a phone, in French, by keyboard."""

import re

import pytest

from accounts.models import OutgoingMail, User
from config.openid_connect import Provider
from tests.accounts.provider import CLIENT, serve
from tests.browser.conftest import assert_accessible, fill, in_french, press
from tests.conftest import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def provider(settings):
    for provider in serve():
        rule = {"domains": frozenset(["example.org"])}
        settings.OPENID_CONNECT = Provider(issuer=provider.issuer, name="Exemple", **CLIENT, **rule)
        yield provider


def test_somebody_new_comes_by_the_provider_and_a_stranger_does_not(open_page, provider):
    phone = open_page()
    phone.goto("/accounts/login/?next=/stakes/")
    assert_accessible(phone)
    press(phone, "main .btn.primary")
    phone.wait_for_url("**/accounts/3rdparty/signup/")
    assert_accessible(phone)
    fill(phone, "[name=display_name]", "Dora")
    phone.check("[name=terms]")
    press(phone, "main .btn.primary")
    phone.wait_for_url("**/stakes/")
    assert phone.complaints == []
    phone.goto("/accounts/3rdparty/")
    assert_accessible(phone)
    assert User.objects.get().display_name == "Dora"

    provider.person = {"sub": "2", "email": "eve@evil.example", "email_verified": True}
    stranger = open_page()
    stranger.goto("/accounts/login/")
    press(stranger, "main .btn.primary")
    stranger.wait_for_url("**/login/callback/**")
    assert in_french("Your e-mail address is not one that may enter here") in stranger.inner_text("h1")
    assert_accessible(stranger)
    assert User.objects.count() == 1


def test_a_moderator_invites_and_who_is_invited_signs_up(open_page, mona, settings):
    settings.SIGNUP = "invited"
    desk = open_page(mona)
    desk.goto("/accounts/invitations/")
    assert_accessible(desk)
    fill(desk, "[name=addresses]", "nora@example.net, nobody")
    press(desk, "main form .btn.primary")
    desk.wait_for_selector(".note.bad")
    assert "nobody" in desk.inner_text(".note.bad")
    assert_accessible(desk)
    assert desk.inner_text("ul.ruled strong") == "nora@example.net"

    link = re.search(r"/accounts/invitation/\S+", OutgoingMail.objects.get().body)[0]
    phone = open_page()
    phone.goto("/accounts/signup/")
    assert_accessible(phone)
    phone.goto(link)
    phone.wait_for_url("**/accounts/signup/")
    assert_accessible(phone)
    fill(phone, "[name=password1]", PASSWORD)
    phone.check("[name=terms]")
    press(phone, "main .btn.primary")
    phone.wait_for_url(lambda address: "/accounts/" not in address)
    assert User.objects.filter(email="nora@example.net").exists()
    phone.goto("/accounts/invitation/guessed/")
    assert_accessible(phone)
