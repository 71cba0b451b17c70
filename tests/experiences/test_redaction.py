"""A moderator takes words out of a report: they are gone from all the site gives out, and kept apart for a
while.
"""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from taggit.models import Tag

from accounts.models import OutgoingMail
from config.versioning import Conflict
from experiences.models import Effect, Experience, Measure, Redaction, Source
from experiences.models.redaction import MASK, NOWHERE, Masking
from experiences.models.report.parts import Parts
from experiences.search.rebuild import differences
from experiences.search.reports import found_by
from practices.search.rebuild import grade_stands
from tests.factories import make_draft, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db

NAME = "Quokkabert"
WORDS = {"words": f"{NAME}\nFort Wombat", "note": f"It names {NAME}, a colleague."}
GONE = ("quokkabert", "fort wombat")


@pytest.fixture
def named(ana, ben, carol, chris):
    """A published report that names someone wherever words can stand, quoted by two practices."""
    measure = Measure(
        effect=Effect.objects.get(slug="participation"), direction="up", indicator=f"posts of {NAME}",
        before="10", after="20", source=f"{NAME} counted",
    )  # fmt: skip
    report = make_draft(
        ana,
        title=f"{NAME} moved the list",
        situation="At Fort  Wombat the list was unmaintained.",
        lessons=f"Announce with {NAME} the end date early.",
    )
    sources = [
        Source(url="https://example.org/in/quokkabert", label=f"{NAME}’s plan"),
        Source(url="https://example.org/plan", label="At fort wombat", visibility="curators"),
    ]
    report.parts = Parts(keywords=["Fort Wombat", "forum"], measures=[measure], sources=sources)
    report.write(by=ana).submit(by=ana)
    report.publish(by=carol)
    report.result = f"Eight in ten moved, {NAME} too."
    report.write(by=ana)
    report.follow_up(by=ana, verdict="worked", text=f"{NAME} left; it holds.")
    report.ask(by=ben, text=f"Is {NAME} still there?").answer(by=ana, text=f"No, {NAME} left.")
    practice = make_published_practice(carol, chris, reports=[report, make_report(ben, carol)])
    row = practice.current.claims.get().evidence.get(report=report)
    row.note = f"As {NAME} says."
    row.save()
    make_practice(carol, reports=[report], title="Another")
    return report, practice


def hidden(report, ben):
    report.flag(by=ben, reason="identifies", note=f"It is about {NAME}!")
    return report


# SQLite's own blocks of an index keep what was deleted until it merges them; no query reads it.
UNREAD = ("experiences_search_data", "practices_search_data")


