"""From a heap of reports to a draft: the desk's clusters, picking, and reports side by side."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone

from practices.models import Cluster, Dismissal, Evidence, LogLine, Practice
from practices.models.material import MOST_GATHERED
from tests.corpus import BADGES, BUDDIES, PARRAINS, tell, told
from tests.factories import make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
STAKE = "first-steps"


@pytest.fixture
def reports(carol):
    return told(carol)


@pytest.fixture
def cluster(reports):
    call_command("cluster_reports", verbosity=0)
    return Cluster.objects.standing().get(members__report=reports[BADGES[0]["title"]])


def ids(reports, topic):
    return [reports[row["title"]].public_id for row in topic]


def get(client, path):
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


# --- The desk and the heap -------------------------------------------------------------------------


def test_the_desk_shows_clusters_with_what_they_share_and_how_they_differ(browse, carol, cluster):
    status, page = get(browse(carol), "/practices/desk/")
    assert status == 200
    for words in (
        cluster.title,
        "badge",
        "1 worked, 2 did not",
        "First steps of newcomers",
        "All from: outside (customers, public, contributors) · open-source or open-data contributors · ",
    ):
        assert words in page


def test_the_desk_says_what_to_do_while_nothing_is_grouped(browse, carol):
    assert "Reports have not been grouped yet" in get(browse(carol), "/practices/desk/")[1]
    call_command("cluster_reports", verbosity=0)
    page = get(browse(carol), "/practices/desk/")[1]
    assert "No two reports tell of the same thing." in page
    assert "Pick reports by stake" in page


def test_a_cluster_s_page_lists_its_reports_ticked(browse, carol, cluster, reports):
    page = get(browse(carol), cluster.get_absolute_url())[1]
    for public_id in ids(reports, BADGES):
        assert f'value="{public_id}" checked' in page


def test_only_curators_see_clusters(browse, ana, carol, cluster):
    for path in ("/practices/clusters/", cluster.get_absolute_url()):
        assert browse(carol).get(path).status_code == 200
        assert browse(ana).get(path).status_code == 403
        assert browse().get(path).status_code == 302
    for path in ("/practices/clusters/?stake=nothing", "/practices/clusters/aaaaaaaaaaaa/"):
        assert browse(carol).get(path).status_code == 404


def test_reports_are_picked_by_stake(browse, carol, ana, reports):
    elsewhere = make_report(ana, carol, title="Under another stake")
    page = get(browse(carol), f"/practices/clusters/?stake={STAKE}")[1]
    assert all(public_id in page for public_id in ids(reports, [*BUDDIES, *BADGES, *PARRAINS]))
    assert elsewhere.public_id not in page


# --- Beginning -------------------------------------------------------------------------------------


def begin(client, reports, **more):
    sent = {"stake": STAKE, "report": reports, "title": "Give badges with a sentence", **more}
    return client.post("/practices/clusters/begin/", sent)


def test_a_cluster_becomes_a_draft_in_one_step(browse, carol, cluster, reports):
    desk = browse(carol)
    page = desk.get("/practices/desk/").content.decode()
    assert 'name="title" value="' in page
    assert cluster.key in page
    answer = begin(desk, ids(reports, BADGES), submission_key="k")
    practice = Practice.objects.get()
    assert answer["Location"] == f"/practices/{practice.slug}/material/"
    assert practice.title == "Give badges with a sentence"
    assert (practice.status, practice.language, practice.stake_slugs) == ("draft", "en", [STAKE])
    assert {row.report.public_id for row in practice.material.all()} == set(ids(reports, BADGES))
    assert cluster.key not in desk.get("/practices/desk/").content.decode()


def test_the_same_form_sent_twice_begins_one_draft(browse, carol, reports):
    client = browse(carol)
    answers = [begin(client, ids(reports, BADGES), submission_key="k")["Location"] for _time in range(2)]
    practice = Practice.objects.get()
    assert answers == [f"/practices/{practice.slug}/material/", f"/practices/{practice.slug}/workbench/"]


def test_a_draft_speaks_the_language_of_most_of_its_reports(browse, carol, reports):
    begin(browse(carol), ids(reports, PARRAINS), title="")
    practice = Practice.objects.get()
    assert (practice.language, practice.title) == ("fr", "Premiers pas des nouveaux")


def test_a_draft_begins_from_one_report_at_least(browse, carol, reports):
    answer = begin(browse(carol), [])
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Tick at least one report" in page
    assert 'value="Give badges with a sentence"' in page
    assert not Practice.objects.exists()


def test_a_title_too_long_is_refused_and_kept(browse, carol, reports):
    answer = begin(browse(carol), ids(reports, BADGES), title="x" * 201)
    assert answer.status_code == 422
    assert "x" * 201 in answer.content.decode()
    assert not Practice.objects.exists()


def test_a_report_withdrawn_meanwhile_is_left_out(browse, carol, reports):
    gone = reports[BADGES[0]["title"]]
    gone.withdraw(by=gone.author, note="I was wrong.")
    begin(browse(carol), ids(reports, BADGES))
    assert {row.report.public_id for row in Practice.objects.get().material.all()} == set(
        ids(reports, BADGES[1:])
    )


def test_members_begin_and_set_aside_nothing(browse, ana, carol, reports):
    for verb in ("begin", "dismiss", "take-back"):
        sent = {"stake": STAKE, "report": ids(reports, BADGES), "title": "Title"}
        assert browse(ana).post(f"/practices/clusters/{verb}/", sent).status_code == 403
        assert browse(carol).post(f"/practices/clusters/{verb}/", sent).status_code == 302


def test_what_is_set_aside_is_listed_and_taken_back(browse, carol, cluster, reports):
    desk = browse(carol)
    sent = {"stake": STAKE, "report": ids(reports, BADGES[:1])}
    answer = desk.post("/practices/clusters/dismiss/", sent, follow=True)
    page = answer.content.decode()
    assert "1 report is set aside under “First steps of newcomers”" in page
    assert "Take back" in page
    assert [one.size for one in Cluster.objects.standing().filter(pk=cluster.pk)] == [2]
    desk.post("/practices/clusters/take-back/", sent)
    assert not Dismissal.objects.exists()
    assert [one.size for one in Cluster.objects.standing().filter(pk=cluster.pk)] == [3]


@pytest.mark.parametrize("words", ["\0", "a\0b", "é" * 12, "x" * 5000, "../..", ""])
def test_nothing_hostile_is_taken_for_a_report_or_a_stake(browse, carol, reports, draft, words):
    client = browse(carol)
    for address in ("begin", "dismiss", "take-back"):
        sent = {"stake": words, "report": [words], "title": words, "submission_key": words}
        assert client.post(f"/practices/clusters/{address}/", sent).status_code == 404
        assert client.post(f"/practices/clusters/{address}/", sent | {"stake": STAKE}).status_code in (
            302,
            422,
        )
    assert client.post(f"{material(draft)}add/", {"report": [words]}).status_code == 422
    known = ids(reports, BADGES[:1])
    assert begin(client, known, title=words, submission_key=words).status_code in (302, 422)


def test_nothing_ticked_is_set_aside(browse, carol, reports):
    answer = browse(carol).post("/practices/clusters/dismiss/", {"stake": STAKE})
    assert answer.status_code == 422
    assert not Dismissal.objects.exists()


# --- Side by side ----------------------------------------------------------------------------------


@pytest.fixture
def draft(carol, reports):
    practice = make_practice(carol, title="Give badges with a sentence", stakes_=(STAKE,))
    return practice.gather([reports[row["title"]] for row in BADGES], by=carol)


def material(practice):
    return f"/practices/{practice.slug}/material/"


def test_reports_stand_side_by_side_with_all_that_is_compared(browse, carol, draft, ana):
    measured = make_report(ana, carol, measured=True, title="A measured one")
    draft.gather([measured], by=carol)
    page = get(browse(carol), material(draft))[1]
    for row in BADGES:
        for name in ("title", "situation", "action", "result", "lessons"):
            assert row[name] in page
    for words in (
        "It made things worse",
        "open-source or open-data contributors",
        "Figures given by the author.",
        "Working grade",
        "Idea",
    ):
        assert words in page


def test_a_report_is_attached_to_a_claim_without_leaving_the_page(browse, carol, draft, reports):
    report, claim = reports[BADGES[0]["title"]], draft.claims().get()
    sent = {"claim": claim.pk, "bearing": "contradicts", "excerpt": report.lessons, "note": "Not for long."}
    answer = browse(carol).post(f"{material(draft)}{report.public_id}/cite/", sent)
    assert answer["Location"] == f"{material(draft)}#report-{report.public_id}"
    row = Evidence.objects.get()
    assert (row.claim, row.report, row.bearing, row.note) == (claim, report, "contradicts", "Not for long.")
    page = get(browse(carol), material(draft))[1]
    assert "<b>Contradicts</b>" in page
    assert f"{report.public_id}/remove/" not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"excerpt": "Words that nobody wrote."}, "These words are not in the report."),
        ({"bearing": ""}, "This field is required."),
        ({"claim": "0"}, "Select a valid choice."),
    ],
)
def test_a_refused_excerpt_is_kept_in_its_column(browse, carol, draft, reports, change, said):
    report, claim = reports[BADGES[0]["title"]], draft.claims().get()
    sent = {"claim": claim.pk, "bearing": "supports", "excerpt": report.lessons, "note": "A note kept."}
    answer = browse(carol).post(f"{material(draft)}{report.public_id}/cite/", sent | change)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert page.count("A note kept.") == 1
    assert not Evidence.objects.exists()


def test_a_stale_column_overwrites_nothing_and_can_be_sent_again(browse, carol, draft, reports):
    report, claim = reports[BADGES[0]["title"]], draft.claims().get()
    sent = {
        "claim": claim.pk,
        "bearing": "supports",
        "excerpt": report.lessons,
        "edit_version": draft.edit_version,
    }
    draft.add_claim(by=carol, kind="avoid-this", text="Show no ranking.")
    client, address = browse(carol), f"{material(draft)}{report.public_id}/cite/"
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert not Evidence.objects.exists()
    draft.refresh_from_db()
    field = f'name="edit_version" value="{draft.edit_version}" id="{report.public_id}_edit_version"'
    assert field in answer.content.decode()
    assert client.post(address, sent | {"edit_version": draft.edit_version}).status_code == 302


def test_a_claim_is_written_beside_the_reports(browse, carol, draft):
    client = browse(carol)
    sent = {"new-kind": "avoid-this", "new-text": "Show no ranking.", "new-edit_version": draft.edit_version}
    assert client.post(f"{material(draft)}claim/", sent)["Location"] == material(draft)
    assert "Show no ranking." in [claim.text for claim in draft.claims()]
    assert client.post(f"{material(draft)}claim/", sent | {"new-text": ""}).status_code == 422


def test_reports_are_found_and_added_and_taken_away(browse, carol, draft, reports):
    client, report = browse(carol), reports[BUDDIES[0]["title"]]
    for words in ("buddy", report.public_id, f"http://testserver{report.get_absolute_url()}", ""):
        assert f'value="{report.public_id}"' in get(client, f"{material(draft)}?q={words}")[1], words
    assert client.post(f"{material(draft)}add/", {"report": [report.public_id]})["Location"] == material(
        draft
    )
    assert report in draft.gathered()
    assert f'value="{report.public_id}"' not in get(client, f"{material(draft)}?q=buddy")[1]
    client.post(f"{material(draft)}{report.public_id}/remove/")
    assert report not in draft.gathered()
    assert client.post(f"{material(draft)}add/", {"report": ["nothing"]}).status_code == 422


def test_a_report_no_longer_public_leaves_the_page_and_is_counted(browse, carol, draft, reports):
    gone = reports[BADGES[0]["title"]]
    gone.withdraw(by=gone.author, note="I was wrong.")
    page = get(browse(carol), material(draft))[1]
    assert gone.result not in page
    assert "1 report that was gathered here is no longer public." in page
    gone.erase(by=gone.author)
    assert draft.material.count() == 2


def test_material_is_for_curators_and_for_open_drafts(browse, ana, carol, chris, draft, reports):
    report = reports[BUDDIES[0]["title"]]
    assert browse(ana).get(material(draft)).status_code == 404
    practice = make_published_practice(carol, chris, reports=[report], title="Published")
    assert browse(ana).get(material(practice)).status_code == 403
    assert browse(carol).get(material(practice)).status_code == 200
    sent = {"report": [report.public_id]}
    assert browse(carol).post(f"{material(practice)}add/", sent).status_code == 403
    assert browse(carol).post(f"{material(draft)}add/", sent).status_code == 302


def test_gathering_is_for_curators_of_an_open_draft_and_bounded(ana, carol, draft, reports, monkeypatch):
    report = reports[BUDDIES[0]["title"]]
    for act in (lambda by: draft.gather([report], by=by), lambda by: draft.put_back(report, by=by)):
        with pytest.raises(PermissionDenied):
            act(ana)
        act(carol)
    monkeypatch.setattr("practices.models.material.MOST_GATHERED", 3)
    with pytest.raises(ValidationError):
        draft.gather([report], by=carol)
    assert draft.material.count() == 3
    assert MOST_GATHERED == 30


def test_gathering_neither_edits_the_words_nor_makes_forms_stale(carol, chris, draft, reports):
    before = draft.edit_version
    draft.gather([reports[BUDDIES[0]["title"]]], by=chris)
    draft.refresh_from_db()
    assert draft.edit_version == before
    assert not draft.editors.filter(pk=chris.pk).exists()


# --- From a report's page --------------------------------------------------------------------------


def test_curators_use_a_report_from_its_own_page(browse, ana, carol, draft, reports):
    report = reports[BUDDIES[0]["title"]]
    address = f"/practices/use/{report.public_id}/"
    assert address in get(browse(carol), report.get_absolute_url())[1]
    assert address not in get(browse(ana), report.get_absolute_url())[1]
    page = get(browse(carol), address)[1]
    assert f"{material(draft)}add/" in page
    assert browse(ana).get(address).status_code == 403
    report.withdraw(by=report.author, note="I was wrong.")
    assert browse(carol).get(address).status_code == 404


# --- Words that are gone ---------------------------------------------------------------------------


def test_words_that_are_gone_are_on_the_desk_until_they_are_quoted_again(browse, carol, draft, reports):
    report, claim = reports[BADGES[0]["title"]], draft.claims().get()
    claim.cite(report, by=carol, bearing="supports", excerpt="Never show a ranking of badges.")
    desk = browse(carol)
    assert "Quoted words that are gone" not in get(desk, "/practices/desk/")[1]
    assert draft.assess(working=True).code == 1

    report.refresh_from_db()
    report.lessons = "Show no ranking."
    report.write(by=report.author)
    assert draft.assess(working=True).code == 0
    cite = f"/practices/{draft.slug}/claims/{claim.pk}/cite/?report={report.public_id}"
    for path in ("/practices/desk/", f"/practices/{draft.slug}/workbench/"):
        page = get(desk, path)[1]
        assert cite in page, path
        assert claim.text in page
        assert report.title in page
    assert "the quoted words are gone" in get(desk, material(draft))[1]

    sent = {"report": report.public_id, "bearing": "supports", "excerpt": "Show no ranking."}
    assert desk.post(cite.partition("?")[0], sent).status_code == 302
    assert draft.assess(working=True).code == 1
    assert "Quoted words that are gone" not in get(desk, "/practices/desk/")[1]


def test_words_gone_under_a_published_practice_ask_for_a_revision(browse, carol, chris, reports):
    report = reports[BADGES[0]["title"]]
    practice = make_published_practice(carol, chris, reports=[report])
    report.refresh_from_db()
    report.lessons = "Show no ranking."
    report.write(by=report.author)
    assert "Begin a revision" in get(browse(carol), "/practices/desk/")[1]
    page = get(browse(carol), f"/practices/{practice.slug}/workbench/")[1]
    assert "Begin a revision to quote it again, or to take it out." in page
    practice.retire(by=carol, note="Overtaken.")
    assert "Quoted words that are gone" not in get(browse(carol), "/practices/desk/")[1]


# --- Ages ------------------------------------------------------------------------------------------


def test_drafts_and_reviews_say_for_how_long_they_have_been_so(browse, carol, reports):
    draft = make_practice(carol, title="An old draft")
    LogLine.objects.filter(practice=draft).update(at=timezone.now() - timezone.timedelta(days=9))
    waiting = make_practice(carol, title="In review").submit(by=carol)
    LogLine.objects.filter(practice=waiting, verb="submitted").update(
        at=timezone.now() - timezone.timedelta(days=3)
    )
    page = get(browse(carol), "/practices/desk/")[1]
    assert "9 days" in page
    assert "3 days" in page


def test_all_that_is_the_same_of_contexts_is_said(browse, carol):
    where = {"audience": ["external"], "kind": ["open-source"], "community-size": ["unknown"]}
    for row in BADGES:
        tell(carol, row, where=where)
    call_command("cluster_reports", verbosity=0)
    page = get(browse(carol), "/practices/desk/")[1]
    assert (
        "All from: outside (customers, public, contributors) · open-source or open-data contributors<" in page
    )
