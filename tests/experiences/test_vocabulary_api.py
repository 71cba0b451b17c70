"""The closed lists in the hands of moderators' programs: each verb of the pages has its address."""

import json

import pytest

from experiences.models import Competency, Context, Effect, Facet, Stake, Wording
from tests.factories import make_draft, make_published_practice, make_report, stakes
from tests.shapes import check
from tests.test_hostile_input import BODIES

pytestmark = pytest.mark.django_db
OLD, HEIR, OTHER = "moving-platform", "chasing-numbers", "personal-data"
STAKE, NOTE = f"/api/v1/stakes/{OLD}/", "Two words for one thing."
FIRST = {"If-Match": '"1"'}


def old():
    return Stake.objects.get(slug=OLD)


def refused(answer):
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


VERBS = {
    "retire": {"note": NOTE, "heirs": [HEIR]},
    "merge": {"note": NOTE, "into": HEIR},
    "split": {"note": NOTE, "heirs": [HEIR, OTHER]},
}


def test_only_moderators_change_the_lists(api, ben, carol, mona):
    for person, code in ((None, 401), (ben, 403), (carol, 403)):
        client = api(person)
        assert client.patch(STAKE, {"name_en": "House"}, headers=FIRST).status_code == code
        added = client.post(
            "/api/v1/stakes/", {"competency": old().competency.slug, "name_en": "A", "name_fr": "B"}
        )
        assert added.status_code == code
        for verb, words in VERBS.items():
            assert client.post(f"{STAKE}{verb}/", words).status_code == code, verb
        for reading in ("preview", "history", "reports"):
            assert client.get(f"{STAKE}{reading}/").status_code == code, reading
        assert client.post(f"{STAKE}reports/", {"choices": {}}).status_code == code
    assert api(mona, "read").patch(STAKE, {"name_en": "House"}, headers=FIRST).status_code == 403
    assert (old().version, old().retired_on) == (1, None)


def test_words_are_changed_with_the_version_that_was_read(api, mona):
    client = api(mona)
    assert client.patch(STAKE, {"name_en": "House"}).status_code == 428
    read = client.get(STAKE)
    answer = client.patch(
        STAKE, {"name_en": "House", "synonyms_fr": ["bouger", "muter"]}, headers={"If-Match": read["ETag"]}
    )
    assert answer.status_code == 200
    assert (answer.json()["name_en"], answer.json()["synonyms_fr"], answer.json()["version"]) == (
        "House",
        ["bouger", "muter"],
        2,
    )
    assert client.patch(STAKE, {"name_en": "Flat"}, headers={"If-Match": read["ETag"]}).status_code == 412
    wrong = client.patch(STAKE, {"slug": "x", "name_en": ""}, headers={"If-Match": '"2"'})
    assert refused(wrong) == {"slug": "unknown"}
    assert refused(client.patch(STAKE, {"name_en": ""}, headers={"If-Match": '"2"'})) == {"name_en": "blank"}


def test_a_stake_is_told_apart_in_both_languages(api, mona):
    told = api().get(STAKE).json()
    row = Stake.objects.get(slug=told["slug"])
    assert (told["confusion_en"], told["confusion_fr"]) == (row.confusion_en, row.confusion_fr)
    assert told in api().get("/api/v1/stakes/").json()["results"]
    changed = api(mona).patch(STAKE, {"confusion_fr": "Rien de tel."}, headers={"If-Match": '"1"'})
    assert (changed.json()["confusion_fr"], changed.json()["version"]) == ("Rien de tel.", 2)


@pytest.mark.parametrize(
    ("address", "find"),
    [
        ("contexts/audience/internal/", lambda: Context.objects.get(facet__slug="audience", slug="internal")),
        ("competencies/{}/", lambda: Competency.objects.first()),
        ("facets/audience/", lambda: Facet.objects.get(slug="audience")),
        ("effects/manager-load/", lambda: Effect.objects.get(slug="manager-load")),
        ("wordings/grade/G0/", lambda: Wording.objects.get(kind="grade", slug="G0")),
    ],
)
def test_the_words_of_each_list_are_read_and_changed(api, shapes, mona, address, find):
    address = f"/api/v1/{address.format(find().slug)}"
    tag = api(mona).get(address)["ETag"]
    answer = api(mona).patch(address, {"name_fr": "Autrement"}, headers={"If-Match": tag})
    assert (answer.status_code, find().name_fr) == (200, "Autrement")
    history = api(mona).get(f"{address}history/").json()
    assert history["results"][0]["verb"] == "edited"


def test_a_term_is_added_once(api, mona):
    body = {
        "competency": old().competency.slug,
        "name_en": "Brand new",
        "name_fr": "Tout neuf",
        "synonyms_en": ["x"],
    }
    made = api(mona).post("/api/v1/stakes/", body, headers={"Idempotency-Key": "k1"})
    again = api(mona).post("/api/v1/stakes/", body, headers={"Idempotency-Key": "k1"})
    assert (made.status_code, again.status_code) == (201, 201)
    assert made["Location"].endswith("/api/v1/stakes/brand-new/")
    assert refused(api(mona).post("/api/v1/stakes/", body)) == {"name_en": "unique"}
    assert {"competency", "name_en"} <= set(refused(api(mona).post("/api/v1/stakes/", {"name_fr": "x"})))

    value = api(mona).post(
        "/api/v1/contexts/", {"facet": "audience", "name_en": "Both", "name_fr": "Les deux"}
    )
    assert value["Location"].endswith("/api/v1/contexts/audience/both/")
    assert api().get(value["Location"]).json()["name_fr"] == "Les deux"


