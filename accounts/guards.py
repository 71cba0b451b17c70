"""Who comes in: visitors are asked to sign in, and lose no word by it."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.shortcuts import render


def member_only(view):
    """Ask visitors to sign in first; what they had already written stays on the page."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            return words_kept(request)
        return redirect_to_login(request.get_full_path())

    return guarded


def words_kept(request, then=None):
    """Show a visitor what they wrote, and where to sign in; `then` is where to go on."""
    context = {"words": request.POST, "then": then or request.path}
    return render(request, "accounts/sign_in_first.html", context, status=403)
