"""Leaving a page at once, and the page that Back then shows."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

DEFAULT_EXIT = "https://www.bbc.com/weather"


@login_not_required
@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the visit and go to an everyday page (`CASEWALL_EXIT_URL`).

    A GET that changes something, on purpose: it must work as a plain link, and the worst that a
    forged one can do is to end a visit.
    """
    session = getattr(request, "session", None)
    if session is not None:
        session.flush()
    response = HttpResponseRedirect(getattr(settings, "CASEWALL_EXIT_URL", DEFAULT_EXIT))
    # Cookies are deleted one by one: clearing them all would sign the browser out of whatever
    # else lives on this host, and somebody might notice.
    response.delete_cookie(settings.SESSION_COOKIE_NAME)
    response.delete_cookie(settings.CSRF_COOKIE_NAME)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@login_not_required
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """What the Back button shows after leaving: a neutral page that says nothing."""
    return render(request, "pages/closed.html")
