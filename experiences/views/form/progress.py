"""What is missing in each part of the form of a report, and where."""

from django.utils.translation import gettext as _


def progress(form):
    """Return what _progress.html shows of each part of the form: what is missing, where."""
    lacking = form.instance.missing()
    facets = [facet.slug for facet in form.facets if facet.required]
    parts = [
        ("story", _("The story"), ["title", "situation", "action", "result"]),
        ("at-stake", _("What was at stake"), ["stakes"]),
        ("where", _("Where it happened"), facets),
        ("outcome", _("The verdict"), ["verdict"]),
        ("name", _("Your name"), ["identity"]),
    ]
    return [part_progress(form, lacking, *part) for part in parts]


def part_progress(form, lacking, anchor, label, names):
    wrong = [name for name in names if name in form.errors and name not in lacking]
    gaps = [str(form[name].label) for name in names if name in lacking]
    state = "alert" if wrong else "ring" if gaps else "done"
    return {
        "anchor": anchor,
        "label": label,
        "state": state,
        "gaps": gaps,
        "alone": len(names) == 1,
        "wrong": wrong,
    }
