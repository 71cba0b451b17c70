"""The parts of the page of a practice in their order, and the index that leads to each."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from config.text import cut_at_word
from experiences.text import markdown

BEGINNING = 120  # characters


@dataclass(frozen=True)
class Part:
    """One text of a practice."""

    key: str  # of its address on the page
    heading: str
    html: str
    contexts: list  # it is meant for
    folds: bool  # where there is little room
    first_line: str = ""  # shown where it is folded


def parts_of(words, contexts):
    """Return the Parts of `words`, a version or the working copy meant for `contexts`; those that say nothing
    are left out. When to do it comes before how, and how before why: an answer first.
    """
    texts = [
        ("applies_when", _("Applies when"), contexts, True),
        ("avoid_when", _("Avoid when"), [], True),  # Its beginning is read even where it is folded.
        ("how", _("How"), [], False),
        ("why", _("Why"), [], False),
        ("pitfalls", _("Pitfalls"), [], False),
    ]
    return [
        Part(
            name.replace("_", "-"),
            heading,
            words.html.get(name, ""),
            meant_for,
            folds,
            beginning(words.html.get(name, "")) if name == "avoid_when" else "",
        )
        for name, heading, meant_for, folds in texts
        if words.html.get(name) or meant_for
    ]


def beginning(html):
    """Return the first words of rendered `html`, for a line."""
    return cut_at_word(markdown.plain(html), BEGINNING)


def index_of(reading, frozen=False):
    """Return [(key, heading)] of all that stands on the page of the EvidenceSummary `reading`; `frozen`: on
    that of one version.
    """
    told = [
        ("effort", _("What it took"), reading.effort),
        ("by-context", _("By context"), reading.by_context),
        ("failures", _("Where it did not work"), True),
        ("first-signs", _("First signs"), reading.first_signs),
        ("evidence", _("Evidence, claim by claim"), True),
        ("how-sure", _("How sure we are"), not frozen),
        ("trials", _("Those who tried it"), reading.is_version and not frozen),
        ("past", _("What has changed"), reading.is_version and not frozen),
        ("versions", _("All versions"), frozen),
        ("cite", _("Cite this version"), reading.is_version),
    ]
    parts = [(part.key, part.heading) for part in reading.parts]
    return parts + [(key, heading) for key, heading, is_there in told if is_there]
