"""The one queue of moderators: all that waits, several decided at once, what is refused said one by one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail
from experiences.models import Experience, Flag, FollowUp, Question
from experiences.models.flags import raise_flag
from practices.models import Trial
from tests.conftest import make_person
from tests.factories import make_known, make_published_practice, make_report

pytestmark = pytest.mark.django_db
QUEUE = "/moderation/"


@pytest.fixture
def waiting(ana, ben, carol, chris):
    """Something of each kind that waits: {kind: row}; the trial is a newcomer's first."""
    report = make_report(ana, carol, title="The flagged report")
    make_known(ben)
    report.follow_up(by=ana, verdict="worked", text="The flagged follow-up.")
    report.ask(by=ben, text="The flagged question?")
    other = make_report(ana, carol, title="Another report")
    practice = make_published_practice(carol, chris, reports=[other], title="The flagged practice")
    newcomer = make_person("newcomer")
    practice.try_out(by=newcomer, verdict="backfired", line="The first line of a newcomer.")
    reader, second = make_known(make_person("reader")), make_known(make_person("second"))
    rows = {
        "follow-up": FollowUp.objects.get(),
        "question": Question.objects.get(),
        "report": other,
        "practice": practice,
        "trial": Trial.objects.get(),
    }
    for kind, row in rows.items():
        if kind != "trial":
            raise_flag(
                row, by=reader if kind in ("follow-up", "question", "report") else second, reason="abuse"
            )
    OutgoingMail.objects.all().delete()
    return rows


def name_of(kind, row):
    return f"{kind}:{row.slug if kind == 'practice' else row.public_id}"


def post(browser, items, decision, note="", query=""):
    return browser.post(f"{QUEUE}{query}", {"items": items, "decision": decision, "note": note}, follow=True)


def text(answer):
    return answer.content.decode()


def test_all_that_waits_is_in_one_place_by_kind_with_its_words(waiting, mona, browse):
    page = browse(mona).get(QUEUE)
    words = (
        "flagged follow-up",
        "flagged question",
        "Another report",
        "flagged practice",
        "line of a newcomer",
    )
    for said in words:
        assert said in text(page)
    assert len(page.context["lines"]) == 5
    only = browse(mona).get(f"{QUEUE}?kind=question")
    assert [line.kind.name for line in only.context["lines"]] == ["question"]
    assert "5 alarms wait for a moderator" in text(browse(mona).get("/practices/desk/"))


def test_the_queue_is_for_moderators_alone(waiting, ana, carol, browse):
    for person in (ana, carol):
        assert browse(person).get(QUEUE).status_code == 403
        assert post(browse(person), ["trial:x"], "allow").status_code == 403
    assert "/accounts/login/" in browse().get(QUEUE)["Location"]


def test_several_of_all_kinds_are_decided_at_once(waiting, mona, browse):
    items = [name_of(kind, row) for kind, row in waiting.items()]
    answer = post(browse(mona), items, "allow")
    assert "5 are decided." in text(answer)
    assert not Flag.objects.open().exists()
    assert Trial.objects.get().is_shown
    assert Experience.objects.get(title="Another report").status == "published"


def test_removal_needs_a_sentence_which_several_share(waiting, mona, browse):
    items = [name_of(kind, waiting[kind]) for kind in ("trial", "follow-up", "question", "report")]
    refused = post(browse(mona), items, "remove")
    assert refused.status_code == 422
    assert text(refused).count(" checked") == 5  # what was ticked, and the decision
    assert Flag.objects.open().count() == 5
    done = post(browse(mona), items, "remove", "They mock a colleague.")
    assert "4 are decided." in text(done)
    assert Trial.objects.get().moderation == FollowUp.objects.get().moderation == "removed"
    assert not Question.objects.exists()
    assert Experience.objects.get(title="Another report").status == "withdrawn"


