"""The site map: every public page, each once, and nothing of when a withheld report was told."""

import re

import pytest

from tests.conftest import make_person
from tests.factories import make_draft, make_published_practice, make_report
from tests.test_browse import text

pytestmark = pytest.mark.django_db


def test_the_site_map_names_public_pages_alone(browse, ana, carol, chris):
    report = make_report(ana, carol)
    practice = make_published_practice(carol, chris)
    draft = make_draft(ana)

    page = text(browse().get("/sitemap.xml"))

    assert report.get_absolute_url() in page
    assert practice.get_absolute_url() in page
    assert "/stakes/trust/" in page
    assert "/map/" in page
    assert draft.public_id not in page


def test_the_site_map_tells_no_time_of_a_withheld_report(browse, carol):
    make_report(make_person("named"), carol)
    before = text(browse().get("/sitemap-reports.xml")).count("<lastmod>")
    make_report(make_person("withheld"), carol, identity="withheld")

    answer = browse().get("/sitemap-reports.xml")

    assert before == 1
    assert text(answer).count("<lastmod>") == 1
    assert "Last-Modified" not in answer


def test_a_map_of_several_pages_names_each_report_once(browse, carol, monkeypatch):
    monkeypatch.setattr("practices.sitemaps.LIMIT", 2)
    reports = [make_report(make_person(f"author{number}"), carol) for number in range(5)]

    index = text(browse().get("/sitemap.xml"))

    assert "<sitemapindex" in index
    pages = re.findall(r"<loc>http://[^/]+(/sitemap-reports\.xml[^<]*)</loc>", index)
    assert len(pages) == 3
    named = [path for page in pages for path in re.findall(r"/experiences/\w+/", text(browse().get(page)))]
    assert sorted(named) == sorted(report.get_absolute_url() for report in reports)


@pytest.mark.parametrize("address", ["/sitemap.xml?p=x", "/sitemap.xml?p=99", "/sitemap-nothing.xml"])
def test_a_page_of_the_map_that_does_not_exist_is_not_found(browse, address):
    assert browse().get(address).status_code == 404
