"""The lens: a list read in a reader's situation, which a visitor sets for one visit and nothing stores."""

import re
from urllib.parse import quote

import pytest
from django.apps import apps

from experiences.models import Situation
from tests.factories import contexts, make_published_practice, make_report

pytestmark = pytest.mark.django_db
ANSWERS = {"audience": "internal", "kind": "network-of-employees", "community-size": "c-1k-9k"}
COOKIE = "audience:internal.kind:network-of-employees.community-size:c-1k-9k"
INSIDE = {"audience": ["internal"], "kind": ["network-of-employees"], "community-size": ["c-1k-9k"]}
LISTS = ["/experiences/", "/practices/", "/stakes/", "/stakes/moving-platform/"]


@pytest.fixture
def two(ana, carol, chris):
    """A report and a practice from inside, the newer ones from outside."""
    for title, where in (
        ("Inside", INSIDE),
        ("Outside", {**INSIDE, "audience": ["external"], "kind": ["fan"]}),
    ):
        report = make_report(ana, carol, title=title, where=where)
        make_published_practice(carol, chris, title=title, reports=[report])


def text(answer):
    return answer.content.decode()


def titles(answer):
    found = re.findall(r"<h3[^>]*>(.*?)</h3>", text(answer))
    return [re.sub(r"<[^>]+>", "", one).strip() for one in found]


def set_visit(client, then="/", **answers):
    return client.post("/situation/visit/", {"next": then, **(answers or ANSWERS)})


# --- Setting it ----------------------------------------------------------------------------------


def test_home_asks_three_questions_and_says_where_the_answers_stay(browse):
    page = text(browse().get("/"))

    assert re.findall(r'<select name="([^"]+)"', page) == list(ANSWERS)
    assert "Your answers stay in this browser" in page


def test_a_visitor_reads_every_list_in_the_situation_they_set(browse, two):
    client = browse()

    answer = set_visit(client, then="/experiences/?ordering=likeness")

    assert answer["Location"] == "/experiences/?ordering=likeness"
    for ordering in ("/experiences/?ordering=likeness", "/practices/?ordering=likeness"):
        page = client.get(ordering)
        assert titles(page) == ["Inside", "Outside"]
        assert "Like yours: inside one organisation" in text(page)
    for address in ["/", *LISTS]:
        page = text(client.get(address))
        assert "Your situation, for this visit" in page
        assert "inside one organisation" in page


def test_the_answers_are_kept_in_the_browser_for_the_visit_and_nowhere_else(browse, ana):
    client = browse(ana)
    before = {model: model.objects.count() for model in apps.get_models()}

    set_visit(client)

    cookie = client.cookies["situation"]
    assert cookie.value == COOKIE
    assert (cookie["max-age"], cookie["expires"], cookie["samesite"]) == ("", "", "Lax")
    assert {model: model.objects.count() for model in apps.get_models()} == before
    assert Situation.of(ana) is None


def test_one_answer_will_do_and_none_will_not(browse):
    client = browse()

    refused = set_visit(client, audience="", kind="")
    assert refused.status_code == 422
    assert "Answer at least one of the questions." in text(refused)
    assert "situation" not in client.cookies
    assert set_visit(client, audience="hybrid").status_code == 302
    assert client.cookies["situation"].value == "audience:hybrid"


@pytest.mark.parametrize("answers", [{"audience": "martian"}, {"audience": "unknown"}, {"sector": "finance"}])
def test_only_what_is_asked_is_kept(browse, answers):
    client = browse()

    assert set_visit(client, **answers).status_code == 422
    assert "situation" not in client.cookies


