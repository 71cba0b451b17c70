from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up through allauth, keeping the language in which a member signed up."""

    def clean_email(self, email):
        """Refuse an address that no mail reaches: where case is ignored, İ passes for another letter."""
        email = super().clean_email(email)
        name, _at, domain = email.rpartition("@")
        if not name.isascii() or not is_domain(domain):
            raise ValidationError(
                _("No e-mail reaches this address: write it with plain letters, without accents."),
                code="undeliverable",
            )
        return email

    def save_user(self, request, user, form, commit=True):
        user.display_name = form.cleaned_data.get("display_name", "")
        if request.LANGUAGE_CODE in user.Language.values:
            user.language = request.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)


def is_domain(name):
    """Whether mails find their way to `name`, which may hold letters of any script (RFC 3490)."""
    try:
        return name.isascii() or name.encode("idna").decode("idna") == name
    except UnicodeError:
        return False
