"""How a version is quoted elsewhere: a sentence, and a BibTeX entry. Its address answers for ever."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from config.formats.written import date_format

LICENCE = "CC BY-SA 4.0"
LICENCE_ADDRESS = "https://creativecommons.org/licenses/by-sa/4.0/"
LANGUAGES = {"en": "english", "fr": "french"}
# What TeX reads as a command; braces by name, because BibTeX counts them even after a backslash.
SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
}  # fmt: skip


def citation(version):
    """Return the sentence to copy when quoting `version` elsewhere."""
    return _("“%(title)s”, Retex, version %(number)s, %(day)s, %(url)s, licence %(licence)s.") % {
        "title": version.title,
        "number": version.number,
        "day": date_format(version.published_at, "DATE_FORMAT"),
        "url": address(version),
        "licence": LICENCE,
    }


def address(version):
    return settings.SITE_URL + version.get_absolute_url()


def bibtex(version):
    """Return an entry for `version`, every character of its title as it is read."""
    day = version.published_at
    fields = {
        "author": "{Retex}",
        "title": f"{{{in_tex(version.title)}}}",
        "year": str(day.year),
        "month": str(day.month),
        "version": str(version.number),
        "howpublished": f"Retex, version {version.number}",
        "url": address(version),
        "langid": LANGUAGES[version.language],
        "note": f"Licence {LICENCE}",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{retex-{version.practice.slug}-v{version.number},\n{lines}}}\n"


def in_tex(text):
    """Return `text` so that TeX prints each of its characters, and BibTeX finds its braces balanced."""
    return re.sub(r"[\\{}~^$&#_%]", lambda found: SPECIAL[found.group()], " ".join(text.split()))
