"""Addresses of the pages about groups, places and rooms."""

from django.urls import path

from casewall.programme.groups import case_pages, views
from casewall.programme.groups.planning import views as planning

urlpatterns = [
    path("groups/", views.groups, name="groups"),
    path("groups/new/", planning.new, name="group_new"),
    path("groups/<uuid:pk>/", views.group, name="group"),
    path("groups/<uuid:pk>/add/", planning.add, name="group_add"),
    path("groups/<uuid:pk>/further/", planning.further, name="group_further"),
    path("groups/<uuid:pk>/facilitators/", planning.facilitators, name="group_facilitators"),
    path("groups/<uuid:pk>/end/", planning.end, name="group_end"),
    path("groups/<uuid:pk>/place/<uuid:case_pk>/", views.place_now, name="group_place"),
    path("sessions/<uuid:pk>/move/", planning.move, name="session_move"),
    path("rooms/", planning.rooms, name="rooms"),
    path("rooms/<uuid:pk>/close/", planning.close_room, name="room_close"),
    path("closed-weeks/", planning.closed, name="closed"),
    path("closed-weeks/<uuid:pk>/", planning.closed_weeks, name="closed_weeks"),
    path("places/<uuid:pk>/end/", views.end_place, name="place_end"),
    path("cases/<uuid:pk>/place/", views.place, name="case_place"),
    path("cases/<uuid:pk>/availability/", case_pages.availability, name="case_availability"),
    path("cases/<uuid:pk>/apart/", case_pages.apart, name="case_apart"),
    path("cases/<uuid:pk>/apart/<uuid:other_pk>/", case_pages.apart_add, name="apart_add"),
    path("cases/<uuid:pk>/apart/<uuid:pair_pk>/end/", case_pages.apart_end, name="apart_end"),
]
