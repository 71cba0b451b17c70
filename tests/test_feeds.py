"""The Atom feeds: what a visitor could read in the lists, and no more."""

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from experiences.models import Experience
from tests.conftest import make_person
from tests.factories import make_draft, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def entries(response):
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content).findall("a:entry", ATOM)


def told(entry, name):
    return entry.findtext(f"a:{name}", namespaces=ATOM)


def test_the_feed_of_reports_holds_what_is_published(browse, ana, carol):
    make_report(ana, carol, title="Tea & <biscuits>")
    make_draft(ana, title="A draft of mine")

    for person in (None, ana, carol):
        assert [told(entry, "title") for entry in entries(browse(person).get("/feeds/experiences/"))] == [
            "Tea & <biscuits>"
        ]


def test_each_entry_says_its_language(browse, ana, carol):
    make_report(ana, carol, language="fr")

    (entry,) = entries(browse().get("/feeds/experiences/"))

    assert entry.get(LANG) == "fr"


def test_an_entry_keeps_its_identifier_when_its_address_changes(browse, settings, ana, carol):
    settings.ALLOWED_HOSTS = ["one.example.org", "two.example.org"]
    make_report(ana, carol)

    names = {
        told(entry, "id")
        for host in settings.ALLOWED_HOSTS
        for entry in entries(browse().get("/feeds/experiences/", headers={"host": host}))
    }

    assert len(names) == 1


def test_a_withheld_author_and_moment_are_in_no_feed(browse, carol):
    wanda = make_person("wanda", display_name="Wanda Quillfeather", organisation="Quillfeather Ltd")
    report = make_report(wanda, carol, identity="withheld")
    stored = Experience.objects.filter(pk=report.pk)
    stored.update(published_at=datetime(2026, 3, 17, 15, 42, 7, tzinfo=UTC))
    stored.list_again()

    answer = browse().get("/feeds/experiences/")
    (entry,) = entries(answer)

    assert told(entry, "published") == "2026-03-01T00:00:00+00:00"
    assert re.fullmatch(r"\d{4}-\d\d-01T00:00:00\+00:00", told(entry, "updated"))
    assert entry.find("a:author", ATOM) is None
    assert b"uillfeather" not in answer.content
    assert b"wanda" not in answer.content.lower()


def test_a_feed_is_read_again_once_it_is_another(browse, ana, carol):
    report = make_report(ana, carol)
    first = browse().get("/feeds/experiences/")
    same = browse().get("/feeds/experiences/", headers={"If-None-Match": first["ETag"]})
    report.withdraw(by=ana, note="No more.")
    other = browse().get("/feeds/experiences/", headers={"If-None-Match": first["ETag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert (other.status_code, entries(other)) == (200, [])
    french = browse().get("/feeds/experiences/", headers={"Accept-Language": "fr"})
    assert french["ETag"] != other["ETag"]


def test_a_named_author_is_named(browse, ana, carol):
    make_report(ana, carol)

    (entry,) = entries(browse().get("/feeds/experiences/"))

    assert entry.findtext("a:author/a:name", namespaces=ATOM) == "Ana"


def test_text_that_is_no_xml_breaks_no_feed(browse, ana, carol):
    make_report(ana, carol, title="Vertical\x0btab \ufffe", result="<script>alert(1)</script> \x1b[31m")

    (entry,) = entries(browse().get("/feeds/experiences/"))

    assert "<script>" not in told(entry, "summary")


def test_a_feed_takes_the_filters_of_its_list(browse, ana, carol):
    make_report(ana, carol, title="Worked")
    make_report(ana, carol, title="Failed", verdict="no-effect")

    found = entries(browse().get("/feeds/experiences/?verdict=no-effect&audience=external"))

    assert [told(entry, "title") for entry in found] == ["Failed"]


@pytest.mark.parametrize("address", ["/feeds/experiences/", "/feeds/practices/"])
@pytest.mark.parametrize("query", ["colour=red", "stake=nothing-like-it", "q=%00", "cursor=abc"])
def test_a_feed_refuses_what_it_does_not_understand(browse, address, query):
    answer = browse().get(f"{address}?{query}")

    assert answer.status_code == 400
    assert query.split("=")[0] in answer.content.decode()


@pytest.mark.parametrize("address", ["/feeds/experiences/", "/feeds/practices/"])
def test_an_empty_feed_is_a_feed(browse, address):
    assert entries(browse().get(address)) == []


def test_the_feed_of_practices_holds_the_words_readers_see(browse, carol, chris):
    practice = make_published_practice(carol, chris)
    make_practice(carol, title="Still a draft")
    practice.reopen(by=carol)
    practice.title = "Words nobody has reviewed"
    practice.write(by=carol)

    found = entries(browse(carol).get("/feeds/practices/"))

    assert [told(entry, "title") for entry in found] == ["Run both places before you close one"]
