"""The check before sending, for short texts: as for reports, whoever writes decides, and is asked once."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from experiences.forms.report import default_language
from experiences.privacy.identifiers import point_out

ANYWAY = "anyway"


class Checked:
    """A form whose short texts are checked for what may identify someone.

    What is found is said beside the field, with a box to send it all the same. `checked` names the
    fields; `checked_language()` says in which language they are likely written.
    """

    checked = ("text",)

    def checked_language(self):
        """Return the language of the report that it is said of."""
        return getattr(self.row, "language", None) or default_language()

    def full_clean(self):
        super().full_clean()
        if self.is_bound and not self.errors and not self.data.get(self.add_prefix(ANYWAY)):
            self._point_out()

    def _point_out(self):
        for name in self.checked:
            found = point_out(self.cleaned_data.get(name) or "", self.checked_language())
            if not found:
                continue
            told = dict.fromkeys(str(finding.says) for finding in found)
            self.fields[ANYWAY] = forms.BooleanField(
                label=_("I have read it again: send it all the same"), required=False
            )
            said = _("This may identify someone. Change it, or say below to send it.")
            self.add_error(name, [ValidationError(one, "spots") for one in (said, *told)])
