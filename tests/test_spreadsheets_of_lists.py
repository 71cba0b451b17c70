"""Lists as files for spreadsheets: what the list shows, in its order, harmless, and no more than it."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.views.list_page import listing, spreadsheet
from tests.conftest import make_person
from tests.factories import make_draft, make_published_practice, make_report

pytestmark = pytest.mark.django_db


def rows_of(answer):
    """Return the rows of a file as {column: cell}."""
    text = answer.getvalue().decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_a_list_is_taken_with_its_filters_in_its_order(ana, carol, browse):
    for title in ("First", "Second", "Third"):
        make_report(ana, carol, title=title)
    make_report(ana, carol, title="Failed", verdict="no-effect")
    make_draft(ana, title="A draft of mine")
    answer = browse().get("/experiences.csv?verdict=worked&ordering=oldest")
    listed = browse().get("/experiences/?verdict=worked&ordering=oldest").content.decode()

    rows = rows_of(answer)
    assert sorted(row["Title"] for row in rows) == ["First", "Second", "Third"]
    assert [row["Title"] for row in rows] == re.findall(r">(First|Second|Third)<", listed)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="retex-reports.csv"'
    assert answer["X-Robots-Tag"] == "noindex"
    row = rows[0]
    assert (row["Verdict"], row["Author"], row["Language"]) == ("It worked", "Ana", "English")
    assert "moving" in row["Stakes"].lower()
    assert "/experiences/" in row["Address"]


def test_its_words_are_in_the_language_of_the_reader(ana, carol, browse):
    make_report(ana, carol)
    (row,) = rows_of(browse().get("/experiences.csv", headers={"Accept-Language": "fr"}))
    assert row["Verdict"] == "Cela a marché"
    assert row["Titre"] == "We moved the mailing list to a forum"


def test_no_cell_is_run_as_a_formula(ana, carol, browse):
    ana.display_name = "=1+1"
    ana.save()
    make_report(ana, carol, title='=HYPERLINK("https://evil.example")', result="+1 for this.")
    (row,) = rows_of(browse().get("/experiences.csv"))
    assert row["Title"].startswith("'=")
    assert row["Author"] == "'=1+1"
    assert row["Excerpt"].startswith("'+")


def test_a_withheld_name_and_day_are_in_no_file(carol, browse):
    wanda = make_person("wanda", display_name="Wanda Quillfeather", organisation="Quillfeather Ltd")
    report = make_report(wanda, carol, identity="withheld")
    for person in (None, carol, wanda):
        answer = browse(person).get("/experiences.csv")
        (row,) = rows_of(answer)
        assert row["Author"] == "Name withheld"
        assert row["Published"] == report.published_at.strftime("%Y-%m")
        assert "uillfeather" not in answer.getvalue().decode()


def test_practices_are_taken_alike(ana, carol, chris, browse):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    make_published_practice(carol, chris, title="Idea only")
    answer = browse().get("/practices.csv")
    rows = rows_of(answer)
    assert [row["Title"] for row in rows] == [practice.title, "Idea only"]
    assert rows[0]["Grade"] == "G1 Lone voice"
    assert rows[0]["It worked"] == "1"
    assert rows[0]["Version"] == "1"
    assert answer["Content-Disposition"] == 'attachment; filename="retex-practices.csv"'
    assert [row["Title"] for row in rows_of(browse().get("/practices.csv?min_grade=G1"))] == [practice.title]


@pytest.mark.parametrize("path", ["/experiences.csv", "/practices.csv"])
@pytest.mark.parametrize("query", ["colour=red", "stake=nothing-like-it", "q=%00", "ordering=likeness"])
def test_what_is_not_understood_is_refused_by_name(path, query, browse):
    answer = browse().get(f"{path}?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in answer.content.decode()


def test_an_empty_list_is_a_file_with_a_head_alone(browse):
    answer = browse().get("/experiences.csv?q=nothing")
    assert rows_of(answer) == []


@pytest.mark.parametrize("ordering", ["newest", "oldest", "relevance"])
def test_it_goes_on_in_chunks_of_as_many_queries_each(ana, carol, browse, monkeypatch, ordering):
    monkeypatch.setattr(spreadsheet, "CHUNK", 2)
    for number in range(5):
        make_report(ana, carol, title=f"Forum {number}")

    def asked():
        with CaptureQueriesContext(connection) as queries:
            rows = rows_of(browse().get(f"/experiences.csv?q=forum&ordering={ordering}"))
        return len(rows), len(queries)

    asked()  # What is new in the list is read once.
    found = [asked()]
    for _turn in range(2):
        for number in range(4):
            make_report(ana, carol, title=f"Forum again {number}")
        asked()
        found.append(asked())
    rows, queries = zip(*found, strict=True)
    assert rows == (5, 9, 13)
    assert queries[2] - queries[1] == queries[1] - queries[0]  # for two chunks more


def test_it_ends_after_so_many_rows_and_the_page_says_so(ana, carol, browse, monkeypatch):
    monkeypatch.setattr(spreadsheet, "CHUNK", 2)
    for module in (spreadsheet, listing):
        monkeypatch.setattr(module, "MOST_ROWS", 3)
    for number in range(3):
        make_report(ana, carol, title=f"Report {number}")
    assert "The file has the first" not in browse(ana).get("/experiences/").content.decode()
    make_report(ana, carol, title="One more")
    page = browse(ana).get("/experiences/?verdict=worked").content.decode()
    assert "The file has the first 3 rows" in page
    assert '"/experiences.csv?verdict=worked"' in page
    assert len(rows_of(browse().get("/experiences.csv?verdict=worked"))) == 3


def test_it_counts_as_a_search(browse, settings):
    settings.CACHES = settings.CACHES | {
        name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": f"csv-{name}"}
        for name in ("default", "process")
    }
    settings.LIMITS = settings.LIMITS | {"searches": {"visitor": "1/min", "member": "1/min"}}
    assert [browse().get("/practices.csv").status_code for _turn in range(2)] == [200, 429]
