"""Probable names of people in a text.

A name is known by the lists of `name_lists`, by a title before it (“Mme Dupont”), by initials
(“M. K. Osei”), by a particle (“Xander van der Meer”), or by two capitals where a person is spoken of
(“our moderator Zoltan Kis”). Each run of capitalised words is read once, from left to right.
"""

import re

from experiences.privacy import name_cues as cues
from experiences.privacy.name_lists import (
    CAPITALS,
    DOUBTFUL,
    PLACES,
    SHORT_FAMILY,
    STOP_WORDS,
    SURE,
    certainty,
    is_family,
    is_thing,
    key,
    listed,
)

_CAPITALS = "".join(
    chr(code) for code in (*range(0xC0, 0x590), *range(0x1E00, 0x2000)) if chr(code).isupper()
)
_UP = f"A-Z{_CAPITALS}"
_LETTER = r"[^\W\d_]|[\u0300-\u036f]"  # Marks included that no letter is composed with: Ọ̀.
_WITHIN = r"'(?!(?:s|t|d|m|re|ve|ll)(?!\w))(?=[a-z])"  # As in Ng'ang'a, and not as in Ana's.
_WORD = (
    rf"(?:[ODNM]'(?=[{_UP}])|(?:[Aa][dlnrs]|[Aa]sh|[Ee]l)-(?=[{_UP}]))?"
    rf"[{_UP}](?:{_LETTER}|(?<=[^\W\d_]{{2}}){_WITHIN})*(?:-(?:{_LETTER})+)*"
)
_GAP = r"[ \u00a0\u202f]"
_PARTICLE = (
    rf"(?:(?:de|du|des|van|von|der|den|la|le|las|los|el|al|bin|bint|ben|ibn|abu|dos|das|da|do|di|del|della|af"
    rf"|av|zu|zum|ter|ten|ap){_GAP}|d')"
)
# An underscore beside it is a mark of Markdown.
_RUN = re.compile(rf"(?<![^\W_])(?<![@-]){_WORD}(?:\.?{_GAP}{_PARTICLE}{{0,2}}{_WORD})*(?![^\W_]|-)")
_WORDS = re.compile(rf"(?P<joint>[^{_UP}]*?)(?P<word>{_WORD})")
_INITIALS = re.compile(
    rf"(?<![\w.@'/-])(?P<letters>(?:[{_UP}][a-z]?\.[- \u00a0\u202f]?){{1,4}})"
    rf"(?P<family>{_PARTICLE}{{0,2}}{_WORD})(?![\w-])"
)
_CASED = re.compile(
    rf"(?:(?:Mc|Mac|De|Di|La|Le|Fitz|[ODNM]'|[AaEe][a-z]{{1,2}}-)(?=[{_UP}]))?[{_UP}][^{_UP}]+"
    rf"(?:-[{_UP}][^{_UP}]+)*"
)
_BETWEEN = re.compile(rf"(?:van|von|bin|bint|ibn|ben|der|den|del|dos|das|abu){_GAP}\Z")

_SMALL = re.compile(r"(?<!\w)[a-zà-öø-ÿœ][^\W\d_]+")
_LINKS = listed("Le La De Du Di Da Van Von El Al Ben Bin Ibn Dos Das Do Del")  # Within family names.


class Word:
    """One word of a run of capitals, and what joins it to the word before."""

    def __init__(self, text, start, joint):
        self.text, self.start, self.end, self.joint = text, start, start + len(text), joint
        self.is_next = joint in (" ", "\u00a0", "\u202f")  # Nothing else parts it from the word before.
        self.is_shouted = len(text) > 2 and text.isupper()
        self.is_cased_as_name = bool(_CASED.fullmatch(text))
        may_be_name = (self.is_shouted or self.is_cased_as_name) and text not in cues.OFFICES
        self.certainty = certainty(text) if may_be_name else 0

    @property
    def is_sure(self):
        return self.certainty == SURE

    @property
    def is_family(self):
        return is_family(self.text)

    @property
    def ends_a_name(self):
        is_small = len(self.text) > 1 and key(self.text) in STOP_WORDS
        return is_small or self.text in CAPITALS or self.text in cues.AFTER


