"""What one meets on arriving: home, stakes, glossary, both lists, the site map."""

import re
from urllib.parse import quote

import pytest
from django.utils import timezone
from django.utils.html import escape

from experiences.list_index import held
from experiences.models import Experience, ListState, Situation, Stake
from experiences.models.vocabulary.cache import forget
from experiences.views import verdict_counts
from tests.factories import contexts, make_draft, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db


def text(response):
    return response.getvalue().decode()


def titles(response):
    """Return the titles of the records of a list, in order."""
    return [
        re.sub(r"<[^>]+>", "", found).strip() for found in re.findall(r"<h3[^>]*>(.*?)</h3>", text(response))
    ]


# --- Home, stakes, glossary ----------------------------------------------------------------------


def test_home_works_before_anyone_has_written(browse):
    page = text(browse().get("/"))

    assert "No report has been published yet." in page
    assert "No practice has been published yet." in page


def test_home_shows_newest_reports_and_best_practices(browse, ana, carol, chris):
    report = make_report(ana, carol)
    make_draft(ana, title="Not ready")
    make_published_practice(carol, chris, reports=[report])
    make_practice(carol, title="Still a draft")

    page = text(browse().get("/"))

    assert report.title in page
    assert "Run both places before you close one" in page
    assert "Not ready" not in page
    assert "Still a draft" not in page


def test_home_never_hides_failure_behind_success(browse, ana, carol, monkeypatch):
    monkeypatch.setattr("practices.views.browse.DRAWN_FROM", 5)  # The failure is beyond the newest.
    failure = make_report(ana, carol, title="It went wrong", verdict="backfired")
    for number in range(7):
        make_report(ana, carol, title=f"Success {number}")
    Experience.objects.filter(pk=failure.pk).update(order_key=1)
    Experience.objects.filter(pk=failure.pk).list_again()

    assert "It went wrong" in text(browse().get("/"))


@pytest.mark.parametrize(
    ("rare", "usual"),
    [
        ({"author": "ana", "stake": "trust"}, {"author": "ana", "stake": "moving-platform"}),
        ({"author": "ben", "stake": "trust"}, {"author": "ana", "stake": "trust"}),
        ({"started_on": "2019-02", "ended_on": "2019-03"}, {"started_on": "2025-02", "ended_on": "2025-03"}),
    ],
    ids=["competencies", "names", "years"],
)
def test_home_spreads_what_it_shows(browse, ana, ben, carol, rare, usual):
    people = {"ana": ana, "ben": ben}

    def tell(title, author="ana", stake="trust", **when):
        return make_report(people[author], carol, title=title, stakes_=[stake], **when)

    old = tell("The rare one", **rare)
    for number in range(8):
        tell(f"The usual {number}", **usual)
    Experience.objects.filter(pk=old.pk).update(order_key=1)  # All others are newer.
    Experience.objects.filter(pk=old.pk).list_again()

    page = text(browse().get("/"))

    assert "The rare one" in page
    assert page.count("The usual") == 4


def test_home_and_a_stake_begin_practices_as_their_list_does(browse, ana, ben, carol, chris):
    """The reader's language first, then what holds best."""
    reports = [make_report(one, carol) for one in (ana, ben)]
    make_published_practice(carol, chris, title="En français", language="fr", reports=reports)
    make_published_practice(carol, chris, title="In English", reports=reports[:1])

    for address in ("/", "/stakes/moving-platform/", "/practices/?stake=moving-platform"):
        for language, first, last in (
            ("en", "In English", "En français"),
            ("fr", "En français", "In English"),
        ):
            page = text(browse().get(address, headers={"Accept-Language": language}))
            assert page.index(first) < page.index(last), (address, language)


def test_stakes_are_defined_and_counted_in_the_reader_s_language(browse, ana, carol):
    make_report(ana, carol, stakes_=["few-carry-all"])
    stake = Stake.objects.get(slug="few-carry-all")

    page = text(browse().get("/stakes/", headers={"accept-language": "fr"}))

    assert stake.name_fr in page
    assert stake.definition_fr.replace("'", "&#x27;") in page


def test_a_stake_shows_its_reports_and_practices(browse, ana, carol, chris):
    report = make_report(ana, carol)
    make_published_practice(carol, chris, reports=[report])
    make_report(ana, carol, title="Of another stake", stakes_=["trust"])

    page = text(browse().get("/stakes/moving-platform/"))

    assert "Also said: migration, switching tools, import, data transfer." in page
    assert report.title in page
    assert "Run both places before you close one" in page
    assert "Of another stake" not in page
    assert "/experiences/?stake=moving-platform" in page
    assert "/api/v1/experiences/?stake=moving-platform" in page


def test_a_stake_and_its_list_begin_with_the_same_language(browse, ana, carol):
    make_report(ana, carol, title="En français", language="fr")
    make_report(ana, carol, title="In English")

    for address in ("/stakes/moving-platform/", "/experiences/?stake=moving-platform"):
        english, french = (
            text(browse().get(address, headers={"accept-language": language})) for language in ("en", "fr")
        )
        assert english.index("In English") < english.index("En français")
        assert french.index("En français") < french.index("In English")


