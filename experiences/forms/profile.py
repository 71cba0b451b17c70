"""The name a member shows, when they sign up and in their profile: it is checked as public words are."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User, current_site
from experiences.forms.checked import Checked
from experiences.privacy.identifiers import EMAIL, PHONE, PROFILE


class CheckedName(Checked):
    """A form that takes a name to show. A name says who someone is, and may: no more is looked for."""

    checked = ("display_name",)
    kinds = frozenset([EMAIL, PHONE, PROFILE])
    found = _("This tells more than a name, and everyone can read it. Change it, or say below to keep it.")
    anyway_label = _("I have read it again: keep this name all the same")


class SignupForm(CheckedName, forms.Form):
    """What we ask beside e-mail and password: nothing that must be given."""

    display_name = User._meta.get_field("display_name").formfield()

    def signup(self, request, user):
        """allauth calls this after the adapter has saved the member."""


class ProfileForm(CheckedName, forms.ModelForm):
    # Left out, it stays as it is.
    notices = User._meta.get_field("notices").formfield(required=False, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["display_name", "language", "organisation", "notices"]
        widgets = {"language": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = current_site().among_offered(User.Language.choices)

    def save(self, commit=True):
        """Save it; another choice of e-mails ends what was chosen of single kinds."""
        if "notices" in self.changed_data:
            self.instance.choose_notices(self.instance.notices)
        return super().save(commit)
