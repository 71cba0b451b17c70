"""The form of a report, and that of a member's own situation."""

from itertools import chain

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.fields import WrittenField
from experiences.forms.base import Comparable, FacetFields, Refusable, StakeFields, displayed_value
from experiences.list_index.items import EFFORT_KEYS
from experiences.models import Experience, Measure, Source
from experiences.models.fields import LARGEST
from experiences.models.first_signs import ROW
from experiences.models.report.parts import Parts
from experiences.models.vocabulary.cache import choosable, lists

ALWAYS_ANSWERED = ("identity", "language", "nature")  # Radios that begin with an answer.
LISTS = ("measures", "sources", "first_signs")
UNWANTED = ("unwanted_seen", "unwanted_borne_by", "unwanted_weight", "unwanted")
# Closed lists whose values are chosen by what they mean.
DEFINED = {
    "nature": Experience.Nature,
    "unwanted_borne_by": Experience.Bearer,
    "unwanted_weight": Experience.Weight,
}
MOST_ROWS = 30  # More than the rules take, so that what is too much is kept and said.


class Row:
    """One row of a list in the report's form; a row left blank says nothing."""

    use_required_attribute = False

    @property
    def number(self):
        return self.prefix.rpartition("-")[2]

    def in_words(self):
        return " · ".join(filter(None, (displayed_value(field) for field in self)))


