"""The check before sending, for programs: where the form of a page shows a box, they send a field."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from config.rest import fields
from experiences.forms import language_of
from experiences.privacy.check import ANYWAY, SPOTS, remarks


class Checked(serializers.Serializer):
    """What takes words that are checked for what may identify someone, as forms/checked.py does on pages.

    `checked` names the fields. Of what the row held before, it was asked already.
    """

    checked = ("text",)
    anyway = fields.Truth(
        default=False,
        write_only=True,
        help_text="True: send it all the same, though it may identify someone (code “spots”).",
    )

    def held(self, name):
        """Return what the row said in the field `name` before."""
        return getattr(self.instance, name, "")

    def validate(self, attrs):
        decided = attrs.pop(ANYWAY, False)
        attrs = super().validate(attrs)
        told = {} if decided else self._remarks(attrs)
        if told:
            found = _("This may identify someone. Change it, or send “anyway”: true.")
            raise serializers.ValidationError({name: [found, *told[name]] for name in told}, SPOTS)
        return attrs

    def _remarks(self, given):
        """Return {name: sentences} of the fields in which something was found."""
        texts = {name: given.get(name) for name in self.checked}
        before = {name: self.held(name) for name in self.checked}
        return remarks(texts, language_of(self.instance, given.get("language")), before=before)
