"""One value as one cell of a CSV file, and back."""

import re

# A spreadsheet takes such a cell for a formula; an export hides it behind an apostrophe.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")


def neutral(cell):
    """Return `cell` so that no spreadsheet runs it; `bare()` gives it back."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def bare(cell):
    """Return what `neutral()` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def joined(values):
    """Return a list as one cell: items joined by `;`, a `;` of their own written `\\;`."""
    return ";".join(value.replace("\\", "\\\\").replace(";", "\\;") for value in values)


def parted(cell):
    """Return the items of a cell made by `joined()`, or typed by hand."""
    items, item, escaped = [], [], False
    for character in cell:
        if escaped:
            item.append(character if character in ";\\" else f"\\{character}")
        elif character == ";":
            items.append("".join(item))
            item = []
        elif character != "\\":
            item.append(character)
        escaped = character == "\\" and not escaped
    items.append("".join(item) + ("\\" if escaped else ""))
    return [item.strip() for item in items if item.strip()]
