"""What a report tells beside whether it worked: its price, first signs, near misses, money, and months."""

import io
import json

import pytest
from django.utils import timezone

from experiences.interchange.exporter import export
from experiences.interchange.importer import Importer
from experiences.interchange.markdown import read_markdown
from experiences.interchange.records import Record
from experiences.models import Experience
from experiences.models.first_signs import MOST_SIGNS
from experiences.notifications.wordings import still_holds
from experiences.privacy.check import check_of
from tests.experiences.test_round_trip import exported, read_again
from tests.experiences.test_views import NEW, html
from tests.factories import TYPED, make_draft, make_report
from tests.importing import GOOD

pytestmark = pytest.mark.django_db
NOTE = "/experiences/new/note/"
SIGNS = [
    {"sign": "Nobody took the third week.", "followed_by": "Two left the rota.", "weeks": 6},
    {"sign": "Questions came by mail again.", "followed_by": "", "weeks": None},
]
PRICE = {
    "unwanted_seen": "some",
    "unwanted": "The *eleven* were tired by June.",
    "unwanted_borne_by": ["newcomers", "moderators"],
    "unwanted_weight": "heavy",
}
MORE = PRICE | {
    "first_signs": SIGNS,
    "changeable": "The length of a turn, at the cost of a new contract.",
    "constraints": "The rules of the parent company.",
    "effort_money": 1200,
    "effort_currency": "EUR",
}


# --- The price ---------------------------------------------------------------------------------------


def test_not_told_is_not_none(ana, api, carol, browse):
    silent = make_report(ana, carol)
    none = make_report(ana, carol, unwanted_seen="none", title="Nothing seen")
    told = [
        api().get(f"/api/v1/experiences/{one.public_id}/").json()["unwanted_seen"] for one in (silent, none)
    ]
    assert told == ["", "none"]
    assert "Unwanted effects" not in html(browse().get(silent.get_absolute_url()))
    assert "The author saw none." in html(browse().get(none.get_absolute_url()))


@pytest.mark.parametrize("detail", ["unwanted", "unwanted_borne_by", "unwanted_weight"])
def test_whoever_tells_of_an_effect_has_seen_one(ana, detail):
    assert make_draft(ana, **{detail: PRICE[detail]}).unwanted_seen == "some"


def test_both_doors_refuse_an_effect_that_nobody_saw(ana, api, browse):
    told = {"unwanted_seen": "none", "unwanted_weight": "light"}
    form = browse(ana).post(NEW, TYPED | told | {"do": "save"})
    answer = api(ana).post("/api/v1/experiences/", told | {"title": "x"}, format="json")
    (error,) = answer.json()["errors"]
    assert (form.status_code, answer.status_code) == (422, 400)
    assert error["field"] == "unwanted_seen"
    assert error["message"] in html(form)
    assert not Experience.objects.exists()


def test_who_bore_it_is_of_a_closed_list_and_in_its_order(ana, api):
    wrong = api(ana).post("/api/v1/experiences/", {"unwanted_borne_by": ["cats"]}, format="json")
    told = {"title": "x", "unwanted_borne_by": ["outside", "members"]}
    right = api(ana).post("/api/v1/experiences/", told, format="json")
    assert wrong.status_code == 400
    assert "cats" in wrong.json()["errors"][0]["message"]
    assert right.json()["unwanted_borne_by"] == ["members", "outside"]


def test_the_quick_note_asks_for_it_once(ana, browse):
    page = html(browse(ana).get(NOTE))
    assert page.count('name="unwanted_seen"') == 3
    assert page.count('name="unwanted"') == 1
    told = {"result": "Nobody came.", "unwanted_seen": "some", "unwanted_borne_by": ["members"]}
    browse(ana).post(NEW, {"language": "en", "identity": "withheld", "do": "save"} | told)
    report = ana.experiences.get()
    assert (report.unwanted_seen, report.unwanted_borne_by) == ("some", ["members"])


# --- First signs -------------------------------------------------------------------------------------


