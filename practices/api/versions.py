"""The versions of a practice, for programs."""

from django.urls import reverse

from config.rest.shapes import ADDRESS, DAY, SLUGS, TEXT, WHOLE, component, nullable, one_of, thing
from experiences.api.fields import absolute
from experiences.models import Experience
from practices.api.claims import claims_data
from practices.api.serializers import shared_data
from practices.list_index.items import frozen_data
from practices.models import Practice


def version_data(practice, version, context):
    """Return a version as it was frozen, with what is known of its practice now."""
    data = shared_data(practice, context) | frozen_data(practice, version)
    return data | {"claims": claims_data(version.claims.all(), working=False)}


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


@component("PracticeVersionItem")
def version_item_shape():
    changes = thing(
        words=SLUGS | {"description": "The fields that say otherwise than in the version before."},
        claims=thing(added=WHOLE, removed=WHOLE, reworded=WHOLE),
        evidence=thing(added=WHOLE, removed=WHOLE, changed=WHOLE),
    )
    return thing(
        version=WHOLE,
        url=ADDRESS,
        html_url=ADDRESS,
        title=TEXT,
        language=one_of(Experience.Language.values),
        published_on=DAY,
        grade_then=one_of(Practice.Grade.names),
        changes=nullable(changes) | {"description": "Null for the first version."},
    )
