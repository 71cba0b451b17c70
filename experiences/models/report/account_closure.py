"""What becomes of a report when its author leaves: erased, or left without a name.

Both verbs go by the columns and relations the models have, so that what is added to a report
later goes the same way.
"""

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from experiences.models.fields import month_end
from experiences.models.masking import Masking, mask
from experiences.models.tagging import drop_unused
from experiences.search import index
from experiences.text import markdown


class Parting(models.Model):
    """The two ways in which an author parts with a report."""

    class Meta:
        abstract = True

    def erase(self, *, by):
        """Delete all that the report told, in whatever state it is.

        Where a published version cites it, an empty row stays, so that the version still answers.
        """
        self._require_author(by)
        with transaction.atomic():
            self.compare_and_swap(**self._emptied())
            index.REPORTS.drop(self.pk)
            self._drop_rows()
            self.evidence.forget(cause="erased")
            if self.evidence.exists():
                self._log("erased", None)
            else:
                self.delete()

    def leave_without_name(self, *, by):
        """Cut every tie between the report and its author; what it tells stays."""
        self._require_author(by)
        S = self.Status
        self._require(S.PUBLISHED, S.HIDDEN, S.WITHDRAWN)
        with transaction.atomic():
            for rows in self._rows_about():
                mask(rows, Masking(by.email))
            self.compare_and_swap(**self._nameless(by.email))
            self.log.filter(by=by).update(by=None)
            self._log("left", None)
            self._after_public_change("left")
        return self

    def _require_author(self, by):
        if self.author is None or by != self.author:
            raise PermissionDenied

    def _emptied(self):
        """Return every column that told something, as a row that tells nothing has it."""
        kept = ("id", "public_id", "version")
        columns = {
            field.attname: field.get_default()
            for field in self._meta.concrete_fields
            if field.name not in kept
        }
        html = {name: markdown.render("") for name in self.TEXTS}
        return columns | {"status": self.Status.ERASED, "html": html}

    def _nameless(self, address):
        """Return the columns of this report without its author, nor the e-mail address in any words."""
        columns = {name: masked(getattr(self, name), address) for name in self.TEXTS}
        columns["title"] = masked(self.title, address)[: self._meta.get_field("title").max_length]
        return columns | {
            "html": {name: markdown.render(columns[name]) for name in self.TEXTS},
            "author": None,
            "changed_at": month_end(timezone.now()),
            "identity": self.Identity.WITHHELD,
            "organisation": "",
            "source_id": "",
            "submission_key": "",
            "submission_digest": "",
            "unsaved": {},
        }

    def _drop_rows(self):
        words = list(self.keywords.values_list("pk", flat=True))
        for rows in self._rows_about(models.CASCADE):
            rows.delete()
        self.grown_from.update(report=None)
        drop_unused(words)

    def _rows_about(self, *ways):
        """Yield the rows of each model that point here (only those deleted in one of `ways`)."""
        for relation in self._meta.get_fields(include_hidden=True):
            if not (relation.auto_created and relation.one_to_many):
                continue
            if not ways or relation.on_delete in ways:
                yield relation.related_model._default_manager.filter(**{relation.field.name: self.pk})


def masked(text, word):
    """Return `text` with `word` withheld, whatever its case."""
    return Masking(word).text(text)
