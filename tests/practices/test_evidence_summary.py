"""What the page of a practice makes of its evidence: effort, failures, contexts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.models import Experience, Situation
from experiences.models.report.parts import Parts
from practices.views.practice.effort import summarise_effort
from tests.conftest import make_person
from tests.factories import WHERE, contexts, make_published_practice, make_report


def spent(*amounts, column="hours"):
    return [Experience(**{f"effort_{column}": amount}) for amount in amounts]


@pytest.mark.parametrize(
    ("reports", "said"),
    [
        (spent(None, None), []),
        (spent(1), [("1 hour in all.", "Told by 1 report of 1.")]),
        (spent(12, None, None), [("12 hours in all.", "Told by 1 report of 3.")]),
        (spent(8, 8), [("8 hours in all.", "Told by 2 reports of 2.")]),
        (spent(3, 40, 12, None), [("Around 12 hours in all, from 3 to 40.", "Told by 3 reports of 4.")]),
        (spent(1, 2), [("1 to 2 hours in all.", "Told by 2 reports of 2.")]),
        (spent(0, 2, column="people"), [("Around 1 person, from 0 to 2.", "Told by 2 reports of 2.")]),
        (spent(4, column="weeks"), [("4 weeks.", "Told by 1 report of 1.")]),
    ],
)
def test_effort_is_told_by_its_middle_and_its_ends(reports, said):
    assert summarise_effort(reports) == said


def page_of(client, practice):
    return client.get(practice.get_absolute_url()).content.decode()


def part(page, heading):
    return page[page.index(f">{heading}</h2>") :].split("</section>")[0]


@pytest.fixture
def practice(db, carol, chris):
    """One that worked for one in five; the others failed, each in its way."""
    verdicts = ["no-effect", "abandoned", "backfired", "no-effect", "worked"]
    reports = [
        make_report(
            make_person(f"author{n}"), carol, title=f"Report {n}", verdict=verdict, effort_hours=10 * n
        )
        for n, verdict in enumerate(verdicts, 1)
    ]
    return make_published_practice(carol, chris, reports=reports)


def test_the_page_says_what_it_took(browse, practice):
    took = part(page_of(browse(), practice), "What it took")
    assert "Around 30 hours in all, from 10 to 50." in took
    assert "Told by 5 reports of 5." in took
    assert "weeks" not in took


def test_the_worst_endings_are_told_first_and_are_few(browse, practice):
    ended = part(page_of(browse(), practice), "Where it did not work")
    assert "4 reports of 5 tell that it did not work." in ended
    assert [n for n in "12345" if f"Report {n}" in ended] == ["1", "3", "4"]
    assert ended.index("Report 3") < ended.index("Report 1")
    assert "Eight posters in ten moved" in ended  # what happened, in its own words


def test_what_came_of_it_is_also_a_table_with_the_reader_s_own_row(browse, practice, ben):
    Situation.state(contexts(audience=["external"]), by=ben)
    page = page_of(browse(ben), practice)
    table = page[page.index("What came of it, by context</caption>") :].split("</table>")[0]
    row = table[table.index('class="yours"') :].split("</tr>")[0]
    assert [cell.split("</td>")[0] for cell in row.split("<td>")[1:]] == ["1", "0", "4", "0"]
    assert 'data-y="Yours"' in row


def test_for_and_against_stand_in_the_same_place(browse, ana, carol, chris):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)], bearing="contradicts")
    page = page_of(browse(), practice)
    assert page.count("<h4>Supported by</h4>") == page.count("<h4>Contradicted by</h4>") == 1
    assert '<li class="ev contradicts">' in page


def test_trials_that_grew_take_no_more_queries(browse, carol, chris, ana):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    counts = []
    for number in range(6):
        person = make_person(f"trier{number}")
        make_report(person, carol)
        trial = practice.try_out(by=person, verdict="worked", line="It held.")
        report = trial.grow(by=person, language="en")
        report.situation, report.action = "A forum.", "We moved."
        report.parts = Parts(contexts=contexts(**WHERE))
        report.write(by=person).submit(by=person)
        if number in (1, 5):
            for address in (practice.get_absolute_url(), f"/api/v1/practices/{practice.slug}/trials/"):
                browse().get(address)
                with CaptureQueriesContext(connection) as queries:
                    assert report.public_id in browse().get(address).content.decode()
                counts.append(len(queries))
    assert counts[:2] == counts[2:]
