"""What can be done to a practice: each verb once, for its button, its page and its sentence."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.verbs import Verb, Verbs
from experiences.forms import VerbForm
from experiences.models import Flag
from practices import forms
from practices.models import Claim, Practice

S, M = Practice.Status, Practice.Moderation


def published(practice):
    """Say what became of a version that was just published."""
    if practice.is_shown:
        return _("Published. This version now has its permanent address.")
    return _("Published. A moderator took the practice down, and reads this version before anyone else does.")


def waits_for_moderator(practice):
    return Flag.objects.of(practice).open().exists()


def can_be_decided(practice, user):
    return practice.current_id is not None and practice.can_be_moderated_by(user)


VERBS = Verbs(
    {
        "submit": Verb(
            Practice.submit,
            VerbForm,
            label=_("Send to review"),
            done=_("Sent to review. A second curator publishes it."),
            offered=lambda practice, user: practice.status in (S.DRAFT, S.RETURNED),
            group="step",
            prominent=True,
        ),
        "publish": Verb(
            Practice.publish,
            VerbForm,
            label=_("Publish"),
            done=published,
            offered=lambda practice, user: (
                practice.status == S.IN_REVIEW and practice.can_be_published_by(user)
            ),
            group="step",
            prominent=True,
        ),
        "reopen": Verb(
            Practice.reopen,
            VerbForm,
            label=_("Begin a revision"),
            done=_("A revision has begun. Readers keep the published version meanwhile."),
            offered=lambda practice, user: practice.status == S.PUBLISHED,
            group="step",
            prominent=True,
        ),
        "return": Verb(
            Practice.return_to_curators,
            forms.ReturnForm,
            label=_("Return to its curators"),
            done=_("Returned to its curators with your sentence."),
            offered=lambda practice, user: practice.status == S.IN_REVIEW,
            group="step",
        ),
        "lower": Verb(
            Practice.lower_grade,
            forms.LowerForm,
            label=_("Lower the grade"),
            done=_("The grade was set again."),
            offered=lambda practice, user: practice.status == S.PUBLISHED,
            group="step",
        ),
        "retire": Verb(
            Practice.retire,
            forms.RetireForm,
            label=_("Retire"),
            done=_("Retired."),
            offered=lambda practice, user: practice.status == S.PUBLISHED,
            group="step",
        ),
    }
)

# What a moderator does to a practice as a whole, on the page where words are withheld and in the API.
MODERATION = Verbs(
    {
        "let-stand": Verb(
            Practice.allow,
            forms.OptionalReasonForm,
            label=pgettext_lazy("practice", "Let it stand"),
            done=_("It stands, and readers can read it."),
            offered=lambda practice, user: (
                can_be_decided(practice, user) and (not practice.is_shown or waits_for_moderator(practice))
            ),
            group="moderation",
        ),
        "hide": Verb(
            Practice.hide,
            forms.OptionalReasonForm,
            label=_("Hide it until more is known"),
            done=_("It is hidden: readers find it nowhere until a moderator lets it stand."),
            offered=lambda practice, user: can_be_decided(practice, user) and practice.is_shown,
            group="moderation",
            hint=_("Readers find it nowhere meanwhile. Its curators are told, and nothing of it is lost."),
        ),
        "take-down": Verb(
            Practice.remove,
            forms.ReasonForm,
            label=_("Take it down"),
            done=_("It is taken down: readers find it nowhere any more."),
            offered=lambda practice, user: (
                can_be_decided(practice, user)
                and (practice.moderation != M.REMOVED or waits_for_moderator(practice))
            ),
            group="moderation",
            hint=_(
                "Readers find it nowhere any more: its address says that a moderator took it down. "
                "Nothing of it is lost, and a moderator can let it stand again. Its translations stay: "
                "decide on each."
            ),
        ),
    }
)

# What a moderator does to one claim, in every version of its practice.
CLAIM_MODERATION = Verbs(
    {
        "take-down": Verb(
            Claim.take_down,
            forms.ReasonForm,
            label=_("Remove this claim"),
            done=_("The claim is removed, and the grade computed without it."),
            offered=lambda claim, user: can_be_decided(claim.practice, user) and not claim.is_removed,
            group="moderation",
            hint=_(
                "It stands in no version any more, and its evidence does not count. Its curators are told."
            ),
        ),
        "let-stand": Verb(
            Claim.let_stand,
            forms.OptionalReasonForm,
            label=_("Let it stand again"),
            done=_("The claim stands again, and its evidence counts."),
            offered=lambda claim, user: can_be_decided(claim.practice, user) and claim.is_removed,
            group="moderation",
        ),
    }
)
