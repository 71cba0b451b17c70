"""Words of a text that may say who someone is, each with a neutral wording to put in their place.

These are guesses for a person to judge: nothing is changed or refused here. A guess that is often
wrong teaches authors to look away, so what is doubtful stays silent.

Every pattern is bounded or begins where no match can begin twice: a hostile text costs no more
time than its length.
"""

import re
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config.folding import Folded, fold
from experiences.privacy.name_lists import listed
from experiences.privacy.names import names

EMAIL, PHONE, PROFILE, HANDLE = "email", "phone", "profile", "handle"
ORGANISATION, AUTHOR, NAME = "organisation", "author", "name"

SAYS = {
    EMAIL: _("“%(words)s” is an e-mail address."),
    PHONE: _("“%(words)s” looks like a phone number."),
    PROFILE: _("“%(words)s” leads to someone’s profile."),
    HANDLE: _("“%(words)s” looks like someone’s user name."),
    ORGANISATION: _("“%(words)s” seems to be your organisation."),
    AUTHOR: _("“%(words)s” is part of your own name."),
    NAME: _("“%(words)s” looks like a person’s name."),
}
INSTEAD = {
    EMAIL: _("an e-mail address"),
    PHONE: _("a phone number"),
    PROFILE: _("someone’s profile"),
    HANDLE: _("someone in the community"),
    ORGANISATION: _("our organisation"),
    AUTHOR: _("the person who writes this"),
    NAME: _("a colleague"),
}


@dataclass(frozen=True)
class Finding:
    """Words from `start` to `end` of a text, and what they look like."""

    start: int
    end: int
    words: str
    kind: str

    @property
    def says(self):
        """What is pointed out, in the reader's language."""
        return SAYS[self.kind] % {"words": self.words}

    def instead(self, language):
        """Return a neutral wording in the language of the text."""
        with translation.override(language):
            return str(INSTEAD[self.kind])


def point_out(text, language, *, organisation="", author=""):
    """Return the findings in `text`, in order, none over another.

    `organisation` and `author` are the private names to look for: give them only where the
    answer goes to their owner.
    """
    read = Folded(text, case=True, markdown=True)  # Whatever its spelling, as readers take it.
    looks = read.folded
    bare = _without(_CODE, looks)
    plain = _without(_LINK, bare)
    found = [
        *_matches(EMAIL, _EMAIL, looks, _is_private_address),
        *_matches(PROFILE, _PROFILE, looks),
        *_matches(PHONE, _PHONE, plain, _is_phone),
        *_matches(HANDLE, _HANDLE, plain, _is_handle),
        *_own(ORGANISATION, _organisation_patterns(organisation), bare),
        *_own(AUTHOR, _author_patterns(author), plain),
        *((start, end, NAME) for start, end in names(plain, language)),
    ]
    return _apart(read, found)


def _without(pattern, text):
    """Return `text` with what matches blanked, so that places stay the same."""
    return pattern.sub(lambda match: " " * len(match.group()), text)


def _matches(kind, pattern, text, holds=lambda match: True):
    return [(*match.span(), kind) for match in pattern.finditer(text) if holds(match)]


def _apart(read, found):
    """Keep, of findings that overlap, the first kind given; return them in order, where the text has them."""
    taken, kept = bytearray(len(read.folded)), []
    for first, last, kind in found:
        if not any(taken[first:last]):
            taken[first:last] = b"\1" * (last - first)
            start, end = read.span(first, last)
            kept.append(Finding(start, end, read.text[start:end], kind))
    return sorted(kept, key=lambda finding: finding.start)


# --- Addresses, numbers, links ---------------------------------------------------------------------

_CODE = re.compile(r"```[^`]*(?:```|\Z)|`[^`\n]{1,500}`")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\"]+|\]\([^\s()]{1,2000}\)|<[a-zA-Z/][^<>]{0,2000}>")
_AT = r"(?:@|[ ]?[\[({](?:at|arobase|chez)[\])}][ ]?)"
_DOT = r"(?:\.|[ ]?[\[({](?:dot|point)[\])}][ ]?)"
_EMAIL = re.compile(
    rf"(?<![\w.+%@-])[\w+%-][\w.+%-]{{0,63}}{_AT}(?:[^\W_][\w-]{{0,62}}{_DOT}){{1,4}}"
    r"[^\W\d_]{2,24}(?![\w@])",
    re.IGNORECASE,
)
_EXAMPLES = ("@example.com", "@example.org", "@example.net", "@users.noreply.github.com")


def _is_private_address(match):
    words = match.group().lower()
    return not words.startswith(("git@", "noreply@", "no-reply@")) and not words.endswith(_EXAMPLES)


_PHONE = re.compile(
    r"(?<![\w.,/+-])(?:"
    r"(?:\+|00)[1-9](?:[ .\u00a0\u202f()-]{0,2}\d){7,14}"  # international
    r"|0[1-9](?:[ .\u00a0\u202f-]?\d\d){4}"  # French
    r"|\(?0\d{2,4}\)?[ -]\d{3,4}[ -]?\d{3,4}"  # British
    r"|\(\d{3}\)[ ]?\d{3}[ .-]\d{4}|[2-9]\d\d[.-][2-9]\d\d[.-]\d{4}"  # American
    r")(?![\w-]|[.,/]\d)"
)


