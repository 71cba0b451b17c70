"""Cards: what a list shows of a report, and of the reader's own situation."""

from django.template.loader import render_to_string
from django.utils.dateparse import parse_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.formats.written import date_format
from experiences.list_index.cards import fill
from experiences.models import Experience
from experiences.models.vocabulary.cache import lists, made_once
from experiences.search import similarity

LEFT_OUT_WHERE_COMPACT = ("stakes", "strength")
OPEN = ("title", "snippet", "wide")  # Slots around words of the card itself.


def report_cards(rows, matches=None, situation=None, weights=similarity.AS_USUAL, compact=False):
    """Return the card of each of `rows` (ReportInList) as HTML, in the language of the reader.

    `matches` are {key: Match}, where words were looked for. `compact`: with less on it, beside other lists.
    """
    mine = similarity.known(situation.contexts.all()) if situation else None
    cards = []
    for row in rows:
        own = {"byline": row.byline, "alike": _alike(mine, row.told["contexts"], weights) if mine else ""}
        cards.append(
            fill(
                row.card,
                ReportWords(own, LEFT_OUT_WHERE_COMPACT if compact else ()),
                title=matches[row.pk].title if matches else "",
                snippet=matches[row.pk].snippet if matches else "",
            )
        )
    return cards


@made_once
def _words_made(_held, _language):
    """Return what cards say of terms in a language, as it is made."""
    return {}


class CardWords:
    """What stands in the slots of a card, in the language of the reader: a method for each slot.

    `own` is what fills those of one card and reader; those `left_out` stay empty.
    """

    def __init__(self, own, left_out=()):
        self.own, self.left_out = own, (*OPEN, *left_out)
        # What all cards say is made once, until the lists of terms are read again.
        self.made = _words_made(lists(), get_language())

    def __call__(self, name, value):
        if name.startswith("/") or name in self.left_out:
            return ""
        if name in self.own:
            return getattr(self, name)(self.own[name])
        key = name, value
        if key not in self.made:
            self.made[key] = getattr(self, name)(value)
        return self.made[key]

    def stakes(self, keys):
        named = set(map(int, keys.split()))
        stakes = [stake for stake in lists().stakes if stake.pk in named]
        links = format_html_join(
            "",
            '<li><a class="tag" href="{}">{}</a></li>',
            ((one.get_absolute_url(), one.label) for one in stakes),
        )
        return format_html('<ul class="tags" aria-label="{}">{}</ul>', _("Stakes"), links)

    def language(self, language):
        label = Experience.Language(language).label
        mark = {"language": language, "label": label}
        return mark_safe(render_to_string("components/language_mark.html", mark).strip())

    def alike(self, sentence):
        return format_html('<p class="meta">{}</p>', sentence) if sentence else ""


class ReportWords(CardWords):
    def verdict(self, verdict):
        label = Experience.Verdict(verdict).label
        shown = {"verdict": verdict, "label": label}
        return mark_safe(render_to_string("components/outcome.html", shown).strip())

    def nature(self, nature):
        label = Experience.Nature(nature).label
        return mark_safe(render_to_string("components/nature.html", {"label": label}).strip())

    def contexts(self, keys):
        known = {context.pk: context for context in lists().contexts}
        labels = (similarity.context_label(known[int(key)]) for key in keys.split() if int(key) in known)
        return format_html_join("", "<li>{}</li>", ((label,) for label in labels))

    def month(self, month):
        shown = date_format(parse_date(f"{month}-01"), "YEAR_MONTH_FORMAT")
        return format_html('<li><time datetime="{}">{}</time></li>', month, shown)

    def strength(self, strength):
        return format_html("<li>{}</li>", Experience.Strength(int(strength)).label)

    def byline(self, byline):
        return format_html("<li>{}</li>", byline or _("Name withheld"))


def _alike(mine, contexts, weights):
    """Return the sentence that compares the reader's own contexts with {facet: slugs} of a report."""
    known = {(row.facet.slug, row.slug): row for row in lists().contexts}
    theirs = [
        known[facet, slug] for facet, slugs in contexts.items() for slug in slugs if (facet, slug) in known
    ]
    return similarity.explain(mine, similarity.known(theirs), weights)


def situation_words(situation):
    """Return the known contexts of `situation` in words, for components/lens.html."""
    if situation is None:
        return []
    rows = [context for context in situation.contexts.all() if context.is_known]
    return [
        similarity.context_label(row)
        for row in sorted(rows, key=lambda row: (row.facet.position, row.position))
    ]
