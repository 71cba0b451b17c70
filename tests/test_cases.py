"""Small inputs that once failed, each through the doors it came by: see the README beside them.

Their number is that of the file. What is laid out on a screen is tried in tests/browser/test_markdown.py.
"""

import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from taggit.models import Tag

from experiences.models import Experience, Stake
from practices.own_data.account_closure import ERASE, LEAVE, close
from tests.conftest import CORPUS
from tests.experiences.test_markdown import Page, missing
from tests.factories import TYPED, make_practice, make_published_practice, make_report
from tests.importing import Outcome
from tests.lists import titles

pytestmark = [pytest.mark.django_db, pytest.mark.corpus]
CASES = CORPUS / "cases"
PLACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def files(pattern):
    """Return the cases of `pattern`, as parameters."""
    return [pytest.param(path, id=path.stem) for path in sorted(CASES.glob(pattern))]


def rows(name):
    return [json.loads(line) for line in (CASES / name).read_text("utf-8").splitlines()]


def lines(name):
    """Return the lines of a text, but for its remarks."""
    text = (CASES / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def publish(name):
    """Import the case `name` and publish what it holds."""
    return Outcome(CASES / name, "--publish")


# --- Text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_01_accents_written_together_or_apart_are_one(form, browse, carol):
    assert publish("01-nfd.jsonl").counts == (2, 0, 0)
    asked = unicodedata.normalize(form, "médiathèque")
    assert len(titles(browse, q=asked)) == len(titles(browse, keyword=asked)) == 2
    assert Tag.objects.count() == 1
    claim = make_practice(carol).claims().get()
    for report in Experience.objects.all():
        row = claim.cite(report, by=carol, bearing="supports", excerpt=f"La {asked} était fermée.")
        assert row.excerpt == report.situation


@pytest.mark.parametrize(
    "asked", ["Lodz Tromso Dakovo Kizilay Diyarbakir Isafjordur Thorshofn", "gdansk malmo", "Ísafjörður"]
)
def test_03_plain_letters_find_those_with_strokes_and_dots(asked, browse):
    publish("03-latin-letters.jsonl")
    assert len(titles(browse, q=asked)) == 1
    assert titles(browse, q="zeppelin") == []


EACH = [
    {"c++", "c#", "c", "🎉", "日本語", "l'équipe"},
    {"c++", "🎊", "العربية", "l'équipe", "onboarding rituals"},
    {"istanbul", "moderation"},
]
SEVERAL = set.union(*EACH)


def test_05_one_keyword_is_one_tag_by_import_and_by_the_api(api, ana, browse):
    outcome = publish("05-keywords.jsonl")
    assert (outcome.counts, outcome.err.count("\n")) == ((3, 0, 1), 1)
    assert ":4: keywords: " in outcome.err
    assert "[max_length]" in outcome.err
    assert set(Tag.objects.values_list("name", flat=True)) == SEVERAL
    for row, wanted in zip(rows("05-keywords.jsonl")[:3], EACH, strict=True):
        del row["source_id"]
        made = api(ana).post("/api/v1/experiences/", row, format="json").json()
        assert set(made["keywords"]) == wanted
        assert len(made["keywords"]) == len(wanted)
    assert Tag.objects.count() == len(SEVERAL)
    assert sorted(titles(browse, keyword="c++")) == ["Tags one", "Tags two"]
    assert titles(browse, keyword="C") == ["Tags one"]
    assert titles(browse, keyword="🎊") == ["Tags two"]


def test_17_a_comma_parts_keywords_at_every_door(api, ana, browse):
    [row] = rows("17-keyword-comma.jsonl")
    publish("17-keyword-comma.jsonl")
    api(ana).post("/api/v1/experiences/", row, format="json")
    typed = TYPED | {"keywords": ", ".join(row["keywords"]), "version": "0", "do": "save"}
    assert browse(ana).post("/experiences/new/", typed).status_code == 302
    found = [sorted(report.keywords.names()) for report in Experience.objects.all()]
    assert found == [["but verify", "plain", "trust"]] * 3


def test_07_what_cannot_be_seen_is_missing_and_a_line_has_no_line_end(browse):
    outcome = publish("07-control-chars.jsonl")
    assert outcome.counts == (5, 0, 1)
    refused = re.findall(r":5: (\w+): .*\[required\]", outcome.err)
    assert set(refused) == {"title", "situation", "action", "result"}
    for report in Experience.objects.all():
        assert len(report.title.splitlines()) == 1
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufdd0\ufffe]", report.quotable_text())
    assert Experience.objects.get(source_id="bug-title-nl").title == "A title with a newline and tab"


