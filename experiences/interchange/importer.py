"""Records of a file, made into reports: judged by the API's serializer, stored by the verbs.

Two things differ from the API: a record must be complete, since nobody may be there to complete it; and what
was told before comes with it: terms that are out of use now, and what has become of it since.
"""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from config.rest.parsers import unstorable
from config.rest.problems import as_details
from config.text import whole_number
from experiences.api.serializers import ExperienceSerializer
from experiences.interchange import cells, past
from experiences.interchange.base import (
    LABELS_OF_LANGUAGE,
    NAMES_OF_LANGUAGES,
    NEW,
    REFUSED,
    THERE,
    BaseImporter,
    flattened,
    guarded,
    labels_of_choices,
    labels_of_columns,
    labels_of_terms,
    labels_of_texts,
)
from experiences.interchange.names import HEADINGS
from experiences.interchange.records import MONTHS
from experiences.list_index.items import EFFORT_KEYS
from experiences.models import Context, Experience, Wording
from experiences.models.report.parts import Parts
from experiences.models.report.storing import Brought, store_all

__all__ = ["NEW", "REFUSED", "THERE", "Importer", "columns"]

FLAT_EFFORT = {f"effort_{part}": part for part in EFFORT_KEYS}  # As CSV columns and --set have it.


def columns():
    """Return the names of what a record may set beside facets, as files and --map spell them."""
    fields = [name for name, one in ExperienceSerializer().fields.items() if not one.read_only]
    return [*fields, *FLAT_EFFORT, "source_id", *past.NAMES]


@dataclass
class Waiting:
    """What was judged of a record, from which its report is made: anew, where others were refused with it."""

    record: object
    serializer: ExperienceSerializer
    source_id: str
    author: object
    publish: bool
    told: dict

    def brought(self):
        report = Experience(author=self.author, source_id=self.source_id)
        report = self.serializer.fill(report, self.serializer.validated_data)
        return Brought(report, self.publish, **self.told)


