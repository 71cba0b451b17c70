"""What words find: as they are typed, in either language, whatever their accents, forms and slips."""

import time

import pytest
from django.http import QueryDict

from experiences.models import GlossaryEntry, Stake
from experiences.models.vocabulary.cache import forget
from experiences.search.reports import ReportFilterSet
from experiences.search.words import matching as words
from experiences.search.words.query import Query
from experiences.text_index.files import IndexFiles, WriteFailed
from tests.factories import make_report

pytestmark = pytest.mark.django_db


def asked(text, user, **params):
    query = QueryDict(mutable=True)
    query.update({"q": text, **params})
    return ReportFilterSet(query, user=user, situation=None)


def titles(text, user):
    return [row.told["title"] for row in asked(text, user).page().rows]


@pytest.fixture
def three(ana, carol):
    make_report(
        ana, carol, title="Documentation for newcomers", situation="The co-construction of pages by e-mail."
    )
    make_report(
        ana, carol, title="Un forum d’entraide", language="fr", situation="L’œuvre de Łukasz : une réunion."
    )
    make_report(
        ana, carol, title="Mentors burned out", situation="They answered each night in the chat room."
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("documentation", "Documentation for newcomers"),
        ("DOCUMENTATION", "Documentation for newcomers"),
        ("documentatio", "Documentation for newcomers"),
        ("documentat", "Documentation for newcomers"),
        ("docu\u00admentation", "Documentation for newcomers"),
        ("docu\u200bmentation", "Documentation for newcomers"),
        ("coconstruction", "Documentation for newcomers"),
        ("co-construction", "Documentation for newcomers"),
        ("co‑construction", "Documentation for newcomers"),
        ("email pages", "Documentation for newcomers"),
        ("oeuvre", "Un forum d’entraide"),
        ("œuvre lukasz", "Un forum d’entraide"),
        ("re\u0301union", "Un forum d’entraide"),
        ("reunion", "Un forum d’entraide"),
        ("l'entraide", "Un forum d’entraide"),
        ("entraide?", "Un forum d’entraide"),
    ],
)
def test_the_way_a_word_is_written_does_not_matter(three, ana, text, found):
    assert titles(text, ana) == [found]


def test_words_that_only_make_a_question_weigh_nothing(three, ana):
    assert titles("how do I get documentation for it", ana) == ["Documentation for newcomers"]
    assert titles("comment est mon forum", ana) == ["Un forum d’entraide"]


def test_a_near_spelling_is_looked_for_where_nothing_has_the_word_and_that_is_said(three, ana, browse, api):
    for slip in ("documantation", "documentaton", "docuemntation", "ddocumentation"):
        found = asked(f"{slip} ", ana)
        assert [row.told["title"] for row in found.page().rows] == ["Documentation for newcomers"]
        assert found.spelled == {slip: "documentation"}
    page = browse().get("/experiences/?q=documantation").content.decode()
    assert "“documentation” was looked for instead" in page
    told = api().get("/api/v1/experiences/?q=documantation").json()
    assert told["spelled"] == {"documantation": "documentation"}
    assert asked("documentation", ana).spelled == {}


def test_a_phrase_in_quotes_is_found_whole_or_not_at_all(three, ana):
    assert titles('"chat room"', ana) == ["Mentors burned out"]
    assert titles('"room chat"', ana) == []
    assert titles("« chat room »", ana) == ["Mentors burned out"]
    assert titles('night "chat room"', ana) == ["Mentors burned out"]
    assert titles('documentation "chat room"', ana) == ["Mentors burned out"]


def test_a_minus_leaves_out_and_or_takes_either(three, ana):
    assert sorted(titles("documentation OR mentors", ana)) == [
        "Documentation for newcomers",
        "Mentors burned out",
    ]
    assert titles("documentation OU mentors -newcomers", ana) == ["Mentors burned out"]
    assert sorted(titles("-newcomers", ana)) == ["Mentors burned out", "Un forum d’entraide"]
    assert titles('-"chat room" mentors', ana) == []


