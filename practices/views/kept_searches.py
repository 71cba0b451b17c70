"""The searches a member keeps: a page of them all, with the feed, the alert and the results of each."""

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import counts_itself, member_only
from accounts.models import User
from config.verbs import status_of
from experiences.models import Experience, Wording
from experiences.models.vocabulary.cache import lists
from practices.forms import KeptSearchChangeForm, KeptSearchForm
from practices.models import KeptSearch
from practices.models.kept_search import MOST_KEPT, OF_ORDER
from practices.search.filters import readable_practices

DELETED = "deleted_search"  # in the session, until the page has shown how to take it back
TAKEN_BACK = ("name", "kind", "query", "alert")


@require_http_methods(["GET", "HEAD", "POST"])
@member_only
def following(request):
    """Show the searches that the member keeps; a POST keeps another."""
    if request.method != "POST":
        return following_page(request)
    form = KeptSearchForm(request.POST, instance=KeptSearch(owner=request.user))
    if written(form, request.user):
        return redirect_after_keeping(request, form.instance)
    return following_page(request, form=form, status=422)


def redirect_after_keeping(request, search):
    """Say that it is kept: of a practice, on its page, where whoever follows it stays."""
    if search.followed_slug:
        link = format_html('<a href="{}">{}</a>', reverse("following"), _("What I follow"))
        messages.success(request, format_html("{} {}", _("You follow this practice."), link))
        return redirect(search)
    said = _("“%(name)s” is kept. It stands on this page, with a feed of its own.")
    messages.success(request, said % {"name": search.name})
    return redirect("following")


@require_safe
@member_only
def results(request, public_id):
    """Lead to the results of a search, and note that its owner has looked at them."""
    search = search_of(request, public_id)
    if request.method == "GET":
        search.note_looked_at()
    return redirect(search)


@require_POST
@member_only
def change(request, public_id):
    """Give a search another name, or another alert."""
    search = search_of(request, public_id)
    form = KeptSearchChangeForm(request.POST, instance=search)
    try:
        done = written(form, request.user)
    except ValidationError as conflict:
        messages.error(request, " ".join(conflict.messages))
        return following_page(request, status=status_of(conflict))
    if done:
        messages.success(request, _("“%(name)s” is changed.") % {"name": search.name})
        return redirect("following")
    return following_page(request, changed=form, status=422)


@require_POST
@member_only
def delete(request, public_id):
    """Forget a search, with its feed and its alert; the next page offers to take that back."""
    search = search_of(request, public_id)
    request.session[DELETED] = {name: getattr(search, name) for name in TAKEN_BACK}
    search.delete()
    return redirect("following")


@csrf_exempt  # A mail program sends it, on its own: the token says for which search.
@require_http_methods(["GET", "HEAD", "POST"])
@counts_itself  # Mail programs of many members send from one address.
def stop_alert(request, token):
    """Say which e-mails will stop, stop them, or take that back; reading the page changes nothing."""
    search = KeptSearch.objects.of_token(token)
    if search is None:
        raise Http404
    before, done = search.alert, request.method == "POST"
    if done:
        wanted = request.POST.get("back_to", KeptSearch.Alert.NONE)
        if wanted not in KeptSearch.Alert.values:
            raise BadRequest
        search.set_alert(wanted)
    stopped = search.alert == KeptSearch.Alert.NONE
    back_to = before if before != KeptSearch.Alert.NONE else KeptSearch.Alert.WEEKLY
    context = {"noindex": True, "search": search, "stopped": stopped, "done": done, "back_to": back_to}
    return render(request, "following/stop.html", context)


def search_of(request, public_id):
    return get_object_or_404(KeptSearch.objects.visible_to(request.user), public_id=public_id)


def written(form, member):
    """Return whether what `form` says of its search is kept; if not, the form says why."""
    if not form.is_valid():
        return False
    try:
        form.instance.write(by=member)
    except ValidationError as refusal:
        if status_of(refusal) == 409:
            raise
        form.add_error(None, refusal.messages)
    return not form.errors


def following_page(request, form=None, changed=None, status=200):
    """Answer with all searches of the member; `form` and `changed` are the forms that were refused."""
    searches = list(KeptSearch.objects.visible_to(request.user))
    known = labels() | {"practice": titles_in(searches)}
    for search in searches:
        refused = changed is not None and changed.instance.pk == search.pk
        search.form = changed if refused else KeptSearchChangeForm(instance=search)
        search.words = words_of(search, known)
        search.practice_title = known["practice"].get(search.followed_slug, "")
    context = {
        "searches": searches,
        "form": form,
        "deleted": request.session.pop(DELETED, None),
        "no_mails": request.user.notices == User.Notices.NONE,
        "most": MOST_KEPT,
    }
    return render(request, "following/index.html", context, status=status)


# --- In words ----------------------------------------------------------------------------------------


def words_of(search, known):
    """Return what a search looks for, one part after the other, in the words of the reader's language;
    `known` are labels().
    """
    filters = [(name, values) for name, values in search.params.lists() if name not in OF_ORDER]
    return [label_of(name, value, known) for name, values in filters for value in values]


def label_of(name, value, known):
    """Return one parameter in words; what its list does not know any more, as it is written."""
    label = known.get(name.removeprefix("not_"), {}).get(value)
    if name in ("q", "keyword"):
        return _("“%(label)s”") % {"label": value}
    if name == "updated_since":
        return _("Changed since %(label)s") % {"label": value}
    if label is None:
        return f"{name}={value}"
    return _("Without: %(label)s") % {"label": label} if name.startswith("not_") else str(label)


def labels():
    """Return {parameter: {value: its label}} of the closed lists."""
    known = lists()
    or_better = _("%(name)s or better")
    found = {
        "stake": {stake.slug: stake.label for stake in known.stakes},
        "language": dict(Experience.Language.choices),
        "verdict": dict(Experience.Verdict.choices),
        "min_strength": wordings(Wording.Kind.STRENGTH, or_better),
        "min_grade": wordings(Wording.Kind.GRADE, or_better),
    }
    for context in known.contexts:
        found.setdefault(context.facet.slug, {})[context.slug] = context.label
    return found


def titles_in(searches):
    """Return {slug: title} of the practices that `searches` name."""
    slugs = {slug for search in searches for slug in search.params.getlist("practice")}
    return {slug: title for slug, (_key, title) in readable_practices(slugs).items()}


def wordings(kind, sentence):
    rows = lists().wordings.get(kind, ())
    return {row.slug: sentence % {"name": row.label} for row in rows}
