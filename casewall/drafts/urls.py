"""Addresses of drafts, the same on either side."""

from django.urls import path

from casewall.drafts import views

urlpatterns = [
    path("drafts/", views.drafts, name="drafts"),
    path("drafts/save/", views.save, name="draft_save"),
    path("drafts/throw-away/", views.throw_away, name="draft_throw_away"),
]
