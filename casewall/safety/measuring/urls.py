"""Addresses of the questionnaires of this side."""

from django.urls import path

from casewall.safety.measuring import worklist

urlpatterns = [
    path("measures/due/", worklist.due, name="measures-due"),
    path("measures/score-again/", worklist.again, name="measures-again"),
]
