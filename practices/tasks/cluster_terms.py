"""What reports say, word by word, and which words and phrases those of one group have in common."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from math import log
from pathlib import Path

from config.database.batches import batched
from experiences.models import Experience
from experiences.text import markdown
from experiences.text.frequency import is_everyday
from experiences.text.prose import prose
from experiences.text.stemming import STOP_WORDS, stem, stems, words
from experiences.text.word_list import word_list
from practices.models.cluster import LEAST

MOST_WORDS = 1500  # of a report that are read: a long text repeats itself
SHORTEST = 3  # letters: shorter words say little
ALIKE_FROM = 4  # letters of a stem that means the same in both languages
MOST_TERMS = 3
CHUNK = 500

# Words of no matter in a group's name, beside those that search leaves out.
FILLERS = STOP_WORDS | frozenset(word_list(Path(__file__).with_name("fillers.txt")))
# Small words may stand between the two words of a phrase: “code of conduct”, “mot d’accueil”.
_BETWEEN = re.compile(r" |(?: [^\W\d_]{1,4}){1,2} | [^\W\d_]’| [^\W\d_]'")


def report_texts(keys):
    """Yield the reports of `keys`, in their order, a chunk at a time."""
    for some in batched(keys, CHUNK):
        rows = Experience.objects.only("title", "language", "html").in_bulk(some)
        yield from (rows[key] for key in some if key in rows)


@dataclass(slots=True)
class Spoken:
    """A word as it stands in a report; `begins`: a sentence, or a title, where capitals say nothing."""

    stem: str
    word: str
    begins: bool
    joined: str | None  # what stands between it and the word before, where both may be a phrase


def spoken(report):
    """Yield, as Spoken, each word of `report` that has matter."""
    texts = [report.title, *(markdown.plain(report.html.get(name, "")) for name in report.TEXTS)]
    texts = [prose(text) for text in texts]
    text, untitled = " | ".join(texts), len(texts[0]) + 3
    last = 0
    for number, (word, start, end) in enumerate(words(text)):
        if number == MOST_WORDS:
            return
        if is_said(word, text[end : end + 2]):
            begins = start < untitled or not text[start - 2].isalnum()
            joined = text[last:start] if last and _BETWEEN.fullmatch(text[last:start]) else None
            yield Spoken(stem(word, report.language), word, begins, joined)
            last = end


def is_said(word, followed):
    """Whether `word` has matter; not so the “don” of “don’t”."""
    if len(word) < SHORTEST or not word.isalpha() or followed in ("’t", "'t"):
        return False
    return word.casefold() not in FILLERS


# --- What a group has in common --------------------------------------------------------------------


class Reading:
    """What one report says: how often each word and each pair of neighbours, and how they are written."""

    def __init__(self, report):
        self.counts, self.written = Counter(), defaultdict(Counter)
        said = list(spoken(report))
        for one in said:
            self._hear(one.stem, one.word)
        for one, other in pairwise(said):
            if other.joined is not None:
                self._hear(f"{one.stem} {other.stem}", f"{one.word}{other.joined}{other.word}")

    def _hear(self, term, written):
        self.counts[term] += 1
        self.written[term][written] += 1


def terms_of(group, corpora):
    """Return {language: [word or phrase, …]}: what reports of `group` have in common, in their own words."""
    read = {
        language: [Reading(report) for report in report_texts(part)] for language, part in group.parts.items()
    }
    found = {}
    for language, own in read.items():
        others = [one for other in read if other != language for one in read[other]]
        # The stake's own name is shown beside, and says nothing of the group.
        said = set(stems(getattr(group.stake, f"name_{language}"), language).split())
        found[language] = shared_terms(own, others, corpora[language], said)
    return {language: terms for language, terms in found.items() if terms}


def shared_terms(own, others, corpus, said):
    """Return what is most often said in half of `own` (a phrase: in a third) and seldom elsewhere, as it is
    mostly written; a phrase first.

    Each is in two reports at least, of `own` or of the `others` in another language.
    """
    having = Counter(term for reading in own for term in reading.counts)
    alike = Counter(term for reading in others for term in reading.counts if len(term) >= ALIKE_FROM)
    scored = {}
    for term, number in having.items():
        stems = term.split()
        weight = min(corpus.weight(one) for one in stems)
        if (
            weight
            and not all(is_everyday(one, corpus.language) for one in stems)
            and number + alike[term] >= LEAST
            and (3 if " " in term else 2) * number >= len(own)
            and not said.intersection(stems)
        ):
            often = sum(1 + log(reading.counts[term]) for reading in own if term in reading.counts)
            scored[term] = weight * often
    chosen = {}
    order = sorted(scored, key=lambda one: (-scored[one], one))
    phrase = next((term for term in order if " " in term), None)  # It leads: it says more than any word.
    for term in sorted(order, key=lambda one: one != phrase):
        fresh = not any(set(term.split()) & set(other.split()) for other in chosen)
        if fresh and len(chosen) < MOST_TERMS and (way := mostly_written(term, own)):
            chosen[term] = way
    return list(chosen.values())


def mostly_written(term, readings):
    """Return the commonest way in which a term stands in the reports; "" if always with a capital: a name."""
    ways = sum((reading.written[term] for reading in readings if term in reading.written), Counter())
    small = [way for way in ways if way == way.lower()]
    return min(small, key=lambda way: (-ways[way], way), default="")
