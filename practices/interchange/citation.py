"""How a version is quoted elsewhere: a sentence, and a BibTeX entry. Its address answers for ever."""

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import current_site
from config.formats.written import date_format
from experiences.interchange.citation import LANGUAGES, LICENCE, entry, in_tex


def citation(version):
    """Return the sentence to copy when quoting `version` elsewhere."""
    return _("“%(title)s”, %(site)s, version %(number)s, %(day)s, %(url)s, licence %(licence)s.") % {
        "site": current_site().name,
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
    return entry(
        f"retex-{version.practice.slug}-v{version.number}",
        author=f"{{{in_tex(current_site().name)}}}",
        title=f"{{{in_tex(version.title)}}}",
        year=version.published_at.year,
        month=version.published_at.month,
        version=version.number,
        howpublished=f"{in_tex(current_site().name)}, version {version.number}",
        url=address(version),
        langid=LANGUAGES[version.language],
        note=f"Licence {LICENCE}",
    )
