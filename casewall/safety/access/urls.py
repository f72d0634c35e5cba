"""Addresses of the pages about access on this side."""

from django.urls import path

from casewall.programme.access import views
from casewall.safety.access.looking import CHILD, DESK, FILE

AT = {"desk": DESK}
OF_A_FILE = {"desk": DESK, "kind": FILE}
OF_A_CHILD = {"desk": DESK, "kind": CHILD}

urlpatterns = [
    path("access/find/", views.find, AT, name="access-find"),
    path("access/review/", views.review, AT, name="access-review"),
    path("access/openings/<uuid:pk>/", views.decide, AT, name="access-decide"),
    path("access/openings/<uuid:pk>/back/", views.hand_back, AT, name="access-back"),
    path("access/kept-away/<uuid:pk>/end/", views.let_back, AT, name="access-end"),
    path("partners/<uuid:pk>/kept-away/", views.kept_away, OF_A_FILE, name="partnerfile-kept-away"),
    path("partners/<uuid:pk>/conflict/", views.conflict, OF_A_FILE, name="partnerfile-conflict"),
    path("partners/<uuid:pk>/viewers/", views.viewers, OF_A_FILE, name="partnerfile-viewers"),
    path("children/<uuid:pk>/kept-away/", views.kept_away, OF_A_CHILD, name="child-kept-away"),
    path("children/<uuid:pk>/conflict/", views.conflict, OF_A_CHILD, name="child-conflict"),
    path("children/<uuid:pk>/viewers/", views.viewers, OF_A_CHILD, name="child-viewers"),
]
