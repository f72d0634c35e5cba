"""Addresses of the pages about what a partner or child suffered, and about telling authorities."""

from django.urls import path

from casewall.safety.incidents.views import courts, reports, suffered

urlpatterns = [
    path("partners/<uuid:pk>/incident/", suffered.new, name="suffered-new"),
    path("partners/<uuid:pk>/asked/", suffered.asked, name="file-asked-new"),
    path("children/<uuid:pk>/incidents/", suffered.of_child, name="child-incidents"),
    path("incidents/<uuid:pk>/", suffered.incident, name="suffered"),
    path("incidents/<uuid:pk>/correct/", suffered.correct, name="suffered-correct"),
    path("incidents/<uuid:pk>/take-back/", suffered.take_back, name="suffered-take-back"),
    path("incidents/<uuid:pk>/report/", suffered.begin_report, name="suffered-report"),
    path("violence-reports/<uuid:pk>/", reports.report, name="violence-report"),
    path("violence-reports/<uuid:pk>/consent/", reports.consent, name="report-consent"),
    path("violence-reports/<uuid:pk>/ground/", reports.ground, name="report-ground"),
    path("violence-reports/<uuid:pk>/try/", reports.attempt, name="report-try"),
    path("violence-reports/<uuid:pk>/tell/", reports.tell, name="report-tell"),
    path("violence-reports/<uuid:pk>/end/", reports.end, name="report-end"),
    path("partners/<uuid:pk>/proceeding/", courts.new, name="file-proceeding-new"),
    path("proceedings/<uuid:pk>/", courts.proceeding, name="file-proceeding"),
    path("proceedings/<uuid:pk>/change/", courts.change, name="file-proceeding-change"),
    path("proceedings/<uuid:pk>/hearing/", courts.hearing, name="file-court-day-new"),
    path("hearings/<uuid:pk>/outcome/", courts.settle, name="file-court-day-settle"),
]
