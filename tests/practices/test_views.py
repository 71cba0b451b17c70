"""The pages of practices, through the client: who sees what, and what a refusal keeps."""

import pytest

from experiences.models import Situation
from practices.models import Trial
from tests.factories import contexts, make_known, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db


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


# --- Reading ---------------------------------------------------------------------------------------


def test_a_reader_sees_grade_reasons_words_claims_and_evidence(browse, practice, report):
    status, page = get(browse(), f"/practices/{practice.slug}/")
    assert status == 200
    for words in (
        "Lone voice",
        "1 report, from 1 organisation or author, supports it.",
        "What would raise it",
        "Run both places before you close one",
        report.lessons[:40],
        "Contradicted by",
        f"/experiences/{report.public_id}/",
        f"/api/v1/practices/{practice.slug}/",
    ):
        assert words in page


def test_a_practice_never_published_is_unknown_to_readers_and_open_to_curators(browse, draft, ben, carol):
    path = f"/practices/{draft.slug}/"
    assert get(browse(), path)[0] == 404
    assert get(browse(ben), path)[0] == 404
    assert get(browse(carol), path)[0] == 200


def test_readers_keep_the_published_words_during_a_revision(browse, practice, carol):
    practice.reopen(by=carol)
    practice.title = "Words not yet public"
    practice.write(by=carol)
    for person in (None, carol):
        page = get(browse(person), f"/practices/{practice.slug}/")[1]
        assert "Words not yet public" not in page
        assert "Curators are revising this practice" in page


def test_a_withdrawn_report_shows_neither_excerpt_nor_link(browse, practice, report, ana):
    report.withdraw(by=ana, note="I was wrong.")
    for path in (f"/practices/{practice.slug}/", f"/practices/{practice.slug}/v/1/"):
        page = get(browse(), path)[1]
        assert "This report is no longer public" in page
        assert report.lessons[:40] not in page
        assert report.public_id not in page


def test_words_an_author_removed_are_no_longer_shown(browse, practice, report, ana):
    gone, report.lessons = report.lessons[:40], "Nothing to add."
    report.write(by=ana)
    page = get(browse(), f"/practices/{practice.slug}/")[1]
    assert gone not in page
    assert "no longer count" in page


def test_a_retired_practice_leads_to_its_heir_with_the_reason(browse, practice, carol, chris, report):
    heir = make_published_practice(carol, chris, reports=[report], title="Move in steps")
    practice.retire(by=carol, heir=heir, note="Overtaken by events.")
    answer = browse().get(f"/practices/{practice.slug}/", follow=True)
    assert answer.redirect_chain == [(f"/practices/{heir.slug}/", 302)]
    assert "Overtaken by events." in answer.content.decode()
    assert get(browse(), f"/practices/{practice.slug}/v/1/")[0] == 200


def test_a_practice_retired_without_heir_stays_with_a_banner(browse, practice, carol):
    practice.retire(by=carol, note="Overtaken by events.")
    status, page = get(browse(), f"/practices/{practice.slug}/")
    assert status == 200
    assert "This practice is retired." in page
    assert "Overtaken by events." in page


def test_contexts_like_mine_are_counted_for_me(browse, practice, ben):
    Situation.state(contexts(audience=["external"], kind=["open-source"]), by=ben)
    page = get(browse(ben), f"/practices/{practice.slug}/")[1]
    assert "In contexts like yours" in page
    assert "1 report of 1 comes from a context like yours." in page
    assert 'data-y="Yours"' in page


def test_the_log_says_which_rule_moved_the_grade(browse, practice, report, ana):
    report.withdraw(by=ana, note="I was wrong.")
    page = get(browse(), f"/practices/{practice.slug}/")[1]
    assert "The grade moved from G1 Lone voice to G0 Idea: a report was withdrawn." in page
    assert "By rule version 2." in page


def test_names_withheld_stay_withheld(browse, carol, chris, ana, ben):
    secret = make_report(ana, carol, identity="withheld")
    practice = make_published_practice(carol, chris, reports=[secret])
    practice.try_out(by=make_known(ben), verdict="worked", line="It went well.")
    page = get(browse(), f"/practices/{practice.slug}/")[1]
    assert "It went well." in page
    for private in ("Ana", "Ben", "example.org"):
        assert private not in page