@pytest.mark.parametrize("then", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(browse, then):
    assert set_visit(browse(), then=then)["Location"] == "/"
    page = text(browse().get(f"/situation/visit/?next={quote(then)}"))
    assert '<input type="hidden" name="next" value="/">' in page


def test_it_takes_the_token_of_a_form(browse):
    client = browse()
    client.handler.enforce_csrf_checks = True

    assert set_visit(client).status_code == 403


# --- Whose it is ---------------------------------------------------------------------------------


def test_what_was_set_for_this_visit_comes_before_what_is_stored(browse, ana, two):
    Situation.state(contexts(audience=["external"], kind=["fan"]), by=ana)
    client = browse(ana)
    assert titles(client.get("/experiences/?ordering=likeness")) == ["Outside", "Inside"]

    set_visit(client)
    assert titles(client.get("/experiences/?ordering=likeness")) == ["Inside", "Outside"]

    client.post("/situation/visit/", {"do": "clear", "next": "/experiences/?ordering=likeness"})
    assert titles(client.get("/experiences/?ordering=likeness")) == ["Outside", "Inside"]


def test_the_lens_leads_to_where_it_is_changed_and_cleared(browse, ana):
    Situation.state(contexts(audience=["external"]), by=ana)
    client = browse(ana)

    stored = text(client.get("/experiences/"))
    assert 'href="/situation/"' in stored
    assert 'value="clear"' not in stored

    set_visit(client)
    visit = text(client.get("/experiences/?audience=external"))
    assert f'href="/situation/visit/?next={quote("/experiences/?audience=external", safe="")}"' in visit
    assert 'value="clear"' in visit


def test_clearing_it_leads_back_to_a_list_that_can_be_had(browse, two):
    client = browse()
    set_visit(client)

    then = "/experiences/?verdict=worked&ordering=likeness"
    answer = client.post("/situation/visit/", {"do": "clear", "next": then})

    assert answer["Location"] == "/experiences/?verdict=worked"
    assert client.cookies["situation"].value == ""
    assert "No situation is set." in text(client.get("/experiences/"))


def test_a_list_without_a_situation_asks_for_it_on_the_way_to_likeness(browse, two):
    asked = f"/situation/visit/?next={quote('/experiences/?verdict=worked&ordering=likeness', safe='')}"

    assert f'href="{asked}"' in text(browse().get("/experiences/?verdict=worked"))
    refused = browse().get("/experiences/?verdict=worked&ordering=likeness")
    assert refused.status_code == 400
    assert f'href="{asked}"' in text(refused)


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "audience:martian", "audience:unknown", "." * 4000, "audience:internal" * 200, "é:ü", '"'],
)
def test_what_a_browser_makes_up_says_nothing(browse, cookie, two):
    client = browse()
    client.cookies["situation"] = cookie

    for address in ["/", *LISTS]:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "Your situation, for this visit" not in text(answer)


def test_a_visit_is_of_pages_alone(browse, api, ana, two):
    client = api()
    client.cookies["situation"] = COOKIE

    assert client.get("/experiences/?ordering=likeness").status_code == 200
    assert client.get("/api/v1/experiences/?ordering=likeness").status_code == 400
    assert client.get("/feeds/experiences/?ordering=likeness").status_code == 400


def test_pages_that_depend_on_it_are_kept_by_no_shared_cache(browse, two):
    client = browse()
    set_visit(client)

    for address in ["/", *LISTS]:
        answer = client.get(address)
        assert "Cookie" in answer["Vary"]
        assert answer["Cache-Control"].startswith("private")


def test_a_practice_says_how_it_went_in_contexts_like_those_of_the_visit(browse, two):
    client = browse()
    assert "In contexts like yours" not in text(client.get("/practices/"))

    set_visit(client)

    assert "In contexts like yours" in text(client.get("/practices/"))
    assert "No report yet from a context like yours." in text(client.get("/practices/"))


# --- What counts ---------------------------------------------------------------------------------


def weigh(client, address, facet, how):
    """Follow the link that weighs `facet` `how`, from a list."""
    group = re.search(rf'aria-label="{facet}">(.*?)</span>', text(client.get(address)), re.DOTALL)
    href = re.search(rf'href="([^"]+)"[^>]*>{how}</a>', group[1])
    return href[1].replace("&amp;", "&")


def test_a_reader_leaves_a_facet_out_and_takes_it_back(browse, two, ana, carol):
    make_report(ana, carol, title="Other kind", where=INSIDE | {"audience": ["hybrid"]})
    client = browse()
    set_visit(client, audience="hybrid", kind="fan")
    address = "/experiences/?ordering=likeness"
    assert titles(client.get(address))[-1] == "Inside"

    without = weigh(client, address, "Who takes part", "Left out")
    assert without == f"{address}&likeness_without=audience#weights"
    page = client.get(without)
    assert titles(page)[0] == "Outside"
    assert "both together, " not in text(page)

    more = weigh(client, without.partition("#")[0], "Who takes part", "Counts more")
    assert more == f"{address}&likeness_more=audience#weights"
    assert titles(client.get(more))[0] == "Other kind"
    assert weigh(client, more.partition("#")[0], "Who takes part", "Counts") == f"{address}#weights"


def test_what_counts_travels_with_the_filters_and_is_no_filter(browse, two):
    client = browse()
    set_visit(client)

    page = client.get("/experiences/?ordering=likeness&likeness_without=kind&likeness_more=audience")

    assert '<input type="hidden" name="likeness_without" value="kind">' in text(page)
    assert page.context["listing"].chips == []
    assert "likeness" not in page.context["listing"].api_url


def test_programs_weigh_too(api, ana, two):
    Situation.state(contexts(audience=["external"], kind=["network-of-employees"]), by=ana)

    def first(query):
        return api(ana).get(f"/api/v1/experiences/?ordering=likeness&{query}").json()["results"][0]["title"]

    assert first("likeness_without=kind") == "Outside"
    assert first("likeness_without=audience") == "Inside"
    refused = api(ana).get("/api/v1/experiences/?likeness_without=colour")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"] == "likeness_without"
