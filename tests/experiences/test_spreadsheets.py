"""CSV as spreadsheets write it, in France above all; and exports that a spreadsheet reads."""

import io
import re

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from experiences.interchange import cells
from experiences.interchange.exporter import export
from experiences.models import Experience
from tests.factories import make_report
from tests.importing import GOOD, Outcome

pytestmark = pytest.mark.django_db

HEAD = [
    "source_id", "title", "language", "situation", "action", "result", "verdict", "stakes", "audience",
    "kind", "community-size",
]  # fmt: skip
ROW = ["a", "Réunion d’équipe", "fr", "Avant.", "Un geste.", "Un effet.", "worked", "first-steps",
       "internal", "practice", "c-100-999"]  # fmt: skip


def table(head=HEAD, *rows, sep=";", end="\r\n"):
    return end.join(sep.join(row) for row in [head, *(rows or [ROW])]) + end


def with_columns(**values):
    """Return a table with `values` in columns of their own, or in the place of those there."""
    row = dict(zip(HEAD, ROW, strict=True)) | values
    return table(list(row), list(row.values()))


def taken(outcome):
    assert (outcome.counts, outcome.err) == ((1, 0, 0), "")
    return Experience.objects.get()


# --- How the file is written ---------------------------------------------------------------------


@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_table_is_taken_whatever_parts_its_cells_and_lines(run, sep, end, encoding):
    report = taken(run(table(sep=sep, end=end).encode(encoding), name="a.csv"))
    assert (report.title, report.situation) == ("Réunion d’équipe", "Avant.")


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;;", "sep=|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_line_that_names_the_separator_is_no_header(run, line, mark):
    sep = "|" if "|" in line else ";"
    text = f"{mark}{line}\r\n{table(sep=sep)}" + sep.join([*ROW[:6], "splendid", *ROW[7:]])
    outcome = run(text, name="a.csv")
    assert (outcome.new, outcome.refused) == (1, 1)
    assert "a.csv:4: " in outcome.err


def test_empty_rows_and_columns_are_passed_over(run):
    wide = [[*row, "", "", ""] for row in (HEAD, ROW, [""] * len(HEAD))]
    taken(run(";;;\r\n\r\n" + table(*wide), name="a.csv"))


def test_a_tab_separated_file_may_be_named_so(run):
    taken(run(table(sep="\t"), name="a.tsv"))


@pytest.mark.parametrize(
    "content",
    [
        table([*HEAD], [*ROW[:3], "Été", *ROW[4:]], ROW).encode("cp1252"),
        table().encode("mac_roman"),
        table().encode("utf-16")[:-1],
        "﻿".encode() + table().encode("cp1252"),
        table(HEAD, *[["", "x", *ROW[2:]]] * 3000).encode() + "é".encode("latin-1"),
    ],
)
def test_what_is_of_another_encoding_is_refused_once_and_nothing_of_it_is_taken(run, content):
    outcome = run(content, name="a.csv")
    assert (outcome.code, outcome.counts) == (1, (0, 0, 1))
    assert outcome.err.count("\n") == 1
    assert "This is not UTF-8 text" in outcome.err
    assert not Experience.objects.exists()


def test_the_line_of_what_cannot_be_read_is_told(run):
    content = table(end="\r").encode() + b"\xe9\xe9"
    assert "a.csv:3: This is not UTF-8" in run(content, name="a.csv").err


def test_json_in_utf_16_is_refused_in_one_sentence(run):
    outcome = run('{"title": "é"}\n{"title": "b"}'.encode("utf-16"))
    assert outcome.counts == (0, 0, 1)
    assert "This is not UTF-8" in outcome.err


@pytest.mark.parametrize("content", ["", "\ufeff", ";;;\r\n", "sep=;\r\n", table(HEAD, [""] * 11)])
def test_a_table_of_nothing_says_so_in_one_sentence(run, content):
    outcome = run(content, name="a.csv")
    assert (outcome.code, outcome.counts) == (0, (0, 0, 0))
    assert outcome.err.strip().endswith("a.csv: there is no record in this file.")


# --- One cause, one error ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (table(sep="~"), "No column is a field we know"),
        (table(["une", "deux"], ["1", "2"], ["3", "4"]), "No column is a field we know"),
        ("une\r\n1\r\n", "No column is a field we know"),
        (table(["title", "verdict", "who"], ["a", "worked", "c"]), "These columns are missing"),
        (table(["Title", "title", *HEAD[2:]], *[ROW] * 3), "Two columns have the same name: Title, title"),
        (table(["Titre", "title", *HEAD[2:]], *[ROW] * 3), "Two columns have the same name: Titre, title"),
    ],
)
def test_what_is_wrong_with_the_header_is_said_once(run, content, said):
    outcome = run(content, name="a.csv")
    assert outcome.counts == (0, 0, 1)
    assert outcome.err.count("\n") == 1
    assert said in outcome.err