def test_versions_are_compared_word_by_word(browse, practice, carol, chris):
    practice.reopen(by=carol)
    practice.summary = "Move in small steps."
    practice.write(by=carol)
    practice.claims()[0].revise(by=carol, text="Announce the end date twice.")
    practice.refresh_from_db()
    practice.submit(by=carol).publish(by=chris)
    page = get(browse(), f"/practices/{practice.slug}/compare/?from=1&to=2")[1]
    assert "<ins>small " in page
    assert "<del>early.</del><ins>twice.</ins>" in page
    assert get(browse(), f"/practices/{practice.slug}/compare/?from=2&to=1")[0] == 200


@pytest.mark.parametrize("query", ["from=9", "from=x", "to=-1", "to=99999999999999999999", "from=²"])
def test_a_version_that_is_not_one_is_unknown(query, browse, practice):
    assert get(browse(), f"/practices/{practice.slug}/compare/?{query}")[0] == 404


def test_a_version_with_a_huge_number_is_unknown(browse, practice):
    assert get(browse(), f"/practices/{practice.slug}/v/{10**30}/")[0] == 404


def test_the_grading_page_names_every_grade_and_flag(browse, db):
    page = get(browse(), "/practices/grading/")[1]
    for words in ("Idea", "Lone voice", "Echoed", "Convergent", "Well founded", "Disputed", "R4"):
        assert words in page


