"""Before sending: the author is told once, and decides; reviewers see the same guesses, without private
names.
"""

import re

import pytest
from django.urls import reverse

from experiences.models import Context, Effect, Experience, Source
from experiences.models.report.parts import Parts
from experiences.privacy import check
from experiences.privacy.rare_contexts import rarity_of
from tests.conftest import make_person
from tests.experiences.test_views import NEW, WORDS, html, words_of
from tests.factories import WHERE, contexts, make_draft, make_report, stakes

pytestmark = pytest.mark.django_db
CHECK = "/experiences/check/"
NAMING = "Marianne (marianne@northfield.co.uk) answered every newcomer."


def naming(**changes):
    return WORDS | {"action": NAMING, "do": "send"} | changes


# --- Sending ---------------------------------------------------------------------------------------


def test_the_first_send_is_answered_with_what_may_identify_someone_and_a_kept_draft(ana, browse):
    answer = browse(ana).post(NEW, naming())
    report = ana.experiences.get()
    assert (answer.status_code, report.status, report.action) == (422, "draft", NAMING)
    page = html(answer)
    assert 'href="#id_action"' in page
    assert "“Marianne” looks like a person’s name." in page
    assert '<q lang="en">A colleague</q>' in page
    assert "Send all the same" in page
    assert NAMING in page
    assert f'action="/experiences/{report.public_id}/edit/"' in page


def test_the_second_send_goes_whatever_it_says(ana, browse):
    member = browse(ana)
    member.post(NEW, naming())
    report = ana.experiences.get()
    answer = member.post(f"{report.get_absolute_url()}edit/", words_of(report, action=NAMING, do="send"))
    assert answer["Location"] == report.get_absolute_url()
    report.refresh_from_db()
    assert report.status == "submitted"


def test_what_is_missing_and_what_may_identify_are_said_together(ana, browse):
    answer = browse(ana).post(NEW, naming(result=""))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"result"}
    assert "Marianne" in html(answer).split("<main")[1].split("<form")[1]


def test_a_draft_sent_from_its_own_page_is_looked_at_too(ana, browse):
    report = make_draft(ana, action=NAMING)
    send = reverse("experiences:transition", args=[report.public_id, "submit"])
    answer = browse(ana).post(send)
    assert (answer.status_code, "Send all the same" in html(answer)) == (422, True)
    assert browse(ana).post(send).status_code == 302
    report.refresh_from_db()
    assert report.status == "submitted"


@pytest.mark.parametrize("do", ["save", "preview", "keep", "send"])
def test_once_asked_the_author_is_not_asked_again_whatever_they_do_meanwhile(ana, browse, do):
    browse(ana).post(NEW, naming())
    report = ana.experiences.get()
    edit = f"{report.get_absolute_url()}edit/"
    # What is sent meanwhile lacks an answer, or is only kept; the page of it has no trace of the question.
    meanwhile = words_of(report, action=NAMING, do=do) | ({"result": ""} if do == "send" else {})
    browse(ana).post(edit, meanwhile)
    report = ana.experiences.get()
    assert report.status == "draft"
    answer = browse(ana).post(edit, words_of(report, action=f"{NAMING} Again.", result="Fine.", do="send"))
    assert answer["Location"] == report.get_absolute_url()
    assert ana.experiences.get().status == "submitted"


def test_once_asked_on_the_form_the_author_is_not_asked_on_the_page_nor_the_other_way_round(ana, browse):
    browse(ana).post(NEW, naming())
    report = ana.experiences.get()
    send = reverse("experiences:transition", args=[report.public_id, "submit"])
    assert browse(ana).post(send).status_code == 302
    other = make_draft(ana, action=NAMING)
    assert (
        browse(ana).post(reverse("experiences:transition", args=[other.public_id, "submit"])).status_code
        == 422
    )
    answer = browse(ana).post(f"{other.get_absolute_url()}edit/", words_of(other, action=NAMING, do="send"))
    assert answer["Location"] == other.get_absolute_url()


