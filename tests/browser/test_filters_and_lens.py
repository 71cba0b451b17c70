"""Choosing in a list with what the page counts meanwhile, and reading it in a situation set for one visit."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import assert_accessible, in_french, leave, press
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.browser
INSIDE = {"audience": ["internal"], "kind": ["network-of-employees"], "community-size": ["c-1k-9k"]}
OUTSIDE = {"audience": ["external"], "kind": ["fan"], "community-size": ["c-1k-9k"]}


@pytest.fixture
def told(transactional_db, ana, carol, chris):
    """Two reports from inside, one of them a failure, then one from outside; a practice of the first."""
    reports = [
        make_report(ana, carol, title="Inside", where=INSIDE),
        make_report(ana, carol, title="Inside, failed", where=INSIDE, verdict="backfired"),
        make_report(ana, carol, title="Outside", where=OUTSIDE | {"platform": ["chat"]}),
    ]
    make_published_practice(carol, chris, reports=reports[:1])


def titles(page):
    return page.locator(".recs h3").all_inner_texts()


def query(page):
    return parse_qs(urlsplit(page.url).query, keep_blank_values=True)


def see(page):
    leave(page, page.locator("live-count button").click)


def button(page, number):
    """Wait until the button that sends the filters says how many results there are."""
    expect(page.locator("live-count button")).to_have_text(re.compile(rf"\b{number}\b"))


def test_the_numbers_follow_what_is_ticked_on_a_phone(page, told):
    page.goto("/experiences/")
    press(page, "button[popovertarget=filters]")
    button(page, 3)
    expect(page.locator("live-count button")).to_be_in_viewport()

    press(page, "[name=audience][value=internal]", "Space")
    button(page, 2)
    expect(page.locator("live-count [role=status]")).to_have_text(re.compile("2"))
    press(page, "[name=verdict][value=backfired]", "Space")
    button(page, 1)
    assert page.locator("[name=audience][value=external]").is_disabled()
    assert page.locator("[name=audience][value=internal]").is_enabled()
    assert page.locator(":focus").get_attribute("value") == "backfired"
    assert page.locator("[data-chosen]", has_text="1").count() == 2
    expect(page.locator("live-count button")).to_be_in_viewport()
    assert page.url.endswith("/experiences/")
    assert_accessible(page)

    see(page)
    assert query(page) == {"audience": ["internal"], "verdict": ["backfired"]}
    assert titles(page) == ["Inside, failed"]
    page.go_back()
    assert not page.locator("[name=verdict][value=backfired]").is_checked()
    assert page.complaints == []


def open_menu(page, address=""):
    """Open the list's menu of what to leave out, and return it."""
    page.goto(f"/experiences/{address}")
    press(page, "button[popovertarget=filters]")
    if page.locator(".leave-out").get_attribute("open") is None:
        press(page, ".leave-out > summary")
    return page.locator("#leave-out")


def test_values_of_several_facets_are_left_out_in_one_menu(page, told):
    menu = open_menu(page, "?ordering=oldest")

    menu.select_option("platform:chat")
    press(page, ".leave-out button")
    button(page, 2)
    assert menu.input_value() == ""
    menu.select_option("verdict:backfired")
    press(page, ".leave-out button")
    button(page, 1)
    assert_accessible(page)
    added = page.locator("[data-added]").all_inner_texts()
    see(page)

    assert query(page) == {"ordering": ["oldest"], "not_platform": ["chat"], "not_verdict": ["backfired"]}
    assert titles(page) == ["Inside"]
    told_by_the_server = page.locator(".leave-out label:has(input)").all_text_contents()
    assert sorted(added) == sorted(told_by_the_server)
    leave(page, page.locator(".chip").first.click)
    assert sorted(titles(page)) == ["Inside", "Outside"]
    assert page.complaints == []


def test_the_button_is_seen_below_what_it_added(page, told):
    """It has the focus, and the bar that is always in view must not stand before it."""
    page.set_viewport_size({"width": 360, "height": 640})
    menu = open_menu(page)
    for value in ("platform:chat", "verdict:backfired"):
        menu.select_option(value)
        press(page, ".leave-out button")

        shown = """button => {
            const box = button.getBoundingClientRect();
            return button.contains(document.elementFromPoint(box.x + box.width / 2, box.bottom - 2));
        }"""
        assert page.locator(".leave-out button").evaluate(shown)


def test_the_menu_is_walked_with_arrow_keys_before_a_value_is_taken(page, told):
    menu = open_menu(page)
    first, second = menu.locator("option").all()[1:3]
    wanted = second.get_attribute("value")

    press(page, "#leave-out", "ArrowDown")
    assert menu.input_value() == first.get_attribute("value")
    button(page, 0)  # All reports have it, so that nothing else is found to be left out.
    press(page, "#leave-out", "ArrowDown")
    assert menu.input_value() == wanted
    assert page.locator("[data-added]").count() == 0

    press(page, ".leave-out button")
    facet, value = wanted.split(":")
    expect(page.locator("[data-added] input:checked")).to_have_count(1)
    assert page.locator("[data-added] input").get_attribute("name") == f"not_{facet}"
    assert page.locator("[data-added] input").get_attribute("value") == value
    assert menu.input_value() == ""
    assert page.complaints == []


