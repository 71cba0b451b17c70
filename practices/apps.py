from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class PracticesConfig(AppConfig):
    name = "practices"
    verbose_name = gettext_lazy("Practices")
