"""A French visitor on a phone: from home to a stake, a report and a practice; then searching and
filtering.
"""

from urllib.parse import parse_qs, urlsplit

import pytest

from experiences.models import Situation, Stake
from tests.browser.conftest import assert_accessible, leave
from tests.factories import contexts, make_published_practice, make_report

pytestmark = pytest.mark.browser


@pytest.fixture
def told(transactional_db, ana, carol, chris):
    """Three reports, one of them a failure, and a practice that rests on two."""
    reports = [
        make_report(ana, carol, title="Une modération à plusieurs", language="fr"),
        make_report(ana, carol, title="Moderation by rota", verdict="backfired"),
        make_report(ana, carol, title="An unrelated newsletter", situation="Nobody read it."),
    ]
    make_published_practice(carol, chris, reports=reports[:2])
    return reports


def follow(page, selector):
    """Follow a link as a keyboard does."""
    page.locator(selector).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def titles(page):
    return sorted(page.locator(".recs h3").all_inner_texts())


def test_a_visitor_goes_from_home_to_a_stake_a_report_and_a_practice(page, told):
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert_accessible(page)

    follow(page, "main a[href='/stakes/']")
    assert_accessible(page)
    stake = Stake.objects.get(slug="moving-platform")
    assert page.get_by_text(stake.definition_fr).is_visible()

    follow(page, "main a[href='/stakes/moving-platform/']")
    assert page.locator("h1").inner_text() == stake.name_fr
    assert page.get_by_text("Moderation by rota").first.is_visible()
    assert_accessible(page)

    follow(page, f"main a[href='{told[0].get_absolute_url()}']")
    assert page.locator("h1").inner_text() == told[0].title
    assert_accessible(page)

    page.go_back()
    follow(page, "main h3 a[href^='/practices/']")
    assert page.locator("h1").inner_text() == "Run both places before you close one"
    assert_accessible(page)
    assert page.complaints == []


def test_words_with_and_without_accents_find_the_same(page, told):
    found = []
    for words in ("modération", "moderation"):
        page.goto("/experiences/")
        page.locator("#q").fill(words)
        page.locator("#q").press("Enter")
        page.wait_for_url("**/experiences/?q=**")
        found.append(titles(page))

    assert found[0] == found[1]
    assert told[0].title in found[0]
    assert "An unrelated newsletter" not in found[0]
    assert_accessible(page)


def test_filters_are_chosen_applied_and_removed_by_keyboard(page, told):
    page.goto("/experiences/")
    assert_accessible(page)
    page.locator("button[popovertarget=filters]").first.focus()
    page.keyboard.press("Enter")
    page.locator("[name=verdict][value=backfired]").focus()
    page.keyboard.press("Space")
    assert_accessible(page)
    follow(page, "#filters p button.primary")

    assert titles(page) == ["Moderation by rota"]
    assert parse_qs(urlsplit(page.url).query)["verdict"] == ["backfired"]
    assert_accessible(page)

    follow(page, "a.chip")
    assert len(titles(page)) == 3
    assert page.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/stakes/",
        "/stakes/moving-platform/",
        "/stakes/trust/",
        "/stakes/first-steps/",
        "/map/",
        "/map/?facet=kind&competency=tools",
        "/role/",
        "/glossary/",
        "/glossary/trade/",
        "/glossary/trade/lurker/",
        "/experiences/?q=moderation&not_platform=chat&not_platform=forum",
        "/experiences/?q=zebra&verdict=worked",
        "/experiences/?colour=red",
        "/practices/?audience=external",
    ],
)
def test_every_page_is_accessible_in_both_themes(open_page, told, ana, theme, address):
    Situation.state(contexts(audience=["external"], kind=["open-source"]), by=ana)
    page = open_page(ana, theme=theme)

    page.goto(address)
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")

    assert_accessible(page)


def test_lists_work_without_scripts(chromium, live_server, told):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/experiences/")

    page.locator("[name=verdict][value=backfired]").check()
    leave(page, page.locator("#filters p button.primary").click)
    page.locator("#ordering").select_option("oldest")
    leave(page, page.locator("button[form=filters]").last.click)

    query = parse_qs(urlsplit(page.url).query)
    assert (query["verdict"], query["ordering"]) == (["backfired"], ["oldest"])
    assert titles(page) == ["Moderation by rota"]
    context.close()
