"""What `make bench` measures with, on few rows: the loader, the plain answers, how often each case asks."""

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from bench.scale import plain, results
from bench.scale import run as runs
from bench.scale.cases import API, Case, Unexpected, cases
from bench.scale.data import load
from bench.scale.data.corpus import Corpus
from bench.scale.data.practices import CITED
from bench.scale.data.where import ROOT
from bench.scale.goals import COMPARED, FLOOR, GOALS, INSERTS, LARGE, SMALL
from bench.scale.queries import statements_of
from bench.scale.requests import People, Request, Views
from bench.scale.rounds import Batch, Measured
from bench.scale.samples import Samples
from experiences.list_index.models import number_new_rows
from experiences.models import Experience, ListedReport, ReportStake
from practices.models import Evidence, ListedPractice, Practice

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
    "API detail": 12,
    "API detail, cited": 11,
    "API practices": 1,
    "API practices with facets": 1,
    "API practice": 17,
    "API stakes": 3,
    "API contexts": 3,
    "API competencies": 3,
    "API search, commonest word": 2,
    "API search of all kinds, commonest word": 8,
    "API search, 10 % word": 2,
    "API search of all kinds, 10 % word": 8,
    "API search, rare word": 2,
    "API search of all kinds, rare word": 8,
    "API search, seven words": 2,
    "API search of all kinds, seven words": 8,
    "API search, common words, each new": 2,
    "search page, 10 % word": 3,
    "suggestions": 2,
    "HTML list": 1,
    "HTML list, kept": 1,
    "HTML list at 50 %": 1,
    "HTML list at 50 %, kept": 1,
    "HTML list, 3 tags": 1,
    "HTML list, 3 tags, kept": 1,
    "HTML detail": 15,
    "HTML detail, kept": 1,
    "HTML detail, cited": 14,
    "HTML detail, cited, kept": 1,
    "home": 2,
    "home, kept": 1,
    "stakes": 1,
    "stakes, kept": 1,
    "a stake": 3,
    "a stake, kept": 1,
    "evidence map": 1,
    "evidence map, kept": 1,
    "role map": 3,
    "role map, kept": 1,
    "glossary": 1,
    "glossary, kept": 1,
    "practices": 1,
    "practices, kept": 1,
    "practices, one context": 1,
    "practices, one context, kept": 1,
    "a practice": 24,
    "a practice, kept": 3,
    "HTML list, signed in": 9,
    "HTML list, likeness": 9,
    "HTML detail, signed in": 25,
    "home, signed in": 13,
    "practices, likeness": 9,
    "feed of reports": 1,
    "feed of practices": 2,
    "sitemap": 3,
    "sitemap, reports": 2,
    "desk": 26,
    "clusters": 10,
    "report form": 9,
    "my reports": 24,
    "near while writing": 20,
    "304 API list": 1,
    "304 API detail": 1,
    "304 HTML list": 1,
    "304 HTML detail": 1,
    "304 home": 1,
    "304 stakes": 1,
    "304 evidence map": 1,
    "304 practices": 1,
    "304 a practice": 3,
    "304 API practices": 1,
    "304 feed": 1,
    "304 feed of practices": 1,
    "304 sitemap": 1,
    "bare inserts of a report with 9 tags": 3,
    "API create": 19,
    "API create and submit": 61,
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
        for model in (ListedReport, ListedPractice):
            number_new_rows(model)  # As once they are committed.
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


def test_the_settings_limit_nobody_whoever_reads_them():
    told = "import json; from bench.scale.site.settings import LIMITS; print(json.dumps(LIMITS))"
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "k" * 50, "API_RATE_MEMBER": "1/min"}
    printed = subprocess.check_output([sys.executable, "-c", told], cwd=ROOT, env=environment, text=True)
    limits = json.loads(printed)

    for kind in ("programs", "searches"):
        assert limits[kind] == {"visitor": "100000/s", "member": "100000/s"}


