"""Records of a file, made into practices: working copies with their claims and evidence.

Two people publish a practice, and an import is neither: whatever it was elsewhere, it arrives as a draft of
the curator who brings it, and another publishes it. Grades, versions and dates are not taken: they are of
the site that gave them. Reports come first: evidence names them by the identifier they came with, or by
that of their page.
"""

import hashlib
import re
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework import serializers

from config.rest import fields
from config.rest.parsers import unstorable
from config.rest.problems import as_details
from experiences.interchange.base import (
    LABELS_OF_LANGUAGE,
    NAMES_OF_LANGUAGES,
    BaseImporter,
    flattened,
    labels_of_columns,
    labels_of_terms,
)
from experiences.interchange.records import Record
from experiences.models import Experience
from experiences.models.report.parts import too_many
from practices.api.claims import ClaimSerializer, EvidenceSerializer
from practices.api.serializers import PracticeSerializer
from practices.models import Evidence, Practice

FIELDS = (*Practice.WRITABLE, "stakes", "contexts", "review_due_on", "claims")
CLAIM_KEYS = ("id", "kind", "text", "opinion", "evidence")
EVIDENCE_KEYS = (
    "id", "experience", "source_id", "bearing", "excerpt", "note", "followed", "followed_reason", "stale",
)  # fmt: skip
MOST_CLAIMS, MOST_EVIDENCE = 100, 500  # of a practice, of a claim
LONGEST_LIST = 20  # reports named in one refusal
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,70}[a-z0-9])?")  # with room to tell two apart


@dataclass
class PracticeImporter(BaseImporter):
    """Takes practices, as drafts of a curator."""

    def field_names(self):
        return [*FIELDS, "source_id", "id"]

    def needed(self):
        return ["title"]

    def labels(self):
        yield from labels_of_columns(Practice, [*Practice.WRITABLE, "stakes", "review_due_on"])
        yield from LABELS_OF_LANGUAGE

    def values(self):
        return labels_of_terms(self.facets) | {"language": NAMES_OF_LANGUAGES}

    def is_there(self, source_id):
        """Whether a practice came from there, or was exported here: its address is its identifier."""
        same = Q(submission_key=brought_key(source_id))
        if self.is_from_here:
            same |= Q(slug=source_id)
        return Practice.objects.filter(same).exists()

    def arrange(self, record, flat):
        data, ignored = super().arrange(record, flat)
        slug = data.pop("id", "")
        data.setdefault("source_id", slug)
        # What was exported keeps its address, if nobody here has it.
        wanted = slug if record.is_ours and isinstance(slug, str) else ""
        self.wanted_slug = wanted if SLUG.fullmatch(wanted) else ""
        self.is_from_here = str(record.data.get("html_url")).startswith(f"{settings.SITE_URL}/")
        return data, ignored

    # --- Judging and storing -------------------------------------------------------------------

    def refusals(self, record, data, source_id, store):
        if found := unstorable(data):
            yield from flattened(found)
            return
        claims, wrong = judged_claims(data.pop("claims", None) or [])
        yield from wrong
        reports, missing = ({}, "") if wrong else self.find_reports(claims, record)
        if missing:
            yield "claims", "missing", missing
        serializer = PracticeSerializer(data=data | {"anyway": True}, context={"takes_retired": True})
        if not serializer.is_valid():
            yield from flattened(serializer.errors)
        elif store and not wrong and not missing:
            yield from self._stored(record, serializer, source_id, claims, reports)

    def find_reports(self, claims, record):
        """Return ({identifier: report} of the evidence, what is missing, in words).

        Evidence that cannot stand here is left out of `claims`, and `record` remarks on it: whose report
        was erased since, or no longer has the words.
        """
        wanted = {name for claim in claims for row in claim["evidence"] for name in row["names"]}
        same = Q(source_id__in=wanted) | Q(public_id__in=wanted)
        reports = {}
        for report in Experience.objects.visible_to(self.author).filter(same):
            reports |= {report.public_id: report}
            reports |= {report.source_id: report} if report.source_id else {}
        missing = []
        for claim in claims:
            claim["evidence"] = [row for row in claim["evidence"] if not self._is_gone(row, reports, record)]
            missing += [row["names"][0] for row in claim["evidence"] if published(row, reports) is None]
        if not missing:
            return reports, ""
        text = _("No published report here is called: %(ids)s. Import and publish the reports first.")
        return reports, text % {"ids": ", ".join(dict.fromkeys(missing[:LONGEST_LIST]))}

    def _is_gone(self, row, reports, record):
        if row["stale"] or not row["excerpt"].strip():
            record.remarks.append(_("evidence whose words its report no longer has was left out"))
            return True
        if published(row, reports) is None and any(map(self.has_departed, row["names"])):
            record.remarks.append(_("evidence of a report that was erased was left out"))
            return True
        return False

    def settle(self):
        """Nothing waits: each practice is stored as soon as it is judged."""

    def _stored(self, record, serializer, source_id, claims, reports):
        key = brought_key(source_id) if source_id else ""

        def write():
            practice = serializer.save(by=self.author, slug=self.wanted_slug, submission_key=key)
            add_claims(practice, claims, reports, by=self.author)

        try:
            yield from self._written(write)
        except IntegrityError:  # Another import took the same source_id between our look and our write.
            yield "source_id", "unique", _("This practice has already been imported.")
            return
        remark_on_state(record)