class Run:
    """A run of capitalised words of a text, and which of them are names."""

    def __init__(self, match, text, language, common):
        self.text, self.language, self.common = text, language, common
        self.words = [
            Word(one["word"], match.start() + one.start("word"), one["joint"])
            for one in _WORDS.finditer(match.group())
        ]

    def names(self):
        """Yield (start, end) of what is a name, from left to right."""
        at, taken = 0, 0
        while at < len(self.words):
            if self._is_a_place(at):  # Whole: “prix Claude Shannon”.
                at = taken = (
                    at + 1 + (bool(self.words[at].certainty) and self._family(self.words[at + 1 : at + 4]))
                )
                continue
            length = self._length(at)
            if length:
                first = self._family_before(at, taken)
                taken = at + length
                yield self.words[first].start, self.words[taken - 1].end
            at += length or 1

    def _length(self, at):
        """Return how many words from `at` on are a person's name; 0 for none."""
        word, following = self.words[at], self.words[at + 1 : at + 5]
        if length := self._titled(word, following):
            return length
        if self._is_an_institution(following):
            return 0
        if not word.certainty:
            return self._unknown(at)
        family = self._family(following)
        if word.is_shouted:
            return self._shouted(at, family)
        if word.is_sure:
            return 1 + family
        if family and following[0].is_next and self._is_beside(word, following[0], at):
            return 1 + family
        return 0

    def _is_beside(self, word, other, at):
        """Whether `word`, which has other meanings, is a given name because `other` follows."""
        if other.is_family or other.is_sure:
            return not is_thing(other.text) and (word.certainty >= DOUBTFUL or not is_thing(word.text))
        if word.certainty != DOUBTFUL or self._is_thing(other):
            return False
        opens = word.text in cues.ASKING or key(word.text) in STOP_WORDS or not other.is_cased_as_name
        return self._is_within(at) or (not opens and self._is_before_small(other))

    def _shouted(self, at, family):
        """Return the length of a name in capitals: two known words, or a sure one among small letters."""
        word, following = self.words[at], self.words[at + 1 : at + 2]
        other = following[0] if family else None
        is_word = other and len(other.text) > 3 and not self._is_thing(other)
        if family and (other.is_family or (word.is_sure and is_word)):
            return 1 + family
        before = self.words[at - 1] if at else None
        if word.is_sure and before and before.is_shouted and before.is_family:
            return 1
        lone = not (before and before.is_shouted) and not (following and following[0].is_shouted)
        return int(word.is_sure and len(word.text) > 4 and lone and self._is_before_small(word))

    def _is_before_small(self, word):
        return bool(re.match(r"(?:'s)? [a-zà-ÿ]", self.text[word.end : word.end + 5]))

    def _titled(self, word, following):
        """Return how many words a title and the name after it are; 0 when no name follows."""
        if (
            word.text not in cues.ALL_TITLES
            or not following
            or following[0].text.split("-")[0] in cues.OFFICES
        ):
            return 0
        if word.text in cues.SHORT_TITLES and "." not in following[0].joint and self.language != "fr":
            return 0
        if word.text in cues.WEAK_TITLES and not (following[0].is_sure or following[0].is_family):
            return 0
        if re.search(r"\d\W\Z", self.text[max(0, word.start - 2) : word.start]):  # 500 M.
            return 0
        family = self._family(following, after_title=True)
        return 1 + family if family else 0

    def _family(self, following, after_title=False):
        """Return how many words go on a name: more given names, initials, a family name."""
        number, is_whole = 0, not after_title  # Whether a full stop ends a sentence.
        for word in following:
            ends_sentence = "." in word.joint and is_whole
            is_whole = len(word.text) > 1
            if word.text in _LINKS and number + 1 < len(following) and not ends_sentence:
                number += 1
                continue
            if ends_sentence or word.ends_a_name or (number and word.is_shouted and is_thing(word.text)):
                break
            number += 1
            if is_whole and not word.certainty:
                break
        return number

    def _family_before(self, at, taken):
        """Return where a name starts whose given name is at `at`: family names may come first."""
        if at <= taken or not self.words[at].is_next or not self.words[at].certainty:
            return at
        before = self.words[at - 1]
        short = key(before.text) in SHORT_FAMILY
        if (before.is_family or short) and (
            before.is_shouted == self.words[at].is_shouted or before.is_shouted
        ):
            return at - 1
        return at

    # --- Words that no list knows ----------------------------------------------------------------

    def _unknown(self, at):
        """Return the length of a name that begins with a word no list knows as a given name."""
        word, following = self.words[at], self.words[at + 1 : at + 2]
        if (
            not word.is_cased_as_name
            or len(word.text) < 3
            or self._is_thing(word)
            or word.text in cues.BEFORE
        ):
            return 0
        if not following:
            return int(at == 0 and self._is_called(word))
        other = following[0]
        if _BETWEEN.search(other.joint) and not self._is_thing(other):
            return 2
        if not other.is_next or not other.is_cased_as_name or len(other.text) < 3 or self._is_thing(other):
            return 0
        if other.is_family and len(self.words) == 2 and (self._is_within(at) or self._is_before_small(other)):
            return 2
        return 2 if at == 0 and len(self.words) == 2 and self._is_spoken_of(other) else 0

    def _is_thing(self, word):
        folded = key(word.text)
        return is_thing(word.text) or folded in PLACES or folded in self.common or word.text in cues.AFTER

    def _is_called(self, word):
        """Whether someone is said to be called `word`."""
        return bool(cues.CALLED_BEFORE.search(self.text[max(0, word.start - 50) : word.start]))

    def _is_spoken_of(self, last):
        """Whether two unknown capitals stand where a person is spoken of."""
        first = self.words[0]
        if self._is_within(0) and self._word_before() in cues.PERSON_BEFORE:
            return True
        return bool(cues.PERSON_AFTER.match(self.text, last.end)) and not first.certainty

    # --- What stands around ----------------------------------------------------------------------

    def _is_an_institution(self, following):
        for number, word in enumerate(following):
            if not word.is_next:
                return False
            if word.text in cues.AFTER and number < 2:
                return True
        return False

    def _is_a_place(self, at):
        if at:
            return self.words[at].is_next and self.words[at - 1].text in cues.BEFORE
        return self._word_before() in cues.STREETS

    def _is_within(self, at):
        """Whether the word stands within a sentence, where a capital says something."""
        if at:
            return "." not in self.words[at].joint
        start = self.words[0].start
        before = self.text[max(0, start - 2) : start].rstrip(" \u00a0\u202f")
        return bool(before) and (before[-1].isalnum() or before[-1] in ",'’")

    def _word_before(self):
        start = self.words[0].start
        found = re.search(r"([^\W\d_]*)\W{0,2}\Z", self.text[max(0, start - 30) : start])
        return found[1].lower()


