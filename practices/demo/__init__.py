"""The practices of the demo: distilled, cited and published through the verbs that curators use."""

import json
from pathlib import Path

from django.db.models import Q

from accounts.demo import one_by_one
from experiences.models import Context, Stake
from experiences.models.report.parts import Parts
from practices.models import Practice


def read():
    text = (Path(__file__).parent / "practices.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def load(people, reports):
    """Make the practices that are missing; return how many were made. The heir of one stands before it."""
    known, made = {}, 0
    for row in read():
        known[row["slug"]] = existing(row)
        if known[row["slug"]] is None:
            with one_by_one(people):
                known[row["slug"]] = distil(row, people, reports)
                if row["demo_state"] == Practice.Status.RETIRED:
                    known[row["slug"]].retire(
                        by=people[row["published_by"]], heir=known[row["heir"]], note=row.get("demo_note", "")
                    )
            made += 1
    return made


def existing(row):
    """Return the practice that came from `row`, even if its title was changed since; or None."""
    same = Q(title=row["title"]) | Q(versions__title=row["title"])
    return Practice.objects.filter(same).first()


def distil(row, people, reports):
    """Write one practice with its claims and evidence, and bring it to its state."""
    practice = Practice(**{name: row[name] for name in Practice.WRITABLE})
    practice.review_due_on = row.get("review_due_on")
    named = [f"{facet}={slug}" for facet, slugs in row["contexts"].items() for slug in slugs]
    practice.parts = Parts(
        stakes=list(Stake.objects.filter(slug__in=row["stakes"])),
        contexts=list(Context.objects.filter(name__in=named).select_related("facet")),
    )
    curator = people[row["distilled_by"]]
    practice.write(by=curator)
    for claim in row["claims"]:
        cite(practice, claim, reports, curator)
    if row["demo_state"] != Practice.Status.DRAFT:
        practice.submit(by=curator)
    if row["demo_state"] in (Practice.Status.PUBLISHED, Practice.Status.RETIRED):
        practice.publish(by=people[row["published_by"]])
    if "translation" in row:
        revision = row["translation"]
        other = practice.translate(
            by=people[revision["by"]], title=revision["title"], language=revision["language"]
        )
        reword(other, revision, people)
    if "later" in row:
        practice.reopen(by=people[row["later"]["by"]])
        reword(practice, row["later"], people)
    for trial in row["trials"]:
        practice.try_out(
            by=people[trial["by"]], verdict=trial["verdict"], line=trial["line"], identity=trial["identity"]
        )
    return practice


def reword(practice, revision, people):
    """Put a working copy in the words of `revision`, its claims in their order, and publish it.

    Of a translation, `notes` are {source of a report: the note beside its evidence} where there is one.
    """
    by = people[revision["by"]]
    for name in revision.keys() & set(practice.WRITABLE):
        setattr(practice, name, revision[name])
    practice.write(by=by)
    for claim, text in zip(practice.claims(), revision["claims"], strict=True):
        if claim.text != text:
            claim.revise(by=by, text=text)
        for row in claim.evidence.select_related("report").exclude(note=""):
            translate_note(claim, row, revision.get("notes", {}), by)
    practice.refresh_from_db()
    practice.submit(by=by).publish(by=people[revision["published_by"]])


def translate_note(claim, row, notes, by):
    note = notes.get(row.report.source_id, row.note)
    if note != row.note:
        claim.cite(row.report, by=by, bearing=row.bearing, excerpt=row.excerpt, note=note)


def cite(practice, row, reports, curator):
    claim = practice.add_claim(by=curator, kind=row["kind"], text=row["text"], opinion=row["opinion"])
    for evidence in row["evidence"]:
        claim.cite(
            reports[evidence["report"]],
            by=curator,
            bearing=evidence["bearing"],
            excerpt=evidence["excerpt"],
            note=evidence["note"],
        )
