"""Exports, through their command: what they hold, what they withhold, and that they come back the same."""

import csv
import io
import json

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.folding import is_blank
from experiences import interchange
from experiences.interchange import cells
from experiences.interchange.exporter import export
from experiences.interchange.importer import Importer
from experiences.interchange.records import Record
from experiences.models import Experience
from tests.factories import TOLD, WHERE, make_draft, make_report

OURS = ("id", "html_url", "status", "author", "published_on", "follow_ups")


def exported(form, **options):
    out = io.StringIO()
    export(form, out, **options)
    text = out.getvalue()
    return (
        list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        if form == "csv"
        else [json.loads(line) for line in text.split("\n") if line]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_only_what_everyone_may_read_is_exported_unless_all_is_asked(form, ana, carol, tmp_path):
    make_draft(ana, title="A draft")
    published = make_report(ana, carol)
    path = tmp_path / "out"
    call_command("export_experiences", format=form, output=str(path), stdout=io.StringIO())
    assert published.title in path.read_text(encoding="utf-8")
    assert "A draft" not in path.read_text(encoding="utf-8")
    assert len(exported(form, everything=True)) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_withheld_name_is_not_exported(form, everything, ana, carol):
    report = make_report(ana, carol, identity="withheld", organisation="Marker Ltd", source_id="marker-7")
    out = io.StringIO()
    export(form, out, everything)
    assert report.title in out.getvalue()
    for secret in ("Ana", ana.email, "Marker", "marker", report.published_at.strftime("%Y-%m-%d")):
        assert secret not in out.getvalue()


@pytest.mark.django_db
def test_a_named_report_is_exported_with_its_name_and_without_its_organisation(ana, carol):
    make_report(ana, carol, organisation="Marker Ltd", source_id="here-1")
    [row] = exported("jsonl")
    assert (row["author"], row["source_id"]) == ({"name": "Ana"}, "here-1")
    assert "Marker" not in json.dumps(row)


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'=", "''+"])
def test_no_cell_begins_as_a_formula(start, ana, carol):
    make_report(ana, carol, title=f"{start}1+1", situation=f"{start}SUM(A1)")
    [row] = exported("csv")
    assert row["title"] == f"'{start}1+1"
    assert row["situation"] == f"'{start}SUM(A1)"


text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)
tricky = st.one_of(text, st.text("=+-@\t\r\n'\";,\\ a", max_size=12))


@given(tricky)
def test_a_harmless_cell_is_given_back(value):
    assert cells.bare(cells.neutral(value)) == value
    assert not cells.neutral(value).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(tricky.map(str.strip).filter(bool)))
def test_a_joined_list_is_given_back(values):
    assert cells.parted(cells.joined(values)) == values


words = tricky.map(lambda value: value.strip())
needed = words.filter(lambda value: not is_blank(value))
record = st.fixed_dictionaries(
    {"title": needed, "situation": needed, "action": needed, "result": needed, "lessons": words},
    optional={
        "comparison": words,
        "keywords": st.lists(needed, max_size=4),
        "effort": st.fixed_dictionaries({"people": st.none() | st.integers(0, 9)}),
        "sources": st.lists(
            st.fixed_dictionaries({"url": st.just("https://example.org/a;b"), "label": words}), max_size=2
        ),
        "measures": st.lists(
            st.fixed_dictionaries({"effect": st.just("participation"), "direction": st.just("up"),
            "before": words}),
            max_size=2,
        ),
    },
)  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=settings.default.max_examples // 6,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(record, st.sampled_from(["jsonl", "csv"]))
def test_what_is_exported_and_imported_again_is_the_same(written, form):
    with transaction.atomic():
        data = {
            **TOLD,
            "stakes": ["first-steps", "answer-times"],
            "contexts": WHERE,
            "language": "fr",
            **written,
        }
        first = Record(1, {**data, "source_id": "one"})
        assert Importer(publish=True).take([first], flat=False)[0][1] == "new", first.problems
        out = io.StringIO()
        export(form, out)
        [before] = exported("jsonl")
        Experience.objects.all().delete()
        records = list(read_back(out.getvalue(), form))
        importer = Importer(publish=True)
        assert [outcome for _one, outcome, _over in importer.take(records, flat=form == "csv")] == ["new"]
        [after] = exported("jsonl")
        assert differing(before, after) == {}
        transaction.set_rollback(True)


def read_back(text, form):
    importer = Importer()
    stream = io.BufferedReader(io.BytesIO(text.encode("utf-8")))
    return interchange.read(stream, form, importer.vocabulary)


def differing(before, after):
    return {
        name: (before[name], after[name])
        for name in before
        if name not in OURS and before[name] != after[name]
    }
