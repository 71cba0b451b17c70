"""The state of a practice: what all its parts read, and how its verbs check and write.

The other parts of a practice (grade.py, translation.py, material.py…) rest on this class, moderation.py
on translation.py too.
"""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.refusals.taken_down import TakenDown
from config.versioning import Versioned
from experiences.models.moderation import Moderated
from practices.models.evidence import Evidence
from practices.models.log import LogLine
from practices.models.practice.content import PracticeContent


def require_curator(user):
    """Raise PermissionDenied unless `user` is a curator."""
    if not user.has_perm("practices.curate_practice"):
        raise PermissionDenied


class PracticeStateQuerySet(models.QuerySet):
    """Which practices readers read: what `is_public` and `is_open_to_readers` say, for many."""

    def visible_to(self, user):
        """Return what `user` may know of: what is public; for curators, everything.

        Moderators also see what they took down.
        """
        if user.has_perm("practices.curate_practice"):
            return self
        if user.has_perm("experiences.moderate_experience"):
            return self.filter(current__isnull=False)
        return self.public()

    def public(self):
        """Return what readers can read: published once, be it retired now, and not taken down."""
        return self.filter(current__isnull=False, moderation=Moderated.Moderation.SHOWN)

    def published(self):
        """Return practices readers can read that are not retired."""
        return self.public().exclude(status=self.model.Status.RETIRED)

    def taken_down(self):
        """Return what was public until a moderator took it down."""
        return self.filter(current__isnull=False).exclude(moderation=Moderated.Moderation.SHOWN)

    def get_at(self, slug):
        """Return the one at this address, or raise what its address answers (Http404).

        Where readers could read it before a moderator took it down, they are told so.
        """
        try:
            # Not first(), which would order the one row: Django compares each column with the order.
            return self.get(slug=slug)
        except self.model.DoesNotExist:
            taken_down = self.model.objects.taken_down().filter(slug=slug).exists()
            raise (TakenDown if taken_down else Http404) from None


class PracticeState(PracticeContent, Versioned, Moderated):
    """The content of the working copy with its state, and the current version that readers see.

    What a moderator took down is not shown, whatever its status.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in-review", _("In review")
        RETURNED = "returned", _("Returned to its curators")
        PUBLISHED = "published", pgettext_lazy("practice", "Published")
        RETIRED = "retired", _("Retired")

    UNDER_WAY = (Status.DRAFT, Status.IN_REVIEW, Status.RETURNED)

    version_column = "edit_version"

    status = models.CharField(
        _("status"), max_length=9, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    edit_version = models.PositiveIntegerField(default=1, editable=False)
    current = models.ForeignKey(
        "practices.PracticeVersion", null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    # Those who edited since the last version: none of them can publish the next one.
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+", editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    # --- What it is ----------------------------------------------------------------------------

    def claims(self):
        """Return the claims of the working copy, those a moderator removed too, with their evidence."""
        return (
            self.all_claims(manager="everything")
            .filter(version=None)
            .prefetch_related(
                Prefetch(
                    "evidence",
                    Evidence.objects.select_related("report__author").prefetch_related(
                        "report__contexts__facet"
                    ),
                )
            )
        )

    def standing_claims(self):
        """Return the claims of the working copy that no moderator removed."""
        return [claim for claim in self.claims() if not claim.is_removed]

    @property
    def words(self):
        """The content that is read: the current version; before the first, the working copy."""
        return self.current or self

    @property
    def is_public(self):
        """Whether its address shows readers what it says, be it retired: as public() says."""
        return self.current_id is not None and self.is_shown

    @property
    def is_open_to_readers(self):
        """Whether it is public and not retired: as published() says."""
        return self.is_public and self.status != self.Status.RETIRED

    @property
    def is_being_revised(self):
        """Whether the working copy has moved on from what readers see."""
        return self.current_id is not None and self.status in self.UNDER_WAY

    @property
    def public_status(self):
        """The state as readers know it: a revision under way does not show."""
        return self.Status.PUBLISHED if self.is_being_revised else self.Status(self.status)

    # --- Who may -------------------------------------------------------------------------------

    def can_be_edited_by(self, user):
        S = self.Status
        return user.has_perm("practices.curate_practice") and self.status in (S.DRAFT, S.RETURNED)

    def can_be_published_by(self, user):
        """Two people: nobody who edited it since its last version."""
        return user.has_perm("practices.curate_practice") and not self.editors.filter(pk=user.pk).exists()

    def require_editable(self, by):
        """Raise PermissionDenied unless `by` may edit the working copy as it stands."""
        if not self.can_be_edited_by(by):
            raise PermissionDenied

    def require_status(self, *statuses):
        """Raise ValidationError unless the practice is in one of `statuses`."""
        if self.status not in statuses:
            raise ValidationError(
                _("This cannot be done to a practice in the state “%(state)s”."),
                code="state",
                params={"state": self.get_status_display()},
            )

    def check_line(self, column, text, field):
        """Validate a verb's sentence as the column that stores it does; name `field` in the error."""
        try:
            self._meta.get_field(column).clean(text, self)
        except ValidationError as error:
            raise ValidationError({field: error}) from None

    # --- How verbs write -----------------------------------------------------------------------

    def compare_and_swap(self, **columns):
        super().compare_and_swap(changed_at=timezone.now(), **columns)

    def touch(self, *, by, **columns):
        """Note that `by` edited the working copy; inside the caller's transaction."""
        self.compare_and_swap(**columns)
        self.editors.add(by)

    def change_status(self, to, verb, by, *, note="", **columns):
        """Bring the practice to the status `to`, and add the line of its log that says so."""
        before = self.status
        self.compare_and_swap(status=to, **columns)
        self.add_log_line(verb, by, before, to, note)

    def add_log_line(self, verb, by, before="", after="", note=""):
        """Add a line to the log; without `before` and `after`, the status stayed as it is."""
        LogLine.objects.create(
            practice=self,
            verb=verb,
            by=by,
            before=before or self.status,
            after=after or self.status,
            note=note,
        )