@dataclass
class Importer(BaseImporter):
    """Takes reports."""

    publish: bool = False
    waiting: list = field(default_factory=list)  # what was judged, and is not stored yet

    def field_names(self):
        return columns()

    def needed(self):
        required = [slug for slug, facet in self.facets.items() if facet.required]
        return [*Experience.NEEDED, *required]

    def labels(self):
        yield from labels_of_columns(Experience, [*Experience.WRITABLE, "stakes", "keywords"])
        yield from labels_of_texts()
        yield from LABELS_OF_LANGUAGE

    def values(self):
        verdicts = Wording.objects.filter(kind=Wording.Kind.VERDICT)
        told = [(row.slug, label) for row in verdicts for label in (row.name_en, row.name_fr)]
        return labels_of_terms(self.facets) | {
            "verdict": [*labels_of_choices(Experience.Verdict.choices), *told],
            "language": NAMES_OF_LANGUAGES,
            "identity": labels_of_choices(Experience.Identity.choices),
            "nature": labels_of_choices(Experience.Nature.choices),
            "unwanted_seen": labels_of_choices(Experience.Seen.choices),
            "unwanted_borne_by": labels_of_choices(Experience.Bearer.choices),
            "unwanted_weight": labels_of_choices(Experience.Weight.choices),
        }

    def is_there(self, source_id):
        """Whether a report came from there; an export names reports by their own address."""
        # As the index of identifiers says it: SQLite uses it for nothing else, and else reads all reports.
        came = Q(source_id=source_id) & ~Q(source_id=RawSQL("''", ()))
        return Experience.objects.filter(came | Q(public_id=source_id)).exists()

    # --- Names ---------------------------------------------------------------------------------

    def _fill(self, data, facets):
        super()._fill(data, facets)
        flat = {part: data.pop(name) for name, part in FLAT_EFFORT.items() if name in data}
        told = data.get("effort") or {}
        if flat and isinstance(told, dict):
            lacking = {part: value for part, value in flat.items() if told.get(part) in (None, "")}
            data["effort"] = told | lacking

    def _default(self, name, text):
        is_number = name in FLAT_EFFORT and FLAT_EFFORT[name] != "currency"
        return whole(text) if is_number else super()._default(name, text)

    def _read_as_written(self, data, record):
        super()._read_as_written(data, record)
        if isinstance(told := data.get("effort"), dict):
            data["effort"] = {
                part: value if part == "currency" else whole(value) for part, value in told.items()
            }
        if isinstance(signs := data.get("first_signs"), list):
            data["first_signs"] = [
                row | {"weeks": whole(row["weeks"])} if isinstance(row, dict) and row.get("weeks") else row
                for row in signs
            ]
        for name in MONTHS:
            if isinstance(data.get(name), str):
                data[name] = cells.month(data[name], record.day_first)

    # --- Judging and storing ---------------------------------------------------------------------

    def refusals(self, record, data, source_id, store):
        if found := unstorable(data):
            yield from flattened(found)
            data = {name: value for name, value in data.items() if name not in found}
        told, wrong_past = past.judged(data, record)
        yield from wrong_past
        serializer, broken = self._judged(data)
        yield from flattened(broken)
        lacking = as_details(ValidationError(self._lacking(data) or {}))
        wrong = {*found, *(name for name, _code, _message in flattened(broken))}
        missing = {name: details for name, details in lacking.items() if name not in wrong}
        yield from _by_cause(flattened(missing), record)
        if store and not (found or broken or missing or wrong_past):
            publish = self.publish and not was_not_public(record)
            self.waiting.append(Waiting(record, serializer, source_id, self.author, publish, told))

    def _judged(self, data):
        """Return a serializer that has judged `data`, and all it found.

        It judges values only once every type is right; here what is wrong is set aside and the
        rest judged again, so that a person mends a record in one go.
        """
        context = {"takes_retired": True}
        serializer = ExperienceSerializer(data=data, context=context)
        if serializer.is_valid():
            return serializer, {}
        broken = serializer.errors
        rest = ExperienceSerializer(data=self._without(data, broken), context=context)
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
            name: Experience._meta.get_field(name).to_python(value)  # Nothing visible is nothing.
            for name in Experience.NEEDED
            if name != "stakes" and isinstance(value := data.get(name), str)
        }
        stub = Experience(**texts)
        if data.get("nature") in Experience.Nature.values:
            stub.nature = data["nature"]
        contexts = data.get("contexts")
        stated = [slug for slug, values in contexts.items() if values] if isinstance(contexts, dict) else []
        stub.parts = Parts(
            stakes=data.get("stakes") or [],
            contexts=[Context(facet=self.facets[slug]) for slug in stated if slug in self.facets],
        )
        return stub.missing()

    def settle(self):
        """Store what waits, in one transaction; where any of it is refused, each report in one of its own."""
        waiting, self.waiting = self.waiting, []
        if not waiting or self._are_stored(waiting):
            return
        for one in waiting:
            with guarded(one.record):
                self._store_alone(one)
            if one.record.problems:
                self.met.discard(one.source_id)
                self.made.discard(one.source_id)

    def _are_stored(self, waiting):
        """Store all of `waiting`, or none of it; return which."""
        try:
            return not list(self._written(lambda: store_all([one.brought() for one in waiting])))
        except OperationalError:
            raise
        except Exception:  # Which of them met it, is found out one by one.
            return False

    def _store_alone(self, one):
        try:
            for problem in self._written(lambda: store_all([one.brought()])):
                one.record.refuse(*problem)
        except IntegrityError:  # Another import took the same source_id between our look and our write.
            one.record.refuse("source_id", "unique", _("This report has already been imported."))


def was_not_public(record):
    """Whether one of our exports says that it was no published report, such as one that was withdrawn."""
    there = record.is_ours and record.data.get("status")
    apart = there in Experience.Status.values and there != Experience.Status.PUBLISHED
    if apart:
        record.remarks.append(_("what was not published where it comes from is a draft here"))
    return apart


def whole(value):
    """Return the digits of a cell as a number; anything else is the serializer's to refuse."""
    if not isinstance(value, str):
        return value
    number = whole_number(cells.whole(value), most_digits=18)
    return value if number is None else number


def _by_cause(missing, record):
    """Yield what is missing; where the whole file lacks what would have held it, that alone, once."""
    missing = list(missing)
    headed = [one for one in missing if record.without_headings and one[0] in HEADINGS]
    fronted = [one for one in missing if record.without_front_matter and one[0] not in HEADINGS]
    headed, fronted = (rows if len(rows) > 1 else [] for rows in (headed, fronted))
    cause = None
    if fronted:
        cause = (
            "no_front_matter",
            _(
                "There is no front matter. Begin the file with a line of “---”, then lines such as "
                "“verdict: worked” for %(names)s, then another line of “---”."
            ),
        )
    elif headed:
        cause = (
            "no_headings",
            _(
                "No heading is one we know. Put the texts under “Situation”, “What we did” and "
                "“What happened”."
            ),
        )
    if cause:
        code, text = cause
        yield "", code, text % {"names": ", ".join(name for name, _code, _message in fronted)}
    yield from (one for one in missing if one not in [*headed, *fronted])
