"""Verbs that several people call at the same moment: each waits for the others where it must, and all that is
derived is as it should be.
"""

import json
from threading import Barrier, Thread

import pytest
from django.core.management import call_command
from django.db import connections

from config.database import processes
from experiences.models import Experience, ListedReport, Stake
from practices.models import Practice
from tests.conftest import make_person
from tests.factories import make_practice, make_report

pytestmark = [pytest.mark.postgresql, pytest.mark.long, pytest.mark.django_db(transaction=True)]
TURNS = 3


def at_once(*verbs):
    """Call `verbs` in threads that begin together; raise what one of them raised."""
    gate, raised = Barrier(len(verbs)), []

    def call(verb):
        try:
            gate.wait()
            verb()
        except Exception as error:
            raised.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=call, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def anew(row):
    """Return `row` as a thread of its own reads it."""
    return type(row).objects.get(pk=row.pk)


@pytest.fixture
def heap(transactional_db):
    """Practices under review that cite the same reports, and who may decide about them."""
    people = {
        name: make_person(name, *groups)
        for name, groups in {"carol": ["Curators"], "chris": ["Curators"], "mona": ["Moderators"]}.items()
    }

    def make(turn):
        reports = [make_report(make_person(f"author{turn}{number}"), people["carol"]) for number in range(2)]
        practices = [
            make_practice(people["carol"], title=f"Way {turn}, {number}", reports=reports)
            for number in range(3)
        ]
        return reports, [practice.submit(by=people["carol"]) for practice in practices]

    return people, make


def test_practices_published_at_once_are_all_named_by_the_reports_they_cite(heap):
    people, make = heap
    for turn in range(TURNS):
        reports, practices = make(turn)

        at_once(*[lambda one=one: anew(one).publish(by=people["chris"]) for one in practices])

        for row in ListedReport.objects.filter(pk__in=[report.pk for report in reports]):
            assert len(json.loads(row.item)["feeds"]) == 3
    call_command("check_index")


def test_what_is_taken_away_while_a_stake_is_reworded_is_found_nowhere(heap):
    people, make = heap
    for turn in range(TURNS):
        (report, _other), practices = make(turn)
        for practice in practices:
            practice.publish(by=people["chris"])
        retired, removed, _standing = practices

        at_once(
            lambda one=retired: anew(one).retire(by=people["carol"], note="No more."),
            lambda one=removed: anew(one).remove(by=people["mona"], note="It mocks a member."),
            lambda one=report: anew(one).withdraw(by=one.author, note="No more."),
            lambda turn=turn: Stake.objects.get(slug="moving-platform").edit(
                by=people["mona"], name_en=f"Moving {turn}"
            ),
        )

    assert Practice.objects.published().count() == Experience.objects.published().count() == TURNS
    assert not ListedReport.objects.filter(number=None).exists()
    call_command("check_index")


def test_processes_that_rebuild_at_once_leave_all_as_it_should_be(monkeypatch, capsys):
    monkeypatch.setattr("practices.management.commands.rebuild_index.CHUNK", 2)
    carol = make_person("carol", "Curators")
    for number in range(7):
        make_report(make_person(f"author{number}"), carol)
    Experience.objects.update(html={}, strength=4)
    ListedReport.objects.all().delete()
    started = []
    monkeypatch.setattr(
        "practices.management.commands.rebuild_index.pool",
        lambda number: started.append(number) or processes.pool(number),
    )

    call_command("rebuild_index", processes=2)

    assert started == [2]
    assert "7 reports derived again." in capsys.readouterr().out
    call_command("check_index")
