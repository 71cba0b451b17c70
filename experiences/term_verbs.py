"""What can be done to a row of the closed lists: each verb once, for its button and its sentence."""

from django.utils.translation import gettext_lazy as _

from config.verbs import Verb, Verbs
from experiences.forms import OptionalNoteForm
from experiences.forms.verb_forms import VerbForm
from experiences.forms.vocabulary import EverydayWordForm, MergeForm, RetireForm, SplitForm, WordsForm
from experiences.models.vocabulary.change import can_edit_vocabulary
from experiences.models.vocabulary.keywords import FrequentKeyword
from experiences.models.vocabulary.retirement import Retirable
from experiences.models.vocabulary.terms import Stake

EDIT = Verb(
    Stake.edit,
    WordsForm,
    label=_("Save the words"),
    done=_("The words are saved."),
    offered=lambda row, user: can_edit_vocabulary(user),
)


def is_in_use(term, user):
    return can_edit_vocabulary(user) and term.retired_on is None and not term.is_fixed


# Of a row that is no tag: the site itself needs them, so that words alone may change.
WORD_VERBS = Verbs({"edit": EDIT})

# Of a stake or a context.
TERM_VERBS = Verbs(
    {
        "edit": EDIT,
        "merge": Verb(
            Stake.merge,
            MergeForm,
            label=_("Merge into another term"),
            hint=_(
                "Two words for one thing: all that is tagged with this term is tagged with the other "
                "instead. Published versions of practices, and what reports said before, stay as they are."
            ),
            done=_("The term is merged."),
            offered=is_in_use,
            group="step",
            confirms=True,
        ),
        "split": Verb(
            Stake.split,
            SplitForm,
            label=_("Split into several terms"),
            hint=_(
                "One word for several things: the term is retired, and you then say for each report which of "
                "the terms it is about."
            ),
            done=_("The term is split. Say now what each report is about."),
            offered=is_in_use,
            group="step",
            confirms=True,
        ),
        "retire": Verb(
            Stake.retire,
            RetireForm,
            label=_("Retire"),
            hint=_("Nobody can choose it any more; what is tagged with it stays so."),
            done=_("The term is retired."),
            offered=is_in_use,
            group="step",
            confirms=True,
        ),
        "restore": Verb(
            Stake.restore,
            OptionalNoteForm,
            label=_("Take it back into use"),
            hint=_("What got another term meanwhile keeps that one."),
            done=_("The term is in use again."),
            offered=lambda term, user: can_edit_vocabulary(user) and term.retired_on is not None,
            group="step",
        ),
    }
)

# Of a keyword that authors use often.
KEYWORD_VERBS = Verbs(
    {
        "add": Verb(
            FrequentKeyword.add_to,
            EverydayWordForm,
            label=_("Add it as an everyday word of a term"),
            hint=_("The term is then found by this word, too. Reports keep their keyword."),
            done=_("The keyword is now an everyday word of the term."),
            offered=lambda row, user: can_edit_vocabulary(user),
            group="step",
            prominent=True,
        ),
        "dismiss": Verb(
            FrequentKeyword.dismiss,
            VerbForm,
            label=_("Not a term"),
            hint=_("It is proposed no more, until that is taken back. Reports keep their keyword."),
            done=_("The keyword is proposed no more."),
            offered=lambda row, user: can_edit_vocabulary(user) and not row.is_dismissed,
            group="step",
        ),
        "restore": Verb(
            FrequentKeyword.restore,
            VerbForm,
            label=_("Propose it again"),
            done=_("The keyword is proposed again, while it is used often."),
            offered=lambda row, user: can_edit_vocabulary(user) and row.is_dismissed,
            group="step",
        ),
    }
)


def verbs_of(row):
    """Return the table of what can be done to `row`."""
    return TERM_VERBS if isinstance(row, Retirable) else WORD_VERBS
