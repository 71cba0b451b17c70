"""Finding published reports, and what lists show of them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.db import connection
from django.http import QueryDict
from django.utils.functional import cached_property

from accounts.models.user import shown_name
from experiences.list_index import held, tags
from experiences.models import Experience, ListedReport, Question
from experiences.models.report.parts import keyword_key
from experiences.search.filters import FilterSet, marks
from experiences.search.words.matches import plain_texts
from experiences.text_index import index

# What came of it, before what it began with.
FOR_SNIPPETS = (
    "result", "lessons", "situation", "action", "unwanted", "enablers", "constraints", "changeable",
    "comparison",
)  # fmt: skip


@dataclass
class ReportInList:
    """What lists show of a published report: what was written for them, and what is read beside it."""

    pk: int
    public_id: str
    version: int
    byline: str | None
    item: str  # as JSON
    card: str

    @cached_property
    def told(self):
        """The item as {name: value}."""
        return json.loads(self.item)


class ReportFilterSet(FilterSet):
    """Finds published reports."""

    orderings = ("newest", "oldest", "relevance", "likeness")
    filters = ("verdict", "not_verdict", "nature", "not_nature", "min_strength", "keyword")
    counted = {name: name for name in ("language", "verdict", "nature")}
    listed = held.REPORTS
    index = index.REPORTS

    def all(self):
        return Experience.objects.visible_to(self.user).published()

    def changed_at(self, key):
        """Return when the report `key` of the page was changed last, as others may know it."""
        columns = self.columns
        return datetime.fromtimestamp(columns.changed_at[columns.place_of(key)] / 1_000_000, UTC)

    def _texts_of(self, keys):
        rendered = Experience.objects.filter(pk__in=keys).values_list("pk", "html")
        return {key: plain_texts(html, FOR_SNIPPETS) for key, html in rendered}

    def _read_columns(self):
        super()._read_columns()
        verdicts = tags.of_values("verdict")
        self._read_any("verdict", verdicts)
        self._read_unwanted("verdict", verdicts)
        natures = tags.of_values("nature")
        self._read_any("nature", natures)
        self._read_unwanted("nature", natures)
        self._read_least("min_strength", "strength")
        keyword = self.parameters.one("keyword")
        if keyword:
            named = self.all().filter(keyword_links__tag__slug=keyword_key(keyword))
            keys = named.values_list("pk", flat=True)
            self._conditions["keyword"] = [lambda columns: columns.of_keys(keys)]

    def _read_rows(self, keys):
        row, report, user = (
            model._meta.db_table for model in (self.listed.model, Experience, get_user_model())
        )
        sql = f"""
            SELECT {self.state_columns}, e.identity = 'named' AND e.author_id IS NOT NULL,
                   u.display_name, l.row_id, e.public_id, e.version, l.item, l.card
            FROM (SELECT 1 AS one) o
            LEFT JOIN {row} l ON l.row_id IN ({marks(keys)}) AND l.is_listed
            LEFT JOIN {report} e ON e.id = l.row_id AND e.status = 'published'
            LEFT JOIN {user} u ON u.id = e.author_id AND e.identity = 'named'
        """
        rows, states = self._execute(sql, keys)
        found = {}
        for signed, name, key, public_id, version, *texts in rows:
            if public_id is not None:
                byline = shown_name(name) if signed else None
                found[key] = ReportInList(key, public_id, version, byline, *texts)
        return found, states


def found_by(words, user, most):
    """Return up to `most` published reports that `user` may read and `words` find, the best first."""
    asked = QueryDict(mutable=True)
    asked.update({"q": words, "page_size": str(most)})
    rows = ReportFilterSet(asked, user, situation=None).page().rows
    found = Experience.objects.visible_to(user).published().for_list().in_bulk([row.pk for row in rows])
    return [found[row.pk] for row in rows if row.pk in found]


def page_validator(public_id):
    """Return what is another whenever a published report, a name or one of its questions is, and its version;
    None where there is no such report, or it has just changed. One query, and one more for its questions.
    """
    row, report, question = (model._meta.db_table for model in (ListedReport, Experience, Question))
    sql = f"""
        SELECT {held.state_columns()}, e.version, l.number,
               (SELECT COUNT(*) FROM {question} q WHERE q.report_id = e.id)
        FROM {report} e
        JOIN {row} l ON l.row_id = e.id AND l.is_listed AND l.number IS NOT NULL
        WHERE e.public_id = %s AND e.status = 'published'
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [public_id])
        found = cursor.fetchone()
    if found is None:
        return None
    states, (version, *more) = held.states_of(found[: len(held.SHARED)]), found[len(held.SHARED) :]
    asked = Question.objects.filter(report__public_id=public_id).order_by("pk")
    told = list(asked.values_list("pk", "version", "moderation")) if more[-1] else []
    return f"{states} {version} {more} {told}", version
