"""What a community manager answers for: ten areas, their numbers, and how well each is known."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser

from experiences.models import Stake, Wording
from practices.search.role_map import RoleMap
from practices.views.role.drawing import Drawing, halves
from tests.factories import WHERE, make_draft, make_published_practice, make_report

pytestmark = pytest.mark.django_db
ENDS = ("svg", "opml", "md")


@pytest.fixture
def welcome(ana, carol, chris):
    """Two reports of newcomers, one of them where nobody was, and a practice of the first."""
    told = make_report(
        ana, carol, title="We answered everyone", stakes_=["first-steps"], where=WHERE | {"team": ["t-1"]}
    )
    left = make_report(
        ana,
        carol,
        title="Nobody answered them",
        stakes_=["first-steps"],
        where=WHERE | {"team": ["t-0"]},
        verdict="backfired",
    )
    practice = make_published_practice(
        carol, chris, reports=[told], title="Answer everyone", stakes_=["first-steps"]
    )
    return told, left, practice


def areas(client):
    return {area["slug"]: area for area in client.get("/api/v1/responsibilities/").json()["areas"]}


def test_there_are_the_ten_areas_in_their_order(api):
    slugs = Wording.objects.filter(kind="responsibility").values_list("slug", flat=True)
    assert list(areas(api())) == list(slugs)
    assert len(slugs) == 10


def test_an_area_counts_what_was_told_of_its_stakes_and_names_what_holds_best(api, welcome):
    _told, left, practice = welcome
    people = areas(api())["people"]
    assert (people["reports"], people["practices"]) == (2, 1)
    assert {verdict: n for verdict, n in people["verdicts"].items() if n} == {"worked": 1, "backfired": 1}
    stake = next(one for one in people["stakes"] if one["slug"] == "first-steps")
    assert stake["practice"] == practice.slug
    assert stake["grade"] == "G1"
    assert people["team"] == {"t-0": 1, "t-1": 1}
    assert {verdict: n for verdict, n in people["unheld"].items() if n} == {"backfired": 1}
    assert left.public_id in people["situations"]
    assert areas(api())["toolkit"]["reports"] == 0


def test_only_what_everybody_may_read_counts(api, ana, welcome):
    make_draft(ana, stakes_=["first-steps"])
    assert areas(api())["people"]["reports"] == 2
    welcome[0].withdraw(by=ana, note="It says too much.")
    assert areas(api())["people"]["reports"] == 1
    assert areas(api(ana))["people"]["reports"] == 1


def test_the_page_quotes_who_met_it_and_what_went_wrong_where_nobody_was(browse, welcome):
    page = browse().get("/role/").content.decode()
    for words in ("We answered everyone", "Nobody answered them", "Answer everyone", 'id="people"'):
        assert words in page
    assert "1 report: 1 did not." in page


def test_the_page_says_so_where_nothing_was_told(browse):
    page = browse().get("/role/").content.decode()
    assert page.count("Nobody has told a situation of it yet.") == 10
    assert "No report comes from where nobody was." in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_is_taken_away_says_the_same_in_the_language_of_the_reader(browse, welcome, language):
    visitor, said = browse(), {"accept-language": language}
    for end in ENDS:
        file = visitor.get(f"/role.{end}", headers=said)
        assert file.status_code == 200
        assert file["Content-Language"] == language
        assert f'filename="retex-role.{end}"' in file["Content-Disposition"]
        text = file.content.decode()
        label = Stake.objects.get(slug="first-steps")
        assert getattr(label, f"name_{language}") in text
        if end != "md":
            ElementTree.fromstring(text)
        assert ("Answer everyone" in text) == (end != "svg")
        assert visitor.get(f"/role.{end}", headers=said | {"if-none-match": file["ETag"]}).status_code == 304


def test_hostile_words_change_nothing_of_what_is_taken_away(browse, ana, carol, chris):
    report = make_report(ana, carol, stakes_=["first-steps"])
    title = 'Answer <b>"all" & [each](http://x.example)</b>'
    make_published_practice(carol, chris, reports=[report], title=title, stakes_=["first-steps"])
    outline = ElementTree.fromstring(browse().get("/role.opml").content)
    assert any(title in node.get("text") for node in outline.iter("outline"))
    text = browse().get("/role.md").content.decode()
    assert r"Answer \<b\>" in text
    assert "[each](" not in text
    assert "<b>" not in browse().get("/role/").content.decode()


def test_the_drawing_holds_all_areas_on_two_sides_without_overlap(browse, welcome):
    found = RoleMap(AnonymousUser(), "fr").areas
    drawing = Drawing(found)
    assert {node.area.slug for node in drawing.areas} == {area.slug for area in found}
    right, left = halves(found)
    assert [*right, *left] == found
    for is_right in (True, False):
        heights = [one.y for node in drawing.areas if node.is_right == is_right for one in node.stakes]
        assert heights == sorted(heights)
        assert heights[0] > 0
        assert heights[-1] < drawing.height
        assert all(below - above >= 20 for above, below in zip(heights, heights[1:], strict=False))
