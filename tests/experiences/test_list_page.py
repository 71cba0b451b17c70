"""The filters of a list, and its address, which is its state."""

import re
from html.parser import HTMLParser

import pytest

from tests.factories import make_published_practice, make_report
from tests.lists import titles

pytestmark = pytest.mark.django_db
INTERNAL = {"audience": ["internal"], "kind": ["support"], "community-size": ["c-under-100"]}


class Page(HTMLParser):
    """The boxes of a list's form, by name and value; its menu of what to leave out; its chips."""

    def __init__(self, answer):
        super().__init__()
        self.boxes, self.menu, self.chips, self.hidden = {}, [], [], []
        self.text = answer.content.decode()
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        kind = attrs.get("type")
        if tag == "input" and kind in ("checkbox", "radio") and "name" in attrs:
            self.boxes[attrs["name"], attrs["value"]] = attrs
        elif tag == "input" and kind == "hidden":
            self.hidden.append((attrs["name"], attrs["value"]))
        elif tag == "option" and ":" in attrs["value"]:
            self.menu.append(attrs["value"])
        elif tag == "a" and attrs.get("class") == "chip":
            self.chips.append(attrs["href"])


@pytest.fixture
def two(ana, carol):
    """A report that worked outside, and one that failed inside."""
    make_report(ana, carol, title="Outside")
    make_report(ana, carol, title="Inside", verdict="backfired", where=INTERNAL | {"platform": ["chat"]})


@pytest.fixture
def seen(browse):
    return lambda address: Page(browse().get(address))


# --- Facets --------------------------------------------------------------------------------------


def test_five_facets_come_first_and_the_rest_stands_under_more(browse, two, carol, chris):
    make_published_practice(carol, chris)
    first = ["stake", "audience", "kind", "community-size"]
    for address, own in [("/experiences/", "verdict"), ("/practices/", "min_grade")]:
        facets = browse().get(address).context["listing"].facets

        assert [one.name for one in facets.first] == [*first, own]
        assert "platform" in [one.name for one in facets.more]
        assert not facets.more_is_open


def test_more_is_open_when_something_in_it_is_chosen(seen, two):
    assert re.search(r'class="facet more"\s*>', seen("/experiences/?audience=internal").text)
    assert re.search(r'class="facet more" open', seen("/experiences/?platform=chat").text)


def test_what_would_find_nothing_is_shown_and_not_to_be_had(seen, two):
    boxes = seen("/experiences/?verdict=backfired").boxes

    assert "disabled" in boxes["audience", "external"]
    assert "disabled" not in boxes["audience", "internal"]
    assert "disabled" in boxes["stake", "trust"]


def test_another_value_of_a_chosen_facet_can_still_be_added(seen, two):
    boxes = seen("/experiences/?audience=internal").boxes

    assert "disabled" not in boxes["audience", "external"]
    assert "checked" in boxes["audience", "internal"]


def test_values_are_left_out_in_one_place_whatever_their_facet(seen, browse, two):
    page = seen("/experiences/?not_platform=chat")

    assert "checked" in page.boxes["not_platform", "chat"]
    assert page.chips == ["/experiences/"]
    assert {"stake:moving-platform", "audience:external", "verdict:worked"} <= set(page.menu)
    assert page.text.count('name="leave_out"') == 1
    assert titles(browse, not_platform="chat") == ["Outside"]
    assert titles(browse, not_verdict="worked") == ["Inside"]


def test_only_what_is_found_can_be_left_out(seen, two):
    assert "platform:chat" in seen("/experiences/").menu
    assert "platform:chat" not in seen("/experiences/?audience=external").menu


@pytest.mark.parametrize(
    ("address", "button"),
    [("", "See 2 results"), ("?audience=internal", "See 1 result"), ("?q=zebra", "See 0 results")],
)
def test_the_button_says_how_many_there_are(seen, two, address, button):
    assert re.search(rf">\s*{button}\s*</button>", seen(f"/experiences/{address}").text)


# --- The address ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("q=&audience=internal&verdict=&ordering=", "?audience=internal"),
        ("q=&min_strength=", ""),
        ("leave_out=", ""),
        ("leave_out=platform:chat&q=", "?not_platform=chat"),
        ("not_platform=chat&leave_out=platform:chat", "?not_platform=chat"),
        ("leave_out=verdict:worked&audience=internal", "?audience=internal&not_verdict=worked"),
    ],
)
def test_an_address_says_nothing_that_is_empty(browse, two, asked, led_to):
    answer = browse().get(f"/experiences/?{asked}")

    assert answer.status_code == 302
    assert answer["Location"] == f"/experiences/{led_to}"


@pytest.mark.parametrize("address", ["/experiences/", "/practices/"])
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=", "colour"),
        ("leave_out=chat", "leave_out"),
        ("leave_out=platform:zebra", "not_platform"),
        ("leave_out=colour:red", "not_colour"),
        ("leave_out=:", "not_"),
        ("not_verdict=great", "not_verdict"),
        ("likeness_without=colour", "likeness_without"),
        ("likeness_more=", None),
    ],
)
def test_what_means_nothing_is_refused_all_the_same(browse, db, address, query, named):
    answer = browse().get(f"{address}?{query}")

    if named is None:
        assert answer["Location"] == address
    else:
        assert answer.status_code == 400
        assert f"<code>{named}</code>" in answer.content.decode()


