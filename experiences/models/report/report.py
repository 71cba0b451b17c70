"""The field report: one thing tried, in one context, with its outcome."""

import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.models import Tag

from config.text import cut_at_word
from config.versioning import Conflict, note_errors, require_note
from experiences import notifications
from experiences.models import flags, questions, redaction
from experiences.models.departures import Departure
from experiences.models.fields import Line, MonthsInOrder
from experiences.models.report import erasure
from experiences.models.report.autosave import Autosave
from experiences.models.report.queryset import ExperienceQuerySet
from experiences.models.report.review import ReportReview
from experiences.text import markdown

FIRST_WORDS = 48  # characters, of a draft without a title

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


class Experience(Autosave, ReportReview):
    """A field report: its words (`content.py`), its state (`state.py`), and what can be done with it.

    A verb that is about rows of its own is a function beside those rows, and is listed here.
    """

    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")

    source_id = Line(_("identifier where it came from"), max_length=200, blank=True, editable=False)
    # What no door sets: judged by the verbs and kept by the database, which need not be asked twice.
    SETTLED = (
        "public_id", "author", "status", "version", "event", "order_key", "source_id", "submission_key",
    )  # fmt: skip

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
                violation_error_code="end_before_start",
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
        return self.first_words or str(_("Untitled draft"))

    @property
    def first_words(self):
        """Its title; of a draft without one, how it begins; "" while it tells nothing."""
        texts = filter(None, (getattr(self, name).strip() for name in self.TEXTS))
        return self.title or cut_at_word(next(texts, ""), FIRST_WORDS)

    def get_absolute_url(self):
        return reverse("experiences:detail", args=[self.public_id])

    # --- Rules ---------------------------------------------------------------------------------

    def missing(self):
        """As for any report; and one that withholds its author's name says nothing they signed elsewhere."""
        lacking = super().missing()
        if self.is_withheld and self.has_grown and self.pk:
            signed = self.grown_from.filter(identity=self.Identity.NAMED)
            if any(trial.is_told_in(self) for trial in signed):
                lacking["identity"] = ValidationError(
                    _(
                        "These words also stand under your name, where you told that you tried a "
                        "practice. Put them otherwise, or take your name away there first."
                    ),
                    code="signed_elsewhere",
                )
        return lacking

    # --- What it is ----------------------------------------------------------------------------

    @property
    def awaits_follow_up(self):
        """Whether its author was asked what has become of it, and has not told since."""
        asked = [line.at.date() for line in self.log.all() if line.verb == "asked"]
        return bool(asked) and not any(row.told_on >= asked[-1] for row in self.follow_ups.all())

    def follow_ups_for(self, user):
        """Return the follow-ups `user` may read: those shown; for the author and moderators, all."""
        rows = self.follow_ups.all()
        if self.is_told_by(user) or user.has_perm("experiences.moderate_experience"):
            return list(rows)
        return [row for row in rows if row.is_shown]

    def sources_for(self, user):
        """Return the sources `user` may see: the public ones; for the author and curators, all."""
        return list(self.sources.all()) if self.can_be_read_whole_by(user) else self.public_sources

    @property
    def public_sources(self):
        return [source for source in self.sources.all() if source.visibility == source.Visibility.PUBLIC]

    # --- Verbs ---------------------------------------------------------------------------------

    def write(self, *, by, page="", while_typed=False):
        """Store the columns and parts a door has filled, for a new report or an edit.

        `page` names the open form that wrote; `while_typed`: it did so by itself, before a word was told
        perhaps. Raises PermissionDenied, ValidationError keyed by field, or Conflict when `version` is not
        the stored one. An edit of a published report must leave it complete.
        """
        self._judge(by)
        if not while_typed:
            self.refuse_if_nothing_told()
        with transaction.atomic():
            self._store(by, page=page)
        return self

    def send(self, *, by, page=""):
        """Store what a door has filled and send it, both or neither; raises as write() and submit() do."""
        self._judge(by)
        self.require_status(self.Status.DRAFT, self.Status.RETURNED)
        self.refuse_if_missing()
        before, columns, fresh = self.status, self._sending(by), self._state.adding
        with transaction.atomic():
            self._store(by, page=page, **columns)
            self._sent(by, before, fresh)
        return self

    def submit(self, *, by):
        """Send a draft: to a curator, or straight to publication for an author already published."""
        self.require_author(by)
        self.require_status(self.Status.DRAFT, self.Status.RETURNED)
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
        self.require_status(self.Status.SUBMITTED)
        self.refuse_if_missing()
        self._publish(by)
        return self

    def publish_imported(self):
        """Publish a draft that an operator imported in nobody's name, by the same checklist."""
        if self.author is not None:
            raise PermissionDenied
        self.require_status(self.Status.DRAFT)
        self.refuse_if_missing()
        self._publish(None)
        return self

    def return_to_author(self, *, by, reason, note):
        """Send a submitted report back to its author, with a reason and a sentence."""
        if not self.can_be_reviewed_by(by):
            raise PermissionDenied
        self.require_status(self.Status.SUBMITTED)
        errors = {}
        if reason not in self.ReturnReason.values:
            errors["reason"] = ValidationError(_("Choose a reason from the list."), code="required")
        errors |= note_errors(note, needed=_("Tell the author in a sentence what to change."))
        if errors:
            raise ValidationError(errors)
        with transaction.atomic():
            self.change_status(self.Status.RETURNED, "returned", by, reason=reason, note=note)
            notifications.notify_return(self, reason, note)
        return self

    def withdraw(self, *, by, note=""):
        """Take a published report back, with a sentence that says why."""
        if not self.can_be_withdrawn_by(by):
            raise PermissionDenied
        self.require_status(self.Status.PUBLISHED, self.Status.HIDDEN)
        require_note(note, needed=_("Say in a sentence why it is withdrawn."))
        with transaction.atomic():
            flags.settle_flags(self)
            self.change_status(self.Status.WITHDRAWN, "withdrawn", by, note=note)
            self.after_public_change("withdrawn")
        return self

    def discard(self, *, by):
        """Delete a draft that was never sent."""
        self.require_author(by)
        self.require_status(self.Status.DRAFT)
        with transaction.atomic():
            Departure.objects.note(self.source_id, self.public_id)
            # Another tab may have sent it meanwhile: only what is still this very draft goes.
            if not Experience.objects.filter(pk=self.pk, version=self.version).delete()[0]:
                raise Conflict

    def follow_up(self, *, by, verdict, text, told_on=None):
        """Add what has become of it, as the author of a published report; return the FollowUp."""
        self.require_author(by)
        self.require_status(self.Status.PUBLISHED)
        row = self.follow_ups.model(
            report=self, verdict=verdict, text=text, told_on=told_on or timezone.localdate()
        )
        row.full_clean()
        with transaction.atomic():
            row.save()
            self.compare_and_swap(changed_at=self.publicly_known_at(timezone.now()))
            self.add_log_line("followed-up", by)
            self.after_public_change("followed-up")
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
            for report in mine.model.objects.filter(event=event).order_by("pk"):
                report.add_log_line("linked", by)
                report.evidence.reconsider(cause="linked")
        self.event = other.event = event
        return event

    # Verbs told beside the rows they are about.
    flag, hide, restore, keep = flags.flag, flags.hide, flags.restore, flags.keep
    flags_for, was_let_stand, take_alarm = flags.flags_for, flags.was_let_stand, flags.take_alarm
    ask, can_be_asked_by = questions.ask, questions.can_be_asked_by
    unanswered = property(questions.unanswered)
    withhold_words, look_at_withheld = redaction.withhold_words, redaction.look_at_withheld
    preview_withholding = redaction.preview_withholding
    erase, leave_without_name = erasure.erase, erasure.leave_without_name

    # --- How verbs work ------------------------------------------------------------------------

    def refuse_if_nothing_told(self):
        """Raise ValidationError while it has no title and no line: nobody could tell what it is about."""
        if not self.first_words:
            raise ValidationError(
                {"situation": ValidationError(_("Write at least one line."), code="required")}
            )

    def require_open_to_alarms(self):
        self.require_status(self.Status.PUBLISHED)

    def lock_for_alarm(self):
        self.lock_unchanged()

    def _judge(self, by):
        """Refuse what `by` may not write here, or what breaks a rule; derive what comes of the rest."""
        if self._state.adding:
            self.author = by
        elif not self.can_be_edited_by(by):
            raise PermissionDenied
        self.judge()
        self.settle_author_stakes()

    def judge(self):
        """Refuse what breaks a rule, whoever writes it; bring the words into the form they are stored in, and
        derive what comes of them and of the parts in hand or stored.
        """
        self.full_clean(exclude=self.SETTLED)
        if self.status == self.Status.PUBLISHED:
            self.refuse_if_missing()
        self.html = {name: markdown.render(getattr(self, name)) for name in self.TEXTS}
        self.strength = self.compute_strength()

    def _store(self, by, **columns):
        """Write what was judged, and `columns` with it; inside the caller's transaction."""
        fresh, public = self._state.adding, self.status == self.Status.PUBLISHED
        columns |= {"unsaved": {}, "saved_at": timezone.now()}
        if fresh:
            self._insert(columns)
        else:
            if public:
                columns["changed_at"] = self.publicly_known_at(timezone.now())
            kept = (*self.WRITABLE, "author_stakes", "html", "strength", "submission_digest")
            self.compare_and_swap(**{name: getattr(self, name) for name in kept} | columns)
        self._store_parts(fresh=fresh)
        if public:
            self.add_log_line("edited", by)
            self.revisions.keep(self, "edited")
            self.after_public_change("edited")

    def _sending(self, by):
        """Return the columns of a report that `by` sends now."""
        now = timezone.now()
        columns = {"submitted_at": now, "changed_at": self.publicly_known_at(now), "warned_at": None}
        if self.verdict == self.Verdict.TOO_EARLY and not self.follow_up_on:
            columns["follow_up_on"] = _months_after(now.date(), 6)
        if self.is_trusted(by, self.identity):
            return columns | {"status": self.Status.PUBLISHED} | self._publication(now)
        return columns | {"status": self.Status.SUBMITTED}

    def columns_when_sent(self):
        """Return the columns of a new report that its author sends now, or that is published in nobody's
        name.
        """
        if self.author:
            return self._sending(self.author)
        now = timezone.now()
        columns = {"status": self.Status.PUBLISHED, "changed_at": self.publicly_known_at(now)}
        return columns | self._publication(now)

    def _sent(self, by, before, fresh=False):
        """Note that it was sent, and do what follows; `fresh`: it was stored for the first time just now."""
        self.add_log_line("submitted", by, before, self.status)
        if self.status == self.Status.PUBLISHED:
            self.revisions.keep(self, "published")
            self.after_public_change("published", fresh)
        else:
            self.revisions.keep(self, "sent")
            notifications.notify_submissions([self])

    def _publication(self, now):
        """Return the columns that make a report public; the order tells the day, or only the month."""
        day = now.date().replace(day=1) if self.identity == self.Identity.WITHHELD else now.date()
        return {
            "published_at": self.published_at or now,
            "order_key": self.order_key or (day.toordinal() << 40) | secrets.randbits(40),
        }

    def _publish(self, by):
        is_first = self.published_at is None and not self._has_published_before()
        with transaction.atomic():
            self.change_status(self.Status.PUBLISHED, "published", by, **self._publication(timezone.now()))
            self.revisions.keep(self, "published")
            self.after_public_change("published")
            notifications.notify_publication(self, is_first)

    def _has_published_before(self):
        """Whether anything of its author was ever public."""
        return type(self).objects.filter(author=self.author).exclude(published_at=None).exists()


def _months_after(day, number):
    month = day.month - 1 + number
    return day.replace(year=day.year + month // 12, month=month % 12 + 1, day=1)
