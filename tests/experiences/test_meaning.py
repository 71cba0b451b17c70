"""Questions answered by what they mean, where a language model is installed; here one that knows topics."""

import io

import numpy as np
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from experiences.meaning import making
from experiences.meaning import model as language_models
from experiences.models import Experience, ListedReport, ReportVector
from experiences.search.reports import ReportFilterSet
from experiences.search.words.query import Query
from experiences.text_index.texts import ReportText
from experiences.text_index.vectors import packed
from practices.models import KeptSearch, Practice
from practices.models.practice.texts import PracticeVector
from practices.search.everywhere import SearchEverywhere
from practices.search.filters import PracticeFilterSet
from practices.tasks import vectors
from practices.tasks.vectors import make_vectors
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.django_db

TOPICS = [("kangaroo", "kangourou", "quokka"), ("bicycle", "vélo")]
QUESTION = "which quokka wombat bandicoot"


class TwoTopics:
    """A language model that knows of marsupials and bicycles; all else is alike to it, more or less."""

    name = "two topics"

    def __init__(self):
        self.asked = []

    def vectors_of(self, passages):
        return np.array([self._vector(one, besides=sum(map(ord, one)) % 5) for one in passages])

    def vector_of(self, question):
        self.asked.append(question)
        return self._vector(question)

    @staticmethod
    def _vector(text, besides=None):
        told = [any(word in text.casefold() for word in topic) for topic in TOPICS]
        vector = np.array([*told, 0.3, *(0.3 * (besides == other) for other in range(5))], np.float32)
        return vector / np.linalg.norm(vector)


@pytest.fixture
def model(settings, monkeypatch):
    """The language model, installed."""
    settings.MEANING, found = True, TwoTopics()
    monkeypatch.setattr(language_models, "_installed", lambda: found)
    for maker in vectors.MAKERS:
        maker.forget()
    return found


@pytest.fixture
def reports(ana, carol):
    """{title: report}: many of anything, and one of a kangaroo, without a word of QUESTION."""
    for number in range(10):
        make_report(ana, carol, title=f"Forum {number}")
    make_report(ana, carol, title="A kangaroo in the hall", stakes_=("growth-pace",))
    return {report.title: report for report in Experience.objects.all()}


def make_all():
    """Make all vectors that are due; return how many these are."""
    return sum(iter(make_vectors, 0))


def asked(words, **params):
    query = QueryDict(mutable=True)
    query.update({"q": words, **params})
    return ReportFilterSet(query, AnonymousUser(), situation=None)


def titles(words, **params):
    return [row.told["title"] for row in asked(words, **params).page().rows]


def run(*command):
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


# --- Where it is not installed -----------------------------------------------------------------------


def test_without_a_language_model_words_alone_find_and_nothing_is_made(
    reports, monkeypatch, settings, django_assert_num_queries
):
    monkeypatch.setattr(language_models, "_installed", lambda: None)
    settings.MEANING = True
    with django_assert_num_queries(0):
        assert make_vectors() == 0
    assert titles(QUESTION) == []
    assert not ReportVector.objects.exists()


def test_it_can_be_switched_off(reports, model, settings):
    make_all()
    assert titles(QUESTION) == ["A kangaroo in the hall"]
    settings.MEANING = False
    assert titles(QUESTION) == []
    assert make_vectors() == 0


def test_one_that_cannot_be_loaded_is_none(settings, monkeypatch, caplog):
    settings.MEANING = True
    language_models._installed.cache_clear()
    monkeypatch.setattr(language_models, "find_spec", lambda name: name)
    monkeypatch.setattr(language_models, "PACKAGE", "no_such_package")
    assert language_models.model() is None
    assert make_vectors() == 0
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    language_models._installed.cache_clear()


# --- What is found, and in which order ---------------------------------------------------------------


def test_what_only_meaning_finds_is_added_and_counted(reports, model):
    make_all()
    found = asked(QUESTION, facets="1")
    page = found.page()
    assert [row.told["title"] for row in page.rows] == ["A kangaroo in the hall"]
    assert page.count == found.count == 1
    assert found.facet_counts()["stake"] == {"growth-pace": 1}
    assert titles(QUESTION, stake="moving-platform") == []
    assert found.matches(page.rows)[page.rows[0].pk].missing == ["quokka", "wombat", "bandicoot"]


@pytest.mark.parametrize(
    ("words", "is_question"),
    [
        (QUESTION, True),
        ("quokka wombat bandicoot", True),
        ("quokka wombat", False),
        ("how is the quokka", False),
        ('quokka "wombat bandicoot"', False),
        ("quokka wombat bandicoot -bilby", False),
        ("quokka wombat bandicoot OR bilby", False),
    ],
)
def test_only_questions_are_answered_by_meaning(reports, model, words, is_question):
    make_all()
    assert Query(words).is_question == is_question
    assert titles(words) == (["A kangaroo in the hall"] if is_question else [])
    assert bool(model.asked) == is_question


