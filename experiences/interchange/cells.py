"""One value as one cell of a CSV file, and back."""

import re
from datetime import date

from django.utils import timezone

from config.folding import letters_of

# A spreadsheet takes such a cell for a formula; an export hides it behind an apostrophe.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
SEPARATORS = ";,\n"  # A comma parts keywords, once they are read.


def neutral(cell):
    """Return `cell` so that no spreadsheet runs it; `bare()` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def bare(cell):
    """Return what `neutral()` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def joined(values):
    """Return a list as one cell: items joined by `;`, what separates written behind a `\\`."""
    return ";".join(re.sub(rf"[\\{SEPARATORS}]", r"\\\g<0>", value) for value in values)


def parted(cell):
    """Return the items of a cell made by `joined()`, or typed by hand."""
    items, item, escaped = [], [], False
    for character in cell.replace("\r\n", "\n"):
        if escaped:
            item.append(character if character in f"{SEPARATORS}\\" else f"\\{character}")
        elif character in ";\n":
            items.append("".join(item))
            item = []
        elif character != "\\":
            item.append(character)
        escaped = character == "\\" and not escaped
    items.append("".join(item) + ("\\" if escaped else ""))
    return [item.strip() for item in items if item.strip()]


# --- Figures and months, as spreadsheets write them ---------------------------------------------------

_SPACES = "\u0020\u00a0\u202f\u2009"  # between thousands, in French
_WHOLE = re.compile(rf"(\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d+)(?:[.,]0{{1,2}})?")
_NAMED = re.compile(r"(?:(\d\d?)(?:er)?[\s/-]+)?([^\W\d_]+)\.?[\s/-]+(\d{4}|\d\d)")
_TIME = re.compile(r"[ T]\d\d?:\d\d(:\d\d)?([.,]\d+)?$")
_MONTHS = (
    ("january", "janvier"), ("february", "fevrier"), ("march", "mars"), ("april", "avril"), ("may", "mai"),
    ("june", "juin"), ("july", "juillet"), ("august", "aout"), ("september", "septembre"),
    ("october", "octobre"), ("november", "novembre"), ("december", "decembre"),
)  # fmt: skip
SHORTEST_MONTH = 3  # letters of an abbreviated name; “jui” may be two


def whole(text):
    """Return the digits of a cell such as “12”, “2,0” or “1 500”, or `text` as it is: 1,5 is no whole
    number, and 1,500 may be two.
    """
    found = _WHOLE.fullmatch(text.strip())
    return re.sub(rf"[{_SPACES}]", "", found[1]) if found else text


def month(text, day_first=False):
    """Return a month as “2025-03” however a spreadsheet wrote it, or `text` as it is where that is unsure.

    `day_first`: the file comes from where the day is written before the month.
    """
    plain = _TIME.sub("", text.strip())
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?", plain):
        return _dated(found[1], found[2], found[3]) or text
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", plain):
        return _dated(found[2], found[1]) or text
    if found := re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", plain):
        return _of_day_and_month(int(found[1]), int(found[3]), found[4], day_first or found[2] == ".") or text
    if found := _NAMED.fullmatch(plain):
        return _dated(_century(found[3]), _number(found[2]), found[1]) or text
    return text


def _of_day_and_month(first, second, year, day_first):
    if day_first or first > 12 or first == second:
        return _dated(year, second, first)
    return _dated(year, first, second) if second > 12 else None  # else either may be the month


def _dated(year, month, day=None):
    """Return the month as it is kept; None unless it, or the day in it, exists."""
    try:
        return date(int(year), int(month or 0), int(day or 1)).isoformat()[
            :7
        ]  # Years have four digits there.
    except ValueError:
        return None


def _number(name):
    """Return which month `name`, perhaps abbreviated, is in English or French, if it is one."""
    start = letters_of(name)
    names = [(at, one) for at, both in enumerate(_MONTHS, 1) for one in both]
    meant = {at for at, one in names if one.startswith(start) and len(start) >= SHORTEST_MONTH}
    return meant.pop() if len(meant) == 1 else None


def _century(year):
    """Return a year of two digits as the last such year that has begun: reports tell what has happened."""
    if len(year) == 4:
        return year
    now = timezone.localdate().year
    return str(now - (now - int(year)) % 100)
