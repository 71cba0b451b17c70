"""Files of reports, through the command that imports them."""

import csv
import json
import re
from html.parser import HTMLParser

import pytest
from django.core.management import CommandError
from django.db import transaction

from accounts.models import User
from experiences.interchange.records import LONGEST_LINE
from experiences.models import Context, Experience, Facet, Stake
from tests.factories import make_report
from tests.importing import GOOD, SHARED, Outcome

pytestmark = pytest.mark.django_db

FROM_ELSEWHERE = [
    "--map", "body_markdown=situation", "--map", "id=source_id", "--set", "action=See the document.",
    "--set", "result=See the document.", "--set", "verdict=worked", "--set", "stakes=talk-to-knowledge",
    "--set", "audience=external", "--set", "kind=open-source", "--set", "community-size=unknown",
]  # fmt: skip


# --- What is taken -------------------------------------------------------------------------------


def test_a_record_in_the_api_s_shape_becomes_a_draft_of_nobody(run):
    assert run([GOOD]).counts == (1, 0, 0)
    report = Experience.objects.get()
    assert (report.status, report.author, report.title) == ("draft", None, GOOD["title"])
    assert [stake.slug for stake in report.stakes.all()] == ["moving-platform"]
    assert {context.name for context in report.contexts.all()} == {
        "audience=external", "kind=open-source", "community-size=c-1k-9k",
    }  # fmt: skip


def test_drafts_go_to_the_author_who_is_named(run, ana):
    assert run([GOOD], "--author", "ANA@example.org").new == 1
    assert Experience.objects.get().author == ana


def test_publishing_in_nobody_s_name_publishes(run):
    run([GOOD], "--publish")
    assert Experience.objects.get().status == "published"


def test_a_first_report_that_is_imported_waits_for_a_curator(run, ana, carol):
    run([GOOD], "--publish", "--author", ana.email)
    first = Experience.objects.get()
    assert first.status == "submitted"
    first.publish(by=carol)
    run([{**GOOD, "title": "Later"}], "--publish", "--author", ana.email)
    assert Experience.objects.get(title="Later").status == "published"


def test_a_dry_run_reports_the_same_and_writes_nothing(run):
    records = [{**GOOD, "source_id": "a"}, {**GOOD, "verdict": "fantastic"}]
    assert run(records, "--publish", "--dry-run").counts == (1, 0, 1)
    assert not Experience.objects.exists()
    assert run(records, "--publish").counts == (1, 0, 1)


def test_everything_a_report_may_hold_is_read(run):
    rich = {
        **GOOD,
        "measures": [{"effect": "participation", "direction": "up", "before": "1", "after": "2",
        "source": "logs"}],
        "sources": [{"url": "https://example.org/a", "label": "A", "visibility": "curators"}],
        "effort": {"people": 3, "hours": 40, "weeks": 5},
        "keywords": ["Forum", "archive"],
        "comparison": "The year before.",
        "organisation": "Northfield",
    }  # fmt: skip
    run([rich])
    report = Experience.objects.get()
    assert report.strength == Experience.Strength.R4
    assert (report.effort_people, report.effort_hours, report.effort_weeks) == (3, 40, 5)
    assert sorted(keyword.name for keyword in report.keywords.all()) == ["archive", "forum"]
    assert (report.sources.get().visibility, report.organisation) == ("curators", "Northfield")


# --- Twice ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["source_id", "external_id"])
def test_a_file_with_source_ids_is_imported_once(run, key):
    records = [{**GOOD, key: "a"}, {**GOOD, key: 7}]
    assert run(records).counts == (2, 0, 0)
    assert run(records).counts == (0, 2, 0)
    assert sorted(Experience.objects.values_list("source_id", flat=True)) == ["7", "a"]


