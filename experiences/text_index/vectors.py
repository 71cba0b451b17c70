"""What texts mean, as vectors that a language model makes of them, where one is installed.

A vector is dropped in the transaction in which its text is dropped or becomes another, and the worker makes
it again (experiences/meaning/): what was withheld or withdrawn is not found by what it meant.
"""

import hashlib

import numpy as np
from django.db import models

FINEST = 127  # the largest number of a vector as it is stored


class TextVectorQuerySet(models.QuerySet):
    def put(self, vectors, digests, model):
        """Write or replace `vectors`, {key: array}, that `model` made of the texts with these `digests`."""
        rows = [
            self.model(row_id=key, digest=digests[key], vector=packed(vector), model=model)
            for key, vector in sorted(vectors.items())
        ]
        columns = [field.name for field in self.model._meta.concrete_fields if not field.primary_key]
        self.bulk_create(rows, update_conflicts=True, unique_fields=["row_id"], update_fields=columns)

    def keep_only(self, texts):
        """Drop the vectors of `texts`, as they are now, that are of what these were before."""
        digests = {text.pk: digest_of(text) for text in texts}
        self.filter(pk__in=list(digests)).exclude(digest__in=list(digests.values())).delete()

    def drop(self, keys):
        self.filter(pk__in=keys).delete()

    def astray(self, texts):
        """Return the keys of the vectors that are of none of `texts` (a queryset) as it is now."""
        digests = dict(self.values_list("pk", "digest"))
        if not digests:
            return []
        told = {text.pk: digest_of(text) for text in texts.order_by("pk").iterator()}
        return sorted(key for key, digest in digests.items() if told.get(key) != digest)


class TextVector(models.Model):
    """The vector of one text (IndexedText), with the key of the row."""

    row_id = models.BigIntegerField(primary_key=True)
    digest = models.BigIntegerField()  # of the text: see digest_of()
    vector = models.BinaryField()  # see packed()
    model = models.CharField(max_length=40)  # that made it: vectors of two models cannot be compared

    objects = TextVectorQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.pk)


class ReportVector(TextVector):
    """Of a published report."""


def digest_of(text):
    """Return a number that is another when any word of `text` (IndexedText) is."""
    told = hashlib.blake2b("\n".join([text.title, text.weighty, text.rest]).encode(), digest_size=8)
    return int.from_bytes(told.digest(), signed=True)


def packed(vector):
    """Return a vector as the bytes that a row keeps: its direction, as one byte for each number."""
    return np.rint(vector * (FINEST / max(np.abs(vector).max(), 1e-9))).astype(np.int8).tobytes()
