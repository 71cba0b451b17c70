"""The operators' commands."""

import io
import json
import sqlite3

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from experiences.models import Experience, ReportPosting, ReportProfile
from experiences.text_index.index import INDEXES
from practices.models import Practice, PracticeProfile
from tests.factories import make_published_practice, make_report

pytestmark = pytest.mark.django_db


def run(command, /, *args, **options):
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


@pytest.fixture
def practice(ana, carol, chris):
    """A published practice with one report under it."""
    report = make_report(ana, carol)
    return make_published_practice(carol, chris, reports=[report])


# --- Tokens --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scope", "code"), [("read", 403), ("write", 200)])
def test_a_token_is_printed_once_and_may_what_its_scope_says(client, ana, scope, code):
    key = run("make_token", "ANA@example.org", scope=scope, name="laptop", days=3).strip()
    sent = {"Authorization": f"Token {key}"}
    assert client.get("/api/v1/me/", headers=sent).json()["scope"] == scope
    answer = client.put("/api/v1/me/situation/", "{}", content_type="application/json", headers=sent)
    assert (answer.status_code == 403) == (code == 403)
    assert not ana.auth_token_set.filter(digest=key).exists()


@pytest.mark.parametrize(
    "args", [{"email": "nobody@example.org"}, {"days": 0}, {"days": 10**9}, {"name": ""}]
)
def test_a_token_that_cannot_be_made_is_refused_in_words(ana, args):
    given = {"email": ana.email, "days": 3, "name": "laptop", **args}
    with pytest.raises(CommandError):
        run("make_token", given["email"], scope="read", name=given["name"], days=given["days"])


# --- What is derived -----------------------------------------------------------------------------


def breakages():
    """Things that no verb does, by name."""
    yield "html", lambda practice: Experience.objects.update(html={"situation": "<p>other"})
    yield "strength", lambda practice: Experience.objects.update(strength=4)
    yield "text", lambda practice: Experience.Text.objects.all().delete()
    yield "text", lambda practice: Experience.objects.update(title="Retitled")
    yield (
        "search index of practices: row",
        lambda practice: INDEXES["practices"].files.write(
            INDEXES["practices"].files.read().state, [], [practice.pk], 0
        ),
    )
    yield "word profile", lambda practice: ReportProfile.objects.all().delete()
    yield "word profile", lambda practice: ReportPosting.objects.filter(term__startswith="#").delete()
    yield (
        "is said by nothing public",
        lambda practice: ReportPosting.objects.create(term="stray", place=1),
    )
    yield "stands for nothing", lambda practice: Experience.objects.update(status="withdrawn")
    yield "html", lambda practice: Practice.objects.update(html={})
    yield "html of version 1", lambda practice: practice.versions.update(html={})
    yield "grade", lambda practice: Practice.objects.update(grade=4)
    yield "text", lambda practice: Practice.Text.objects.drop(practice.pk)
    yield "word profile", lambda practice: PracticeProfile.objects.update(stems="other", weights="1")


@pytest.mark.parametrize(("name", "broken"), list(breakages()))
def test_what_differs_is_found_and_mended(practice, name, broken):
    assert "as it should be" in run("check_index")
    broken(practice)
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_index", stdout=out)
    assert end.value.code == 1
    assert name in out.getvalue()
    run("rebuild_index")
    assert "as it should be" in run("check_index")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_others_may_write_between_two_chunks_of_what_is_derived_again(monkeypatch, ana, carol):
    command, paused = "practices.management.commands.rebuild_index", []
    monkeypatch.setattr(f"{command}.CHUNK", 2)
    monkeypatch.setattr(f"{command}.time.sleep", lambda _seconds: paused.append(connection.in_atomic_block))
    for number in range(5):
        make_report(ana, carol, title=f"Told {number}")
    run("rebuild_index")
    assert paused == [False, False]


@pytest.mark.sqlite
def test_practices_that_cite_more_reports_than_sqlite_takes_at_once_are_derived_and_exported(
    monkeypatch, ana, carol, chris
):
    for name in ("rebuild_index", "check_index"):
        monkeypatch.setattr(f"practices.management.commands.{name}.AT_ONCE", 3)
    monkeypatch.setattr("practices.interchange.exporter.AT_ONCE", 3)
    reports = [make_report(ana, carol, title=f"Told {number}") for number in range(36)]
    for number in range(0, 36, 3):
        cited = reports[number : number + 3]
        make_published_practice(carol, chris, title=f"Way {number}", reports=cited)
    most = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 30)  # of the thousand
    try:
        run("rebuild_index")
        assert "as it should be" in run("check_index")
        assert len(run("export_practices", all=True).splitlines()) == 12
    finally:
        connection.connection.setlimit(sqlite3.SQLITE_LIMIT_EXPR_DEPTH, most)


def test_grades_are_computed_again_and_say_so(practice):
    true_grade = practice.grade
    Practice.objects.update(grade=4)
    assert "1 practices graded, 1 grades moved" in run("grade_practices")
    practice.refresh_from_db()
    assert practice.grade == true_grade
    assert practice.log.last().cause == "recomputed"


# --- Addresses -----------------------------------------------------------------------------------


def test_every_address_is_listed_with_its_methods_and_its_rule():
    rows = {row["address"]: row for row in json.loads(run("routes", "--json"))}
    assert all(row["methods"] and row["rule"] for row in rows.values())
    assert rows["/"]["rule"] == "everyone"
    assert rows["/practices/desk/"]["rule"] == "curators"
    assert rows["/vocabulary/"]["rule"] == "moderators"
    assert rows["/moderation/"]["rule"] == "moderators"
    assert rows["/experiences/new/"] | {"name": ""} == {
        "address": "/experiences/new/", "name": "", "methods": ["GET", "HEAD", "POST"], "rule": "members",
    }  # fmt: skip
    assert rows["/admin/"]["rule"] == "staff"
    assert rows["/api/v1/experiences/<public_id>/submit/"]["methods"] == ["POST"]
    assert "visible" in rows["/api/v1/experiences/<public_id>/submit/"]["rule"]


def test_what_is_said_to_be_for_members_sends_visitors_away(client):
    for row in json.loads(run("routes", "--json")):
        if (
            row["rule"] in ("members", "curators", "moderators", "staff")
            and "GET" in row["methods"]
            and "<" not in row["address"]
        ):
            assert client.get(row["address"]).status_code in (302, 401), row


# --- Practices -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_practices_are_exported_with_claims_and_grade(practice, carol, form, tmp_path):
    path = tmp_path / "out"
    run("export_practices", format=form, output=str(path))
    text = path.read_text(encoding="utf-8")
    assert practice.title in text
    assert "Announce the end date early." in text
    assert "G1" in text
    assert carol.email not in text
