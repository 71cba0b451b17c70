"""Lists: what an address finds, in which order, and what it refuses."""

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from experiences.models import Competency, Situation, Stake
from experiences.models.vocabulary import cache as vocabulary_cache
from experiences.search.reports import ReportFilterSet
from experiences.text_index.files import Reading
from practices.search.filters import PracticeFilterSet
from tests.factories import contexts, make_published_practice, make_report


def titles(address, user, filterset=ReportFilterSet):
    rows = filterset(QueryDict(address), user=user).page().rows
    return [row.told["title"] for row in rows]


@pytest.fixture
def three(ana, carol):
    """Three reports of ana: a forum moved, a support line, a café that failed in French."""
    make_report(ana, carol, title="Forum moved", lessons="Announce the migration early.")
    make_report(
        ana,
        carol,
        title="Support line",
        stakes_=["activity-drop"],
        lessons="A helpline needs two people.",
        where={"audience": ["internal"], "kind": ["support"], "community-size": ["c-under-100"]},
        measured=True,
    )
    make_report(
        ana,
        carol,
        title="Café virtuel",
        language="fr",
        verdict="backfired",
        lessons="La modération a manqué.",
    )


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", {"Forum moved", "Support line", "Café virtuel"}),
        ("stake=moving-platform", {"Forum moved", "Café virtuel"}),
        ("stake=moving-platform&stake=activity-drop", set()),
        ("not_stake=moving-platform", {"Support line"}),
        ("audience=internal", {"Support line"}),
        ("audience=internal&audience=external", {"Forum moved", "Support line", "Café virtuel"}),
        ("not_audience=internal", {"Forum moved", "Café virtuel"}),
        ("verdict=backfired", {"Café virtuel"}),
        ("not_verdict=backfired", {"Forum moved", "Support line"}),
        ("not_verdict=backfired&not_verdict=worked", set()),
        ("language=fr", {"Café virtuel"}),
        ("min_strength=R3", {"Support line"}),
        ("q=manque", {"Café virtuel"}),
        ("q=manqué", {"Café virtuel"}),
        ("q=helplines", {"Support line"}),
        ("q=helpl", {"Support line"}),
        ("q=cafe", {"Café virtuel"}),
        ("updated_since=2020-01-01", {"Forum moved", "Support line", "Café virtuel"}),
        ("updated_since=2999-01-01T00:00:00Z", set()),
    ],
)
def test_an_address_finds_what_it_names(address, expected, three, ana):
    assert set(titles(address, ana)) == expected


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("colour=red", "colour"),
        ("stake=nonsense", "stake"),
        ("audience=nonsense", "audience"),
        ("not_audience=nonsense", "not_audience"),
        ("verdict=great", "verdict"),
        ("not_verdict=great", "not_verdict"),
        ("likeness_without=colour", "likeness_without"),
        ("likeness_more=stake", "likeness_more"),
        ("language=de", "language"),
        ("min_strength=R9", "min_strength"),
        ("ordering=random", "ordering"),
        ("ordering=likeness", "ordering"),
        ("page_size=0", "page_size"),
        ("page_size=101", "page_size"),
        ("page_size=abc", "page_size"),
        ("page_size=99999999999999999999", "page_size"),
        ("page_size=²", "page_size"),
        ("cursor=abc", "cursor"),
        ("cursor=é", "cursor"),
        ("cursor=W10", "cursor"),
        ("q=a&q=b", "q"),
        ("updated_since=yesterday", "updated_since"),
        ("updated_since=2026-02-30", "updated_since"),
        ("stake=a%00b", "stake"),
    ],
)
def test_an_unknown_parameter_or_value_is_refused_by_name(address, named, three, ana):
    with pytest.raises(ValidationError) as refusal:
        titles(address, ana)
    assert list(refusal.value.message_dict) == [named]


@pytest.mark.parametrize("ordering", ["newest", "oldest", "relevance"])
def test_pages_lead_forth_and_back_over_every_row_once(ordering, ana, carol):
    for number in range(7):
        make_report(ana, carol, title=f"Forum {number}")
    address = f"ordering={ordering}&page_size=3&q=forum"
    seen, cursor, pages = [], "", []
    while cursor is not None:
        page = ReportFilterSet(QueryDict(f"{address}&cursor={cursor}"), user=ana).page()
        pages.append([row.pk for row in page.rows])
        seen += pages[-1]
        cursor, back = page.next, page.previous
    assert len(seen) == len(set(seen)) == 7
    before = ReportFilterSet(QueryDict(f"{address}&cursor={back}"), user=ana).page()
    assert [row.pk for row in before.rows] == pages[-2]


def test_facet_counts_leave_out_the_facets_own_choice(three, ana):
    counts = ReportFilterSet(QueryDict("audience=internal"), user=ana).facet_counts()
    assert counts["audience"] == {"internal": 1, "external": 2}
    assert counts["verdict"] == {"worked": 1}
    assert counts["stake"] == {"activity-drop": 1}


def test_likeness_puts_the_most_alike_first(three, ana):
    Situation.state(contexts(audience=["internal"], kind=["support"]), by=ana)
    assert titles("ordering=likeness", ana)[0] == "Support line"


