"""A version as Markdown, to keep and to work with: in its own language, the same for everybody.

What people wrote keeps its emphasis, lists and links. But whoever renders the file may let HTML and any
link through, so no text brings one along.
"""

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from config.formats.written import date_format
from experiences.interchange.citation import LICENCE, LICENCE_ADDRESS
from experiences.interchange.markdown_exporter import exact, written
from experiences.models import Experience
from practices.interchange.citation import address


def markdown(version):
    """Return the words of `version`, its claims and what readers may see of their evidence."""
    with translation.override(version.language):
        return "\n\n".join([*_head(version), *_texts(version), *_claims(version)]) + "\n"


def _head(version):
    yield f"# {exact(version.title)}"
    if version.summary:
        yield exact(version.summary)
    grade = _("The grade on the day it was published: %(grade)s.")
    yield grade % {"grade": f"{version.get_grade_display()} (G{version.grade})"}
    numbers = {"n": version.number, "day": date_format(version.published_at, "DATE_FORMAT")}
    yield "  \n".join(
        [
            _("Version %(n)s, %(day)s") % numbers,
            f"<{address(version)}>",
            f"[{LICENCE}]({LICENCE_ADDRESS})",
        ]
    )
    if (followed := version.follows_version) and version.practice.original_shown:
        original = {"number": followed.number, "title": exact(followed.title)}
        yield _("Translated from version %(number)s of “%(title)s”.") % original
    for label, terms in (
        (_("Stakes"), version.stakes_said()),
        (_("Meant for these contexts"), version.contexts_said()),
    ):
        if terms:
            yield f"**{label}**\n\n" + "\n".join(f"- {exact(term.label)}" for term in terms)


def _texts(version):
    for name in ("applies_when", "avoid_when", "why", "how", "pitfalls"):
        if text := getattr(version, name).strip():
            yield f"## {capfirst(version._meta.get_field(name).verbose_name)}\n\n{written(text)}"


def _claims(version):
    yield f"## {_('Evidence, claim by claim')}"
    for number, claim in enumerate(version.claims.all(), 1):
        opinion = f" – {_('Opinion of the curators')}" if claim.opinion else ""
        yield f"### {number}. {exact(claim.text)}\n\n*{claim.get_kind_display()}{opinion}*"
        rows = [row for row in claim.evidence.all() if row.report.status == Experience.Status.PUBLISHED]
        yield from map(_evidence, rows)
        if not rows:
            yield _("No report.")


def _evidence(row):
    report = row.report
    name = exact(report.byline) if report.byline else _("Name withheld")
    source = f"[{exact(report.title)}]({settings.SITE_URL}{report.get_absolute_url()})"
    lines = [f"**{row.get_bearing_display()}** – {report.get_verdict_display()} – {source}, {name}"]
    if row.stale:
        lines.append(
            _("The author has changed these words since. They are no longer shown, and no longer count.")
        )
    else:
        lines.append("\n".join(f"> {line}" for line in exact(row.excerpt).splitlines()))
    if row.note:
        lines.append(exact(row.note))
    return "\n\n".join(lines)
