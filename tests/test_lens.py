"""The lens: a list read in a reader's situation, which a visitor sets for one visit and nothing stores."""

import re
from urllib.parse import quote

import pytest
from django.apps import apps

from experiences.models import Experience, Situation
from practices.models import Practice
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


def cards(answer):
    """Return the cards of a list, without what stands around them."""
    return " ".join(re.findall(r"<article.*?</article>", text(answer), re.DOTALL))


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
    report, practice = Experience.objects.first(), Practice.objects.first()
    pages = [report.get_absolute_url(), practice.get_absolute_url(), practice.current.get_absolute_url()]
    for address in ["/", *LISTS, *pages]:
        page = text(client.get(address))
        assert "Your situation, for this visit" in page
        assert "inside one organisation" in page


def test_a_report_and_a_practice_are_compared_with_it(browse, two):
    report, practice = Experience.objects.get(title="Inside"), Practice.objects.get(title="Inside")
    told = {report: "Like yours: inside one organisation", practice: "In contexts like yours"}
    client = browse()
    for row, words in told.items():
        assert words not in text(client.get(row.get_absolute_url()))

    set_visit(client)

    for row, words in told.items():
        assert words in text(client.get(row.get_absolute_url()))


def test_a_trial_takes_place_where_its_author_stored_it_whatever_the_visit(browse, ana, two):
    Situation.state(contexts(audience=["external"], kind=["fan"]), by=ana)
    client = browse(ana)
    address = Practice.objects.first().get_absolute_url()
    stored = client.get(address).context["place"]
    assert "outside (customers, public, contributors)" in stored

    set_visit(client)

    assert client.get(address).context["place"] == stored


def test_who_stored_that_nothing_is_known_is_asked_as_any_visitor(browse, api, ana, two):
    Situation.state(contexts(audience=["unknown"]), by=ana)
    client = browse(ana)

    assert '<select name="audience"' in text(client.get("/"))
    page = client.get("/experiences/")
    assert "my-place" not in text(page)
    assert page.context["listing"].by_likeness["url"].startswith("/situation/visit/")
    assert "likeness" not in [one.value for one in page.context["listing"].orders]
    assert api(ana).get("/api/v1/experiences/?ordering=likeness").status_code == 400


def test_the_answers_are_kept_in_the_browser_for_the_visit_and_nowhere_else(browse, ana):
    client = browse(ana)
    before = {model: model.objects.count() for model in apps.get_models()}

    set_visit(client)

    cookie = client.cookies["situation"]
    assert cookie.value == COOKIE
    assert (cookie["max-age"], cookie["expires"], cookie["samesite"]) == ("", "", "Lax")
    assert cookie["httponly"]
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


@pytest.mark.parametrize("answers", [{"audience": "martian"}, {"audience": "unknown"}])
def test_only_an_answer_that_is_offered_is_kept(browse, answers):
    client = browse()

    assert set_visit(client, **answers).status_code == 422
    assert "situation" not in client.cookies


def test_only_what_is_asked_is_kept(browse):
    client = browse()

    set_visit(client, audience="hybrid", sector="finance")

    assert client.cookies["situation"].value == "audience:hybrid"


def test_the_cookie_goes_over_https_alone_where_the_site_does(browse, settings):
    settings.HTTPS = True
    client = browse()

    set_visit(client)

    assert client.cookies["situation"]["secure"]


def test_the_questions_hold_what_was_answered(browse):
    client = browse()
    set_visit(client)

    page = text(client.get("/situation/visit/"))

    assert re.findall(r'<option value="([^"]+)" selected', page) == list(ANSWERS.values())


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


def test_the_lens_is_one_quiet_line_that_opens(browse, ana, two):
    """Five lines of it pushed the title of what one came to read below the first screen of a phone."""
    Situation.state(contexts(audience=["external"], kind=["practice"]), by=ana)

    lens = text(browse(ana).get("/stakes/moving-platform/")).split('class="lens"')[1].split("</aside>")[0]
    line, more = lens.split("</summary>")
    assert "outside (customers, public, contributors) · people sharing a craft or job" in line
    assert "Another one for this visit" in more
    assert "Another one" not in line
    lens = text(browse().get("/stakes/moving-platform/")).split('class="lens"')[1].split("</aside>")[0]
    assert lens.count("<a ") == 1


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
    assert "my-place" not in text(client.get("/experiences/"))


def test_clearing_it_on_a_later_page_leads_to_the_first(browse, two):
    client = browse()
    set_visit(client)
    first = client.get("/experiences/?ordering=likeness&page_size=1&likeness_without=kind")
    later = first.context["listing"].next_url
    assert client.get(later).status_code == 200

    answer = client.post("/situation/visit/", {"do": "clear", "next": later})

    assert answer["Location"] == "/experiences/?page_size=1"
    assert client.get(answer["Location"]).status_code == 200


def test_a_list_without_a_situation_asks_for_it_on_the_way_to_likeness(browse, two):
    asked = f"/situation/visit/?next={quote('/experiences/?verdict=worked&ordering=likeness', safe='')}"

    assert f'href="{asked}"' in text(browse().get("/experiences/?verdict=worked"))
    refused = browse().get("/experiences/?verdict=worked&ordering=likeness")
    assert refused.status_code == 400
    assert f'href="{asked}"' in text(refused)


def test_no_way_is_offered_that_leads_to_the_same_refusal(browse, two):
    refused = browse().get("/experiences/?ordering=likeness&colour=red")

    assert refused.status_code == 400
    assert "/situation/visit/" not in text(refused).partition("<main")[2]


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
    assert "Like yours: inside and outside together" in text(client.get(address))

    without = weigh(client, address, "Who takes part", "Left out")
    assert without == f"{address}&likeness_without=audience#weights"
    page = client.get(without)
    assert titles(page)[0] == "Outside"
    assert "Like yours: inside and outside together" not in text(page)
    practices = "/practices/?ordering=likeness"
    assert "inside one organisation" in cards(client.get(practices))
    assert "inside one organisation" not in cards(client.get(f"{practices}&likeness_without=audience"))

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