def test_first_signs_are_rows_of_the_form(ana, browse):
    rows = {
        "first_signs": ["0", "1"],
        "first_signs-0-sign": "Nobody took the third week.",
        "first_signs-0-followed_by": "Two left the rota.",
        "first_signs-0-weeks": "6",
        "first_signs-1-sign": "Questions came by mail again.",
    }
    browse(ana).post(NEW, TYPED | rows | {"do": "save"})
    report = ana.experiences.get()
    assert report.first_signs == SIGNS
    page = html(browse(ana).get(f"{report.get_absolute_url()}edit/"))
    assert 'value="Two left the rota."' in page
    emptied = TYPED | {"version": report.version, "do": "save"}
    browse(ana).post(f"{report.get_absolute_url()}edit/", emptied)
    report.refresh_from_db()
    assert report.first_signs == []


@pytest.mark.parametrize(
    "signs",
    [
        [{"sign": ""}],
        [{"sign": "x" * 301}],
        [{"sign": "x", "weeks": -1}],
        [{"sign": "x", "weeks": True}],
        [{"sign": "x", "colour": "red"}],
        [{"sign": "x"}] * (MOST_SIGNS + 1),
        ["x"],
        "x",
    ],
)
def test_signs_that_cannot_be_kept_are_refused(ana, api, signs):
    answer = api(ana).post("/api/v1/experiences/", {"first_signs": signs}, format="json")
    assert answer.status_code == 400
    assert {error["field"].split(".")[0] for error in answer.json()["errors"]} == {"first_signs"}


# --- A near miss, a warning --------------------------------------------------------------------------


@pytest.mark.parametrize("nature", ["near-miss", "warning"])
def test_what_has_no_outcome_yet_needs_no_verdict_and_is_asked_about(ana, browse, carol, nature):
    typed = {name: value for name, value in TYPED.items() if name != "verdict"}
    browse(ana).post(NEW, typed | {"nature": nature, "do": "send"})
    report = ana.experiences.get()
    assert (report.status, report.verdict) == ("submitted", "too-early")
    assert report.follow_up_on > timezone.localdate()
    assert browse(ana).post(NEW, typed | {"do": "send"}).status_code == 422  # What was tried has one.
    subject, *_body = still_holds(report)
    assert "What came of" in str(subject)


def test_a_warning_is_marked_and_found(ana, api, browse, carol):
    make_report(ana, carol, title="Tried")
    make_report(ana, carol, title="Look out", nature="warning", verdict="")
    listed = html(browse().get("/experiences/", {"nature": "warning"}))
    assert "A warning" in listed
    assert ("Look out" in listed, "Tried" in listed) == (True, False)
    for query, title in (("nature=warning", "Look out"), ("not_nature=warning", "Tried")):
        (item,) = api().get(f"/api/v1/experiences/?{query}").json()["results"]
        assert item["title"] == title
    assert api().get("/api/v1/experiences/?nature=rumour").status_code == 400


# --- Months of a measure, money ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "field"),
    [
        ({"before_on": "2024-05", "after_on": "2024-01"}, "end before"),
        ({"after_on": "2999-01"}, "future"),
        ({"before_on": "soon"}, "not a month"),
    ],
)
def test_months_of_a_measure_are_in_order_at_both_doors(ana, api, browse, months, field):
    measure = {"effect": "participation", "direction": "up"} | months
    answer = api(ana).post("/api/v1/experiences/", {"measures": [measure]}, format="json")
    rows = {"measures": ["0"]} | {f"measures-0-{name}": value for name, value in measure.items()}
    form = browse(ana).post(NEW, TYPED | rows | {"do": "save"})
    assert (answer.status_code, form.status_code) == (400, 422)
    (error,) = answer.json()["errors"]
    assert error["message"] in html(form).replace("&#x27;", "'")


def test_money_is_told_in_a_currency(ana, api, browse):
    without = api(ana).post("/api/v1/experiences/", {"effort": {"money": 300}}, format="json")
    form = browse(ana).post(NEW, TYPED | {"effort_money": "300", "do": "save"})
    (error,) = without.json()["errors"]
    assert error["field"] == "effort_currency"
    assert error["message"] in html(form)
    both = {"title": "x", "effort": {"money": 300, "currency": "eur"}}
    told = api(ana).post("/api/v1/experiences/", both, format="json")
    assert told.json()["effort"] == {
        "people": None, "hours": None, "weeks": None, "money": 300, "currency": "EUR",
    }  # fmt: skip


