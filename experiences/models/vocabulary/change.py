"""What moderators did to the closed lists: who, when, to which term, and why."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from experiences.models.fields import Prose


def can_edit_vocabulary(user):
    """Whether `user` may edit the closed lists: a moderator."""
    return user.has_perm("experiences.edit_vocabulary")


def require_editor(user):
    """Raise PermissionDenied unless `user` may edit the closed lists."""
    if not can_edit_vocabulary(user):
        raise PermissionDenied


class VocabularyChangeQuerySet(models.QuerySet):
    def columns_written(self):
        """Return {address: columns that were edited} of the terms whose words a moderator wrote."""
        found = {}
        written = self.filter(verb__in=("added", "edited"))
        for address, details in written.values_list("address", "details"):
            found.setdefault(address, set()).update(details)
        return found


class VocabularyChange(models.Model):
    """A dated line of the history of one term, which `address` names: "stakes/burnout"."""

    DONE = {
        "added": _("Added"),
        "edited": _("Reworded"),
        "retired": pgettext_lazy("term", "Retired"),
        "merged": _("Merged into another"),
        "split": _("Split into others"),
        "restored": _("Taken back into use"),
        "retagged": _("Reports tagged with its heirs"),
    }

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(_("term"), max_length=220)
    verb = models.CharField(max_length=10)
    note = Prose(_("note"), max_length=2000)
    # {column: [before, after]} of words that changed; {"heirs": [slug]}; {"reports": number}.
    details = models.JSONField(default=dict)

    objects = VocabularyChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("change of the vocabulary")
        verbose_name_plural = _("changes of the vocabulary")
        permissions = [("edit_vocabulary", "Can edit, merge, split and retire terms of the closed lists")]
        indexes = [models.Index(fields=["address"], name="changes_of_a_term")]

    def __str__(self):
        return f"{self.address}: {self.verb}"

    @property
    def said(self):
        """What was done, in words."""
        return self.DONE.get(self.verb, self.verb)

    @property
    def heirs_named(self):
        return self.details.get("heirs", [])

    @property
    def rewordings(self):
        """Return [(what the column is called, before, after)] of an edit."""
        names = {
            field.name: field.verbose_name
            for model in apps.get_app_config("experiences").get_models()
            if getattr(model, "LIST", "") == self.address.split("/")[0]
            for field in model._meta.concrete_fields
        }
        pairs = self.details.items() if self.verb == "edited" else ()
        return [(names.get(name, name), *values) for name, values in pairs]
