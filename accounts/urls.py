"""/accounts/… beside the addresses of allauth."""

from django.urls import path, re_path

from accounts import views
from accounts.invitations import views as invitations

app_name = "accounts"
urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    re_path("^tokens/(?P<handle>[0-9a-f]{16})/revoke/$", views.revoke, name="revoke"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:pk>/resend/", invitations.resend, name="resend_invitation"),
    path("invitations/<int:pk>/revoke/", invitations.revoke, name="revoke_invitation"),
    path("invitation/", invitations.accept_invitation, name="accept_invitation"),
    path("invitation/leave/", invitations.let_go, name="leave_invitation"),
    path("invitation/<str:key>/", invitations.invitation, name="invitation"),
    path("theme/", views.theme, name="theme"),
]
