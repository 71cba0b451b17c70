"""A report to take away: as Markdown that an import reads back, as BibTeX; the same whoever asks."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.text import capfirst

from experiences.interchange.citation import ReportCitation
from experiences.interchange.exporter import record_of
from experiences.interchange.names import field_of_heading
from experiences.models import Experience, Source
from tests.conftest import make_person
from tests.factories import make_draft, make_report
from tests.importing import Outcome
from tests.practices.test_downloads import HOSTILE, lenient, runs

pytestmark = pytest.mark.django_db
FORMS = ("md", "bib")
THEN = datetime(2026, 3, 17, 9, 37, tzinfo=UTC)


def at(report, form):
    return f"/experiences/{report.public_id}.{form}"


def text_of(browse, report, form, person=None):
    return browse(person).get(at(report, form)).content.decode()


def dated(report, at=THEN):
    """Return `report` as if it had been published then."""
    Experience.objects.filter(pk=report.pk).update(published_at=at)
    report.revisions.update(at=at)
    report.refresh_from_db()
    return report


# --- Addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_report_is_given_to_anyone_and_asked_for_again_cheaply(browse, ana, carol, form):
    report = make_report(ana, carol)
    answer = browse().get(at(report, form))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="retex-{report.public_id}.{form}"'
    assert f'{report.get_absolute_url()}>; rel="canonical"' in answer["Link"]
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = browse().get(at(report, form), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert browse().post(at(report, form)).status_code == 405

    report.title = "Otherwise"
    report.write(by=ana)
    assert browse().get(at(report, form), headers={"if-none-match": answer["ETag"]}).status_code == 200


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_public_is_given_to_nobody(browse, ana, ben, carol, mona, form):
    people = (None, ana, ben, carol, mona)
    draft = make_draft(ana)
    sent = make_draft(ana).submit(by=ana)
    gone, hidden = make_report(ana, carol), make_report(ana, carol)
    assert browse().get(at(gone, form)).status_code == 200
    gone.withdraw(by=ana, note="I was wrong.")
    hidden.flag(by=carol, reason="abuse")
    for report in (draft, sent, gone, hidden):
        assert {browse(person).get(at(report, form)).status_code for person in people} == {404}


def test_the_page_leads_to_all_of_them(browse, ana, carol):
    report = dated(make_report(ana, carol))
    page = browse().get(report.get_absolute_url()).content.decode()
    for address in (at(report, "md"), at(report, "bib"), f"/api/v1/experiences/{report.public_id}/"):
        assert f'href="{address}"' in page
    assert f"@misc{{retex-{report.public_id}-v1," in page
    assert "Ana, “We moved the mailing list to a forum”, Retex, version 1, 17 March 2026, http" in page
    assert f"{report.get_absolute_url()}, licence CC BY-SA 4.0." in page
    assert browse(ana).get(make_draft(ana).get_absolute_url()).content.count(b"@misc") == 0


# --- Citing ------------------------------------------------------------------------------------------


def test_an_entry_names_author_version_date_licence_and_address(browse, carol):
    author = make_person("dora", display_name="Dora {D} and R&D_Smith")
    report = dated(make_report(author, carol, title="Keep R&D_notes {at} 100 % #1", language="fr"))
    entry = text_of(browse, report, "bib")
    for field in (
        f"@misc{{retex-{report.public_id}-v1,",
        r"author = {{Dora \textbraceleft{}D\textbraceright{} and R\&D\_Smith}}",
        r"title = {{Keep R\&D\_notes \textbraceleft{}at\textbraceright{} 100 \% \#1}}",
        "year = {2026}",
        "month = {3}",
        "version = {1}",
        "langid = {french}",
        "note = {Licence CC BY-SA 4.0}",
        f"{report.get_absolute_url()}}}",
    ):
        assert field in entry


def test_a_report_that_was_changed_is_cited_in_another_version_of_that_day(browse, ana, carol):
    report = dated(make_report(ana, carol))
    report.result = "Nine posters in ten moved."
    report.write(by=ana)
    report.revisions.filter(kind="edited").update(at=datetime(2026, 5, 2, tzinfo=UTC))
    assert str(ReportCitation.of(report)).partition("Retex, ")[2].startswith("version 2, 2 May 2026, ")
    assert "month = {5}" in text_of(browse, report, "bib")


def test_a_report_is_cited_alike_whoever_reads_it(browse, ben, carol, chris):
    """How often it was sent before it was published is nobody's affair."""
    report = make_draft(ben).submit(by=ben)
    report.return_to_author(by=carol, reason="unclear", note="Say how many.")
    report.result = "Nine posters in ten moved."
    report.write(by=ben).submit(by=ben).publish(by=carol)
    cited = set()
    for person in (None, ben, carol, chris):
        page = browse(person).get(report.get_absolute_url()).content.decode()
        cited |= {*re.findall(r"Retex, version \d+", page)}
    assert cited == {"Retex, version 1"}


