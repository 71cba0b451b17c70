"""What a change of the closed lists means for practices: the tags readers find them by, and working copies.

Frozen versions go on naming the terms they named.
"""

from django.db.models import F
from django.utils import timezone

from experiences.models.report.retagging import TaggedQuerySet, renamed
from practices.models.practice.state import PracticeStateQuerySet


class RetaggedPractices(PracticeStateQuerySet, TaggedQuerySet):
    SLUGS = {"stakes": "stake_slugs", "contexts": "context_slugs"}

    def index_again(self):
        """Write again what those open to readers are found, near and listed by: they have other tags."""
        for rows in self.some_at_a_time(self.published().values_list("pk", flat=True)):
            shown = rows.select_related("current").prefetch_related("current__claims", "stakes")
            self.model.Text.objects.put_all(shown)
            self.model.Profile.objects.put_all(shown)
            rows.list_again()

    def replace_term(self, keys, term, heirs):
        """Follow it up, where the practices `keys` got `heirs` in place of `term`: their working copy,
        version, log and text.
        """
        for rows in self.some_at_a_time(keys):
            rows.update(edit_version=F("edit_version") + 1, changed_at=timezone.now())
            _rename_in_working_copies(rows, term, heirs, self.SLUGS[term.LIST])
            _add_log_lines(rows, term, heirs)
            rows.index_again()


def _rename_in_working_copies(rows, term, heirs, column):
    changed = list(rows.naming(term).defer("html"))
    for practice in changed:
        names = []
        for name in getattr(practice, column):
            names += [heir.json_name for heir in heirs] if name == term.json_name else [name]
        setattr(practice, column, [name for at, name in enumerate(names) if name not in names[:at]])
    rows.model.objects.bulk_update(changed, [column])


def _add_log_lines(rows, term, heirs):
    log = rows.model.log.rel.related_model
    told = rows.values_list("pk", "status", "language")
    lines = [
        log(practice_id=pk, verb="retagged", before=status, after=status, note=renamed(term, heirs, language))
        for pk, status, language in told
    ]
    log.objects.bulk_create(lines)
