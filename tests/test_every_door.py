"""Any text, through every door: kept in one form, or refused for one cause; exported and imported, unchanged.

The doors are the form, the API, and the import of CSV, of JSON Lines and of Markdown.
"""

import csv
import io
import json
import re
from itertools import count

import pytest
import yaml
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.folding import as_line, as_prose
from experiences.interchange.cells import joined
from experiences.interchange.citation import ReportCitation
from experiences.interchange.markdown_exporter import markdown
from experiences.models import Experience
from experiences.models.report.parts import LONGEST_KEYWORD, MOST_KEYWORDS, one_by_one
from tests.factories import TYPED, make_report
from tests.importing import GOOD, Outcome
from tests.texts import BLANKS, UNSEEN, texts

pytestmark = [pytest.mark.django_db, pytest.mark.long]
PROSE = Experience.TEXTS
NEEDED = ("title", "situation", "action", "result")
PROBLEM = re.compile(r":\d+: (?:([\w.-]+): )?[^\n]* \[(\w+)\]$", re.MULTILINE)
numbers = count()
seldom = settings(
    max_examples=settings.default.max_examples // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


# --- The doors -----------------------------------------------------------------------------------
# Each takes what is told and returns the report it made, or {(field, code)} of what it refused.


@pytest.fixture
def doors(browse, api, ana, tmp_path):
    """Return {name: door}; each is ana's."""
    member, program = browse(ana), api(ana)

    def form(told):
        words = {name: as_typed(told[name]) for name in ("title", *PROSE)}
        data = (
            TYPED | words | {"keywords": as_typed(", ".join(told["keywords"])), "version": "0", "do": "save"}
        )
        page = member.post("/experiences/new/", data)
        if page.status_code == 422:
            errors = page.context["form"].errors.as_data()
            return {(name, error.code) for name, found in errors.items() for error in found}
        assert page.status_code == 302
        return lacking_or(newest())

    def call(told):
        body = json.dumps(GOOD | told)
        answer = program.post("/api/v1/experiences/", body, content_type="application/json")
        if answer.status_code == 400:
            return {(error["field"], error["code"]) for error in answer.json()["errors"]}
        assert answer.status_code == 201, answer.content
        return lacking_or(newest())

    def bring(name, content):
        path = tmp_path / f"{next(numbers)}-{name}"
        path.write_bytes(content)
        outcome = Outcome(path, "--author", ana.email)
        assert outcome.new + outcome.refused == 1
        return newest() if outcome.new else set(PROBLEM.findall(outcome.err))

    return {
        "form": form,
        "API": call,
        "CSV": lambda told: bring("a.csv", as_csv(told)),
        "spreadsheet": lambda told: bring("a.csv", as_csv(told, ";", "utf-16")),
        "JSON Lines": lambda told: bring("a.jsonl", json.dumps(GOOD | told).encode()),
        "front matter": lambda told: bring("a.md", as_markdown(told)),
        "headings": lambda told: bring("a.md", as_markdown(told, under_headings=True)),
    }


def as_typed(text):
    """Return `text` as a browser sends it."""
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def as_csv(told, delimiter=",", encoding="utf-8"):
    row = {name: value for name, value in (GOOD | told).items() if isinstance(value, str)}
    row |= {facet: joined(values) for facet, values in GOOD["contexts"].items()}
    row |= {"stakes": joined(GOOD["stakes"]), "keywords": joined(told["keywords"])}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([row.keys(), row.values()])
    return out.getvalue().encode(encoding)


HEADINGS = {
    "situation": "Situation", "action": "What we did", "result": "What happened", "lessons": "Lessons",
    "enablers": "What helped", "constraints": "Constraints", "comparison": "How we compared",
}  # fmt: skip


def as_markdown(told, under_headings=False):
    """Return a file with its texts in the front matter or, but for what would end there or swallow the rest,
    under headings.
    """
    row, body = GOOD | told | GOOD["contexts"], []
    del row["contexts"]
    for name, heading in HEADINGS.items():
        if under_headings and not re.search(r"```|~~~|\0", row.get(name, "")):
            body.append(f"# {heading}\n\n{row.pop(name, '')}\n")
    front = yaml.safe_dump(row, default_style='"', width=10**6)
    body.append("# Lessons\n")  # A file without any heading is refused for that alone.
    return f"---\n{front}---\n{''.join(body)}".encode()


def newest():
    return Experience.objects.latest("pk")


def lacking_or(report):
    """Return what refuses a draft that is sent, as files are refused that lack it; or the draft."""
    lacking = report.missing()
    return {(name, error.code) for name, error in lacking.items()} or report


def kept(report):
    told = {name: getattr(report, name) for name in ("title", *PROSE)}
    return told | {"keywords": sorted(report.keywords.names())}


# --- What is told --------------------------------------------------------------------------------


blanks = st.lists(st.sampled_from([*BLANKS, *UNSEEN, "\x01", "\x7f", "\ufdd0"])).map("".join)


def or_word(text):
    """Return `text`, or a word where nothing of it would be kept."""
    return text if as_prose(text) else "word"


@st.composite
def tellings(draw):
    """Draw what a report tells, with all that it needs."""
    told = {name: draw(texts().map(or_word) if name in NEEDED else texts()) for name in PROSE}
    told["title"] = draw(texts(5).filter(lambda text: len(text) < 150).map(or_word))
    words = draw(st.lists(texts(3).filter(lambda text: len(text) < LONGEST_KEYWORD // 3), max_size=3))
    return told | {"keywords": words}


PLAIN = dict.fromkeys(("title", *PROSE), "word") | {"keywords": []}


def through(doors, told):
    """Return {door: what it kept, or refused}."""
    results = {}
    for name, door in doors.items():
        result = door(told)
        results[name] = kept(result) if isinstance(result, Experience) else result
        Experience.objects.all().delete()
    return results


@seldom
@given(told=tellings())
def test_every_door_keeps_the_same_of_any_text(told, doors):
    results = through(doors, told)
    first = results["API"]
    assert results == dict.fromkeys(results, first)
    words = {name: as_prose(told[name]) for name in PROSE} | {"title": as_line(told["title"])}
    assert {name: first[name] for name in words} == words
    assert len(first["keywords"]) == len(one_by_one(told["keywords"]))
    assert through(doors, first) == results


@seldom
@given(missing=st.sets(st.sampled_from(NEEDED), min_size=1), blank=blanks)
def test_every_door_says_what_is_missing(missing, blank, doors):
    results = through(doors, PLAIN | dict.fromkeys(missing, blank))
    assert results == dict.fromkeys(results, {(name, "required") for name in missing})


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("title", "a\0b", "invalid_character"),
        ("situation", "a\0b", "invalid_character"),
        ("lessons", "\0", "invalid_character"),
        ("keywords", ["a\0b"], "invalid_character"),
        ("title", "x" * 201, "max_length"),
        ("title", "e\u0301" * 201, "max_length"),
        ("comparison", "x" * 80_001, "max_length"),
        ("keywords", ["x" * (LONGEST_KEYWORD + 1)], "max_length"),
        ("keywords", ["\ufdfa" * LONGEST_KEYWORD], "max_length"),  # one character, eighteen letters
        ("keywords", [f"word {number}" for number in range(MOST_KEYWORDS + 1)], "too_many"),
    ],
)
def test_every_door_refuses_it_for_the_same_cause(name, text, code, doors):
    results = through(doors, PLAIN | {name: text})
    assert results == dict.fromkeys(results, {(name, code)})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("title", "e\u0301" * 200),
        ("title", f"\n\t {'x' * 200} \r\n"),
        ("situation", "e\u0301" * 80_000),
        ("situation", f"{'x' * 799}\n" * 99 + "x" * 800),
        ("keywords", ["e\u0301" * LONGEST_KEYWORD]),
        ("keywords", [f"word {number}," for number in range(MOST_KEYWORDS)]),
    ],
)
def test_every_door_measures_a_text_as_it_is_kept(name, text, doors):
    results = through(doors, PLAIN | {name: text})
    assert isinstance(results["API"], dict)
    assert results == dict.fromkeys(results, results["API"])


