"""Addresses of the pages of an assessment."""

from django.urls import path

from casewall.programme.assessments import views

urlpatterns = [
    path("cases/<uuid:pk>/eligibility/", views.eligibility, name="case_eligibility"),
    path("cases/<uuid:pk>/suitability/", views.suitability, name="case_decide"),
]
