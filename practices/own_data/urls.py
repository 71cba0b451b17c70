"""/accounts/…: the pages of accounts, and those that need to know of everything."""

from django.urls import path

from accounts import urls
from experiences.views.profile import me
from practices.own_data import views

app_name = urls.app_name
urlpatterns = [
    *urls.urlpatterns,
    path("me/", me, name="me"),
    path("data/", views.data, name="data"),
    path("data/file/", views.data_file, name="data_file"),
    path("close/", views.close, name="close"),
]