def test_07_the_feed_stays_well_formed(browse):
    publish("07-control-chars.jsonl")
    answer = browse().get("/feeds/experiences/")
    entries = ElementTree.fromstring(answer.content).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 5
    assert "]]&gt; &amp; &lt;script&gt;x&lt;/script&gt;" in answer.content.decode()


def test_07_the_site_map_stays_well_formed(browse):
    publish("07-control-chars.jsonl")
    told = [
        place.text for place in ElementTree.fromstring(browse().get("/sitemap.xml").getvalue()).iter(PLACE)
    ]
    reports = Experience.objects.all()
    assert len(reports) == 5
    for report in reports:
        assert len([one for one in told if one.endswith(report.get_absolute_url())]) == 1


def test_08_words_are_withheld_in_all_their_spellings(mona, browse):
    publish("08-withhold-forms.jsonl")
    report = Experience.objects.get()
    report.withhold_words(by=mona, words="Hélène Brûlé-Fictive", note="It names a colleague.")
    report.refresh_from_db()
    for name in ("situation", "action", "result", "lessons"):
        assert getattr(report, name).count("[withheld]") == 1, name
    assert "Fictive" not in browse().get(report.get_absolute_url()).content.decode()


def spots(browse, person, text):
    """Return {(kind, words composed)} of what is pointed out in `text` before it is sent."""
    told = TYPED | {"action": text, "language": "fr", "organisation": "Société Générique"}
    found = browse(person).post("/experiences/check/", told).context["check"].spots
    return {(one.finding.kind, unicodedata.normalize("NFC", one.finding.words)) for one in found}


@pytest.mark.parametrize("turn", range(10))
def test_18_every_spelling_points_out_what_the_plain_one_does(turn, browse, ana):
    name, text = lines("18-pii-forms.txt")[turn]
    found = spots(browse, ana, text)
    kinds = {"phone"} if "phone" in name else {"email"}
    if name == "plain":
        assert found == {("name", "Zoé Lefèvre"), ("email", "prenom.nom@assoc-fictive.fr")}
    elif name.startswith("nfd"):
        assert found == spots(browse, ana, unicodedata.normalize("NFC", text)) != set()
        assert ("organisation" in name) == (("organisation", "Société Générique") in found)
    else:
        assert {kind for kind, _words in found} == kinds
        assert [words for _kind, words in found] == [text]


def test_20_an_address_spells_its_title_out(carol, chris, ana):
    for title, given, wanted in lines("20-slug-titles.txt"):
        report = make_report(ana, carol)
        practice = make_published_practice(carol, chris, reports=[report], title=title)
        assert practice.slug.endswith(wanted.strip("…"))
        assert practice.slug != given


# --- Markdown ------------------------------------------------------------------------------------


def test_06_nothing_vanishes_from_a_page(ana, carol, browse):
    source = (CASES / "06a-nested-list.md").read_text("utf-8")
    report = make_report(ana, carol, situation=source)
    assert missing(source, Page(report.html["situation"])) == set()
    assert publish("06b-markdown.md").counts == (1, 0, 0)
    imported = Experience.objects.get(source_id="bug-md-1")
    page = Page(browse().get(imported.get_absolute_url()).content.decode())
    for name in Experience.TEXTS:
        assert missing(getattr(imported, name), page) == set(), name
    assert {"https://example.org/a.png", "https://example.org/path_(x)?a=1&b=2"} <= set(page.links)
    assert {"https://www.example.org/page", "/practices/"} <= set(page.links)
    assert imported.html["action"].count("<br>") == 2
    assert imported.html["action"].count("<li>") == 2
    assert "<pre>" not in imported.html["action"]


# --- Files ---------------------------------------------------------------------------------------

TAKEN = {  # (new, refused), where it is not one new record
    "04e-cp1252": (0, 1), "04l-decimal-comma": (3, 1), "04n-empty": (0, 0), "04o-header-only": (0, 0),
    "04q-apostrophe": (3, 0), "04r-nul": (0, 1), "11f-md-colon-title": (0, 1),
}  # fmt: skip


