"""A member reads what is known of them and closes their account: on a phone, in French, by keyboard."""

import pytest

from accounts.models import User
from experiences.models import Experience
from tests.browser.conftest import assert_accessible, in_french, press
from tests.conftest import PASSWORD
from tests.factories import make_draft, make_report

pytestmark = pytest.mark.browser


def sign_in_again(phone):
    phone.wait_for_url("**/accounts/reauthenticate/**")
    assert_accessible(phone)
    phone.locator("[name=password]").focus()
    phone.keyboard.type(PASSWORD)
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/accounts/close/")


def test_a_member_erases_one_report_leaves_another_and_is_gone(open_page, ana, carol):
    erased = make_report(ana, carol, title="Effacez-moi", language="fr")
    left = make_report(ana, carol, title="Gardez-moi", language="fr")
    make_draft(ana, title="Brouillon", language="fr")
    phone = open_page(ana)
    phone.goto("/accounts/me/")
    press(phone, "main a[href$='/accounts/data/']")
    phone.wait_for_url("**/accounts/data/")
    assert_accessible(phone)
    assert phone.get_by_text("Brouillon").count()

    press(phone, "main a[href$='/accounts/close/']")
    sign_in_again(phone)
    assert_accessible(phone)
    press(phone, f"[name=report-{erased.public_id}][value=erase]", "Space")
    press(phone, "main form .btn.primary")
    phone.wait_for_selector("[name=confirmed]")
    assert_accessible(phone)
    assert User.objects.filter(pk=ana.pk).exists()

    press(phone, "[name=confirmed]")
    phone.wait_for_selector(".messages")
    said = in_french("Your account is closed, and your e-mail address is forgotten. Thank you.")
    assert said in phone.locator(".messages").inner_text()
    assert [report.title for report in Experience.objects.all()] == ["Gardez-moi"]
    assert not User.objects.filter(pk=ana.pk).exists()
    assert phone.goto(left.get_absolute_url()).status == 200
    assert phone.goto(erased.get_absolute_url()).status == 404
