"""A report as an item of a list, in the shape of the API: all but the long texts, and an excerpt."""

from django.db.models import Prefetch, prefetch_related_objects

from config.rest.renderers import JSONRenderer

# The parts of a report in JSON, also as doors take them.
MEASURE_KEYS = (
    "effect",
    "direction",
    "indicator",
    "before",
    "after",
    "unit",
    "source",
    "before_on",
    "after_on",
)
SOURCE_KEYS = ("url", "label", "visibility")
EFFORT_KEYS = ("people", "hours", "weeks", "money", "currency")


def with_feeds(reports):
    """Let each of `reports` know which claims of practices it feeds that readers see, in one query."""
    if reports:
        public = reports[0]._meta.get_field("evidence").related_model.objects.public()
        wanted = Prefetch(
            "evidence", public.select_related("claim__practice").order_by("pk"), to_attr="feeding"
        )
        prefetch_related_objects(reports, wanted)
    return reports


def item_of(report, sources=None):
    """Return what an item tells of `report`, known with its feeds, beside where and by whom it is told.

    `sources` are those that the asker may see; if not given, those that everyone may.
    """
    told = told_data(report, report.public_sources if sources is None else sources)
    return told | {"feeds": feeds_data(report.feeding), "excerpt": report.excerpt()}


def told_data(report, sources):
    """Return what items and whole reports tell alike; of its `sources`, those."""
    return {
        "status": report.status,
        "title": report.title,
        "language": report.language,
        "nature": report.nature,
        "started_on": month(report.started_on),
        "ended_on": month(report.ended_on),
        "unwanted_seen": report.unwanted_seen,
        "unwanted_borne_by": report.unwanted_borne_by,
        "unwanted_weight": report.unwanted_weight,
        "first_signs": report.first_signs,
        "verdict": report.verdict,
        "follow_up_on": month(report.follow_up_on),
        "stakes": sorted(stake.slug for stake in report.stakes.all()),
        "contexts": {
            facet: [context.slug for context in contexts]
            for facet, contexts in report.shown_contexts().items()
        },
        "keywords": sorted(keyword.name for keyword in report.keywords.all()),
        "measures": [measure_data(measure) for measure in report.measures.all()],
        "sources": [{key: getattr(source, key) for key in SOURCE_KEYS} for source in sources],
        "effort": {key: getattr(report, f"effort_{key}") for key in EFFORT_KEYS},
        "identity": report.identity,
        "strength": report.Strength(report.strength).name,
        "author_stakes": report.author_stakes,
        "follow_ups": [follow_up_data(row, report) for row in report.follow_ups.all() if row.is_shown],
        "published_on": report.published_on,
    }


def month(day):
    return day.strftime("%Y-%m") if day else None


def measure_data(measure):
    told = {key: getattr(measure, key) for key in MEASURE_KEYS}
    months = {key: month(told[key]) for key in ("before_on", "after_on")}
    return told | months | {"effect": measure.effect.slug}


def follow_up_data(row, report):
    """Return a follow-up; of a withheld report, only its month."""
    return {
        "id": row.public_id,
        "moderation": row.moderation,
        "told_on": month(row.told_on) if report.is_withheld else row.told_on.isoformat(),
        "verdict": row.verdict,
        "text": row.text,
    }


def feeds_data(rows):
    """Return which claims of which practices a report feeds, as the evidence `rows` say."""
    return [
        {"practice": row.claim.practice.slug, "claim": row.claim_id, "bearing": row.bearing} for row in rows
    ]


def as_json(data):
    """Return `data` as JSON, as the API writes it."""
    return JSONRenderer().render(data).decode()


def joined(*objects):
    """Return JSON objects, none of them empty, as one."""
    return "{" + ",".join(one[1:-1] for one in objects) + "}"
