"""What taking a file has in common, whatever its records become: names, doubles, and refusals in words.

An import refuses what the API refuses, in the same words. Keys that are not known are passed over with a
warning, since a past that is brought along has its own.
"""

import logging
from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework import serializers

from config.rest.problems import as_details, each_error
from experiences.interchange import cells, retired
from experiences.interchange.names import HEADINGS, LANGUAGES, Names
from experiences.interchange.records import LISTS
from experiences.models import Context, Departure, DepartureKey, Experience, Facet, Stake

logger = logging.getLogger(__name__)
NEW, THERE, REFUSED = "new", "there", "refused"
SOURCE_ID = Experience._meta.get_field("source_id")


@dataclass
class BaseImporter(ABC):
    """What one run of the command was told, and what it has met so far."""

    author: object = None
    dry_run: bool = False
    names: dict = field(default_factory=dict)  # theirs → ours; "" drops
    defaults: dict = field(default_factory=dict)
    met: set = field(default_factory=set)  # The source_ids of this file,
    made: set = field(default_factory=set)  # and of this run: a dry run leaves no other trace.
    departed: int = 0  # how many records were there once

    def __post_init__(self):
        self.facets = {facet.slug: facet for facet in Facet.objects.all()}
        self.columns = set(self.field_names())
        self.replaced = retired.terms()

    # --- What a subclass says ------------------------------------------------------------------

    @abstractmethod
    def field_names(self):
        """Return the names of what a record may set beside facets, as files and --map spell them."""

    @abstractmethod
    def needed(self):
        """Return the names that no record does without."""

    @abstractmethod
    def labels(self):
        """Yield (name, what people call it in their files)."""

    @abstractmethod
    def values(self):
        """Return {name of a closed list: [(slug, label), …]}."""

    @abstractmethod
    def is_there(self, source_id):
        """Whether a row with this `source_id` was brought before."""

    @abstractmethod
    def refusals(self, record, data, source_id, store):
        """Yield (field, code, message) for all that is wrong; when nothing is and `store`, store it, or let
        it wait for settle().
        """

    @abstractmethod
    def settle(self):
        """Store what waits for it, and refuse what cannot be stored."""

    # --- One file, one record ------------------------------------------------------------------

    def begin_file(self):
        self.met = set()

    def take(self, records, flat):
        """Store what each of `records` says, or say why not; return [(record, outcome, names passed over)].

        `flat`: the format has a place for each facet beside the fields (CSV, Markdown), and people write
        it by hand. A bug of ours that one of them meets does not cost the others.
        """
        taken = []
        for record in records:
            outcome, ignored = REFUSED, []
            with guarded(record):
                outcome, ignored = self._judge(record, flat)
            taken.append((record, outcome, ignored))
        self.settle()
        return [
            (record, REFUSED if record.problems else outcome, ignored) for record, outcome, ignored in taken
        ]

    def _judge(self, record, flat):
        """Judge one record, and store it or let it wait; return (outcome, names passed over)."""
        if record.problems and not record.data:
            return REFUSED, []
        data, ignored = self.arrange(record, flat)
        if ignored and ignored == list(self._renamed(record.data)) and not record.without_front_matter:
            record.refuse("", "unknown_fields", self._nothing_known())  # That alone, not all that is missing.
            return REFUSED, []
        source_id = self._source_id(record, data)
        if source_id in self.met:
            self.settle()  # The first one may be refused yet.
        if source_id in self.met:
            text = _("Another record of this file has the same source_id, “%(id)s”; the first was kept.")
            record.refuse("source_id", "duplicate_id", text % {"id": source_id})
        elif source_id and (source_id in self.made or self.is_there(source_id)):
            self.met.add(source_id)
            return THERE, ignored
        elif source_id and self.has_departed(source_id):
            self.met.add(source_id)
            self.departed += 1
            return THERE, ignored
        else:
            self._store(record, data, source_id)
        if record.problems:
            return REFUSED, ignored
        self.met |= {source_id} - {""}
        self.made |= self.met
        return NEW, ignored

    def has_departed(self, identifier):
        """Whether what has this identifier was here and left."""
        return bool(self.departure_key) and Departure.objects.knows(identifier, self.departure_key)

    @cached_property
    def departure_key(self):
        """The key, asked for once; "" where nothing has left."""
        return DepartureKey.current()

    def _store(self, record, data, source_id):
        known = {problem.field for problem in record.problems}
        for name, code, message in self.refusals(record, data, source_id, store=not record.problems):
            if name not in known:
                record.refuse(name, code, message)

    # --- Names ---------------------------------------------------------------------------------

    def arrange(self, record, flat):
        """Return what `record` gives, in the API's shape, what it lacks filled; and the names not known."""
        data, facets, ignored = {}, {}, []
        for name, value in self._renamed(record.data).items():
            if self._is_facet(name) and (flat or name in self.names.values()):
                facets[name] = cells.parted(value) if isinstance(value, str) else value
            elif name in self.columns:
                data[name] = value
            elif name not in self.defaults:
                ignored.append(name)
        self._fill(data, facets)
        if flat:
            self._read_as_written(data, record)
        retired.replace(data, self.replaced, record)
        return data, ignored

    def _renamed(self, given):
        """Return `given` under the names that --map reads it as."""
        named = {self.names.get(name, name): name for name in given}
        named |= {ours: theirs for theirs, ours in self.names.items() if theirs in given}
        named.pop("", None)
        values = {ours: given[theirs] for ours, theirs in named.items()}
        if "external_id" in values:
            values.setdefault("source_id", values.pop("external_id"))
        return values

    def _nothing_known(self):
        text = _("Nothing here is a field we know. A record has: %(names)s.")
        return text % {"names": ", ".join(self.needed())}

    def _is_facet(self, name):
        return name in self.facets

    def _fill(self, data, facets):
        """Put facets under `contexts`; add the defaults."""
        contexts = data.get("contexts") or {}
        if isinstance(contexts, dict):
            data["contexts"] = contexts = contexts | facets
        for name, text in self.defaults.items():
            holder = contexts if self._is_facet(name) else data
            if isinstance(holder, dict) and not holder.get(name):
                holder[name] = self._default(name, text)

    def _default(self, name, text):
        return cells.parted(text) if self._is_facet(name) or name in LISTS else text

    def _read_as_written(self, data, record):
        """Put what people write, such as the label of a term, as the API has it."""
        for name, value in list(data.items()):
            if self.vocabulary.is_closed(name):
                data[name] = self._slugs(name, value)
        if isinstance(contexts := data.get("contexts"), dict):
            data["contexts"] = {facet: self._slugs(facet, value) for facet, value in contexts.items()}

    def _slugs(self, name, value):
        if isinstance(value, str):
            return self.vocabulary.slug(name, value)
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return self.vocabulary.slugs(name, value)
        return value

    @cached_property
    def vocabulary(self):
        """The Names that a file may use, made once: --map and --set are known by then."""
        labels = [
            *self.labels(),
            *((slug, label) for slug, facet in self.facets.items() for label in named(facet)),
        ]
        return Names(
            self.columns, self.facets, labels=labels, values=self.values(), needed=self.needed(),
            theirs=self.names, given=self.defaults,
        )  # fmt: skip

    def _source_id(self, record, data):
        """Return the identifier where the record came from, as text; "" when it has none."""
        given = data.pop("source_id", "")
        if isinstance(given, int) and not isinstance(given, bool):
            given = str(given)
        if given in ("", None):
            return ""
        if not isinstance(given, str):
            record.refuse("source_id", "type", _("This must be a text."))
            return ""
        try:
            return SOURCE_ID.clean(given.strip(), None)
        except ValidationError as refusal:
            for detail in as_details(refusal)[NON_FIELD_ERRORS]:
                record.refuse("source_id", detail.code, detail)
            return ""

    def _written(self, write):
        """Call `write` in one transaction, undone by a dry run; yield (field, code, message) if refused."""
        try:
            with transaction.atomic():
                write()
                transaction.set_rollback(self.dry_run)
        except ValidationError as refusal:
            yield from flattened(as_details(refusal))
        except serializers.ValidationError as refusal:
            yield from flattened(refusal.detail)