def names(text, language):
    """Return [(start, end)] of what looks like a person's name in `text`."""
    common = {key(word) for word in set(_SMALL.findall(text))}
    found, last = [*_with_initials(text, language, common)], None
    for match in _RUN.finditer(text):
        run = Run(match, text, language, common)
        if here := list(run.names()):
            last = here[-1][1]
        else:
            here, last = _beside(run, last), None  # What was only in a list with a name brings no other.
        found += here
    return _joined(found)


def _joined(found):
    """Return the places `found`, in order; those that overlap become one."""
    joined = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _beside(run, last):
    """Return the lone word of `run` as a name if it stands in a list with the name that ends at `last`."""
    word = run.words[0]
    if last is None or len(run.words) > 1 or not cues.AND.fullmatch(run.text[last : word.start]):
        return []
    if not word.is_cased_as_name or len(word.text) < 3 or run._is_thing(word):
        return []
    return [(word.start, word.end)]


def _with_initials(text, language, common):
    """Yield (start, end) of the initials that a family name follows."""
    for match in _INITIALS.finditer(text):
        if _is_initialled(match, text, language, common):
            yield match.span()


def _is_initialled(match, text, language, common):
    letters, family = re.sub(r"[\W]", "", match["letters"]), match["family"].split()[-1]
    if len(family) < 3 or is_thing(family) or key(family) in common or family in cues.AFTER:
        return False
    before = re.search(r"([^\W\d_]*)(\W{0,2})\Z", text[max(0, match.start() - 30) : match.start()])
    is_sentence = not before[1] or not before[2].isspace()
    if letters in cues.INITIALS_OF_THINGS or (before[1].lower() in cues.NUMBERED and before[2] == " "):
        return False
    if language == "fr" and letters in ("M", "MM"):
        return False
    if len(letters) > 1 or is_family(family) or certainty(family):
        return True
    is_outline = is_sentence and letters in "ABCDEIVX"
    follows = bool(re.match(r" [a-zà-ÿ]", text[match.end() : match.end() + 2]))
    return before[1].lower() in cues.BESIDE_INITIALS or (is_sentence and follows and not is_outline)
