"""The account menu: with the keyboard, on a phone, without JavaScript; and what it leads to."""

import pytest

from practices.figures.counting import make_figures
from tests.browser.conftest import assert_accessible, leave
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.browser
PAGES = ["/notifications/", "/notifications/choices/", "/experiences/mine/", "/accounts/email/", "/figures/"]


@pytest.fixture
def report(transactional_db, ana, carol, chris):
    report = make_report(ana, carol)
    make_published_practice(carol, chris, reports=[report])
    make_figures()
    return report


def said(page):
    return " ".join(page.locator(".account-menu > summary").text_content().split())


def test_the_menu_opens_with_the_keyboard_and_leads_to_what_waits(open_page, ana, report):
    page = open_page(ana, locale="en-GB", width=1280)
    page.goto("/practices/")
    assert "(2 unread)" in said(page)
    page.locator(".account-menu > summary").focus()
    page.keyboard.press("Enter")
    assert_accessible(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    leave(page, lambda: page.keyboard.press("Enter"))
    assert page.url.endswith("/notifications/")
    leave(page, page.get_by_role("button", name="is published").click)
    assert report.get_absolute_url() in page.url
    assert "(1 unread)" in said(page)


def test_on_a_phone_my_reports_are_one_tap_away_and_nothing_needs_scripts(plain, ana, report):
    page = plain(ana)
    page.goto("/practices/")
    leave(page, page.locator(".account .own").click)
    assert page.url.endswith("/experiences/mine/")
    page.locator(".account-menu > summary").click()
    leave(page, page.locator(".account-list a[href='/notifications/']").click)
    leave(page, page.locator("form[action='/notifications/read/'] button").click)
    assert page.locator(".unread-count").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_an_account_can_be_used_by_everyone(open_page, ana, report, theme):
    page = open_page(ana, theme=theme)
    for path in PAGES:
        page.goto(path)
        assert_accessible(page)
