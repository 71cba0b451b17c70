"""The evidence under a claim: a report, how it bears on the claim, and the words that say so."""

import re

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.database.batches import batched
from config.folding import looks
from experiences.models import Experience, ReportContext
from experiences.models.fields import Line, Prose
from experiences.models.moderation import Moderated
from practices.grading.following import Followed, derive, over_claims
from practices.list_index import unwanted

# The same of the report of evidence as Experience.is_without_outcome.
IS_WITHOUT_OUTCOME = Q(report__verdict=Experience.Verdict.TOO_EARLY) & ~Q(
    report__nature=Experience.Nature.TRIED
)


def quote_key(text):
    """Return `text` as quotations are compared: what looks the same is the same, blanks do not matter."""
    plain = " ".join(looks(text).split())  # First: the next line is slow on long blanks.
    return re.sub(r' ?" ?', '"', plain)  # “mot” and « mot » are spaced otherwise.


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return evidence whose report `user` may know of."""
        return self.filter(report__in=Experience.objects.visible_to(user))

    def public(self):
        """Return what readers see: evidence of current versions of practices not retired.

        Without what moderators took down: practices, and claims.
        """
        return self.filter(
            claim__version__isnull=False,
            claim__version=models.F("claim__practice__current"),
            claim__removed_at=None,
            claim__practice__moderation=Moderated.Moderation.SHOWN,
            report__status=Experience.Status.PUBLISHED,
        ).exclude(claim__practice__status="retired")

    def use_of(self, reports):
        """Return {report pk: (claims, practices, trials)}: in how many claims of how many practices that are
        read each of these is cited, and how often those were tried. A practice in two languages is one.
        """
        rows = self.public().filter(report__in=reports, stale=False).order_by()
        told = rows.values_list(
            "report", "claim__practice", "claim__practice__translation_of", "claim__lasting_id"
        )
        cited = {}
        for report, practice, original, claim in told:
            family = cited.setdefault(report, {}).setdefault(original or practice, {})
            family.setdefault(practice, set()).add(claim)
        keys = {
            practice for families in cited.values() for family in families.values() for practice in family
        }
        trials = apps.get_model("practices.Trial").objects.numbers_of(keys)
        return {
            report: (
                sum(max(map(len, family.values())) for family in families.values()),
                len(families),
                sum(trials.get(practice, 0) for family in families.values() for practice in family),
            )
            for report, families in cited.items()
        }

    def new_in(self, version, before):
        """Return what `version` cites of published reports that the version with the key `before`, if there
        is one, did not; each with its report and author.
        """
        cited = (
            self.filter(claim__version=before).values("report") if before else self.none().values("report")
        )
        standing = self.filter(claim__version=version, stale=False, claim__removed_at=None)
        standing = standing.filter(report__status=Experience.Status.PUBLISHED)
        return standing.exclude(report__in=cited).select_related("report__author")

    def outcomes(self, practices):
        """Return {practice pk: {report pk: (verdict, Followed, Effects)}} of what stands of their current
        versions.
        """
        rows = self.public().filter(claim__practice__in=practices, stale=False)
        rows = rows.exclude(bearing=Evidence.Bearing.ILLUMINATES).exclude(IS_WITHOUT_OUTCOME)
        told = (
            "claim__practice",
            "report",
            "report__verdict",
            "claim__kind",
            "bearing",
            "followed_correction",
            *(f"report__{name}" for name in unwanted.COLUMNS),
        )
        found = {}
        for practice, report, verdict, kind, bearing, correction, *effects in rows.values_list(*told):
            told_by = found.setdefault(practice, {}).setdefault(report, (verdict, [], effects))
            told_by[1].append(correction or derive(kind, bearing))
        return {
            practice: {
                pk: (verdict, over_claims(followed), unwanted.Effects(*effects))
                for pk, (verdict, followed, effects) in reports.items()
            }
            for practice, reports in found.items()
        }

    def contexts(self, practices):
        """Return {practice pk: {context pk}} of the reports that readers see as their evidence."""
        rows = self.public().filter(claim__practice__in=practices).order_by()
        pairs = set(rows.values_list("claim__practice", "report"))
        # By the keys of the reports: with tables that PostgreSQL takes for empty, as after an import, a
        # join with all contexts takes it many seconds.
        told = {}
        for keys in batched(sorted({report for _practice, report in pairs}), 1000):
            links = ReportContext.objects.filter(content_object__in=keys)
            for report, context in links.values_list("content_object", "tag"):
                told.setdefault(report, set()).add(context)
        found = {}
        for practice, report in pairs:
            found.setdefault(practice, set()).update(told.get(report, ()))
        return found

    def to_quote_again(self):
        """Return evidence of working copies whose words are gone from a report that is still public."""
        gone = self.filter(claim__version=None, stale=True, report__status=Experience.Status.PUBLISHED)
        open_ones = gone.exclude(claim__practice__status="retired").select_related(
            "claim__practice", "report"
        )
        return open_ones.order_by("claim__practice__title", "claim__position", "pk")

    def reconsider(self, *, cause, report=None):
        """Mark excerpts that are gone from a changed report or back in it; recompute the grades it feeds."""
        rows = self.select_related("claim__practice", "report")
        practices = {}
        for row in rows:
            if report is not None:
                row.report = report
            stale = not row.excerpt_stands()
            if stale != row.stale:
                row.stale = stale
                row.save(update_fields=["stale"])
            practices.setdefault(row.claim.practice_id, row.claim.practice)
        if report is not None and report.has_grown:
            grown = report.grown_from.select_related("practice")
            practices |= {trial.practice_id: trial.practice for trial in grown}
        _regrade(practices, cause)

    def regrade(self, *, cause):
        """Recompute the grades these feed: what they say is told otherwise."""
        _regrade(
            {row.claim.practice_id: row.claim.practice for row in self.select_related("claim__practice")},
            cause,
        )

    def hold(self):
        """Lock the practices these feed: none publishes what it read before this transaction ends."""
        keys = self.values("claim__practice")
        practices = apps.get_model("practices.Practice").objects.filter(pk__in=keys)
        list(practices.select_for_update().order_by("pk").values("pk"))

    def practices_around(self):
        """Return the practices it stands in."""
        return apps.get_model("practices.Practice").objects.filter(pk__in=self.values("claim__practice"))

    def notes_around(self):
        """Return the querysets of what curators wrote, beside the evidence, about practices it stands in."""
        keys = self.values("claim__practice")
        models_of = [apps.get_model("practices", name) for name in ("Comment", "LogLine")]
        comments, lines = (model.objects.filter(practice__in=keys) for model in models_of)
        return comments, lines.filter(verb__in=lines.model.WITH_WORDS)

    def drop_torn(self, report):
        """Empty the excerpts that words withheld in `report` have cut: they still show a part of them."""
        for row in self.filter(stale=False):
            row.report = report
            if not row.excerpt_stands():
                row.excerpt = ""
                row.save(update_fields=["excerpt"])

    def forget(self, *, cause):
        """Take an erased report out of working copies, and its words out of versions."""
        rows = self.select_related("claim__practice")
        practices = {row.claim.practice_id: row.claim.practice for row in rows}
        self.filter(claim__version=None).delete()
        # The notes go too: they may quote.
        self.update(excerpt="", note="", followed_reason="", stale=True)
        _regrade(practices, cause)


def _regrade(practices, cause):
    for _pk, practice in sorted(practices.items()):  # in one order everywhere: no deadlock
        practice.regrade(cause=cause)


class Evidence(models.Model):
    """What one report says to one claim, with the words that say so."""

    class Bearing(models.TextChoices):
        SUPPORTS = "supports", _("Supports")
        NUANCES = "nuances", _("Nuances")
        CONTRADICTS = "contradicts", _("Contradicts")
        ILLUMINATES = "illuminates", _("Sheds light")

    CHECKED = ("note", "followed_reason")  # before they are kept: privacy/check.py

    claim = models.ForeignKey("practices.Claim", on_delete=models.CASCADE, related_name="evidence")
    # PROTECT: a report that is cited is withdrawn, never deleted under the practice's feet.
    report = models.ForeignKey(Experience, on_delete=models.PROTECT, related_name="evidence")
    bearing = models.CharField(_("bearing"), max_length=11, choices=Bearing.choices)
    excerpt = Prose(
        _("excerpt"), blank=False, max_length=2000, help_text=_("Copied word for word from the report.")
    )
    note = Prose(
        _("note"),
        max_length=2000,
        help_text=_("The condition of a nuance, or the answer to a contradiction."),
    )
    # Where a curator saw that what derives from claim and bearing (grading/following.py) is not so.
    followed_correction = models.CharField(
        _("whether they did what it says"), max_length=12, choices=Followed.choices, blank=True, default=""
    )
    followed_reason = Line(
        _("why it is not as derived"),
        max_length=400,
        blank=True,
        help_text=_("What in the report shows whether its people did what the claim says."),
    )
    stale = models.BooleanField(_("stale"), default=False, editable=False)
    cited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "report"],
                name="a_report_speaks_once_to_a_claim",
                violation_error_message=_("This report is already attached to this claim."),
            )
        ]

    def __str__(self):
        return f"{self.get_bearing_display()}: {self.excerpt[:60]}"

    @property
    def followed(self):
        """Whether its people did what the claim says, a Followed; "" where it only sheds light."""
        derived = self.derived_followed
        return self.followed_correction or derived if derived else ""

    @property
    def derived_followed(self):
        return derive(self.claim.kind, self.bearing)

    def get_followed_display(self):
        return Followed(self.followed).label if self.followed else ""

    @property
    def stands(self):
        return not self.stale and self.report.status == Experience.Status.PUBLISHED

    def copied_to(self, claim, *, cited_by):
        """Return the same evidence, unsaved, under the claim of another copy."""
        return Evidence(
            claim=claim, report=self.report, bearing=self.bearing, excerpt=self.excerpt, note=self.note,
            followed_correction=self.followed_correction, followed_reason=self.followed_reason,
            stale=self.stale, cited_by=cited_by,
        )  # fmt: skip

    @property
    def language(self):
        """The language curators write in beside it; an excerpt has that of its report."""
        return self.claim.language

    def excerpt_stands(self):
        """Whether the excerpt is word for word in the report, as it is written, as it reads or as it read."""
        quoted, report = quote_key(self.excerpt), self.report
        ways = (report.quotable_text, report.rendered_text, report.formerly_rendered_text)
        return bool(quoted) and any(quoted in quote_key(text()) for text in ways)

    def clean(self):
        if self.report_id and self.report.status != Experience.Status.PUBLISHED:
            raise ValidationError({"report": _("Only a published report can be evidence.")})
        if self.claim_id and self.followed_correction == self.derived_followed:
            self.followed_correction = ""  # As derived: when claim or bearing changes, it changes with them.
        if self.followed_correction and not self.followed_reason.strip():
            raise ValidationError(
                {
                    "followed_reason": ValidationError(
                        _("Say in a sentence what in the report shows it."), code="missing"
                    )
                }
            )
        if self.report_id and self.excerpt and not self.excerpt_stands():
            raise ValidationError(
                {
                    "excerpt": ValidationError(
                        _("These words are not in the report. Copy them from it, word for word."),
                        code="not_verbatim",
                    )
                }
            )

    def remove(self, *, by):
        """Detach the report from a working claim."""
        self.claim.require_working_copy(by)
        with transaction.atomic():
            self.claim.practice.touch(by=by)
            self.delete()
            self.claim.practice.regrade(cause="uncited", by=by)
