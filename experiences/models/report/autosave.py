"""Autosave: which open page wrote last, and the words it holds that are not stored yet."""

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from experiences.models.fields import Line
from experiences.models.report.state import ReportState


class Autosave(ReportState):
    """A report that an open form may overwrite with its own words, and with nobody else's."""

    # The open page that wrote last, and when.
    page = Line(max_length=32, blank=True, editable=False)
    saved_at = models.DateTimeField(null=True, editable=False)
    # What that page holds that is not fit to be stored, or not to be public yet (name of the input: what
    # was typed).
    unsaved = models.JSONField(default=dict, blank=True, editable=False)
    # When its author was asked, before it is sent, about what may identify someone: until then, they are not
    # asked again.
    warned_at = models.DateTimeField(
        _("asked about what may identify someone"), null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True

    def keep_words(self, words, *, by, page=""):
        """Hold `words` ({name of an input: what was typed}) as they are, beside what is stored.

        Raises PermissionDenied, or Conflict as write() does.
        """
        if self._state.adding:
            self.author = by
        elif not self.can_be_edited_by(by):
            raise PermissionDenied
        columns = {"unsaved": words, "page": page, "saved_at": timezone.now(), "submission_digest": ""}
        with transaction.atomic():
            if self._state.adding:
                self._insert(columns)
            else:
                self.compare_and_swap(**columns)
        return self

    def drop_unsaved(self, *, by):
        """Forget the words that were held beside what is stored."""
        if not self.can_be_edited_by(by):
            raise PermissionDenied
        with transaction.atomic():
            self.compare_and_swap(unsaved={})
        return self

    def note_warned(self):
        """Note that its author was asked; what an open form read of it stays current."""
        self.warned_at = timezone.now()
        type(self).objects.filter(pk=self.pk).update(warned_at=self.warned_at)

    def _insert(self, columns):
        for name, value in columns.items():
            setattr(self, name, value)
        self.save(force_insert=True)

    def compare_and_swap(self, **columns):
        """Write as any report; no open form may then take what is stored for its own words."""
        super().compare_and_swap(**{"page": ""} | columns)
