"""A quick note grows into a report; my situation is one line of it; what is pointed out is replaced."""

import re

import pytest

from experiences.models import Context, Experience, Situation
from tests.experiences.test_views import NEW, WORDS, html, words_of
from tests.factories import make_draft, make_report

pytestmark = pytest.mark.django_db
NOTE = "/experiences/new/note/"
THREE = [("audience", "internal"), ("kind", "network-of-employees"), ("community-size", "c-1k-9k")]
LINES = {
    "verdict": "backfired",
    "stakes": ["activity-drop"],
    "situation": "Fewer came every week.",
    "action": "We moved the meeting to Friday.",
    "result": "Nobody came.",
    "identity": "withheld",
    "language": "en",
}


def state_situation(member, *more):
    rows = [Context.objects.get(facet__slug=facet, slug=slug) for facet, slug in (*THREE, *more)]
    Situation.state(rows, by=member)


def sent_by(page):
    """Return what the form of `page` would send as it stands: hidden inputs, ticked boxes, chosen options."""
    form = page[page.index('id="report"') :]
    values = {}
    for tag in re.findall(r"<input [^>]+>", form):
        kind, name, value = (re.search(rf'{part}="([^"]*)"', tag) for part in ("type", "name", "value"))
        if name and (kind is None or kind[1] == "hidden" or " checked" in tag):
            values.setdefault(name[1], []).append(value[1] if value else "")
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = [chosen[1] if chosen else ""]
    return values


def test_a_note_keeps_the_situation_and_grows_in_the_whole_form(browse, ana):
    state_situation(ana, ("sector", "finance"))
    note = html(browse(ana).get(NOTE))
    assert browse().get(NOTE)["Location"] == f"/accounts/login/?next={NOTE}"

    answer = browse(ana).post(NEW, sent_by(note) | LINES | {"do": "save"})
    report = ana.experiences.get()
    assert answer["Location"] == f"{report.get_absolute_url()}edit/"
    assert (report.status, report.verdict, report.result) == ("draft", "backfired", "Nobody came.")
    assert {context.slug for context in report.contexts.all()} == {
        "internal", "network-of-employees", "c-1k-9k", "finance",
    }  # fmt: skip
    assert set(report.missing()) == {"title"}

    grown = browse(ana).post(answer["Location"], words_of(report, title="Friday meetings", do="send"))
    report.refresh_from_db()
    assert (grown.status_code, report.status) == (302, "submitted")


def test_a_note_goes_on_in_the_whole_form_before_it_is_kept(browse, ana):
    state_situation(ana)
    note = html(browse(ana).get(NOTE))
    answer = browse(ana).post(NEW, sent_by(note) | LINES | {"rows": "all"})

    assert answer.status_code == 200
    assert "Nobody came." in html(answer)
    assert 'name="title"' in html(answer)
    assert not ana.experiences.exists()


def test_what_my_situation_tells_is_one_line(browse, ana, ben):
    state_situation(ana)
    line = "inside one organisation · company-wide social network · 1,000–9,999"

    assert '<details class="opener settled">' in html(browse(ana).get(NEW))
    assert line in html(browse(ana).get(NEW))
    assert line in html(browse(ana).get(NOTE))
    assert "opener settled" not in html(browse(ben).get(NEW))


def test_a_note_asks_for_words_then_the_verdict_and_can_be_kept_before_all_else(browse, ana):
    page = html(browse(ana).get(NOTE))
    page = page[page.index('id="report"') :]
    parts = [
        *(f'name="{name}"' for name in ("situation", "action", "result", "verdict")),
        'class="btn primary" name="do" value="note"',
        *(f'name="{name}"' for name in ("unwanted_seen", "stakes", "audience", "nature")),
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert '<details class="opener" id="nature">' in page  # Folded, as all that is optional.


def test_a_note_without_a_line_is_refused_on_its_page_and_leaves_no_draft(browse, ana):
    note = html(browse(ana).get(NOTE))
    answer = browse(ana).post(NEW, sent_by(note) | {"verdict": "worked", "do": "note"})

    assert answer.status_code == 422
    assert "A quick note" in html(answer)
    assert "Write at least one line." in html(answer)
    assert re.search(r'value="worked"[^>]* checked', html(answer))
    assert not ana.experiences.exists()


def test_nothing_told_is_refused_alike_by_form_note_and_api(browse, api, ana):
    chosen = {"verdict": "worked", "identity": "withheld", "language": "en", "situation": " \u200b "}
    pages = [browse(ana).post(NEW, chosen | {"do": button}) for button in ("save", "note")]
    (error,) = api(ana).post("/api/v1/experiences/", chosen, format="json").json()["errors"]

    assert error["field"] == "situation"
    assert [page.status_code for page in pages] == [422, 422]
    assert all(error["message"] in html(page) for page in pages)
    assert not ana.experiences.exists()


def test_a_kept_note_says_where_it_is(browse, ana):
    client = browse(ana)
    answer = client.post(NEW, sent_by(html(client.get(NOTE))) | LINES | {"do": "note"}, follow=True)
    said = 'Your note is kept as a draft, in <a href="/experiences/mine/">My reports</a>.'
    assert said in html(answer)


def test_send_pressed_before_anything_is_told_leaves_no_draft(browse, ana):
    state_situation(ana)
    page = html(browse(ana).get(NEW))
    answer = browse(ana).post(NEW, sent_by(page) | {"do": "send"})

    assert answer.status_code == 422
    assert {"title", "situation", "action", "result"} <= set(answer.context["form"].errors)
    assert not ana.experiences.exists()


def test_a_draft_without_a_title_is_known_by_how_it_begins(browse, ana):
    make_draft(ana, title="", situation="Every Monday the same twelve people asked the same three questions.")
    Experience(verdict="worked").write(by=ana, while_typed=True)
    page = html(browse(ana).get("/experiences/mine/"))

    assert "Every Monday the same twelve people asked the…" in page
    assert page.count(">Untitled draft</a>") == 1


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (
            "Chaque lundi, depuis la rentrée, trois personnes\u00a0: la première",
            "Chaque lundi, depuis la rentrée, trois…",
        ),
        (
            "Trois personnes viennent, et une même question\u00a0: laquelle ?",
            "Trois personnes viennent, et une même question…",
        ),
        ("One line\nand another", "One line and another"),
        ("x" * 60, "x" * 47 + "…"),
    ],
)
def test_the_words_a_draft_is_known_by_are_cut_after_a_word(ana, words, title):
    assert str(make_draft(ana, title="", situation=words)) == title


