"""Makers of reports and practices: `make_x(**overrides)`, through the verbs people use."""

from django.db.models import Max
from django.utils import timezone

from experiences.models import Context, Effect, Experience, Measure, Stake
from experiences.models.report.parts import Parts
from practices.models import Cluster, Member, Practice

TOLD = {
    "title": "We moved the mailing list to a forum",
    "situation": "The list server was unmaintained and moderators had no tools.",
    "action": "We ran both for three months and imported the archive.",
    "result": "Eight posters in ten moved; twelve people unsubscribed.",
    "lessons": "Announce the end date early and name a human contact.",
    "verdict": "worked",
    "started_on": "2025-02",
    "identity": "named",
}
WHERE = {"audience": ["external"], "kind": ["open-source"], "community-size": ["c-1k-9k"]}

# A complete report as a member types it into the form.
TYPED = {
    "title": "We moved the mailing list to a forum",
    "situation": "The list server was unmaintained.",
    "action": "We ran both for three months.",
    "result": "Eight posters in ten moved.",
    "verdict": "worked",
    "identity": "named",
    "language": "en",
    "stakes": ["moving-platform"],
    "audience": "external",
    "kind": ["open-source"],
    "community-size": "c-1k-9k",
}


def stakes(*slugs):
    return list(Stake.objects.filter(slug__in=slugs))


def contexts(**facets):
    """Return contexts from facet=[slug], underscores for hyphens: contexts(community_size=["c-1k-9k"])."""
    named = [f"{facet.replace('_', '-')}={slug}" for facet, slugs in facets.items() for slug in slugs]
    return list(Context.objects.select_related("facet").filter(name__in=named))


def make_draft(by, *, stakes_=("moving-platform",), where=WHERE, keywords=None, measured=False, **overrides):
    """Make a complete draft of `by`; `measured` gives it strength R3."""
    fields = TOLD | overrides
    parts = Parts(stakes=stakes(*stakes_), contexts=contexts(**where), keywords=keywords)
    if measured:
        effect = Effect.objects.get(slug="participation")
        parts.measures = [
            Measure(effect=effect, direction="up", indicator="posts", before="10", after="20", source="logs")
        ]
    report = Experience(**fields)
    report.parts = parts
    return report.write(by=by)


def make_report(by, reviewer, **overrides):
    """Make a published report of `by`, reviewed by `reviewer` when `by` is not trusted yet."""
    report = make_draft(by, **overrides).submit(by=by)
    if report.status == Experience.Status.SUBMITTED:
        report.publish(by=reviewer)
    return report


def make_practice(by, *, reports=(), stakes_=("moving-platform",), bearing="supports", **overrides):
    """Make a draft practice of curator `by` with one claim, citing the lesson of each of `reports`."""
    fields = {
        "title": "Run both places before you close one",
        "summary": "Move in steps.",
        "how": "1. Announce.",
    }
    practice = Practice(**(fields | overrides))
    practice.parts = Parts(stakes=stakes(*stakes_))
    practice.write(by=by)
    claim = practice.add_claim(
        by=by, kind="do-this", text="Announce the end date early.", opinion=not reports
    )
    for report in reports:
        claim.cite(report, by=by, bearing=bearing, excerpt=report.lessons[:40], note="")
    return practice


def make_published_practice(by, publisher, **overrides):
    """Make a practice of `by`, published by `publisher`."""
    practice = make_practice(by, **overrides)
    practice.submit(by=by)
    return practice.publish(by=publisher)


def make_next_version(practice, by, publisher, change):
    """Publish another version of `practice` after `change(practice)`; return it as it is stored."""
    practice.reopen(by=by)
    change(practice)
    practice.refresh_from_db()
    practice.submit(by=by).publish(by=publisher)
    return Practice.objects.get(pk=practice.pk)


def make_cluster(by, reviewer, *, number=2, stake="moving-platform", **overrides):
    """Make a cluster of `number` reports of `by`, as the job would have found it."""
    cluster = Cluster.objects.create(stake=stakes(stake)[0], terms={"en": ["forum", "archive"]})
    for position in range(number):
        report = make_report(by, reviewer, stakes_=(stake,), **overrides)
        Member.objects.create(cluster=cluster, report=report, position=position)
    return cluster


def make_known(person):
    """Give `person` published work, so that their first trial need not be read; return them.

    A bare row, no verb: nobody is told of it, and it stands in no search table.
    """
    key = 1 + (Experience.objects.aggregate(last=Max("order_key"))["last"] or 0)
    Experience.objects.create(
        author=person, status="published", title="Earlier work", verdict="worked", order_key=key,
        published_at=timezone.now(),
    )  # fmt: skip
    return person
