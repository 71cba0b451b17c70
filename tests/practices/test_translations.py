"""A practice in both languages: each by two people, and nobody meets one practice twice."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from experiences.list_index import held
from experiences.models.vocabulary import cache as vocabulary_cache
from practices.models import Practice
from practices.search.filters import PracticeFilterSet
from tests.conftest import make_person
from tests.factories import make_next_version, make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
TITLE = "Faites vivre les deux lieux avant d’en fermer un"
FR, EN = {"accept-language": "fr"}, {"accept-language": "en"}


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


@pytest.fixture
def original(carol, chris, report):
    return make_published_practice(carol, chris, reports=[report])


@pytest.fixture
def draft(original, carol):
    return original.translate(by=carol, title=TITLE)


@pytest.fixture
def translation(draft, carol, chris):
    return draft.submit(by=carol).publish(by=chris)


def page_of(client, address, headers=EN):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200, address
    return answer.content.decode()


# --- Beginning -------------------------------------------------------------------------------------


def test_a_translation_begins_with_the_words_claims_and_evidence_of_its_original(draft, original, report):
    assert (draft.language, draft.title, draft.slug) == (
        "fr",
        TITLE,
        "faites-vivre-les-deux-lieux-avant-d-en-fermer-un",
    )
    assert (draft.summary, draft.how, draft.stake_slugs) == (
        original.summary,
        original.how,
        original.stake_slugs,
    )
    assert (draft.translation_of, draft.follows_version) == (original, original.current)
    (claim,), (theirs,) = draft.claims(), original.current.claims.all()
    assert (claim.text, claim.lasting_id) == (theirs.text, theirs.lasting_id)
    assert [(row.report, row.excerpt) for row in claim.evidence.all()] == [(report, report.lessons[:40])]
    assert draft.assess(working=True).code == 1


def test_it_goes_through_two_people_like_any_practice(draft, carol, chris):
    draft.submit(by=carol)
    with pytest.raises(PermissionDenied):
        draft.publish(by=carol)
    published = draft.publish(by=chris)
    assert (published.grade, published.current.number, published.current.language) == (1, 1, "fr")


def test_what_no_longer_stands_is_not_carried_over(original, report, ana, ben, carol, chris):
    other = make_report(ben, carol)
    make_next_version(original, carol, chris, lambda working: working.claims()[0].cite(
        other, by=carol, bearing="supports", excerpt=other.lessons[:20]
    ))  # fmt: skip
    report.refresh_from_db()
    report.lessons = "Nothing to add."
    report.write(by=ana)
    original.refresh_from_db()
    draft = original.translate(by=carol, title=TITLE)
    assert [row.report for row in draft.claims()[0].evidence.all()] == [other]


def test_there_is_one_translation_in_each_language(original, draft, carol, chris):
    for language in ("", "fr", "en"):
        with pytest.raises(ValidationError) as refusal:
            Practice.objects.get(pk=original.pk).translate(by=chris, title="Autre", language=language)
        assert refusal.value.message_dict["language"] == [
            "This practice is already written in this language: choose another."
        ]
    with pytest.raises(IntegrityError):
        Practice.objects.bulk_create(
            [
                Practice(
                    slug="x",
                    title="x",
                    language="fr",
                    translation_of=original,
                    follows_version=original.current,
                )
            ]
        )


def test_only_what_readers_can_read_is_translated_and_no_translation(original, translation, carol, ben):
    for practice in (make_practice(carol), translation):
        with pytest.raises(ValidationError):
            practice.translate(by=carol, title="Autre")
    with pytest.raises(PermissionDenied):
        original.translate(by=ben, title="Autre")
    original.retire(by=carol, note="Overtaken.")
    with pytest.raises(ValidationError):
        original.translate(by=carol, title="Autre")


@pytest.mark.parametrize("which", ["original", "draft"])
def test_neither_takes_the_language_of_the_other(which, original, draft, api, browse, carol):
    practice = {"original": original, "draft": draft}[which]
    if which == "original":
        practice.reopen(by=carol)
    words = {"title": "T", "language": "fr" if which == "original" else "en", "summary": "S", "how": "H"}
    typed = words | {"stakes": ["moving-platform"]}
    answer = browse(carol).post(f"/practices/{practice.slug}/edit/", typed)
    assert answer.status_code == 422
    assert "already written in this language" in answer.content.decode()
    sent = api(carol).patch(f"/api/v1/practices/{practice.slug}/", words, headers={"If-Match": "*"})
    assert (sent.status_code, sent.json()["errors"][0]["field"]) == (400, "language")


def test_a_curator_begins_a_translation_from_the_page_once(browse, original, ben, carol):
    address = f"/practices/{original.slug}/translate/"
    assert address in page_of(browse(carol), original.get_absolute_url())
    assert address not in page_of(browse(ben), original.get_absolute_url())
    assert original.title in page_of(browse(carol), address)
    refused = browse(carol).post(address, {"title": "", "language": "fr"})
    assert refused.status_code == 422
    begun = browse(carol).post(address, {"title": TITLE, "language": "fr"})
    draft = Practice.objects.get(translation_of=original)
    assert begun["Location"] == f"/practices/{draft.slug}/edit/"
    again = browse(carol).post(address, {"title": TITLE, "language": "fr"})
    assert again["Location"] == f"/practices/{draft.slug}/workbench/"
    assert address not in page_of(browse(carol), original.get_absolute_url())
    assert draft.title in page_of(browse(carol), original.get_absolute_url())
    assert draft.title not in page_of(browse(ben), original.get_absolute_url())


def test_what_cannot_be_translated_has_no_such_page(browse, carol):
    assert browse(carol).get(f"/practices/{make_practice(carol).slug}/translate/").status_code == 404


# --- Reading ---------------------------------------------------------------------------------------


def test_each_page_leads_to_the_other_language(browse, original, translation, settings):
    page = page_of(browse(), original.get_absolute_url())
    assert (
        f'<link rel="alternate" hreflang="fr" href="{settings.SITE_URL}{translation.get_absolute_url()}">'
        in page
    )
    assert (
        f'<link rel="alternate" hreflang="en" href="{settings.SITE_URL}{original.get_absolute_url()}">'
        in page
    )
    assert f'rel="alternate">Lire en français<span class="sr"> {TITLE}</span>' in page
    page = page_of(browse(), translation.get_absolute_url(), FR)
    assert f'rel="alternate">Read it in English<span class="sr"> {original.title}</span>' in page


def head_of(client, address, headers):
    """Return the title of a practice's page with what stands under it, before the words."""
    return page_of(client, address, headers).split("<h1>")[1].split("<dl ")[0]