@pytest.mark.parametrize(
    ("address", "first"),
    [
        ("", "Same audience"),
        ("likeness_without=audience", "Same stage"),
        ("likeness_more=life-stage", "Same stage"),
        ("likeness_more=life-stage&likeness_without=life-stage", "Same audience"),
    ],
)
@pytest.mark.parametrize("filterset", [ReportFilterSet, PracticeFilterSet])
def test_a_reader_says_which_facets_count_in_likeness(filterset, address, first, ana, carol, chris):
    told = {"Same audience": ("internal", "settled"), "Same stage": ("external", "growing")}
    for title, (audience, stage) in told.items():
        where = {"audience": [audience], "kind": ["support"], "community-size": ["c-1k-9k"]}
        report = make_report(ana, carol, title=title, where=where | {"life-stage": [stage]})
        make_published_practice(carol, chris, title=title, reports=[report])
    Situation.state(contexts(audience=["internal"], life_stage=["growing"]), by=ana)

    assert titles(f"ordering=likeness&{address}", ana, filterset)[0] == first


def test_practices_are_found_by_what_they_rest_on(ana, carol, chris):
    report = make_report(ana, carol)
    make_published_practice(carol, chris, reports=[report])
    assert titles("audience=external", ana, PracticeFilterSet) == ["Run both places before you close one"]
    assert titles("audience=internal", ana, PracticeFilterSet) == []
    assert titles("min_grade=G2", ana, PracticeFilterSet) == []
    assert len(titles("ordering=grade&q=close", ana, PracticeFilterSet)) == 1
    for address in ("", "min_grade=G2"):  # A choice is left out of its own counts.
        assert PracticeFilterSet(QueryDict(address), user=ana).facet_counts()["grade"] == {"G1": 1}


def test_pages_begin_with_the_practice_that_holds_best_and_programs_with_the_newest(
    ana, ben, carol, chris, browse, api
):
    signed = {"identity": "named", "organisation": ""}
    reports = [make_report(person, carol, **signed) for person in (ana, ben)]
    best = make_published_practice(carol, chris, title="Told by two", reports=reports)
    newest = make_published_practice(carol, chris, title="Told by one", reports=reports[:1])

    page = browse().get("/practices/").content.decode()
    assert page.index(best.title) < page.index(newest.title)
    told = api().get("/api/v1/practices/").json()["results"]
    assert [item["title"] for item in told] == [newest.title, best.title]


@pytest.mark.parametrize(
    "operators", ["OR", "NOT x", '"', "a AND", "title:x", "(", "*", "'; --", "a:*", "\\", "&|!"]
)
def test_search_operators_are_words_like_any_other(operators, three, ana):
    titles(f"q={operators.replace('&', '%26')}", ana)


def test_a_question_finds_what_has_most_of_its_words(three, ana):
    find = ReportFilterSet(
        QueryDict("q=how did the forum migration with announcements go in Brazil"), user=ana
    )
    assert find.page().rows[0].told["title"] == "Forum moved"
    assert find.lacks_words
    assert not ReportFilterSet(QueryDict("q=forum moved"), user=ana).lacks_words


@pytest.mark.parametrize("filterset", [ReportFilterSet, PracticeFilterSet])
@pytest.mark.parametrize(
    "question", ["how did the forum migration with announcements go in Brazil", "announce nowhere", "moved"]
)
def test_what_is_counted_does_not_depend_on_what_was_asked_first(
    three, ana, carol, chris, filterset, question
):
    make_published_practice(carol, chris, title="Moved forum", reports=ana.experiences.filter(language="en"))
    address = QueryDict(f"q={question}&audience=external")
    counted, paged, found = (filterset(address, user=ana) for _each in range(3))
    page, counts = paged.page(), paged.facet_counts()
    assert page.count
    assert counted.facet_counts() == counts
    assert counted.page().count == page.count
    assert found.count == page.count
    assert counted.lacks_words == found.lacks_words == paged.lacks_words


@pytest.mark.parametrize(
    "words", ["ghosting", "désengagement", "slump", "Baisse d’activité", "exchanges fade"]
)
def test_what_a_stake_is_called_and_means_finds_its_reports_and_practices(words, three, ana, carol, chris):
    make_published_practice(carol, chris, title="Ask why first", stakes_=["activity-drop"])
    assert titles(f"q={words}", ana) == ["Support line"]
    assert titles(f"q={words}", ana, PracticeFilterSet) == ["Ask why first"]


def test_words_without_matter_do_not_narrow(three, ana):
    assert titles("q=what about the forum", ana) == titles("q=forum", ana)
    assert titles("q=the", ana)


def test_a_stake_that_was_just_added_can_be_filtered_by(three, ana, mona):
    assert titles("stake=activity-drop", ana) == ["Support line"]  # From here, this process holds the lists.
    words = {"name_en": "Just added", "name_fr": "Tout neuf"} | dict.fromkeys(
        ("definition_en", "definition_fr"), "One that was not there before."
    )
    Stake(competency=Competency.objects.first(), **words).add(by=mona)

    assert titles("stake=just-added", ana) == []
    with pytest.raises(ValidationError):
        titles("stake=never-added", ana)


def test_an_address_that_is_refused_costs_nobody_the_lists(three, ana):
    assert titles("stake=activity-drop", ana) == ["Support line"]
    held_before = vocabulary_cache.lists()

    with pytest.raises(ValidationError):
        titles("stake=never-added&page_size=999", ana)

    assert vocabulary_cache.lists() is held_before


def test_words_are_looked_for_once_whatever_is_counted(three, ana, monkeypatch):
    asked, keys = [], Reading.keys

    def counted(*args):
        asked.append(args)
        return keys(*args)

    monkeypatch.setattr(Reading, "keys", counted)
    address = "q=forum+&audience=external&verdict=worked&language=en"

    filterset = ReportFilterSet(QueryDict(address), user=ana)
    filterset.page()
    filterset.facet_counts()
    filterset.count_without("verdict")

    assert len(asked) == 1
