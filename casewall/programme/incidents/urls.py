"""Addresses of the pages about incidents, proceedings and custody."""

from django.urls import path

from casewall.programme.incidents import views

urlpatterns = [
    path("cases/<uuid:pk>/incident/", views.incident_new, name="incident_new"),
    path("cases/<uuid:pk>/proceeding/", views.proceeding_new, name="proceeding_new"),
    path("cases/<uuid:pk>/custody/", views.custody_new, name="custody_new"),
    path("cases/<uuid:pk>/asked/", views.asked_new, name="asked_new"),
    path("incidents/<uuid:pk>/", views.incident, name="incident"),
    path("incidents/<uuid:pk>/correct/", views.incident_correct, name="incident_correct"),
    path("incidents/<uuid:pk>/take-back/", views.incident_take_back, name="incident_take_back"),
    path("incident-reviews/<uuid:pk>/", views.review, name="incident_review"),
    path("proceedings/<uuid:pk>/", views.proceeding, name="proceeding"),
    path("proceedings/<uuid:pk>/change/", views.proceeding_change, name="proceeding_change"),
    path("proceedings/<uuid:pk>/hearing/", views.court_day_new, name="court_day_new"),
    path("hearings/<uuid:pk>/outcome/", views.court_day_settle, name="court_day_settle"),
    path("custody/<uuid:pk>/change/", views.custody_change, name="custody_change"),
]
