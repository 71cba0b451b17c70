"""Making the vectors of texts: a few at a time, by the worker, as each takes a tenth of a second or more."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from experiences.list_index.held import changed_rows, read_states
from experiences.meaning.model import model
from experiences.text.prose import prose
from experiences.text_index.vectors import digest_of

AT_ONCE = 4  # texts: mails wait for no more
LOOKED_FOR = 200  # texts without a vector
# Characters of a text, from its beginning: twice as many take three times as long, and find no more.
LONGEST = 1000


def passage(row):
    """Return what the model reads of a row: its title, what it comes to, and the beginning of the rest."""
    return "\n".join(prose(part) for part in row.search_texts())[:LONGEST]


class VectorMaker:
    """Makes the vectors of the texts of `index` (a TextIndex), which are of rows of the model `rows`."""

    def __init__(self, index, rows):
        self.index, self.rows = index, rows
        self.forget()

    def forget(self):
        """Look at all texts again."""
        self._waiting, self._after = [], 0
        self._done = self._begun = None  # the States of the list up to which all were looked at, or are

    def make_some(self):
        """Make the vectors of a few texts that have none; return how many were made."""
        language_model = model()
        if language_model is None:
            return 0
        keys = self._next(language_model.name)
        return self._make(language_model, keys) if keys else 0

    def _next(self, name):
        """Return the keys of a few texts that `name` made no vector of; each is looked at once, unless it
        changes.
        """
        if not self._waiting:
            self._begun = self._begun or read_states(self.index.listed.model).lists[0]
            if self._begun == self._done:
                self._begun = None
                return []
            self._waiting = list(self._missing(name)[:LOOKED_FOR])
            if not self._waiting:
                self._done, self._begun, self._after = self._begun, None, 0
                return []
            self._after = self._waiting[-1]
        keys, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        return keys

    def _missing(self, name):
        """Return the keys, in order, of the texts without a vector: of those that changed since all were
        looked at.
        """
        made = self.index.texts.Vector.objects.filter(pk=OuterRef("pk"), model=name)
        found = self.index.texts.objects.filter(~Exists(made), pk__gt=self._after)
        if self._done is not None:
            changed = changed_rows(self.index.listed.model, self._done.number, ())
            found = found.filter(pk__in=changed.values("row_id"))
        return found.order_by("pk").values_list("pk", flat=True)

    def _make(self, language_model, keys):
        texts = self.index.texts.objects
        digests = {text.pk: digest_of(text) for text in texts.filter(pk__in=keys)}
        rows = list(self.rows.objects.filter(pk__in=digests).for_list())
        if not rows:
            return 0
        made = language_model.vectors_of([passage(row) for row in rows])
        vectors = dict(zip((row.pk for row in rows), made, strict=True))
        with transaction.atomic():
            # Only of texts that are still as they were read: who changes one waits here, or is left to it.
            held = texts.select_for_update(skip_locked=True).filter(pk__in=digests).order_by("pk")
            standing = [text.pk for text in held if digest_of(text) == digests[text.pk]]
            vectors = {key: vectors[key] for key in standing if key in vectors}
            self.index.texts.Vector.objects.put(vectors, digests, language_model.name)
            self.index.listed.model.objects.touch(vectors)
        return len(vectors)