def test_what_is_refused_is_said_and_the_rest_is_done(waiting, mona, browse):
    items = [name_of("practice", waiting["practice"]), name_of("trial", waiting["trial"]), "trial:gone", "x"]
    waiting["practice"].hide(by=mona)  # It waits on, and cannot be hidden twice.
    answer = post(browse(mona), items, "hide")
    assert answer.status_code == 422
    assert [what for _name, what, _why in answer.context["refused"]] == [
        "Practice – The flagged practice Move in steps.",
        "Line of a trial",
        "x",
    ]
    assert "The rest is done." in text(answer)
    assert "The rest is done." not in text(post(browse(mona), items[:1], "hide"))
    assert Trial.objects.get().moderation == "hidden"
    assert len(answer.context["lines"]) == 5  # what is hidden goes on waiting


def test_nothing_ticked_or_chosen_is_refused_and_keeps_the_words(waiting, mona, browse):
    for items, decision in (
        ([], "allow"),
        (["trial:x"], ""),
        (["trial:x"], "burn"),
        (["trial:x"] * 1, "remove"),
    ):
        answer = post(browse(mona), items, decision, "" if decision == "remove" else "A sentence kept.")
        assert answer.status_code == 422
    assert Flag.objects.open().count() == 5


def test_many_alarms_of_one_member_are_one_line(ana, carol, mona, browse):
    reader = make_known(make_person("reader"))
    reports = [make_report(ana, carol, title=f"Report {number}") for number in range(9)]
    for report in reports:
        report.flag(by=reader, reason="abuse")
    page = browse(mona).get(QUEUE)
    assert len(page.context["lines"]) == 3
    [many] = page.context["many"]
    assert "One member raised 6 more alarms" in text(page)
    assert "Reader" not in text(page)
    assert post(browse(mona), [many.name], "remove", "Enough.").status_code == 422
    post(browse(mona), [many.name], "allow")
    assert Flag.objects.open().count() == 3
    carol_flags = reports[8]
    carol_flags.refresh_from_db()
    assert carol_flags.flag(by=carol, reason="abuse").status == "hidden"  # nothing was let stand


def test_a_moderator_s_own_words_are_not_theirs_to_decide(mona, carol, chris, browse):
    make_known(mona)
    practice = make_published_practice(carol, chris)
    own = practice.try_out(by=mona, verdict="worked", line="Mine.")
    own.flag(by=carol, reason="abuse")
    assert browse(mona).get(QUEUE).context["lines"] == []
    answer = post(browse(mona), [name_of("trial", own)], "allow")
    assert answer.status_code == 422
    assert Flag.objects.open().exists()


def test_the_queue_is_bounded_and_goes_on(waiting, mona, browse, monkeypatch):
    monkeypatch.setattr("practices.moderation.queue.MOST_ROWS", 2)
    pages = [browse(mona).get(f"{QUEUE}?page={page}") for page in (1, 2, 3)]
    assert [len(page.context["lines"]) for page in pages] == [2, 2, 1]
    assert browse(mona).get(f"{QUEUE}?page=x&kind=nothing").status_code == 200


def test_a_whole_page_may_be_ticked_without_scripts(waiting, mona, browse):
    page = browse(mona).get(f"{QUEUE}?ticked=all")
    assert text(page).count(" checked") == 5


def test_a_withheld_trial_names_nobody(waiting, mona, browse):
    assert "Newcomer" not in text(browse(mona).get(QUEUE))


def test_twelve_alarms_of_each_kind_take_as_many_queries_as_two(ana, ben, carol, chris, mona, browse):
    moderator, counts = browse(mona), []
    practice = make_published_practice(carol, chris)
    for number in (2, 10):
        for turn in range(number):
            report = make_report(ana, carol, title=f"Report {number} {turn}")
            report.flag(by=make_known(make_person(f"reader{number}x{turn}")), reason="abuse")
            practice.try_out(by=make_person(f"new{number}x{turn}"), verdict="worked", line="It held.")
        moderator.get(QUEUE)
        with CaptureQueriesContext(connection) as queries:
            assert len(moderator.get(QUEUE).context["lines"]) in (4, 24)
        counts.append(len(queries))
    assert counts[0] == counts[1]