def brought_key(source_id):
    """Return the submission key of what came from there: it comes once."""
    return f"import-{hashlib.sha256(source_id.encode()).hexdigest()[:56]}"


def remark_on_state(record):
    """Remark on what a practice was elsewhere and is not here."""
    if record.data.get("status") == Practice.Status.RETIRED:
        record.remarks.append(_("a practice that is retired where it comes from is a draft here"))
    if record.data.get("translation_of"):
        record.remarks.append(_("a translation is a practice of its own here"))


# --- Claims and evidence ---------------------------------------------------------------------------


def judged_claims(given):
    """Return the claims as the verbs take them, and [(field, code, message)] for what is wrong with them."""
    claims, wrong = [], Record(0)
    with collected(wrong, "claims"):
        claims = bounded(fields.objects(given, CLAIM_KEYS), MOST_CLAIMS)
    judged = [judged_claim(claim, f"claims.{number}", wrong) for number, claim in enumerate(claims, 1)]
    return judged, [(problem.field, problem.code, problem.message) for problem in wrong.problems]


def judged_claim(claim, place, wrong):
    words = {name: claim[name] for name in ("kind", "text", "opinion") if name in claim}
    found = read(ClaimSerializer, words, place, wrong)
    found["evidence"] = []
    rows = []
    with collected(wrong, f"{place}.evidence"):
        rows = bounded(fields.objects(claim.get("evidence") or [], EVIDENCE_KEYS), MOST_EVIDENCE)
    for number, row in enumerate(rows, 1):
        found["evidence"].append(judged_evidence(row, f"{place}.evidence.{number}", wrong))
    return found


def judged_evidence(row, place, wrong):
    """Return what cite() takes, with `names`: by which identifiers its report may be known, and `stale`."""
    names = [
        row[name] for name in ("source_id", "experience") if isinstance(row.get(name), str) and row[name]
    ]
    words = {name: value for name, value in row.items() if name not in ("id", "source_id", "stale")}
    found = read(EvidenceSerializer, {"experience": names[0] if names else None} | words, place, wrong)
    return found | {"names": names, "stale": row.get("stale") is True, "excerpt": found.get("excerpt", "")}


def read(serializer_class, data, place, wrong):
    """Return what the API reads in `data`; curators read the words before anybody else does."""
    serializer = serializer_class(data=data | {"anyway": True})
    with collected(wrong, place):
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)
    return {}


def bounded(rows, most):
    if len(rows) > most:
        raise too_many(most)
    return rows


@contextmanager
def collected(wrong, place):
    """Note in the Record `wrong` what is refused within, at its `place`."""
    try:
        yield
    except serializers.ValidationError as refusal:
        detail = refusal.detail
    except ValidationError as refusal:
        detail = as_details(refusal)
    else:
        return
    if not isinstance(detail, dict):
        detail = {NON_FIELD_ERRORS: detail}
    for name, code, message in flattened(detail):
        wrong.refuse(f"{place}.{name}" if name else place, code, message)


def published(row, reports):
    """Return the published report that evidence names, or None."""
    found = next((reports[name] for name in row["names"] if name in reports), None)
    return found if found and found.status == Experience.Status.PUBLISHED else None


def add_claims(practice, claims, reports, *, by):
    """Add the claims by the verbs curators use; raise all that they refuse at once."""
    wrong = Record(0)
    for number, claim in enumerate(claims, 1):
        place = f"claims.{number}"
        with collected(wrong, place):
            made = practice.add_claim(
                by=by, **{name: value for name, value in claim.items() if name != "evidence"}
            )
            for turn, row in enumerate(claim["evidence"], 1):
                with collected(wrong, f"{place}.evidence.{turn}"):
                    cite(made, row, reports, by)
    if wrong.problems:
        raise serializers.ValidationError(
            {
                problem.field: [serializers.ErrorDetail(problem.message, problem.code)]
                for problem in wrong.problems
            }
        )


def cite(claim, row, reports, by):
    report = published(row, reports)
    if claim.evidence.filter(report=report).exists():
        raise ValidationError(Evidence._meta.constraints[0].get_violation_error_message(), code="unique")
    words = {name: value for name, value in row.items() if name not in ("names", "stale", "experience")}
    claim.cite(report, by=by, **words)
