"""What every row of the closed lists has: words that moderators change, and the history of that.

A row is loaded with the site. Once a moderator has reworded it, the shipped words no longer come over
theirs (see experiences/vocabulary/).
"""

import copy

from django.db import models, transaction
from django.urls import reverse

from config.versioning import Versioned
from experiences.list_index import held
from experiences.list_index.models import ListState
from experiences.models.vocabulary.cache import forget
from experiences.models.vocabulary.change import VocabularyChange, require_editor


class Editable(Versioned):
    """A row of a closed list whose words moderators change; its slug is permanent.

    `LIST` is its list, as addresses name it; WORDS are the columns that may change.
    """

    LIST, WORDS = "", ()

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    @property
    def key(self):
        """What names it in its list: slug, or group and slug."""
        return self.slug

    @property
    def address(self):
        """What names it among all lists; the same in pages, in the API and in its history."""
        return f"{self.LIST}/{self.key}"

    @property
    def vocabulary_url(self):
        """The page on which moderators edit it."""
        return reverse("vocabulary:term", args=[self.address])

    @property
    def history(self):
        return VocabularyChange.objects.filter(address=self.address).select_related("by")

    def edit(self, *, by, **words):
        """Change some of its words, as a moderator; what is left out stays.

        `words` are values of the columns in WORDS. Raises PermissionDenied, ValidationError keyed by
        column, or Conflict when `version` is not the stored one.
        """
        require_editor(by)
        edited = copy.copy(self)  # A refused edit leaves this one alone.
        for name, value in words.items():
            setattr(edited, name, value)
        edited.full_clean()
        stored = type(self).objects.get(pk=self.pk)
        changed = {name: value for name, value in words.items() if getattr(stored, name) != value}
        if not changed:
            return self
        with transaction.atomic():
            self.compare_and_swap(**changed)
            # First: the state of the vocabulary is held before the rows that have a term, by every verb.
            self.log_change("edited", by, **differences(stored, edited, changed))
        return self

    def log_change(self, verb, by, note="", **details):
        """Add a line to its history, and have the lists read anew."""
        VocabularyChange.objects.create(address=self.address, verb=verb, by=by, note=note, details=details)
        ListState.advance(held.VOCABULARY)
        transaction.on_commit(forget)


def differences(before, after, names):
    """Return {name: [before, after]} of the columns `names`, as people read them."""
    return {name: [plain(getattr(before, name)), plain(getattr(after, name))] for name in names}


def plain(value):
    return value.slug if isinstance(value, models.Model) else value
