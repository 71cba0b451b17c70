"""A practice that a moderator takes down: readers find it nowhere, and curators lose nothing."""

import json
import re

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.urls import reverse

from accounts.models import OutgoingMail
from experiences.models import Flag
from experiences.models.flags import raise_flag
from practices.interchange.exporter import practices as exported
from practices.models import Practice
from practices.moderation.queue import decide, waiting
from tests.conftest import make_person
from tests.factories import make_known, make_next_version, make_published_practice, make_report
from tests.test_api import is_problem

pytestmark = pytest.mark.django_db
TITLE, NOTE = "Quokkas run both places", "It mocks one of our members."
WORDS = ("Quokka", "Wombat", "Bandicoot")  # of its title, summary and text


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


@pytest.fixture
def practice(report, carol, chris):
    made = make_published_practice(
        carol, chris, reports=[report], title=TITLE, summary="Wombats agree.", how="Ask a bandicoot."
    )
    OutgoingMail.objects.all().delete()
    return made


@pytest.fixture
def heap(practice, report, carol, chris):
    """Everything around the practice that names it: a translation, one it stands in for, a trial."""
    french = practice.translate(by=carol, title="Faites tourner les deux", language="fr")
    french.summary = "Allez-y."
    french.how = "Annoncez."
    french.write(by=carol)
    french.claims()[0].revise(by=carol, text="Annoncez la fin.")
    french.refresh_from_db()
    french.submit(by=carol).publish(by=chris)
    old = make_published_practice(carol, chris, reports=[report], title="An older way")
    old.retire(by=chris, heir=practice, note="There is a better one.")
    return {"french": french, "old": old}


def down(practice, mona, verb):
    return practice.remove(by=mona, note=NOTE) if verb == "remove" else practice.hide(by=mona, note=NOTE)


def doors(practice, report, old, french):
    """Where readers read of it, beside its own addresses."""
    lists = ["/", "/practices/", "/practices/?q=quokkas", "/practices/?q=bandicoot", "/feeds/practices/"]
    lists += ["/stakes/", "/stakes/moving-platform/", "/sitemap.xml", "/api/v1/practices/", "/api/v1/stakes/"]
    lists += [report.get_absolute_url(), f"/api/v1/experiences/{report.public_id}/", "/api/v1/experiences/"]
    around = [old.get_absolute_url(), f"{old.get_absolute_url()}v/1/", f"/api/v1/practices/{old.slug}/"]
    around += [
        french.get_absolute_url(),
        f"{french.get_absolute_url()}v/1/",
        f"/practices/{french.slug}/v/1.md",
    ]
    around += [
        f"/api/v1/practices/{french.slug}/",
        "/feeds/practices/?language=fr",
        "/practices/?language=fr",
    ]
    return lists + around


def addresses(practice):
    about = practice.get_absolute_url()
    pages = [
        about,
        f"{about}v/1/",
        f"{about}v/1.md",
        f"{about}v/1.bib",
        f"{about}v/1.json",
        f"{about}compare/",
    ]
    verbs = ("", "versions/", "versions/1/", "trials/", "grades/")
    return pages + [f"/api/v1/practices/{practice.slug}/{verb}" for verb in verbs]


def names_it(text, practice):
    return [word for word in (*WORDS, practice.slug) if word.lower() in text.lower()]


@pytest.mark.parametrize("verb", ["hide", "remove"])
def test_readers_find_nothing_of_it_and_everything_again_once_it_stands(
    verb, practice, heap, report, ana, ben, mona, browse
):
    make_known(ben)
    practice.try_out(by=ben, verdict="worked", line="We did it.")
    places = doors(practice, report, **heap)
    readers = [browse(), browse(ana), browse(ben)]

    def read():
        return {place: readers[0].get(place).getvalue().decode() for place in places + addresses(practice)}

    before = read()
    said = [place for place in places if names_it(before[place], practice)]
    assert len(said) > 12, said
    down(Practice.objects.get(pk=practice.pk), mona, verb)
    for reader in readers:
        for place in places:
            answer = reader.get(place)
            assert answer.status_code == (302 if answer.status_code == 302 else 200), place
            text = answer.getvalue().decode().replace("?q=quokkas", "").replace('value="quokkas"', "")
            text = text.replace("quokkas", "").replace("bandicoot", "") if "?q=" in place else text
            assert names_it(text, practice) == [], place
        for place in addresses(practice):
            answer = reader.get(place)
            assert answer.status_code == 404, place
            text = answer.getvalue().decode().replace(practice.slug, "")
            assert names_it(text, practice) == [], place
            assert NOTE not in text
            assert "moderator" in text, place
    assert not Practice.Text.objects.holds(practice)
    practice.refresh_from_db()
    practice.allow(by=mona)
    assert Practice.Text.objects.holds(practice)
    after = read()
    for place in [*said, *addresses(practice)]:
        assert names_it(before[place], practice) == names_it(after[place], practice), place


