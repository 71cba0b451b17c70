"""The field report: one thing tried, in one context, with its outcome."""

import secrets

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from experiences import notifications
from experiences.models.fields import Line, MonthsInOrder, month_end, public_id
from experiences.models.flags import Alarmed
from experiences.models.questions import Questioned
from experiences.models.redaction import Withholding
from experiences.models.report.account_closure import Parting
from experiences.models.report.autosave import Held
from experiences.models.report.content import Told
from experiences.models.report.review import Reviewed
from experiences.models.report.trust import Entrusted
from experiences.models.versioning import Conflict, note_errors, require_note
from experiences.search import index
from experiences.text import markdown

Keyword = Tag  # Free words beside the closed lists: plain taggit tags.


class Event(models.Model):
    """One thing that happened, told by several reports: they count once as evidence."""

    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"


class ExperienceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what `user` may know of: what is published, their own, and what their role reads."""
        seen = Q(status=Experience.Status.PUBLISHED)
        if user.is_authenticated:
            seen |= Q(author=user)
        if user.has_perm("experiences.review_experience"):
            S = Experience.Status
            seen |= Q(status__in=[S.SUBMITTED, S.RETURNED, S.WITHDRAWN])
        if user.has_perm("experiences.moderate_experience"):
            seen |= Q(status=Experience.Status.HIDDEN)
        return self.filter(seen)

    def published(self):
        return self.filter(status=Experience.Status.PUBLISHED)

    def waiting(self):
        """Return what waits for a curator, the longest wait first."""
        return self.filter(status=Experience.Status.SUBMITTED).order_by("submitted_at", "pk")

    def for_list(self):
        """Prefetch what a card or a list item shows; the long texts are left in the database."""
        return (
            self.defer("html", "situation", "action", "lessons", "enablers", "constraints", "comparison")
            .select_related("author")
            .prefetch_related(*self._tags(), "measures__effect", "sources", "follow_ups")
        )

    def for_detail(self):
        return self.select_related("author", "event").prefetch_related(
            *self._tags(), "measures__effect", "sources", "follow_ups"
        )

    @staticmethod
    def _tags():
        # taggit's managers refuse a Prefetch with a queryset of one's own.
        yield "stakes__competency"
        yield "contexts__facet"
        yield "keywords"


class Experience(Told, Held, Reviewed, Entrusted, Questioned, Alarmed, Parting, Withholding):
    """A field report: who told it, in which state it is, and who may do what with it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for a curator")
        RETURNED = "returned", _("Returned to its author")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        HIDDEN = "hidden", _("Hidden until a moderator decides")
        ERASED = "erased", _("Erased by its author")  # an empty row that a published version cites

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

    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    # The last change as others may know it: for a withheld report, the end of its month.
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # Order of lists: day (or month, when withheld) first, then chance, so that order tells no time.
    order_key = models.BigIntegerField(null=True, unique=True, editable=False)
    source_id = Line(_("identifier where it came from"), max_length=200, blank=True, editable=False)
    submission_key = Line(max_length=64, blank=True, editable=False)
    submission_digest = models.CharField(max_length=64, blank=True, editable=False)

    # What no door sets: judged by the verbs and kept by the database, which need not be asked twice.
    SETTLED = (
        "public_id", "author", "status", "version", "event", "order_key", "source_id", "submission_key",
    )  # fmt: skip

    GROWN = "grown-"  # begins the submission key of what grew from a trial of a practice

    objects = ExperienceQuerySet.as_manager()

    class Meta:
        verbose_name = _("field report")
        verbose_name_plural = _("field reports")
        permissions = [
            ("moderate_experience", "Can decide on flagged field reports"),
            ("review_experience", "Can review field reports"),
        ]
        indexes = [models.Index(fields=["status", "-order_key"], name="experience_newest_first")]
        constraints = [
            MonthsInOrder(
                condition=Q(ended_on=None) | Q(started_on=None) | Q(ended_on__gte=F("started_on")),
                name="experience_ends_after_it_starts",
                violation_error_code="ended_on",
                violation_error_message=_("The end is before the beginning. Change one of the two months."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published")
                | (~Q(title="") & ~Q(verdict="") & Q(order_key__isnull=False)),
                name="published_experience_has_title_verdict_and_order",
                violation_error_message=_("A published report needs a title and a verdict."),
            ),
            models.UniqueConstraint(
                fields=["author", "submission_key"],
                condition=~Q(submission_key=""),
                name="one_experience_per_submission_key",
                violation_error_message=_("This form has already been sent."),
            ),
            models.UniqueConstraint(
                fields=["source_id"],
                condition=~Q(source_id=""),
                name="one_experience_per_source_id",
                violation_error_message=_("This report has already been imported."),
            ),
        ]

    def __str__(self):
        return self.title or str(_("Untitled draft"))

    def get_absolute_url(self):
        return reverse("experiences:detail", args=[self.public_id])

    # --- Rules ---------------------------------------------------------------------------------

    def validate_constraints(self, exclude=None):
        """Place a broken constraint beside the field its code names."""
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as refusal:
            errors = refusal.update_error_dict({})
            for error in errors.pop(NON_FIELD_ERRORS, []):
                errors.setdefault(error.code if error.code in self.WRITABLE else NON_FIELD_ERRORS, []).append(
                    error
                )
            raise ValidationError(errors) from None

    def missing(self):
        """As for any report; and one that withholds its author's name says nothing they signed elsewhere."""
        lacking = super().missing()
        if self.is_withheld and self.has_grown and self.pk:
            signed = self.grown_from.filter(identity=self.Identity.NAMED)
            if any(trial.is_told_in(self) for trial in signed):
                lacking["identity"] = ValidationError(
                    _(
                        "These words also stand under your name, where you told that you tried a practice. Put them otherwise, or take your name away there first."
                    ),
                    code="signed_elsewhere",
                )
        return lacking

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

    @property
    def awaits_follow_up(self):
        """Whether its author was asked what has become of it, and has not told since."""
        asked = [line.at.date() for line in self.log.all() if line.verb == "asked"]
        return bool(asked) and not any(row.told_on >= asked[-1] for row in self.follow_ups.all())

    def sources_for(self, user):
        """Return the sources `user` may see: the public ones; for the author and curators, all."""
        if self.can_be_read_whole_by(user):
            return list(self.sources.all())
        return [source for source in self.sources.all() if source.visibility == source.Visibility.PUBLIC]

    # --- Who may -------------------------------------------------------------------------------

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

    # --- Verbs ---------------------------------------------------------------------------------

    def write(self, *, by, page=""):
        """Store the columns and parts a door has filled, for a new report or an edit.

        `page` names the open form that wrote. Raises PermissionDenied, ValidationError keyed by
        field, or Conflict when `version` is not the stored one. An edit of a published report must
        leave it complete.
        """
        self._judge(by)
        with transaction.atomic():
            self._store(by, page=page)
        return self

    def send(self, *, by, page=""):
        """Store what a door has filled and send it, both or neither; raises as write() and submit() do."""
        self._judge(by)
        self._require(self.Status.DRAFT, self.Status.RETURNED)
        self.refuse_if_missing()
        before, columns = self.status, self._sending(by)
        with transaction.atomic():
            self._store(by, page=page, **columns)
            self._sent(by, before)
        return self

    def submit(self, *, by):
        """Send a draft as it is stored: to a curator, or straight to publication for a trusted author."""
        if by != self.author or self.author is None:
            raise PermissionDenied
        self._require(self.Status.DRAFT, self.Status.RETURNED)
        self.refuse_if_missing()
        before, columns = self.status, self._sending(by)
        with transaction.atomic():
            self.compare_and_swap(**columns)
            self._sent(by, before)
        return self

    def publish(self, *, by):
        """Publish a submitted report, as a curator who is not its author."""
        if not self.can_be_reviewed_by(by):
            raise PermissionDenied
        self._require(self.Status.SUBMITTED)
        self.refuse_if_missing()
        self._publish(by)
        return self

    def publish_imported(self):
        """Publish a draft that an operator imported in nobody's name, by the same checklist."""
        if self.author is not None:
            raise PermissionDenied
        self._require(self.Status.DRAFT)
        self.refuse_if_missing()
        self._publish(None)
        return self

    def return_to_author(self, *, by, reason, note):
        """Send a submitted report back with a reason from the list and a sentence, both compulsory."""
        if not self.can_be_reviewed_by(by):
            raise PermissionDenied
        self._require(self.Status.SUBMITTED)
        errors = {}
        if reason not in self.ReturnReason.values:
            errors["reason"] = ValidationError(_("Choose a reason from the list."), code="required")
        errors |= note_errors(note, needed=_("Tell the author in a sentence what to change."))
        if errors:
            raise ValidationError(errors)
        with transaction.atomic():
            self._move(self.Status.RETURNED, "returned", by, reason=reason, note=note)
            notifications.returned(self, reason, note)
        return self

    def withdraw(self, *, by, note=""):
        """Take a published or hidden report back, with a reason in a sentence."""
        if not self.can_be_withdrawn_by(by):
            raise PermissionDenied
        self._require(self.Status.PUBLISHED, self.Status.HIDDEN)
        require_note(note, needed=_("Say in a sentence why it is withdrawn."))
        with transaction.atomic():
            self._settle_flags()
            self._move(self.Status.WITHDRAWN, "withdrawn", by, note=note)
            self._after_public_change("withdrawn")
        return self

    def discard(self, *, by):
        """Delete a draft that was never sent."""
        if by != self.author or self.author is None:
            raise PermissionDenied
        self._require(self.Status.DRAFT)
        # Another tab may have sent it meanwhile: only what is still this very draft goes.
        if not Experience.objects.filter(pk=self.pk, version=self.version).delete()[0]:
            raise Conflict

    def follow_up(self, *, by, verdict, text, told_on=None):
        """Add what has become of it, as the author of a published report; return the FollowUp."""
        if by != self.author or self.author is None:
            raise PermissionDenied
        self._require(self.Status.PUBLISHED)
        row = self.follow_ups.model(
            report=self, verdict=verdict, text=text, told_on=told_on or timezone.localdate()
        )
        row.full_clean()
        with transaction.atomic():
            row.save()
            self.compare_and_swap(changed_at=self._public_instant(timezone.now()))
            self._log("followed-up", by)
            self._after_public_change("followed-up")
        return row

    def tells_same_event_as(self, other, *, by):
        """Link two reports of one event, as a curator: both stay, and count once as evidence."""
        if not by.has_perm("experiences.review_experience"):
            raise PermissionDenied
        if other == self:
            raise ValidationError(_("Choose another report: this is the same one."))
        with transaction.atomic():
            event = self.event or other.event or Event.objects.create(linked_by=by)
            joined = {pk for pk in (self.event_id, other.event_id) if pk}
            mine = Experience.objects.filter(Q(pk__in=[self.pk, other.pk]) | Q(event__in=joined))
            mine.update(event=event)
            for report in mine.model.objects.filter(event=event):
                report._log("linked", by)
                report.evidence.reconsider(cause="linked")
        self.event = other.event = event
        return event

    # --- How verbs work ------------------------------------------------------------------------

    def _judge(self, by):
        """Refuse what `by` may not write here, or what breaks a rule; derive what comes of the rest."""
        if self._state.adding:
            self.author = by
        elif not self.can_be_edited_by(by):
            raise PermissionDenied
        self.full_clean(exclude=self.SETTLED)
        if self.status == self.Status.PUBLISHED:
            self.refuse_if_missing()
        self.html = {name: markdown.render(getattr(self, name)) for name in self.TEXTS}
        self.strength = self.compute_strength()
        self.settle_author_stakes()

    def _store(self, by, **columns):
        """Write what was judged, and `columns` with it; inside the caller's transaction."""
        fresh, public = self._state.adding, self.status == self.Status.PUBLISHED
        columns |= {"unsaved": {}, "saved_at": timezone.now()}
        if fresh:
            self._insert(columns)
        else:
            if public:
                columns["changed_at"] = self._public_instant(timezone.now())
            kept = (*self.WRITABLE, "author_stakes", "html", "strength", "submission_digest")
            self.compare_and_swap(**{name: getattr(self, name) for name in kept} | columns)
        self._store_parts(fresh=fresh)
        if public:
            self._log("edited", by)
            self.revisions.keep(self, "edited")
            self._after_public_change("edited")

    def _sending(self, by):
        """Return the columns of a report that `by` sends now."""
        now = timezone.now()
        columns = {"submitted_at": now, "changed_at": self._public_instant(now)}
        if self.verdict == self.Verdict.TOO_EARLY and not self.follow_up_on:
            columns["follow_up_on"] = _months_after(now.date(), 6)
        if self.is_trusted(by):
            return columns | {"status": self.Status.PUBLISHED} | self._publication(now)
        return columns | {"status": self.Status.SUBMITTED}

    def _sent(self, by, before):
        """Note that it was sent, and do what follows."""
        self._log("submitted", by, before, self.status)
        if self.status == self.Status.PUBLISHED:
            self.revisions.keep(self, "published")
            self._after_public_change("published")
        else:
            self.revisions.keep(self, "sent")
            notifications.submitted(self)

    def _require(self, *statuses):
        if self.status not in statuses:
            raise ValidationError(
                _("This cannot be done to a report in the state “%(state)s”."),
                code="state",
                params={"state": self.get_status_display()},
            )

    def _publication(self, now):
        """Return the columns that make a report public; the order tells the day, or only the month."""
        day = now.date().replace(day=1) if self.identity == self.Identity.WITHHELD else now.date()
        return {
            "published_at": self.published_at or now,
            "order_key": self.order_key or (day.toordinal() << 40) | secrets.randbits(40),
        }

    def _publish(self, by):
        with transaction.atomic():
            self._move(self.Status.PUBLISHED, "published", by, **self._publication(timezone.now()))
            self.revisions.keep(self, "published")
            self._after_public_change("published")
            notifications.published(self)

    def _move(self, to, verb, by, *, reason="", note="", **columns):
        before = self.status
        self.compare_and_swap(status=to, changed_at=self._public_instant(timezone.now()), **columns)
        self._log(verb, by, before, to, reason, note)

    def _public_instant(self, now):
        return now if self.identity == self.Identity.NAMED else month_end(now)

    def _log(self, verb, by, before="", after="", reason="", note=""):
        self.log.create(
            verb=verb,
            by=by,
            before=before or self.status,
            after=after or self.status,
            reason=reason,
            note=note,
        )

    def _after_public_change(self, cause):
        """Keep what is derived from a public report true: its search row, and the grades it feeds."""
        self._settle_order()
        index.REPORTS.put(self) if self.status == self.Status.PUBLISHED else index.REPORTS.drop(self.pk)
        # Only what has been public can be evidence; a trial gives way to the report it grew into at once.
        if cause != "published" or self.has_grown:
            self.evidence.reconsider(cause=cause, report=self)

    def _settle_order(self):
        """Once a name is withheld, the place in lists tells no more than the month."""
        if self.order_key is None:
            return
        day = self.published_at.date()
        expected = (day.replace(day=1) if self.identity == self.Identity.WITHHELD else day).toordinal()
        if self.order_key >> 40 != expected:
            self.order_key = (expected << 40) | secrets.randbits(40)
            Experience.objects.filter(pk=self.pk).update(order_key=self.order_key)


def _months_after(day, number):
    month = day.month - 1 + number
    return day.replace(year=day.year + month // 12, month=month % 12 + 1, day=1)
