"""Pages and feeds that belong to the whole site."""

from django.urls import path

from experiences.feeds import ReportFeed
from experiences.views.listing import as_csv
from practices import sitemaps
from practices.feeds import PracticeFeed
from practices.views import browse, glossary, listing, search
from practices.views.moderation import queue

urlpatterns = [
    path("", browse.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggest, name="suggestions"),
    path("stakes/", browse.stakes, name="stakes"),
    path("stakes/<slug:slug>/", browse.stake, name="stake"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("glossary/trade/", glossary.trade_words, name="trade-words"),
    path("glossary/trade/<slug:slug>/", glossary.trade_word, name="trade-word"),
    path("alarm/<slug:kind>/<slug:key>/", queue.alarm, name="alarm"),
    path("moderation/", queue.queue, name="moderation"),
    path("moderation/names/<slug:key>/", queue.shown_name, name="moderation-name"),
    path("experiences.csv", as_csv, name="experiences-csv"),
    path("practices.csv", listing.as_csv, name="practices-csv"),
    path("feeds/experiences/", ReportFeed(), name="feed-experiences"),
    path("feeds/practices/", PracticeFeed(), name="feed-practices"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap-section"),
]
