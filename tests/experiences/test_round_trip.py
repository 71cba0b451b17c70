"""import(export(x)) = x: with terms out of use, with what became of it since, in both formats."""

import io
import json
from datetime import date

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from experiences import interchange
from experiences.interchange.exporter import export
from experiences.interchange.importer import Importer
from experiences.interchange.records import Record
from experiences.models import Context, Experience, FollowUp, Stake
from tests.conftest import some
from tests.factories import make_report
from tests.importing import GOOD, SHARED, one_of_so_many

pytestmark = pytest.mark.django_db
# What is of this site: it is given anew, or computed from the rest.
OURS = ("id", "html_url", "status", "author", "published_on")
FORMS = ("jsonl", "csv")


def exported():
    out = io.StringIO()
    export("jsonl", out)
    found = {}
    for line in out.getvalue().splitlines():
        row = json.loads(line)
        row["follow_ups"] = [{**told, "id": ""} for told in row["follow_ups"]]
        found[row["source_id"]] = {name: value for name, value in row.items() if name not in OURS}
    return found


def read_again(form, **options):
    """Export all in `form`, delete it, and import the file; return the records that were read."""
    out = io.StringIO()
    export(form, out)
    FollowUp.objects.all().delete()
    Experience.objects.all().delete()
    importer = Importer(**{"publish": True} | options)
    stream = io.BufferedReader(io.BytesIO(out.getvalue().encode("utf-8")))
    records = list(interchange.read(stream, form, importer.vocabulary))
    for record in records:
        assert importer.take([record], flat=form == "csv")[0][1] == "new", record.problems
    return records


def take(**overrides):
    record = Record(1, {**GOOD, **overrides})
    assert Importer(publish=True).take([record], flat=False)[0][1] == "new", record.problems
    return record


# --- Terms out of use ----------------------------------------------------------------------------


def stake(slug):
    return Stake.objects.get(slug=slug)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("heirs", [[], ["answer-times"]])
def test_a_retired_stake_comes_back_and_the_import_says_so(form, heirs, mona):
    take(source_id="a", stakes=["first-steps", "trust"])
    stake("first-steps").retire(by=mona, note="Too wide.", heirs=[stake(slug) for slug in heirs])
    before = exported()
    [record] = read_again(form)
    assert exported() == before
    assert set(before["a"]["stakes"]) == {"first-steps", "trust"}
    assert record.remarks == ["“first-steps” is retired, and was kept"]


@pytest.mark.parametrize("form", FORMS)
def test_a_retired_context_comes_back(form, mona):
    take(source_id="a", contexts={**GOOD["contexts"], "platform": ["forum", "chat"]})
    Context.objects.get(facet__slug="platform", slug="forum").retire(by=mona, note="Too wide.")
    before = exported()
    [record] = read_again(form)
    assert exported() == before
    assert record.remarks == ["“forum” is retired, and was kept"]


@pytest.mark.parametrize("form", FORMS)
def test_what_was_split_waits_here_as_it_waited_there(form, mona):
    take(source_id="a", stakes=["first-steps"])
    stake("first-steps").split(by=mona, note="Two.", heirs=[stake("trust"), stake("answer-times")])
    before = exported()
    read_again(form)
    assert exported() == before
    assert Experience.objects.to_tag_again(stake("first-steps")).count() == 1


def test_what_was_merged_comes_as_its_heir_once_and_the_import_says_so(run, mona):
    stake("first-steps").merge(by=mona, note="The same.", into=stake("trust"))
    stake("trust").merge(by=mona, note="The same again.", into=stake("answer-times"))
    outcome = run([{**GOOD, "stakes": ["first-steps", "answer-times"]}])
    assert outcome.counts == (1, 0, 0)
    assert [one.slug for one in Experience.objects.get().stakes.all()] == ["answer-times"]
    assert "“first-steps” was merged into “answer-times”, which was put in its place (1)" in outcome.err


def test_the_same_remark_is_made_once_for_a_file(run, mona):
    stake("first-steps").retire(by=mona, note="Too wide.")
    outcome = run([{**GOOD, "stakes": ["first-steps"]} for _ in range(3)])
    assert "“first-steps” is retired, and was kept (3)" in outcome.err
    assert outcome.err.count("retired") == 1


def test_programs_still_cannot_choose_a_retired_term(api, ana, mona):
    stake("first-steps").retire(by=mona, note="Too wide.")
    answer = api(ana).post("/api/v1/experiences/", {**GOOD, "stakes": ["first-steps"]}, format="json")
    assert answer.status_code == 400
    assert "stakes" in answer.content.decode()


# --- What became of it ---------------------------------------------------------------------------

