"""The words of the trade: shipped in both languages, read on pages and by programs, and reworded."""

import pytest
from django.utils.text import capfirst

from config.folding import as_line
from experiences import vocabulary
from experiences.models import GlossaryEntry, Stake

pytestmark = pytest.mark.django_db
WORD, API = "/glossary/trade/lurker/", "/api/v1/glossary/"


def shipped():
    return vocabulary.read("glossary.csv")


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_word_is_told_whole_in_both_languages():
    rows = shipped()
    assert len(rows) >= 250
    assert len({row["slug"] for row in rows}) == len(rows)
    for row in rows:
        for part in ("name", "definition"):
            assert row[f"{part}_en"], row["slug"]
            assert row[f"{part}_fr"], row["slug"]
        assert bool(row["confusion_en"]) == bool(row["confusion_fr"]), row["slug"]


def test_each_stake_is_told_apart_from_its_neighbours_in_both_languages():
    for row in vocabulary.read("stakes.csv"):
        for language in ("en", "fr"):
            sentence = row[f"confusion_{language}"]
            assert 20 < len(sentence) <= 400, row["slug"]
            assert sentence == as_line(sentence), row["slug"]
            assert sentence.endswith("."), row["slug"]


def test_no_two_words_share_a_name_and_each_is_found_under_its_own():
    for language in ("en", "fr"):
        names = [row[f"name_{language}"].casefold() for row in shipped()]
        assert sorted(set(names)) == sorted(names)
        for row in shipped():
            called = [word.casefold() for word in row[f"synonyms_{language}"].split(";") if word]
            assert len(set(called)) == len(called), row["slug"]
            assert row[f"name_{language}"].casefold() not in called, row["slug"]


def test_each_stake_has_words_of_the_trade(db):
    assert {slug for row in shipped() for slug in row["stakes"].split(";")} == set(
        Stake.objects.values_list("slug", flat=True)
    )
    assert not Stake.objects.filter(glossary_entries=None).exists()


def test_the_list_and_the_page_of_a_word_speak_the_language_of_the_reader(browse):
    entry = GlossaryEntry.objects.get(slug="lurker")
    for language, name, meaning in (
        ("en", entry.name_en, entry.definition_en),
        ("fr", entry.name_fr, entry.definition_fr),
    ):
        headers = {"Accept-Language": language}
        listed = text(browse().get("/glossary/trade/", headers=headers))
        page = text(browse().get(WORD, headers=headers))
        assert f'<a href="{WORD}">{capfirst(name)}</a>' in listed
        assert meaning in listed
        assert f"<h1>{capfirst(name)}</h1>" in page
        assert meaning in page
        for stake in entry.stakes.all():
            assert f'href="{stake.get_absolute_url()}"' in page


def test_a_word_that_is_not_there_is_not_found(browse, api):
    assert browse().get("/glossary/trade/nothing/").status_code == 404
    assert api().get(f"{API}nothing/").status_code == 404


def test_a_retired_stake_stands_on_no_page_of_a_word(browse, mona):
    entry = GlossaryEntry.objects.get(slug="lurker")
    gone = entry.stakes.first()
    gone.retire(by=mona, note="Said otherwise.")
    assert gone.get_absolute_url() not in text(browse().get(WORD))


def test_a_moderator_rewords_it_for_readers_and_programs(browse, api, ben, mona):
    before = api().get(f"{API}lurker/")
    known = browse().get(WORD)["ETag"]
    for person, code in ((ben, 403), (mona, 200)):
        answer = api(person).patch(
            f"{API}lurker/", {"name_en": "Silent reader"}, headers={"If-Match": before["ETag"]}
        )
        assert answer.status_code == code
    again = browse().get(WORD, headers={"If-None-Match": known, "Accept-Language": "en"})
    assert "<h1>Silent reader</h1>" in text(again)
    assert api().get(f"{API}lurker/").json()["name_en"] == "Silent reader"
    assert "Silent reader" in text(browse(mona).get("/vocabulary/?q=silent"))
    assert "Silent reader" in text(browse(mona).get("/vocabulary/glossary/lurker/"))


def test_a_moderator_finds_a_word_by_any_word_that_is_said_of_it(browse, mona):
    entry = GlossaryEntry.objects.get(slug="lurker")
    last = entry.confusion_fr.split()[-1].strip(".")
    assert entry.vocabulary_url in text(browse(mona).get("/vocabulary/", {"q": f"lurker {last}"}))


def test_programs_get_all_of_them_with_their_stakes(api):
    answer = api().get(API).json()
    assert answer["count"] == GlossaryEntry.objects.count() == len(shipped())
    told = {row["slug"]: row for row in answer["results"]}
    for row in shipped():
        assert set(told[row["slug"]]["stakes"]) == set(row["stakes"].split(";"))
        assert told[row["slug"]]["definition_fr"] == row["definition_fr"]
