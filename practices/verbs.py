"""What can be done to a practice: each verb once, for its button, its page and its sentence."""

from django.utils.translation import gettext_lazy as _

from config.verbs import Verb, Verbs
from experiences.forms import VerbForm
from practices import forms
from practices.models import Practice

S = Practice.Status

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
            done=_("Published. This version now has its permanent address."),
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