def test_the_page_takes_the_same_queries_for_two_pieces_of_evidence_and_for_twelve(
    browse, carol, chris, ana, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    Situation.state(contexts(audience=["external"]), by=ana)
    counts = []
    for number in (2, 12):
        reports = [make_report(ana, carol) for _ in range(number)]
        practice = make_published_practice(carol, chris, reports=reports, title=f"With {number}")
        practice.try_out(by=ana, verdict="worked", line="Fine.")
        client = browse(ana)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/practices/{practice.slug}/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Trying it -------------------------------------------------------------------------------------


def test_a_member_tells_a_trial_and_changes_it(browse, practice, ben):
    make_known(ben)
    path = f"/practices/{practice.slug}/try/"
    told = {"verdict": "worked", "line": "It went well.", "identity": "named"}
    assert browse(ben).post(path, told).status_code == 302
    assert browse(ben).post(path, told | {"verdict": "no-effect"}).status_code == 302
    assert Trial.objects.get().verdict == "no-effect"
    assert "It went well." in get(browse(), f"/practices/{practice.slug}/")[1]


def test_a_trial_that_lacks_its_verdict_keeps_its_line(browse, practice, ben):
    answer = browse(ben).post(f"/practices/{practice.slug}/try/", {"line": "My own words."})
    assert answer.status_code == 422
    assert "My own words." in answer.content.decode()


def test_a_visitor_is_invited_to_sign_in(browse, practice):
    assert "Sign in to tell it" in get(browse(), f"/practices/{practice.slug}/")[1]
    assert browse().post(f"/practices/{practice.slug}/try/", {"line": "x"}).status_code == 403


# --- The desk --------------------------------------------------------------------------------------


def test_the_desk_is_for_curators(browse, ben, carol):
    assert browse().get("/practices/desk/").status_code == 302
    assert get(browse(ben), "/practices/desk/")[0] == 403
    assert get(browse(carol), "/practices/desk/")[0] == 200


def test_the_desk_shows_what_waits(browse, carol, chris, ben, practice, draft):
    from tests.factories import make_draft

    make_draft(ben, title="Ben’s first").submit(by=ben)
    make_draft(chris, title="A curator’s own").submit(by=chris)
    page = get(browse(chris), "/practices/desk/")[1]
    for words in ("Ben’s first", "A draft of ours", "Yours: another curator reads it"):
        assert words in page


def test_the_desk_shows_practices_to_look_at_again(browse, carol, practice, report, ana):
    assert "To look at again" not in get(browse(carol), "/practices/desk/")[1]
    report.lessons = "Nothing to add."
    report.write(by=ana)
    assert "It quotes words that are gone" in get(browse(carol), "/practices/desk/")[1]


def test_only_moderators_see_what_is_hidden(browse, carol, mona, ben, report):
    report.flag(by=carol, reason="identifies")
    assert "alarm waits for a moderator" in get(browse(mona), "/practices/desk/")[1]
    assert "alarm waits for a moderator" not in get(browse(carol), "/practices/desk/")[1]


# --- States ----------------------------------------------------------------------------------------


def test_two_curators_publish_and_one_cannot(browse, carol, chris, draft):
    base = f"/practices/{draft.slug}/do"
    assert browse(carol).post(f"{base}/submit/").status_code == 302
    bench = get(browse(carol), f"/practices/{draft.slug}/workbench/")[1]
    assert f"{base}/publish/" not in bench
    assert "another curator publishes it" in bench
    assert browse(carol).post(f"{base}/publish/").status_code == 403
    assert f"{base}/publish/" in get(browse(chris), f"/practices/{draft.slug}/workbench/")[1]
    assert browse(chris).post(f"{base}/publish/").status_code == 302
    assert get(browse(), f"/practices/{draft.slug}/")[0] == 200


def test_members_move_nothing(browse, ben, draft, practice, carol):
    for verb in ("submit", "publish", "return", "reopen", "retire", "lower"):
        assert browse(ben).post(f"/practices/{practice.slug}/do/{verb}/").status_code == 403
        assert browse(ben).post(f"/practices/{draft.slug}/do/{verb}/").status_code == 404
    assert browse(carol).post(f"/practices/{practice.slug}/do/reopen/").status_code == 302


def test_a_return_without_its_sentence_is_refused(browse, carol, chris, draft):
    draft.submit(by=carol)
    path = f"/practices/{draft.slug}/do/return/"
    assert browse(chris).post(path, {"note": " "}).status_code == 422
    assert browse(chris).post(path, {"note": "Name the size."}).status_code == 302


def test_a_draft_that_lacks_something_says_what(browse, carol):
    bare = make_practice(carol, how="")
    answer = browse(carol).post(f"/practices/{bare.slug}/do/submit/")
    assert answer.status_code == 422
    assert "Say how it is done." in answer.content.decode()


def test_what_changed_since_the_page_was_read_is_not_published(browse, carol, chris, draft):
    draft.submit(by=carol)
    sent = {"edit_version": draft.edit_version - 1}
    assert browse(chris).post(f"/practices/{draft.slug}/do/publish/", sent).status_code == 409
    sent = {"edit_version": draft.edit_version}
    assert browse(chris).post(f"/practices/{draft.slug}/do/publish/", sent).status_code == 302


def test_a_curator_retires_and_lowers(browse, carol, chris, practice, report):
    base = f"/practices/{practice.slug}/do"
    heir = make_published_practice(carol, chris, reports=[report], title="Move in steps")
    assert browse(carol).post(f"{base}/lower/", {"reason": "Second hand."}).status_code == 302
    assert browse(carol).post(f"{base}/retire/").status_code == 422
    assert browse(carol).post(f"{base}/retire/", {"heir": "nowhere"}).status_code == 422
    assert browse(carol).post(f"{base}/retire/", {"heir": heir.slug}).status_code == 302
    practice.refresh_from_db()
    assert (practice.status, practice.heir, practice.grade) == ("retired", heir, 0)


def test_every_form_that_posts_carries_its_token(browse, carol, draft, practice):
    claim = draft.claims()[0]
    for path in (
        f"/practices/{draft.slug}/workbench/",
        f"/practices/{draft.slug}/edit/",
        f"/practices/{draft.slug}/claims/{claim.pk}/cite/?report={claim.evidence.get().report.public_id}",
        f"/practices/{practice.slug}/workbench/",
        f"/practices/{practice.slug}/",
    ):
        page = get(browse(carol), path)[1]
        assert page.count('method="post"') == page.count("csrfmiddlewaretoken") > 1


def test_the_log_of_readers_begins_with_the_first_version(browse, practice):
    page = get(browse(), f"/practices/{practice.slug}/")[1]
    assert "Version 1 was published." in page
    assert "evidence was added" not in page


def test_a_contradiction_turned_into_a_nuance_shows_between_versions(browse, carol, chris, report):
    practice = make_published_practice(carol, chris, reports=[report], bearing="contradicts")
    practice.reopen(by=carol)
    practice.claims()[0].cite(
        report, by=carol, bearing="nuances", excerpt=report.lessons[:20], note="If small."
    )
    practice.refresh_from_db()
    practice.submit(by=carol).publish(by=chris)
    page = get(browse(), f"/practices/{practice.slug}/compare/")[1]
    assert "<del>Contradicts</del>" in page
    assert "<ins>Nuances</ins>" in page
    assert f'href="/practices/{practice.slug}/"' in page
