"""Pages of questions on a device.

They carry no token against forged requests. Before a code is accepted there is nothing to forge;
afterwards the only cookie is sent with requests of our own pages alone (SameSite=Strict). It is
set when a code is accepted, lives as long as the browser's window, and is taken away when the
visit ends, which ends on the server first.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from casewall.frontdoor import limits
from casewall.frontdoor.actions import OutOfReach
from casewall.frontdoor.questions import rules, slots
from casewall.frontdoor.questions.slots import Visit
from casewall.frontdoor.questions.texts import Texts, languages, texts_in
from casewall.frontdoor.rules import emergency_number
from casewall.frontdoor.views import offered
from casewall.measures.definitions import Definition
from casewall.measures.definitions import load as load_measure
from casewall.pages.views import DEFAULT_EXIT

COOKIE = "visit"
"""The name tells nothing."""
ENTRANCE_SECONDS = 3600
"""How long a page for typing a code can be used."""
NOW = "frontdoor:form_now"
log = logging.getLogger(__name__)


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="entrance", sep=".")


# --- in -------------------------------------------------------------------------------------------


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """To a page for typing a code that can be used once, so that Back finds it closed."""
    entrance = _signer().sign(secrets.token_urlsafe(9))
    return redirect("frontdoor:form_code", entrance)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, entrance: str) -> HttpResponse:
    """Type a code. Codes that are wrong, used, ended or closed get the same bytes."""
    try:
        _signer().unsign(entrance, max_age=ENTRANCE_SECONDS)
    except BadSignature:
        return _closed()
    try:
        if slots.was_passed(entrance):
            open_now = slots.read_visit(request.COOKIES.get(COOKIE, ""))
            return redirect(NOW) if open_now is not None else _closed()
        if request.method != "POST":
            return _code_page(request)
        # Past the limit a right code is answered like a wrong one, and is not asked for.
        token = None
        if not limits.is_shut(limits.WRONG_CODES, request):
            token = slots.open_visit(request.POST.get("code", ""), entrance)
            if token is None:
                limits.counted(limits.WRONG_CODES, request)
    except OutOfReach as problem:
        return _away(request, problem)
    if token is None:
        return _code_page(request, wrong=True, status=422)
    response = redirect(NOW)
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _code_page(request: HttpRequest, *, wrong: bool = False, status: int = 200) -> HttpResponse:
    context = {"wrong": wrong, "all_texts": _all_texts()}
    return _page(request, "questions/code.html", texts_in("en"), context, status=status)


# --- questions ------------------------------------------------------------------------------------


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def now(request: HttpRequest) -> HttpResponse:
    """The page that comes next, and whatever is sent from it. There is no way back to another."""
    token = request.COOKIES.get(COOKIE, "")
    try:
        visit = slots.read_visit(token)
        if visit is None:
            return _closed()
        if request.method != "POST":
            return _show(request, visit)
        return _take(request, token, visit)
    except OutOfReach as problem:
        return _away(request, problem)


def _measure(visit: Visit) -> Definition | None:
    """The measure of the page that comes next; None before the first question."""
    if visit.next_page < 1:
        return None
    return load_measure(rules.measures_of(visit.form)[visit.next_page - 1])


def _show(
    request: HttpRequest,
    visit: Visit,
    page: rules.Filled | None = None,
    *,
    status: int = 200,
    away: bool = False,
) -> HttpResponse:
    texts, definition = texts_in(visit.language), _measure(visit)
    pages = len(rules.measures_of(visit.form))
    if definition is None:
        minutes = rules.minutes_for(pages)
        context = {"minutes": texts.words["before_minutes"].format(minutes=minutes), "away": away}
        return _page(request, "questions/before.html", texts, context, status=status)
    context = {
        "page": visit.next_page,
        "progress": texts.words["progress"].format(page=visit.next_page, pages=pages),
        "heading": definition.titles[visit.language],
        "introduction": definition.introductions[visit.language],
        "may_alert": bool(definition.alerts),
        "questions": rules.questions(definition, visit.language, texts.words["skip"], page),
        "is_last": visit.next_page == pages,
        "away": away,
    }
    return _page(request, "questions/page.html", texts, context, status=status)


def _take(request: HttpRequest, token: str, visit: Visit) -> HttpResponse:
    """Go on from the page that was sent, if it is the one that comes next."""
    if request.POST.get("page") != str(visit.next_page):
        return redirect(NOW)
    definition = _measure(visit)
    if definition is None:
        slots.step(token, visit, None, finished=False)
        return redirect(NOW)
    page = rules.filled(definition, request.POST.dict())
    if page.wrong:
        return _show(request, visit, page, status=422)
    if request.POST.get("do") == "change":
        return _show(request, visit, page)
    told = rules.dangers(definition, visit.language, page.answers)
    if told and request.POST.get("do") != "told":
        context = {"page": visit.next_page, "told": told, "sent": page.chosen}
        return _page(request, "questions/told.html", texts_in(visit.language), context)
    return _send(request, token, visit, page)


def _send(request: HttpRequest, token: str, visit: Visit, page: rules.Filled) -> HttpResponse:
    is_last = visit.next_page == len(rules.measures_of(visit.form))
    content = rules.content(
        slot=str(visit.number),
        page=visit.next_page,
        answers=page.answers,
        answered_at=timezone.now().isoformat(timespec="seconds"),
    )
    try:
        went_on = slots.step(token, visit, content, finished=is_last)
    except OutOfReach as problem:
        log.error("%s", problem)
        return _show(request, visit, page, status=503, away=True)
    if not (went_on and is_last):
        return redirect(NOW)
    return _forget(_page(request, "questions/end.html", texts_in(visit.language), {}))


@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """How to use a device safely; only within a visit, like everything that says what this is."""
    try:
        visit = slots.read_visit(request.COOKIES.get(COOKIE, ""))
    except OutOfReach as problem:
        return _away(request, problem)
    if visit is None:
        return _closed()
    return _page(request, "questions/safety.html", texts_in(visit.language), {})


@require_safe
def stay(request: HttpRequest) -> HttpResponse:
    """Whether the visit is still open; asking keeps it open."""
    try:
        visit = slots.read_visit(request.COOKIES.get(COOKIE, ""))
    except OutOfReach:
        return HttpResponse(status=503)
    return HttpResponse(status=404 if visit is None else 204)


# --- out ------------------------------------------------------------------------------------------


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """End the visit on the server, then go to an everyday page (`CASEWALL_EXIT_URL`).

    A GET that changes something, on purpose: it must work as a plain link, and the worst that a
    forged one can do is to end a visit.
    """
    return _end(request, getattr(settings, "CASEWALL_EXIT_URL", DEFAULT_EXIT))


@require_safe
def idle(request: HttpRequest) -> HttpResponse:
    """End the visit because nobody touched the page, and show that it has closed."""
    return _end(request, "/closed/")


def _end(request: HttpRequest, to: str) -> HttpResponse:
    try:
        slots.leave_visit(request.COOKIES.get(COOKIE, ""))
    except OutOfReach as problem:
        # Whoever leaves must get away, also from a server that is ill: the visit ends by itself.
        log.error("%s", problem)
    return _forget(HttpResponseRedirect(to))


def _forget(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Strict")
    # Not "cache": Chromium then searches its whole cache before it goes on, which can take
    # seconds, and our pages are never stored. Not "cookies": that reaches other sites of the same
    # domain, where somebody would find themselves signed out and wonder.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _closed() -> HttpResponse:
    """What anybody gets who has no visit open: the same redirect, whatever was there before."""
    return _forget(redirect("pages:closed"))


# --- drawing --------------------------------------------------------------------------------------


def _page(
    request: HttpRequest, template: str, texts: Texts, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page in the language of the visit, whatever the browser says about its owner."""
    numbers = dict.fromkeys(emergency_number(service.country) for service in offered())
    with translation.override(texts.language):
        return render(
            request,
            template,
            {
                "words": texts.words,
                "direction": texts.direction,
                "emergency_numbers": list(numbers),
                **context,
            },
            status=status,
        )


def _away(request: HttpRequest, problem: OutOfReach) -> HttpResponse:
    """Our side is ill. What was sent stays on the page, to be sent again."""
    log.error("%s", problem)
    sent = {name: text for name, text in request.POST.items() if name != "code"}
    context = {"sent": sent, "all_texts": _all_texts()}
    response = _page(request, "questions/away.html", texts_in("en"), context, status=503)
    response.headers["Retry-After"] = "60"
    return response


def _all_texts() -> list[Texts]:
    """The words in every language, for pages that cannot know which one is wanted."""
    return [texts_in(one) for one in sorted(languages(), key=lambda one: (one != "en", one))]
