"""Addresses of the pages about groups and their registers."""

from django.urls import path

from casewall.programme.groups import views

urlpatterns = [
    path("groups/", views.groups, name="groups"),
    path("groups/new/", views.new, name="group_new"),
    path("groups/<uuid:pk>/", views.group, name="group"),
    path("cases/<uuid:pk>/place/", views.place, name="case_place"),
    path("places/<uuid:pk>/end/", views.end_place, name="place_end"),
    path("sessions/<uuid:pk>/register/", views.register, name="register"),
    path("sessions/<uuid:pk>/cancel/", views.cancel, name="session_cancel"),
]
