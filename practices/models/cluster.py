"""Reports that no practice uses yet, grouped by what they tell, for curators to distil.

`practices/tasks/clustering.py` finds the groups; here is what is kept of them. A cluster shows only what
is true when it is read: a report that was hidden, withdrawn, cited or set aside since is left out.
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from experiences.models import Experience, Stake
from experiences.models.fields import public_id
from experiences.text.organisations import organisation_key
from practices.models.evidence import Evidence
from practices.models.material import Material
from practices.models.practice.state import require_curator
from practices.models.same_organisation import same_keys

LEAST = 2  # Two reports that say the same are what the second grade needs.


def unused(reports):
    """Return the published reports among `reports` that no practice cites or gathers."""
    return reports.published().filter(
        ~Exists(Evidence.objects.filter(report=OuterRef("pk"))),
        ~Exists(Material.objects.filter(report=OuterRef("pk"))),
    )


class ClusterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the clusters `user` may know of: all to curators, none to others."""
        return self if user.has_perm("practices.curate_practice") else self.none()

    def standing(self):
        """Add `size`, and leave out what has too few reports by now; the biggest first."""
        return (
            self.annotate(size=Count("members", filter=Q(members__in=Member.objects.standing())))
            .filter(size__gte=LEAST)
            .order_by("-size", "pk")
        )

    def offered_to(self, user):
        """Return the clusters that pages and API offer to `user`, ready for a list."""
        return self.visible_to(user).standing().for_list()

    def for_list(self):
        """Prefetch as `shown` the members that stand, with what a list says of them."""
        members = Member.objects.standing().select_related("report").order_by("position")
        return self.select_related("stake").prefetch_related(
            Prefetch("members", members, to_attr="shown"),
            "shown__report__stakes",
            "shown__report__contexts__facet",
        )


class Cluster(models.Model):
    """Some reports under one stake, the one that says most of what they share first."""

    key = models.CharField(max_length=12, unique=True, default=public_id, editable=False)
    stake = models.ForeignKey(Stake, on_delete=models.CASCADE, related_name="clusters")
    # {language: [word or phrase, …]}: each is in two reports at least, so that none is one author's own.
    terms = models.JSONField(default=dict)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("practices:cluster", args=[self.key])

    @property
    def title(self):
        """The title of the report that says most of what they share, and how many others there are."""
        if not self.reports:
            return str(self.stake)
        first, *others = self.reports
        text = ngettext("“%(title)s” and %(n)s other", "“%(title)s” and %(n)s others", len(others))
        return text % {"title": first.title, "n": len(others)}

    @property
    def reports(self):
        """Its reports that stand, in their order; for_list() reads them for many clusters at once."""
        if not hasattr(self, "shown"):
            self.shown = list(self.members.standing().select_related("report").order_by("position"))
        return [member.report for member in self.shown]


class MemberQuerySet(models.QuerySet):
    def standing(self):
        """Return the members that still wait for a practice, and were not set aside."""
        aside = Dismissal.objects.filter(report=OuterRef("report"), stake=OuterRef("cluster__stake"))
        return self.filter(~Exists(aside), report__in=unused(Experience.objects.all()))


