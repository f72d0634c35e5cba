"""Addresses of case meetings."""

from django.urls import path

from casewall.safety.meetings.views import items, meetings

urlpatterns = [
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/new/", meetings.plan, name="meeting-new"),
    path("meetings/<uuid:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<uuid:pk>/print/", meetings.printed, name="meeting-print"),
    path("meetings/<uuid:pk>/agenda/", meetings.build, name="meeting-agenda"),
    path("meetings/<uuid:pk>/begin/", meetings.begin, name="meeting-begin"),
    path("meetings/<uuid:pk>/close/", meetings.close, name="meeting-close"),
    path("meetings/<uuid:pk>/who/", meetings.attendance, name="meeting-who"),
    path("meetings/<uuid:pk>/minutes/", meetings.minutes, name="meeting-minutes"),
    path("meeting-attendees/<uuid:pk>/", meetings.presence, name="attendee-presence"),
    path("partners/<uuid:pk>/agenda/", meetings.add, name="agenda-add"),
    path("agenda/<uuid:pk>/", items.item, name="agenda-item"),
    path("agenda/<uuid:pk>/decision/", items.keep, name="agenda-keep"),
    path("agenda/<uuid:pk>/off/", items.take_off, name="agenda-off"),
    path("agenda/<uuid:pk>/on/", items.put_back, name="agenda-on"),
    path("agenda/<uuid:pk>/action/", items.add_action, name="agenda-action"),
    path("agenda/<uuid:pk>/extract/", items.extract, name="agenda-extract"),
    path("meeting-actions/<uuid:pk>/", items.action, name="meeting-action"),
]
