"""How what stands here is quoted elsewhere: a sentence, and a BibTeX entry."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from accounts.models import current_site
from config.formats.written import date_format
from experiences.models import Experience

LICENCE = "CC BY-SA 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by-sa/4.0/"
LANGUAGES = {"en": "english", "fr": "french"}
# What TeX reads as a command; braces by name, because BibTeX counts them even after a backslash.
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
}  # fmt: skip


def entry(key, **fields):
    """Return a BibTeX entry of its kind for what stands on a site; `fields` are in TeX, those of none left
    out.
    """
    told = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value is not None)
    return f"@misc{{{key},\n{told}}}\n"


def in_tex(text):
    """Return `text` so that TeX prints each of its characters, and BibTeX finds its braces balanced."""
    return re.sub(r"[\\{}~^$&#_%]", lambda found: SPECIAL[found.group()], " ".join(text.split()))


@dataclass(frozen=True)
class ReportCitation:
    """A report as readers have it now: the same whoever quotes it, its author included, who may not want to
    be told by it.
    """

    report: Experience
    number: int  # of the tellings that anyone may read
    at: datetime

    @classmethod
    def of(cls, report, tellings=None):
        """Return the citation of a published report; `tellings`: its revisions that anyone may read, the
        oldest first.
        """
        if tellings is None:
            tellings = list(report.revisions.visible_to(AnonymousUser()).defer("told"))
        changed = tellings and tellings[-1].is_change
        return cls(report, max(1, len(tellings)), tellings[-1].at if changed else report.published_at)

    def __str__(self):
        if self.author:
            sentence = _(
                "%(author)s, “%(title)s”, %(site)s, version %(number)s, %(day)s, %(url)s, "
                "licence %(licence)s."
            )
        else:
            sentence = _("“%(title)s”, %(site)s, version %(number)s, %(day)s, %(url)s, licence %(licence)s.")
        return sentence % (self._said | {"author": self.author, "title": self.report.title})

    @property
    def source(self):
        """Where it stands, in a sentence without anybody's words."""
        return _("%(site)s, version %(number)s, %(day)s, %(url)s, licence %(licence)s.") % self._said

    @property
    def _said(self):
        day = date_format(self.at, "YEAR_MONTH_FORMAT" if self.report.is_withheld else "DATE_FORMAT")
        said = {"site": current_site().name, "number": self.number, "day": day}
        return said | {"url": self.url, "licence": LICENCE}

    @property
    def author(self):
        """The name that readers see, if there is one."""
        return self.report.author.display_name if self.report.byline else ""

    @property
    def url(self):
        return settings.SITE_URL + self.report.get_absolute_url()

    @property
    def bibtex(self):
        """Return its entry; nobody is its author who withholds the name, and it tells no day."""
        report = self.report
        return entry(
            f"retex-{report.public_id}-v{self.number}",
            author=f"{{{in_tex(self.author)}}}" if self.author else None,
            title=f"{{{in_tex(report.title)}}}",
            year=self.at.year,
            month=self.at.month,
            version=self.number,
            howpublished=f"{in_tex(current_site().name)}, version {self.number}",
            url=self.url,
            langid=LANGUAGES[report.language],
            note=f"Licence {LICENCE}",
        )
