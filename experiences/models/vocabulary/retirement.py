"""How a term leaves the closed lists and comes back: retired, merged into another, split into several.

It is never deleted: its address stays and leads to its heirs. Frozen versions of practices and kept
tellings of reports go on saying what they said. Each verb has its check, which previews call too:
they say what would be touched before anything is.
"""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.versioning import Conflict, note_errors
from experiences.list_index.held import VOCABULARY
from experiences.list_index.models import ListState
from experiences.models.report.parts import too_many
from experiences.models.vocabulary.change import require_editor

MOST_HEIRS = 20

# --- Verbs of a term -------------------------------------------------------------------------------


def retire(term, *, by, note, heirs=()):
    """Take it out of use, as a moderator, with a sentence that says why.

    What is tagged with it stays so, and leads readers to `heirs`, terms of the same list, if any.
    """
    term.check_retire(by=by, note=note, heirs=heirs)
    with transaction.atomic():
        _leave_to(term, heirs, "retired", by, note)
    return term


def split(term, *, by, note, heirs=()):
    """Take it out of use for several others, as a moderator, with a sentence that says why.

    Reports keep it until someone says, for each, which of its heirs it is about: see give_heirs().
    """
    term.check_split(by=by, note=note, heirs=heirs)
    with transaction.atomic():
        _leave_to(term, heirs, "split", by, note)
    return term


def merge(term, *, by, note, into=None):
    """Take it out of use for one other, `into`, as a moderator, with a sentence that says why.

    All that is tagged with it is tagged with that one instead, once.
    """
    term.check_merge(by=by, note=note, into=into)
    with transaction.atomic():
        _leave_to(term, [into], "merged", by, note)
        # Before the ties move: afterwards nothing tells which rows had it.
        named = [(model, model.objects.naming(term).hold()) for model in tagged(term)]
        for rows, column in ties(term):
            move(rows, column, into)
        for model, keys in named:
            model.objects.replace_term(keys, term, [into])
    return term


def restore(term, *, by, note=""):
    """Take it back into use, as a moderator; what got another term meanwhile keeps that one."""
    require_editor(by)
    _raise(note_errors(note))
    if term.retired_on is None:
        raise ValidationError(_("This term is in use."), code="state")
    with transaction.atomic():
        term.compare_and_swap(retired_on=None)
        term.heirs.clear()
        term.log_change("restored", by, note)
    return term


def give_heirs(term, *, by, choices):
    """Tag reports with heirs of a retired term in its place, as a moderator.

    `choices` is {report: [heirs]}; a report without heirs keeps the term. Raises ValidationError keyed by
    the identifier of a report. Reports that `by` may not know of, or that no longer have the term, stay
    as they are.
    """
    require_editor(by)
    if term.retired_on is None:
        raise ValidationError(_("This term is in use."), code="state")
    choices = {report.pk: heirs for report, heirs in choices.items() if heirs}
    reports = term.report_links.model.content_object.field.related_model.objects
    known = reports.visible_to(by).to_tag_again(term).filter(pk__in=choices)
    with transaction.atomic():
        ListState.advance(VOCABULARY)  # First, as by every verb of the vocabulary.
        held = list(known.select_for_update().order_by("pk").prefetch_related("stakes", "contexts__facet"))
        _raise({report.public_id: error for report in held for error in _too_many(term, report, choices)})
        for heirs, keys in _by_heirs(held, choices).items():
            _swap(term, heirs, keys)
            reports.replace_term(keys, term, heirs)
        if held:
            term.log_change("retagged", by, reports=len(held))
    return len(held)


# --- Who may, and in which state -------------------------------------------------------------------


def check_retire(term, *, by, note, heirs=()):
    """Raise what keeps `by` from retiring it."""
    _check(term, by, note, {"heirs": _heirs_error(term, heirs)})


def check_split(term, *, by, note, heirs=()):
    """Raise what keeps `by` from splitting it."""
    error = _heirs_error(term, heirs)
    if not error and len(set(heirs)) < 2:
        error = ValidationError(_("Choose at least two terms that take its place."), code="required")
    _check(term, by, note, {"heirs": error})


def check_merge(term, *, by, note, into=None):
    """Raise what keeps `by` from merging it into another."""
    error = _heirs_error(term, [into] if into else [])
    if into is None:
        error = ValidationError(_("Choose the term that takes its place."), code="required")
    _check(term, by, note, {"into": error})


