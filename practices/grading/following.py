"""Whether the people of a report did what a claim says: only then does their outcome tell something of it."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Followed(models.TextChoices):
    """Whether what a claim says was done."""

    FOLLOWED = "followed", pgettext_lazy("what a claim says", "Followed")
    IN_PART = "in-part", pgettext_lazy("what a claim says", "Followed in part")
    NOT_FOLLOWED = "not-followed", pgettext_lazy("what a claim says", "Not followed")


# Of (kind of claim, bearing); whoever supports “avoid this” did it, and learned by it (DESIGN.md §4).
DERIVED = {
    ("tends-to-happen", "supports"): Followed.FOLLOWED,
    ("tends-to-happen", "nuances"): Followed.IN_PART,
    ("tends-to-happen", "contradicts"): Followed.FOLLOWED,
    ("do-this", "supports"): Followed.FOLLOWED,
    ("do-this", "nuances"): Followed.IN_PART,
    ("do-this", "contradicts"): Followed.FOLLOWED,
    ("avoid-this", "supports"): Followed.NOT_FOLLOWED,
    ("avoid-this", "nuances"): Followed.NOT_FOLLOWED,
    ("avoid-this", "contradicts"): Followed.NOT_FOLLOWED,
}
WHOLLY = frozenset({Followed.FOLLOWED, Followed.IN_PART})


def derive(kind, bearing):
    """Return the Followed of evidence by the kind of its claim and its bearing; "" where it sheds light."""
    return DERIVED.get((kind, bearing), "")


def over_claims(followed):
    """Return the Followed of one report from those of all its evidence: in part, where they differ.

    A part beside the whole is the whole: at least one claim was followed wholly, and none was not.
    """
    found = set(filter(None, followed))
    if not found or len(found) == 1:
        return found.pop() if found else ""
    return Followed.FOLLOWED if found == WHOLLY else Followed.IN_PART