def test_the_columns_that_are_missing_are_named_unless_they_are_filled(run):
    content = table(HEAD[:6], ROW[:6])
    outcome = run(content, name="a.csv")
    assert "missing, and no --set fills them: verdict, stakes, audience, kind, community-size." in outcome.err
    filled = ["verdict=worked", "stakes=trust", "audience=internal", "kind=fan", "community-size=unknown"]
    args = [part for one in filled for part in ("--set", one)]
    assert run(content, *args, name="a.csv").counts == (1, 0, 0)


def test_a_record_of_which_nothing_is_known_is_refused_in_one_sentence(run):
    outcome = run([{"report": {"title": "x"}}])
    assert (outcome.counts, outcome.err.count("\n")) == ((0, 0, 1), 1)
    assert "Nothing here is a field we know" in outcome.err


# --- How columns and terms are called ------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        [name.upper() for name in HEAD],
        [f" {name.title()}\u00a0" for name in HEAD],
        [name.replace("-", " ").replace("_", " ") for name in HEAD],
        [name.replace("-", "_") for name in HEAD],
        ["Source ID", "Titre", "Langue", "Situation", "Ce que nous avons fait", "Ce qui s’est passé",
         "Verdict", "Enjeux", "Qui participe", "Type de communauté", "Nombre de membres"],
        ["source id", "Title", "Language of the report", "What we faced", "What we did", "What happened",
         "Verdict", "Stakes", "Who takes part", "Kind of community", "Members"],
        ["source_id", "titre", "langue", "situation", "action", "re\u0301sultat", "verdict", "enjeux",
         "audience", "kind", "community-size"],
    ],
)  # fmt: skip
def test_columns_are_known_by_what_people_call_them(run, head):
    report = taken(run(table(head, ROW), name="a.csv"))
    assert (report.title, report.source_id, report.result) == (ROW[1], "a", ROW[5])


def test_a_name_that_map_reads_otherwise_wins(run):
    head = ["source_id", "Résultat", *HEAD[2:]]
    report = taken(run(table(head, ROW), "--map", "Résultat=title", name="a.csv"))
    assert report.title == ROW[1]


@pytest.mark.parametrize(
    "values",
    [
        {"verdict": "Worked", "stakes": "First-Steps", "audience": "Internal"},
        {
            "verdict": "It worked",
            "stakes": "Premiers pas des nouveaux",
            "audience": "inside one organisation",
        },
        {"verdict": "Cela a marché", "audience": "interne à une organisation", "identity": "Sans mon nom"},
        {"language": "Français", "kind": " practice ", "community-size": "C-100-999"},
        {"language": "anglais"},
        {"audience": "“outside (customers, public, contributors)”"},
    ],
)
def test_terms_may_be_called_by_their_label_in_either_language(run, values):
    report = taken(run(with_columns(**values), name="a.csv"))
    assert report.verdict == "worked"
    assert [one.slug for one in report.stakes.all()] == ["first-steps"]


def test_a_label_with_a_comma_is_one_and_two_terms_may_have_a_comma_between(run):
    report = taken(run(with_columns(stakes="Revive, merge or close"), name="a.csv"))
    assert [one.slug for one in report.stakes.all()] == ["revive-or-close"]
    for comma in ",，":
        outcome = run(with_columns(source_id=comma, stakes=f"first-steps{comma} Trust"), name="a.csv")
        assert outcome.counts == (1, 0, 0)
        stakes = Experience.objects.get(source_id=comma).stakes.all()
        assert {one.slug for one in stakes} == {"first-steps", "trust"}


def test_a_term_that_is_not_on_the_list_is_refused_as_it_was_written(run):
    outcome = run(with_columns(verdict="Splendid"), name="a.csv")
    assert outcome.counts == (0, 0, 1)
    assert "a.csv:2: verdict: Select a valid choice. Splendid is not" in outcome.err


def test_programs_write_slugs(run):
    assert run([{**GOOD, "verdict": "Worked"}]).counts == (0, 0, 1)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("onboarding, rituals , Onboarding", ["onboarding", "rituals"]),
        ('"a; b"', ["a", "b"]),
        ('"a\nb"', ["a", "b"]),
        (r"trust\, but verify", ["but verify", "trust"]),  # as at every door
    ],
)
def test_free_words_are_parted_by_commas_too(run, cell, words):
    report = taken(run(with_columns(keywords=cell), name="a.csv"))
    assert sorted(word.name for word in report.keywords.all()) == words


# --- Figures and months --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "number"),
    [("2,0", 2), ("2.00", 2), ("1 500", 1500), ("1\u202f500", 1500), ("12\u00a0345,0", 12345), (" 7 ", 7)],
)
def test_whole_numbers_are_read_as_spreadsheets_write_them(run, cell, number):
    assert taken(run(with_columns(effort_hours=cell), name="a.csv")).effort_hours == number


