"""Unwanted effects of what was tried: asked apart from whether it worked, for much works at a price.

Nobody having seen any is an answer; not having told is none, and is never counted as one.
"""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from experiences.models.fields import Prose, SeveralOf


class UnwantedEffects(models.Model):
    """What a report tells of them: what it was, who bore it, how heavily."""

    class Seen(models.TextChoices):
        NONE = "none", _("None that we saw")
        SOME = "some", _("Yes")

    class Bearer(models.TextChoices):
        MEMBERS = "members", _("Members")
        NEWCOMERS = "newcomers", _("Newcomers")
        MODERATORS = "moderators", _("Moderators or volunteers")
        TEAM = "community-team", _("The community team")
        ORGANISATION = "organisation", _("The organisation")
        OUTSIDE = "outside", _("People outside")

    class Weight(models.TextChoices):
        LIGHT = "light", pgettext_lazy("unwanted effect", "Light")
        NOTICEABLE = "noticeable", pgettext_lazy("unwanted effect", "Noticeable")
        HEAVY = "heavy", pgettext_lazy("unwanted effect", "Heavy")

    # Enum bodies would make these members, so they are attached after the classes.
    Bearer.DEFINITIONS = {
        Bearer.MEMBERS: _("People who had taken part for a while."),
        Bearer.NEWCOMERS: _("People who had just arrived, or were about to."),
        Bearer.MODERATORS: _("People who give their time to run a part of it."),
        Bearer.TEAM: _("People whose work the community is."),
        Bearer.ORGANISATION: _("The rest of the organisation that holds the community."),
        Bearer.OUTSIDE: _("Clients, partners, or anyone who had not chosen to be there."),
    }
    Weight.DEFINITIONS = {
        Weight.LIGHT: _("It was noticed, and was over within days."),
        Weight.NOTICEABLE: _("It took work or patience to put right."),
        Weight.HEAVY: _("Someone was hurt or left, or something was lost for good."),
    }

    unwanted_seen = models.CharField(
        _("unwanted effects"),
        max_length=4,
        choices=Seen.choices,
        blank=True,
        help_text=_("Apart from whether it worked: did it also do something that nobody wanted?"),
    )
    unwanted = Prose(
        _("what it did that nobody wanted"), help_text=_("One line is enough. What works may have a price.")
    )
    unwanted_borne_by = SeveralOf(Bearer, verbose_name=_("who bore it"))
    unwanted_weight = models.CharField(_("how heavily"), max_length=10, choices=Weight.choices, blank=True)

    class Meta:
        abstract = True

    def clean(self):
        """Whoever tells of an effect has seen one; whoever saw none tells of none."""
        told = self.unwanted or self.unwanted_borne_by or self.unwanted_weight
        if told and self.unwanted_seen == self.Seen.NONE:
            refusal = _("You say that you saw no unwanted effect, and tell of one. Change one of the two.")
            raise ValidationError({"unwanted_seen": ValidationError(refusal, code="contradiction")})
        if told:
            self.unwanted_seen = self.Seen.SOME

    @property
    def unwanted_bearers(self):
        """Who bore it, in words."""
        return [self.Bearer(one).label for one in self.unwanted_borne_by]
