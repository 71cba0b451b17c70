"""What nearness reads of a text: its words that tell most, in one narrow row, and the few to find it by.

Both are derived: written by the verb that changes what readers see, in its transaction, made again by
`rebuild_index`, compared by `check_index`. They hold what the text says and nothing of other texts, so that
they stay true whatever is published. What is near is judged in `search/related.py`.
"""

from collections import Counter
from itertools import chain, groupby, islice
from math import log
from operator import itemgetter

from django.db import connection, models

from experiences.text.frequency import rarities
from experiences.text.stemming import LONGEST_WORD
from experiences.text.telling_words import telling_stems

KEPT = 200  # Stems of a text: more tell its style.
POSTED = 24  # Of these, those that it is found by.
PLACES = (8, 3, 1)  # What a word weighs in the title, in the weighty texts, in the rest.
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"  # One for each stem, of how much it weighs.


def stake_term(pk):
    """Return the term under which all that names a stake is found; no word is written so."""
    return f"#{pk}"


class WordProfileQuerySet(models.QuerySet):
    """The profiles of one model's rows."""

    def put(self, row):
        """Write or replace the profile of `row`, and what it is found by."""
        self.put_all([row])

    def put_all(self, rows, again=False):
        """Write or replace the profiles of `rows`, those that are not so already.

        `again`: what the others are found by, too, which may have gone missing.
        """
        made = {row.pk: self.model.of(row) for row in rows}
        stored = self.in_bulk(made)
        changed = {pk: one for pk, one in made.items() if not one.is_same_as(stored.get(pk))}
        self._forget([stored[pk] for pk in changed if pk in stored])
        self._write(list(changed.values()))
        if again:
            self._post(one for pk, one in made.items() if pk not in changed)

    def add(self, row):
        """Write the profile of `row`, which never had one: nothing is looked for."""
        self.add_all([row])

    def add_all(self, rows):
        """Write the profiles of `rows`, which never had one."""
        self._write([self.model.of(row) for row in rows])

    def _write(self, profiles):
        self.bulk_create(profiles)
        self._post(profiles)

    def _post(self, profiles):
        """Write what `profiles` are found by; some may stand there, though their profile went missing."""
        rows = [(term, one.place) for one in profiles for term in one.terms]
        table = self.model.Posting._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.executemany(f"INSERT OR IGNORE INTO {table} (term, place) VALUES (%s, %s)", rows)
            elif rows:
                cursor.execute(
                    f"INSERT INTO {table} (term, place)"
                    " SELECT * FROM unnest(%s::varchar[], %s::bigint[]) ON CONFLICT DO NOTHING",
                    [list(column) for column in zip(*rows, strict=True)],
                )

    def drop(self, pk):
        self._forget(list(self.filter(pk=pk)))

    def ids(self):
        """Return the set of primary keys that have a profile."""
        return set(self.values_list("pk", flat=True))

    def strays(self):
        """Yield (term, place) of the postings that no profile asks for.

        Postings are read first: of what is published meanwhile, none is known without its profile.
        """
        postings = self.model.Posting.objects.order_by("place").values_list("place", "term").iterator()
        first = list(islice(postings, 1))
        profiles = self.order_by("place").only("place", "stems", "stakes").iterator()
        one = next(profiles, None)
        for place, found in groupby(chain(first, postings), key=itemgetter(0)):
            while one is not None and one.place < place:
                one = next(profiles, None)
            asked = set(one.terms) if one is not None and one.place == place else ()
            yield from ((term, place) for _place, term in found if term not in asked)

    def drop_strays(self):
        for term, place in list(self.strays()):
            self.model.Posting.objects.filter(term=term, place=place).delete()

    def holds(self, row):
        """Whether all is stored as put() would write it now."""
        made, stored = self.model.of(row), self.filter(pk=row.pk).first()
        postings = self.model.Posting.objects.filter(place=made.place, term__in=made.terms)
        return made.is_same_as(stored) and postings.count() == len(made.terms)

    def _forget(self, profiles):
        if not profiles:
            return
        # Whichever of its stems it was found by, when they were written.
        terms = {term for one in profiles for term in [*one.stems.split(), *one.terms]}
        places = [one.place for one in profiles]
        self.model.Posting.objects.filter(term__in=terms, place__in=places).delete()
        self.filter(pk__in=[one.pk for one in profiles]).delete()


class WordProfile(models.Model):
    """What one text says, by stems; those that tell most of its subject come first."""

    row_pk = models.BigIntegerField(primary_key=True)
    place = models.BigIntegerField(unique=True)  # in lists: the newest have the highest
    language = models.CharField(max_length=2)
    title = models.TextField()  # its stems, as all here parted by spaces
    stems = models.TextField()
    weights = models.TextField()  # a digit for each of the stems
    size = models.PositiveIntegerField()  # of how many different stems they were chosen
    stakes = models.JSONField(default=list)  # primary keys

    objects = WordProfileQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [models.Index(fields=["language", "-place"], name="%(class)s_newest_first")]

    def __str__(self):
        return str(self.pk)

    @classmethod
    def of(cls, row):
        """Return the profile of a row as it is now: of its search_texts(), and what it says in profiled()."""
        place, language, stakes = row.profiled()
        placed = [telling_stems(text, language) for text in row.search_texts()]
        weighted = (stems * weight for stems, weight in zip(placed, PLACES, strict=True))
        weights = Counter(chain.from_iterable(weighted))
        kept = _most_telling(weights, language)[:KEPT]
        return cls(
            row_pk=row.pk,
            place=place,
            language=language,
            title=" ".join(sorted(set(placed[0]))),
            stems=" ".join(kept),
            weights="".join(DIGITS[min(weights[one], len(DIGITS) - 1)] for one in kept),
            size=len(weights),
            stakes=sorted(stake.pk for stake in stakes),
        )

    @property
    def terms(self):
        """What it is found by: its most telling stems, and its stakes."""
        return [*self.stems.split()[:POSTED], *map(stake_term, self.stakes)]

    def is_same_as(self, other):
        names = [field.attname for field in self._meta.concrete_fields]
        return other is not None and all(getattr(self, name) == getattr(other, name) for name in names)


class Posting(models.Model):
    """One term that the row at a place is found by; so narrow that its index answers alone."""

    pk = models.CompositePrimaryKey("term", "place")
    term = models.CharField(max_length=LONGEST_WORD)
    place = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self):
        return self.term


def _most_telling(weights, language):
    """Return the stems of a text, {stem: weight}, those first that tell most of its subject: said often
    there, and seldom elsewhere.
    """
    listed, others = rarities(language)
    told = [(-(1 + log(weight)) * listed.get(one, others), one) for one, weight in weights.items()]
    return [one for _tells, one in sorted(told)]


class ReportPosting(Posting):
    pass


class ReportProfile(WordProfile):
    """Of a published report."""

    Posting = ReportPosting
