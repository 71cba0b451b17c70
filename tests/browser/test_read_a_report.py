"""A report is read on a phone, on paper, and as the beginning of one's own."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress

from experiences import demo
from experiences.interchange.importer import Importer
from experiences.interchange.records import Record
from experiences.models import Experience, Situation
from tests.browser.conftest import assert_accessible, in_french, leave, press
from tests.conftest import PASSWORD
from tests.factories import contexts, make_published_practice, make_report

pytestmark = pytest.mark.browser
SCREEN = 800
LOCALES = {"en": "en-GB", "fr": "fr-FR"}
EACH = 4  # of either language: those with the longest titles, and those with the longest texts


@pytest.fixture
def told(transactional_db, carol, chris):
    """Reports of the demo, in nobody's name, on which a practice rests: the longest titles and texts of
    either language.
    """
    lines = (Path(demo.__file__).parent / "reports.jsonl").read_text("utf-8").splitlines()
    languages = defaultdict(list)
    for line in map(json.loads, lines):
        if line.get("demo_state") == "published":
            languages[line["language"]].append(line)
    chosen = {}
    for rows in languages.values():
        for size in (lambda row: len(row["title"]), lambda row: len(str(row))):
            chosen |= {row["source_id"]: row for row in sorted(rows, key=size)[-EACH:]}
    taken = Importer(publish=True).take([Record(1, row) for row in chosen.values()], flat=False)
    assert {outcome for _record, outcome, _ignored in taken} == {"new"}
    reports = list(Experience.objects.published())
    make_published_practice(carol, chris, reports=reports)
    return reports


def test_on_a_phone_the_story_begins_within_the_first_screen(open_page, told):
    assert {report.language for report in told} == set(LOCALES)
    for locale in LOCALES.values():
        page = open_page(locale=locale, width=360, height=SCREEN)
        for report in told:
            page.goto(report.get_absolute_url())
            words = page.locator("#part-situation .prose").bounding_box()
            first_lines = words["y"] + 60
            assert first_lines <= SCREEN, f"{report.title}: {locale}, {first_lines}"
            facets = page.locator("article .facts").bounding_box()
            assert facets["y"] + facets["height"] < words["y"]


def test_a_report_prints_on_one_sheet_in_the_light_and_without_navigation(open_page, told):
    page = open_page(locale="fr-FR", width=1280, theme="dark")
    for report in told:
        page.goto(report.get_absolute_url())
        sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
        assert sheets == 1, report.title

    page.emulate_media(media="print")
    shown = page.locator("body").inner_text()
    for words in (report.title, report.lessons[-30:], "licence CC BY-SA 4.0.", in_french("Context")):
        assert words in shown
    for hidden in ("BibTeX", "The same happened to me", "Sign in to ask the author"):
        assert in_french(hidden) not in shown
    for hidden in ("header.top", "footer", ".crumbs"):
        assert not page.locator(hidden).is_visible()
    style = "getComputedStyle(document.body)"
    assert page.evaluate(f"[{style}.backgroundColor, {style}.colorScheme]") == ["rgb(255, 255, 255)", "light"]


@pytest.mark.parametrize(("locale", "width", "theme"), [("fr-FR", 360, "dark"), ("en-GB", 1280, "light")])
def test_every_part_of_a_report_is_accessible(open_page, ana, ben, carol, chris, locale, width, theme):
    report = make_report(ana, carol, measured=True, effort_hours=3, keywords=["rota"])
    make_published_practice(carol, chris, reports=[report])
    report.follow_up(by=ana, verdict="worked", text="It still holds.")
    Situation.state(contexts(audience=["external"]), by=ben)
    for person in (None, ana, ben, carol):
        page = open_page(person, locale=locale, width=width, theme=theme)
        page.goto(report.get_absolute_url())
        page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
        assert_accessible(page)
        assert page.complaints == []


def test_the_reference_is_copied_with_a_button_where_there_is_a_clipboard(open_page, ana, carol):
    report = make_report(ana, carol)
    page = open_page(locale="en-GB")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(report.get_absolute_url())
    press(page, "#cite copy-words button")
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Ana, “We moved the mailing list to a forum”, Retex, version 1, ")
    assert page.complaints == []


def test_a_visitor_to_whom_the_same_happened_signs_in_and_begins_without_scripts(plain, ana, ben, carol):
    report = make_report(ana, carol, stakes_=("moving-platform", "first-steps"))
    Situation.state(contexts(audience=["internal"], kind=["practice"], community_size=["c-100-999"]), by=ben)
    EmailAddress.objects.create(user=ben, email=ben.email, verified=True, primary=True)
    page = plain(ben)
    page.context.clear_cookies()
    page.goto(report.get_absolute_url())
    leave(page, page.get_by_role("link", name=in_french("The same happened to me")).click)
    page.locator("#id_login").fill(ben.email)
    page.locator("#id_password").fill(PASSWORD)
    leave(page, page.locator("main form button.primary").first.click)
    assert page.url.endswith(f"/experiences/new/?begun_from={report.public_id}")
    ticked = page.locator("input[name=stakes]:checked").evaluate_all("all => all.map(one => one.value)")
    assert sorted(ticked) == ["first-steps", "moving-platform"]
    assert page.locator("[name=audience][value=internal]").is_checked()

    page.locator("#id_title").fill("Chez nous aussi")
    leave(page, page.locator("button[name=do][value=save]:not([hidden])").first.click)
    begun = ben.experiences.get()
    assert begun.title == "Chez nous aussi"
    assert {stake.slug for stake in begun.stakes.all()} == {"moving-platform", "first-steps"}
