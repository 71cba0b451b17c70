"""Search: one call for pages, API and feeds, over SQLite FTS5 or PostgreSQL tsvector.

Each index is a derived table of stems (see `text/stemming.py`), written by the verb that changed the
text, rebuilt by `rebuild_index`, compared by `check_index`. A document is indexed in its own
language; a query is read in both; the last word also matches as a prefix. Weights: title 8,
lessons and result 3, the rest and what its stakes are called 1. Where nothing has all the words, what has
most of them is found.
"""

from functools import lru_cache
from math import log

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import mark_safe

from experiences.text.stemming import STOP_WORDS, fold, stem, stems, words

LONGEST_QUERY, MOST_WORDS = 200, 12
ROOM = 1_000_000  # Bytes of words and of their places: a tsvector holds no more than 1 MB.
RANKED = 1000  # Ranking every match of a common word costs seconds at a million: rank the newest.

_term_stems = lru_cache(maxsize=500)(stems)  # Sixty stakes say the same in every row that names them.

_VECTOR = (
    "setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector('simple', %s), 'B')"
    " || setweight(to_tsvector('simple', %s), 'D')"
)


def _indexed(row):
    """Return the stems of each text of `row`, up to what one row of PostgreSQL can hold.

    What its stakes are called and mean stands last, in both languages: a question in one finds
    what is told in the other.
    """
    room, known, indexed = ROOM, set(), []
    *texts, rest = (stems(text, row.language) for text in row.search_texts())
    told = [_term_stems(text, language) for language, text in row.search_terms()]
    for text in (*texts, " ".join([rest, *told])):
        kept = []
        for one in text.split():
            room -= 2 if one in known else len(one.encode()) + 6
            if room < 0:
                break
            known.add(one)
            kept.append(one)
        indexed.append(" ".join(kept))
    return indexed


class Index:
    """One search table. `table` is made by a migration of the app whose rows it indexes."""

    def __init__(self, table):
        self.table = table

    def put(self, row):
        """Write or replace the search row of `row`, from its `search_texts()`, `search_terms()` and
        `language`.
        """
        self.put_all([row])

    def put_all(self, rows):
        """Write or replace the search rows of `rows`."""
        if connection.vendor == "sqlite":
            sql = f"INSERT OR REPLACE INTO {self.table} (rowid, title, weighty, rest) VALUES (%s, %s, %s, %s)"
        else:
            sql = (
                f"INSERT INTO {self.table} (id, tsv) VALUES (%s, {_VECTOR})"
                " ON CONFLICT (id) DO UPDATE SET tsv = excluded.tsv"
            )
        with connection.cursor() as cursor:
            cursor.executemany(sql, [[row.pk, *_indexed(row)] for row in rows])

    def holds(self, row):
        """Whether the search row of `row` is the one that `put()` would write now."""
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"SELECT title, weighty, rest FROM {self.table} WHERE rowid = %s", [row.pk])
                return cursor.fetchone() == tuple(_indexed(row))
            cursor.execute(
                f"SELECT tsv = {_VECTOR} FROM {self.table} WHERE id = %s", [*_indexed(row), row.pk]
            )
            return cursor.fetchone() == (True,)

    def drop(self, pk):
        key = "rowid" if connection.vendor == "sqlite" else "id"
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table} WHERE {key} = %s", [pk])

    def ids(self):
        """Return the set of primary keys that have a search row."""
        key = "rowid" if connection.vendor == "sqlite" else "id"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {key} FROM {self.table}")
            return {pk for (pk,) in cursor.fetchall()}

    def clear(self):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table}")

    def matching(self, queryset, query, field="pk"):
        """Return the rows of `queryset` that contain all words of `query` (a Query with words)."""
        if connection.vendor == "sqlite":
            sql = f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s"
            hits = RawSQL(sql, [query.for_sqlite()])
        else:
            hits = RawSQL(f"SELECT id FROM {self.table} WHERE tsv @@ %s::tsquery", [query.for_postgresql()])
        return queryset.filter(**{f"{field}__in": hits})

    def ranked(self, pks, query):
        """Return `pks` (at most RANKED of them), those that match `query` best first."""
        if not pks:
            return []
        marks = ", ".join(["%s"] * len(pks))
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"SELECT rowid, bm25({self.table}, 8, 3, 1) FROM {self.table}"
                    f" WHERE {self.table} MATCH %s AND rowid IN ({marks})",
                    [query.for_sqlite(), *pks],
                )
            else:
                cursor.execute(
                    f"SELECT id, -ts_rank('{{0.1, 0.1, 0.375, 1}}', tsv, %s::tsquery) FROM {self.table}"
                    f" WHERE id IN ({marks})",
                    [query.for_postgresql(), *pks],
                )
            rank = dict(cursor.fetchall())
        # Equals in the order given, never in that of keys, which tells when each was written.
        order = sorted((pk for pk in pks if pk in rank), key=rank.get)
        if query.loose:
            weight = self._coverage(pks, query)
            order.sort(key=lambda pk: -weight[pk])
        return order

    def _coverage(self, pks, query):
        """Return {pk: weight} of how many words each row has, a word weighing more where few have it."""
        weight = dict.fromkeys(pks, 0)
        marks = ", ".join(["%s"] * len(pks))
        if connection.vendor == "sqlite":
            sql = f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s AND rowid IN ({marks})"
            each = query.each_for_sqlite()
        else:
            sql = f"SELECT id FROM {self.table} WHERE tsv @@ %s::tsquery AND id IN ({marks})"
            each = query.each_for_postgresql()
        with connection.cursor() as cursor:
            for word in each:
                cursor.execute(sql, [word, *pks])
                found = cursor.fetchall()
                for (pk,) in found:
                    weight[pk] += log(1 + len(pks) / len(found))
        return weight