# --- Goals -------------------------------------------------------------------------------------------


def run_of(rows=SMALL, **cases):
    """Return a run as it is kept: beside the floor, of each case its ratio to that, or what is wrong with it.

    `inserts` and `form_sent` stand for the cases of these names. Each answer took one query.
    """
    names = {"inserts": INSERTS, "form_sent": "form sent", "api_list": "API list"}
    told = {FLOOR: 1} | {names[name]: value for name, value in cases.items()}
    return {
        "engine": "postgresql", "rows": rows, "stable": True, "figures": {},
        "cases": {
            name: {"problem": value, "queries": None} if isinstance(value, str)
            else {"problem": "", "ratio": value, "ratios": [value, 3 * value], "queries": 1}
            for name, value in told.items()
        },
    }  # fmt: skip


def verdicts(run, first=None):
    """Return the lines about the goals of a run, as they are printed."""
    kept = {(one["engine"], one["rows"]): one for one in (first, run) if one}
    return results.judged_lines(run, kept)


def test_a_case_without_an_answer_fails_for_its_reason():
    assert verdicts(run_of(api_list="answered 500")) == [["API list", "answered 500", "an answer", "FAIL"]]


def test_a_case_fails_for_the_reason_of_what_it_is_compared_with():
    met, refused = verdicts(run_of(form_sent=60, inserts=10)), run_of(form_sent=60, inserts="answered 500")

    assert met[1] == [f"form sent: × {INSERTS}", "6", "≤ 7", "PASS"]
    assert verdicts(refused) == [["form sent", f"{INSERTS}: answered 500", "an answer", "FAIL"]]


def test_what_the_views_refuse_here_is_a_problem_of_the_case(bench):
    asked = [Case("API list", Request(API)), Case("home", Request("/"), status=418)]
    counts, refused, writing = runs.counted(asked, bench.views)
    batch = Batch(app=2, database=1, waits=[0.1], size=7)
    found = {case.name: Measured([batch], [1.5]) for case in asked}
    told = runs.as_data(asked, found, counts, refused)

    assert writing == []
    assert told["API list"]["problem"] == ""
    assert told["API list"]["queries"] == 1
    assert told["home"] == {"problem": "answered 200", "queries": None}


def test_growth_is_that_of_the_ratio_the_goal_is_about():
    small, large = run_of(form_sent=60, inserts=10), run_of(LARGE, form_sent=240, inserts=40)
    dearer = run_of(LARGE, form_sent=240, inserts=20)

    assert verdicts(large, small)[-1] == ["form sent: growth", "1", "≤ 1.5", "PASS"]
    assert verdicts(dearer, small)[-1] == ["form sent: growth", "2", "≤ 1.5", "FAIL"]


def test_what_costs_more_than_is_known_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(results, "KNOWN", tmp_path / "known.json")
    known = results.known({("postgresql", SMALL): run_of(api_list=2, form_sent=10)})
    results.KNOWN.write_text(json.dumps(known))

    assert list(results.dearer(run_of(api_list=2.4, form_sent=15))) == []
    assert list(results.dearer(run_of(api_list=4, form_sent="answered 500"))) == [
        "API list: 4.00 times the floor, where 2.00 is known.",
        "form sent: answered 500",
    ]
    assert list(results.dearer(run_of(api_list=4) | {"stable": False})) == []


def test_plans_are_kept_of_what_reads_and_misses_its_goal_by_most(bench, monkeypatch):
    monkeypatch.setattr(runs, "PLANS", 1)
    reading, written = Case("API list", Request(API)), Case("form sent", Request("/"), writes=True)
    missed, met = run_of(api_list=4, form_sent=1000, inserts=1), run_of(api_list=2)

    assert list(runs.plans_behind(missed, [reading, written], bench.views)) == ["API list"]
    assert runs.plans_behind(met, [reading], bench.views) == {}
