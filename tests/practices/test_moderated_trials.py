"""A line of “I tried this” is read before it counts, can be taken down, and stops counting when it is."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import OutgoingMail
from experiences.models import Flag
from practices.models import Practice, Trial
from practices.search.rebuild import grade_stands
from tests.conftest import make_person
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.django_db
LINE = "We were told to, and everybody left."


@pytest.fixture
def practice(ana, carol, chris):
    return make_published_practice(carol, chris, reports=[make_report(ana, carol)])


@pytest.fixture
def told(practice, carol):
    """A shown trial of dora, who has a report published, that disputes the practice."""
    dora = make_person("dora")
    make_report(dora, carol)
    return practice.try_out(by=dora, verdict="backfired", line=LINE)


def contradictions(practice):
    practice = Practice.objects.get(pk=practice.pk)
    assert grade_stands(practice)
    return practice.assessment.contradictions


def readers(practice, browse, api, *people):
    """Return what each person reads of the trials, on the page and through the API."""
    for person in people:
        yield browse(person).get(practice.get_absolute_url()).content.decode()
        yield api(person).get(f"/api/v1/practices/{practice.slug}/trials/").content.decode()


def test_the_first_line_of_a_newcomer_is_read_before_it_is_public_and_counts(
    practice, ben, ana, carol, mona, browse, api
):
    sent = {"verdict": "backfired", "line": LINE, "identity": "withheld"}
    answer = browse(ben).post(f"/practices/{practice.slug}/try/", sent, follow=True)
    assert "A moderator reads it before it is public and counts." in answer.content.decode()
    assert contradictions(practice) == 0
    assert "disputed" not in Practice.objects.get(pk=practice.pk).flags
    for text in readers(practice, browse, api, None, ana, carol):
        assert LINE not in text
    for text in readers(practice, browse, api, ben, mona):
        assert LINE in text
    assert OutgoingMail.objects.filter(recipient=mona.email).count() == 1

    Trial.objects.get().allow(by=mona)
    assert contradictions(practice) == 0.5
    for text in readers(practice, browse, api, None, ana, carol, ben):
        assert LINE in text
    assert not Flag.objects.open().exists()


def test_whoever_was_read_once_is_read_first_no_more(practice, ben, carol, chris, mona):
    practice.try_out(by=ben, verdict="worked", line="It held.").allow(by=mona)
    other = make_published_practice(carol, chris, title="Another")
    assert other.try_out(by=ben, verdict="worked", line="Here too.").is_shown


def test_an_alarm_hides_a_line_and_what_is_hidden_does_not_count(
    practice, told, ana, carol, mona, browse, api
):
    assert contradictions(practice) == 0.5
    address = f"/alarm/trial/{told.public_id}/"
    assert "It is hidden at once" in browse(ana).get(address).content.decode()
    answer = browse(ana).post(address, {"reason": "abuse"}, follow=True)
    assert "It is hidden until a moderator has looked at it." in answer.content.decode()
    assert contradictions(practice) == 0
    for text in readers(practice, browse, api, None, carol):
        assert LINE not in text
    line = practice.log.filter(verb="graded").last()
    assert (line is None or line.cause) in (True, "alarmed")
    Trial.objects.get(pk=told.pk).allow(by=mona)
    assert contradictions(practice) == 0.5
    browse(carol).post(address, {"reason": "abuse"})
    assert Trial.objects.get(pk=told.pk).is_shown
    assert contradictions(practice) == 0.5
    assert [line.verb for line in practice.log.filter(verb__startswith="trial-")] == [
        "trial-flagged", "trial-kept", "trial-flagged",
    ]  # fmt: skip


def test_nobody_raises_an_alarm_about_or_decides_on_their_own_line(practice, told, mona, browse):
    with pytest.raises(PermissionDenied):
        told.flag(by=told.by, reason="abuse")
    assert browse(told.by).post(f"/alarm/trial/{told.public_id}/", {"reason": "abuse"}).status_code == 403
    make_report(mona, make_person("cleo", "Curators"))
    own = practice.try_out(by=mona, verdict="worked", line="It held.")
    for verb in (own.allow, own.hide, own.remove):
        with pytest.raises(PermissionDenied):
            verb(by=mona, note="Mine.")


def test_a_moderator_removes_a_line_and_its_member_reads_why(practice, told, ana, mona, browse, api):
    with pytest.raises(ValidationError):
        told.remove(by=mona, note="")
    for person in (ana, told.by):
        with pytest.raises(PermissionDenied):
            told.remove(by=person, note="No.")
    told.remove(by=mona, note="It mocks a colleague.")
    assert contradictions(practice) == 0
    for text in readers(practice, browse, api, None, ana):
        assert LINE not in text
        assert "It mocks a colleague." not in text
    page = browse(told.by).get(practice.get_absolute_url()).content.decode()
    assert LINE in page
    assert "It mocks a colleague." in page
    mail = OutgoingMail.objects.get(subject="A moderator removed something you wrote")
    assert mail.recipient == told.by.email
    assert "mocks" not in mail.body


@pytest.mark.parametrize("state", ["hidden", "removed", "waiting"])
def test_what_is_hidden_is_not_shown_by_telling_it_otherwise(practice, told, ben, ana, mona, state, browse):
    by = told.by
    if state == "hidden":
        told.flag(by=ana, reason="abuse")
    elif state == "removed":
        told.remove(by=mona, note="It mocks a colleague.")
    else:
        told, by = practice.try_out(by=ben, verdict="worked", line="First."), ben
    before = contradictions(practice)
    practice.try_out(by=by, verdict="backfired", line="Other words, as bad.")
    assert Trial.objects.get(pk=told.pk).moderation == ("hidden" if state == "hidden" else "waiting")
    assert "Other words" not in browse().get(practice.get_absolute_url()).content.decode()
    assert contradictions(practice) == before
    assert Flag.objects.of(told).open().exists()


def test_a_line_told_otherwise_is_no_more_what_a_moderator_let_stand(practice, told, ana, mona):
    told.flag(by=ana, reason="abuse").allow(by=mona)
    practice.try_out(by=told.by, verdict="backfired", line="Other words.")
    again = Trial.objects.get(pk=told.pk)
    again.flag(by=ana, reason="abuse")
    assert not again.is_shown


def test_a_waiting_line_is_no_published_work(practice, ben, ana, carol):
    practice.try_out(by=ben, verdict="worked", line="It held.")
    report = make_report(ana, carol, title="Fine")
    report.flag(by=ben, reason="abuse")
    assert report.status == "published"


def test_one_s_own_data_tell_what_became_of_a_line(practice, told, mona, api):
    told.remove(by=mona, note="It mocks a colleague.")
    [row] = api(told.by).get("/api/v1/me/data/").json()["trials"]
    assert (row["moderation"], row["decision_note"]) == ("removed", "It mocks a colleague.")
