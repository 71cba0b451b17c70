"""Where nobody has told anything yet, a reader is invited to: by a form that begins with what is missing."""

from urllib.parse import urlencode

from django.urls import reverse


def form_url(stake=None, *contexts):
    """Return where a report is begun that names a stake and contexts already."""
    told = [("stake", stake.slug)] if stake else []
    told += [(context.facet.slug, context.slug) for context in contexts]
    return f"{reverse('experiences:new')}?{urlencode(told)}"
