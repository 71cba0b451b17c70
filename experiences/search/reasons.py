"""Why a row is near, in whole sentences: the stakes, the facets and the rare words in common."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiences.models.vocabulary.cache import lists
from experiences.search import similarity
from experiences.search.words.stake_words import stems_of_contexts
from experiences.text.frequency import is_everyday

SAID = 3  # Words, and facets, that a reason names.
RARE = 0.05  # A word of more than one text in twenty gives no reason.
FEWEST = 2  # One word in common is chance.
NAMED = similarity.Weights(without=frozenset(["budget"]))  # A budget is never shown alone.


def reason(search, pk):
    """Return why the row `pk` of a RelatedSearch is near."""
    said = [_stakes(search, pk), _facets(search, pk), _words(search, pk)]
    return " ".join(filter(None, said)) or _("Told in like words.")


def _stakes(search, pk):
    shared = search.same_stakes(pk)
    same = [stake.label for stake in lists().stakes if stake.pk in shared]
    if same:
        text = ngettext("Same stake: %(stakes)s.", "Same stakes: %(stakes)s.", len(same))
        return text % {"stakes": ", ".join(same)}
    close = None if search.is_in_one_language(pk) else closest_stake(search, pk)
    return close and _("What you tell is close to this stake: %(stake)s.") % {"stake": close.label}


def closest_stake(search, pk):
    """Return the stake of a row that the words told come closest to; None if they say nothing rare of it."""
    stakes = [stake for stake in lists().stakes if stake.pk in search.shared[pk].stakes]
    said = {stake: _rare(search, search.said_by_stakes.get(stake.pk, ())) for stake in stakes}
    close = [stake for stake in stakes if len(said[stake]) >= FEWEST]
    return max(close, key=lambda stake: len(said[stake]), default=None)


def _facets(search, pk):
    """Name the facets in which both give the same answer, the telling ones first."""
    mine, theirs = search.mine, search.contexts.get(pk, {})
    alike = (mine[facet] & theirs[facet] for facet in NAMED.shared(mine, theirs))
    named = [next(iter(same)).facet.label for same in alike if same][:SAID]
    return named and _("In common: %(facets)s.") % {"facets": ", ".join(named)}


def _words(search, pk):
    found = rare_words(search, pk)
    # What two languages write alike, once, may mean two things.
    if not found or (len(found) < FEWEST and not search.is_in_one_language(pk)):
        return ""
    said = [search.told.said[one][1] for one in found[:SAID]]
    return _("Same words: %(words)s.") % {"words": ", ".join(said)}


def rare_words(search, pk):
    """Return the stems in common that tell a subject, the weightiest first.

    Written once on either side, and in no weighty place, the rarest word is chance.
    """
    having, said = search.shared[pk].words, search.told.said
    return _rare(search, [one for one, weight in having.items() if weight > 1 or said[one][0] > 1])


def _rare(search, stems):
    """Return those of `stems` that are rare here and in the language, and no name of a context, which is
    told beside; the weightiest first.
    """
    named, language = stems_of_contexts(lists()), search.told.language
    return [
        one
        for one in search.weights
        if one in stems and search.shares[one] <= RARE and one not in named and not is_everyday(one, language)
    ]
