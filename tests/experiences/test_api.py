"""Reports, vocabulary and one's own things through the API."""

import pytest

from experiences.models import Experience
from tests.factories import TOLD, WHERE, make_draft, make_report

LIST = "/api/v1/experiences/"
BODY = {**TOLD, "stakes": ["moving-platform"], "contexts": WHERE}
LONG = {
    "situation", "action", "result", "unwanted", "lessons", "enablers", "constraints", "changeable",
    "comparison",
}  # fmt: skip
SHARED = {
    "id", "url", "html_url", "status", "title", "language", "started_on", "ended_on", "verdict",
    "follow_up_on",
    "stakes", "contexts", "keywords", "measures", "sources", "effort", "identity", "author", "strength",
    "author_stakes", "follow_ups", "feeds", "published_on", "version",
    "nature", "unwanted_seen", "unwanted_borne_by", "unwanted_weight", "first_signs",
}  # fmt: skip


def at(report, verb=""):
    return f"{LIST}{report.public_id}/{verb and verb + '/'}"


def errors(answer):
    assert answer["Content-Type"] == "application/problem+json"
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def test_a_report_is_made_and_read_in_one_shape(api, ana):
    program = api(ana)
    full = BODY | {
        "keywords": ["Mailing List"],
        "measures": [
            {"effect": "participation", "direction": "up", "before": "1", "after": "2", "source": "logs"}
        ],
        "sources": [{"url": "https://example.org/a", "label": "A", "visibility": "public"}],
        "effort": {"people": 2, "hours": 30, "weeks": None},
    }
    made = program.post(LIST, full)
    assert made.status_code == 201
    read = program.get(made["Location"]).json()
    assert read == made.json()
    assert set(read) == SHARED | LONG
    assert (read["status"], read["strength"], read["started_on"]) == ("draft", "R3", "2025-02")
    assert read["contexts"] == WHERE
    assert read["keywords"] == ["mailing list"]


def test_what_was_read_can_be_sent_back(api, ana):
    report = make_draft(ana, measured=True, organisation="Acme")
    program = api(ana)
    read = program.get(at(report))
    answer = program.put(at(report), read.json(), headers={"If-Match": read["ETag"]})
    assert answer.status_code == 200, answer.json()
    assert {**answer.json(), "version": 1} == {**read.json(), "version": 1}
    report.refresh_from_db()
    assert report.organisation == "Acme"


def test_a_list_item_carries_all_but_the_long_texts(api, ana, carol):
    make_report(ana, carol)
    body = api().get(LIST).json()
    assert set(body) == {"next", "previous", "count", "count_is_exact", "results"}
    assert set(body["results"][0]) == SHARED | {"excerpt"}
    assert "facets" in api().get(LIST, {"facets": "1"}).json()


def test_pages_lead_on_and_back(api, ana, carol):
    for number in range(3):
        make_report(ana, carol, title=f"Report {number}")
    first = api().get(LIST, {"page_size": 2}).json()
    second = api().get(first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (2, 1, None)
    assert api().get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"verdict": "great"}, "verdict", "worked-in-part"),
        ({"stakes": ["first-stpes"]}, "stakes", "/api/v1/stakes/"),
        ({"contexts": {"audience": ["intern"]}}, "audience", "internal, external"),
        ({"contexts": {"audiance": ["internal"]}}, "audiance", "author-role"),
        ({"measures": [{"effect": "x", "direction": "up"}]}, "measures", "participation"),
        ({"measures": [{"effects": "x"}]}, "measures", "indicator"),
        ({"sources": [{"url": "https://a.example", "visibility": "all"}]}, "sources", "curators"),
        ({"effort": {"persons": 1}}, "effort", "people"),
        ({"situatoin": "x"}, "situatoin", "There is no field"),
    ],
)
def test_what_is_on_no_list_is_refused_with_what_may_stand_there(api, ana, given, field, said):
    answer = api(ana).post(LIST, BODY | given)
    assert answer.status_code == 400
    assert said in errors(answer)[field]
    assert not Experience.objects.exists()


WRONG = [5, 1.5, True, None, "x", [], [5], [[]], [None], {}, {"a": 1}, {"audience": "x"}, {"people": "3"}]


@pytest.mark.parametrize("field", [*sorted(SHARED | LONG), "organisation"])
def test_a_wrong_type_is_never_an_error_of_ours(api, ana, field):
    program = api(ana)
    for value in WRONG:
        assert program.post(LIST, {field: value}).status_code in (201, 400), value