def test_the_second_record_with_one_id_in_a_file_is_refused(run):
    outcome = run([{**GOOD, "source_id": "a"}, {**GOOD, "source_id": "a", "title": "Other"}])
    assert outcome.counts == (1, 0, 1)
    assert ":2: source_id:" in outcome.err
    assert "[duplicate_id]" in outcome.err
    assert Experience.objects.get().title == GOOD["title"]


# --- What is refused -----------------------------------------------------------------------------


def test_all_problems_of_a_record_are_said_in_one_go_and_good_ones_are_kept(run):
    bad = {**GOOD, "title": "", "verdict": "fantastic", "ended_on": "2999-01", "stakes": ["nope"]}
    del bad["action"]
    outcome = run([bad, GOOD])
    assert (outcome.code, outcome.counts) == (1, (1, 0, 1))
    for name in ("title", "verdict", "ended_on", "stakes", "action"):
        assert f"reports.jsonl:1: {name}: " in outcome.err
    assert "worked-in-part" in outcome.err


@pytest.mark.parametrize("missing", ["situation", "result", "stakes", "verdict"])
def test_an_incomplete_record_is_refused(run, missing):
    outcome = run([{name: value for name, value in GOOD.items() if name != missing}])
    assert outcome.counts == (0, 0, 1)
    assert f":1: {missing}: " in outcome.err


def test_a_facet_that_is_needed_is_named_by_its_own_name(run):
    outcome = run([{**GOOD, "contexts": {"audience": ["external"], "kind": ["nope"]}}])
    assert ":1: kind: " in outcome.err
    assert ":1: community-size: " in outcome.err


def test_unknown_and_protected_keys_are_passed_over_with_a_warning(run, ana):
    outcome = run([{**GOOD, "status": "published", "author": "ana@example.org", "grade": 4, "kind": "x"}])
    assert outcome.counts == (1, 0, 0)
    assert re.search(r"author \(1\), grade \(1\), kind \(1\), status \(1\) \[unknown_field\]", outcome.err)
    report = Experience.objects.get()
    assert (report.status, report.author) == ("draft", None)


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe\x00binary\x00", b"\x89PNG\r\n\x1a\n\x00\x00\xc3\x28", b"not json", b"[1]", b'"text"', b"{",
        b'{"title": NaN}', b'{"title": ' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":' * 100_000,
        b'{"title": "\xe9"}', b'{"stakes": {"a": 1}, "contexts": [1], "measures": 3, "effort": "x"}',
        b'{"contexts": {"\\u0000": ["\\ud800"], "kind": [[]]}, "keywords": [1], "verdict": {}}',
        b'{"title": "\\ud800", "source_id": "\\u0000"}', b'{"source_id": []}',
        b'{"source_id": "' + b"x" * 300 + b'"}',
        b'{"stakes": ["\\u0000", "\\ud800"]}', b'{"\\ud800\\u001b[31m": 1}',
        b'{"started_on": 99999999999999999999}',
    ],
)  # fmt: skip
def test_whatever_comes_in_is_refused_in_words_and_the_next_record_is_kept(run, line):
    outcome = run(line + b"\n" + json.dumps(GOOD).encode())
    assert outcome.refused == 1
    assert outcome.new == (0 if b"\x00" in line else 1)
    assert outcome.code == 1
    assert "Traceback" not in outcome.err
    assert "we do not know why" not in outcome.err
    assert "\x1b" not in outcome.err


def test_a_line_too_long_for_a_report_is_skipped(run):
    outcome = run('{"title": "' + "x" * LONGEST_LINE + '"}\n' + json.dumps(GOOD))
    assert outcome.counts == (1, 0, 1)
    assert ":1: This line is too long" in outcome.err


def test_what_cannot_be_stored_is_named_by_field(run):
    outcome = run('{"situation": "a\\u0000b", "lessons": "\\ud83d"}')
    assert ":1: situation: This text contains a character that cannot be stored" in outcome.err
    assert ":1: lessons: This text contains a character that cannot be stored" in outcome.err


