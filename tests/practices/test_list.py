"""The list of practices: its order agrees with what each says of contexts like the reader's."""

import re
from random import Random

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.utils import translation

from experiences.models import Situation
from experiences.search import similarity
from practices.models import Practice
from practices.search.filters import GAINS, PracticeFilterSet
from practices.views.practice.evidence_summary import EvidenceSummary
from tests.conftest import make_person, seed
from tests.factories import contexts, make_practice, make_published_practice, make_report
from tests.test_browse import titles

pytestmark = pytest.mark.django_db
AUDIENCES = ("internal", "external", "hybrid")
KINDS = ("support", "open-source", "fan", "network-of-employees")
SIZES = ("c-100-999", "c-1k-9k", "c-10k-99k")
SAID = re.compile(r"(\d+) (worked|in part|did not|too early)")
WORTH = {"worked": 2, "in part": 1, "did not": -2, "too early": 0}


def place(draw):
    return {
        "audience": [draw.choice(AUDIENCES)],
        "kind": draw.sample(KINDS, draw.choice((1, 2))),
        "community_size": [draw.choice(SIZES)],
    }


def cards(page):
    """Return (title, what is said of contexts like the reader's) of each card, in order."""
    found = re.findall(r"<article class=\"rec.*?</article>", page.content.decode(), re.DOTALL)
    return [
        (
            re.sub(r"<[^>]+>", "", re.search(r"<h3.*?</h3>", card, re.DOTALL)[0]).strip(),
            re.sub(r"<[^>]+>", " ", card.split("In contexts like yours:")[-1])
            if "In contexts like yours:" in card
            else "",
        )
        for card in found
    ]


def gain(said):
    """Return what `said`, such as “2 worked, 1 did not”, comes to, in halves."""
    return sum(int(number) * WORTH[words] for number, words in SAID.findall(said))


@pytest.fixture
def heap(carol, chris):
    """Practices that cite some of a dozen reports from many contexts, and of which one is not followed."""
    draw = Random(f"{seed()} practices in order")
    reports = [
        make_report(
            make_person(f"author{turn}"),
            carol,
            verdict=draw.choice(list(GAINS)),
            where={name.replace("_", "-"): slugs for name, slugs in place(draw).items()},
        )
        for turn in range(12)
    ]
    for turn in range(7):
        practice = make_practice(carol, title=f"Way {turn}", reports=draw.sample(reports, draw.randint(0, 5)))
        if turn % 2:
            claim = practice.add_claim(by=carol, kind="avoid-this", text="Do not rush it.")
            for report in draw.sample(reports, 2):
                claim.cite(report, by=carol, bearing="supports", excerpt=report.lessons[:40], note="")
        practice.submit(by=carol).publish(by=chris)
    return draw


def test_the_order_of_practices_agrees_with_what_each_says(browse, heap, ana):
    reader = browse(ana)
    for _turn in range(5):
        Situation.state(contexts(**place(heap)), by=ana)
        situation = Situation.of(ana)

        found = cards(reader.get("/practices/?language=en"))

        assert len(found) == 7
        mine = similarity.known(situation.contexts.all())
        filterset = PracticeFilterSet(QueryDict(), user=ana)
        keys = []
        for title, said in found:
            practice = Practice.objects.for_detail().get(title=title)
            summary = EvidenceSummary(practice, practice.current, ana, situation)
            assert gain(said) == gain(summary.outcomes_alike["sentence"]), title
            theirs = similarity.known(filterset.contexts_of([practice.pk])[practice.pk])
            keys.append((gain(said), round(similarity.likeness(mine, theirs) or 0, 4)))
        assert keys == sorted(keys, reverse=True)


def test_with_a_situation_what_worked_there_comes_first_everywhere(browse, ana, ben, carol, chris):
    """A grade says how sure; what worked elsewhere may not work here."""
    size = {"community-size": ["c-1k-9k"]}
    inside = {"audience": ["internal"], "kind": ["network-of-employees"]} | size
    outside = {"audience": ["external"], "kind": ["fan"]} | size
    here = make_report(ana, carol, where=inside, title="Here")
    there = [make_report(one, carol, where=outside, title="There") for one in (ben, make_person("dora"))]
    failed = make_report(make_person("emil"), carol, where=inside, verdict="backfired")
    make_published_practice(carol, chris, title="Of elsewhere", reports=there)
    make_published_practice(carol, chris, title="Of here", reports=[here])
    make_published_practice(carol, chris, title="Failed here", reports=[failed])
    visitor = browse()
    without = [title for title, _said in cards(visitor.get("/practices/"))]
    assert without[0] == "Of elsewhere"

    visitor.post("/situation/visit/", {"audience": "internal", "kind": "network-of-employees", "next": "/"})

    wanted = ["Of here", "Of elsewhere", "Failed here"]
    assert [title for title, _said in cards(visitor.get("/practices/"))] == wanted
    for address in ("/", "/stakes/moving-platform/"):
        shown = [title for title in titles(visitor.get(address)) if title in wanted]
        assert shown == wanted
    assert [title for title, _said in cards(visitor.get("/practices/?ordering=grade"))][0] == "Of elsewhere"


def french_titles(client):
    return titles(client.get("/practices/", headers={"Accept-Language": "fr"}))


def test_a_practice_is_listed_in_the_other_language_as_soon_as_it_can_be_read_and_no_longer(
    browse, carol, chris, mona
):
    original = make_published_practice(carol, chris, title="Run both places")
    french = original.translate(by=carol, title="Gardez les deux lieux", language="fr")
    french = Practice.objects.get(pk=french.pk).submit(by=carol)
    assert french_titles(browse()) == ["Run both places"]

    french.publish(by=chris)
    assert french_titles(browse()) == ["Gardez les deux lieux"]
    item = browse().get("/api/v1/practices/?language=en").json()["results"][0]
    assert item["translations"] == [{"id": french.slug, "language": "fr"}]

    Practice.objects.get(pk=french.pk).remove(by=mona, note="It mocks a member.")
    assert french_titles(browse()) == ["Run both places"]
    assert browse().get("/api/v1/practices/?language=en").json()["results"][0]["translations"] == []


def test_a_program_that_has_a_list_of_practices_is_told_so(browse, carol, chris, ana):
    practice = make_published_practice(carol, chris, reports=[make_report(ana, carol)])
    known = {
        address: {"If-None-Match": browse().get(address)["ETag"]}
        for address in ("/api/v1/practices/", "/feeds/practices/")
    }
    for address, headers in known.items():
        assert browse().get(address, headers=headers).status_code == 304

    practice.lower_grade(by=chris, reason="One voice alone.")

    for address, headers in known.items():
        assert browse().get(address, headers=headers).status_code == 200


def test_a_grade_is_told_in_the_language_of_who_asks_not_of_who_acted_last(api, ana, carol, chris):
    """Which would tell in which language the author of a withheld report reads the site."""
    report = make_report(ana, carol, identity="withheld")
    make_published_practice(carol, chris, reports=[report])

    def wanting(language):
        answer = api().get("/api/v1/practices/", headers={"Accept-Language": language})
        return answer.json()["results"][0]["grade"]["next"]

    english, french = wanting("en"), wanting("fr")
    with translation.override("fr"):
        report.follow_up(by=ana, verdict="worked", text="It still holds.")
        call_command("check_index")

    assert english != french
    assert (wanting("en"), wanting("fr")) == (english, french)
    call_command("check_index")
