"""The derived rows that lists are read from, and how each process learns which of them are new."""

import secrets
from functools import partial

from django.db import models, transaction
from django.db.models import F


class ListState(models.Model):
    """How often a list of what is public was changed: what a process holds of it is as old as its number."""

    name = models.CharField(max_length=20, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = "state of a list"

    def __str__(self):
        return f"{self.name} {self.number}"

    @classmethod
    def advance(cls, name):
        """Raise the number of the list `name`; others who do wait until this transaction ends."""
        rows = cls.objects.filter(name=name)
        if not rows.update(number=F("number") + 1):
            cls.objects.bulk_create([cls(name=name)], ignore_conflicts=True)
            rows.update(number=F("number") + 1)


class ListedQuerySet(models.QuerySet):
    def put(self, rows):
        """Write or replace `rows`, inside the transaction of what they are derived from."""
        rows = sorted(rows, key=lambda row: row.row_id)  # in one order everywhere: no deadlock
        if not rows:
            return
        for row in rows:
            row.number, row.stamp = None, secrets.randbits(40)
        changing = [field.name for field in self.model._meta.concrete_fields if not field.primary_key]
        self.bulk_create(rows, update_conflicts=True, unique_fields=["row_id"], update_fields=changing)
        transaction.on_commit(partial(number_new_rows, self.model), robust=True)

    def drop(self, keys):
        """Leave nothing of the rows `keys` but that they are listed no more: processes must learn it."""
        there = self.filter(row_id__in=keys).values_list("row_id", flat=True)
        self.put(self.model(row_id=key) for key in there)

    def touch(self, keys):
        """Let processes read the rows `keys` again: what they hold beside them is new.

        A row that a verb is just writing again is left to that verb.
        """
        free = self.filter(pk__in=keys, is_listed=True).select_for_update(skip_locked=True)
        self.filter(pk__in=free.values("pk")).update(number=None, stamp=secrets.randbits(40))
        transaction.on_commit(partial(number_new_rows, self.model), robust=True)


def number_new_rows(model):
    """Number the rows of `model` that were just committed.

    In a transaction of its own, which waits for others who number alone: so numbers come in the order in
    which they can be read. A row that a verb is just writing again is passed over, and numbered after that
    verb. Until a row has a number, readers read it each time that they look.
    """
    with transaction.atomic():
        ListState.advance(model.LIST)
        state = ListState.objects.filter(name=model.LIST).values("number")[:1]
        free = model.objects.filter(number=None).select_for_update(skip_locked=True)
        model.objects.filter(pk__in=free.values("pk")).update(number=models.Subquery(state))


class Listed(models.Model):
    """What lists show of one row, and find and order it by.

    Its key is that of the row; no foreign key, because that a row is gone must be told, too. What is not
    `is_listed` says nothing else.
    """

    LIST = ""
    EXTRA = {}  # what columns hold of rows beside what all have → int or bytes

    row_id = models.BigIntegerField(primary_key=True)
    # The state of the list since which it is as it is; none until its transaction has ended.
    number = models.PositiveBigIntegerField(null=True, db_index=True)
    stamp = models.PositiveBigIntegerField()  # by chance: tells a row without a number from what it was
    is_listed = models.BooleanField(default=False)
    order_key = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    tags = models.BinaryField(default=bytes)  # see columns.pack()

    objects = ListedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.LIST} {self.row_id}"


class ListedReport(Listed):
    """A published report as lists have it."""

    LIST = "reports"

    # The item of the API, but for what is read beside it; the card, with slots for words of a language.
    item = models.TextField(default="")
    card = models.TextField(default="")

    class Meta:
        verbose_name = "listed report"
