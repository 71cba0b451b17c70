"""The forms of staff: what the site says of itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Site
from accounts.models.images import MOST_BYTES


class SiteForm(forms.Form):
    """The settings of the site: a field for each column that may change, and the logo."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("PNG, JPEG or WebP, 200 kB at most. It is shown small, before the name."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    no_logo = forms.BooleanField(label=_("Take the logo away"), required=False)

    field_order = ("name", "logo", "no_logo", *Site.TOLD[1:], "version")

    def __init__(self, data=None, files=None, *, site):
        super().__init__(data, files, initial={"version": site.version})
        for name in Site.TOLD:
            column = site._meta.get_field(name)
            choices = {"widget": forms.RadioSelect} if column.choices else {}
            self.fields[name] = column.formfield(required=False, **choices)
            self.fields[name].needed = not column.blank
            self.initial[name] = getattr(site, name)
        for name in ("publisher_address", "host"):
            self.fields[name].widget.attrs["rows"] = 3
        if not site.logo_digest:
            del self.fields["no_logo"]
        self.order_fields(self.field_order)

    def told(self):
        """Return what the verb takes: the columns, and what becomes of the logo."""
        given = {name: self.cleaned_data[name] for name in Site.TOLD}
        sent = self.cleaned_data.get("logo")
        if sent:
            given["logo"] = sent.read(MOST_BYTES + 1)
        elif self.cleaned_data.get("no_logo"):
            given["logo"] = b""
        return given
