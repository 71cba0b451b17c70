from practices.models.claim import Claim, Evidence, Trial
from practices.models.comment import Comment
from practices.models.log import LogLine
from practices.models.practice import Practice
from practices.models.tagging import PracticeContext, PracticeStake
from practices.models.version import PracticeVersion

__all__ = [
    "Claim",
    "Comment",
    "Evidence",
    "LogLine",
    "Practice",
    "PracticeContext",
    "PracticeStake",
    "PracticeVersion",
    "Trial",
]
