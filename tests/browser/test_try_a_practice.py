"""A reader tells, with the keyboard and on a phone, that a practice did not work; the line becomes a
report.
"""

import re

import pytest

from experiences.models import Situation
from practices.models import Trial
from tests.browser.conftest import assert_accessible, fill, in_french, leave, press
from tests.conftest import make_person
from tests.factories import contexts, make_known, make_published_practice, make_report

pytestmark = pytest.mark.browser
HERE = {"audience": ["internal"], "kind": ["practice"], "community_size": ["c-100-999"]}
LINE = "Trois mois en double, et la moitié n’est jamais venue."


@pytest.fixture
def practice(transactional_db, carol, chris):
    """Measured, and tried by two: its grade has moved since it was published."""
    author = make_person("author")
    reports = [make_report(author, carol, measured=True, effort_hours=12)]
    practice = make_published_practice(carol, chris, reports=reports)
    for name in ("dan", "eve"):
        practice.try_out(by=make_known(make_person(name)), verdict="worked", line="It held.")
    return practice


@pytest.fixture
def reader(transactional_db, ben, carol):
    """Ben, whose reports publish at once and who said where he works."""
    make_report(ben, carol)
    Situation.state(contexts(**HERE), by=ben)
    return ben


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_trial_is_told_in_a_minute_and_grows_into_a_report(open_page, practice, reader, theme):
    page = open_page(reader, theme=theme)
    page.goto(practice.get_absolute_url())
    assert_accessible(page)

    press(page, "input[name=verdict][value=no-effect]", "Space")
    fill(page, "input[name=line]", LINE)
    leave(page, lambda: page.keyboard.press("Enter"))  # in the line itself: it sends, and asks nothing else
    assert (
        in_french("Thank you. What you told stands below, and the grade was computed again.")
        in page.content()
    )
    assert LINE in page.locator("#trials .said").inner_text()

    leave(page, lambda: press(page, f"form[action$='{practice.slug}/trial/grow/'] button"))
    assert page.locator("[name=result]").input_value() == LINE
    assert page.locator("[name=audience][value=internal]").is_checked()
    assert_accessible(page)
    fill(page, "[name=situation]", "Un forum calme.")
    fill(page, "[name=action]", "Nous avons tenu les deux.")
    leave(page, lambda: press(page, "button[name=do][value=send]"))
    assert Trial.objects.get(by=reader).successor

    page.goto(f"{practice.get_absolute_url()}#trials")
    assert LINE not in page.locator("#trials .said").inner_text()
    assert page.locator("#trials .said a[href^='/experiences/']").count() == 1
    assert_accessible(page)
    assert page.complaints == []


def test_the_place_is_changed_for_this_trial_and_no_word_is_lost(open_page, practice, reader):
    page = open_page(reader)
    page.goto(practice.get_absolute_url())
    press(page, "input[name=verdict][value=backfired]", "Space")
    fill(page, "input[name=line]", LINE)
    leave(page, lambda: press(page, "button[name=do][value=place]"))
    assert page.locator("input[name=line]").input_value() == LINE
    assert page.locator("input[name=verdict][value=backfired]").is_checked()
    assert_accessible(page)
    press(page, "input[name=audience][value=hybrid]", "Space")
    leave(page, lambda: press(page, "main form button.primary"))
    trial = Trial.objects.get(by=reader)
    assert {context.slug for context in trial.contexts.all()} == {"hybrid", "practice", "c-100-999"}
    assert (trial.line, trial.verdict) == (LINE, "backfired")
    assert page.complaints == []


def test_the_entry_is_copied_with_a_button_where_there_is_a_clipboard(open_page, practice):
    page = open_page(locale="en-GB")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(practice.get_absolute_url())
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    assert_accessible(page)
    press(page, "copy-words button")
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").startswith("@misc{retex-")
    assert page.complaints == []


def test_a_practice_prints_on_two_sheets_with_nothing_cut(open_page, carol, chris):
    reports = [make_report(make_person(f"author{n}"), carol, effort_hours=n + 1) for n in range(9)]
    long = "\n\n".join(f"{n}. Say it once, then again, and write down who answered." for n in range(1, 9))
    practice = make_published_practice(carol, chris, reports=reports, how=long, pitfalls=long, why=long)
    page = open_page(locale="en-GB", width=1280)
    page.goto(practice.get_absolute_url())
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert sheets == 2

    page.emulate_media(media="print")
    shown = page.locator("main").inner_text()
    assert shown.count("Announce the end date early and name a h") == 9
    assert "licence CC BY-SA 4.0." in shown
    for hidden in ("See as a table", "BibTeX", "Sign in", "Write a report"):
        assert hidden not in shown
