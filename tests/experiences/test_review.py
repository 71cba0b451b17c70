"""Review: the stakes a curator sets, the queue, and whose reports are read first."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from config.versioning import Conflict
from experiences import review_queue
from experiences.models.report.parts import Parts
from experiences.search.rebuild import differences
from tests.conftest import make_person
from tests.factories import TYPED, make_draft, make_report, stakes

pytestmark = pytest.mark.django_db


def html(response):
    return response.content.decode()


def in_effect(report):
    return sorted(stake.slug for stake in report.stakes.all())


def post(browse, person, report, verb, **words):
    return browse(person).post(f"{report.get_absolute_url()}{verb}/", words)


# --- Stakes ----------------------------------------------------------------------------------------


def test_a_reviewer_sets_the_stakes_and_the_author_s_choice_is_kept(ana, ben, carol):
    report = make_draft(ana).submit(by=ana)
    other = stakes("chasing-numbers")
    for person in (ana, ben):
        with pytest.raises(PermissionDenied):
            report.set_stakes(by=person, stakes=other)
    report.set_stakes(by=carol, stakes=other)
    assert (in_effect(report), report.author_stakes) == (["chasing-numbers"], ["moving-platform"])
    line = report.log.last()
    assert (line.verb, line.by) == ("stakes-set", carol)
    assert line.note == "Moving to another platform → Chasing numbers"

    report.set_stakes(by=carol, stakes=stakes("first-steps", "chasing-numbers"))
    assert report.author_stakes == ["moving-platform"]
    report.set_stakes(by=carol, stakes=stakes("moving-platform"))
    assert (in_effect(report), report.author_stakes) == (["moving-platform"], [])
    lines = report.log.count()
    report.set_stakes(by=carol, stakes=stakes("moving-platform"))
    assert report.log.count() == lines


def test_nobody_sets_the_stakes_of_their_own_report(carol, chris):
    report = make_draft(carol).submit(by=carol)
    with pytest.raises(PermissionDenied):
        report.set_stakes(by=carol, stakes=stakes("chasing-numbers"))
    report.set_stakes(by=chris, stakes=stakes("chasing-numbers"))


@pytest.mark.parametrize("number", [0, 6])
def test_reviewed_stakes_obey_the_rule_of_number(ana, carol, number):
    from experiences.models import Stake

    report = make_draft(ana).submit(by=ana)
    with pytest.raises(ValidationError) as refusal:
        report.set_stakes(by=carol, stakes=list(Stake.objects.all()[:number]))
    assert list(refusal.value.error_dict) == ["stakes"]
    assert in_effect(report) == ["moving-platform"]


def test_a_reviewer_who_read_an_older_report_overwrites_nothing(ana, carol, chris):
    report = make_report(ana, carol)
    stale = type(report).objects.get(pk=report.pk)
    report.set_stakes(by=carol, stakes=stakes("chasing-numbers"))
    with pytest.raises(Conflict):
        stale.set_stakes(by=chris, stakes=stakes("first-steps"))
    assert in_effect(type(report).objects.get(pk=report.pk)) == ["chasing-numbers"]


def test_lists_and_search_go_by_the_reviewed_stakes(ana, carol, browse):
    report = make_report(ana, carol)
    report.set_stakes(by=carol, stakes=stakes("chasing-numbers"))

    def found(query):
        return browse().get(f"/api/v1/experiences/?{query}").json()["count"]

    assert (found("stake=chasing-numbers"), found("stake=moving-platform")) == (1, 0)
    assert (found("q=chasing"), found("q=chiffres")) == (1, 1)
    assert list(differences(report)) == []


def test_the_author_s_unchanged_choice_leaves_them_and_another_takes_effect_again(ana, carol, browse):
    report = make_report(ana, carol)
    report.set_stakes(by=carol, stakes=stakes("chasing-numbers"))
    edit = f"{report.get_absolute_url()}edit/"
    ticked = browse(ana).get(edit).context["form"]["stakes"].value()
    assert ticked == ["chasing-numbers"]
    words = TYPED | {"version": report.version, "do": "save"}

    browse(ana).post(edit, words | {"title": "Better told", "stakes": ticked})
    report.refresh_from_db()
    assert (report.title, in_effect(report)) == ("Better told", ["chasing-numbers"])
    assert report.author_stakes == ["moving-platform"]

    browse(ana).post(edit, words | {"version": report.version, "stakes": ["moving-platform"]})
    report.refresh_from_db()
    assert (in_effect(report), report.author_stakes) == (["moving-platform"], [])


def test_an_edit_that_says_nothing_of_stakes_leaves_both(ana, carol):
    report = make_report(ana, carol)
    report.set_stakes(by=carol, stakes=stakes("chasing-numbers"))
    report.parts = Parts(keywords=["forum"])
    report.write(by=ana)
    assert (in_effect(report), report.author_stakes) == (["chasing-numbers"], ["moving-platform"])


def test_everyone_reads_what_the_author_chose(ana, ben, carol, browse, api):
    report = make_report(ana, carol)
    page = browse().get(report.get_absolute_url())
    assert "The author chose" not in html(page)
    assert post(browse, carol, report, "stakes", stakes=["chasing-numbers"]).status_code == 302
    for person in (None, ana, ben, carol):
        page = html(browse(person).get(report.get_absolute_url()))
        assert "The author chose: Moving to another platform" in " ".join(page.split())
    for address in (f"/api/v1/experiences/{report.public_id}/", "/api/v1/experiences/"):
        body = api().get(address).json()
        told = body.get("results", [body])[0]
        assert (told["stakes"], told["author_stakes"]) == (["chasing-numbers"], ["moving-platform"])
    kept = json.loads(browse(ana).get("/accounts/data/file/").content)["reports"][0]
    assert kept["author_stakes"] == ["moving-platform"]


def test_a_refused_choice_keeps_what_was_ticked(ana, carol, browse):
    report = make_draft(ana).submit(by=ana)
    for wrong in ([], ["no-such-stake"]):
        answer = post(browse, carol, report, "stakes", stakes=wrong)
        assert answer.status_code == 422
        assert "stakes" in answer.context["form"].errors
    stale = post(browse, carol, report, "stakes", stakes=["first-steps"], version=report.version - 1)
    assert stale.status_code == 409
    assert 'value="first-steps" id="id_stakes_first-steps"' in html(stale)


def test_the_form_is_shown_to_those_who_may_use_it(ana, ben, carol, browse):
    for report in (make_draft(ana).submit(by=ana), make_report(make_person("dora"), carol)):
        for person, sees in ((ana, False), (ben, False), (carol, True)):
            answer = browse(person).get(report.get_absolute_url())
            if answer.status_code == 200:
                assert ("Set these stakes" in html(answer)) == sees


def test_a_program_sets_the_stakes(ana, carol, api):
    report = make_report(ana, carol)
    address = f"/api/v1/experiences/{report.public_id}/stakes/"
    assert api(ana).post(address, {"stakes": ["chasing-numbers"]}).status_code == 403
    for wrong in ({}, {"stakes": []}, {"stakes": ["x"]}, {"stakes": "first-steps"}, {"other": 1}):
        assert api(carol).post(address, wrong).status_code == 400, wrong
    answer = api(carol).post(address, {"stakes": ["chasing-numbers"]})
    assert (answer.status_code, answer.json()["author_stakes"]) == (200, ["moving-platform"])


# --- The queue -------------------------------------------------------------------------------------


def sent(author, *, days_ago=0, **overrides):
    """Make a report that `author` sent so many days ago."""
    report = make_draft(author, **overrides).submit(by=author)
    return aged(report, days_ago)


def aged(report, days):
    then = timezone.now() - timedelta(days=days)
    type(report).objects.filter(pk=report.pk).update(submitted_at=then)
    report.log.filter(verb="submitted").update(at=then)
    report.refresh_from_db()
    return report


def lead(answer):
    """Return where a form led to, and what was said there."""
    return answer.redirect_chain[-1][0], [str(message) for message in answer.context["messages"]]


def test_a_reviewer_is_led_to_the_next_report_and_in_the_end_to_the_desk(ana, ben, carol, chris, browse):
    first, second, third = (sent(author, days_ago=days) for author, days in ((ana, 3), (ben, 2), (ana, 1)))
    sent(carol, days_ago=9)  # her own, which another curator reads
    browser = browse(carol)

    def act(report, verb, **words):
        return lead(browser.post(f"{report.get_absolute_url()}{verb}/", words, follow=True))

    assert act(second, "return", reason="unclear", note="Who?")[0] == third.get_absolute_url()
    assert act(third, "publish")[0] == first.get_absolute_url()
    assert act(first, "publish") == (
        "/practices/desk/",
        ["The report is published.", "No other report waits for you."],
    )


def test_the_author_reads_the_place_in_the_queue_and_the_usual_wait_once_it_is_known(ana, ben, carol, browse):
    read = [sent(make_person(f"author{days}"), days_ago=days) for days in (1, 2, 3, 4, 40)]
    for report in read[:-1]:
        report.publish(by=carol)
    sent(ben, days_ago=5)
    mine = sent(ana)

    def told(person):
        return " ".join(html(browse(person).get(mine.get_absolute_url())).split())

    assert "Number 3 in the queue." in told(ana)
    assert "Usually read" not in told(ana)
    read[-1].publish(by=carol)
    assert "Number 2 in the queue. Usually read within 4 days." in told(ana)
    assert "in the queue" not in told(carol)


def test_a_return_counts_as_read_and_from_the_last_sending(ana, carol):
    report = sent(ana, days_ago=30)
    for _time in range(review_queue.FEWEST):
        report.return_to_author(by=carol, reason="unclear", note="Who?")
        report.submit(by=ana)
    assert review_queue.usual_days() == 1
    assert len({line.verb for line in report.log.all()}) == 2


def test_the_desk_shows_one_language_when_asked(ana, carol, browse):
    sent(ana, title="In English", language="en")
    sent(ana, title="En français", language="fr")
    for query, shown in (("", 2), ("?language=fr", 1), ("?language=en", 1), ("?language=de", 2)):
        page = html(browse(carol).get(f"/practices/desk/{query}"))
        assert ("In English" in page) + ("En français" in page) == shown
        assert "2 reports wait for a curator." in page


def test_what_waits_too_long_is_marked(ana, carol, browse):
    for days, late in ((review_queue.LATE_AFTER - 1, False), (review_queue.LATE_AFTER, True)):
        sent(ana, days_ago=days)
        (*_others, entry) = sorted(
            browse(carol).get("/practices/desk/").context["waiting"], key=lambda one: one["days"]
        )
        assert entry["late"] == late


# --- Trust -----------------------------------------------------------------------------------------

WHY = "It names a client for the second time."


def test_a_moderator_withdraws_trust_and_gives_it_back(ana, carol, mona):
    report = make_report(ana, carol)
    assert make_draft(ana).submit(by=ana).status == "published"
    for person in (ana, carol):
        with pytest.raises(PermissionDenied):
            report.withdraw_trust(by=person, note=WHY)
    with pytest.raises(ValidationError):
        report.withdraw_trust(by=mona, note=" ")
    report.withdraw_trust(by=mona, note=WHY)
    assert make_draft(ana).submit(by=ana).status == "submitted"
    line = report.log.last()
    assert (line.verb, line.by, line.note) == ("trust-withdrawn", mona, WHY)

    for person in (ana, carol):
        with pytest.raises(PermissionDenied):
            report.give_trust_back(by=person)
    report.give_trust_back(by=mona)
    assert make_draft(ana).submit(by=ana).status == "published"


def test_nobody_decides_of_their_own_trust(mona, carol):
    report = make_report(mona, carol)
    for verb in (report.withdraw_trust, report.give_trust_back):
        with pytest.raises(PermissionDenied):
            verb(by=mona, note=WHY)


def test_trust_withdrawn_for_two_reports_is_given_back_for_both(ana, carol, mona):
    one, two = make_report(ana, carol), make_report(ana, carol)
    for report in (one, two):
        report.withdraw_trust(by=mona, note=WHY)
    one.give_trust_back(by=mona)
    assert make_draft(ana).submit(by=ana).status == "submitted"
    two.give_trust_back(by=mona)
    assert make_draft(ana).submit(by=ana).status == "published"


def test_no_page_tells_a_moderator_which_reports_are_by_one_author(ana, ben, carol, mona, browse, api):
    """What is decided from one report changes nothing on the others of its author, nor once they have
    left.
    """
    told, other = (make_report(ana, carol, identity="withheld", title=title) for title in ("One", "Two"))
    someone_else = make_report(ben, carol, identity="withheld", title="Three")
    left = make_report(make_person("dora"), carol, identity="withheld", title="Four")
    left.leave_without_name(by=left.author)

    def offered(report):
        page = browse(mona).get(report.get_absolute_url())
        assert "Ana" not in html(page)
        return set(page.context["verb_forms"])

    before = offered(other)
    assert post(browse, mona, told, "withdraw-trust", note=WHY).status_code == 302
    assert "give_trust_back" in offered(told)
    assert offered(other) == offered(someone_else) == offered(left) == before
    for report in (other, someone_else, left):
        for verb, words in (("withdraw-trust", {"note": WHY}), ("give-trust-back", {})):
            address = f"/api/v1/experiences/{report.public_id}/{verb}/"
            answers = [api(mona).post(address, words).status_code for _time in range(2)]
            assert answers == [200, 400]


def test_what_is_decided_of_a_report_without_a_name_holds_for_such_reports_alone(ana, carol, mona):
    withheld, signed = (make_report(ana, carol, identity=identity) for identity in ("withheld", "named"))
    withheld.withdraw_trust(by=mona, note=WHY)
    # A signed report that had to wait would say whose the other is.
    assert make_draft(ana, identity="named").submit(by=ana).status == "published"
    assert make_draft(ana, identity="withheld").submit(by=ana).status == "submitted"
    signed.withdraw_trust(by=mona, note=WHY)
    withheld.give_trust_back(by=mona)
    assert make_draft(ana, identity="named").submit(by=ana).status == "submitted"
    assert make_draft(ana, identity="withheld").submit(by=ana).status == "published"


def test_a_named_author_who_left_cannot_be_trusted_or_not(ana, carol, mona, browse):
    report = make_report(ana, carol)
    type(report).objects.filter(pk=report.pk).update(author=None)
    report.refresh_from_db()
    with pytest.raises(ValidationError):
        report.withdraw_trust(by=mona, note=WHY)
    assert "withdraw_trust" not in browse(mona).get(report.get_absolute_url()).context["verb_forms"]


def test_the_author_reads_why_and_only_they_and_curators_do(ana, ben, carol, mona, browse):
    report = make_report(ana, carol)
    post(browse, mona, report, "withdraw-trust", note=WHY)
    assert WHY in html(browse(ana).get("/experiences/mine/"))
    for person, reads in ((ana, True), (carol, True), (ben, False), (None, False)):
        assert (WHY in html(browse(person).get(report.get_absolute_url()))) == reads
    assert json.loads(browse(ana).get("/accounts/data/file/").content)["profile"]["read_first"] is True
    post(browse, mona, report, "give-trust-back")
    assert WHY not in html(browse(ana).get("/experiences/mine/"))


# --- Alarms ----------------------------------------------------------------------------------------


def test_what_a_moderator_has_let_stand_is_hidden_by_nobody_s_alarm(ana, ben, carol, mona, browse):
    report = make_report(ana, carol)
    make_report(ben, carol)
    for reader, hides in ((ben, True), (ben, False), (carol, False), (carol, False)):
        answer = post(browse, reader, report, "flag", reason="abuse", note="Line two.")
        report.refresh_from_db()
        assert report.status == ("hidden" if hides else "published")
        assert answer["Location"] == ("/experiences/" if hides else report.get_absolute_url())
        if not hides:
            assert post(browse, reader, report, "flag", reason="abuse").status_code == 422
        assert report.title in html(browse(mona).get("/moderation/"))
        verb = "restore" if hides else "keep"
        assert post(browse, mona, report, verb, note="Nothing wrong.").status_code == 302
        assert not report.flags.open().exists()
    assert [line.verb for line in report.log.all()][-4:] == ["flagged-again", "kept", "flagged-again", "kept"]


def test_only_moderators_leave_a_report_shown(ana, ben, carol, mona):
    report = make_report(ana, carol)
    report.flag(by=carol, reason="abuse")
    report.restore(by=mona).flag(by=carol, reason="abuse")
    for person in (ana, ben, carol):
        with pytest.raises(PermissionDenied):
            report.keep(by=person)
    report.keep(by=mona)
    with pytest.raises(ValidationError):
        report.keep(by=mona)


def test_all_alarms_their_notes_and_who_raised_them_are_told_to_moderators_alone(
    ana, ben, carol, mona, browse
):
    report = make_report(ana, carol)
    make_report(ben, carol)
    for note in ("The first note.", "The second note."):
        report.flag(by=ben, reason="abuse", note=note)
        if report.status == "hidden":
            report.restore(by=mona)
    page = html(browse(mona).get(report.get_absolute_url()))
    for told in ("The first note.", "The second note.", "Ben ·", "decided", "waits for your decision"):
        assert told in page
    for person in (None, ana, ben, carol):
        page = html(browse(person).get(report.get_absolute_url()))
        for private in ("The first note.", "The second note.", "Ben ·"):
            assert private not in page


def test_a_moderator_does_not_learn_who_raised_an_alarm_about_their_own_report(mona, ben, carol, browse):
    report = make_report(mona, carol)
    report.flag(by=carol, reason="abuse", note="The note.")
    page = html(browse(mona).get(report.get_absolute_url()))
    assert "The note." not in page


def test_withdrawing_decides_the_alarms(ana, ben, carol, mona, browse):
    report = make_report(ana, carol)
    report.flag(by=carol, reason="identifies")
    report.withdraw(by=mona, note="It names a client.")
    assert not report.flags.open().exists()
    assert report.title not in html(browse(mona).get("/moderation/"))
