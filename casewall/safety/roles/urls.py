"""Addresses of the pages about who does what to whom."""

from django.urls import path

from casewall.safety.roles import views

urlpatterns = [
    path("partners/<uuid:pk>/roles/", views.begin, name="roles-begin"),
    path("roles/<uuid:pk>/", views.assessment, name="roles"),
    path("roles/<uuid:pk>/incident/", views.incident, name="roles-incident"),
    path("roles/<uuid:pk>/incident/<uuid:row>/strike/", views.strike, name="roles-strike"),
    path("roles/<uuid:pk>/conclude/", views.conclude, name="roles-conclude"),
    path("roles/<uuid:pk>/ask/", views.ask, name="roles-ask"),
    path("roles/<uuid:pk>/sign-off/", views.sign, name="roles-sign"),
    path("roles/<uuid:pk>/set-aside/", views.aside, name="roles-aside"),
]
