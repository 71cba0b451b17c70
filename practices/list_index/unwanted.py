"""How many reports that followed a practice tell of unwanted effects: how heavy, and who bore them.

A report that says nothing of them is one that did not tell; it is never counted as one that saw none.
"""

from collections import Counter
from typing import NamedTuple

from experiences.models import Experience

COLUMNS = ("unwanted_seen", "unwanted_weight", "unwanted_borne_by")  # of a report


class Effects(NamedTuple):
    """What one report tells of them."""

    seen: str
    weight: str
    borne_by: list


def effects_of(report):
    return Effects(*(getattr(report, name) for name in COLUMNS))


def unwanted_data(effects):
    """Sum up `effects`, those of each report that followed, as {none, some, not_told, weights, borne_by}."""
    effects = list(effects)
    seen = Counter(one.seen for one in effects)
    weights = Counter(one.weight for one in effects if one.weight)
    bearers = Counter(bearer for one in effects for bearer in one.borne_by)
    return {
        "none": seen[Experience.Seen.NONE],
        "some": seen[Experience.Seen.SOME],
        "not_told": seen[""],
        "weights": dict.fromkeys(Experience.Weight.values, 0) | weights,
        "borne_by": dict.fromkeys(Experience.Bearer.values, 0) | bearers,
    }
