"""/experiences/…"""

from django.urls import path, register_converter

from experiences import history, listing, moderating, views, writing
from experiences.identifying.check import check

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
    path("new/", writing.new, name="new"),
    path("mine/", views.mine, name="mine"),
    path("check/", check, name="check"),
    path("<public_id:public_id>/", views.detail, name="detail"),
    path("<public_id:public_id>/edit/", writing.edit, name="edit"),
    path(
        "<public_id:public_id>/questions/<public_id:question_id>/<slug:verb>/",
        views.question,
        name="question",
    ),
    path("<public_id:public_id>/history/", history.history, name="history"),
    path("<public_id:public_id>/withheld/", moderating.withheld, name="withheld"),
    path("<public_id:public_id>/<slug:verb>/", views.transition, name="transition"),
]
