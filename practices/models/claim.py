"""The claims of a practice: single sentences that reports support or contradict."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.versioning import require_note
from experiences.models import Experience, Flag
from experiences.models.fields import Line, Prose, public_id
from practices import notifications
from practices.models.evidence import Evidence


class StandingClaims(models.Manager):
    """The claims that no moderator removed: all that is read through a version or a practice."""

    def get_queryset(self):
        return super().get_queryset().filter(removed_at=None)


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
    # Of what a moderator removed: when, and the sentence that its curators read. In all copies alike.
    removed_at = models.DateTimeField(null=True, editable=False)
    removal_note = Prose(_("why a moderator removed it"), max_length=2000, editable=False)

    objects = StandingClaims()
    everything = models.Manager()  # noqa: DJ012 – a second manager, no field

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("claim")
        verbose_name_plural = _("claims")

    def __str__(self):
        return self.text

    def standing(self):
        """Return the evidence that counts: its report published, its excerpt still there."""
        return [] if self.is_removed else [row for row in self.evidence.all() if row.stands]

    @property
    def language(self):
        return self.practice.language

    @property
    def is_removed(self):
        return self.removed_at is not None

    def copied_to(self, practice, *, position, version=None):
        """Make the same claim, without its evidence, in another copy of a practice; return it."""
        return Claim.objects.create(
            practice=practice, version=version, position=position, kind=self.kind, text=self.text,
            opinion=self.opinion, lasting_id=self.lasting_id, removed_at=self.removed_at,
            removal_note=self.removal_note,
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
            Claim.everything.bulk_update(others, ["position"])
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

    # --- As a moderator ------------------------------------------------------------------------

    def take_down(self, *, by, note):
        """Remove it from all that readers read, as a moderator, with a sentence that its curators read.

        It stays in the working copy, marked as removed, and counts nowhere.
        """
        self._require_moderator(by)
        require_note(note, needed=_("Say in a sentence why it is removed."))
        return self._decide("claim-removed", by, note, removed_at=timezone.now(), removal_note=note)

    def let_stand(self, *, by, note=""):
        """Let what was removed stand again wherever it stood, as a moderator."""
        self._require_moderator(by)
        require_note(note)
        return self._decide("claim-kept", by, note, removed_at=None, removal_note="")

    def _require_moderator(self, by):
        if not self.practice.can_be_moderated_by(by):
            raise PermissionDenied

    def _decide(self, verb, by, note, **columns):
        """Write a decision into all its copies, and renew what follows from what readers read."""
        practice = self.practice
        with transaction.atomic():
            practice.lock_unchanged()  # No version is frozen meanwhile.
            copies = Claim.everything.filter(practice=practice, lasting_id=self.lasting_id)
            self._require_decidable(copies, undo=columns["removed_at"] is None)
            practice.compare_and_swap()
            copies.update(**columns)
            for name, value in columns.items():
                setattr(self, name, value)
            Flag.objects.of(practice).open().filter(part=self.lasting_id).update(settled_at=timezone.now())
            practice.add_log_line(verb, by, note=note)
            practice.after_claim_decision(verb, by)
            notifications.notify_decision(practice, verb, practice.writers(), note, by=by)
        return self

    @staticmethod
    def _require_decidable(copies, *, undo):
        """Refuse what stands in no version, and what is decided already."""
        frozen = copies.filter(version__isnull=False)
        if not frozen.filter(removed_at__isnull=not undo).exists():
            raise ValidationError(
                _("No moderator removed this claim.") if undo else _("Readers read no such claim."),
                code="state",
            )

    def require_working_copy(self, by):
        self.practice.require_editable(by)
        if self.version_id:
            raise ValidationError(
                _("This claim belongs to a published version, which never changes."), code="state"
            )
