"""With scripts off, a report is written, grows rows, is previewed, kept, checked and sent: nothing needs
them.
"""

import pytest

from tests.browser.conftest import in_french, leave
from tests.browser.test_post_a_report import TOLD

pytestmark = pytest.mark.browser


def press(page, selector):
    """Press the button or link that `selector` names, and wait for the page it leads to."""
    leave(page, page.locator(selector).first.click)


def test_a_report_is_told_and_published_without_scripts(plain, ana, carol):
    page = plain(ana)
    page.goto("/experiences/new/")
    for name, text in TOLD.items():
        page.locator(f"#id_{name}").fill(text)
    page.locator("summary", has_text="Outils").click()
    page.locator("#id_stakes_moving-platform").check()
    for name, value in [("audience", "external"), ("kind", "open-source"), ("community-size", "c-1k-9k")]:
        page.locator(f"[name={name}][value={value}]").check()
    page.locator("[name=verdict][value=backfired]").check()

    page.locator("#measures > summary").click()
    press(page, "button[value='add:measures']")
    page.locator("[name='measures-0-effect']").select_option(index=1)
    page.locator("[name='measures-0-direction']").select_option("up")
    page.locator("[name='measures-0-before']").fill("10")
    press(page, "button[value='add:measures']")
    press(page, "button[value='remove:measures-1']")
    assert page.locator("[name='measures-0-before']").input_value() == "10"

    press(page, "button[name=do][value=preview]:not([hidden])")
    assert page.locator("#preview").is_visible()
    press(page, "button[name=do][value=save]:not([hidden])")
    report = ana.experiences.get()
    assert (report.status, report.measures.get().before) == ("draft", "10")

    page.locator("#id_action").fill("Marianne a appelé chaque nouveau membre.")
    press(page, "button[name=do][value=send]:not([hidden])")
    assert page.locator("check-before-sending.asked").is_visible()
    press(page, "check-before-sending button")
    report.refresh_from_db()
    assert report.status == "submitted"

    desk = plain(carol)
    desk.goto(report.get_absolute_url())
    press(desk, "form[action$='/publish/'] button")
    report.refresh_from_db()
    assert report.status == "published"
    assert in_french("It made things worse") in page_of(desk, report)


def page_of(page, report):
    page.goto(report.get_absolute_url())
    return page.locator("main").inner_text()
