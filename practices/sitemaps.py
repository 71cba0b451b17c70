"""The map for search engines: public pages alone, and no time finer than readers may know.

It is written as it is read, some rows at a time: of reports, each page has the range of order keys that the
list of this process has at its ends, so that none is counted or passed over.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponseNotModified, StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from config.rest.conditional import is_known, tag_of
from config.text import whole_number
from experiences.list_index import held
from experiences.models import Experience
from experiences.models.vocabulary.cache import lists
from practices.models import Practice

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
LIMIT = 10_000  # All sections of one page together stay under the protocol's 50,000.
AT_ONCE = 2_000  # rows
ANYTHING = "0" * 12


@require_safe
def sitemap(request):
    """Answer the whole map, or the index of its sections once one of them needs several pages."""
    page_of(request, 1)
    lists_held, states = in_step()
    pages = {name: count_pages(lists_held, name) for name in SECTIONS}
    if max(pages.values()) == 1:
        entries = (entry for of_section in SECTIONS.values() for entry in of_section(lists_held, 1))
        return answer(request, states, "urlset", "url", entries)
    sections = (
        (reverse("sitemap-section", args=[name]) + (f"?p={page}" if page > 1 else ""), None)
        for name, number in pages.items()
        for page in range(1, number + 1)
    )
    return answer(request, states, "sitemapindex", "sitemap", sections)


@require_safe
def section(request, section):
    """Answer one page of a section."""
    if section not in SECTIONS:
        raise Http404
    lists_held, states = in_step()
    page = page_of(request, count_pages(lists_held, section))
    return answer(request, states, "urlset", "url", SECTIONS[section](lists_held, page))


def in_step():
    found, states = held.in_step("reports", "practices")
    return dict(zip(("reports", "practices"), found, strict=True)), states


def count_pages(lists_held, name):
    rows = len(lists_held[name].columns.order) if name in lists_held else 1
    return max(1, -(-rows // LIMIT))


def page_of(request, pages):
    """Return the number of the page that is asked for, of so many."""
    number = whole_number(request.GET.get("p", "1"))
    if number is None or not 1 <= number <= pages:
        raise Http404
    return number


# --- Sections: (path, day or None) of each page in it --------------------------------------------------


def plain_pages(lists_held, page):
    lists_of_all = ("practices:index", "experiences:index", "stakes", "evidence-map")
    for name in ("home", "welcome", *lists_of_all, "glossary", "trade-words"):
        yield reverse(name), None
    for entry in lists().glossary:
        yield entry.get_absolute_url(), None


def stakes(lists_held, page):
    for stake in lists().stakes:
        if stake.retired_on is None:
            yield stake.get_absolute_url(), None


def practices(lists_held, page):
    """When they were published: the grade moves the moment a report without a name comes or goes."""
    rows = Practice.objects.visible_to(AnonymousUser()).published().order_by("-current")
    path = reverse("practices:detail", args=[ANYTHING])
    told = rows.values_list("slug", "current__published_at")[(page - 1) * LIMIT : page * LIMIT]
    for slug, published_at in told.iterator(AT_ONCE):
        yield path.replace(ANYTHING, slug), published_at


def reports(lists_held, page):
    columns = lists_held["reports"].columns
    newest_first = columns.order[::-1][(page - 1) * LIMIT : page * LIMIT]
    if not len(newest_first):
        return
    last, first = (int(columns.order_keys[newest_first[at]]) for at in (0, -1))
    path = reverse("experiences:detail", args=[ANYTHING])
    rows = Experience.objects.visible_to(AnonymousUser()).published().order_by("-order_key")
    told = rows.filter(order_key__range=(first, last)).values_list("public_id", "identity", "changed_at")
    for public_id, identity, changed_at in told.iterator(AT_ONCE):
        withheld = identity == Experience.Identity.WITHHELD
        yield path.replace(ANYTHING, public_id), None if withheld else changed_at


SECTIONS = {"pages": plain_pages, "stakes": stakes, "practices": practices, "reports": reports}


# --- Answering ---------------------------------------------------------------------------------------


def answer(request, states, root, kind, entries):
    """Answer `entries`, (path, day or None) of each, as they are read; 304 to who has them."""
    tag = tag_of(request, states)
    response = HttpResponseNotModified() if is_known(request, tag) else None
    if response is None:
        lines = written(request.build_absolute_uri("/").rstrip("/"), root, kind, entries)
        response = StreamingHttpResponse(lines, content_type="application/xml")
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    response["X-Robots-Tag"] = "noindex, noodp, noarchive"
    patch_vary_headers(response, ["Host"])
    return response


def written(site, root, kind, entries):
    """Yield the XML; paths hold nothing that it would take for its own."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    lines = []
    for path, changed_at in entries:
        day = f"<lastmod>{changed_at:%Y-%m-%d}</lastmod>" if changed_at else ""
        lines.append(f"<{kind}><loc>{site}{path}</loc>{day}</{kind}>\n")
        if len(lines) == AT_ONCE:
            yield "".join(lines)
            lines = []
    yield "".join(lines)
    yield f"</{root}>\n"
