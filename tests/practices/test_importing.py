"""Practices through the commands that export and import them: drafts here, whatever they were elsewhere."""

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from experiences.models import Context, Experience, Stake
from practices.models import Evidence, Practice
from tests.conftest import some
from tests.factories import make_published_practice, make_report
from tests.importing import SHARED, Outcome, one_of_so_many

pytestmark = pytest.mark.django_db

# What is of this site: computed, or of its own history.
OURS = ("html_url", "status", "version", "published_on", "grade", "flags")
FORMS = ("jsonl", "csv")
PLAIN = {"title": "Greet newcomers by name", "summary": "Greet.", "how": "1. Read.\n2. Write.",
         "stakes": ["first-steps"], "language": "en"}  # fmt: skip


def bring(path, curator, *args):
    return Outcome(path, "--author", curator.email, *args, command="import_practices")


@pytest.fixture
def take(run, carol):
    """Return a function that imports records as practices of carol."""

    def take(records, *args, name="practices.jsonl"):
        return run(records, "--author", carol.email, *args, name=name, command="import_practices")

    return take


def export(form, path, command="export_practices"):
    call_command(command, format=form, output=str(path), stdout=io.StringIO())
    return path


def told(path):
    """Return {slug: what an export of practices says that is not of this site}."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for row in rows:
        for claim in row["claims"]:
            claim.pop("id")
            for evidence in claim["evidence"]:
                evidence.pop("experience")
    return {row["id"]: {name: row[name] for name in row if name not in OURS} for row in rows}


def move_away():
    """Make room: what is here goes to other addresses, and lets go of the reports."""
    Evidence.objects.all().delete()
    for practice in Practice.objects.all():
        Practice.objects.filter(pk=practice.pk).update(slug=f"moved-{practice.pk}", submission_key="")


def drop_moved(found):
    return {slug: row for slug, row in found.items() if not slug.startswith("moved-")}


def publish_all(by):
    for practice in Practice.objects.filter(status="draft"):
        practice.submit(by=practice.created_by).publish(by=by)


# --- What they arrive as -------------------------------------------------------------------------


def test_a_practice_arrives_as_a_draft_of_the_curator_who_brings_it(take, carol):
    outcome = take([{**PLAIN, "status": "published", "grade": {"code": "G4"}, "version": 7}])
    assert outcome.counts == (1, 0, 0)
    practice = Practice.objects.get()
    assert (practice.status, practice.created_by, practice.current) == ("draft", carol, None)
    assert list(practice.editors.all()) == [carol]
    assert not practice.can_be_published_by(carol)
    assert practice.grade == 0
    assert "grade (1), status (1), version (1) [unknown_field]" in outcome.err


def test_two_people_publish_what_was_brought(take, carol, chris):
    take([{**PLAIN, "claims": [{"text": "Greet.", "opinion": True}]}])
    practice = Practice.objects.get().submit(by=carol)
    with pytest.raises(Exception, match="Two people"):
        practice.publish(by=carol)
    practice.publish(by=chris)
    assert practice.status == "published"


@pytest.mark.parametrize("args", [[], ["--author", "ana@example.org"], ["--author", "nobody@example.org"]])
def test_only_a_curator_brings_practices(run, ana, args):
    with pytest.raises(CommandError):
        run([PLAIN], *args, command="import_practices")
    assert not Practice.objects.exists()


def test_a_practice_may_be_unfinished_but_has_a_title(take):
    outcome = take([{"title": "Only a title"}, {**PLAIN, "title": ""}, {**PLAIN, "title": "x" * 201}])
    assert outcome.counts == (1, 0, 2)
    assert ":2: title: " in outcome.err
    assert ":3: title: " in outcome.err


@pytest.mark.parametrize("key", ["source_id", "id", "external_id"])
def test_a_practice_is_imported_once(take, key):
    assert take([{**PLAIN, key: "isp-7"}]).counts == (1, 0, 0)
    assert take([{**PLAIN, key: "isp-7"}]).counts == (0, 1, 0)
    assert take([{**PLAIN, key: "isp-7"}, {**PLAIN, key: "isp-7"}]).counts == (0, 1, 1)


def test_what_was_exported_here_is_already_there(take, ana, carol, chris, tmp_path):
    make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    for form in FORMS:
        assert bring(export(form, tmp_path / f"out.{form}"), carol).counts == (0, 1, 0)
    assert Practice.objects.count() == 1


def test_a_practice_of_another_site_comes_in_though_its_address_is_taken_here(take, carol, chris):
    ours = make_published_practice(carol, chris, title=PLAIN["title"])
    theirs = {**PLAIN, "id": ours.slug, "source_id": ours.slug}
    theirs["html_url"] = f"http://localhost:8000.example.org/practices/{ours.slug}/"
    for counts in [(1, 0, 0), (0, 1, 0)]:
        assert take([theirs]).counts == counts
    assert Practice.objects.exclude(pk=ours.pk).get().slug != ours.slug
    theirs["html_url"] = f"http://localhost:8000/practices/{ours.slug}/"
    assert take([theirs]).counts == (0, 1, 0)


def test_a_dry_run_leaves_nothing(take):
    assert take([{**PLAIN, "claims": [{"text": "A", "opinion": True}]}], "--dry-run").counts == (1, 0, 0)
    assert not Practice.objects.exists()


def test_csv_is_read_with_labels_and_semicolons(take):
    text = (
        "Titre;Résumé;Enjeux;Qui participe;how\r\nSaluer;Court.;Premiers pas des nouveaux;internal;Lire.\r\n"
    )
    assert take(text, name="a.csv").counts == (1, 0, 0)
    practice = Practice.objects.get()
    assert (practice.title, practice.summary, practice.stake_slugs) == ("Saluer", "Court.", ["first-steps"])
    assert practice.context_slugs == [["audience", "internal"]]


def test_markdown_is_not_a_format_of_practices(take):
    assert "does not tell the format" in take("# x", name="a.md").err


# --- Claims and evidence -------------------------------------------------------------------------


def claim(report_id, excerpt, **overrides):
    return {
        "kind": "do-this", "text": "Announce it early.",
        "evidence": [{"experience": report_id, "bearing": "supports", "excerpt": excerpt, **overrides}],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["public_id", "source_id"])
def test_evidence_names_its_report_by_either_identifier(take, ana, carol, name):
    report = make_report(ana, carol, source_id="from-elsewhere")
    given = [{**PLAIN, "claims": [claim(getattr(report, name), report.lessons[:30])]}]
    assert take(given).counts == (1, 0, 0)
    [row] = Evidence.objects.all()
    assert (row.report, row.bearing, row.cited_by) == (report, "supports", carol)


def test_reports_that_are_missing_are_told_once_and_the_practice_waits(take, ana, carol):
    report = make_report(ana, carol)
    claims = [claim(f"missing-{number}", "x") for number in range(3)] + [claim(report.public_id, "a")]
    outcome = take([{**PLAIN, "claims": claims}])
    assert (outcome.counts, outcome.err.count("\n")) == ((0, 0, 1), 1)
    assert "claims: No published report here is called: missing-0, missing-1, missing-2." in outcome.err
    assert not Practice.objects.exists()


def test_a_report_that_is_not_published_is_no_evidence(take, ana, carol):
    report = make_report(ana, carol)
    report.withdraw(by=ana, note="Too early.")
    outcome = take([{**PLAIN, "claims": [claim(report.public_id, report.lessons)]}])
    assert outcome.counts == (0, 0, 1)
    assert "Import and publish the reports first" in outcome.err


def test_an_import_does_not_cite_what_the_report_does_not_say(take, ana, carol):
    report = make_report(ana, carol)
    good = claim(report.public_id, report.lessons[:20])
    outcome = take([{**PLAIN, "claims": [good, claim(report.public_id, "Never said."), {"text": ""}]}])
    assert outcome.counts == (0, 0, 1)
    assert "claims.2.evidence.1.excerpt: These words are not in the report." in outcome.err
    assert "claims.3.text: " in outcome.err
    assert not Practice.objects.exists()


@pytest.mark.parametrize(
    ("claims", "place"),
    [
        (3, "claims"),
        ([3], "claims"),
        ([{"text": "a", "colour": 1}], "claims"),
        ([{"text": 3}], "claims.1.text"),
        ([{"text": "a", "kind": "perhaps"}], "claims.1.kind"),
        ([{"text": "a", "evidence": 3}], "claims.1.evidence"),
        ([{"text": "a", "evidence": [{"excerpt": "x"}]}], "claims.1.evidence.1.experience"),
        ([claim("x", "y", bearing="perhaps")], "claims.1.evidence.1.bearing"),
        ([claim("x", 3)], "claims.1.evidence.1.excerpt"),
        ([{"text": "a"}] * 101, "claims"),
        ([{"text": "a\x00"}], "claims"),
    ],
)  # fmt: skip
def test_claims_of_another_shape_are_refused_with_their_place(take, claims, place):
    outcome = take([{**PLAIN, "claims": claims}])
    assert outcome.counts == (0, 0, 1)
    assert f":1: {place}: " in outcome.err
    assert "we do not know why" not in outcome.err


def test_a_report_speaks_once_to_a_claim(take, ana, carol):
    report = make_report(ana, carol)
    twice = claim(report.public_id, report.lessons[:20])
    twice["evidence"] *= 2
    outcome = take([{**PLAIN, "claims": [twice]}])
    assert ":1: claims.1.evidence.2: This report is already attached to this claim." in outcome.err


def test_evidence_of_what_was_erased_is_left_out_and_the_import_says_so(take, ana, ben, carol):
    gone, stays = make_report(ana, carol, source_id="gone"), make_report(ben, carol)
    name, words = gone.public_id, gone.lessons[:20]
    gone.erase(by=ana)
    claims = [claim(name, words), claim(stays.public_id, words), claim(stays.public_id, words, stale=True)]
    outcome = take([{**PLAIN, "claims": claims}])
    assert outcome.counts == (1, 0, 0)
    assert "evidence of a report that was erased was left out (1)" in outcome.err
    assert "evidence whose words its report no longer has was left out (1)" in outcome.err
    assert [one.evidence.count() for one in Practice.objects.get().claims()] == [0, 1, 0]


def test_what_was_retired_or_translated_elsewhere_is_a_draft_of_its_own_and_the_import_says_so(take):
    outcome = take(
        [{**PLAIN, "status": "retired"}, {**PLAIN, "title": "B", "translation_of": {"id": "x", "version": 1}}]
    )
    assert outcome.counts == (2, 0, 0)
    assert "a practice that is retired where it comes from is a draft here (1)" in outcome.err
    assert "a translation is a practice of its own here (1)" in outcome.err


def test_evidence_of_a_withheld_report_does_not_tell_where_it_came_from(ana, carol, chris, tmp_path):
    report = make_report(ana, carol, identity="withheld", source_id="marker-7")
    make_published_practice(carol, chris, reports=[report])
    for form in FORMS:
        text = export(form, tmp_path / form).read_text("utf-8")
        assert report.public_id in text
        assert "marker-7" not in text


# --- There and back ------------------------------------------------------------------------------


@pytest.fixture
def practices(ana, ben, carol, chris, mona):
    """Two published practices over three reports, with a retired term, a note and a correction."""
    reports = [
        make_report(ana, carol, source_id="told-1"),
        make_report(ben, carol, identity="withheld"),
        make_report(ana, carol, title="=Another", verdict="no-effect"),
    ]
    first = make_published_practice(
        carol, chris, reports=reports, stakes_=["first-steps", "trust"], title="Run both; close later",
        why="Because – “so”.", review_due_on=date(2030, 1, 2),
    )  # fmt: skip
    first.reopen(by=carol)
    made = first.add_claim(by=carol, kind="avoid-this", text="Never close it at once.", opinion=False)
    words = {"excerpt": reports[2].lessons[:12], "note": "Only where; small.", "followed": "in-part"}
    made.cite(reports[2], by=carol, bearing="nuances", followed_reason="They say so.", **words)
    Practice.objects.get(pk=first.pk).submit(by=carol).publish(by=chris)
    second = make_published_practice(chris, carol, reports=reports[:1], title="Name a contact")
    Stake.objects.get(slug="trust").retire(by=mona, note="Too wide.")
    return [first, second]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("reports_too", [False, True])
def test_practices_come_back_with_their_evidence(form, reports_too, practices, carol, chris, tmp_path):
    file, reports = tmp_path / f"practices.{form}", tmp_path / f"reports.{form}"
    export(form, file)
    export(form, reports, "export_experiences")
    before = told(export("jsonl", tmp_path / "before"))
    move_away()
    if reports_too:  # As to another site: reports have other addresses there.
        Experience.objects.all().delete()
        assert Outcome(reports, "--publish").counts == (3, 0, 0)
    outcome = bring(file, carol)
    assert outcome.counts == (2, 0, 0), outcome.err
    assert "“trust” is retired, and was kept (1)" in outcome.err
    publish_all(chris)
    assert drop_moved(told(export("jsonl", tmp_path / "after"))) == before
    assert bring(file, carol).counts == (0, 2, 0)


PATTERNS = SHARED / "patterns.jsonl"
OF_PATTERNS = [
    "--map", "patlet=summary", "--map", "solution=how", "--map", "problem=why", "--set", "audience=internal",
    "--map", "context=applies_when", "--map", "resulting_context=pitfalls", "--set", "stakes=trust",
]  # fmt: skip


def patterns():
    return [json.loads(line) for line in PATTERNS.open(encoding="utf-8")] if PATTERNS.exists() else []


def as_practice(pattern):
    return {
        "title": pattern["title"][:200], "summary": pattern["patlet"][:600] or "See.",
        "how": pattern["solution"] or "See.",
        "why": pattern["problem"], "language": pattern["language"] or "en", "stakes": ["first-steps"],
        "source_id": pattern["id"],
    }  # fmt: skip


@pytest.mark.corpus
def test_the_real_patterns_are_taken_once(carol):
    too_long = sum(len(pattern["patlet"]) > 600 for pattern in patterns())
    number = len(patterns()) - too_long
    assert bring(PATTERNS, carol, *OF_PATTERNS).counts == (number, 0, too_long)
    assert bring(PATTERNS, carol, *OF_PATTERNS).counts == (0, number, too_long)


@pytest.mark.long
@pytest.mark.corpus
@one_of_so_many(8)
@given(data=st.data(), form=st.sampled_from(FORMS))
def test_pieces_of_real_patterns_come_back_the_same(data, form, ana, carol, chris, tmp_path):
    with transaction.atomic():
        rows = data.draw(
            st.lists(st.sampled_from(patterns()), min_size=1, max_size=3, unique_by=lambda one: one["id"])
        )
        reports = [make_report(ana, carol, situation=row["how"], language=row["language"])
                   for row in map(as_practice, rows)]  # fmt: skip
        for row, report in zip(map(as_practice, rows), reports, strict=True):
            words = row["how"].split()
            start = data.draw(st.integers(0, len(words) - 1))
            quoted = " ".join(words[start : start + 20])[:2000]
            note = data.draw(st.text("ab;,\n'=é", max_size=9)).strip()
            claims = [claim(report.public_id, quoted, note=note), {"text": "Ours; alone.", "opinion": True}]
            path = tmp_path / "one.jsonl"
            path.write_text(json.dumps(row | {"claims": claims}), "utf-8")
            outcome = bring(path, carol)
            assert outcome.counts == (1, 0, 0), outcome.err
        publish_all(chris)
        file = export(form, tmp_path / f"practices.{form}")
        before = told(export("jsonl", tmp_path / "before"))
        move_away()
        assert bring(file, carol).counts == (len(rows), 0, 0)
        publish_all(chris)
        assert drop_moved(told(export("jsonl", tmp_path / "after"))) == before
        transaction.set_rollback(True)


@pytest.mark.corpus
@pytest.mark.parametrize("form", FORMS)
def test_all_real_patterns_come_back_the_same(form, carol, tmp_path):
    chosen = [as_practice(pattern) for pattern in some(patterns(), "patterns that come back", form)]
    path = tmp_path / "all.jsonl"
    path.write_text("\n".join(map(json.dumps, chosen)), "utf-8")
    assert bring(path, carol).new == len(chosen)
    everything = {"everything": True, "stdout": io.StringIO()}
    file, before = tmp_path / f"out.{form}", tmp_path / "before"
    call_command("export_practices", format=form, output=str(file), **everything)
    call_command("export_practices", format="jsonl", output=str(before), **everything)
    move_away()
    assert bring(file, carol).counts == (len(chosen), 0, 0)
    after = tmp_path / "after"
    call_command("export_practices", format="jsonl", output=str(after), **everything)
    assert drop_moved(told(after)) == told(before)


def test_a_retired_context_of_a_practice_comes_too(take, mona):
    Context.objects.get(facet__slug="platform", slug="forum").retire(by=mona, note="Too wide.")
    outcome = take([{**PLAIN, "contexts": {"platform": ["forum"]}}])
    assert outcome.counts == (1, 0, 0)
    assert Practice.objects.get().context_slugs == [["platform", "forum"]]
    assert "“forum” is retired, and was kept (1)" in outcome.err
