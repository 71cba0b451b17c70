"""The page of a practice: the answer first, its parts in order, and an index that leads to each."""

import re

import pytest

from experiences.models import Situation
from tests.factories import contexts, make_published_practice, make_report

pytestmark = pytest.mark.django_db
SAID = {"applies_when": "When.", "avoid_when": "Not.", "how": "So.", "why": "Why.", "pitfalls": "Trap."}
INSIDE = {"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]}


@pytest.fixture
def practice(ana, ben, carol, chris):
    reports = [
        make_report(ana, carol, effort_hours=3),
        make_report(ben, carol, verdict="worked-in-part"),
        make_report(ben, carol, verdict="backfired", where=INSIDE),
    ]
    return make_published_practice(carol, chris, reports=reports, **SAID)


def page_of(client, address):
    return client.get(address).content.decode()


def index_of(page):
    return re.findall(r'<a href="#([-\w]+)"', page.split("<page-index>")[1].split("</page-index>")[0])


@pytest.mark.parametrize("end", ["", "v/1/"])
def test_the_index_leads_to_every_part_in_the_order_of_the_page(browse, practice, end):
    page = page_of(browse(), practice.get_absolute_url() + end)
    places = [page.index(f'id="{key}"') for key in index_of(page)]

    assert index_of(page)[:5] == ["applies-when", "avoid-when", "how", "why", "pitfalls"]
    assert places == sorted(places)
    assert set(re.findall(r'<a href="#([-\w]+)"', page)) <= {*re.findall(r'id="([-\w]+)"', page), "top"}


def test_a_part_that_says_nothing_is_neither_there_nor_in_the_index(browse, carol, chris):
    bare = make_published_practice(carol, chris)
    page = page_of(browse(), bare.get_absolute_url())

    assert index_of(page)[0] == "how"
    assert not {"why", "pitfalls", "effort", "by-context"} & {*index_of(page)}
    assert "No report counts yet." in page


def test_what_to_do_for_whom_it_held_and_how_sure_we_are_come_first(browse, practice):
    page = page_of(browse(), practice.get_absolute_url())
    answer = page.split('class="at-a-glance"')[1].split("</dl>")[0]

    assert page.index("at-a-glance") < page.index('id="applies-when"')
    for words in (
        "Move in steps.",
        "1 worked, 1 in part, 1 did not",
        "Where it worked, at least in part, it was mostly: audience outside; open-source or",
        practice.get_grade_display(),
        *practice.assessment.for_and_against,
        'href="#why-grade"',
    ):
        assert words in " ".join(answer.split())
    assert "inside one organisation" not in answer


def test_a_grade_says_how_high_it_stands_and_nothing_beside_it_denies_its_name(
    browse, ana, ben, carol, chris
):
    """“Echoed” is by someone else: that it was in one kind of context says no “one context” beside it."""
    reports = [make_report(ana, carol, measured=True), make_report(ben, carol)]
    echoed = make_published_practice(carol, chris, title="Echoed", reports=reports)
    other = make_published_practice(carol, chris, title="Another")

    page = page_of(browse(), echoed.get_absolute_url())
    answer = " ".join(re.sub("<[^>]+>", " ", page.split('class="at-a-glance"')[1].split("</dl>")[0]).split())
    assert "Echoed grade 2 of 4 One kind of context" in answer
    for address in ("/stakes/moving-platform/", f"/practices/compare/?a={echoed.slug}&b={other.slug}"):
        page = page_of(browse(), address)
        assert "grade 2 of 4" in page
        assert "grade 0 of 4" in page


def test_what_is_quoted_in_another_language_is_marked(browse, ana, ben, carol, chris):
    failed = make_report(
        ben, carol, language="fr", verdict="no-effect", first_signs=[{"sign": "Rien le lundi."}]
    )
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol), failed], **SAID)

    page = page_of(browse(), practice.get_absolute_url())
    marked = '<b lang="fr">Français</b>'
    for key in ("failures", "first-signs", "evidence"):
        assert page.split(f'id="{key}"')[1].split("</section>")[0].count(marked) == 1, key
    assert '<b lang="en">' not in page
    assert '<li lang="fr"><b>Français</b></li>' in page_of(browse(), "/stakes/moving-platform/")


def test_who_said_where_they_work_reads_first_what_came_of_it_there(browse, practice, ana):
    Situation.state(contexts(audience=["internal"], kind=["practice"]), by=ana)
    answer = page_of(browse(ana), practice.get_absolute_url()).split('class="at-a-glance"')[1]
    answer = " ".join(re.sub("<[^>]+>", " ", answer.split("</dl>")[0]).split())

    assert "In contexts like yours: 1 did not 1 report of 3 comes from a context like yours." in answer
    assert "Everywhere: 1 worked, 1 in part, 1 did not." in answer
