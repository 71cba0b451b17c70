"""The working copy as every view of the workbench takes it, and what happens when a change is refused."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from config.verbs import perform
from practices.models import Practice
from practices.models.practice.state import require_curator


def working_copy(request, slug):
    """Return the practice a curator works on: unknown to others if never published, else refused."""
    practice = Practice.objects.visible_to(request.user).for_list().get_at(slug)
    require_curator(request.user)
    return practice


def set_seen_version(practice, form):
    """Let a change of `practice` be refused if it was changed since the page of `form` was shown."""
    practice.edit_version = form.cleaned_data.get("edit_version") or practice.edit_version


def attempt(request, practice, act, page, **forms_):
    """Call `act`; return None, or when it is refused `page` with what was typed in `forms_`."""

    def act_unless_locked():
        try:
            act()
        except PermissionDenied:
            locked = _("This practice is not open for changes as it stands. What you typed is kept below.")
            raise ValidationError(locked, code="locked") from None

    def refused(error, status):
        if getattr(error, "code", None) == "locked":
            return page(request, practice, status=403, refusal=error.messages, **forms_)
        fresh = working_copy(request, practice.slug)
        for form in forms_.values():
            _show_version(form, fresh)
        return page(request, fresh, status=status, refusal=error.messages, **forms_)

    return perform(act_unless_locked, refused)


def _show_version(form, practice):
    """Give a refused form the version that its page now shows: the other's change stands above it."""
    if "edit_version" in form.fields:
        form.data = form.data.copy()
        form.data[form.add_prefix("edit_version")] = str(practice.edit_version)
