"""Who tried a practice, and what came of it, for programs."""

from config.rest import fields
from config.rest.serializers import Serializer
from config.rest.shapes import DAY_OR_MONTH, TEXT, component, nullable, one_of, properties_of, thing
from experiences.api.checked import Checked
from experiences.api.fields import BYLINE, CONTEXTS, Contexts
from experiences.models import Experience
from practices.models import Trial


class TrialSerializer(Checked, Serializer):
    checked = Trial.CHECKED
    verdict = fields.Choice(Experience.Verdict.values)
    line = fields.Text(Trial._meta.get_field("line"))
    identity = fields.Choice(Experience.Identity.values, default=Experience.Identity.WITHHELD)
    contexts = Contexts(required=False)


def trial_data(trial):
    """Return a trial, with the report that took its place; a withheld one without its name, by its month."""
    withheld = trial.identity == Experience.Identity.WITHHELD
    report = trial.successor
    return {
        "id": trial.public_id,
        "moderation": trial.moderation,
        "verdict": trial.told_verdict,
        "line": trial.told_line,
        "report": report.public_id if report else None,
        "author": {"name": trial.byline} if trial.byline else None,
        "contexts": Contexts().to_representation(trial.contexts),
        "tried_on": trial.tried_on.strftime("%Y-%m" if withheld else "%Y-%m-%d"),
    }


@component("Trial")
def trial_shape():
    said = properties_of(TrialSerializer)
    return thing(
        id=TEXT,
        moderation=one_of(Trial.Moderation.values),
        verdict=said["verdict"],
        line=said["line"],
        report=nullable(TEXT) | {"description": "The report that took its place, and tells it whole."},
        author=BYLINE,
        contexts=CONTEXTS,
        tried_on=DAY_OR_MONTH,
    )
