"""Claims, the evidence under them, and trials."""

import re

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models import Context, Experience, Situation
from experiences.models.fields import Line, Prose, public_id
from experiences.models.report.account_closure import masked
from experiences.models.report.parts import Parts, check_contexts

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "…": "..."})


def folded(text):
    """Return `text` as excerpts are compared: white space and typographic quotes do not matter."""
    plain = " ".join(text.translate(_QUOTES).split())  # First: the next line is slow on long blanks.
    return re.sub(r' ?" ?', '"', plain)  # “mot” and « mot » are spaced otherwise.


class Claim(models.Model):
    """One sentence of a practice. A claim of the working copy has no `version`; a frozen one does."""

    class Kind(models.TextChoices):
        TENDS = "tends-to-happen", _("This tends to happen")
        DO = "do-this", _("Do this")
        AVOID = "avoid-this", _("Avoid this")

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="all_claims")
    version = models.ForeignKey(
        "practices.PracticeVersion", null=True, blank=True, on_delete=models.CASCADE, related_name="claims"
    )
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.DO)
    text = Line(
        _("claim"), max_length=500, help_text=_("One sentence that reports can support or contradict.")
    )
    opinion = models.BooleanField(
        _("this is our opinion"),
        default=False,
        help_text=_("Tick it when no report speaks to this claim."),
    )
    # The same in the working copy and in every version, however it is worded: so that it can be followed.
    lasting_id = models.CharField(max_length=12, default=public_id, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self):
        return self.text

    def standing(self):
        """Return the evidence that counts: its report published, its excerpt still there."""
        return [row for row in self.evidence.all() if row.stands]

    def copied_to(self, practice, *, position, version=None):
        """Make the same claim, without its evidence, in another copy of a practice; return it."""
        return Claim.objects.create(
            practice=practice, version=version, position=position, kind=self.kind, text=self.text,
            opinion=self.opinion, lasting_id=self.lasting_id,
        )  # fmt: skip

    def revise(self, *, by, **words):
        """Change kind, text or opinion of a working claim."""
        self._require_working(by)
        for name, value in words.items():
            setattr(self, name, value)
        self.full_clean()
        with transaction.atomic():
            self.practice.touch(by=by)
            self.save(update_fields=["kind", "text", "opinion"])
        return self

    def move(self, places, *, by):
        """Move a working claim up (negative) or down among its practice's claims."""
        self._require_working(by)
        others = list(self.practice.claims())
        at = others.index(self)
        others.insert(max(0, at + places), others.pop(at))
        with transaction.atomic():
            self.practice.touch(by=by)
            for position, claim in enumerate(others):
                claim.position = position
            Claim.objects.bulk_update(others, ["position"])
        return self

    def remove(self, *, by):
        """Take a working claim out, with its evidence."""
        self._require_working(by)
        with transaction.atomic():
            self.practice.touch(by=by)
            self.delete()
            self.practice.regrade(cause="uncited", by=by)

    def cite(self, report, *, by, bearing, excerpt, note=""):
        """Attach `report` to this claim, or change how it is attached; return the Evidence.

        Raises PermissionDenied unless `by` may edit the practice, and ValidationError when the
        excerpt does not stand word for word in the report or the report is not published.
        """
        self._require_working(by)
        with transaction.atomic():
            # As it stands now, and held: an edit or a withdrawal under way would not see this row.
            report = Experience.objects.select_for_update().get(pk=report.pk)
            row = self.evidence.filter(report=report).first() or Evidence(claim=self)
            row.report, row.bearing, row.excerpt, row.note, row.stale = report, bearing, excerpt, note, False
            row.full_clean()
            self.practice.touch(by=by)
            row.cited_by = by
            row.save()
            self.practice.regrade(cause="cited", by=by)
        return row

    def _require_working(self, by):
        if not self.practice.can_be_edited_by(by):
            raise PermissionDenied
        if self.version_id:
            raise ValidationError(
                _("This claim belongs to a published version, which never changes."), code="state"
            )


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return evidence whose report `user` may know of."""
        return self.filter(report__in=Experience.objects.visible_to(user))

    def public(self):
        """Return what readers see: evidence of current versions of practices not retired."""
        return self.filter(
            claim__version__isnull=False,
            claim__version=models.F("claim__practice__current"),
            report__status=Experience.Status.PUBLISHED,
        ).exclude(claim__practice__status="retired")

    def to_quote_again(self):
        """Return evidence of working copies whose words are gone from a report that is still public."""
        gone = self.filter(claim__version=None, stale=True, report__status=Experience.Status.PUBLISHED)
        open_ones = gone.exclude(claim__practice__status="retired").select_related(
            "claim__practice", "report"
        )
        return open_ones.order_by("claim__practice__title", "claim__position", "pk")

    def reconsider(self, *, cause, report=None):
        """A report changed: mark excerpts that are gone or back, and recompute the grades it feeds."""
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

    def hold(self):
        """Make the practices these feed wait for this transaction: none freezes what it read before."""
        keys = self.values("claim__practice")
        practices = Claim._meta.get_field("practice").related_model.objects.filter(pk__in=keys)
        list(practices.select_for_update().order_by("pk").values("pk"))

    def drop_torn(self, report):
        """Words were withheld in `report`: an excerpt cut in the midst of them still tells a part, so it goes."""
        for row in self.filter(stale=False):
            row.report = report
            if not row.excerpt_stands():
                row.excerpt = ""
                row.save(update_fields=["excerpt"])

    def forget(self, *, cause):
        """A report is erased: take it out of working copies, and its words out of versions."""
        rows = self.select_related("claim__practice")
        practices = {row.claim.practice_id: row.claim.practice for row in rows}
        self.filter(claim__version=None).delete()
        # The note goes too: it may quote.
        self.update(excerpt="", note="", stale=True)
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

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
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
    def stands(self):
        return not self.stale and self.report.status == Experience.Status.PUBLISHED

    def copied_to(self, claim, *, cited_by):
        """Return the same evidence, unsaved, under the claim of another copy."""
        return Evidence(
            claim=claim, report=self.report, bearing=self.bearing, excerpt=self.excerpt, note=self.note,
            stale=self.stale, cited_by=cited_by,
        )  # fmt: skip

    def excerpt_stands(self):
        """Whether the excerpt is word for word in the report, as it is written or as it reads now."""
        quoted = folded(self.excerpt)
        ways = (self.report.told_text, self.report.read_text)
        return bool(quoted) and any(quoted in folded(text()) for text in ways)

    def clean(self):
        if self.report_id and self.report.status != Experience.Status.PUBLISHED:
            raise ValidationError({"report": _("Only a published report can be evidence.")})
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
        self.claim._require_working(by)
        with transaction.atomic():
            self.claim.practice.touch(by=by)
            self.delete()
            self.claim.practice.regrade(cause="uncited", by=by)


class TrialQuerySet(models.QuerySet):
    def for_counting(self):
        told = ("verdict", "identity", "report__verdict", "report__identity", "report__status")
        return self.select_related("report").only("practice", "by", *told)

    def for_detail(self):
        texts = (f"report__{name}" for name in ("html", *Experience.TEXTS))
        return self.select_related("by", "report").defer(*texts).prefetch_related("contexts__facet")


class Trial(models.Model):
    """“I tried this”: a verdict, a situation, one line. One per member and practice.

    It may grow into a report, which takes its place once both are told in the same way: with the
    member's name, or without. Else each stands for itself, and nothing ties the two, for the one
    would say whose the other is.
    """

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="trials")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="trials"
    )
    verdict = models.CharField(_("verdict"), max_length=14, choices=Experience.Verdict.choices)
    line = Line(_("in one line"), max_length=280, help_text=_("What you did and what came of it."))
    identity = models.CharField(
        _("how your name appears"),
        max_length=8,
        choices=Experience.Identity.choices,
        default=Experience.Identity.WITHHELD,
    )
    contexts = models.ManyToManyField(Context, blank=True, related_name="+")
    tried_on = models.DateField(default=timezone.localdate, editable=False)
    # What it has grown into, in whatever state: known to its member alone until it is a successor.
    report = models.ForeignKey(
        Experience,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="grown_from",
        editable=False,
    )

    objects = TrialQuerySet.as_manager()

    class Meta:
        ordering = ["tried_on", "pk"]
        verbose_name = _("trial")
        verbose_name_plural = _("trials")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "by"],
                condition=Q(by__isnull=False),
                name="one_trial_per_member_and_practice",
                violation_error_message=_("You have already said that you tried this."),
            )
        ]

    def __str__(self):
        return f"{self.get_verdict_display()}: {self.line}"

    @property
    def byline(self):
        """The name others may see; None when withheld or gone."""
        if self.identity == Experience.Identity.WITHHELD or self.by is None:
            return None
        return str(self.by)

    @property
    def successor(self):
        """The report that readers find in its place, if there is one."""
        public = self.report_id and self.report.status == Experience.Status.PUBLISHED
        return self.report if public and self.report.identity == self.identity else None

    @property
    def told_verdict(self):
        """The verdict that readers see, and that counts."""
        return (self.successor or self).verdict

    @property
    def told_line(self):
        """The line that readers see: none beside its report, nor once that was hidden or taken back.

        What a report no longer says, its beginning does not say again; its member may tell the trial anew.
        """
        S = Experience.Status
        beside = self.report_id and self.report.identity == self.identity
        return "" if beside and self.report.status in (S.PUBLISHED, S.HIDDEN, S.WITHDRAWN) else self.line

    def cut_off(self):
        """Stand alone again, when it is told anew after its report was taken back."""
        if self.report_id and self.report.status == Experience.Status.WITHDRAWN:
            self.report = None

    def clean(self):
        """Refuse a name under words that also stand in a report without one."""
        named = self.identity == Experience.Identity.NAMED
        if named and self.report_id and self.report.is_withheld and self.is_told_in(self.report):
            raise ValidationError(
                {
                    "identity": _(
                        "Your report tells the same words without your name: put them otherwise here, or stay without a name."
                    )
                }
            )

    def is_told_in(self, report):
        """Whether its line stands word for word in `report`."""
        return folded(self.line) in folded(report.told_text())

    def grow(self, *, by, language):
        """Return the report it grows into: what was begun before, or a new draft that tells what the trial told."""
        self._require_teller(by)
        with transaction.atomic():
            # Takes the row: the second of two clicks waits here, and finds the draft of the first.
            if not Trial.objects.filter(pk=self.pk, report=None).update(report=None):
                self.refresh_from_db(fields=["report"])
                return self.report
            self.report = self._seedling(language).write(by=by)
            self.save(update_fields=["report"])
        return self.report

    def _seedling(self, language):
        words = self.practice.words
        report = Experience(
            title=words.title,
            result=self.line,
            verdict=self.verdict,
            identity=self.identity,
            language=language,
            organisation=self.by.organisation,
            submission_key=f"{Experience.GROWN}{public_id()}",
        )
        stakes = [stake for stake in words.stakes_said() if not stake.retired_on]
        report.parts = Parts(stakes=stakes, contexts=list(self.contexts.select_related("facet")))
        return report

    def erase(self, *, by):
        """Delete it, as the member who told it."""
        self._require_teller(by)
        with transaction.atomic():
            self.delete()
            self.practice.regrade(cause="erased")

    def leave_without_name(self, *, by):
        """Cut the tie between the trial and its member, and with what it grew into; what it tells stays."""
        self._require_teller(by)
        self.by, self.report, self.identity = None, None, Experience.Identity.WITHHELD
        self.line = masked(self.line, by.email)[: self._meta.get_field("line").max_length]
        with transaction.atomic():
            self.save(update_fields=["by", "report", "identity", "line"])
            self.practice.regrade(cause="left")
        return self

    def _require_teller(self, by):
        if self.by is None or by != self.by:
            raise PermissionDenied

    def take_place(self, contexts=None):
        """Note where it was tried: in `contexts`, else as noted before, else in the member's own situation.

        A budget is never told alone.
        """
        if contexts is None:
            situation = Situation.of(self.by)
            own = situation.contexts.all() if situation else []
            contexts = list(self.contexts.select_related("facet") or own)
        errors = check_contexts(contexts)
        if errors:
            raise ValidationError(errors)
        alone = {context.facet.slug for context in contexts} == {"budget"}
        self.contexts.set([] if alone else contexts)
