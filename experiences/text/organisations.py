"""Names of organisations as they are compared: case, accents, punctuation and legal forms do not matter."""

import re

from config.folding import fold

# Without points; as registers of companies and associations write them. Two words: "sp zoo", "pty ltd".
LEGAL_FORMS = {
    "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd", "limited",
    "plc", "pbc", "cic", "pty", "pte", "sa", "sas", "sasu", "sarl", "eurl", "snc", "sca", "scs", "sci",
    "scop", "scic", "gie", "gip", "asbl", "aisbl", "sprl", "srl", "spa", "sl", "slu", "sau", "gmbh", "ggmbh",
    "mbh", "ug", "ag", "kg", "kgaa", "ohg", "ev", "eg", "se", "bv", "nv", "vof", "ab", "asa", "as", "aps",
    "oy", "oyj", "zoo", "sp", "kft", "sro", "doo", "ooo", "oao",
}  # fmt: skip
POINTS = re.compile(r"(?<=\w)[.·'](?=\w)|\.")  # S.A.R.L. is SARL, and d’Art is dart.


def organisation_key(name):
    """Return `name` as it is compared with others, in small plain letters; "" for none.

    A legal form goes where a name ends, or begins, with it, and something is left.
    """
    words = re.findall(r"[^\W_]+", POINTS.sub("", fold(name)).replace("&", " and "))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    while len(words) > 1 and words[0] in LEGAL_FORMS:
        words.pop(0)
    return " ".join(words) or " ".join(name.casefold().split())
