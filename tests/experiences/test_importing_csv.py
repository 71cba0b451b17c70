"""Reports in CSV files, as spreadsheets write them, through the command that imports them."""

import csv
import io
import json

import pytest

from experiences.models import Experience
from tests.factories import TOLD

pytestmark = pytest.mark.django_db

HEADER = ["title", "audience", "kind", "community-size", "platform", "stakes", *TOLD]
HEADER = list(dict.fromkeys([*HEADER, "keywords", "effort_people", "measures", "unknown"]))


def as_csv(*rows, delimiter=",", bom=""):
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, delimiter=delimiter, restval="")
    writer.writeheader()
    for row in rows:
        plain = {"audience": "external", "kind": "open-source", "community-size": "c-1k-9k"}
        writer.writerow({**TOLD, **plain, "stakes": "moving-platform", **row})
    return bom + out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_csv_finds_its_delimiter_and_joins_lists_by_semicolons(run, delimiter, bom):
    row = {"title": "Un titre, et ; un autre", "stakes": "first-steps; answer-times", "kind": "fan;support"}
    row |= {"keywords": "a\\;b;c", "effort_people": "4", "unknown": "x", "platform": "forum;chat"}
    measure = [{"effect": "participation", "direction": "up", "before": "1", "after": "2", "source": "logs"}]
    outcome = run(
        as_csv({**row, "measures": json.dumps(measure)}, delimiter=delimiter, bom=bom), name="a.csv"
    )
    assert outcome.counts == (1, 0, 0)
    report = Experience.objects.get()
    assert report.title == row["title"]
    assert {stake.slug for stake in report.stakes.all()} == {"first-steps", "answer-times"}
    assert sorted(keyword.name for keyword in report.keywords.all()) == ["a;b", "c"]
    assert (report.effort_people, report.strength) == (4, Experience.Strength.R3)
    assert "unknown (1)" in outcome.err


@pytest.mark.parametrize(("exported", "title"), [(True, "=1+1"), (False, "'=1+1")])
def test_a_cell_that_an_export_made_harmless_is_read_as_it_was_and_what_was_typed_as_typed(
    run, exported, title
):
    content = as_csv({"title": "'=1+1", "situation": "=cmd|' /C calc'!A0", "action": "'plain"})
    if exported:  # Its own columns tell it.
        head, row = content.split("\r\n")[:2]
        content = f"id,html_url,{head}\r\nx,y,{row}\r\n"
    run(content, name="a.csv")
    report = Experience.objects.get()
    assert (report.title, report.situation, report.action) == (title, "=cmd|' /C calc'!A0", "'plain")


def test_the_line_of_a_bad_row_is_told_even_after_cells_of_many_lines(run):
    outcome = run(
        as_csv({"situation": "one\ntwo\nthree"}, {"verdict": "nope"}, {"effort_people": "many"}), name="a.csv"
    )
    assert outcome.counts == (1, 0, 2)
    assert "a.csv:5: verdict: " in outcome.err
    assert "a.csv:6: effort_people: " in outcome.err


@pytest.mark.parametrize(
    "content",
    ['title,action\n"never closed', "title,title\na,b", "title\na,b,c", 'title\n"a"b', "title\na\x00b",
     'title,measures\na,"[{"', "title\n" + "x" * 2_000_000, "title\n\"" + "x\n" * 1_000_000, ",,\n,,a"],
)  # fmt: skip
def test_bad_csv_is_refused_in_words(run, content):
    outcome = run(content, name="a.csv")
    assert outcome.code == 1
    assert outcome.new == 0
    assert "we do not know why" not in outcome.err


def test_csv_that_is_not_utf8_is_told_so(run):
    content = as_csv({"title": "Réduire"}).encode("cp1252")
    outcome = run(content, name="a.csv")
    assert outcome.new == 0
    assert "a.csv:2: This is not UTF-8 text" in outcome.err