def stored_but_for_originals():
    """Return every value of every table but that of originals, as one text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in (Redaction._meta.db_table, *UNREAD):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found += [repr(row) for row in cursor.fetchall()]
    return "\n".join(found).lower()


def harvest(report, practice):
    yield from (
        "/",
        "/experiences/",
        "/practices/",
        "/feeds/experiences/",
        "/feeds/practices/",
        "/sitemap.xml",
    )
    address, api = report.get_absolute_url(), f"/api/v1/experiences/{report.public_id}/"
    first, last = (row.public_id for row in (report.revisions.first(), report.revisions.last()))
    yield from (address, f"{address}history/", f"{address}history/?from={first}&to={last}")
    yield from (f"/experiences/{report.public_id}.{form}" for form in ("md", "bib"))
    yield from (api, f"{api}revisions/", f"{api}follow-ups/", "/api/v1/experiences/", "/practices/desk/")
    yield from (practice.get_absolute_url(), f"{practice.get_absolute_url()}v/1/", "/accounts/data/file/")
    yield from (f"/api/v1/practices/{practice.slug}/", f"/api/v1/practices/{practice.slug}/versions/1/")
    yield from (
        "/api/v1/experiences/?q=moved",
        "/experiences/?q=moved",
        f"/practices/{practice.slug}/workbench/",
    )


# --- Everywhere ------------------------------------------------------------------------------------


def test_withheld_words_stand_nowhere_any_more(named, ana, ben, carol, mona, browse, tmp_path):
    report, practice = named
    assert all(word in stored_but_for_originals() for word in GONE)
    hidden(report, ben).withhold_words(by=mona, **WORDS)
    report.restore(by=mona)

    # Mails of before, unsent in a test, told their own author of the report.
    OutgoingMail.objects.exclude(subject__contains=MASK).delete()
    stored = re.sub(r"\s+", " ", stored_but_for_originals())
    assert [word for word in GONE if word in stored] == []
    for person in (None, ana, ben, carol, mona):
        for address in harvest(report, practice):
            answer = browse(person).get(address)
            assert answer.status_code in (200, 302, 403, 404), (person, address)
            assert [word for word in GONE if word in answer.getvalue().decode().lower()] == [], (
                person,
                address,
            )
    for form in ("jsonl", "csv"):
        call_command("export_experiences", format=form, output=str(tmp_path / form))
        text = (tmp_path / form).read_text().lower()
        assert MASK in text
        assert [word for word in GONE if word in text] == []


def test_the_mask_stands_where_the_words_stood(named, mona):
    report, _practice = named
    report.withhold_words(by=mona, **WORDS)
    now = Experience.objects.get(pk=report.pk)
    assert now.title == "[withheld] moved the list"
    assert now.situation == "At [withheld] the list was unmaintained."
    assert "[withheld] too" in now.html["result"]
    assert sorted(tag.name for tag in now.keywords.all()) == [MASK, "forum"]
    assert not Tag.objects.filter(name="fort wombat").exists()
    measure = now.measures.get()
    assert (measure.indicator, measure.source, measure.before) == (
        "posts of [withheld]",
        "[withheld] counted",
        "10",
    )
    assert [(row.url, row.label) for row in now.sources.all()] == [
        (NOWHERE, "[withheld]’s plan"),
        ("https://example.org/plan", "At [withheld]"),
    ]
    assert now.follow_ups.get().text == "[withheld] left; it holds."
    assert list(differences(now)) == []


def test_words_typed_and_not_published_are_masked_and_shown_to_no_moderator(named, ana, mona, browse):
    report, _practice = named
    report.keep_words({"result": [f"{NAME} and my secret"], "verdict": ["worked"]}, by=ana)
    report.withhold_words(by=mona, **WORDS)
    report.refresh_from_db()
    assert report.unsaved == {"result": ["[withheld] and my secret"], "verdict": ["worked"]}
    assert "my secret" not in browse(mona).post(f"{report.get_absolute_url()}withheld/").content.decode()


def test_every_revision_is_masked_and_says_that_words_were_withheld(named, mona, browse):
    report, _practice = named
    report.withhold_words(by=mona, **WORDS)
    rows = list(report.revisions.all())
    assert [row.kind for row in rows] == ["sent", "published", "edited", "withheld"]
    assert {row.told["title"] for row in rows} == {"[withheld] moved the list"}
    assert {row.told["sources"][0]["url"] for row in rows} == {NOWHERE}
    assert rows[-1].told == report.snapshot()
    assert (
        "Words withheld by a moderator"
        in browse().get(f"{report.get_absolute_url()}history/").content.decode()
    )


def test_the_words_are_found_by_no_search(named, mona):
    report, _practice = named
    assert found_by(NAME, mona, 10) == [report]
    report.withhold_words(by=mona, **WORDS)
    assert found_by(NAME, mona, 10) == []


# --- Practices -------------------------------------------------------------------------------------


def test_an_excerpt_masked_like_its_report_still_stands(named, mona):
    report, practice = named
    before = practice.assessment.support
    report.withhold_words(by=mona, **WORDS)
    rows = list(report.evidence.all())
    assert {row.excerpt for row in rows} == {"Announce with [withheld] the end date ea"}
    assert [row.note for row in rows if row.note] == ["As [withheld] says."]
    assert all(row.stands for row in rows)
    practice.refresh_from_db()
    assert practice.assessment.support == before
    assert grade_stands(practice)


def test_white_space_and_quotes_told_otherwise_in_the_excerpt_are_masked_alike(ana, carol, chris, mona):
    report = make_report(ana, carol, lessons="It is “l’équipe  de\nWombat” that began it all.")
    practice = make_practice(carol)
    claim = practice.claims().get()
    claim.cite(report, by=carol, bearing="supports", excerpt='It is "l\'équipe de Wombat" that began')
    report.withhold_words(by=mona, words="l'équipe de  Wombat", note="It names them.")
    row = report.evidence.get()
    assert row.excerpt == 'It is "[withheld]" that began'
    assert row.stands


def test_an_excerpt_cut_in_the_midst_of_a_passage_goes_and_no_longer_counts(named, ana, carol, chris, mona):
    report = make_report(ana, carol, lessons="Ask Jean of Fort Wombat before you close it.")
    practice = make_practice(carol)
    practice.claims().get().cite(report, by=carol, bearing="supports", excerpt="Ask Jean of Fort")
    practice.submit(by=carol)
    practice.publish(by=chris)
    assert practice.assessment.support == 1
    report.withhold_words(by=mona, **WORDS)
    assert {(row.excerpt, row.stale) for row in report.evidence.all()} == {("", True)}
    practice.refresh_from_db()
    assert practice.assessment.support == 0
    line = practice.log.filter(verb="graded").last()
    assert (line.cause, line.is_dated_by_month) == ("withheld", True)
    assert grade_stands(practice)


# --- Rules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "note", "refused"),
    [
        ("", "Why.", {"words"}),
        (" \n ", "", {"words", "note"}),
        ("e", "Why.", {"words"}),
        ("--", "Why.", {"words"}),
        ("x" * 501, "Why.", {"words"}),
        ("\n".join(f"word {n}" for n in range(51)), "Why.", {"words"}),
        ("a\0b", "Why.", {"words"}),
        ("platypus", "Why.", {"words"}),
        ("forum", "x" * 2001, {"note"}),
    ],
)
def test_what_cannot_be_withheld_is_refused_beside_its_field(words, note, refused, ana, carol, mona):
    report = make_report(ana, carol)
    with pytest.raises(ValidationError) as refusal:
        report.withhold_words(by=mona, words=words, note=note)
    assert set(refusal.value.message_dict) == refused
    assert not Redaction.objects.exists()
    report.refresh_from_db()
    assert report.title == "We moved the mailing list to a forum"


def test_nobody_overwrites_what_they_have_not_read(named, ana, mona):
    report, _practice = named
    stale = Experience.objects.get(pk=report.pk)
    report.lessons = "Ask somebody."
    report.write(by=ana)
    with pytest.raises(Conflict):
        stale.withhold_words(by=mona, **WORDS)
    assert not Redaction.objects.exists()


@pytest.mark.parametrize(
    ("passage", "text", "masked"),
    [
        ("Al", "Al also called AL.", "[withheld] also called [withheld]."),
        ("Jean Dupont", "_Jean_ **Dupont** and Jean-Dupont", "_[withheld]** and [withheld]"),
        ("d'Anne", "l’avis d’Anne, d'anne", "l’avis [withheld], [withheld]"),
        ("j_d", r"Ask j\_d or @j_d", "Ask [withheld] or @[withheld]"),
        ("withheld", "It was [withheld], and withheld", "It was [withheld], and [withheld]"),
        ("É. Dupré", "É. Dupré, é. dupré", "[withheld], [withheld]"),
        ("@jd", "mail @jd.", "mail [withheld]."),
    ],
)
def test_a_passage_is_found_whole_however_it_is_set(passage, text, masked):
    assert Masking(passage, whole=True).text(text) == masked


def test_terms_of_closed_lists_are_never_masked(ana, carol, mona):
    report = make_report(ana, carol, measured=True, lessons="It worked, published in en, up and down.")
    report.withhold_words(by=mona, words="worked\nen\nup\npublished\nmoving-platform", note="A test.")
    report.refresh_from_db()
    told = report.revisions.last().told
    assert (report.verdict, told["verdict"], told["language"]) == ("worked", "worked", "en")
    assert (told["stakes"], told["measures"][0]["direction"]) == (["moving-platform"], "up")
    assert report.lessons == "It [withheld], [withheld] in [withheld], [withheld] and down."
    assert [line.verb for line in report.log.all()][-1] == "withheld"


# --- The original ----------------------------------------------------------------------------------


def test_a_look_at_the_original_is_noted_each_time_and_only_moderators_have_one(
    named, ana, carol, mona, browse
):
    report, _practice = named
    report.withhold_words(by=mona, **WORDS)
    place = f"{report.get_absolute_url()}withheld/"
    for person, code in ((ana, 403), (carol, 403), (mona, 200), (mona, 200)):
        answer = browse(person).post(place)
        assert answer.status_code == code
        assert (NAME in answer.content.decode()) is (code == 200)
    assert browse(mona).get(place).status_code == 405
    assert [line.by for line in report.log.filter(verb="looked")] == [mona, mona]
    with pytest.raises(PermissionDenied):
        report.look_at_withheld(by=carol)


def test_the_worker_erases_the_original_after_a_while(named, mona, browse, settings):
    report, _practice = named
    report.withhold_words(by=mona, **WORDS)
    days = settings.WITHHELD_WORDS_KEPT_DAYS
    for age, kept in ((days - 1, True), (days + 1, False)):
        Redaction.objects.update(at=timezone.now() - timedelta(days=age))
        call_command("work", once=True)
        assert Redaction.objects.kept().exists() is kept
        assert browse(mona).post(f"{report.get_absolute_url()}withheld/").status_code == (
            200 if kept else 404
        )
    row = Redaction.objects.get()
    assert (row.by, row.note, row.original) == (mona, "It names [withheld], a colleague.", None)


def test_what_was_withheld_before_keeps_its_original(named, mona):
    report, _practice = named
    report.withhold_words(by=mona, words="Fort Wombat", note="A place.")
    report.withhold_words(by=mona, words=NAME, note="A name.")
    first, second = report.redactions.all()
    assert any("Fort  Wombat" in text for _model, _column, text in first.original["texts"])
    assert any(NAME in text for _model, _column, text in second.original["texts"])
    assert first.original["passages"] == ["Fort Wombat"]


def test_an_erased_report_takes_its_revisions_and_originals_along(named, ana, mona):
    report, _practice = named
    report.withhold_words(by=mona, **WORDS)
    report.erase(by=ana)
    assert not report.revisions.exists()
    assert not Redaction.objects.exists()


def test_an_address_is_masked_in_revisions_and_originals_when_its_member_leaves(ana, carol, mona):
    report = make_report(ana, carol, lessons=f"Write to {ana.email.upper()} or Fort Wombat.")
    report.withhold_words(by=mona, words="Fort Wombat", note="A place.")
    report.leave_without_name(by=ana)
    kept = [*report.revisions.values_list("told", flat=True), report.redactions.get().original]
    assert ana.email not in json.dumps(kept).lower()
    assert MASK in json.dumps(kept)


# --- The author ------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", ["named", "withheld"])
def test_the_author_is_told_that_words_were_withheld_and_not_which(identity, ana, carol, mona, browse):
    report = make_report(ana, carol, identity=identity, title=f"{NAME} moved the list")
    OutgoingMail.objects.all().delete()
    report.withhold_words(by=mona, words=NAME, note="It names a colleague.")
    letter = OutgoingMail.objects.get(recipient=ana.email)
    told = letter.subject + letter.body
    assert NAME not in told
    assert "moderator" in told
    assert (
        ("moved the list" in told)
        is ("a colleague" in told)
        is (report.public_id in told)
        is (identity == "named")
    )
    page = browse(ana).get(report.get_absolute_url()).content.decode()
    assert "Words withheld by a moderator" in page
    assert "It names a colleague." in page
    [own] = json.loads(browse(ana).get("/accounts/data/file/").content)["reports"]
    assert [row["note"] for row in own["redactions"]] == ["It names a colleague."]
    assert NAME not in json.dumps(own)


# --- The page --------------------------------------------------------------------------------------


def test_what_would_change_is_shown_before_it_is_done(named, mona, browse):
    report, _practice = named
    place = f"{report.get_absolute_url()}withhold/"
    browser, typed = browse(mona), {"words": f"{NAME}\nplatypus\nWombat", "note": "It names someone."}
    assert f'action="{place}"' in browser.get(report.get_absolute_url()).content.decode()
    page = browser.post(place, typed)
    assert page.status_code == 200
    assert page.context["unfound"] == ["platypus"]
    text = page.content.decode()
    assert f"<del>{NAME}</del><ins>[withheld]</ins> moved the list" in text
    assert not Redaction.objects.exists()
    assert not report.log.filter(verb="withheld").exists()
    report.refresh_from_db()
    assert NAME in report.title

    done = browser.post(place, typed | {"version": page.context["version"], "confirmed": "yes"})
    assert done["Location"] == report.get_absolute_url()
    report.refresh_from_db()
    assert report.title == "[withheld] moved the list"


def test_longer_words_that_hold_one_are_pointed_out(ana, carol, mona, browse):
    report = make_report(ana, carol, lessons="Ask Wombat of the Wombatiers.")
    page = browse(mona).post(f"{report.get_absolute_url()}withhold/", {"words": "Wombat", "note": "A name."})
    assert page.context["longer"] == ["Wombatiers"]


def test_a_refusal_keeps_the_words(named, ana, mona, browse):
    report, _practice = named
    place = f"{report.get_absolute_url()}withhold/"
    answer = browse(mona).post(place, {"words": NAME, "note": ""})
    assert answer.status_code == 422
    assert NAME in answer.content.decode().split('name="words"')[1].split("</textarea>")[0]
    version = report.version
    report.write(by=ana)
    stale = browse(mona).post(place, WORDS | {"version": version, "confirmed": "yes"})
    assert stale.status_code == 409
    assert "Fort Wombat" in stale.content.decode().split('name="words"')[1].split("</textarea>")[0]
