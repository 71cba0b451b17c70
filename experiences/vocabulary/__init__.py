"""The shipped lists (CSV, English and French), and how they are loaded."""

import csv
from pathlib import Path

from django.db import transaction
from django.db.models import F

from experiences.list_index.held import VOCABULARY
from experiences.models import (
    Competency,
    Context,
    Effect,
    Facet,
    GlossaryEntry,
    ListState,
    Stake,
    VocabularyChange,
    Wording,
)
from experiences.models.vocabulary.cache import forget

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
    """Make the rows that are missing, and fill columns that say nothing where the shipped lists say something
    by now; with `refresh`, also bring the shipped wording to the rest.

    A term of this site stays as it is, also where a shipped one has its address (`addresses_taken`). What a
    moderator has reworded or added keeps their words, a column that one emptied stays empty, and what
    is retired stays so. Returns the number of rows made.
    """
    made = _put(Competency, read("competencies.csv"), refresh)
    areas = {area.slug: area for area in Competency.objects.all()}
    made += _put(
        Stake, [row | {"competency": areas[row["competency"]]} for row in read("stakes.csv")], refresh
    )
    made += _put(Facet, [row | _rule(row) for row in read("facets.csv")], refresh)
    made += _put(Context, _contexts(), refresh, key=("facet_id", "slug"))
    made += _put(Effect, read("effects.csv"), refresh)
    for name, kind in WORDINGS.items():
        rows = [row | {"kind": kind} | _meanings(row) for row in read(name)]
        made += _put(Wording, rows, refresh, key=("kind", "slug"))
    duties = Wording.objects.filter(kind=Wording.Kind.RESPONSIBILITY)
    _tie_to_stakes(
        duties, [(row["responsibility"], row["stake"]) for row in read("responsibility_stakes.csv")]
    )
    words = read("glossary.csv")
    made += _put(GlossaryEntry, words, refresh)
    ties = [(row["slug"], slug) for row in words for slug in row["stakes"].split(";")]
    _tie_to_stakes(GlossaryEntry.objects.all(), ties)
    if made or refresh:
        ListState.advance(VOCABULARY)  # Other processes, and pages that were kept, are of the lists before.
    transaction.on_commit(forget)
    return made


def addresses_taken():
    """Return the terms of this site whose address a shipped term has, which is therefore not loaded."""
    stakes = Stake.objects.filter(local=True, slug__in=[row["slug"] for row in read("stakes.csv")])
    shipped = {(row["facet"], row["slug"]) for row in read("contexts.csv")}
    contexts = Context.objects.filter(local=True).select_related("facet")
    return [*stakes, *(one for one in contexts if (one.facet.slug, one.slug) in shipped)]


def _put(model, rows, refresh, key=("slug",)):
    """Make the `rows` (dictionaries) whose `key` no row of `model` has; return how many were missing."""
    columns = {field.name for field in model._meta.concrete_fields}
    written = VocabularyChange.objects.columns_written()
    held = {tuple(getattr(one, name) for name in key): one for one in model.objects.all()}
    missing = []
    for row in rows:
        wanted = {name: value for name, value in row.items() if name in columns}
        instance = held.get(tuple(row[name] for name in key))
        if instance is None:
            missing.append(model(**wanted))
        elif getattr(instance, "local", False):
            continue  # Not the same term, whatever it is called: see `addresses_taken`.
        elif refresh and instance.address not in written:
            for name, value in wanted.items():
                setattr(instance, name, value)
            instance.save()
        else:
            _fill(instance, wanted, written.get(instance.address, ()))
    model.objects.bulk_create(missing)
    return len(missing)


def _fill(instance, wanted, written):
    """Write the words of `wanted` where the row has none; what a moderator has `written` stays empty."""
    lacking = {
        name: value
        for name, value in wanted.items()
        if value and name not in written and getattr(instance, name) == ""
    }
    if lacking:
        # One more version: a page that was opened before would empty these columns again.
        type(instance).objects.filter(pk=instance.pk).update(version=F("version") + 1, **lacking)
        ListState.advance(VOCABULARY)


def _rule(row):
    return {"required": row["rule"].startswith("required"), "most": MOST.get(row["slug"], 1)}


def _contexts():
    """Return the values of all facets, with the two that each facet takes besides its own."""
    facets = {facet.slug: facet for facet in Facet.objects.all()}
    rows = read("contexts.csv")
    for slug in facets:
        rows += [
            {"facet": slug, "slug": value, "name_en": english, "name_fr": french, "position": 900 + number}
            for number, (value, (english, french)) in enumerate(UNSTATED.items())
        ]
    return [row | {"facet": facets[row["facet"]], "facet_id": facets[row["facet"]].pk} for row in rows]


def _meanings(row):
    return {
        f"meaning_{code}": row.get(f"meaning_{code}") or row.get(f"rule_{code}") or ""
        for code in ("en", "fr")
    }


def _tie_to_stakes(rows, ties):
    """Tie `rows` (a queryset) to shipped stakes, as `ties`, (slug of a row, slug of a stake), say; a stake
    that gave way to another keeps the ties it has left.
    """
    stakes = dict(Stake.objects.current().filter(local=False).values_list("slug", "pk"))
    keys, through = dict(rows.values_list("slug", "pk")), rows.model.stakes.through
    column = rows.model.stakes.field.m2m_column_name()
    tied = [(keys[slug], stakes[stake]) for slug, stake in ties if stake in stakes]
    through.objects.bulk_create(
        [through(**{column: key, "stake_id": stake}) for key, stake in tied], ignore_conflicts=True
    )
