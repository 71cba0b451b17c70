"""A member posts a first report on a phone, in French, by keyboard; a curator publishes it; all may read."""

import pytest

from experiences.models import Experience
from tests.browser.conftest import assert_accessible, in_french, press

pytestmark = pytest.mark.browser

TOLD = {
    "title": "Nous avons remplacé la liste par un forum",
    "situation": "La liste n’était plus maintenue et les modérateurs n’avaient aucun outil.",
    "action": "Nous avons gardé les deux pendant trois mois, puis importé les archives.",
    "result": "Huit personnes sur dix ont suivi ; douze se sont désabonnées.",
}


def tell(page, told):
    """Type the texts one after the other, going on with Tab."""
    page.locator("#id_title").focus()
    for text in told.values():
        page.keyboard.type(text)
        page.keyboard.press("Tab")


def choose(page):
    press(page, "details:has(#id_stakes_moving-platform) > summary")
    press(page, "#id_stakes_moving-platform", "Space")
    for name, value in [("audience", "external"), ("kind", "open-source"), ("community-size", "c-1k-9k")]:
        press(page, f"[name={name}][value={value}]", "Space")
    press(page, "[name=verdict][value=worked-in-part]", "Space")


def test_a_member_posts_a_first_report_and_a_curator_publishes_it(open_page, ana, carol):
    phone = open_page(ana)
    phone.goto("/experiences/new/")
    assert phone.locator("html").get_attribute("lang") == "fr"
    assert_accessible(phone)

    tell(phone, TOLD)
    press(phone, "#measures > summary")
    press(phone, "button[value='add:measures']")
    assert phone.locator("#id_title").input_value() == TOLD["title"]
    press(phone, "button[value='remove:measures-0']")
    press(phone, "button[name=do][value=send]:not([hidden])")
    phone.wait_for_selector("error-summary")
    assert_accessible(phone)
    assert ana.experiences.get().status == "draft"

    choose(phone)
    press(phone, "button[name=do][value=send]:not([hidden])")
    report = ana.experiences.get()
    phone.wait_for_url(f"**{report.get_absolute_url()}")
    assert phone.get_by_text(in_french("Waiting for a curator")).first.is_visible()
    assert_accessible(phone)
    phone.goto("/experiences/mine/")
    assert phone.get_by_text(TOLD["title"]).is_visible()
    assert_accessible(phone)

    desk = open_page(carol, locale="en-GB", width=1280, height=900)
    desk.goto(report.get_absolute_url())
    assert_accessible(desk)
    press(desk, "form[action$='/publish/'] button")
    desk.wait_for_selector("[role=status]")
    report.refresh_from_db()
    assert report.status == Experience.Status.PUBLISHED

    reader = open_page()
    assert reader.goto(report.get_absolute_url()).status == 200
    assert reader.get_by_text(TOLD["result"]).is_visible()
    assert ana.display_name not in reader.locator("main").inner_text()
    assert_accessible(reader)
    assert [page.complaints for page in (desk, reader)] == [[], []]


def test_the_form_is_accessible_with_every_part_open_in_the_dark(open_page, ana):
    page = open_page(ana, theme="dark")
    page.goto("/experiences/new/")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    page.locator("button[value='add:sources']").click()
    assert_accessible(page)


def test_stating_one_s_situation_on_a_phone(open_page, ana):
    page = open_page(ana)
    page.goto("/situation/")
    assert_accessible(page)
    press(page, "[name=audience][value=internal]", "Space")
    press(page, "main form button")
    page.wait_for_selector("[role=status]")
    assert page.locator("[name=audience][value=internal]").is_checked()
