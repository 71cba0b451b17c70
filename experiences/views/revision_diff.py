"""Two tellings of a report, as its revisions keep them, compared word by word."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.formats.written import date_format
from experiences.models import Context, Effect, Experience, Measure, Source, Stake
from experiences.text.word_diff import diff_lines, diff_pages, diff_words

SENTENCES = ("title", *Experience.TEXTS, "first_signs", "measures", "sources")  # compared word by word
MONTH_KEYS = ("before_on", "after_on")
OWN_WORDS = (*SENTENCES, "keywords")  # in the language of the report


@dataclass
class Difference:
    """What one part of a report said, in pieces of experiences.text.word_diff; `language` of its words.

    No pieces: its words are the same, laid out otherwise.
    """

    label: str
    pieces: list
    language: str


def differences(old, new):
    """Return a Difference for each part that two tellings (`Revision.content_for()`) tell otherwise."""
    terms = Terms(old, new)
    before, after = readable_parts(old, terms), readable_parts(new, terms)
    labels = before | after
    found = []
    for part, (label, _text) in labels.items():
        texts = [told.get(part, ("", ""))[1] for told in (before, after)]
        if texts[0] != texts[1]:
            language = new["language"] if part in OWN_WORDS else ""
            found.append(Difference(label, compare(part)(*texts), language))
    return found


def compare(part):
    if part in Experience.TEXTS:
        return diff_pages
    return diff_words if part in SENTENCES else diff_lines


class Terms:
    """The terms of the closed lists that some tellings name, the retired ones too."""

    def __init__(self, *tellings):
        stakes = {slug for told in tellings for slug in told["stakes"]}
        effects = {row["effect"] for told in tellings for row in told["measures"]}
        contexts = {
            f"{facet}={slug}"
            for told in tellings
            for facet, slugs in told["contexts"].items()
            for slug in slugs
        }
        self.stakes = {row.slug: row.label for row in Stake.objects.filter(slug__in=stakes)}
        self.effects = {row.slug: row.label for row in Effect.objects.filter(slug__in=effects)}
        self.contexts = Context.objects.filter(name__in=contexts).select_related("facet")


def readable_parts(told, terms):
    """Return {part: (label, text)} of a telling as people read it; lists have a line for each item."""
    column = Experience._meta.get_field
    said = {}
    for name in Experience.WRITABLE:
        if name in told and name not in ("identity", "unwanted_borne_by", "first_signs"):
            said[name] = (column(name).verbose_name, value_in_words(name, told[name]))
    for part, amount in told["effort"].items():
        label = column(f"effort_{part}").verbose_name
        said[f"effort_{part}"] = (label, lines([] if amount in (None, "") else [amount]))
    bearers, signs = told.get("unwanted_borne_by", ()), told.get("first_signs", ())
    borne = (Experience.Bearer(one).label for one in bearers)
    said["unwanted_borne_by"] = (column("unwanted_borne_by").verbose_name, lines(borne))
    said["first_signs"] = (_("First signs"), lines(map(sign_in_words, signs)))
    said["stakes"] = (_("Stakes"), lines(terms.stakes.get(slug, slug) for slug in told["stakes"]))
    for context in terms.contexts:
        if context.slug in told["contexts"].get(context.facet.slug, []):
            label, text = said.get(context.facet.slug, (context.facet.label, ""))
            said[context.facet.slug] = (label, text + lines([context.label]))
    said["keywords"] = (_("Keywords"), lines(told["keywords"]))
    said["measures"] = (_("Measures"), lines(measure_in_words(row, terms) for row in told["measures"]))
    said["sources"] = (_("Sources"), lines(map(source_in_words, told["sources"])))
    signed = told["identity"] == Experience.Identity.NAMED
    said["identity"] = (_("The author’s name"), lines([_("shown") if signed else _("withheld")]))
    return said


def lines(items):
    return "".join(f"{item}\n" for item in items)


def value_in_words(name, value):
    column = Experience._meta.get_field(name)
    if not value:
        return ""
    if column.choices:
        return lines([dict(column.choices).get(value, value)])
    if name in ("started_on", "ended_on", "follow_up_on"):
        return lines([month_in_words(value)])
    return value


def measure_in_words(row, terms):
    moved = " → ".join(filter(None, [row["before"], row["after"]]))
    figures = f"{moved} {row['unit']}".strip()
    direction = str(dict(Measure.Direction.choices).get(row["direction"], row["direction"]))
    effect = terms.effects.get(row["effect"], row["effect"])
    months = " → ".join(month_in_words(month) for key in MONTH_KEYS if (month := row.get(key)))
    return " · ".join(filter(None, [effect, direction, row["indicator"], figures, months, row["source"]]))


def sign_in_words(row):
    weeks = row["weeks"]
    ahead = ngettext("%(n)s week before", "%(n)s weeks before", weeks or 0) % {"n": weeks}
    return " · ".join(filter(None, [row["sign"], row["followed_by"], ahead if weeks is not None else ""]))


def month_in_words(month):
    return date_format(date.fromisoformat(f"{month}-01"), "YEAR_MONTH_FORMAT")


def source_in_words(row):
    told = [row["label"], row["url"]]
    if row["visibility"] == Source.Visibility.CURATORS:
        told.append(_("curators only"))
    return " · ".join(filter(None, told))
