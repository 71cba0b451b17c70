"""Clusters: reports no practice uses yet, grouped under a stake by what they tell."""

import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from experiences.models import Experience, Stake
from practices.management.commands import work
from practices.models import Cluster, Clustering, Dismissal
from tests.conftest import make_person
from tests.corpus import BADGES, BUDDIES, NOTICES, PARRAINS, tell, told
from tests.factories import make_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def reports(carol):
    """Three reports on buddies, three on badges, two in French on buddies, all under one stake."""
    return told(carol)


def group():
    call_command("cluster_reports", stdout=StringIO())


def shown(user):
    """Return the clusters `user` sees, as {title of the cluster: titles of its reports}."""
    found = Cluster.objects.visible_to(user).standing().for_list()
    return {cluster.title: {member.report.title for member in cluster.shown} for cluster in found}


def groups(user):
    return sorted(map(sorted, shown(user).values()))


def titles(*topics):
    return sorted(sorted(row["title"] for row in topic) for topic in topics)


def test_reports_that_tell_of_alike_things_are_grouped(reports, carol):
    group()
    assert groups(carol) == titles(BUDDIES, BADGES, PARRAINS)


def test_a_cluster_says_what_holds_it_together_in_the_reports_own_words(reports, carol):
    group()
    names = {frozenset(found): name for name, found in shown(carol).items()}
    buddies, parrains = (names[frozenset(titles(topic)[0])] for topic in (BUDDIES, PARRAINS))
    assert "buddy" in buddies
    assert "budd" not in buddies.replace("buddy", "").replace("buddies", "")
    assert "parrain" in parrains


def test_names_of_people_hold_no_cluster_together(reports, carol):
    """What is always written with a capital is a name: it neither groups reports nor names a cluster."""
    group()
    for name in shown(carol):
        assert "zephyrine" not in name.casefold()


def test_what_two_languages_write_alike_joins_their_reports(carol):
    told(carol, NOTICES)
    group()
    [(name, found)] = shown(carol).items()
    assert sorted(found) == titles(NOTICES)[0]
    assert " / " in name


def test_the_same_reports_make_the_same_clusters_at_the_same_address(reports, carol):
    group()
    before = list(Cluster.objects.order_by("key").values_list("key", "terms", "stake"))
    group()
    assert list(Cluster.objects.order_by("key").values_list("key", "terms", "stake")) == before


def test_a_cluster_that_grows_keeps_its_address(reports, carol):
    group()
    keys = set(Cluster.objects.values_list("key", flat=True))
    tell(carol, BUDDIES[0], title="A fourth story of buddies")
    group()
    assert set(Cluster.objects.values_list("key", flat=True)) == keys
    assert any("A fourth story of buddies" in found for found in shown(carol).values())


def test_only_curators_know_of_clusters(reports, carol, mona, ana):
    group()
    assert groups(carol) == groups(mona) != []
    assert shown(ana) == {}


@pytest.mark.parametrize("cite", [True, False])
def test_what_a_practice_cites_or_gathers_leaves_at_once(reports, carol, cite):
    group()
    report = reports[BADGES[0]["title"]]
    if cite:
        make_practice(carol, reports=[report])
    else:
        make_practice(carol).gather([report], by=carol)
    assert groups(carol) == titles(BUDDIES, BADGES[1:], PARRAINS)
    group()
    assert groups(carol) == titles(BUDDIES, BADGES[1:], PARRAINS)


@pytest.mark.parametrize("verb", ["withdraw", "flag", "erase"])
def test_what_is_no_longer_public_leaves_at_once(reports, carol, ben, verb):
    group()
    report = reports[BADGES[0]["title"]]
    if verb == "withdraw":
        report.withdraw(by=report.author, note="I was wrong.")
    elif verb == "flag":
        report.flag(by=carol, reason="abuse")
    else:
        report.erase(by=report.author)
    assert groups(carol) == titles(BUDDIES, BADGES[1:], PARRAINS)


def test_one_report_is_no_cluster(reports, carol):
    group()
    for row in BADGES[:2]:
        reports[row["title"]].withdraw(by=reports[row["title"]].author, note="I was wrong.")
    assert groups(carol) == titles(BUDDIES, PARRAINS)


