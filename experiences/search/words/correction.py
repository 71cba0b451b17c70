"""Words that nothing on the site has, and what they may be slips for: for all kinds at once."""

from experiences.models.vocabulary.words import LANGUAGES
from experiences.search.words import vocabulary
from experiences.search.words.matching import term
from experiences.search.words.query import Unit
from experiences.search.words.spelling import Spelling
from experiences.text.frequency import languages_of_word, share_of_word
from experiences.text_index.index import INDEXES

MOST = 3  # words of one query: near spellings are dear to look for
IN_MANY = 0.15  # of texts at large: what so many have, one does not look for


def correct(query):
    """Let each word of `query` that nothing has be looked for as it may be meant; query.spelled says so."""
    if query.spelled is not None:
        return
    query.spelled = {}
    asked = [clause for clause in query.clauses if clause.word]
    as_they_are = [index.reading() for index in INDEXES.values()] if asked else []
    unknown = [clause for clause in asked if not _is_known(query, clause, as_they_are)]
    # What others published or withheld meanwhile: nothing is named that nobody may read any more.
    readings = [index.catch_up() for index in INDEXES.values()] if unknown else []
    if any(reading.behind for reading in readings):
        return
    unknown = [clause for clause in unknown if not _is_a_word(clause)]
    for clause in unknown[:MOST]:
        if not _is_known(query, clause, readings):
            _correct(query, clause, readings)


def _is_known(query, clause, readings):
    """Whether anything has the word, or one that begins so while it is typed."""
    word = clause.units[0]
    stems = {one for code in LANGUAGES for one in word.stems(code)}
    held = (vocabulary.stakes().having, vocabulary.terms().having)
    if any(one in having for one in stems for having in held):
        return True
    if any(reading.number_of(one) for one in stems for reading in readings):
        return True
    begun = query.prefix if clause is query.clauses[-1] else ""
    return bool(begun) and any(reading.words(begun) for reading in readings)


def _is_a_word(clause):
    """Whether it is a word of either language at large: no slip, even if nothing here has it."""
    return bool(languages_of_word(clause.word))


def _correct(query, clause, readings):
    """Look for the nearest word that something has which can still be read: one that says something."""

    def beginning(begun):
        found = vocabulary.stakes().beginning(begun) + vocabulary.terms().beginning(begun)
        for reading in readings:
            found += reading.words(begun)
        return found

    for word in Spelling(beginning).nearest(clause.word):
        unit = Unit((word,))
        if share_of_word(word) < IN_MANY and _can_be_read(unit, readings):
            query.replace(clause, unit)
            return


def _can_be_read(unit, readings):
    """Whether a text that is not gone, or the vocabulary, has the word."""
    stems = {one for code in LANGUAGES for one in unit.stems(code)}
    if any(one in words.having for one in stems for words in (vocabulary.stakes(), vocabulary.terms())):
        return True
    return any(reading.best(term("text", one), 1)[0] for one in stems for reading in readings)
