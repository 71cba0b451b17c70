"""Records of a file, made into reports: judged by the API's serializer, stored by the verbs.

So an import refuses what the API refuses, in the same words. Two things differ: keys that are
not known are passed over with a warning, since a past that is brought along has its own; and a
record must be complete, since nobody may be there to complete it.
"""

from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework import serializers

from config.rest.problems import as_details
from config.text import validate_storable, whole_number
from experiences.api.fields import EFFORT_KEYS
from experiences.api.serializers import ExperienceSerializer
from experiences.interchange.cells import parted
from experiences.interchange.records import LISTS
from experiences.models import Context, Experience, Facet
from experiences.models.report.parts import Parts

NEW, THERE, REFUSED = "new", "there", "refused"
FLAT_EFFORT = {f"effort_{part}": part for part in EFFORT_KEYS}  # As CSV columns and --set have it.


def columns():
    """Return the names of what a record may set beside facets, as files and --map spell them."""
    fields = [name for name, one in ExperienceSerializer().fields.items() if not one.read_only]
    return [*fields, *FLAT_EFFORT, "source_id"]


@dataclass
class Importer:
    """What one run of the command was told, and what it has met so far."""

    author: object = None
    publish: bool = False
    dry_run: bool = False
    names: dict = field(default_factory=dict)  # theirs → ours; "" drops
    defaults: dict = field(default_factory=dict)
    met: set = field(default_factory=set)  # The source_ids of this file,
    made: set = field(default_factory=set)  # and of this run: a dry run leaves no other trace.

    def __post_init__(self):
        self.facets = {facet.slug: facet for facet in Facet.objects.all()}
        self.columns = set(columns())

    def begin_file(self):
        self.met = set()

    def take(self, record, flat):
        """Store what one record says, or say why not; return (outcome, names passed over).

        `flat`: the format has a place for each facet beside the fields (CSV, Markdown).
        """
        if record.problems and not record.data:
            return REFUSED, []
        data, ignored = self.arrange(record.data, flat)
        source_id = self._source_id(record, data)
        if source_id in self.met:
            text = _("Another record of this file has the same source_id, “%(id)s”; the first was kept.")
            record.refuse("source_id", "duplicate_id", text % {"id": source_id})
        elif source_id and (source_id in self.made or is_there(source_id)):
            self.met.add(source_id)
            return THERE, ignored
        else:
            self._store(record, data, source_id)
        if record.problems:
            return REFUSED, ignored
        self.met |= {source_id} - {""}
        self.made |= self.met
        return NEW, ignored

    # --- Names ---------------------------------------------------------------------------------

    def arrange(self, given, flat):
        """Return `given` in the API's shape, with what it lacks filled, and the names not known."""
        named = {self.names.get(name, name): name for name in given}
        named |= {ours: theirs for theirs, ours in self.names.items() if theirs in given}
        named.pop("", None)
        values = {ours: given[theirs] for ours, theirs in named.items()}
        if "external_id" in values:
            values.setdefault("source_id", values.pop("external_id"))
        data, facets, ignored = {}, {}, []
        for name, value in values.items():
            if self._is_facet(name) and (flat or name in self.names.values()):
                facets[name] = parted(value) if isinstance(value, str) else value
            elif name in self.columns:
                data[name] = value
            elif name not in self.defaults:
                ignored.append(name)
        self._fill(data, facets)
        return data, ignored

    def _is_facet(self, name):
        return name in self.facets

    def _fill(self, data, facets):
        """Put facets under `contexts` and effort in one place; add the defaults."""
        contexts = data.get("contexts") or {}
        if isinstance(contexts, dict):
            data["contexts"] = contexts = contexts | facets
        for name, text in self.defaults.items():
            holder = contexts if self._is_facet(name) else data
            if isinstance(holder, dict) and not holder.get(name):
                holder[name] = parted(text) if self._is_facet(name) or name in LISTS else text
        effort = {part: whole(data.pop(flat)) for flat, part in FLAT_EFFORT.items() if flat in data}
        if effort:
            data["effort"] = effort
        elif isinstance(told := data.get("effort"), dict):
            data["effort"] = {part: whole(value) for part, value in told.items()}

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
            return Experience._meta.get_field("source_id").clean(given.strip(), None)
        except ValidationError as refusal:
            for detail in as_details(refusal)[NON_FIELD_ERRORS]:
                record.refuse("source_id", detail.code, detail)
            return ""

    # --- Judging and storing ---------------------------------------------------------------------

    def _store(self, record, data, source_id):
        known = {problem.field for problem in record.problems}
        for name, code, message in self._refusals(data, source_id, store=not record.problems):
            if name not in known:
                record.refuse(name, code, message)

    def _refusals(self, data, source_id, store):
        """Yield (field, code, message) for all that is wrong; when nothing is, store the report."""
        if found := unstorable(data):
            yield from found
            data = {name: value for name, value in data.items() if name not in {one[0] for one in found}}
        serializer, broken = self._judged(data)
        yield from flattened(broken)
        lacking = as_details(ValidationError(self._lacking(data) or {}))
        wrong = {name for name, _code, _message in [*found, *flattened(broken)]}
        missing = {name: details for name, details in lacking.items() if name not in wrong}
        yield from flattened(missing)
        if store and not (found or broken or missing):
            yield from self._written(serializer, source_id)

    def _judged(self, data):
        """Return a serializer that has judged `data`, and all it found.

        It judges values only once every type is right; here what is wrong is set aside and the
        rest judged again, so that a person mends a record in one go.
        """
        serializer = ExperienceSerializer(data=data)
        if serializer.is_valid():
            return serializer, {}
        broken = serializer.errors
        rest = ExperienceSerializer(data=self._without(data, broken))
        return serializer, ({} if rest.is_valid() else rest.errors) | broken

    def _without(self, data, names):
        parts = {"effort" if name in FLAT_EFFORT else name for name in names}
        left = {name: value for name, value in data.items() if name not in parts}
        if isinstance(contexts := left.get("contexts"), dict):
            left["contexts"] = {facet: slugs for facet, slugs in contexts.items() if facet not in parts}
        return left

    def _lacking(self, data):
        """Return what a complete report still needs, as the report itself says it."""
        texts = {
            name: value
            for name in Experience.NEEDED
            if name != "stakes" and isinstance(value := data.get(name), str)
        }
        stub = Experience(**texts)
        contexts = data.get("contexts")
        stated = [slug for slug, values in contexts.items() if values] if isinstance(contexts, dict) else []
        stub.parts = Parts(
            stakes=data.get("stakes") or [],
            contexts=[Context(facet=self.facets[slug]) for slug in stated if slug in self.facets],
        )
        return stub.missing()

    def _written(self, serializer, source_id):
        try:
            with transaction.atomic():
                report = serializer.save(by=self.author, source_id=source_id)
                if self.publish:
                    self._publish(report)
                transaction.set_rollback(self.dry_run)
        except ValidationError as refusal:
            yield from flattened(as_details(refusal))
        except serializers.ValidationError as refusal:
            yield from flattened(refusal.detail)
        except IntegrityError:  # Another import took the same source_id between our look and our write.
            yield "source_id", "unique", _("This report has already been imported.")

    def _publish(self, report):
        if self.author:
            report.submit(by=self.author)
        else:
            report.publish_imported()


