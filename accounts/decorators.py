"""Who comes in: visitors are asked to sign in, and lose no word by it."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render

from accounts import limits
from config.refusals.too_often import TooOften, page_of_the_form, too_often_page


def member_only(view):
    """Ask visitors to sign in first; what they had already written stays on the page."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return words_kept(request, page_of_the_form(request))
        return redirect_to_login(request.get_full_path())

    return guarded


def allowed_only(view, require):
    """Ask visitors to sign in first, and refuse members for whom `require(user)` raises PermissionDenied."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        require(request.user)
        return view(request, *args, **kwargs)

    return member_only(guarded)


def limited(kind):
    """Count each request as one of `kind` (settings.LIMITS), and answer one too many with a page."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            try:
                limits.count(kind, request)
            except TooOften as refusal:
                return too_often_page(request, refusal)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def counts_itself(view):
    """Mark a view whose forms are not counted with all others (accounts.middleware.limited_posts)."""
    view.counts_itself = True
    return view


def limited_search(view):
    """Count as a search what asks for more than the whole list."""
    counted = limited("searches")(view)

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return (counted if request.GET else view)(request, *args, **kwargs)

    return guarded


def words_kept(request, then):
    """Show a visitor what they wrote, and where to sign in; `then` is where to go on."""
    context = {"words": request.POST, "then": then}
    return render(request, "accounts/sign_in_first.html", context, status=403)
