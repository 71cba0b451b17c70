"""Words of two made-up languages, as frequent as those of real texts, and texts made of them.

No dictionary is read: those of a system hold insults, and differ from one machine to another.
"""

from array import array
from itertools import accumulate
from random import Random

NUMBER = 20_000  # words of each language, beside those of no matter
FLATTENED = 30  # The commonest word then stands in half of the reports, as in real ones.
SLOTS = 2**19
SAY_NOTHING = 0.45  # the share of words of no matter in a text
TOPIC, ON_TOPIC = 12, 0.12  # words that tell of one matter; their share in a text about it
SOUNDS = {
    "en": ("b bl br c cl d dr f fl g gr h k l m n p pl r s st t tr w", "a e i o u ea oo", " d l m n r st t"),
    "fr": ("b bl c ch d f g gr j l m n p pl qu r s t tr v", "a é i o u ou eu au", " c l r s tte ne x"),
}
EMPTY = {
    "en": "the of and to a in that it was for on with as we they at this but by from or had have were not be",
    "fr": "de la le et les des en un une du dans que qui pour pas sur au plus par avec nous ils mais ou ce",
}


class Words:
    """The words of one language."""

    def __init__(self, language):
        self.empty = EMPTY[language].split()
        self.matter = make_words(language)
        zipf = [1 / (rank + FLATTENED) for rank in range(1, NUMBER + 1)]
        share = SAY_NOTHING / (1 - SAY_NOTHING) * sum(zipf) / len(self.empty)
        self.drawn_from = slots(self.empty + self.matter, [share] * len(self.empty) + zipf)

    def draw(self, random, number):
        """Return `number` words, each as often as it is frequent."""
        places = array("I", random.randbytes(4 * number))
        return [self.drawn_from[place % SLOTS] for place in places]

    def line(self, random, number):
        """Return `number` words as a title."""
        return " ".join(self.draw(random, number)).capitalize()

    def prose(self, random, number, topic=()):
        """Return `number` words as Markdown: sentences in paragraphs, now and then a list; some words are of
        `topic`.
        """
        drawn = self.draw(random, number)
        if topic:
            for place in random.sample(range(number), round(number * ON_TOPIC)):
                drawn[place] = random.choice(topic)
        sentences = []
        while drawn:
            long = random.randint(7, 17)
            sentences.append(" ".join(drawn[:long]).capitalize() + ".")
            drawn = drawn[long:]
        if len(sentences) > 3 and random.random() < 0.25:
            return " ".join(sentences[:-3]) + "\n\n" + "\n".join(f"- {one}" for one in sentences[-3:])
        half = len(sentences) // 2
        return "\n\n".join(" ".join(some) for some in (sentences[:half], sentences[half:]) if some)

    def topic(self, name):
        """Return the words that a text about `name` says again and again."""
        return Random(f"topic {name}").sample(self.matter[NUMBER // 20 :], TOPIC)


def slots(words, weights):
    """Return SLOTS words, each as often as its weight says: half the time of drawing with weights."""
    ends = accumulate(weights)
    total, found = sum(weights), []
    for word, end in zip(words, ends, strict=True):
        found += [word] * (round(end / total * SLOTS) - len(found))
    return found


def make_words(language):
    """Return NUMBER different words, the short ones first, always the same."""
    random, made = Random(f"words of {language}"), {}
    begins, vowels, ends = (sounds.split(" ") for sounds in SOUNDS[language])
    while len(made) < NUMBER:
        syllables = 2 + (len(made) > NUMBER / 20) * random.randint(0, 2)
        word = "".join(random.choice(begins) + random.choice(vowels) for _each in range(syllables))
        made.setdefault(word + random.choice(ends))
    return list(made)
