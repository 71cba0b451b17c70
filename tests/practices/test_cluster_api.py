"""Clusters through the API: curators read them, begin practices from them and set reports aside."""

import pytest

from practices.models import Cluster, Dismissal, Practice
from tests.factories import make_cluster, make_report

pytestmark = pytest.mark.django_db
LIST = "/api/v1/clusters/"


@pytest.fixture
def cluster(ana, carol):
    return make_cluster(ana, carol, number=3)


def at(cluster, verb=""):
    return f"{LIST}{cluster.key}/{verb}"


def ids(cluster):
    return [member.report.public_id for member in cluster.members.standing()]


def test_curators_read_what_holds_a_cluster_together(api, carol, cluster):
    answer = api(carol).get(LIST).json()
    assert answer["count"] == 1
    [item] = answer["results"]
    assert item == api(carol).get(at(cluster)).json()
    assert item["terms"] == {"en": ["forum", "archive"]}
    assert item["verdicts"]["worked"] == 3
    assert item["experiences"] == ids(cluster)
    assert item["shared_contexts"]["kind"] == ["open-source"]


def test_others_do_not(api, ana, cluster):
    assert [api(person).get(LIST).status_code for person in (None, ana)] == [401, 403]
    assert [api(person).get(at(cluster)).status_code for person in (None, ana)] == [401, 404]
    for verb in ("begin/", "dismiss/"):
        assert [api(person).post(at(cluster, verb)).status_code for person in (None, ana)] == [401, 404]
    assert not Practice.objects.exists()
    assert not Dismissal.objects.exists()


def test_a_cluster_that_lost_its_reports_a_moment_ago_is_not_there(api, browse, carol, cluster, monkeypatch):
    def answers():
        page, item = browse(carol).get(cluster.get_absolute_url()), api(carol).get(at(cluster))
        return page.status_code, item.status_code, len(api(carol).get(LIST).json()["results"])

    assert answers() == (200, 200, 1)
    monkeypatch.setattr(Cluster, "reports", [])  # as where another's verb comes between two queries
    assert answers() == (404, 404, 0)


def test_clusters_of_one_stake_are_asked_for(api, carol, cluster):
    assert api(carol).get(LIST, {"stake": "moving-platform"}).json()["count"] == 1
    assert api(carol).get(LIST, {"stake": "first-steps"}).json()["count"] == 0
    for params in ({"stake": "nothing"}, {"page": "1"}):
        assert api(carol).get(LIST, params).status_code == 400


def test_a_practice_is_begun_once_from_some_of_its_reports(api, carol, cluster):
    body = {"title": "Move in steps", "experiences": ids(cluster)[:2]}
    desk = api(carol)
    first = desk.post(at(cluster, "begin/"), body, headers={"Idempotency-Key": "b"})
    again = desk.post(at(cluster, "begin/"), body, headers={"Idempotency-Key": "b"})
    practice = Practice.objects.get()
    assert (first.json()["id"], again.json()) == (practice.slug, first.json())
    assert first.status_code == 201
    assert first["Location"].endswith(f"/api/v1/practices/{practice.slug}/")
    assert {row.report.public_id for row in practice.material.all()} == set(body["experiences"])


def test_left_out_the_title_and_the_reports_are_the_cluster_s(api, carol, cluster):
    wanted = set(ids(cluster))
    assert api(carol).post(at(cluster, "begin/")).json()["title"] == "Forum"
    assert {row.report.public_id for row in Practice.objects.get().material.all()} == wanted
    assert api(carol).get(at(cluster)).status_code == 404


@pytest.mark.parametrize("experiences", [[], ["aaaaaaaaaaaa"], "x", [1]])
def test_reports_of_another_place_are_refused(api, carol, cluster, experiences):
    for verb in ("begin/", "dismiss/"):
        answer = api(carol).post(at(cluster, verb), {"experiences": experiences})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "experiences"


def test_reports_are_set_aside(api, carol, cluster):
    first, *others = ids(cluster)
    assert api(carol).post(at(cluster, "dismiss/"), {"experiences": [first]}).status_code == 204
    assert api(carol).get(at(cluster)).json()["experiences"] == others
    assert Dismissal.objects.get().by == carol
    assert api(carol).post(at(cluster, "dismiss/")).status_code == 204
    assert api(carol).get(at(cluster)).status_code == 404


def test_a_token_that_may_read_sets_nothing_aside(api, carol, cluster):
    assert api(carol, scope="read").get(LIST).status_code == 200
    assert api(carol, scope="read").post(at(cluster, "dismiss/")).status_code == 403


def test_programs_set_reports_aside_by_hand_read_them_and_take_them_back(api, ana, ben, carol):
    reports = [make_report(ana, carol, title=f"Report {number}") for number in (1, 2)]
    place, back = "/api/v1/clusters/aside/", "/api/v1/clusters/take-back/"
    body = {"stake": "moving-platform", "experiences": [report.public_id for report in reports]}
    for answer in (
        api(ben).post(place, body), api(ben).post(back, body), api(ben).get(f"{place}?stake=moving-platform")
    ):  # fmt: skip
        assert answer.status_code == 403
    desk = api(carol)
    assert desk.post(place, body).status_code == 204

    def aside(stake):
        return {item["id"] for item in desk.get(place, {"stake": stake}).json()["results"]}

    assert aside("moving-platform") == set(body["experiences"])
    assert aside("first-steps") == set()
    taken = body | {"experiences": body["experiences"][:1]}
    assert desk.post(back, taken).status_code == 204
    assert aside("moving-platform") == {reports[1].public_id}
    for address in (place, back):
        for wrong, field in (({"stake": "luck"}, "stake"), ({"experiences": ["abcdefghjkmn"]}, "experiences"),
                             ({"experiences": []}, "experiences"), ({"stake": 5}, "stake")):  # fmt: skip
            refused = desk.post(address, body | wrong).json()
            assert [error["field"] for error in refused["errors"]] == [field]
    assert desk.get(place).json()["errors"][0]["field"] == "stake"