def _check(term, by, note, errors):
    require_editor(by)
    if term.retired_on is not None:
        raise ValidationError(_("This term is retired already."), code="state")
    if term.is_fixed:
        raise ValidationError(_("The site itself needs this term: it cannot be retired."), code="state")
    errors = {name: error for name, error in errors.items() if error}
    _raise(errors | note_errors(note, needed=_("Say in a sentence why this term goes out of use.")))


def _heirs_error(term, heirs):
    """Return the ValidationError for heirs that cannot take the place of `term`, or None."""
    if len(heirs) > MOST_HEIRS:
        return too_many(MOST_HEIRS)
    for heir in heirs:
        if heir.pk == term.pk or heir.retired_on is not None or not heir.is_alike(term):
            text = _("“%(term)s” cannot take its place: choose other terms of the same list that are in use.")
            return ValidationError(text, code="invalid_choice", params={"term": heir.label})
    return None


def _too_many(term, report, choices):
    """Yield the ValidationError for a report that would have more terms of one kind than it may."""
    others = [one for one in term.alike_in(report) if one.pk != term.pk]
    if len({*others, *choices[report.pk]}) > term.most_per_report:
        values = {"most": term.most_per_report, "report": str(report)}
        yield ValidationError(_("“%(report)s” can have at most %(most)s."), code="too_many", params=values)


def _raise(errors):
    if errors:
        raise ValidationError(errors)


# --- How they write --------------------------------------------------------------------------------


def _leave_to(term, heirs, verb, by, note):
    # All are locked, so that no two become heirs of each other.
    held = type(term).objects.select_for_update().filter(pk__in=[one.pk for one in (term, *heirs)])
    if any(one.retired_on for one in held.order_by("pk")):
        raise Conflict
    term.compare_and_swap(retired_on=timezone.localdate())
    term.heirs.set(heirs)
    term.log_change(verb, by, note, heirs=[heir.slug for heir in heirs])


def _by_heirs(reports, choices):
    """Return {heirs: keys of the reports that get just these}."""
    grouped = {}
    for report in reports:
        heirs = tuple(sorted(set(choices[report.pk]), key=lambda heir: heir.pk))
        grouped.setdefault(heirs, []).append(report.pk)
    return grouped


def _swap(term, heirs, keys):
    """Tie the reports `keys` to `heirs` in place of `term`."""
    links = term.report_links.model.objects
    links.filter(content_object__in=keys, tag=term).delete()
    new = [links.model(content_object_id=key, tag=heir) for key in keys for heir in heirs]
    links.bulk_create(new, ignore_conflicts=True)  # Some may have had an heir already.


def tagged(term):
    """Return the models whose rows are tagged: reports, and practices above them."""
    ways = (term.report_links, term.practice_links)
    return [links.model._meta.get_field("content_object").related_model for links in ways]


def ties(term):
    """Yield (rows, column) of all rows that name `term`, of whichever model; heirs apart."""
    for relation in term._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if relation.auto_created and relation.one_to_many and model is not term.heirs.through:
            yield model._default_manager.filter(**{relation.field.name: term}), relation.field.name


def move(rows, column, into):
    """Let `rows`, which name a term in `column`, name `into`; one that would be there twice goes."""
    model = rows.model
    for others in _unique_with(model, column):
        same = {name: OuterRef(name) for name in others}
        doubled = model._default_manager.filter(**{column: into}, **same)
        rows.filter(Exists(doubled)).delete()
    rows.update(**{column: into})


def _unique_with(model, column):
    """Yield the names of the columns with which `column` is unique in `model`."""
    together = [rule.fields for rule in model._meta.total_unique_constraints]
    for names in (*together, *model._meta.unique_together):
        if column in names:
            yield [name for name in names if name != column]


class Retirable(models.Model):
    """A term that can leave its list, with heirs or without."""

    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    heirs = models.ManyToManyField(
        "self", verbose_name=_("heirs"), symmetrical=False, blank=True, related_name="heir_of"
    )

    class Meta:
        abstract = True

    is_fixed = False  # Whether the code itself needs it in use.

    retire, merge, split, restore, give_heirs = retire, merge, split, restore, give_heirs
    check_retire, check_merge, check_split = check_retire, check_merge, check_split