def test_what_came_back_is_looked_at_anew(ana, carol, browse):
    browse(ana).post(NEW, naming())
    report = ana.experiences.get()
    send = reverse("experiences:transition", args=[report.public_id, "submit"])
    browse(ana).post(send)
    ana.experiences.get().return_to_author(by=carol, reason="unclear", note="When?")
    assert browse(ana).post(send).status_code == 422
    assert browse(ana).post(send).status_code == 302


def test_words_that_name_nobody_are_sent_at_once(ana, browse):
    assert browse(ana).post(NEW, WORDS | {"do": "send"}).status_code == 302
    assert ana.experiences.get().status == "submitted"


def test_saving_and_previewing_are_never_stopped(ana, browse):
    assert browse(ana).post(NEW, naming(do="save", submission_key="a")).status_code == 302
    preview = browse(ana).post(NEW, naming(do="preview", submission_key="b"))
    assert (preview.status_code, "looks like a person’s name" in html(preview)) == (200, True)


def test_a_stored_draft_shows_its_warnings_and_an_empty_form_none(ana, browse):
    report = make_draft(ana, action=NAMING)
    assert "“Marianne” looks like" in html(browse(ana).get(f"{report.get_absolute_url()}edit/"))
    assert "while you write" in html(browse(ana).get(NEW))


def test_a_program_submits_without_being_asked_twice(ana, api):
    report = make_draft(ana, action=NAMING)
    assert api(ana).post(f"/api/v1/experiences/{report.public_id}/submit/").status_code == 200


# --- The side panel --------------------------------------------------------------------------------


def test_the_side_panel_answers_for_words_not_stored(ana, browse):
    answer = browse(ana).post(CHECK, naming())
    assert (answer.status_code, "“Marianne” looks like" in html(answer)) == (200, True)
    assert not Experience.objects.exists()
    assert "no-store" in answer["Cache-Control"]


def test_the_side_panel_is_for_members_by_post_with_their_token(ana, browse):
    assert browse().post(CHECK, naming()).status_code == 403
    assert browse(ana).get(CHECK).status_code == 405
    strict = browse(ana)
    strict.handler.enforce_csrf_checks = True
    assert strict.post(CHECK, naming()).status_code == 403


@pytest.mark.parametrize("value", ["\x00", "x" * 200_000, "<script>", "9" * 40, "\u0663"])
def test_no_field_brings_the_side_panel_down(ana, browse, value):
    answer = browse(ana).post(
        CHECK, dict.fromkeys(WORDS, value) | {"measures": "0", "measures-0-source": value}
    )
    assert answer.status_code == 200
    assert "<script>" not in html(answer)


def test_words_come_back_escaped(ana, browse):
    answer = browse(ana).post(
        CHECK, naming(action="ask <b>Marianne</b> or a<i>@b.fr", organisation="<b> Ltd")
    )
    assert "<b>" not in html(answer)


# --- What only the author may know -------------------------------------------------------------------


def test_an_author_is_told_of_their_organisation_and_name_and_a_curator_is_not(ana, carol, browse):
    text = "At Kestrelbrook, Moreno said yes."
    ana.display_name = "Ana Moreno"
    ana.save()
    report = make_draft(ana, action=text, identity="withheld", organisation="Kestrelbrook Software")
    edit = html(browse(ana).get(f"{report.get_absolute_url()}edit/"))
    assert "“Kestrelbrook” seems to be your organisation." in edit
    assert "“Moreno” is part of your own name." in edit
    report.submit(by=ana)
    for address in (report.get_absolute_url(), "/practices/desk/"):
        page = html(browse(carol).get(address))
        assert "seems to be" not in page
        assert "Moreno</mark>" not in page
        assert "<mark>" not in page
        assert not re.search("passages? may identify", page)


def test_a_curator_sees_what_may_identify_someone_on_the_desk_and_on_the_page(ana, carol, browse):
    report = make_draft(ana, action=NAMING).submit(by=ana)
    desk, page = (html(browse(carol).get(one)) for one in ("/practices/desk/", report.get_absolute_url()))
    assert "2 passages may identify someone" in desk
    assert "<mark>Marianne</mark>" in page
    assert "<mark>marianne@northfield.co.uk</mark>" in page
    report.publish(by=carol)
    for reader in (None, ana, carol):
        assert "<mark>Marianne</mark>" not in html(browse(reader).get(report.get_absolute_url()))


