"""The site map, and the views to compare with."""

from django.urls import include, path

from bench.scale.site import floor, naive
from config.urls import *  # noqa: F403
from config.urls import urlpatterns as site

urlpatterns = [
    path("bench/floor/", floor.newest),
    path("bench/inserts/", floor.inserts),
    path("bench/naive/", naive.NaiveList.as_view()),
    path("", include(site)),
]
