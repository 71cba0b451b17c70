"""Those who run a site name it; who comes reads its texts and accepts its terms."""

import pytest

from accounts.models import Site, TermsAcceptance, User
from tests.browser.conftest import assert_accessible, fill, leave, press
from tests.conftest import PASSWORD, make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_moderator_names_the_site_and_its_pages_are_read(open_page, mona):
    desk = open_page(mona)
    desk.goto("/site/")
    assert_accessible(desk)
    desk.locator("[name=name]").fill("")
    press(desk, "main form .btn.primary")
    desk.wait_for_selector("[role=alert]")
    assert_accessible(desk)
    desk.complaints.clear()  # It says that the form was refused.
    fill(desk, "[name=name]", "Places communes")
    fill(desk, "[name=publisher]", "Nous")
    press(desk, "main form .btn.primary")
    desk.wait_for_selector(".note.good")
    assert Site.objects.get().publisher == "Nous"
    for path in ("/legal/", "/privacy/", "/site/texts/terms/"):
        desk.goto(path)
        assert "Places communes" in desk.title()
        assert_accessible(desk)
    assert desk.complaints == []


def test_who_signs_up_accepts_the_terms_and_a_member_is_asked(open_page, db):
    phone = open_page()
    phone.goto("/accounts/signup/")
    assert_accessible(phone)
    fill(phone, "[name=email]", "nora@example.net")
    fill(phone, "[name=password1]", PASSWORD)
    phone.check("[name=terms]")
    press(phone, "main .btn.primary")
    phone.wait_for_url("**/accounts/confirm-email/**")
    assert TermsAcceptance.objects.get().member == User.objects.get()

    member = open_page(make_person("member", terms_accepted=0))
    member.goto("/terms/")
    assert_accessible(member)
    press(member, "button[name=terms]")
    member.wait_for_selector(".note.good")
    assert TermsAcceptance.objects.count() == 2


def test_without_scripts_the_site_is_named_and_its_terms_accepted(plain, mona):
    page = plain(mona)
    page.goto("/site/")
    page.locator("[name=name]").fill("Places communes")
    leave(page, page.locator("main form .btn.primary").click)
    assert Site.objects.get().name == "Places communes"
    page.goto("/site/texts/about/")
    leave(page, page.locator("[name=do][value=preview]").click)
    assert "Places communes" in page.inner_text("section[lang=fr] .prose")