def test_missing_files_folders_and_unknown_formats_are_said(tmp_path):
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    outcome = Outcome(tmp_path / "none.jsonl", folder, tmp_path / "report.pdf")
    assert (outcome.code, outcome.counts) == (1, (0, 0, 3))
    assert "none.jsonl: No such file" in outcome.err
    assert "folder.csv: Is a directory" in outcome.err
    assert "report.pdf: Its name does not tell the format" in outcome.err


@pytest.mark.parametrize("name", ["empty.jsonl", "empty.csv", "empty.md"])
@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_holds_no_record(run, name, content):
    outcome = run(content, name=name)
    assert (outcome.code, outcome.counts) == (0, (0, 0, 0))
    assert "there is no record in this file" in outcome.err


@pytest.mark.parametrize(
    "args",
    [["--map", "x"], ["--map", "x=nope"], ["--set", "nope=1"], ["--set", "=1"],
    ["--author", "nobody@example.org"]],
)  # fmt: skip
def test_a_wrong_option_is_said_before_anything_is_read(run, args):
    with pytest.raises(CommandError):
        run([GOOD], *args)
    assert not Experience.objects.exists()


def test_without_its_lists_a_site_says_so_once(run):
    with transaction.atomic():
        for model in (Stake, Context, Facet):
            model.objects.all().delete()
        with pytest.raises(CommandError, match="load_vocabulary"):
            run([GOOD])
        transaction.set_rollback(True)


# --- --map and --set -----------------------------------------------------------------------------


def test_map_takes_fields_and_facets_and_drops(run):
    record = {**GOOD, "headline": "Mapped", "who": "hybrid", "tool": ["forum", "chat"], "junk": 1}
    del record["title"]
    args = ["--map", "headline=title", "--map", "who=audience", "--map", "tool=platform", "--map", "junk="]
    outcome = run([record], *args)
    assert (outcome.counts, outcome.err) == ((1, 0, 0), "")
    report = Experience.objects.get()
    assert report.title == "Mapped"
    names = {context.name for context in report.contexts.all()}
    assert names >= {"audience=hybrid", "platform=forum", "platform=chat"}


def test_set_fills_only_what_a_record_lacks(run):
    bare = {name: value for name, value in GOOD.items() if name not in ("verdict", "contexts", "stakes")}
    args = [
        "--set",
        "verdict=no-effect",
        "--set",
        "stakes=first-steps;answer-times",
        "--set",
        "kind=fan;support",
    ]
    args += ["--set", "audience=external", "--set", "community-size=unknown", "--set", "effort_weeks=3"]
    assert run([{**bare, "source_id": "a"}, {**GOOD, "source_id": "b"}], *args).counts == (2, 0, 0)
    filled, kept = (Experience.objects.get(source_id=one) for one in "ab")
    assert (filled.verdict, kept.verdict) == ("no-effect", "worked")
    assert {stake.slug for stake in filled.stakes.all()} == {"first-steps", "answer-times"}
    assert [one.slug for one in kept.contexts_by_facet["kind"]] == ["open-source"]
    assert {one.slug for one in filled.contexts_by_facet["kind"]} == {"fan", "support"}
    assert filled.effort_weeks == 3


def test_set_fills_the_parts_of_the_effort_that_a_record_lacks(run):
    told = {**GOOD, "effort": {"hours": 40, "weeks": 5, "people": None}}
    assert run([told], "--set", "effort_people=3", "--set", "effort_hours=7").counts == (1, 0, 0)
    report = Experience.objects.get()
    assert (report.effort_people, report.effort_hours, report.effort_weeks) == (3, 40, 5)


@pytest.mark.parametrize("told", [{"effort": {"hours": "12"}}, {"effort_hours": "12"}])
def test_a_number_that_the_api_refuses_as_a_text_is_refused_in_json_too(run, told):
    outcome = run([{**GOOD, **told}, {**GOOD, "effort": {"hours": 12}}], "--set", "effort_people=1 500")
    assert outcome.counts == (1, 0, 1)
    assert ":1: effort_hours: " in outcome.err
    assert Experience.objects.get().effort_people == 1500


