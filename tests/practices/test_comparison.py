"""Two practices side by side: what each asks, for whom it held, how sure it is; who may compare what."""

import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experiences.list_index import held
from experiences.models import Situation
from tests.conftest import make_person
from tests.factories import contexts, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
ADDRESS = "/practices/compare/"
INSIDE = {"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]}


@pytest.fixture
def both(ana, carol, chris):
    """One that held outside at a cost, and one that did harm inside."""
    well = make_report(ana, carol, effort_hours=40)
    badly = make_report(ana, carol, verdict="backfired", where=INSIDE)
    return (
        make_published_practice(
            carol, chris, title="Run both", reports=[well], summary="Keep two places.", how="1. Announce it."
        ),
        make_published_practice(
            carol,
            chris,
            title="Close at once",
            reports=[badly],
            summary="Close one.",
            avoid_when="It is loved.",
        ),
    )


def compare(client, a, b, **more):
    return client.get(ADDRESS, {"a": a.slug, "b": b.slug} | more)


def words(piece):
    return " ".join(re.sub(r"<[^>]+>", " ", piece).split())


def row(answer, heading):
    """Return what stands under `heading` of each of the two, the name of the practice left out."""
    line = answer.content.decode().split(f'<th scope="row">{heading}</th>')[1].split("</tr>")[0]
    cells = re.sub(r'<p class="whose".*?</p>', "", line, flags=re.DOTALL)
    return [words(cell) for cell in re.findall(r"<td>(.*?)</td>", cells, re.DOTALL)]


# --- Side by side ------------------------------------------------------------------------------------


def test_what_each_asks_and_what_came_of_it_stand_side_by_side(browse, both):
    page = compare(browse(), *both)

    assert page.status_code == 200
    assert row(page, "What to do") == ["Keep two places.", "Close one."]
    assert row(page, "What came of it") == ["1 worked", "1 did not"]
    held_for, nobody = row(page, "For whom it held")
    assert held_for.startswith("Where it worked, at least in part: audience outside; open-source")
    assert nobody == "Nobody said yet that it worked."
    assert row(page, "How sure we are")[0].startswith("Lone voice grade 1 of 4 1 report, from 1 organisation")
    assert row(page, "Unwanted effects") == ["Nobody said.", "1 report says it made things worse."]
    assert row(page, "What it took") == ["40 hours in all.", "Nobody said."]
    assert row(page, "Avoid when")[1] == "It is loved."
    assert row(page, "How")[0] == "Announce it."
    assert 'name="robots" content="noindex"' in page.content.decode()


def test_the_address_alone_says_which_stands_where(browse, both):
    assert row(compare(browse(), *reversed(both)), "What to do") == ["Close one.", "Keep two places."]


def test_a_text_that_one_lacks_is_said_to_lack_and_one_that_both_lack_is_left_out(browse, ana, carol, chris):
    told = {"how": "Do it.", "applies_when": "", "avoid_when": ""}
    one = make_published_practice(carol, chris, title="One", **told | {"applies_when": "Always."})
    other = make_published_practice(carol, chris, title="Other", **told)
    page = compare(browse(), one, other)

    assert row(page, "Applies when") == ["Always.", "Not said."]
    assert "Avoid when" not in page.content.decode()


def test_contexts_like_the_reader_s_are_told_for_both(browse, both, ben):
    Situation.state(contexts(audience=["internal"], kind=["practice"]), by=ben)
    like_mine = row(compare(browse(ben), *both), "What came of it")
    assert like_mine == ["1 worked", "1 did not In contexts like yours: 1 did not"]


# --- Who may compare what ----------------------------------------------------------------------------


def test_what_readers_find_nowhere_is_refused_by_name_whoever_asks(browse, both, carol, chris, mona, report):
    draft = make_practice(carol, reports=[report], title="Words nobody has read")
    retired = make_published_practice(carol, chris, reports=[report], title="Old way")
    retired.retire(by=carol, note="Overtaken.")
    hidden = make_published_practice(carol, chris, reports=[report], title="Not for all")
    hidden.remove(by=mona, note="It mocks a member.")
    answers = [
        browse(person).get(ADDRESS, {"a": both[0].slug, "b": slug})
        for person in (None, carol)
        for slug in (draft.slug, retired.slug, hidden.slug, "nothing-like-it", "é")
    ]

    assert {answer.status_code for answer in answers} == {400}
    for answer in answers:
        page = answer.content.decode()
        assert "<dt><code>b</code></dt>" in page
        assert "There is no practice to read at" in page
        assert "Words nobody has read" not in page
        assert "Not for all" not in page
    assert compare(browse(), *both).status_code == 200


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


@pytest.mark.parametrize(
    ("query", "named"),
    [("a={0}&b={0}", "b"), ("a={0}&a={0}", "a"), ("a={0}&b={1}&colour=red", "colour"), ("b=nothing", "b")],
)
def test_an_address_that_means_nothing_is_refused_by_name(browse, both, query, named):
    answer = browse().get(f"{ADDRESS}?{query.format(*(one.slug for one in both))}")
    assert answer.status_code == 400
    assert f"<dt><code>{named}</code></dt>" in answer.content.decode()


# --- Choosing the other ------------------------------------------------------------------------------


def offered(answer):
    return re.findall(r'href="/practices/compare/\?a=[-\w]+&amp;b=([-\w]+)"', answer.content.decode())


def test_practices_of_the_same_stakes_are_offered_and_words_find_others(browse, both, carol, chris):
    one, other = both
    apart = make_published_practice(carol, chris, title="Thank the helpers", stakes_=("recognition",))
    page = browse().get(ADDRESS, {"a": one.slug})

    assert offered(page) == [other.slug]
    assert "Practices for the same stakes" in page.content.decode()
    assert offered(browse().get(ADDRESS, {"a": one.slug, "q": "helpers"})) == [apart.slug]
    nothing = browse().get(ADDRESS, {"a": one.slug, "q": "zebra"})
    assert offered(nothing) == []
    assert "Try fewer of them." in nothing.content.decode()


def test_where_none_names_the_same_stakes_any_other_is_offered_but_no_translation(browse, both, carol, chris):
    alone = make_published_practice(carol, chris, title="Thank the helpers", stakes_=("recognition",))
    french = alone.translate(by=carol, language="fr", title="Remercier")
    french.submit(by=carol).publish(by=chris)
    page = browse().get(ADDRESS, {"a": alone.slug})

    assert set(offered(page)) == {one.slug for one in both}
    assert "Practices for other stakes" in page.content.decode()


def test_without_a_practice_the_page_says_where_to_begin(browse, db):
    page = browse().get(ADDRESS)
    assert page.status_code == 200
    assert "Choose a first practice" in page.content.decode()


def test_a_practice_and_a_stake_lead_to_it_while_it_can_be_read(browse, both, carol):
    way = f'href="{ADDRESS}?a={both[0].slug}"'
    assert way in browse().get(both[0].get_absolute_url()).content.decode()
    assert way in browse().get("/stakes/moving-platform/").content.decode()
    both[0].retire(by=carol, note="Overtaken.")
    assert way not in browse().get(both[0].get_absolute_url()).content.decode()


# --- What it costs -----------------------------------------------------------------------------------


def test_it_asks_as_often_however_much_rests_on_both(browse, both, ana, carol, chris):
    def queries(a, b):
        held.in_step("reports", "practices")
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as asked:
            compare(browse(), a, b)
        return len(asked)

    queries(*both)  # What each process reads once, it has read then.
    few = queries(*both)
    many = [
        make_published_practice(
            carol,
            chris,
            title=f"Much {n}",
            reports=[
                make_report(make_person(f"author{n}-{one}"), carol, effort_hours=one) for one in range(6)
            ],
        )
        for n in range(2)
    ]
    assert queries(*many) == few <= 6


def test_a_visitor_who_has_it_is_not_sent_it_again_until_one_changed(browse, both, carol, chris, ana):
    client = browse()
    tag = compare(client, *both)["ETag"]

    def again():
        return client.get(
            ADDRESS, {"a": both[0].slug, "b": both[1].slug}, headers={"if-none-match": tag}
        ).status_code

    assert again() == 304
    both[0].reopen(by=carol)
    both[0].summary = "Keep two places for a while."
    both[0].write(by=carol)
    both[0].submit(by=carol).publish(by=chris)
    assert again() == 200