def test_a_stake_counts_failures_in_numbers_while_they_are_few(browse, ana, carol):
    make_report(ana, carol)
    make_report(ana, carol, verdict="abandoned")

    page = text(browse().get("/stakes/moving-platform/"))

    assert "1 report of 2 tells of a failure." in page
    assert "%" not in re.sub(r"<[^>]+>", "", page)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({}, ""),
        ({"worked": 1}, "The only report here is not one of failure."),
        ({"worked": 16, "backfired": 3}, "3 reports of 19 tell of a failure."),
        ({"worked": 15, "no-effect": 5}, "5 reports of 20 tell of a failure (25%)."),
        ({"worked": 49, "no-effect": 1}, "1 report of 50 tells of a failure (2%)."),
    ],
)
def test_a_share_is_told_from_twenty_reports_on(numbers, said):
    assert verdict_counts.failures(numbers) == said


def test_verdicts_are_told_in_one_order():
    numbers = {"too-early": 1, "abandoned": 1, "backfired": 1, "worked": 7, "worked-in-part": 2}

    assert verdict_counts.sentence(numbers) == "7 worked, 2 in part, 2 did not, 1 too early to say"


def test_a_retired_stake_leads_to_its_heirs_and_leaves_the_lists(browse):
    old = Stake.objects.get(slug="trust")
    heir = Stake.objects.get(slug="few-carry-all")
    Stake.objects.filter(pk=old.pk).update(retired_on=timezone.localdate())
    old.heirs.add(heir)
    forget()

    page = text(browse().get("/stakes/trust/"))

    assert f'href="/stakes/{heir.slug}/"' in page
    assert 'href="/stakes/trust/"' not in text(browse().get("/stakes/"))


@pytest.mark.parametrize("address", ["/stakes/nothing-like-it/", "/stakes/%00/", "/stakes/a%20b/"])
def test_an_unknown_stake_is_not_found(browse, address):
    assert browse().get(address).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_stake_is_told_apart_from_its_neighbours_where_it_is_defined(browse, language):
    stake = Stake.objects.get(slug="trust")
    said = escape(getattr(stake, f"confusion_{language}"))
    for address in ("/stakes/trust/", "/stakes/", "/glossary/"):
        assert said in text(browse().get(address, headers={"Accept-Language": language}))
    Stake.objects.update(confusion_en="", confusion_fr="")
    ListState.advance(held.VOCABULARY)
    forget()
    for address in ("/stakes/trust/", "/stakes/", "/glossary/"):
        assert "ot to be confused" not in text(browse().get(address, headers={"Accept-Language": "en"}))


@pytest.mark.parametrize(
    "anchor",
    [
        "verdict-worked",
        "confusion-trust",
        "strength-R3",
        "bearing-nuances",
        "grade-G3",
        "facet-audience",
        "audience-internal",
    ],
)
def test_each_word_of_the_glossary_has_an_anchor(browse, anchor):
    assert f'id="{anchor}"' in text(browse().get("/glossary/"))


def test_pages_that_are_read_cannot_be_posted_to(browse):
    for address in (
        "/",
        "/stakes/",
        "/stakes/trust/",
        "/map/",
        "/glossary/",
        "/glossary/trade/",
        "/experiences/",
        "/practices/",
    ):
        assert browse().post(address).status_code == 405


# --- Lists ---------------------------------------------------------------------------------------


def test_a_list_shows_what_is_published_and_nothing_else(browse, ana, carol):
    published = make_report(ana, carol)
    make_draft(ana, title="A draft of mine")

    for person in (None, ana, carol):
        assert titles(browse(person).get("/experiences/")) == [published.title]


def test_the_address_holds_the_whole_state_of_a_list(browse, ana, carol):
    make_report(ana, carol, title="Worked outside")
    make_report(ana, carol, title="Failed outside", verdict="no-effect")

    page = browse().get("/experiences/?verdict=no-effect&audience=external&ordering=oldest")

    assert titles(page) == ["Failed outside"]
    assert re.search(r'name="verdict" value="no-effect" checked', text(page))
    assert re.search(r'name="audience" value="external" checked', text(page))
    assert re.search(r'value="oldest" selected', text(page))


def test_each_chip_removes_one_choice_and_keeps_the_others(browse, ana, carol):
    make_report(ana, carol)

    page = text(browse().get("/experiences/?verdict=worked&verdict=no-effect&not_platform=chat"))

    chips = re.findall(r'class="chip" href="([^"]+)"', page)
    assert {chip.replace("&amp;", "&") for chip in chips} == {
        "/experiences/?verdict=no-effect&not_platform=chat",
        "/experiences/?verdict=worked&not_platform=chat",
        "/experiences/?verdict=worked&verdict=no-effect",
    }


