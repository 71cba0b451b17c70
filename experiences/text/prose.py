"""What of a text was written to be read: no addresses, names of files, or marks of other programs."""

import re

_LINK = re.compile(r"\]\([^()\s]{0,2000}\)")  # of Markdown: its label is read
# Tags that stand in a text as they were typed, whatever their attributes; what templates fill in.
_MARKS = re.compile(r"<[a-z/!][^<>]{0,2000}>|\{[{%:#][^{}]{0,500}\}+", re.IGNORECASE)
_ANY = re.compile(r"[/@=\\{}<_]|\]\(|\w\.\w|www\.")  # of what is taken out: most texts have none
_NO_WORD = re.compile(
    r"//|\bwww\.|[@=\\{}]"  # addresses, attributes
    r"|\w\.[a-z]\w{1,4}\b"  # names of files and sites
    r"|\w_\w"
    r"|^\W*/\w|\.\.?/|/.*/"  # paths
)


def prose(text):
    """Return the words of `text` that tell something; a stroke stands where others stood."""
    if not _ANY.search(text):
        return text
    text = _MARKS.sub(" | ", _LINK.sub("] ", text))
    return " ".join("|" if _NO_WORD.search(word) else word for word in text.split())
