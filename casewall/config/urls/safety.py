"""The pages of the safety site."""

from django.urls import include, path

from casewall.pages.more import more

urlpatterns = [
    path("", include("casewall.safety.coordination.urls")),
    path("", include("casewall.safety.partners.urls")),
    path("", include("casewall.safety.intake.urls")),
    path("", include("casewall.safety.messages.urls")),
    path("", include("casewall.safety.roles.urls")),
    path("", include("casewall.safety.support.urls")),
    path("", include("casewall.safety.sending.urls")),
    path("", include("casewall.safety.details.urls")),
    path("", include("casewall.safety.bookings.urls")),
    path("", include("casewall.safety.children.urls")),
    path("", include("casewall.safety.asking.urls")),
    path("", include("casewall.safety.measuring.urls")),
    path("", include("casewall.safety.incidents.urls")),
    path("", include("casewall.safety.costs.urls")),
    path("", include("casewall.safety.risk.urls")),
    path("", include("casewall.safety.meetings.urls")),
    path("", include("casewall.safety.conferences.urls")),
    path("", include("casewall.safety.sharing.urls")),
    path("", include("casewall.safety.rights.urls")),
    path("", include("casewall.safety.retention.urls")),
    path("", include("casewall.safety.access.urls")),
    path("more/", more, name="more"),
    path("accounts/", include("casewall.staff.urls")),
    path("", include("casewall.pages.urls")),
]

handler400 = "casewall.pages.errors.bad_request"
handler403 = "casewall.pages.errors.forbidden"
handler404 = "casewall.pages.errors.not_found"
handler500 = "casewall.pages.errors.server_error"
