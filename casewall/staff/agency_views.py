"""Signing in at the agency's own issuer, and binding an account to a person there.

No account comes about by it, and none is found by an e-mail address or a name: an administrator
of this site binds an account to the issuer's subject, or the answer is the one that everybody gets.
"""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casewall.audit.actions import record
from casewall.staff import accounts
from casewall.staff.account_forms import SubjectForm
from casewall.staff.account_views import _administrator, _worker, form_page, sent_in
from casewall.staff.issuers import Issuer
from casewall.staff.models import AgencySubject, Worker
from casewall.staff.openid import NotBelieved, Told, begin, finish
from casewall.staff.step_up import BY_AGENCY, fresh_second_factor
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import SYSTEM_ROLES

KEPT = "agency_sign_in"
_LOG = logging.getLogger(__name__)


def offered() -> list[Issuer]:
    """The agencies whose own sign-in this site takes, by name."""
    found: dict[str, Issuer] = getattr(settings, "CASEWALL_ISSUERS", {})
    return sorted(found.values(), key=lambda issuer: issuer.name)


def _issuer(agency: str) -> Issuer:
    found = {issuer.agency: issuer for issuer in offered()}.get(agency)
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("account_by_agency_back"))


def _next(request: HttpRequest, address: str) -> str:
    good = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure())
    return address if good else settings.LOGIN_REDIRECT_URL


@login_not_required
@never_cache
@require_safe
def by_agency(request: HttpRequest, agency: str) -> HttpResponse:
    """Send the browser to the agency's issuer. Whoever is signed in already signs in anew."""
    issuer = _issuer(agency)
    try:
        address, kept = begin(issuer, _back(request), again=request.user.is_authenticated)
    except NotBelieved as fault:
        return _refused(request, fault)
    request.session[KEPT] = kept | {"next": _next(request, request.GET.get("next", ""))}
    return redirect(address)


@login_not_required
@never_cache
@require_safe
def by_agency_back(request: HttpRequest) -> HttpResponse:
    """The browser comes back from the issuer. What the session kept counts once."""
    kept = request.session.pop(KEPT, None)
    try:
        if kept is None:
            raise NotBelieved("nothing was begun in this browser")
        issuer = _issuer(kept["agency"])
        told = finish(issuer, kept, request.GET.dict(), _back(request))
        worker = _bound(issuer, told)
        if request.user.is_authenticated and request.user != worker:
            raise NotBelieved("somebody else is signed in here")
    except NotBelieved as fault:
        return _refused(request, fault)
    _let_in(request, worker, issuer, told)
    return redirect(kept["next"])


def _bound(issuer: Issuer, told: Told) -> Worker:
    """The worker whom an administrator bound to this subject, if the account is to be used."""
    rows = AgencySubject.objects.select_related("worker").filter(
        issuer=told.issuer, subject=told.subject)
    worker = next((row.worker for row in rows), None)
    if worker is None:
        raise NotBelieved("no account is bound to this subject")
    if (not worker.is_active or worker.has_ended(timezone.localdate())
            or worker.agency_id != issuer.agency or worker.role in SYSTEM_ROLES):
        raise NotBelieved("the account is not to be used, or of another agency")
    return worker


def _let_in(request: HttpRequest, worker: Worker, issuer: Issuer, told: Told) -> None:
    if not request.user.is_authenticated:
        login(request, worker, backend=settings.AUTHENTICATION_BACKENDS[0])
        record_authentication(request, worker, "agency")
    if told.ways & issuer.second_factor:
        record_authentication(request, worker, "mfa", type=BY_AGENCY, agency=issuer.agency)
    viewer = worker.as_viewer()
    with acting(viewer):
        record(by=viewer, verb="signed in by the agency's own sign-in", kind="worker",
               object_id=worker.pk)


def _refused(request: HttpRequest, fault: NotBelieved) -> HttpResponse:
    _LOG.warning("A sign-in by an agency was refused: %s.", fault)
    return render(request, "staff/gone.html", {"text": _(
        "This did not sign you in. Try again, or ask the administrator of this site.")}, status=403)


@form_page
@fresh_second_factor
def subject(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bind an account to a person at the agency's issuer, or end that."""
    viewer, worker = _administrator(request), _worker(pk)
    issuer = _issuer(worker.agency_id or "")
    if worker.pk == viewer.worker:
        raise Http404
    now = AgencySubject.objects.filter(worker=worker).first()
    initial: dict[str, Any] = {"subject": now.subject if now else ""}
    form = SubjectForm(sent_in(request), initial=initial)
    if form.is_valid():
        try:
            accounts.bind(worker=worker, issuer=issuer.issuer, by=viewer,
                          subject=form.cleaned_data["subject"])
        except Refused as refused:
            form.add_error("subject", str(refused))
        else:
            messages.success(request, _("The agency's own sign-in has been saved."))
            return redirect("account", pk)
    record(by=viewer, verb="viewed", thing=worker)
    return render(request, "staff/subject.html", {"form": form, "worker": worker,
                  "issuer": issuer}, status=422 if form.is_bound else 200)
