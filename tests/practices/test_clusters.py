"""Clusters: reports no practice uses yet, grouped under a stake by what they tell."""

import subprocess
import sys
from datetime import timedelta
from io import StringIO

import numpy
import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.utils import timezone

from experiences.models import Experience, Stake
from practices.management.commands import work
from practices.models import Cluster, Clustering, Dismissal, SameOrganisation
from practices.models.cluster import Voice
from practices.views.cluster_cards import cluster_cards
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


def terms(user):
    """Return the words and phrases that `user` reads of each cluster, as {title of a report: terms}."""
    found = Cluster.objects.visible_to(user).standing().for_list()
    return {member.report.title: cluster.terms for cluster in found for member in cluster.shown}


def groups(user):
    return sorted(map(sorted, shown(user).values()))


def titles(*topics):
    return sorted(sorted(row["title"] for row in topic) for topic in topics)


def test_reports_that_tell_of_alike_things_are_grouped(reports, carol):
    group()
    assert groups(carol) == titles(BUDDIES, BADGES, PARRAINS)


def test_a_cluster_says_what_holds_it_together_in_the_reports_own_words(reports, carol):
    group()
    said = terms(carol)
    assert "buddy" in said[BUDDIES[0]["title"]]["en"]
    assert "mot d’accueil" in said[PARRAINS[0]["title"]]["fr"]


def test_a_cluster_is_called_by_the_report_that_says_most_of_what_they_share(reports, carol):
    group()
    found = shown(carol)
    name = next(name for name, said in found.items() if BUDDIES[0]["title"] in said)
    assert name in {f"“{title}” and 2 others" for title in titles(BUDDIES)[0]}
    first = next(row["title"] for row in BUDDIES if row["title"] in name)
    reports[first].withdraw(by=reports[first].author, note="I was wrong.")
    name = next(name for name, said in shown(carol).items() if said < set(titles(BUDDIES)[0]))
    assert (first in name, name.endswith(" and 1 other")) == (False, True)


def test_marks_of_other_programs_hold_no_cluster_together(carol):
    """Tags that were typed stand in the text as such: their attributes are no words of anybody."""
    marks = ' <img src="https://example.org/quince.jpg" width="600" align="right" alt="Quince\nor medlar">'
    for row in BADGES:
        tell(carol, row | {"situation": row["situation"] + marks * 5})
    group()
    (said,) = {str(one) for one in terms(carol).values()}
    for word in ("img", "src", "width", "align", "quince", "jpg", "alt"):
        assert word not in said


@pytest.mark.parametrize(
    ("number", "distance", "parts"),
    [(2, 0.8, [[0, 1]]), (2, 0.85, [[0], [1]]), (3, 0.85, [[0, 1, 2]]), (3, 0.95, [[0], [1], [2]])],
)
def test_two_reports_are_a_cluster_only_where_they_are_close(number, distance, parts):
    from practices.tasks.clustering import linked  # Only now: scikit-learn takes a second.

    distances = [[float(row != column) * distance for column in range(number)] for row in range(number)]
    assert linked(numpy.array(distances)) == parts


def test_names_of_people_hold_no_cluster_together(reports, carol):
    """What is always written with a capital is a name: it neither groups reports nor names a cluster."""
    group()
    assert "zephyrine" not in str(terms(carol)).casefold()


def test_what_two_languages_write_alike_joins_their_reports(carol):
    told(carol, NOTICES)
    group()
    [(name, found)] = shown(carol).items()
    assert sorted(found) == titles(NOTICES)[0]
    assert set(terms(carol)[name.split("”")[0][1:]]) == {"en", "fr"}


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


def test_the_worker_that_stays_does_what_takes_long_in_processes_of_their_own(monkeypatch):
    started = []

    class Process:
        def __init__(self, command, **settings):
            started.append(command[2:])

        def poll(self):
            return None

    monkeypatch.setattr(work.subprocess, "Popen", Process)
    worker = work.Command()
    worker.look_after_large_things()
    worker.look_after_large_things()
    worker.looked -= work.LOOKS_EVERY
    worker.look_after_large_things()
    assert started == [["cluster_reports", "--if-due"], ["rebuild_index", "--search", "--if-due"]]


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


# --- One voice -------------------------------------------------------------------------------------


@pytest.fixture
def badges(carol):
    """Return a function that tells of badges, and returns whose voice the cluster is said to be."""

    def tell_all(organisations, identity="named", author=None):
        for row, organisation in zip(BADGES, organisations, strict=True):
            tell(carol, row, author, organisation=organisation, identity=identity)
        group()
        return said(carol)

    return tell_all


def said(curator):
    """Return what `curator` is told of whose voice the one cluster is."""
    (found,) = cluster_cards(Cluster.objects.offered_to(curator))
    return found["voice"]


def test_a_cluster_from_one_organisation_says_so(badges, carol):
    assert badges(["Quillfeather", "Quillfeather Ltd", "QUILLFEATHER"]) == Voice.ORGANISATION.label
    report = Experience.objects.first()
    report.organisation = "Globex"
    report.write(by=report.author)
    assert said(carol) is None
    SameOrganisation.objects.say("Globex", "Quillfeather", by=carol)
    assert said(carol) == Voice.ORGANISATION.label


@pytest.mark.parametrize("organisations", [["Acme", "Globex", "Acme"], ["", "", ""], ["Acme", "", "Acme"]])
def test_a_cluster_from_several_organisations_or_from_none_says_nothing(badges, organisations):
    assert badges(organisations) is None


def test_a_cluster_by_one_author_says_so(badges, ana):
    assert badges(["Acme", "Globex", ""], author=ana) == Voice.AUTHOR.label


def test_a_cluster_with_a_withheld_report_says_nothing(badges, carol, ana):
    assert badges(["Acme"] * 3, author=ana) == Voice.AUTHOR.label
    report = Experience.objects.first()
    report.identity = "withheld"
    report.write(by=ana)
    assert said(carol) is None
    Experience.objects.update(identity="withheld")
    assert said(carol) is None


def test_pages_and_api_say_whose_voice_a_cluster_is(badges, carol, browse, api):
    badges(["Acme"] * 3)
    cluster = Cluster.objects.get()
    for address in ("/practices/desk/", "/practices/clusters/", cluster.get_absolute_url()):
        assert str(Voice.ORGANISATION.label) in browse(carol).get(address).content.decode()
    assert api(carol).get("/api/v1/clusters/").json()["results"][0]["one_voice"] == "organisation"
    assert api(carol).get(f"/api/v1/clusters/{cluster.key}/").json()["one_voice"] == "organisation"
