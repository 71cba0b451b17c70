"""The state of a practice: what all its parts read, and how its verbs check and write.

The other parts of a practice (grade.py, translation.py, material.py…) rest on this class alone.
"""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.versioning import Versioned
from practices.models.evidence import Evidence
from practices.models.log import LogLine
from practices.models.practice.content import PracticeContent


def require_curator(user):
    """Raise PermissionDenied unless `user` is a curator."""
    if not user.has_perm("practices.curate_practice"):
        raise PermissionDenied


class PracticeState(PracticeContent, Versioned):
    """The content of the working copy with its state, and the current version that readers see."""

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
        """Return the claims of the working copy, with their evidence."""
        return self.all_claims.filter(version=None).prefetch_related(
            Prefetch(
                "evidence",
                Evidence.objects.select_related("report__author").prefetch_related("report__contexts__facet"),
            )
        )

    @property
    def words(self):
        """The content that is read: the current version; before the first, the working copy."""
        return self.current or self

    @property
    def is_open_to_readers(self):
        """Whether it has been published and not retired."""
        return self.current_id is not None and self.status != self.Status.RETIRED

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
