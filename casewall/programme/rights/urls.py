"""Addresses of the pages about clients' requests, complaints and breaches."""

from django.urls import path

from casewall.programme.rights import views

urlpatterns = [
    path("cases/<uuid:pk>/right/", views.ask, name="rights_ask"),
    path("cases/<uuid:pk>/restrict/", views.restrict, name="rights_restrict"),
    path("cases/<uuid:pk>/complaint/", views.complaint_about_case, name="case_complaint"),
    path("rights/<uuid:pk>/", views.shown, name="rights_request"),
    path("rights/<uuid:pk>/identity/", views.identity, name="rights_identity"),
    path("rights/<uuid:pk>/collect/", views.collect, name="rights_collect"),
    path("rights/<uuid:pk>/withdraw/", views.withdraw, name="rights_withdraw"),
    path("rights/<uuid:pk>/statement/", views.statement, name="rights_statement"),
    path("rights/<uuid:pk>/decide/", views.decide, name="rights_decide"),
    path("restrictions/<uuid:pk>/lift/", views.lift, name="rights_lift"),
    path("complaints/", views.complaints, name="complaints"),
    path("complaints/new/", views.complaint_new, name="complaint_new"),
    path("complaints/<uuid:pk>/", views.complaint, name="complaint"),
    path("complaints/<uuid:pk>/acknowledge/", views.complaint_acknowledge,
         name="complaint_acknowledge"),
    path("complaints/<uuid:pk>/answer/", views.complaint_answer, name="complaint_answer"),
    path("breaches/", views.breaches, name="breaches"),
    path("breaches/new/", views.breach_new, name="breach_new"),
    path("breaches/<uuid:pk>/", views.breach, name="breach"),
]  # fmt: skip