def test_headings_of_my_reports_count_what_stands_under_them(browse, ana, carol):
    make_draft(ana)
    make_report(ana, carol, title="Read by all")
    page = html(browse(ana).get("/experiences/mine/"))
    headings = [
        " ".join(words.split()) for words in re.findall(r"<h2 id=.state-[^>]+>(.*?)</h2>", page, re.S)
    ]
    assert headings == ["Drafts (1)", "Published (1)"]


def test_a_draft_can_be_deleted_wherever_its_author_meets_it(browse, ana, carol):
    draft, public = make_draft(ana), make_report(ana, carol, title="Read by all")
    gone = f"{draft.get_absolute_url()}discard/"
    for page in ("/experiences/mine/", draft.get_absolute_url(), f"{draft.get_absolute_url()}edit/"):
        assert html(browse(ana).get(page)).count(f'action="{gone}"') == 1
    for page in (NEW, f"{public.get_absolute_url()}edit/", public.get_absolute_url()):
        assert "discard/" not in html(browse(ana).get(page))
    assert browse(ana).post(gone)["Location"] == "/experiences/mine/"
    assert not ana.experiences.filter(pk=draft.pk).exists()


def test_a_draft_claims_no_choice_about_a_name(browse, ana, carol):
    report = Experience(title="Begun").write(by=ana)
    page = html(browse(ana).get(report.get_absolute_url()))
    assert "Without your name, unless you decide otherwise" in page
    assert "Name withheld by choice" not in page
    public = make_report(ana, carol, identity="withheld")
    assert "Name withheld by choice" in html(browse(ana).get(public.get_absolute_url()))


def test_what_is_pointed_out_stands_under_its_words_and_is_replaced(browse, ana):
    report = make_draft(ana, action="We asked Marianne, and wrote to marianne@northfield.co.uk.")
    edit = f"{report.get_absolute_url()}edit/"
    page = browse(ana).get(edit)
    action, result = (html(page).index(f'id="id_{name}"') for name in ("action", "result"))
    assert action < html(page).index('data-under="action"') < result
    assert 'name="replace" value="action:Marianne"' in html(page)

    answer = browse(ana).post(edit, words_of(report, action=report.action, replace="action:Marianne"))
    assert answer.context["form"]["action"].value() == (
        "We asked a colleague, and wrote to marianne@northfield.co.uk."
    )
    assert answer.context["restored"]  # The page keeps it by itself, as whatever is typed.
    report.refresh_from_db()
    assert "Marianne" in report.action


@pytest.mark.parametrize("asked", ["action:Bertrand", "nowhere:Marianne", "version:1", ":", "action"])
def test_nothing_else_is_replaced(browse, ana, asked):
    report = make_draft(ana, action="We asked Marianne.")
    edit = f"{report.get_absolute_url()}edit/"
    answer = browse(ana).post(edit, words_of(report, action=report.action, replace=asked))

    assert answer.status_code == 200
    assert answer.context["form"]["action"].value() == "We asked Marianne."


def test_a_sentence_begins_with_a_capital_after_it_was_replaced(browse, ana):
    words = WORDS | {"action": "Marianne answered. Then we asked.", "replace": "action:Marianne"}
    answer = browse(ana).post(NEW, words)

    assert answer.context["form"]["action"].value() == "A colleague answered. Then we asked."
