"""What moderators, curators and readers do to a report through the API, as they do on its page."""

import pytest

from experiences.models import Experience, Redaction
from tests.factories import make_draft, make_known, make_report

pytestmark = pytest.mark.django_db

WITHHOLD = {"words": "Quokkabert\nplatypus\nWombat", "note": "It names someone."}


@pytest.fixture
def report(ana, carol):
    lessons = "Ask Quokkabert of the Wombatiers, never Wombat."
    return make_report(ana, carol, lessons=lessons, identity="withheld")


def at(report, place=""):
    return f"/api/v1/experiences/{report.public_id}/{place and place + '/'}"


def errors(answer):
    return {error["field"]: error["message"] for error in answer.json()["errors"]}


def refused_on_page(browse, person, report, verb, words):
    page = browse(person).post(f"{report.get_absolute_url()}{verb}/", words)
    assert page.status_code == 422
    return {field: messages[0] for field, messages in page.context["form"].errors.items()}


def test_an_alarm_hides_the_report_from_who_raised_it_and_is_decided(api, report, ben, mona, ana):
    make_known(ben)
    assert errors(api(ben).post(at(report, "flag"), {}))["reason"]
    answer = api(ben).post(at(report, "flag"), {"reason": "abuse", "note": "See the last line."})
    assert (answer.status_code, answer.content) == (204, b"")
    assert api(ben).get(at(report)).status_code == 404
    assert api(ana).get(at(report)).json()["status"] == "hidden"
    flag = report.flags.get()
    assert (flag.by, flag.reason, flag.note) == (ben, "abuse", "See the last line.")

    assert api(ana).post(at(report, "restore"), {}).status_code == 403
    restored = api(mona).post(at(report, "restore"), {"note": "Nothing wrong."})
    assert (restored.status_code, restored.json()["status"]) == (200, "published")


def test_an_alarm_raised_again_leaves_the_report_in_sight_until_a_moderator_decides(api, report, ben, mona):
    make_known(ben)
    report.flag(by=ben, reason="abuse").restore(by=mona)
    assert errors(api(mona).post(at(report, "keep"), {}))["__all__"] == "No alarm waits for a decision."
    again = api(ben).post(at(report, "flag"), {"reason": "abuse"})
    assert (again.status_code, again.json()["status"]) == (200, "published")
    assert api(ben).post(at(report, "keep"), {}).status_code == 403
    assert api(mona).post(at(report, "keep"), {}).status_code == 200
    assert not report.flags.open().exists()


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("withhold", {"words": "", "note": ""}),
        ("withhold", {"words": "x", "note": "y" * 2001}),
        ("withhold", {"words": "kangaroo", "note": "It names someone."}),
        ("link", {"other": "nowhere"}),
        ("link", {"other": ""}),
        ("flag", {"reason": "", "note": "See there."}),
        ("flag", {"reason": "abuse", "note": "y" * 2001}),
    ],
)
def test_a_program_is_refused_in_the_words_of_the_page(browse, api, report, mona, verb, words):
    program = api(mona).post(at(report, verb), words)
    page = refused_on_page(browse, mona, report, verb, words)
    assert program.status_code == 400
    assert errors(program) == page


def test_what_would_be_withheld_is_read_before_it_is_done(api, report, carol, mona, browse):
    place = at(report, "withhold/preview")
    assert api(carol).post(place, WITHHOLD).status_code == 403
    preview = api(mona).post(place, WITHHOLD).json()
    assert (preview["places"], preview["unfound"], preview["longer"]) == (2, ["platypus"], ["Wombatiers"])
    [passage] = preview["passages"]
    assert passage["where"] == "What we would tell a colleague"
    kinds = [(piece["kind"], piece["text"]) for piece in passage["pieces"]]
    assert kinds[1:3] == [("del", "Quokkabert"), ("ins", "[withheld]")]
    page = browse(mona).post(f"{report.get_absolute_url()}withhold/", WITHHOLD)
    assert page.context["places"] == preview["places"]
    assert not Redaction.objects.exists()
    assert Experience.objects.get().version == report.version


def test_words_are_withheld_and_looked_at(api, report, ana, carol, mona):
    assert api(carol).post(at(report, "withhold"), WITHHOLD).status_code == 403
    assert errors(api(mona).post(at(report, "withheld")))["__all__"]
    done = api(mona).post(at(report, "withhold"), WITHHOLD)
    assert done.status_code == 200
    assert done.json()["lessons"] == "Ask [withheld] of the Wombatiers, never [withheld]."
    for person in (ana, carol):
        assert api(person).post(at(report, "withheld")).status_code == 403
    looked = api(mona).post(at(report, "withheld")).json()
    [told] = looked["results"]
    assert (told["by"], told["note"]) == ({"name": "Mona"}, "It names someone.")
    assert {"kind": "del", "text": "Quokkabert"} in told["passages"][0]["pieces"]
    assert [line.by for line in report.log.filter(verb="looked")] == [mona]
    assert api(mona).get(at(report, "withheld")).status_code == 405


def test_two_reports_are_linked_by_address_or_id(api, report, ana, ben, carol, browse):
    for number, name in enumerate(("public_id", "get_absolute_url")):
        other = make_report(ana, carol, title=f"Told again, {number}")
        given = getattr(other, name)
        words = {"other": given() if callable(given) else given}
        assert api(ben).post(at(report, "link"), words).status_code == 403
        assert api(carol).post(at(report, "link"), words).json()["id"] == report.public_id
        report.refresh_from_db()
        assert report.event == Experience.objects.get(pk=other.pk).event is not None


def test_a_report_one_may_not_know_is_linked_to_nothing(api, report, ben, carol):
    draft = make_draft(ben)
    hidden, never = (
        api(carol).post(at(report, "link"), {"other": other}) for other in (draft.public_id, "abcdefghjkmn")
    )
    assert hidden.content == never.content
    assert hidden.status_code == 400


def test_a_draft_is_discarded_by_its_author(api, ana, ben):
    draft = make_draft(ana)
    assert api(ben).post(at(draft, "discard")).status_code == 404
    stale = api(ana).post(at(draft, "discard"), headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    assert errors(api(ana).post(at(draft, "discard"), {"note": "x"}))["note"]
    gone = api(ana).post(at(draft, "discard"), headers={"If-Match": '"1"'})
    assert (gone.status_code, gone.content) == (204, b"")
    assert api(ana).get(at(draft)).status_code == 404


def test_no_answer_to_a_verb_tells_who_withheld_their_name(api, report, ben, carol, mona):
    make_known(ben)
    other = make_report(report.author, carol, title="Told again")
    told = []
    for person, verb, words in (
        (carol, "link", {"other": other.public_id}),
        (mona, "withhold/preview", WITHHOLD),
        (mona, "withhold", WITHHOLD),
        (mona, "withheld", None),
        (ben, "flag", {"reason": "abuse"}),
        (mona, "restore", {}),
        (ben, "flag", {"reason": "abuse"}),
        (mona, "keep", {}),
    ):
        answer = api(person).post(at(report, verb), words)
        assert answer.status_code in (200, 204), (verb, answer.content)
        told.append(answer.content.decode() + str(dict(answer.headers)))
    for text in told:
        assert not any(word in text for word in ("Ana", "ana@", "Ana Ltd"))
