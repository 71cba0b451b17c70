"""A version to take away: as Markdown, as BibTeX, as JSON; at addresses that answer for ever."""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from accounts.decorators import limited
from experiences.views.downloads import public_text
from practices.interchange import citation
from practices.interchange import markdown as plain
from practices.models import Practice, PracticeVersion
from practices.views.practice.detail import canonical


@require_safe
@limited("exports")
def markdown(request, slug, number):
    """Give the words of a version as Markdown."""
    words = public_version(slug, number)
    return leads_to(words.practice, public_text(request, plain.markdown(words), "text/markdown"))


@require_safe
@limited("exports")
def bibtex(request, slug, number):
    """Give the entry that cites a version."""
    words = public_version(slug, number)
    response = public_text(request, citation.bibtex(words), "application/x-bibtex")
    response["Content-Disposition"] = f'attachment; filename="{slug}-v{number}.bib"'
    return leads_to(words.practice, response)


@require_safe
@limited("exports")
def data(request, slug, number):
    """Give what the API gives of a version."""
    try:
        place = resolve(f"{reverse('api-practice-detail', args=[slug])}versions/{number}/")
    except (NoReverseMatch, Resolver404):
        raise Http404 from None  # Longer than any slug, or than any number.
    response = place.func(request, *place.args, **place.kwargs)
    return leads_to(Practice(slug=slug), response) if response.status_code == 200 else response


def public_version(slug, number):
    """Return a version as anyone may read it: whoever asks, the answer is the same."""
    practice = Practice.objects.visible_to(AnonymousUser()).get_at(slug)
    versions = PracticeVersion.objects.for_detail().select_related("practice__translation_of")
    return get_object_or_404(versions, practice=practice, number=number)


def leads_to(practice, response):
    """Tell search engines that what they read is a copy of the page of `practice`."""
    response["Link"] = f'<{canonical(practice)}>; rel="canonical"'
    return response
