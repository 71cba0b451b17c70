from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class ExperiencesConfig(AppConfig):
    name = "experiences"
    verbose_name = gettext_lazy("Reports")