def counted(api):
    """Return how many practices programs are told that a stake has."""
    return api().get("/api/v1/stakes/moving-platform/").json()["practices"]


def listed(reader):
    """Return the addresses to which the titles of the list of practices lead."""
    page = reader.get("/practices/").content.decode()
    return re.findall(r'<h3[^>]*>\s*<a href="([^"]+)"', page)


def test_counts_leave_it_out(practice, mona, api):
    assert counted(api) == 1
    practice.hide(by=mona)
    assert counted(api) == 0
    assert practice not in exported()
    practice.allow(by=mona)
    assert counted(api) == 1


def test_a_translation_counts_for_itself_while_its_original_is_down(practice, heap, mona, api, browse):
    assert counted(api) == 1
    assert heap["french"].get_absolute_url() not in listed(browse())
    practice.refresh_from_db()
    practice.remove(by=mona, note=NOTE)
    assert counted(api) == 1
    assert heap["french"].get_absolute_url() in listed(browse())


def test_the_address_of_a_draft_stays_as_if_there_were_none(practice, carol, chris, mona, browse, api):
    never = browse().get("/practices/no-such-practice/").content
    draft = practice.translate(by=carol, title="Faites tourner", language="fr")
    assert browse().get(draft.get_absolute_url()).content.count(b"moderator") == never.count(b"moderator")
    for verb in (lambda: draft.hide(by=mona), lambda: draft.remove(by=mona, note=NOTE)):
        with pytest.raises(ValidationError):
            verb()
    assert "moderator" not in api().get(f"/api/v1/practices/{draft.slug}/").json()["detail"]


def test_curators_lose_nothing_and_read_why(practice, carol, mona, browse, api):
    practice.remove(by=mona, note=NOTE)
    desk = browse(carol)
    assert [one.pk for one in desk.get("/practices/desk/").context["down"]] == [practice.pk]
    about = practice.get_absolute_url()
    for place in ("/practices/desk/", about, f"{about}workbench/", f"{about}v/1/"):
        page = desk.get(place).content.decode()
        assert NOTE in page, place
        assert TITLE in page, place
    told = api(carol).get(f"/api/v1/practices/{practice.slug}/").json()
    assert (told["title"], told["moderation"], told["decision_note"]) == (TITLE, "removed", NOTE)
    assert f"{about}#whole" not in desk.get(about).content.decode()
    practice.allow(by=mona, note="We read it again.")
    assert practice.decision_note == ""
    assert desk.get("/practices/desk/").context["down"].count() == 0


def test_it_is_logged_and_its_curators_are_told(practice, ana, carol, chris, mona):
    practice.hide(by=mona, note="Wait for the lawyer.")
    practice.remove(by=mona, note=NOTE)
    practice.allow(by=mona, note="All is well.")
    lines = practice.log.filter(verb__in=("hidden", "removed", "kept"))
    told = [(line.verb, line.by, line.note) for line in lines]
    assert told == [
        ("hidden", mona, "Wait for the lawyer."), ("removed", mona, NOTE), ("kept", mona, "All is well."),
    ]  # fmt: skip
    assert not set(lines) & set(practice.log.public())
    assert lines[1].desk_sentence == "A moderator removed it."
    mails = OutgoingMail.objects.order_by("pk")
    assert {mail.recipient for mail in mails} == {carol.email, chris.email}
    said = [mail.body for mail in mails if mail.recipient == carol.email]
    assert len(said) == 3
    assert ["Wait for the lawyer." in said[0], NOTE in said[1], "All is well." in said[2]] == [True] * 3