@pytest.mark.parametrize("verb", VERBS)
def test_a_term_leaves_its_list_and_comes_back(api, mona, verb):
    client = api(mona)
    assert refused(client.post(f"{STAKE}{verb}/", VERBS[verb] | {"note": ""})) == {"note": "required"}
    stale = client.post(f"{STAKE}{verb}/", VERBS[verb], headers={"If-Match": '"7"'})
    assert (stale.status_code, old().retired_on) == (412, None)

    answer = client.post(f"{STAKE}{verb}/", VERBS[verb])
    assert answer.status_code == 200
    assert answer.json()["retired_on"]
    assert sorted(answer.json()["heirs"]) == sorted(VERBS[verb].get("heirs", [HEIR]))
    assert refused(client.post(f"{STAKE}{verb}/", VERBS[verb])) == {"__all__": "state"}
    assert client.post(f"{STAKE}restore/", {}).json()["retired_on"] is None


@pytest.mark.parametrize("into", ["no-such-thing", OLD, "", 5, "a\0b"])
def test_what_cannot_take_its_place_is_refused(api, mona, into):
    answer = api(mona).post(f"{STAKE}merge/", {"note": NOTE, "into": into})
    assert (answer.status_code, list(refused(answer))) == (400, ["into"])
    assert old().retired_on is None


def test_a_preview_tells_what_would_be_touched(api, shapes, ana, carol, chris, mona):
    report = make_report(ana, carol, title="Told to all")
    make_draft(ana, title="A secret draft")
    make_published_practice(carol, chris, reports=[report])
    answer = api(mona).get(f"{STAKE}preview/").json()
    check(shapes, shapes["paths"]["/api/v1/stakes/{slug}/preview/"]["get"], answer)
    assert (answer["published_reports"], answer["other_reports"], answer["practices"]) == (1, 1, 1)
    assert "secret" not in json.dumps(answer)


def test_reports_of_a_split_term_are_tagged_again(api, shapes, ana, carol, mona):
    reports = [make_report(ana, carol, title=f"Told {number}") for number in range(26)]
    make_draft(ana, title="A secret draft")
    client, address = api(mona), f"{STAKE}reports/"
    assert client.get(address).json()["results"] == []
    assert refused(client.post(address, {"choices": {}})) == {"__all__": "state"}
    client.post(f"{STAKE}split/", VERBS["split"])

    answer = client.get(address).json()
    check(shapes, shapes["paths"]["/api/v1/stakes/{slug}/reports/"]["get"], answer)
    assert (answer["count"], len(answer["results"])) == (26, 25)
    assert "secret" not in json.dumps(answer)
    assert len(client.get(answer["next"]).json()["results"]) == 1

    assert refused(client.get(address, {"after": "not one"})) == {"after": "invalid"}

    one, two = (row["id"] for row in answer["results"][:2])
    wrong = client.post(address, {"choices": {one: ["nothing"]}})
    assert refused(wrong) == {one: "invalid_choice"}
    done = client.post(address, {"choices": {one: [HEIR], two: [HEIR, OTHER]}})
    assert done.json() == {"tagged": 2}
    told = {report.public_id: report for report in reports}
    assert sorted(stake.slug for stake in type(told[two]).objects.get(public_id=two).stakes.all()) == [
        HEIR,
        OTHER,
    ]
    assert client.get(address).json()["count"] == 24


@pytest.mark.parametrize(
    "body",
    [
        {"choices": 5},
        {"choices": {"x" * 12: 5}},
        {"choices": {"x": []}},
        {"choices": {str(n): [] for n in range(26)}},
        {},
    ],
)
def test_choices_that_are_none_are_refused(api, mona, body):
    old().split(by=mona, note=NOTE, heirs=stakes(HEIR, OTHER))
    assert api(mona).post(f"{STAKE}reports/", body).status_code == 400


@pytest.mark.parametrize("body", BODIES)
def test_no_body_brings_the_vocabulary_down(api, mona, body):
    old().split(by=mona, note=NOTE, heirs=stakes(HEIR, OTHER))
    client, other = api(mona), f"/api/v1/stakes/{HEIR}/"
    places = [
        ("POST", "/api/v1/stakes/"), ("POST", "/api/v1/contexts/"), ("PATCH", other),
        ("POST", f"{other}merge/"), ("POST", f"{other}split/"), ("POST", f"{other}retire/"),
        ("POST", f"{other}restore/"),
        ("POST", f"{STAKE}reports/"), ("PATCH", "/api/v1/wordings/grade/G0/"),
    ]  # fmt: skip
    for method, address in places:
        sent = {"content_type": "application/json", "HTTP_IF_MATCH": '"1"'}
        assert client.generic(method, address, body, **sent).status_code < 500, (method, address)


def test_page_and_program_refuse_in_the_same_words(api, browse, mona):
    given = {"into": "", "note": ""}
    page = browse(mona).post(f"/vocabulary/stakes/{OLD}/do/merge/", given | {"version": 1})
    answer = api(mona).post(f"{STAKE}merge/", given)
    form = {name: list(messages) for name, messages in page.context["refused"].errors.items()}
    program = {error["field"]: [error["message"]] for error in answer.json()["errors"]}
    assert form == program
