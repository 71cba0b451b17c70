"""Names that members show: alarms about them, and what a moderator decides."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail
from experiences.models import Flag, Question, ShownName
from experiences.models.flags import raise_flag
from practices.models import Trial
from tests.conftest import make_person
from tests.factories import make_known, make_published_practice, make_report
from tests.test_api import is_problem

pytestmark = pytest.mark.django_db
FLAGS, QUEUE, DECIDE = "/api/v1/flags/", "/api/v1/moderation/", "/api/v1/moderation/decide/"


@pytest.fixture
def signed(ana, ben, carol, chris):
    """Something signed and something withheld of each kind, all by ana: {key of an alarm: row}."""
    report = make_report(ana, carol, title="The signed report", identity="named")
    withheld = make_report(ana, carol, title="The withheld report", identity="withheld")
    other = make_report(ben, carol, title="A report of ben")
    other.ask(by=ana, text="A signed question?", identity="named")
    other.ask(by=ana, text="A question without a name?")
    first = make_published_practice(carol, chris, reports=[other], title="A practice")
    second = make_published_practice(carol, chris, reports=[other], title="Another practice")
    first.try_out(by=ana, verdict="worked", line="A signed trial.", identity="named")
    second.try_out(by=ana, verdict="worked", line="A trial without a name.")
    OutgoingMail.objects.all().delete()
    rows = {
        "report": [report, withheld],
        "trial": Trial.objects.order_by("pk"),
        "question": Question.objects.order_by("pk"),
    }
    return {kind: [f"{kind}-{row.public_id}" for row in pair] for kind, pair in rows.items()}


def alarm(browser, key, reason="identifies", note=""):
    return browser.post(f"/alarm/name/{key}/", {"reason": reason, "note": note})


def flag(program, key):
    return program.post(FLAGS, {"kind": "name", "id": key, "reason": "identifies"})


def doubt_about(ana, *, by):
    doubt = ShownName(member=ana, name=ana.display_name)
    raise_flag(doubt, by=by, reason="abuse")
    return ShownName.objects.get(pk=doubt.pk)


@pytest.mark.parametrize("kind", ["report", "trial", "question"])
def test_an_alarm_about_a_name_is_raised_where_it_is_shown_and_nowhere_else(
    kind, signed, ana, mona, browse, api
):
    reader, program = make_known(make_person("reader")), make_person("program")
    named, withheld = signed[kind]
    assert alarm(browse(reader), withheld).status_code == 404
    assert is_problem(flag(api(program), withheld), 404)
    assert not Flag.objects.exists()
    assert "Ana" in browse(reader).get(f"/alarm/name/{named}/").content.decode()
    assert alarm(browse(reader), named).status_code == 302
    answer = flag(api(program), named)
    assert (answer.status_code, answer.json()) == (201, {"kind": "name", "id": named, "hides": False})
    ana.refresh_from_db()
    assert ana.display_name == "Ana"
    [line] = browse(mona).get("/moderation/").context["lines"]
    assert (line.kind.name, line.words, line.people) == ("name", "Ana", 2)


def test_no_name_is_flagged_by_who_has_it(signed, ana, api):
    reader = make_person("reader")
    for key in (ana.pk, f"user-{ana.pk}", f"member-{ana.pk}", f"report-{ana.pk}", "report", "-", "x\u0000"):
        assert flag(api(reader), key).status_code in (400, 404)
    for key in signed["report"]:
        assert is_problem(flag(api(), key), 401)
    assert is_problem(flag(api(ana), signed["report"][0]), 403)
    assert is_problem(flag(api(ana), signed["report"][1]), 404)
    assert flag(api(reader), signed["report"][0]).status_code == 201


def test_the_link_stands_only_where_a_name_of_someone_else_does(signed, ana, ben, browse):
    for kind in signed:
        named, withheld = signed[kind]
        pages = {
            "report": [f"/experiences/{key.partition('-')[2]}/" for key in signed["report"]],
            "trial": [trial.practice.get_absolute_url() for trial in Trial.objects.all()],
            "question": [Question.objects.first().report.get_absolute_url()],
        }[kind]
        for person, seen in ((ben, True), (ana, False), (None, False)):
            text = "".join(browse(person).get(page).content.decode() for page in pages)
            assert (f"/alarm/name/{named}/" in text) == seen, (kind, person)
            assert f"/alarm/name/{withheld}/" not in text


def test_a_member_without_a_name_shows_none(signed, ana, api, browse):
    key = signed["report"][0]
    type(ana).objects.filter(pk=ana.pk).update(display_name="")
    reader = make_person("reader")
    assert is_problem(flag(api(reader), key), 404)
    assert f"/alarm/name/{key}/" not in browse(reader).get(f"/experiences/{key[7:]}/").content.decode()


def test_alarms_at_two_signed_things_are_one_line(signed, mona, api):
    for number, kind in enumerate(signed):
        assert flag(api(make_person(f"reader{number}")), signed[kind][0]).status_code == 201
    [line] = api(mona).get(QUEUE).json()["results"]
    assert (line["kind"], line["words"], line["people"]) == ("name", "Ana", 3)


def test_a_moderator_removes_a_name_everywhere_with_a_mail_and_a_lasting_line(signed, ana, ben, mona, api):
    flag(api(ben), signed["report"][0])
    OutgoingMail.objects.all().delete()
    [line] = api(mona).get(QUEUE).json()["results"]
    body = {"items": [line["id"]], "decision": "remove", "note": "It insults someone."}
    for person in (ana, ben):
        assert is_problem(api(person).post(DECIDE, body, format="json"), 403)
    assert is_problem(api(mona).post(DECIDE, body | {"note": ""}, format="json"), 400)
    refused = api(mona).post(DECIDE, body | {"decision": "hide"}, format="json").json()["refused"]
    assert "never hidden" in refused[0]["detail"]
    assert api(mona).post(DECIDE, body, format="json").json()["done"] == [line["id"]]
    ana.refresh_from_db()
    assert (ana.display_name, str(ana)) == ("", "A member")
    told = api(ben).get(f"/api/v1/experiences/{signed['report'][0][7:]}/").json()
    assert told["author"] == {"name": "A member"}
    [mail] = OutgoingMail.objects.filter(recipient=ana.email)
    assert "It insults someone." in mail.body
    row = ShownName.objects.get()
    assert (row.name, row.status, row.decided_by, row.note) == ("Ana", "removed", mona, "It insults someone.")
    assert not Flag.objects.open().exists()


def test_a_removed_name_is_not_taken_again(signed, ana, ben, mona, api, browse):
    doubt_about(ana, by=ben).remove(by=mona, note="It insults someone.")
    profile = {"language": "", "organisation": "", "notices": "waiting"}
    for name, status in ((" aNA ", 422), ("Another", 302)):
        answer = browse(ana).post("/accounts/me/", profile | {"display_name": name})
        assert answer.status_code == status, name
    assert browse(ben).post("/accounts/me/", profile | {"display_name": "Ana"}).status_code == 302
    ana.refresh_from_db()
    assert ana.display_name == "Another"


def test_a_name_let_stand_stays_and_may_be_flagged_again(signed, ana, ben, carol, mona, api):
    doubt_about(ana, by=ben).allow(by=mona)
    ana.refresh_from_db()
    assert ana.display_name == "Ana"
    assert not OutgoingMail.objects.filter(recipient=ana.email).exists()
    assert flag(api(carol), signed["trial"][0]).status_code == 201
    assert list(ShownName.objects.values_list("status", flat=True)) == ["kept", "shown"]


def test_nobody_decides_on_their_own_name_nor_twice(signed, ana, ben, mona, browse):
    own = doubt_about(mona, by=ben)
    assert browse(mona).get("/moderation/").context["lines"] == []
    assert browse(mona).get(own.get_absolute_url()).status_code == 404
    with pytest.raises(PermissionDenied):
        own.remove(by=mona, note="No.")
    doubt = doubt_about(ana, by=ben)
    doubt.allow(by=mona)
    with pytest.raises(ValidationError):
        ShownName.objects.get(pk=doubt.pk).remove(by=mona, note="Twice.")
    ana.refresh_from_db()
    assert ana.display_name == "Ana"


def test_a_name_changed_meanwhile_is_not_taken_away(ana, ben, mona):
    doubt = doubt_about(ana, by=ben)
    type(ana).objects.filter(pk=ana.pk).update(display_name="Anastasia")
    doubt.remove(by=mona, note="It insults someone.")
    ana.refresh_from_db()
    assert ana.display_name == "Anastasia"


def test_moderators_see_where_a_name_stands_and_never_what_was_told_without_it(
    signed, ana, ben, carol, mona, api, browse
):
    withheld = f"/api/v1/experiences/{signed['report'][1][7:]}/"
    before = api(ben).get(withheld)
    flag(api(ben), signed["report"][0])
    address = ShownName.objects.get().get_absolute_url()
    for person in (ana, ben, carol):
        assert browse(person).get(address).status_code == 403
    for page in (browse(mona).get(address), browse(mona).get("/moderation/"), api(mona).get(QUEUE)):
        text = page.content.decode()
        assert "Ana" in text
        for secret in ("withheld report", "without a name?", *(pair[1] for pair in signed.values())):
            assert secret not in text
    assert "The signed report" in browse(mona).get(address).content.decode()
    ana.experiences.filter(public_id=signed["report"][0][7:]).update(identity="withheld")
    assert "The signed report" not in browse(mona).get(address).content.decode()
    ShownName.objects.get().remove(by=mona, note="It insults someone.")
    after = api(ben).get(withheld)
    assert (before.content, before["ETag"]) == (after.content, after["ETag"])


def test_many_names_take_as_many_queries_as_few(carol, mona, browse):
    reader = [make_person(f"reader{number}") for number in range(6)]
    for number in range(2):
        doubt_about(make_person(f"named{number}"), by=reader[number])
    counts = []
    for more in ((), range(2, 6)):
        for number in more:
            doubt_about(make_person(f"named{number}"), by=reader[number])
        browse(mona).get("/moderation/")
        with CaptureQueriesContext(connection) as queries:
            browse(mona).get("/moderation/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
