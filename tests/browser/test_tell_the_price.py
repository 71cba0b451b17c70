"""What it cost is told on a phone: in a quick note by keyboard, in the form, and without scripts."""

import pytest

from tests.browser.conftest import assert_accessible, focused, leave, press
from tests.factories import make_draft

pytestmark = pytest.mark.browser
NOTE = "/experiences/new/note/"


def test_a_quick_note_tells_a_near_miss_and_its_price_by_keyboard(open_page, ana):
    phone = open_page(ana)
    phone.goto(NOTE)
    for part in ("#nature", "#unwanted"):
        press(phone, f"{part} > summary")
    assert_accessible(phone)
    press(phone, "[name=nature][value=near-miss]", "Space")
    phone.locator("#id_result").fill("Personne n’a été touché.")
    press(phone, "[name=unwanted_seen][value=some]", "Space")
    press(phone, "[name=unwanted_borne_by][value=moderators]", "Space")
    press(phone, "[name=unwanted_weight][value=heavy]", "Space")
    press(phone, ".note-form button.primary")
    phone.wait_for_url("**/edit/")

    report = ana.experiences.get()
    assert (report.nature, report.verdict) == ("near-miss", "too-early")
    assert (report.unwanted_borne_by, report.unwanted_weight) == (["moderators"], "heavy")
    # What was told is open in the whole form.
    assert phone.locator("#unwanted").get_attribute("open") is not None
    assert phone.locator("#nature").get_attribute("open") is not None


def test_first_signs_are_added_as_rows(open_page, ana):
    phone = open_page(ana, theme="dark")
    report = make_draft(ana)
    phone.goto(f"{report.get_absolute_url()}edit/")
    press(phone, "#first_signs > summary")
    press(phone, "button[value='add:first_signs']")
    focused(phone, "[name=first_signs-0-sign]")
    phone.keyboard.type("Plus personne le lundi.")
    assert_accessible(phone)
    leave(phone, lambda: press(phone, "button[name=do][value=save]:not([hidden])"))
    report.refresh_from_db()
    assert [row["sign"] for row in report.first_signs] == ["Plus personne le lundi."]


def test_it_is_told_without_scripts(plain, ana):
    page = plain(ana)
    report = make_draft(ana)
    page.goto(f"{report.get_absolute_url()}edit/")
    page.locator("#unwanted > summary").click()
    page.locator("[name=unwanted_seen][value=none]").check()
    page.locator("#first_signs > summary").click()
    page.locator("button[value='add:first_signs']").click()
    page.locator("[name=first_signs-0-sign]").fill("Silence")
    page.locator("button[name=do][value=save]:not([hidden])").click()
    report.refresh_from_db()
    assert (report.unwanted_seen, report.first_signs[0]["sign"]) == ("none", "Silence")
