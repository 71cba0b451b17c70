"""Practices in JSON: taken as a working copy, given as readers or curators read them, and listed."""

from collections import Counter

from django.urls import reverse

from config.rest.serializers import ModelSerializer
from config.rest.shapes import (
    ADDRESS,
    DAY,
    SLUGS,
    TEXT,
    WHOLE,
    component,
    many,
    nullable,
    one_of,
    properties_of,
    thing,
)
from experiences.api.checked import Checked
from experiences.api.fields import CONTEXTS, Contexts, Stakes, absolute, asker
from experiences.models import Experience
from experiences.models.report.parts import Parts
from practices.api.claims import claim_shape, claims_data
from practices.api.grades import grade_data, grade_shape
from practices.grading.following import Followed, over_claims
from practices.models import Evidence, Practice


class PracticeSerializer(Checked, ModelSerializer):
    """A practice: taken as its working copy, given as readers or curators read it."""

    checked = Practice.CHECKED

    stakes = Stakes(required=False)
    contexts = Contexts(required=False)
    # Given back as read; each changes by an address or a verb of its own.
    ignored = (
        "id", "url", "html_url", "status", "claims", "grade", "verdicts", "not_followed", "version",
        "published_on", "replaced_by", "edit_version", "copy", "translation_of", "translations",
        "moderation", "decision_note",
    )  # fmt: skip

    unseen = ("slug",)
    parts_class = Parts
    parts_fields = ("stakes", "contexts")

    class Meta:
        model = Practice
        fields = [*Practice.WRITABLE, "stakes", "contexts", "review_due_on", "anyway"]
        extra_kwargs = {name: {"help_text": "Markdown."} for name in Practice.TEXTS}

    def to_internal_value(self, data):
        if isinstance(data, dict):
            data = {name: value for name, value in data.items() if name not in self.ignored}
        return super().to_internal_value(data)

    def to_representation(self, practice):
        user = asker(self.context)
        wanted = self.context.get("copy", "")
        curates = user.has_perm("practices.curate_practice")
        frozen = practice.current if wanted != "working" else None
        words = frozen_data(practice, frozen) if frozen else working_data(practice)
        data = shared_data(practice, self.context) | words
        data["claims"] = claims_data(frozen.claims.all() if frozen else practice.claims(), frozen is None)
        data |= outcomes_data(standing_outcomes(frozen.claims.all() if frozen else practice.claims()))
        if curates:
            data |= {"edit_version": practice.edit_version, "copy": "published" if frozen else "working"}
            data |= {"moderation": practice.moderation, "decision_note": practice.decision_note}
        return data


def frozen_data(practice, version):
    return (
        words_data(version)
        | family_data(practice, version)
        | {
            "status": practice.public_status.value,
            "version": version.number,
            "published_on": version.published_at.date().isoformat(),
        }
    )


def working_data(practice):
    return (
        words_data(practice)
        | family_data(practice, practice)
        | {
            "status": practice.status,
            "version": practice.edit_version,
            "published_on": practice.current.published_at.date().isoformat() if practice.current else None,
        }
    )


def words_data(words):
    """Return what a working copy or a version says."""
    contexts = {}
    for facet, slug in words.context_slugs:
        contexts.setdefault(facet, []).append(slug)
    said = {name: getattr(words, name) for name in Practice.WRITABLE}
    return said | {"stakes": words.stake_slugs, "contexts": contexts}


def family_data(practice, words):
    """Return what the words translate, and the translations of the practice that can be read."""
    followed, original = words.follows_version, practice.original_shown
    readable = [one for one in practice.translations.all() if one.is_open_to_readers]
    return {
        "translation_of": {"id": original.slug, "version": followed.number, "latest": original.current.number}
        if followed and original
        else None,
        "translations": [{"id": one.slug, "language": one.current.language} for one in readable],
    }