@pytest.mark.parametrize("path", files("04*.csv") + files("11*.md"))
def test_04_and_11_files_are_taken_as_people_write_them_or_refused_in_one_sentence(path):
    outcome = publish(path.name)
    new, refused = TAKEN.get(path.stem, (1, 0))
    assert outcome.counts == (new, 0, refused)
    assert outcome.err.count("\n") == (0 if new and not refused else 1)
    assert Experience.objects.published().count() == new
    assert publish(path.name).counts == (0, new, refused)


def test_04_what_a_spreadsheet_means_is_what_is_kept():
    for path in CASES.glob("04*.csv"):
        publish(path.name)
    kept = {report.source_id: report for report in Experience.objects.all()}
    assert (kept["csv-nl"].title, kept["csv-nl"].situation) == (
        'Title "quoted"',
        "Line one\nLine two\n\n- a\n- b",
    )
    assert sorted(kept["csv-kw"].keywords.names()) == ["onboarding", "rituals"]
    assert [str(kept[f"csv-date{n}"].started_on) for n in ("", 2, 3)] == ["2025-03-01"] * 3
    assert kept["csv-date3"].effort_hours == 2
    assert "csv-dec" not in kept  # An hour and a half is no whole number.
    assert {report.verdict for report in kept.values()} == {"worked"}
    said = [kept[f"csv-apos{n}"].title for n in ("", 2, 3)]
    assert said == ["'-tis the season", "- a dash title", "'90s forum habits"]


def test_11_each_text_stands_in_its_field():
    for path in CASES.glob("11*.md"):
        publish(path.name)
    reports = Experience.objects.all()
    assert {(report.action, report.result) for report in reports} == {("Un geste.", "Un effet.")}
    below = reports.get(source_id="md-j").situation
    assert below.endswith("### Result\nCe sous-titre est dans la situation.")
    assert {report.situation for report in reports} == {"Ce qui se passait.", below}


def test_09_an_account_that_was_closed_is_not_brought_back(ana, carol):
    make_report(ana, carol)
    stays, goes = [row["title"] for row in rows("09-import-again.jsonl")]
    assert Outcome(CASES / "09-import-again.jsonl", "--author", ana.email, "--publish").new == 2
    close(ana, {report: ERASE if report.title == goes else LEAVE for report in ana.experiences.all()})
    number = Experience.objects.count()
    assert publish("09-import-again.jsonl").counts == (0, 2, 0)
    assert Experience.objects.count() == number
    assert Experience.objects.filter(title=stays).count() == 1
    assert not Experience.objects.filter(title=goes).exists()


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_13_a_retired_term_comes_back(form, mona, tmp_path):
    publish("13-retired-term.jsonl")
    stakes = {stake.slug: stake for stake in Stake.objects.all()}
    stakes["first-steps"].retire(by=mona, note="Too wide.", heirs=[stakes["trust"]])
    texts = []
    for turn in ("before", "after"):
        path = tmp_path / f"{turn}.{form}"
        call_command("export_experiences", format=form, output=str(path), verbosity=0)
        texts.append(path.read_text("utf-8"))
        Experience.objects.all().delete()
        assert Outcome(path, "--publish").counts == (1, 0, 0)
    report = Experience.objects.get()
    assert [stake.slug for stake in report.stakes.all()] == ["first-steps"]
    before, after = (re.sub(r"[a-z0-9]{12}(?=[/\",])", "…", text) for text in texts)
    assert before == after


def test_22_a_spreadsheet_reads_the_accents_of_an_export(tmp_path):
    publish("01-nfd.jsonl")
    path = tmp_path / "out.csv"
    call_command("export_experiences", format="csv", output=str(path), verbosity=0)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert "médiathèque zébrée" in path.read_text("utf-8")


# --- The API -------------------------------------------------------------------------------------


def test_14_a_wrong_address_of_the_api_is_told_with_the_right_one(api, ana):
    program = api(ana)
    near = program.post("/api/v1/experiences", {}, format="json")
    far = program.post("/api/v1/nothing-here/", {}, format="json")
    assert (near.status_code, far.status_code) == (404, 404)
    assert "/api/v1/experiences/" in near.json()["detail"]
    assert "/api/v1/experiences/" not in far.json()["detail"]
    assert not Experience.objects.exists()
