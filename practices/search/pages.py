"""Whether what readers see of one practice is as it was when they read it last."""

from django.db.models import Max

from experiences.list_index import held
from experiences.models import ListedReport
from practices.models import ListedPractice, Practice, Trial

TRIED = (
    "pk", "contexts", "verdict", "line", "identity", "moderation", "tried_on", "report__status",
    "report__identity", "report__verdict",
)  # fmt: skip


def page_validator(slug):
    """Return what is another whenever a practice that readers read is, its evidence, its trials, its public
    past or a name, and its version; None where there is none at this address, or it leads on. Three queries.
    """
    columns = ("pk", "slug", "edit_version", "status", "moderation", "current", "changed_at", "grade")
    practices = Practice.objects.published().filter(slug=slug)
    found = practices.values_list(*columns, "current__number").annotate(lines=Max("log")).first()
    if found is None:
        return None
    key, number = found[0], found[-2]
    # What is cited, and what it is in other languages, is told by the states of the lists.
    states = held.read_states(ListedReport, ListedPractice)
    tried = Trial.objects.filter(practice=key).order_by("pk", "contexts")
    return f"{states} {found} {list(tried.values_list(*TRIED))}", number
