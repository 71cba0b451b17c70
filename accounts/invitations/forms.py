from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.invitations.batch import MOST_AT_ONCE, addresses_in
from accounts.models import User, current_site
from accounts.models.invitations import can_give


class Addresses(forms.CharField):
    """A pasted list of e-mail addresses; each is looked at when it is invited."""

    widget = forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "off"})

    def clean(self, value):
        found = addresses_in(super().clean(value))
        if len(found) > MOST_AT_ONCE:
            text = _("These are %(n)s addresses: invite %(most)s at once at most.")
            raise ValidationError(text, params={"n": len(found), "most": MOST_AT_ONCE}, code="too_many")
        return found


class InvitationForm(forms.Form):
    """Whom to invite, in which language, and as what."""

    addresses = Addresses(
        label=_("E-mail addresses"),
        max_length=20_000,
        help_text=_("One on a line, or with commas between them. Names beside them do no harm."),
    )
    language = forms.ChoiceField(
        label=_("Language of the e-mail"),
        choices=lambda: current_site().among_offered(User.Language.choices[1:]),
        widget=forms.RadioSelect,
    )
    group = forms.ModelChoiceField(
        Group.objects.none(),
        label=_("Role"),
        required=False,
        empty_label=_("Member"),
        help_text=_("What they may do once they have accepted. You can give what you may do yourself."),
    )

    def __init__(self, data=None, *, by):
        super().__init__(data, initial={"language": get_language()})
        given = [group.pk for group in Group.objects.all() if can_give(by, group)]
        self.fields["group"].queryset = Group.objects.filter(pk__in=given).order_by("name")
