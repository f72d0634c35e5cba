"""The second step of signing in, the second factors, and staying signed in."""

from __future__ import annotations

from functools import wraps
from typing import Any

from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casewall.audit.actions import record
from casewall.staff import idle
from casewall.staff.models import Worker
from casewall.staff.passkeys import as_json, asked_of, is_last_factor
from casewall.wall.context import current_side

CODES = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]


class SecondStep(AuthenticateView):
    """The second step of signing in, by a code or by a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        worker = self.stage.login.user
        return super().get_context_data(**kwargs) | {
            "passkey": asked_of(worker), "by_code": is_mfa_enabled(worker, CODES)}


class Confirm(ReauthenticateView):
    """The second factor once more, by a code or by a passkey, on one page."""

    def _check_reauthentication_method_available(self, request: HttpRequest) -> Any:
        if is_mfa_enabled(request.user):
            return None
        return super()._check_reauthentication_method_available(request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        ways = found["reauthentication_alternatives"]
        by_password = [way for way in ways if way["id"] == "reauthenticate"]
        return found | {
            "passkey": asked_of(self.request.user), "by_code": is_mfa_enabled(
                self.request.user, CODES), "reauthentication_alternatives": by_password}


class ConfirmByKey(ReauthenticateWebAuthnView):
    """What the page above sends when a passkey was used."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._back()

    def form_invalid(self, form: Any) -> HttpResponse:
        for sentences in form.errors.values():
            messages.error(self.request, sentences[0])
        return self._back()

    def _back(self) -> HttpResponse:
        asked = self.request.POST or self.request.GET
        back = {key: asked[key] for key in [REDIRECT_FIELD_NAME] if key in asked}
        page = reverse("mfa_reauthenticate")
        return redirect(f"{page}?{urlencode(back)}" if back else page)


class NewKey(AddWebAuthnView):
    """Set up a passkey."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        return found | {"passkey": as_json(found["js_data"]["creation_options"])}

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        _note(self.request, "set up a passkey")
        return answer


class RemoveKey(RemoveWebAuthnView):
    """Remove a passkey, unless it is the only second factor."""

    success_url = "/accounts/2fa/"

    def form_valid(self, form: Any) -> HttpResponse:
        worker: Worker = self.request.user
        with transaction.atomic(using=current_side().value):
            # Two keys removed at once must not both count on the other.
            Worker.objects.select_for_update().get(pk=worker.pk)
            if is_last_factor(self.object, worker):
                messages.error(self.request, _(
                    "This passkey is your only second step. Set up another one first."))
                return redirect("mfa_index")
            answer = super().form_valid(form)
            _note(self.request, "removed a passkey")
        return answer


def _note(request: HttpRequest, verb: str) -> None:
    viewer = request.viewer  # type: ignore[attr-defined]
    record(by=viewer, verb=verb, kind="worker", object_id=viewer.worker)


confirm, confirm_by_key = Confirm.as_view(), ConfirmByKey.as_view()
new_key, remove_key = NewKey.as_view(), RemoveKey.as_view()
_second_step = SecondStep.as_view()


@wraps(_second_step)
def enter_code(request: HttpRequest) -> HttpResponseBase:
    """The page for the second step, in a transaction of the site's own cluster.

    The package locks the recovery codes while it looks for one, in a transaction of the database
    "default", of which there is none; and nobody is acting yet who would have opened a true one.
    A wrong code is an ordinary answer, so that the try stays counted.
    """
    with transaction.atomic(using=current_side().value):
        return _second_step(request)


@require_http_methods(["GET", "HEAD"])
def keys(request: HttpRequest) -> HttpResponse:
    """Passkeys stand among the other ways to sign in."""
    return redirect("mfa_index")


@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """How long the session lasts; a POST has used it (`middleware.IdleLimit`).

    The answer names the account, so that a page which outlived its session knows whether the same
    person has signed in again, and the token that the page's forms then need.
    """
    left, who = idle.left_of(request.session), request.user.get_username()
    return JsonResponse({"left": left, "who": who, "token": get_token(request)})
