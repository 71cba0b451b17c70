"""What the words of a query find in the index of a list, and in which order.

A text that has any of the words may fit. Words weigh by how rare they are here; what lacks the words that
matter is left out. BM25 decides the order: over the whole text, again over the title, a little over what it
comes to, and for two words that stand together as they were typed.
"""

from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import chain
from math import log
from operator import or_

import numpy as np
from tantivy import Occur
from tantivy import Query as Engine

from experiences.list_index import tags
from experiences.list_index.columns import as_bits, as_mask, count, has_bits
from experiences.models.vocabulary.cache import lists
from experiences.models.vocabulary.words import LANGUAGES
from experiences.search.words import vocabulary
from experiences.search.words.names import names_in
from experiences.search.words.spelling import Spelling
from experiences.search.words.stake_words import stakes_meaning, stems_of_stakes
from experiences.text.frequency import share_of_word
from experiences.text.stemming import stem
from experiences.text_index.files import SCHEMA
from experiences.text_index.texts import stake_tag

# Measured on real questions and texts: see bench/retrieval.py.
FIELDS = {"text": 1.0, "title": 0.5, "weighty": 0.25}
PAIR = 0.5  # for two words that stand together
EQUIVALENT, COMPLETED, LONGER = 0.5, 0.8, 0.2  # for what stands for a word
TAGGED = 0.5  # for a stake that has one of its names in the query
# How much of the weight of the words a text must have: less of a longer question, as most of its words are
# in no one text; and least where no text has so much.
SHORT = 3
ENOUGH, LESS_FOR_EACH, SOME = 0.6, 0.075, 0.3
# What is known of each language at large counts as so many texts: among few, one that is about something else
# may be the only one with an everyday word.
AT_LARGE = 200
OF_NAMES = 0.04  # of texts at large, at most, for a word that a stake is called by
IN_FEW = 0.05  # of texts at large: where too little of a question is found, a word that so few have
MEANT = 3  # stakes, at most, that a worry is about
SURELY = 0.2  # of the first: what is less sure is not meant
OF_STAKE = 1.0  # of the weight of all words asked for, for the stake that is meant first
ENOUGH_OF_ANSWER = 0.45  # at least, of what is taken for an answer
SELECTIVE = 1000  # So few texts are ranked by asking for each of them.
FIRST = 64  # texts ranked at first where many fit; four times as many if these are not enough
KEPT = 64  # things asked for whose rows are kept until the list changes; of a million, each is 125 KB


@dataclass
class Asked:
    """A clause as it is looked for: what its words are in the index, and what stands for them."""

    clause: object
    forms: dict = field(default_factory=dict)  # stem that stands for its word → boost
    others: list = field(default_factory=list)  # (Unit, language or None, boost)
    stakes: set = field(default_factory=set)  # keys of stakes of which it is a name, or part of one


def term(name, value):
    return Engine.term_query(SCHEMA, name, value)


def phrase(name, stems):
    return Engine.phrase_query(SCHEMA, name, list(stems)) if len(stems) > 1 else term(name, stems[0])


def any_of(queries):
    """Return a query for what matches any of `queries`, with the best score of these."""
    queries = list(queries)
    return queries[0] if len(queries) == 1 else Engine.disjunction_max_query(queries)


def enough_of(number):
    """Return how much of the weight of so many words a text must have, 0 to 1."""
    return max(SOME, ENOUGH - LESS_FOR_EACH * max(0, number - SHORT))


def rarity(number, whole, share):
    """Return how rare something is that `number` of `whole` texts here have, and this `share` at large."""
    number, whole = number + AT_LARGE * share, whole + AT_LARGE
    return log(1 + (whole - number + 0.5) / (number + 0.5))


def share_of(clause):
    """Return what share of texts at large has a clause: of a phrase, its rarest word; of words any of which
    will do, the most common; of a word that both languages have, where it is more common. A word that a stake
    is called by counts as one that few have.
    """
    named = stems_of_stakes(lists())

    def share(word):
        is_named = any(stem(word, code) in named for code in LANGUAGES)
        return min(share_of_word(word), OF_NAMES) if is_named else share_of_word(word)

    return max(min(map(share, unit.words)) for unit in clause.units)


