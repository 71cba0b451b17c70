"""/practices/…"""

from django.urls import path

from practices import desk, listing, views

app_name = "practices"

urlpatterns = [
    path("", listing.index, name="index"),
    path("desk/", desk.desk, name="desk"),
    path("new/", desk.new, name="new"),
    path("grading/", views.grading_page, name="grading"),
    # What readers see
    path("<slug:slug>/", views.detail, name="detail"),
    path("<slug:slug>/v/<int:number>/", views.version, name="version"),
    path("<slug:slug>/compare/", views.compare, name="compare"),
    path("<slug:slug>/try/", views.try_out, name="try_out"),
    # The working copy
    path("<slug:slug>/edit/", desk.edit, name="edit"),
    path("<slug:slug>/workbench/", desk.workbench, name="workbench"),
    path("<slug:slug>/claims/<int:pk>/cite/", desk.cite, name="cite"),
    path("<slug:slug>/claims/<int:pk>/<slug:verb>/", desk.claim, name="claim"),
    path("<slug:slug>/evidence/<int:pk>/remove/", desk.uncite, name="uncite"),
    path("<slug:slug>/do/<slug:verb>/", desk.transition, name="transition"),
]
