"""Words that some texts have: those that begin as typed, and those that are spelled nearly so."""

from itertools import chain

from experiences.text.stemming import fold

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
MOST_COMPLETIONS = 20
SHORTEST = 4  # letters of a word of which near spellings are tried
SHORTEST_FOR_TWO = 7  # letters of a word that may have two slips,
SURE = 2  # after so many letters, which are taken to be right.
MOST_COMPARED = 3000


class Spelling:
    """The words of some texts; `beginning` is a function from a beginning to [("word/stem", how many texts
    have it)].
    """

    def __init__(self, beginning):
        self.beginning = beginning

    def completions(self, prefix):
        """Return the stems of the most frequent words that begin with `prefix`, folded."""
        found = self.beginning(prefix)
        found.sort(key=lambda one: -one[1])
        return list(dict.fromkeys(one.partition("/")[2] for one, _number in found[:MOST_COMPLETIONS]))

    def nearest(self, word):
        """Return (a word, its stems) that is spelled most nearly as `word`, the most frequent among equals;
        None if none is.
        """
        typed = fold(word)
        if len(typed) < SHORTEST or not typed.isalpha():
            return None
        found = self._known(edits(typed))
        if not found and len(typed) >= SHORTEST_FOR_TWO:
            found = self._known_after(typed)
        if not found:
            return None
        best = max(found, key=lambda one: (one[0] == typed[0], found[one][0], one))
        return best, found[best][1]

    def _known(self, words):
        """Return {word: (how many texts have it, its stems)} of those of `words` that texts have."""
        return _gathered(chain.from_iterable(self.beginning(f"{one}/") for one in words))

    def _known_after(self, typed):
        begun = self.beginning(typed[:SURE])
        if len(begun) > MOST_COMPARED:
            begun = sorted(begun, key=lambda one: -one[1])[:MOST_COMPARED]
        near = [
            (one, number)
            for one, number in begun
            if abs(len(one.partition("/")[0]) - len(typed)) <= 2
            and distance(one.partition("/")[0], typed, 2) <= 2
        ]
        return _gathered(near)


def _gathered(terms):
    found = {}
    for one, number in terms:
        word, _stroke, stem = one.partition("/")
        number_before, stems = found.get(word, (0, ()))
        found[word] = number_before + number, (*stems, stem)
    return found


def edits(word):
    """Return the words that one slip makes of `word`: a letter left out, doubled, wrong, or two exchanged."""
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    left_out = {first + rest[1:] for first, rest in parts if rest}
    exchanged = {first + rest[1] + rest[0] + rest[2:] for first, rest in parts if len(rest) > 1}
    wrong = {first + letter + rest[1:] for first, rest in parts if rest for letter in ALPHABET}
    added = {first + letter + rest for first, rest in parts for letter in ALPHABET}
    return (left_out | exchanged | wrong | added) - {word}


def distance(one, other, most):
    """Return how many slips part two words, exchanged letters as one; more than `most` where it is more."""
    before, last = [], list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, its in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != its))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == its:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return last[-1]
