"""The evidence map: how much has been told of what, where, what came of it, and what nobody has told yet."""

import re

import pytest
from django.http import QueryDict

from experiences.models import Experience, Situation, Stake
from practices.search.evidence_map import EvidenceMap
from practices.views.field_map.evidence_map import bar_of
from tests.conftest import make_person
from tests.factories import contexts, make_draft, make_published_practice, make_report
from tests.shapes import check

pytestmark = pytest.mark.django_db
INSIDE = {"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]}


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def cell(api, context, *, term="tools", **query):
    """Return the cell of a row of the map, as the API tells it."""
    rows = api().get("/api/v1/map/", query).json()["rows"]
    cells = next(row["cells"] for row in rows if row["slug"] == term)
    return next(one for one in cells if one["context"] == context)


@pytest.fixture
def told(ana, carol, chris):
    """Three reports of moving a platform outside, one of them of a practice; one inside; a draft."""
    reports = [make_report(ana, carol, verdict=verdict) for verdict in ("worked", "worked", "backfired")]
    make_report(ana, carol, where=INSIDE, verdict="too-early")
    make_published_practice(carol, chris, reports=reports[:1])
    make_draft(ana)
    return reports


def test_a_cell_counts_what_is_published(api, told):
    outside = cell(api, "external")

    assert (outside["reports"], outside["practices"]) == (3, 1)
    assert {verdict: n for verdict, n in outside["verdicts"].items() if n} == {"worked": 2, "backfired": 1}
    assert cell(api, "internal")["reports"] == 1
    assert cell(api, "hybrid") == {
        "context": "hybrid",
        "reports": 0,
        "practices": 0,
        "verdicts": dict.fromkeys(Experience.Verdict.values, 0),
    }


def test_the_stakes_of_a_competency_have_a_map_of_their_own(api, told):
    assert cell(api, "external", competency="tools", term="moving-platform")["reports"] == 3
    assert cell(api, "c-1k-9k", facet="community-size")["reports"] == 4


def test_a_cell_counts_what_its_list_finds(api, browse, told, ana, carol):
    """Of a stake that took the place of another, too."""
    old, heir = (Stake.objects.get(slug=slug) for slug in ("moving-platform", "ease-and-access"))
    old.heirs.add(heir)
    make_report(ana, carol, stakes_=["ease-and-access"])

    for stake in (old, heir):
        found = api().get("/api/v1/experiences/", {"stake": stake.slug, "audience": "external"}).json()
        told_of = cell(api, "external", competency=stake.competency.slug, term=stake.slug)
        assert told_of["reports"] == found["count"]


def test_a_practice_counts_once_in_however_many_languages(api, told, carol, chris):
    original = make_published_practice(carol, chris, title="Original", reports=told[:1])
    translation = original.translate(by=carol, language="fr", title="Traduction")
    translation.submit(by=carol).publish(by=chris)

    assert cell(api, "external")["practices"] == 2


def test_what_leaves_the_lists_leaves_the_map(api, told, ana):
    told[0].withdraw(by=ana, note="It was another year.")

    assert cell(api, "external")["reports"] == 2


def test_the_page_says_what_came_of_it(browse, told):
    page = browse().get("/map/?competency=tools")

    assert "3 reports: 2 worked, 1 did not." in text(page)
    assert 'href="/experiences/?stake=moving-platform&amp;audience=external"' in page.content.decode()
    assert 'href="/practices/?stake=moving-platform&amp;audience=external"' in page.content.decode()


def test_a_gap_invites_to_tell_what_is_missing(browse, told, ana):
    page = browse().get("/map/?competency=tools").content.decode()

    assert 'href="/experiences/new/?stake=moving-platform&amp;audience=hybrid"' in page
    form = browse(ana).get("/experiences/new/?stake=moving-platform&audience=hybrid").context["form"]
    assert form["stakes"].initial == ["moving-platform"]
    assert form["audience"].initial == "hybrid"


def test_of_a_competency_a_gap_names_the_context_alone(browse, told):
    assert 'href="/experiences/new/?audience=hybrid"' in browse().get("/map/").content.decode()


def test_what_stands_out_is_said_from_five_reports_on(browse, told, ana, carol):
    assert "Nowhere has enough been told yet" in text(browse().get("/map/"))

    for _each in range(3):
        make_report(ana, carol, verdict="no-effect")

    page = text(browse().get("/map/"))
    assert "outside (customers, public, contributors): 6 reports." in page
    assert "outside (customers, public, contributors): 4 of 6 reports." in page


@pytest.mark.parametrize(
    ("verdicts", "pieces"),
    [
        ({}, []),
        ({"too-early": 3}, []),
        ({"worked": 4}, [("worked", 0, 100)]),
        ({"worked": 1, "worked-in-part": 1}, [("worked", 0, 49), ("mixed", 52, 48)]),
        ({"worked": 997, "backfired": 1}, [("worked", 0, 95), ("failed", 98, 2)]),
    ],
)
def test_a_bar_is_as_long_as_its_pieces(verdicts, pieces):
    assert [tuple(piece.values()) for piece in bar_of(verdicts)] == pieces


@pytest.mark.parametrize("query", ["facet=colour", "competency=magic", "stake=trust", "facet=budget"])
def test_what_the_map_does_not_know_is_refused_by_name(browse, api, query):
    name = query.partition("=")[0]
    page, answer = browse().get(f"/map/?{query}"), api().get(f"/api/v1/map/?{query}")

    assert (page.status_code, answer.status_code) == (400, 400)
    assert f"<code>{name}</code>" in page.content.decode()
    assert [error["field"] for error in answer.json()["errors"]] == [name]


def test_what_the_form_leaves_empty_is_not_in_the_address(browse):
    answer = browse().get("/map/?competency=&facet=kind")

    assert (answer.status_code, answer["Location"]) == (302, "/map/?facet=kind")


def test_the_map_of_an_empty_site_is_all_gaps(browse, db):
    assert "24 places with fewer than three reports" in text(browse().get("/map/"))


def test_a_program_that_has_the_map_is_not_sent_it_again(api, shapes, told, carol):
    client = api()
    first = client.get("/api/v1/map/")
    check(shapes, shapes["paths"]["/api/v1/map/"]["get"], first.json())
    known = {"If-None-Match": first["ETag"]}
    assert client.get("/api/v1/map/", headers=known).status_code == 304
    make_report(make_person("bea"), carol)
    assert client.get("/api/v1/map/", headers=known).status_code == 200


def test_the_reader_s_own_context_is_marked(browse, told, ben):
    Situation.state(contexts(audience=["external"], kind=["open-source"]), by=ben)

    assert 'class="yours"' not in browse().get("/map/").content.decode()
    assert re.search(r'class="yours" data-y="Yours">\s*outside', browse(ben).get("/map/").content.decode())


def test_gaps_begin_where_most_was_told_around_them(db, told, ana, carol):
    make_report(ana, carol, stakes_=["trust"])

    assert EvidenceMap.at(QueryDict()).gaps[0].term.slug == "tools"