def test_what_the_form_does_not_show_travels_with_it(browse, ana, carol):
    make_report(ana, carol)

    page = text(browse().get("/experiences/?keyword=rota&not_platform=chat&not_platform=forum&page_size=10"))

    for hidden in (("keyword", "rota"), ("page_size", "10")):
        assert '<input type="hidden" name="{}" value="{}">'.format(*hidden) in page
    for left_out in ("chat", "forum"):
        assert f'name="not_platform" value="{left_out}" checked' in page


@pytest.mark.parametrize("words", ["modération", "moderation", "MODERATION", "Modération "])
def test_accents_and_capitals_do_not_change_what_is_found(browse, ana, carol, words):
    make_report(ana, carol, title="Une modération à plusieurs", language="fr")
    make_report(ana, carol, title="Moderation by rota")
    make_report(ana, carol, title="Something else", situation="Nobody had any tools.")

    found = titles(browse().get(f"/experiences/?q={quote(words)}"))

    assert sorted(found) == ["Moderation by rota", "Une modération à plusieurs"]


def test_a_snippet_marks_what_was_sought_and_trusts_no_text(browse, ana, carol):
    make_report(ana, carol, result="<script>alert(1)</script> The zeppelin came <b>late</b>.")

    page = text(browse().get("/experiences/?q=zeppelin"))

    assert "<mark>zeppelin</mark>" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("address", ["/experiences/", "/practices/"])
@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("colour=red", "colour"),
        ("stake=nothing-like-it", "stake"),
        ("audience=martian", "audience"),
        ("language=xx", "language"),
        ("ordering=random", "ordering"),
        ("ordering=likeness", "ordering"),
        ("cursor=abc", "cursor"),
        ("cursor=WyJhZnRlciIsMV0&cursor=x", "cursor"),
        ("page_size=99999999999999999999", "page_size"),
        ("q=%00", "q"),
        ("q=" + "a" * 1001, "q"),
        ("updated_since=yesterday", "updated_since"),
        ("%00=1", "\x00"),
    ],
)
def test_what_a_list_does_not_understand_is_refused_by_name(browse, address, query, named):
    answer = browse().get(f"{address}?{query}")

    assert answer.status_code == 400
    assert f"<code>{named}</code>" in text(answer)
    assert f'href="{address}"' in text(answer)


def test_an_empty_list_offers_to_widen(browse, ana, carol):
    make_report(ana, carol)

    page = text(browse().get("/experiences/?q=zebra&verdict=worked"))

    assert "Nobody has told this yet." in page
    assert 'href="/experiences/?verdict=worked"' in page


def test_pages_follow_one_another_without_a_gap(browse, ana, carol):
    told = [make_report(ana, carol, title=f"Report {number}").title for number in range(5)]
    seen, address = [], "/experiences/?page_size=2"

    while address:
        page = browse().get(address)
        seen += titles(page)
        following = re.search(r'rel="next" href="([^"]+)"', text(page))
        address = following and following[1].replace("&amp;", "&")

    assert sorted(seen) == sorted(told)
    assert 'rel="prev"' in text(page)


def test_likeness_ranks_and_says_why(browse, ana, ben, carol):
    make_report(
        ana,
        carol,
        title="Elsewhere",
        where={"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]},
    )
    make_report(ana, carol, title="Like mine")
    Situation.state(contexts(audience=["external"], kind=["open-source"]), by=ben)

    page = browse(ben).get("/experiences/?ordering=likeness")

    assert titles(page) == ["Like mine", "Elsewhere"]
    assert "Like yours: outside" in text(page)
    assert "Different from yours: inside" in text(page)


def test_a_practice_says_how_it_went_in_contexts_like_the_reader_s(browse, ana, ben, carol, chris):
    alike = make_report(ana, carol)
    other = make_report(
        ana,
        carol,
        title="Elsewhere",
        verdict="no-effect",
        where={"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]},
    )
    make_published_practice(carol, chris, reports=[alike, other])
    Situation.state(contexts(audience=["external"], kind=["open-source"]), by=ben)

    assert "1 worked, 1 did not" in text(browse().get("/practices/"))
    page = text(browse(ben).get("/practices/"))
    assert "In contexts like yours:" in page
    assert "1 worked, 1 did not" not in page


def test_a_context_counts_the_practices_its_filter_finds(browse, ana, carol, chris):
    make_published_practice(carol, chris, reports=[make_report(ana, carol)])

    page = text(browse().get("/practices/"))

    assert re.search(r'name="audience" value="external" >\s*<span>[^<]+</span><span>1</span>', page)
    assert len(titles(browse().get("/practices/?audience=external"))) == 1


def test_a_retired_practice_leaves_the_list(browse, carol, chris):
    practice = make_published_practice(carol, chris)
    assert titles(browse().get("/practices/")) == [practice.title]

    practice.retire(by=carol, note="It does not hold.")

    assert titles(browse().get("/practices/")) == []


def test_a_revision_under_way_does_not_show(browse, carol, chris):
    practice = make_published_practice(carol, chris)
    practice.reopen(by=carol)
    practice.title = "Words nobody has reviewed"
    practice.write(by=carol)

    for person in (None, carol):
        assert titles(browse(person).get("/practices/")) == ["Run both places before you close one"]
