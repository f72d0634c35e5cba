"""The public pages. Whoever sends a form that is complete gets the same bytes as everyone else.

The forms carry no token against forged requests, because there is nothing to forge: nobody is
signed in, and a stranger may send the form anyway. So the pages set no cookie, work where cookies
are refused, and leave none behind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from casewall.frontdoor import rules
from casewall.frontdoor.actions import OutOfReach, leave
from casewall.frontdoor.forms import MessageForm, ProfessionalForm, SelfReferralForm
from casewall.services.load import shipped
from casewall.services.schema import Service
from casewall.wall.sides import Side

RECEIVED = "/received/"
log = logging.getLogger(__name__)


@cache
def _known() -> dict[str, Service]:
    return shipped()


def offered() -> tuple[Service, ...]:
    """The services that this front door takes forms for (`CASEWALL_DOOR_SERVICES`).

    Raises LookupError for a code without a definition: a form for it could never be taken in.
    """
    codes = settings.CASEWALL_DOOR_SERVICES
    if not codes or not set(codes) <= set(_known()):
        raise LookupError(f"CASEWALL_DOOR_SERVICES names {', '.join(codes) or 'no service'}; "
                          f"there are {', '.join(sorted(_known()))}.")
    return tuple(_known()[code] for code in codes)


def _standing() -> dict[str, Any]:
    numbers = dict.fromkeys(rules.emergency_number(service.country) for service in offered())
    return {"emergency": " or ".join(numbers)}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The choice between the forms."""
    return render(request, "frontdoor/start.html", _standing())


@require_safe
def received(request: HttpRequest) -> HttpResponse:
    """The one answer, for everyone."""
    return render(request, "frontdoor/received.html", _standing())


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def yourself(request: HttpRequest) -> HttpResponse:
    """A self-referral, sealed to the programme side."""
    def content(form: SelfReferralForm, service: Service, today: date) -> dict[str, Any]:
        return rules.self_referral(form.filled(), service=service.id,
                                   prefix=service.phone_prefix, today=today)

    return _take(request, SelfReferralForm, "frontdoor/yourself.html", Side.PROGRAMME, content)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def work(request: HttpRequest) -> HttpResponse:
    """A professional's referral, sealed to the safety side, which splits it."""
    def content(form: ProfessionalForm, service: Service, today: date) -> dict[str, Any]:
        return rules.professional_referral(form.filled(), service=service.id, today=today)

    return _take(request, ProfessionalForm, "frontdoor/work.html", Side.SAFETY, content)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def message(request: HttpRequest) -> HttpResponse:
    """A referrer's message about a referral, sealed to the safety side.

    A link may carry the reference (`?reference=`). It is written into the box and looked up
    nowhere.
    """
    def content(form: MessageForm, service: Service, today: date) -> dict[str, Any]:
        return rules.referrer_message(form.filled(), service=service.id, at=timezone.now())

    reference = rules.reference_of(request.GET.get("reference", ""))
    return _take(request, MessageForm, "frontdoor/message.html", Side.SAFETY, content,
                 initial={"reference": reference})


def _take(request: HttpRequest, kind: type[Any], template: str, side: Side,
          content: Callable[[Any, Service, date], dict[str, Any]],
          initial: dict[str, Any] | None = None) -> HttpResponse:
    number = _number(request.POST.get("form_id", ""))
    form = kind(request.POST if request.method == "POST" else None, services=offered(),
                initial=initial)
    status, away = 200, False
    if request.method == "POST":
        if form.is_valid():
            today = timezone.localdate()
            try:
                leave(side=side, content=content(form, form.service, today), form=number)
            except OutOfReach as problem:
                log.error("%s", problem)
                status, away = 503, True
            else:
                return HttpResponseRedirect(RECEIVED)
        else:
            status = 422
    response = render(request, template, {
        **_standing(), "form": form, "form_id": number, "away": away}, status=status)
    if away:
        response.headers["Retry-After"] = "60"
    return response


def _number(text: str) -> UUID:
    """The number of the form as it was sent; a new one where none that makes sense came."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
