"""Addresses of the worker's pages about questions on a device."""

from django.urls import path

from casewall.safety.asking import views

urlpatterns = [
    path("partners/<uuid:pk>/device/", views.ask, name="ask-on-device"),
    path("partners/<uuid:pk>/device/<uuid:asking>/close/", views.close, name="close-asking"),
]
