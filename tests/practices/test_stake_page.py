"""The page of a stake: its practices side by side, how it went, in whose words, and what nobody has told."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.list_index import held
from experiences.models import Effect, Experience, Measure, Situation, Stake
from experiences.models.vocabulary.cache import forget
from practices.views.field_map import passages, side_by_side, stake
from tests.conftest import make_person
from tests.factories import contexts, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
ADDRESS = "/stakes/moving-platform/"
INSIDE = {"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]}


def html(answer):
    return answer.content.decode()


def text(piece):
    return " ".join(re.sub(r"<[^>]+>", " ", piece).split())


def part(answer, name):
    """Return the section of the page that is headed by `name`, as words."""
    return text(html(answer).split(f'aria-labelledby="{name}"')[1].split("</section>")[0])


def way(answer, title):
    """Return the cells of the row of a practice, as words."""
    row = next(one for one in html(answer).split("<tr>") if f">{title}</a>" in one)
    return [text(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]


# --- Every known way ------------------------------------------------------------------------------


def test_practices_stand_side_by_side(browse, ana, ben, carol, chris):
    held_there = make_report(ana, carol, effort_people=2, effort_hours=40)
    failed = make_report(ben, carol, verdict="backfired", where=INSIDE, effort_people=5)
    make_published_practice(carol, chris, title="Run both", reports=[held_there, failed])
    make_published_practice(carol, chris, title="Just an idea")

    page = browse().get(ADDRESS)

    came, harm, took, sure, held_for = way(page, "Run both")
    assert came == "1 worked, 1 did not"
    assert harm == "1 report says it made things worse."
    assert took == "Around 4 people, from 2 to 5. 40 hours in all."
    assert sure.endswith("grade 1 of 4 2 reports as evidence Harm reported")
    assert held_for.startswith("Where it worked, at least in part: audience outside; open-source")
    assert "inside one organisation" not in held_for
    assert way(page, "Just an idea") == [
        "No report followed it yet.", "Nobody said.", "Nobody said.",
        "Idea grade 0 of 4 0 reports as evidence", "Nobody said yet that it worked.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("effect", "direction", "is_harm"),
    [
        ("participation", "down", True),
        ("participation", "up", False),
        ("participation", "same", False),
        ("manager-load", "up", True),
        ("manager-load", "down", False),
    ],
)
def test_a_measure_that_went_where_nobody_wants_it_is_harm(
    browse, ana, carol, chris, effect, direction, is_harm
):
    report = make_report(ana, carol)
    row = Measure(report=report, effect=Effect.objects.get(slug=effect), direction=direction)
    row.save()
    make_published_practice(carol, chris, title="Run both", reports=[report])

    said = "1 report measured an effect nobody wanted." if is_harm else "Nobody said."
    assert way(browse().get(ADDRESS), "Run both")[1] == said
    assert (row.change == "worse") == is_harm


def test_what_was_learned_by_not_doing_so_tells_nothing_of_a_practice(browse, ana, carol, chris):
    report = make_report(ana, carol, verdict="backfired", effort_hours=40)
    practice = make_practice(carol, title="Run both")
    claim = practice.add_claim(by=carol, kind="avoid-this", text="Do not close one first.")
    claim.cite(report, by=carol, bearing="supports", excerpt=report.lessons[:40], note="")
    practice.submit(by=carol).publish(by=chris)

    told = way(browse().get(ADDRESS), "Run both")[:3]
    assert told == ["No report followed it yet.", "Nobody said.", "Nobody said."]


def test_a_reader_with_a_situation_is_told_what_held_in_contexts_like_it(browse, ana, ben, carol, chris):
    reports = [make_report(ana, carol), make_report(ana, carol, verdict="no-effect", where=INSIDE)]
    make_published_practice(carol, chris, title="Run both", reports=reports)
    make_published_practice(carol, chris, title="Of elsewhere", reports=reports[1:])
    Situation.state(contexts(audience=["external"], kind=["open-source"]), by=ben)

    page = browse(ben).get(ADDRESS)

    assert "In contexts like yours: 1 worked Like yours: outside" in way(page, "Run both")[-1]
    assert "No report yet from a context like yours." in way(page, "Of elsewhere")[-1]
    assert "contexts like yours" not in html(browse().get(ADDRESS))


def test_a_page_compares_the_best_and_leads_to_all(browse, carol, chris, monkeypatch):
    monkeypatch.setattr(stake, "MOST_COMPARED", 2)
    for number in range(3):
        make_published_practice(carol, chris, title=f"Way {number}")

    page = html(browse().get(ADDRESS))

    assert len(re.findall(r">Way \d</a>", page)) == 2
    assert "All 3 practices" in page


def test_effort_and_measures_are_read_of_the_newest_reports_alone(browse, ana, carol, chris, monkeypatch):
    """A page costs the same however many reports a practice rests on; what came of it counts them all."""
    monkeypatch.setattr(side_by_side, "MOST_READ", 1)
    reports = [make_report(ana, carol, effort_people=people) for people in (7, 2)]
    make_published_practice(carol, chris, title="Run both", reports=reports)

    came, _harm, took, *_rest = way(browse().get(ADDRESS), "Run both")

    assert (came, took) == ("2 worked", "2 people.")


# --- What nobody has told yet ----------------------------------------------------------------------


def test_what_nobody_has_told_is_an_invitation(browse, ana, carol, chris):
    page = browse().get(ADDRESS)
    assert "Nobody has told a case of this stake yet." in part(page, "untold")
    assert 'href="/experiences/new/?stake=moving-platform"' in html(page)

    report = make_report(ana, carol)
    page = browse().get(ADDRESS)
    told = part(page, "untold")
    assert "No practice has been distilled for this stake yet" in told
    assert "No report of it tells of a failure." in told
    assert "comes from here: inside one organisation." in told
    assert "comes from here: outside" not in told
    assert 'href="/experiences/new/?stake=moving-platform&amp;audience=internal"' in html(page)

    make_published_practice(carol, chris, reports=[report])
    for audience in ("internal", "hybrid"):
        make_report(ana, carol, verdict="abandoned", where=INSIDE | {"audience": [audience]})
    assert "What nobody has told yet" not in html(browse().get(ADDRESS))


def order_of(answer):
    """Return what heads the sections of the page, in their order."""
    return re.findall(r'<section class="sec" aria-labelledby="(\w+)"', html(answer))


def test_where_there_is_no_practice_the_reports_are_the_answer_and_gaps_come_last(browse, ana, carol, chris):
    assert order_of(browse().get(ADDRESS)) == ["untold"]

    reports = [make_report(ana, carol), make_report(ana, carol, verdict="no-effect")]
    page = browse().get(ADDRESS)
    assert order_of(page) == ["reports", "quotes", "met", "neighbours", "untold"]
    assert "No practice yet for this stake. This is what 2 reports tell" in part(page, "reports")
    assert "Every known way" not in html(page)

    make_published_practice(carol, chris, reports=reports)
    page = browse().get(ADDRESS)
    assert order_of(page) == ["ways", "quotes", "met", "neighbours", "reports", "untold"]
    assert "No practice yet" not in html(page)


# --- How often it was met, and beside what ---------------------------------------------------------


def test_reports_are_counted_by_verdict_and_lead_to_them(browse, ana, carol):
    make_report(ana, carol)
    make_report(ana, carol, verdict="abandoned")

    page = browse().get(ADDRESS)

    assert "2 reports" in part(page, "met")
    assert "Stopped on the way 1 : Stopped on the way" in part(page, "met")
    assert 'href="/experiences/?stake=moving-platform&amp;verdict=abandoned"' in html(page)
    assert "verdict=no-effect" not in html(page)


def test_years_are_told_once_there_are_two(browse, ana, carol):
    make_report(ana, carol)
    old = make_report(ana, carol, verdict="no-effect")
    assert "Told in" not in html(browse().get(ADDRESS))

    Experience.objects.filter(pk=old.pk).update(order_key=date(2019, 12, 31).toordinal() << 40)
    Experience.objects.filter(pk=old.pk).list_again()

    assert "2019 1 1 did not" in part(browse().get(ADDRESS), "met")


def test_neighbours_are_the_stakes_that_reports_name_beside_it(browse, ana, carol):
    for others in (("trust", "handover"), ("handover",), ("inclusion",)):
        make_report(ana, carol, stakes_=("moving-platform", *others))
    Stake.objects.filter(slug="inclusion").update(retired_on=date(2026, 1, 1))
    forget()

    page = browse().get(ADDRESS)

    named = re.findall(r'href="/stakes/([\w-]+)/"', html(page).split('aria-labelledby="neighbours"')[1])
    assert named[:2] == ["handover", "trust"]
    assert "2 reports name both" in part(page, "neighbours")
    assert "inclusion" not in named
    assert "stake=moving-platform&amp;stake=handover" in html(page)


# --- In the words of authors -----------------------------------------------------------------------


def test_failures_are_quoted_with_their_report(browse, ana, carol):
    make_report(ana, carol, lessons="It went **well**.")
    failure = make_report(ana, carol, verdict="backfired", lessons="We closed it *too* soon.", title="Closed")

    page = browse().get(ADDRESS)

    quoted = part(page, "quotes")
    assert "What they would tell a colleague We closed it too soon." in quoted
    assert "It went well" not in quoted
    assert f'cite="{failure.get_absolute_url()}"' in html(page)
    assert 'aria-labelledby="quotes"' not in html(browse().get("/stakes/trust/"))


def test_failures_of_each_kind_are_quoted_before_more_of_one(browse, ana, carol, monkeypatch):
    monkeypatch.setattr(passages, "MOST_QUOTED", 3)
    for verdict in ("abandoned", "no-effect", "backfired", "backfired", "backfired", "backfired"):
        make_report(ana, carol, verdict=verdict, lessons=f"About {verdict}.")

    quoted = part(browse().get(ADDRESS), "quotes")

    assert [quoted.count(f"About {kind}.") for kind in ("backfired", "no-effect", "abandoned")] == [1, 1, 1]


def test_a_quoted_report_that_withholds_its_name_tells_none(browse, ana, carol):
    make_report(ana, carol, verdict="no-effect", identity="withheld")

    quoted = part(browse().get(ADDRESS), "quotes")

    assert "Name withheld" in quoted
    assert ana.display_name not in quoted


def test_a_report_that_is_gone_is_quoted_no_more(browse, ana, carol):
    failure = make_report(ana, carol, verdict="no-effect", lessons="Never again.")
    assert "Never again." in html(browse().get(ADDRESS))

    failure.withdraw(by=ana, note="It was another year.")

    assert "Never again." not in html(browse().get(ADDRESS))


@pytest.mark.parametrize(
    ("words", "most", "kept"),
    [
        ("All of it.", 40, "All of it."),
        ("One *short* sentence. And another one.", 30, "One short sentence. …"),
        ("No. Then a sentence that goes on for long.", 30, "No. Then a sentence that goes …"),
        ("Is it so? It is what we saw there.", 20, "Is it so? …"),
        ("", 40, ""),
    ],
)
def test_a_passage_ends_with_a_sentence_or_a_word(words, most, kept):
    assert passages.passage(words, most) == kept


# --- What it costs ---------------------------------------------------------------------------------


def test_a_stake_is_shown_with_four_queries(browse, ana, carol, chris):
    for verdict in ("worked", "no-effect", "backfired"):
        report = make_report(make_person(f"author-{verdict}"), carol, verdict=verdict, measured=True)
        make_published_practice(carol, chris, reports=[report])
    browse().get(ADDRESS)
    held.in_step("reports", "practices")

    with CaptureQueriesContext(connection) as asked:
        browse().get(f"{ADDRESS}?again")

    assert len(asked) == 4
