"""/accounts/…: allauth's addresses of the provider's accounts, as far as there is a provider."""

from allauth.socialaccount import views as allauth
from django.contrib.auth.decorators import login_required
from django.urls import path

from accounts.openid_connect import views
from accounts.openid_connect.views import set_password, where_configured

urlpatterns = [
    path("password/set/", login_required(set_password), name="account_set_password"),
    path("oidc/<slug:provider_id>/login/", where_configured(views.login), name="openid_connect_login"),
    path(
        "oidc/<slug:provider_id>/login/callback/",
        where_configured(views.callback),
        name="openid_connect_callback",
    ),
    path("3rdparty/signup/", where_configured(allauth.signup), name="socialaccount_signup"),
    path(
        "3rdparty/",
        login_required(where_configured(allauth.connections)),
        name="socialaccount_connections",
    ),
]
