"""Alarms about public words of every kind, and the one queue in which moderators decide."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import member_only
from accounts.limits import counted
from config.text import cut_at_word, whole_number
from config.verbs import submit
from experiences.decorators import moderator_only
from experiences.forms import FlagForm
from experiences.models import ShownName
from experiences.models.flags import raise_flag, would_hide
from practices.forms import DecisionForm
from practices.models import Claim, Practice
from practices.moderation.kinds import KINDS, find, find_for_alarm, places_of
from practices.moderation.queue import MANY, counts, decide, many_of_one, waiting

LONGEST_NAME = 60  # characters of what a decision was about


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def alarm(request, kind, key):
    """Raise an alarm about words of any kind; the page says before and after what it does."""
    known, row = find_for_alarm(kind, key, request.user)
    if known is None:
        raise Http404
    form = FlagForm(request.POST if request.method == "POST" else None, verb="flag", row=row)

    back, part = row.get_absolute_url(), request.GET.get("claim", "")
    claim = claim_of(row, part) if part else None

    def page(status=200):
        context = {
            "kind": known,
            "words": claim.text if claim else known.words(row),
            "language": known.language(row),
            "back": back,
            "form": form,
            "hides": would_hide(row, request.user),
        }
        return render(request, "moderation/alarm.html", context, status=status)

    if request.method != "POST":
        return page()
    raised = []

    def act(**words):
        raised.append(raise_flag(row, by=request.user, part=part, **words))

    refusal = submit(form, counted("flags", request, act), page)
    if refusal:
        return refusal
    if raised[0].hides:
        messages.success(request, _("Thank you. It is hidden until a moderator has looked at it."))
    else:
        messages.success(
            request, _("Thank you. The moderators are told; it stays shown until they have looked at it.")
        )
    return redirect(back if known.name != "report" else "experiences:index")


def claim_of(row, part):
    """Return the claim that readers read in a practice under this lasting id."""
    if not isinstance(row, Practice) or not row.current_id:
        raise Http404
    return get_object_or_404(Claim, practice=row, version=row.current_id, lasting_id=part[:12])


@moderator_only
@require_safe
def shown_name(request, key):
    """Show a name about which alarms were raised: where it stands, and what was decided before."""
    doubt = get_object_or_404(ShownName.objects.visible_to(request.user), public_id=key)
    if doubt.is_told_by(request.user):
        raise Http404
    context = {
        "doubt": doubt,
        "alarms": doubt.flags.order_by("at"),
        "places": places_of(doubt),
        "history": doubt.history().select_related("decided_by"),
    }
    return render(request, "moderation/name.html", context)


@moderator_only
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request):
    """Show all that waits for a moderator, and take one decision on all that is ticked."""
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return queue_page(request, form)
    chosen = request.POST.getlist("items")
    if not form.is_valid():
        return queue_page(request, form, chosen, status=422)
    try:
        done, refused = decide(chosen, by=request.user, **form.words())
    except ValidationError as error:
        form.refuse(error)
        return queue_page(request, form, chosen, status=422)
    if done:
        said = ngettext("%(n)s is decided.", "%(n)s are decided.", len(done))
        messages.success(request, said % {"n": len(done)})
    if refused:
        return queue_page(request, form, list(refused), refused, bool(done), status=422)
    kind = request.GET.get("kind", "")
    return redirect(f"{request.path}?kind={kind}" if kind in counts() else request.path)


def queue_page(request, form, chosen=(), refused=None, some_done=False, status=200):
    """Show one page of the queue; `refused` says {name: why} of what could not be decided."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = whole_number(request.GET.get("page") or "1", most_digits=4) or 1
    lines, more = waiting(request.user, kind, page)
    numbers, ticked_all = counts(), request.GET.get("ticked") == "all"
    if ticked_all and request.method != "POST":
        chosen = [line.name for line in lines]
    context = {
        "form": form,
        "lines": lines,
        "many": many_of_one(request.user) if not kind and page == 1 else [],
        "kind": kind,
        "kinds": [(name, KINDS[name].label, number) for name, number in numbers.items()],
        "number": sum(numbers.values()),
        "page": page,
        "more": more,
        "chosen": chosen,
        "ticked_all": ticked_all,
        "refused": [(*known_by(name, lines, request.user), why) for name, why in (refused or {}).items()],
        "some_done": some_done,
    }
    return render(request, "moderation/queue.html", context, status=status)


def known_by(name, lines, user):
    """Return (address, words) by which a moderator knows `name` ("kind:key"): on this page, else its own.

    The address is "" of what is not there any more.
    """
    kind, _colon, key = name.partition(":")
    if kind == MANY:
        return f"#item-{slugify(name)}", _("Many alarms")
    known, row = find(kind, key, user)
    if known is None:
        return "", KINDS[kind].label if kind in KINDS else name
    is_here = any(line.name == name for line in lines)
    address = f"#item-{slugify(name)}" if is_here else row.get_absolute_url()
    return address, f"{known.label} – {cut_at_word(known.words(row), LONGEST_NAME)}"
