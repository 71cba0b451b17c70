"""What search engines are told: one address for each thing, and what is not to be found by itself."""

import re
from html import unescape

import pytest

from experiences.models import Stake
from tests.factories import make_next_version, make_published_practice, make_report

pytestmark = pytest.mark.django_db
SITE = "https://retex.example.org"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def practice(ana, carol, chris):
    found = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    return make_next_version(found, carol, chris, lambda practice: None)


def told(browse, path):
    """Return (canonical address, whether it may be found) of a page."""
    answer = browse().get(path)
    assert answer.status_code == 200
    head = answer.content.decode().partition("</head>")[0]
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)">', head)
    assert len(canonical) <= 1
    return next(iter(canonical), ""), '<meta name="robots" content="noindex">' not in head


@pytest.mark.parametrize("path", ["/experiences/", "/practices/"])
@pytest.mark.parametrize(
    "query", ["", "?ordering=oldest", "?stake=moving-platform", "?page_size=1", "?page_size=1&language=en"]
)
def test_a_list_has_one_address_however_it_is_filtered_and_ordered(browse, practice, path, query):
    query = query.replace("oldest", "grade") if path == "/practices/" else query
    assert told(browse, path + query) == (SITE + path, True)


def test_the_pages_of_a_list_have_its_address(browse, ana, carol):
    for number in range(3):
        make_report(ana, carol, title=f"Report {number}")
    first = browse().get("/experiences/?page_size=1").content.decode()
    following = re.search(r'rel="next" href="([^"]*)"', first)[1].replace("&amp;", "&")
    assert "cursor=" in following
    assert told(browse, following) == (f"{SITE}/experiences/", True)


@pytest.mark.parametrize("path", ["/experiences/?q=forum", "/practices/?q=forum&stake=moving-platform"])
def test_searches_are_not_to_be_found_themselves(browse, practice, path):
    assert told(browse, path) == ("", False)


def test_each_version_of_a_practice_leads_to_the_practice(browse, practice):
    address = SITE + practice.get_absolute_url()
    assert told(browse, practice.get_absolute_url()) == (address, True)
    for number in (1, 2):
        assert told(browse, f"{practice.get_absolute_url()}v/{number}/") == (address, True)


def test_what_is_taken_away_leads_to_the_practice(browse, practice):
    for end in ("md", "bib", "json"):
        answer = browse().get(f"{practice.get_absolute_url()}v/1.{end}")
        assert answer["Link"] == f'<{SITE}{practice.get_absolute_url()}>; rel="canonical"'


def test_comparisons_and_history_are_not_to_be_found(browse, practice, ana):
    report = ana.experiences.get()
    assert told(browse, f"{practice.get_absolute_url()}compare/") == ("", False)
    assert told(browse, f"{practice.get_absolute_url()}compare/?from=1&to=2") == ("", False)
    assert told(browse, f"{report.get_absolute_url()}history/") == ("", False)
    assert told(browse, report.get_absolute_url()) == (SITE + report.get_absolute_url(), True)


def test_a_page_says_in_a_sentence_what_it_tells(browse, practice, ana, carol):
    report = make_report(ana, carol, result='Nobody read **any** of it, "they" said. ' * 20)
    told_by = {
        "/": "gathers field reports from people who run communities",
        practice.get_absolute_url(): practice.current.summary,
        report.get_absolute_url(): 'Nobody read any of it, "they" said.',
        "/stakes/moving-platform/": Stake.objects.get(slug="moving-platform").definition_en,
    }
    for path, words in told_by.items():
        page = browse().get(path).content.decode()
        (description,) = re.findall(r'<meta name="description" content="([^"]*)">', page)
        assert words in unescape(description), path
        assert len(description) < 400
