"""What someone typed to find something, as it is read: words, "exact phrases", -words, OR.

A query is read in both languages. Words that only make a question weigh nothing, unless there are no others.
"""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import mark_safe

from experiences.models.vocabulary.words import LANGUAGES
from experiences.text.compounds import joined
from experiences.text.frequency import languages_of_word
from experiences.text.stemming import STOP_WORDS, bare_words, fold, stem, words

LONGEST_QUERY, MOST_WORDS = 200, 12
SHORTEST_PREFIX = 2  # letters
SNIPPET = 220  # characters
FEWEST_ASKED = 3  # words that carry matter: fewer are what to look for, not a question
BEGINNING = 2  # letters that the stem of a word has in common with it
_OR = ("OR", "OU")
_LETTERS = re.compile(r"\w+")
_QUOTES = '"“”„«»'
_TOKEN = re.compile(rf"(-?)[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]|\S+")


@dataclass(frozen=True)
class Unit:
    """Words that stand beside one another; most units are one word."""

    words: tuple

    @classmethod
    def of(cls, text):
        return cls(tuple(bare_words(text)))

    def __str__(self):
        return " ".join(self.words)

    def stems(self, language):
        """Return the stem of each of its words in `language`."""
        return tuple(stem(word, language) for word in self.words)

    @property
    def is_word(self):
        return len(self.words) == 1

    @property
    def is_idle(self):
        """Whether it only makes a question: “how”, “est”."""
        return self.is_word and self.words[0].casefold() in STOP_WORDS


@dataclass(frozen=True)
class Clause:
    """One thing asked for: any of `units`. `place` is where its word stands among all words typed; None of a
    phrase or an OR. What `is_exact` has to be found.
    """

    units: tuple
    place: int | None = None
    is_exact: bool = False

    def __str__(self):
        return " / ".join(map(str, self.units))

    @property
    def word(self):
        """The word, where it asks for one; "" otherwise."""
        return self.units[0].words[0] if self.place is not None else ""


