"""Finding reports: one reading of a list's address for pages, API and feeds.

The state of a list is wholly in its address. An unknown parameter or value is refused by name,
never answered with a silent full list. Repeated stakes must all hold; repeated values of a facet,
verdict or language are alternatives; `not_…` excludes.
"""

from datetime import UTC, datetime, time

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from config.text import whole_number
from experiences.models import Experience, ReportContext, ReportStake, Situation
from experiences.models.report.parts import keyword_key
from experiences.models.vocabulary.cache import forget, lists
from experiences.search import similarity
from experiences.search.pagination import Page, keyset_page, ranked_page
from experiences.search_index import RANKED, REPORTS, Query

PAGE, LARGEST_PAGE = 25, 100
# A question of so many words is rarely answered by a text that has them all: below FEW such
# texts, those that have most of the words are found too, after them.
QUESTION, FEW = 4, 10
MOST_VALUES = 30  # Values of one parameter in one address.


class FilterSet:
    """What reports and practices have in common; a subclass names its rows.

    `params` is a QueryDict; `situation` is where the reader works, or None; when it is not given, it is what
    `user` stored. Raises ValidationError({parameter: sentence}).
    """

    orderings = ()
    filters = ()  # parameters beside those of every list
    index = None
    language_column = "language"
    common = (
        "q",
        "stake",
        "not_stake",
        "language",
        "updated_since",
        "ordering",
        "page_size",
        "cursor",
        "facets",
        "likeness_without",
        "likeness_more",
    )

    def __init__(self, params, user, situation=...):
        self.params, self.user = params, user
        self.situation = Situation.of(user) if situation is ... else situation
        try:
            self._read_address()
        except ValidationError:
            # What is not on the lists as this process holds them may be new there.
            forget()
            self._read_address()

    def _read_address(self):
        self.chosen = {}
        self._conditions = {}  # parameter → list of functions from queryset to queryset
        self.lists = lists()
        self._facets = {facet.slug for facet in self.lists.facets}
        self._refuse_unknown()
        self._read()

    # --- Reading the address -------------------------------------------------------------------

    def _refuse_unknown(self):
        errors = {}
        for name in self.params:
            facet = name.removeprefix("not_")
            if name not in (*self.common, *self.filters) and facet not in self._facets:
                errors[name[:60]] = _("There is no parameter “%(name)s” here.") % {"name": name[:60]}
            elif len(self.params.getlist(name)) > MOST_VALUES:
                errors[name] = _("Give at most %(most)s values.") % {"most": MOST_VALUES}
        if errors:
            raise ValidationError(errors)

    def _read(self):
        self.query = Query(self._one("q"))
        self.size = self._number("page_size", PAGE, 1, LARGEST_PAGE)
        self.cursor = self._one("cursor")
        self.wants_facets = self._choice("facets", ("1", "0", "")) == "1"
        self.weights = similarity.Weights(
            frozenset(self._several("likeness_without", similarity.WEIGHTS)),
            frozenset(self._several("likeness_more", similarity.WEIGHTS)),
        )
        self._read_tags()
        self._read_columns()
        self.default_ordering = "relevance" if self.query else "newest"
        self.ordering = self._choice("ordering", ("", *self.orderings)) or self.default_ordering
        if self.ordering == "relevance" and not self.query:
            self.ordering = "newest"
        if self.ordering == "likeness" and self.situation is None:
            raise ValidationError({"ordering": _("To sort by likeness, say first where you work.")})

    def _one(self, name):
        values = self.params.getlist(name)
        if len(values) > 1:
            raise ValidationError({name: _("Give this parameter once.")})
        value = values[0] if values else ""
        if len(value) > 1000:
            raise ValidationError({name: _("This value is too long.")})
        if value:
            self.chosen[name] = [value]
        return value

    def _choice(self, name, allowed):
        value = self._one(name)
        if value not in allowed:
            raise self._refusal(name, value, [one for one in allowed if one])
        return value

    def _number(self, name, default, least, most):
        value = self._one(name)
        if not value:
            return default
        number = whole_number(value)
        if number is None or not least <= number <= most:
            raise ValidationError(
                {name: _("Give a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}}
            )
        return number

    def _several(self, name, allowed):
        """Return the values given for `name`, refusing those not in `allowed`; empty ones are dropped."""
        values = [value for value in dict.fromkeys(self.params.getlist(name)) if value]
        for value in values:
            if value not in allowed:
                raise self._refusal(name, value, allowed)
        if values:
            self.chosen[name] = values
        return values

    def _refusal(self, name, value, allowed):
        text = _("“%(value)s” is not a value of “%(name)s”.") % {"value": value[:60], "name": name}
        if len(allowed) <= 12:
            text += " " + _("Choose among: %(allowed)s.") % {"allowed": ", ".join(allowed)}
        return ValidationError({name: text})

    def _read_tags(self):
        if any(self.params.getlist(name) for name in ("stake", "not_stake")):
            slugs = {stake.slug for stake in self.lists.stakes}
            for slug in self._several("stake", slugs):
                self._add("stake", lambda rows, slug=slug: self.with_stakes(rows, [slug]))
            unwanted = self._several("not_stake", slugs)
            if unwanted:
                self._add(
                    "not_stake", lambda rows: rows.exclude(pk__in=self._pks(self.with_stakes, unwanted))
                )
        named = [facet for facet in self._facets if facet in self.params or f"not_{facet}" in self.params]
        if named:
            self._read_contexts(named)

    def _read_contexts(self, facets):
        known = {facet: {} for facet in self._facets}
        for context in self.lists.contexts:
            known.setdefault(context.facet.slug, {})[context.slug] = context.pk
        for facet in facets:
            wanted = [known[facet][slug] for slug in self._several(facet, known[facet])]
            if wanted:
                self._add(facet, lambda rows, wanted=wanted: self.with_contexts(rows, wanted))
            unwanted = [known[facet][slug] for slug in self._several(f"not_{facet}", known[facet])]
            if unwanted:
                self._add(
                    f"not_{facet}",
                    lambda rows, unwanted=unwanted: rows.exclude(
                        pk__in=self._pks(self.with_contexts, unwanted)
                    ),
                )

    def _read_columns(self):
        languages = self._several("language", Experience.Language.values)
        if languages:
            self._add("language", lambda rows: rows.filter(**{f"{self.language_column}__in": languages}))
        since = self._moment("updated_since")
        if since:
            self._add("updated_since", lambda rows: rows.filter(changed_at__gte=since))
        if self.query:
            self._add("q", lambda rows: self.index.matching(rows, self.query))

    def _moment(self, name):
        value = self._one(name)
        if not value:
            return None
        try:
            moment = parse_datetime(value) or datetime.combine(parse_date(value), time.min)
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError):
            raise ValidationError(
                {name: _("Give a date such as 2026-03-01, or a time such as 2026-03-01T08:00:00Z.")}
            ) from None

    def _add(self, name, condition):
        self._conditions.setdefault(name, []).append(condition)

    def _pks(self, narrow, values):
        return narrow(self.all(), values).order_by().values("pk")

    # --- Answering -----------------------------------------------------------------------------

    @cached_property
    def count(self):
        """How many rows fit; where too few have all the words, those that have some of them fit too."""
        count = self._fitting().count()
        asks = self.ordering == "relevance" and len(self.query.terms) >= QUESTION
        if count < (FEW if asks else 1) and self.query.loosen():
            count = self._fitting().count()
        return count

    def found(self, without=None):
        """Return the rows that fit; `without` names a parameter to leave out."""
        self._settle_words()
        return self._fitting(without)

    def _settle_words(self):
        """Settle whether some of the words will do, whoever asks first: the count, which is kept, tells."""
        return self.count if self.query else None

    def _fitting(self, without=None):
        rows = self.all()
        for name, conditions in self._conditions.items():
            if name != without:
                for condition in conditions:
                    rows = condition(rows)
        return rows

    def page(self):
        """Return the Page the address asks for."""
        rows = self.found()
        if self.ordering in ("relevance", "likeness"):
            page = self._ranked_page(rows)
        else:
            page = keyset_page(rows.for_list(), self.keys[self.ordering], self.cursor, self.size)
        page.count = self.count
        return page

    def _ranked_page(self, rows) -> Page:
        pks = list(rows.order_by(*self.keys["newest"]).values_list("pk", flat=True)[:RANKED])
        order = self.index.ranked(pks, self.query) if self.ordering == "relevance" else self._by_likeness(pks)
        return ranked_page(order, self.all().for_list().in_bulk, self.cursor, self.size)

    def _by_likeness(self, pks):
        mine = similarity.known(self.situation.contexts.all())
        theirs = self.contexts_of(pks)
        scores = {
            pk: similarity.likeness(mine, similarity.known(theirs.get(pk, ())), self.weights) or 0
            for pk in pks
        }
        return sorted(pks, key=lambda pk: -scores[pk])  # stable: the newest first among equals

    def facet_counts(self):
        """Return {parameter: {slug: number}} over what fits; a facet's own choice is left out of its
        counts.
        """
        counts = {"stake": self._tag_counts(self.stake_links, "stake", self.found())}
        everything = self._tag_counts(self.context_links, None, self.found())
        for facet in self._facets:
            if facet in self.chosen:
                everything[facet] = self._tag_counts(
                    self.context_links, facet, self.found(without=facet)
                ).get(facet, {})
        return counts | everything | self.column_counts()

    def _tag_counts(self, links, only, rows):
        links = links.filter(content_object__in=rows.order_by().values("pk")).order_by()
        if only == "stake":
            counted = links.values_list("tag__slug").annotate(Count("pk"))
            return dict(counted)
        nested = {}
        for facet, slug, number in links.values_list("tag__facet__slug", "tag__slug").annotate(Count("pk")):
            nested.setdefault(facet, {})[slug] = number
        return nested

    def column_counts(self):
        return {"language": self._count_column("language", self.language_column)}

    def _count_column(self, name, column):
        rows = self.found(without=name).order_by().values_list(column).annotate(Count("pk"))
        return dict(rows)


def by_row(pairs):
    """Return {row: contexts} of `pairs` of primary keys, (row, context), which may come twice.

    The contexts are those that the process holds: a thousand rows have five thousand of some eighty. One that
    another process added a moment ago is left out.
    """
    known = {context.pk: context for context in lists().contexts}
    found = {}
    for row, context in pairs:
        if context in known:
            found.setdefault(row, set()).add(known[context])
    return found


class ReportFilterSet(FilterSet):
    """Finds published reports."""

    orderings = ("newest", "oldest", "relevance", "likeness")
    filters = ("verdict", "not_verdict", "min_strength", "keyword")
    keys = {"newest": ["-order_key"], "oldest": ["order_key"]}
    index = REPORTS
    stake_links = ReportStake.objects
    context_links = ReportContext.objects

    def all(self):
        return Experience.objects.visible_to(self.user).published()

    def with_stakes(self, rows, slugs):
        return rows.filter(pk__in=ReportStake.objects.filter(tag__slug__in=slugs).values("content_object"))

    def with_contexts(self, rows, pks):
        return rows.filter(pk__in=ReportContext.objects.filter(tag__in=pks).values("content_object"))

    def contexts_of(self, pks):
        """Return {primary key of a row: its contexts}."""
        links = ReportContext.objects.filter(content_object__in=pks)
        return by_row(links.values_list("content_object", "tag"))

    def _read_columns(self):
        super()._read_columns()
        verdicts = self._several("verdict", Experience.Verdict.values)
        if verdicts:
            self._add("verdict", lambda rows: rows.filter(verdict__in=verdicts))
        unwanted = self._several("not_verdict", Experience.Verdict.values)
        if unwanted:
            self._add("not_verdict", lambda rows: rows.exclude(verdict__in=unwanted))
        strengths = {strength.name: strength.value for strength in Experience.Strength}
        least = self._choice("min_strength", ("", *strengths))
        if least:
            self._add("min_strength", lambda rows: rows.filter(strength__gte=strengths[least]))
        keyword = self._one("keyword")
        if keyword:
            self._add("keyword", lambda rows: rows.filter(keyword_links__tag__slug=keyword_key(keyword)))

    def column_counts(self):
        return super().column_counts() | {"verdict": self._count_column("verdict", "verdict")}
