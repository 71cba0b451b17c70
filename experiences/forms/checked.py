"""The check before sending, for short texts: as for reports, whoever writes decides, and is asked once."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from experiences.forms.report import language_of
from experiences.privacy.check import ANYWAY, SPOTS, remarks
from experiences.privacy.identifiers import SAYS


class Checked:
    """A form whose short texts are checked for what may identify someone.

    What is found is said beside the field, with a box to send it all the same; of what the field held
    before, that was asked already. `checked` names the fields, `kinds` what is looked for in them.
    """

    checked = ("text",)
    kinds = frozenset(SAYS)
    found = _("This may identify someone. Change it, or say below to send it.")
    anyway_label = _("I have read it again: send it all the same")

    def checked_language(self):
        row = self.row if hasattr(self, "row") else getattr(self, "instance", None)
        return language_of(row, self.cleaned_data.get("language"))

    def full_clean(self):
        super().full_clean()
        if not self.is_bound:
            return
        decided = self.data.get(self.add_prefix(ANYWAY))
        told = {} if decided or self.errors else self._remarks()
        for name, sentences in told.items():
            self.add_error(name, [ValidationError(one, SPOTS) for one in (self.found, *sentences)])
        if decided or told:  # Ticked, it stays so on the page of another refusal.
            self.fields[ANYWAY] = forms.BooleanField(label=self.anyway_label, required=False)

    def _remarks(self):
        """Return {name: sentences} of the fields in which something was found."""
        texts = {name: self.cleaned_data[name] for name in self.checked}
        return remarks(texts, self.checked_language(), before=self.initial, kinds=self.kinds)
