"""The claims of a practice: single sentences that reports support or contradict."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from experiences.models import Experience
from experiences.models.fields import Line, public_id
from practices.models.evidence import Evidence


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
        self.require_working_copy(by)
        for name, value in words.items():
            setattr(self, name, value)
        self.full_clean()
        with transaction.atomic():
            self.practice.touch(by=by)
            self.save(update_fields=["kind", "text", "opinion"])
        return self

    def move(self, places, *, by):
        """Move a working claim up (negative) or down among its practice's claims."""
        self.require_working_copy(by)
        with transaction.atomic():
            self.practice.touch(by=by)  # First: nobody takes it out any more.
            others = list(self.practice.claims())
            at = others.index(self)
            others.insert(min(max(0, at + places), len(others)), others.pop(at))
            for position, claim in enumerate(others):
                claim.position = position
            Claim.objects.bulk_update(others, ["position"])
        return self

    def remove(self, *, by):
        """Take a working claim out, with its evidence."""
        self.require_working_copy(by)
        with transaction.atomic():
            self.practice.touch(by=by)
            self.delete()
            self.practice.regrade(cause="uncited", by=by)

    def cite(self, report, *, by, bearing, excerpt, note="", followed="", followed_reason=""):
        """Attach `report` to this claim, or change how it is attached; return the Evidence.

        `followed` corrects, with a reason, whether its people did what the claim says; "" leaves what
        derives from the claim and `bearing`.
        Raises PermissionDenied unless `by` may edit the practice, and ValidationError when the
        excerpt does not stand word for word in the report or the report is not published.
        """
        self.require_working_copy(by)
        with transaction.atomic():
            # As it stands now, and held: an edit or a withdrawal under way would not see this row.
            report = Experience.objects.select_for_update().get(pk=report.pk)
            row = self.evidence.filter(report=report).first() or Evidence(claim=self)
            row.report, row.bearing, row.excerpt, row.note, row.stale = report, bearing, excerpt, note, False
            row.followed_correction, row.followed_reason = followed, followed_reason if followed else ""
            row.full_clean()
            self.practice.touch(by=by)
            row.cited_by = by
            row.save()
            self.practice.regrade(cause="cited", by=by)
        return row

    def require_working_copy(self, by):
        self.practice.require_editable(by)
        if self.version_id:
            raise ValidationError(
                _("This claim belongs to a published version, which never changes."), code="state"
            )
