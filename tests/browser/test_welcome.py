"""Arriving: home and the doors on a phone, and the steps of a new member, with the keyboard alone."""

import pytest

from tests.browser.conftest import assert_accessible, in_french, leave, press

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "opened"), [(360, 0), (1280, 8)])
def test_stakes_fold_on_a_phone_alone(open_page, width, opened):
    page = open_page(width=width)
    page.goto("/")

    assert page.locator("details[data-fold]").count() == 8
    page.wait_for_function(
        "number => document.querySelectorAll('details[data-fold][open]').length == number", arg=opened
    )
    assert page.locator(".of-numbers").is_visible() == bool(opened)  # It says what numbers count that show.
    assert_accessible(page)
    assert not page.complaints


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_doors_are_for_everyone(open_page, theme):
    page = open_page(theme=theme)
    page.goto("/welcome/")

    assert page.locator("h1").inner_text() == in_french("Begin here")
    assert_accessible(page)


def test_a_new_member_takes_the_steps_with_the_keyboard(open_page, ana):
    page = open_page(ana)
    page.goto("/welcome/situation/")
    assert_accessible(page)
    page.locator("[name=audience]").select_option("internal")
    leave(page, lambda: press(page, "form.report .btn.primary"))

    assert page.url.endswith("/welcome/languages/")
    assert_accessible(page)
    press(page, "[name=language][value=fr]", " ")
    leave(page, lambda: press(page, "form.report .btn.primary"))

    assert page.url.endswith("/welcome/following/")
    page.locator("#stake-words").fill("activité")
    page.locator("#stake-words").press("Enter")
    assert_accessible(page)
    leave(page, lambda: press(page, "form.report .btn.primary"))

    assert page.url.rstrip("/").count("/") == 2  # home
    assert ana.kept_searches.count() == 2
