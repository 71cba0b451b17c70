"""A member keeps a search, changes and deletes it, keeps it again, and takes its list along: on a phone, in
French, by keyboard; and without scripts.
"""

import os

import pytest

from practices.models import KeptSearch
from tests.browser.conftest import assert_accessible, fill, in_french, leave, press
from tests.factories import make_report

pytestmark = pytest.mark.browser


def shoot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_member_keeps_a_search_and_follows_it(open_page, ana, carol):
    make_report(ana, carol, title="Déplacer la liste", language="fr")
    phone = open_page(ana)
    phone.goto("/experiences/?verdict=worked")
    press(phone, "#save-search summary")
    assert_accessible(phone)
    shoot(phone, "list")
    fill(phone, "#search-name", " et la suite")
    phone.locator("#search-alert").select_option("weekly")
    leave(phone, lambda: press(phone, "#save-search button"))
    search = KeptSearch.objects.get()
    assert (search.query, search.alert) == ("verdict=worked", "weekly")
    assert search.name in phone.locator("main").inner_text()
    press(phone, "main details summary")
    assert_accessible(phone)
    shoot(phone, "following")

    phone.locator(f"[id='{search.public_id}-name']").fill("")
    leave(phone, lambda: press(phone, "form[action$='/change/'] button"))
    assert_accessible(phone)
    shoot(phone, "refused")
    phone.locator(f"[id='{search.public_id}-name']").fill("Ce qui marche")
    leave(phone, lambda: press(phone, "form[action$='/change/'] button"))
    assert "Ce qui marche" in phone.locator("main h2").inner_text()

    press(phone, "main details summary")
    leave(phone, lambda: press(phone, "form[action$='/delete/'] button"))
    assert not KeptSearch.objects.exists()
    assert in_french("You follow nothing yet.") in phone.locator("main").inner_text()
    assert_accessible(phone)
    shoot(phone, "deleted")
    leave(phone, lambda: press(phone, "main form.note button"))
    leave(phone, lambda: press(phone, f"main a[href^='/following/{KeptSearch.objects.get().public_id}']"))
    assert phone.url.endswith("/experiences/?verdict=worked")
    with phone.expect_download() as taken:
        press(phone, "a[href^='/experiences.csv']")
    assert taken.value.suggested_filename == "retex-reports.csv"
    assert [one for one in phone.complaints if "422" not in one] == []


def test_a_search_is_kept_without_scripts(plain, ana, carol):
    make_report(ana, carol)
    page = plain(ana)
    page.goto("/practices/?stake=moving-platform")
    page.locator("#save-search summary").click()
    page.locator("#save-search button").click()
    page.wait_for_url("**/following/")
    assert KeptSearch.objects.get().kind == "practices"


def test_an_alert_is_stopped_from_its_mail(open_page, ana):
    search = KeptSearch(name="Moves", kind="reports", alert="at-once").write(by=ana)
    page = open_page(locale="en-GB", width=1280)
    page.goto(search.stop_path)
    assert_accessible(page)
    leave(page, lambda: press(page, "main form button"))
    assert_accessible(page)
    shoot(page, "stopped")
    assert KeptSearch.objects.get().alert == "none"
    wide = open_page(ana, locale="en-GB", width=1280)
    for path, name in (("/following/", "following-en"), ("/practices/", "practices-en")):
        wide.goto(path)
        assert_accessible(wide)
        shoot(wide, name)