def test_no_link_of_a_list_has_something_empty_in_it(seen, two):
    page = seen(
        "/experiences/?audience=internal&verdict=backfired&not_stake=trust&ordering=oldest&page_size=1"
    )

    links = re.findall(r'href="(/[^"]*\?[^"]*)"', page.text)
    assert len(links) > 3
    assert [link for link in links if re.search(r"=(&|$)", link)] == []


def test_the_usual_order_is_asked_for_by_nothing_so_that_words_can_change_it(browse, two):
    def orders(address):
        return {one.value: one.chosen for one in browse().get(address).context["listing"].orders}

    assert orders("/experiences/") == {"": True, "oldest": False}
    assert orders("/experiences/?q=forum") == {"newest": False, "oldest": False, "": True}
    assert orders("/experiences/?q=forum&ordering=newest")["newest"]


def test_a_list_that_finds_most_of_the_words_says_so(browse, two):
    page = browse().get("/experiences/?q=how did the mailing list with zebras move in Brazil")

    assert "None has all these words." in page.content.decode()
    page = browse().get("/experiences/?q=list server")
    assert page.context["listing"].count
    assert "None has all these words." not in page.content.decode()


# --- Languages -----------------------------------------------------------------------------------


@pytest.fixture
def both(ana, carol):
    make_report(ana, carol, title="In English")
    make_report(ana, carol, title="En français", language="fr")


def choose(client, languages, then):
    return client.post("/languages/", {"languages": languages, "next": then})


def test_a_list_can_be_read_in_one_language_or_in_both(browse, both):
    client = browse()

    answer = choose(client, "fr", "/experiences/?verdict=worked&cursor=abc")
    assert answer["Location"] == "/experiences/?verdict=worked&language=fr"
    answer = choose(client, "both", "/experiences/?verdict=worked&language=fr")
    assert answer["Location"] == "/experiences/?verdict=worked"
    answer = choose(client, "fr", "/experiences/#results")
    assert answer["Location"] == "/experiences/?language=fr#results"


@pytest.fixture
def control(browse, both):
    """Return {choice: whether it stands as chosen} of the languages of the list at `address`."""

    def read(address, client=None):
        page = (client or browse()).get(address, headers={"accept-language": "fr"}).content.decode()
        return dict(re.findall(r'name="languages" value="(\w+)" aria-pressed="(\w+)"', page))

    return read


def test_the_control_says_what_comes_first_when_nothing_was_chosen(control):
    assert control("/experiences/") == {"first": "true", "both": "false", "en": "false", "fr": "false"}
    assert control("/practices/")["first"] == "true"


@pytest.mark.parametrize("address", ["/experiences/?q=forum", "/practices/?q=forum"])
def test_an_order_in_which_no_language_comes_first_offers_none(control, address):
    assert control(address) == {"both": "true", "en": "false", "fr": "false"}
    assert control(f"{address}&ordering=newest")["first"] == "true"


def test_one_s_own_language_can_come_first_again(control, browse):
    client = browse()

    choose(client, "both", "/experiences/")
    assert control("/experiences/", client)["both"] == "true"
    assert choose(client, "first", "/experiences/?language=en")["Location"] == "/experiences/"
    assert control("/experiences/", client)["first"] == "true"


def test_a_chip_calls_a_language_by_its_name(browse, both):
    listing = browse().get("/experiences/?language=fr").context["listing"]

    assert [chip["label"] for chip in listing.chips] == ["Français"]


def test_both_languages_are_a_choice_that_lasts_until_one_is_chosen(browse, both):
    client = browse()

    choose(client, "both", "/experiences/")
    assert client.cookies["languages"].value == "both"
    assert client.cookies["languages"]["max-age"] > 60 * 60 * 24 * 180
    choose(client, "en", "/experiences/")
    assert client.cookies["languages"].value == ""


def test_the_language_travels_with_the_other_choices(seen, both):
    page = seen("/experiences/?language=fr")

    assert ("language", "fr") in page.hidden
    assert re.search(r'value="fr" aria-pressed="true"', page.text)
    assert "En français" in page.text
    assert "In English" not in page.text


@pytest.mark.parametrize("then", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_nobody_is_led_elsewhere(browse, db, then):
    assert choose(browse(), "fr", then)["Location"] == "/?language=fr"
    assert choose(browse(), "de", "/experiences/").status_code == 400


def test_a_card_in_the_other_language_says_so(browse, both):
    english, french = (
        browse().get("/experiences/", headers={"accept-language": language}).content.decode()
        for language in ("en", "fr")
    )

    assert re.findall(r'<li lang="(..)"><b>([^<]+)</b></li>', english) == [("fr", "Français")]
    assert re.findall(r'<li lang="(..)"><b>([^<]+)</b></li>', french) == [("en", "English")]