@contextmanager
def guarded(record):
    """Refuse `record` where a bug of ours is met, and go on."""
    try:
        yield
    except OperationalError:
        raise
    except Exception:
        logger.exception("An imported record could not be judged.")
        record.refuse("", "error", _("This record could not be read, and we do not know why."))


# --- What people call things -----------------------------------------------------------------------

LABELS_OF_LANGUAGE = [("language", "language"), ("language", "langue")]
NAMES_OF_LANGUAGES = [("en", "English"), ("en", "anglais"), ("fr", "Français"), ("fr", "French")]


def named(row):
    """Yield the names of a row of a closed list, in both languages."""
    return [getattr(row, f"name_{language}") for language in LANGUAGES]


def in_both_languages(text):
    """Return a lazily translated text in both languages."""
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            said.append(str(text))
    return said


def labels_of_columns(model, names):
    """Yield (name, label) of the columns `names` of `model`, in both languages."""
    for name in names:
        for label in in_both_languages(model._meta.get_field(name).verbose_name):
            yield name, label


def labels_of_texts():
    for name, headings in HEADINGS.items():
        yield from ((name, heading) for heading in headings)


def labels_of_choices(choices):
    """Return [(value, label), …] of choices, in both languages."""
    return [(value, label) for value, text in choices for label in in_both_languages(text)]


def labels_of_terms(facets):
    """Return {list or facet: [(slug, label), …]} of stakes and contexts: those in use name what they name."""
    found = {"stakes": [], **{facet: [] for facet in facets}}
    lists = [("stakes", term) for term in Stake.objects.all()]
    lists += [(term.facet.slug, term) for term in Context.objects.select_related("facet")]
    for name, term in sorted(lists, key=lambda one: one[1].retired_on is not None):
        taken = {label for _slug, label in found[name]} if term.retired_on else ()
        found[name] += [(term.slug, label) for label in named(term) if label not in taken]
    return found


# --- Refusals --------------------------------------------------------------------------------------


def flattened(detail, name=""):
    """Yield (field, code, message) from errors nested as a serializer nests them; people count from 1."""
    for path, error in each_error(detail, name, first=1):
        field_name = path.removeprefix("contexts.").removesuffix(NON_FIELD_ERRORS).rstrip(".")
        yield field_name, getattr(error, "code", "invalid"), str(error)
