"""All rows of the closed lists, in their groups, and the filter over them."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from experiences.decorators import vocabulary_editor_only
from experiences.models import Competency, Context, Effect, Facet, GlossaryEntry, Stake, Wording
from experiences.models.vocabulary.terms import folded_words

STATES = {"all": _("All"), "in-use": _("In use"), "retired": pgettext_lazy("term", "Retired")}
LONGEST_QUERY = 100


@dataclass
class Group:
    """Rows under one heading; `head` is its own row; `kind` and `slug` say where a new term goes."""

    label: str
    rows: list
    head: object = None
    kind: str = ""
    slug: str = ""


@vocabulary_editor_only
@require_safe
def index(request):
    """List the rows of the closed lists that the filter in the address finds."""
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    state = request.GET.get("state", "")
    state = state if state in STATES else "all"
    narrow = [narrowed(group, query, state) for group in all_groups()]
    groups = [group for group in narrow if is_shown(group, query, state)]
    context = {"groups": groups, "query": query, "state": state, "states": STATES.items()}
    return render(request, "vocabulary/index.html", context)


def all_groups():
    """Return the stakes by competency, the contexts by facet, the effects, the wordings by kind, the words
    of the trade.
    """
    stakes, contexts, wordings = {}, {}, {}
    for stake in Stake.objects.select_related("competency"):
        stakes.setdefault(stake.competency_id, []).append(stake)
    for context in Context.objects.stated().select_related("facet"):
        contexts.setdefault(context.facet_id, []).append(context)
    for wording in Wording.objects.all():
        wordings.setdefault(wording.kind, []).append(wording)
    areas = [
        Group(one.label, stakes.get(one.pk, []), one, Stake.LIST, one.slug)
        for one in Competency.objects.all()
    ]
    facets = [
        Group(one.label, contexts.get(one.pk, []), one, Context.LIST, one.slug) for one in Facet.objects.all()
    ]
    effects = Group(_("Effects"), list(Effect.objects.all()))
    words = [Group(Wording.Kind(kind).label, rows) for kind, rows in wordings.items()]
    trade = Group(_("Words of the trade"), list(GlossaryEntry.objects.all()))
    return [*areas, *facets, effects, *words, trade]


def narrowed(group, query, state):
    """Return `group` with the rows that have all words of `query` and are in `state`."""
    wanted = folded_words(query).split()
    rows = [row for row in group.rows if is_in(row, state) and has(row, wanted)]
    head = group.head if group.head and state != "retired" and has(group.head, wanted) else None
    return Group(group.label, rows, head, group.kind, group.slug)


def is_shown(group, query, state):
    """Whether a group has something to show; without a filter, an empty one is where a term can be added."""
    return bool(group.rows or group.head or (not query.strip() and state == "all"))


def is_in(row, state):
    retired = getattr(row, "retired_on", None) is not None
    return state == "all" or retired == (state == "retired")


def has(row, wanted):
    texts = (str(getattr(row, name)) for name in row.WORDS if name != "competency")
    said = folded_words(" ".join([row.slug, *texts]))
    return all(word in said for word in wanted)
