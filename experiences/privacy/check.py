"""Before a report is sent: what in it may identify someone, for its author and for reviewers to judge.

The author decides. Their own organisation and name are looked for only when the answer goes to
them: told to anyone else, it would give away what they withheld.
"""

from dataclasses import dataclass
from functools import cached_property

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from experiences.models.first_signs import sign_texts
from experiences.privacy.identifiers import SAYS, Finding, point_out
from experiences.privacy.rare_contexts import Rarity, rarity_of

MOST_READ = 120_000  # characters of one report; on a list of reports, a share of them
MOST_READ_IN_LISTS = 20_000
MOST_SHOWN = 20
AROUND = 60  # characters shown on either side
SPOTS, ANYWAY = "spots", "anyway"  # the code of what is pointed out, and the answer that lets it stand


@dataclass(frozen=True)
class Spot:
    """A finding, and where it stands in a report."""

    field: str
    label: str
    finding: Finding
    before: str
    after: str
    instead: str
    language: str  # of the report
    can_be_replaced: bool  # its words stand in one text, in which they can be put neutrally


@dataclass(frozen=True)
class Check:
    """All that is pointed out in a report."""

    spots: list[Spot]
    rarity: Rarity | None
    language: str

    @property
    def shown(self):
        return self.spots[:MOST_SHOWN]

    @cached_property
    def under(self):
        """{field: what is shown of its words}."""
        found = {}
        for spot in self.shown:
            found.setdefault(spot.field, []).append(spot)
        return found

    @property
    def unshown(self):
        return len(self.spots) - len(self.shown)

    @property
    def stops(self):
        """Whether the author should look before sending: there is something they can change."""
        return bool(self.spots) or bool(self.rarity and self.rarity.is_enough)


def check_of(report, *, author=None):
    """Return the Check of `report`, with what only its author may be told when `author` is given."""
    withheld = report.identity == report.Identity.WITHHELD
    own = {}
    if author is not None:
        own["organisation"] = f"{report.organisation} / {author.organisation}"
        own["author"] = author.display_name if withheld else ""
    rarity = rarity_of(report.given("contexts")) if withheld else None
    return Check(spots(report, **own), rarity, report.language)


def remarks(texts, language, *, before, kinds=SAYS):
    """Return {name: sentences} of what to say of short `texts` ({name: text}) before they are sent.

    Each is said once, and nothing of words that the text of that name held `before`.
    """
    said = {}
    for name, text in texts.items():
        known = {finding.words for finding in point_out(before.get(name) or "", language)}
        found = [one for one in point_out(text or "", language) if one.kind in kinds]
        if sentences := dict.fromkeys(str(one.says) for one in found if one.words not in known):
            said[name] = list(sentences)
    return said


def spots(report, most=MOST_READ, **own):
    """Return the Spots in what readers may read of `report`, each once for the same words."""
    found, left = {}, most
    for name, label, text in _texts(report):
        text, left = text[:left], left - len(text[:left])
        for finding in point_out(text, report.language, **own):
            key = (name, finding.kind, finding.words)
            if key not in found:
                found[key] = _spot(report, name, label, text, finding)
    return list(found.values())


def _spot(report, name, label, text, finding):
    before, after = text[: finding.start], text[finding.end :]
    return Spot(
        field=name,
        label=label,
        finding=finding,
        before=("…" if len(before) > AROUND else "") + before[-AROUND:],
        after=after[:AROUND] + ("…" if len(after) > AROUND else ""),
        instead=_begun(finding.instead(report.language), before),
        language=report.language,
        can_be_replaced=name in ("title", *report.TEXTS),
    )


def _begun(wording, before):
    """Return `wording` as it is written after the text `before`: a sentence begins with a capital."""
    before = before.rstrip()
    return capfirst(wording) if not before or before[-1] in ".!?…" else wording


def _texts(report):
    """Yield (field, label, text) for all that `report` says in its author's own words."""
    for name in ("title", *report.TEXTS):
        yield name, capfirst(report._meta.get_field(name).verbose_name), getattr(report, name)
    signs = capfirst(report._meta.get_field("first_signs").verbose_name)
    yield "first_signs", signs, "\n".join(sign_texts(report.first_signs))
    yield "keywords", _("Keywords"), ", ".join(map(str, report.given("keywords")))
    measures = [f"{row.indicator}\n{row.source}" for row in report.given("measures")]
    yield "measures", _("Measures"), "\n".join(measures)
    public = [row for row in report.given("sources") if row.visibility == row.Visibility.PUBLIC]
    yield "sources", _("Sources"), "\n".join(f"{row.label}\n{row.url}" for row in public)
