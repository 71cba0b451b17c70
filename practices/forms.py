"""What curators and readers fill in. Forms describe; the models decide and word every refusal."""

from django import forms
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from accounts.models import User, current_site
from experiences.forms import (
    Checked,
    Comparable,
    FacetFields,
    NoteForm,
    Refusable,
    StakeFields,
    VerbForm,
    WithholdForm,
    language_of,
)
from experiences.models import Context, Experience
from experiences.models.fields import LARGEST
from experiences.models.report.parts import Parts
from practices.grading.following import Followed
from practices.models import Claim, Comment, Evidence, KeptSearch, Practice, Trial
from practices.moderation.kinds import DECISIONS


class VersionField(forms.IntegerField):
    """The version of the working copy that the page showed: a stale one overwrites nothing."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(min_value=1, max_value=LARGEST, required=False)


class PracticeForm(Checked, StakeFields, FacetFields, Comparable, forms.ModelForm):
    """The words of a practice, its stakes and the contexts it is meant for."""

    use_required_attribute = False
    checked = Practice.CHECKED

    stakes = forms.MultipleChoiceField(
        label=_("What is at stake"),
        help_text=_("One to five."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    edit_version = VersionField()

    class Meta:
        model = Practice
        fields = (*Practice.WRITABLE, "review_due_on")
        widgets = {
            "language": forms.RadioSelect,
            "review_due_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["edit_version"] = self.instance.edit_version
        self.add_stakes(self.instance.stakes_said())
        self.add_facets(self.instance.contexts_said())
        for facet in self.facets:
            self.free(facet)
        for name in ("summary", "how", "stakes"):
            self.fields[name].needed = True

    def free(self, facet):
        """A practice may be meant for any number of values of a facet, but not for an unknown one."""
        values = self.known_contexts.get(facet.slug, {}).values()
        choices = [
            (context.slug, context.label) for context in values if context.slug not in Context.UNSTATED
        ]
        self.fields[facet.slug] = forms.MultipleChoiceField(
            label=facet.label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.initial[facet.slug] = [
            slug for named, slug in self.instance.context_slugs if named == facet.slug
        ]

    def facet_fields(self):
        return [self[facet.slug] for facet in self.facets]

    def _post_clean(self):
        self.instance.parts = Parts(stakes=self.chosen_stakes(), contexts=self.chosen_contexts())
        super()._post_clean()

    def write(self, *, by):
        """Store what was typed, unless the page it was typed on was stale."""
        if self.instance.pk and self.cleaned_data["edit_version"]:
            self.instance.edit_version = self.cleaned_data["edit_version"]
        return self.instance.write(by=by)


class ClaimForm(Checked, forms.ModelForm):
    use_required_attribute = False
    edit_version = VersionField()

    class Meta:
        model = Claim
        fields = ["kind", "text", "opinion"]
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 2, "class": "short"})}

    def words(self):
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class CommentForm(forms.ModelForm):
    """What a curator says of a working copy, or of one of its claims."""

    use_required_attribute = False
    submission_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    class Meta:
        model = Comment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2, "class": "short"})}

    def __init__(self, *args, claim=None, **kwargs):
        super().__init__(*args, prefix=f"comment-{claim.pk}" if claim else "comment", **kwargs)
        self.claim = claim
        self.initial["submission_key"] = get_random_string(32)

    def words(self):
        return {name: self.cleaned_data[name] for name in ("text", "submission_key")}


class CiteForm(Checked, forms.ModelForm):
    """How a report, already chosen, bears on a claim, and the words of it that say so."""

    use_required_attribute = False
    checked = Evidence.CHECKED
    edit_version = VersionField()

    class Meta:
        model = Evidence
        fields = ["bearing", "excerpt", "note", "followed_correction", "followed_reason"]
        widgets = {
            "bearing": forms.RadioSelect,
            "excerpt": forms.Textarea(attrs={"rows": 4}),
            "note": forms.Textarea(attrs={"rows": 2, "class": "short"}),
            "followed_correction": forms.RadioSelect,
            "followed_reason": forms.Textarea(attrs={"rows": 2, "class": "short"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bearing"].choices = Evidence.Bearing.choices
        derived = [("", _("As follows from the claim and the bearing"))]
        self.fields["followed_correction"].choices = [*derived, *Followed.choices]
        self.fields["followed_correction"].required = False

    @property
    def corrects(self):
        """Whether the correction is to be shown open: one was made, or refused."""
        return bool(self["followed_correction"].value() or self["followed_reason"].errors)

    def words(self):
        """Return what `claim.cite()` takes."""
        words = {name: self.cleaned_data[name] for name in self._meta.fields}
        return words | {"followed": words.pop("followed_correction")}


class AttachForm(CiteForm):
    """The same beside other reports: the claim is chosen here, and each form has names of its own."""

    claim = forms.TypedChoiceField(label=_("Claim"))

    def __init__(self, *args, claims, report, **kwargs):
        super().__init__(*args, auto_id=f"{report.public_id}_%s", **kwargs)
        self.report = report
        known = {str(claim.pk): claim for claim in claims}  # In hand: no form asks the database again.
        self.fields["claim"].choices = [(key, claim.text) for key, claim in known.items()]
        self.fields["claim"].coerce = known.get

    def checked_language(self):
        return language_of(self.cleaned_data["claim"])


class TrialForm(Checked, Refusable, forms.ModelForm):
    """“I tried this”: three controls, under a minute."""

    use_required_attribute = False
    checked = Trial.CHECKED

    class Meta:
        model = Trial
        fields = ["verdict", "line", "identity"]
        widgets = {"verdict": forms.RadioSelect, "identity": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verdict"].choices = Experience.Verdict.choices

    def words(self):
        """Return what `Practice.try_out()` takes."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class PlacedTrialForm(FacetFields, TrialForm):
    """The same, with the place it was tried in: filled in with `contexts`, to be changed for this trial."""

    placed = forms.CharField(widget=forms.HiddenInput, initial="yes", required=False)

    def __init__(self, *args, contexts, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_facets(contexts)

    def words(self):
        return super().words() | {"contexts": self.chosen_contexts()}


class SearchForm(forms.Form):
    """Find a report to cite: by its words, or by its address."""

    q = forms.CharField(
        label=_("Words, or the address of a report"), required=False, max_length=200, strip=True
    )


class TranslateForm(Checked, VerbForm):
    """The title a translation begins with, and its language."""

    checked = ("title",)
    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)
    title = forms.CharField(label=_("Title of the translation"), help_text=_("What to do, as an imperative."))

    def __init__(self, *args, original, **kwargs):
        super().__init__(*args, verb="translate", **kwargs)
        self.fields["language"].choices = original.untranslated
        self.initial["language"] = next((code for code, _name in original.untranslated), "")


