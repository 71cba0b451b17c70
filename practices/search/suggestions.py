"""What is suggested while a question is typed: stakes, words of the trade, titles."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from tantivy import Occur
from tantivy import Query as Engine

from experiences.models import Experience
from experiences.models.vocabulary.cache import lists
from experiences.models.vocabulary.words import listed
from experiences.search.query import LANGUAGES, SHORTEST_PREFIX
from experiences.search.spelling import Spelling
from experiences.search.words import any_of, term
from experiences.text.stemming import bare_words, fold, stem
from experiences.text_index.index import INDEXES
from practices.models import Practice

LONGEST, MOST_WORDS = 60, 6  # of what is typed, characters and words
VOCABULARY, TITLES = 3, 3  # of each kind


@dataclass(frozen=True)
class Suggestion:
    kind: str  # in words
    label: str
    language: str
    url: str


def suggestions(text, user):
    """Return what the words of `text`, the last of which may not be typed to its end, begin."""
    typed = bare_words(text[:LONGEST])[:MOST_WORDS]
    if not typed or len(fold(typed[-1])) < SHORTEST_PREFIX:
        return []
    stakes, words = _names(lists(), get_language())
    titles = [
        *_titles("practices", _("Practice"), Practice.objects.visible_to(user).published(), typed, _practice),
        *_titles("reports", _("Report"), Experience.objects.visible_to(user).published(), typed, _report),
    ]
    found = (
        _first(rows, typed, kind) for rows, kind in ((stakes, _("Stake")), (words, _("Word of the trade")))
    )
    return [*chain.from_iterable(found), *titles]


@lru_cache(maxsize=len(LANGUAGES))  # as long as the process holds these lists
def _names(held, language):
    """Return [(row, its names as folded words, that which it is shown by first)], of stakes and of words of
    the trade.
    """
    stakes = [one for one in held.stakes if one.retired_on is None]
    return [[(row, _names_of(row, language)) for row in rows] for rows in (stakes, held.glossary)]


def _names_of(row, language):
    names = [getattr(row, f"name_{language}"), *listed(getattr(row, f"synonyms_{language}"))]
    names += [getattr(row, f"name_{code}") for code in LANGUAGES if code != language]
    return [[fold(word) for word in bare_words(name)] for name in names]


def _first(rows, typed, kind):
    """Return the first few Suggestions: what begins with the words typed, before what only has them."""
    asked = [fold(word) for word in typed]
    found = []
    for number, (row, names) in enumerate(rows):
        places = (
            (place > 0, start > 0, number) for place, name in enumerate(names) for start in _in(name, asked)
        )
        best = min(places, default=None)
        if best:
            found.append((best, row))
    found.sort(key=lambda one: one[0])
    return [
        Suggestion(kind, row.label, get_language(), row.get_absolute_url())
        for _best, row in found[:VOCABULARY]
    ]


def _in(name, asked):
    """Yield where the words `asked` stand in `name`, the last of them perhaps only begun."""
    *whole, last = asked
    for start in range(len(name) - len(whole)):
        if name[start : start + len(whole)] == whole and name[start + len(whole)].startswith(last):
            yield start


def _titles(name, kind, rows, typed, of):
    """Return Suggestions of the titles of `rows`, which readers may see, that have the words typed."""
    reading = INDEXES[name].reading()
    with reading.asked() as searcher:
        *whole, last = typed
        completions = Spelling(lambda begun: searcher.terms_with_prefix("words", begun)).completions(
            fold(last)
        )
        stems = [{stem(word, code) for code in LANGUAGES} for word in whole]
        stems.append({stem(last, code) for code in LANGUAGES} | set(completions))
        parts = [(Occur.Must, any_of(term("title", one) for one in sorted(some))) for some in stems]
        keys, _scores = reading.best(Engine.boolean_query(parts), 4 * TITLES)
    found = of(rows, keys)
    return [Suggestion(kind, *found[key]) for key in keys if key in found][:TITLES]


def _report(rows, keys):
    columns = rows.filter(pk__in=keys).values_list("pk", "title", "language", "public_id")
    return {
        key: (title, language, f"/experiences/{public_id}/") for key, title, language, public_id in columns
    }


def _practice(rows, keys):
    columns = rows.filter(pk__in=keys).values_list("pk", "current__title", "current__language", "slug")
    return {key: (title, language, f"/practices/{slug}/") for key, title, language, slug in columns}