def test_a_key_makes_a_report_once(api, ana):
    program = api(ana)
    first = program.post(LIST, BODY, headers={"Idempotency-Key": "one"})
    again = program.post(LIST, BODY, headers={"Idempotency-Key": "one"})
    other = program.post(LIST, BODY | {"title": "Another"}, headers={"Idempotency-Key": "one"})
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert again.json() == first.json()
    assert Experience.objects.count() == 1


def test_a_key_of_one_member_says_nothing_to_another(api, ana, ben):
    api(ana).post(LIST, BODY, headers={"Idempotency-Key": "one"})
    assert api(ben).post(LIST, BODY, headers={"Idempotency-Key": "one"}).status_code == 201
    assert api(ben).post(LIST, BODY, headers={"Idempotency-Key": "x" * 65}).status_code == 400


def test_a_change_must_say_which_version_it_changes(api, ana):
    report, program = make_draft(ana), api(ana)
    assert program.patch(at(report), {"title": "New"}).status_code == 428
    assert program.patch(at(report), {"title": "New"}, headers={"If-Match": '"7"'}).status_code == 412
    assert program.patch(at(report), {"title": "New"}, headers={"If-Match": '"1"'}).status_code == 200
    assert program.patch(at(report), {"title": "Late"}, headers={"If-Match": '"1"'}).status_code == 412
    report.refresh_from_db()
    assert report.title == "New"


def test_one_date_is_checked_against_the_stored_other(api, ana):
    report = make_draft(ana, started_on="2025-02")
    answer = api(ana).patch(at(report), {"ended_on": "2025-01"}, headers={"If-Match": "1"})
    assert "before the beginning" in errors(answer)["ended_on"]
    assert [error["code"] for error in answer.json()["errors"]] == ["end_before_start"]


