"""Two names of one organisation, as a curator says: what is told under both counts once.

Who says so never learns who told what: no answer depends on whether anybody used one of the names, and
reports that withhold a name are never joined by their organisation (practices/grading).
"""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models import Experience
from experiences.models.fields import Line
from experiences.text.organisations import organisation_key
from practices.grading.groups import Groups
from practices.models.evidence import Evidence


class SameOrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what `user` may know of: for curators, all; for others, nothing."""
        return self if user.has_perm("practices.curate_practice") else self.none()

    def standing(self):
        return self.filter(undone_at=None)

    def say(self, name, other, *, by):
        """Say, as a curator, that `name` and `other` are one organisation; return the row.

        Raises PermissionDenied, and ValidationError where that is so already.
        """
        if not by.has_perm("practices.curate_practice"):
            raise PermissionDenied
        row = self.model(name=name.strip(), other=other.strip(), by=by)
        row.full_clean()
        with transaction.atomic():
            row.save()
            row.regrade(by)
        return row


class SameOrganisation(models.Model):
    """A curator's word that two names are one organisation; it stays in the list once it is undone."""

    name = Line(_("one name"), max_length=120)
    other = Line(_("the other name"), max_length=120)
    name_key = Line(max_length=400, editable=False)
    other_key = Line(max_length=400, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    undone_at = models.DateTimeField(null=True, editable=False)

    objects = SameOrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("names of one organisation")
        verbose_name_plural = _("names of one organisation")

    def __str__(self):
        return f"{self.name} = {self.other}"

    def full_clean(self, *args, **kwargs):
        self.name_key, self.other_key = organisation_key(self.name), organisation_key(self.other)
        super().full_clean(*args, **kwargs)

    def clean(self):
        first, second = same_keys([self.name_key, self.other_key])
        if first == second:
            raise ValidationError(_("These two names count as one already."), code="state")

    def undo(self, *, by):
        """Let the two names count apart again, as a curator."""
        if not by.has_perm("practices.curate_practice"):
            raise PermissionDenied
        now = timezone.now()
        with transaction.atomic():
            done = SameOrganisation.objects.standing().filter(pk=self.pk)
            if not done.update(undone_by=by, undone_at=now):
                raise ValidationError(_("This was undone already."), code="state")
            self.undone_by, self.undone_at = by, now
            self.regrade(by)
        return self

    def regrade(self, by):
        """Grade again the practices that rest on a signed report told under one of the names."""
        known = Evidence.objects.filter(report__identity=Experience.Identity.NAMED)
        rows = known.exclude(report__organisation="").values_list("claim__practice", "report__organisation")
        rows = list(rows.distinct())
        meant = set(same_keys([self.name_key, self.other_key]))
        keys = same_keys([organisation_key(organisation) for _practice, organisation in rows])
        found = {practice for (practice, _name), key in zip(rows, keys, strict=True) if key in meant}
        for practice in apps.get_model("practices.Practice").objects.filter(pk__in=found).order_by("pk"):
            practice.regrade(cause="organisations", by=by)


def same_keys(keys):
    """Return for each of `keys` (of organisation_key()) the key that stands for all its names."""
    groups = Groups()
    for name, other in (
        SameOrganisation.objects.standing().order_by("pk").values_list("name_key", "other_key")
    ):
        groups.join(name, other)
    return [groups.of(key) if key else "" for key in keys]
