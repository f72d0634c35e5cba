"""Addresses of referrals on this side."""

from django.urls import path

from casewall.programme.referrals import views

urlpatterns = [path("cases/<uuid:pk>/referrer/", views.whose, name="case_referrer")]
