"""What may identify someone is said beside the form while one types, and asked about once on sending."""

import pytest

from tests.browser.conftest import assert_accessible, fill, focused, in_french, leave, press
from tests.browser.test_post_a_report import TOLD, choose, tell
from tests.factories import make_practice

pytestmark = pytest.mark.browser
NAMING = "Marianne, joignable au 06 12 34 56 78, a répondu à chaque nouveau membre."


def test_names_are_pointed_out_while_typing_and_asked_about_once(open_page, ana):
    phone = open_page(ana)
    phone.goto("/experiences/new/")
    told = phone.locator("check-before-sending [data-told]")
    assert told.inner_text() == in_french("What may identify someone is pointed out here while you write.")

    tell(phone, TOLD | {"action": NAMING})
    link = phone.locator("check-before-sending a[href='#id_action']")
    link.first.wait_for()
    assert link.count() == 2
    assert phone.locator("check-before-sending [aria-live=polite]").inner_text().startswith("2")
    assert_accessible(phone)
    link.first.click()
    focused(phone, "#id_action")

    choose(phone)
    press(phone, "button[name=do][value=send]:not([hidden])")
    asked = phone.locator("check-before-sending.asked")
    asked.wait_for()
    focused(phone, "check-before-sending")
    assert phone.locator("#id_action").input_value() == NAMING
    report = ana.experiences.get()
    assert report.status == "draft"
    assert_accessible(phone)

    phone.keyboard.press("Tab")
    press(phone, "check-before-sending button")
    phone.wait_for_url(f"**{report.get_absolute_url()}")
    report.refresh_from_db()
    assert report.status == "submitted"
    assert [line for line in phone.complaints if "422" not in line] == []


def test_the_list_shrinks_when_the_words_are_changed(open_page, ana):
    page = open_page(ana, locale="en-GB", width=1280, theme="dark")
    page.goto("/experiences/new/")
    page.locator("#id_situation").fill("Ask @somebody or Dr Smith.")
    page.locator("check-before-sending .spots li").nth(1).wait_for()
    assert_accessible(page)
    page.locator("#id_situation").fill("Ask the team.")
    page.locator("check-before-sending .spots").wait_for(state="detached")
    assert "Nothing that may identify" in page.locator("check-before-sending [data-told]").inner_text()


@pytest.mark.parametrize("place", ["workbench", "material"])
def test_a_claim_is_asked_about_once_where_curators_write_it(open_page, carol, place):
    practice, phone = make_practice(carol), open_page(carol)
    phone.goto(f"/practices/{practice.slug}/{place}/")
    if place == "material":
        press(phone, "#add-claim summary")
    fill(phone, "#id_new-text", "Demandez à jane.doe@agency.example.")
    leave(phone, lambda: press(phone, "form:has(#id_new-text) button"))
    focused(phone, "error-summary")
    assert phone.locator("#id_new-text").input_value() == "Demandez à jane.doe@agency.example."
    assert_accessible(phone)
    press(phone, "#id_new-anyway", " ")
    leave(phone, lambda: press(phone, "form:has(#id_new-text) button"))
    assert practice.claims().last().text == "Demandez à jane.doe@agency.example."
