"""What programs are told of practices, and what they send: shapes in and out."""

from django.urls import reverse

from config.rest import fields, views
from experiences.api.fields import Contexts, Stakes, absolute, asker
from experiences.models import Experience
from experiences.models.report.parts import Parts
from practices.models import Claim, Evidence, Practice


class PracticeSerializer(views.ModelSerializer):
    """A practice: taken as its working copy, given as readers or curators read it."""

    stakes = Stakes(required=False)
    contexts = Contexts(required=False)
    # Given back as read; each changes by an address or a verb of its own.
    ignored = (
        "id", "url", "html_url", "status", "claims", "grade", "verdicts", "version", "published_on",
        "replaced_by", "edit_version", "copy", "translation_of", "translations",
    )  # fmt: skip

    unseen = ("slug",)
    parts_class = Parts
    parts_fields = ("stakes", "contexts")

    class Meta:
        model = Practice
        fields = [*Practice.WRITABLE, "stakes", "contexts", "review_due_on"]

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
        data["verdicts"] = verdicts(data_rows(frozen, practice))
        if curates:
            data |= {"edit_version": practice.edit_version, "copy": "published" if frozen else "working"}
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
    followed, original = words.follows_version, practice.translation_of
    readable = [one for one in practice.translations.all() if one.is_open_to_readers]
    return {
        "translation_of": {"id": original.slug, "version": followed.number, "latest": original.current.number}
        if followed
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
        "replaced_by": practice.heir.slug if practice.heir else None,
    }


def version_item(practice, version, context):
    """Return what a list says of a version: when, how it was graded then, and what it changed."""
    return {
        "version": version.number,
        "url": absolute(context, reverse("api-practice-versions", args=[practice.slug, version.number])),
        "html_url": absolute(context, reverse("practices:version", args=[practice.slug, version.number])),
        "title": version.title,
        "language": version.language,
        "published_on": version.published_at.date().isoformat(),
        "grade_then": f"G{version.grade}",
        "changes": version.changes or None,
    }


def grade_data(practice):
    """Return the grade readers see, with what it rests on and what would change it."""
    assessment = practice.assessment
    data = assessment.as_data()
    return {
        "code": f"G{practice.grade}",
        **{name: data[name] for name in ("rule_version", "independent_support", "contradictions", "flags")},
        "reasons": assessment.reasons,
        "next": assessment.next,
        "lower": assessment.lower,
        "lowered_reason": practice.lowered_reason,
    }


def claims_data(claims, working):
    return [
        {
            "id": claim.pk,
            "kind": claim.kind,
            "text": claim.text,
            "opinion": claim.opinion,
            "evidence": [evidence_data(row) for row in claim.evidence.all() if shows(row, working)],
        }
        for claim in claims
    ]


def shows(row, working):
    """Readers see what published reports say; the desk also what was taken back, but nothing hidden."""
    S = Experience.Status
    return row.report.status == S.PUBLISHED or (working and row.report.status != S.HIDDEN)


def evidence_data(row):
    return {
        "experience": row.report.public_id,
        "bearing": row.bearing,
        "excerpt": row.excerpt,
        "note": row.note,
        "stale": row.stale,
    }


def data_rows(frozen, practice):
    claims = frozen.claims.all() if frozen else practice.claims()
    standing = [row for claim in claims for row in claim.standing()]
    return {(row.report_id, row.report.verdict) for row in standing}


def verdicts(rows):
    """Count {(report, verdict)}: one report counts once, however many claims it speaks to."""
    counted = dict.fromkeys(Experience.Verdict.values, 0)
    for _report, verdict in rows:
        counted[verdict] += 1
    return counted


def list_items(rows, context):
    """Return list items: what readers see but the long texts and claims; verdicts in one more query."""
    told = {row.pk: set() for row in rows}
    standing = Evidence.objects.public().filter(stale=False, claim__practice__in=told)
    for practice, report, verdict in standing.values_list(
        "claim__practice", "report", "report__verdict"
    ).distinct():
        told[practice].add((report, verdict))
    return [
        {
            name: value
            for name, value in (shared_data(row, context) | frozen_data(row, row.current)).items()
            if name not in Practice.TEXTS
        }
        | {"verdicts": verdicts(told[row.pk])}
        for row in rows
    ]


class ClaimSerializer(views.Serializer):
    kind = fields.Choice(Claim.Kind.values, default=Claim.Kind.DO)
    text = fields.Text()
    opinion = fields.Truth(default=False)


class EvidenceSerializer(views.Serializer):
    experience = fields.Text()
    bearing = fields.Choice(Evidence.Bearing.values)
    excerpt = fields.Text()
    note = fields.Text(default="")


class TranslateSerializer(views.Serializer):
    title = fields.Text()
    language = fields.Choice(Experience.Language.values, default="")


class FollowSerializer(views.Serializer):
    version = fields.Whole()


class CommentSerializer(views.Serializer):
    text = fields.Text()
    claim = fields.Whole(default=None, allow_null=True)


def comment_data(comment):
    """Return a comment, as curators alone read it."""
    settled = comment.settled_at
    return {
        "id": comment.pk,
        "claim": comment.claim_id,
        "about": comment.about,
        "text": comment.text,
        "author": {"name": str(comment.by)} if comment.by else None,
        "written_on": comment.at.date().isoformat(),
        "settled_on": settled.date().isoformat() if settled else None,
    }


class RetireSerializer(views.Serializer):
    heir = fields.Text(default="", allow_null=True)
    note = fields.Text(default="")


class TrialSerializer(views.Serializer):
    verdict = fields.Choice(Experience.Verdict.values)
    line = fields.Text()
    identity = fields.Choice(Experience.Identity.values, default=Experience.Identity.WITHHELD)
    contexts = Contexts(required=False)


def trial_data(trial):
    """Return a trial; a withheld one without its name, and by its month; with the report that took its place."""
    withheld = trial.identity == Experience.Identity.WITHHELD
    report = trial.successor
    return {
        "verdict": trial.told_verdict,
        "line": trial.told_line,
        "report": report.public_id if report else None,
        "author": {"name": trial.byline} if trial.byline else None,
        "contexts": Contexts().to_representation(trial.contexts),
        "tried_on": trial.tried_on.strftime("%Y-%m" if withheld else "%Y-%m-%d"),
    }
