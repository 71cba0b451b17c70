"""Field reports in JSON: written and read whole, and as items of a list."""

from rest_framework import serializers

from config.rest.renderers import Written
from config.rest.serializers import ModelSerializer
from config.rest.shapes import (
    ADDRESS,
    DAY_OR_MONTH,
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
from experiences.api.fields import (
    BYLINE,
    Contexts,
    Effort,
    FirstSigns,
    Keywords,
    Measures,
    MonthField,
    SeveralOf,
    Sources,
    Stakes,
    address_of,
    asker,
    definitions,
)
from experiences.api.follow_ups import follow_up_shape
from experiences.api.matches import MATCH, match_data
from experiences.list_index.items import as_json, feeds_data, item_of, joined, told_data, with_feeds
from experiences.models import Experience
from experiences.models.fields import Month
from experiences.models.report.parts import Parts

EXAMPLE = {
    "title": "A named colleague replied to every first post",
    "language": "en",
    "started_on": "2024-03",
    "situation": "Four first posts out of ten had no reply.",
    "action": "Eleven members took one week each.",
    "result": "The median wait fell from 76 hours to 7.",
    "unwanted_seen": "some",
    "unwanted": "The eleven were tired of it by June.",
    "unwanted_borne_by": ["moderators"],
    "unwanted_weight": "noticeable",
    "first_signs": [{"sign": "Nobody took the third week.", "followed_by": "Two left.", "weeks": 6}],
    "verdict": "worked",
    "stakes": ["first-steps"],
    "contexts": {"audience": ["internal"], "kind": ["practice"], "community-size": ["c-1k-9k"]},
    "measures": [
        {
            "effect": "answer-speed",
            "direction": "down",
            "before": "76",
            "after": "7",
            "unit": "hours",
            "source": "logs",
            "before_on": "2024-02",
            "after_on": "2024-06",
        }
    ],
    "identity": "withheld",
}


# What is read and never written; sent back, it is passed over.
GIVEN = (
    "id", "url", "html_url", "author", "strength", "author_stakes", "follow_ups", "feeds", "published_on",
)  # fmt: skip


class ExperienceSerializer(ModelSerializer):
    """A whole report, read and written in one shape."""

    stakes = Stakes(required=False)
    contexts = Contexts(required=False)
    keywords = Keywords(required=False)
    measures = Measures(required=False)
    sources = Sources(required=False)
    effort = Effort(required=False)
    unwanted_borne_by = SeveralOf(Experience.Bearer, required=False)
    first_signs = FirstSigns(required=False)

    serializer_field_mapping = ModelSerializer.serializer_field_mapping | {Month: MonthField}
    unseen = Experience.SETTLED
    parts_class = Parts
    parts_fields = ("stakes", "contexts", "keywords", "measures", "sources")
    example = EXAMPLE

    class Meta:
        model = Experience
        fields = [
            "status", "title", "language", "nature", "started_on", "ended_on", *Experience.TEXTS,
            "unwanted_seen", "unwanted_borne_by", "unwanted_weight", "first_signs", "verdict", "follow_up_on",
            "stakes", "contexts", "keywords", "measures", "sources", "effort", "identity",
            "organisation", "version",
        ]  # fmt: skip
        read_only_fields = ["status", "version"]
        extra_kwargs = {
            # Private: taken, never given. Its only use is to count independent organisations.
            "organisation": {"write_only": True, "help_text": "Never shown."},
            "nature": {"help_text": definitions(Experience.Nature)},
            "unwanted_seen": {"help_text": "Empty: not told, which is not “none”."},
            "unwanted_weight": {"help_text": definitions(Experience.Weight)},
            **{name: {"help_text": "Markdown."} for name in Experience.TEXTS},
        }

    def get_fields(self):
        return super().get_fields() | {name: serializers.ReadOnlyField() for name in GIVEN}

    def to_representation(self, report):
        (report,) = with_feeds([report])
        return report_data(report, self.context) | {"feeds": feeds_data(report.feeding)}


def report_data(report, context):
    """Return a whole report, as who asks may read it; but for what it feeds."""
    user = asker(context)
    told = told_data(report, report.sources_for(user))
    if report.can_be_read_whole_by(user):
        told["contexts"] = Contexts().to_representation(report.contexts)
    texts = {name: getattr(report, name) for name in Experience.TEXTS}
    return head_data(context, report.public_id, report.version, report.byline) | told | texts


def list_items(reports, context):
    """Return list items for `reports`, as who asks may know them, with the practices they feed."""
    return [
        head_data(context, report.public_id, report.version, report.byline)
        | item_of(report, report.sources_for(asker(context)))
        for report in with_feeds(list(reports))
    ]


def stored_items(rows, context):
    """Return list items for `rows` of a list (ReportInList), as JSON."""
    return [Written(joined(as_json(_head_of(row, context)), row.item)) for row in rows]


def _head_of(row, context):
    return head_data(context, row.public_id, row.version, row.byline) | match_data(context, row.pk)


def head_data(context, public_id, version, byline):
    """Return what a report begins with: where and by whom it is told."""
    return {
        "id": public_id,
        "url": address_of(context, "api-experience-detail", public_id),
        "html_url": address_of(context, "experiences:detail", public_id),
        "author": {"name": byline} if byline else None,
        "version": version,
    }


def evidence_model():
    """Return what ties reports to practices, which this app does not know."""
    return Experience._meta.get_field("evidence").related_model


# --- Shapes --------------------------------------------------------------------------------------


@component("Experience")
def experience_shape():
    texts = {name: shape for name, shape in told_properties().items() if name in Experience.TEXTS}
    return thing(**item_properties(), **texts)


@component("ExperienceItem")
def experience_item_shape():
    shape = thing(**item_properties(), excerpt=TEXT)
    shape["properties"]["match"] = MATCH
    return shape


def item_properties():
    """Return what a list item and a whole report share."""
    states = [state for state in Experience.Status.values if state != Experience.Status.ERASED]
    return {
        "id": TEXT,
        "url": ADDRESS,
        "html_url": ADDRESS,
        "status": one_of(states),
        **{name: shape for name, shape in told_properties().items() if name not in Experience.TEXTS},
        "author": BYLINE,
        "strength": one_of(Experience.Strength.names),
        "author_stakes": SLUGS | {"description": "The author's choice, where a reviewer set others."},
        "follow_ups": many(follow_up_shape),
        "feeds": many(feeds_shape),
        "published_on": nullable(DAY_OR_MONTH),
        "version": WHOLE,
    }


def told_properties():
    """Return what the author told and readers read."""
    return properties_of(ExperienceSerializer)


@component("Feeds")
def feeds_shape():
    return thing(practice=TEXT, claim=WHOLE, bearing=one_of(evidence_model().Bearing.values))