@pytest.mark.parametrize("ordering", ["newest", "oldest"])
def test_in_other_orders_words_alone_find(reports, model, ordering):
    make_all()
    assert titles(QUESTION, ordering=ordering) == []
    assert model.asked == []


def test_nothing_is_added_where_nothing_stands_out(reports, model):
    make_all()
    assert titles("whatever nobody thought about") == []


def test_nothing_stands_out_among_few(ana, carol, model):
    make_report(ana, carol, title="A kangaroo in the hall")
    make_report(ana, carol)
    make_all()
    assert titles(QUESTION) == []


def test_what_comes_nearer_in_meaning_comes_first(ana, carol, reports, model):
    words = "wombats bandicoot quokka"
    for title, told in (("Wombats", "Wombats."), ("Both", "Wombats. A kangaroo, among many others.")):
        make_report(ana, carol, title=title, situation=told)
    assert titles(words) == ["Wombats", "Both"]
    make_all()
    assert titles(words) == ["Both", "Wombats", "A kangaroo in the hall"]


def test_the_other_language_is_compared_with_itself(ana, carol, reports, model):
    for number in range(10):
        make_report(ana, carol, title=f"Le salon {number}", language="fr")
    make_report(ana, carol, title="Le kangourou", language="fr")
    make_all()
    found = SearchEverywhere(QUESTION, AnonymousUser(), "en")
    assert {row.told["title"] for row in found.reports.best} == {"A kangaroo in the hall", "Le kangourou"}
    assert [row.told["title"] for row in found.reports.elsewhere] == ["Le kangourou"]
    assert found.reports.elsewhere_count == 1


@pytest.mark.parametrize("first", [200, 3])
def test_pages_neither_repeat_nor_skip(ana, carol, reports, model, monkeypatch, first):
    monkeypatch.setattr("experiences.search.words.joined.FIRST", first)
    make_report(ana, carol, title="A second kangaroo")
    make_all()
    words = "unmaintained moderators imported archive quokka"
    whole = titles(words)
    assert len(whole) == len(set(whole)) == asked(words).count == 12
    one = asked(words, page_size="2")
    assert [row.told["title"] for page in one.pages(12) for row in page.rows] == whole
    back = asked(words, page_size="2", cursor=asked(words, page_size="4").page().next)
    assert [row.told["title"] for row in back.page().rows] == whole[4:6]
    back = asked(words, page_size="2", cursor=back.page().previous)
    assert [row.told["title"] for row in back.page().rows] == whole[2:4]


def test_practices_are_found_by_meaning(carol, chris, model):
    for number in range(10):
        make_published_practice(carol, chris, title=f"Move {number}")
    make_published_practice(carol, chris, title="Keep a kangaroo")
    make_all()
    query = QueryDict(mutable=True)
    query["q"] = QUESTION
    rows = PracticeFilterSet(query, AnonymousUser()).page().rows
    assert [row.told["title"] for row in rows] == ["Keep a kangaroo"]


def test_kept_searches_tell_nothing_that_words_do_not_find(reports, model, ben):
    make_all()
    kept = KeptSearch(owner=ben, kind="reports", query=f"q={QUESTION}")
    assert asked(QUESTION).count == 1
    assert kept.filterset().count == 0


def test_meaning_asks_the_database_nothing_once_it_is_held(reports, model, settings):
    make_all()
    titles(QUESTION)
    with CaptureQueriesContext(connection) as joined:
        assert titles(QUESTION) == ["A kangaroo in the hall"]
    settings.MEANING = False
    with CaptureQueriesContext(connection) as by_words:
        assert titles(QUESTION) == []
    assert len(joined) == len(by_words)


# --- Vectors are made, and leave with their texts ----------------------------------------------------


def test_the_worker_makes_a_few_at_a_time_and_each_once(reports, model, monkeypatch):
    assert make_vectors() == making.AT_ONCE
    assert ReportVector.objects.count() == making.AT_ONCE
    assert make_all() == len(reports) - making.AT_ONCE
    made = []
    monkeypatch.setattr(model, "vectors_of", made.append)
    assert make_all() == 0
    assert made == []


def test_the_worker_makes_them_after_all_mails(reports, model, monkeypatch):
    order, mails = [], iter([1, 0, 1, 0])
    monkeypatch.setattr(
        "practices.management.commands.work.mail.send_due", lambda: order.append("mail") or next(mails, 0)
    )
    real = make_vectors
    monkeypatch.setattr(
        "practices.management.commands.work.make_vectors", lambda: order.append("vectors") or real()
    )
    run("work", "--once")
    assert order[:4] == ["mail", "mail", "vectors", "mail"]
    assert ReportVector.objects.count() == len(reports)


