"""Addresses of the pages about needs, declared families and help elsewhere."""

from django.urls import path

from casewall.programme.needs import views

urlpatterns = [
    path("cases/<uuid:pk>/needs/", views.needs, name="needs_state"),
    path("cases/<uuid:pk>/violence/", views.violence, name="violence_state"),
    path("cases/<uuid:pk>/circumstances/", views.circumstances, name="circumstances_state"),
    path("cases/<uuid:pk>/family/", views.family, name="family_state"),
    path("cases/<uuid:pk>/child/", views.child, name="child_declare"),
    path("cases/<uuid:pk>/onward/", views.onward, name="onward_new"),
    path("cases/<uuid:pk>/safeguarding/", views.safeguarding, name="safeguarding_new"),
    path("onward/<uuid:pk>/outcome/", views.settle_onward, name="onward_settle"),
    path("safeguarding/<uuid:pk>/outcome/", views.settle_safeguarding, name="safeguarding_settle"),
]
