"""The words that each verb of a report or a question takes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from experiences.forms.base import Refusable, StakeFields
from experiences.forms.checked import Checked
from experiences.models import Experience, Flag
from experiences.models.questions import LONGEST_ANSWER, LONGEST_QUESTION, PARTS


class VerbForm(Refusable, forms.Form):
    """The words a verb takes. The verb judges them; `refuse` places its answer."""

    use_required_attribute = False
    optional = ()

    def __init__(self, *args, verb, row=None, **kwargs):
        kwargs.setdefault("auto_id", f"{verb}_%s")
        super().__init__(*args, **kwargs)
        self.verb, self.row = verb, row
        for name, field in self.fields.items():
            field.required, field.needed = False, name not in self.optional

    def words(self):
        """Return what the verb takes."""
        return self.cleaned_data


class ReturnForm(VerbForm):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=Experience.ReturnReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("What the author should change, in a sentence"), widget=forms.Textarea)


class StakesForm(StakeFields, VerbForm):
    """The stakes a reviewer sets; those in effect are ticked."""

    stakes = forms.MultipleChoiceField(label=_("What was at stake?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, row, **kwargs):
        # The names that _stakes.html gives its fields.
        super().__init__(*args, row=row, auto_id="id_%s", **kwargs)
        self.add_stakes(list(row.stakes.all()))

    def words(self):
        return {"stakes": self.chosen_stakes()}


class NoteForm(VerbForm):
    note = forms.CharField(label=_("Why, in a sentence"), widget=forms.Textarea)


class OptionalNoteForm(NoteForm):
    optional = ("note",)


class FlagForm(VerbForm):
    optional = ("note",)
    reason = forms.ChoiceField(
        label=_("What is wrong"), choices=Flag.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("What the moderator should look at"), widget=forms.Textarea)


class WithholdForm(VerbForm):
    words = forms.CharField(
        label=_("Words or passages to withhold, one on each line"),
        help_text=_("As the report writes them, whole. You see what would change before it is done."),
        widget=forms.Textarea,
    )
    note = forms.CharField(
        label=_("Why, in a sentence"),
        help_text=_("The author reads it; the words are withheld in it, too."),
        widget=forms.Textarea,
    )


class FollowUpForm(Checked, VerbForm):
    verdict = forms.ChoiceField(
        label=_("Today, would you say"), choices=Experience.Verdict.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What has become of it"), widget=forms.Textarea)


class AskForm(Checked, VerbForm):
    part = forms.ChoiceField(label=_("About"), choices=PARTS)
    text = forms.CharField(
        label=_("Your question"),
        help_text=_("Ask what you would need to know to try it yourself. Everyone can read it."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_QUESTION}),
    )
    identity = forms.ChoiceField(
        label=_("How your name appears"),
        choices=Experience.Identity.choices,
        initial=Experience.Identity.WITHHELD,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        told = [(part, label) for part, label in PARTS if getattr(row, part, part)]
        self.fields["part"].choices = told


class AnswerForm(Checked, VerbForm):
    text = forms.CharField(
        label=_("Your answer"),
        help_text=_("It appears as the author’s, without your name. Leave out what would tell who you are."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_ANSWER}),
    )


class LinkForm(VerbForm):
    other = forms.CharField(
        label=_("Address or identifier of the other report"),
        help_text=_("Both stay, and count once as evidence."),
    )
