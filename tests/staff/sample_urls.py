"""Pages that say who is looking, for tests of what stands around every view."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.decorators import login_not_required
from django.db import connection as nowhere
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import include, path

from casewall.audit.actions import record
from casewall.wall.context import current_side
from casewall.wall.decide import Refused


def _looking(seconds: float = 0) -> dict[str, Any]:
    with connections[current_side().value].cursor() as cursor:
        cursor.execute("select app.worker(), app.my_compartments(), pg_backend_pid(), "
                       "txid_current()::text, pg_sleep(%s)", [seconds])
        worker, compartments, server, transaction, _ = cursor.fetchone()
    return {"worker": worker and str(worker), "compartments": sorted(compartments),
            "server": server, "transaction": transaction}


def who(request: HttpRequest) -> HttpResponse:
    """Whom the request and the database believe to be looking, twice in one request."""
    first, second = _looking(0.002), _looking()
    return JsonResponse({"viewer": str(request.viewer.worker), "role": request.viewer.role.value,
                         "name": request.viewer.name, "first": first, "second": second})


@login_not_required
def nobody(request: HttpRequest) -> HttpResponse:
    """A page without a worker."""
    return JsonResponse({"viewer": hasattr(request, "viewer"), "first": _looking()})


def writes(request: HttpRequest, then: str) -> HttpResponse:
    """Writes to the audit and then ends in one way or another."""
    record(by=request.viewer, verb=f"tried {then}")
    match then:
        case "answer":
            return HttpResponse("written")
        case "redirect":
            return HttpResponse(status=302, headers={"Location": "/"})
        case "mistake":
            raise ZeroDivisionError
        case "absent":
            raise Http404
        case "refused":
            raise Refused("No.")
        case "ask again":
            raise ReauthenticationRequired
        case "template":
            return TemplateResponse(request, "no_such_template.html")
        case "nowhere":
            with nowhere.cursor() as cursor:
                cursor.execute("select 1")
    raise AssertionError(then)


urlpatterns = [
    path("who/", who),
    path("nobody/", nobody),
    path("writes/<str:then>/", writes),
    path("accounts/", include("allauth.urls")),
]
