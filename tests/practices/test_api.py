"""Practices through the API: readers read frozen words, curators change the working copy."""

import pytest

from experiences.models import Experience
from practices.models import Practice
from tests.factories import make_draft, make_known, make_practice, make_published_practice, make_report

LIST = "/api/v1/practices/"
BODY = {"title": "Answer first posts", "summary": "Soon.", "how": "A rota.", "stakes": ["first-steps"]}
READ = {
    "id", "url", "html_url", "status", "title", "language", "summary", "why", "how", "applies_when",
    "avoid_when", "pitfalls", "stakes", "contexts", "claims", "grade", "verdicts", "not_followed",
    "unwanted", "version",
    "published_on", "review_due_on", "replaced_by", "translation_of", "translations",
}  # fmt: skip
LONG = {"why", "how", "applies_when", "avoid_when", "pitfalls", "claims"}


def at(practice, verb=""):
    return f"{LIST}{practice.slug}/{verb and verb + '/'}"


def errors(answer):
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


def test_two_curators_bring_a_practice_from_report_to_publication(api, report, carol, chris):
    desk = api(carol)
    made = desk.post(LIST, BODY | {"contexts": {"audience": ["internal"]}})
    assert made.status_code == 201, made.json()
    base = made["Location"]
    claim = desk.post(f"{base}claims/", {"kind": "do-this", "text": "Announce the end date early."}).json()
    evidence = f"/api/v1/claims/{claim['id']}/evidence/"
    cite = {"experience": report.public_id, "bearing": "supports", "excerpt": "Announce the end date early"}
    assert "excerpt" in errors(desk.post(evidence, cite | {"excerpt": "Never said."}))
    assert desk.post(evidence, cite).status_code == 201
    assert desk.post(f"{base}submit/").json()["status"] == "in-review"
    assert desk.post(f"{base}publish/").status_code == 403
    assert api(chris).post(f"{base}publish/").json()["status"] == "published"

    read = api().get(base).json()
    assert set(read) == READ
    assert (read["version"], read["contexts"]) == (1, {"audience": ["internal"]})
    assert read["claims"][0]["evidence"] == [
        cite | {"note": "", "followed": "followed", "followed_reason": "", "stale": False}
    ]
    assert (read["grade"]["code"], read["grade"]["independent_support"]) == ("G1", 1)
    assert read["grade"]["reasons"]
    assert read["grade"]["next"]
    assert read["verdicts"]["worked"] == 1
    feeds = api().get(f"/api/v1/experiences/{report.public_id}/").json()["feeds"]
    assert feeds == [{"practice": read["id"], "claim": read["claims"][0]["id"], "bearing": "supports"}]


def test_a_list_item_carries_all_but_the_long_texts(api, report, carol, chris):
    make_published_practice(carol, chris, reports=[report])
    make_practice(carol, title="A draft")
    items = api().get(LIST).json()["results"]
    assert [set(item) for item in items] == [READ - LONG]
    assert items[0]["verdicts"]["worked"] == 1


def test_readers_keep_the_published_words_while_they_are_revised(api, report, carol, chris):
    practice = make_published_practice(carol, chris, reports=[report])
    desk = api(carol)
    version = desk.post(at(practice, "reopen")).json()["version"]
    desk.patch(at(practice), {"title": "Other words"}, headers={"If-Match": str(version)})
    assert api().get(at(practice)).json()["title"] == practice.title
    assert api().get(at(practice)).json()["status"] == "published"
    assert desk.get(at(practice)).json()["title"] == practice.title
    assert desk.get(at(practice), {"copy": "working"}).json()["title"] == "Other words"
    assert api().get(at(practice), {"copy": "working"}).status_code == 401
    assert desk.get(at(practice), {"copy": "x"}).status_code == 400
    assert api().get(at(practice, "versions/1")).json()["title"] == practice.title
    assert api().get(at(practice, "versions/2")).status_code == 404


def test_only_curators_know_of_drafts_and_change_them(api, ana, carol):
    practice = make_practice(carol)
    assert api().get(at(practice)).status_code == 404
    assert api(ana).get(at(practice)).status_code == 404
    assert api(ana).post(LIST, BODY).status_code == 403
    assert api().post(LIST, BODY).status_code == 401
    assert api(carol).patch(at(practice), {"title": "New"}).status_code == 428
    tag = api(carol).get(at(practice))["ETag"]
    assert api(carol).patch(at(practice), {"title": "New"}, headers={"If-Match": tag}).status_code == 200
    assert api(carol).patch(at(practice), {"title": "Old"}, headers={"If-Match": tag}).status_code == 412


