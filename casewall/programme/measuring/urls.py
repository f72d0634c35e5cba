"""Addresses of the questionnaires of this side."""

from django.urls import path

from casewall.programme.measuring import views, worklist

urlpatterns = [
    path("measures/due/", worklist.due, name="measures-due"),
    path("measures/score-again/", worklist.again, name="measures_again"),
    path("cases/<uuid:pk>/measures/", views.choose, name="measure_choose"),
    path(
        "cases/<uuid:pk>/measures/<str:measure>/<str:wave>/", views.answers, name="measure_record"
    ),
    path(
        "cases/<uuid:pk>/measures/<str:measure>/<str:wave>/silence/",
        views.silence,
        name="measure_silence",
    ),
]