class RetireForm(Checked, VerbForm):
    checked = ("note",)
    optional = ("heir", "note")
    heir = forms.ChoiceField(label=_("In favour of"))
    note = forms.CharField(label=_("Why, in a sentence"), widget=forms.Textarea)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        heirs = Practice.objects.published().exclude(pk=row.pk).select_related("current")
        self.heirs = {heir.slug: heir for heir in heirs.order_by("current__title")}
        titles = [(slug, heir.current.title) for slug, heir in self.heirs.items()]
        self.fields["heir"].choices = [("", _("No other practice")), *titles]

    def words(self):
        return super().words() | {"heir": self.heirs.get(self.cleaned_data["heir"])}


class LowerForm(Checked, VerbForm):
    checked = ("reason",)
    optional = ("reason",)
    reason = forms.CharField(
        label=_("Why the grade is one too high, in a sentence"),
        help_text=_("Left empty, the computed grade is given back."),
        widget=forms.Textarea,
    )


class SameOrganisationForm(VerbForm):
    """Two names that count as one organisation."""

    name = forms.CharField(label=_("One name"), max_length=120)
    other = forms.CharField(label=_("The other name"), max_length=120)


class ReturnForm(NoteForm):
    note = forms.CharField(label=_("What to change, in a sentence"), widget=forms.Textarea)


class ReasonForm(NoteForm):
    """The sentence of a moderator that its curators read."""

    note = forms.CharField(
        label=_("Why, in a sentence"),
        help_text=_("Its curators read it."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "short"}),
    )

    def __init__(self, *args, row, **kwargs):
        if isinstance(row, Claim):  # Its form stands beside those of other claims.
            kwargs["auto_id"] = f"{kwargs['verb']}-{row.lasting_id}_%s"
        super().__init__(*args, row=row, **kwargs)


