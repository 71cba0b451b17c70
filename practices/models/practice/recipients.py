"""Whom a practice concerns: who worked on it as a curator, and whose reports it rests on."""

from django.apps import apps
from django.db.models import Q

from accounts.models import User
from experiences.models import Experience
from practices.models.evidence import Evidence


def recipients(practice):
    """Return the curators who worked on it and the authors who feed it under their name."""
    curators = curators_of(practice)
    evidence = counted_evidence([practice], identity=Experience.Identity.NAMED)
    authors = User.objects.filter(pk__in=evidence.values("report__author"))
    return {
        member.pk: member for members in (curators, authors) for member in members.filter(is_active=True)
    }.values()


def withheld_authors(practice):
    """Return the authors who feed it without a name: no mail tells them of it, but the site."""
    evidence = counted_evidence([practice], identity=Experience.Identity.WITHHELD)
    return User.objects.filter(pk__in=evidence.values("report__author"), is_active=True)


def curators_of(practice):
    """Return the curators who began, edited, cited or moved it."""
    return User.objects.who_may("practices.curate_practice").filter(_worked_on(practice))


def worked_on_by(member):
    """Return the condition of a practice that `member` began, edited, cited for or moved."""
    log = apps.get_model("practices.LogLine").objects.filter(by=member).exclude(verb="graded")
    cited = Evidence.objects.filter(cited_by=member)
    edited = apps.get_model("practices.Practice").editors.through.objects.filter(user=member)
    return (
        Q(created_by=member)
        | Q(pk__in=log.order_by().values("practice"))
        | Q(pk__in=cited.order_by().values("claim__practice"))
        | Q(pk__in=edited.values("practice"))
    )


def _worked_on(practice):
    """Return the condition of a member who began, edited, cited or moved it."""
    in_log = practice.log.exclude(verb="graded").values("by")
    cited = Evidence.objects.filter(claim__practice=practice).values("cited_by")
    return (
        Q(pk=practice.created_by_id)
        | Q(pk__in=in_log)
        | Q(pk__in=cited)
        | Q(pk__in=practice.editors.values("pk"))
    )


def counted_evidence(practices, *, identity):
    """Return the evidence that counts for `practices`, of reports told with or without a name."""
    standing = Evidence.objects.public().filter(stale=False, report__identity=identity)
    return standing.filter(claim__practice__in=practices, report__author__isnull=False)