def shared_data(practice, context):
    path = reverse("api-practice-detail", args=[practice.slug])
    due = practice.review_due_on
    return {
        "id": practice.slug,
        "url": absolute(context, path),
        "html_url": absolute(context, practice.get_absolute_url()),
        "grade": grade_data(practice),
        "review_due_on": due.isoformat() if due else None,
        "replaced_by": practice.heir_shown.slug if practice.heir_shown else None,
    }


def standing_outcomes(claims):
    """Return {report pk: (verdict, Followed)} of the evidence that counts under `claims`."""
    found = {}
    for row in (row for claim in claims for row in claim.standing() if row.followed):
        found.setdefault(row.report_id, (row.report.verdict, []))[1].append(row.followed)
    return {pk: (verdict, over_claims(followed)) for pk, (verdict, followed) in found.items()}


def outcomes_data(outcomes):
    """Count {report: (verdict, Followed)}: one report counts once, apart where its people did otherwise."""
    apart = [(verdict, followed == Followed.NOT_FOLLOWED) for verdict, followed in outcomes.values()]
    return {
        "verdicts": verdicts_data(verdict for verdict, otherwise in apart if not otherwise),
        "not_followed": verdicts_data(verdict for verdict, otherwise in apart if otherwise),
    }


def verdicts_data(verdicts):
    """Count `verdicts`, one of each report, as {verdict: number} with every verdict named."""
    return dict.fromkeys(Experience.Verdict.values, 0) | Counter(verdicts)


def list_items(rows, context):
    """Return list items: what readers see but the long texts and claims; verdicts in one more query."""
    outcomes = Evidence.objects.outcomes(rows)
    return [
        {
            name: value
            for name, value in (shared_data(row, context) | frozen_data(row, row.current)).items()
            if name not in Practice.TEXTS
        }
        | outcomes_data(outcomes.get(row.pk, {}))
        for row in rows
    ]


# --- Shapes --------------------------------------------------------------------------------------


@component("Practice")
def practice_shape():
    """For curators, `edit_version`, `copy`, `moderation` and `decision_note` are there too."""
    shape = thing(**version_properties(), **outcomes_properties())
    shape["properties"] |= {"edit_version": WHOLE, "copy": one_of(["published", "working"])}
    shape["properties"] |= {
        "moderation": one_of(Practice.Moderation.values),
        "decision_note": TEXT | {"description": "Why a moderator took it down."},
    }
    return shape


@component("PracticeVersion")
def practice_version_shape():
    return thing(**version_properties())


@component("PracticeItem")
def practice_item_shape():
    whole = version_properties()
    short = {name: shape for name, shape in whole.items() if name not in (*Practice.TEXTS, "claims")}
    return thing(**short, **outcomes_properties())


def version_properties():
    """Return what a version says, and what is known of its practice."""
    words = properties_of(PracticeSerializer)
    language = one_of(Experience.Language.values)
    return {
        "id": TEXT,
        "url": ADDRESS,
        "html_url": ADDRESS,
        "status": one_of(Practice.Status.values),
        **{name: words[name] for name in Practice.WRITABLE},
        "stakes": SLUGS,
        "contexts": CONTEXTS,
        "grade": grade_shape,
        "version": WHOLE,
        "published_on": nullable(DAY),
        "review_due_on": nullable(DAY),
        "replaced_by": nullable(TEXT),
        "translation_of": nullable(thing(id=TEXT, version=WHOLE, latest=WHOLE))
        | {"description": "The original, the version of it that is followed, and its latest."},
        "translations": many(thing(id=TEXT, language=language)),
        "claims": many(claim_shape),
    }


def verdicts_shape():
    return thing(**dict.fromkeys(Experience.Verdict.values, WHOLE))


def outcomes_properties():
    counts = verdicts_shape()
    return {
        "verdicts": counts | {"description": "What came of it, of the reports whose people followed it."},
        "not_followed": counts | {"description": "What came of not doing so, where that was told."},
    }
