"""Addresses of agencies, shares, reports of this side, texts for publication and the ledger."""

from django.urls import path

from casewall.safety.sharing.views import agencies, ledger, reports, shares, studies

_RELEASE = "releases/<slug:service>/<slug:pack>/<slug:quarter>/<int:version>/"

urlpatterns = [
    path("agencies/", agencies.agencies, name="agencies"),
    path("agencies/new/", agencies.new, name="agency-new"),
    path("agencies/<uuid:pk>/", agencies.agency, name="agency"),
    path("agencies/<uuid:pk>/edit/", agencies.edit, name="agency-edit"),
    path("agencies/<uuid:pk>/retire/", agencies.retire, name="agency-retire"),
    path("agencies/<uuid:pk>/contact/", agencies.add_contact, name="agency-contact"),
    path("agencies/<uuid:pk>/agreement/", agencies.agree, name="agency-agree"),
    path("agencies/contacts/<uuid:pk>/end/", agencies.end_contact, name="agency-contact-end"),
    path("agencies/agreements/<uuid:pk>/end/", agencies.end_agreement, name="agency-agree-end"),
    path("partners/<uuid:pk>/share/", shares.of_file, name="share-new"),
    path("children/<uuid:pk>/share/", shares.of_child, name="share-new-child"),
    path("shares/<uuid:pk>/", shares.share, name="share"),
    path("shares/<uuid:pk>/recall/", shares.recall, name="share-recall"),
    path("shares/<uuid:pk>/told/", shares.told, name="share-told"),
    path("shares/<uuid:pk>/message/", shares.message, name="share-message"),
    path("agency-messages/<uuid:pk>/receipt/", shares.receipt, name="message-receipt"),
    path("partners/<uuid:pk>/report/", reports.of_file, name="safety-report-new"),
    path("children/<uuid:pk>/report/", reports.of_child, name="safety-report-new-child"),
    path("safety-reports/<uuid:pk>/", reports.report, name="safety-report"),
    path("safety-reports/<uuid:pk>/edit/", reports.edit, name="safety-report-edit"),
    path("safety-reports/<uuid:pk>/check/", reports.check, name="safety-report-check"),
    path("safety-reports/<uuid:pk>/return/", reports.send_back, name="safety-report-return"),
    path("safety-reports/<uuid:pk>/release/", reports.release, name="safety-report-release"),
    path("safety-reports/<uuid:pk>/withdraw/", reports.withdraw, name="safety-report-withdraw"),
    path("safety-reports/<uuid:pk>/anew/", reports.anew, name="safety-report-anew"),
    path("safety-reports/<uuid:pk>/<str:ending>/", reports.download, name="safety-report-file"),
    path("case-studies/", studies.studies, name="studies"),
    path("case-studies/new/", studies.new, name="study-new"),
    path("case-studies/<uuid:pk>/", studies.study, name="study"),
    path("case-studies/<uuid:pk>/edit/", studies.edit, name="study-edit"),
    path("case-studies/<uuid:pk>/consent/", studies.consent, name="study-consent"),
    path("case-studies/<uuid:pk>/approve/", studies.approve, name="study-approve"),
    path("case-studies/<uuid:pk>/publish/", studies.publish, name="study-publish"),
    path("case-studies/<uuid:pk>/recall/", studies.recall, name="study-recall"),
    path("case-studies/consents/<uuid:pk>/", studies.take_back, name="study-consent-back"),
    path("exports/", ledger.exports, name="exports"),
    path("exports/<uuid:pk>/", ledger.export, name="export"),
    path("exports/<uuid:pk>/recall/", ledger.recall, name="export-recall"),
    path("exports/<uuid:pk>/told/", ledger.told, name="export-told"),
    path(f"{_RELEASE}given/to/", ledger.given, name="release-given"),
]
