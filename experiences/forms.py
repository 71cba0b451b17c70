"""What the pages ask. Forms describe; the models decide and word every refusal."""

from datetime import date

from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from experiences.models import Experience, Flag, Measure, Source
from experiences.models.fields import LARGEST
from experiences.models.questions import LONGEST_ANSWER, LONGEST_QUESTION, PARTS
from experiences.models.report.parts import MOST_STAKES, Parts
from experiences.models.vocabulary_cache import choosable, lists

ALWAYS_ANSWERED = ("identity", "language")  # Radios that begin with an answer.
MOST_ROWS = 30  # More than the rules take, so that what is too much is kept and said.


class StakeFields:
    """The field `stakes`: the form's share of the closed list."""

    most_stakes = MOST_STAKES

    def add_stakes(self, chosen):
        """Offer the stakes, with `chosen` ticked; a retired one stays where it was chosen."""
        self.known_stakes = {stake.slug: stake for stake in choosable(lists().stakes, chosen)}
        self.fields["stakes"].choices = [(slug, stake.label) for slug, stake in self.known_stakes.items()]
        self.initial["stakes"] = [stake.slug for stake in chosen]

    def chosen_stakes(self):
        """Return the stakes that were ticked, or None when the field could not be read."""
        slugs = self.cleaned_data.get("stakes")
        return None if slugs is None else [self.known_stakes[slug] for slug in slugs]

    def stake_groups(self):
        """Return [(competency, [(stake, is chosen)], number chosen)] for the page."""
        chosen = set(self["stakes"].value() or [])
        groups = []
        for competency in lists().competencies:
            stakes = [one for one in self.known_stakes.values() if one.competency_id == competency.pk]
            ticked = [(stake, stake.slug in chosen) for stake in stakes]
            groups.append((competency, ticked, sum(is_chosen for _stake, is_chosen in ticked)))
        return groups

    def stake_words(self):
        """Return {slug: [words of its names, of its synonyms, of its definitions]}, folded, for the picker."""
        return {slug: stake.picked_by() for slug, stake in self.known_stakes.items()}


class FacetFields:
    """One field for each facet, named as its slug: the form's share of `contexts`."""

    def add_facets(self, chosen):
        """Add the fields, with `chosen` (contexts) ticked; a retired value stays where it was chosen."""
        self.facets = lists().facets
        self.known_contexts = {}
        for context in choosable(lists().contexts, chosen):
            self.known_contexts.setdefault(context.facet.slug, {})[context.slug] = context
        for facet in self.facets:
            values = self.known_contexts.get(facet.slug, {})
            self.fields[facet.slug] = facet_field(facet, [(slug, one.label) for slug, one in values.items()])
            held = [context.slug for context in chosen if context.facet_id == facet.pk]
            self.initial[facet.slug] = held if facet.most > 1 else next(iter(held), "")

    def chosen_contexts(self):
        """Return the contexts that were ticked."""
        found = []
        for slug, values in self.known_contexts.items():
            given = self.cleaned_data.get(slug) or []
            found += [values[one] for one in ([given] if isinstance(given, str) else given)]
        return found

    def required_facets(self):
        return [self[facet.slug] for facet in self.facets if facet.required]

    def other_facets(self):
        return [self[facet.slug] for facet in self.facets if not facet.required]


def facet_field(facet, choices):
    """Return radios for what must be answered, boxes for several values, a list for the rest."""
    if facet.most > 1:
        field = forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
    elif facet.required:
        field = forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
    else:
        field = forms.ChoiceField(choices=[("", _("No answer")), *choices])
    field.label, field.required, field.needed = facet.label, False, facet.required
    return field


class Refusable:
    """A form whose words the model judges after it."""

    def refuse(self, error):
        """Place what a verb refused beside the fields it names."""
        for name, errors in error.update_error_dict({}).items():
            self.add_error(name if name in self.fields else None, errors)


class Comparable:
    """A model's form that can be held against what is stored."""

    def said(self, name):
        """Return what one field holds, as people read it."""
        return in_words(self[name])

    def differences(self, stored):
        """Return [(label, stored text, text of this form)] where the two differ."""
        other = type(self)(instance=stored)
        said = [(self[name].label, other.said(name), self.said(name)) for name in self.fields]
        return [(label, theirs, mine) for label, theirs, mine in said if theirs.split() != mine.split()]


def in_words(field):
    """Return what a bound field holds, as people read it; nothing for a hidden one."""
    value = field.value()
    if field.is_hidden or value in (None, "", []):
        return ""
    if isinstance(value, date):
        value = field.field.widget.format_value(value)
    labels = {str(key): str(label) for key, label in getattr(field.field, "choices", None) or []}
    values = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in values if one not in (None, ""))


class RowForm(forms.ModelForm):
    """One row of a list in the report's form; a row left blank says nothing."""

    use_required_attribute = False

    @property
    def number(self):
        return self.prefix.rpartition("-")[2]

    def in_words(self):
        return " · ".join(filter(None, (in_words(field) for field in self)))


