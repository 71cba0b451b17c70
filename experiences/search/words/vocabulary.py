"""Finding stakes and words of the trade: by what they are called, by what they mean, by what people say."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from math import log

from experiences.models.vocabulary.cache import lists, made_once
from experiences.models.vocabulary.words import LANGUAGES, listed
from experiences.search.words.spelling import Spelling
from experiences.text.frequency import languages_of_word
from experiences.text.stemming import STOP_WORDS, bare_words, stem
from experiences.text_index.texts import term_of

# How often a word counts that stands there; what it is called says most.
NAME, SYNONYM, SAID, DEFINITION = 3, 2, 1, 1
OF_WORDS = 0.25  # for what words of the trade that belong to a stake are called
SATURATION, LENGTH = 1.5, 0.5  # as in BM25
SAYING = 0.5  # What people say in these very words counts half as much again.
SHORT, ENOUGH_OF_SHORT, ENOUGH = 3, 0.6, 0.5  # as for texts: see words.py
FAR = 0.4  # What has less of the best one's score only mentions the words.
NEAREST = 3  # stakes that are offered where none has enough of the words


@dataclass
class Found:
    """What fits, the best first; `is_near`: none has enough of the words, these come nearest. `scores`: of
    each row, as a share of the best.
    """

    rows: list = field(default_factory=list)
    is_near: bool = False
    scores: list = field(default_factory=list)


class Words:
    """The words by which rows of a closed list are found: {key: {stem: weight}}."""

    def __init__(self, rows, told_of, sayings_of=None):
        """`told_of` is a function from a row to [(weight, language, text)]; `sayings_of` from one to sets of
        stems, each of words that people say together.
        """
        self.rows = {row.pk: row for row in rows}
        self.weights = {pk: Counter() for pk in self.rows}
        known = Counter()
        for pk, row in self.rows.items():
            for weight, language, text in told_of(row):
                for word in bare_words(text):
                    if word.casefold() not in STOP_WORDS:
                        self.weights[pk][stem(word, language)] += weight
                        known[term_of(word.lower(), language)] += 1
        self._sayings = []  # (key of a row, stems of one thing it is called, or people say of it)
        self._said = {}  # {stem: places in _sayings}
        for pk, row in self.rows.items():
            for saying in sayings_of(row) if sayings_of else ():
                for one in saying:
                    self._said.setdefault(one, []).append(len(self._sayings))
                self._sayings.append((pk, saying))
        self.having = Counter(one for stems in self.weights.values() for one in stems)
        self.sizes = {pk: sum(stems.values()) for pk, stems in self.weights.items()}
        self.usual_size = sum(self.sizes.values()) / max(1, len(self.sizes))
        self._known = sorted(known.items())
        self.spelling = Spelling(self.beginning)

    def beginning(self, prefix):
        """Return [("word/stem", how often)] of the words that begin with `prefix`, folded."""
        found, at = [], bisect_left(self._known, (prefix,))
        while at < len(self._known) and self._known[at][0].startswith(prefix):
            found.append(self._known[at])
            at += 1
        return found

    def find(self, query):
        """Return what Query `query` finds."""
        asked = []
        for clause in query.clauses:
            stems, *others = _stems_of(clause)
            asked += others
            if clause is query.clauses[-1] and query.prefix:
                stems |= set(self.spelling.completions(query.prefix))
            asked.append(stems)
        return self._ranked(asked)

    def _ranked(self, asked):
        rarest = [max(map(self._rarity, stems), default=0) for stems in asked]
        rarest = [one or max(rarest) for one in rarest]  # What nothing has weighs as what is rarest.
        whole = sum(rarest)
        scores, shares = Counter(), Counter()
        for pk in self.rows:
            for stems, rarity in zip(asked, rarest, strict=True):
                best = max((self._score(pk, one) for one in stems), default=0)
                if best:
                    scores[pk] += best
                    shares[pk] += rarity
        for pk, likeness in self._said_alike(asked, whole).items():
            scores[pk] *= 1 + SAYING * likeness
        least = (ENOUGH_OF_SHORT if len(asked) <= SHORT else ENOUGH) * whole
        order = [pk for pk, _score in scores.most_common()]
        best = scores[order[0]] if order else 0
        fitting = {pk for pk in order if shares[pk] >= least - 1e-6 and scores[pk] >= FAR * best}
        # A whole question has most of its words from elsewhere: what comes nearest stands with what fits.
        near = set(order[:NEAREST]) if len(asked) > SHORT or not fitting else set()
        keys = [pk for pk in order if pk in fitting | near]
        shares = [scores[pk] / best for pk in keys]
        return Found([self.rows[pk] for pk in keys], bool(keys) and not fitting, shares)

    def _said_alike(self, asked, whole):
        """Return {key of a row: how much of what is asked is one thing that people say of it, 0 to 1}."""
        shared, best = Counter(), {}
        for stems in asked:
            rarity = max(map(self._rarity, stems), default=0)
            for place in {place for one in stems for place in self._said.get(one, ())}:
                shared[place] += rarity
        for place, weight in shared.items():
            pk, saying = self._sayings[place]
            likeness = weight / (sum(map(self._rarity, saying)) + whole - weight)
            best[pk] = max(best.get(pk, 0), likeness)
        return best

    def _rarity(self, one):
        """Return how rare a stem is here; nought where nothing has it."""
        number, whole = self.having[one], len(self.rows)
        return log(1 + (whole - number + 0.5) / (number + 0.5)) if number else 0

    def _score(self, pk, one):
        often = self.weights[pk].get(one, 0)
        if not often:
            return 0
        damp = SATURATION * (1 - LENGTH + LENGTH * self.sizes[pk] / self.usual_size)
        return self._rarity(one) * often * (SATURATION + 1) / (often + damp)


def _stems_of(clause):
    """Return what is asked for, as sets of stems any of which will do: of each word of a phrase, one."""
    if len(clause.units) > 1:
        return [{one for unit in clause.units for word in unit.words for one in stems_of_word(word)}]
    (unit,) = clause.units
    return [stems_of_word(word) for word in unit.words]


def stems_of_word(word):
    """Return the stems of a word in both languages; in one, where it is a word of that one at large: by the
    rules of English, « fois » would be « foi ».
    """
    known = languages_of_word(word)
    return {stem(word, code) for code in (known if len(known) == 1 else LANGUAGES)}


def stakes():
    """Return the Words by which stakes are found now."""
    return _stakes(lists())


def terms():
    """Return the Words by which words of the trade are found now."""
    return _terms(lists())


@made_once
def _stakes(held):
    belonging = {}
    for entry in held.glossary:
        for stake in entry.stakes.all():
            belonging.setdefault(stake.pk, []).append(entry)

    def told_of(stake):
        yield from _called(stake)
        for language in LANGUAGES:
            yield SAID, language, getattr(stake, f"said_{language}")
        for entry in belonging.get(stake.pk, ()):
            for language in LANGUAGES:
                yield OF_WORDS, language, " ".join(entry.called_in(language))

    return Words([stake for stake in held.stakes if stake.retired_on is None], told_of, _sayings)


@made_once
def _terms(held):
    return Words(held.glossary, _called)


def _sayings(stake):
    """Yield the stems of each thing that a stake is called, or that people say of it."""
    for code in LANGUAGES:
        for one in (*stake.called_in(code), *listed(getattr(stake, f"said_{code}"))):
            kept = [word for word in bare_words(one) if word.casefold() not in STOP_WORDS]
            if kept:
                yield frozenset(stem(word, code) for word in kept)


def _called(row):
    for language in LANGUAGES:
        name, *synonyms = row.called_in(language)
        yield NAME, language, name
        yield from ((SYNONYM, language, synonym) for synonym in synonyms)
        yield DEFINITION, language, getattr(row, f"definition_{language}")