@pytest.mark.parametrize("symbols", ["???", "-", '"', "“”", "🎉", "...", "\u200b"])
def test_symbols_alone_find_nothing_and_are_answered_with_a_sentence(three, ana, browse, symbols):
    found = asked(symbols, ana)
    assert found.page().rows == []
    page = browse().get("/experiences/", {"q": symbols}).content.decode()
    assert "no word in this" in page


def test_what_lacks_the_words_that_matter_is_not_listed(ana, carol):
    for number in range(8):
        make_report(ana, carol, title=f"A forum, number {number}", situation="Members came and went.")
    make_report(ana, carol, title="A forum with a wombat", situation="Members came and went.")
    found = asked("wombat forum members", ana)
    assert [row.told["title"] for row in found.page().rows] == ["A forum with a wombat"]
    assert not found.lacks_words
    assert asked("wombat forum quetzal ", ana).lacks_words


def test_the_words_of_the_trade_stand_for_one_another_in_both_languages(ana, carol):
    GlossaryEntry.objects.create(
        slug="quibble", name_en="quibble", name_fr="chicane",
        synonyms_en="hair splitting", synonyms_fr="ergotage",
        definition_en="A dispute about little.", definition_fr="Une dispute pour peu.",
    )  # fmt: skip
    forget()
    make_report(ana, carol, title="They quibbled all night", language="en")
    make_report(ana, carol, title="Trop de chicanes au forum", language="fr")
    assert sorted(titles("ergotage", ana)) == ["They quibbled all night", "Trop de chicanes au forum"]
    assert sorted(titles("hair splitting ", ana)) == ["They quibbled all night", "Trop de chicanes au forum"]
    assert titles("quibble ", ana)[0] == "They quibbled all night"  # The word itself comes first.


def test_what_is_tagged_with_a_stake_is_found_by_the_everyday_words_of_it(ana, carol):
    make_report(ana, carol, title="Readers who never write", stakes_=["quiet-majority"])
    assert titles("lurkers", ana) == ["Readers who never write"]


def test_items_say_how_they_match(three, ana, api):
    (item,) = api().get("/api/v1/experiences/?q=night+chat+of+mentors+abroad+").json()["results"]
    assert item["match"]["title"] == "<mark>Mentors</mark> burned out"
    assert "<mark>night</mark>" in item["match"]["snippet"]
    assert item["match"]["missing"] == ["abroad"]
    assert "match" not in api().get("/api/v1/experiences/").json()["results"][0]


def test_pages_by_relevance_neither_repeat_nor_skip_while_others_come_and_go(ana, ben, carol, chris):
    reports = [
        make_report(ana, carol, title=f"Wombats in forum {number}", situation="wombat " * (number + 1))
        for number in range(12)
    ]
    order = [row.pk for row in asked("wombats ", ana).page().rows]
    assert len(order) == 12
    seen, cursor = [], ""
    while True:
        page = asked("wombats ", ana, page_size="3", **({"cursor": cursor} if cursor else {})).page()
        seen += [row.pk for row in page.rows]
        if len(seen) == 3 and not page.previous:  # One that was seen goes, one comes that stands before all.
            gone = next(report for report in reports if report.pk == seen[2])
            order.remove(gone.pk)
            gone.withdraw(by=ana, note="It named a colleague.")
            make_report(ben, carol, title="Wombats, wombats", situation="Wombats.")
        cursor = page.next
        if not cursor:
            break
    assert [pk for pk in seen if pk in order] == order  # but for the one that is gone
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(
    "hostile",
    [
        '"' * 200,
        "(" * 200,
        "a:b^2~ [x TO y] {z} +w /re/ \\",
        "x" * 10_000,
        "mot " * 2_500,
        "🎉🎉",
        "שלום مرحبا",
        "AND OR NOT",
        "-" * 50,
        "'; DROP TABLE",
        "title:forum",
        "*",
        "fo*um",
        "\ud83d",
        "𝓯𝓸𝓻𝓾𝓶",
        "\u202eforum",
    ],
)
def test_what_is_hostile_is_answered_at_once(three, ana, hostile):
    asked("forum", ana).page()  # Names of the vocabulary are read once.
    began = time.process_time()
    asked(hostile[:1000], ana).page()
    assert time.process_time() - began < 0.5


