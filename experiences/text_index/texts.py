"""The texts by which rows are found, as stems: written by the verb that changes what readers see.

They stand in the database, in the transaction of what they come from; the index (`index.py`) is made from
them, again whenever its files are lost.
"""

from itertools import chain

from django.db import models

from experiences.text.compounds import joined
from experiences.text.prose import prose
from experiences.text.stemming import bare_words, fold, stem
from experiences.text_index.vectors import ReportVector

PARTS = ("title", "weighty", "rest")


class IndexedTextQuerySet(models.QuerySet):
    def put(self, row):
        """Write or replace the text of `row`."""
        self.put_all([row])

    def put_all(self, rows):
        """Write or replace the texts of `rows`, which have search_texts(), a language and stakes."""
        self.model.Vector.objects.keep_only(self.add_all(rows))

    def add(self, row):
        """As put(), of a row that had no text before."""
        self.add_all([row])

    def add_all(self, rows):
        """As put_all(), of rows that had no text before; return their texts."""
        columns = [field.name for field in self.model._meta.concrete_fields if not field.primary_key]
        texts = sorted((self.model.of(row) for row in rows), key=lambda text: text.pk)
        self.bulk_create(texts, update_conflicts=True, unique_fields=["row_id"], update_fields=columns)
        return texts

    def drop(self, pk):
        # The text first: who makes its vector meanwhile holds it, and is waited for.
        self.filter(pk=pk).delete()
        self.model.Vector.objects.drop([pk])

    def ids(self):
        """Return the set of primary keys that have a text."""
        return set(self.values_list("pk", flat=True))

    def holds(self, row):
        """Whether the text stored of `row` is the one that put() would write now."""
        made, stored = self.model.of(row), self.filter(pk=row.pk).first()
        return stored is not None and stored.values() == made.values()


class IndexedText(models.Model):
    """One text: the stems of its parts in order, parted by spaces, and each of its words once."""

    Vector = None  # the model of the vectors of such texts

    row_id = models.BigIntegerField(primary_key=True)
    title = models.TextField()
    weighty = models.TextField()  # what it comes to: of a report, what it taught and what came of it
    rest = models.TextField()
    # "word/stem" of each word, folded, and "/word" as written, where that differs: so a word that is not
    # typed to its end, or mistyped, is known.
    words = models.TextField()
    tags = models.TextField()  # its language and stakes: see language_tag() and stake_tag()

    objects = IndexedTextQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.pk)

    @classmethod
    def of(cls, row):
        """Return the text of a row as it is now: of its search_texts(), and what it says in profiled()."""
        _place, language, stakes = row.profiled()
        title, *texts = row.search_texts()
        texts = [title, *map(prose, texts)]  # A title is a line of words, whatever signs are in it.
        parts = {name: _stems(text, language) for name, text in zip(PARTS, texts, strict=True)}
        tags = [language_tag(language), *sorted(stake_tag(stake.pk) for stake in stakes)]
        return cls(row_id=row.pk, **parts, words=_words(texts, language), tags=" ".join(tags))

    def values(self):
        """Return all that is indexed of it."""
        return [getattr(self, name) for name in (*PARTS, "words", "tags")]


def language_tag(language):
    """Return the tag of the texts in `language`; no word is written so."""
    return f"l:{language}"


def stake_tag(pk):
    """Return the tag of the texts tagged with the stake `pk`."""
    return f"s:{pk}"


def _stems(text, language):
    """Return the stems of `text`; those of compounds written as one word stand last, after all others."""
    return " ".join(stem(word, language) for word in chain(bare_words(text), joined(text)))


def _words(texts, language):
    found = {word.lower() for text in texts for word in chain(bare_words(text), joined(text))}
    return " ".join(sorted(term_of(word, language) for word in found))


def term_of(word, language):
    """Return `word`, in small letters, as the index knows words: see IndexedText.words."""
    folded = fold(word)
    return f"{folded}/{stem(word, language)}{'' if word == folded else f'/{word}'}"


class ReportText(IndexedText):
    """Of a published report."""

    Vector = ReportVector
