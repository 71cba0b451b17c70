from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Token


class TokenForm(forms.ModelForm):
    """Name and scope of a new token; the token itself is made by knox and shown once."""

    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=365, initial=90)

    class Meta:
        model = Token
        fields = ["name", "scope"]
        widgets = {"scope": forms.RadioSelect}
