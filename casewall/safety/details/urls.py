"""Addresses of contact details."""

from django.urls import path

from casewall.safety.details.views import changes

urlpatterns = [
    path("partners/<uuid:pk>/details/change/", changes.change, name="change-details"),
    path(
        "partners/<uuid:pk>/details/changes/<uuid:change>/",
        changes.one_change,
        name="detail-change",
    ),
    path(
        "partners/<uuid:pk>/details/changes/<uuid:change>/check/",
        changes.check,
        name="check-detail-change",
    ),
    path(
        "partners/<uuid:pk>/details/changes/<uuid:change>/drop/",
        changes.drop,
        name="drop-detail-change",
    ),
]
