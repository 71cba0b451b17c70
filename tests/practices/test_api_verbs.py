"""What curators do to a working copy through the API, as they do on the workbench."""

import pytest

from practices.models.material import MOST_GATHERED
from tests.factories import make_draft, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol, identity="withheld")


@pytest.fixture
def practice(report, carol):
    """A draft with three claims, the first of which cites the report."""
    practice = make_practice(carol, reports=[report])
    for text in ("Second.", "Third."):
        practice.add_claim(by=carol, kind="do-this", text=text)
    return practice


def at(practice, place=""):
    return f"/api/v1/practices/{practice.slug}/{place and place + '/'}"


def working(program, practice):
    return program.get(at(practice), {"copy": "working"}).json()


def errors(answer):
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


# --- Claims ----------------------------------------------------------------------------------------


def test_a_claim_is_changed_by_who_read_it_as_it_is(api, practice, carol):
    desk, address = api(carol), f"/api/v1/claims/{practice.claims()[0].pk}/"
    read = working(desk, practice)
    assert desk.patch(address, {"text": "Announce it twice."}).status_code == 428
    match = {"If-Match": f'"{read["edit_version"]}"'}
    changed = desk.patch(address, {"text": "Announce it twice."}, headers=match)
    assert changed.status_code == 200
    assert changed.json()["text"] == "Announce it twice."
    assert changed.json()["kind"] == read["claims"][0]["kind"]
    assert changed.json()["evidence"] == read["claims"][0]["evidence"]
    assert changed.json()["edit_version"] == read["edit_version"] + 1
    assert desk.patch(address, {"text": "Late."}, headers=match).status_code == 412
    match = {"If-Match": changed["ETag"]}
    assert desk.patch(address, {"kind": "avoid-this"}, headers=match).json()["kind"] == "avoid-this"
    assert practice.claims()[0].text == "Announce it twice."


@pytest.mark.parametrize(
    ("given", "field"), [({"text": " "}, "text"), ({"text": "x" * 501}, "text"), ({"kind": "never"}, "kind"),
                         ({"position": 1}, "position"), ({"opinion": "yes"}, "opinion")],
)  # fmt: skip
def test_what_a_claim_does_not_take_is_named_and_nothing_is_changed(api, practice, carol, given, field):
    claim = practice.claims()[0]
    answer = api(carol).patch(f"/api/v1/claims/{claim.pk}/", given, headers={"If-Match": "*"})
    assert answer.status_code == 400
    assert list(errors(answer)) == [field]
    assert practice.claims()[0].text == claim.text


@pytest.mark.parametrize(
    ("places", "expected"),
    [(1, "213"), (-1, "123"), (2, "231"), (10**30, "231"), (-(10**30), "123"), (0, "123")],
)
def test_a_claim_is_moved_among_the_others(api, practice, carol, places, expected):
    numbers = {claim.text: str(number) for number, claim in enumerate(practice.claims(), 1)}
    answer = api(carol).post(f"/api/v1/claims/{practice.claims()[0].pk}/move/", {"places": places})
    assert answer.status_code == 200
    told = answer.json()["results"]
    assert "".join(numbers[claim["text"]] for claim in told) == expected
    assert "".join(numbers[claim.text] for claim in practice.claims()) == expected
    practice.refresh_from_db()
    assert {claim["edit_version"] for claim in told} == {practice.edit_version}


def test_places_are_a_whole_number(api, practice, carol):
    for places in (None, "1", 1.5, True, [], "up"):
        answer = api(carol).post(f"/api/v1/claims/{practice.claims()[0].pk}/move/", {"places": places})
        assert errors(answer)["places"]


def test_a_claim_is_taken_out_with_its_evidence(api, practice, report, ben, carol):
    claim = practice.claims()[0]
    address = f"/api/v1/claims/{claim.pk}/"
    assert api(ben).delete(address).status_code == 404
    assert api(carol).delete(address, headers={"If-Match": '"1"'}).status_code == 412
    gone = api(carol).delete(address)
    assert (gone.status_code, gone.content) == (204, b"")
    assert claim not in practice.claims()
    assert not report.evidence.exists()
    assert api(carol).delete(address).status_code == 404


def test_what_is_published_never_changes(api, report, ana, carol, chris):
    practice = make_published_practice(carol, chris, reports=[report])
    frozen, match = practice.current.claims.get(), {"If-Match": "*"}
    address, row = f"/api/v1/claims/{frozen.pk}/", frozen.evidence.get()
    assert api(ana).patch(address, {"text": "No."}, headers=match).status_code == 403
    assert api(ana).delete(address, headers={"If-Match": '"1"'}).status_code == 403
    practice.reopen(by=carol)
    for answer in (
        api(carol).patch(address, {"text": "No."}, headers=match),
        api(carol).delete(address),
        api(carol).post(f"{address}move/", {"places": 1}),
    ):
        assert errors(answer)["__all__"].startswith("This claim belongs to a published version")
    assert api(carol).delete(f"/api/v1/evidence/{row.pk}/").status_code == 404
    assert frozen.evidence.get() == row


