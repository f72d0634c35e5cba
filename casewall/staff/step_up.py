"""Acts that ask for the second factor again when it was given too long ago.

A page that somebody left open is enough to read; it must not be enough to let a disclosure go, to
open a file out of turn or to change who may sign in.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casewall.staff import idle

View = Callable[..., HttpResponse]
TYPING = 45 * 60
"""Seconds more that a form may take that was opened in time: nothing typed is lost over it."""


def fresh_for() -> int:
    """Seconds for which a second factor counts as given (`CASEWALL_FRESH_SECONDS`, 15 minutes)."""
    return int(getattr(settings, "CASEWALL_FRESH_SECONDS", 900))


def is_fresh(request: HttpRequest, *, typed: bool = True) -> bool:
    """Whether the second factor was given within the last `fresh_for()` seconds.

    A form that is sent has `TYPING` longer; one into which nobody types (`typed` is false) has
    not. A session whose worker has no second factor counts from its beginning: it got as far as
    the page that sets one up, and no further.
    """
    limit = fresh_for() + (TYPING if typed and request.method == "POST" else 0)
    given = [
        record.get("at", 0)
        for record in get_authentication_records(request, request.user)
        if record.get("method") == "mfa"
    ]
    if not given and not is_mfa_enabled(request.user):
        given = [request.session.get(idle.BEGUN, 0)]
    return any(time.time() - when <= limit for when in given)


def fresh_second_factor(view: View) -> View:
    """Ask for the second factor again before a page is used whose acts are dangerous.

    It is asked for before the form is shown, not when it is sent: what was typed would be lost.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        return _ask(request, request.get_full_path())

    return asked


def fresh_for_button(page: str) -> Callable[[View], View]:
    """The same for an address that only takes a pressed button: nothing is typed into it.

    `page` names the page that the button stands on, with the same arguments; that is where the
    worker comes back to and presses once more.
    """

    def around(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_fresh(request, typed=False):
                return view(request, *args, **kwargs)
            messages.warning(request, _NOT_YET)
            return _ask(request, reverse(page, args=args, kwargs=kwargs))

        return asked

    return around


BY_AGENCY = "agency"
"""The kind of second factor that was given at the agency's own sign-in and counts here."""
_NOT_YET = (
    "Nothing has been done yet: your code was given too long ago. Press the button once more."
)


def agency_of(request: HttpRequest) -> str:
    """At which agency's own sign-in this session's second factor was given; "" for none."""
    for one in get_authentication_records(request, request.user):
        if one.get("method") == "mfa" and one.get("type") == BY_AGENCY:
            return str(one["agency"])
    return ""


def _ask(request: HttpRequest, back: str) -> HttpResponse:
    """To the page that asks for the second factor: the agency's, for whoever has none here."""
    page, agency = reverse("mfa_reauthenticate"), agency_of(request)
    if agency and not is_mfa_enabled(request.user):
        page = reverse("account_by_agency", args=[agency])
    return redirect(f"{page}?{urlencode({'next': back})}")


def fresh_agency(view: View) -> View:
    """A second factor is set up beside the agency's only shortly after that was given.

    Whoever has a password here, or a factor, is asked for it; others have the agency's alone.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if agency_of(request) and not is_mfa_enabled(request.user) and not is_fresh(request):
            return _ask(request, request.get_full_path())
        return view(request, *args, **kwargs)

    return asked