def _is_phone(match):
    return 9 <= sum(letter.isdigit() for letter in match.group()) <= 16


_NO_USERS = (
    r"about|apps|blog|business|collections|enterprise|events|explore|features|gaming|groups|hashtag|help|"
    r"home|i|intent|issues|legal|login|marketplace|notifications|orgs|p|pages|pricing|privacy|profile\.php|"
    r"pulls|reel|search|security|settings|share|sharer|sharer\.php|signup|site|stories|terms|topics|"
    r"trending|watch|wiki"
)
_NO_USER = rf"(?!(?:{_NO_USERS})(?![\w.-]))"
_USER = r"@?[\w.-]{1,60}"
_PROFILE = re.compile(
    r"(?<![\w.-])(?:https?://)?(?:[a-z-]{1,6}\.)?(?:"
    r"linkedin\.com/(?:in|pub)/[\w%.-]{1,100}"
    rf"|(?:twitter|x|facebook|instagram|fb|tiktok)\.com/{_NO_USER}{_USER}"
    r"|facebook\.com/profile\.php\?id=\d{1,20}"
    rf"|(?:github|gitlab)\.com/{_NO_USER}[\w-]{{1,40}}/?(?![\w/.-])"
    rf"|github\.com/sponsors/[\w-]{{1,40}}"
    rf"|(?:t\.me|keybase\.io|dev\.to|about\.me|linktr\.ee)/{_NO_USER}[\w-]{{1,60}}/?(?![\w/])"
    r"|reddit\.com/u(?:ser)?/[\w-]{1,40}|bsky\.app/profile/[\w.:-]{1,100}"
    r"|(?:stackoverflow|meta\.discourse|meetup)\.(?:com|org)/(?:users|u|members)/[\w/-]{1,80}"
    r"|viadeo\.com/[\w/-]{0,20}profile/[\w.-]{1,80}|orcid\.org/[\dX-]{19}"
    r"|[a-z0-9-]{1,60}(?:\.[a-z0-9-]{1,60}){1,3}/(?:users/|web/)?@[\w.-]{1,60}"  # Mastodon, Medium
    r")",
    re.IGNORECASE,
)

_HANDLE = re.compile(
    r"(?<![\w@./=:&-])@[a-z_][\w-]{1,38}(?:@[\w-]{1,60}(?:\.[\w-]{1,60}){1,4})?(?![\w/@(])", re.IGNORECASE
)
_NO_HANDLES = listed(
    """
    all channel channels everyone everybody here team tous toutes tout charset font-face import
    keyframes media mention mentions moderators moderator moderateurs modérateurs supports page property
    param return username user staff admin admins
    """
)


def _is_handle(match):
    return match.group()[1:].lower() not in _NO_HANDLES


# --- One's own organisation and name ----------------------------------------------------------------

_FORMS = re.compile(
    r"(?<!\w)(?:ltd|limited|inc|llc|llp|plc|corp|co|gmbh|ag|kg|bv|nv|ab|oy|sa|sas|sasu|sarl|eurl|scop|scic"
    r"|asbl|srl|spa|cic)(?!\w)\.?",
    re.IGNORECASE,
)
# Words of names of organisations, folded.
_SMALL = listed(
    """
    a and at au aux d de des du en et for in l la le les of pour the
    """
)
_COMMON = listed(
    """
    agence agency association banque bank caisse centre center city club collectif college commune
    community communaute compagnie company conseil council department digital direction ecole federation
    fondation foundation france french global group groupe hopital hospital institut institute
    international laboratoire mairie ministere ministry mutuelle national nationale office open organisation
    organization region reseau network school service services social societe society studio syndicat union
    universite university ville
    """
)


def _own(kind, patterns, text):
    """Return where one of `patterns`, [(pattern, is a capital needed)], stands."""
    folded = Folded(text)
    return [
        (start, end, kind)
        for pattern, capital in patterns
        for _match, start, end in folded.find_all(pattern)
        if not capital or text[start].isupper()
    ]


def _organisation_patterns(name):
    """Yield the patterns of an organisation: its whole name, its first word if it is rare, its letters."""
    for part in re.split(r"[()/,;|–—]", name[:300]):
        words = re.findall(r"[^\W_]+", _FORMS.sub(" ", fold(part)))
        if not words or len("".join(words)) < 2:
            continue
        yield _whole(words), len(words) == 1
        if len(words) > 1 and len(words[0]) > 4 and words[0] not in _COMMON:
            yield _whole(words[:1]), True
        yield from _acronym_patterns(words)


def _acronym_patterns(words):
    for letters in {
        "".join(word[0] for word in words),
        "".join(word[0] for word in words if word not in _SMALL),
    }:
        if len(letters) > 2:
            yield re.compile(r"(?<!\w)" + r"\.?".join(map(re.escape, letters)) + r"(?!\w)"), True


def _author_patterns(name):
    """Yield the patterns of one's own name: each word of it that is long enough to be one."""
    for word in re.findall(r"[^\W\d_]{3,}", fold(name[:300])):
        yield _whole([word]), True


def _whole(words):
    """Return the pattern of folded `words` one after the other, joined by spaces, hyphens or apostrophes."""
    return re.compile(r"(?<!\w)" + r"[\s'-]{1,3}".join(map(re.escape, words)) + r"(?!\w)")
