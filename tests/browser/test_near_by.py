"""What is near appears beside the form while one types, and beside a report a curator reads."""

import pytest

from tests.browser.conftest import assert_accessible, in_french
from tests.browser.test_pick_stakes import type_and_pick
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.browser
NEAR = "near-by .near a"


def test_what_is_near_appears_while_typing_and_waits_while_it_is_read(open_page, ana, ben, carol, chris):
    report = make_report(ana, carol, verdict="backfired")
    practice = make_published_practice(carol, chris)
    phone = open_page(ben)
    phone.goto("/experiences/new/")
    told = phone.locator("near-by [data-told]")
    told.wait_for()
    phone.get_by_text(in_french("Nothing close to it has been found yet.")).first.wait_for()
    type_and_pick(phone, "migration")
    phone.locator(NEAR).nth(1).wait_for()
    shown = [link.get_attribute("href") for link in phone.locator(NEAR).all()]
    assert shown == [practice.get_absolute_url(), report.get_absolute_url()]
    assert phone.locator("near-by [aria-live=polite]").inner_text() == told.inner_text()
    assert_accessible(phone)

    phone.locator(NEAR).first.focus()
    with phone.expect_response("**/practices/near/"):
        phone.evaluate("document.querySelector('.picked button').click()")
        phone.locator(NEAR).first.focus()
    assert phone.locator(NEAR).count() == 2
    phone.locator("#id_title").focus()
    phone.locator(NEAR).first.wait_for(state="detached")
    assert phone.complaints == []


def test_a_curator_sees_the_nearest_practices_beside_a_report(open_page, ana, carol, chris):
    report = make_report(ana, carol)
    practice = make_published_practice(carol, chris)
    page = open_page(carol, locale="en-GB", width=1280, theme="dark")
    page.goto(report.get_absolute_url())
    page.locator(NEAR).first.wait_for()
    assert page.locator(NEAR).first.get_attribute("href") == practice.get_absolute_url()
    assert page.get_by_text("Same stake: Moving to another platform.").is_visible()
    assert_accessible(page)
    page.goto(f"/practices/near/{report.public_id}/")
    assert_accessible(page)
    assert page.complaints == []
