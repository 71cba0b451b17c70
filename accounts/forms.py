from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Token, User


class SignupForm(forms.Form):
    """What we ask beside e-mail and password: nothing that must be given."""

    display_name = User._meta.get_field("display_name").formfield()

    def signup(self, request, user):
        """allauth calls this after the adapter has saved the member."""


class ProfileForm(forms.ModelForm):
    # Left out, it stays as it is.
    notices = User._meta.get_field("notices").formfield(required=False, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["display_name", "language", "organisation", "notices"]
        widgets = {"language": forms.RadioSelect}


class TokenForm(forms.ModelForm):
    """Name and scope of a new token; the token itself is made by knox and shown once."""

    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=365, initial=90)

    class Meta:
        model = Token
        fields = ["name", "scope"]
        widgets = {"scope": forms.RadioSelect}
