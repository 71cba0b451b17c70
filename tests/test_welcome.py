"""Where one begins: the three doors, and the steps that a new member is led through."""

import re

import pytest

from experiences.models import Context, Situation
from practices.models import KeptSearch
from practices.models.kept_search import MOST_KEPT
from tests.conftest import TERMS

pytestmark = pytest.mark.django_db
PASSWORD = "lune-verte-sept-ponts"
STEPS = ("/welcome/situation/", "/welcome/languages/", "/welcome/following/")


def told(member):
    return {(context.facet.slug, context.slug) for context in Situation.of(member).contexts.all()}


def test_a_visitor_finds_a_door_for_what_brings_them(browse):
    home, page = (browse().get(path).content.decode() for path in ("/", "/welcome/"))

    for door in ("facing", "lived", "answering"):
        assert f'href="/welcome/#{door}"' in home
        assert f'id="{door}"' in page
    for path in ("/search/", "/experiences/new/", "/map/", "/stakes/", "/practices/grading/"):
        assert f'"{path}"' in page


def test_a_visitor_is_told_that_writing_takes_an_account(browse, ana):
    assert "It takes an account." in browse().get("/welcome/").content.decode()
    assert "It takes an account." not in browse(ana).get("/welcome/").content.decode()


def test_the_search_box_shows_what_it_asks_and_an_example(browse):
    page = browse().get("/welcome/").content.decode()
    assert '<label for="q"><b>What are you facing?</b></label>' in page
    assert page.count('for="q"') == 1
    for path in ("/", "/welcome/"):
        assert 'placeholder="E.g. newcomers leave again"' in browse().get(path).content.decode()


def test_home_shows_practices_before_the_list_of_stakes(browse):
    page = browse().get("/").content.decode()

    assert page.index('id="practices"') < page.index('id="stakes"')


@pytest.mark.parametrize("path", STEPS)
def test_the_steps_are_for_members(browse, ana, path):
    assert browse().get(path)["Location"] == f"/accounts/login/?next={path}"
    assert browse().post(path, {"audience": "internal"}).status_code == 403
    assert browse(ana).get(path).status_code == 200


def test_who_signs_up_is_led_through_the_steps(browse, mailoutbox, django_user_model):
    browser = browse()
    browser.post("/accounts/signup/", TERMS | {"email": "nadia@example.net", "password1": PASSWORD})
    code = re.search(r"^([A-Z0-9-]{6,12})$", mailoutbox[-1].body, re.M)[1]
    confirmed = browser.post("/accounts/confirm-email/", {"code": code})

    assert confirmed["Location"] == STEPS[0]
    assert browser.post(STEPS[0], {"audience": "internal"})["Location"] == STEPS[1]
    assert browser.post(STEPS[1], {"language": "fr", "mixed": "yes"})["Location"] == STEPS[2]
    sent = {"stakes": ["activity-drop"], "kinds": ["practices"], "alert": "monthly"}
    assert browser.post(STEPS[2], sent)["Location"] == "/"

    nadia = django_user_model.objects.get(email="nadia@example.net")
    assert told(nadia) == {("audience", "internal")}
    assert nadia.language == "fr"
    assert browser.cookies["languages"].value == "both"
    search = nadia.kept_searches.get()
    assert (search.kind, search.query, search.alert) == ("practices", "stake=activity-drop", "monthly")
    assert "activité" in search.name  # In the language that was just chosen.


def test_who_was_on_the_way_somewhere_goes_on_there(browse, mailoutbox):
    browser = browse()
    signing_up = TERMS | {"email": "nadia@example.net", "password1": PASSWORD, "next": "/experiences/new/"}
    browser.post("/accounts/signup/", signing_up)
    code = re.search(r"^([A-Z0-9-]{6,12})$", mailoutbox[-1].body, re.M)[1]

    assert browser.post("/accounts/confirm-email/", {"code": code})["Location"] == "/experiences/new/"


@pytest.mark.parametrize("path", STEPS)
def test_each_step_can_be_skipped(browse, ana, path):
    page = browse(ana).get(path).content.decode()
    following = {**dict(zip(STEPS, STEPS[1:], strict=False)), STEPS[-1]: "/"}[path]

    assert re.search(rf'<a href="{following}">\s*(Skip this step|Begin without it)', page)


def test_the_first_step_leaves_what_else_was_told(browse, ana):
    rows = [Context.objects.get(facet__slug="sector", slug="education")]
    rows.append(Context.objects.get(facet__slug="audience", slug="external"))
    Situation.state(rows, by=ana)
    page = browse(ana).get(STEPS[0])

    assert page.context["form"].initial["audience"] == "external"
    browse(ana).post(STEPS[0], {"audience": "internal", "kind": "support"})
    assert told(ana) == {("sector", "education"), ("audience", "internal"), ("kind", "support")}


def test_the_first_step_without_an_answer_says_so(browse, ana):
    answer = browse(ana).post(STEPS[0], {})

    assert answer.status_code == 422
    assert "Answer at least one of the questions." in answer.content.decode()
    assert Situation.of(ana) is None


def test_what_is_followed_already_is_followed_once(browse, ana):
    sent = {"stakes": ["activity-drop", "recognition"], "kinds": ["practices", "reports"], "alert": "weekly"}
    for _time in range(2):
        assert browse(ana).post(STEPS[2], sent).status_code == 302

    kept = set(ana.kept_searches.values_list("kind", "query"))
    assert kept == {(kind, f"stake={slug}") for kind in sent["kinds"] for slug in sent["stakes"]}


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"stakes": []}, "This field is required."),
        ({"kinds": []}, "This field is required."),
        ({"stakes": ["no-such-stake"]}, "no-such-stake is not one of the available choices."),
        ({"alert": "hourly"}, "hourly is not one of the available choices."),
    ],
)
def test_what_cannot_be_followed_is_refused_by_name(browse, ana, sent, said):
    whole = {"stakes": ["recognition"], "kinds": ["reports"], "alert": "weekly"}
    answer = browse(ana).post(STEPS[2], whole | sent)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ana.kept_searches.exists()


def test_one_search_too_many_keeps_none_of_them(browse, ana):
    for number in range(MOST_KEPT - 1):
        KeptSearch(name=f"{number}", kind="reports", query=f"q=word{number}").write(by=ana)
    sent = {"stakes": ["recognition"], "kinds": ["reports", "practices"], "alert": "weekly"}
    answer = browse(ana).post(STEPS[2], sent)

    assert answer.status_code == 422
    assert f"You keep {MOST_KEPT} searches" in answer.content.decode()
    assert ana.kept_searches.count() == MOST_KEPT - 1
