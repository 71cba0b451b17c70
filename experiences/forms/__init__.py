"""What the pages ask. Forms describe; the models decide and word every refusal."""

from experiences.forms.base import Comparable, FacetFields, Refusable, StakeFields
from experiences.forms.checked import Checked
from experiences.forms.report import (
    ExperienceForm,
    QuickNoteForm,
    SituationForm,
    VisitForm,
    default_language,
    language_of,
)
from experiences.forms.verb_forms import (
    AnswerForm,
    AskForm,
    FlagForm,
    FollowUpForm,
    LinkForm,
    NoteForm,
    OptionalNoteForm,
    ReturnForm,
    StakesForm,
    VerbForm,
    WithholdForm,
)

__all__ = [
    "AnswerForm",
    "AskForm",
    "Checked",
    "Comparable",
    "ExperienceForm",
    "FacetFields",
    "FlagForm",
    "FollowUpForm",
    "LinkForm",
    "NoteForm",
    "OptionalNoteForm",
    "QuickNoteForm",
    "Refusable",
    "ReturnForm",
    "SituationForm",
    "StakeFields",
    "StakesForm",
    "VerbForm",
    "VisitForm",
    "WithholdForm",
    "default_language",
    "language_of",
]
