"""The facts that a text names in braces, such as {publisher}, put in their place."""

import re

from django.conf import settings
from django.utils.translation import gettext as _

FACTS = ("name", "address", "contact", "publisher", "publisher_address", "host")
_SIGNS = re.compile(r"([\\`*_~\[\]<>|#])")


def with_facts(text, site):
    """Return `text` (Markdown) with the facts of `site`; of one that is missing, it says that it is."""
    for name, value in facts_of(site).items():
        text = text.replace(f"{{{name}}}", value)
    return text


def facts_of(site):
    missing = "**[{}]**".format(_("to be completed by whoever runs this site"))
    told = {name: in_markdown(getattr(site, name, "")) or missing for name in FACTS}
    if site.contact:
        told["contact"] = f"[{in_markdown(site.contact)}](mailto:{site.contact})"
    told["address"] = settings.SITE_URL
    told["withheld_words_days"] = str(settings.WITHHELD_WORDS_KEPT_DAYS)
    return told


def in_markdown(text):
    """Return `text` as words of one line, whatever signs are in it."""
    return _SIGNS.sub(r"\\\1", ", ".join(line.strip() for line in text.splitlines() if line.strip()))


def is_named_in(text, site):
    """Whether `text` names a fact that is missing."""
    return any(f"{{{name}}}" in text for name in site.NEEDED if not getattr(site, name))
