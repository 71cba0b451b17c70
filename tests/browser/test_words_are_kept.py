"""What is typed survives: a closed tab, a lost line, an expired session, a second tab, a double click."""

import re

import pytest
from django.contrib.sessions.models import Session

from experiences.models import Experience
from tests.browser.conftest import assert_accessible, focused, press
from tests.browser.test_post_a_report import TOLD, choose, tell
from tests.factories import make_draft

pytestmark = pytest.mark.browser


@pytest.fixture
def typing(open_page):
    """Return a maker of pages for typing; each goes offline at the end, so that none writes to an emptied
    database.
    """
    opened = []

    def maker(person, address="/experiences/new/", page=None, **options):
        page = page.context.new_page() if page else open_page(person, **options)
        opened.append(page)
        page.goto(address)
        return page

    yield maker
    for page in opened:
        page.context.set_offline(True)


def state(page, name):
    """Wait until the form says that it is in this state."""
    page.locator(f"auto-save[data-state={name}]").wait_for(state="attached")


def test_a_tab_closed_while_typing_loses_nothing(typing, ana):
    phone = typing(ana)
    tell(phone, TOLD)
    state(phone, "saved")
    report = ana.experiences.get()
    assert (report.status, report.result) == ("draft", TOLD["result"])
    assert phone.url.endswith(f"/experiences/{report.public_id}/edit/")
    assert phone.locator("auto-save [role=status]").inner_text()
    assert_accessible(phone)

    phone.reload()
    assert phone.locator("#id_result").input_value() == TOLD["result"]
    phone.goto("/experiences/mine/")
    assert phone.get_by_role("link", name=TOLD["title"]).is_visible()


def test_words_typed_offline_go_when_the_line_is_back(typing, ana):
    phone = typing(ana)
    phone.locator("#id_title").fill("Avant la coupure")
    state(phone, "saved")
    phone.context.set_offline(True)
    phone.locator("#id_title").fill("Pendant la coupure")
    state(phone, "device")
    press(phone, "button[name=do][value=send]:not([hidden])")
    focused(phone, "auto-save")
    assert ana.experiences.get().title == "Avant la coupure"

    phone.context.set_offline(False)
    state(phone, "saved")
    assert ana.experiences.get().title == "Pendant la coupure"


def test_a_tab_closed_offline_finds_its_words_again_on_this_device(typing, ana):
    train = typing(ana)
    train.context.set_offline(True)
    train.locator("#id_situation").fill("Écrit dans le train.")
    state(train, "device")
    train.close()
    train.context.set_offline(False)
    phone = typing(ana, page=train)
    phone.locator("[role=alert]:has([data-restore])").wait_for()
    assert_accessible(phone)
    with phone.expect_navigation():
        press(phone, "[data-restore]")
    assert phone.locator("#id_situation").input_value() == "Écrit dans le train."
    state(phone, "saved")
    assert Experience.objects.get().situation == "Écrit dans le train."
    phone.goto("/experiences/new/")
    assert phone.locator("[data-restore]").count() == 0


def test_a_session_that_ended_costs_no_word(typing, ana, browse, live_server):
    phone = typing(ana)
    phone.locator("#id_title").fill("Signed in")
    state(phone, "saved")
    Session.objects.all().delete()
    phone.locator("#id_title").fill("Signed out meanwhile")
    state(phone, "away")
    assert_accessible(phone)
    cookie = browse(ana).cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    phone.context.clear_cookies(name="csrftoken")  # As signing in again gives another one.
    phone.context.add_cookies([{"name": "csrftoken", "value": "z" * 32, "url": live_server.url}])
    state(phone, "saved")
    assert ana.experiences.get().title == "Signed out meanwhile"


def test_two_tabs_show_both_texts_and_overwrite_nothing(typing, ana):
    draft = make_draft(ana, language="fr")
    address = f"{draft.get_absolute_url()}edit/"
    first = typing(ana, address)
    second = typing(ana, address, page=first)
    first.locator("#id_result").fill("Du premier onglet.")
    state(first, "saved")
    second.locator("#id_result").fill("Du second onglet.")
    state(second, "conflict")
    draft.refresh_from_db()
    assert draft.result == "Du premier onglet."

    with second.expect_navigation():
        press(second, "button[name=do][value=save]:not([hidden])")
    both = second.locator("section:has(#conflict)").inner_text()
    assert "Du premier onglet." in both
    assert "Du second onglet." in both
    assert_accessible(second)
    second.locator("#id_title").fill("Un autre titre")
    with second.expect_navigation():
        press(second, "button[name=do][value=save]:not([hidden])")
    draft.refresh_from_db()
    assert (draft.result, draft.title) == ("Du second onglet.", "Un autre titre")
    assert second.locator("[data-restore]").count() == 0


def test_rows_come_and_go_without_another_page(typing, ana):
    phone = typing(ana)
    phone.locator("#id_title").fill("Mesuré")
    press(phone, "#measures > summary")
    press(phone, "button[value='add:measures']")
    focused(phone, "[name='measures-0-effect']")
    press(phone, "button[value='add:measures']")
    phone.locator("[name='measures-1-before']").fill("44")
    press(phone, "button[value='remove:measures-0']")
    focused(phone, "[data-row]")
    assert phone.locator("#measures [data-row]").count() == 1
    assert_accessible(phone)
    state(phone, "unfit")  # A measure without its effect cannot be stored yet, and is kept.
    phone.reload()
    assert phone.locator("[name='measures-1-before']").input_value() == "44"


def test_a_double_click_on_send_sends_once(typing, ana):
    page = typing(ana, locale="en-GB", width=1280)
    tell(page, TOLD)
    choose(page)
    page.locator("button[name=do][value=send]:not([hidden])").dblclick()
    page.wait_for_url(re.compile(r"/experiences/\w{12}/$"))
    report = Experience.objects.get()
    assert report.status == "submitted"
    assert [line.verb for line in report.log.all()] == ["submitted"]
