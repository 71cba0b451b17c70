"""The workbench of a practice, through the client: what curators do there, and what a refusal keeps."""

import pytest

from practices.models import Evidence, Practice
from tests.factories import make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "Close slowly",
    "language": "en",
    "summary": "Step by step.",
    "how": "1. Announce.",
    "stakes": ["moving-platform"],
}


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


@pytest.fixture
def practice(carol, chris, report):
    return make_published_practice(carol, chris, reports=[report])


@pytest.fixture
def draft(carol, report):
    return make_practice(carol, reports=[report], title="A draft of ours")


def get(client, path):
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("page", ["edit", "workbench"])
def test_the_workbench_is_unknown_or_refused_to_members(page, browse, draft, practice, ben, carol):
    practice.reopen(by=carol)
    assert get(browse(ben), f"/practices/{draft.slug}/{page}/")[0] == 404
    assert get(browse(ben), f"/practices/{practice.slug}/{page}/")[0] == 403
    assert browse().get(f"/practices/{draft.slug}/{page}/").status_code == 302
    assert get(browse(carol), f"/practices/{draft.slug}/{page}/")[0] == 200


def test_a_curator_begins_a_practice(browse, carol, ben):
    assert browse(ben).post("/practices/new/", TYPED).status_code == 403
    answer = browse(carol).post("/practices/new/", TYPED | {"audience": ["external"]})
    assert answer.status_code == 302
    practice = Practice.objects.get()
    assert [stake.slug for stake in practice.stakes.all()] == ["moving-platform"]
    assert [context.slug for context in practice.contexts.all()] == ["external"]


@pytest.mark.parametrize(
    "bad",
    [{"title": ""}, {"stakes": ["no-such-stake"]}, {"summary": "x" * 601}, {"kind": "\0"}, {"why": "a\0b"}],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(bad, browse, carol):
    answer = browse(carol).post("/practices/new/", TYPED | {"pitfalls": "Keep me."} | bad)
    assert answer.status_code == 422
    assert "Keep me." in answer.content.decode()


def test_a_stale_form_shows_both_texts_and_overwrites_nothing(browse, carol, chris, draft):
    seen = draft.edit_version
    draft.summary = "Theirs, stored first."
    draft.write(by=chris)
    answer = browse(carol).post(
        f"/practices/{draft.slug}/edit/", TYPED | {"summary": "Mine, typed later.", "edit_version": seen}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs, stored first." in page
    assert "Mine, typed later." in page
    assert Practice.objects.get().summary == "Theirs, stored first."


def test_claims_are_added_revised_moved_and_removed(browse, carol, draft):
    client, base = browse(carol), f"/practices/{draft.slug}"
    added = client.post(
        f"{base}/workbench/", {"new-kind": "avoid-this", "new-text": "Do not rush.", "new-opinion": "on"}
    )
    assert added.status_code == 302
    pk = draft.claims().get(text="Do not rush.").pk
    words = {f"claim-{pk}-kind": "do-this", f"claim-{pk}-text": "Rest.", f"claim-{pk}-opinion": "on"}
    assert client.post(f"{base}/claims/{pk}/revise/", words).status_code == 302
    assert client.post(f"{base}/claims/{pk}/up/").status_code == 302
    assert [claim.text for claim in draft.claims()][0] == "Rest."
    assert client.post(f"{base}/claims/{pk}/remove/").status_code == 302
    assert draft.claims().count() == 1
    assert client.post(f"{base}/claims/{pk}/remove/").status_code == 404


def test_a_claim_without_words_is_refused_and_a_stale_one_kept(browse, carol, draft):
    client, path = browse(carol), f"/practices/{draft.slug}/workbench/"
    assert client.post(path, {"new-kind": "do-this", "new-text": ""}).status_code == 422
    stale = client.post(path, {"new-kind": "do-this", "new-text": "Typed in vain?", "new-edit_version": "1"})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "Typed in vain?" in page
    draft.refresh_from_db()
    assert f'name="new-edit_version" value="{draft.edit_version}"' in page
    again = {"new-kind": "do-this", "new-text": "Typed in vain?", "new-edit_version": draft.edit_version}
    assert client.post(path, again).status_code == 302
    assert draft.claims().filter(text="Typed in vain?").exists()


def test_a_report_is_found_and_cited_word_for_word(browse, carol, ana, draft):
    other = make_report(ana, carol, title="Zebra crossings in forums")
    client, path = browse(carol), f"/practices/{draft.slug}/claims/{draft.claims()[0].pk}/cite/"
    assert "Zebra crossings" in get(client, f"{path}?q=zebra")[1]
    assert other.lessons in get(client, f"{path}?q=http://testserver/experiences/{other.public_id}/")[1]
    sent = {
        "report": other.public_id,
        "bearing": "contradicts",
        "excerpt": "Never said.",
        "note": "Kept note.",
    }
    refused = client.post(path, sent)
    assert refused.status_code == 422
    assert "Kept note." in refused.content.decode()
    assert client.post(path, sent | {"excerpt": other.lessons[:20]}).status_code == 302
    row = Evidence.objects.get(report=other)
    assert client.post(f"/practices/{draft.slug}/evidence/{row.pk}/remove/").status_code == 302
    assert not Evidence.objects.filter(report=other).exists()


@pytest.mark.parametrize("odd", ["?q=" + "x" * 300, "?q=%27%22*", f"?report={'9' * 12}"])
def test_an_odd_search_for_a_report_is_answered(odd, browse, carol, draft):
    path = f"/practices/{draft.slug}/claims/{draft.claims()[0].pk}/cite/{odd}"
    assert browse(carol).get(path).status_code in (200, 422)


@pytest.mark.parametrize(
    "path", [f"claims/{10**30}/cite/", "claims/0/up/", f"evidence/{10**30}/remove/", "do/explode/"]
)
def test_what_does_not_exist_is_unknown(path, browse, carol, draft):
    assert browse(carol).post(f"/practices/{draft.slug}/{path}").status_code == 404


def test_words_typed_while_the_practice_went_to_review_are_kept(browse, carol, draft):
    draft.submit(by=carol)
    answer = browse(carol).post(f"/practices/{draft.slug}/edit/", TYPED | {"why": "Typed too late."})
    assert answer.status_code == 403
    assert "Typed too late." in answer.content.decode()
