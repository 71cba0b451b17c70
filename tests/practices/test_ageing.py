"""What time alone does to a practice, and that nobody can set a grade by hand for long."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from experiences.models import Experience
from practices.models import Practice
from practices.tasks import ageing
from tests.conftest import make_person
from tests.factories import make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db


def in_the_year(year, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(year, 6, 15))


@pytest.fixture
def practice(ana, carol, chris):
    return make_published_practice(carol, chris, reports=[make_report(ana, carol, started_on="2025-02")])


def test_the_worker_flags_a_practice_whose_newest_support_has_grown_old(practice, monkeypatch):
    call_command("work", "--once")
    assert "ageing" not in Practice.objects.get().flags

    in_the_year(2028, monkeypatch)
    call_command("work", "--once")

    practice.refresh_from_db()
    assert "ageing" in practice.flags
    line = practice.log.public().first()
    assert (line.cause, line.before, line.after, line.by) == ("time", "G1", "G1", None)
    assert line.sentence == "The grade stayed G1 Lone voice, its flags changed: time has passed."


def test_a_practice_is_flagged_once_and_costs_nothing_from_then_on(practice, monkeypatch):
    in_the_year(2028, monkeypatch)
    assert ageing.flag_the_aged() == 1
    with CaptureQueriesContext(connection) as queries:
        assert ageing.flag_the_aged() == 0
    assert len(queries) == 1
    assert practice.log.filter(cause="time").count() == 1


@pytest.mark.parametrize(
    ("told", "months"),
    [
        ({"started_on": "2023-06"}, 36),
        ({"started_on": "2020-01", "ended_on": "2023-06"}, 36),
        ({"started_on": "2023-05"}, 37),
        ({"started_on": "2020-01", "ended_on": "2023-05"}, 37),
    ],
)
def test_the_database_and_the_rule_agree_on_what_is_old(ana, carol, chris, monkeypatch, told, months):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol, **told)])
    Practice.objects.update(assessment_data={"flags": []})
    found = ageing.grown_old(date(2026, 6, 15))
    in_the_year(2026, monkeypatch)
    assert found.exists() == ("ageing" in practice.assess().flags) == (months > 36)


@pytest.mark.parametrize("kind", ["do-this", "avoid-this"])
@pytest.mark.parametrize("verdict", ["worked", "backfired"])
@pytest.mark.parametrize("followed", ["", "followed", "not-followed"])
def test_the_database_and_the_rule_agree_on_which_nuance_supports(
    ana, ben, carol, chris, monkeypatch, kind, verdict, followed
):
    old, new = make_report(ana, carol, started_on="2020-01"), make_report(ben, carol, verdict=verdict)
    practice = make_practice(carol, reports=[old])
    claim = practice.add_claim(by=carol, kind=kind, text="Move in steps.")
    corrected = {"followed": followed, "followed_reason": "They say so."} if followed else {}
    claim.cite(new, by=carol, bearing="nuances", excerpt=new.lessons[:20], **corrected)
    practice.submit(by=carol).publish(by=chris)
    Practice.objects.update(assessment_data={"flags": []})
    in_the_year(2026, monkeypatch)
    assert ageing.grown_old(date(2026, 6, 15)).exists() == ("ageing" in practice.assess().flags)


def test_a_report_that_also_contradicts_keeps_no_practice_young(ana, ben, carol, chris, monkeypatch):
    old, new = make_report(ana, carol, started_on="2020-01"), make_report(ben, carol, started_on="2025-02")
    practice = make_published_practice(carol, chris, reports=[old, new])
    assert "ageing" not in practice.flags
    practice.reopen(by=carol)
    against = practice.add_claim(by=carol, kind="avoid-this", text="Do not hurry.")
    against.cite(new, by=carol, bearing="contradicts", excerpt=new.result[:20])
    practice.refresh_from_db()
    practice.submit(by=carol).publish(by=chris)
    Practice.objects.update(assessment_data={"flags": []})
    assert ageing.flag_the_aged() == 1
    assert "ageing" in Practice.objects.get().flags


def test_what_nobody_reads_is_left_alone(ana, carol, practice, monkeypatch):
    practice.retire(by=carol, note="Overtaken by events.")
    in_the_year(2028, monkeypatch)
    assert ageing.flag_the_aged() == 0


# --- Tampering -------------------------------------------------------------------------------------


def differences(capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("check_index")
    assert ended.value.code == 1
    return capsys.readouterr().out


@pytest.mark.parametrize("mend", ["grade_practices", "rebuild_index"])
@pytest.mark.parametrize(
    "tampering",
    [
        {"grade": 4},
        {"assessment_data": {}},
        {"lowered_reason": "Nobody said so."},
        "flags",
        "support",
    ],
)
def test_a_grade_changed_by_hand_is_found_and_mended(practice, capsys, mend, tampering):
    call_command("check_index")
    right = Practice.objects.values("grade", "assessment_data").get()
    data = right["assessment_data"]
    changes = {"flags": {"flags": []}, "support": {"independent_support": 9}}
    if isinstance(tampering, str):
        tampering = {"assessment_data": data | changes[tampering]}
    Practice.objects.update(**tampering)

    assert f"practice {practice.slug}: grade differs." in differences(capsys)
    call_command(mend)

    if "lowered_reason" not in tampering:
        assert Practice.objects.values("grade", "assessment_data").get() == right
    call_command("check_index")


def test_a_report_tampered_with_is_found_by_the_grades_it_feeds(practice, capsys):
    Experience.objects.update(organisation="", author=None, status="withdrawn")
    assert "grade differs" in differences(capsys)
    call_command("grade_practices")
    practice.refresh_from_db()
    assert practice.grade == 0
    assert practice.log.last().cause == "recomputed"


def test_two_workers_flag_a_practice_once(practice, monkeypatch):
    in_the_year(2028, monkeypatch)
    first, second = Practice.objects.get(), Practice.objects.get()
    for one in (first, second):
        one.regrade(cause="time")
    assert practice.log.filter(cause="time").count() == 1


def test_an_aged_practice_of_many_voices_is_flagged_too(carol, chris, monkeypatch):
    reports = [make_report(make_person(f"author{n}"), carol, started_on=f"2021-0{n}") for n in (1, 2, 3)]
    make_published_practice(carol, chris, reports=reports)
    Practice.objects.update(assessment_data={"flags": []})
    assert ageing.flag_the_aged() == 1
