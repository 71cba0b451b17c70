"""Versions of a practice: each keeps its address, says what it changed, and compares with any other."""

import pytest

from experiences.models.report.parts import Parts
from practices.models import PracticeVersion
from practices.search import rebuild
from tests.conftest import make_person
from tests.factories import make_next_version, make_practice, make_published_practice, make_report, stakes

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


@pytest.fixture
def practice(carol, chris, report):
    return make_published_practice(carol, chris, reports=[report])


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def compared(client, practice, query=""):
    return page_of(client, f"/practices/{practice.slug}/compare/{query}")


# --- What each changed -----------------------------------------------------------------------------


def test_a_version_counts_what_it_changed(practice, report, ben, carol, chris):
    def change(working):
        working.summary = "Move in small steps."
        working.parts = Parts(stakes=stakes("moving-platform", "activity-drop"))
        working.write(by=carol)
        first = working.claims()[0]
        first.revise(by=carol, text="Announce the end date twice.")
        first.cite(report, by=carol, bearing="nuances", excerpt=report.lessons[:20], note="If small.")
        first.cite(make_report(ben, carol), by=carol, bearing="supports", excerpt=report.lessons[:20])
        working.add_claim(by=carol, kind="avoid-this", text="Do not rush.", opinion=True).move(-1, by=carol)

    assert practice.current.changes == {}
    changed = make_next_version(practice, carol, chris, change).current
    assert changed.changes == {
        "words": ["summary", "stakes"],
        "claims": {"added": 1, "removed": 0, "reworded": 1},
        "evidence": {"added": 1, "removed": 0, "changed": 1},
    }
    assert changed.what_changed == [
        "Words that changed: summary, stakes.",
        "1 claim was added.",
        "1 claim was reworded.",
        "1 citation was added.",
        "1 citation bears otherwise.",
    ]


def test_a_claim_replaced_by_another_is_not_one_reworded(practice, carol, chris):
    def change(working):
        working.claims()[0].remove(by=carol)
        working.refresh_from_db()
        working.add_claim(by=carol, kind="do-this", text="Rest.", opinion=True)

    changes = make_next_version(practice, carol, chris, change).current.changes
    assert changes["claims"] == {"added": 1, "removed": 1, "reworded": 0}
    assert changes["evidence"] == {"added": 0, "removed": 1, "changed": 0}


def test_a_claim_is_followed_through_versions(practice, carol, chris):
    second = make_next_version(
        practice, carol, chris, lambda working: working.claims()[0].revise(by=carol, text="Other.")
    )
    assert {claim.lasting_id for claim in second.all_claims.all()} == {practice.claims().get().lasting_id}


def test_the_pages_and_the_api_list_the_versions_with_what_each_changed(browse, api, practice, carol, chris):
    make_next_version(
        practice, carol, chris, lambda working: working.claims()[0].revise(by=carol, text="Other words.")
    )
    for address in (f"/practices/{practice.slug}/", f"/practices/{practice.slug}/v/1/"):
        page = page_of(browse(), address)
        assert "This is the first version." in page
        assert "1 claim was reworded." in page
        assert f"/practices/{practice.slug}/compare/?from=1&amp;to=2" in page

    newest, first = api().get(f"/api/v1/practices/{practice.slug}/versions/").json()["results"]
    assert (newest["version"], newest["grade_then"]) == (2, "G1")
    assert newest["changes"]["claims"] == {"added": 0, "removed": 0, "reworded": 1}
    assert first["changes"] is None
    assert api().get(first["url"]).json()["version"] == 1
    assert browse().get(first["html_url"]).status_code == 200


def test_versions_of_a_draft_are_unknown_to_readers(api, ben, carol):
    draft = make_practice(carol)
    assert api(ben).get(f"/api/v1/practices/{draft.slug}/versions/").status_code == 404
    assert api(carol).get(f"/api/v1/practices/{draft.slug}/versions/").json()["count"] == 0


def test_what_changed_is_derived_and_checked(practice, carol, chris):
    def change(working):
        working.claims()[0].remove(by=carol)
        working.add_claim(by=carol, kind="do-this", text="Rest.", opinion=True)

    practice = make_next_version(practice, carol, chris, change)
    assert list(rebuild.differences(practice)) == []
    PracticeVersion.objects.filter(number=2).update(changes={})
    assert list(rebuild.differences(practice)) == ["changes of version 2"]
    rebuild.rebuild(practice)
    assert list(rebuild.differences(practice)) == []


def test_a_version_keeps_the_grade_readers_saw_lowered_or_not(practice, report, carol, chris):
    assert practice.current.grade == 1
    practice.lower_grade(by=carol, reason="Told second hand.")
    assert (
        make_next_version(practice, carol, chris, lambda working: working.write(by=carol)).current.grade == 0
    )


# --- Compared word by word -------------------------------------------------------------------------