def test_effort_of_another_shape_is_refused_whatever_set_gives(run):
    outcome = run([{**GOOD, "effort": "much"}], "--set", "effort_people=3")
    assert outcome.counts == (0, 0, 1)
    assert ":1: effort: " in outcome.err


# --- Real and hostile files ----------------------------------------------------------------------

MANIFEST = SHARED / "hostile" / "manifest.csv"
HOSTILE = list(csv.DictReader(MANIFEST.open(encoding="utf-8"))) if MANIFEST.exists() else []
# What a file holds beside what its row says: (new, refused).
COUNTS = {
    "01_bom.jsonl": (1, 0), "02_crlf.jsonl": (2, 0), "07_invalid_json_midway.jsonl": (2, 1),
    "08_duplicate_ids.jsonl": (1, 1), "19_unknown_fields.jsonl": (1, 0),
    "37_dates_out_of_range.jsonl": (1, 5),
    "48_good_control.jsonl": (2, 0), "49_good_control.csv": (2, 0),
}  # fmt: skip


@pytest.mark.corpus
@pytest.mark.parametrize("publish", [[], ["--publish"]])
@pytest.mark.parametrize("row", HOSTILE, ids=lambda row: row["file"])
def test_hostile_files_get_what_their_manifest_says(row, publish):
    outcome = Outcome(SHARED / "hostile" / row["file"], *publish)
    usual = (1, 0) if row["expected"] == "accepted" else (0, 1)
    assert (outcome.new, outcome.refused) == COUNTS.get(row["file"], usual)
    assert outcome.code == (1 if outcome.refused else 0)
    if row["error_kind"] and " " not in row["error_kind"]:
        assert f"[{row['error_kind']}]" in outcome.err
    if row["error_kind"].endswith("line 2"):
        assert f"{row['file']}:2: " in outcome.err
    assert not User.objects.exists()


@pytest.mark.corpus
def test_scripts_in_every_field_are_stored_as_text_and_shown_as_text(browse):
    Outcome(SHARED / "hostile" / "21_script_every_field.jsonl", "--publish")
    report = Experience.objects.get()
    assert "<script>alert(1)</script>" in report.title
    for address in (report.get_absolute_url(), "/experiences/"):
        page = browse().get(address).content.decode()
        assert "alert(1)" in page
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


class Elements(HTMLParser):
    """The elements and attributes of some HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _value in attributes}
        for _name, value in attributes:
            assert not (value or "").lower().lstrip().startswith(("javascript:", "data:", "//"))


@pytest.mark.corpus
def test_the_real_documents_are_taken_once_and_render_safely(browse):
    args = [SHARED / "reports.jsonl", *FROM_ELSEWHERE, "--publish"]
    assert Outcome(*args).counts == (369, 0, 0)
    assert Outcome(*args).counts == (0, 369, 0)
    assert Experience.objects.published().count() == 369
    for report in Experience.objects.all():
        found = Elements("".join(report.html.values()))
        assert found.tags.isdisjoint({"script", "img", "svg", "iframe", "style", "details", "h1", "h2"})
        assert found.attributes <= {
            ("a", "href"), ("a", "rel"), ("a", "translate"), ("ol", "start"), ("li", "value"),
            ("table", "tabindex"),
        }  # fmt: skip
    braces = next(
        one for one in Experience.objects.all() if re.search(r"\{\{[^}]*\}\}", one.html["situation"])
    )
    page = browse().get(braces.get_absolute_url())
    assert re.search(r"\{\{[^}]*\}\}", braces.html["situation"])[0] in page.content.decode()


def test_nothing_is_drawn_where_nobody_watches(run):
    assert "\r" not in run([GOOD]).err


def test_a_report_exported_here_is_already_there(run, ana, carol):
    report = make_report(ana, carol)
    assert run([{**GOOD, "source_id": report.public_id}]).counts == (0, 1, 0)
