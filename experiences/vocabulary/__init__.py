"""The shipped lists (CSV, English and French), and how they are loaded."""

import csv
from pathlib import Path

from django.db import transaction

from experiences.models import Competency, Context, Effect, Facet, Stake, Wording
from experiences.models.lists import forget

FOLDER = Path(__file__).parent
MOST = {"kind": 2, "platform": 10, "region": 8}  # Values per facet, where more than one is allowed.
UNSTATED = {
    Context.UNKNOWN: ("not known", "inconnu"),
    Context.WITHHELD: ("not told", "non communiqué"),
}
WORDINGS = {
    "verdicts.csv": Wording.Kind.VERDICT,
    "bearings.csv": Wording.Kind.BEARING,
    "report_strengths.csv": Wording.Kind.STRENGTH,
    "grades.csv": Wording.Kind.GRADE,
    "responsibilities.csv": Wording.Kind.RESPONSIBILITY,
}


def read(name):
    """Return the rows of one shipped list as dictionaries, each with its `position` from 0."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return [{**row, "position": number} for number, row in enumerate(csv.DictReader(lines))]


@transaction.atomic
def load(refresh=False):
    """Make the rows that are missing; with `refresh`, also restore the shipped wording of the rest.

    Returns the number of rows made.
    """
    put = _Putter(refresh)
    for row in read("competencies.csv"):
        put(Competency, {"slug": row["slug"]}, row)
    areas = {area.slug: area for area in Competency.objects.all()}
    for row in read("stakes.csv"):
        put(Stake, {"slug": row["slug"]}, {**row, "competency": areas[row["competency"]]})
    for row in read("facets.csv"):
        rule = {"required": row["rule"].startswith("required"), "most": MOST.get(row["slug"], 1)}
        put(Facet, {"slug": row["slug"]}, row | rule)
    _load_contexts(put)
    for row in read("effects.csv"):
        put(Effect, {"slug": row["slug"]}, row)
    for name, kind in WORDINGS.items():
        for row in read(name):
            meaning = {
                f"meaning_{code}": row.get(f"meaning_{code}") or row.get(f"rule_{code}") or ""
                for code in ("en", "fr")
            }
            put(Wording, {"kind": kind, "slug": row["slug"]}, row | meaning)
    _tie_responsibilities()
    transaction.on_commit(forget)
    return put.made


def _load_contexts(put):
    facets = {facet.slug: facet for facet in Facet.objects.all()}
    for row in read("contexts.csv"):
        put(Context, {"facet": facets[row["facet"]], "slug": row["slug"]}, row)
    for facet in facets.values():
        for number, (slug, names) in enumerate(UNSTATED.items()):
            row = {"name_en": names[0], "name_fr": names[1], "position": 900 + number}
            put(Context, {"facet": facet, "slug": slug}, row)


def _tie_responsibilities():
    stakes = {stake.slug: stake for stake in Stake.objects.all()}
    duties = {duty.slug: duty for duty in Wording.objects.filter(kind=Wording.Kind.RESPONSIBILITY)}
    for row in read("responsibility_stakes.csv"):
        duties[row["responsibility"]].stakes.add(stakes[row["stake"]])


class _Putter:
    """Make a row, or restore its shipped wording when asked to."""

    def __init__(self, refresh):
        self.refresh = refresh
        self.made = 0

    def __call__(self, model, key, row):
        columns = {field.name for field in model._meta.concrete_fields} - {"id", "facet", "kind"} - set(key)
        wanted = {name: value for name, value in row.items() if name in columns}
        instance = model.objects.filter(**key).first()
        if instance is None:
            model(**key, **wanted).save()
            self.made += 1
        elif self.refresh:
            for name, value in wanted.items():
                setattr(instance, name, value)
            instance.save()
