"""The site map, and the views to compare with."""

from django.urls import include, path

from bench.scale.site import floor, naive
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as site

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [
    path("bench/floor/", floor.newest),
    path("bench/inserts/", floor.inserts),
    path("bench/naive/", naive.NaiveList.as_view()),
    path("", include(site)),
]
