"""To take away, the same whoever asks: a report, as Markdown that an import reads back and as BibTeX; and the
vocabulary, as SKOS.
"""

import hashlib
import json

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from accounts.decorators import limited
from experiences.interchange import skos
from experiences.interchange.citation import ReportCitation
from experiences.interchange.markdown_exporter import markdown as markdown_of
from experiences.models import Experience


@require_safe
@limited("exports")
def markdown(request, public_id):
    """Give a report as Markdown."""
    citation = public_citation(public_id)
    response = public_text(request, markdown_of(citation), "text/markdown")
    return as_file(response, f"retex-{public_id}.md", citation)


@require_safe
@limited("exports")
def bibtex(request, public_id):
    """Give the entry that cites a report."""
    citation = public_citation(public_id)
    response = public_text(request, citation.bibtex, "application/x-bibtex")
    return as_file(response, f"retex-{public_id}.bib", citation)


@require_safe
@limited("exports")
def vocabulary(request):
    """Give the vocabulary, in both languages, as SKOS in JSON-LD."""
    text = json.dumps(skos.vocabulary(), ensure_ascii=False, indent=1)
    return public_text(request, text, "application/ld+json")


def public_citation(public_id):
    """Return the citation of a report as anyone may read it."""
    readable = Experience.objects.visible_to(AnonymousUser()).for_detail()
    return ReportCitation.of(get_object_or_404(readable, public_id=public_id))


def as_file(response, name, citation):
    """Have browsers keep it, and tell search engines that it is a copy of the page of the report."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Link"] = f'<{citation.url}>; rel="canonical"'
    return response


def public_text(request, text, kind):
    """Answer `text` for anyone to keep, as the API answers what is public: to be asked for again, cheaply."""
    response = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:24])
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return get_conditional_response(request, etag=response["ETag"], response=response)
