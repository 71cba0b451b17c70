"""Pages and feeds that belong to the whole site."""

from django.urls import path, re_path

from experiences.feeds import ReportFeed
from experiences.views.downloads import vocabulary
from experiences.views.listing import as_csv
from practices import sitemaps
from practices.feeds import PracticeFeed
from practices.figures.views import figures, figures_csv
from practices.inbox import views as inbox
from practices.search_feeds import search_feed
from practices.views import browse, glossary, kept_searches, listing, search, site_texts, welcome
from practices.views.field_map.evidence_map import evidence_map
from practices.views.field_map.stake import stake
from practices.views.moderation import queue
from practices.views.role import role_map

TEXT = "(?P<kind>about|contact|legal|privacy|terms|accessibility)/"
urlpatterns = [
    path("", browse.home, name="home"),
    path("welcome/", welcome.welcome, name="welcome"),
    path("welcome/situation/", welcome.situation, name="welcome-situation"),
    path("welcome/languages/", welcome.languages, name="welcome-languages"),
    path("welcome/following/", welcome.following, name="welcome-following"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggest, name="suggestions"),
    path("stakes/", browse.stakes, name="stakes"),
    path("stakes/<slug:slug>/", stake, name="stake"),
    path("map/", evidence_map, name="evidence-map"),
    path("role/", role_map.role_map, name="role"),
    path("role.svg", role_map.as_file, {"end": "svg"}, name="role-svg"),
    path("role.opml", role_map.as_file, {"end": "opml"}, name="role-opml"),
    path("role.md", role_map.as_file, {"end": "md"}, name="role-markdown"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("glossary/trade/", glossary.trade_words, name="trade-words"),
    path("glossary/trade/<slug:slug>/", glossary.trade_word, name="trade-word"),
    path("alarm/<slug:kind>/<slug:key>/", queue.alarm, name="alarm"),
    path("moderation/", queue.queue, name="moderation"),
    path("moderation/names/<slug:key>/", queue.shown_name, name="moderation-name"),
    path("vocabulary.jsonld", vocabulary, name="vocabulary-skos"),
    path("experiences.csv", as_csv, name="experiences-csv"),
    path("practices.csv", listing.as_csv, name="practices-csv"),
    path("following/", kept_searches.following, name="following"),
    path("following/stop/<str:token>/", kept_searches.stop_alert, name="stop_alert"),
    path("following/<slug:public_id>/", kept_searches.results, name="search_results"),
    path("following/<slug:public_id>/change/", kept_searches.change, name="change_search"),
    path("following/<slug:public_id>/delete/", kept_searches.delete, name="delete_search"),
    path("figures/", figures, name="figures"),
    path("figures.csv", figures_csv, name="figures-csv"),
    path("notifications/", inbox.notifications, name="notifications"),
    path("notifications/read/", inbox.read_notifications, name="read_notifications"),
    path("notifications/choices/", inbox.notification_choices, name="notification_choices"),
    re_path(
        "^notifications/(?P<public_id>[0-9a-f]{16})/open/$", inbox.open_notification, name="open_notification"
    ),
    path("feeds/experiences/", ReportFeed(), name="feed-experiences"),
    path("feeds/practices/", PracticeFeed(), name="feed-practices"),
    path("feeds/searches/<slug:public_id>/", search_feed, name="feed-search"),
    re_path(f"^{TEXT}$", site_texts.site_text, name="site-text"),
    re_path(
        f"^{TEXT}v/(?P<number>[1-9][0-9]{{0,5}})/$", site_texts.site_text_version, name="site-text-version"
    ),
    re_path(f"^site/texts/{TEXT}$", site_texts.edit_site_text, name="site-text-edit"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.section, name="sitemap-section"),
]
