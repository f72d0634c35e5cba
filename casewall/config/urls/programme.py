"""The pages of the programme site."""

from django.urls import include, path

from casewall.pages.more import more

urlpatterns = [
    path("", include("casewall.programme.cases.urls")),
    path("", include("casewall.programme.referrals.urls")),
    path("", include("casewall.programme.assessments.urls")),
    path("", include("casewall.programme.agreements.urls")),
    path("", include("casewall.programme.curriculum.urls")),
    path("", include("casewall.programme.groups.urls")),
    path("", include("casewall.programme.courses.urls")),
    path("", include("casewall.programme.registers.urls")),
    path("", include("casewall.programme.needs.urls")),
    path("", include("casewall.programme.notes.urls")),
    path("", include("casewall.drafts.urls")),
    path("", include("casewall.programme.reports.urls")),
    path("", include("casewall.programme.measuring.urls")),
    path("", include("casewall.programme.incidents.urls")),
    path("", include("casewall.programme.risk.urls")),
    path("", include("casewall.programme.rights.urls")),
    path("", include("casewall.programme.retention.urls")),
    path("", include("casewall.programme.access.urls")),
    path("more/", more, name="more"),
    path("accounts/", include("casewall.staff.urls")),
    path("", include("casewall.pages.urls")),
]

handler400 = "casewall.pages.errors.bad_request"
handler403 = "casewall.pages.errors.forbidden"
handler404 = "casewall.pages.errors.not_found"
handler500 = "casewall.pages.errors.server_error"
