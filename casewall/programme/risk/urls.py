"""Addresses of the pages about risk, commissions and what readers of reports say."""

from django.urls import path

from casewall.programme.risk import views
from casewall.programme.risk.commissions import views as commissions

urlpatterns = [
    path("risk/", views.overview, name="risk_list"),
    path("cases/<uuid:pk>/risk/begin/", views.begin, name="risk_begin"),
    path("cases/<uuid:pk>/risk/evidence/", views.evidence, name="risk_evidence"),
    path("cases/<uuid:pk>/commission/", commissions.new, name="commission_new"),
    path("risk/<uuid:pk>/", views.assessment, name="risk_assessment"),
    path("risk/<uuid:pk>/sources/", views.sources, name="risk_sources"),
    path("risk/<uuid:pk>/part/<slug:part>/", views.section, name="risk_section"),
    path("risk/<uuid:pk>/judgement/", views.judgement, name="risk_judgement"),
    path("risk/<uuid:pk>/send/", views.send, name="risk_send"),
    path("risk/<uuid:pk>/sign/", views.sign, name="risk_sign"),
    path("measure-answers/<uuid:pk>/raise/", views.raise_tool, name="risk_raise"),
    path("commissions/", commissions.commissions, name="commissions"),
    path("commissions/<uuid:pk>/", commissions.commission, name="commission"),
    path("commissions/<uuid:pk>/change/", commissions.change, name="commission_change"),
    path("commissions/<uuid:pk>/withdraw/", commissions.withdraw, name="commission_withdraw"),
    path("report-feedback/<uuid:pk>/", commissions.feedback, name="report_feedback"),
]
