"""/accounts/… beside the addresses of allauth."""

from django.urls import path, re_path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    re_path("^tokens/(?P<handle>[0-9a-f]{16})/revoke/$", views.revoke, name="revoke"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("theme/", views.theme, name="theme"),
]
