"""The parts of a report that live in rows of their own: tags, measures, sources.

A door (form, API, import) fills `report.parts`; `Experience.clean()` judges them, and
`Experience.write()` stores them. None means: leave what is stored alone.
"""

import re
from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from taggit.models import Tag

from config.folding import as_line, fold, looks
from config.text import validate_storable

MOST_STAKES, MOST_KEYWORDS, MOST_MEASURES, MOST_SOURCES = 5, 10, 10, 10
LONGEST_KEYWORD = 50
COMMAS = re.compile("[,\uff0c\ufe50\ufe10]")  # also as Chinese and Japanese are written
LONGEST_KEY = 100  # characters of the slug of a tag; a letter may fold to several


@dataclass
class Parts:
    """What a door gives beside the columns. Keywords are strings, the rest are instances."""

    stakes: list | None = None
    contexts: list | None = None
    keywords: list | None = None
    measures: list | None = None
    sources: list | None = None

    def __post_init__(self):
        if self.keywords is not None:
            self.keywords = one_by_one(self.keywords)

    def errors(self, limit_contexts=True):
        """Return {field: [ValidationError]} for what breaks a rule of number or form.

        A report happened in so many values of a facet; a practice may be meant for any number.
        """
        found = {}
        for name, most in [
            ("stakes", MOST_STAKES),
            ("keywords", MOST_KEYWORDS),
            ("measures", MOST_MEASURES),
            ("sources", MOST_SOURCES),
        ]:
            given = getattr(self, name)
            if given is not None and len(given) > most:
                found.setdefault(name, []).append(too_many(most))
        for keyword in self.keywords or []:
            found.setdefault("keywords", []).extend(_keyword_errors(keyword))
        if self.contexts is not None and limit_contexts:
            found |= check_contexts(self.contexts)
        for name in ("measures", "sources"):
            found.setdefault(name, []).extend(_row_errors(getattr(self, name) or []))
        return {name: errors for name, errors in found.items() if errors}


def too_many(most):
    text = ngettext("Choose at most %(most)s.", "Choose at most %(most)s.", most)
    return ValidationError(text, code="too_many", params={"most": most})


def check_contexts(contexts):
    """Return {facet slug: [ValidationError]} for facets with more values than they take."""
    used = Counter(context.facet_id for context in contexts)
    facets = {context.facet_id: context.facet for context in contexts}
    return {
        facets[pk].slug: [too_many(facets[pk].most)]
        for pk, number in used.items()
        if number > facets[pk].most
    }


def _keyword_errors(keyword):
    if len(keyword_name(keyword)) > LONGEST_KEYWORD:  # As it is kept: some letters become several.
        yield ValidationError(
            _("“%(keyword)s…” is too long for a keyword: use at most %(most)s characters."),
            code="max_length",
            params={"keyword": keyword[:20], "most": LONGEST_KEYWORD},
        )
    try:
        validate_storable(keyword)
    except ValidationError as error:
        yield error


def _row_errors(rows):
    for number, row in enumerate(rows, 1):
        try:
            row.clean_fields(exclude=["report"])
            row.clean()
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                name = "" if field == "__all__" else capfirst(row._meta.get_field(field).verbose_name)
                for message in dict.fromkeys(messages):
                    yield ValidationError(f"{number}. {name}: {message}" if name else message)


# --- Keywords --------------------------------------------------------------------------------------


def one_by_one(words):
    """Return the keywords in `words`, each once: a comma parts two, at every door."""
    parts = (as_line(part) for word in words for part in COMMAS.split(word))
    return list({keyword_key(part): part for part in reversed([*parts]) if part}.values())[::-1]


def keyword_key(word):
    """Return what is the same for all spellings of a keyword; it is the slug of its tag."""
    return fold(keyword_name(word))[:LONGEST_KEY]


def keyword_name(word):
    """Return a keyword as it is shown: in small letters, as it was first written."""
    shown = re.sub("i\u0307+", "i", looks(as_line(word)).casefold())  # What Python makes of a Turkish İ.
    # Small letters may compose, a mark (¸) is a blank with one, and a number may bring a comma along (🄁).
    return " ".join(as_line(looks(shown).replace(",", " ")).split())


def keyword_tags(words):
    """Return the plain taggit tags for `words`, making those that do not exist yet."""
    wanted = {keyword_key(word): keyword_name(word) for word in reversed(one_by_one(words))}
    keys = list(wanted)[::-1]
    known = {tag.slug: tag for tag in Tag.objects.filter(slug__in=keys)}
    missing = sorted(set(keys) - set(known))  # In one order everywhere: no deadlock.
    if missing:
        # Not one by one: a tag that is saved alone gets another slug from taggit.
        Tag.objects.bulk_create([Tag(name=wanted[key], slug=key) for key in missing], ignore_conflicts=True)
        known |= {tag.slug: tag for tag in Tag.objects.filter(slug__in=missing)}
    return [known[key] for key in keys]
