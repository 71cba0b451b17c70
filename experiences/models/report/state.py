"""The state of a report: who wrote it, where it stands, who may do what with it, and how it changes state.

What the verbs of a report share is here; the verbs themselves are in `report.py`, and beside the rows that
they are about (`flags.py`, `questions.py`, `redaction.py`).
"""

import secrets

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.versioning import Versioned
from experiences.list_index import rows as listed
from experiences.list_index.models import ListedReport
from experiences.models.fields import Line, month_end, public_id
from experiences.models.report.content import ReportContent, cache_related
from experiences.models.word_profiles import ReportProfile
from experiences.text_index.texts import ReportText


class ReportState(ReportContent, Versioned):
    """A report with its author, its state and its log: the base of all that is done with it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for a curator")
        RETURNED = "returned", _("Returned to its author")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        HIDDEN = "hidden", _("Hidden until a moderator decides")
        ERASED = "erased", _("Erased by its author")  # an empty row that a published version cites

        @property
        def label_for_author(self):
            return _("Returned to you") if self == self.RETURNED else self.label

    class ReturnReason(models.TextChoices):
        INCOMPLETE = "incomplete", _("Something needed is missing")
        UNCLEAR = "unclear", _("Hard to follow for someone who was not there")
        IDENTIFIES = "identifies", _("It may identify someone")
        OFF_TOPIC = "off-topic", _("It is not a report of something tried")
        DUPLICATE = "duplicate", _("It has already been told here")
        OTHER = "other", _("Another reason")

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    # Nullable from the first migration: fully anonymous posting comes later.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="experiences"
    )
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    # The last change as others may know it: for a withheld report, the end of its month.
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # Order of lists: day (or month, when withheld) first, then chance, so that order tells no time.
    order_key = models.BigIntegerField(null=True, unique=True, editable=False)
    submission_key = Line(max_length=64, blank=True, editable=False)
    submission_digest = models.CharField(max_length=64, blank=True, editable=False)
    flags = GenericRelation("experiences.Flag")

    Profile, Text = ReportProfile, ReportText
    GROWN = "grown-"  # begins the submission key of what grew from a trial of a practice

    class Meta:
        abstract = True

    # --- What it is ----------------------------------------------------------------------------

    @property
    def byline(self):
        """The author's name as others may see it; None when withheld or gone."""
        if self.identity == self.Identity.WITHHELD or self.author is None:
            return None
        return str(self.author)

    @property
    def is_withheld(self):
        return self.identity == self.Identity.WITHHELD

    @property
    def has_grown(self):
        """Whether it grew from a trial of a practice: all others need not look for one."""
        return self.submission_key.startswith(self.GROWN)

    @property
    def has_openly_left(self):
        """Whether everyone may know that its author is no longer a member; of a withheld name, nobody may."""
        return self.author is None and self.identity == self.Identity.NAMED

    @property
    def published_on(self):
        """The day of publication as ISO text; only its month when the name is withheld."""
        if self.published_at is None:
            return None
        form = "%Y-%m" if self.identity == self.Identity.WITHHELD else "%Y-%m-%d"
        return self.published_at.strftime(form)

    @property
    def happened_on(self):
        """The newest month of the events; the month of publication when none was given."""
        return (
            self.ended_on
            or self.started_on
            or (self.published_at and self.published_at.date().replace(day=1))
        )

    # --- Who may -------------------------------------------------------------------------------

    def is_told_by(self, user):
        return user.is_authenticated and user.pk == self.author_id

    def can_be_read_whole_by(self, user):
        """Whether what readers are not shown is shown to `user`: its author, or a curator."""
        return user == self.author or user.has_perm("experiences.review_experience")

    def can_be_edited_by(self, user):
        S = self.Status
        return (
            user.is_authenticated
            and user == self.author
            and self.status in (S.DRAFT, S.RETURNED, S.PUBLISHED)
        )

    def can_be_reviewed_by(self, user):
        """Nobody reviews their own report."""
        return user.has_perm("experiences.review_experience") and user != self.author

    def can_be_withdrawn_by(self, user):
        return user.is_authenticated and (
            user == self.author or user.has_perm("experiences.moderate_experience")
        )

    @property
    def status_for_author(self):
        """The label of its status, as its author is told."""
        return self.Status(self.status).label_for_author

    # --- How verbs work ------------------------------------------------------------------------

    def require_author(self, by):
        """Raise PermissionDenied unless `by` wrote it."""
        if self.author is None or by != self.author:
            raise PermissionDenied

    def require_status(self, *statuses):
        """Raise ValidationError (code "state") unless the report is in one of `statuses`."""
        if self.status not in statuses:
            raise ValidationError(
                _("This cannot be done to a report in the state “%(state)s”."),
                code="state",
                params={"state": self.get_status_display()},
            )

    def change_status(self, to, verb, by, *, reason="", note="", **columns):
        """Bring it to the status `to`, write `columns` with it, and log `verb`; in a transaction."""
        before = self.status
        self.compare_and_swap(status=to, changed_at=self.publicly_known_at(timezone.now()), **columns)
        self.add_log_line(verb, by, before, to, reason, note)

    def publicly_known_at(self, now):
        """Return when a change made `now` may be known to have been made: without a name, the end of its
        month.
        """
        return now if self.identity == self.Identity.NAMED else month_end(now)

    def add_log_line(self, verb, by, before="", after="", reason="", note=""):
        """Add a line to the log: who did what, from which status to which, and why."""
        self.log.create(
            verb=verb,
            by=by,
            before=before or self.status,
            after=after or self.status,
            reason=reason,
            note=note,
        )

    def after_public_change(self, cause, fresh=False):
        """Keep what is derived from a public report true: what it is found and near by, its list row, and the
        grades it feeds. `fresh`: it was stored for the first time just now, and all its parts are in hand.
        """
        self._settle_order()
        self._renew_what_it_is_found_by(first=cause == "published" and self.published_at == self.submitted_at)
        # Only what has been public can be evidence; a trial gives way to the report it grew into at once.
        if cause != "published" or self.has_grown:
            self.evidence.reconsider(cause=cause, report=self)
        self._list(fresh)

    def _list(self, fresh):
        if self.status != self.Status.PUBLISHED:
            ListedReport.objects.drop([self.pk])
        elif fresh:
            self.feeding = []
            cache_related(self, "follow_ups", [])
            listed.put([self])
            del self._prefetched_objects_cache["follow_ups"]
        else:
            type(self).objects.filter(pk=self.pk).list_again()

    def _renew_what_it_is_found_by(self, *, first):
        """Write what search and nearness read of it, or drop it; `first`: it was never public before."""
        if self.status != self.Status.PUBLISHED:
            self.Text.objects.drop(self.pk)
            self.Profile.objects.drop(self.pk)
            return
        for derived in (self.Text.objects, self.Profile.objects):
            if first:
                derived.add(self)
            else:
                derived.put(self)

    def profiled(self):
        """Return (place in lists, language, stakes) as its word profile has them."""
        return self.order_key, self.language, self.given("stakes")

    def _settle_order(self):
        """Once a name is withheld, the place in lists tells no more than the month."""
        if self.order_key is None:
            return
        day = self.published_at.date()
        expected = (day.replace(day=1) if self.identity == self.Identity.WITHHELD else day).toordinal()
        if self.order_key >> 40 != expected:
            self.order_key = (expected << 40) | secrets.randbits(40)
            type(self).objects.filter(pk=self.pk).update(order_key=self.order_key)

    def rows_about(self, *ways):
        """Yield the rows of each model that point here (only those deleted in one of `ways`)."""
        for relation in self._meta.get_fields(include_hidden=True):
            if not (relation.auto_created and relation.one_to_many):
                continue
            if not ways or relation.on_delete in ways:
                yield relation.related_model._default_manager.filter(**{relation.field.name: self.pk})
        if not ways or models.CASCADE in ways:
            yield self.flags.all()
            for rows in (self.questions.all(), self.follow_ups.all()):
                yield self.flags.model.objects.about(rows)