class OptionalReasonForm(ReasonForm):
    optional = ("note",)


class WithholdInPracticeForm(WithholdForm):
    """Words to withhold in a practice: it has an edit version, so that what was previewed is what is done."""

    edit_version = VersionField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, verb="withhold", **kwargs)
        self.fields["words"].help_text = _(
            "As the practice writes them, whole. You see what would change before it is done."
        )
        self.fields["note"].help_text = _("Its curators read it; the words are withheld in it, too.")

    def words(self):
        return {name: self.cleaned_data[name] for name in ("words", "note")}


class DecisionForm(VerbForm):
    """One decision of a moderator, on all that is ticked beside it."""

    optional = ("note",)
    decision = forms.ChoiceField(
        label=_("Decision"), choices=list(DECISIONS.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Why, in a sentence"),
        help_text=_("Needed to remove: whoever wrote it reads it. It holds for all that is ticked."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "short"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, verb="decide", **kwargs)


class KeptSearchForm(forms.ModelForm):
    """A search to keep: its list and parameters are those of the page that it was sent from."""

    use_required_attribute = False

    class Meta:
        model = KeptSearch
        fields = ["name", "alert", "kind", "query"]
        widgets = {"alert": forms.RadioSelect, "kind": forms.HiddenInput, "query": forms.HiddenInput}


class KeptSearchChangeForm(forms.ModelForm):
    """The name of a kept search, and when mails tell what is new in it."""

    use_required_attribute = False

    class Meta:
        model = KeptSearch
        fields = ["name", "alert"]
        widgets = {"alert": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        # Many of them stand on one page.
        super().__init__(*args, auto_id=f"{kwargs['instance'].public_id}-%s", **kwargs)


class ReadingLanguagesForm(forms.Form):
    """In which language a member reads the pages, and in which the lists."""

    use_required_attribute = False

    language = forms.ChoiceField(
        label=_("Language of the pages and of your e-mails"),
        choices=lambda: current_site().among_offered(User.Language.choices),
        widget=forms.RadioSelect,
    )
    mixed = forms.ChoiceField(
        label=_("Reports and practices"),
        help_text=_("They stay in the language they were written in."),
        choices=[("", _("My language first")), ("yes", _("Both languages, mixed"))],
        required=False,
        widget=forms.RadioSelect,
    )


class FollowStakesForm(StakeFields, forms.Form):
    """The stakes that a member follows: for each, a kept search of the practices and of the reports."""

    use_required_attribute = False

    stakes = forms.MultipleChoiceField(
        label=_("What are you facing?"),
        help_text=_("One to five stakes."),
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Follow"),
        choices=KeptSearch.Kind.choices,
        initial=KeptSearch.Kind.values,
        widget=forms.CheckboxSelectMultiple,
    )
    alert = forms.ChoiceField(
        label=_("E-mails about what is new"),
        choices=KeptSearch.Alert.choices,
        initial=KeptSearch.Alert.WEEKLY,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.add_stakes([])
        self.kept = []

    def clean_stakes(self):
        stakes = self.cleaned_data["stakes"]
        if len(stakes) > self.most_stakes:
            text = _("Choose at most %(most)s stakes.") % {"most": self.most_stakes}
            raise forms.ValidationError(text, code="too_many")
        return stakes

    def keep(self, *, by):
        """Keep the searches that `by` does not keep yet; return whether all could be, else say why."""
        labels = dict(KeptSearch.Kind.choices)
        known = set(KeptSearch.objects.visible_to(by).values_list("kind", "query"))
        try:
            with transaction.atomic():
                for stake in self.chosen_stakes():
                    for kind in self.cleaned_data["kinds"]:
                        if (kind, f"stake={stake.slug}") in known:
                            continue
                        name = f"{stake.label} · {labels[kind]}"[: KeptSearch.LONGEST_NAME]
                        search = KeptSearch(name=name, kind=kind, query=f"stake={stake.slug}")
                        search.alert = self.cleaned_data["alert"]
                        search.write(by=by)
                        self.kept.append(search)
        except forms.ValidationError as refusal:
            self.kept = []
            self.add_error(None, refusal.messages)
        return not self.errors
