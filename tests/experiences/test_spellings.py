"""One text in many spellings, through the doors: what is found, kept, quoted and withheld."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import mail
from accounts.models import OutgoingMail
from experiences.models import Experience
from experiences.models.report.parts import Parts
from experiences.text.stemming import bare_words, words
from practices.models.evidence import quote_key
from tests.factories import TOLD, WHERE, make_draft, make_practice, make_report
from tests.lists import titles

pytestmark = pytest.mark.django_db
REPORT = TOLD | {"stakes": ["first-steps"], "contexts": WHERE, "language": "fr"}


def nfd(text):
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        (nfd("La médiathèque zébrée"), "médiathèque"),
        ("La médiathèque zébrée", nfd("médiathèque")),
        ("Meetups in Łódź, Tromsø, Đakovo and Þórshöfn", "lodz tromso dakovo thorshofn"),
        ("Kızılay and İstanbul", "kizilay istanbul"),
        ("A commu\u00adnity of mode\u200brators", "community moderators"),
        ("Ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("Straße und Maß", "strasse mass"),
    ],
)
def test_a_report_is_found_however_it_is_spelt(written, asked, browse, ana, carol):
    report = make_report(ana, carol, title=written)
    assert titles(browse, q=asked) == [report.title]
    assert titles(browse, q="zeppelin") == []


LETTERS = [*"aé1²中_ '-’.\xa0\u3000\u2028", "\u0301", "\u00ad", "\u200b", "\ufe0f"]


@given(st.lists(st.sampled_from(LETTERS) | st.characters(codec="utf-8"), max_size=12).map("".join))
def test_words_are_the_same_with_and_without_their_places(text):
    assert bare_words(text) == [word for word, _start, _end in words(text)]


def test_what_is_kept_is_composed_at_each_door(ana, api, browse):
    api(ana).post("/api/v1/experiences/", REPORT | {"title": nfd("Médiathèque"), "result": nfd("Été")})
    report = Experience.objects.get()
    assert (report.title, report.result) == ("Médiathèque", "Été")
    assert "Été" in report.html["result"]


@pytest.mark.parametrize("title", ["\u200b\u200b", "\u00a0\u2060", " \u00ad ", "\u3164"])
def test_a_title_of_nothing_visible_is_missing(title, ana, api):
    draft = api(ana).post("/api/v1/experiences/", REPORT | {"title": title}).json()
    assert draft["title"] == ""
    answer = api(ana).post(f"/api/v1/experiences/{draft['id']}/submit/")
    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("title", "required")]


def test_a_line_holds_no_line_end(ana, api):
    api(ana).post("/api/v1/experiences/", REPORT | {"title": "One\nline\u2028with\ta tab\x0b"})
    assert Experience.objects.get().title == "One line with a tab"


@pytest.mark.parametrize(
    ("given", "kept", "first"),
    [
        (["C++", "C#", "C", "c++"], ["c", "c#", "c++"], ["c++"]),
        (["🎉", "🎊"], ["🎉", "🎊"], ["🎉"]),
        (["l'équipe", "l’équipe", "L’ÉQUIPE"], ["l'équipe"], ["l'équipe"]),
        (["İstanbul", "istanbul", "ISTANBUL", "ıstanbul"], ["istanbul"], ["istanbul"]),
        (
            ["mod\u00aderation", "moderation", "moderation\u200b", "moderation "],
            ["moderation"],
            ["moderation"],
        ),
        ([nfd("médiathèque"), "médiathèque"], ["médiathèque"], ["médiathèque"]),
        (["trust, but verify", "plain"], ["but verify", "plain", "trust"], ["but verify", "trust"]),
        (["信頼，検証", "a﹐b"], ["a", "b", "信頼", "検証"], ["信頼", "検証"]),
        (["¸x"], ["\u0327x"], ["\u0327x"]),
        (["  ", ",", "\u200b"], [], []),
    ],
)
def test_a_keyword_is_one_keyword(given, kept, first, ana, api, browse):
    for keywords, wanted in ((given, kept), (given[:1], first)):
        made = api(ana).post("/api/v1/experiences/", REPORT | {"keywords": keywords})
        assert made.json()["keywords"] == wanted


def test_a_keyword_is_found_in_each_spelling(browse, ana, carol):
    report = make_draft(ana)
    report.parts = Parts(keywords=["l’équipe"])
    report.write(by=ana).submit(by=ana).publish(by=carol)
    for asked in ("l'équipe", "L’EQUIPE", nfd("l’équipe")):
        assert titles(browse, keyword=asked) == [report.title]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("l’été – fini…", nfd("l'été - fini...")),
        ("« mot »", "“mot”"),
        ("a\u00adb c\u200b", "ab\u00a0c"),
    ],
)
def test_an_excerpt_that_looks_the_same_is_the_same(one, other):
    assert quote_key(one) == quote_key(other)


SPELLINGS = [
    "Hélène Brûlé-Fictive", nfd("Hélène Brûlé-Fictive"), "Hélène Br\u00adûlé-Fictive",
    "Hélène\u200b Brûlé\u2011Fictive", "HELENE BRULE–FICTIVE", "H&eacute;l&egrave;ne Br&#251;lé-Fictive",
    "**Hélène** _Brûlé-Fictive_", "[Hélène](https://example.org/x) Brûlé-Fictive", "Ｈélène Brûlé-Fictive",
]  # fmt: skip


@pytest.mark.parametrize("asked", [SPELLINGS[0], SPELLINGS[1], "helene brule fictive"])
def test_withheld_words_go_in_every_spelling(asked, ana, carol, mona, browse):
    report = make_report(ana, carol, situation="\n\n".join(f"Ask {one} first." for one in SPELLINGS))
    report.withhold_words(by=mona, words=asked, note="It names a colleague.")
    report = Experience.objects.get()
    paragraphs = report.situation.split("\n\n")
    assert len(paragraphs) == len(SPELLINGS)
    for paragraph in paragraphs:
        assert "ict" not in paragraph.casefold(), paragraph
        assert "[withheld]" in paragraph


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Éviter l’œuvre — à l’été", "eviter-l-oeuvre-a-l-ete"),
        ("Garder les plus sollicités d’abord", "garder-les-plus-sollicites-d-abord"),
        ("Straße, Łódź & Tromsø", "strasse-lodz-tromso"),
        ("日本", "practice"),
    ],
)
def test_an_address_spells_out_its_title(title, slug, carol):
    assert make_practice(carol, title=title).slug == slug
    assert make_practice(carol, title=title).slug.startswith(f"{slug}-")


def test_withheld_words_go_from_mails_and_from_curators_notes(ana, carol, chris, mona):
    name = SPELLINGS[0]
    report = make_report(ana, carol, title=f"With {name}", lessons="Announce the end date early.")
    practice = make_practice(carol, reports=[report])
    practice.comment(by=chris, text=f"Did {nfd(name)} agree?")
    practice.submit(by=carol).return_to_curators(by=chris, note=f"Ask {name}.")
    report.ask(by=chris, text="When?")
    other = make_report(chris, carol, title=f"Of another {name}")
    elsewhere = [
        mail.row_of("code", "new@example.org", "Your code", f"Hello {name}, it is 1234."),
        mail.row_of("about another", chris.email, name, other.get_absolute_url(), is_notice=True),
    ]
    OutgoingMail.objects.bulk_create(elsewhere)
    assert OutgoingMail.objects.filter(body__contains=name).exists()
    report.withhold_words(by=mona, words=name, note="It names a colleague.")
    for letter in elsewhere:
        letter.refresh_from_db()
        assert name in f"{letter.subject} {letter.body}"
    letters = OutgoingMail.objects.exclude(key__in=[letter.key for letter in elsewhere])
    letters = letters.exclude(body__contains=other.get_absolute_url())
    said = " ".join(f"{letter.subject} {letter.body}" for letter in letters)
    said += " ".join(practice.comments.values_list("text", flat=True))
    said += " ".join(practice.log.values_list("note", flat=True))
    assert "Fictive" not in said
    assert said.count("[withheld]") >= 3


def test_words_are_withheld_from_a_mail_that_a_worker_has_in_hand(db):
    taken = mail.row_of("taken", "ana@example.org", "A question", f"About {SPELLINGS[0]}.")
    taken.save()
    letter = OutgoingMail.objects.get(pk=taken.pk)
    assert taken.lease()
    letter.reword(lambda text: text.replace(SPELLINGS[0], "[withheld]"))
    taken.mark_failed()
    taken.refresh_from_db()
    assert "[withheld]" in taken.body
    assert SPELLINGS[0] not in taken.body
