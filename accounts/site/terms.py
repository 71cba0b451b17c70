"""The terms of use where one signs up: a box whose value is the version that was shown."""

from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from accounts.models import TermsAcceptance, current_site
from config.formats.written import date_format
from config.text import whole_number


class Checkbox(forms.CheckboxInput):
    """A box that sends the number of the version beside it."""

    def format_value(self, value):
        return str(current_site().terms_number)

    def value_from_datadict(self, data, files, name):
        return data.get(name, "")


class TermsField(forms.Field):
    """The version of the terms of use that someone accepts: none but the one in force."""

    widget = Checkbox

    def __init__(self):
        site = current_site()
        day = date_format(site.terms_on, "DATE_FORMAT")
        said = _("I accept the terms of use of %(site)s, in their version of %(day)s.")
        super().__init__(
            label=said % {"site": site.name, "day": day},
            help_text=format_html(
                '<a href="{}" target="_blank">{}</a>',
                reverse("site-text", args=["terms"]),
                _("Read the terms of use (in a new tab)"),
            ),
            error_messages={"required": _("An account needs the terms of use to be accepted.")},
        )
        self.widget.check_test = lambda value: False  # It is never ticked for anyone.

    def to_python(self, value):
        return whole_number(value) if isinstance(value, str) and value else None

    def validate(self, value):
        super().validate(value)
        TermsAcceptance.require_in_force(value)


class AcceptsTerms:
    """A form of allauth's that makes a member, who accepts the terms by it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["terms"] = TermsField()

    @transaction.atomic
    def save(self, request):
        member = super().save(request)
        # Where others were published since the form was checked, the bar on every page asks for these.
        with suppress(ValidationError):
            TermsAcceptance.record(by=member, number=self.cleaned_data["terms"])
        return member
