"""The second step of signing in, and staying signed in."""

from __future__ import annotations

from functools import wraps

from allauth.mfa.base.views import authenticate
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_http_methods

from casewall.staff import idle
from casewall.wall.context import current_side


@wraps(authenticate)
def enter_code(request: HttpRequest) -> HttpResponseBase:
    """The package's page for the code, in a transaction of the site's own cluster.

    The package locks the recovery codes while it looks for one, in a transaction of the database
    "default", of which there is none; and nobody is acting yet who would have opened a true one.
    A wrong code is an ordinary answer, so that the try stays counted.
    """
    with transaction.atomic(using=current_side().value):
        return authenticate(request)


@require_http_methods(["GET", "POST"])
def stay(request: HttpRequest) -> HttpResponse:
    """How long the session lasts; a POST has used it (`middleware.IdleLimit`).

    The answer names the account, so that a page which outlived its session knows whether the same
    person has signed in again, and the token that the page's forms then need.
    """
    left, who = idle.left_of(request.session), request.user.get_username()
    return JsonResponse({"left": left, "who": who, "token": get_token(request)})
