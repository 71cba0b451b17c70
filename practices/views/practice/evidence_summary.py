"""What the evidence of a practice says, to one reader and in contexts like theirs."""

from collections import Counter

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from experiences.list_index.cards import SHOWN_CONTEXTS
from experiences.models import Experience, Measure
from experiences.models.vocabulary.cache import lists
from experiences.search import similarity
from experiences.views.verdict_counts import SHAPES, sentence, verdict_marks
from practices.grading.following import Followed, over_claims
from practices.list_index.unwanted import effects_of, unwanted_data
from practices.models import Evidence, PracticeVersion
from practices.views.practice.effort import summarise_effort
from practices.views.practice.parts import parts_of
from practices.views.practice.unwanted import unwanted_sentences

V = Experience.Verdict
GRAVEST = (V.BACKFIRED, V.NO_EFFECT, V.ABANDONED)
FEW = 3  # Failures told at the head of the page; the evidence has all.
WEIGHTIEST = [facet for facet, weight in similarity.WEIGHTS.items() if weight >= 2]


class EvidenceSummary:
    """The evidence of one version, or of the working copy, as `user` may know it in their `situation`."""

    def __init__(self, practice, words, user, situation=None):
        self.practice, self.words, self.user, self.situation = practice, words, user, situation
        self.is_version = isinstance(words, PracticeVersion)

    @cached_property
    def mine(self):
        """What is known of the reader's own situation, by facet."""
        return similarity.known(self.situation.contexts.all()) if self.situation else {}

    @cached_property
    def claims(self):
        """Return the claims, their evidence marked with whether its report may be `seen`."""
        claims = list(self.words.claims.all() if self.is_version else self.practice.claims())
        rows = [row for claim in claims for row in claim.evidence.all()]
        visible = Experience.objects.visible_to(self.user).filter(pk__in={row.report_id for row in rows})
        seen = set(visible.values_list("pk", flat=True))
        for row in rows:
            row.seen = row.report_id in seen
        return claims

    @cached_property
    def ledger(self):
        """Return, for each claim, its evidence for, against and beside it."""
        B = Evidence.Bearing
        return [
            {
                "claim": claim,
                "support": _with(claim, B.SUPPORTS, B.NUANCES),
                "against": _with(claim, B.CONTRADICTS),
                "beside": _with(claim, B.ILLUMINATES),
            }
            for claim in self.claims
        ]

    @cached_property
    def reports(self):
        """Return the reports that count, each once."""
        counted = {}
        for claim in self.claims:
            for row in claim.standing():
                if row.bearing != Evidence.Bearing.ILLUMINATES:
                    counted[row.report_id] = row.report
        return list(counted.values())

    @cached_property
    def _followed(self):
        """Return {report pk: Followed} of the reports that count."""
        found = {}
        for claim in self.claims:
            for row in claim.standing():
                found.setdefault(row.report_id, []).append(row.followed)
        return {pk: over_claims(all_followed) for pk, all_followed in found.items()}

    @cached_property
    def followed(self):
        """Return the reports whose people did what the practice says, or a part of it."""
        return [one for one in self.reports if self._followed[one.pk] != Followed.NOT_FOLLOWED]

    @cached_property
    def not_followed(self):
        return [one for one in self.reports if self._followed[one.pk] == Followed.NOT_FOLLOWED]

    @property
    def not_followed_sentence(self):
        """Say how many learned it by not doing so; "" for none."""
        return not_followed_sentence(Counter(report.verdict for report in self.not_followed))

    @property
    def otherwise_sentence(self):
        """Say why there are fewer marks than reports; "" where each report has one, and where none has."""
        if not self.not_followed or not self.followed:
            return ""
        words = ngettext(
            "%(n)s of these reports did otherwise and is not among the marks.",
            "%(n)s of these reports did otherwise and are not among the marks.",
            len(self.not_followed),
        )
        return words % {"n": len(self.not_followed)}

    @property
    def neither_way_sentence(self):
        """Say how many reports neither support it nor contradict it, as a nuance from what failed does;
        "" for none.
        """
        assessment = self.practice.assessment
        spoken = assessment.supporting_reports + assessment.contradicting_reports
        neither = len(self.reports) - spoken
        if neither <= 0 or not self.is_version:
            return ""
        words = ngettext(
            "%(n)s, where it failed, sets a condition and counts neither way.",
            "%(n)s, where it failed, set a condition and count neither way.",
            neither,
        )
        return words % {"n": neither}

    @property
    def outcomes(self):
        return outcomes(self.followed)

    @cached_property
    def alike(self):
        """Return the reports from contexts like the reader's that followed it."""
        close = []
        for report in self.followed:
            how_much = similarity.likeness(self.mine, similarity.known(report.contexts.all()))
            if how_much is not None and similarity.is_alike(how_much):
                close.append(report)
        return close

    @property
    def outcomes_alike(self):
        return outcomes(self.alike)

    @cached_property
    def failures(self):
        """Return the reports in which it was followed and did not work, the gravest first."""
        return sorted(
            (report for report in self.followed if report.verdict in Experience.Verdict.FAILURES),
            key=lambda report: GRAVEST.index(report.verdict),
        )

    @property
    def told_failures(self):
        """Return (report, where it happened) of the first few."""
        return [(report, place_words(report)) for report in self.failures[:FEW]]

    @cached_property
    def unwanted(self):
        """Return in sentences at what price those who followed it did, if anyone says."""
        measured = Measure.objects.worse().filter(report__in=[one.pk for one in self.followed])
        return unwanted_sentences(
            unwanted_data(map(effects_of, self.followed)),
            worsened=sum(one.verdict == V.BACKFIRED for one in self.followed),
            measured=measured.values("report").distinct().count(),
        )

    @cached_property
    def first_signs(self):
        """Return the reports that tell of first signs."""
        return [report for report in self.reports if report.first_signs]

    @cached_property
    def effort(self):
        """Return what it took, as effort.summarise_effort() says."""
        return summarise_effort(self.followed)

    @cached_property
    def by_context(self):
        """Return, for the facets that weigh most, what came of it under each value."""
        facets = [facet for facet in lists().facets if facet.slug in WEIGHTIEST]
        return [{"facet": facet, "rows": rows} for facet in facets if (rows := self._rows(facet))]

    def _rows(self, facet):
        found = {}
        for report in self.followed:
            for context in report.contexts.all():
                if context.facet_id == facet.pk:
                    found.setdefault(context, []).append(report)
        mine = self.mine.get(facet.slug, ())
        return [
            {"context": context, "outcomes": outcomes(found[context]), "yours": context in mine}
            for context in sorted(found, key=lambda one: one.position)
        ]  # fmt: skip

    @cached_property
    def held(self):
        """Say where it worked, if in part; "" where it did nowhere."""
        worked = [report for report in self.followed if report.verdict in V.SUCCESSES]
        numbers = Counter(context for report in worked for context in _shown_contexts(report))
        return held_sentence(numbers, len(worked))

    @cached_property
    def parts(self):
        """Return the texts of these words as Parts of the page."""
        return parts_of(self.words, self.contexts)

    @cached_property
    def stakes(self):
        """Return the stakes these words were published under."""
        return self.words.stakes_said()

    @cached_property
    def contexts(self):
        """Return the contexts these words are meant for."""
        return self.words.contexts_said()


