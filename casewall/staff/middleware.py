"""Who is looking, and with two factors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casewall.wall.context import acting

_SET_UP = (
    "mfa_activate_totp",
    "mfa_index",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
)


class SecondFactorRequired:
    """No page but the one that sets it up, until a worker has a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send whoever has none to the page that sets it up."""
        if not request.user.is_authenticated or request.session.get("second_factor"):
            return None
        if is_mfa_enabled(request.user):
            # allauth has asked for it at sign-in; the session need not be asked again.
            request.session["second_factor"] = True
            return None
        match = request.resolver_match
        if match is not None and match.url_name in _SET_UP:
            return None
        return redirect("mfa_activate_totp")


class ActingWorker:
    """Puts the viewer on the request and runs the view in a transaction that knows the worker."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        request.viewer = request.user.as_viewer()  # type: ignore[attr-defined, union-attr]
        with acting(request.viewer):  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """A failed view leaves nothing half written."""
        viewer = getattr(request, "viewer", None)
        if viewer is not None:
            transaction.set_rollback(True, using=viewer.side.value)
