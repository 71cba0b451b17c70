from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy


class ExperiencesConfig(AppConfig):
    name = "experiences"
    verbose_name = gettext_lazy("Reports")

    def ready(self):
        for signal in (post_save, post_delete):
            signal.connect(
                number_names, sender=settings.AUTH_USER_MODEL, dispatch_uid="experiences.number_names"
            )


def number_names(created=False, update_fields=None, **kwargs):
    """Let pages that show names be made anew, after a member whose name may be another was written, or is
    gone.
    """
    from experiences.list_index.held import NAMES
    from experiences.models import ListState

    if not created and (update_fields is None or "display_name" in update_fields):
        ListState.advance(NAMES)