def test_what_is_set_aside_stays_aside_under_its_stake_alone(carol):
    reports = told(carol, BADGES, stakes_=("recognition", "chasing-numbers"))
    stake, other = Stake.objects.get(slug="recognition"), Stake.objects.get(slug="chasing-numbers")
    report = reports[BADGES[0]["title"]]
    Dismissal.objects.make([report], stake, by=carol)
    Dismissal.objects.make([report], stake, by=carol)
    group()
    found = {cluster.stake: cluster.size for cluster in Cluster.objects.standing()}
    assert found == {other: 3}, "Two of the three are a part of the other cluster, and not shown again."
    Dismissal.objects.make([report], other, by=carol)
    assert [cluster.size for cluster in Cluster.objects.standing()] == [2]

    Dismissal.objects.take_back([report], stake, by=carol)
    group()
    assert [(cluster.stake, cluster.size) for cluster in Cluster.objects.standing()] == [(stake, 3)]


def test_only_curators_set_aside(reports, ana, carol):
    stake = Stake.objects.get(slug="recognition")
    for act in (Dismissal.objects.make, Dismissal.objects.take_back):
        with pytest.raises(PermissionDenied):
            act(list(reports.values()), stake, by=ana)
        act(list(reports.values()), stake, by=carol)


def test_reports_without_matter_in_common_make_no_cluster(carol):
    tell(carol, BADGES[0])
    tell(carol, BUDDIES[0])
    group()
    assert shown(carol) == {}


def test_nothing_to_group_is_no_trouble(carol):
    group()
    author = make_person("silent")
    for _number in range(2):
        row = {
            "title": "123",
            "situation": "!",
            "action": "1",
            "result": "?",
            "lessons": "",
            "verdict": "worked",
        }
        tell(carol, row, author=author)
    group()
    assert shown(carol) == {}


# --- When ------------------------------------------------------------------------------------------


def test_it_is_done_daily_and_sooner_when_much_was_published(reports, monkeypatch):
    last = Clustering.last()
    assert last.is_due
    group()
    last.refresh_from_db()
    assert not last.is_due
    last.begun_at = timezone.now() - timedelta(hours=2)
    last.ended_at = timezone.now()
    assert not last.is_due
    monkeypatch.setattr(Clustering, "ENOUGH", len(reports))
    assert last.is_due
    monkeypatch.undo()
    last.begun_at = timezone.now() - timedelta(days=1)
    assert last.is_due


def test_a_job_that_died_is_tried_again_an_hour_later():
    last = Clustering.last()
    last.begin()
    assert not last.is_due
    last.begun_at -= timedelta(hours=1)
    assert last.is_due


def test_two_workers_do_not_group_at_once():
    one, other = Clustering.last(), Clustering.last()
    assert one.begin()
    assert not other.begin()


def test_the_worker_groups_what_is_due(reports, carol):
    call_command("work", once=True, stdout=StringIO())
    assert groups(carol) == titles(BUDDIES, BADGES, PARRAINS)
    Cluster.objects.all().delete()
    call_command("work", once=True, stdout=StringIO())
    assert groups(carol) == []


def test_the_worker_that_stays_groups_in_a_process_of_its_own(monkeypatch):
    started = []

    class Process:
        def __init__(self, command, **settings):
            started.append(command[-2:])

        def poll(self):
            return None

    monkeypatch.setattr(work.subprocess, "Popen", Process)
    worker = work.Command()
    worker.group_if_due()
    worker.group_if_due()
    worker.looked -= work.LOOKS_EVERY
    worker.group_if_due()
    assert started == [["cluster_reports", "--if-due"]]


def test_neither_server_nor_worker_loads_what_the_job_needs():
    code = (
        "import sys, config.wsgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        "import practices.management.commands.work; sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR).returncode == 0


def test_a_withheld_author_is_named_by_no_cluster(carol):
    told(carol, BADGES, identity="withheld", organisation="Quillfeather")
    group()
    said = repr(list(Cluster.objects.values_list("terms", "key")))
    assert Experience.objects.filter(organisation="Quillfeather").exists()
    for private in ("quillfeather", "author", "@"):
        assert private not in said.casefold()
