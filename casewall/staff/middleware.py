"""Who is looking, with two factors, and not longer than they are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from casewall.staff import idle
from casewall.staff.access import with_access
from casewall.staff.step_up import agency_of
from casewall.wall.context import acting

_SET_UP = frozenset(
    {"mfa_activate_totp", "mfa_add_webauthn", "mfa_index", "account_logout",
     "account_reauthenticate", "stay"}
)  # fmt: skip
_PROVE = frozenset(
    {"mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout", "stay"})
_REMOVE = frozenset({"mfa_deactivate_totp", "mfa_remove_webauthn"})


class IdleLimit:
    """A session that nobody uses ends. Every page uses it, but not the question how long is left.
    So does the session of an account whose last day has passed.

    Stands before `LoginRequiredMiddleware`, which then sends the browser to the sign-in page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """End the session, or note that it is used."""
        if not request.user.is_authenticated:
            return
        match = request.resolver_match
        if request.user.has_ended(timezone.localdate()):
            logout(request)
            text = _("Your account has ended. Ask the administrator of this site.")
            messages.info(request, text, fail_silently=True)
        elif not idle.left_of(request.session):
            logout(request)
            text = _("Your session had ended. Sign in to go on.")
            messages.info(request, text, fail_silently=True)
        elif not (match and match.url_name == "stay" and request.method == "GET"):
            idle.renew(request.session)


class SecondFactorRequired:
    """No page until the second factor was proven in this session.

    A worker who has none is sent to the page that sets it up. A session that began before a
    worker had one, on whichever machine, has not proven it and is asked for a code.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Let the request pass, or send it to the page that it may have."""
        if not request.user.is_authenticated:
            return None
        page = request.resolver_match.url_name if request.resolver_match else None
        proven = request.session.get("second_factor", False)
        if not proven:
            by_agency = bool(agency_of(request))
            if not by_agency and not is_mfa_enabled(request.user):
                return None if page in _SET_UP else redirect("mfa_activate_totp")
            records = get_authentication_records(request, request.user)
            if all(record["method"] != "mfa" for record in records):
                back = urlencode({"next": request.get_full_path()})
                asks = f"{reverse('mfa_reauthenticate')}?{back}"
                return None if page in _PROVE else redirect(asks)
        # Whoever gives the second factor up sets up another one before anything else.
        keeps = page not in _REMOVE or request.method != "POST"
        if proven != keeps:
            request.session["second_factor"] = keeps
        return None


class ActingWorker:
    """Puts the viewer on the request and runs the view in a transaction that knows the worker."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        viewer = request.user.as_viewer()
        with acting(viewer):
            request.viewer = with_access(viewer)  # type: ignore[attr-defined]
            response = self.get_response(request)
            if getattr(request, "view_failed", False) and response.status_code >= 400:
                transaction.set_rollback(True, using=viewer.side.value)
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A failed view leaves nothing half written.

        It is undone only when the answer is known: the sign-in package answers some exceptions
        with a redirect, and for that it reads the database.
        """
        request.view_failed = True  # type: ignore[attr-defined]
