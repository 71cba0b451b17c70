"""Follow-ups: the author, later, says whether it still holds."""

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import Prose, public_id
from experiences.models.moderation import Moderated, ModeratedQuerySet
from experiences.models.report.report import Experience


class FollowUpQuerySet(ModeratedQuerySet):
    def visible_to(self, user):
        """Return those about what `user` may read that are shown, or that they wrote or moderate."""
        known = self.filter(report__in=Experience.objects.visible_to(user))
        if user.has_perm("experiences.moderate_experience"):
            return known
        seen = Q(moderation=Moderated.Moderation.SHOWN)
        return known.filter(seen | Q(report__author=user) if user.is_authenticated else seen)


class FollowUp(Moderated):
    """The author, later: does it still hold?"""

    public_id = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="follow_ups")
    told_on = models.DateField(_("told on"), default=timezone.localdate)
    verdict = models.CharField(_("verdict"), max_length=14, choices=Experience.Verdict.choices)
    text = Prose(_("what has become of it"), blank=False)
    flags = GenericRelation("experiences.Flag")

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        ordering = ["told_on", "pk"]
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self):
        return f"{self.told_on}: {self.get_verdict_display()}"

    def clean(self):
        if self.told_on and self.told_on > timezone.localdate():
            raise ValidationError({"told_on": _("A follow-up cannot be told in the future.")})

    def get_absolute_url(self):
        return f"{self.report.get_absolute_url()}#follow-up"

    @property
    def holds(self):
        return self.verdict in Experience.Verdict.SUCCESSES

    def is_told_by(self, user):
        return self.report.is_told_by(user)

    @property
    def language(self):
        return self.report.language

    # --- How decisions work --------------------------------------------------------------------

    def writers(self):
        return [self.report.author]

    def lock_owner(self):
        Experience.objects.select_for_update().filter(pk=self.report_id).values_list("pk").first()

    def log_decision(self, verb, by, *, note="", reason=""):
        self.report.add_log_line(f"follow-up-{verb}", by, note=note, reason=reason)

    def after_decision(self, before):
        self.report.evidence.reconsider(cause="moderated")
        Experience.objects.filter(pk=self.report_id).list_again()
