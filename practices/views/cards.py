"""Cards: what a list shows of a practice, and of what came of it in contexts like the reader's."""

from collections import Counter
from functools import lru_cache

import numpy as np
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from experiences.list_index.cards import fill, without
from experiences.search import similarity
from experiences.views.cards import CardWords
from experiences.views.verdict_counts import sentence, verdict_marks
from practices.models.practice.content import Grade
from practices.views.practice.unwanted import told_by

LEFT_OUT_WHERE_WIDE = ("mark",)  # The language is among its facts there.


def practice_cards(rows, filterset, compact=False):
    """Return the card of each of `rows` (PracticeInList), which `filterset` found, as HTML, in the language
    of the reader. `compact`: with less on it, beside other lists.
    """
    cards, matches = [], filterset.matches(rows)
    sentences = {} if compact else explained(rows, filterset)
    for row, outcomes in zip(rows, outcomes_shown(rows, filterset), strict=True):
        own = {
            "width": "" if compact else " wide",
            "outcomes": outcomes,
            "alike": sentences.get(row.pk, ""),
            "reports": evidence_label(row.outcomes),
        }
        cards.append(
            fill(
                without(row.card, "wide") if compact else row.card,
                PracticeWords(own, () if compact else LEFT_OUT_WHERE_WIDE),
                title=matches[row.pk].title if matches else "",
                snippet=matches[row.pk].snippet if matches else "",
            )
        )
    return cards


def outcomes_shown(rows, filterset):
    """Yield, of each of `rows`, ({verdict: number} of the reports that followed it, or of those of them from
    contexts like the reader's; whether only these; whether there are others alone).
    """
    close_ones = np.split(*alike(rows, filterset)) if filterset.mine and rows else [None] * len(rows)
    for row, close in zip(rows, close_ones, strict=True):
        followed = ~row.outcomes.otherwise
        shown = followed if close is None else followed & close
        numbers = Counter(verdict for verdict, _otherwise in row.outcomes.told(shown))
        yield numbers, close is not None and bool(numbers), bool(followed.any()) and not numbers


def alike(rows, filterset):
    """Return whether each report of all `rows` is from a context like the reader's, and where rows end."""
    keys = [row.outcomes.keys for row in rows]
    return filterset.are_alike(np.concatenate(keys)), np.cumsum([len(some) for some in keys])[:-1]


def explained(rows, filterset):
    """Return {key: what matches the reader's situation and what differs}, by which likeness orders."""
    if not filterset.mine:
        return {}
    return {
        key: similarity.explain(filterset.mine, similarity.known(contexts), filterset.weights)
        for key, contexts in filterset.contexts_of([row.pk for row in rows]).items()
    }


@lru_cache(100)
def grade_mark(_language, grade, is_disputed):
    """Return what shows a grade, in the language that is spoken."""
    shown = {"grade": grade, "label": Grade(grade).label, "disputed": is_disputed}
    return mark_safe(render_to_string("components/grade.html", shown).strip())


def grade_mark_of(row):
    """Return what shows the grade of a PracticeInList, in the language of the reader."""
    return grade_mark(get_language(), row.grade, "disputed" in row.graded.flags)


@lru_cache(1000)
def outcome_marks(_language, numbers, are_alike):
    """Return what shows how many reports had each verdict, (verdict, number) of each, in the language that is
    spoken: a mark for each report, whose rendering took most of the time of a list.
    """
    numbers, lead = dict(numbers), _("In contexts like yours:") if are_alike else ""
    marks = {"counts": verdict_marks(numbers), "sentence": sentence(numbers), "lead": lead}
    return render_to_string("components/marks.html", marks)


class PracticeWords(CardWords):
    def width(self, css):
        return css

    def grade(self, said):
        grade, *disputed = said.split()
        return grade_mark(get_language(), int(grade), bool(disputed))

    def mark(self, language):
        marked = self.language(language)
        return format_html('<ul class="facts meta">{}</ul>', marked) if marked else ""

    def outcomes(self, outcomes):
        numbers, are_alike, strange = outcomes
        if strange:
            return format_html('<p class="meta">{}</p>', _("No report yet from a context like yours."))
        if not numbers:
            return ""
        return outcome_marks(get_language(), frozenset(numbers.items()), are_alike)

    def unwanted(self, price):
        some, total, heavy = map(int, price.split())
        return format_html('<p class="meta">{} {}</p>', _("At a price:"), told_by(some, total, heavy))

    def reports(self, label):
        return format_html("<li>{}</li>", label)

    def flags(self, flags):
        return format_html_join("", "<li>{}</li>", ((label,) for label in flag_labels(flags.split())))


def evidence_label(outcomes):
    """Return how many reports `outcomes` are of, and how many have no mark: their people did otherwise."""
    number, otherwise = len(outcomes.keys), int(outcomes.otherwise.sum())
    told = ngettext("%(n)s report as evidence", "%(n)s reports as evidence", number) % {"n": number}
    if not otherwise:
        return told
    words = ngettext(
        "%(told)s, of which %(n)s did otherwise", "%(told)s, of which %(n)s did otherwise", otherwise
    )
    return words % {"told": told, "n": otherwise}


def flag_labels(flags):
    """Return the words for those of `flags` that are said beside the grade."""
    labels = {
        "ageing": _("Ageing"),
        "narrow": _("One kind of context"),
        "harm-reported": _("Harm reported"),
    }
    return [label for flag, label in labels.items() if flag in flags]