# --- Evidence --------------------------------------------------------------------------------------


def test_evidence_is_removed_by_the_id_that_the_working_copy_tells(api, practice, ben, carol):
    desk = api(carol)
    [evidence] = working(desk, practice)["claims"][0]["evidence"]
    address = f"/api/v1/evidence/{evidence['id']}/"
    assert api(ben).delete(address).status_code == 404
    assert desk.delete(address, headers={"If-Match": '"1"'}).status_code == 412
    assert desk.delete(address).status_code == 204
    assert working(desk, practice)["claims"][0]["evidence"] == []
    assert [desk.delete(address).status_code, desk.get(address).status_code] == [404, 405]


def test_evidence_cited_again_is_changed(api, practice, report, carol):
    claim = practice.claims()[0]
    body = {"experience": report.public_id, "bearing": "nuances", "excerpt": "Announce the end date early"}
    answer = api(carol).post(f"/api/v1/claims/{claim.pk}/evidence/", body)
    row = claim.evidence.get()
    assert (answer.json()["id"], answer.json()["bearing"], row.bearing) == (row.pk, "nuances", "nuances")


def test_readers_are_told_no_id_of_evidence(api, report, ben, carol, chris):
    practice = make_published_practice(carol, chris, reports=[report])
    for person in (None, ben, carol):
        for address in (at(practice), at(practice, "versions/1")):
            [claim] = api(person).get(address).json()["claims"]
            assert "id" not in claim["evidence"][0]


# --- Material --------------------------------------------------------------------------------------


def test_reports_are_gathered_and_put_back(api, practice, report, ana, ben, carol):
    more = [make_report(ana, carol, title=f"Report {number}") for number in (1, 2)]
    ids, place = [one.public_id for one in more], at(practice, "material")
    assert api(ben).get(place).status_code == 404
    desk = api(carol)
    gathered = desk.post(place, {"experiences": ids})
    assert gathered.status_code == 200
    found = desk.get(place).json()
    assert {item["id"] for item in found["results"]} == {*ids, report.public_id}  # what is cited, too
    assert found == gathered.json()

    stale = desk.delete(f"{place}{ids[0]}/", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert desk.delete(f"{place}{ids[0]}/").status_code == 204
    assert desk.delete(f"{place}{ids[0]}/").status_code == 404
    assert {item["id"] for item in desk.get(place).json()["results"]} == {ids[1], report.public_id}


def test_what_cannot_be_gathered_is_refused_in_words(api, practice, report, ana, ben, carol, browse):
    place = at(practice, "material")
    unknown, hidden = "abcdefghjkmn", make_draft(ben).public_id
    answers = [api(carol).post(place, {"experiences": [one]}) for one in (unknown, hidden)]
    assert answers[0].content == answers[1].content
    assert answers[0].status_code == 400
    for wrong in ([], "x", [5], None, [str(number) for number in range(MOST_GATHERED + 1)]):
        assert errors(api(carol).post(place, {"experiences": wrong}))["experiences"]
    report.withdraw(by=ana, note="Not ours to tell.")
    refused = api(carol).post(place, {"experiences": [report.public_id]})
    assert errors(refused)["__all__"] == "Only a published report can be gathered."


def test_only_curators_read_the_material_of_a_published_practice(api, report, ben, carol, chris):
    practice = make_published_practice(carol, chris, reports=[report])
    answers = {person: api(person).get(at(practice, "material")) for person in (None, ben, carol)}
    assert [answer.status_code for answer in answers.values()] == [401, 403, 200]
    assert not any(word in answers[carol].content.decode() for word in ("Ana", "Ana Ltd"))


# --- Grade -----------------------------------------------------------------------------------------


def test_a_grade_is_lowered_with_a_reason_and_given_back_without(api, report, ben, carol, chris, browse):
    practice = make_published_practice(carol, chris, reports=[report])
    before = api().get(at(practice)).json()["grade"]["code"]
    assert api(ben).post(at(practice, "lower"), {"reason": "No."}).status_code == 403
    too_long = {"reason": "x" * 401}
    page = browse(carol).post(f"{practice.get_absolute_url()}do/lower/", too_long)
    program = api(carol).post(at(practice, "lower"), too_long)
    assert errors(program)["reason"] == page.context["form"].errors["reason"][0]

    lowered = api(carol).post(at(practice, "lower"), {"reason": "All of it comes from one place."})
    assert (before, lowered.json()["grade"]["code"]) == ("G1", "G0")
    assert api(carol).post(at(practice, "lower"), {}).json()["grade"]["code"] == "G1"
