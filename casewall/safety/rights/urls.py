"""Addresses of the pages about requests, complaints and breaches on this side."""

from django.urls import path

from casewall.safety.rights.views import other, requests

urlpatterns = [
    path("rights/", requests.listed, name="rights-requests"),
    path("rights/worker/", requests.ask_as_worker, name="rights-worker"),
    path("partners/<uuid:pk>/right/", requests.ask, name="rights-ask"),
    path("children/<uuid:pk>/right/", requests.ask_for_child, name="rights-child"),
    path("partners/<uuid:pk>/statement/", requests.statement, name="file-statement"),
    path("partners/<uuid:pk>/restrict/", requests.restrict, name="file-restrict"),
    path("partners/<uuid:pk>/complaint/", other.complaint_of_file, name="file-complaint"),
    path("file-restrictions/<uuid:pk>/lift/", requests.lift, name="file-lift"),
    path("rights/<uuid:pk>/", requests.shown, name="rights-request"),
    path("rights/<uuid:pk>/identity/", requests.identity, name="rights-identity"),
    path("rights/<uuid:pk>/gather/", requests.gather, name="rights-gather"),
    path("rights/<uuid:pk>/extend/", requests.extend, name="rights-extend"),
    path("rights/<uuid:pk>/decide/", requests.decide, name="rights-decide"),
    path("rights/<uuid:pk>/by-hand/", requests.by_hand, name="rights-by-hand"),
    path("rights/<uuid:pk>/records/", requests.items, name="rights-items"),
    path("rights/<uuid:pk>/confirm/", requests.confirm, name="rights-confirm"),
    path("rights/<uuid:pk>/reply.pdf", requests.paper, name="rights-paper"),
    path("rights/<uuid:pk>/send/", requests.send, name="rights-send"),
    path("rights/records/<uuid:pk>/", requests.item, name="rights-item"),
    path("complaints/", other.complaints, name="complaints"),
    path("complaints/new/", other.complaint_new, name="complaint-new"),
    path("complaints/<uuid:pk>/", other.complaint, name="complaint"),
    path("complaints/<uuid:pk>/acknowledge/", other.complaint_acknowledge,
         name="complaint-acknowledge"),
    path("complaints/<uuid:pk>/answer/", other.complaint_answer, name="complaint-answer"),
    path("breaches/", other.breaches, name="breaches"),
    path("breaches/new/", other.breach_new, name="breach-new"),
    path("breaches/<uuid:pk>/", other.breach, name="breach"),
    path("breaches/<uuid:pk>/contain/", other.contain, name="breach-contain"),
    path("breaches/<uuid:pk>/judge/", other.judge, name="breach-judge"),
    path("breaches/<uuid:pk>/authority/", other.authority, name="breach-authority"),
    path("breaches/<uuid:pk>/persons/", other.persons, name="breach-persons"),
    path("breaches/<uuid:pk>/close/", other.close, name="breach-close"),
    path("purposes/", other.register, name="purposes"),
]  # fmt: skip
