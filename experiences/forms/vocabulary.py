"""What the pages of the vocabulary ask of moderators."""

from django import forms
from django.utils.translation import gettext_lazy as _

from experiences.forms.base import displayed_value
from experiences.forms.verb_forms import NoteForm, VerbForm
from experiences.models import Competency, Experience
from experiences.models.vocabulary.cache import choosable, lists
from experiences.models.vocabulary.terms import rows_at

NOTE = _("It stands in the history of the term, which moderators read.")


class WordsForm(VerbForm):
    """The words of a row of a closed list: a field for each column that may change."""

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        for name in row.WORDS:
            column = row._meta.get_field(name)
            self.fields[name] = field_of(column)
            self.initial[name] = getattr(row, column.attname)

    def words(self):
        """Return what was typed; a position left empty stays."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}

    def differences(self, stored):
        """Return [(label, stored text, text of this form)] where the two differ."""
        other = type(self)(verb=self.verb, row=stored)
        pairs = [(self[name].label, *map(displayed_value, (other[name], self[name]))) for name in self.fields]
        return [(label, theirs, mine) for label, theirs, mine in pairs if theirs != mine]


class NewTermForm(WordsForm):
    """The words of a term that is not on its list yet; it comes last in its group."""

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields.pop("position")


def field_of(column):
    """Return the field for a column of words: a long one gets several lines."""
    field = column.formfield(required=False)
    if (column.max_length or 0) > 200:
        field.widget = forms.Textarea(attrs={"rows": 3, "maxlength": column.max_length})
    if column.name[-3:] in ("_en", "_fr"):
        field.widget.attrs["lang"] = column.name[-2:]  # Whatever the page is written in.
    field.needed = not column.blank
    if column.related_model is Competency:
        field.empty_label = None
    return field


class HeirsField(forms.TypedMultipleChoiceField):
    """Terms that take the place of another, ticked in their groups."""

    widget = forms.CheckboxSelectMultiple


class RetireForm(NoteForm):
    optional = ("heirs",)
    field_order = ("heirs", "note")
    heirs = HeirsField(
        label=_("Terms that take its place"),
        help_text=_("Readers who meet the retired term are led to them."),
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["note"].help_text = NOTE
        self.terms = {str(term.pk): term for term in row.possible_heirs()}
        self.fields["heirs"].choices = grouped(self.terms.values())

    def words(self):
        return super().words() | {"heirs": [self.terms[pk] for pk in self.cleaned_data["heirs"]]}


class SplitForm(RetireForm):
    optional = ()


class MergeForm(NoteForm):
    field_order = ("into", "note")
    into = forms.ChoiceField(label=_("Term that takes its place"))

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["note"].help_text = NOTE
        self.terms = {str(term.pk): term for term in row.possible_heirs()}
        self.fields["into"].choices = [("", _("Choose")), *grouped(self.terms.values())]

    def words(self):
        return super().words() | {"into": self.terms.get(self.cleaned_data["into"])}


def grouped(terms):
    """Return `terms` as choices under the names of their groups; without names where there is one group."""
    groups = {}
    for term in terms:
        groups.setdefault(term.group_label, []).append((str(term.pk), term.label))
    return next(iter(groups.values()), []) if len(groups) < 2 else list(groups.items())


class HeirsForReportsForm(VerbForm):
    """For each of some reports, which heirs of a retired term it is about; none leaves it as it is."""

    def __init__(self, *args, row, reports, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.reports = {report.public_id: report for report in reports}
        self.terms = {term.slug: term for term in row.heirs.all()}
        choices = [(slug, term.label) for slug, term in self.terms.items()]
        one = row.most_per_report == 1
        for public_id, report in self.reports.items():
            kind, widget = (
                (forms.ChoiceField, forms.RadioSelect)
                if one
                else (forms.MultipleChoiceField, forms.CheckboxSelectMultiple)
            )
            given = [("", _("Leave it as it is")), *choices] if one else choices
            field = kind(choices=given, widget=widget, required=False, label=str(report))
            field.needed = False
            self.fields[public_id] = field

    def words(self):
        given = self.cleaned_data.items()
        return {"choices": {self.reports[name]: self._heirs(slugs) for name, slugs in given}}

    def _heirs(self, given):
        return [self.terms[slug] for slug in ([given] if isinstance(given, str) else given) if slug]

    def rows(self):
        """Return [(report, field)] for the table."""
        return [(report, self[public_id]) for public_id, report in self.reports.items()]


class EverydayWordForm(VerbForm):
    """Of which term a keyword is an everyday word, and in which languages."""

    term = forms.ChoiceField(label=_("Stake or word of the trade"))
    languages = forms.MultipleChoiceField(
        label=_("Language of the keyword"),
        help_text=_("Both, if it is said in both."),
        choices=Experience.Language.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["term"].choices = [("", _("Choose")), *terms_with_everyday_words()]
        if not self.is_bound:
            self.initial["languages"] = row.languages()

    def words(self):
        term = rows_at(self.cleaned_data["term"]).first()
        return {"term": term, "languages": self.cleaned_data["languages"]}


def terms_with_everyday_words():
    """Return the stakes in use, under their competencies, and the words of the trade, as choices."""
    groups = {}
    for stake in choosable(lists().stakes):
        groups.setdefault(stake.group_label, []).append((stake.address, stake.label))
    words = sorted((entry.label, entry.address) for entry in lists().glossary)
    trade = [(address, label) for label, address in words]
    return [*groups.items(), (_("Words of the trade"), trade)]
