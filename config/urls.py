"""The site map."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import set_language
from config import views
from experiences.views.lens import visit
from experiences.views.list_page.languages import list_languages
from experiences.views.situation import situation

handler400 = "config.views.bad_request"
handler403 = "config.views.permission_denied"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"

urlpatterns = [
    path("", include("practices.site_urls")),
    path("experiences/", include("experiences.urls")),
    path("practices/", include("practices.urls")),
    path("vocabulary/", include("experiences.vocabulary_urls")),
    path("situation/", situation, name="situation"),
    path("situation/visit/", visit, name="visit"),
    path("languages/", list_languages, name="list_languages"),
    # Ours first: a few addresses under the same prefix are not allauth's.
    path("accounts/", include("practices.own_data.urls")),
    path("site/", include("accounts.site.urls")),
    path("accounts/language/", set_language, name="set_language"),
    path("accounts/", include("accounts.openid_connect.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("api/v1/", include("config.api")),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("robots.txt", views.robots, name="robots"),
]