def test_claims_excerpts_notes_bearings_and_grades_are_compared(browse, practice, report, ben, carol, chris):
    other = make_report(ben, carol, title="Another one", measured=True)

    def change(working):
        first = working.claims()[0]
        first.revise(by=carol, text="Announce the end date twice.")
        first.cite(report, by=carol, bearing="nuances", excerpt=report.lessons[:20], note="If small.")
        first.cite(other, by=carol, bearing="supports", excerpt=other.lessons[:20])
        working.add_claim(by=carol, kind="avoid-this", text="Do not rush.", opinion=True)

    practice = make_next_version(practice, carol, chris, change)
    page = compared(browse(), practice, "?from=1&to=2")
    for words in (
        "<del>early.</del><ins>twice.</ins>",
        "<del>Supports</del> <ins>Nuances</ins>",
        "<ins>If small.</ins>",
        "<ins>Supports</ins>",
        "Another one",
        "<ins>Avoid this: Do not rush. (opinion)</ins>",
        "<del>G1 Lone voice</del> <ins>G2 Echoed</ins>",
    ):
        assert words in page
    assert "<del>Echoed" not in page
    assert "<ins>G1 Lone voice</ins>" in compared(browse(), practice, "?from=2&to=1")


def test_stakes_are_compared_by_name(browse, practice, carol, chris):
    def change(working):
        working.parts = Parts(stakes=stakes("activity-drop"))
        working.write(by=carol)

    page = compared(browse(), make_next_version(practice, carol, chris, change))
    (gone, come) = (stake.label for stake in (stakes("moving-platform")[0], stakes("activity-drop")[0]))
    assert f"<del>{gone}" in page
    assert f"<ins>{come}" in page


@pytest.mark.parametrize("away", ["withdrawn", "erased", "reworded"])
def test_a_comparison_quotes_nothing_that_its_author_took_back(
    away, browse, practice, report, ana, carol, chris
):
    def change(working):
        working.claims()[0].evidence.get().remove(by=carol)
        working.claims()[0].revise(by=carol, opinion=True)

    practice = make_next_version(practice, carol, chris, change)
    said, title = f"<del>{report.lessons[:40]}</del>", report.title
    assert said in compared(browse(), practice)
    report.refresh_from_db()
    if away == "withdrawn":
        report.withdraw(by=ana, note="I was wrong.")
    elif away == "erased":
        report.erase(by=ana)
    else:
        report.lessons = "Nothing to add."
        report.write(by=ana)
    page = compared(browse(), practice)
    assert said not in page
    assert "<del>Supports</del>" in page
    assert (title in page) == (away == "reworded")


def test_a_curator_compares_the_working_copy_with_what_readers_see(browse, practice, ben, carol):
    practice.reopen(by=carol)
    practice.summary = "Move in steps, not yet public."
    practice.write(by=carol)
    address = f"/practices/{practice.slug}/compare/?from=1&amp;to=working"
    assert address in page_of(browse(carol), f"/practices/{practice.slug}/workbench/")
    page = compared(browse(carol), practice, "?from=1&to=working")
    assert "<ins>steps, not yet public.</ins>" in page
    assert "if the working copy were published" in page
    for person in (None, ben):
        assert browse(person).get(f"/practices/{practice.slug}/compare/?to=working").status_code == 404


def test_a_draft_never_published_has_nothing_to_compare(browse, carol):
    draft = make_practice(carol)
    for query in ("", "?to=working", "?from=1&to=working"):
        assert browse(carol).get(f"/practices/{draft.slug}/compare/{query}").status_code == 404


# --- Addresses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fate", ["published", "reopened", "retired", "replaced", "erased", "withdrawn", "alone"]
)
def test_every_version_address_ever_given_out_still_answers(
    fate, browse, api, practice, report, ana, carol, chris
):
    practice = make_next_version(
        practice, carol, chris, lambda working: working.claims()[0].revise(by=carol, text="Other.")
    )
    addresses = [version.get_absolute_url() for version in practice.versions.all()]
    programs = [f"/api/v1/practices/{practice.slug}/versions/{number}/" for number in (1, 2)]
    heir = make_published_practice(chris, carol, reports=[make_report(make_person("dora"), carol)])
    report.refresh_from_db()
    {
        "published": lambda: None,
        "reopened": lambda: practice.reopen(by=carol).claims()[0].remove(by=carol),
        "retired": lambda: practice.retire(by=carol, note="Overtaken."),
        "replaced": lambda: practice.retire(by=carol, heir=heir),
        "erased": lambda: report.erase(by=ana),
        "withdrawn": lambda: report.withdraw(by=ana, note="I was wrong."),
        "alone": lambda: [curator.delete() for curator in (carol, chris)],
    }[fate]()
    assert "Announce the end date early." in page_of(browse(), addresses[0])
    assert "Other." in page_of(browse(), addresses[1])
    for number, program in enumerate(programs, 1):
        assert api().get(program).json()["version"] == number
    assert compared(browse(), practice, "?from=1&to=2")
