"""The site map."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

from accounts.views import set_language
from config import views

handler400 = "config.views.bad_request"
handler403 = "config.views.permission_denied"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("accounts/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
]
# Scaffolding until every app has its addresses.
for module, prefix in [
    ("accounts.urls", "accounts/"),
    ("experiences.urls", "experiences/"),
    ("practices.urls", "practices/"),
    ("practices.browse_urls", ""),
    ("config.api", "api/v1/"),
]:
    if find_spec(module):
        urlpatterns.append(path(prefix, include(module)))