@pytest.mark.parametrize("cell", ["1,5", "1.5", "1,500", "1.500", "-1", "2e3", "1 50", "0x1", "²"])
def test_what_is_no_whole_number_for_sure_is_refused_once(run, cell):
    outcome = run(with_columns(effort_hours=cell), name="a.csv")
    assert (outcome.counts, outcome.err.count("\n")) == ((0, 0, 1), 1)
    assert "a.csv:2: effort_hours: " in outcome.err


MARCHES = [
    "2025-03", "2025-3", "mars-25", "mars 2025", "Mars 25", "March 2025", "Mar-25", "01/03/2025", "1/3/2025",
    "31.03.2025", "03/2025", "2025-03-01 00:00:00", "2025/03/14", "2025-03-01T10:20:30", "1er mars 2025",
    "01-mars-25", "14 March 2025",
]  # fmt: skip


@pytest.mark.parametrize("cell", MARCHES)
def test_months_are_read_as_spreadsheets_write_them(run, cell):
    assert str(taken(run(with_columns(started_on=cell), name="a.csv")).started_on) == "2025-03-01"


@pytest.mark.parametrize(
    ("cell", "month"), [("févr-24", 2), ("août-24", 8), ("déc.-24", 12), ("juil. 2024", 7)]
)
def test_months_may_be_abbreviated(cell, month):
    assert cells.month(cell) == f"2024-{month:02}"


@pytest.mark.parametrize(
    "cell", ["01/03/2025", "jui-25", "25-mars", "45717", "13/13/2025", "31/02/2025", "31 juin 2024", "x"]
)
def test_a_month_that_may_be_two_is_left_as_it_is(cell):
    assert cells.month(cell) == cell


def test_where_cells_are_parted_by_commas_a_day_may_come_second(run):
    row = dict(zip(HEAD, ROW, strict=True)) | {"started_on": "01/03/2025"}
    outcome = run(table(list(row), list(row.values()), sep=","), name="a.csv")
    assert outcome.counts == (0, 0, 1)
    assert "a.csv:2: started_on: This is not a month" in outcome.err
    assert cells.month("28/03/2025") == cells.month("03/28/2025") == cells.month("03/03/2025") == "2025-03"


def test_a_year_of_two_digits_is_the_last_that_has_begun():
    this = timezone.localdate().year
    assert cells.month(f"mai-{this % 100:02}") == f"{this}-05"
    assert cells.month(f"mai-{(this + 1) % 100:02}") == f"{this - 99}-05"


numbers = st.integers(0, 32).map(str) | st.integers(0, 13).map("{:02}".format)
years = st.sampled_from(["2025", "1999", "0000", "9999", "25", "00", "99", "20255"])
names = st.sampled_from(["mars", "March", "août", "févr", "déc.", "juil.", "jui", "ma", "1er", "x"])
separators = st.sampled_from(["-", "/", ".", " ", " - ", "-", "/", ""])
times = st.sampled_from(["", "", " 00:00:00", "T10:20:30", " 9:05", "T24:61:99", " 10:20:30.123456", " 9"])


@st.composite
def like_months(draw):
    """Draw what a spreadsheet makes of a month, and what only looks like it."""
    day, month, year = draw(numbers), draw(numbers | names), draw(years)
    parts = draw(st.sampled_from([[day, month, year], [year, month, day], [month, year], [year, month]]))
    one = draw(separators)
    last = one if draw(st.booleans()) else draw(separators)
    return one.join(parts[:-1]) + last + parts[-1] + draw(times)


def all_as_examples(test):
    for cell in MARCHES:
        test = example(cell)(test)
    return test


@all_as_examples
@example("1-0025")
@given(like_months() | st.text("0123456789/-. marsui:T", max_size=24))
def test_no_cell_makes_a_month_that_is_none(cell):
    month = cells.month(cell)
    assert month == cell or re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month)


# --- Apostrophes, and the way back ---------------------------------------------------------------


@pytest.mark.parametrize("title", ["'-tis the season", "- a dash", "'90s", "'=1", "''+1", "'@home", "+1"])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_apostrophe_of_ones_own_is_kept_there_and_back(run, tmp_path, title, form):
    report = taken(run(with_columns(title=title), "--publish", name="a.csv"))
    assert report.title == title
    path = tmp_path / f"out.{form}"
    call_command("export_experiences", format=form, output=str(path), stdout=io.StringIO())
    report.delete()
    assert Outcome(path, "--publish").counts == (1, 0, 0)
    assert Experience.objects.get().title == title


def test_a_csv_begins_with_the_mark_by_which_spreadsheets_know_utf_8(ana, carol, tmp_path):
    make_report(ana, carol, title="Réunion")
    path = tmp_path / "out.csv"
    call_command("export_experiences", format="csv", output=str(path), stdout=io.StringIO())
    assert path.read_bytes()[:6] == b"\xef\xbb\xbfid,"
    assert Outcome(path).counts == (0, 1, 0)


def test_a_line_of_json_is_one_line_for_every_program(ana, carol):
    make_report(ana, carol, lessons="one\u2028two\u2029three\x85four")
    out = io.StringIO()
    export("jsonl", out)
    assert len(out.getvalue().splitlines()) == 1
