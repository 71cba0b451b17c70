from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.utils import translation

from accounts import known_devices
from accounts.invitations import held
from accounts.middleware import language_of
from accounts.models.addresses import validate_deliverable


class AccountAdapter(DefaultAccountAdapter):
    """How members sign up and in, where that is not as allauth has it."""

    def is_open_for_signup(self, request):
        """Whether whoever asks may open an account by themselves, as SIGNUP says."""
        invited = settings.SIGNUP == "invited" and held.invitation(request) is not None
        return settings.SIGNUP == "open" or invited

    def clean_email(self, email):
        email = super().clean_email(email)
        validate_deliverable(email)
        return email

    def save_user(self, request, user, form, commit=True):
        user.display_name = form.cleaned_data.get("display_name", "")
        if request.LANGUAGE_CODE in user.Language.values:
            user.language = request.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def pre_authenticate(self, request, **credentials):
        """Count an attempt: on a device of the owner's apart from those of strangers."""
        device = known_devices.device_of_owner(request, credentials.get("email", ""))
        if device is None:
            super().pre_authenticate(request, **credentials)
            return
        # Where `authenticate` looks for what to take back once the password was right.
        self._login_failed_rl_usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed_on_known_device", key=device
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def post_login(self, request, user, **kwargs):
        take_language_chosen(request, user)
        with translation.override(language_of(request, request.site)):  # It greets on the page that follows.
            response = super().post_login(request, user, **kwargs)
        known_devices.remember(request, response, user)
        return response


def take_language_chosen(request, user):
    """Let a language that was chosen in this browser, before its member signed in, be theirs from now on."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in request.site.offered_languages and user.language not in ("", chosen):
        user.language = chosen
        user.save(update_fields=["language"])
