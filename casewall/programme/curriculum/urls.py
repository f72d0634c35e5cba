"""Addresses of the pages about programme templates."""

from django.urls import path

from casewall.programme.curriculum import views

urlpatterns = [
    path("templates/", views.templates, name="templates"),
    path("templates/<uuid:pk>/", views.template, name="template"),
]
