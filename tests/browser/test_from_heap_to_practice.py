"""From a cluster of reports to a published practice, by keyboard alone, in both languages."""

import pytest
from django.core.management import call_command

from practices.models import Cluster, Evidence, Practice
from tests.browser.conftest import assert_accessible, fill, focused, leave, press
from tests.corpus import BADGES, PARRAINS, told

pytestmark = pytest.mark.browser

WORDS = {
    "title": "Give badges with a sentence",
    "summary": "Let members give them, each with a sentence.",
    "how": "1. Take the ranking down.",
}


@pytest.fixture
def reports(carol):
    found = told(carol)
    call_command("cluster_reports", verbosity=0)
    return found


@pytest.fixture
def side_by_side(reports, carol):
    """A draft of carol with the badges side by side and one claim, and where they are."""
    practice = Practice(title=WORDS["title"]).write(by=carol)
    practice.gather([reports[row["title"]] for row in BADGES], by=carol)
    practice.add_claim(by=carol, kind="avoid-this", text="Show no ranking.")
    return f"/practices/{practice.slug}/material/"


def column(report):
    return f"#report-{report.public_id}"


def quote(page, report, words):
    """Take by keyboard the paragraph of `report` that says `words`, by Tab to the first and the arrows."""
    place = column(report)
    page.locator(f"{place} .quote-this[tabindex='0']").focus()
    for _step in range(20):
        if words in page.evaluate("document.activeElement.parentElement.textContent"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator(f"{place} [name=excerpt]").input_value() == words
    focused(page, f"{place} [name=excerpt]")


def attach(page, report, words, bearing):
    quote(page, report, words)
    place = column(report)
    assert page.locator(f"{place} [role=status]").inner_text()
    press(page, f"{place} [name=bearing][value={bearing}]", "Space")
    leave(page, lambda: press(page, f"{place} form[action$='/cite/'] button"))


def begin(page, topic, reports):
    """Go from the desk to the cluster of `topic`, and begin a draft from it."""
    cluster = Cluster.objects.standing().get(members__report=reports[topic[0]["title"]])
    page.goto("/practices/desk/")
    assert_accessible(page)
    leave(page, lambda: press(page, f"main h3 a[href='{cluster.get_absolute_url()}']"))
    assert_accessible(page)
    leave(page, lambda: press(page, "main form button.primary"))
    assert_accessible(page)


def add_claim(page, kind, text):
    if not page.locator("#add-claim").evaluate("one => one.open"):
        press(page, "#add-claim > summary")
    press(page, f"#add-claim [name=new-kind][value={kind}]", "Space")
    fill(page, "#id_new-text", text)
    leave(page, lambda: press(page, "#add-claim form button"))


def publish(page, other):
    """Write the words, send to review; another curator publishes."""
    practice = Practice.objects.get()
    leave(page, lambda: press(page, f"nav a[href='/practices/{practice.slug}/edit/']"))
    for name, text in WORDS.items():
        page.locator(f"#id_{name}").focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(text)
    leave(page, lambda: press(page, "main form button.primary"))
    leave(page, lambda: press(page, "form[action$='/do/submit/'] button"))
    other.goto(f"/practices/{practice.slug}/workbench/")
    leave(other, lambda: press(other, "form[action$='/do/publish/'] button"))
    practice.refresh_from_db()
    assert practice.status == "published"
    return practice


@pytest.mark.parametrize(
    ("locale", "topic", "width"), [("en-GB", BADGES, 1280), ("fr-FR", PARRAINS, 360)], ids=["en", "fr"]
)
def test_a_cluster_becomes_a_published_practice_by_keyboard(
    open_page, carol, chris, reports, locale, topic, width
):
    page = open_page(carol, locale=locale, width=width)
    begin(page, topic, reports)
    add_claim(page, "avoid-this", "Show no ranking.")
    assert_accessible(page)
    for row, bearing in zip(topic, ("supports", "nuances", "contradicts"), strict=False):
        attach(page, reports[row["title"]], row["lessons"], bearing)
    assert_accessible(page)
    practice = publish(page, open_page(chris, locale=locale))
    assert practice.current.claims.get().evidence.count() == len(topic)
    assert practice.language == locale[:2]
    assert page.complaints == []


def test_selected_words_are_cited_with_one_press(open_page, carol, reports, side_by_side):
    page, report = open_page(carol, locale="en-GB", width=1280), reports[BADGES[0]["title"]]
    page.goto(side_by_side)
    paragraph = page.locator(f"{column(report)} p", has_text="Three people chased")
    assert page.locator(".cite-these:visible").count() == 0
    paragraph.evaluate(
        """one => {
          const range = document.createRange();
          range.setStart(one.firstChild, 0);
          range.setEnd(one.firstChild, 12);
          document.getSelection().removeAllRanges();
          document.getSelection().addRange(range);
        }"""
    )
    page.locator(".cite-these:visible").click()
    assert page.locator(f"{column(report)} [name=excerpt]").input_value() == "Three people"
    assert page.locator(".cite-these:visible").count() == 0
    others = page.locator("article:not(:has-text('Three people chased')) [name=excerpt]")
    assert [one.input_value() for one in others.all()] == ["", ""]


def test_whether_an_excerpt_stands_is_said_as_it_is_typed(open_page, carol, reports, side_by_side):
    page, report = open_page(carol, locale="en-GB", width=1280), reports[BADGES[0]["title"]]
    page.goto(side_by_side)
    field, said = (page.locator(f"{column(report)} {name}") for name in ("[name=excerpt]", "[role=status]"))
    field.fill("Never  show a\nranking")
    assert said.inner_text() == "These words stand in the report."
    field.fill("Always show a ranking")
    assert said.inner_text() == "These words are not in the report, word for word."
    field.fill("")
    assert said.inner_text() == ""


def test_without_javascript_words_are_copied_and_the_server_judges(
    chromium, live_server, browse, carol, reports, side_by_side
):
    report = reports[BADGES[0]["title"]]
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    session = browse(carol).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(side_by_side)
    place = column(report)
    page.locator(f"{place} [name=excerpt]").fill("Words of nobody")
    page.locator(f"{place} [name=bearing][value=supports]").check()
    leave(page, lambda: page.locator(f"{place} form[action$='/cite/'] button").click())
    assert not Evidence.objects.exists()
    assert page.locator(f"{place} [name=excerpt]").input_value() == "Words of nobody"
    page.locator(f"{place} [name=excerpt]").fill(report.lessons)
    leave(page, lambda: page.locator(f"{place} form[action$='/cite/'] button").click())
    assert Evidence.objects.get().excerpt == report.lessons
    context.close()


def test_the_columns_scroll_inside_their_own_region_on_a_phone(open_page, carol, side_by_side):
    page = open_page(carol)
    page.goto(side_by_side)
    region = page.locator(".side-by-side")
    region.focus()
    page.keyboard.press("ArrowRight")
    # wait_for_function evaluates a string where its first look fails, which the page's policy refuses.
    assert region.evaluate("""async region => {
        for (let frame = 0; frame < 300 && !region.scrollLeft; frame++) {
            await new Promise(requestAnimationFrame);
        }
        return region.scrollLeft;
    }""")
    assert region.get_attribute("aria-label")
    assert_accessible(page)
