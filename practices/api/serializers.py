"""Practices in JSON: taken as a working copy, given as readers or curators read them, and listed."""

from config.rest.renderers import Written
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
from experiences.api.fields import CONTEXTS, Contexts, Stakes, address_of, asker, definitions
from experiences.api.matches import MATCH, match_data
from experiences.list_index.items import as_json, joined
from experiences.models import Experience
from experiences.models.report.parts import Parts
from practices.api.claims import claim_shape, claims_data
from practices.api.grades import grade_data, grade_shape
from practices.grading.following import Followed, over_claims
from practices.list_index.items import family_data, frozen_data, outcomes_data, state_data, words_data
from practices.list_index.unwanted import effects_of
from practices.models import Practice


class PracticeSerializer(Checked, ModelSerializer):
    """A practice: taken as its working copy, given as readers or curators read it."""

    checked = Practice.CHECKED

    stakes = Stakes(required=False)
    contexts = Contexts(required=False)
    # Given back as read; each changes by an address or a verb of its own.
    ignored = (
        "id", "url", "html_url", "status", "claims", "grade", "verdicts", "not_followed", "unwanted",
        "version", "published_on", "replaced_by", "edit_version", "copy", "translation_of", "translations",
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


def shared_data(practice, context):
    """Return what is known of a practice now, whichever of its words are told."""
    return head_data(practice, context) | state_data(practice)


def head_data(practice, context):
    """Return what a practice begins with, which no list keeps: where it is; its grade, in words of now."""
    return {
        "id": practice.slug,
        "url": address_of(context, "api-practice-detail", practice.slug),
        "html_url": address_of(context, "practices:detail", practice.slug),
        "grade": grade_data(practice),
    }


def standing_outcomes(claims):
    """Return (verdict, was it not followed, Effects) of each report of the evidence that counts under
    `claims`.
    """
    found = {}
    for row in (row for claim in claims for row in claim.standing() if row.followed):
        found.setdefault(row.report_id, (row.report, []))[1].append(row.followed)
    return [
        (report.verdict, over_claims(followed) == Followed.NOT_FOLLOWED, effects_of(report))
        for report, followed in found.values()
    ]


def stored_items(rows, context):
    """Return list items for `rows` of a list (PracticeInList), as JSON: what readers see but the long texts
    and the claims.
    """
    return [
        Written(joined(as_json(head_data(row.graded, context) | match_data(context, row.pk)), row.item))
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
    shape = thing(**short, **outcomes_properties())
    shape["properties"]["match"] = MATCH
    return shape


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


def unwanted_shape():
    return thing(
        none=WHOLE | {"description": "How many say that they saw none."},
        some=WHOLE | {"description": "How many tell of some."},
        not_told=WHOLE | {"description": "How many say nothing of them, which is not “none”."},
        weights=thing(**dict.fromkeys(Experience.Weight.values, WHOLE))
        | {"description": definitions(Experience.Weight)},
        borne_by=thing(**dict.fromkeys(Experience.Bearer.values, WHOLE))
        | {"description": definitions(Experience.Bearer)},
    )


def outcomes_properties():
    counts = verdicts_shape()
    return {
        "verdicts": counts | {"description": "What came of it, of the reports whose people followed it."},
        "unwanted": unwanted_shape()
        | {"description": "Unwanted effects, of the reports whose people followed it."},
        "not_followed": counts | {"description": "What came of not doing so, where that was told."},
    }
