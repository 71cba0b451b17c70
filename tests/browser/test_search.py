"""A worried French visitor on a phone: suggestions while typing, and one answer of every kind."""

import pytest

from tests.browser.conftest import assert_accessible
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.browser


@pytest.fixture
def told(transactional_db, ana, carol, chris):
    """A practice, and a report in each language."""
    report = make_report(ana, carol, title="Wombats in the forum")
    make_report(ana, carol, title="Le wombat du forum", language="fr")
    return make_published_practice(carol, chris, title="Answer every wombat", reports=[report])


def options(page):
    return page.locator("#seek-suggestions [role=option]")


def test_what_is_typed_is_completed_by_keyboard(page, told):
    page.goto("/stakes/")
    box = page.locator("#seek")
    assert box.get_attribute("role") == "combobox"
    box.press_sequentially("wom")
    options(page).first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    assert_accessible(page)

    box.press("ArrowDown")
    box.press("ArrowDown")
    box.press("ArrowUp")
    chosen = page.locator("#seek-suggestions [aria-selected=true]")
    assert chosen.count() == 1
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    box.press("Escape")
    assert not page.locator("#seek-suggestions").is_visible()
    assert box.input_value() == "wom"

    box.press_sequentially("b")
    options(page).first.wait_for()
    box.press("ArrowDown")
    with page.expect_navigation():
        box.press("Enter")
    assert page.url.endswith(told.get_absolute_url())
    assert page.complaints == []


def test_a_question_is_answered_of_every_kind(page, told):
    page.goto("/stakes/")
    page.locator("#seek").fill("les lurkers et le wombat du forum")
    with page.expect_navigation():
        page.locator("#seek").press("Enter")

    headings = page.locator("main h2").all_inner_texts()
    kinds = [one for one in ("Pratiques", "Enjeux", "Récits") if any(h.startswith(one) for h in headings)]
    assert [heading.split()[0] for heading in headings[: len(kinds)]] == kinds
    assert {"Enjeux", "Récits"} <= set(kinds)
    assert page.locator("main mark").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)

    page.locator("#q").fill("wombta")
    with page.expect_navigation():
        page.locator("#q").press("Enter")
    assert page.get_by_text("a été cherché à la place").is_visible()
    assert_accessible(page)

    page.locator("#q").fill("?!")
    with page.expect_navigation():
        page.locator("#q").press("Enter")
    assert page.get_by_text("aucun mot à chercher").is_visible()
    assert page.complaints == []
