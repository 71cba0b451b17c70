"""A reader's alarm, two words withheld by a moderator, and what anyone reads afterwards: by keyboard, in
French.
"""

import pytest

from experiences.models import Redaction
from tests.browser.conftest import assert_accessible, fill, in_french, leave, press
from tests.factories import make_draft, make_report

pytestmark = pytest.mark.browser
NAME = "Jeanne Dupré"


def test_a_moderator_withholds_two_words_and_shows_the_report_again(open_page, ana, ben, carol, mona):
    report = make_report(ana, carol, language="fr", lessons=f"Demandez à {NAME} avant de fermer la liste.")
    report.result = "Neuf personnes sur dix ont suivi."
    report.write(by=ana)
    address = report.get_absolute_url()
    report.flag(by=carol, reason="identifies")

    desk = open_page(mona, width=1280, height=900)
    desk.goto(address)
    press(desk, "#withhold > summary")
    fill(desk, "#withhold_words", f"{NAME}\nDurand")
    fill(desk, "#withhold_note", "Une collègue est nommée.")
    leave(desk, lambda: press(desk, "#withhold form button"))
    assert desk.locator("del").inner_text() == NAME
    assert desk.get_by_text("Durand").first.is_visible()
    assert_accessible(desk)
    assert not Redaction.objects.exists()

    leave(desk, lambda: press(desk, "main form .btn.primary"))
    assert (
        in_french("The words are withheld, and the author is told.") in desk.locator(".messages").inner_text()
    )
    assert NAME not in desk.locator("main").inner_text()
    assert_accessible(desk)
    leave(desk, lambda: press(desk, "form[action$='/withheld/'] button"))
    assert desk.locator("del").inner_text() == NAME
    assert_accessible(desk)
    desk.goto(address)
    leave(desk, lambda: press(desk, "#restore form button"))

    phone = open_page()
    phone.goto(address)
    assert phone.get_by_text("Demandez à [withheld]").is_visible()
    assert_accessible(phone)
    leave(phone, lambda: press(phone, "header.head a[href$='/history/']"))
    assert_accessible(phone)
    options = phone.locator("select[name=from] option")
    phone.locator("select[name=from]").select_option(index=options.count() - 1)
    leave(phone, lambda: press(phone, "main form .btn"))
    assert "Neuf" in phone.locator(".notebook ins").inner_text()
    assert NAME not in phone.content()
    assert [page.complaints for page in (desk, phone)] == [[], []]


def test_a_reviewer_sees_what_changed_since_it_came_back(open_page, ben, carol):
    report = make_draft(ben, identity="withheld", language="fr").submit(by=ben)
    for result in ("Neuf sur dix ont suivi.", "Neuf sur dix ont suivi, dont deux à regret."):
        report.return_to_author(by=carol, reason="unclear", note="Dites-en plus.")
        report.result = result
        report.write(by=ben)
        report.submit(by=ben)
    for person in (carol, ben):
        phone = open_page(person, theme="dark")
        phone.goto(report.get_absolute_url())
        assert (
            "dont deux à regret" in phone.locator("section:has(> header #since-sent) ins").first.inner_text()
        )
        press(phone, "section:has(> header #since-sent) summary")
        assert_accessible(phone)
        assert phone.complaints == []
