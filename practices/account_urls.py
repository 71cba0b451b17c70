"""/accounts/…: the pages of accounts, and those that need to know of everything."""

from django.urls import path

from accounts import urls
from practices import account_views

app_name = urls.app_name
urlpatterns = [
    *urls.urlpatterns,
    path("data/", account_views.data, name="data"),
    path("data/file/", account_views.data_file, name="data_file"),
    path("close/", account_views.close, name="close"),
]
