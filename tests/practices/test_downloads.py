"""A version to take away: Markdown, BibTeX and JSON, whoever asks, and nothing in them that runs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from practices.interchange import citation, markdown
from practices.models import PracticeVersion
from tests.factories import make_practice, make_published_practice, make_report

pytestmark = pytest.mark.django_db
FORMS = ("md", "bib", "json")


@pytest.fixture
def report(ana, carol):
    return make_report(ana, carol)


@pytest.fixture
def practice(carol, chris, report):
    return make_published_practice(
        carol,
        chris,
        reports=[report],
        title="Keep R&D_notes {at} 100 % #1",
        why="*Because* of [it](https://a.example/).",
    )


def at(practice, form, number=1):
    return f"/practices/{practice.slug}/v/{number}.{form}"


def lenient(text):
    """Render Markdown as carelessly as anyone might: HTML and every link let through."""
    renderer = MarkdownIt("commonmark", {"html": True})
    renderer.validateLink = lambda url: True
    return renderer.render(text)


# --- Addresses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_version_is_given_to_anyone_and_asked_for_again_cheaply(browse, practice, carol, form):
    answer = browse().get(at(practice, form))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = browse().get(at(practice, form), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert browse().post(at(practice, form)).status_code == 405
    assert browse().get(at(practice, form, 2)).status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_what_was_never_published_is_given_to_nobody(browse, carol, report, form):
    draft = make_practice(carol, reports=[report])
    for person in (None, carol):
        assert browse(person).get(at(draft, form)).status_code == 404


@pytest.mark.parametrize("form", FORMS)
def test_an_address_answers_when_the_practice_has_moved_on(browse, practice, carol, chris, form):
    practice.reopen(by=carol)
    practice.summary = "Other words."
    practice.write(by=carol)
    practice.submit(by=carol).publish(by=chris)
    practice.retire(by=carol, note="Overtaken.")
    for number in (1, 2):
        assert browse().get(at(practice, form, number)).status_code == 200
    assert "Other words." not in browse().get(at(practice, "md")).content.decode()


def test_the_json_is_that_of_the_api(browse, api, practice):
    given = browse().get(at(practice, "json"))
    wanted = api().get(f"/api/v1/practices/{practice.slug}/versions/1/")
    assert given.json() == wanted.json()
    assert given["ETag"] == wanted["ETag"]


def test_the_page_leads_to_all_of_them(browse, practice):
    for path in (practice.get_absolute_url(), f"/practices/{practice.slug}/v/1/"):
        page = browse().get(path).content.decode()
        for form in FORMS:
            assert f'href="{at(practice, form)}"' in page
        assert "@misc{retex-" in page
        assert "licence CC BY-SA 4.0." in page


# --- Markdown ----------------------------------------------------------------------------------------


def test_markdown_holds_words_claims_and_evidence(browse, practice, report):
    answer = browse().get(at(practice, "md"), headers={"accept-language": "fr"})
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    html = lenient(answer.content.decode())
    for words in (
        "<h1>Keep R&amp;D_notes {at} 100 % #1</h1>",
        "<em>Because</em> of",
        "<h2>How</h2>",  # in the language of the practice, whoever reads it
        "1. Announce the end date early.",
        f"/experiences/{report.public_id}/",
        "Ana",
        "CC BY-SA 4.0",
    ):
        assert words in html


def test_markdown_is_the_same_for_everybody_and_names_nobody_who_withheld_it(browse, carol, chris, ana):
    secret = make_report(ana, carol, identity="withheld")
    practice = make_published_practice(carol, chris, reports=[secret])
    given = {browse(person).get(at(practice, "md")).content for person in (None, ana, carol)}
    assert len(given) == 1
    assert b"Name withheld" in given.pop()


def test_markdown_does_not_repeat_what_was_taken_back(browse, practice, report, ana):
    report.withdraw(by=ana, note="I was wrong.")
    text = browse().get(at(practice, "md")).content.decode()
    assert "No report." in text
    assert f"> {report.lessons[:20]}" not in text
    assert report.public_id not in text


HOSTILE = [
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "[x](javascript:alert(1))",
    "[x](  JavaScript:alert(1))",
    r"[x](javascript\:alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\njavascript:alert(1))",
    "[x]\n\n[x]: javascript:alert(1)",
    "[x]\n\n[x]:\n  javascript:alert(1)",
    "![x](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:alert(1)>",
    "&lt;script&gt;",
    "```\n</code></pre><script>\n```",
]


def runs(html):
    return re.search(
        r"<(?:script|img (?!src=\"data%3A)[^>]*onerror)|(?:href|src)=\"(?:javascript|data):",
        html,
        re.IGNORECASE,
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_smuggles_html_or_a_link_that_runs(text):
    assert not runs(lenient(markdown.written(text)))
    assert not runs(lenient(markdown.exact(text)))


def test_hostile_words_of_a_practice_stay_words(browse, carol, chris, ana):
    report = make_report(ana, carol, lessons="<script>alert('lesson')</script> and [x](javascript:alert(2))")
    everything = "\n\n".join(HOSTILE)
    practice = make_published_practice(
        carol, chris, reports=[report], title="<script>alert(1)</script>", summary=everything[:500],
        how=everything, why=everything, pitfalls=everything,
    )  # fmt: skip
    html = lenient(browse().get(at(practice, "md")).content.decode())
    assert not runs(html)
    assert "alert('lesson')" in html.replace("&#x27;", "'")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=80))
def test_plain_words_are_shown_as_they_stand(text):
    words = " ".join(text.split())
    shown = re.sub(r"<[^>]+>", "", lenient(markdown.exact(words)))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, character)
    assert " ".join(shown.split()) == words


# --- Citing ------------------------------------------------------------------------------------------


def test_an_entry_names_version_date_licence_and_address(browse, practice):
    answer = browse().get(at(practice, "bib"))
    assert "attachment" in answer["Content-Disposition"]
    entry = answer.content.decode()
    day = practice.current.published_at
    for field in (
        r"title = {{Keep R\&D\_notes \textbraceleft{}at\textbraceright{} 100 \% \#1}}",
        f"year = {{{day.year}}}",
        "version = {1}",
        "langid = {english}",
        "CC BY-SA 4.0",
        f"/practices/{practice.slug}/v/1/",
    ):
        assert field in entry


@given(st.text(max_size=60))
def test_an_entry_closes_every_brace_it_opens(title):
    text = citation.in_tex(title)
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert "\n" not in text


def test_a_version_is_cited_by_its_own_address(practice):
    version = PracticeVersion.objects.get()
    assert version.get_absolute_url() in citation.citation(version)