def test_only_moderators_decide_and_nobody_on_their_own(practice, ana, carol, chris, mona):
    own = make_published_practice(mona, chris, title="Mona's own")
    for person, about in ((ana, practice), (carol, practice), (mona, own)):
        with pytest.raises(PermissionDenied):
            about.hide(by=person)
        with pytest.raises(PermissionDenied):
            about.remove(by=person, note=NOTE)
    with pytest.raises(ValidationError):
        practice.remove(by=mona, note=" ")
    with pytest.raises(ValidationError):
        practice.allow(by=mona)
    assert practice.is_shown
    practice.remove(by=mona, note=NOTE)
    with pytest.raises(ValidationError):
        practice.hide(by=mona)
    with pytest.raises(ValidationError):
        practice.remove(by=mona, note=NOTE)


def test_a_new_version_stays_down_until_a_moderator_has_read_it(practice, ben, carol, chris, mona, browse):
    practice.remove(by=mona, note=NOTE)
    OutgoingMail.objects.all().delete()
    practice = make_next_version(
        practice, carol, chris, lambda one: one.claims()[0].revise(by=carol, text="Other.")
    )
    assert (practice.current.number, practice.moderation) == (2, "removed")
    assert not any("can be read by everybody" in mail.body for mail in OutgoingMail.objects.all())
    assert not Practice.Text.objects.holds(practice)
    for place in ("", "v/1/", "v/2/"):
        assert browse(ben).get(f"{practice.get_absolute_url()}{place}").status_code == 404
    [line] = waiting(mona, "practice")[0]
    assert (line.row, line.state) == (practice, "Removed by a moderator")
    practice.remove(by=mona, note="Not yet.")
    assert practice.decision_note == "Not yet."
    assert waiting(mona, "practice")[0] == []
    practice.allow(by=mona)
    assert browse(ben).get(f"{practice.get_absolute_url()}v/2/").status_code == 200


def test_nobody_tries_flags_cites_or_translates_what_is_down(practice, ben, carol, mona, browse, api):
    make_known(ben)
    trial = practice.try_out(by=ben, verdict="worked", line="We did it.")
    practice.hide(by=mona)
    with pytest.raises(ValidationError):
        practice.try_out(by=ben, verdict="failed", line="No.")
    with pytest.raises(ValidationError):
        raise_flag(practice, by=ben, reason="abuse")
    with pytest.raises(ValidationError):
        practice.translate(by=carol, title="Non")
    for place in (f"/alarm/practice/{practice.slug}/", f"{practice.get_absolute_url()}try/"):
        assert browse(ben).get(place).status_code == 404
    reader = make_person("reader")
    assert browse(reader).get(f"/alarm/trial/{trial.public_id}/").status_code == 404
    assert browse(ben).post(f"{practice.get_absolute_url()}trial/grow/").status_code == 404
    page = browse(ben).get(reverse("accounts:data")).content.decode()
    assert "We did it." in page
    assert names_it(page, practice) == []


def test_what_happens_to_it_meanwhile_is_told_to_nobody_else(practice, ana, ben, carol, mona):
    ana.notices = "all"
    ana.save()
    practice.hide(by=mona)
    OutgoingMail.objects.all().delete()
    grade = practice.grade
    practice.lower_grade(by=carol, reason="All of it comes from one place.")
    assert practice.grade < grade
    assert not OutgoingMail.objects.exists()


def test_what_was_read_before_it_was_taken_down_does_not_bring_it_back(practice, carol, chris, mona):
    practice.reopen(by=carol)
    practice.submit(by=carol)
    read = Practice.objects.get(pk=practice.pk)
    practice.hide(by=mona)
    with pytest.raises(ValidationError):
        read.publish(by=chris)
    assert not Practice.Text.objects.holds(practice)


def test_what_is_derived_again_stays_down(practice, mona):
    practice.remove(by=mona, note=NOTE)
    call_command("rebuild_index", verbosity=0)
    assert not Practice.Text.objects.holds(practice)
    Practice.objects.filter(pk=practice.pk).index_again()
    assert not Practice.Text.objects.holds(practice)
    call_command("check_index", verbosity=0)


