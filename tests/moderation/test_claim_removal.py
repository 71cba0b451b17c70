"""One claim that a moderator removes: it stands in no version that readers get, and counts nowhere."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import OutgoingMail
from experiences.models import Flag
from experiences.models.flags import raise_flag
from practices.models import Claim, Practice
from tests.conftest import make_person
from tests.factories import make_next_version, make_practice, make_published_practice, make_report
from tests.test_api import is_problem

pytestmark = pytest.mark.django_db
TEXT, NOTE = "Never let Quokkas moderate.", "It mocks our quokkas."


@pytest.fixture
def reports(ana, ben, carol):
    return [make_report(person, carol, measured=True) for person in (ana, ben, make_person("dora"))]


@pytest.fixture
def practice(reports, carol, chris):
    """Two versions of a practice, whose second claim a moderator will look at; it alone gives the grade."""
    made = make_practice(carol, reports=reports[:1])
    claim = made.add_claim(by=carol, kind="do-this", text=TEXT)
    for report in reports:
        claim.cite(report, by=carol, bearing="supports", excerpt=report.lessons[:40])
    made.submit(by=carol).publish(by=chris)
    made = make_next_version(
        made, carol, chris, lambda working: working.claims()[0].revise(by=carol, text="Announce it twice.")
    )
    OutgoingMail.objects.all().delete()
    return made


@pytest.fixture
def claim(practice):
    return practice.current.claims.get(text=TEXT)


def places(practice):
    about, at = practice.get_absolute_url(), f"/api/v1/practices/{practice.slug}/"
    pages = [about, *(f"{about}v/{number}{kind}" for number in (1, 2) for kind in ("/", ".md", ".json"))]
    pages += [
        f"{about}compare/?from=1&to=2",
        at,
        f"{at}versions/1/",
        f"{at}versions/2/",
        "/practices/?q=quokka",
    ]
    return pages


def test_it_stands_nowhere_that_readers_read_and_everywhere_again(practice, claim, reports, mona, browse):
    reader = browse()
    fed = reports[2].get_absolute_url()
    said = [place for place in places(practice) if "Quokka" in reader.get(place).content.decode()]
    assert len(said) >= 9
    assert practice.get_absolute_url() in reader.get(fed).content.decode()
    claim.take_down(by=mona, note=NOTE)
    for place in places(practice):
        answer = reader.get(place)
        assert answer.status_code == 200, place
        assert "Quokka" not in answer.content.decode(), place
        assert NOTE not in answer.content.decode(), place
    assert practice.get_absolute_url() not in reader.get(fed).content.decode()
    assert practice.get_absolute_url() not in reader.get("/practices/?q=quokka").content.decode()
    claim.let_stand(by=mona)
    for place in said:
        assert "Quokka" in reader.get(place).content.decode(), place
    assert practice.get_absolute_url() in reader.get(fed).content.decode()


def test_its_evidence_does_not_count_and_a_dated_line_says_so(practice, claim, mona, browse, api):
    at = f"/api/v1/practices/{practice.slug}/"
    before = practice.grade
    claim.take_down(by=mona, note=NOTE)
    practice.refresh_from_db()
    assert practice.grade < before
    line = practice.log.public().filter(verb="graded").first()
    assert (line.cause, line.before, line.after) == ("claim-removed", f"G{before}", f"G{practice.grade}")
    read = api().get(at).json()
    assert read["grade"]["code"] == f"G{practice.grade}"
    assert sum(read["verdicts"].values()) == 1
    assert api().get(f"{at}grades/").json()["results"][-1]["cause"] == "claim-removed"
    assert "a moderator removed a claim" in browse().get(practice.get_absolute_url()).content.decode()
    claim.let_stand(by=mona)
    practice.refresh_from_db()
    assert practice.grade == before


def test_what_versions_changed_is_told_without_it(practice, claim, carol, chris, mona):
    def drop(working):
        working.claims()[1].remove(by=carol)

    practice = make_next_version(practice, carol, chris, drop)
    assert practice.current.changes["claims"]["removed"] == 1
    claim.practice.refresh_from_db()
    claim.take_down(by=mona, note=NOTE)
    practice.current.refresh_from_db()
    assert practice.current.changes["claims"]["removed"] == 0
    assert practice.current.changes["evidence"]["removed"] == 0


def test_curators_find_it_marked_in_the_working_copy_and_no_version_brings_it_back(
    practice, claim, ben, carol, chris, mona, browse, api
):
    claim.take_down(by=mona, note=NOTE)
    practice = Practice.objects.get(pk=practice.pk)
    practice.reopen(by=carol)
    page = browse(carol).get(f"{practice.get_absolute_url()}workbench/").content.decode()
    assert TEXT in page
    assert NOTE in page
    [_first, told] = api(carol).get(f"/api/v1/practices/{practice.slug}/?copy=working").json()["claims"]
    assert (told["text"], told["removed"]["note"]) == (TEXT, NOTE)
    [mine] = [one for one in practice.claims() if one.is_removed]
    mine.practice = practice
    mine.revise(by=carol, text="Never let quokkas moderate alone.")
    practice.submit(by=carol).publish(by=chris)
    assert "quokka" not in browse().get(practice.get_absolute_url()).content.decode()
    assert practice.assess().code == practice.assess(working=True).code
    practice.claims().get(pk=mine.pk).let_stand(by=mona)
    assert "quokkas moderate alone" in browse().get(practice.get_absolute_url()).content.decode()
    assert "Quokkas" in browse().get(f"{practice.get_absolute_url()}v/1/").content.decode()


def test_a_practice_needs_a_claim_that_was_not_removed(carol, chris, ana, mona):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    practice.current.claims.get().take_down(by=mona, note=NOTE)
    practice.refresh_from_db()
    practice.reopen(by=carol)
    assert "claims" in practice.missing()


def test_a_translation_does_not_take_it_over(practice, claim, carol, mona):
    claim.take_down(by=mona, note=NOTE)
    practice = Practice.objects.get(pk=practice.pk)
    french = practice.translate(by=carol, title="Faites tourner", language="fr")
    assert [one.text for one in french.claims()] == ["Announce it twice."]


def test_it_is_logged_its_curators_are_told_and_its_alarms_are_settled(practice, claim, ana, carol, mona):
    raise_flag(practice, by=ana, reason="abuse", part=claim.lasting_id)
    raise_flag(practice, by=make_person("reader"), reason="abuse")
    OutgoingMail.objects.all().delete()
    claim.take_down(by=mona, note=NOTE)
    assert [flag.part for flag in Flag.objects.open()] == [""]
    line = practice.log.get(verb="claim-removed")
    assert (line.by, line.note, line.desk_sentence) == (mona, NOTE, "A moderator removed a claim.")
    assert line not in practice.log.public()
    mails = {mail.recipient: mail.body for mail in OutgoingMail.objects.all()}
    assert NOTE in mails[carol.email]
    assert ana.email not in mails
    with pytest.raises(ValidationError):
        raise_flag(practice, by=make_person("late"), reason="abuse", part=claim.lasting_id)


def test_who_may_remove_a_claim_and_which(practice, claim, ana, carol, chris, mona):
    for person in (ana, carol):
        with pytest.raises(PermissionDenied):
            claim.take_down(by=person, note=NOTE)
        with pytest.raises(PermissionDenied):
            claim.let_stand(by=person)
    own = make_published_practice(mona, chris, title="Mona's own").current.claims.get()
    with pytest.raises(PermissionDenied):
        own.take_down(by=mona, note=NOTE)
    draft = make_practice(carol, title="A draft").claims().get()
    for verb in (
        lambda: draft.take_down(by=mona, note=NOTE),
        lambda: claim.take_down(by=mona, note=""),
        lambda: claim.let_stand(by=mona),
    ):
        with pytest.raises(ValidationError):
            verb()
    claim.take_down(by=mona, note=NOTE)
    with pytest.raises(ValidationError):
        claim.take_down(by=mona, note=NOTE)
    assert Claim.everything.filter(lasting_id=claim.lasting_id, removed_at=None).count() == 0


def test_words_withheld_go_from_a_removed_claim_too(practice, claim, mona):
    claim.take_down(by=mona, note=NOTE)
    practice = Practice.objects.get(pk=practice.pk)
    practice.withhold_words(by=mona, words="quokkas", note="A name.")
    stored = str(Claim.everything.filter(practice=practice).values("text", "removal_note")).lower()
    assert "quokka" not in stored


def test_its_page_for_moderators_removes_it_and_lets_it_stand(practice, claim, ana, carol, mona, browse):
    about, moderator = practice.get_absolute_url(), browse(mona)
    decide = f"{about}decide/{claim.lasting_id}/"
    assert f"{decide}take-down/" in moderator.get(f"{about}withhold/").content.decode()
    for person in (ana, carol):
        assert browse(person).post(f"{decide}take-down/", {"note": NOTE}).status_code == 403
    refused = moderator.post(f"{decide}take-down/", {"note": "x" * 2001})
    assert refused.status_code == 422
    assert "x" * 2001 in refused.content.decode()
    assert moderator.post(f"{decide}take-down/", {"note": NOTE}).status_code == 302
    assert f"{decide}let-stand/" in moderator.get(f"{about}withhold/").content.decode()
    assert moderator.post(f"{decide}let-stand/").status_code == 302
    assert moderator.post(f"{decide}nonsense/").status_code == 404
    assert moderator.post(f"{about}decide/nothing/take-down/", {"note": NOTE}).status_code == 404


def test_the_queue_leads_to_where_one_claim_is_removed(practice, claim, ana, mona, browse):
    raise_flag(practice, by=ana, reason="abuse", part=claim.lasting_id)
    page = browse(mona).get("/moderation/").content.decode()
    assert f"{practice.get_absolute_url()}withhold/#claims" in page


def test_programs_remove_it_and_let_it_stand(practice, claim, ana, carol, mona, api):
    at = f"/api/v1/claims/{claim.pk}/"
    assert is_problem(api().post(f"{at}take-down/", {"note": NOTE}, format="json"), 401)
    for person in (ana, carol):
        assert is_problem(api(person).post(f"{at}take-down/", {"note": NOTE}, format="json"), 403)
    assert is_problem(api(mona).post(f"{at}take-down/", {}, format="json"), 400)
    done = api(mona).post(f"{at}take-down/", {"note": NOTE}, format="json")
    assert (done.status_code, done.json()["removed"]["note"]) == (200, NOTE)
    assert is_problem(api(ana).post(f"{at}let-stand/", {}, format="json"), 404)
    done = api(mona).post(f"{at}let-stand/", {}, format="json")
    assert (done.status_code, done.json()["removed"]) == (200, None)
