"""Trials: what members tell in one line of a practice that they tried."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from experiences.models import Context, Experience, Situation
from experiences.models.fields import Line, public_id
from experiences.models.flags import has_published_work
from experiences.models.moderation import Moderated, ModeratedQuerySet
from experiences.models.report.erasure import masked
from experiences.models.report.parts import Parts, check_contexts
from practices import notifications
from practices.models.evidence import quote_key


class TrialQuerySet(ModeratedQuerySet):
    def visible_to(self, user):
        """Return those readers can read, and one's own; for moderators, all that was not removed.

        Of a practice that a moderator took down, readers read no trial either.
        """
        M = Trial.Moderation
        seen = Q(moderation=M.SHOWN, practice__moderation=M.SHOWN)
        if user.is_authenticated:
            seen |= Q(by=user)
        if user.has_perm("experiences.moderate_experience"):
            seen |= ~Q(moderation=M.REMOVED)
        return self.filter(seen)

    def for_counting(self):
        """Return what counts, with no more columns than counting verdicts needs: what readers can read."""
        columns = ("verdict", "identity", "report__verdict", "report__identity", "report__status")
        return self.shown().select_related("report").only("practice", "by", *columns)

    def numbers_of(self, practices):
        """Return {practice pk: how many trials readers find of it}, of those with these keys."""
        found = self.shown().filter(practice__in=practices).order_by().values_list("practice")
        return dict(found.annotate(models.Count("pk")))

    def for_detail(self):
        """Load what a list of trials shows, without the texts of the reports they grew into."""
        texts = (f"report__{name}" for name in ("html", *Experience.TEXTS))
        return self.select_related("by", "report").defer(*texts).prefetch_related("contexts__facet")


class Trial(Moderated):
    """“I tried this”: a verdict, a situation, one line. One per member and practice.

    It may grow into a report, which takes its place once both are told in the same way: with the
    member's name, or without. Else each stands for itself and readers see no tie between the two,
    because one would say whose the other is.
    """

    CHECKED = ("line",)  # before it is sent: privacy/check.py

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
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
    flags = GenericRelation("experiences.Flag")

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

    def get_absolute_url(self):
        return f"{self.practice.get_absolute_url()}#trial-{self.public_id}"

    @property
    def language(self):
        """The language it is probably told in: that of its practice."""
        return self.practice.language

    def is_told_by(self, user):
        return user.is_authenticated and self.by_id == user.pk

    @property
    def is_withheld(self):
        return self.identity == Experience.Identity.WITHHELD

    @property
    def byline(self):
        """The name others may see; None when withheld or gone."""
        return None if self.is_withheld or self.by is None else str(self.by)

    @property
    def successor(self):
        """The report that readers find in its place, if there is one."""
        public = self.report_id and self.report.status == Experience.Status.PUBLISHED
        return self.report if public and self.report.identity == self.identity else None

    @property
    def practice_title(self):
        """What its member reads of the practice: its title, unless a moderator took it down."""
        known = self.practice.is_shown
        return self.practice.words.title if known else gettext("a practice you can no longer read")

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

    def detach_withdrawn_report(self):
        """Cut the tie to its report if that was withdrawn: the trial stands alone when it is told again."""
        if self.report_id and self.report.status == Experience.Status.WITHDRAWN:
            self.report = None

    def clean(self):
        """Refuse a name under words that also stand in a report without one."""
        named = self.identity == Experience.Identity.NAMED
        if named and self.report_id and self.report.is_withheld and self.is_told_in(self.report):
            raise ValidationError(
                {
                    "identity": _(
                        "Your report tells the same words without your name: "
                        "put them otherwise here, or stay without a name."
                    )
                }
            )

    def is_told_in(self, report):
        """Whether its line stands word for word in `report`."""
        return quote_key(self.line) in quote_key(report.quotable_text())

    def grow(self, *, by, language):
        """Return the report it grows into: the one begun before, or a new draft with its content."""
        self._require_own(by)
        with transaction.atomic():
            # Takes the row: the second of two clicks waits here, and finds the draft of the first.
            if not Trial.objects.filter(pk=self.pk, report=None).update(report=None):
                self.refresh_from_db(fields=["report"])
                return self.report
            self.report = self._draft_report(language).write(by=by)
            self.save(update_fields=["report"])
        return self.report

    def _draft_report(self, language):
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
        """Delete it, as the member it is of."""
        self._require_own(by)
        with transaction.atomic():
            self.delete()
            self.practice.regrade(cause="erased")

    def leave_without_name(self, *, by):
        """Cut its ties to its member and to the report it grew into; verdict and line stay."""
        self._require_own(by)
        self.by, self.report, self.identity = None, None, Experience.Identity.WITHHELD
        self.line = masked(self.line, by.email)[: self._meta.get_field("line").max_length]
        with transaction.atomic():
            self.save(update_fields=["by", "report", "identity", "line"])
            self.practice.regrade(cause="left")
        return self

    # --- How decisions work --------------------------------------------------------------------

    def moderation_when_told(self):
        """Return its state when it is told, or told otherwise, by its member.

        Whoever has nothing published is read first. What was removed is not shown again unread, and
        what waits goes on waiting, whatever it says now.
        """
        M = self.Moderation
        if self._state.adding:
            return M.SHOWN if has_published_work(self.by, self.identity) else M.WAITING
        return M.WAITING if self.moderation == M.REMOVED else self.moderation

    def writers(self):
        return [self.by]

    def lock_owner(self):
        type(self.practice).objects.select_for_update().filter(pk=self.practice_id).values("pk").first()

    def log_decision(self, verb, by, *, note="", reason=""):
        self.practice.log.create(verb=f"trial-{verb}", by=by, note=note or reason)

    def after_decision(self, before):
        read = before == self.Moderation.WAITING and self.is_shown
        hidden = self.moderation == self.Moderation.HIDDEN and self.flags.open().filter(hides=True).exists()
        cause = "tried" if read else "alarmed" if hidden else "moderated"
        self.practice.regrade(cause=cause, known_to=self.by)
        if read:
            notifications.notify_trial(self.practice, self)

    def _require_own(self, by):
        if self.by is None or by != self.by:
            raise PermissionDenied

    def record_contexts(self, contexts=None):
        """Store where it was tried: `contexts`, else what is stored already, else the member's own situation.

        A budget is never stored alone.
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