@pytest.mark.parametrize("frozen", ["", "v/1/"])
def test_a_page_in_another_language_says_so_before_the_words_and_leads_to_the_reader_s(
    browse, original, draft, carol, chris, frozen
):
    address = f"{original.get_absolute_url()}{frozen}"
    assert "This practice is in" not in page_of(browse(), address, EN)
    alone = head_of(browse(), address, FR)
    assert '<p class="row snug small noprint" lang="fr">' in alone
    assert "Cette pratique est en anglais." in alone
    assert "Personne ne l’a encore traduite." in alone  # A draft is not known to readers.
    assert "Lire en français" not in alone

    draft.submit(by=carol).publish(by=chris)
    led = head_of(browse(), address, FR)
    assert "Cette pratique est en anglais." in led
    assert "Personne" not in led
    assert 'class="btn small"' in led
    assert f'href="{draft.get_absolute_url()}" hreflang="fr" lang="fr"' in led
    assert page_of(browse(), address, FR).count("Lire en français") == 1
    assert "This practice is in French." in head_of(browse(), f"{draft.get_absolute_url()}{frozen}", EN)


def test_cards_and_stakes_mark_a_practice_of_another_language(browse, original, report):
    for address in ("/", "/practices/", "/stakes/moving-platform/"):
        mark = '<li lang="en"><b>English</b></li>'
        french, english = (
            page_of(browse(), address, headers).split(f'href="{original.get_absolute_url()}"')[1]
            for headers in (FR, EN)
        )
        assert mark in french.split("</article>")[0].split("</tr>")[0], address
        assert french.split("</article>")[0].split("</tr>")[0].count(mark) == 1, address
        assert mark not in english, address


def test_the_page_says_what_it_translates_and_who_did(browse, original, translation, carol):
    page = page_of(browse(), translation.get_absolute_url())
    assert "by Carol from version 1 of:" in page
    assert f'href="/practices/{original.slug}/v/1/"' in page
    assert "The original has changed since." not in page
    carol.delete()
    assert "by a former member from version 1 of:" in page_of(
        browse(), f"{translation.get_absolute_url()}v/1/"
    )


