"""Addresses of joint risk: the picture, its reviews and plan, signs of danger, vulnerability."""

from django.urls import path

from casewall.safety.risk.views import pictures, plan, signals, vulnerability

urlpatterns = [
    path("risks/", pictures.risks, name="joint-risks"),
    path("risks/client/<uuid:pk>/", pictures.client_risk, name="client-risk"),
    path("partners/<uuid:pk>/risk/", pictures.joint_risk, name="joint-risk"),
    path("partners/<uuid:pk>/risk/review/", pictures.review, name="risk-review"),
    path("partners/<uuid:pk>/risk/trigger/", pictures.trigger, name="risk-trigger"),
    path("risks/<uuid:pk>/action/", plan.new, name="risk-action-new"),
    path("risk-actions/<uuid:pk>/", plan.action, name="risk-action"),
    path("danger/", signals.signals, name="danger-signals"),
    path("danger/<uuid:pk>/", signals.signal, name="danger-signal"),
    path("partners/<uuid:pk>/danger/", signals.new, name="danger-new"),
    path("partners/<uuid:pk>/vulnerability/", vulnerability.new, name="vulnerability-new"),
    path("vulnerability/<uuid:pk>/", vulnerability.assessment, name="vulnerability"),
    path("vulnerability/<uuid:pk>/write/", vulnerability.write, name="vulnerability-write"),
    path("vulnerability/<uuid:pk>/hand-in/", vulnerability.hand, name="vulnerability-hand-in"),
    path("vulnerability/<uuid:pk>/sign/", vulnerability.sign, name="vulnerability-sign"),
    path("vulnerability/<uuid:pk>/return/", vulnerability.give_back, name="vulnerability-return"),
    path("vulnerability/<uuid:pk>/again/", vulnerability.again, name="vulnerability-again"),
]
