"""What failed, in the words of those who were there: short passages of some reports, quoted."""

from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext as _

from experiences.list_index import tags
from experiences.list_index.cards import SHOWN_CONTEXTS
from experiences.models import Experience
from experiences.models.vocabulary.cache import lists
from experiences.search.reports import ReportFilterSet
from experiences.search.similarity import context_label
from experiences.text import markdown
from experiences.views.cards import ReportWords

MOST_QUOTED = 4  # reports
SHORT, LONG = 180, 320  # characters of a passage
READ = 4 * LONG  # characters of a text: marks of Markdown take their part of it.
SENTENCE_ENDS = (". ", "! ", "? ")
QUOTED = ("situation", "result", "lessons")


class QuotingFilterSet(ReportFilterSet):
    """The newest reports, and after them those of a failure that a page quotes beside them."""

    def keys_of_page(self):
        self.newest, page = super().keys_of_page()
        self.quoted = self._failures()
        return list(dict.fromkeys([*self.newest, *self.quoted])), page

    def _failures(self):
        """Return the keys of the newest failures: one of each kind first, the reader's language before."""
        by_kind = [
            self._newest(self.columns.having([tags.said("verdict", verdict)]))
            for verdict in Experience.Verdict.GRAVEST_FIRST
        ]
        turns = [(turn, key) for keys in by_kind for turn, key in enumerate(keys)]
        return [key for _turn, key in sorted(turns, key=lambda pair: pair[0])][:MOST_QUOTED]

    def _newest(self, bits):
        found = []
        for group in self._groups():
            found += self.columns.page(group & bits, MOST_QUOTED - len(found))
        return self.columns.keys[found].tolist()


def quotes(rows):
    """Return what a page shows of each of `rows` (ReportInList): its passages beside where it was."""
    begun = {f"{name}_begun": Left(name, READ) for name in QUOTED}
    texts = Experience.objects.annotate(**begun).published_rows([row.pk for row in rows], *begun)
    return [quote_of(row, texts[row.pk]) for row in rows if row.pk in texts]


def quote_of(row, texts):
    """Return what a page shows of a ReportInList, of which the beginnings of its `texts` were read."""
    told = row.told
    of_lessons = passage(texts.lessons_begun, LONG)
    shown = [
        (_("What they faced"), passage(texts.situation_begun, SHORT)),
        (_("What happened"), passage(texts.result_begun, SHORT if of_lessons else LONG)),
        (_("What they would tell a colleague"), of_lessons),
    ]
    return {
        "title": told["title"],
        "url": reverse("experiences:detail", args=[row.public_id]),
        "language": told["language"],
        "language_name": Experience.Language(told["language"]).label,
        "mark": ReportWords({})("verdict", told["verdict"]),
        "passages": [(label, words) for label, words in shown if words],
        "place": place_words(told["contexts"]),
        "byline": row.byline,
    }


def place_words(contexts):
    """Return {facet: slugs} in the words of a card."""
    return [
        context_label(context)
        for context in lists().contexts
        if context.facet.slug in SHOWN_CONTEXTS
        and context.is_known
        and context.slug in contexts.get(context.facet.slug, ())
    ]


def passage(text, most):
    """Return the beginning of `text` (Markdown) in plain words: whole sentences, if one ends early enough."""
    words = markdown.plain(markdown.render(text))
    if len(words) <= most:
        return words
    begun = words[:most]
    end = max(begun.rfind(sign) for sign in SENTENCE_ENDS)
    kept = begun[: end + 1] if end >= most // 3 else begun.rsplit(" ", 1)[0]
    return f"{kept} …"
