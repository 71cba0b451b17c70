"""My situation: the contexts a member works in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.decorators import member_only
from experiences.forms import SituationForm
from experiences.models import Situation


@member_only
@require_http_methods(["GET", "HEAD", "POST"])
def situation(request):
    """State where you work: copied into each new report, used to rank what you read."""
    held = Situation.of(request.user)
    form = SituationForm(request.POST or None, chosen=list(held.contexts.all()) if held else [])
    if request.method == "POST" and form.is_valid():
        try:
            Situation.state(form.chosen_contexts(), by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Your situation is saved."))
            return redirect("situation")
    context = {"form": form, "held": held}
    return render(request, "experiences/situation.html", context, status=422 if form.errors else 200)
