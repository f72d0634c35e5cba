"""Addresses for the tests of pages: everything that the templates link to, and failing views."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_protect

from casewall.pages.middleware import HEADERS

handler400 = "casewall.pages.errors.bad_request"
handler403 = "casewall.pages.errors.forbidden"
handler404 = "casewall.pages.errors.not_found"
handler500 = "casewall.pages.errors.server_error"

FAULTS = {
    "absent": Http404("no such case"),
    "hidden": Http404("case 7 belongs to another group"),
    "refused": PermissionDenied("a reason"),
    "mistaken": BadRequest("a reason"),
    "broken": RuntimeError("a secret in a traceback"),
}


def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise FAULTS[how]


@csrf_protect
def accept(request: HttpRequest) -> HttpResponse:
    """Answers a post, so that a browser can show that forms get through all headers."""
    return HttpResponse(f"posted, {len(HEADERS)} headers" if request.method == "POST" else "got")


urlpatterns = [
    path("", include("casewall.pages.urls")),
    path("guide/", include("casewall.pages.style_guide_urls")),
    path("account/", include("allauth.urls")),
    path("cases/", accept, name="cases"),
    path("cases/groups/", accept, name="groups"),
    path("fail/<str:how>/", fail, name="fail"),
]
