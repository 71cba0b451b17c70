"""What an attacker tried, and no longer can."""

import itertools
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from taggit.models import Tag

from experiences.models import Experience
from experiences.models.parts import keyword_tags
from experiences.stems import LONGEST_WORD, fold
from practices.models import Practice
from practices.models.claim import folded
from tests.factories import make_practice, make_published_practice, make_report

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


# --- At once ----------------------------------------------------------------------------------------


def at_once(number, act):
    """Do `act(n)` in `number` threads at the same moment; return what each gave or raised."""
    start, outcomes = threading.Barrier(number), [None] * number

    def run(turn):
        start.wait()
        try:
            outcomes[turn] = act(turn)
        except Exception as error:
            outcomes[turn] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(turn,)) for turn in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.fixture
def together(transactional_db):
    """Return at_once(), where threads see what the test stored."""
    return at_once


@pytest.mark.postgresql
def test_a_practice_published_by_many_at_once_is_published_once(together, ana, carol, chris):
    practice = make_practice(carol, reports=[make_report(ana, carol)]).submit(by=carol)
    outcomes = together(6, lambda turn: Practice.objects.get(pk=practice.pk).publish(by=chris))
    assert sum(isinstance(outcome, Practice) for outcome in outcomes) == 1
    assert all(isinstance(outcome, Practice | ValidationError) for outcome in outcomes), outcomes
    assert practice.versions.count() == 1
    assert practice.log.filter(verb="published").count() == 1


@pytest.mark.postgresql
def test_one_trial_clicked_many_times_at_once_is_one_trial(together, ana, ben, carol, chris):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])

    def tell(turn):
        return Practice.objects.get(pk=practice.pk).try_out(by=ben, verdict="worked", line=f"{turn}")

    outcomes = together(6, tell)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert practice.trials.count() == 1


@pytest.mark.postgresql
def test_two_practices_never_become_heirs_of_each_other(together, ana, carol, chris):
    report = make_report(ana, carol)
    pair = [make_published_practice(carol, chris, title=f"Do {n}", reports=[report]) for n in (1, 2)]
    rows = [Practice.objects.get(pk=practice.pk) for practice in pair]
    heirs = [Practice.objects.get(pk=practice.pk) for practice in reversed(pair)]
    together(2, lambda turn: rows[turn].retire(by=carol, heir=heirs[turn]))
    assert Practice.objects.filter(status="retired").count() == 1


def test_a_report_is_cited_as_it_stands_now(ana, carol):
    report = make_report(ana, carol)
    claim = make_practice(carol).add_claim(by=carol, kind="do-this", text="Announce it.")
    read_earlier = Experience.objects.get(pk=report.pk)
    Experience.objects.get(pk=report.pk).withdraw(by=ana, note="It names someone.")
    with pytest.raises(ValidationError):
        claim.cite(read_earlier, by=carol, bearing="supports", excerpt=report.lessons[:20])


# --- At length --------------------------------------------------------------------------------------


def test_a_report_of_blanks_keeps_no_curator_waiting():
    started = time.process_time()
    assert folded("«  one » " + " " * 500_000 + "\n“ two”") == '"one""two"'
    assert time.process_time() - started < 2