def test_a_process_that_has_answered_learns_of_new_vectors(ana, carol, reports, model):
    make_all()
    words, title = "bicycle wombat bandicoot", "A vélo at the door"
    assert title not in titles(words)
    make_report(ana, carol, title=title)
    assert title not in titles(words)
    assert make_all() == 1
    assert titles(words)[0] == title


def leavings():
    yield "withdrawn", lambda report, ana, mona: report.withdraw(by=ana, note="It named a colleague.")
    yield "hidden", lambda report, ana, mona: report.flag(by=mona, reason="identifies", note="A name.")
    yield "erased", lambda report, ana, mona: report.erase(by=ana)


@pytest.mark.parametrize(("name", "leave"), list(leavings()))
def test_what_is_public_no_more_has_no_vector(reports, model, ana, mona, name, leave):
    make_all()
    report = reports["A kangaroo in the hall"]
    key = report.pk
    assert ReportVector.objects.filter(pk=key).exists()
    leave(report, ana, mona)
    assert not ReportText.objects.filter(pk=key).exists()
    assert not ReportVector.objects.filter(pk=key).exists()
    assert titles(QUESTION) == []


def test_what_is_told_otherwise_loses_its_vector_until_another_is_made(reports, model, ana):
    make_all()
    report = reports["A kangaroo in the hall"]
    report.title = "A table in the hall"
    report.write(by=ana)
    assert not ReportVector.objects.filter(pk=report.pk).exists()
    assert titles(QUESTION) == []
    assert make_all() == 1
    assert ReportVector.objects.filter(pk=report.pk).exists()
    assert titles(QUESTION) == []


def test_what_is_only_written_again_keeps_its_vector(reports, model):
    make_all()
    before = sorted(ReportVector.objects.values_list("pk", "digest"))
    run("rebuild_index")
    assert sorted(ReportVector.objects.values_list("pk", "digest")) == before
    assert make_all() == 0


def test_no_vector_is_kept_of_a_text_that_changed_while_it_was_made(reports, model, ana, monkeypatch):
    report, real = reports["Forum 0"], model.vectors_of

    def meanwhile(passages):
        ReportText.objects.filter(pk=report.pk).update(title="other")
        return real(passages)

    monkeypatch.setattr(model, "vectors_of", meanwhile)
    make_vectors()
    assert ReportVector.objects.count() == making.AT_ONCE - 1
    assert not ReportVector.objects.filter(pk=report.pk).exists()


def test_another_model_makes_vectors_of_its_own(reports, model):
    make_all()
    model.name = "three topics"
    for maker in vectors.MAKERS:
        maker.forget()
    assert titles(QUESTION) == []
    assert make_all() == len(reports)
    assert titles(QUESTION) == ["A kangaroo in the hall"]


@pytest.mark.parametrize(
    "broken",
    [
        lambda key: ReportVector.objects.filter(pk=key).update(digest=1),
        lambda key: ReportVector.objects.create(pk=10**9, digest=1, vector=b"\0\0", model="two topics"),
    ],
)
def test_a_vector_of_no_text_is_found_and_dropped(reports, model, broken):
    make_all()
    assert "as it should be" in run("check_index")
    broken(reports["Forum 0"].pk)
    with pytest.raises(SystemExit):
        run("check_index")
    run("rebuild_index")
    assert "as it should be" in run("check_index")


def test_vectors_of_practices_leave_with_their_texts(carol, chris, mona, model):
    practice = make_published_practice(carol, chris, title="Keep a kangaroo")
    make_all()
    assert list(PracticeVector.objects.values_list("pk", flat=True)) == [practice.pk]
    practice.hide(by=mona, note="It is about someone.")
    assert not Practice.Text.objects.exists()
    assert not PracticeVector.objects.exists()


def test_a_vector_is_stored_in_a_byte_a_number():
    vector = np.array([0.6, -0.8, 0.0], np.float32)
    stored = np.frombuffer(packed(vector), np.int8).astype(float)
    assert np.allclose(stored / np.linalg.norm(stored), vector, atol=0.01)
    assert packed(np.zeros(3, np.float32)) == b"\0\0\0"


def test_touched_rows_are_read_again_and_nothing_else(reports):
    before = dict(ListedReport.objects.values_list("pk", "stamp"))
    key = reports["Forum 0"].pk
    ListedReport.objects.touch([key])
    after = dict(ListedReport.objects.values_list("pk", "stamp"))
    assert [one for one in before if before[one] != after[one]] == [key]


# --- The real one ------------------------------------------------------------------------------------


@pytest.mark.semantic
def test_the_installed_model_brings_a_question_near_to_its_answer():
    model = language_models.SmallE5()
    passages = [
        "We put a kettle in the hall, so that guests can make tea.",
        "The archive of the list was imported.",
    ]
    near = model.vectors_of(passages) @ model.vector_of("où les visiteurs peuvent-ils chauffer de l’eau ?")
    assert model.vectors_of(passages).shape == (2, model.size)
    assert near[0] > near[1]
    assert np.isfinite(model.vector_of("\ud800 \0")).all()