def test_a_query_marks_most_of_what_is_asked_for_in_one_place():
    text = (
        "Forums. "
        + "Nothing here at all. " * 30
        + "The mentors of the forum answered newcomers. "
        + "More. " * 50
    )
    shown = Query("forum mentors newcomers ").marked(text)
    assert shown.count("<mark>") == 3


# --- What nobody may read any more -----------------------------------------------------------------


def test_a_word_that_was_withheld_is_named_by_no_spelling_and_found_no_more(ana, carol, mona, api, browse):
    report = make_report(ana, carol, title="Dupontel and the forum")
    make_report(ana, carol, title="Another forum")
    assert titles("dupontel", ana) == ["Dupontel and the forum"]
    report.withhold_words(by=mona, words="Dupontel", note="It names a person.")

    for path in ("/api/v1/experiences/", "/api/v1/search/"):
        assert "upontel" not in api().get(path, {"q": "dupontal"}).content.decode()
    assert browse().get("/search/suggestions/", {"q": "dupont"}).json() == {"suggestions": []}
    assert titles("dupontel", ana) == []


def test_where_the_files_cannot_be_written_what_changed_is_not_found_by_its_old_words(
    ana, carol, mona, browse, monkeypatch
):
    report = make_report(ana, carol, title="Dupontel and the forum")
    assert titles("dupontel", ana) == ["Dupontel and the forum"]

    def full(*_arguments):
        raise WriteFailed("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(IndexFiles, "write", full)
        report.withhold_words(by=mona, words="Dupontel", note="It names a person.")
        behind = browse().get("/experiences/?q=forum")
        assert "[withheld]" not in behind.content.decode()
    again = browse().get("/experiences/?q=forum", headers={"If-None-Match": behind["ETag"]})
    assert (
        again.status_code == 200
    )  # What was answered by an index that was behind is not kept for the newest.
    assert "[withheld]" in again.content.decode()


# --- Many texts --------------------------------------------------------------------------------------


def all_pages(text, user, size):
    seen, cursor = [], {}
    while True:
        page = asked(text, user, page_size=str(size), **cursor).page()
        seen += [row.pk for row in page.rows]
        if not page.next:
            return seen
        cursor = {"cursor": page.next}


def test_pages_hold_every_row_once_however_many_are_equal(ana, carol, monkeypatch):
    for _number in range(30):
        make_report(ana, carol, title="The same wombat", identity="withheld")
    monkeypatch.setattr(words, "SELECTIVE", 5)
    monkeypatch.setattr(words, "FIRST", 4)
    order = [row.pk for row in asked("wombat ", ana, ordering="newest", page_size="100").page().rows]
    assert all_pages("wombat ", ana, 7) == order


def test_what_only_a_merged_stake_finds_is_on_the_pages_too(ana, carol, mona, monkeypatch):
    for number in range(8):
        make_report(ana, carol, title=f"Readers who never write, {number}", stakes_=["quiet-majority"])
    heir = Stake.objects.get(slug="trust")
    Stake.objects.get(slug="quiet-majority").merge(into=heir, by=mona, note="Two words for one thing.")
    monkeypatch.setattr(words, "SELECTIVE", 2)
    found = asked("confiance", ana)
    assert found.page().count == len(all_pages("confiance", ana, 3))


@pytest.mark.parametrize(
    "nonsense", ["zzqxk qqzxk", "zzqxk OR qqzxk", "OR OR zzqxk", "zzqxk qqzxk vvvzx kkkzx"]
)
def test_words_that_nothing_has_find_nothing(three, ana, nonsense):
    found = asked(nonsense, ana)
    assert found.page().rows == []
    assert found.count == 0


def test_a_phrase_does_not_go_from_one_part_of_a_text_into_the_next(ana, carol):
    make_report(ana, carol, title="About the wombat", lessons="Quokkas are shy.")
    assert titles('"wombat quokkas"', ana) == []


def test_each_word_of_an_or_is_also_found_by_its_other_names(ana, carol):
    make_report(ana, carol, title="Readers who never write", stakes_=["quiet-majority"])
    assert titles("lurkers OU fantômes", ana) == ["Readers who never write"]
