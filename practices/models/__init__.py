from practices.list_index.models import ListedPractice
from practices.models.claim import Claim
from practices.models.cluster import Cluster, Clustering, Dismissal, Member
from practices.models.comment import Comment
from practices.models.evidence import Evidence
from practices.models.figures import Figures
from practices.models.kept_search import KeptSearch
from practices.models.log import LogLine
from practices.models.material import Material
from practices.models.old_address import OldAddress
from practices.models.practice.practice import Practice
from practices.models.practice.tagging import PracticeContext, PracticeStake
from practices.models.practice.texts import PracticeText, PracticeVector
from practices.models.practice.word_profiles import PracticePosting, PracticeProfile
from practices.models.reads import PracticeReads
from practices.models.redaction import PracticeRedaction
from practices.models.same_organisation import SameOrganisation
from practices.models.trial import Trial
from practices.models.version import PracticeVersion

__all__ = [
    "Claim",
    "Cluster",
    "Clustering",
    "Dismissal",
    "Comment",
    "Evidence",
    "Figures",
    "KeptSearch",
    "ListedPractice",
    "LogLine",
    "Material",
    "Member",
    "OldAddress",
    "Practice",
    "PracticeContext",
    "PracticePosting",
    "PracticeProfile",
    "PracticeReads",
    "PracticeRedaction",
    "PracticeStake",
    "PracticeText",
    "PracticeVector",
    "PracticeVersion",
    "SameOrganisation",
    "Trial",
]