class Query:
    """What someone typed: `clauses` asked for, and units `excluded`. True if anything was typed."""

    def __init__(self, text):
        self.text = text[:LONGEST_QUERY].strip()
        self.clauses, self.excluded, self.prefix = [], [], ""
        self.is_plain = True  # Neither quotes nor operators were typed.
        self.spelled = None  # {a word as typed: as it is looked for}, once correct() has seen to it
        self._read(text[:LONGEST_QUERY])
        asked = [clause for clause in self.clauses if not all(unit.is_idle for unit in clause.units)]
        self.clauses = (asked or self.clauses)[:MOST_WORDS]
        if not self.clauses or fold(self.clauses[-1].word) != self.prefix:
            self.prefix = ""
        self.marked_stems = {one for clause in self.clauses for unit in clause.units for one in _stems(unit)}

    def __bool__(self):
        return bool(self.text)

    @property
    def is_empty(self):
        """Whether nothing that was typed is a word."""
        return not self.clauses and not self.excluded

    @property
    def is_question(self):
        """Whether it asks something in one's own words: so it may be answered by what it means, too."""
        told = [unit for clause in self.clauses for unit in clause.units[:1] if not unit.is_idle]
        return self.is_plain and len(told) >= FEWEST_ASKED

    def _read(self, text):
        tokens, place = list(_TOKEN.finditer(text)), 0
        either = False  # whether the last token was an OR
        for number, token in enumerate(tokens):
            minus, phrase = token.group(1), token.group(2)
            typed = token.group() if phrase is None else phrase
            if phrase is None and typed in _OR and self.clauses and number + 1 < len(tokens):
                either, self.is_plain = True, False
                continue
            unwanted = bool(minus) or (phrase is None and typed.startswith("-"))
            found = _units(typed, is_phrase=phrase is not None)
            self.is_plain = self.is_plain and not unwanted and phrase is None
            if unwanted:
                self.excluded += [units[0] for units in found]
            elif either and found:
                first = self.clauses.pop()
                self.clauses.append(Clause((*first.units, *found[0]), is_exact=first.is_exact))
                self.clauses += [Clause(units) for units in found[1:]]
            else:
                for units in found:
                    at = place if len(units) == 1 and units[0].is_word else None
                    self.clauses.append(Clause(units, at, is_exact=phrase is not None))
                    place += len(units[-1].words)
            either = False
        if tokens and tokens[-1].group(2) is None and not text.endswith(" ") and self.clauses:
            self._read_prefix(tokens[-1].group())

    def _read_prefix(self, typed):
        """The last word may not be typed to its end yet; a word of the language is meant as it stands: “pub”
        is not “public”.
        """
        found = bare_words(typed)
        if len(found) == 1 and not typed.startswith("-") and len(fold(found[0])) >= SHORTEST_PREFIX:
            self.prefix = "" if languages_of_word(found[0]) else fold(found[0])

    def replace(self, clause, unit):
        """Look for `unit` in place of the word of `clause`."""
        self.spelled[clause.word] = str(unit)
        if clause is self.clauses[-1]:
            self.prefix = ""
        self.clauses[self.clauses.index(clause)] = replace(clause, units=(unit,))
        self.mark_too(_stems(unit))

    # --- Marking ---------------------------------------------------------------------------------

    def mark_too(self, stems):
        """Mark these stems, too: what stood for a word when texts were looked for."""
        self.marked_stems |= set(stems)
        self.__dict__.pop("_beginnings", None)

    @cached_property
    def _beginnings(self):
        """How the words begin that are asked for: of most words of a text, no more is looked at."""
        return {one[:BEGINNING] for one in (*self.marked_stems, self.prefix) if one}

    def hits(self, word):
        """Whether `word`, found in a text, is one of those asked for."""
        if self.prefix and fold(word).startswith(self.prefix):
            return True
        return any(stem(word, language) in self.marked_stems for language in LANGUAGES)

    def _likely(self, words_found):
        """Return those of `words_found` that begin so that they may be asked for: most of a text do not."""
        asked, found = self._beginnings, []
        for one in words_found:
            begun = one[0][:BEGINNING].lower()
            if begun in asked or not begun.isascii() or len(begun) < BEGINNING:
                found.append(one)
        return found

    def _hits_any_of(self, text):
        """Whether any word of `text` is asked for."""
        return any(self.hits(word) for (word,) in self._likely(zip(set(_LETTERS.findall(text)))))

    def marked(self, text, length=SNIPPET):
        """Return the part of `text` with most of what is asked for, as safe HTML, hits in <mark>; "" if it
        has none.
        """
        pieces = [
            f"<mark>{escape(part)}</mark>" if hit else escape(part) for part, hit in self.parts(text, length)
        ]
        return mark_safe("".join(pieces))  # every piece of text above is escaped

    def parts(self, text, length=SNIPPET):
        """Return the same as [(a part of the text, whether it is a hit)]."""
        likely = self._likely(words(text)) if self._hits_any_of(text) else []
        spans = [(start, end, fold(word)) for word, start, end in likely if self.hits(word)]
        if not spans:
            return []
        start = max(0, _fullest(spans, length) - length // 3)
        if start:
            start = text.find(" ", start) + 1
        end = min(len(text), start + length)
        if end < len(text) and " " in text[start:end]:
            end = text.rindex(" ", start, end)
        found, at = [("…", False)] if start else [], start
        for first, last, _word in spans:
            if first >= at and last <= end:
                found += [(text[at:first], False), (text[first:last], True)]
                at = last
        found.append((text[at:end] + ("…" if end < len(text) else ""), False))
        return [(part, hit) for part, hit in found if part]


def _units(typed, is_phrase):
    """Return the units of one token: of each clause that it makes, those any of which will do."""
    if is_phrase:
        unit = Unit.of(typed)
        return [(unit,)] if unit.words else []
    compound = joined(typed.lstrip("-"))
    if len(compound) == 1 and len(bare_words(typed)) > 1 and bare_words(typed) != compound:
        return [(Unit((compound[0],)), Unit.of(typed))]
    return [(Unit((word,)),) for word in bare_words(typed)]


def _stems(unit):
    return (one for language in LANGUAGES for one in unit.stems(language))


def _fullest(spans, length):
    """Return where the first of those hits stands around which most different words are hit."""
    best, most = spans[0][0], 0
    for number, (start, _end, _word) in enumerate(spans):
        near = {word for first, _last, word in spans[number : number + 20] if first < start + length * 2 // 3}
        if len(near) > most:
            best, most = start, len(near)
    return best
