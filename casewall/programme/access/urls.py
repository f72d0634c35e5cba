"""Addresses of the pages about access."""

from django.urls import path

from casewall.programme.access import views
from casewall.programme.access.looking import CASE, DESK

AT = {"desk": DESK}
OF_A_CASE = {"desk": DESK, "kind": CASE}

urlpatterns = [
    path("access/find/", views.find, AT, name="access-find"),
    path("access/review/", views.review, AT, name="access-review"),
    path("access/openings/<uuid:pk>/", views.decide, AT, name="access-decide"),
    path("access/openings/<uuid:pk>/back/", views.hand_back, AT, name="access-back"),
    path("access/kept-away/<uuid:pk>/end/", views.let_back, AT, name="access-end"),
    path("cases/<uuid:pk>/kept-away/", views.kept_away, OF_A_CASE, name="case-kept-away"),
    path("cases/<uuid:pk>/conflict/", views.conflict, OF_A_CASE, name="case-conflict"),
    path("cases/<uuid:pk>/viewers/", views.viewers, OF_A_CASE, name="case-viewers"),
]
