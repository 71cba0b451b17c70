"""Search: one question, answered of every kind, on a page and for programs; and what is suggested."""

import re

import pytest

from experiences.models import Stake
from tests.factories import make_published_practice, make_report
from tests.test_queries import queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(ana, carol, chris):
    """A practice and two reports about wombats, one in French."""
    report = make_report(
        ana, carol, title="Wombats in the forum", situation="A wombat asked.", stakes_=["trust"]
    )
    make_report(ana, carol, title="Le wombat du forum", language="fr", situation="Un wombat demanda.")
    make_report(ana, carol, title="Something else", situation="Nobody asked.")
    return make_published_practice(carol, chris, title="Answer every wombat", reports=[report])


def answer(api, q, **params):
    return api().get("/api/v1/search/", {"q": q, **params}).json()


def counts(found):
    return {kind: found[kind]["count"] for kind in ("stakes", "practices", "reports", "terms")}


def test_one_answer_has_every_kind_with_its_count_and_its_first_few(told, api):
    found = answer(api, "wombat ")
    assert counts(found) == {"stakes": 0, "practices": 1, "reports": 2, "terms": 0}
    assert found["query"] == "wombat"
    assert [item["title"] for item in found["practices"]["results"]] == ["Answer every wombat"]
    matched = {item["match"]["title"] for item in found["reports"]["results"]}
    assert matched == {"<mark>Wombats</mark> in the forum", "Le <mark>wombat</mark> du forum"}
    assert found["spelled"] == {}
    assert "words" not in found


def test_what_the_other_language_has_is_a_list_of_its_own(told, api):
    english = answer(api, "how do I answer a wombat")
    assert english["other_language"]["language"] == "fr"
    assert [item["title"] for item in english["other_language"]["reports"]["results"]] == [
        "Le wombat du forum"
    ]
    french = answer(api, "que demande le wombat dans un forum")
    assert french["other_language"]["language"] == "en"
    assert [item["title"] for item in french["other_language"]["reports"]["results"]] == [
        "Wombats in the forum"
    ]
    assert french["other_language"]["practices"]["count"] == 1


def test_an_everyday_word_of_a_stake_finds_the_stake_and_the_word_of_the_trade(told, api):
    found = answer(api, "lurkers")
    assert found["stakes"]["results"][0]["slug"] == "quiet-majority"
    assert [entry["slug"] for entry in found["terms"]["results"]] == ["lurker"]


def test_where_nothing_has_enough_of_the_words_the_nearest_stakes_are_offered(told, api, browse):
    words = "newsletters badges lockdown migration burnout invoices trust"
    found = answer(api, words)
    assert found["stakes"]["near"]
    assert found["stakes"]["count"] == 0
    assert len(found["stakes"]["results"]) == 3
    page = browse().get("/search/", {"q": words}).content.decode()
    assert "Nothing has enough of these words" in page
    assert "Stakes that come near" in page


def test_a_slip_is_mended_only_where_no_kind_has_the_word(told, api, browse):
    assert answer(api, "wombta ")["spelled"] == {"wombta": "wombat"}
    assert "“wombat” was looked for instead" in browse().get("/search/?q=wombta").content.decode()


def test_symbols_alone_find_nothing_of_any_kind(told, api, browse):
    assert counts(answer(api, "?!")) == {"stakes": 0, "practices": 0, "reports": 0, "terms": 0}
    assert "no word in this" in browse().get("/search/?q=%3F%21").content.decode()


def test_the_page_leads_to_all_of_each_kind(told, browse):
    page = browse().get("/search/?q=forum").content.decode()
    assert "Wombats in the <mark>forum</mark>" in page
    assert page.index('id="h-stakes"') < page.index('id="h-reports"')
    assert 'href="/search/?q=forum&amp;kind=stakes"' in page
    of_kind = browse().get("/search/?q=forum&kind=stakes").content.decode()
    assert 'id="h-reports"' not in of_kind
    assert of_kind.count("<dt>") > page.split('id="h-stakes"')[1].split("</section>")[0].count("<dt>")


