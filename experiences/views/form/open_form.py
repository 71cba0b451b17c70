"""What an open form of a report says of itself: which page and member, which version, which words."""

import hashlib

from django.http import QueryDict
from django.urls import reverse
from django.utils.crypto import salted_hmac

from config.text import UNSTORABLE, whole_number
from experiences.models import Experience

# What of a POST is about sending it, not about the report.
NOT_WORDS = {"csrfmiddlewaretoken", "do", "rows", "submission_key", "version", "page", "member"}


def typed_words(post):
    """Return {name: [texts]} of what a form says of the report, without what no database keeps."""
    return {
        name: [UNSTORABLE.sub("", text) for text in post.getlist(name)]
        for name in sorted(post)
        if name not in NOT_WORDS
    }


def as_post(words):
    """Return `words`, as typed_words() gave them, in the shape of a POST."""
    sent = QueryDict(mutable=True)
    for name, texts in words.items():
        sent.setlist(name, texts)
    return sent


def form_digest(post):
    """Return what tells two sendings of one form apart: a hash of their words."""
    words = [(name, post.getlist(name)) for name in sorted(post) if name not in NOT_WORDS]
    return hashlib.sha256(repr(words).encode("utf-8", "surrogatepass")).hexdigest()


def hidden_value(request, name, length):
    """Return what an input that people do not see holds, as it may be looked up and stored."""
    return UNSTORABLE.sub("", request.POST.get(name, ""))[:length]


def open_page(request):
    """Return the name of the open form that was sent; "" when it has none."""
    return hidden_value(request, "page", 32)


def member_token(user):
    """Return what tells whose form a page holds, without telling who: another may sign in meanwhile."""
    return salted_hmac("experiences.writing", str(user.pk), algorithm="sha256").hexdigest()[:16]


def made_by_form(user, key):
    mine = Experience.objects.visible_to(user).filter(author=user)
    return mine.filter(submission_key=key).first() if key else None


def use_version_sent(request, report):
    """Let the form overwrite what it was made from, or what the same open page wrote last; nothing else."""
    if report.pk and not is_same_page(request, report):
        report.version = whole_number(request.POST.get("version", "")) or 0


def is_same_page(request, report):
    """Whether the open page that sends now is the one that wrote last."""
    return bool(report.page) and report.page == open_page(request)


def is_repeated(request, report):
    """Whether this very form, with these very words, has done its work already."""
    same = bool(report.submission_digest) and report.submission_digest == form_digest(request.POST)
    return same and (is_same_page(request, report) or not report.can_be_edited_by(request.user))


def edit_url(report):
    return reverse("experiences:edit", args=[report.public_id])
