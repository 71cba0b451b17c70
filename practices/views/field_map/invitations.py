"""Where nobody has told anything yet, a reader is invited to: by a form that begins with what is missing."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from experiences.models import Experience
from experiences.models.vocabulary.cache import lists

AUDIENCE = "audience"


def form_url(stake=None, *contexts):
    """Return where a report is begun that names a stake and contexts already."""
    told = [("stake", stake.slug)] if stake else []
    told += [(context.facet.slug, context.slug) for context in contexts]
    return f"{reverse('experiences:new')}?{urlencode(told)}"


def untold(stake, counts, reports, practices):
    """Return {text, label, url} of what nobody has told of `stake` yet; `counts` are its reports by verdict
    and by context.
    """
    if not reports:
        words = (_("Nobody has told a case of this stake yet."), _("Write the first report"))
        return [invitation(*words, stake)]
    found = []
    if not practices:
        text = _("No practice has been distilled for this stake yet; each report brings one nearer.")
        found.append(invitation(text, _("Tell another case"), stake))
    if not any(counts["verdict"].get(verdict) for verdict in Experience.Verdict.FAILURES):
        text = _("No report of it tells of a failure. That may mean that nobody has told one yet.")
        found.append(invitation(text, _("Tell what did not work"), stake))
    for context in lists().contexts:
        if is_missing(context, counts):
            text = _("No report of it comes from here: %(context)s.") % {"context": context.label}
            found.append(invitation(text, _("Tell it from there"), stake, context))
    return found


def is_missing(context, counts):
    """Whether nobody has told anything from a current audience."""
    is_current = context.is_known and context.retired_on is None
    return context.facet.slug == AUDIENCE and is_current and not counts.get(AUDIENCE, {}).get(context.slug)


def invitation(text, label, stake, *contexts):
    return {"text": text, "label": label, "url": form_url(stake, *contexts)}
