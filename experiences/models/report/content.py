"""What a report tells: its words, tags and figures, and the rules they obey."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from experiences.list_index.items import EFFORT_KEYS
from experiences.models.fields import Amount, Line, Month, Prose
from experiences.models.first_signs import FirstSigns, sign_texts
from experiences.models.report.parts import Parts, keyword_tags
from experiences.models.report.unwanted import UnwantedEffects
from experiences.models.tagging import ReportContext, ReportKeyword, ReportStake, replace_links
from experiences.models.vocabulary.cache import lists
from experiences.text import markdown

NEEDS = {
    "title": _("Give the report a title: what you tried, in one line."),
    "situation": _("Say what you faced."),
    "action": _("Say what you did."),
    "result": _("Say what happened, even if it is too early to judge."),
    "verdict": _("Choose a verdict."),
    "stakes": _("Choose at least one stake."),
}


# ISO 4217: those of the countries that told first; others go to the end.
CURRENCIES = (
    "EUR", "USD", "GBP", "CHF", "CAD", "XOF", "XAF", "MAD", "DZD", "TND", "AUD", "NZD", "JPY", "CNY", "INR",
    "KRW", "SGD", "HKD", "BRL", "MXN", "ZAR", "NGN", "KES", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON",
    "TRY",
)  # fmt: skip


class ReportContent(UnwantedEffects):
    """The half of `Experience` that a form, the API or an import may fill."""

    class Verdict(models.TextChoices):
        WORKED = "worked", _("It worked")
        IN_PART = "worked-in-part", _("It worked in part")
        NO_EFFECT = "no-effect", _("Nothing changed")
        BACKFIRED = "backfired", _("It made things worse")
        ABANDONED = "abandoned", _("Stopped on the way")
        TOO_EARLY = "too-early", _("Too early to say")

    # Enum bodies would make these members, so they are attached after the class.
    Verdict.SUCCESSES = frozenset({Verdict.WORKED, Verdict.IN_PART})
    Verdict.GRAVEST_FIRST = (Verdict.BACKFIRED, Verdict.NO_EFFECT, Verdict.ABANDONED)
    Verdict.FAILURES = frozenset(Verdict.GRAVEST_FIRST)

    class Nature(models.TextChoices):
        TRIED = "tried", _("Something we tried")
        NEAR_MISS = "near-miss", _("A near miss")
        WARNING = "warning", _("A warning")

    Nature.DEFINITIONS = {
        Nature.TRIED: _("What you did, whatever came of it."),
        Nature.NEAR_MISS: _("It nearly went wrong, and did not, or was caught in time."),
        Nature.WARNING: _("It may go wrong: told before anyone knows how it ends."),
    }

    class Identity(models.TextChoices):
        NAMED = "named", _("With my name")
        WITHHELD = "withheld", _("Without my name")

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"

    class Strength(models.IntegerChoices):
        R1 = 1, _("Told from memory")
        R2 = 2, _("Documented")
        R3 = 3, _("Measured")
        R4 = 4, _("Compared")

    TEXTS = (
        "situation", "action", "result", "unwanted", "lessons", "enablers", "constraints", "changeable",
        "comparison",
    )  # fmt: skip
    # What a form, the API or an import may set; everything else belongs to the verbs.
    WRITABLE = (
        "title", "language", "nature", "started_on", "ended_on", *TEXTS, "unwanted_seen",
        "unwanted_borne_by", "unwanted_weight", "first_signs", "verdict", "follow_up_on",
        *(f"effort_{part}" for part in EFFORT_KEYS), "identity", "organisation",
    )  # fmt: skip
    NEEDED = ("title", "situation", "action", "result", "verdict", "stakes")

    title = Line(_("title"), max_length=200, blank=True, help_text=_("What you tried, in one line."))
    language = models.CharField(
        _("language of the report"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    nature = models.CharField(_("what is told"), max_length=9, choices=Nature.choices, default=Nature.TRIED)
    started_on = Month(_("began in"), null=True, blank=True)
    ended_on = Month(_("ended in"), null=True, blank=True)
    situation = Prose(_("what we faced"), help_text=_("Where things stood, and what made you act."))
    action = Prose(
        _("what we did"), help_text=_("Steps someone else could follow. What you tried first counts too.")
    )
    result = Prose(
        _("what happened"), help_text=_("What you saw, good and bad. “About a third” is a number.")
    )
    lessons = Prose(
        _("what we would tell a colleague"), help_text=_("What you would do again, and what you would not.")
    )
    first_signs = FirstSigns(_("first signs"))
    verdict = models.CharField(_("verdict"), max_length=14, choices=Verdict.choices, blank=True)
    follow_up_on = Month(
        _("look again in"),
        null=True,
        blank=True,
        help_text=_("When it is too early to say: the month in which to ask you again."),
    )
    effort_people = Amount(_("people involved"), null=True, blank=True)
    effort_hours = Amount(_("hours spent in all"), null=True, blank=True)
    effort_weeks = Amount(_("weeks it lasted"), null=True, blank=True)
    effort_money = Amount(_("money spent, beside time"), null=True, blank=True)
    effort_currency = models.CharField(
        _("currency"), max_length=3, choices=[(code, code) for code in CURRENCIES], blank=True
    )
    enablers = Prose(
        _("what helped"),
        help_text=_("People, habits or means without which it would not have gone this way."),
    )
    constraints = Prose(
        _("what could not be changed"), help_text=_("Rules, means or people you had to take as they were.")
    )
    changeable = Prose(
        _("what could have been changed, at a cost"), help_text=_("What it was, and what it would have cost.")
    )
    comparison = Prose(
        _("how it was compared"),
        help_text=_("A comparison group, a staged start, or a return to the former way, if there was one."),
    )
    identity = models.CharField(
        _("how your name appears"), max_length=8, choices=Identity.choices, default=Identity.WITHHELD
    )
    organisation = Line(
        _("organisation"),
        max_length=120,
        blank=True,
        help_text=_("Never shown. Used only to count how many independent organisations say the same."),
    )

    stakes = TaggableManager(_("stakes"), through=ReportStake, related_name="experiences", blank=True)
    contexts = TaggableManager(_("contexts"), through=ReportContext, related_name="experiences", blank=True)
    keywords = TaggableManager(_("keywords"), through=ReportKeyword, related_name="experiences", blank=True)

    # Derived: written by write(), rebuilt by `rebuild_index`, compared by `check_index`.
    html = models.JSONField(default=dict, editable=False)
    strength = models.PositiveSmallIntegerField(
        _("strength"), choices=Strength.choices, default=Strength.R1, editable=False
    )

    parts = None  # A Parts, while a door's values wait to be judged and stored.

    class Meta:
        abstract = True

    def clean(self):
        """Judge what spans fields; the parts a door filled are judged here too."""
        super().clean()
        self._settle_outcome()
        errors = self.parts.errors() if self.parts else {}
        if self.effort_money is not None and not self.effort_currency:
            errors["effort_currency"] = [
                ValidationError(_("Say in which currency the money is told."), code="currency")
            ]
        today = timezone.localdate()
        for name in ("started_on", "ended_on"):
            month = getattr(self, name)
            if isinstance(month, date) and month > today:  # else its own field refuses it
                errors[name] = [
                    ValidationError(
                        _("A report tells what has happened: this month is in the future."), code="future"
                    )
                ]
        if errors:
            raise ValidationError(errors)

    def _settle_outcome(self):
        """Nobody has to judge what has no outcome yet; whoever tells it is asked later what came of it."""
        self.nature = self.nature or self.Nature.TRIED
        if not self.verdict and self.nature != self.Nature.TRIED:
            self.verdict = self.Verdict.TOO_EARLY

    @property
    def is_without_outcome(self):
        """Whether it tells of what nobody tried, and nobody knows yet how it ends."""
        return self.nature != self.Nature.TRIED and self.verdict == self.Verdict.TOO_EARLY

    def missing(self):
        """Return {field: ValidationError} for all that a report needs before it can be sent."""
        stated = {context.facet.slug for context in self.given("contexts")}
        lacking = {
            name: ValidationError(NEEDS[name], code="required") for name in self.NEEDED if not self._has(name)
        }
        for facet in lists().required_facets():
            if facet.slug not in stated:
                lacking[facet.slug] = ValidationError(
                    _("Choose a value for “%(facet)s”; “unknown” is one."),
                    code="required",
                    params={"facet": facet.label},
                )
        return lacking

    def given(self, name):
        """Return the tags or rows in hand if a door filled them, else the stored ones."""
        given = getattr(self.parts, name) if self.parts else None
        if given is not None:
            return given
        if not self.pk:
            return []
        if name in getattr(self, "_prefetched_objects_cache", {}):
            return list(getattr(self, name).all())
        rows = getattr(self, name).all()
        needed = {"contexts": "facet", "measures": "effect"}
        return rows.select_related(needed[name]) if name in needed else rows

    def _has(self, name):
        if name == "verdict" and self.nature != self.Nature.TRIED:
            return True
        value = self.given(name) if name == "stakes" else getattr(self, name).strip()
        return bool(value)

    @property
    def contexts_by_facet(self):
        """The contexts as {facet slug: [Context]}, in the order of the facets."""
        grouped = {}
        for context in sorted(
            self.contexts.all(), key=lambda one: (one.facet.position, one.position, one.slug)
        ):
            grouped.setdefault(context.facet.slug, []).append(context)
        return grouped

    def shown_contexts(self):
        """Return contexts_by_facet as readers see it: a budget is never shown alone."""
        grouped = self.contexts_by_facet
        if set(grouped) == {"budget"}:
            return {}
        return grouped

    @property
    def tells_effort(self):
        """Whether it says what it took; no money spent is something said."""
        return bool(
            self.effort_people or self.effort_hours or self.effort_weeks or self.effort_money is not None
        )

    def excerpt(self, length=240):
        """Return the beginning of what happened, in plain words, cut at a word."""
        text = markdown.plain(markdown.render(self.result[: length * 4]))
        if len(text) <= length:
            return text
        return text[:length].rsplit(" ", 1)[0] + "…"

    def quotable_text(self):
        """Return the words an excerpt may be taken from."""
        return "\n".join([self.title, *(getattr(self, name) for name in self.TEXTS)])

    def rendered_text(self):
        """Return the same words as a page shows them, without the marks of Markdown."""
        return "\n".join([self.title, *(markdown.words(self.html.get(name, "")) for name in self.TEXTS)])

    def formerly_rendered_text(self):
        """Return the same as pages showed it when excerpts may have been copied from them."""
        return "\n".join(markdown.former_words(getattr(self, name)) for name in self.TEXTS)

    def snapshot(self):
        """Return all that is told, in the API's shape, but for the organisation: what a revision keeps."""
        told = {name: self._plain_value(name) for name in self.WRITABLE if name != "organisation"}
        effort = {part: told.pop(f"effort_{part}") for part in EFFORT_KEYS}
        contexts = {}
        for context in sorted(self.given("contexts"), key=lambda one: one.slug):
            contexts.setdefault(context.facet.slug, []).append(context.slug)
        return told | {
            "effort": effort,
            # In one order, whether they are in hand or stored.
            "stakes": sorted(stake.slug for stake in self.given("stakes")),
            "contexts": contexts,
            "keywords": sorted(map(str, self.given("keywords"))),
            "measures": [_row_data(row) for row in self.given("measures")],
            "sources": [_row_data(row) for row in self.given("sources")],
        }

    def _plain_value(self, name):
        value = getattr(self, name)
        return value.strftime("%Y-%m") if isinstance(value, date) else value

    def search_texts(self):
        """Return (title, weighty, rest): what search looks in, by weight, beside what its stakes say."""
        words = " ".join(sorted(keyword.name for keyword in self.given("keywords")))
        rest = [
            self.situation, self.action, self.unwanted, self.enablers, self.constraints, self.changeable,
            self.comparison, *sign_texts(self.first_signs), words,
        ]  # fmt: skip
        return self.title, f"{self.lessons}\n{self.result}", "\n".join(rest)

    def compute_strength(self):
        """Return R1 to R4 from the measures and sources in hand or stored, and the comparison."""
        measured = any(measure.is_complete for measure in self.given("measures"))
        if measured and self.comparison.strip():
            return self.Strength.R4
        if measured:
            return self.Strength.R3
        return self.Strength.R2 if self.given("sources") else self.Strength.R1

    def _store_parts(self, *, fresh):
        """Make the stored parts those in hand; `fresh`: the row was just made, and has none."""
        parts = self.parts or Parts()
        if parts.keywords is not None:
            parts.keywords = keyword_tags(parts.keywords)
        for links, name in (
            (self.stake_links, "stakes"),
            (self.context_links, "contexts"),
            (self.keyword_links, "keywords"),
        ):
            if getattr(parts, name) is not None:
                replace_links(links, getattr(parts, name), fresh)
        for name in ("measures", "sources"):
            rows = getattr(parts, name)
            if rows is not None:
                _replace_rows(self, getattr(self, name), rows, fresh)
        self.parts, self._prefetched_objects_cache = None, {}
        for name, rows in vars(parts).items():
            if rows is not None or fresh:
                cache_related(self, name, rows or [])


def cache_related(row, name, related):
    """Make `row` hold `related` as what the database has under `name`, as a prefetch would."""
    found = getattr(row, name).all()
    found._result_cache = list(related)
    row._prefetched_objects_cache[name] = found


def _replace_rows(report, manager, rows, fresh):
    if not fresh:
        manager.all().delete()
    for position, row in enumerate(rows):
        row.pk, row._state.adding = None, True
        row.report, row.position = report, position
    if rows:
        manager.bulk_create(rows)


def _row_data(row):
    """Return the columns of a measure or source by name, a term by its slug."""
    names = (field.name for field in row._meta.concrete_fields)
    told = {name: getattr(row, name) for name in names if name not in ("id", "report", "position")}
    return {name: _row_value(value) for name, value in told.items()}


def _row_value(value):
    if isinstance(value, date):
        return value.strftime("%Y-%m")
    return value.slug if hasattr(value, "slug") else value
