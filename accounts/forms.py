from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.models import Token


class TokenForm(forms.ModelForm):
    """Name and scope of a new token; the token itself is made by knox and shown once."""

    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=365, initial=90)

    class Meta:
        model = Token
        fields = ["name", "scope"]
        widgets = {"scope": forms.RadioSelect}


class SignupForm(AllauthSignupForm):
    """Signs up, in the same time for an address that has an account: the time would tell it."""

    def try_save(self, request):
        if self.account_already_exists:
            self._take_as_long()
        return super().try_save(request)

    def _take_as_long(self):
        """Hash the password, and store two rows that soon end, in place of a member and their address."""
        make_password(self.cleaned_data["password1"])
        for row in ("member", "address"):
            cache.set(f"sign-up, {row}: {self.cleaned_data['email']}", True, timeout=1)
