"""The figures of the site: what they count, what they do not say, and that nothing is counted meanwhile."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from experiences.models import LogLine
from practices.figures.counting import figures, make_due_figures, make_figures
from practices.models import Figures, Practice
from tests.conftest import make_person
from tests.factories import make_draft, make_published_practice, make_report
from tests.outbox import run_worker

pytestmark = pytest.mark.django_db
PAGE, API, CSV = "/figures/", "/api/v1/figures/", "/figures.csv"


def today():
    return figures(timezone.localdate())


def test_what_is_public_one_by_one_is_counted(ana, ben, carol, chris):
    reports = [make_report(ana, carol), make_report(ben, carol, identity="withheld")]
    make_report(ana, carol).withdraw(by=ana, note="No more.")
    make_draft(ben)
    make_published_practice(carol, chris, reports=reports).try_out(by=ana, verdict="worked", line="It held.")
    reports[0].refresh_from_db()
    reports[0].ask(by=ben, text="Who ran both?").answer(by=ana, text="Two of us.")
    found = today()
    assert (found["reports"], found["practices"], found["questions_answered"]) == (2, 1, 1)
    assert sum(found["grades"].values()) == 1
    month = found["months"][-1]
    assert (month["reports"], month["versions"], month["questions_answered"]) == (2, 1, 1)
    assert len(found["months"]) == 12


def test_a_practice_counts_once_in_however_many_languages(ana, carol, chris):
    original = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    title = "Faites vivre les deux lieux avant d’en fermer un"
    original.translate(by=carol, title=title).submit(by=carol).publish(by=chris)
    assert (today()["practices"], sum(today()["grades"].values())) == (1, 1)
    Practice.objects.get(pk=original.pk).retire(by=carol, note="Nobody does it any more.")
    assert today()["practices"] == 1  # It is there in French.


def test_what_is_not_public_one_by_one_is_not_said_under_five(carol, browse):
    for number in range(4):
        make_report(make_person(f"author{number}"), carol, organisation=f"Org {number}")
    assert today()["organisations"] is None
    assert today()["days_to_publication"] is None
    make_report(make_person("author5"), carol, organisation="Org 5")
    assert today()["organisations"] == 5
    assert today()["days_to_publication"] == 0
    make_figures()
    assert "fewer than five cases" in browse().get(PAGE).content.decode()  # of returns


def test_no_figure_tells_of_who_withholds_their_name(carol):
    for number in range(5):
        make_report(make_person(f"author{number}"), carol)
    before = today()
    hidden = make_report(make_person("hidden"), carol, identity="withheld")
    LogLine.objects.filter(report=hidden, verb="submitted").update(at=timezone.now() - timedelta(days=300))
    after = today()
    for name in ("organisations", "days_to_publication", "days_to_return"):
        assert after[name] == before[name]
    assert after["reports"] == before["reports"] + 1


def test_the_median_is_of_days_from_sending(carol):
    for days in (1, 2, 3, 8, 9):
        report = make_report(make_person(f"author{days}"), carol)
        sent = timezone.now() - timedelta(days=days, hours=1)
        LogLine.objects.filter(report=report, verb="submitted").update(at=sent)
    assert today()["days_to_publication"] == 3


def test_they_are_read_from_one_row_whatever_there_is(ana, carol, chris, browse, api):
    assert b"Nothing has been counted yet" in browse().get(PAGE).content
    assert api().get(API).json()["made_at"] is None
    make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    make_figures()
    for address in (PAGE, API, CSV):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert browse().get(address).status_code == 200
        assert len(queries) == 1, address
    data = api().get(API).json()
    assert (data["reports"], data["grades"]["G1"], len(data["months"])) == (1, 1, 12)
    rows = browse().get(CSV).content.decode().splitlines()
    assert len(rows) == 13
    assert rows[0].startswith("month,reports,")


def test_the_worker_counts_them_every_hour(ana, carol):
    run_worker()
    assert Figures.objects.get().data["reports"] == 0
    make_report(ana, carol)
    make_due_figures()
    assert Figures.objects.get().data["reports"] == 0
    Figures.objects.update(made_at=timezone.now() - timedelta(minutes=61))
    make_due_figures()
    assert Figures.objects.get().data["reports"] == 1


def test_they_are_made_with_what_is_derived(ana, carol, capsys):
    make_report(ana, carol)
    call_command("rebuild_index")
    assert json.loads(json.dumps(Figures.objects.get().data))["reports"] == 1


def test_each_page_leads_to_them(browse):
    assert b'href="/figures/"' in browse().get("/practices/").content
