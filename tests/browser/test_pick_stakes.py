"""Stakes are picked by typing a word for them, or by ticking them; the boxes hold what is chosen."""

import pytest

from experiences.models import Stake
from tests.browser.conftest import assert_accessible, focused, leave, press
from tests.browser.test_post_a_report import TOLD, choose, tell
from tests.factories import make_practice

pytestmark = pytest.mark.browser
NEW = "/experiences/new/"


def names(*slugs, language="fr"):
    found = {stake.slug: getattr(stake, f"name_{language}") for stake in Stake.objects.filter(slug__in=slugs)}
    return [found[slug] for slug in slugs]


def type_and_pick(page, word, key="Enter"):
    page.locator("#stake-words").focus()
    page.keyboard.type(word)
    page.locator("#stake-list [role=option].at").wait_for()
    page.keyboard.press(key)


def chips(page):
    return [
        chip.inner_text().split("\n")[0].strip()
        for chip in page.locator(".picked button > span:first-child").all()
    ]


def ticked(page):
    return page.eval_on_selector_all("input[name=stakes]:checked", "boxes => boxes.map(box => box.value)")


def test_what_begins_with_the_word_comes_first_then_what_resembles_it(open_page, ana):
    phone = open_page(ana)
    phone.goto(NEW)
    phone.locator("#stake-words").fill("silence")
    offered = phone.locator("#stake-list [role=option] > span:first-child").all_inner_texts()
    assert set(names("activity-drop", "quiet-majority")) <= set(offered)
    assert phone.locator("#stake-list .at").inner_text().startswith(names("activity-drop")[0])


def test_a_phone_picks_by_keyboard_what_a_french_word_names(open_page, ana):
    phone = open_page(ana)
    phone.goto(NEW)
    phone.locator("#stake-words").focus()
    phone.keyboard.type("EPUIS")
    active = phone.locator("#stake-words").get_attribute("aria-activedescendant")
    assert active == "stake-option-manager-wellbeing"
    assert phone.locator("#stake-words").get_attribute("aria-expanded") == "true"
    assert_accessible(phone)
    phone.keyboard.press("Enter")
    assert phone.url.endswith(NEW)  # Enter picks, and sends nothing.
    assert phone.locator("#stake-words").input_value() == ""
    assert ticked(phone) == ["manager-wellbeing"]
    assert chips(phone) == names("manager-wellbeing")

    phone.keyboard.type("onboarding")
    phone.keyboard.press("ArrowDown")
    phone.keyboard.press("ArrowUp")
    phone.keyboard.press("Enter")
    assert ticked(phone) == ["first-steps", "manager-wellbeing"]
    assert names("first-steps")[0] in phone.locator("stake-picker [role=status]").last.inner_text()
    assert_accessible(phone)

    phone.keyboard.press("Shift+Tab")  # back to the last chip
    phone.keyboard.press("Enter")
    assert ticked(phone) == ["first-steps"]
    focused(phone, ".picked .chip")
    phone.keyboard.press("Enter")
    assert ticked(phone) == []
    focused(phone, "#stake-words")
    assert phone.complaints == []


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("lurkers", "quiet-majority"),
        ("charge modérat", "moderation-load"),
        ("retour sur investissement", "proving-value"),
        ("moderateurs", "moderation-load"),
        ("Majorité", "quiet-majority"),
        ("wrong outdated", "accuracy"),
    ],
)
def test_names_synonyms_and_definitions_of_both_languages_find_a_stake(open_page, ana, word, slug):
    page = open_page(ana, locale="en-GB", width=1280, theme="dark")
    page.goto(NEW)
    type_and_pick(page, word)
    assert ticked(page) == [slug]
    assert chips(page) == names(slug, language="en")


def test_a_word_no_stake_says_is_told_and_escape_leaves_the_list(open_page, ana):
    page = open_page(ana, locale="en-GB", width=1280)
    page.goto(NEW)
    page.locator("#stake-words").focus()
    page.keyboard.type("xyzzy")
    told = page.locator("stake-picker > [role=status]").last
    assert told.inner_text().startswith("No stake says “xyzzy”.")
    page.keyboard.press("Escape")
    assert page.locator("#stake-words").input_value() == ""
    page.keyboard.press("ArrowDown")
    assert page.locator("#stake-list [role=option]").count() == 60
    assert page.locator("#stake-list [role=group]").count() == 8
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert page.locator("#stake-list").is_hidden()
    assert ticked(page) == []


def test_a_sixth_is_refused_in_a_sentence_by_both_ways(open_page, ana):
    page = open_page(ana, locale="en-GB", width=1280)
    page.goto(NEW)
    for word in ("burnout", "trolls", "lurkers", "onboarding", "ROI"):
        type_and_pick(page, word)
    assert len(ticked(page)) == 5
    full = page.locator("#stake-full")
    assert full.inner_text() == ""
    type_and_pick(page, "migration")
    assert full.inner_text().startswith("You have chosen 5")
    assert_accessible(page)
    page.locator("summary", has_text="Culture").click()
    page.locator("#id_stakes_trust").click()
    assert page.locator("li:has(#id_stakes_trust) #stake-full").is_visible()
    assert len(ticked(page)) == 5
    page.locator(".picked button").first.click()
    assert full.inner_text() == ""
    page.locator("#id_stakes_trust").click()
    assert "trust" in ticked(page)
    assert names("trust", language="en")[0] in chips(page)


def test_what_is_picked_is_said_to_the_form_and_sent_with_it(open_page, ana):
    page = open_page(ana)
    page.goto(NEW)
    page.evaluate(
        "document.heard = [];"
        " for (const name of ['input', 'change']) document.getElementById('report')"
        ".addEventListener(name, (event) => document.heard.push(`${name} ${event.target.name}`))"
    )
    type_and_pick(page, "ghosting")
    assert page.evaluate("document.heard") == ["input stakes", "change stakes"]
    tell(page, TOLD)
    choose(page)
    leave(page, lambda: press(page, "button[name=do][value=send]:not([hidden])"))
    assert "activity-drop" in {stake.slug for stake in ana.experiences.get().stakes.all()}


def test_the_form_of_a_practice_has_the_same_picker(open_page, carol):
    practice = make_practice(carol)
    page = open_page(carol)
    page.goto(f"/practices/{practice.slug}/edit/")
    assert chips(page) == names("moving-platform")
    type_and_pick(page, "rgpd")
    assert_accessible(page)
    leave(page, lambda: press(page, "main form button.primary"))
    practice.refresh_from_db()
    assert set(practice.stake_slugs) == {"moving-platform", "personal-data"}
    assert page.complaints == []