def test_the_page_without_a_question_asks_for_one_and_an_unknown_parameter_is_refused(told, browse):
    assert browse().get("/search/").status_code == 200
    assert browse().get("/search/?q=forum&kind=people").status_code == 400
    assert browse().get("/search/?q=forum&page=2").status_code == 400


def test_every_page_has_the_box(told, browse):
    for address in ("/", "/practices/", "/experiences/", "/stakes/", told.get_absolute_url(), "/nowhere/"):
        assert 'action="/search/"' in browse().get(address).content.decode(), address


def test_the_answer_is_known_again_until_something_is_published(told, ana, carol, api):
    first = api().get("/api/v1/search/?q=wombat")
    assert api().get("/api/v1/search/?q=wombat", headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_report(ana, carol, title="One more wombat")
    again = api().get("/api/v1/search/?q=wombat", headers={"If-None-Match": first["ETag"]})
    assert again.json()["reports"]["count"] == 3


def test_it_takes_as_many_queries_for_many_rows_as_for_few(told, ana, carol, browse):
    queries(browse(), "/search/?q=wombat")
    few = queries(browse(), "/search/?q=wombats")
    for number in range(12):
        make_report(ana, carol, title=f"Wombat {number}")
    queries(browse(), "/search/?q=wombat")  # Writes what is new to the files of search.
    assert queries(browse(), "/search/?q=wombats") == few <= 9  # Rows, texts, lists of terms.


def suggested(browse, q):
    return browse().get("/search/suggestions/", {"q": q}).json()["suggestions"]


def test_stakes_words_of_the_trade_and_titles_are_suggested_while_one_types(told, browse):
    kinds = {(one["kind"], one["label"]) for one in suggested(browse, "lurk")}
    assert {("Stake", "Quiet majority"), ("Word of the trade", "lurker")} <= kinds
    assert [one["label"] for one in suggested(browse, "womb")] == [
        "Answer every wombat",
        "Wombats in the forum",
        "Le wombat du forum",
    ]
    assert [one["label"] for one in suggested(browse, "every wom")] == ["Answer every wombat"]
    assert suggested(browse, "w") == []
    assert suggested(browse, "  ") == []


def test_what_is_gone_is_suggested_no_more(told, ana, browse, mona):
    report = ana.experiences.get(title="Wombats in the forum")
    report.withdraw(by=ana, note="It named a colleague.")
    told.remove(by=mona, note="It mocks a member.")
    assert [one["label"] for one in suggested(browse, "womb")] == ["Le wombat du forum"]


def test_the_other_language_leads_to_as_many_as_it_counts(told, ana, carol, api):
    for number in range(3):
        make_report(ana, carol, title=f"Un wombat et un quokka {number}", language="fr")
    found = answer(api, "wombat quokka pelican ostrich")
    count = found["other_language"]["reports"]["count"]
    assert found["other_language"]["language"] == "fr"
    listed = api().get("/api/v1/experiences/?q=wombat+quokka+pelican+ostrich&language=fr&facets=1").json()
    assert listed["count"] == count > 0
    assert listed["facets"]["language"]["fr"] == count


def test_several_questions_at_once_are_refused(told, api):
    assert api().get("/api/v1/search/?q=a&q=b").status_code == 400


def section_of(page, name):
    return page.content.decode().partition(f'id="h-{name}"')[2].partition("</section>")[0]


def test_a_worry_finds_the_practices_of_the_stake_that_it_is_about_in_whatever_words(
    browse, ana, carol, chris
):
    for title in ("Greet by name", "Reply within a day"):
        make_published_practice(carol, chris, title=title, stakes_=["first-steps"])
    make_published_practice(carol, chris, title="Take steps", summary="First of all.", stakes_=["crisis"])
    make_report(ana, carol, stakes_=["trust"])

    page = browse().get("/search/", {"q": "newcomers take no first steps"})
    titles = re.findall(r'href="/practices/([-a-z]+)/"', section_of(page, "practices"))
    assert sorted(titles[:2]) == ["greet-by-name", "reply-within-a-day"]
    assert titles[2:] == ["take-steps"]
    assert "2 practices, 0 reports" in " ".join(section_of(page, "stakes").split())
    assert "Nobody has drawn a practice" not in page.content.decode()


def test_where_no_practice_has_the_stake_of_a_worry_that_is_said_first(browse, ana, carol, chris):
    make_report(ana, carol, stakes_=["trust"])
    make_published_practice(carol, chris, title="Build trust", stakes_=["crisis"])
    page = browse().get("/search/", {"q": "trust between members"})
    told = " ".join(page.content.decode().split())
    assert "Nobody has drawn a practice from reports yet about this stake:" in told
    assert told.index("1 report tells of it.") < told.index("Build <mark>trust</mark>")
    assert "No practice yet: 1 report." in section_of(page, "stakes")
    stakes = section_of(browse().get("/search/", {"q": "answer times"}), "stakes")
    assert "No practice yet, and nobody has told of it." in stakes


def test_what_is_a_word_already_is_not_completed(api, ana, carol):
    for title in ("Une pub", "Un public"):
        make_report(ana, carol, title=title, situation="Rien.", language="fr")
    assert [one["title"] for one in answer(api, "pub")["reports"]["results"]] == ["Une pub"]
    assert [one["title"] for one in answer(api, "publi")["reports"]["results"]] == ["Un public"]


def test_of_few_texts_none_is_found_by_an_everyday_word_alone(api, carol, chris):
    make_published_practice(carol, chris, title="Changer de plateforme", how="Chacun vient, sur le réseau.")
    assert counts(answer(api, "mon directeur ne vient jamais sur le réseau"))["practices"] == 0
    make_published_practice(carol, chris, title="Répondre", how="Contre le harcèlement, on vient.")
    found = answer(api, "harcèlement, personne ne vient jamais, que dire au directeur du réseau")
    assert [one["title"] for one in found["practices"]["results"]] == ["Répondre"]


def test_a_real_word_is_no_slip_and_a_slip_stands_for_no_word_that_says_nothing(api, ana, carol):
    make_report(ana, carol, title="Chaque semaine", situation="Un wombat, chaque lundi.", language="fr")
    assert answer(api, "wombta ")["spelled"] == {"wombta": "wombat"}
    assert answer(api, "craque ")["spelled"] == {}  # not “chaque”
    make_report(ana, carol, title="Quokkas", situation="The fable.")
    assert answer(api, "table ")["spelled"] == {}  # not “fable”


def test_a_practice_is_found_in_either_language_and_shown_in_the_reader_s(browse, carol, chris):
    practice = make_published_practice(carol, chris, title="Close posting at night", how="Close it.")
    french = practice.translate(by=carol, title="Fermer la nuit", language="fr")
    french.submit(by=carol).publish(by=chris)

    answer = browse().get("/search/", {"q": "close posting"}, headers={"Accept-Language": "fr"})
    found = section_of(answer, "practices")
    assert "Fermer la nuit" in found
    assert found.count("<article") == 1
    assert 'id="h-other"' not in answer.content.decode()  # What is read here is not offered there again.


def test_a_word_of_one_language_is_read_by_its_rules_where_stakes_are_looked_for(api):
    trust = Stake.objects.get(slug="trust")
    assert "foi" in trust.definition_fr
    found = answer(api, "fois ")["stakes"]["results"]
    assert trust.slug not in [stake["slug"] for stake in found]


def test_a_word_that_a_stake_is_called_by_tells_however_common_it_is(api, carol, chris):
    make_published_practice(carol, chris, title="Accueillir", how="Les nouveaux d’abord, un jour.")
    assert counts(answer(api, "des nouveaux qui zozotent"))["practices"] == 1
    assert counts(answer(api, "un jour qui zozote"))["practices"] == 0
