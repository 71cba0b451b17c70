from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up through allauth, keeping the language in which a member signed up."""

    def save_user(self, request, user, form, commit=True):
        user.display_name = form.cleaned_data.get("display_name", "")
        if request.LANGUAGE_CODE in user.Language.values:
            user.language = request.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)