LATER = [
    {"told_on": "2025-09-14", "verdict": "worked", "text": "It still holds; it is “routine” now."},
    {"told_on": "2026-01-02", "verdict": "no-effect", "text": "No more.\n\n- two\n- lines"},
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_follow_ups_come_back(form, identity, ana, carol):
    report = make_report(ana, carol, identity=identity, source_id="a", started_on=date(2025, 2, 1))
    for told in LATER:
        report.follow_up(by=ana, **{**told, "told_on": date.fromisoformat(told["told_on"])})
    report.log.all().delete()
    before = exported()
    read_again(form)
    assert exported() == before
    [after] = exported().values()
    assert [told["text"] for told in after["follow_ups"]] == [told["text"] for told in LATER]


def test_follow_ups_come_with_a_draft_of_an_author_too(run, ana):
    assert run([{**GOOD, "follow_ups": LATER}], "--author", ana.email).new == 1
    assert Experience.objects.get(author=ana).follow_ups.count() == 2


@pytest.mark.parametrize(
    ("follow_up", "field"),
    [
        ({"told_on": "2999-01-01"}, "follow_ups.1.told_on"),
        ({"told_on": "soon"}, "follow_ups.1.told_on"),
        ({"told_on": ""}, "follow_ups.1.told_on"),
        ({"verdict": "splendid"}, "follow_ups.1.verdict"),
        ({"text": " "}, "follow_ups.1.text"),
        ({"text": 3}, "follow_ups.1.text"),
        ({"secret": 3}, "follow_ups"),
    ],
)
def test_a_follow_up_is_judged_as_everywhere(run, follow_up, field):
    outcome = run([{**GOOD, "follow_ups": [{**LATER[0], **follow_up}]}])
    assert outcome.counts == (0, 0, 1)
    assert f":1: {field}: " in outcome.err
    assert not Experience.objects.exists()


@pytest.mark.parametrize("given", [3, "x", [3], {"a": 1}, [[]], [{"told_on": "2025-01"}] * 101])
def test_follow_ups_of_another_shape_are_refused(run, given):
    outcome = run([{**GOOD, "follow_ups": given}])
    assert outcome.counts == (0, 0, 1)
    assert ":1: follow_ups" in outcome.err


def test_what_a_moderator_removed_does_not_come_back(run):
    outcome = run([{**GOOD, "follow_ups": [{**LATER[0], "moderation": "removed"}, LATER[1]]}], "--publish")
    assert outcome.counts == (1, 0, 0)
    assert Experience.objects.get().follow_ups.get().text == LATER[1]["text"]
    assert "left out (1)" in outcome.err


@pytest.mark.parametrize("form", FORMS)
def test_the_stakes_an_author_chose_come_back_beside_those_a_reviewer_set(form, ana, carol):
    report = make_report(ana, carol, source_id="a", stakes_=["first-steps"])
    report.set_stakes(stakes=[stake("trust")], by=carol)
    before = exported()
    assert before["a"]["author_stakes"] == ["first-steps"]
    read_again(form)
    assert exported() == before


def test_the_stakes_an_author_chose_count_once_each(run):
    slugs = list(Stake.objects.values_list("slug", flat=True)[:6])
    twice = {**GOOD, "author_stakes": [*slugs[:5], slugs[0]]}
    outcome = run([twice, {**GOOD, "author_stakes": slugs}])
    assert outcome.counts == (1, 0, 1)
    assert ":2: author_stakes: Choose at most 5." in outcome.err


# --- What was not public -------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_what_was_withdrawn_is_not_published_by_an_import(form, run, ana, carol):
    report = make_report(ana, carol, source_id="a")
    report.withdraw(by=ana, note="It names a client.")
    out = io.StringIO()
    export(form, out, everything=True)
    report.erase(by=ana)
    text = out.getvalue().replace(f"{report.public_id},a,", "x,b,")
    text = text.replace('"source_id": "a"', '"source_id": "b"')
    outcome = run(text, "--publish", name=f"all.{form}")
    assert outcome.counts == (1, 0, 0)
    assert Experience.objects.get().status == "draft"
    assert "what was not published where it comes from is a draft here (1)" in outcome.err


# --- The whole corpus ----------------------------------------------------------------------------


def documents():
    path = SHARED / "reports.jsonl"
    return [json.loads(line) for line in path.open(encoding="utf-8")] if path.exists() else []


DOCUMENTS = documents()


@st.composite
def records(draw):
    """Draw reports made of pieces of real documents, with whatever a report may have besides."""
    document = draw(st.sampled_from(DOCUMENTS))
    body = document["body_markdown"]

    def piece():
        start = draw(st.integers(0, max(0, len(body) - 1)))
        return body[start : start + draw(st.integers(1, 4000))].strip() or "x"

    told = st.fixed_dictionaries(
        {
            "told_on": st.dates(date(2020, 1, 1), date(2025, 1, 1)).map(date.isoformat),
            "verdict": st.sampled_from(Experience.Verdict.values),
            "text": st.builds(piece),
        }
    )
    return {
        **GOOD,
        "title": document["title"][:200],
        "language": document["language"],
        "situation": piece(), "action": piece(), "result": piece(), "lessons": piece(),
        "verdict": draw(st.sampled_from(Experience.Verdict.values)),
        "identity": draw(st.sampled_from(["named", "withheld"])),
        "stakes": draw(st.lists(st.sampled_from(["first-steps", "trust", "answer-times"]), min_size=1,
                                max_size=3, unique=True)),
        "keywords": draw(st.lists(st.text("ab ,;\\'=-+@é", min_size=1, max_size=8), max_size=4)),
        "follow_ups": draw(st.lists(told, max_size=3)),
        "source_id": document["id"],
    }  # fmt: skip


@pytest.mark.long
@pytest.mark.corpus
@one_of_so_many(4)
@given(st.data(), st.sampled_from(FORMS), st.booleans())
def test_pieces_of_real_documents_come_back_the_same(data, form, retires):
    with transaction.atomic():
        take(**data.draw(records()))
        if retires:
            Stake.objects.filter(slug="first-steps").update(retired_on=date(2025, 1, 1))
        before = exported()
        read_again(form)
        assert exported() == before
        transaction.set_rollback(True)


@pytest.mark.long
@pytest.mark.corpus
@pytest.mark.parametrize("form", FORMS)
def test_all_real_documents_come_back_the_same(form):
    chosen = some(DOCUMENTS, "documents that come back", form)
    for document in chosen:
        take(title=document["title"][:200], situation=document["body_markdown"],
             language=document["language"], source_id=document["id"])  # fmt: skip
    before = exported()
    assert len(before) == len(chosen)
    read_again(form)
    assert exported() == before