def test_a_draft_in_another_language_shows_to_no_reader(browse, api, original, draft, ben):
    page = page_of(browse(ben), original.get_absolute_url())
    assert TITLE not in page
    assert "hreflang" not in page.split("</head>")[0]
    assert api(ben).get(f"/api/v1/practices/{original.slug}/").json()["translations"] == []


def test_a_translation_says_when_its_original_has_changed(browse, original, translation, carol, chris):
    make_next_version(
        original,
        carol,
        chris,
        lambda working: working.claims()[0].revise(by=carol, text="Announce it twice."),
    )
    page = page_of(browse(), translation.get_absolute_url())
    assert "The original has changed since." in page
    assert f"/practices/{original.slug}/compare/?from=1&amp;to=2" in page
    assert "Its original has changed since it was translated" in page_of(browse(chris), "/practices/desk/")


def test_lists_show_each_practice_once_in_the_language_of_the_page(
    browse, original, translation, carol, chris, report
):
    other = make_published_practice(carol, chris, reports=[report], title="Only in English")
    for address in (
        "/",
        "/practices/",
        "/practices/?q=Move",
        "/practices/?ordering=grade",
        "/stakes/moving-platform/",
    ):
        english, french = page_of(browse(), address, EN), page_of(browse(), address, FR)
        for page, shown, hidden in ((english, original, translation), (french, translation, original)):
            headings = [piece.split("</h3>")[0] for piece in page.split("<h3 ")[1:]]
            assert sum(f'"{shown.get_absolute_url()}"' in one for one in headings) == 1, address
            assert sum(f'"{hidden.get_absolute_url()}"' in one for one in headings) == 0, address
            assert sum(f'"{other.get_absolute_url()}"' in one for one in headings) == 1, address
            assert hidden.get_absolute_url() not in page, address
    assert "2 practices" in page_of(browse(), "/practices/")


def test_what_is_found_in_the_other_language_alone_is_not_lost(browse, original, translation):
    for query, shown in (("q=vivre", original), ("language=fr", translation)):
        page = page_of(browse(), f"/practices/?{query}", EN)
        assert shown.get_absolute_url() in page.split("<h3 ")[1]
    page = page_of(browse(), "/practices/", EN)
    assert "1 practice<" in page
    assert 'name="language" value="fr"' in page


def test_the_number_beside_a_language_is_what_choosing_it_finds(original, translation, ana):
    for reads in ("en", "fr"):
        counts = PracticeFilterSet(QueryDict(), ana, reads=reads).facet_counts()["language"]
        chosen = {
            one: PracticeFilterSet(QueryDict(f"language={one}"), ana, reads=reads) for one in ("en", "fr")
        }
        assert counts == {one: found.page().count for one, found in chosen.items()} == {"en": 1, "fr": 1}


def test_a_stake_counts_a_practice_once(api, original, translation, carol):
    address = "/api/v1/stakes/moving-platform/"
    assert api().get(address).json()["practices"] == 1
    original.retire(by=carol, note="Overtaken.")
    assert api().get(address).json()["practices"] == 1


def test_a_report_names_the_practice_it_feeds_once(browse, original, translation, report):
    english, french = (page_of(browse(), report.get_absolute_url(), headers) for headers in (EN, FR))
    assert original.get_absolute_url() in english
    assert translation.get_absolute_url() not in english
    assert translation.get_absolute_url() in french
    assert original.get_absolute_url() not in french


def test_programs_and_feeds_get_both_and_know_which_is_which(api, browse, original, translation, tmp_path):
    found = {item["id"]: item for item in api().get("/api/v1/practices/").json()["results"]}
    assert found[original.slug]["translations"] == [{"id": translation.slug, "language": "fr"}]
    assert found[original.slug]["translation_of"] is None
    follows = {"id": original.slug, "version": 1, "latest": 1}
    assert found[translation.slug]["translation_of"] == follows
    for address in ("", "versions/1/"):
        read = api().get(f"/api/v1/practices/{translation.slug}/{address}").json()
        assert read["translation_of"] == follows
    markdown = browse().get(f"{translation.get_absolute_url()}v/1.md").content.decode()
    assert f"Traduite de la version 1 de «\xa0{original.title}\xa0»." in markdown
    feed = browse().get("/feeds/practices/").content.decode()
    assert f"Translated from version 1 of “{original.title}”." in feed
    call_command("export_practices", format="jsonl", output=str(tmp_path / "out"))
    rows = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert [row["translation_of"] for row in rows if row["id"] == translation.slug] == [follows]


