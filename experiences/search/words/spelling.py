"""Words that some texts have: those that begin as typed, and those that are spelled nearly so."""

from itertools import chain

from experiences.text.stemming import fold

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
MOST_COMPLETIONS = 20
SHORTEST = 4  # letters of a word of which near spellings are tried
SHORTEST_FOR_TWO = 7  # letters of a word that may have two slips,
SURE = 2  # after so many letters, which are taken to be right.
MOST_COMPARED = 1000


class Spelling:
    """The words of some texts; `beginning` is a function from a beginning to [("word/stem" or
    "word/stem/as written", how many texts have it)].
    """

    def __init__(self, beginning):
        self.beginning = beginning

    def completions(self, prefix):
        """Return the stems of the most frequent words that begin with `prefix`, folded."""
        found = self.beginning(prefix)
        found.sort(key=lambda one: -one[1])
        return list(dict.fromkeys(one.split("/")[1] for one, _number in found[:MOST_COMPLETIONS]))

    def nearest(self, word):
        """Return words as written that are spelled most nearly as `word`, the best first: with one slip, or
        else with two; of these, what begins alike and many texts have.
        """
        typed = fold(word)
        if len(typed) < SHORTEST or not typed.isalpha():
            return []
        found = self._known(edits(typed))
        if not found and len(typed) >= SHORTEST_FOR_TWO:
            found = self._known_after(typed)
        return sorted(found, key=lambda one: (fold(one)[0] != typed[0], -found[one], one))

    def _known(self, words):
        """Return {word as written: how many texts have it} of those of `words` that texts have."""
        return _as_written(chain.from_iterable(self.beginning(f"{one}/") for one in words))

    def _known_after(self, typed):
        begun = self.beginning(typed[:SURE])
        if len(begun) > MOST_COMPARED:
            begun = sorted(begun, key=lambda one: -one[1])[:MOST_COMPARED]
        near = [(one, number) for one, number in begun if _is_near(one.partition("/")[0], typed)]
        return _as_written(near)


def _is_near(word, typed):
    return abs(len(word) - len(typed)) <= 2 and distance(word, typed, 2) <= 2


def _as_written(terms):
    found = {}
    for one, number in terms:
        word, _stem, *written = one.split("/")
        written = written[0] if written else word
        found[written] = found.get(written, 0) + number
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