# --- Verbs: Practice binds them as methods ---------------------------------------------------------


def try_out(practice, *, by, verdict, line, identity=Experience.Identity.WITHHELD, contexts=None):
    """Say “I tried this”, or change what one said; return the Trial.

    Without `contexts`, it was tried in the member's own situation.
    """
    if not by.is_authenticated:
        raise PermissionDenied
    if not practice.is_open_to_readers:
        raise ValidationError(_("Only a published practice can be tried."), code="state")
    day = timezone.localdate()
    # A withheld trial tells its month only, in the order of the list too.
    tried_on = day.replace(day=1) if identity == Experience.Identity.WITHHELD else day
    columns = {"verdict": verdict, "line": line, "identity": identity, "tried_on": tried_on}
    with transaction.atomic():
        # Two clicks at once are one trial: the second waits here.
        type(practice).objects.select_for_update().get(pk=practice.pk)
        trial = Trial.objects.filter(practice=practice, by=by).first() or Trial(practice=practice, by=by)
        trial.let_stand &= line == trial.line
        for name, value in columns.items():
            setattr(trial, name, value)
        trial.moderation = trial.moderation_when_told()
        trial.detach_withdrawn_report()
        trial.full_clean()
        trial.save()
        trial.record_contexts(contexts)
        if trial.is_shown:
            practice.regrade(cause="tried", known_to=by)
            notifications.notify_trial(practice, trial)
        elif trial.moderation == trial.Moderation.WAITING:
            trial.await_reading(by)
    return trial


def trials_for(practice, user):
    """Return the trials `user` may read; to a visitor, those that came with the practice."""
    if not user.is_authenticated:
        return list(practice.trials.all())
    # Not by `practice.trials`: what came with the practice is only what everyone reads.
    return list(Trial.objects.filter(practice=practice).visible_to(user).for_detail())
