"""The role map to take away: as an outline for mind maps (OPML 2.0, <http://opml.org/spec2.opml>), and as
Markdown.
"""

from xml.etree import ElementTree

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiences.views.verdict_counts import sentence
from practices.models.practice.content import Grade
from practices.views.field_map.side_by_side import practice_url


def opml(areas):
    """Return the outline of `areas` as OPML: areas, their stakes, and the best practice of each."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = title()
    body = ElementTree.SubElement(root, "body")
    heart = outline(body, title(), absolute(reverse("role")))
    for area in areas:
        node = outline(heart, area.label, f"{absolute(reverse('role'))}#{area.slug}")
        for told in area.stakes:
            words = f"{told.stake.label} ({numbers_of(told)})"
            of_stake = outline(node, words, absolute(told.stake.get_absolute_url()))
            if told.best:
                outline(of_stake, best_words(told), absolute(practice_url(told.best.slug)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def outline(parent, text, url):
    return ElementTree.SubElement(parent, "outline", text=text, type="link", url=url)


def markdown(areas):
    """Return the outline of `areas` as Markdown."""
    lines = [f"# {title()}", "", absolute(reverse("role"))]
    for area in areas:
        lines += ["", f"## {area.label}", "", area_numbers(area)]
        if area.reports:
            lines += ["", f"{sentence(area.verdicts)}."]
        lines.append("")
        for told in area.stakes:
            lines.append(f"- {link(told.stake.label, told.stake.get_absolute_url())}: {numbers_of(told)}")
            if told.best:
                lines.append(f"  - {link(best_words(told), practice_url(told.best.slug))}")
    return "\n".join(lines) + "\n"


def title():
    return _("What a community manager answers for")


def best_words(told):
    """Return the title of the best practice of an AreaStake, with its grade."""
    return _("%(title)s (%(grade)s)") % {
        "title": told.best.told["title"],
        "grade": Grade(told.grade).label,
    }


def numbers_of(told):
    """Return how many reports and practices there are of an area or of a stake of it, in words."""
    reports = ngettext("%(n)s report", "%(n)s reports", told.reports) % {"n": told.reports}
    practices = ngettext("%(n)s practice", "%(n)s practices", told.practices) % {"n": told.practices}
    return f"{practices}, {reports}"


def area_numbers(area):
    """Return the numbers of an area as a sentence."""
    return f"{numbers_of(area)}."


def link(words, path):
    escaped = "".join(f"\\{sign}" if sign in r"\[]*_`<>" else sign for sign in words)
    return f"[{escaped}]({absolute(path)})"


def absolute(path):
    return settings.SITE_URL + path
