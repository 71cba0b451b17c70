"""Probable names of people in a text.

A name is known by the list in `given_names.txt`, by a title before it (“Mme Dupont”), or by two
capitals where a person is spoken of (“our moderator Zoltan Kis”). Each run of capitalised words is
read once, from left to right.
"""

import re
from pathlib import Path
from typing import NamedTuple

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĶŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŲŹŻŽ"
_WORD = rf"(?:[OD]['’])?[{_UP}][^\W\d_]*(?:-[{_UP}][^\W\d_]*)*"
_GAP = r"[ \u00a0\u202f]"
_PARTICLE = rf"(?:(?:de|du|des|van|von|der|den|la|le|el|al|bin|ben){_GAP}|d['’])"
_RUN = re.compile(rf"(?<![\w@-]){_WORD}(?:\.?{_GAP}{_PARTICLE}{{0,2}}{_WORD})*(?![\w-])")
_WORDS = re.compile(rf"(?P<joint>[^{_UP}]*?)(?P<word>{_WORD})")


def listed(text):
    return frozenset(text.split())


def shipped(name):
    """Return the words of a list beside this module; a line that begins with # is a remark."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return listed(" ".join(line for line in text.splitlines() if not line.startswith("#")))


_TITLES = listed(
    """
    Mr Mrs Ms Mx Dr Prof Mme Mmes Mlle Miss Monsieur Madame Mademoiselle Maître Docteur Professeur
    Professor
    """
)
_SHORT_TITLES = frozenset(["M", "MM", "Pr", "Me"])  # Before a full stop, or in French.
_OFFICES = listed(
    """
    President Speaker Chairman Chair Minister Secretary Director Mayor Président Présidente Directeur
    Directrice Maire Ministre Secrétaire Tout Who Universe
    """
)
_LINKS = frozenset(
    ["Le", "La", "De", "Du", "Di", "Da", "Van", "Von", "El", "Al", "Ben"]
)  # Within family names.
# Before a given name: it is a place or a thing.
_BEFORE = listed(
    """
    Saint Sainte St Ste San Santa Santo São Fort Port Mount Mont Lake Lac Hurricane King Queen Prince
    Princess Camp Cape Cap Club Café Château Lycée Collège École Hôpital Hotel Hôtel Rue Avenue
    Boulevard Place Visual Project Projet Apache Amazon
    """
)
_STREETS = listed(
    """
    rue avenue boulevard place allée quai square collège lycée école hôpital street road prix centre
    salle espace pont gare station stade campus université bibliothèque
    """
)
# After a given name: an institution, a product, a prize.
_AFTER = listed(
    """
    Foundation Fondation Institute Institut University Université Street Road Avenue Prize Prix Award
    Awards Conference Hall House Hospital School College GmbH Inc Ltd Group Groupe Library Museum Centre
    Center Day Project Fund Trust Park Square Bridge Island Islands Stanley Lab Labs Law Chair Programme
    Program Fellowship Fellows Memorial Airport Station Valley County City Bay Beach Springs
    """
)
# Capitalised in the middle of a sentence, and no family name.
_NOT_NAMES = shipped("capitals.txt")
_PERSON_BEFORE = listed(
    """
    colleague manager boss director founder volunteer moderator intern friend president chair maintainer
    coordinator organiser organizer developer named asked told thanked met interviewed thank thanks thanked
    said says emailed hired nominated congratulated collègue directeur directrice responsable chef cheffe
    bénévole modérateur modératrice président présidente stagiaire nommé nommée prénommé prénommée fondateur
    fondatrice ami amie animateur animatrice coordinatrice coordinateur remercie remercier remercions
    rencontré
    """
)
# {given name in small letters: is it only a name}
_GIVEN = {name.rstrip("?").lower(): not name.endswith("?") for name in shipped("given_names.txt")}
_PERSON_AFTER = re.compile(
    r"(?:,?\s(?:who|whose|said|says|wrote|writes|told|asked|explains?|explained|resigned|volunteered"
    r"|dit|écrit|explique|raconte|demande|m['’]a|nous\sa|a\s(?:dit|écrit|expliqué|demandé|proposé|quitté|démissionné)))(?!\w)"
)


class Word(NamedTuple):
    """One word of a run of capitals, and what joins it to the word before."""

    text: str
    start: int
    end: int
    joint: str

    @property
    def is_next(self):
        """Whether nothing but a space parts it from the word before."""
        return self.joint in (" ", "\u00a0", "\u202f")

    @property
    def is_cased_as_name(self):
        return all(part[:1].isupper() and part[1:].islower() for part in self.text.split("-"))

    @property
    def certainty(self):
        """Whether it is a given name: True, False for “also a word”, None for unknown."""
        return _GIVEN.get(self.text.split("-")[0].lower()) if self.is_cased_as_name else None


def names(text, language):
    """Yield (start, end) of what looks like a person's name in `text`."""
    common = set(re.findall(r"(?<!\w)[a-zà-öø-ÿœ][^\W\d_]+", text))
    for run in _RUN.finditer(text):
        words, at = _words_of(run), 0
        while at < len(words):
            length = _name_length(words, at, text, language, common)
            if length:
                yield words[at].start, words[at + length - 1].end
            at += length or 1