def test_what_was_read_can_be_sent_back(api, carol, report):
    practice = make_practice(carol, reports=[report])
    read = api(carol).get(at(practice))
    answer = api(carol).put(at(practice), read.json(), headers={"If-Match": read["ETag"]})
    assert answer.status_code == 200, answer.json()
    assert answer.json()["claims"] == read.json()["claims"]


def test_a_key_makes_a_practice_and_a_claim_once(api, carol):
    desk = api(carol)
    first = desk.post(LIST, BODY, headers={"Idempotency-Key": "p"})
    again = desk.post(LIST, BODY, headers={"Idempotency-Key": "p"})
    assert again.json() == first.json()
    assert desk.post(LIST, BODY | {"title": "x"}, headers={"Idempotency-Key": "p"}).status_code == 409
    for _time in range(2):
        desk.post(f"{first.json()['url']}claims/", {"text": "One."}, headers={"Idempotency-Key": "c"})
    practice = Practice.objects.get()
    assert practice.claims().count() == 1


def test_a_refused_request_leaves_its_key_free(api, carol):
    refused = api(carol).post(LIST, BODY | {"title": ""}, headers={"Idempotency-Key": "p"})
    assert errors(refused)["title"]
    assert api(carol).post(LIST, BODY, headers={"Idempotency-Key": "p"}).status_code == 201


def test_a_practice_is_retired_for_another_or_for_a_reason(api, report, carol, chris):
    practice = make_published_practice(carol, chris, reports=[report])
    heir = make_published_practice(carol, chris, reports=[report], title="The heir")
    assert errors(api(carol).post(at(practice, "retire")))["__all__"]
    assert errors(api(carol).post(at(practice, "retire"), {"heir": "nobody"}))["heir"]
    answer = api(carol).post(at(practice, "retire"), {"heir": heir.slug}).json()
    assert (answer["status"], answer["replaced_by"]) == ("retired", heir.slug)
    assert api().get(at(practice)).json()["replaced_by"] == heir.slug
    assert [item["id"] for item in api().get(LIST).json()["results"]] == [heir.slug]


def test_a_practice_in_review_is_returned_with_a_sentence(api, report, carol, chris):
    practice = make_practice(carol, reports=[report]).submit(by=carol)
    assert errors(api(chris).post(at(practice, "return"), {}))["note"]
    assert api(chris).post(at(practice, "return"), {"note": "Say who."}).json()["status"] == "returned"


def test_a_member_tries_a_practice_once_and_may_say_otherwise(api, report, ben, carol, chris):
    practice = make_published_practice(carol, chris, reports=[report])
    make_known(ben)
    told = {"verdict": "worked", "line": "It helped.", "identity": "named"}
    made = api(ben).post(at(practice, "trials"), told)
    assert (made.status_code, made.json()["author"]) == (201, {"name": "Ben"})
    api(ben).post(at(practice, "trials"), told | {"verdict": "no-effect", "identity": "withheld"})
    found = api().get(at(practice, "trials")).json()["results"]
    assert [(trial["verdict"], trial["author"], len(trial["tried_on"])) for trial in found] == [
        ("no-effect", None, 7)
    ]
    assert api().post(at(practice, "trials"), told).status_code == 401
    assert "worked" in errors(api(ben).post(at(practice, "trials"), told | {"verdict": "great"}))["verdict"]


def test_what_a_withdrawn_report_said_is_no_longer_given(api, ana, report, carol, chris):
    practice = make_published_practice(carol, chris, reports=[report])
    report.refresh_from_db()
    report.withdraw(by=ana, note="Not ours to tell.")
    read = api().get(at(practice)).json()
    assert read["claims"][0]["evidence"] == []
    assert (read["grade"]["code"], sum(read["verdicts"].values())) == ("G0", 0)


def test_a_report_one_may_not_know_cannot_be_cited(api, ana, carol):
    draft = make_draft(ana)
    claim = make_practice(carol).claims().get()
    cite = {"experience": draft.public_id, "bearing": "supports", "excerpt": "Announce"}
    never = cite | {"experience": "abcdefghjkmn"}
    hidden, unknown = (
        api(carol).post(f"/api/v1/claims/{claim.pk}/evidence/", body) for body in (cite, never)
    )
    assert hidden.content == unknown.content
    assert Experience.objects.get().status == "draft"


def test_claims_of_readers_cannot_be_cited_by_readers(api, report, ana, carol, chris):
    practice = make_published_practice(carol, chris, reports=[report])
    cite = {"experience": report.public_id, "bearing": "supports", "excerpt": "Announce"}
    frozen, working = practice.current.claims.get(), practice.claims().get()
    assert api(ana).post(f"/api/v1/claims/{frozen.pk}/evidence/", cite).status_code == 403
    assert api(ana).post(f"/api/v1/claims/{working.pk}/evidence/", cite).status_code == 404
