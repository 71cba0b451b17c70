"""Texts that look the same, or that people write for the same, compare as the same, everywhere."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.folding import (
    Folded,
    as_line,
    as_prose,
    fold,
    in_one_line,
    is_blank,
    letters_of,
    looks,
)
from config.text import cut_at_word
from tests.texts import texts as hostile

SAME = [
    ("Hélène Brûlé", "He\u0301le\u0300ne Bru\u0302le\u0301", "Hélène\u200b Br\u00adûlé", "HÉLÈNE BRULE"),
    ("Łódź Tromsø Đakovo Kızılay Þórshöfn", "Lodz Tromso Dakovo Kizilay Thorshofn"),
    ("İstanbul", "ISTANBUL", "ıstanbul", "istanbul"),
    ("l’équipe", "l'equipe", "L\u02bcÉQUIPE"),
    ("06‑12–34—56−78", "06-12-34-56-78"),
    ("nom＠site．fr", "nom@site.fr"),
    ("œuvre cæsium Straße", "oeuvre caesium strasse"),
    ("a\u00a0b", "a\u202fb", "a b"),
]  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_of_one_text_fold_to_one(spellings):
    assert len({fold(text) for text in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("🎉", "🎊"),
        ("ながい", "なかい"),
        ("हिन्दी", "हन्द"),
        ("re sign", "resign"),
    ],
)
def test_what_differs_to_the_eye_stays_apart(one, other):
    assert looks(one) != looks(other)
    assert fold(one) != fold(other)


@given(texts)
def test_however_it_is_composed_it_folds_to_the_same(text):
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(texts, st.booleans(), st.booleans())
def test_each_place_leads_back_to_what_was_folded_there(text, case, markdown):
    folded = Folded(text, case=case, markdown=markdown)
    for _match, start, end in folded.find_all(re.compile(r"\w")):
        assert 0 <= start < end <= len(text)
    found = [(start, end) for _match, start, end in folded.find_all(re.compile(r"\w+"))]
    assert found == sorted(found)  # One character may be two words: ¼ folds to 1/4.


@pytest.mark.parametrize(
    ("source", "read"),
    [("Ask J&eacute;r&#244;me now", "J&eacute;r&#244;me"), (r"prenom\_nom", r"prenom\_nom"),
     ("Br\u00adu\u0302le\u0301.", "Br\u00adu\u0302le\u0301")],
)  # fmt: skip
def test_words_of_markdown_are_found_as_they_read(source, read):
    wanted = re.compile("jerome|prenom_nom|brule")
    [(_match, start, end)] = Folded(source, markdown=True).find_all(wanted)
    assert source[start:end] == read


@given(hostile())
@example("e\x01\u0301")
@example("word\n\x07")
@example("\ufdd0 word")
@example("\u1100\x1c\u1161")
def test_what_is_kept_is_kept_as_it_is_the_next_time(text):
    for keep in (as_line, as_prose):
        assert keep(keep(text)) == keep(text) == keep(text).strip()
    assert len(as_line(text).splitlines()) <= 1


@pytest.mark.parametrize("character", ["\U0001fae9", "\U00050a2a", "\ue000"])
def test_a_character_of_a_later_unicode_is_seen(character):
    assert as_line(character) == fold(character) == character


def test_what_nobody_sees_is_blank():
    assert is_blank("\uffff\U0001fffe\U000e0041\U000e0fff")
    assert is_blank("\u200b\u2060\u00a0\u00ad\ufe0f\u3164 \n")
    assert not is_blank("🎉")
    assert as_line("A title\nwith a\ttab\u2028and\x01 more\u0085") == "A title with a tab and more"


@pytest.mark.parametrize("spelling", ["what-we_did", "What we did?", "WHAT WE DID", "« What\u00a0wé did »"])
def test_spellings_share_their_letters_and_digits(spelling):
    assert letters_of(spelling) == "whatwedid"


HELD = "Dire «\u00a0non\u00a0»\u202f; puis, à 50\u202f%\u00a0: attendre\u202f!"


def test_a_text_in_one_line_keeps_the_blanks_that_hold_its_words_together():
    assert in_one_line(HELD.replace("puis,", "puis,\n\n  ")) == HELD
    assert in_one_line(" mot \u202f; \u00a0 fin\t") == "mot\u202f;\u00a0fin"


def test_what_is_cut_after_a_word_ends_with_one():
    assert cut_at_word(HELD, 20) == "Dire «\u00a0non\u00a0»\u202f; puis…"
    assert cut_at_word(HELD, 19) == "Dire «\u00a0non\u00a0»…"
    assert cut_at_word(HELD, 24) == "Dire «\u00a0non\u00a0»\u202f; puis, à…"
    assert cut_at_word(HELD, 100) == HELD
    assert cut_at_word("x" * 30, 10) == "x" * 9 + "…"
