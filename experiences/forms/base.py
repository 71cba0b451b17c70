"""What several forms share: fields for stakes and facets, refusals put beside fields, comparison with what
is stored.
"""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from experiences.models.report.parts import MOST_STAKES
from experiences.models.vocabulary.cache import choosable, lists


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
        """Return {slug: [words of its names, of its synonyms, of its definitions]}, folded, for the
        picker.
        """
        return {slug: stake.picked_by() for slug, stake in self.known_stakes.items()}


# Facets that speak of the author, in the words in which authors are asked.
ASKED = {"author-role": _("Your position at the time")}


class FacetFields:
    """One field for each facet, named as its slug: the form's share of `contexts`."""

    asks_authors = False  # about their own situation

    def add_facets(self, chosen):
        """Add the fields, with `chosen` (contexts) ticked; a retired value stays where it was chosen."""
        self.facets = lists().facets
        self.known_contexts = {}
        for context in choosable(lists().contexts, chosen):
            self.known_contexts.setdefault(context.facet.slug, {})[context.slug] = context
        for facet in self.facets:
            values = self.known_contexts.get(facet.slug, {})
            field = facet_field(facet, [(slug, one.label) for slug, one in values.items()])
            if self.asks_authors and facet.slug in ASKED:
                field.label = ASKED[facet.slug]
            self.fields[facet.slug] = field
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
        return displayed_value(self[name])

    def differences(self, stored):
        """Return [(label, stored text, text of this form)] where the two differ."""
        other = type(self)(instance=stored)
        said = [(self[name].label, other.said(name), self.said(name)) for name in other.fields]
        return [(label, theirs, mine) for label, theirs, mine in said if theirs.split() != mine.split()]


def displayed_value(field):
    """Return what a bound field holds, as people read it; nothing for a hidden one."""
    value = field.value()
    if field.is_hidden or value in (None, "", []):
        return ""
    if isinstance(value, date):
        value = field.field.widget.format_value(value)
    labels = {str(key): str(label) for key, label in getattr(field.field, "choices", None) or []}
    values = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in values if one not in (None, ""))
