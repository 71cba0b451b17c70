"""Reports in Markdown files, through the command that imports them."""

import pytest

from experiences.models import Experience

pytestmark = pytest.mark.django_db

FRONT = """---
title: Moving our list
stakes: [moving-platform]
audience: external
kind: open-source
community-size: c-1k-9k
verdict: worked
started_on: 2023-02
language: {language}
{more}
---
"""
ENGLISH = ("Situation", "What we did", "What happened", "Lessons learned")
FRENCH = ("Situation", "Ce que nous avons fait", "Ce qui s’est passé", "Ce que nous en retenons")


def as_markdown(headings=ENGLISH, more="", mark="##", front=FRONT):
    sections = [f"{mark} {heading}\n\nText {number}.\n" for number, heading in enumerate(headings)]
    return front.format(language="en", more=more) + "\n" + "\n".join(sections)


@pytest.mark.parametrize(
    "headings",
    [ENGLISH, FRENCH, ("SITUATION", "what we did:", "What happened?", "Leçons"),
     ("La situation", "Ce que nous avons fait", "Ce qui s'est passe", "Leçons apprises")],
)  # fmt: skip
@pytest.mark.parametrize("mark", ["#", "##", "###"])
def test_headings_in_both_languages_fill_the_fields(run, headings, mark):
    assert run(as_markdown(headings, mark=mark), name="a.md").counts == (1, 0, 0)
    report = Experience.objects.get()
    assert (report.situation, report.action) == ("Text 0.", "Text 1.")
    assert (report.result, report.lessons) == ("Text 2.", "Text 3.")


def test_other_headings_and_code_stay_in_their_section(run):
    text = as_markdown().replace("Text 1.", "One.\n\n### Week two\n\n```\n# Situation\n```\n\nDone.")
    run(text.replace("\n", "\r\n"), name="a.md")
    report = Experience.objects.get()
    assert report.action == "One.\n\n### Week two\n\n```\n# Situation\n```\n\nDone."
    assert report.situation == "Text 0."


@pytest.mark.parametrize(
    "code",
    [
        "```x``` is what we typed",  # No code opens where a mark stands behind it on the line.
        "```\n```js\n# Situation\n```",  # What says a language closes none.
        "~~~ `js`\n# Situation\n~~~",
        "> ```\n> never closed",  # Code ends with the quotation it stands in.
        "```\n> ```\n# Situation\n```",
    ],
)
def test_code_opens_and_closes_as_it_does_on_the_page(run, code):
    run(as_markdown().replace("Text 1.\n\n", f"{code}\n"), name="a.md")
    report = Experience.objects.get()
    assert report.action == code
    assert (report.situation, report.result) == ("Text 0.", "Text 2.")


def test_text_before_any_heading_is_warned_about_and_can_be_mapped(run):
    text = as_markdown(headings=ENGLISH[1:]).replace("\n## What we did", "\nIt was hard.\n\n## What we did")
    assert "body (1)" in run(text, name="a.md").err
    assert run(text, "--map", "body=situation", name="b.md").counts == (1, 0, 0)
    assert Experience.objects.get().situation == "It was hard."


@pytest.mark.parametrize(
    ("more", "name", "reason"),
    [
        ("enablers: yes", "enablers", "true or false"),
        ("enablers: 2023-02-01", "enablers", "as a date"),
        ("keywords: [on, off]", "keywords", "true or false"),
        ("ended_on: 2023-02-30", "ended_on", "not a month"),
        ("platform: no", "platform", "true or false"),
        ("title: again", "title", "given twice"),
        ("effort: {people: many}", "effort_people", "whole number"),
    ],
)
def test_what_yaml_reads_as_something_else_is_refused_with_its_line(run, more, name, reason):
    outcome = run(as_markdown(more=more), name="a.md")
    assert outcome.counts == (0, 0, 1)
    assert f"a.md:10: {name}: " in outcome.err
    assert reason in outcome.err


@pytest.mark.parametrize(
    "more", ["ended_on: 2023-05-14", "effort: {people: 3}", "title2: x", "keywords: a; b"]
)
def test_what_yaml_reads_as_we_do_is_taken(run, more):
    assert run(as_markdown(more=more), name="a.md").new == 1


@pytest.mark.parametrize(
    "front",
    ["---\ntitle: never closed\n", "---\n[1, 2]\n---\n", "---\ntitle: [\n---\n",
    "---\n" + "[" * 50_000 + "\n---\n",
     "---\na: &a [x]\nb: *a\n---\n", "---\n!!python/object:os.system {}\n---\n", "---\ntitle: \x07\n---\n",
     '---\ntitle: "\\ud800\\0"\n---\n', "---\n? [a, b]\n: c\n---\n", "---\njust text\n---\n",
     "no front matter"],
)  # fmt: skip
def test_bad_front_matter_is_refused_in_words(run, front):
    outcome = run(front + as_markdown(front=""), name="a.md")
    assert (outcome.code, outcome.new) == (1, 0)
    assert "we do not know why" not in outcome.err
