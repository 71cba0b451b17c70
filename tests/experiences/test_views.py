"""The pages of field reports, through the browser's door."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from experiences.models import Experience, Question, Situation, Source
from experiences.models.report.parts import Parts
from tests.factories import (
    TYPED,
    contexts,
    make_draft,
    make_practice,
    make_published_practice,
    make_report,
)

pytestmark = pytest.mark.django_db

NEW = "/experiences/new/"
WORDS = TYPED | {"submission_key": "one-form"}


def html(response):
    return response.content.decode()


def without_tokens(response):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html(response))


def words_of(report, **changes):
    """Return the POST of an edit form of `report`."""
    return WORDS | {"version": report.version, "do": "save"} | changes


# --- New -------------------------------------------------------------------------------------------


def test_a_visitor_signs_in_first(browse):
    answer = browse().get(NEW)
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('account_login')}?next={NEW}"


def test_an_expired_session_loses_no_word(browse):
    answer = browse().post(NEW, WORDS)
    assert answer.status_code == 403
    assert WORDS["situation"] in html(answer)
    assert not Experience.objects.exists()


def test_the_form_begins_with_the_member_s_situation(ana, browse):
    Situation.state(contexts(audience=["internal"], platform=["forum"]), by=ana)
    form = browse(ana).get(NEW).context["form"]
    assert form["audience"].value() == "internal"
    assert form["organisation"].value() == "Ana Ltd"


def test_the_form_begins_with_what_its_address_names(ana, browse):
    """What an invitation asks for comes before the member's own situation, and what no list has is passed
    over.
    """
    Situation.state(contexts(audience=["internal"], kind=["practice"]), by=ana)
    asked = "stake=trust&stake=nothing&audience=external&audience=hybrid&platform=chat&kind=nothing"

    form = browse(ana).get(f"{NEW}?{asked}").context["form"]

    assert form["stakes"].initial == ["trust"]
    assert form["audience"].initial == "external"
    assert form["platform"].initial == ["chat"]
    assert form["kind"].initial == ["practice"]


def test_saving_a_draft_stays_on_the_form(ana, browse):
    answer = browse(ana).post(NEW, WORDS | {"do": "save"}, follow=True)
    report = ana.experiences.get()
    assert answer.redirect_chain == [(f"/experiences/{report.public_id}/edit/", 302)]
    assert report.status == "draft"
    assert WORDS["action"] in html(answer)


def test_a_draft_may_be_nearly_empty(ana, browse):
    answer = browse(ana).post(NEW, {"title": "Half a thought", "do": "save"})
    assert answer.status_code == 302
    assert ana.experiences.get().title == "Half a thought"


def test_a_first_report_is_sent_to_a_curator_and_a_second_one_publishes_at_once(ana, carol, browse):
    browse(ana).post(NEW, WORDS | {"do": "send"})
    first = ana.experiences.get()
    assert first.status == "submitted"
    first.publish(by=carol)
    browse(ana).post(NEW, WORDS | {"do": "send", "submission_key": "another-form"})
    assert ana.experiences.exclude(pk=first.pk).get().status == "published"


def test_sending_what_is_incomplete_keeps_the_draft_and_says_what_is_missing(ana, browse):
    incomplete = {name: value for name, value in WORDS.items() if name not in ("result", "audience")}
    answer = browse(ana).post(NEW, incomplete | {"do": "send"})
    report = ana.experiences.get()
    assert answer.status_code == 422
    assert report.status == "draft"
    assert set(answer.context["form"].errors) == {"result", "audience"}
    assert "Your draft is saved." in html(answer)
    assert f'action="/experiences/{report.public_id}/edit/"' in html(answer)
    assert f'name="version" value="{report.version}"' in html(answer)
    again = browse(ana).post(f"{report.get_absolute_url()}edit/", words_of(report, do="send"))
    assert again.status_code == 302
    report.refresh_from_db()
    assert report.status == "submitted"


def test_what_is_invalid_is_refused_and_all_that_was_typed_is_kept(ana, browse):
    answer = browse(ana).post(NEW, WORDS | {"started_on": "2999-01", "do": "save"})
    assert answer.status_code == 422
    for typed in ("2999-01", WORDS["situation"], 'value="moving-platform" id="id_stakes_moving-platform"'):
        assert typed in html(answer)
    assert not ana.experiences.exists()


def test_a_form_sent_twice_makes_one_report(ana, browse):
    for _time in range(2):
        answer = browse(ana).post(NEW, WORDS | {"do": "send"})
    report = ana.experiences.get()
    assert answer["Location"] == report.get_absolute_url()


def test_two_people_may_hold_the_same_key(ana, ben, browse):
    for person in (ana, ben):
        browse(person).post(NEW, WORDS | {"do": "save"})
    assert Experience.objects.count() == 2


def test_the_same_form_with_other_words_is_compared_and_overwrites_nothing(ana, browse):
    browse(ana).post(NEW, WORDS | {"do": "save"})
    answer = browse(ana).post(NEW, WORDS | {"do": "save", "result": "Nobody came."})
    assert answer.status_code == 409
    assert ana.experiences.get().result == WORDS["result"]
    assert WORDS["result"] in html(answer)
    assert "Nobody came." in html(answer)


def test_a_row_is_added_and_removed_by_a_button_and_nothing_is_lost(ana, browse):
    rows = {"measures": ["0"], "measures-0-before": "44", "sources": []}
    answer = browse(ana).post(NEW, WORDS | rows | {"rows": "add:measures"})
    assert answer.status_code == 200
    assert 'name="measures-1-before"' in html(answer)
    assert 'value="44"' in html(answer)
    assert WORDS["situation"] in html(answer)
    answer = browse(ana).post(NEW, WORDS | rows | {"rows": "remove:measures-0"})
    assert 'value="44"' not in html(answer)
    assert not ana.experiences.exists()


def test_a_preview_shows_the_words_and_stores_nothing(ana, browse):
    answer = browse(ana).post(NEW, WORDS | {"do": "preview", "lessons": "**Announce** it."})
    assert answer.status_code == 200
    assert "<strong>Announce</strong>" in html(answer)
    assert not ana.experiences.exists()


# --- Edit ------------------------------------------------------------------------------------------


def test_an_edit_is_stored(ana, browse):
    report = make_draft(ana)
    browse(ana).post(f"{report.get_absolute_url()}edit/", words_of(report, title="Another title"))
    report.refresh_from_db()
    assert report.title == "Another title"


def test_a_stale_edit_shows_both_texts_and_overwrites_nothing(ana, browse):
    report = make_draft(ana)
    first, second = (
        words_of(report, result="From the first tab."),
        words_of(report, result="From the second."),
    )
    address = f"{report.get_absolute_url()}edit/"
    assert browse(ana).post(address, first).status_code == 302
    answer = browse(ana).post(address, second)
    report.refresh_from_db()
    assert answer.status_code == 409
    assert report.result == "From the first tab."
    differing = [tuple(texts) for _label, *texts in answer.context["differences"]]
    assert ("From the first tab.", "From the second.") in differing
    assert f'name="version" value="{report.version}"' in html(answer)
    assert browse(ana).post(address, second | {"version": report.version}).status_code == 302
    report.refresh_from_db()
    assert report.result == "From the second."


def test_a_tab_left_open_after_sending_keeps_its_words(ana, browse):
    report = make_draft(ana)
    late = words_of(report, result="One more thing.")
    report.submit(by=ana)
    answer = browse(ana).post(f"{report.get_absolute_url()}edit/", late)
    assert answer.status_code == 403
    assert "One more thing." in html(answer)
    report.refresh_from_db()
    assert report.result != "One more thing."


def test_an_edit_of_a_published_report_must_leave_it_complete(ana, carol, browse):
    report = make_report(ana, carol)
    address = f"{report.get_absolute_url()}edit/"
    assert browse(ana).post(address, words_of(report, do="preview")).status_code == 200
    assert browse(ana).post(address, words_of(report, result="")).status_code == 422
    assert browse(ana).post(address, words_of(report, result="Better told.")).status_code == 302
    report.refresh_from_db()
    assert report.result == "Better told."


def test_nobody_else_edits(ana, ben, carol, browse):
    draft, told = make_draft(ana), make_report(ana, carol)
    for report, answer in ((draft, 404), (told, 403)):
        for person in (ben, carol):
            address = f"{report.get_absolute_url()}edit/"
            assert browse(person).get(address).status_code == answer
            assert browse(person).post(address, words_of(report)).status_code == answer


# --- Detail ----------------------------------------------------------------------------------------


def test_what_one_may_not_know_of_answers_as_if_it_did_not_exist(ana, ben, browse):
    report = make_draft(ana)
    for person in (None, ben):
        answer = browse(person).get(report.get_absolute_url())
        assert answer.status_code == 404
        never = browse(person).get("/experiences/aaaaaaaaaaaa/")
        assert without_tokens(never).replace("aaaaaaaaaaaa", report.public_id) == without_tokens(answer)


def test_a_published_report_shows_all_that_was_told(ana, carol, browse):
    report = make_report(
        ana,
        carol,
        measured=True,
        where={"audience": ["withheld"], "kind": ["unknown"], "community-size": ["c-1k-9k"]},
    )
    page = html(browse().get(report.get_absolute_url()))
    for told in (
        report.title,
        "It worked",
        "Measured",
        "posts",
        "not told",
        "not known",
        "Ana",
        "February 2025",
    ):
        assert told in page


def test_sources_for_curators_are_shown_to_nobody_else(ana, ben, carol, browse):
    report = make_draft(ana)
    report.parts = Parts(
        sources=[
            Source(url="https://example.org/open", visibility="public"),
            Source(url="https://example.org/closed", visibility="curators"),
        ]
    )
    report.write(by=ana).submit(by=ana).publish(by=carol)
    for person, sees in ((None, False), (ben, False), (ana, True), (carol, True)):
        page = html(browse(person).get(report.get_absolute_url()))
        assert "https://example.org/open" in page
        assert ("https://example.org/closed" in page) == sees


def test_a_withheld_name_and_day_are_nowhere_on_the_page(ana, ben, carol, browse):
    report = make_report(ana, carol, identity="withheld", organisation="Secret Works")
    report.follow_up(by=ana, verdict="worked", text="Still holds.")
    day = report.published_at.strftime("%-d %B %Y")
    for person in (None, ben, carol):
        page = html(browse(person).get(report.get_absolute_url()))
        assert "Name withheld" in page
        for private in ("Ana", "Secret Works", "ana@example.org", day):
            assert private not in page
    named = make_report(ana, carol, identity="named")
    assert named.published_at.strftime("%-d %B %Y") in html(browse().get(named.get_absolute_url()))


def test_a_report_shows_what_it_feeds(ana, carol, chris, browse):
    report = make_report(ana, carol)
    practice = make_practice(carol, reports=[report])
    assert "No practice uses this report yet." in html(browse().get(report.get_absolute_url()))
    practice.submit(by=carol)
    practice.publish(by=chris)
    page = html(browse().get(report.get_absolute_url()))
    assert practice.get_absolute_url() in page
    assert "Announce the end date early." in page
    assert "Supports" in page


def test_a_practice_is_named_once_with_each_claim_the_report_feeds_and_how(ana, carol, chris, browse):
    report = make_report(ana, carol)
    practice = make_practice(carol, reports=[report], title="Run both places first")
    claim = practice.add_claim(by=carol, kind="avoid-this", text="Close nothing overnight.", opinion=False)
    claim.cite(report, by=carol, bearing="contradicts", excerpt=report.lessons[:40])
    practice.submit(by=carol).publish(by=chris)
    make_published_practice(carol, chris, reports=[report], title="Name a human contact")
    page = html(browse().get(report.get_absolute_url()))
    fed = page[page.index('id="feeds"') : page.index("</section>", page.index('id="feeds"'))]
    assert fed.count("Run both places first") == fed.count("Name a human contact") == 1
    assert fed.count(practice.get_absolute_url()) == 1
    assert fed.index("Announce the end date early.") < fed.index("Close nothing overnight.")
    assert fed.count("Supports") == 2
    assert fed.count("Contradicts") == 1


def test_a_report_tells_its_story_before_all_that_stands_behind_it(ana, carol, browse):
    where = {
        "audience": ["withheld"],
        "kind": ["open-source"],
        "community-size": ["c-1k-9k"],
        "platform": ["forum"],
    }
    report = make_report(ana, carol, measured=True, effort_hours=12, where=where, enablers="Time.")
    page = html(browse().get(report.get_absolute_url()))
    page = page[page.index("<article") :]
    parts = [
        report.title, "It worked", "Who takes part: not told", "open-source", "Members: 1",
        report.situation, report.action, report.result, report.lessons, "Time.",
        ">At stake<", ">Measures<", ">What it took<", ">Context<", "forum</dd>", ">How strong it is<",
        "Used as evidence in", ">Questions<", "Cite this report",
    ]  # fmt: skip
    places = [page.index(part) for part in parts[:3]]
    for part in parts[3:]:
        places.append(page.index(part, places[-1]))
    assert places == sorted(places)
    head = page[: page.index(report.situation)]
    assert "forum" not in head.replace(report.title, "")  # Of twelve facets, three are above.


def test_facets_above_the_story_say_which_are_the_reader_s_own(ana, ben, carol, browse):
    report = make_report(ana, carol)
    Situation.state(contexts(audience=["external"], kind=["support"]), by=ben)
    above = html(browse(ben).get(report.get_absolute_url())).partition("part-situation")[0]
    assert above.count('data-y="Yours"') == 1


def test_text_that_looks_like_html_is_shown_as_words(ana, carol, browse):
    report = make_report(
        ana, carol, title="<script>alert(1)</script>", result="<img src=x onerror=alert(1)> {{ 7 }}"
    )
    page = html(browse().get(report.get_absolute_url()))
    assert "<script>alert" not in page
    assert "<img" not in page


def test_the_log_is_for_the_author_and_curators(ana, ben, carol, browse):
    report = make_report(ana, carol)
    for person, sees in ((None, False), (ben, False), (ana, True), (carol, True)):
        assert (
            "Shown to the author and to curators only" in html(browse(person).get(report.get_absolute_url()))
        ) == sees


def test_a_report_says_how_like_the_reader_s_situation_it_is(ana, ben, carol, browse):
    report = make_report(ana, carol)
    Situation.state(contexts(audience=["external"], kind=["support"]), by=ben)
    assert "Like yours" in html(browse(ben).get(report.get_absolute_url()))


@pytest.mark.parametrize(("written", "read"), [("en", "fr"), ("fr", "en")])
def test_a_report_in_another_language_says_so_under_its_title(browse, ana, carol, written, read):
    address = make_report(ana, carol, language=written).get_absolute_url()
    said = {"fr": "Ce récit est en anglais.", "en": "This report is in French."}[read]
    pages = {code: html(browse().get(address, headers={"accept-language": code})) for code in ("en", "fr")}
    assert said in pages[read].split("</h1>")[1].split('<div class="notebook">')[0]
    assert "This report is in" not in pages[written]
    assert "Ce récit est en" not in pages[written]


# --- Mine, situation -------------------------------------------------------------------------------


def test_mine_lists_one_s_own_by_state_and_nobody_else_s(ana, ben, carol, browse):
    make_report(ana, carol, title="A published one")
    make_draft(ana, title="A draft of mine")
    make_report(ben, carol, title="Another’s")
    page = html(browse(ana).get("/experiences/mine/"))
    assert page.index("A draft of mine") < page.index("A published one")
    assert "Another’s" not in page


def test_mine_says_so_when_there_is_nothing(ana, browse):
    assert "You have not written a report yet" in html(browse(ana).get("/experiences/mine/"))


@pytest.mark.parametrize("page", ["/experiences/mine/", "detail"])
def test_a_page_takes_the_same_queries_for_two_and_for_twelve(ana, carol, browse, page):
    report = make_report(ana, carol)
    address = report.get_absolute_url() if page == "detail" else page
    counts = []
    for number in (1, 10):
        for _time in range(number):
            make_report(ana, carol)
            report.follow_up(by=ana, verdict="worked", text="Still.")
            Question.objects.create(report=report, by=carol, text="Why?")
        client = browse(ana)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_situation_is_stated_and_shown_again(ana, browse):
    address = reverse("situation")
    answer = browse(ana).post(address, {"audience": "internal", "kind": ["support"]}, follow=True)
    assert answer.status_code == 200
    assert {context.slug for context in Situation.of(ana).contexts.all()} == {"internal", "support"}
    refused = browse(ana).post(address, {"kind": ["support", "open-source", "practice"]})
    assert refused.status_code == 422
    assert browse(ana).post(address, {"audience": "mars"}).status_code == 422
    assert Situation.of(ana).contexts.count() == 2


# --- Administration --------------------------------------------------------------------------------


def test_the_administration_opens_and_changes_no_report(ana, carol, browse, django_user_model):
    boss = django_user_model.objects.create_superuser("boss@example.org", "a-long-enough-phrase")
    report = make_report(ana, carol)
    client = browse(boss)
    for name in ("competency", "stake", "context", "facet", "effect", "wording", "experience"):
        assert client.get(reverse(f"admin:experiences_{name}_changelist")).status_code == 200
    change = reverse("admin:experiences_experience_change", args=[report.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"status": "draft"}).status_code == 403
