"""Terms out of use that a file still names: they come as they would stand here, had they come before.

What was merged into another is that other, as everywhere; any other retired term is kept, as by the reports
that had it. Nobody chooses it anew, but what was told keeps saying it; and the import says which.
"""

from django.utils.translation import gettext as _

from experiences.models import Context, Stake, VocabularyChange

WAYS_OUT = ("retired", "merged", "split")


def terms():
    """Return {name of a list or facet: {slug of a retired term: slug of what it was merged into, or ""}}."""
    last = VocabularyChange.objects.filter(verb__in=WAYS_OUT).order_by("pk")
    way_out = dict(last.values_list("address", "verb"))
    gone = [("stakes", term) for term in Stake.objects.exclude(retired_on=None).prefetch_related("heirs")]
    contexts = Context.objects.exclude(retired_on=None).select_related("facet").prefetch_related("heirs")
    gone += [(term.facet.slug, term) for term in contexts]
    found = {}
    for name, term in gone:
        heirs = [heir.slug for heir in term.heirs.all()]
        merged = way_out.get(term.address) == "merged" and heirs
        found.setdefault(name, {})[term.slug] = heirs[0] if merged else ""
    return found


def replace(data, gone, record):
    """Put in `data` what retired terms were merged into, and remark on each retired term in `record`."""
    for name in ("stakes", "author_stakes"):
        if name in data:
            data[name] = _replaced(data[name], gone.get("stakes", {}), record)
    contexts = data.get("contexts")
    if isinstance(contexts, dict):
        for facet in set(contexts) & set(gone):
            contexts[facet] = _replaced(contexts[facet], gone[facet], record)


def _replaced(slugs, gone, record):
    if not gone or not isinstance(slugs, list) or not all(isinstance(slug, str) for slug in slugs):
        return slugs
    return [_heir(slug, gone, record) if slug in gone else slug for slug in slugs]


def _heir(slug, gone, record):
    heir, passed = slug, set()
    while gone.get(heir) and heir not in passed:  # One that was merged into it may have been merged since.
        passed.add(heir)
        heir = gone[heir]
    if heir == slug:
        record.remarks.append(_("“%(term)s” is retired, and was kept") % {"term": slug})
    else:
        record.remarks.append(
            _("“%(term)s” was merged into “%(heir)s”, which was put in its place")
            % {"term": slug, "heir": heir}
        )
    return heir
