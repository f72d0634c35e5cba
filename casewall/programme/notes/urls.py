"""Addresses of the pages about notes."""

from django.urls import path

from casewall.programme.notes import views

urlpatterns = [
    path("cases/<uuid:pk>/notes/new/", views.new, name="note_new"),
    path("cases/<uuid:pk>/chronology/", views.chronology, name="chronology"),
    path("notes/waiting/", views.waiting, name="notes_waiting"),
    path("notes/<uuid:pk>/", views.note, name="note"),
    path("notes/<uuid:pk>/edit/", views.edit, name="note_edit"),
    path("notes/<uuid:pk>/correct/", views.correct, name="note_correct"),
]
