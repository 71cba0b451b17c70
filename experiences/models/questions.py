"""Questions that readers ask about a published report, each about a part of it; its author answers."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.versioning import Conflict, Versioned, require_note
from experiences import notifications
from experiences.models.fields import Prose, public_id
from experiences.models.moderation import Moderated, ModeratedQuerySet
from experiences.models.redaction import Masking, mask_rows
from experiences.models.report.content import ReportContent

WHOLE = "whole"
PARTS = [
    (WHOLE, _("the report as a whole")),
    *((name, ReportContent._meta.get_field(name).verbose_name) for name in ReportContent.TEXTS),
]
LONGEST_QUESTION, LONGEST_ANSWER = 1000, 4000  # Characters: what is longer is a report of its own.
MOST_UNANSWERED = 3  # By one member about one report: an author should not find a flood.


def ordered(questions):
    """Return `questions` by part, then by the day that may be told: their order tells no more than that."""
    order = [part for part, _label in PARTS]
    return sorted(questions, key=lambda one: (order.index(one.part), one.known(one.asked_on), one.public_id))


class QuestionQuerySet(ModeratedQuerySet):
    def visible_to(self, user):
        """Return the questions about what `user` may read, while it is published.

        Those that are not shown, only to whoever asked or answers them, and to moderators.
        """
        reports = self.model.report.field.related_model.objects.visible_to(user).published()
        known = self.filter(report__in=reports)
        if user.has_perm("experiences.moderate_experience"):
            return known
        seen = Q(moderation=Moderated.Moderation.SHOWN)
        own = Q(by=user) | Q(report__author=user) if user.is_authenticated else Q(pk=None)
        return known.filter(seen | own)

    def leave(self, member):
        """Take leave of a member who asked: what nobody answered goes, the rest stays without a name."""
        own = self.filter(by=member)
        own.filter(answered_on=None).delete()
        mask_rows(own, Masking(member.email))
        own.update(by=None, identity=ReportContent.Identity.WITHHELD)


class Question(Versioned, Moderated):
    """What a reader wants to know, and what the author answered."""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    report = models.ForeignKey(
        "experiences.Experience", on_delete=models.CASCADE, related_name="questions", editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="questions",
        editable=False,
    )
    identity = models.CharField(
        _("how your name appears"),
        max_length=8,
        choices=ReportContent.Identity.choices,
        default=ReportContent.Identity.WITHHELD,
    )
    part = models.CharField(_("about"), max_length=11, choices=PARTS, default=WHOLE)
    text = Prose(_("question"), blank=False, max_length=LONGEST_QUESTION)
    asked_on = models.DateField(_("asked on"), default=timezone.localdate, editable=False)
    reply = Prose(_("answer"), max_length=LONGEST_ANSWER, editable=False)
    answered_on = models.DateField(_("answered on"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    flags = GenericRelation("experiences.Flag")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["asked_on", "public_id"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self):
        return self.text[:60]

    def clean(self):
        if self.part in ReportContent.TEXTS and not getattr(self.report, self.part).strip():
            raise ValidationError({"part": _("This report says nothing there. Choose another part.")})

    def get_absolute_url(self):
        return f"{self.report.get_absolute_url()}#question-{self.public_id}"

    @property
    def byline(self):
        """The asker's name as others may see it; None when withheld or gone."""
        return None if self.identity == ReportContent.Identity.WITHHELD or self.by is None else str(self.by)

    @property
    def tells_days(self):
        """Whether its days may be told: to the month alone where asker or author withheld a name."""
        return {self.identity, self.report.identity} == {ReportContent.Identity.NAMED}

    def known(self, day):
        """Return one of its days as ISO text, as others may know it."""
        return day and day.strftime("%Y-%m-%d" if self.tells_days else "%Y-%m")

    # --- Verbs ---------------------------------------------------------------------------------

    def answer(self, *, by, text):
        """Answer it, or change one's answer, as the author of the report."""
        if self.report.author is None or by != self.report.author:
            raise PermissionDenied
        self.report.require_status(self.report.Status.PUBLISHED)
        if not text.strip():
            raise ValidationError({"text": ValidationError(_("Write an answer."), code="required")})
        try:
            reply = self._meta.get_field("reply").clean(text, self)
        except ValidationError as refusal:
            raise ValidationError({"text": refusal}) from None
        first = self.answered_on is None
        # No line in the report's log: its day could tell when someone who withheld their name had asked.
        with transaction.atomic():
            # Other words: what a moderator let stand was said before.
            self.compare_and_swap(reply=reply, answered_on=timezone.localdate(), let_stand=False)
            if first:
                notifications.notify_answer(self)
        return self

    def take_back(self, *, by):
        """Delete it while nobody has answered, as the member who asked."""
        if self.by is None or by != self.by:
            raise PermissionDenied
        if self.answered_on:
            raise ValidationError(
                _("It was answered meanwhile: question and answer stay together."), code="state"
            )
        self._delete()

    def remove(self, *, by, note):
        """Delete it with its answer, as a moderator, for a reason in a sentence."""
        if not self.can_be_removed_by(by):
            raise PermissionDenied
        require_note(note, needed=_("Say in a sentence why it is removed."))
        with transaction.atomic():
            self._delete()
            self.report.add_log_line("question-removed", by, note=note)

    def can_be_removed_by(self, user):
        return user.has_perm("experiences.moderate_experience") and user != self.report.author

    can_be_moderated_by = can_be_removed_by

    # --- How decisions work --------------------------------------------------------------------

    @property
    def language(self):
        return self.report.language

    def is_told_by(self, user):
        """Whose words it is alone: once it is answered, either may find fault with what the other wrote."""
        return user.is_authenticated and self.by_id == user.pk and self.answered_on is None

    def lock_owner(self):
        type(self.report).objects.select_for_update().filter(pk=self.report_id).values_list("pk").first()

    def log_decision(self, verb, by, *, note="", reason=""):
        self.report.add_log_line(f"question-{verb}", by, note=note, reason=reason)

    def after_decision(self, before):
        """Nothing is counted of a question."""

    def _delete(self):
        # An answer may have come meanwhile: only what was read goes.
        if not Question.objects.filter(pk=self.pk, version=self.version).delete()[0]:
            raise Conflict


# --- What readers may ask of a report ---------------------------------------------------------------


def can_be_asked_by(report, user):
    return (
        user.is_authenticated
        and user != report.author
        and report.status == report.Status.PUBLISHED
        and not report.has_openly_left
    )


def ask(report, *, by, text, part=WHOLE, identity=ReportContent.Identity.WITHHELD):
    """Ask its author something; return the Question. The same one sent twice is asked once."""
    if not by.is_authenticated or by == report.author:
        raise PermissionDenied
    report.require_status(report.Status.PUBLISHED)
    if report.has_openly_left:
        raise ValidationError(_("Its author is no longer a member, so nobody could answer."), code="state")
    question = Question(report=report, by=by, part=part, text=text.strip(), identity=identity)
    question.full_clean()
    with transaction.atomic():
        report.lock_unchanged()
        open_ones = list(report.questions.filter(by=by, answered_on=None))
        for one in open_ones:
            if (one.part, one.text) == (question.part, question.text):
                return one
        if len(open_ones) >= MOST_UNANSWERED:
            raise ValidationError(
                _("The author has not answered your last questions yet. Wait, or take one of them back."),
                code="too_many",
            )
        question.save(force_insert=True)
        notifications.notify_question(question)
    return question


def unanswered(report):
    """The questions that wait for the author; read from what is prefetched."""
    return [one for one in report.questions.all() if one.answered_on is None and one.is_shown]