def test_an_answer_already_held_is_not_sent_again(api, ana, ben, carol):
    report = make_report(ana, carol)
    first = api().get(at(report))
    again = api().get(at(report), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    # The tag says who asked: one person's copy is not another's.
    assert api(ben).get(at(report), headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_answer_that_has_not_changed_says_for_whom_it_holds_as_when_it_was_sent(api, ana, carol):
    report = make_report(ana, carol)
    for address in (LIST, at(report), "/api/v1/stakes/"):
        first = api().get(address)
        again = api().get(address, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 304
        told = (
            "ETag",
            "Cache-Control",
            "Vary",
            "Access-Control-Allow-Origin",
            "Cross-Origin-Resource-Policy",
        )
        assert {name: again[name] for name in told} == {name: first[name] for name in told}
        refused = api().get(f"{address}?unheard=1", headers={"If-None-Match": f"*, {first['ETag']}"})
        assert refused.status_code == 400


def test_a_report_goes_from_draft_to_published_by_two_people(api, ana, carol):
    report = make_draft(ana)
    assert api(ana).post(at(report, "submit")).json()["status"] == "submitted"
    assert api(ana).post(at(report, "publish")).status_code == 403
    refused = api(carol).post(at(report, "return"), {"reason": "unclear", "note": ""})
    assert "note" in errors(refused)
    assert api(carol).post(at(report, "publish")).json()["status"] == "published"
    assert errors(api(carol).post(at(report, "publish")))["__all__"]
    assert errors(api(ana).post(at(report, "withdraw")))["note"]
    assert api(ana).post(at(report, "withdraw"), {"note": "Wrong."}).json()["status"] == "withdrawn"
    assert api().get(at(report)).status_code == 404


def test_a_returned_report_tells_its_author(api, ana, carol):
    report = make_draft(ana).submit(by=ana)
    answer = api(carol).post(at(report, "return"), {"reason": "unclear", "note": "Who did it?"})
    assert answer.json()["status"] == "returned"


def test_what_one_may_not_know_is_like_what_never_was(api, ana, ben):
    hidden = api(ben).get(at(make_draft(ana)))
    never = api(ben).get(f"{LIST}abcdefghjkmn/")
    assert (hidden.status_code, hidden.content) == (404, never.content)


def test_others_do_not_change_a_report(api, ana, ben, carol):
    report = make_report(ana, carol)
    for person in (ben, carol):
        assert api(person).patch(at(report), {"title": "x"}, headers={"If-Match": "*"}).status_code == 403
    assert api().patch(at(report), {"title": "x"}).status_code == 401
    assert api(ana).patch(at(report), {"title": "Mine"}, headers={"If-Match": "*"}).status_code == 200


def test_a_source_for_curators_is_shown_to_curators(api, ana, carol):
    links = [{"url": "https://a.example/x"}, {"url": "https://b.example/y", "visibility": "curators"}]
    made = api(ana).post(LIST, BODY | {"sources": links}).json()
    report = Experience.objects.get(public_id=made["id"]).submit(by=ana).publish(by=carol)
    shown = {person: len(api(person).get(at(report)).json()["sources"]) for person in (None, ana, carol)}
    assert shown == {None: 1, ana: 2, carol: 2}
    assert len(api().get(LIST).json()["results"][0]["sources"]) == 1


def test_a_withheld_report_tells_no_name_and_no_day(api, ana, carol):
    report = make_report(ana, carol, identity="withheld", organisation="Secret Ltd")
    api(ana).post(at(report, "follow-ups"), {"verdict": "worked", "text": "Still so."})
    for answer in (api().get(at(report)), api().get(LIST), api().get(at(report, "follow-ups"))):
        text = answer.content.decode()
        assert "Ana" not in text
        assert "Secret" not in text
        assert report.published_at.strftime("%Y-%m-%d") not in text
    read = api().get(at(report)).json()
    assert read["author"] is None
    assert read["published_on"] == report.published_at.strftime("%Y-%m")


def test_an_author_tells_what_became_of_it_once(api, ana, ben, carol):
    report = make_report(ana, carol)
    told = {"verdict": "worked", "text": "Still so.", "told_on": "2026-01-31"}
    first = api(ana).post(at(report, "follow-ups"), told, headers={"Idempotency-Key": "f"})
    again = api(ana).post(at(report, "follow-ups"), told, headers={"Idempotency-Key": "f"})
    assert (first.status_code, again.json()) == (201, first.json())
    [read] = api().get(at(report, "follow-ups")).json()["results"]
    assert read.items() >= told.items()
    assert api(ben).post(at(report, "follow-ups"), told).status_code == 403
    assert errors(api(ana).post(at(report, "follow-ups"), told | {"told_on": "never"}))["told_on"]


def test_the_vocabulary_speaks_both_languages_and_counts(api, ana, carol):
    make_report(ana, carol)
    make_draft(ana)
    stake = api().get("/api/v1/stakes/moving-platform/").json()
    assert (stake["name_en"], stake["name_fr"]) == ("Moving to another platform", "Changer de plateforme")
    assert (stake["reports"], stake["practices"]) == (1, 0)
    area = api().get(f"/api/v1/competencies/{stake['competency']}/").json()
    assert (area["reports"], "moving-platform" in area["stakes"]) == (1, True)
    counts = {
        name: api().get(f"/api/v1/{name}/").json()["count"] for name in ("stakes", "competencies", "contexts")
    }
    assert counts == {"stakes": 60, "competencies": 8, "contexts": 91}
    assert api().get("/api/v1/stakes/", {"lang": "fr"}).status_code == 400


def test_every_stake_has_the_everyday_words_for_it_in_both_languages(api, db):
    for stake in api().get("/api/v1/stakes/").json()["results"]:
        for language in ("en", "fr"):
            assert 2 <= len(stake[f"synonyms_{language}"]) <= 5, stake
    wellbeing = api().get("/api/v1/stakes/manager-wellbeing/").json()
    assert "burnout" in wellbeing["synonyms_en"]
    assert "épuisement" in wellbeing["synonyms_fr"]


def test_my_situation_is_stated_and_read(api, ana):
    program = api(ana)
    assert program.get("/api/v1/me/situation/").json() == {"stated_on": None, "contexts": {}}
    stated = program.put("/api/v1/me/situation/", WHERE)
    assert stated.json()["contexts"] == WHERE
    assert program.put("/api/v1/me/situation/", stated.json()).json() == stated.json()
    for shapeless in ([], 5, "x", {"contexts": []}, {"contexts": {"audience": 5}}):
        assert errors(program.put("/api/v1/me/situation/", shapeless))
    assert errors(program.put("/api/v1/me/situation/", {"audience": ["x"]}))["audience"]
    assert errors(program.put("/api/v1/me/situation/", {"audience": ["internal", "external"]}))["audience"]


def test_my_reports_are_mine_in_every_state(api, ana, ben, carol):
    make_draft(ana)
    make_draft(ben)
    make_report(ana, carol)
    found = api(ana).get("/api/v1/me/experiences/").json()
    assert {item["status"] for item in found["results"]} == {"draft", "published"}
    assert found["count"] == 2
    assert api().get("/api/v1/me/experiences/").status_code == 401


def test_refusals_speak_the_language_asked_for(api, ana):
    answer = api(ana).post(LIST, {"title": "x" * 201}, headers={"Accept-Language": "fr"})
    assert answer.headers["Content-Language"] == "fr"
    assert "201" in errors(answer)["title"]
    assert "Ensure" not in errors(answer)["title"]
