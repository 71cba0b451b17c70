"""What a change of the closed lists means for reports: those that have a term, and what follows for them.

Many may have it, so that all is read and written for some hundreds at a time.
"""

import json

from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from config.database.batches import batched
from experiences.list_index import rows as listed
from experiences.list_index.models import ListedReport
from experiences.models.fields import month_end

AT_A_TIME = 200  # rows


class TaggedQuerySet(models.QuerySet):
    """Rows tagged with terms; some name a term in JSON, too: SLUGS is {list: column}."""

    SLUGS = {}

    def naming(self, term):
        """Return the rows that are tagged with `term`, or name it in their JSON."""
        tagged = Q(pk__in=self.model.objects.filter(**{f"{term.LINKS}__tag": term}).values("pk"))
        column = self.SLUGS.get(term.LIST)
        if column is None:
            return self.filter(tagged)
        said = Q(said__contains=json.dumps(term.json_name))
        return self.annotate(said=Cast(column, TextField())).filter(tagged | said)

    def hold(self):
        """Make others wait for this transaction to end, in one order everywhere; return the keys of these."""
        rows = self.model.objects.filter(pk__in=self.order_by().values("pk")).order_by("pk")
        return list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))

    def some_at_a_time(self, keys):
        """Yield querysets of the rows `keys`, in one order everywhere."""
        for some in batched(sorted(keys), AT_A_TIME):
            yield self.model.objects.filter(pk__in=some)


class RetaggedReports(TaggedQuerySet):
    SLUGS = {"stakes": "author_stakes"}

    def to_tag_again(self, term):
        """Return those that still have the retired `term`: none that only its author knows of."""
        unsent = (self.model.Status.DRAFT, self.model.Status.ERASED)
        return self.filter(**{f"{term.LINKS}__tag": term}).exclude(status__in=unsent)

    def index_again(self):
        """Write again what the published ones are found, near and listed by: they have other tags."""
        published = self.filter(status=self.model.Status.PUBLISHED)
        for rows in self.some_at_a_time(published.values_list("pk", flat=True)):
            rows = rows.prefetch_related("stakes", "keywords")
            self.model.Text.objects.put_all(rows)
            self.model.Profile.objects.put_all(rows)
            rows.list_again()

    def list_again(self):
        """Write the list rows of these, which are published, again.

        The rows are held before what they tell is read: of two who do so at once, the second reads what the
        first has written.
        """
        published = self.filter(status=self.model.Status.PUBLISHED)
        rows = ListedReport.objects.filter(pk__in=published.values("pk"))
        list(rows.select_for_update().order_by("pk").values("pk"))
        listed.put(list(published.for_list()))

    def replace_term(self, keys, term, heirs):
        """Follow it up, where the reports `keys` got `heirs` in place of `term`: their version, log
        and text, the stakes their authors chose, and the grades they feed.
        """
        evidence = self.model.evidence.rel.related_model.objects
        evidence.filter(report__in=keys).hold()  # Practices, before list rows of reports: as all verbs.
        for rows in self.some_at_a_time(keys):
            _count_change(rows)
            _add_log_lines(rows, term, heirs)
            if len(heirs) == 1:
                _replace_authors_choice(rows, term, heirs[0])
            rows.index_again()
        if term.LIST == "contexts":  # A grade counts the contexts that its support comes from.
            for rows in self.some_at_a_time(keys):
                evidence.filter(report__in=rows).regrade(cause="retagged")


def _count_change(rows):
    """Let no open page overwrite it; a withheld name shows no day."""
    now = timezone.now()
    named = Q(identity=rows.model.Identity.NAMED)
    for these, at in ((rows.filter(named), now), (rows.exclude(named), month_end(now))):
        these.update(version=F("version") + 1, page="", changed_at=at)


def _add_log_lines(rows, term, heirs):
    log = rows.model.log.rel.related_model
    told = rows.exclude(status=rows.model.Status.DRAFT).values_list("pk", "status", "language")
    lines = [
        log(report_id=pk, verb="retagged", before=status, after=status, note=renamed(term, heirs, language))
        for pk, status, language in told
    ]
    log.objects.bulk_create(lines)


def renamed(term, heirs, language):
    """Return what was called how, and is called how now, in the language of what has it."""
    name = f"name_{language}"
    return f"{getattr(term, name)} → {', '.join(getattr(heir, name) for heir in heirs)}"


def _replace_authors_choice(rows, term, heir):
    """Let what an author chose name `heir`, beside the stakes that a reviewer set."""
    changed = []
    for report in rows.naming(term).exclude(author_stakes=[]).prefetch_related("stakes"):
        own = {heir.slug if slug == term.slug else slug for slug in report.author_stakes}
        in_effect = {stake.slug for stake in report.stakes.all()}
        report.author_stakes = [] if own == in_effect else sorted(own)
        changed.append(report)
    rows.model.objects.bulk_update(changed, ["author_stakes"])
