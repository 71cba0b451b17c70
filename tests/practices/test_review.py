"""Two people: what a reviewer says beside the claims, who is told, and fifty curators who click at once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail
from config.versioning import Conflict
from practices.models import Comment, Practice
from tests.conftest import make_person
from tests.factories import make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


@pytest.fixture
def draft(carol, report):
    return make_practice(carol, reports=[report], title="A draft of ours")


@pytest.fixture
def in_review(draft, carol):
    return draft.submit(by=carol)


def page_of(client, address):
    return client.get(address).content.decode()


# --- Comments --------------------------------------------------------------------------------------


def test_a_reviewer_comments_beside_a_claim_and_may_still_publish(in_review, chris):
    claim = in_review.claims()[0]
    said = in_review.comment(by=chris, text="Is it so everywhere?", claim=claim)
    assert (said.about, said.settled_at) == (claim.text, None)
    assert [line.verb for line in in_review.log.filter(by=chris)] == ["commented"]
    assert in_review.publish(by=chris).status == "published"


def test_a_comment_is_settled_once(in_review, carol, chris):
    said = in_review.comment(by=chris, text="Is it so everywhere?")
    same = Comment.objects.get(pk=said.pk)
    assert said.settle(by=carol).settled_by == carol
    with pytest.raises(ValidationError):
        same.settle(by=chris)
    assert in_review.log.filter(verb="settled").count() == 1


def test_a_comment_is_about_a_claim_of_this_working_copy(in_review, report, carol, chris):
    other = make_published_practice(carol, chris, reports=[report], title="Another")
    for claim in (other.claims()[0], other.current.claims.get()):
        with pytest.raises(ValidationError) as refusal:
            in_review.comment(by=chris, text="Here?", claim=claim)
        assert "claim" in refusal.value.error_dict
    assert in_review.comment(by=chris, text="Here?", claim=in_review.claims()[0])


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, "a\0b"])
def test_a_comment_that_says_nothing_or_cannot_be_kept_is_refused(text, in_review, chris):
    with pytest.raises(ValidationError):
        in_review.comment(by=chris, text=text)
    assert in_review.comment(by=chris, text="Something.")


def test_a_claim_that_is_reworded_or_removed_leaves_the_comment_its_words(draft, chris, carol, browse):
    claim = draft.claims()[0]
    said = draft.comment(by=chris, text="Is it so everywhere?", claim=claim)
    assert not said.is_outdated
    claim.revise(by=carol, text="Announce it twice.")
    said.refresh_from_db()
    assert said.is_outdated
    claim.remove(by=carol)
    said.refresh_from_db()
    assert (said.claim, said.about) == (None, "Announce the end date early.")
    page = page_of(browse(chris), f"/practices/{draft.slug}/workbench/")
    assert "Is it so everywhere?" in page
    assert "Announce the end date early." in page


def test_a_form_sent_twice_is_one_comment(browse, in_review, chris):
    sent = {"comment-text": "Is it so everywhere?", "comment-submission_key": "k"}
    for _time in range(2):
        assert browse(chris).post(f"/practices/{in_review.slug}/comments/", sent).status_code == 302
    assert in_review.comments.count() == 1


def test_comments_stand_on_the_workbench_and_in_no_version(browse, api, in_review, ben, carol, chris):
    base, claim = f"/practices/{in_review.slug}", in_review.claims()[0]
    browse(chris).post(
        f"{base}/claims/{claim.pk}/comment/", {f"comment-{claim.pk}-text": "Beside the claim."}
    )
    browse(chris).post(f"{base}/comments/", {"comment-text": "Of the whole."})
    bench = page_of(browse(carol), f"{base}/workbench/")
    assert "2 comments are not settled yet." in bench
    assert "2 open comments" in page_of(browse(carol), "/practices/desk/")
    assert bench.index("Beside the claim.") < bench.index("Of the whole.")

    in_review.publish(by=chris)
    for person in (None, ben, carol):
        for address in (
            base,
            f"{base}/v/1",
            f"{base}/compare",
            f"/api/v1{base}",
            f"/api/v1{base}/versions/1",
        ):
            page = page_of(browse(person), f"{address}/")
            assert "Beside the claim." not in page
            assert "Of the whole." not in page
    assert "Of the whole." in page_of(browse(carol), f"{base}/workbench/")


def test_what_was_typed_is_kept_when_a_comment_is_refused(browse, in_review, chris):
    address = f"/practices/{in_review.slug}/comments/"
    refused = browse(chris).post(address, {"comment-text": "x" * 2001})
    assert refused.status_code == 422
    assert "x" * 2001 in refused.content.decode()
    in_review.publish(by=chris)
    late = browse(chris).post(address, {"comment-text": "Typed too late."})
    assert late.status_code == 422
    assert "Typed too late." in late.content.decode()


def test_a_comment_is_settled_on_the_workbench(browse, in_review, carol, chris):
    said = in_review.comment(by=chris, text="Is it so everywhere?", claim=in_review.claims()[0])
    answer = browse(carol).post(f"/practices/{in_review.slug}/comments/{said.pk}/settle/")
    assert answer["Location"].endswith(f"/workbench/#claim-{said.claim_id}")
    page = page_of(browse(carol), f"/practices/{in_review.slug}/workbench/")
    assert "1 settled comment" in page
    assert "not settled yet" not in page
    assert browse(carol).post(f"/practices/{in_review.slug}/comments/{10**30}/settle/").status_code == 404


def test_programs_of_curators_read_write_and_settle_comments(api, in_review, ben, carol, chris):
    base, claim = f"/api/v1/practices/{in_review.slug}/comments/", in_review.claims()[0]
    made = api(chris).post(base, {"text": "Is it so everywhere?", "claim": claim.pk})
    assert (made.status_code, made.json()["author"]) == (201, {"name": "Chris"})
    assert api(chris).post(base, {"text": "And this?"}).json()["claim"] is None
    for claim_id in (0, 10**30):
        refused = api(chris).post(base, {"text": "Where?", "claim": claim_id})
        assert refused.json()["errors"][0]["field"] == "claim"
    settled = api(carol).post(f"{base}{made.json()['id']}/settle/").json()
    assert settled["settled_on"]
    assert api(carol).get(base).json()["count"] == 2
    assert api(ben).get(base).status_code == 404
    in_review.publish(by=chris)
    assert api(ben).get(base).status_code == 403
    assert api().get(base).status_code == 401


def test_the_workbench_asks_as_often_for_many_comments_as_for_few(browse, in_review, carol, chris):
    counts = []
    for number in (2, 10):
        for turn in range(number):
            in_review.comment(by=chris, text=f"{turn}", claim=in_review.claims()[0])
        browser = browse(carol)
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/practices/{in_review.slug}/workbench/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Who is told -----------------------------------------------------------------------------------


def told():
    """Return {who: mail} of the mails that wait, and forget them."""
    mails = {mail.recipient.split("@")[0]: mail for mail in OutgoingMail.objects.all()}
    OutgoingMail.objects.all().delete()
    return mails


@pytest.fixture
def dora(db):
    """A third curator, who edits too."""
    return make_person("dora", "Curators", language="fr")


@pytest.fixture
def _all_want_all(carol, chris, dora):
    for person in (carol, chris, dora):
        person.notices = "all"
        person.save()
    told()


@pytest.mark.usefixtures("_all_want_all")
def test_each_step_is_told_to_those_it_concerns(draft, carol, chris, dora):
    draft.claims()[0].revise(by=dora, text="Announce it.")
    draft.refresh_from_db()
    told()
    draft.submit(by=carol)
    assert {name: mail.subject for name, mail in told().items()} == {
        "chris": "“A draft of ours” waits for a second curator"
    }
    draft.comment(by=chris, text="Is it so everywhere?")
    draft.return_to_curators(by=chris, note="Name the size.")
    returned = told()
    assert set(returned) == {"carol", "dora"}
    assert "Name the size." in returned["carol"].body
    assert "1 comment beside the claims is not settled yet." in returned["carol"].body
    assert f"/practices/{draft.slug}/workbench/" in returned["carol"].body
    assert returned["dora"].language == "fr"
    draft.submit(by=carol)
    told()
    draft.publish(by=chris)
    assert {name: mail.subject for name, mail in told().items() if name == "carol"} == {
        "carol": "“A draft of ours” is published"
    }
    draft.reopen(by=chris)
    assert told() == {}


def test_a_curator_is_told_as_they_chose(draft, carol, chris, dora):
    chris.notices, dora.notices = "none", "waiting"
    chris.save()
    dora.save()
    told()
    draft.submit(by=carol)
    assert set(told()) == {"dora"}
    draft.publish(by=chris)
    assert told() == {}  # carol wants only what waits for her


# --- Fifty at once ---------------------------------------------------------------------------------

MANY = 50
CLICKS = {
    # verb: (how it came to its state, the act, who is told)
    "submitted": ("draft", lambda practice, by: practice.submit(by=by)),
    "returned": ("in-review", lambda practice, by: practice.return_to_curators(by=by, note="Why?")),
    "published": ("in-review", lambda practice, by: practice.publish(by=by)),
    "reopened": ("published", lambda practice, by: practice.reopen(by=by)),
    "retired": ("published", lambda practice, by: practice.retire(by=by, note="Overtaken.")),
}


def clicked(state, report, carol, chris):
    """Return a practice in `state`, fifty curators, and no mail yet."""
    practice = make_practice(carol, reports=[report])
    if state != "draft":
        practice.submit(by=carol)
    if state == "published":
        practice.publish(by=chris)
    curators = [make_person(f"curator{number}", "Curators") for number in range(MANY)]
    OutgoingMail.objects.all().delete()
    return practice, curators


def assert_one(practice, verb, outcomes):
    done = [outcome for outcome in outcomes if isinstance(outcome, Practice)]
    assert len(done) == 1
    assert all(isinstance(outcome, Practice | ValidationError) for outcome in outcomes), outcomes
    assert practice.log.filter(verb=verb).count() == 1
    assert practice.versions.count() <= 1
    mails = list(OutgoingMail.objects.values_list("recipient", flat=True))
    assert len(mails) == len(set(mails))
    if verb == "returned":
        assert mails == ["carol@example.org"]


@pytest.mark.sqlite
@pytest.mark.parametrize("verb", CLICKS)
def test_of_fifty_clicks_on_one_page_one_acts(verb, report, carol, chris):
    state, act = CLICKS[verb]
    practice, curators = clicked(state, report, carol, chris)
    read = [Practice.objects.get(pk=practice.pk) for _curator in curators]
    outcomes = []
    for row, curator in zip(read, curators, strict=True):
        try:
            outcomes.append(act(row, curator))
        except Conflict as conflict:
            outcomes.append(conflict)
    assert_one(practice, verb, outcomes)


@pytest.mark.postgresql
@pytest.mark.parametrize("verb", CLICKS)
def test_fifty_curators_who_click_at_once_make_one_step(together, verb, report, carol, chris):
    state, act = CLICKS[verb]
    practice, curators = clicked(state, report, carol, chris)
    outcomes = together(MANY, lambda turn: act(Practice.objects.get(pk=practice.pk), curators[turn]))
    assert_one(practice, verb, outcomes)


def test_members_neither_comment_nor_settle(in_review, ben, chris):
    said = in_review.comment(by=chris, text="Is it so everywhere?")
    for act in (lambda: in_review.comment(by=ben, text="x"), lambda: said.settle(by=ben)):
        with pytest.raises(PermissionDenied):
            act()