def test_what_the_menu_shows_is_counted_and_left_out_without_its_button(page, told):
    open_menu(page).select_option("platform:chat")
    button(page, 2)
    assert page.locator("[data-added]").count() == 0
    page.locator("[name=audience][value=internal]").focus()
    assert page.locator("#leave-out").input_value() == "platform:chat"

    see(page)
    assert query(page) == {"not_platform": ["chat"]}
    assert len(titles(page)) == 2


def test_the_button_beside_an_empty_menu_leads_to_the_menu(page, told):
    open_menu(page)
    press(page, ".leave-out button")
    assert page.locator(":focus").get_attribute("id") == "leave-out"
    assert page.locator("[data-added]").count() == 0
    assert page.complaints == []


@pytest.mark.parametrize("address", ["", "?not_platform=chat"])
def test_what_is_left_out_twice_has_one_box(page, told, address):
    menu = open_menu(page, address)
    if not address:
        menu.select_option("platform:chat")
        press(page, ".leave-out button")
        button(page, 2)
    box = page.locator("[name=not_platform][value=chat]")
    box.uncheck()
    button(page, 3)

    menu.select_option("platform:chat")
    press(page, ".leave-out button")
    expect(box).to_have_count(1)
    expect(box).to_be_checked()
    button(page, 2)
    assert page.complaints == []


def test_a_page_that_comes_back_shows_what_its_address_says(page, told):
    menu = open_menu(page, "?audience=internal")
    button(page, 2)
    menu.select_option("verdict:backfired")
    press(page, ".leave-out button")
    press(page, "[name=audience][value=internal]", "Space")
    button(page, 2)
    menu.select_option("platform:chat")
    button(page, 1)

    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    button(page, 2)
    assert page.locator("[name=audience][value=internal]").is_checked()
    assert page.locator("[data-added]").count() == 0
    assert menu.input_value() == ""
    assert menu.locator("option[value='verdict:backfired']").count() == 1
    assert page.complaints == []


def test_a_visitor_sorts_lists_by_likeness_to_where_they_work(open_page, told):
    page = open_page(width=1280)
    page.goto("/")
    page.locator("#id_audience").select_option("internal")
    page.locator("#id_kind").select_option("network-of-employees")
    leave(page, page.locator("form[action='/situation/visit/'] button").click)
    assert page.locator("h1").inner_text() == in_french("What are you facing?")
    assert page.locator(".my-place > summary").inner_text().count(" · ") == 1
    assert_accessible(page)

    page.goto("/experiences/")
    newest = titles(page)
    leave(page, page.locator(".lens .btn").click)
    assert query(page) == {"ordering": ["likeness"]}
    assert titles(page)[-1] == "Outside"

    page.locator("#weights > summary").click()
    for facet in ("audience", "kind"):
        leave(page, page.locator(f"#weights a[href*='without={facet}']").click)
    assert query(page)["likeness_without"] == ["audience", "kind"]
    assert titles(page) == newest
    assert page.locator("#weights").get_attribute("open") is not None
    page.evaluate("scrollTo(0, 0)")  # The button that stays in sight must not lie half over a box by chance.
    assert_accessible(page)

    page.locator(".my-place > summary").click()
    leave(page, page.locator(".lens button[value=clear]").click)
    assert "ordering" not in query(page)
    assert page.locator(".my-place").count() == 0
    assert page.complaints == []


def test_the_longest_name_of_an_order_fits_a_phone(page, told, live_server):
    page.context.add_cookies([{"name": "situation", "value": "audience:internal", "url": live_server.url}])
    page.goto("/practices/")
    order = page.locator("#ordering option:checked")
    assert order.inner_text() == in_french("What worked in contexts like mine first")
    assert_accessible(page)
    order.evaluate("it => it.textContent += ' ' + it.textContent")  # as in another language
    assert_accessible(page)


def test_without_scripts_everything_is_chosen_in_as_many_pages(chromium, live_server, told):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/practices/")
    leave(page, page.locator(".lens a").click)
    page.locator("#id_audience").select_option("internal")
    leave(page, page.locator("form.report button").click)
    assert query(page) == {"ordering": ["likeness"]}

    page.goto("/experiences/")
    page.locator(".leave-out > summary").click()
    assert page.locator(".leave-out button").is_hidden()
    page.locator("#leave-out").select_option("platform:chat")
    page.locator("[name=audience][value=internal]").check()
    see(page)
    assert query(page) == {"audience": ["internal"], "not_platform": ["chat"]}
    leave(page, page.locator("button[name=languages][value=fr]").click)
    assert query(page)["language"] == ["fr"]
    assert urlsplit(page.url).fragment == "results"
    assert titles(page) == []
    leave(page, page.locator("button[name=languages][value=both]").click)
    assert "language" not in query(page)
    assert len(titles(page)) == 2
    context.close()
