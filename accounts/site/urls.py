"""/site/…: what staff and members do about the site itself."""

from django.urls import path, re_path

from accounts.site import views

app_name = "site"
urlpatterns = [
    path("", views.settings, name="settings"),
    re_path("^logo/(?P<digest>[0-9a-f]{32})[.](?P<kind>png|jpg|webp)$", views.logo, name="logo"),
    path("terms/accept/", views.accept_terms, name="accept_terms"),
]
