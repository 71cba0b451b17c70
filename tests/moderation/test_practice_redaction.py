"""Words that a moderator takes out of a practice: everywhere in it, after seeing what would change."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from accounts.models import OutgoingMail
from experiences.models import Flag
from experiences.models.flags import raise_flag
from practices.models import Evidence, LogLine, PracticeRedaction, PracticeVersion
from tests.conftest import make_person
from tests.factories import make_known, make_practice, make_published_practice, make_report
from tests.test_api import is_problem

pytestmark = pytest.mark.django_db
NAME, NOTE = "Quokkabert", "It names a colleague."


@pytest.fixture
def practice(ana, carol, chris):
    """A published practice under revision that names someone wherever curators write."""
    report = make_report(ana, carol, lessons=f"Ask {NAME} first.")
    practice = make_published_practice(
        carol, chris, reports=[report], title=f"Ask {NAME}", summary=f"{NAME} knows.", how=f"Ask *{NAME}*."
    )
    practice.reopen(by=chris)
    claim = practice.claims()[0]
    claim.revise(by=carol, text=f"Asking {NAME} helps.")
    claim.cite(
        report, by=carol, bearing="contradicts", excerpt=f"Ask {NAME} first.", note=f"{NAME} was away.",
        followed="in-part", followed_reason=f"{NAME} said so.",
    )  # fmt: skip
    practice.comment(by=chris, text=f"Is {NAME} all right with it?", claim=practice.claims()[0])
    practice.submit(by=carol)
    practice.return_to_curators(by=chris, note=f"Ask {NAME} again.")
    raise_flag(practice, by=ana, reason="identifies", note=f"{NAME} is a name.")
    OutgoingMail.objects.all().delete()
    practice.refresh_from_db()
    return practice


def at(practice, verb):
    return f"/api/v1/practices/{practice.slug}/{verb}/"


def all_that_curators_wrote(practice):
    rows = [
        *type(practice).objects.filter(pk=practice.pk).values(),
        *practice.versions.values(),
        *practice.all_claims.values(),
        *practice.comments.values(),
        *practice.log.values(),
        *Flag.objects.of(practice).values(),
        *Evidence.objects.filter(claim__practice=practice).values("note", "followed_reason"),
    ]
    return str([{name: value for name, value in row.items() if name != "slug"} for row in rows])


def test_words_go_everywhere_in_a_practice_but_not_in_what_it_quotes(practice, ana, carol, mona, browse):
    assert all_that_curators_wrote(practice).count(NAME) >= 8
    redaction = practice.withhold_words(by=mona, words=NAME.lower(), note=f"It names {NAME}.")
    assert NAME not in all_that_curators_wrote(practice)
    assert NAME not in redaction.note
    assert Evidence.objects.filter(excerpt__contains=NAME).count() == 2  # both copies
    version = PracticeVersion.objects.get()
    assert (version.title, version.number) == ("Ask [withheld]", 1)
    assert version.html["how"] == version.render_texts()["how"]
    page = browse().get(practice.get_absolute_url()).content.decode()
    assert "Ask [withheld]" in page
    assert page.count(NAME) == page.count(f"Ask {NAME} first.")  # the words of the report


def test_words_go_from_the_line_of_a_trial_and_its_member_is_told(practice, ana, carol, mona, browse):
    line = f"{NAME} did it for us."
    practice.try_out(by=make_known(make_person("dora")), verdict="worked", line=line)
    trial = practice.trials.get()
    trial.flag(by=ana, reason="identifies", note=f"{NAME}!")
    OutgoingMail.objects.all().delete()
    [waiting] = [row for row in browse(mona).get("/moderation/").context["lines"] if row.kind.name == "trial"]
    assert waiting.withhold_url == f"/practices/{practice.slug}/withhold/"
    preview = practice.preview_withholding(by=mona, words=NAME, note=NOTE)
    assert ["practices.Trial", "line", line] in preview.original["texts"]
    practice.refresh_from_db()
    practice.withhold_words(by=mona, words=NAME, note=NOTE)
    trial.refresh_from_db()
    assert trial.line == "[withheld] did it for us."
    assert trial.flags.get().note == "[withheld]!"
    trial.allow(by=mona)
    assert "[withheld] did it for us." in browse().get(practice.get_absolute_url()).content.decode()
    [told] = OutgoingMail.objects.filter(recipient="dora@example.org")
    assert "withheld" in told.subject
    assert practice.title not in told.body


def test_what_was_withheld_is_not_found_any_more(practice, mona, browse):
    before = browse().get(f"/practices/?q={NAME}").content.decode()
    assert practice.get_absolute_url() in before
    practice.withhold_words(by=mona, words=NAME, note=NOTE)
    assert practice.get_absolute_url() not in browse().get(f"/practices/?q={NAME}").content.decode()


def test_its_curators_are_told_and_the_log_says_it(practice, ana, carol, mona):
    practice.withhold_words(by=mona, words=NAME, note=NOTE)
    assert [(line.by, line.note) for line in practice.log.filter(verb="withheld")] == [(mona, NOTE)]
    line = LogLine.objects.get(verb="withheld")
    assert line.desk_sentence == "A moderator withheld words."
    assert line not in practice.log.public()
    told = {mail.recipient: mail for mail in OutgoingMail.objects.all()}
    assert carol.email in told
    assert ana.email not in told
    assert NOTE in told[carol.email].body
    assert NAME not in told[carol.email].subject


def test_only_moderators_withhold_and_only_what_is_there(practice, ana, carol, mona):
    for person in (ana, carol):
        for verb in (practice.withhold_words, practice.preview_withholding):
            with pytest.raises(PermissionDenied):
                verb(by=person, words=NAME, note=NOTE)
        with pytest.raises(PermissionDenied):
            practice.look_at_withheld(by=person)
    for words, note in (("", NOTE), (NAME, ""), ("x", NOTE), ("Nowhere at all", NOTE), (NAME, "x" * 2001)):
        with pytest.raises(ValidationError):
            practice.withhold_words(by=mona, words=words, note=note)
    assert not PracticeRedaction.objects.exists()
    practice.withhold_words(by=mona, words=NAME, note=NOTE)


def test_what_was_changed_meanwhile_is_not_overwritten(practice, carol, mona):
    stale = type(practice).objects.get(pk=practice.pk)
    practice.add_claim(by=carol, kind="do-this", text="Another.")
    with pytest.raises(ValidationError):
        stale.withhold_words(by=mona, words=NAME, note=NOTE)
    assert NAME in all_that_curators_wrote(practice)


def test_codes_in_the_log_are_no_words(practice, mona):
    flags = list(practice.log.filter(verb="published").values_list("note", flat=True))
    practice.withhold_words(by=mona, words=f"{NAME}\n{1:02}", note=NOTE)
    assert list(practice.log.filter(verb="published").values_list("note", flat=True)) == flags


def test_the_originals_are_kept_for_moderators_for_a_while(practice, mona, settings):
    practice.withhold_words(by=mona, words=NAME, note=NOTE)
    [kept] = practice.look_at_withheld(by=mona)
    assert NAME in str(kept.original)
    assert practice.log.filter(verb="looked", by=mona).exists()
    old = timezone.now() - timedelta(days=settings.WITHHELD_WORDS_KEPT_DAYS + 1)
    practice.redactions.update(at=old)
    PracticeRedaction.objects.forget_old()
    with pytest.raises(ValidationError):
        practice.look_at_withheld(by=mona)
    assert practice.redactions.get().note == NOTE


# --- Pages ---------------------------------------------------------------------------------------


def test_a_page_shows_what_would_change_and_then_does_it(practice, ana, carol, mona, browse):
    address, moderator = f"{practice.get_absolute_url()}withhold/", browse(mona)
    for person in (ana, carol):
        assert browse(person).get(address).status_code == 403
        assert browse(person).post(address, {"words": NAME, "note": NOTE}).status_code == 403
    assert "/accounts/login/" in browse().get(address)["Location"]
    assert address in moderator.get(practice.get_absolute_url()).content.decode()
    assert address not in browse(ana).get(practice.get_absolute_url()).content.decode()
    assert moderator.get(address).status_code == 200
    assert moderator.post(address, {"words": "Nowhere", "note": NOTE}).status_code == 422
    sent = {"words": f"{NAME}\nNowhere", "note": NOTE, "edit_version": practice.edit_version}
    preview = moderator.post(address, sent)
    assert preview.status_code == 200
    assert "Nowhere" in preview.context["unfound"]
    assert NAME in all_that_curators_wrote(practice)
    stale = moderator.post(address, sent | {"confirmed": "yes", "edit_version": practice.edit_version - 1})
    assert stale.status_code == 409
    assert moderator.post(address, sent | {"confirmed": "yes"}).status_code == 302
    assert NAME not in all_that_curators_wrote(practice)


def test_a_page_shows_what_was_withheld_and_notes_it(practice, carol, mona, browse):
    address = f"{practice.get_absolute_url()}withheld/"
    assert browse(mona).post(address).status_code == 404
    practice.withhold_words(by=mona, words=NAME, note=NOTE)
    assert browse(carol).post(address).status_code == 403
    assert browse(mona).get(address).status_code == 405
    assert NAME in browse(mona).post(address).content.decode()
    assert practice.log.filter(verb="looked").count() == 1


def test_words_of_a_draft_are_withheld_too_and_the_draft_stays_unseen(ana, carol, mona, api):
    draft = make_practice(carol, title=f"Ask {NAME}")
    body = {"words": NAME, "note": NOTE}
    assert is_problem(api(ana).post(at(draft, "withhold"), body), 404)
    assert api(mona).post(at(draft, "withhold"), body).status_code == 200
    draft.refresh_from_db()
    assert draft.title == "Ask [withheld]"


# --- Programs ------------------------------------------------------------------------------------


def test_programs_preview_withhold_and_look(practice, ana, carol, mona, api):
    body = {"words": NAME, "note": NOTE}
    for verb in ("withhold", "withhold/preview"):
        assert is_problem(api().post(at(practice, verb), body), 401)
        for person in (ana, carol):
            assert is_problem(api(person).post(at(practice, verb), body), 403)
        assert is_problem(api(mona).post(at(practice, verb), {"words": NAME}), 400)
    preview = api(mona).post(at(practice, "withhold/preview"), body)
    assert preview.json()["places"] >= 8
    assert NAME in all_that_curators_wrote(practice)
    done = api(mona).post(at(practice, "withhold"), body)
    assert (done.status_code, done.json()["title"]) == (200, "Ask [withheld]")
    assert NAME not in all_that_curators_wrote(practice)
    assert is_problem(api(carol).post(at(practice, "withheld")), 403)
    [told] = api(mona).post(at(practice, "withheld")).json()["results"]
    assert told["note"] == NOTE
