"""/practices/…"""

from django.urls import path

from practices.views import clusters, desk, listing, mine, organisations, related, trials
from practices.views.moderation import decisions, redaction
from practices.views.practice import comparison, detail, downloads
from practices.views.workbench import (
    claims,
    comments,
    edit,
    evidence,
    material,
    transitions,
    translation,
)

app_name = "practices"

urlpatterns = [
    path("", listing.index, name="index"),
    path("desk/", desk.desk, name="desk"),
    path("mine/", mine.mine, name="mine"),
    path("clusters/", clusters.clusters, name="clusters"),
    path("clusters/begin/", clusters.begin, name="begin"),
    path("clusters/dismiss/", clusters.dismiss, name="dismiss"),
    path("clusters/take-back/", clusters.take_back, name="take_back"),
    path("clusters/<slug:key>/", clusters.cluster, name="cluster"),
    path("use/<slug:public_id>/", clusters.use, name="use"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/<int:pk>/undo/", organisations.undo, name="undo_organisation"),
    path("new/", edit.new, name="new"),
    path("grading/", detail.grading_page, name="grading"),
    path("compare/", comparison.comparison, name="comparison"),
    path("near/", related.near, name="near"),
    path("near/<slug:public_id>/", related.nearest, name="nearest"),
    # What readers see
    path("<slug:slug>/", detail.detail, name="detail"),
    path("<slug:slug>/v/<int:number>/", detail.version, name="version"),
    path("<slug:slug>/v/<int:number>.md", downloads.markdown, name="markdown"),
    path("<slug:slug>/v/<int:number>.bib", downloads.bibtex, name="bibtex"),
    path("<slug:slug>/v/<int:number>.json", downloads.data, name="data"),
    path("<slug:slug>/compare/", detail.compare, name="compare"),
    path("<slug:slug>/try/", trials.try_out, name="try_out"),
    path("<slug:slug>/trial/grow/", trials.grow, name="grow"),
    # What moderators withhold and take down
    path("<slug:slug>/decide/<slug:verb>/", decisions.decide, name="decide"),
    path(
        "<slug:slug>/decide/<slug:lasting_id>/<slug:verb>/", decisions.decide_on_claim, name="decide_on_claim"
    ),
    path("<slug:slug>/withhold/", redaction.withhold, name="withhold"),
    path("<slug:slug>/withheld/", redaction.withheld, name="withheld"),
    # The working copy
    path("<slug:slug>/edit/", edit.edit, name="edit"),
    path("<slug:slug>/workbench/", claims.workbench, name="workbench"),
    path("<slug:slug>/claims/<int:pk>/cite/", evidence.cite, name="cite"),
    path("<slug:slug>/claims/<int:pk>/<slug:verb>/", claims.claim, name="claim"),
    path("<slug:slug>/comments/", comments.comment, name="comment"),
    path("<slug:slug>/comments/<int:pk>/settle/", comments.settle, name="settle"),
    path("<slug:slug>/evidence/<int:pk>/remove/", claims.uncite, name="uncite"),
    path("<slug:slug>/translate/", translation.translate, name="translate"),
    path("<slug:slug>/follow/", translation.follow, name="follow"),
    path("<slug:slug>/material/", material.material, name="material"),
    path("<slug:slug>/material/add/", material.add, name="add_material"),
    path("<slug:slug>/material/claim/", material.add_claim, name="add_claim"),
    path("<slug:slug>/material/<slug:public_id>/cite/", material.attach, name="attach"),
    path("<slug:slug>/material/<slug:public_id>/remove/", material.remove, name="remove_material"),
    path("<slug:slug>/do/<slug:verb>/", transitions.transition, name="transition"),
]