def test_words_withheld_in_it_go_from_the_moderator_s_sentence_too(practice, mona):
    practice.remove(by=mona, note="It mocks Quokka.")
    practice.withhold_words(by=mona, words="Quokka", note="A name.")
    practice.refresh_from_db()
    assert practice.decision_note == "It mocks [withheld]."
    assert not Practice.Text.objects.holds(practice)


# --- The queue, the page, the API ----------------------------------------------------------------


def test_the_queue_decides_on_practices_as_on_other_words(practice, ben, carol, mona, browse):
    raise_flag(practice, by=ben, reason="abuse")
    name = f"practice:{practice.slug}"
    assert decide([name], "hide", by=mona) == ([name], {})
    practice.refresh_from_db()
    assert practice.moderation == "hidden"
    [line] = waiting(mona, "practice")[0]  # it goes on waiting
    assert line.state == "Hidden until a moderator decides"
    sent = {"items": [name], "decision": "remove", "note": NOTE}
    assert browse(mona).post("/moderation/", sent).status_code == 302
    practice.refresh_from_db()
    assert (practice.moderation, practice.decision_note) == ("removed", NOTE)
    assert not Flag.objects.open().exists()
    assert decide([name], "allow", by=mona) == ([name], {})
    assert decide([name], "allow", by=mona)[1]


def test_its_page_for_moderators_takes_it_down_and_keeps_a_refused_sentence(practice, carol, mona, browse):
    about, moderator = practice.get_absolute_url(), browse(mona)
    page = moderator.get(f"{about}withhold/").content.decode()
    assert f"{about}decide/hide/" in page
    assert f"{about}decide/take-down/" in page
    assert f"{about}decide/let-stand/" not in page
    assert moderator.post(f"{about}decide/take-down/", {"note": ""}).status_code == 422
    long = moderator.post(f"{about}decide/take-down/", {"note": "x" * 2001})
    assert long.status_code == 422
    assert "x" * 2001 in long.content.decode()
    assert moderator.post(f"{about}decide/take-down/", {"note": NOTE}).status_code == 302
    page = moderator.get(f"{about}withhold/").content.decode()
    assert f"{about}decide/let-stand/" in page
    assert f"{about}decide/hide/" not in page
    assert moderator.post(f"{about}decide/let-stand/").status_code == 302
    assert moderator.post(f"{about}decide/nonsense/").status_code == 404
    practice.refresh_from_db()
    assert practice.is_shown


def test_a_moderator_who_does_not_curate_decides_too(practice, mona, browse, api):
    judge = make_person("judge")
    judge.user_permissions.add(Permission.objects.get(codename="moderate_experience"))
    about = practice.get_absolute_url()
    assert browse(judge).post(f"{about}decide/hide/").status_code == 302
    assert browse(judge).get(f"{about}withhold/").status_code == 200
    assert browse(judge).get(f"{about}workbench/").status_code == 403
    answer = api(judge).post(f"/api/v1/practices/{practice.slug}/let-stand/", {}, format="json")
    assert answer.status_code == 200
    claim = practice.current.claims.get()
    answer = api(judge).post(f"/api/v1/claims/{claim.pk}/take-down/", {"note": NOTE}, format="json")
    assert answer.status_code == 200


def test_programs_take_it_down_and_let_it_stand(practice, ana, carol, mona, api):
    at = f"/api/v1/practices/{practice.slug}/"
    assert is_problem(api(mona).post(f"{at}take-down/", {}, format="json"), 400)
    done = api(mona).post(f"{at}take-down/", {"note": NOTE}, format="json")
    assert (done.status_code, done.json()["moderation"]) == (200, "removed")
    assert is_problem(api().get(at), 404)
    assert "moderator" in api(ana).get(at).json()["detail"]
    assert is_problem(api(ana).post(f"{at}let-stand/", {}, format="json"), 404)
    assert is_problem(api(carol).post(f"{at}let-stand/", {}, format="json"), 403)
    assert api(mona).post(f"{at}let-stand/", {}, format="json").status_code == 200
    read = json.loads(api().get(at).content)
    assert "moderation" not in read
    assert "decision_note" not in read