class MeasureForm(RowForm):
    class Meta:
        model = Measure
        fields = ["effect", "direction", "indicator", "before", "after", "unit", "source"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["effect"].empty_label = _("Choose")
        self.fields["direction"].choices = [("", _("Choose")), *Measure.Direction.choices]


class SourceForm(RowForm):
    url = Source._meta.get_field("url").formfield(assume_scheme="https")

    class Meta:
        model = Source
        fields = ["url", "label", "visibility"]


class RowNumbers(forms.MultipleHiddenInput):
    """The numbers of the rows of a list in the form; each row's fields begin with list and number."""

    is_hidden = False

    def id_for_label(self, id_, index="0"):
        return id_


class RowsField(forms.Field):
    """A list of rows in the form: measures or sources."""

    def __init__(self, form_class, **kwargs):
        super().__init__(required=False, widget=RowNumbers, **kwargs)
        self.form_class = form_class


class ExperienceForm(StakeFields, FacetFields, Refusable, Comparable, forms.ModelForm):
    """The whole report in one form; only what `Experience.write()` stores."""

    use_required_attribute = False

    stakes = forms.MultipleChoiceField(label=_("What was at stake?"), widget=forms.CheckboxSelectMultiple)
    keywords = forms.CharField(
        label=_("Keywords"),
        help_text=_("Your own words, separated by commas: up to ten."),
    )
    measures = RowsField(MeasureForm, label=_("Measures"))
    sources = RowsField(SourceForm, label=_("Sources"))
    version = forms.IntegerField(min_value=0, max_value=LARGEST, widget=forms.HiddenInput)

    class Meta:
        model = Experience
        fields = Experience.WRITABLE
        widgets = {
            "identity": forms.RadioSelect,
            "verdict": forms.RadioSelect,
            "language": forms.RadioSelect,
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
        self.rows = {name: self._row_forms(name, changed_rows) for name in ("measures", "sources")}

    @cached_property
    def blank_rows(self):
        """Return, for each list, the row that a page adds by itself once it has put a number for __n__."""
        lists_ = ("measures", "sources")
        return {name: self.fields[name].form_class(prefix=f"{name}-__n__") for name in lists_}

    def dates_stated(self):
        return self._any_stated(["started_on", "ended_on", "follow_up_on"])

    def effort_stated(self):
        return self._any_stated(["effort_people", "effort_hours", "effort_weeks"])

    def other_facets_stated(self):
        return self._any_stated([field.name for field in self.other_facets()])

    def _any_stated(self, names):
        return any(self[name].value() or name in self.errors for name in names)

    # --- Rows ----------------------------------------------------------------------------------

    def _row_forms(self, name, changed):
        form_class = self.fields[name].form_class
        if not self.is_bound:
            rows = enumerate(self.instance.given(name))
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
        super()._post_clean()

    def _parts(self):
        words = self.cleaned_data.get("keywords")
        return Parts(
            stakes=self.chosen_stakes(),
            contexts=self.chosen_contexts(),
            keywords=None if words is None else [word.strip() for word in words.split(",") if word.strip()],
            measures=self._clean_rows("measures"),
            sources=self._clean_rows("sources"),
        )

    def forget_errors(self):
        """Ask for another row without being told what is still wrong."""
        for form in (self, *self.rows["measures"], *self.rows["sources"]):
            form._errors = ErrorDict()

    def said(self, name):
        return (
            "\n".join(row.in_words() for row in self.rows[name]) if name in self.rows else super().said(name)
        )


class SituationForm(FacetFields, Refusable, forms.Form):
    """A member's own contexts."""

    use_required_attribute = False

    def __init__(self, *args, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_facets(chosen)


class VerbForm(Refusable, forms.Form):
    """The words a verb takes. The verb judges them; `refuse` places its answer."""

    use_required_attribute = False
    optional = ()

    def __init__(self, *args, verb, report=None, **kwargs):
        kwargs.setdefault("auto_id", f"{verb}_%s")
        super().__init__(*args, **kwargs)
        self.verb, self.report = verb, report
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

    def __init__(self, *args, report, **kwargs):
        # The names that _stakes.html gives its fields.
        super().__init__(*args, report=report, auto_id="id_%s", **kwargs)
        self.add_stakes(list(report.stakes.all()))

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


class FollowUpForm(VerbForm):
    verdict = forms.ChoiceField(
        label=_("Today, would you say"), choices=Experience.Verdict.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("What has become of it"), widget=forms.Textarea)


class AskForm(VerbForm):
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

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, report=report, **kwargs)
        told = [(part, label) for part, label in PARTS if getattr(report, part, part)]
        self.fields["part"].choices = told


class AnswerForm(VerbForm):
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


def default_language():
    """Return the language a new report is probably written in: the one the page is read in."""
    code = (get_language() or "")[:2]
    return code if code in Experience.Language.values else Experience.Language.ENGLISH