@pytest.mark.parametrize("door", ["API", "JSON Lines", "front matter"])
@pytest.mark.parametrize("name", ["title", "result", "keywords"])
def test_half_a_character_is_refused_where_a_file_can_hold_one(door, name, doors):
    text = "a\ud800b"
    result = doors[door](PLAIN | {name: [text] if name == "keywords" else text})
    assert result == {(name, "invalid_character")}


# --- There and back ------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@seldom
@given(told=tellings())
def test_any_text_comes_back_from_an_export_unchanged(told, form, doors, tmp_path):
    told |= {name: or_word(told[name]) for name in ("title", *PROSE)}
    Experience.objects.all().delete()
    before = kept(doors["API"](told))
    path = tmp_path / f"out.{form}"
    call_command("export_experiences", format=form, output=str(path), everything=True, stdout=io.StringIO())
    Experience.objects.all().delete()
    assert Outcome(path).counts == (1, 0, 0)
    assert kept(newest()) == before


@seldom
@given(told=tellings())
def test_any_text_comes_back_from_the_file_of_a_report_unchanged(told, doors, ana, carol, tmp_path):
    told |= {name: or_word(told[name]) for name in ("title", *PROSE)}
    Experience.objects.all().delete()
    report = make_report(ana, carol, **told)
    before = kept(report)
    path = tmp_path / "out.md"
    path.write_bytes(markdown(ReportCitation.of(report)).encode())
    Experience.objects.all().delete()
    assert Outcome(path).counts == (1, 0, 0)
    assert kept(newest()) == before
