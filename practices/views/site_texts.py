"""The texts of the site: about it, whom to ask, the law, one's data, the terms, and who may have trouble."""

import re
from functools import partial
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import SiteText, current_site
from accounts.models.site import can_change_site
from accounts.site.facts import is_named_in, with_facts
from accounts.site.views import site_editor_only
from config.http.conditional_pages import conditional_detail
from experiences.list_index import held
from experiences.text import markdown

WORDS = ("body_en", "body_fr", "changes_en", "changes_fr")
_HEADING = re.compile(r"<(/?)h([3-6])>")


@require_safe
def site_text(request, kind):
    """Show the version of a text that is in force."""
    return conditional_detail(request, held.read_states, partial(make_page, request, kind))


@require_safe
def site_text_version(request, kind, number):
    """Show one version of a text, for as long as the site lasts."""
    return conditional_detail(request, held.read_states, partial(make_page, request, kind, int(number)))


def make_page(request, kind, number=None):
    texts, site = SiteText.objects, current_site()
    text = texts.latest_of(kind) if number is None else texts.version_of(kind, number)
    if text is None:
        raise Http404
    latest = getattr(text, "latest", text.number)
    incomplete = can_change_site(request.user) and is_named_in(text.body, site)
    context = {
        "text": text,
        "latest": latest,
        "title": SiteText.Kind(kind).label,
        "html": shown(text.body, site),
        "numbers": range(1, latest + 1),
        "missing": site.missing if incomplete else [],
        "noindex": text.number != latest,
    }
    return render(request, "site/text.html", context)


def shown(body, site):
    """Return a text as HTML; its headings stand directly under that of the page."""
    html = markdown.render(with_facts(body, site))
    return _HEADING.sub(lambda found: f"<{found[1]}h{int(found[2]) - 1}>", html)


class SiteTextForm(forms.ModelForm):
    """Both languages of a text, and what its next version changes."""

    number = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    class Meta:
        model = SiteText
        fields = WORDS

    def __init__(self, data=None, *, text):
        words = {f"body_{code}": text.body_in(code) for code in ("en", "fr")}
        super().__init__(data, initial={"number": text.number, **words})
        for name in WORDS:
            self.fields[name].widget.attrs["lang"] = name[-2:]
            self.fields[name].required = False
        for name in ("body_en", "body_fr"):
            self.fields[name].widget.attrs["rows"] = 20
            self.fields[name].needed = True
        for name in ("changes_en", "changes_fr"):
            self.fields[name].needed = text.kind == SiteText.Kind.TERMS

    def _post_clean(self):
        """The verb looks at the version that is made of it."""


@site_editor_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit_site_text(request, kind):
    """Write the next version of a text; look at it first, if one likes."""
    text = SiteText.objects.latest_of(kind)
    form = SiteTextForm(request.POST or None, text=text)
    preview = request.method == "POST" and request.POST.get("do") == "preview"
    if request.method == "POST" and form.is_valid() and not preview:
        words = {name: form.cleaned_data[name] for name in WORDS}
        text.number = form.cleaned_data["number"]  # The one that was read.
        try:
            text.publish_next(by=request.user, **words)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("The text is published."))
            return redirect("site-text", kind)
    context = {"form": form, "kind": kind, "title": SiteText.Kind(kind).label, "text": text}
    if preview and not form.errors:
        words, site = form.cleaned_data, current_site()
        context["previews"] = [(code, shown(words[f"body_{code}"], site)) for code in ("en", "fr")]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "site/edit_text.html", context, status=status)