class Member(models.Model):
    """One report of a cluster."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="members")
    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="cluster_memberships")
    position = models.PositiveSmallIntegerField(default=0)

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "report"], name="a_report_is_in_a_cluster_once")
        ]

    def __str__(self):
        return str(self.report)


class DismissalQuerySet(models.QuerySet):
    def make(self, reports, stake, *, by):
        """Set `reports` aside under `stake`, as a curator: no cluster of it shows them again."""
        require_curator(by)
        with transaction.atomic():
            self.bulk_create(
                [self.model(report=report, stake=stake, by=by) for report in reports],
                ignore_conflicts=True,  # Two curators at once mean the same thing.
            )

    def take_back(self, reports, stake, *, by):
        """Let clusters of `stake` show `reports` again, from the next time they are made."""
        require_curator(by)
        self.filter(report__in=reports, stake=stake).delete()


class Dismissal(models.Model):
    """A report that clusters of one stake no longer show.

    It hangs on the stake, not on the cluster: clusters are made anew every day, and what was set
    aside must stay aside. Under its other stakes the report is still offered.
    """

    report = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="dismissals")
    stake = models.ForeignKey(Stake, on_delete=models.CASCADE, related_name="dismissals")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = DismissalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("dismissal")
        verbose_name_plural = _("dismissals")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "stake"], name="a_report_is_dismissed_once_under_a_stake"
            )
        ]

    def __str__(self):
        return f"{self.report} ({self.stake})"


class Clustering(models.Model):
    """When clusters were last made: one row, which also keeps two workers from making them at once."""

    EVERY = timedelta(days=1)
    ENOUGH = 20  # reports published since, that make it due sooner,
    SOONEST = timedelta(hours=1)  # though never sooner than this; so is one that died tried again.

    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("clustering")
        verbose_name_plural = _("clusterings")

    def __str__(self):
        return str(self.ended_at)

    @classmethod
    def last(cls):
        """Return the one row."""
        return cls.objects.get_or_create(pk=1)[0]

    @classmethod
    def last_end(cls):
        """Return when reports were last grouped, or None."""
        return cls.objects.exclude(ended_at=None).values_list("ended_at", flat=True).first()

    @property
    def is_due(self):
        if self.begun_at is None:
            return True
        since = timezone.now() - self.begun_at
        if since < self.SOONEST:
            return False
        failed = self.ended_at is None or self.ended_at < self.begun_at
        return failed or since >= self.EVERY or self._published_since() >= self.ENOUGH

    def _published_since(self):
        return Experience.objects.published().filter(published_at__gt=self.begun_at).count()

    def begin(self):
        """Note that it begins; False if another worker began meanwhile (compare and swap)."""
        now = timezone.now()
        same = Clustering.objects.filter(pk=self.pk, begun_at=self.begun_at)
        if not same.update(begun_at=now):
            return False
        self.begun_at = now
        return True

    def end(self):
        self.ended_at = timezone.now()
        self.save(update_fields=["ended_at"])


# --- What holds reports together -------------------------------------------------------------------


def shared_stakes(reports):
    """Return the stakes that all the reports name."""
    return set.intersection(*({*report.stakes.all()} for report in reports))


def shared_contexts(reports):
    """Return the contexts that all the reports are known to have."""
    having = ({context for context in report.contexts.all() if context.is_known} for report in reports)
    shared = set.intersection(*having)
    return sorted(shared, key=lambda context: (context.facet.position, context.position))


def main_language(reports):
    """Return the language most of the reports are written in."""
    numbers = Counter(report.language for report in reports)
    return min(numbers, key=lambda language: (-numbers[language], language))


def suggested_title(cluster, reports):
    """Return a title to begin with, until a curator finds the imperative: what they say in common, as two of
    the reports or more say it.
    """
    terms = cluster.terms.get(main_language(reports)) or next(iter(cluster.terms.values()))
    return capfirst(terms[0])


class Voice(models.TextChoices):
    """Whose one voice reports are, where all are signed: so they count, however many they are."""

    AUTHOR = "author", _("All by one author: they count as one voice.")
    ORGANISATION = "organisation", _("All signed from one organisation: they count as one voice.")


def with_voices(clusters):
    """Return [(cluster, its Voice or None)] of those of `clusters` that have reports: one may have lost its
    last a moment ago.
    """
    clusters = [one for one in clusters if one.reports]
    names = sorted({report.organisation for one in clusters for report in one.reports})
    keys = dict(zip(names, same_keys(map(organisation_key, names)), strict=True))
    return [(one, _voice(one.reports, keys)) for one in clusters]


def _voice(reports, keys):
    """Return the Voice of `reports`, or None; `keys` has what organisations count as.

    A report that withholds its author's name is never joined with others by author or organisation: where
    there is one, nothing is said (practices/grading).
    """
    if any(report.is_withheld for report in reports):
        return None
    authors = {report.author_id for report in reports}
    organisations = {keys[report.organisation] for report in reports}
    if len(authors) == 1 and None not in authors:
        return Voice.AUTHOR
    if len(organisations) == 1 and "" not in organisations:
        return Voice.ORGANISATION
    return None