@pytest.mark.parametrize("reader", ["visitor", "author", "curator"])
def test_who_withholds_their_name_is_no_author_and_the_month_is_all_that_is_told(browse, ana, carol, reader):
    report = dated(make_report(ana, carol, identity="withheld"))
    person = {"visitor": None, "author": ana, "curator": carol}[reader]
    entry = text_of(browse, report, "bib", person)
    assert "author" not in entry
    assert "month = {3}" in entry
    page = browse(person).get(report.get_absolute_url()).content.decode()
    sentence = re.search(r"[^>]*Retex, version 1, [^<]*", page)[0]
    assert sentence.startswith("“We moved the mailing list to a forum”, Retex, version 1, March 2026, ")
    for text in (entry, sentence, text_of(browse, report, "md", person)):
        for private in ("Ana", "2026-03-17", "17 March", "09:37"):
            assert private not in text


def test_who_has_no_name_to_show_or_has_left_is_no_author(browse, carol):
    nameless, leaver = make_person("dora", display_name=""), make_person("edgar")
    unsigned, left = make_report(nameless, carol), make_report(leaver, carol)
    assert "author = {{Edgar}}" in text_of(browse, left, "bib")
    left.leave_without_name(by=leaver)
    for report in (unsigned, left):
        assert "author" not in text_of(browse, report, "bib")
        assert str(ReportCitation.of(Experience.objects.get(pk=report.pk))).startswith("“We moved")


# --- Markdown ----------------------------------------------------------------------------------------


def test_markdown_tells_it_in_its_own_language_the_same_to_everybody(browse, ana, ben, carol):
    report = make_report(ana, carol, language="fr", title="Une liste devenue forum", measured=True)
    Source.objects.create(report=report, url="https://example.org/closed", visibility="curators")
    given = {
        browse(person).get(at(report, "md"), headers={"accept-language": language}).content.decode()
        for person in (None, ana, ben, carol)
        for language in ("en", "fr")
    }
    [text] = given
    for line in (
        "# Une liste devenue forum",
        "## Ce que nous avons fait",
        "We ran both for three months and imported the archive.",
        "community-size: c-1k-9k",
        "identity: named",
        "author: Ana",
    ):
        assert line in text.splitlines()
    assert "licence CC BY-SA 4.0." in text.splitlines()[1]
    assert "example.org/closed" not in text


@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_what_is_kept_of_a_report_is_imported_as_it_was(browse, ana, carol, identity, tmp_path):
    report = make_draft(
        ana, identity=identity, measured=True, keywords=["yes", "R&D; notes", "a: b"], effort_people=3,
        title="What happened to #3: “yes”?", result="# Results\n\nThey moved.\n\n## Lessons\n\nNone.",
        lessons="    indented\n\n---\n\n<b>bold</b> & [x](javascript:alert(1))", comparison="```\nopen",
        enablers="**Result:** we had time.", started_on="2025-02", stakes_=("moving-platform", "first-steps"),
    )  # fmt: skip
    report.parts = None
    report.submit(by=ana).publish(by=carol)
    Source.objects.create(
        report=report, url="https://example.org/<open>", label="Figures", visibility="public"
    )
    report.follow_up(by=ana, verdict="no-effect", text="No more.\n\n- two\n- lines: <i>")
    path = tmp_path / "report.md"
    path.write_bytes(browse().get(at(report, "md")).content)
    before = comparable(report)
    assert Outcome(path).counts == (0, 1, 0)  # Nothing new where it comes from.

    Experience.objects.all().delete()
    outcome = Outcome(path, "--publish")
    assert outcome.counts == (1, 0, 0), outcome.err
    assert comparable(Experience.objects.get()) == before


def comparable(report):
    """Return all that a file tells of `report`, but for what another site gives anew."""
    told = record_of(Experience.objects.for_detail().get(pk=report.pk))
    told["follow_ups"] = [row | {"id": ""} for row in told["follow_ups"]]
    return {name: told[name] for name in told if name not in ("id", "html_url", "author", "published_on")}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_import_knows_each_text_by_what_pages_call_it(language):
    with translation.override(language):
        called = {name: capfirst(Experience._meta.get_field(name).verbose_name) for name in Experience.TEXTS}
    assert {name: field_of_heading(heading) for name, heading in called.items()} == {
        name: name for name in Experience.TEXTS
    }


def test_hostile_words_stay_words_whoever_renders_the_file(browse, ana, carol):
    everything = "\n\n".join(HOSTILE)
    for number, text in enumerate([*HOSTILE, everything]):
        report = make_report(
            ana, carol, title=f"{number} {text}"[:200].replace("\n", " "), action=text, result=text,
            lessons=text, keywords=["<script>alert(1)</script>", "[x](javascript:alert(1))"],
        )  # fmt: skip
        assert not runs(lenient(text_of(browse, report, "md"))), text