REPORTS = Index("experiences_search")


class Query:
    """What someone typed, as terms: for each word the stems it may have in either language."""

    def __init__(self, text):
        typed = [word for word, _start, _end in words(text[:LONGEST_QUERY])]
        typed = ([word for word in typed if word.casefold() not in STOP_WORDS] or typed)[:MOST_WORDS]
        self.terms = [sorted({stem(word, "en"), stem(word, "fr")}) for word in typed]
        self.prefix = fold(typed[-1]) if typed and not text[:LONGEST_QUERY].endswith(" ") else ""

        self.loose = False

    def __bool__(self):
        return bool(self.terms)

    def loosen(self):
        """Ask for some of the words from now on, where nothing has them all; False if it does already."""
        if self.loose or len(self.terms) < 2:
            return False
        self.loose = True
        return True

    def _alternatives(self, quoted, star):
        last = len(self.terms) - 1
        for number, choices in enumerate(self.terms):
            forms = [quoted(choice) for choice in choices]
            if number == last and len(self.prefix) >= 2:
                forms.append(quoted(self.prefix) + star)
            yield forms

    def for_sqlite(self):
        return (" OR " if self.loose else " AND ").join(self.each_for_sqlite())

    def each_for_sqlite(self):
        """Return one expression for each word."""
        groups = self._alternatives(lambda term: '"' + term.replace('"', "") + '"', "*")
        return [f"({' OR '.join(forms)})" for forms in groups]

    def for_postgresql(self):
        return (" | " if self.loose else " & ").join(self.each_for_postgresql())

    def each_for_postgresql(self):
        """Return one expression for each word."""
        groups = self._alternatives(lambda term: "'" + term.replace("'", "").replace("\\", "") + "'", ":*")
        return [f"({' | '.join(forms)})" for forms in groups]

    def hits(self, word):
        """Whether `word`, found in a text, is one of those asked for."""
        if len(self.prefix) >= 2 and fold(word).startswith(self.prefix):
            return True
        found = {stem(word, "en"), stem(word, "fr")}
        return any(found.intersection(choices) for choices in self.terms)

    def marked(self, text, length=220):
        """Return the part of `text` around its first hit as safe HTML, hits in <mark>; "" if none."""
        spans = [(start, end) for word, start, end in words(text) if self.hits(word)]
        if not spans:
            return ""
        start = max(0, spans[0][0] - length // 3)
        if start:
            start = text.find(" ", start) + 1
        end = min(len(text), start + length)
        pieces, at = ["…" if start else ""], start
        for first, last in spans:
            if first < at or last > end:
                continue
            pieces += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
            at = last
        pieces += [escape(text[at:end]), "…" if end < len(text) else ""]
        return mark_safe("".join(pieces))  # every piece of text above is escaped
