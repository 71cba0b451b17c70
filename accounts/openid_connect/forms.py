from allauth.socialaccount import forms as allauth
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.site.terms import AcceptsTerms


class SignupForm(AcceptsTerms, allauth.SignupForm):
    """Asks for what the provider does not decide: the address is the one it has confirmed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].disabled = True
        self.fields["email"].help_text = _("As confirmed by the account you come with.")

    def validate_unique_email(self, value):
        self.account_already_exists = User.objects.filter(email__iexact=value).exists()
        return value

    def try_save(self, request):
        """Make the member; where a second click, or someone else, was quicker, lead to what there is now."""
        try:
            member = None if self.account_already_exists else self.save(request)
        except (IntegrityError, ValidationError):
            member = None
        return member, None if member else redirect("account_login")