def place_words(source):
    """Return where `source`, a trial or a report, took place, in the words of a card."""
    shown = sorted(_shown_contexts(source), key=lambda row: (row.facet.position, row.position))
    return [similarity.context_label(row) for row in shown]


def held_sentence(numbers, worked):
    """Say where `worked` reports, in which it worked if in part, come from; "" for none.

    `numbers` are {context: how many come from there}. Of each facet one context is named, in short, if at
    least half of them come from there: what fewer share is nothing to go by.
    """
    if not worked:
        return ""
    most = {}
    for context, n in sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0].position)):
        if n * 2 >= worked:
            most.setdefault(context.facet.position, similarity.short_label(context))
    if not most:
        return _("Where it worked, contexts differ.")
    words = ngettext(
        "Where it worked, at least in part: %(places)s.",
        "Where it worked, at least in part, it was mostly: %(places)s.",
        worked,
    )
    return words % {"places": pgettext("between places", "; ").join(most[key] for key in sorted(most))}


def _shown_contexts(source):
    return [row for row in source.contexts.all() if row.is_known and row.facet.slug in SHOWN_CONTEXTS]


def not_followed_sentence(numbers):
    """Return “3 learned it by not doing so” from the {verdict: number} of what was not followed."""
    failed = sum(numbers.get(verdict, 0) for verdict in V.FAILURES)
    others = sum(numbers.values()) - failed
    learned = ngettext(
        "%(n)s report learned it by not doing so.", "%(n)s reports learned it by not doing so.", failed
    ) % {"n": failed}
    otherwise = ngettext(
        "%(n)s report tells of not doing so, without a failure.",
        "%(n)s reports tell of not doing so, without a failure.",
        others,
    ) % {"n": others}
    return " ".join([*([learned] if failed else []), *([otherwise] if others else [])])


def outcomes(reports):
    """Return {counts, sentence, n, cells} of the verdicts of `reports`, as components/marks.html takes it."""
    numbers = Counter(report.verdict for report in reports)
    cells = [sum(numbers[verdict] for verdict in verdicts) for _css, verdicts in SHAPES]
    return {
        "counts": verdict_marks(numbers),
        "sentence": sentence(numbers),
        "n": len(reports),
        "cells": cells,
    }


def _with(claim, *bearings):
    return [row for row in claim.evidence.all() if row.bearing in bearings]
