from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class PracticesConfig(AppConfig):
    name = "practices"
    verbose_name = gettext_lazy("Practices")

    def ready(self):
        """Let kept searches know how each list is found, whatever else is loaded."""
        from experiences.search import reports  # noqa: F401
        from practices.search import filters  # noqa: F401
