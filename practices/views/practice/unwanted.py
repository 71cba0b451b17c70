"""The price of a practice, in one wording wherever it is told: small numbers are said as numbers."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiences.models import Experience
from practices.list_index.unwanted import unwanted_data

HEAVY = Experience.Weight.HEAVY


def unwanted_sentences(data, worsened=0, measured=0):
    """Return what is told of the price of a practice, the gravest first; nothing where nobody told.

    `data` is as list_index.unwanted.unwanted_data() sums it up; of rows written before it was asked there is
    none. `worsened`: how many reports say that things got worse; `measured`: how many measured it.
    """
    data = data or unwanted_data(())
    found = [told_by(data["some"], _total(data), data["weights"][HEAVY])] if data["some"] else []
    if worsened:
        words = ngettext(
            "%(n)s report says it made things worse.", "%(n)s reports say it made things worse.", worsened
        )
        found.append(words % {"n": worsened})
    if measured:
        words = ngettext(
            "%(n)s report measured an effect nobody wanted.",
            "%(n)s reports measured an effect nobody wanted.",
            measured,
        )
        found.append(words % {"n": measured})
    bearers = [(n, Experience.Bearer(one).label) for one, n in data["borne_by"].items() if n]
    if bearers:
        ordered = sorted(bearers, key=lambda pair: -pair[0])
        words = ", ".join(_("%(bearer)s (%(n)s)") % {"bearer": label, "n": n} for n, label in ordered)
        found.append(_("Borne by: %(bearers)s.") % {"bearers": words})
    if data["none"]:
        found.append(_none_seen(data["none"], _total(data)))
    return found


def told_by(some, total, heavy):
    """Return how many reports of `total` tell of unwanted effects, and how many of them of heavy ones."""
    words = ngettext(
        "%(n)s report of %(total)s tells of unwanted effects",
        "%(n)s reports of %(total)s tell of unwanted effects",
        some,
    )
    told = words % {"n": some, "total": total}
    if heavy:
        how_many = ngettext("%(n)s of them heavy", "%(n)s of them heavy", heavy) % {"n": heavy}
        return _("%(told)s, %(how_many)s.") % {"told": told, "how_many": how_many}
    return _("%(told)s.") % {"told": told}


def _none_seen(none, total):
    words = ngettext(
        "%(n)s report of %(total)s says that it saw no unwanted effect.",
        "%(n)s reports of %(total)s say that they saw no unwanted effect.",
        none,
    )
    return words % {"n": none, "total": total}


def _total(data):
    return data["some"] + data["none"] + data["not_told"]
