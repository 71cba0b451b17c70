"""/experiences/…"""

from django.urls import path, register_converter

from experiences.views import detail, downloads, listing, mine, redaction, revisions, transitions
from experiences.views.form import edit

app_name = "experiences"


class PublicId:
    """12 random characters; anything else is no address of ours."""

    regex = "[a-z0-9]{12}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(PublicId, "public_id")

urlpatterns = [
    path("", listing.index, name="index"),
    path("new/", edit.new, name="new"),
    path("new/note/", edit.note, name="note"),
    path("mine/", mine.mine, name="mine"),
    path("check/", edit.check, name="check"),
    path("<public_id:public_id>/", detail.detail, name="detail"),
    path("<public_id:public_id>.md", downloads.markdown, name="markdown"),
    path("<public_id:public_id>.bib", downloads.bibtex, name="bibtex"),
    path("<public_id:public_id>/edit/", edit.edit, name="edit"),
    path(
        "<public_id:public_id>/questions/<public_id:question_id>/<slug:verb>/",
        transitions.question,
        name="question",
    ),
    path("<public_id:public_id>/history/", revisions.history, name="history"),
    path("<public_id:public_id>/withheld/", redaction.withheld, name="withheld"),
    path("<public_id:public_id>/<slug:verb>/", transitions.transition, name="transition"),
]
