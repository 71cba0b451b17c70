"""Wrong passwords that others type do not keep a member out, and help nobody else in."""

import itertools

import pytest

from accounts.models import RateLimit
from config import settings as as_configured
from tests.accounts.conftest import NEW_PASSWORD, TWICE, confirm, reset_form
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
HOME, AWAY = "192.0.2.1", "198.51.100.1"
STRANGERS = itertools.cycle(f"203.0.113.{number}" for number in range(256))


@pytest.fixture(autouse=True)
def _limits_as_configured(settings):
    settings.CACHES = as_configured.CACHES


@pytest.fixture
def ben(ben):
    return confirm(ben)


def sign_in(browser, person, password=PASSWORD, address=HOME):
    answer = browser.post(
        "/accounts/login/", {"login": person.email, "password": password}, REMOTE_ADDR=address
    )
    return answer.status_code == 302


def sign_out(browser):
    browser.post("/accounts/logout/")
    assert "_auth_user_id" not in browser.session


def guess(browse, person, times=6):
    """Type wrong passwords somewhere else until nobody unknown is let try."""
    for _time in range(times):
        assert not sign_in(browse(), person, "a-wrong-password", next(STRANGERS))


@pytest.fixture
def device(browse, confirmed):
    """A browser where Ana signed in, and out again."""
    browser = browse()
    assert sign_in(browser, confirmed)
    sign_out(browser)
    return browser


def test_the_owner_still_signs_in_on_a_device_they_signed_in_on(browse, confirmed, device):
    guess(browse, confirmed)
    assert not sign_in(browse(), confirmed, address=AWAY)
    assert sign_in(device, confirmed)


def test_the_cookie_is_for_signing_in_alone_and_tells_nobody_who_it_is(confirmed, device):
    cookie = device.cookies["known_device"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/accounts/", True, "Lax")
    assert confirmed.email not in cookie.value
    assert int(cookie["max-age"]) == 60 * 60 * 24 * 365


def test_a_device_is_known_for_those_alone_who_signed_in_on_it(browse, confirmed, ben, device):
    guess(browse, ben)
    assert not sign_in(device, ben)
    guess(browse, confirmed)
    assert sign_in(device, confirmed)


def test_two_who_share_a_device_are_both_known_on_it(browse, confirmed, ben, device):
    assert sign_in(device, ben)
    sign_out(device)
    for person in (confirmed, ben):
        guess(browse, person)
        assert sign_in(device, person)
        sign_out(device)


def test_a_cookie_made_up_is_worth_nothing(browse, confirmed, device):
    value = device.cookies["known_device"].value
    guess(browse, confirmed)
    for forged in (value[:-1] + ("a" if value[-1] != "a" else "b"), "", "x", "é", value.split(":")[0]):
        device.cookies["known_device"] = forged
        assert not sign_in(device, confirmed)
    device.cookies["known_device"] = value
    assert sign_in(device, confirmed)


def test_a_device_has_a_limit_of_its_own(browse, confirmed, device):
    for _time in range(5):
        assert not sign_in(device, confirmed, "a-wrong-password")
    assert not sign_in(device, confirmed)
    assert sign_in(browse(), confirmed, address=AWAY)  # And it is no one else's.


def test_signing_in_often_on_a_known_device_is_no_guessing(confirmed, device):
    for _time in range(8):
        assert sign_in(device, confirmed)
        sign_out(device)


def test_a_new_password_makes_the_cookie_worthless(browse, confirmed, device):
    confirmed.set_password(NEW_PASSWORD)
    confirmed.save()
    guess(browse, confirmed)
    assert not sign_in(device, confirmed, NEW_PASSWORD)


def test_whoever_changes_the_password_signs_in_with_it_at_once(browse, confirmed, device):
    other = browse()
    assert sign_in(other, confirmed, address=AWAY)
    assert sign_in(device, confirmed)
    changed = device.post("/accounts/password/change/", TWICE | {"oldpassword": PASSWORD})
    assert changed.status_code == 302
    assert "_auth_user_id" not in device.session
    guess(browse, confirmed)
    assert sign_in(device, confirmed, NEW_PASSWORD)
    sign_out(device)
    assert sign_in(device, confirmed, NEW_PASSWORD)
    sign_out(other)
    assert not sign_in(other, confirmed, NEW_PASSWORD, AWAY)


def reset(browser, person, mailoutbox):
    """Choose a new password through the mail that says how."""
    form = reset_form(browser, person, mailoutbox)
    assert browser.post(form, TWICE)["Location"] == "/accounts/password/reset/key/done/"


def test_after_a_reset_the_owner_gets_in_however_often_others_guess(browse, confirmed, mailoutbox):
    guess(browse, confirmed)
    browser = browse()
    assert not sign_in(browser, confirmed)
    reset(browser, confirmed, mailoutbox)
    guess(browse, confirmed)
    assert not sign_in(browse(), confirmed, NEW_PASSWORD, AWAY)
    assert sign_in(browser, confirmed, NEW_PASSWORD)


def test_a_reset_clears_the_count_of_the_account(browse, confirmed, mailoutbox):
    guess(browse, confirmed)
    assert not sign_in(browse(), confirmed, address=AWAY)
    reset(browse(), confirmed, mailoutbox)
    assert sign_in(browse(), confirmed, NEW_PASSWORD, AWAY)


def test_who_is_signed_in_confirms_the_password_whatever_others_guess(browse, confirmed, device):
    assert sign_in(device, confirmed)
    del device.cookies["known_device"]  # Signed in before there were any.
    guess(browse, confirmed)
    answer = device.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302
    assert [device.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code] == [200]


def test_what_is_counted_of_a_device_does_not_name_it(confirmed, device):
    sign_in(device, confirmed, "a-wrong-password")
    held = " ".join(f"{row.pk} {row.value}" for row in RateLimit.objects.all())
    assert held
    assert confirmed.email not in held
