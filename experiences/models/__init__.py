from experiences.list_index.models import ListedReport, ListState
from experiences.models.departures import Departure, DepartureKey
from experiences.models.flags import Flag
from experiences.models.follow_ups import FollowUp
from experiences.models.log import LogLine
from experiences.models.measures import Measure, Source
from experiences.models.names import ShownName
from experiences.models.questions import Question
from experiences.models.reads import ReportReads
from experiences.models.redaction import Redaction
from experiences.models.report.report import Event, Experience, Keyword
from experiences.models.revision import Revision
from experiences.models.situation import Situation, VisitSituation
from experiences.models.tagging import ReportContext, ReportKeyword, ReportStake
from experiences.models.vocabulary.change import VocabularyChange
from experiences.models.vocabulary.glossary import GlossaryEntry
from experiences.models.vocabulary.keywords import DismissedKeyword, FrequentKeyword
from experiences.models.vocabulary.terms import Context, Stake
from experiences.models.vocabulary.words import Competency, Effect, Facet, Wording
from experiences.models.word_profiles import ReportPosting, ReportProfile
from experiences.text_index.texts import ReportText
from experiences.text_index.vectors import ReportVector

__all__ = [
    "Competency",
    "Context",
    "Departure",
    "DepartureKey",
    "DismissedKeyword",
    "Effect",
    "Event",
    "Experience",
    "Facet",
    "Flag",
    "FollowUp",
    "FrequentKeyword",
    "GlossaryEntry",
    "Keyword",
    "ListState",
    "ListedReport",
    "LogLine",
    "Measure",
    "Question",
    "ReportContext",
    "ReportKeyword",
    "ReportPosting",
    "ReportProfile",
    "ReportReads",
    "ReportStake",
    "ReportText",
    "ReportVector",
    "Redaction",
    "Revision",
    "ShownName",
    "Situation",
    "Source",
    "Stake",
    "VisitSituation",
    "VocabularyChange",
    "Wording",
]