def test_a_list_asks_as_often_for_many_translations_as_for_few(browse, ana, carol, chris):
    counts = []
    for number in (1, 5):
        for turn in range(number):
            report = make_report(make_person(f"author{number}{turn}"), carol)
            made = make_published_practice(carol, chris, reports=[report])
            made.translate(by=carol, title=f"Titre {number} {turn}").submit(by=carol).publish(by=chris)
        reader = browse(carol)
        vocabulary_cache.forget()  # Read once a minute by each process: counted each time.
        held.in_step("reports", "practices")
        with CaptureQueriesContext(connection) as queries:
            for address in ("/practices/", "/", "/api/v1/practices/", "/feeds/practices/"):
                reader.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Following -------------------------------------------------------------------------------------


def test_a_translation_takes_over_what_its_original_newly_claims_and_cites(
    original, translation, browse, ben, carol, chris
):
    other = make_report(ben, carol)

    def change(working):
        working.claims()[0].cite(
            other, by=carol, bearing="contradicts", excerpt=other.lessons[:20], note="If big."
        )
        working.add_claim(by=carol, kind="avoid-this", text="Do not rush.", opinion=True)

    make_next_version(original, carol, chris, change)
    translation.reopen(by=carol)
    mine = translation.claims()[0]
    mine.revise(by=carol, text="Annoncez tôt la date de fin.")
    bench = page_of(browse(carol), f"/practices/{translation.slug}/workbench/")
    assert "Follow version 2" in bench
    answer = browse(carol).post(f"/practices/{translation.slug}/follow/", {"version": "2"})
    assert answer.status_code == 302
    translation = Practice.objects.get(pk=translation.pk)
    first, second = translation.claims()
    assert [first.text, second.text] == ["Annoncez tôt la date de fin.", "Do not rush."]
    assert [row.bearing for row in first.evidence.all()] == ["supports", "contradicts"]
    assert translation.is_behind  # readers still read what follows version 1
    translation.submit(by=carol).publish(by=chris)
    assert not Practice.objects.get(pk=translation.pk).is_behind


def test_what_the_translation_left_out_is_not_brought_back(original, translation, carol, chris):
    make_next_version(
        original,
        carol,
        chris,
        lambda working: working.claims()[0].revise(by=carol, text="Announce it twice."),
    )
    translation.reopen(by=carol)
    translation.claims()[0].remove(by=carol)
    translation = Practice.objects.get(pk=translation.pk)
    translation.follow(original.versions.get(number=2), by=carol)
    assert not translation.claims()


def test_only_a_version_of_its_original_is_followed_and_by_curators(
    api, browse, original, translation, draft, carol, chris, ben
):
    other = make_published_practice(carol, chris, title="Another")
    translation.reopen(by=carol)
    with pytest.raises(ValidationError):
        translation.follow(other.current, by=carol)
    with pytest.raises(PermissionDenied):
        translation.follow(original.current, by=ben)
    for number in ("2", "x", "9" * 30, ""):
        address = f"/practices/{translation.slug}/follow/"
        assert browse(carol).post(address, {"version": number}).status_code == 404
        assert browse(ben).post(address, {"version": number}).status_code == 403
    base = f"/api/v1/practices/{translation.slug}/follow/"
    assert api(carol).post(base, {"version": 2}).json()["errors"][0]["field"] == "version"
    assert api(carol).post(base, {"version": 1}).json()["translation_of"]["version"] == 1
    assert api(ben).post(base, {"version": 1}).status_code == 403
    other.reopen(by=carol)
    assert api(carol).post(f"/api/v1/practices/{other.slug}/follow/", {"version": 1}).status_code == 400


def test_programs_of_curators_begin_a_translation(api, original, ben, carol):
    base = f"/api/v1/practices/{original.slug}/translate/"
    assert api(ben).post(base, {"title": TITLE}).status_code == 403
    made = api(carol).post(base, {"title": TITLE})
    assert (made.status_code, made.json()["language"]) == (201, "fr")
    assert made.json()["translation_of"] == {"id": original.slug, "version": 1, "latest": 1}
    assert made.json()["claims"][0]["evidence"]
    assert api(carol).post(base, {"title": "Autre"}).json()["errors"][0]["field"] == "language"