def test_a_source_for_curators_only_is_not_looked_at(ana):
    report = make_draft(ana)
    report.parts = Parts(
        sources=[
            Source(url="https://x.com/somebody", visibility="public"),
            Source(url="https://x.com/anybody", visibility="curators"),
        ]
    )
    report.write(by=ana)
    assert [spot.finding.words for spot in check.spots(report)] == ["https://x.com/somebody"]


# --- Rare contexts -------------------------------------------------------------------------------------


def publish(number, carol, **facets):
    for n in range(number):
        person = make_person(f"p{n}-{'-'.join(sum(facets.values(), []))[:20]}", organisation=f"Org {n}")
        make_report(person, carol, where=WHERE | facets, organisation=f"Org {n}")


def test_contexts_that_five_organisations_share_are_not_rare(carol):
    publish(4, carol)
    assert rarity_of(contexts(audience=["external"])).facet is None
    publish(5, carol, sector=["finance"])
    assert rarity_of(contexts(audience=["external"])) is None


def test_the_facet_whose_withholding_helps_most_is_named(carol):
    publish(6, carol)
    shown = contexts(audience=["external"], kind=["open-source"], sector=["finance"])
    rarity = rarity_of(shown)
    assert (rarity.facet.slug, rarity.is_enough) == ("sector", True)


def test_reports_of_one_organisation_count_once(carol):
    for n in range(6):
        make_report(make_person(f"one{n}"), carol, organisation=" north  FIELD" if n % 2 else "North Field")
    assert rarity_of(contexts(audience=["external"])) is not None


def test_what_is_withheld_or_unknown_identifies_nobody():
    unstated = Context.objects.filter(slug__in=["unknown", "withheld"]).select_related("facet")
    assert rarity_of(unstated) is None
    assert rarity_of([]) is None


def test_only_a_withheld_report_is_asked_about_rare_contexts_and_only_when_something_helps(
    ana, carol, browse
):
    rare = WORDS | {"do": "send", "identity": "withheld", "sector": ["finance"]}
    lonely = browse(ana).post(NEW, rare | {"submission_key": "a"})
    assert lonely.status_code == 302  # nothing they could withhold would help yet
    publish(6, carol)
    asked = browse(ana).post(NEW, rare | {"submission_key": "b"})
    assert asked.status_code == 422
    assert re.search(r'<a href="#id_sector[^"]*">Sector</a> would help most', html(asked))
    named = browse(ana).post(NEW, rare | {"identity": "named", "submission_key": "c"})
    assert named.status_code == 302


# --- The preview -----------------------------------------------------------------------------------------


def test_the_preview_is_the_page_that_readers_get(ana, carol, browse):
    words = WORDS | {
        "identity": "withheld", "organisation": "Kestrelbrook", "keywords": "Rota, rota",
        "sector": ["finance"],
        "measures": ["0"], "measures-0-effect": str(Effect.objects.first().pk),
        "measures-0-direction": "up", "measures-0-before": "10",
        "sources": ["0", "1"], "sources-0-url": "https://example.org/open", "sources-0-visibility": "public",
        "sources-1-url": "https://example.org/private", "sources-1-visibility": "curators", "do": "preview",
    }  # fmt: skip
    page = browse(ana).post(NEW, words)
    preview = (
        html(page).split('aria-labelledby="preview"')[1].split("</section>\n  <div")[0].split("<form")[0]
    )
    for shown in (
        "Name withheld by choice",
        "It worked",
        "rota",
        "example.org/open",
        stakes("moving-platform")[0].label,
        "10",
    ):
        assert shown in preview
    for hidden in ("Ana", "Kestrelbrook", "example.org/private"):
        assert hidden not in preview
    assert not Experience.objects.exists()


def test_a_named_preview_says_the_name(ana, browse):
    page = html(browse(ana).post(NEW, WORDS | {"identity": "named", "do": "preview"}))
    assert "Ana" in page.split('aria-labelledby="preview"')[1].split("<form")[0]
