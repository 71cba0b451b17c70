from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.report.parts import check_contexts
from experiences.models.vocabulary.terms import Context


class Situation(models.Model):
    """A member's own contexts, dated: copied into each new report, used for ranking."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="situation"
    )
    contexts = models.ManyToManyField(Context, blank=True, related_name="+")
    stated_on = models.DateField(_("stated on"), default=timezone.localdate)

    class Meta:
        verbose_name = _("situation")
        verbose_name_plural = _("situations")

    def __str__(self):
        return ", ".join(context.label for context in self.contexts.all())

    @classmethod
    def of(cls, user):
        """Return the situation of `user`, or None (also for people not signed in)."""
        if not user.is_authenticated:
            return None
        return cls.objects.filter(member=user).prefetch_related("contexts__facet").first()

    @classmethod
    def state(cls, contexts, *, by):
        """Replace the situation of `by` with `contexts`, as of today.

        Raises ValidationError keyed by facet when a facet has too many values.
        """
        errors = check_contexts(contexts)
        if errors:
            raise ValidationError(errors)
        with transaction.atomic():
            situation, _created = cls.objects.update_or_create(
                member=by, defaults={"stated_on": timezone.localdate()}
            )
            situation.contexts.set(contexts)
        return situation
