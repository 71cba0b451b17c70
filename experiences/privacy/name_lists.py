"""What is known of words that are, or are not, names of people.

`given_names.txt` and `capitals.txt` are kept by hand; the others are made by bench/make_names.py, which
says of what. Words are compared in plain small letters, without apostrophes.
"""

from functools import lru_cache
from pathlib import Path

from config.folding import fold
from experiences.text.stemming import STOP_WORDS
from experiences.text.word_list import word_list


def listed(text):
    return frozenset(text.split())


def shipped(name):
    """Return the words of a list beside this module."""
    return frozenset(word_list(Path(__file__).with_name(name)))


@lru_cache(maxsize=20_000)
def key(word):
    """Return `word` as the lists have it."""
    return fold(word).replace("'", "")


# Capitalised in the middle of a sentence, and no family name.
CAPITALS = shipped("capitals.txt")
THINGS = frozenset(map(key, CAPITALS)) | STOP_WORDS | shipped("common_words.txt")

# How sure it is that a word is a given name: it stands for nothing else; it is also a word, and counts
# where a capital says something; it is also a word, and counts beside a known name only.
SURE, DOUBTFUL, WEAK = 3, 2, 1


def _by_hand():
    """Return {name in small letters: how sure it is} of the names kept by hand."""
    return {
        name.rstrip("?").lower(): DOUBTFUL if "?" in name else SURE for name in shipped("given_names.txt")
    }


def _given():
    """Return {key: how sure it is}; of a name kept by hand, without its accents it may be a common word."""
    world = {
        name.rstrip("?"): WEAK if name[-1] == "?" else SURE for name in shipped("names_of_the_world.txt")
    }
    judged = {}
    for name, sure in BY_HAND.items():
        is_word = key(name) in THINGS and key(name) != name
        judged[key(name)] = min(DOUBTFUL if is_word else sure, judged.get(key(name), SURE))
    return world | judged


BY_HAND = _by_hand()
GIVEN = _given()
FAMILY = shipped("family_names.txt")
# Family names though they are words: few would write them with a capital for anything else.
FAMILY_WORDS = listed(
    """
    smith taylor wright turner cooper carter walker parker baker mason mills fisher webb harper meunier
    mercier
    """
)
PLACES = shipped("places.txt")
# Of two or three letters, too short to be known alone; before a given name they say what it is.
SHORT_FAMILY = listed(
    """
    kim lee park choi jung kang cho yoon jang lim han shin seo kwon hwang ahn song hong yoo wang li zhang liu
    chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie tang deng feng peng zeng
    xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren lau wong chan cheung ng leung ho lam
    tran le pham hoang huynh phan vu vo dang bui do ngo duong ly dinh trinh truong doan sow sy ba ndiaye diop
    acs ota oe abe mori
    """
)


@lru_cache(maxsize=20_000)
def certainty(word):
    """Return how sure it is that `word` is a given name: SURE, DOUBTFUL, WEAK or 0."""
    whole = BY_HAND.get(word.lower()) or GIVEN.get(key(word.replace("-", "")), 0)
    if whole or "-" not in word:
        return whole
    first, *others = word.split("-")
    known = GIVEN.get(key(first), 0)
    if all(other[:1].isupper() or GIVEN.get(key(other)) == SURE for other in others):
        return known
    return 0


@lru_cache(maxsize=20_000)
def is_family(word):
    """Whether `word` is a family name, and no common word."""
    parts, whole = [key(part) for part in word.split("-")], key(word)
    known = any(part in FAMILY or GIVEN.get(part) == SURE for part in parts)
    return whole in FAMILY_WORDS or (known and whole not in THINGS)


@lru_cache(maxsize=20_000)
def is_thing(word):
    """Whether `word` is known for something else than a name."""
    folded = key(word)
    if folded in FAMILY_WORDS:
        return False
    return word in CAPITALS or folded in THINGS or (folded in PLACES and folded not in FAMILY)
