from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.invitations import held
from accounts.models import Token
from accounts.site.terms import AcceptsTerms


class TokenForm(forms.ModelForm):
    """Name and scope of a new token; the token itself is made by knox and shown once."""

    days = forms.IntegerField(label=_("Valid for how many days"), min_value=1, max_value=365, initial=90)

    class Meta:
        model = Token
        fields = ["name", "scope"]
        widgets = {"scope": forms.RadioSelect}


class SignupForm(AcceptsTerms, allauth.SignupForm):
    """Signs up, in the same time for an address that has an account: the time would tell it.

    Who was invited signs up with the address that the invitation reached, which is confirmed by that.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.invitation = held.invitation(context.request)
        if self.invitation:
            self.initial["email"] = self.invitation.email  # Whatever the address of the page proposes.
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("You were invited at this address.")

    def try_save(self, request):
        if self.account_already_exists:
            self._take_as_long()
        try:
            return super().try_save(request)
        except (IntegrityError, ValidationError):  # Whoever sent the same a moment before has it.
            self.account_already_exists = True
            return super().try_save(request)

    @transaction.atomic
    def save(self, request):
        if self.invitation:
            get_adapter().stash_verified_email(request, self.invitation.email)
        member = super().save(request)
        if self.invitation:
            self.invitation.accept(by=member)
            held.let_go(request)
        return member

    def _take_as_long(self):
        """Hash the password, and store rows that soon end, in place of a member, their address and what they
        accepted.
        """
        make_password(self.cleaned_data["password1"])
        for row in ("member", "address", "acceptance", "version"):
            cache.set(f"sign-up, {row}: {self.cleaned_data['email']}", True, timeout=1)


class RequestPasswordForm(allauth.ResetPasswordForm):
    """Asks for a new password; whoever comes by the provider alone gets none where all are to come by it."""

    def clean_email(self):
        email = super().clean_email()
        if settings.SIGNUP == "sso":
            self.users = [one for one in self.users if may_have_password(one)]
        return email


def may_have_password(member):
    return member.has_usable_password() or not member.socialaccount_set.exists()


class ChangePasswordForm(allauth.ChangePasswordForm):
    """Changes the password and, unless asked not to, ends what others may hold: the tokens."""

    end_tokens = forms.BooleanField(
        required=False,
        initial=True,
        help_text=_("Programs that use them are refused from then on. Sessions elsewhere end in any case."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = Token.objects.of(self.user).count()
        if number:
            self.fields["end_tokens"].label = ngettext(
                "Also revoke my token", "Also revoke my %(number)s tokens", number
            ) % {"number": number}
        else:
            del self.fields["end_tokens"]

    @transaction.atomic
    def save(self):
        super().save()
        if self.cleaned_data.get("end_tokens"):
            Token.objects.revoke_all_of(self.user)


class EndsTokens:
    """A form that gives a new password to whoever may have lost the old one: the tokens of `user` end."""

    @transaction.atomic
    def save(self, *args, **kwargs):
        Token.objects.revoke_all_of(self.user)
        return super().save(*args, **kwargs)


class ResetPasswordForm(EndsTokens, allauth.ResetPasswordKeyForm):
    """The password of a member who forgot it."""


class MemberPasswordForm(EndsTokens, AdminPasswordChangeForm):
    """The password of a member, given in the administration."""