class MeasureForm(Row, forms.ModelForm):
    class Meta:
        model = Measure
        fields = [
            "effect", "direction", "indicator", "before", "before_on", "after", "after_on", "unit", "source",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["effect"].empty_label = _("Choose")
        self.fields["direction"].choices = [("", _("Choose")), *Measure.Direction.choices]


class SourceForm(Row, forms.ModelForm):
    url = Source._meta.get_field("url").formfield(assume_scheme="https")

    class Meta:
        model = Source
        fields = ["url", "label", "visibility"]


class FirstSignForm(Row, forms.Form):
    """A first sign: a row of a column, which the column judges."""

    sign, followed_by, weeks = (field.formfield() for field in ROW.values())

    def __init__(self, *args, instance=None, **kwargs):
        super().__init__(*args, initial=instance, **kwargs)

    @property
    def instance(self):
        return self.cleaned_data


class RowNumbers(forms.MultipleHiddenInput):
    """The numbers of the rows of a list in the form; each row's fields begin with list and number."""

    is_hidden = False

    def value_omitted_from_data(self, data, files, name):
        return False  # A list without rows is an empty one.

    def id_for_label(self, id_, index="0"):
        return id_


class RowsField(forms.Field):
    """A list of rows in the form: measures, sources or first signs."""

    def __init__(self, form_class, **kwargs):
        super().__init__(required=False, widget=RowNumbers, **kwargs)
        self.form_class = form_class


class ExperienceForm(StakeFields, FacetFields, Refusable, Comparable, forms.ModelForm):
    """The whole report in one form; only what `Experience.write()` stores."""

    use_required_attribute = False
    asks_authors = True

    stakes = forms.MultipleChoiceField(label=_("What was at stake?"), widget=forms.CheckboxSelectMultiple)
    keywords = WrittenField(
        label=_("Keywords"),
        help_text=_("Your own words, separated by commas: up to ten."),
    )
    measures = RowsField(MeasureForm, label=_("Measures"))
    sources = RowsField(SourceForm, label=_("Sources"))
    first_signs = RowsField(FirstSignForm, label=_("First signs"))
    version = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)

    class Meta:
        model = Experience
        fields = Experience.WRITABLE
        widgets = {
            "identity": forms.RadioSelect,
            "verdict": forms.RadioSelect,
            "language": forms.RadioSelect,
            "nature": forms.RadioSelect,
            "unwanted": forms.Textarea(attrs={"rows": 2}),
            "unwanted_seen": forms.RadioSelect,
            "unwanted_weight": forms.RadioSelect,
        }

    def __init__(self, *args, changed_rows=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_stakes(list(self.instance.given("stakes")))
        self.add_facets(list(self.instance.given("contexts")))
        self.initial["keywords"] = ", ".join(map(str, self.instance.given("keywords")))
        self.fields["verdict"].choices = Experience.Verdict.choices
        for name, field in self.fields.items():
            field.needed = getattr(field, "needed", name in ALWAYS_ANSWERED or name in Experience.NEEDED)
            field.required = False
        for name in ("unwanted_seen", "unwanted_weight"):
            choices = self._meta.model._meta.get_field(name).choices
            self.fields[name].choices = [("", _("No answer")), *choices]
        self.fields["unwanted_seen"].label = _("Did you see any?")
        for name, choices in DEFINED.items():
            self.fields[name].choices = defined(self.fields[name].choices, choices)
        self.rows = {name: self._row_forms(name, changed_rows) for name in LISTS}

    @cached_property
    def blank_rows(self):
        """Return, for each list, the row that a page adds by itself once it has put a number for __n__."""
        return {name: self.fields[name].form_class(prefix=f"{name}-__n__") for name in LISTS}

    def dates_stated(self):
        return self._any_stated(["started_on", "ended_on", "follow_up_on"])

    def effort_stated(self):
        return self._any_stated([f"effort_{part}" for part in EFFORT_KEYS])

    def unwanted_stated(self):
        return self._any_stated(UNWANTED)

    def unwanted_said(self):
        return self._said_of(self[name] for name in UNWANTED if name != "unwanted")

    def conditions_stated(self):
        return self._any_stated(["enablers", "constraints", "changeable"])

    def nature_said(self):
        """Return what is told, where it is no thing that was tried."""
        is_tried = self["nature"].value() == Experience.Nature.TRIED
        return "" if is_tried else displayed_value(self["nature"])

    def where_is_settled(self):
        """Whether what must be told of where it happened is told, as by one's own situation."""
        return all(field.value() and not field.errors for field in self.required_facets())

    def where_said(self):
        return self._said_of(self.required_facets())

    def other_facets_said(self):
        return self._said_of(self.other_facets())

    def other_facets_are_wrong(self):
        return any(field.errors for field in self.other_facets())

    def facets_said(self):
        return self._said_of([*self.required_facets(), *self.other_facets()])

    def facets_are_wrong(self):
        return any(self[facet.slug].errors for facet in self.facets)

    def stakes_said(self):
        return self._said_of([self["stakes"]])

    def point_out(self, check):
        """Show what the Check of its words points out under the fields that these stand in."""
        for spot in check.shown:
            if spot.field in self.fields:
                self.fields[spot.field].spots = check.under[spot.field]

    def _said_of(self, fields):
        return " · ".join(filter(None, map(displayed_value, fields)))

    def _any_stated(self, names):
        return any(self[name].value() or name in self.errors for name in names)

    # --- Rows ----------------------------------------------------------------------------------

    def _row_forms(self, name, changed):
        form_class = self.fields[name].form_class
        if not self.is_bound:
            stored = self.instance.first_signs if name == "first_signs" else self.instance.given(name)
            rows = enumerate(stored)
            return [form_class(instance=row, prefix=f"{name}-{number}") for number, row in rows]
        numbers = self._row_numbers(name, changed)
        rows = [form_class(self.data, prefix=f"{name}-{number}", empty_permitted=True) for number in numbers]
        if changed == f"add:{name}" and rows:
            next(iter(rows[-1].fields.values())).widget.attrs["autofocus"] = True
        return rows

    def _row_numbers(self, name, changed):
        """Return the numbers of the rows sent, after one was asked for ("add") or dropped."""
        sent = [int(text) for text in self[name].data or [] if text.isdecimal() and len(text) < 4]
        numbers = list(dict.fromkeys(sent))[:MOST_ROWS]
        verb, _colon, asked = (changed or "").partition(":")
        if verb == "add" and asked == name and len(numbers) < MOST_ROWS:
            return [*numbers, max(numbers, default=-1) + 1]
        return [number for number in numbers if f"remove:{name}-{number}" != changed]

    def _clean_rows(self, name):
        """Return what the rows say, or None when one of them cannot be read."""
        for number, row in enumerate(self.rows[name], 1):
            for field, errors in row.errors.items():
                for error in errors:
                    words = {"number": number, "label": row.fields[field].label, "error": error}
                    self.add_error(name, _("%(number)s. %(label)s: %(error)s") % words)
        if name in self.errors:
            return None
        return [row.instance for row in self.rows[name] if row.has_changed()]

    # --- What the model judges -----------------------------------------------------------------

    def _post_clean(self):
        self.instance.parts = self._parts()
        signs = self._clean_rows("first_signs")
        if signs is not None:
            self.cleaned_data["first_signs"] = signs
        super()._post_clean()

    def _parts(self):
        words = self.cleaned_data.get("keywords")
        return Parts(
            stakes=self.chosen_stakes(),
            contexts=self.chosen_contexts(),
            keywords=None if words is None else [words],
            measures=self._clean_rows("measures"),
            sources=self._clean_rows("sources"),
        )

    def forget_errors(self):
        """Ask for another row without being told what is still wrong."""
        for form in (self, *chain.from_iterable(self.rows.values())):
            form._errors = ErrorDict()

    def said(self, name):
        return (
            "\n".join(row.in_words() for row in self.rows[name]) if name in self.rows else super().said(name)
        )


class QuickNoteForm(ExperienceForm):
    """The least of a report that is worth keeping: three lines, whose labels alone ask for them."""

    LINES = ("situation", "action", "result")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.LINES:
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs["rows"] = 2


def defined(choices, values):
    """Return `choices` with what each means; `values` is the TextChoices that defines them."""
    return [(value, Defined(label, values.DEFINITIONS.get(value, ""))) for value, label in choices]


class Defined(str):
    """The label of a choice, with what it means."""

    def __new__(cls, label, definition):
        labelled = super().__new__(cls, label)
        labelled.definition = definition
        return labelled


class SituationForm(FacetFields, Refusable, forms.Form):
    """A member's own contexts."""

    use_required_attribute = False
    asks_authors = True

    def __init__(self, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_facets(chosen)


class VisitForm(forms.Form):
    """Three questions, of which one will do: where a reader works, for this visit."""

    def __init__(self, *args, told=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.known = {}
        for context in choosable(lists().contexts):
            if context.facet.required and context.is_known:
                self.known.setdefault(context.facet, {})[context.slug] = context
        for facet, values in self.known.items():
            choices = [("", _("No answer")), *((slug, one.label) for slug, one in values.items())]
            field = forms.ChoiceField(label=facet.label, choices=choices, required=False)
            field.needed = True  # No word beside each: the page says that one will do.
            self.fields[facet.slug] = field
        self.initial = {context.facet.slug: context.slug for context in told}

    def clean(self):
        if not self.errors and not self.contexts():
            raise forms.ValidationError(_("Answer at least one of the questions."))
        return self.cleaned_data

    def contexts(self):
        """Return the contexts that were chosen."""
        given = ((values, self.cleaned_data.get(facet.slug)) for facet, values in self.known.items())
        return [values[slug] for values, slug in given if slug]


def default_language():
    """Return the language a new report is probably written in: the one the page is read in."""
    code = (get_language() or "")[:2]
    return code if code in Experience.Language.values else Experience.Language.ENGLISH


def language_of(row, given=""):
    """Return the language words are probably written in.

    It is what is `given` with them, else that of the `row` they are said of, else that of the page.
    """
    return given or getattr(row, "language", None) or default_language()
