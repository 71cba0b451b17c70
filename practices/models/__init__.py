from practices.models.claim import Claim, Evidence, Trial
from practices.models.log import LogLine
from practices.models.practice import Practice, PracticeVersion
from practices.models.tagging import PracticeContext, PracticeStake

__all__ = [
    "Claim",
    "Evidence",
    "LogLine",
    "Practice",
    "PracticeContext",
    "PracticeStake",
    "PracticeVersion",
    "Trial",
]
