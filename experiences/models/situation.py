"""Where a reader works: as a member stored it, or as a browser remembers it for one visit."""

from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.report.parts import check_contexts
from experiences.models.vocabulary.cache import lists
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
    def of(cls, user, visit=""):
        """Return where a reader works, or None: what their browser says of this `visit`, else what `user`
        stored.
        """
        said = VisitSituation.read(visit)
        if said or not user.is_authenticated:
            return said
        return cls.objects.filter(member=user).prefetch_related("contexts__facet").first()

    @classmethod
    def to_read_in(cls, user, visit=""):
        """Return it as of(), or None where nothing of it is known: then nothing is like it."""
        found = cls.of(user, visit)
        return found if found and any(context.is_known for context in found.contexts.all()) else None

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


class Unstored(tuple):
    """Contexts without a row that holds them, asked for as those of a row are."""

    def all(self):
        return self


@dataclass(frozen=True)
class VisitSituation:
    """Where a reader works, for this visit: their browser remembers it, and nothing is stored here.

    It is written "audience:internal.kind:support": slugs alone, in letters that a cookie takes as they are.
    """

    contexts: Unstored

    @classmethod
    def of(cls, contexts):
        return cls(Unstored(contexts))

    @classmethod
    def read(cls, text):
        """Return what a browser remembers, or None; what is on no list, or no longer, says nothing."""
        if not text:
            return None
        said = set(text.split("."))
        known = [row for row in lists().contexts if row.is_known and _written(row) in said]
        return cls.of(known) if known else None

    def __str__(self):
        return ".".join(_written(context) for context in self.contexts)


def _written(context):
    return f"{context.facet.slug}:{context.slug}"