def _words_of(run):
    found = _WORDS.finditer(run.group())
    return [
        Word(one["word"], run.start() + one.start("word"), run.start() + one.end(), one["joint"])
        for one in found
    ]


def _name_length(words, at, text, language, common):
    """Return how many words from `at` on are a person's name; 0 for none."""
    word = words[at]
    if word.text in _TITLES or word.text in _SHORT_TITLES:
        return _titled_length(words, at, language)
    certainty = word.certainty
    if certainty is None:
        return 2 if at == 0 and len(words) == 2 and _is_spoken_of(words, text, common) else 0
    following = words[at + 1 : at + 4]
    if _is_a_place(words, at, text) or _is_an_institution(following):
        return 0
    family = _family_length(following)
    full = family and following[0].is_next and _is_within(words, at, text)
    return 1 + family if certainty or full else 0


def _titled_length(words, at, language):
    """Return how many words a title and the name after it are; 0 when no name follows."""
    following = words[at + 1 : at + 4]
    if not following or following[0].text in _OFFICES:
        return 0
    if words[at].text in _SHORT_TITLES and "." not in following[0].joint and language != "fr":
        return 0
    family = _family_length(following)
    return 1 + family if family else 0


def _family_length(following):
    """Return how many words go on a name: more given names, initials, a family name."""
    number = 0
    for word in following:
        if word.text in _LINKS and number + 1 < len(following):
            number += 1
            continue
        ends_sentence = "." in word.joint and number and len(following[number - 1].text) > 1
        if ends_sentence or word.text in _NOT_NAMES or word.text in _AFTER:
            break
        number += 1
        if word.text.lower() not in _GIVEN and len(word.text) > 1:
            break
    return number


def _is_an_institution(following):
    for number, word in enumerate(following):
        if not word.is_next:
            return False
        if word.text in _AFTER and number < 2:
            return True
    return False


def _is_a_place(words, at, text):
    if at:
        return words[at].is_next and words[at - 1].text in _BEFORE
    return _word_before(text, words[0].start) in _STREETS


def _is_within(words, at, text):
    """Whether the word stands within a sentence, where a capital says something."""
    if at:
        return "." not in words[at].joint
    before = text[max(0, words[0].start - 2) : words[0].start].rstrip(" \u00a0\u202f")
    return bool(before) and (before[-1].isalnum() or before[-1] in ",'’")


def _is_spoken_of(words, text, common):
    """Whether two unknown capitals stand where a person is spoken of."""
    if not words[1].is_next or not _is_within(words, 0, text):
        return False
    for word in words:
        known = word.text in _NOT_NAMES or word.text.lower() in common
        if known or len(word.text) < 3 or not word.is_cased_as_name:
            return False
    return _word_before(text, words[0].start) in _PERSON_BEFORE or bool(
        _PERSON_AFTER.match(text, words[1].end)
    )


def _word_before(text, start):
    found = re.search(r"([^\W\d_]*)\W{0,2}\Z", text[max(0, start - 30) : start])
    return found[1].lower()
