"""The grade over time, as a drawing, a table and data."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practices.api.grades import grade_move_data
from practices.grading import RULE_VERSION
from practices.models import LogLine
from practices.views.practice import grade_history
from practices.views.practice.grade_history import History
from tests.conftest import make_person
from tests.factories import make_known, make_practice, make_published_practice, make_report

TODAY = date(2026, 6, 1)


def line(verb="graded", day=datetime(2025, 3, 14, 9, tzinfo=UTC), before="G1", after="G2", cause="cited"):
    return LogLine(verb=verb, at=day, before=before, after=after, cause=cause, rule_version=1)


def published(day=datetime(2025, 1, 10, 9, tzinfo=UTC)):
    return line("published", day, "in-review", "published", "")


def drawn(*lines, grade=0):
    """Draw `lines`, given oldest first."""
    return History(list(reversed(lines)), grade, TODAY)


def test_a_grade_that_never_moved_is_a_level_line():
    still = drawn(published(), grade=2)
    assert (still.moves, still.first) == ([], 2)
    assert still.path == f"M{grade_history.LEFT} {grade_history.height(2)}H{grade_history.RIGHT}"


def test_a_line_goes_up_where_the_grade_rose():
    rising = drawn(published(), line(), line(before="G2", after="G2"))
    [(x, y, move)] = rising.dots
    assert (rising.first, move.grade) == (1, 2)
    assert rising.path == f"M{grade_history.LEFT} {grade_history.height(1)}H{x}V{y}H{grade_history.RIGHT}"
    assert grade_history.LEFT < x < grade_history.RIGHT


def test_what_the_first_publication_did_is_where_it_begins():
    first = line(day=datetime(2025, 1, 10, 9, tzinfo=UTC), before="G0", after="G3", cause="published")
    assert (drawn(published(), first).moves, drawn(published(), first).first) == ([], 3)


@pytest.mark.parametrize("day", [2, 27])
def test_a_move_told_by_its_month_is_drawn_and_given_without_its_day(day):
    moved = line(day=datetime(2025, 9, day, 9, tzinfo=UTC), cause="tried")
    assert [x for x, _y, _move in drawn(published(), moved).dots] == [
        x
        for x, _y, _move in drawn(
            published(), line(day=datetime(2025, 9, 15, tzinfo=UTC), cause="tried")
        ).dots
    ]
    assert grade_move_data(moved)["on"] == "2025-09"
    assert grade_move_data(line())["on"] == "2025-03-14"


@given(st.lists(st.integers(0, 500), min_size=1, max_size=60))
def test_moves_stand_in_order_within_the_drawing_and_never_on_one_another(days):
    lines = [line(day=datetime.fromtimestamp(1.7367e9 + 86400 * n, UTC)) for n in sorted(days)]
    places = [x for x, _y, _move in drawn(published(), *lines).dots]
    assert places == sorted(set(places))
    assert places[0] > grade_history.LEFT
    assert places[-1] < grade_history.RIGHT


@pytest.fixture
def practice(db, ana, carol, chris):
    """Graded G1, and echoed since by two who tried it: G2."""
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol, measured=True)])
    for name in ("dan", "eve"):
        practice.try_out(by=make_known(make_person(name)), verdict="worked", line="It held.")
    return practice


def test_the_page_draws_the_grade_and_tells_it_as_a_table(browse, practice):
    page = browse().get(practice.get_absolute_url()).content.decode()
    drawing = page[page.index('<svg class="history"') :].split("</svg>")[0]
    assert "<title" in drawing
    assert "It began at G1 Lone voice, moved once, and is now G2 Echoed." in drawing
    assert drawing.count("<circle") == 1
    assert "style=" not in drawing
    assert "See as a table" in page
    assert "Someone tried it" in page


def test_numbers_of_the_drawing_are_numbers_in_every_language(browse, practice):
    page = browse().get(practice.get_absolute_url(), headers={"accept-language": "fr"}).content.decode()
    drawing = page[page.index('<svg class="history"') :].split("</svg>")[0]
    assert re.findall(r'(?:cx|cy|x|y)="([^"]*)"', drawing)
    assert not re.findall(r'(?:cx|cy|x|y|d)="[^"]*,', drawing)


def test_a_grade_that_stayed_is_said_in_a_sentence(browse, ana, carol, chris):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    page = browse().get(practice.get_absolute_url()).content.decode()
    assert "The grade has not moved since the first version." in page
    assert '<svg class="history"' not in page


def test_programs_read_each_move_with_its_rule_and_cause(api, practice, carol):
    practice.lower_grade(by=carol, reason="Both work together.")
    rows = api().get(f"/api/v1/practices/{practice.slug}/grades/").json()["results"]
    moves = [(row["before"], row["after"], row["cause"], row["rule_version"], len(row["on"])) for row in rows]
    assert moves == [("G1", "G2", "tried", RULE_VERSION, 7), ("G2", "G1", "lowered", RULE_VERSION, 10)]
    assert rows[0]["sentence"] == "The grade moved from G1 Lone voice to G2 Echoed: someone tried it."
    assert "carol" not in str(rows).casefold()


def test_the_grades_of_a_draft_are_unknown_to_readers(api, carol, ana):
    draft = make_practice(carol, reports=[make_report(ana, carol)])
    assert api().get(f"/api/v1/practices/{draft.slug}/grades/").status_code == 404
    assert api(carol).get(f"/api/v1/practices/{draft.slug}/grades/").json()["results"] == []
