"""A report's parts in JSON: months, tags of closed lists, rows, effort.

A slug that is not on its list is refused, never made.
"""

import re

from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework import serializers

from config.rest import fields
from config.rest.shapes import ADDRESS, SLUGS, TEXT, component, many, one_of, thing
from experiences.list_index.items import EFFORT_KEYS, MEASURE_KEYS, SOURCE_KEYS
from experiences.models import Context, Effect, Measure, Source, Stake
from experiences.models.first_signs import MOST_SIGNS, SIGN_KEYS
from experiences.models.report.content import CURRENCIES
from experiences.models.report.parts import MOST_KEYWORDS, MOST_MEASURES, MOST_SOURCES, MOST_STAKES
from experiences.models.vocabulary.cache import lists

SLUG = re.compile(r"[-a-zA-Z0-9_]{1,100}")

BYLINE = {
    "type": ["object", "null"],
    "properties": {"name": TEXT},
    "required": ["name"],
    "description": "Null when the name is withheld.",
}
MONTH = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}$", "examples": ["2025-03"]}
MONTH_KEYS = ("before_on", "after_on")  # of a measure
CONTEXTS = {
    "type": "object",
    "additionalProperties": SLUGS,
    "description": "Facets, each with a list of values; see /api/v1/contexts/.",
    "examples": [{"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]}],
}


class MonthField(fields.DayField):
    """A month such as "2025-03"."""

    json_type = MONTH


# --- Closed lists --------------------------------------------------------------------------------


def choosable(rows, field, slugs):
    """Return those of `rows`, a whole list, that `slugs` name and `field` takes: those in use, and those its
    row has; an import, which brings what was told before, the retired ones too.
    """
    if field.context.get("takes_retired"):
        return [term for term in getattr(lists(), rows.model.LIST) if term.slug in slugs]
    instance = getattr(field.parent, "instance", None)
    held = getattr(instance, rows.model.LIST).all() if instance else ()
    return rows.choosable(held).filter(slug__in=slugs)


class Stakes(serializers.Field):
    """Slugs of the list of stakes."""

    shape = SLUGS | {"maxItems": MOST_STAKES, "description": "See /api/v1/stakes/."}

    def to_internal_value(self, data):
        slugs = fields.strings(data)
        wanted = [slug for slug in slugs if SLUG.fullmatch(slug)]
        found = {term.slug: term for term in choosable(Stake.objects.all(), self, wanted)}
        unknown = [slug for slug in slugs if slug not in found]
        if unknown:
            text = str(forms.ChoiceField.default_error_messages["invalid_choice"]) % {
                "value": unknown[0][:60]
            }
            text += " " + _("The list is at %(address)s.") % {"address": reverse("api-stake-list")}
            raise serializers.ValidationError(text, code="invalid_choice")
        return [found[slug] for slug in slugs]


class Contexts(serializers.Field):
    """{facet: [slugs]}; errors are keyed by facet, as in the form."""

    shape = CONTEXTS

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            raise serializers.ValidationError(
                _("This must be an object: each facet with a list of values."), code="type"
            )
        facets = {facet.slug for facet in lists().facets}
        given, errors = {}, {}
        for facet, slugs in data.items():
            try:
                given[facet] = self._slugs(facet, slugs, facets)
            except serializers.ValidationError as refusal:
                errors[str(facet)[:60]] = refusal.detail
        found = self._found(given)
        for facet, slugs in given.items():
            unknown = [slug for slug in slugs if (facet, slug) not in found]
            if unknown:
                allowed = Context.objects.current().filter(facet__slug=facet).values_list("slug", flat=True)
                errors[facet] = fields.not_on_list(unknown[0], allowed).detail
        if errors:
            raise serializers.ValidationError(errors)
        return [found[facet, slug] for facet, slugs in given.items() for slug in slugs]

    def _slugs(self, facet, slugs, facets):
        if facet not in facets:
            text = _("There is no facet “%(facet)s”. Choose among: %(allowed)s.")
            values = {"facet": str(facet)[:60], "allowed": ", ".join(sorted(facets))}
            raise serializers.ValidationError(text % values, code="unknown")
        return fields.strings(slugs)

    def _found(self, given):
        slugs = {slug for values in given.values() for slug in values if SLUG.fullmatch(slug)}
        rows = choosable(Context.objects.select_related("facet"), self, slugs)
        return {(row.facet.slug, row.slug): row for row in rows}

    def to_representation(self, value):
        grouped = {}
        for context in sorted(value.all(), key=lambda one: (one.facet.position, one.position, one.slug)):
            grouped.setdefault(context.facet.slug, []).append(context.slug)
        return grouped


class Keywords(serializers.Field):
    shape = SLUGS | {"maxItems": MOST_KEYWORDS}

    def to_internal_value(self, data):
        return [word for word in fields.strings(data) if word]


# --- Rows under a report -------------------------------------------------------------------------


@component("Measure")
def measure_shape():
    shape = thing(
        effect=one_of(Effect.objects.values_list("slug", flat=True)),
        direction=one_of(Measure.Direction.values),
        **{key: MONTH if key in MONTH_KEYS else TEXT for key in MEASURE_KEYS[2:]},
    )
    return shape | {"required": ["effect", "direction"]}


class Measures(serializers.Field):
    shape = many(measure_shape) | {"maxItems": MOST_MEASURES}

    def to_internal_value(self, data):
        effects = {effect.slug: effect for effect in Effect.objects.all()} if data else {}
        rows = fields.objects(data, MEASURE_KEYS)
        return [self._measure(number, row, effects) for number, row in enumerate(rows, 1)]

    def _measure(self, number, row, effects):
        row = {key: value for key, value in row.items() if key not in MONTH_KEYS or value is not None}
        row = texts(number, row)
        months = {key: row.pop(key, "") or None for key in MONTH_KEYS}
        effect = row.pop("effect", "")
        refuse_unlisted(number, "effect", effect, list(effects))
        refuse_unlisted(number, "direction", row.get("direction", ""), Measure.Direction.values)
        return Measure(effect=effects[effect], **row, **months)


@component("Source")
def source_shape():
    shape = thing(url=ADDRESS, label=TEXT, visibility=one_of(Source.Visibility.values))
    return shape | {"required": ["url"]}


class Sources(serializers.Field):
    """Links; those for curators only are shown to the author and to curators."""

    shape = many(source_shape) | {"maxItems": MOST_SOURCES}

    def to_internal_value(self, data):
        return [self._source(number, row) for number, row in enumerate(fields.objects(data, SOURCE_KEYS), 1)]

    def _source(self, number, row):
        row = texts(number, row)
        refuse_unlisted(number, "visibility", row.get("visibility", "public"), Source.Visibility.values)
        return Source(**row)


def texts(number, row):
    """Return `row` with its texts trimmed, or say which one is not a text."""
    for key, value in row.items():
        if not isinstance(value, str):
            text = _("%(number)s. “%(key)s” must be a text.") % {"number": number, "key": key}
            raise serializers.ValidationError(text, code="type")
    return {key: value.strip() for key, value in row.items()}


def refuse_unlisted(number, key, value, allowed):
    if value not in allowed:
        text = _("%(number)s. “%(value)s” is not a value of “%(name)s”. Choose among: %(allowed)s.")
        values = {"number": number, "value": value[:60], "name": key, "allowed": ", ".join(allowed)}
        raise serializers.ValidationError(text % values, code="invalid_choice")


@component("FirstSign")
def first_sign_shape():
    weeks = {"type": ["integer", "null"], "minimum": 0, "description": "How long before what followed."}
    return thing(sign=TEXT, followed_by=TEXT, weeks=weeks) | {"required": ["sign"]}


class FirstSigns(serializers.Field):
    """What was seen before it was plain, each with what followed."""

    shape = many(first_sign_shape) | {"maxItems": MOST_SIGNS}

    def to_internal_value(self, data):
        return [self._sign(number, row) for number, row in enumerate(fields.objects(data, SIGN_KEYS), 1)]

    def _sign(self, number, row):
        weeks = row.pop("weeks", None)
        if weeks is not None and (isinstance(weeks, bool) or not isinstance(weeks, int)):
            text = f"{number}. {fields.Whole.default_error_messages['type']}"
            raise serializers.ValidationError(text, code="type")
        return texts(number, row) | {"weeks": weeks}

    def to_representation(self, value):
        return value


class SeveralOf(serializers.Field):
    """Values of a TextChoices that has definitions."""

    def __init__(self, choices, **kwargs):
        super().__init__(**kwargs)
        self.several = choices
        self.shape = {
            "type": "array",
            "items": one_of(choices.values),
            "uniqueItems": True,
            "description": definitions(choices),
        }

    def to_internal_value(self, data):
        values = fields.strings(data)
        if unknown := [one for one in values if one not in self.several.values]:
            raise fields.not_on_list(unknown[0], self.several.values)
        return values

    def to_representation(self, value):
        return value


def definitions(choices):
    """Return the values of a TextChoices with what each means, in English, as the reference says them."""
    with override("en"):
        return " ".join(f"`{value}`: {text}" for value, text in choices.DEFINITIONS.items())


@component("Effort")
def effort_shape():
    count = {"type": ["integer", "null"], "minimum": 0}
    counts = {key: count for key in EFFORT_KEYS if key != "currency"}
    counts["money"] = count | {"description": "Spent beside time; in `currency`."}
    return {"type": "object", "properties": counts | {"currency": TEXT | {"enum": ["", *CURRENCIES]}}}


class Effort(serializers.Field):
    """{people, hours, weeks, money, currency} over columns; errors are named as the columns are."""

    shape = effort_shape

    def __init__(self, **kwargs):
        super().__init__(source="*", **kwargs)

    def to_internal_value(self, data):
        if data is None:
            data = {}
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("This must be an object."), code="type")
        fields.objects([data], EFFORT_KEYS)
        values = {f"effort_{key}": data.get(key) for key in EFFORT_KEYS if key != "currency"}
        currency = data.get("currency") or ""
        wrong = {
            name: fields.Whole.default_error_messages["type"]
            for name, value in values.items()
            if value is not None and (isinstance(value, bool) or not isinstance(value, int))
        }
        if not isinstance(currency, str):
            wrong["effort_currency"] = _("This must be a text.")
        if wrong:
            raise serializers.ValidationError(
                {name: [serializers.ErrorDetail(text, "type")] for name, text in wrong.items()}
            )
        return values | {"effort_currency": currency.strip().upper()}


# --- Who asks, and from where --------------------------------------------------------------------


def asker(context):
    """Return who the answer is for: the member who asks, else a visitor."""
    request = context.get("request")
    return request.user if request else context.get("user") or AnonymousUser()


KEY = "9" * 12  # stands for the key of a row, where a route takes a slug or twelve characters


def address_of(context, route, *keys):
    """Return the whole address under which `route` has the row with these `keys`. A list asks for many that
    differ in the last one: what they share is made once for each answer.
    """
    *shared, key = keys
    known = context.setdefault("addresses", {})
    if (route, *shared) not in known:
        whole = absolute(context, reverse(route, args=[*shared, KEY]))
        known[route, *shared] = whole.rpartition(KEY)
    before, _key, after = known[route, *shared]
    return f"{before}{key}{after}"


def absolute(context, path):
    request = context.get("request")
    return request.build_absolute_uri(path) if request else f"{settings.SITE_URL}{path}"
