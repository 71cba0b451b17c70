"""What is near to what is told: which reports, why, and what is never among them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from experiences.list_index import held
from experiences.models import Experience, ReportPosting, ReportProfile
from experiences.search import related
from experiences.search.related import RelatedSearch, Subject, related_reports
from experiences.search.reports import ReportFilterSet
from tests.conftest import make_person
from tests.factories import WHERE, contexts, make_draft, make_report, stakes

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()
DIGEST = {
    "title": "A weekly digest by mail",
    "situation": "Members complained about notifications.",
    "action": "We replaced notifications by a digest on Mondays.",
    "result": "Half the members opened the digest.",
    "lessons": "Keep the digest short.",
    "stakes_": ["too-much-noise"],
}
OTHER = {"situation": "Rain.", "action": "Tea.", "result": "Sun.", "lessons": "Hats.", "stakes_": ["trust"]}


@pytest.fixture
def digest(ana, carol):
    return make_report(ana, carol, **DIGEST)


def telling(text="We sent a digest of notifications.", stakes_=(), language="en", where=None):
    return Subject(text, language, stakes=stakes(*stakes_), contexts=contexts(**(where or {})))


def titles(told, user=ANYONE):
    return [one.row.title for one in related_reports(told, user)]


def loosely(told):
    """Return the titles of all that is near, as a list has them that is read to its end."""
    filterset = ReportFilterSet(QueryDict(), user=ANYONE)
    nearest = RelatedSearch(filterset, filterset.all(), told)
    return [one.row.title for one in nearest.explained(nearest.keys)]


def test_a_report_is_near_by_its_words_or_its_stake_and_by_nothing_else(digest, ana, carol):
    make_report(ana, carol, title="Of the weather", **OTHER)
    assert titles(telling()) == [digest.title]
    assert titles(telling("Quinces.", stakes_=["too-much-noise"])) == [digest.title]
    assert titles(telling("Quinces.", stakes_=["crisis"])) == []
    assert titles(telling("Quinces.", where=WHERE)) == []
    assert titles(telling("A digest.")) == []
    assert titles(Subject("", "en")) == []


def test_the_reason_names_stakes_contexts_and_words_in_the_reader_s_language(digest):
    told = telling(
        "Too many notifications: a digest?", ["too-much-noise"], where=WHERE | {"budget": ["b-none"]}
    )
    (found,) = related_reports(told, ANYONE)
    assert found.reason == (
        "Same stake: Too much noise. In common: Who takes part, Kind of community, Members."
        " Same words: notifications, digest."
    )
    with translation.override("fr"):
        (found,) = related_reports(told, ANYONE)
        assert "Trop de bruit" in found.reason
        assert "Qui participe" in found.reason


FORUM = {
    "language": "fr",
    "title": "Le forum interne s’éteint",
    "situation": "Le forum interne comptait peu de membres.",
    "action": "Nous avons ouvert une permanence avec des tutorats.",
    "result": "Les tutorats ont trouvé leur public.",
    "lessons": "Une permanence vaut mieux que des annonces.",
    "stakes_": ["trust"],
}


def test_no_everyday_word_and_no_name_of_a_context_is_a_reason(ana, carol):
    report = make_report(ana, carol, **FORUM)
    told = "Notre communauté interne comptait peu de tutorats : la permanence restait vide."
    (found,) = related_reports(telling(told, language="fr"), ANYONE)
    assert (found.row, found.reason) == (report, "Same words: tutorats, permanence.")


def test_beside_a_form_nothing_is_better_than_what_is_far_fetched(ana, carol):
    report = make_report(ana, carol, **FORUM)
    told = telling("Notre forum interne comptait peu de membres, et nous avons peu ouvert.", language="fr")
    assert loosely(told) == [report.title]
    assert titles(told) == []
    assert titles(telling("Une permanence et des tutorats.", language="fr")) == [report.title]


def test_a_list_that_is_read_to_its_end_has_what_is_half_as_near_too(digest, ana, carol):
    loose = {"situation": "Notifications.", "action": "We wrote.", "result": "A digest.", "lessons": ""}
    farther = make_report(ana, carol, **OTHER | loose | {"title": "Of other things"})
    told = telling("A weekly digest by mail replaced notifications; members complained, and opened it.")
    assert loosely(told) == [digest.title, farther.title]
    assert titles(told) == [digest.title]


def test_addresses_and_mark_up_are_no_words(ana, carol):
    marks = '<img src="a.png" width="600" align="right"> [plan](https://example.org/quince) ./medlar.md'
    make_report(ana, carol, **OTHER | {"title": "Of the weather", "situation": marks})
    assert titles(telling("Width 600, align right, quince, medlar, png, example.")) == []


def test_what_is_told_in_french_finds_english_under_the_same_stake(digest):
    (found,) = related_reports(telling("Trop de bruit.", ["too-much-noise"], language="fr"), ANYONE)
    assert (found.row.title, "words" in found.reason) == (digest.title, False)
    (found,) = related_reports(telling("Infobésité, notifications, trop de bruit.", language="fr"), ANYONE)
    assert found.reason == "What you tell is close to this stake: Too much noise."


def test_only_published_reports_of_others_are_near(digest, ana, ben, carol):
    assert titles(telling(), ben) == [digest.title]
    assert titles(telling(), ana) == []
    make_draft(ben, **DIGEST | {"title": "Not sent"})
    make_draft(ben, **DIGEST | {"title": "Waiting"}).submit(by=ben)
    assert titles(telling(), carol) == [digest.title]
    digest.flag(by=carol, reason="abuse", note="See there.")
    assert titles(telling(), carol) == []


def test_a_withdrawn_report_is_near_no_longer(digest, ana):
    digest.withdraw(by=ana, note="Our member asked for it.")
    assert titles(telling()) == []
    assert not ReportProfile.objects.exists()
    assert not ReportPosting.objects.exists()


def test_what_is_published_while_strays_are_looked_for_is_none(digest, ben, carol):
    """Its postings and its profile come together; who reads one before the other must not part them."""
    later = []

    def publish_at_the_second_reading(execute, sql, *rest):
        if "postings" not in later:
            later.append("postings")
        elif len(later) == 1:
            later.append(None)
            later[1] = make_report(ben, carol, **OTHER)
        return execute(sql, *rest)

    with connection.execute_wrapper(publish_at_the_second_reading):
        assert list(ReportProfile.objects.strays()) == []

    assert ReportPosting.objects.filter(place=later[1].order_key).exists()


def test_an_edited_report_is_near_by_its_new_words_alone(digest, ana):
    digest.title, digest.situation = "A quince", "Nobody asked for medlars."
    digest.action = digest.result = digest.lessons = "Medlars and quinces."
    digest.write(by=ana)
    assert titles(telling()) == []
    assert titles(telling("Medlars, quinces.")) == [digest.title]
    assert not ReportPosting.objects.filter(term="digest").exists()


def test_a_failure_takes_the_last_place_when_all_that_is_nearer_went_well(digest, ana, carol):
    for number in range(3):
        make_report(ana, carol, **DIGEST | {"title": f"A digest, {number}"})
    farther = {
        "action": "We stopped mail.",
        "result": "Nothing changed for members.",
        "lessons": "Ask before.",
    }
    make_report(ana, carol, **DIGEST | farther | {"title": "It went wrong", "verdict": "backfired"})
    told = telling("A weekly digest by mail replaced notifications.", ["too-much-noise"])
    assert len(titles(told)) == 3
    assert titles(told)[-1] == "It went wrong"
    Experience.objects.filter(title="A digest, 1").update(verdict="abandoned")
    Experience.objects.filter(title="It went wrong").update(verdict="worked")
    assert "It went wrong" not in titles(told)
    assert "A digest, 1" in titles(told)


def test_of_the_same_words_the_like_context_comes_first(digest, ana, carol):
    inside = {"audience": ["internal"], "kind": ["support"], "community-size": ["c-under-100"]}
    make_report(ana, carol, **DIGEST | {"title": "A weekly digest inside", "where": inside})
    told = "Digest of notifications, weekly."
    assert titles(telling(told, where=inside))[0] == "A weekly digest inside"
    assert titles(telling(told, where=WHERE))[0] == digest.title


def test_a_reason_tells_nothing_of_a_withheld_author(carol, ana):
    author = make_person("zephyrine", organisation="Quillfeather")
    make_report(author, carol, **DIGEST | {"identity": "withheld", "organisation": "Quillfeather"})
    told = telling("Zephyrine of Quillfeather sent a digest of notifications.", where=WHERE)
    (found,) = related_reports(told, ana)
    assert found.row.byline is None
    assert "Zephyrine" not in found.reason
    assert "Quillfeather" not in found.reason
    assert related_reports(telling("Zephyrine, Quillfeather."), ana) == []


def test_however_many_rows_there_are_few_are_compared_in_as_many_queries(digest, ana, carol, monkeypatch):
    for name, value in (("SAMPLE", 3), ("POOL", 3)):
        monkeypatch.setattr(related, name, value)
    told = telling("Quinces.", ["too-much-noise"], where=WHERE)

    def asked():
        held.in_step("reports", "practices")  # What is new since is read once by each process.
        with CaptureQueriesContext(connection) as captured:
            related_reports(told, carol)
        return len(captured)

    for number in range(4):
        make_report(ana, carol, **DIGEST | {"title": f"Earlier {number}"})
    asked()  # What a process asks once, it has asked.
    few = asked()
    for number in range(6):
        make_report(ana, carol, **DIGEST | {"title": f"Later {number}"})
    assert asked() == few <= 20
    filterset = ReportFilterSet(QueryDict(), user=carol)
    assert len(RelatedSearch(filterset, filterset.all(), told).shared) <= 6


def test_a_common_word_draws_no_pool_once_there_are_many_rows(digest, ana, carol, monkeypatch):
    for name, value in (("SAMPLE", 4), ("COMMON", 0.05)):
        monkeypatch.setattr(related, name, value)
    for number in range(5):
        make_report(ana, carol, title=f"Of other things {number}", **OTHER)
    filterset = related.ReportFilterSet(related.QueryDict(), user=carol)
    told = telling("Tea, rain, a digest?")
    search = related.RelatedSearch(filterset, filterset.all(), told)
    assert {"tea", "digest"} <= search.weights.keys()
    assert {"tea", "digest"} & search._drawing().keys() == {"digest"}
    assert titles(telling("Tea and a digest of notifications.")) == [digest.title]


@pytest.mark.parametrize(
    "text", ["\x00", "'; --", "a" * 100_000, "\ud800 x", "OR AND NOT ( ) : * \\ | & ! '", "٣"]
)
def test_no_text_brings_it_down(text, digest):
    for language in ("en", "fr"):
        related_reports(telling(text, language=language), ANYONE)
