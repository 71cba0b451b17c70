"""A curator sets stakes and is led on, a reader asks, the author answers, a moderator decides: on a phone,
by keyboard.
"""

import pytest

from tests.browser.conftest import assert_accessible, fill, in_french, leave, press
from tests.factories import make_draft, make_known, make_report

pytestmark = pytest.mark.browser


def test_a_curator_sets_other_stakes_and_is_led_to_the_next_report(open_page, ana, ben, carol):
    first, second = make_draft(ana).submit(by=ana), make_draft(ben).submit(by=ben)
    phone = open_page(carol)
    phone.goto(first.get_absolute_url())
    press(phone, "#stakes > summary")
    press(phone, "details:has(#id_stakes_chasing-numbers) summary >> nth=-1")
    press(phone, "#id_stakes_chasing-numbers", "Space")
    assert_accessible(phone)
    leave(phone, lambda: press(phone, "form[action$='/stakes/'] > p > button"))
    assert in_french("The author chose:") in phone.locator(".notebook").inner_text()
    assert_accessible(phone)

    leave(phone, lambda: press(phone, "form[action$='/publish/'] button"))
    assert phone.url.endswith(second.get_absolute_url())
    leave(phone, lambda: press(phone, "form[action$='/publish/'] button"))
    assert phone.url.endswith("/practices/desk/")
    assert in_french("No other report waits for you.") in phone.locator(".messages").inner_text()
    assert phone.complaints == []


def test_a_reader_asks_and_the_author_answers(open_page, ana, ben, carol):
    report = make_report(ana, carol, identity="withheld")
    reader = open_page(ben, theme="dark")
    reader.goto(report.get_absolute_url())
    press(reader, "#ask > summary")
    reader.locator("#ask_part").select_option("action")
    fill(reader, "#ask_text", "Qui tenait les deux ?")
    press(reader, "[name=identity][value=named]", "Space")
    assert_accessible(reader)
    leave(reader, lambda: press(reader, "form[action$='/ask/'] button"))
    assert reader.url.endswith("#questions")
    assert_accessible(reader)

    author = open_page(ana)
    author.goto("/experiences/mine/")
    leave(author, lambda: press(author, "a[href$='#questions']"))
    fill(author, "#questions ~ .said textarea, .said textarea", "Deux bénévoles.")
    assert_accessible(author)
    leave(author, lambda: press(author, "form[action$='/answer/'] button"))

    visitor = open_page()
    visitor.goto(report.get_absolute_url())
    said = visitor.locator(".said").inner_text()
    assert "Qui tenait les deux ?" in said
    assert "Deux bénévoles." in said
    assert "Ana" not in visitor.locator("main").inner_text()
    assert_accessible(visitor)
    assert [page.complaints for page in (reader, author, visitor)] == [[], [], []]


def test_a_reader_raises_an_alarm_and_a_moderator_decides(open_page, ana, ben, carol, mona):
    report = make_report(ana, carol)
    reader = open_page(make_known(ben))
    reader.goto(report.get_absolute_url())
    press(reader, "#flag > summary")
    press(reader, "[name=reason][value=identifies]", "Space")
    fill(reader, "#flag_note", "La deuxième ligne.")
    assert_accessible(reader)
    leave(reader, lambda: press(reader, "form[action$='/flag/'] button"))
    assert reader.goto(report.get_absolute_url()).status == 404

    desk = open_page(mona)
    desk.goto("/moderation/")
    assert_accessible(desk)
    leave(desk, lambda: press(desk, "a[href$='#flags']"))
    assert "La deuxième ligne." in desk.locator("section:has(#flags)").inner_text()
    assert_accessible(desk)
    leave(desk, lambda: press(desk, "form[action$='/restore/'] button"))
    assert reader.goto(report.get_absolute_url()).status == 200
    assert [line for page in (reader, desk) for line in page.complaints if "404" not in line] == []
