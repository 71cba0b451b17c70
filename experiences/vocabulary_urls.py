"""/vocabulary/…: the closed lists in the hands of moderators."""

from django.urls import path, register_converter

from experiences.views.vocabulary import keywords, listing, new, reports, term

app_name = "vocabulary"


class Address:
    """The list of a row, its group where slugs are unique within it, and its slug."""

    regex = (
        "(?:stakes|competencies|facets|effects|glossary)/[-a-zA-Z0-9_]{1,100}"
        "|(?:contexts|wordings)(?:/[-a-zA-Z0-9_]{1,100}){2}"
    )

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(Address, "term_address")

urlpatterns = [
    path("", listing.index, name="index"),
    path("new/<slug:kind>/", new.new, name="new"),
    path("keywords/", keywords.keywords, name="keywords"),
    path("keywords/<int:pk>/", keywords.keyword, name="keyword"),
    path("keywords/<int:pk>/do/<slug:verb>/", keywords.decide, name="decide"),
    path("<term_address:address>/", term.term, name="term"),
    path("<term_address:address>/reports/", reports.reports, name="reports"),
    path("<term_address:address>/do/<slug:verb>/", term.transition, name="transition"),
]