def is_there(source_id):
    """Whether a report came from there; an export names reports by their own address."""
    return Experience.objects.filter(Q(source_id=source_id) | Q(public_id=source_id)).exists()


def whole(value):
    """Return the digits of a cell as a number; anything else is the serializer's to refuse."""
    number = whole_number(value.strip(), most_digits=18) if isinstance(value, str) else None
    return value if number is None else number


def unstorable(data):
    """Return [(field, code, message)] for fields with a character no database keeps."""
    found = []
    for name, value in data.items():
        try:
            for text in texts(value):
                validate_storable(text)
        except ValidationError as refusal:
            found.append((name, refusal.code, refusal.message))
    return found


def texts(value):
    """Yield every string in `value`, however deep."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def flattened(detail, name=""):
    """Yield (field, code, message) from errors nested as a serializer nests them."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            inner = str(key) if name in ("", "contexts") else f"{name}.{key}"
            yield from flattened(value, "" if key == NON_FIELD_ERRORS else inner)
    elif isinstance(detail, list | tuple):
        for number, value in enumerate(detail, 1):
            nested = isinstance(value, dict | list | tuple)
            if value:
                yield from flattened(value, f"{name}.{number}" if nested else name)
    else:
        yield name, getattr(detail, "code", "invalid"), str(detail)
