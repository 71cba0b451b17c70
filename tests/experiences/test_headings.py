"""Headings as people write them in Markdown files."""

import pytest

from experiences.interchange.names import field_of_heading
from experiences.models import Experience

pytestmark = pytest.mark.django_db

FRONT = """---
source_id: a
title: Un titre
language: fr
verdict: worked
stakes: first-steps
audience: internal
kind: practice
community-size: c-100-999
---
"""
HEADINGS = ("Situation", "Ce que nous avons fait", "Ce qui s’est passé", "Leçons")


def document(write, headings=HEADINGS, front=FRONT):
    """Return a file whose headings are written as `write(number, heading)` says."""
    parts = [f"{write(number, text)}\nTexte {number}.\n" for number, text in enumerate(headings, 1)]
    return front + "\n".join(parts)


def assert_taken(outcome):
    assert (outcome.counts, outcome.err) == ((1, 0, 0), "")
    report = Experience.objects.get()
    told = (report.situation, report.action, report.result, report.lessons)
    assert told == ("Texte 1.", "Texte 2.", "Texte 3.", "Texte 4.")


def roman(number):
    return ["I", "II", "III", "IV"][number - 1]


WAYS = [
    lambda n, text: f"## {text}",
    lambda n, text: f"##{text}",
    lambda n, text: f"##\u00a0{text}\u00a0:",
    lambda n, text: f"## {text} ##",
    lambda n, text: f"  ## {text.upper()}",
    lambda n, text: f"## {text.title()}\u202f:",
    lambda n, text: f"## {n}. {text}",
    lambda n, text: f"## {n}) {text}",
    lambda n, text: f"## {n} – {text}",
    lambda n, text: f"## 2.{n}. {text}",
    lambda n, text: f"### {roman(n)}. {text}",
    lambda n, text: f"# {'abcd'[n - 1]}) {text}",
    lambda n, text: f"## Partie {n} : {text}",
    lambda n, text: f"## {n}\ufe0f\u20e3 {text}",
    lambda n, text: f"## 📍 {text} 👩\u200d🔧",
    lambda n, text: f"## **{text}**",
    lambda n, text: f"## *{n}. {text}* :",
    lambda n, text: f"## {text.replace('é', 'e' + chr(0x301)).replace('ç', 'c' + chr(0x327))}",
    lambda n, text: f"{text}\n---",
    lambda n, text: f"{text}\n=====",
    lambda n, text: f"{n}. {text} :\n----------",
    lambda n, text: f"**{text}**",
    lambda n, text: f"__{text} :__",
    lambda n, text: f"**{n}. {text}** :",
    lambda n, text: f"**{text}\u00a0:**\n",
    lambda n, text: f"***{text}***",
    lambda n, text: f"{n}. **{text}**",
    lambda n, text: f"📍 **{text}**",
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way(1, "X").replace("\n", "¶"))
def test_headings_are_known_however_they_are_written(run, way):
    assert_taken(run(document(way), name="a.md"))


@pytest.mark.parametrize("way", [lambda n, text: f"**{text}** : Texte {n}.\n\nEt la suite.\n", WAYS[0]])
def test_a_text_may_begin_behind_its_heading_in_bold(run, way):
    assert run(document(way), name="a.md").counts == (1, 0, 0)
    assert Experience.objects.get().situation.startswith("Texte 1.")


def test_a_mark_and_other_line_ends_do_not_matter(run):
    text = "\ufeff\n" + document(WAYS[0]).replace("\n", "\r\n")
    assert_taken(run(text, name="a.md"))


def test_utf_16_with_its_mark_is_read(run):
    assert_taken(run(document(WAYS[0]).encode("utf-16"), name="a.md"))


@pytest.mark.parametrize(
    "inner",
    ["### Result", "#### 2. What we did", "**Lessons learned**", "**Result:** it was so.", "### Situation",
     "    ## Result", "```\n## Result\n```", "> ## Result", "- ## Result", "- **Result**",
     "Du texte\nRésultat\n---"],
)  # fmt: skip
def test_a_heading_below_the_one_that_is_open_stays_in_its_part(run, inner):
    text = document(WAYS[0]).replace("Texte 1.", f"Avant.\n\n{inner}\n\nAprès.")
    assert run(text, name="a.md").counts == (1, 0, 0)
    report = Experience.objects.get()
    assert report.situation == f"Avant.\n\n{inner}\n\nAprès."
    assert (report.action, report.result, report.lessons) == ("Texte 2.", "Texte 3.", "Texte 4.")


def test_a_heading_below_an_unknown_one_opens_nothing(run):
    text = document(WAYS[0]).replace("Texte 1.", "Avant.\n\n## Contexte\n\n### Result\n\nAprès.")
    run(text, name="a.md")
    assert Experience.objects.get().situation.endswith("### Result\n\nAprès.")


@pytest.mark.parametrize("mark", ["# Un titre", "Un titre\n========", "#  UN TITRE :"])
def test_the_title_may_stand_above_and_in_the_front_matter_at_once(run, mark):
    assert_taken(run(FRONT + f"\n{mark}\n\n" + document(WAYS[0], front=""), name="a.md"))
    front = FRONT.replace("title: Un titre\n", "").replace("source_id: a", "source_id: b")
    outcome = run(front + f"\n{mark}\n\n" + document(WAYS[0], front=""), name="a.md")
    assert outcome.counts == (1, 0, 0)
    assert Experience.objects.get(source_id="b").title.casefold().startswith("un titre")


@pytest.mark.parametrize("front", [FRONT.title().replace("C-100", "c-100"), FRONT.replace("title", "Titre")])
def test_the_names_of_the_front_matter_are_known_in_any_case_and_in_french(run, front):
    front = front.replace("Source_Id: A", "Source ID: a").replace("Un Titre", "Un titre")
    assert_taken(run(document(WAYS[0], front=front), name="a.md"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (document(WAYS[0], front=FRONT.replace("Un titre", "Titre : un sous-titre")), "parse_error"),
        (document(WAYS[0], front=FRONT.replace("Un titre", "[Un titre")), "parse_error"),
        (document(WAYS[0], front=FRONT.replace("title: ", "title ")), "parse_error"),
        (document(WAYS[0], front=FRONT[:-4]), "parse_error"),
        (document(WAYS[0], front=FRONT.replace("Un titre", "Réunion #3")), "invalid_type"),
        (document(WAYS[0], front=FRONT.replace("title: Un titre\n", "")), "required"),
        (document(WAYS[0], front=""), "no_front_matter"),
        ("Du texte, rien que du texte.\n", "no_front_matter"),
        (FRONT + "Du texte, rien que du texte.\n", "no_headings"),
        (document(WAYS[0], ("Un", "Deux", "Trois")), "no_headings"),
        (document(WAYS[0], HEADINGS[1:]), "required"),
    ],
)
def test_one_cause_is_one_error(run, text, code):
    outcome = run(text, name="a.md")
    assert outcome.counts == (0, 0, 1)
    assert outcome.err.count(f"[{code}]") == 1
    assert outcome.err.replace("[unknown_field]", "").count("[") == 1


def test_the_line_of_a_colon_in_a_title_is_told(run):
    outcome = run(document(WAYS[0], front=FRONT.replace("Un titre", "Titre : un sous-titre")), name="a.md")
    assert "a.md:3: Put what stands after “title:” between quotes" in outcome.err


@pytest.mark.parametrize("text", ["1" * 300, "1." * 90, "i. " * 66, "# " * 150, "a) " * 60, "." * 200, ""])
def test_numbers_and_marks_alone_are_no_heading(text):
    assert field_of_heading(text + "!") is None
