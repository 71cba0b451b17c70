"""A curator distils two reports on a phone, by keyboard; another publishes; a visitor reads in French."""

import pytest

from experiences.models import Experience
from practices.models import Practice
from tests.browser.conftest import assert_accessible, fill, in_french, press
from tests.factories import make_report

pytestmark = pytest.mark.browser

WORDS = {
    "title": "Close the old place slowly",
    "summary": "Run both places, then close the old one.",
    "how": "1. Announce the end date.\n2. Name a person to ask.",
}


def write_words(page):
    page.goto("/practices/desk/")
    assert_accessible(page)
    press(page, "main a[href='/practices/new/']")
    page.wait_for_url("**/practices/new/")
    assert_accessible(page)
    for name, text in WORDS.items():
        fill(page, f"#id_{name}", text)
    press(page, "details:has(#id_stakes_moving-platform) > summary")
    press(page, "#id_stakes_moving-platform", "Space")
    press(page, "main form button.primary")
    page.wait_for_url("**/workbench/")
    assert_accessible(page)


def write_claim(page, text):
    press(page, "[name=new-kind][value=do-this]", "Space")
    fill(page, "#id_new-text", text)
    press(page, "form:has(#id_new-text) button")
    page.wait_for_selector(f"h3:has-text('{text}')")


def cite(page, report, bearing):
    press(page, "a[href$='/cite/']")
    page.wait_for_url("**/cite/")
    assert_accessible(page)
    fill(page, "#id_q", report.title)
    press(page, "main [role=search] button")
    press(page, f"a[href$='?report={report.public_id}']")
    page.wait_for_selector("#id_excerpt")
    assert_accessible(page)
    press(page, f"[name=bearing][value={bearing}]", "Space")
    fill(page, "#id_excerpt", report.lessons)
    press(page, "main form button.primary")
    page.wait_for_url("**/workbench/**")


@pytest.fixture
def reports(ana, ben, carol):
    return [
        make_report(ana, carol, title="Alpha: a list became a forum"),
        make_report(ben, carol, title="Omega: a forum nobody joined", verdict="no-effect"),
    ]


def test_two_curators_distil_reports_and_a_visitor_reads_the_practice(open_page, carol, chris, reports):
    phone = open_page(carol, locale="en-GB")
    write_words(phone)
    write_claim(phone, "Announce the end date early.")
    cite(phone, reports[0], "supports")
    cite(phone, reports[1], "contradicts")
    assert_accessible(phone)
    assert phone.locator("#working-grade ~ p").first.inner_text().strip() == "Lone voice grade 1 of 4"
    press(phone, "form[action$='/do/submit/'] button")
    phone.wait_for_selector("text=another curator publishes it")
    assert phone.locator("form[action$='/do/publish/']").count() == 0
    assert_accessible(phone)

    practice = Practice.objects.get()
    desk = open_page(chris, locale="en-GB", width=1280, height=900)
    desk.goto("/practices/desk/")
    assert_accessible(desk)
    press(desk, f"a[href='/practices/{practice.slug}/workbench/']")
    desk.wait_for_url("**/workbench/")
    assert_accessible(desk)
    press(desk, "form[action$='/do/publish/'] button")
    desk.wait_for_url(f"**/practices/{practice.slug}/")
    assert_accessible(desk)

    reader = open_page()
    assert reader.goto(practice.get_absolute_url()).status == 200
    assert reader.locator("html").get_attribute("lang") == "fr"
    for text in ("Contradicted by", "Where it did not work", "Evidence, claim by claim"):
        assert reader.get_by_text(in_french(text)).locator("visible=true").count()
    assert reader.get_by_role("link", name=reports[1].title).first.is_visible()
    assert_accessible(reader)
    for page in ("v/1/", "compare/", "../grading/"):
        assert reader.goto(f"{practice.get_absolute_url()}{page}").status == 200
        assert_accessible(reader)
    assert Experience.objects.filter(evidence__claim__version=practice.versions.get()).count() == 2
    assert [page.complaints for page in (phone, desk, reader)] == [[], [], []]
