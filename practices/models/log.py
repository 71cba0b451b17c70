"""The log of a practice: dated lines for curators, some of them public."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from practices import grading
from practices.models.practice.content import Grade


class LogLineQuerySet(models.QuerySet):
    def public(self):
        """Return what readers may know, newest first: from the first publication on."""
        firsts = LogLine.objects.filter(practice=models.OuterRef("practice"), verb="published").order_by("pk")
        return self.filter(
            verb__in=LogLine.PUBLIC, pk__gte=models.Subquery(firsts.values("pk")[:1])
        ).order_by("-pk")


class LogLine(models.Model):
    """A dated line of a practice's life: a change of state, or a grade that moved and why."""

    # Verbs anyone may read; the others belong to the desk.
    PUBLIC = ("published", "retired", "graded", "lowered")
    # Verbs that bring a practice to another state.
    MOVES = ("created", "submitted", "returned", "reopened", "published", "retired")

    # Verbs whose note is a sentence that somebody wrote.
    WITH_WORDS = (
        "returned", "retired", "kept", "hidden", "removed", "trial-hidden", "trial-kept", "trial-removed",
        "withheld", "claim-removed", "claim-kept",
    )  # fmt: skip

    practice = models.ForeignKey("practices.Practice", on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    # Of a grade that moved: what changed, and the rule that judged it.
    cause = models.CharField(max_length=20, blank=True)
    rule_version = models.PositiveSmallIntegerField(null=True, blank=True)

    CAUSES = {
        "published": _("a report or version was published"),
        "edited": _("a report was edited"),
        "withdrawn": _("a report was withdrawn"),
        "hidden": _("a report was hidden"),
        "restored": _("a report was restored"),
        "withheld": _("words were withheld in a report"),
        "followed-up": _("an author told what became of it"),
        "linked": _("reports of one event were linked"),
        "tried": _("someone tried it"),
        "alarmed": _("a trial or a follow-up was hidden until a moderator decides"),
        "moderated": _("a moderator decided on a trial or a follow-up"),
        "erased": _("a report or a trial was erased by its author"),
        "left": _("an author left without leaving a name"),
        "cited": _("evidence was added"),
        "uncited": _("evidence was removed"),
        "claim-removed": _("a moderator removed a claim"),
        "claim-kept": _("a moderator let a claim stand again"),
        "lowered": _("a curator lowered it"),
        "given-back": _("a curator gave the computed grade back"),
        "organisations": _("a curator said which names are one organisation"),
        "rule": _("the rule of the grade changed"),
        "review-due": _("the review that a curator lowered it for is due"),
        "retagged": _("contexts of its reports are called otherwise"),
        "recomputed": _("all grades were recomputed"),
        "time": _("time has passed"),
    }

    # What authors and readers did: told by its month, so that it dates nobody who withheld a name.
    TOLD_BY_MONTH = (
        "edited", "withdrawn", "hidden", "restored", "withheld", "followed-up", "tried", "alarmed",
        "moderated", "erased", "left",
    )  # fmt: skip

    objects = LogLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("log line")
        verbose_name_plural = _("log lines")

    def __str__(self):
        return f"{self.verb}: {self.before} → {self.after}"

    @property
    def cause_label(self):
        return self.CAUSES.get(self.cause, self.cause)

    @property
    def before_named(self):
        return named(self.before)

    @property
    def after_named(self):
        return named(self.after)

    @property
    def is_by_a_reader(self):
        """Whether someone did it who is told to moderators alone."""
        return self.verb in ("flagged", "trial-flagged")

    @property
    def tells_why(self):
        return self.verb in self.WITH_WORDS

    @property
    def is_dated_by_month(self):
        return self.cause in self.TOLD_BY_MONTH

    @property
    def sentence(self):
        """Say to readers what happened; only for PUBLIC verbs."""
        if self.verb == "published":
            return gettext("Version %(number)s was published.") % {"number": self.note}
        if self.verb == "retired":
            return gettext("The practice was retired.")
        words = {"before": self.before_named, "after": self.after_named, "cause": self.cause_label}
        if self.before == self.after and self.cause == "rule":
            return gettext("The grade stayed %(after)s: %(cause)s.") % words
        if self.before == self.after:
            return gettext("The grade stayed %(after)s, its flags changed: %(cause)s.") % words
        return gettext("The grade moved from %(before)s to %(after)s: %(cause)s.") % words

    @property
    def desk_sentence(self):
        """Say to curators what happened, whichever the verb."""
        sentences = {
            "created": gettext("The practice was begun."),
            "submitted": gettext("It was sent to review."),
            "returned": gettext("It was returned to its curators."),
            "reopened": gettext("A revision was begun."),
            "commented": gettext("A comment was written."),
            "settled": gettext("A comment was settled."),
            "retagged": gettext("A term of the vocabulary gave way to another: %(terms)s.")
            % {"terms": self.note},
            "flagged": gettext("An alarm was raised about it."),
            "kept": gettext("A moderator let it stand."),
            "hidden": gettext("A moderator hid it until more is known."),
            "removed": gettext("A moderator removed it."),
            "claim-removed": gettext("A moderator removed a claim."),
            "claim-kept": gettext("A moderator let a claim stand again."),
            "withheld": gettext("A moderator withheld words."),
            "looked": gettext("A moderator looked at the words that were withheld."),
            "trial-flagged": gettext("An alarm was raised about a trial."),
            "trial-hidden": gettext("A trial was hidden by a moderator."),
            "trial-kept": gettext("A trial is shown, as a moderator decided."),
            "trial-removed": gettext("A trial was removed by a moderator."),
        }
        return sentences.get(self.verb) or self.sentence

    @property
    def flags(self):
        """Return what a graded line flags."""
        return self.note.split(", ") if self.verb == "graded" and self.note else []

    @property
    def flag_sentences(self):
        """Return what a graded line flags, as whole sentences."""
        return [grading.FLAG_SENTENCES[flag]() for flag in self.flags if flag in grading.FLAG_SENTENCES]


def named(code):
    """Return a grade such as "G2" with its name."""
    return f"{code} {Grade[code].label}" if code in Grade.__members__ else code
