"""What curators say to each other of a working copy, beside the claim it is about: never public."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import Line, Prose
from practices.models.claim import Claim
from practices.models.practice.state import require_curator


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if user.has_perm("practices.curate_practice") else self.none()

    def open(self):
        """Return what nobody has settled yet."""
        return self.filter(settled_at=None)


class Comment(models.Model):
    """What a reviewer says of the whole, or of one claim of the working copy. No version carries it."""

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="comments")
    # A claim taken out leaves the comment its words, in `about`.
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )
    about = Line(max_length=500, blank=True, editable=False)  # the claim as it was worded then
    text = Prose(_("comment"), blank=False, max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    settled_at = models.DateTimeField(null=True, editable=False)
    submission_key = Line(max_length=64, blank=True, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "by", "submission_key"],
                condition=~Q(submission_key=""),
                name="one_comment_per_submission_key",
                violation_error_message=_("This form has already been sent."),
            )
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def is_outdated(self):
        """Whether the claim it is about has been reworded or removed since."""
        return bool(self.about) and (self.claim is None or self.claim.text != self.about)

    def settle(self, *, by):
        """Say that nothing is left to do about it."""
        require_curator(by)
        with transaction.atomic():
            now = timezone.now()
            if not Comment.objects.open().filter(pk=self.pk).update(settled_at=now, settled_by=by):
                raise ValidationError(_("This comment has already been settled."), code="state")
            self.settled_at, self.settled_by = now, by
            self.practice.add_log_line("settled", by)
        return self


# --- Verbs: Practice binds them as methods ---------------------------------------------------------


def write_comment(practice, *, by, text, claim=None, submission_key=""):
    """Say something of the working copy, or of one of its claims; return the Comment.

    A key makes a form that is sent twice one comment.
    """
    require_curator(by)
    practice.require_status(*practice.UNDER_WAY)
    if claim is not None and (claim.practice_id != practice.pk or claim.version_id):
        raise ValidationError({"claim": _("Choose a claim of the working copy.")})
    about = claim.text if claim else ""
    made = Comment(
        practice=practice, claim=claim, about=about, text=text.strip(), by=by, submission_key=submission_key
    )
    with transaction.atomic():
        practice.lock_unchanged()
        sent_before = practice.comments.filter(by=by, submission_key=submission_key).first()
        if submission_key and sent_before:
            return sent_before
        made.full_clean()
        made.save()
        practice.add_log_line("commented", by)
    return made
