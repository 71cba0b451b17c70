"""What is suggested while a question is typed: stakes, words of the trade, titles."""

from dataclasses import dataclass
from itertools import chain

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from tantivy import Occur
from tantivy import Query as Engine

from experiences.models import Experience
from experiences.models.vocabulary.cache import lists, made_once
from experiences.models.vocabulary.words import LANGUAGES
from experiences.search.words.matching import any_of, term
from experiences.search.words.query import SHORTEST_PREFIX
from experiences.search.words.spelling import Spelling
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
        *_titles("reports", _("Report"), Experience.objects, typed, _report),
    ]
    found = (
        _first(rows, typed, kind) for rows, kind in ((stakes, _("Stake")), (words, _("Word of the trade")))
    )
    return [*chain.from_iterable(found), *titles]


@made_once
def _names(held, language):
    """Return, of stakes and of words of the trade, {beginning of a word: [(number and row, the place of the
    name among its names, where the word stands in it, the folded words from there on)]}.
    """
    stakes = [one for one in held.stakes if one.retired_on is None]
    return [_by_beginning(rows, language) for rows in (stakes, held.glossary)]


def _by_beginning(rows, language):
    found = {}
    for numbered in enumerate(rows):
        for place, name in enumerate(_names_of(numbered[1], language)):
            for start, word in enumerate(name):
                found.setdefault(word[:SHORTEST_PREFIX], []).append((numbered, place, start, name[start:]))
    return found


def _names_of(row, language):
    """Return the names of a row as folded words, that which it is shown by first."""
    names = row.called_in(language)
    names += [getattr(row, f"name_{code}") for code in LANGUAGES if code != language]
    return [[fold(word) for word in bare_words(name)] for name in names]


def _first(names, typed, kind):
    """Return the first few Suggestions: what begins with the words typed, before what only has them."""
    *whole, last = (fold(word) for word in typed)
    found = {}
    for (number, row), place, start, words in names.get((whole or [last])[0][:SHORTEST_PREFIX], ()):
        if words[: len(whole)] == whole and " ".join(words[len(whole) :]).startswith(last):
            order = place > 0, start > 0, number
            found[number] = min(found.get(number, (order, row)), (order, row), key=lambda one: one[0])
    best = sorted(found.values(), key=lambda one: one[0])[:VOCABULARY]
    return [Suggestion(kind, row.label, get_language(), row.get_absolute_url()) for _order, row in best]


def _titles(name, kind, rows, typed, of):
    """Return Suggestions of the titles of `rows`, which readers may see, that have the words typed."""
    reading = INDEXES[name].catch_up()
    if reading.behind:
        return []
    with reading.asked():
        *whole, last = typed
        completions = Spelling(reading.words).completions(fold(last))
        stems = [{stem(word, code) for code in LANGUAGES} for word in whole]
        stems.append({stem(last, code) for code in LANGUAGES} | set(completions))
        parts = [(Occur.Must, any_of(term("title", one) for one in sorted(some))) for some in stems]
        keys, _scores = reading.best(Engine.boolean_query(parts), 4 * TITLES)
    found = of(rows, keys)
    return [Suggestion(kind, *found[key]) for key in keys if key in found][:TITLES]


def _report(rows, keys):
    found = rows.published_rows(keys, "title", "language", "public_id")
    return {key: (row.title, row.language, f"/experiences/{row.public_id}/") for key, row in found.items()}


def _practice(rows, keys):
    columns = rows.filter(pk__in=keys).values_list("pk", "current__title", "current__language", "slug")
    return {key: (title, language, f"/practices/{slug}/") for key, title, language, slug in columns}
