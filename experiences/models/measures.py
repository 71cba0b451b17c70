"""Rows under a report that say how it is known: effects that moved, and links that show what it says."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import Line, Month
from experiences.models.report.report import Experience
from experiences.models.vocabulary.words import Effect


class MeasureQuerySet(models.QuerySet):
    def worse(self):
        """Return those of an effect that went where nobody wants it."""
        less_is_better = models.Q(effect__slug__in=Effect.LESS_IS_BETTER)
        up, down = (models.Q(direction=way) for way in (Measure.Direction.UP, Measure.Direction.DOWN))
        return self.filter((less_is_better & up) | (~less_is_better & down))


class Measure(models.Model):
    """An effect that moved, before and after, with its source."""

    class Direction(models.TextChoices):
        UP = "up", _("went up")
        DOWN = "down", _("went down")
        SAME = "same", _("stayed the same")

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveSmallIntegerField(default=0)
    effect = models.ForeignKey(Effect, verbose_name=_("effect"), on_delete=models.PROTECT)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices)
    indicator = Line(_("indicator"), max_length=200, blank=True)
    before = Line(_("before"), max_length=60, blank=True)
    after = Line(_("after"), max_length=60, blank=True)
    unit = Line(_("unit"), max_length=60, blank=True)
    source = Line(_("source"), max_length=200, blank=True)
    before_on = Month(_("month of the first figure"), null=True, blank=True)
    after_on = Month(_("month of the second figure"), null=True, blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("measure")
        verbose_name_plural = _("measures")

    def __str__(self):
        return f"{self.effect}: {self.before} → {self.after} {self.unit}".strip()

    def clean(self):
        months = {name: getattr(self, name) for name in ("before_on", "after_on")}
        told = {name: month for name, month in months.items() if isinstance(month, date)}
        for name, month in told.items():
            if month > timezone.localdate():
                text = _("A report tells what has happened: this month is in the future.")
                raise ValidationError({name: ValidationError(text, code="future")})
        if len(told) == 2 and self.after_on < self.before_on:
            text = _("The end is before the beginning. Change one of the two months.")
            raise ValidationError({"after_on": ValidationError(text, code="end_before_start")})

    @property
    def change(self):
        """What the move of the effect means, in a word: figures may fall where things get better."""
        if self.direction == self.Direction.SAME:
            return self.get_direction_display()
        less = self.effect.slug in Effect.LESS_IS_BETTER
        return _("better") if (self.direction == self.Direction.DOWN) == less else _("worse")

    @property
    def is_complete(self):
        """Whether it says before, after and where the figures come from (strength R3)."""
        return bool(self.before and self.after and self.source)


class Source(models.Model):
    """A link that shows what the report says, for everyone or for curators only."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("everyone")
        CURATORS = "curators", _("curators only")

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="sources")
    position = models.PositiveSmallIntegerField(default=0)
    url = models.URLField(_("link"), max_length=500, validators=[URLValidator(schemes=["http", "https"])])
    label = Line(_("what it is"), max_length=200, blank=True)
    visibility = models.CharField(
        _("who sees it"), max_length=8, choices=Visibility.choices, default=Visibility.PUBLIC
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self):
        return self.label or self.url