# --- Through every door --------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_all_of_it_comes_back_from_a_file(ana, carol, form):
    report = make_report(ana, carol, measured=True, nature="near-miss", **MORE)
    measure = report.measures.get()
    measure.before_on, measure.after_on = "2024-01-01", "2024-06-01"
    measure.save()
    before = exported()
    read_again(form)
    assert exported() == before
    (row,) = before.values()
    assert {name: row[name] for name in PRICE} == PRICE
    assert (row["first_signs"], row["measures"][0]["after_on"]) == (SIGNS, "2024-06")


def test_a_spreadsheet_may_say_it_in_words(ana):
    row = GOOD | {
        "nature": "Un avertissement",
        "unwanted_seen": "Yes",
        "unwanted_borne_by": ["Members", "the community team"],
        "unwanted_weight": "Heavy",
        "effort_money": "1 200",
        "effort_currency": "EUR",
    }
    row.pop("verdict")
    importer = Importer(author=ana)
    importer.take([Record(1, row)], flat=True)
    report = ana.experiences.get()
    assert (report.nature, report.verdict, report.effort_money) == ("warning", "too-early", 1200)
    assert report.unwanted_borne_by == ["members", "community-team"]


def test_its_markdown_is_read_back(ana, browse, carol):
    report = make_report(ana, carol, **MORE)
    text = browse().get(f"{report.get_absolute_url().rstrip('/')}.md").content
    (record,) = read_markdown(io.BufferedReader(io.BytesIO(text)), Importer().vocabulary)
    assert not record.problems
    for name in ("unwanted", "changeable", "constraints", "unwanted_seen", "unwanted_borne_by"):
        assert record.data[name] == MORE[name]


def test_revisions_tell_it_and_the_older_ones_need_not(ana, browse, carol):
    report = make_report(ana, carol, **MORE)
    first = report.revisions.last()
    older = {name: value for name, value in first.told.items() if name not in MORE}
    first.told = older | {"effort": {"people": None, "hours": None, "weeks": None}}
    first.save()
    report.unwanted_weight = "light"
    report.write(by=ana)
    page = html(browse().get(f"{report.get_absolute_url()}history/"))
    for words in (
        "Moderators or volunteers",
        "Light",
        "Nobody took the third week.",
        "6 weeks before",
        "1200",
    ):
        assert words in page
    assert browse(ana).get("/accounts/data/").status_code == 200


def test_search_finds_its_words(ana, api, carol):
    make_report(ana, carol, **MORE)
    for word in ("tired", "contract", '"third week"'):
        assert api().get("/api/v1/experiences/", {"q": word}).json()["count"] == 1, word


def test_words_are_withheld_in_it_and_pointed_out(ana, carol, mona):
    signs = [{"sign": "Ben Tremblay called me.", "followed_by": "x" * 300, "weeks": 1}]
    report = make_report(ana, carol, unwanted="Ben Tremblay left.", first_signs=signs)
    assert {spot.field for spot in check_of(report).spots} >= {"unwanted", "first_signs"}
    report.withhold_words(by=mona, words="Ben Tremblay", note="It names a member.")
    report.refresh_from_db()
    assert (report.unwanted, report.first_signs[0]["sign"]) == ("[withheld] left.", "[withheld] called me.")
    assert "Tremblay" not in json.dumps([row.told for row in report.revisions.all()])
    out = io.StringIO()
    export("jsonl", out)
    assert "Tremblay" not in out.getvalue()


def test_its_author_has_it_in_their_data(ana, api, carol):
    make_report(ana, carol, **MORE)
    (report,) = api(ana).get("/api/v1/me/data/").json()["reports"]
    assert report["unwanted_borne_by"] == ["newcomers", "moderators"]
    assert report["first_signs"][0]["followed_by"] == "Two left the rota."
