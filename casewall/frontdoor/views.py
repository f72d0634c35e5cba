"""The public pages. Whoever sends a form that is complete gets the same bytes as everyone else.

The forms carry no token against forged requests, because there is nothing to forge: nobody is
signed in, and a stranger may send the form anyway. So the pages set no cookie, work where cookies
are refused, and leave none behind.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from functools import cache, wraps
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from casewall.frontdoor import limits, rules
from casewall.frontdoor.actions import OutOfReach, leave
from casewall.frontdoor.forms import MessageForm, ProfessionalForm, SelfReferralForm
from casewall.services.load import shipped
from casewall.services.schema import Service
from casewall.wall.sides import Side

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


LANGUAGES = {"en": "English", "da": "Dansk", "ar": "العربية"}
"""The languages of these pages, each in its own words. The address names the language, so that no
cookie has to; without a name it is English."""
PAGES = ("start", "yourself", "work", "message", "received")


def address(page: str, language: str) -> str:
    """The address of one of `PAGES` in a language."""
    named = {} if language == "en" else {"language": language}
    return reverse(f"frontdoor:{page}", kwargs=named)


def _in_its_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the language that the address names."""
    @wraps(view)
    def answered(request: HttpRequest, language: str = "en") -> HttpResponse:
        with translation.override("en-gb" if language == "en" else language):
            return view(request, language)

    return answered


def _standing(language: str, page: str) -> dict[str, Any]:
    numbers = dict.fromkeys(rules.emergency_number(service.country) for service in offered())
    return {
        "emergency": _(" or ").join(numbers),
        "to": {name: address(name, language) for name in PAGES},
        "languages": [{"code": code, "name": name, "url": address(page, code),
                       "current": code == language} for code, name in LANGUAGES.items()],
    }


@require_safe
@_in_its_language
def start(request: HttpRequest, language: str) -> HttpResponse:
    """The choice between the forms."""
    return render(request, "frontdoor/start.html", _standing(language, "start"))


@require_safe
@_in_its_language
def received(request: HttpRequest, language: str) -> HttpResponse:
    """The one answer, for everyone."""
    return render(request, "frontdoor/received.html", _standing(language, "received"))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_in_its_language
def yourself(request: HttpRequest, language: str) -> HttpResponse:
    """A self-referral, sealed to the programme side."""
    def content(form: SelfReferralForm, service: Service, today: date) -> dict[str, Any]:
        return rules.self_referral(form.filled(), service=service.id,
                                   prefix=service.phone_prefix, today=today)

    # A flood learns nothing from the answer, and nobody sends six of these in an hour.
    return _take(request, SelfReferralForm, "yourself", language, Side.PROGRAMME, content,
                 limit=limits.STORED, says_so=False)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_in_its_language
def work(request: HttpRequest, language: str) -> HttpResponse:
    """A professional's referral, sealed to the safety side, which splits it."""
    def content(form: ProfessionalForm, service: Service, today: date) -> dict[str, Any]:
        return rules.professional_referral(form.filled(), service=service.id, today=today)

    return _take(request, ProfessionalForm, "work", language, Side.SAFETY, content)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_in_its_language
def message(request: HttpRequest, language: str) -> HttpResponse:
    """A referrer's message about a referral, sealed to the safety side.

    A link may carry the reference (`?reference=`). It is written into the box and looked up
    nowhere.
    """
    def content(form: MessageForm, service: Service, today: date) -> dict[str, Any]:
        return rules.referrer_message(form.filled(), service=service.id, at=timezone.now())

    reference = rules.reference_of(request.GET.get("reference", ""))
    return _take(request, MessageForm, "message", language, Side.SAFETY, content,
                 initial={"reference": reference})


def _take(request: HttpRequest, kind: type[Any], page: str, language: str, side: Side,
          content: Callable[[Any, Service, date], dict[str, Any]],
          initial: dict[str, Any] | None = None, limit: limits.Limit = limits.FROM_WORK,
          says_so: bool = True) -> HttpResponse:
    """Show a form, or seal what was sent. Past the `limit` nothing is stored.

    A form that `says_so` then asks to be sent again later, with everything still on the page.
    """
    number = _number(request.POST.get("form_id", ""))
    form = kind(request.POST if request.method == "POST" else None, services=offered(),
                initial=initial)
    status, away = 200, False
    if request.method == "POST":
        if form.is_valid():
            today = timezone.localdate()
            shut = limits.is_shut(limit, request)
            try:
                if not shut:
                    leave(side=side, content=content(form, form.service, today), form=number)
                    limits.counted(limit, request)
            except OutOfReach as problem:
                log.error("%s", problem)
                status, away = 503, True
            else:
                if not (shut and says_so):
                    return HttpResponseRedirect(address("received", language))
                status, away = 503, True
        else:
            status = 422
    response = render(request, f"frontdoor/{page}.html", {
        **_standing(language, page), "form": form, "form_id": number, "away": away}, status=status)
    if away:
        response.headers["Retry-After"] = "60"
    return response


def _number(text: str) -> UUID:
    """The number of the form as it was sent; a new one where none that makes sense came."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