class WordSearch:
    """What `query` finds in `reading`, the index of the list that `columns` hold.

    `as_answers`: what it finds is taken for an answer. Where too little of a question is found, nothing then
    fits by everyday words alone.
    """

    def __init__(self, query, reading, columns, as_answers=False):
        self.query, self.reading, self.columns = query, reading, columns
        self.as_answers = as_answers
        self._spelling = Spelling(reading.words)
        self.asked = [self._resolved(clause, clause is query.clauses[-1]) for clause in query.clauses]
        self._add_names()
        self.meant = self._stakes_meant() if as_answers else []

    # --- What words stand for --------------------------------------------------------------------

    def _stakes_meant(self):
        """Return [(primary key, how surely, 0 to 1)] of the few stakes that a worry is about, by what people
        say who face them: a practice seldom has the words of who needs it.
        """
        if len(self.asked) < 2 or any(asked.clause.is_exact for asked in self.asked):
            return []
        found = vocabulary.stakes().find(self.query)
        if found.is_near:
            return []
        meant = [(stake.pk, share**2) for stake, share in zip(found.rows, found.scores, strict=True)]
        return [(pk, share) for pk, share in meant[:MEANT] if share >= SURELY]

    def _resolved(self, clause, is_last):
        asked = Asked(clause)
        for unit in clause.units:
            asked.others += [(unit, language, 1.0) for language in LANGUAGES]
        if is_last and self.query.prefix:
            is_word = bool(self._own_number(asked))
            completions = self._spelling.completions(self.query.prefix)
            asked.forms |= dict.fromkeys(completions, LONGER if is_word else COMPLETED)
            if not is_word:
                self.query.mark_too(completions)
        return asked

    def _add_names(self):
        """Look also for what the words are other names of."""
        words = [asked for asked in self.asked if asked.clause.word]
        meant = stakes_meaning([self._stems(asked) for asked in words])
        for asked in words:
            asked.stakes |= meant
        for first, last, named in names_in([asked.clause.word for asked in words]):
            for asked in words[first:last]:
                self._add_name(asked, named)
        for asked in self.asked:  # Of an OR, each word by itself.
            if not asked.clause.word and not asked.clause.is_exact:
                words_alone = [unit.words for unit in asked.clause.units if unit.is_word]
                for _first, _last, named in chain.from_iterable(map(names_in, words_alone)):
                    self._add_name(asked, named)

    def _add_name(self, asked, named):
        asked.stakes |= named.stakes
        known = {(unit, language) for unit, language, _boost in asked.others}
        new = [one[::-1] for one in named.names if one[::-1] not in known]
        asked.others += [(unit, language, EQUIVALENT) for unit, language in new]
        for unit, language in new:
            self.query.mark_too(unit.stems(language) if unit.is_word else ())

    def _number_of(self, stem):
        return self.reading.number_of(stem)

    def _own_number(self, asked):
        """Return how many texts have the words themselves, whatever stands for them."""
        return max(map(self._number_of, self._stems(asked)), default=0)

    @cached_property
    def _whole(self):
        """How many texts there are, at least one."""
        return max(1, count(self.columns.listed))

    @staticmethod
    def _stems(asked):
        return {stem for unit in asked.clause.units for code in LANGUAGES for stem in unit.stems(code)}

    # --- What fits -------------------------------------------------------------------------------

    def _match(self, asked):
        """Return the engine's query for the texts that have what is asked for."""
        queries = [phrase("text", unit.stems(language)) for unit, language, _boost in asked.others]
        queries += [term("text", stem) for stem in asked.forms]
        return any_of(queries)

    def _bits_of(self, asked):
        """Return the bits of the rows that have what is asked for."""
        key = (tuple(asked.others), tuple(asked.forms), tuple(sorted(asked.stakes)))
        kept = self._kept()
        found = kept.get(key)
        if found is None:
            bits = self._bits(self._match(asked))
            if asked.stakes:
                bits = bits | self.columns.having([code for pk in asked.stakes for code in _codes(pk)])
            if len(kept) >= KEPT:
                kept.clear()
            found = kept[key] = bits & self.columns.listed
        return found

    def _kept(self):
        """Return {what was asked for: its bits} of this reading of index and list, for all threads."""
        columns, kept = self.reading.derived
        if columns is not self.columns:
            kept = {}
            self.reading.derived = self.columns, kept
        return kept

    def _bits(self, query):
        found = self.reading.keys(query)
        if self.reading.behind:
            found = [key for key in found if key not in self.reading.behind]
        return self.columns.of_keys(found)

    @cached_property
    def _clauses(self):
        """[(bits, weight)] of what is asked for: the rare weighs more; what nothing has, as the rarest."""
        found = []
        for asked in self.asked:
            bits = self._bits_of(asked)
            # What stands for a word makes it no less telling.
            number = min(self._own_number(asked) or self._whole, count(bits))
            found.append((bits, rarity(number, self._whole, share_of(asked.clause)), number))
        rarest = max((weight for _bits, weight, number in found if number), default=0)
        return [(bits, weight if number else min(weight, rarest)) for bits, weight, number in found]

    @cached_property
    def bits(self):
        """The bits of the rows that fit."""
        if self.query.is_empty:
            return np.zeros_like(self.columns.listed)
        allowed = self._allowed()
        if not self.asked:
            return allowed
        found = allowed & self._having(self._clauses, self._enough_of(len(self.asked)))
        if not found.any():
            found = allowed & self._having(self._clauses, SOME)
            found = found & self._telling if self.as_answers else found
        if self.meant:
            about = [code for pk, _share in self.meant for code in _codes(pk)]
            found = found & self._telling | allowed & self.columns.having(about)
        return found

    def _enough_of(self, number):
        """As enough_of(); of what is taken for an answer, nearly half at least."""
        return max(enough_of(number), ENOUGH_OF_ANSWER if self.as_answers else 0)

    @cached_property
    def _telling(self):
        """The bits of the rows with any word that few texts at large have, or that stands for one."""
        clauses = zip(self.asked, self._clauses, strict=True)
        return reduce(
            or_,
            (bits for asked, (bits, _weight) in clauses if share_of(asked.clause) < IN_FEW),
            np.zeros_like(self.columns.listed),
        )

    def within(self, bits):
        """Return those of the rows `bits`, which are in one language, that fit as far as they can: words that
        none of them has weigh nothing.
        """
        known = [(having, weight) for having, weight in self._clauses if (having & bits).any()]
        if not known or len(known) < 2 < len(self._clauses):  # One word of a question says too little.
            return self.bits & bits
        return bits & self._allowed() & self._having(known, self._enough_of(len(known)))

    def _allowed(self):
        """Return the bits of the rows with every exact phrase, and with nothing that is excluded."""
        bits = self.columns.listed
        for asked, (having, _weight) in zip(self.asked, self._clauses, strict=True):
            if asked.clause.is_exact:
                bits = bits & having
        for unit in self.query.excluded:
            queries = [phrase("text", unit.stems(language)) for language in LANGUAGES]
            bits = bits & ~self._bits(any_of(queries))
        return bits

    def _having(self, clauses, share):
        """Return the bits of the rows that have words of at least this share of the weight of `clauses`."""
        whole = sum(weight for _bits, weight in clauses)
        if len(clauses) == 1 or not whole:  # One thing, or nothing that anything has.
            return clauses[0][0]
        got = np.zeros(self.columns.size, np.float32)
        for bits, weight in clauses:
            got += as_mask(bits, self.columns.size) * np.float32(weight)
        return as_bits(got >= share * whole - 1e-4)

    @cached_property
    def whole(self):
        """The bits of the rows that have every word asked for."""
        return reduce(lambda one, other: one & other, (bits for bits, _weight in self._clauses))

    def missing(self, key):
        """Return the words, as typed, that the row `key` does not have."""
        place = np.array([self.columns.place_of(key)])
        return [
            str(asked.clause)
            for asked, (bits, _weight) in zip(self.asked, self._clauses, strict=True)
            if not has_bits(bits, place)[0]
        ]

    # --- In which order --------------------------------------------------------------------------

    @cached_property
    def _scoring(self):
        """The engine's query that scores texts."""
        parts = [Engine.boost_query(self._scored(asked), self._damped(asked)) for asked in self.asked]
        parts += self._pairs()
        whole = sum(weight for _bits, weight in self._clauses)
        for pk, share in self.meant:
            parts.append(Engine.const_score_query(term("tags", stake_tag(pk)), OF_STAKE * share * whole))
        return Engine.boolean_query([(Occur.Should, one) for one in parts])

    def _damped(self, asked):
        """Return what share of its weight a word of an answer keeps: less, where it is common at large."""
        if not self.as_answers:
            return 1.0
        whole = self._whole
        number = min(self._own_number(asked), whole)
        return min(1, rarity(number, whole, share_of(asked.clause)) / rarity(number, whole, number / whole))

    def _scored(self, asked):
        found = []
        for name, weight in FIELDS.items():
            forms = [(phrase(name, unit.stems(language)), boost) for unit, language, boost in asked.others]
            forms += [(term(name, stem), boost) for stem, boost in asked.forms.items()]
            found.append(Engine.boost_query(any_of(Engine.boost_query(*form) for form in forms), weight))
        found += [Engine.boost_query(term("tags", stake_tag(pk)), TAGGED) for pk in sorted(asked.stakes)]
        return Engine.boolean_query([(Occur.Should, one) for one in found])

    def _pairs(self):
        words = [asked.clause for asked in self.asked if asked.clause.word]
        for one, other in zip(words, words[1:], strict=False):
            apart = other.place - one.place
            both = [(one.units[0].stems(code)[0], other.units[0].stems(code)[0]) for code in LANGUAGES]
            pairs = {pair for pair in both if pair[0] != pair[1]}
            queries = [Engine.phrase_query(SCHEMA, "text", [(0, a), (apart, b)]) for a, b in sorted(pairs)]
            if queries and apart > 0:
                yield Engine.boost_query(any_of(queries), PAIR)

    def ranked(self, bits, most):
        """Return [(score, key)] of up to `most` of the rows `bits`, the best first; equals in the order of
        the list.
        """
        number = count(bits)
        if not number:
            return []
        if not self.asked:  # Only what is excluded was typed.
            return [(0, key) for key in self.columns.keys[self.columns.page(bits, most)].tolist()]
        # Of one thing asked for alone, all that fit: the best are found without a list of them.
        is_whole = len(self.asked) == 1 and number == count(self.bits)
        if number <= SELECTIVE and not is_whole:
            keys = self.columns.keys[as_mask(bits, self.columns.size)].tolist()
            these = Engine.const_score_query(Engine.term_set_query(SCHEMA, "key", keys), 0)
            query = Engine.boolean_query([(Occur.Must, these), (Occur.Should, self._scoring)])
            return self._in_order(*self.reading.best(query, number), bits)[:most]
        asked = max(FIRST, 2 * most)
        while True:
            keys, scores = self.reading.best(self._scoring, asked)
            found = self._in_order(keys, scores, bits)
            if len(keys) < asked:
                return (found + self._unscored(found, bits))[:most]
            # Of those with the last score, others may stand beyond, in the order in which they were written.
            found = [one for one in found if one[0] > _rounded(scores[-1])]
            if len(found) > most:
                return found[:most]
            asked *= 4

    def _unscored(self, found, bits):
        """Return, in the order of the list, the rows `bits` that no word scores, such as by a stake that gave
        way to another.
        """
        rest = bits & ~self.columns.of_keys([key for _score, key in found])
        return [(0, key) for key in self.columns.keys[self.columns.page(rest, count(rest))].tolist()]

    def _in_order(self, keys, scores, bits):
        places = self.columns.places_of(np.array(keys, np.int64)) if keys else np.zeros(0, int)
        fits = (places >= 0) & has_bits(bits, places.clip(min=0)) if keys else places
        order_keys = self.columns.order_keys
        found = [
            (_rounded(score), int(order_keys[place]), key)
            for score, key, place, fit in zip(scores, keys, places, fits, strict=True)
            if fit
        ]
        return [(score, key) for score, _order_key, key in sorted(found, reverse=True)]


def _rounded(score):
    return round(score * 1000)


def _codes(pk):
    """Return the tags of the rows that are found by the stake `pk`."""
    slugs = {stake.pk: stake.slug for stake in lists().stakes}
    return lists().codes_of_stakes.get(slugs.get(pk), (tags.stake(pk),))
