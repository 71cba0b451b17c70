"""What `make bench` measures with, on few rows: the loader, the plain answers, how often each case asks."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from bench.scale import plain
from bench.scale.cases import Unexpected, cases
from bench.scale.data import load
from bench.scale.data.corpus import Corpus
from bench.scale.data.practices import CITED
from bench.scale.goals import COMPARED, GOALS
from bench.scale.queries import statements_of
from bench.scale.requests import People, Views
from bench.scale.samples import Samples
from experiences.models import Experience, ReportStake
from practices.models import Evidence, Practice

ROWS = 150
# How often each case asks the database, once the process has asked it before; or what is wrong with it. Who
# makes one ask less, says so here; who makes one ask more, says why.
QUERIES = {
    "floor": 1,
    "floor without middleware": 1,
    "naive list": 6,
    "API list": 1,
    "API list of 100": 1,
    "API list at 50 %": 1,
    "API list with facets": 1,
    "API 3 tags, common, with facets": 1,
    "API 3 tags, mid, with facets": 1,
    "API 3 tags, rare, with facets": 1,
    "API 1 stake with facets": 1,
    "API exclusion with facets": 1,
    "API updated since": 1,
    "API strength R3 or more": 1,
    "API likeness": 6,
    "API detail": 11,
    "API detail, cited": 10,
    "API practices": 8,
    "API practices with facets": 8,
    "API practice": 14,
    "API stakes": 3,
    "API contexts": 3,
    "API competencies": 3,
    "HTML list": 2,
    "HTML list at 50 %": 2,
    "HTML list, 3 tags": 2,
    "HTML list, signed in": 9,
    "HTML list, likeness": 9,
    "HTML detail": 14,
    "HTML detail, cited": 13,
    "HTML detail, signed in": 24,
    "home": 10,
    "home, signed in": 24,
    "stakes": 1,
    "a stake": 3,
    "glossary": 4,
    "practices": 10,
    "practices, likeness": 18,
    "practices, one context": 10,
    "a practice": 21,
    "feed of reports": 1,
    "feed of practices": 7,
    "sitemap": 9,
    "sitemap, reports": 2,
    "desk": 25,
    "clusters": 9,
    "report form": 8,
    "my reports": 20,
    "near while writing": 20,
    "304 API list": 1,
    "304 API detail": 11,
    "304 HTML list": "no validator",
    "304 HTML detail": "no validator",
    "304 feed": 1,
    "bare inserts of a report with 9 tags": 3,
    "API create": 20,
    # One holds the list row before it reads what that tells: two practices that cite it may come at once.
    "API create and submit": 62,
    "form sent": 12,
}


@pytest.fixture(scope="module")
def bench(django_db_setup, django_db_blocker):
    """Load ROWS reports once for all tests below, which leave nothing."""
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        override_settings(ROOT_URLCONF="bench.scale.site.urls"),
    ):
        load.store(Corpus(ROWS))
        load.derive(["rebuild_index"])
        people = People()
        yield SimpleNamespace(people=people, samples=Samples(), views=Views(people))
        transaction.set_rollback(True)


def test_the_loader_makes_what_verbs_would_have(bench):
    assert Experience.objects.published().count() == ROWS
    assert ReportStake.objects.filter(content_object__status="published").count() == 3 * ROWS
    assert Practice.objects.published().count() == 1
    assert Evidence.objects.public().count() == CITED
    assert not Evidence.objects.filter(stale=True).exists()
    call_command("check_index")


def test_the_site_answers_what_plain_tables_say(bench):
    assert list(plain.differences(bench.views, bench.samples, bench.people)) == []


def test_an_answer_that_is_not_the_plain_one_is_told(bench):
    newest = Experience.objects.published().order_by("-order_key")[:2]
    with transaction.atomic():
        first, second = (Experience.objects.filter(pk=report.pk) for report in newest)
        first.update(status="withdrawn")  # by no verb: lists go on saying what they said
        second.update(title="Another")
        told = " ".join(plain.differences(bench.views, bench.samples, bench.people))
        transaction.set_rollback(True)

    assert "other reports, or in another order" in told
    assert "the numbers of verdict differ" in told
    assert f"title of {newest[1].public_id} in the list is not that of the report" in told
    assert "The numbers of reports of stakes differ" in told


def test_each_case_asks_the_database_as_often_as_is_known(bench):
    asked = {}
    for case in cases(bench.samples, bench.people):
        with transaction.atomic():
            try:
                asked[case.name] = len(statements_of(case, bench.views))
            except Unexpected as problem:
                asked[case.name] = str(problem)
            transaction.set_rollback(True)

    assert asked == QUERIES


def test_each_goal_is_that_of_a_case(bench):
    assert {*GOALS, *COMPARED} <= {case.name for case in cases(bench.samples, bench.people)}
