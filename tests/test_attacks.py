"""What an attacker tried, and no longer can."""

import itertools

from taggit.models import Tag

from experiences.models import Experience
from experiences.models.parts import keyword_tags
from experiences.stems import LONGEST_WORD, fold
from tests.factories import make_report

# --- Words ------------------------------------------------------------------------------------------

EXPANDING = "\ufdfa"  # One letter of Arabic that folds to eighteen.


def test_a_word_that_grows_when_folded_can_be_searched(ana, carol, browse):
    make_report(ana, carol, lessons=EXPANDING * 30)
    found = {}
    for word in (EXPANDING * 200, EXPANDING, "\u0390" * 200, "a" * 200, "\u037a", "\u304c"):
        answer = browse().get("/api/v1/experiences/", {"q": word})
        assert answer.status_code == 200, word[:3]
        found[word] = answer.json()["count"]
    assert found[EXPANDING] == 1
    assert len(fold(EXPANDING * 30)) == LONGEST_WORD


def test_a_very_long_word_is_found_by_its_beginning_on_both_databases(ana, carol, browse):
    make_report(ana, carol, lessons="q" * 3000 + " Donaudampf" + "x" * 70_000)
    for word in ("qqq", "donaudampf", "q" * 200, "Donaudampf" + "x" * 150):
        assert browse().get("/api/v1/experiences/", {"q": word}).json()["count"] == 1, word[:12]


def test_a_report_of_half_a_million_different_letters_is_published(ana, carol, browse):
    letters = [chr(code) for code in range(0x4E00, 0x5600)]
    pairs = map("".join, itertools.product(letters, letters))
    texts = ("situation", "action", "result", "lessons", "enablers", "constraints", "comparison")
    full = {name: " ".join(itertools.islice(pairs, 26_000)) for name in texts}
    report = make_report(ana, carol, **full)
    assert report.status == Experience.Status.PUBLISHED
    assert browse().get("/api/v1/experiences/", {"q": full["lessons"][:2]}).json()["count"] == 1


def test_a_keyword_that_grows_when_folded_is_refused_in_words(ana, api, browse):
    answer = api(ana).post("/api/v1/experiences/", {"title": "x", "keywords": ["\u0390" * 50]})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "keywords"
    assert browse(ana).post("/experiences/new/", {"keywords": "\u0390" * 50}).status_code == 422


def test_new_keywords_are_made_in_one_order_so_that_writers_do_not_block_each_other(ana, monkeypatch):
    made = []
    plain = Tag.save
    monkeypatch.setattr(Tag, "save", lambda tag, **how: made.append(tag.name) or plain(tag, **how))
    assert [tag.name for tag in keyword_tags(["zeal", "B", "a"])] == ["zeal", "b", "a"]
    assert made == ["a", "b", "zeal"]
