"""Practices side by side: of each what came of it, at what price, how sure it is, and for whom it held.

All but effort and measures is read from what each process holds; these ask the database once, of the newest
reports of each practice.
"""

from dataclasses import dataclass

import numpy as np
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language

from experiences.list_index import tags
from experiences.list_index.cards import SHOWN_CONTEXTS
from experiences.list_index.items import EFFORT_KEYS
from experiences.models import Experience, Measure
from experiences.models.vocabulary.cache import lists
from experiences.search.similarity import has_tag
from practices.views.cards import (
    evidence_label,
    explained,
    flag_labels,
    grade_mark,
    outcome_marks,
    outcomes_shown,
)
from practices.views.practice.effort import summarise_effort
from practices.views.practice.evidence_summary import held_sentence
from practices.views.practice.unwanted import unwanted_sentences

MOST_READ = 25  # reports of one practice whose effort and measures are read
EFFORT = tuple(f"effort_{part}" for part in EFFORT_KEYS)
LANGUAGES = Experience.Language
SUCCEEDED = [verdict in Experience.Verdict.SUCCESSES for verdict in tags.VERDICTS]


@dataclass(frozen=True)
class Way:
    """One practice among others, as a row of their table."""

    title: str
    slug: str
    url: str
    language: str
    outcomes: str  # marks and words, as HTML
    unwanted: list  # sentences
    effort: list  # sentences
    grade: str  # as HTML
    rank: int
    flags: list
    reports: str  # how many
    held: str  # the contexts where it held, as a sentence
    alike: str  # what came of it in contexts like the reader's, as HTML
    has_no_alike: bool  # Whether all that was told of it comes from other contexts.
    likeness: str


class SideBySide:
    """The practices `rows` (PracticeInList) that `filterset` found."""

    def __init__(self, rows, filterset):
        self.rows, self.filterset = rows, filterset

    @property
    def ways(self):
        """A Way of each practice, in their order."""
        like, alike = explained(self.rows, self.filterset), outcomes_shown(self.rows, self.filterset)
        return [
            self._way(row, held, alike_ones, like.get(row.pk, ""))
            for row, held, alike_ones in zip(self.rows, self._held(), alike, strict=True)
        ]

    def _way(self, row, held, alike_ones, likeness):
        language, flags = get_language(), row.graded.flags
        numbers, are_alike, has_no_alike = alike_ones
        followed = row.told["verdicts"]
        shown = frozenset((verdict, n) for verdict, n in followed.items() if n)
        return Way(
            title=row.told["title"],
            slug=row.slug,
            url=practice_url(row.slug),
            language=row.told["language"],
            outcomes=outcome_marks(language, shown, False) if shown else "",
            unwanted=unwanted_sentences(
                row.told.get("unwanted"),
                worsened=followed[Experience.Verdict.BACKFIRED],
                measured=sum(report.measured_harm for report in self._read_of(row)),
            ),
            effort=[sentence for sentence, _told_by in summarise_effort(self._read_of(row))],
            grade=grade_mark(language, row.grade, "disputed" in flags),
            rank=row.grade,
            flags=flag_labels(flags),
            reports=evidence_label(row.outcomes),
            held=held,
            alike=outcome_marks(language, frozenset(numbers.items()), True) if are_alike else "",
            has_no_alike=bool(has_no_alike and self.filterset.mine),
            likeness=likeness,
        )

    # --- What is read of reports -------------------------------------------------------------------

    def _keys_read(self, row):
        """Return the keys of the newest reports that followed a practice."""
        return row.outcomes.keys[~row.outcomes.otherwise][-MOST_READ:].tolist()

    @cached_property
    def _read(self):
        """Return {key: effort, and whether a measure went where nobody wants it} of what is read."""
        keys = {key for row in self.rows for key in self._keys_read(row)}
        harm = Exists(Measure.objects.worse().filter(report=OuterRef("pk")))
        reports = Experience.objects.annotate(measured_harm=harm)
        return reports.published_rows(keys, "measured_harm", *EFFORT)

    def _read_of(self, row):
        return [self._read[key] for key in self._keys_read(row) if key in self._read]

    # --- For whom it held --------------------------------------------------------------------------

    def _held(self):
        """Yield, of each practice, where it worked, if in part, in a sentence."""
        numbers = self._held_numbers()
        for at, row in enumerate(self.rows):
            worked = sum(row.told["verdicts"][verdict] for verdict in Experience.Verdict.SUCCESSES)
            yield held_sentence({context: counts[at] for context, counts in numbers}, worked)

    def _held_numbers(self):
        """Return [(context, in how many reports from there each practice worked)]."""
        if not self.rows:
            return []
        outcomes = [row.outcomes for row in self.rows]
        keys = np.concatenate([one.keys for one in outcomes])
        worked = np.concatenate([~one.otherwise & np.array(SUCCEEDED)[one.verdicts] for one in outcomes])
        of = np.repeat(np.arange(len(outcomes)), [len(one.keys) for one in outcomes])[worked]
        columns = self.filterset.lists_held[1].columns
        places, found = columns.places_of(keys[worked]), []
        for context in lists().contexts:
            if context.facet.slug in SHOWN_CONTEXTS and context.is_known:
                there = has_tag(columns, tags.context(context.pk), places)
                counts = np.bincount(of[there], minlength=len(outcomes)).tolist()
                found.append((context, counts))
        return found


def practice_url(slug):
    return reverse("practices:detail", args=[slug])
