"""A reader opens a practice on a phone or at a desk: the answer comes first, and all of it is at hand."""

from io import StringIO

import pytest
from django.core.management import call_command

from accounts.models import User
from practices.models import Practice
from tests.browser.conftest import assert_accessible, in_french, leave
from tests.conftest import make_person
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.browser
HEIGHT, HOW_BEFORE = 800, 900
FOREIGN = 30  # A page in another language says so on a line of its own, with the way to the reader's.
BOTTOM = "(all) => Math.max(...all.map((one) => one.getBoundingClientRect().bottom + scrollY))"
SHEET = "navigator.share = (told) => { window.shared = told; return Promise.resolve(); }"
LIST = "- Say it once.\n- Then say it again.\n- Write down who answered, and when."


@pytest.fixture
def practice(transactional_db, carol, chris):
    reports = [make_report(make_person(f"author{n}"), carol, effort_hours=n + 1) for n in range(4)]
    return make_published_practice(
        carol, chris, reports=reports, why=LIST, how=LIST, applies_when=LIST, avoid_when=LIST, pitfalls=LIST
    )


def top_of(page, selector):
    return page.eval_on_selector(selector, "(one) => one.getBoundingClientRect().top + scrollY")


def scrolled_to_top(page):
    """Wait for it, as scrolling is smooth."""
    for _each in range(300):
        if not page.evaluate("scrollY"):
            return
        page.wait_for_timeout(10)
    raise AssertionError(f"{page.url} is still scrolled")


@pytest.fixture
def demo(transactional_db):
    call_command("load_demo", stdout=StringIO())
    published = Practice.objects.published().select_related("current")
    assert {one.current.language for one in published} == {"en", "fr"}
    return published


def test_the_first_screen_of_a_phone_answers_and_how_is_near(open_page, demo):
    people = None, User.objects.get(email="ana@example.org")
    for page in (open_page(person, locale=locale) for locale in ("fr-FR", "en-GB") for person in people):
        for practice in demo:
            page.goto(practice.get_absolute_url())
            free = page.eval_on_selector(".at-hand", "(bar) => bar.getBoundingClientRect().top")
            answer = page.eval_on_selector_all("h1, .at-a-glance .serif, .at-a-glance .units", BOTTOM)

            assert free > HEIGHT - 60, "what is at hand takes little of the screen"
            assert answer <= free, f"{page.url} answers below the first screen"
            line = FOREIGN if page.get_attribute("html", "lang") != practice.current.language else 0
            assert top_of(page, "#how") < HOW_BEFORE + line, f"{page.url} says how too far down"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_practice_and_its_version_are_accessible_folded_and_open(open_page, practice, theme, width):
    page = open_page(width=width, theme=theme)
    for address in (practice.get_absolute_url(), practice.current.get_absolute_url()):
        page.goto(address)
        assert_accessible(page)
        page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
        assert_accessible(page)
    assert page.complaints == []


def test_the_index_folds_at_the_foot_of_a_phone_and_opens_what_it_leads_to(open_page, practice):
    page = open_page()
    page.goto(practice.get_absolute_url())
    assert not page.locator("#avoid-when").is_visible()
    assert page.locator(".first-line").inner_text().startswith("Say it once.")  # When to avoid it, unasked.

    page.locator("summary", has_text=in_french("On this page")).click()
    page.locator("nav a[href='#avoid-when']").click()
    page.locator("#avoid-when").wait_for()
    assert not page.locator(".first-line").is_visible()
    assert not page.locator("nav a[href='#avoid-when']").is_visible()  # It gave the screen back.

    page.locator(".folds summary").first.click(position={"x": 10, "y": 10})  # Anywhere on the line.
    assert page.locator("#applies-when").is_visible()
    page.locator("a[href='#top']").click()
    scrolled_to_top(page)
    assert page.complaints == []


def test_the_index_beside_the_words_marks_the_part_that_is_read(open_page, practice):
    page = open_page(width=1280)
    page.goto(practice.get_absolute_url())
    assert page.locator("#applies-when").is_visible()
    assert page.locator(".at-hand [aria-current='true']").count() == 0

    page.locator("nav a[href='#pitfalls']").click()
    page.locator("nav a[href='#pitfalls'][aria-current='true']").wait_for()
    assert page.locator(".at-hand [aria-current='true']").count() == 1
    assert page.locator(".at-hand").evaluate("(one) => one.getBoundingClientRect().top") >= 0


@pytest.mark.parametrize("scripts", [True, False])
def test_an_address_opens_the_criteria_of_the_grade(chromium, live_server, practice, scripts):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(practice.get_absolute_url())
    assert not page.locator("#why-grade").is_visible()

    page.locator("a[href='#why-grade']").click()
    page.locator("#why-grade").wait_for()
    page.goto("about:blank")
    page.goto(f"{practice.get_absolute_url()}#why-grade")
    page.locator("#why-grade").wait_for()
    context.close()


def test_the_link_is_copied_or_given_to_the_system_s_own_sheet(open_page, practice):
    page = open_page(locale="en-GB", width=1280)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{practice.get_absolute_url()}#cite")
    assert not page.locator("[data-do=share]").is_visible()  # This browser has no such sheet.
    assert page.locator("[data-do=print]").is_visible()
    page.locator("[data-do=copy]").click()
    page.get_by_text("Link copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith(practice.get_absolute_url())

    page.add_init_script(SHEET)
    page.reload()
    page.locator("[data-do=share]").click()
    assert page.evaluate("window.shared.url") == copied
    assert page.complaints == []


def test_without_scripts_no_button_stands_there_that_does_nothing(plain, practice, ben):
    page = plain(ben)
    page.goto(practice.get_absolute_url())
    page.locator("summary", has_text=in_french("Share, cite")).click()

    assert page.locator("page-actions a[href='#cite']").is_visible()
    assert page.locator("page-actions [data-do]:visible").count() == 0


@pytest.fixture
def other(practice, carol, chris):
    report = make_report(make_person("elsewhere"), carol, verdict="backfired")
    return make_published_practice(carol, chris, title="Close at once", reports=[report], avoid_when=LIST)


def test_two_practices_are_compared_on_a_phone_without_scripts(plain, practice, other, ben):
    page = plain(ben)
    page.goto(practice.get_absolute_url())
    page.locator("summary", has_text=in_french("Share, cite")).click()
    leave(page, page.locator("a[href^='/practices/compare/']").click)
    leave(page, page.locator(".ruled a", has_text="Close at once").click)

    assert page.url.endswith(f"/practices/compare/?a={practice.slug}&b={other.slug}")
    how = page.locator("tr", has=page.locator("th[scope=row]", has_text=in_french("How").strip())).last
    assert how.locator(".whose").all_inner_texts() == [practice.title, other.title]  # labelled pairs
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (768, "dark"), (1280, "light")])
def test_the_comparison_is_accessible_at_each_step(open_page, practice, other, width, theme):
    page = open_page(width=width, theme=theme)
    for query in ("", f"?a={practice.slug}", f"?a={practice.slug}&b={other.slug}"):
        page.goto(f"/practices/compare/{query}")
        assert_accessible(page)
    assert page.locator(".whose").first.is_visible() == (width == 360)
    assert page.complaints == []
