"""What came of a practice in each report that readers see as its evidence, as numbers that a row keeps."""

from dataclasses import dataclass

import numpy as np

from experiences.list_index.tags import VERDICTS
from practices.grading.following import Followed

# The bits of a number: the report's key, the place of its verdict, whether its people did otherwise.
KEY_FROM, VERDICT_FROM, VERDICT = 4, 1, 0b111


@dataclass(frozen=True)
class Outcomes:
    """By place, one for each report: its key, the place of its verdict, whether its people did otherwise."""

    keys: np.ndarray
    verdicts: np.ndarray
    otherwise: np.ndarray

    def told(self, chosen=slice(None)):
        """Yield (verdict, did its people do otherwise) of each report of those `chosen` by place."""
        for place, otherwise in zip(
            self.verdicts[chosen].tolist(), self.otherwise[chosen].tolist(), strict=True
        ):
            yield VERDICTS[place], otherwise


def pack(outcomes):
    """Return {report key: (verdict, Followed, …)} as the bytes that a row keeps."""
    numbers = [
        key << KEY_FROM | VERDICTS.index(verdict) << VERDICT_FROM | (followed == Followed.NOT_FOLLOWED)
        for key, (verdict, followed, *_rest) in outcomes.items()
    ]
    return np.array(sorted(numbers), "<i8").tobytes()


def unpack(packed):
    """Return the Outcomes that rows keep as the bytes `packed`, those of several one after the other."""
    numbers = np.frombuffer(packed, "<i8")
    return Outcomes(numbers >> KEY_FROM, numbers >> VERDICT_FROM & VERDICT, (numbers & 1).astype(bool))
